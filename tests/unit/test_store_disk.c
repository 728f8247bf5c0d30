// SPDX-License-Identifier: Apache-2.0
/* Full and read-only disks, as small memory file systems: they bind root too, as permissions do not. */
#include "store_fixture.h"

#include "store/runs/run_index.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#ifdef __linux__

static bool may_mount;

/* In a mount name space of our own, which ends with the program. */
static int enter_namespace(void **state) {
    (void)state;
    may_mount = unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    return 0;
}

static int mount_setup(void **state) {
    if (fixture_setup(state) != 0)
        return -1;
    return may_mount ? mount("tmpfs", fixture_folder, "tmpfs", 0, "size=4m") : 0;
}

static int mount_teardown(void **state) {
    if (may_mount && umount2(fixture_folder, MNT_DETACH) != 0)
        return -1;
    return fixture_teardown(state);
}

static void need_mounts(void) {
    if (!may_mount) {
        print_message("mounting needs root\n");
        skip();
    }
}

static void remount(unsigned long flags, const char *options) {
    assert_int_equal(mount("tmpfs", fixture_folder, "tmpfs", MS_REMOUNT | flags, options), 0);
}

/* Leaves `room` bytes free. */
static void fill_disk(long room) {
    char block[4096] = "x";
    FILE *file = fopen(in_folder("filler"), "w");
    assert_non_null(file);
    while (fwrite(block, 1, sizeof block, file) == sizeof block && fflush(file) == 0)
        continue;
    fclose(file);
    struct stat info;
    assert_int_equal(stat(in_folder("filler"), &info), 0);
    assert_int_equal(truncate(in_folder("filler"), info.st_size / 4096 * 4096 - room), 0);
}

static px_run_part make_part(px_table *table, size_t n) {
    const px_column_def columns[] = {{"ts", PX_COLUMN_TIME}, {"value", PX_COLUMN_F64}};
    assert_ok(px_table_init(table, columns, 2, err));
    for (size_t i = 0; i < n; i++) {
        assert_ok(px_table_add_row(table, err));
        px_table_set_i64(table, 0, (int64_t)(i * 7919 % 1000003));
        px_table_set_f64(table, 1, sin((double)i));
    }
    return (px_run_part){"equity", table};
}

static void test_merge_on_a_full_disk(void **state) {
    (void)state;
    need_mounts();
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars old = make_bars(FIRST_US, 1000, 1), more = make_bars(FIRST_US, 60000, 1);
    px_import_report report = {.n_stored = 5};
    assert_ok(px_candles_merge(home, &instrument, 1, &old, PX_CONFLICT_ERROR, NULL, err));
    const long rooms[] = {0, 4096, 200000, 1000000};
    for (size_t i = 0; i < 4; i++) {
        fill_disk(rooms[i]);
        assert_fails(px_candles_merge(home, &instrument, 1, &more, PX_CONFLICT_ERROR, &report, err), PX_EIO,
                     "No space left");
        assert_int_equal(report.n_stored, 5);
        px_bars read = read_all(home, &instrument, 1);
        assert_same_bars(&old, &read);
        px_bars_free(&read);
        assert_false(pxi_path_exists(in_folder("home/candles/NSE_EQ%%7CACME/1m/.staged")));
        assert_int_equal(unlink(in_folder("filler")), 0);
    }
    remount(0, "size=64m");
    assert_ok(px_candles_merge(home, &instrument, 1, &more, PX_CONFLICT_ERROR, &report, err));
    assert_int_equal(report.n_stored, 59000);
    px_bars_free(&old);
    px_bars_free(&more);
    px_home_close(&home);
}

static void test_run_on_a_full_disk(void **state) {
    (void)state;
    need_mounts();
    px_home *home = open_home();
    px_table table = {0}, list = {0};
    px_run_part part = make_part(&table, 50000);
    const long rooms[] = {0, 4096, 100000};
    for (size_t i = 0; i < 3; i++) {
        fill_disk(rooms[i]);
        assert_fails(px_run_save(home, "run", "{}", &part, 1, err), PX_EIO, "cannot");
        assert_int_equal(unlink(in_folder("filler")), 0);
        assert_ok(px_run_check_new(home, "run", err));
        assert_ok(px_runs_list(home, &list, err));
        assert_int_equal(list.n_rows, 0);
        px_table_free(&list);
        char **ids;
        size_t n;
        assert_ok(pxi_run_ids(home, &ids, &n, err));
        assert_int_equal(n, 0);
        pxi_run_ids_free(ids, n);
        assert_int_equal(unlink(in_folder("home/runs/.lock")), 0); /* which is all there is: */
        assert_int_equal(rmdir(in_folder("home/runs")), 0);
    }
    assert_ok(px_run_save(home, "run", "{}", &part, 1, err));
    px_table_free(&table);
    px_home_close(&home);
}

