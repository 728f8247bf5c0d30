// SPDX-License-Identifier: Apache-2.0
/* What the store's tests share: a temporary folder for each test, bars, and asserting calls. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "pixity/dataset.h"

/* The test's folder; its home is <folder>/home. */
static char fixture_folder[256];
static const char *fixture_root = "/tmp";

static inline int fixture_setup(void **state) {
    (void)state;
    snprintf(fixture_folder, sizeof fixture_folder, "%s/pixity-test.XXXXXX", fixture_root);
    return mkdtemp(fixture_folder) ? 0 : -1;
}

static inline int fixture_teardown(void **state) {
    (void)state;
    return pxi_remove_tree(fixture_folder, NULL) == PX_OK ? 0 : -1;
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

/* What the index has of a metric of a run, NaN where nothing. */
static inline double indexed_metric(px_home *home, const char *id, const char *key) {
    const px_column_def metric = {key, PX_COLUMN_F64};
    px_table table = {0};
    double value = NAN;
    assert_int_equal(
        px_runs_select(home, &(px_runs_request){.metrics = &metric, .n_metrics = 1}, &table, NULL), PX_OK);
    for (size_t row = 0; row < table.n_rows; row++)
        if (strcmp(px_table_text(&table, 0, row), id) == 0)
            value = table.columns[table.n_columns - 1].u.f64[row];
    px_table_free(&table);
    return value;
}

/* A path in the test's folder; two live at a time. */
PX_PRINTF(1, 2) static inline const char *in_folder(const char *format, ...) {
    static char paths[2][1024];
    static int next;
    char *path = paths[next++ % 2];
    int used = snprintf(path, sizeof paths[0], "%s/", fixture_folder);
    va_list args;
    va_start(args, format);
    vsnprintf(path + used, sizeof paths[0] - (size_t)used, format, args);
    va_end(args);
    return path;
}

static inline void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        px_error err_ = {0};                                                                                 \
        px_error *err = &err_;                                                                               \
        if ((call) != PX_OK)                                                                                 \
            fail_msg("%s: %s", #call, err_.message);                                                         \
    } while (0)

/* The call fails with this status, and its message holds `text`. */
#define assert_fails(call, wanted, text)                                                                     \
    do {                                                                                                     \
        px_error err_ = {0};                                                                                 \
        px_error *err = &err_;                                                                               \
        px_status got_ = (call);                                                                             \
        if (got_ != (wanted) || err_.code != (wanted) || !strstr(err_.message, text))                        \
            fail_msg("%s: %s (%s)", #call, px_status_name(got_), err_.message);                              \
    } while (0)

static inline px_home *open_home(void) {
    px_home *home = NULL;
    assert_ok(px_home_open(in_folder("home"), &home, err));
    return home;
}

/* 2022-08-16 09:15 in India. */
#define FIRST_US INT64_C(1660621500000000)

/* n minutes from begin_us on; the values tell the minute and the seed. */
static inline px_bars make_bars(int64_t begin_us, size_t n, int seed) {
    px_bars bars = {0};
    assert_ok(px_bars_reserve(&bars, n, err));
    for (size_t i = 0; i < n; i++) {
        double price = 1000 + 0.05 * (double)((i * 7 + (size_t)seed * 13) % 997);
        px_bar bar = {begin_us + (int64_t)i * PX_US_PER_MINUTE,
                      price,
                      price + 1.5,
                      price - 2.25,
                      price + 0.05,
                      (double)(100 + i % 50)};
        assert_ok(px_bars_append(&bars, &bar, err));
    }
    return bars;
}

static inline void assert_same_bars(const px_bars *a, const px_bars *b) {
    assert_int_equal(a->n, b->n);
    if (a->n == 0)
        return;
    assert_memory_equal(a->ts_us, b->ts_us, a->n * sizeof *a->ts_us);
    assert_memory_equal(a->open, b->open, a->n * sizeof(double));
    assert_memory_equal(a->high, b->high, a->n * sizeof(double));
    assert_memory_equal(a->low, b->low, a->n * sizeof(double));
    assert_memory_equal(a->close, b->close, a->n * sizeof(double));
    assert_memory_equal(a->volume, b->volume, a->n * sizeof(double));
}

static inline px_instrument instrument_of(px_home *home, const char *name) {
    px_instrument instrument = {0};
    assert_ok(px_instrument_ensure(home, name, NULL, &instrument, err));
    return instrument;
}

static inline px_bars read_all(px_home *home, const px_instrument *instrument, int minutes) {
    px_bars bars = {0};
    assert_ok(px_candles_read(home, instrument, minutes, INT64_MIN, INT64_MAX, &bars, err));
    return bars;
}

/* A file of the shared data; skips the test where it is absent. */
static inline const char *shared_file(const char *name) {
    static char path[1024];
    const char *root = getenv("PIXITY_SHARED"), *source = getenv("PIXITY_SOURCE");
    if (root)
        snprintf(path, sizeof path, "%s/%s", root, name);
    else
        snprintf(path, sizeof path, "%s/../shared/%s", source ? source : "..", name);
    if (access(path, R_OK) != 0) {
        print_message("no %s in the shared data (PIXITY_SHARED)\n", name);
        skip();
    }
    return path;
}

#endif
