// SPDX-License-Identifier: Apache-2.0
/* Splits and bonuses over thousands of random series and lists: each bar is divided by the factors of the ex
 * dates after its own, whatever else there is; files give back what was put in, and broken ones are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "pixity/resample.h"
#include "pixity/dataset.h"
#include "depth.h"
#include "series.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_SEEDS (uint64_t) rounds(2000)

static px_calendar *calendar;

/* Up to seven of them, some on dates of the bars. */
static px_adjustments make_list(uint64_t seed, const px_bars *bars) {
    static const double factors[] = {2, 10, 0.5, 0.1, 1.5, 4.0 / 3, 5, 1.05, 0.9};
    px_adjustments list = {0};
    pxi_rng rng;
    pxi_rng_seed(&rng, seed ^ 0xad3a57);
    int32_t first = px_calendar_date(calendar, bars->ts_us[0]);
    int32_t span = px_calendar_date(calendar, bars->ts_us[bars->n - 1]) - first + 1;
    for (uint64_t n = pxi_rng_below(&rng, 8); n > 0; n--) {
        px_adjustment one = {first - 2 + (int32_t)pxi_rng_below(&rng, (uint64_t)span + 5),
                             series_pick(&rng, factors, 9), ""};
        snprintf(one.note, sizeof one.note, "%llu, \"n\"", (unsigned long long)n);
        assert_int_equal(px_adjustments_put(&list, &one, true, NULL, NULL), PX_OK);
    }
    return list;
}

static px_bars copy(const px_bars *bars) {
    px_bars made = {0};
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        assert_int_equal(px_bars_append(&made, &bar, NULL), PX_OK);
    }
    return made;
}

static void assert_bar(const px_bar *a, const px_bar *b, uint64_t seed, size_t i) {
    if (memcmp(a, b, sizeof *a) != 0)
        fail_msg("seed %llu, bar %zu", (unsigned long long)seed, i);
}

/* The slow and obvious version. */
static px_bar divided(const px_adjustments *list, px_bar bar) {
    int32_t date = px_calendar_date(calendar, bar.ts_us);
    double divisor = 1;
    for (size_t i = list->n; i > 0; i--)
        if (date < list->items[i - 1].ex_date)
            divisor *= list->items[i - 1].factor;
    bar.open /= divisor;
    bar.high /= divisor;
    bar.low /= divisor;
    bar.close /= divisor;
    bar.volume *= divisor;
    return bar;
}

static void test_each_bar_by_itself(void **state) {
    (void)state;
    size_t n_changed = 0;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        px_bars raw = series_make(seed, calendar), bars = copy(&raw);
        px_adjustments list = make_list(seed, &raw);
        px_adjustments_apply(&list, calendar, &bars);
        for (size_t i = 0; i < raw.n; i++) {
            px_bar wanted = divided(&list, px_bars_at(&raw, i)), got = px_bars_at(&bars, i);
            assert_bar(&wanted, &got, seed, i);
            n_changed += got.close != raw.close[i];
        }
        px_bars_free(&bars);
        px_bars_free(&raw);
        px_adjustments_free(&list);
    }
    assert_true(n_changed > 100000);
}

/* Later bars change nothing, and later lists only by their factors. */
static void test_prefix(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        px_bars raw = series_make(seed, calendar), whole = copy(&raw);
        px_adjustments list = make_list(seed, &raw);
        px_adjustments_apply(&list, calendar, &whole);
        for (size_t k = 1; k < raw.n; k += 1 + raw.n / 5) {
            px_bars view = px_bars_slice(&raw, 0, k), part = copy(&view);
            px_adjustments_apply(&list, calendar, &part);
            for (size_t i = 0; i < k; i++) {
                px_bar a = px_bars_at(&whole, i), b = px_bars_at(&part, i);
                assert_bar(&a, &b, seed, i);
            }
            px_bars_free(&part);
        }
        px_bars_free(&whole);
        px_bars_free(&raw);
        px_adjustments_free(&list);
    }
}

static bool near(double a, double b) {
    return fabs(a - b) <= 1e-13 * fabs(b);
}

/* One after the other, or both at once. */
static void test_two_compound(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        px_bars together = series_make(seed, calendar), apart = copy(&together);
        px_adjustments list = make_list(seed, &together);
        px_adjustments_apply(&list, calendar, &together);
        for (size_t i = 0; i < list.n; i++) {
            px_adjustments one = {1, 1, &list.items[i]};
            px_adjustments_apply(&one, calendar, &apart);
        }
        for (size_t i = 0; i < apart.n; i++)
            if (!near(apart.close[i], together.close[i]) || !near(apart.volume[i], together.volume[i]))
                fail_msg("seed %llu, bar %zu", (unsigned long long)seed, i);
        px_bars_free(&together);
        px_bars_free(&apart);
        px_adjustments_free(&list);
    }
}

/* Ex dates lie between sessions, so it does not matter whether bars are adjusted before they are resampled:
 * prices to the bit, as division keeps the order; volumes but for the order of their sum. */
