// SPDX-License-Identifier: Apache-2.0
/* Resampled bars equal those of the original Python code, number by number: every bars_<timeframe>.csv of the
 * shared golden cases from its one-minute bars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/resample.h"
#include "files/source.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_calendar *nse;

/* The shared folder: PIXITY_SHARED, or beside the sources. */
static void shared_path(char *buf, size_t size, const char *rest) {
    const char *shared = getenv("PIXITY_SHARED"), *source = getenv("PIXITY_SOURCE");
    if (shared)
        snprintf(buf, size, "%s/%s", shared, rest);
    else
        snprintf(buf, size, "%s/../shared/%s", source ? source : ".", rest);
}

static px_bars read_bars(const char *path) {
    px_source_config config = {
        .path = path, .zone = px_calendar_zone(nse), .as_symbol = "X", .timeframe_minutes = 1};
    px_source source = {0};
    px_error err = {0};
    if (px_source_read(&config, &source, &err) != PX_OK)
        fail_msg("%s", err.message);
    assert_int_equal(source.n_rejected, 0);
    assert_int_equal(source.n_series, 1);
    px_bars bars = source.series[0].bars;
    memset(&source.series[0].bars, 0, sizeof bars);
    px_source_free(&source);
    return bars;
}

/* The bars from index 0 on that lie in [begin, end). */
static px_bars window(const px_bars *bars, const char *begin, const char *end) {
    int64_t from = 0, to = 0;
    assert_int_equal(px_time_parse(begin, strlen(begin), px_calendar_zone(nse), &from, NULL), PX_OK);
    assert_int_equal(px_time_parse(end, strlen(end), px_calendar_zone(nse), &to, NULL), PX_OK);
    return px_bars_slice(bars, px_bars_lower_bound(bars, from), px_bars_lower_bound(bars, to));
}

static void compare(const px_bars *minutes, const char *path) {
    const char *name = strrchr(path, '_') + 1;
    char timeframe[16];
    int length = 0;
    px_bars want = read_bars(path), inside = {0}, got = {0};
    snprintf(timeframe, sizeof timeframe, "%.*s", (int)strcspn(name, "."), name);
    assert_int_equal(px_timeframe_parse(timeframe, &length, NULL), PX_OK);
    assert_int_equal(px_bars_in_session(minutes, nse, 1, &inside, NULL, NULL), PX_OK);
    assert_int_equal(px_bars_resample(&inside, nse, PX_ANCHOR_MIDNIGHT_15, 1, length, &got, NULL), PX_OK);
    if (got.n != want.n)
        fail_msg("%s: %zu bars, not %zu", path, got.n, want.n);
    for (size_t i = 0; i < want.n; i++) {
        px_bar a = px_bars_at(&got, i), b = px_bars_at(&want, i);
        if (memcmp(&a, &b, sizeof a) != 0)
            fail_msg("%s: line %zu differs", path, i + 2);
    }
    px_bars_free(&want);
    px_bars_free(&inside);
    px_bars_free(&got);
}

/* All golden files of a case against its one-minute bars. */
static void compare_case(const char *name, const px_bars *minutes) {
    char pattern[4096], rest[256];
    glob_t found;
    snprintf(rest, sizeof rest, "golden/%s/bars_*.csv", name);
    shared_path(pattern, sizeof pattern, rest);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        compare(minutes, found.gl_pathv[i]);
    globfree(&found);
}

static void run_case(const char *name, const char *minutes, const char *begin, const char *end) {
    char path[4096];
    shared_path(path, sizeof path, minutes);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("# SKIP no %s in the shared data (PIXITY_SHARED)\n", minutes);
        skip();
    }
    fclose(file);
    px_bars bars = read_bars(path);
    px_bars view = window(&bars, begin, end);
    assert_true(view.n > 0);
    compare_case(name, &view);
    px_bars_free(&bars);
}

static void test_synthetic(void **state) {
    (void)state;
    run_case("synthetic", "golden/synthetic/bars_1m.csv", "1970-01-01", "2199-12-31");
}

static void test_synthetic_no_volume(void **state) {
    (void)state;
    run_case("synthetic_no_volume", "golden/synthetic_no_volume/bars_1m.csv", "1970-01-01", "2199-12-31");
}

static void test_reliance_2022(void **state) {
    (void)state;
    run_case("reliance_2022", "golden/reliance_2022/bars_1m.csv", "1970-01-01", "2199-12-31");
}

static void test_nifty_2017h1(void **state) {
    (void)state;
    run_case("nifty_2017h1", "data/nse_1m/NIFTY50_2012_2021.csv.gz", "2017-01-01", "2017-07-01");
}

static int open_calendar(void **state) {
    (void)state;
    return (int)px_calendar_open("NSE", &nse, NULL);
}

static int close_calendar(void **state) {
    (void)state;
    px_calendar_close(&nse);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_synthetic),
        cmocka_unit_test(test_synthetic_no_volume),
        cmocka_unit_test(test_reliance_2022),
        cmocka_unit_test(test_nifty_2017h1),
    };
    return cmocka_run_group_tests_name("golden bars", tests, open_calendar, close_calendar);
}