/* Whoever has no room left can look at everything, and make room. */
static void test_reading_and_deleting_on_a_full_disk(void **state) {
    (void)state;
    need_mounts();
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(FIRST_US, 1000, 1);
    px_table table = {0}, list = {0};
    px_run_part part = make_part(&table, 10);
    assert_ok(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    assert_ok(px_run_save(home, "goes", "{\"status\": \"done\"}", &part, 1, err));
    assert_ok(px_run_save(home, "stays", "{\"status\": \"done\"}", &part, 1, err));
    px_home_close(&home);
    fill_disk(0);
    home = open_home();
    instrument = instrument_of(home, "ACME");
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&bars, &read);
    px_bars_free(&read);
    assert_fails(px_instrument_set_tick(home, "ACME", PX_NO_DATE, 0.05, 1, err), PX_EIO, "full");
    assert_fails(px_instrument_ensure(home, "NEW", NULL, &instrument, err), PX_EIO, "full");
    assert_fails(px_run_save(home, "new", "{}", &part, 1, err), PX_EIO, "No space left");
    assert_fails(px_run_export(home, "stays", NULL, PX_FILE_CSV, in_folder("out"), err), PX_EIO, "No space");
    assert_fails(px_run_export(home, "stays", NULL, PX_FILE_JSON, in_folder("out"), err), PX_EIO, "No space");
    assert_false(pxi_path_exists(in_folder("out")));
    assert_ok(px_run_delete(home, "goes", err));
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(px_table_text(&list, 0, 0), "stays");
    px_table_free(&list);
    px_home_close(&home);
    assert_int_equal(unlink(in_folder("filler")), 0);
    home = open_home();
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    px_table_free(&list);
    px_home_close(&home);
    px_table_free(&table);
    px_bars_free(&bars);
}

static void test_home_on_a_full_disk(void **state) {
    (void)state;
    need_mounts();
    px_home *home = NULL;
    fill_disk(0);
    assert_fails(px_home_open(in_folder("home"), &home, err), PX_EIO, "home");
    assert_int_equal(unlink(in_folder("filler")), 0);
    home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    assert_string_equal(instrument.key, "NSE_EQ|ACME");
    px_home_close(&home);
}

static void test_export_on_a_full_disk(void **state) {
    (void)state;
    need_mounts();
    px_bars bars = make_bars(FIRST_US, 60000, 1);
    fill_disk(100000);
    assert_fails(px_bars_export(&bars, NULL, NULL, in_folder("a.csv"), err), PX_EIO, "a.csv");
    assert_fails(px_bars_export(&bars, NULL, NULL, in_folder("a.parquet"), err), PX_EIO, "a.parquet");
    assert_int_equal(unlink(in_folder("filler")), 0);
    assert_ok(px_bars_export(&bars, NULL, NULL, in_folder("a.parquet"), err));
    px_bars_free(&bars);
}

static void test_read_only_home(void **state) {
    (void)state;
    need_mounts();
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(FIRST_US, 1000, 1);
    px_table table = {0}, list = {0};
    px_run_part part = make_part(&table, 10);
    assert_ok(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    assert_ok(px_run_save(home, "run", "{\"status\": \"done\"}", &part, 1, err));
    px_home_close(&home);
    remount(MS_RDONLY, NULL);

    home = open_home(); /* what is there can be read */
    instrument = instrument_of(home, "ACME");
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&bars, &read);
    px_bars_free(&read);
    assert_ok(px_candles_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    px_table_free(&list);
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    px_table_free(&list);

    bars.close[0] += 0.05;
    assert_fails(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_REPLACE, NULL, err), PX_EIO,
                 "Read-only file system");
    assert_fails(px_run_save(home, "other", "{}", &part, 1, err), PX_EIO, "Read-only file system");
    assert_fails(px_run_delete(home, "run", err), PX_EIO, "Read-only file system");
    assert_fails(px_instrument_set_tick(home, "ACME", PX_NO_DATE, 0.05, 1, err), PX_EIO, "read-only");
    assert_fails(px_instrument_ensure(home, "NEW", NULL, &instrument, err), PX_EIO, "read-only");
    assert_fails(px_bars_export(&bars, NULL, NULL, in_folder("a.csv"), err), PX_EIO, "Read-only file system");
    px_home_close(&home);
    assert_fails(px_home_open(in_folder("new"), &home, err), PX_EIO, "Read-only file system");
    px_table_free(&table);
    px_bars_free(&bars);
}

/* Whoever was killed leaves a log beside the database; what stands in it counts. */
static void test_read_only_home_with_a_log(void **state) {
    (void)state;
    need_mounts();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        px_home *mine = open_home();
        instrument_of(mine, "LATE");
        _exit(0); /* without closing */
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(pxi_path_exists(in_folder("home/pixity.db-wal")));
    remount(MS_RDONLY, NULL);
    px_instrument instrument = {0};
    px_home *home = open_home();
    assert_ok(px_instrument_find(home, "LATE", NULL, PX_NO_DATE, &instrument, err));
    assert_string_equal(instrument.key, "NSE_EQ|LATE");
    px_home_close(&home);
    remount(0, NULL);
    assert_int_equal(unlink(in_folder("home/pixity.db-shm")), 0); /* the log's index was lost */
    remount(MS_RDONLY, NULL);
    home = open_home();
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, PX_NO_DATE, &instrument, err));
    px_home_close(&home);
}

#define DISK_TEST(function) cmocka_unit_test_setup_teardown(function, mount_setup, mount_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        DISK_TEST(test_merge_on_a_full_disk),
        DISK_TEST(test_run_on_a_full_disk),
        DISK_TEST(test_reading_and_deleting_on_a_full_disk),
        DISK_TEST(test_home_on_a_full_disk),
        DISK_TEST(test_export_on_a_full_disk),
        DISK_TEST(test_read_only_home),
        DISK_TEST(test_read_only_home_with_a_log),
    };
    return cmocka_run_group_tests_name("store disk", tests, enter_namespace, NULL);
}

#else

static void test_needs_linux(void **state) {
    (void)state;
    skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_needs_linux)};
    return cmocka_run_group_tests_name("store disk", tests, NULL, NULL);
}

#endif