static void test_resampling_commutes(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        px_bars bars = series_make(seed, calendar), after = {0}, before = {0};
        px_adjustments list = make_list(seed, &bars);
        assert_int_equal(px_bars_resample(&bars, calendar, PX_ANCHOR_OPEN, 1, 30, &after, NULL), PX_OK);
        px_adjustments_apply(&list, calendar, &after);
        px_adjustments_apply(&list, calendar, &bars);
        assert_int_equal(px_bars_resample(&bars, calendar, PX_ANCHOR_OPEN, 1, 30, &before, NULL), PX_OK);
        assert_int_equal(before.n, after.n);
        for (size_t i = 0; i < before.n; i++) {
            px_bar a = px_bars_at(&before, i), b = px_bars_at(&after, i);
            assert_true(near(a.volume, b.volume));
            a.volume = b.volume;
            assert_bar(&a, &b, seed, i);
            assert_null(px_bar_defect(&a));
        }
        px_bars_free(&before);
        px_bars_free(&after);
        px_bars_free(&bars);
        px_adjustments_free(&list);
    }
}

/* ---- files -------------------------------------------------------------------------------------------- */

static char folder[64];

static void assert_same_list(const px_adjustments *a, const px_adjustments *b) {
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->items[i].ex_date, b->items[i].ex_date);
        assert_true(a->items[i].factor == b->items[i].factor);
        assert_string_equal(a->items[i].note, b->items[i].note);
    }
}

static void test_files_give_back_what_was_put_in(void **state) {
    (void)state;
    char text[100];
    px_home *home = NULL;
    pxi_rng rng;
    snprintf(text, sizeof text, "%s/home", folder);
    assert_int_equal(px_home_open(text, &home, NULL), PX_OK);
    pxi_rng_seed(&rng, 77);
    for (int round = 0; round < 20; round++) {
        px_adjustments list = {0}, back = {0};
        px_instrument instrument;
        snprintf(text, sizeof text, "S%d", round);
        assert_int_equal(px_instrument_ensure(home, text, NULL, &instrument, NULL), PX_OK);
        for (uint64_t n = 1 + pxi_rng_below(&rng, 5); n > 0; n--) {
            px_adjustment one = {(int32_t)pxi_rng_below(&rng, 80000) - 20000,
                                 exp(4 * pxi_rng_uniform(&rng) - 2), ""};
            for (size_t c = 0; c < pxi_rng_below(&rng, 12); c++)
                one.note[c] = " ,;\"ab'#\\=1"[pxi_rng_below(&rng, 11)];
            assert_int_equal(px_adjustments_put(&list, &one, true, NULL, NULL), PX_OK);
        }
        assert_int_equal(px_adjustments_add(home, &instrument, &list, true, NULL, NULL), PX_OK);
        assert_int_equal(px_adjustments_read(home, &instrument, &back, NULL), PX_OK);
        assert_same_list(&list, &back);
        px_adjustments_free(&list);
        px_adjustments_free(&back);
    }
    px_home_close(&home);
}

/* Over what the file holds: one that was emptied first, ext4 brings to the disk when it is closed. */
static void write_bytes(const char *path, const char *text, size_t length) {
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, length), length);
    assert_int_equal(ftruncate(file, (off_t)length), 0);
    assert_int_equal(close(file), 0);
}

/* Bytes of a file changed at random: it reads as some list, or is refused with its name. */
static void test_broken_files(void **state) {
    (void)state;
    static const char whole[] = "ex_date,factor,note\n2009-11-26,2,\"bonus, 1:1\"\n2017-09-07,4/3,\n"
                                "2024-10-28,0.5,x\n";
    static const char bytes[] = "\n\r,;\"\t/-.0123456789ex \xff\x01";
    char path[100];
    const size_t n = (size_t)rounds(5000);
    size_t n_read = 0;
    pxi_rng rng;
    snprintf(path, sizeof path, "%s/list.csv", folder);
    pxi_rng_seed(&rng, 78);
    for (size_t round = 0; round < n; round++) {
        char text[sizeof whole];
        px_error err = {0};
        px_adjustments list = {0};
        size_t length = sizeof whole - 1 - (round % 3 ? 0 : pxi_rng_below(&rng, sizeof whole - 1));
        memcpy(text, whole, sizeof whole);
        for (uint64_t left = pxi_rng_below(&rng, 4); left > 0; left--)
            text[pxi_rng_below(&rng, sizeof whole - 1)] = bytes[pxi_rng_below(&rng, sizeof bytes - 1)];
        write_bytes(path, text, length);
        px_status status = px_adjustments_load(path, &(px_source_limits){0}, &list, &err);
        assert_true(status == PX_OK || (status == PX_EINPUT && strstr(err.message, "list.csv")));
        for (size_t i = 0; i < list.n; i++) {
            assert_int_equal(px_adjustment_check(&list.items[i], NULL), PX_OK);
            assert_true(i == 0 || list.items[i].ex_date > list.items[i - 1].ex_date);
        }
        n_read += status == PX_OK;
        px_adjustments_free(&list);
    }
    assert_true(n_read > n / 50 && n_read < n - n / 50);
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/pixity-test.XXXXXX");
    return mkdtemp(folder) && px_calendar_open("NSE", &calendar, NULL) == PX_OK ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    px_calendar_close(&calendar);
    return (int)pxi_remove_tree(folder, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_bar_by_itself),
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_two_compound),
        cmocka_unit_test(test_resampling_commutes),
        cmocka_unit_test(test_files_give_back_what_was_put_in),
        cmocka_unit_test(test_broken_files),
    };
    return cmocka_run_group_tests_name("adjustment properties", tests, make_folder, remove_folder);
}
