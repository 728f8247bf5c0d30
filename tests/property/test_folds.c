// SPDX-License-Identifier: Apache-2.0
/* Purged folds against interval arithmetic on single bars, over random event streams. */
#include "base/rng.h"
#include "pixity/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAX_ROWS 200
#define MAX_BARS 3000

typedef struct stream {
    size_t n;
    size_t begin_bar[MAX_ROWS], end_bar[MAX_ROWS];
} stream;

/* Events in time order, several on some bars, horizons of 0 to 40 bars. */
static stream make_stream(pxi_rng *rng) {
    stream s = {.n = pxi_rng_below(rng, MAX_ROWS)};
    size_t bar = 50;
    for (size_t i = 0; i < s.n; i++) {
        bar += pxi_rng_below(rng, 12);
        s.begin_bar[i] = bar;
        s.end_bar[i] = bar + pxi_rng_below(rng, 41);
    }
    return s;
}

/* Marks every bar that the row's label saw, and the embargo behind it; true if one is the test's first bar or
 * comes after it. */
static bool touches(const stream *s, size_t row, size_t test_first_bar, int embargo) {
    bool bars[MAX_BARS] = {false};
    for (size_t bar = s->begin_bar[row]; bar <= s->end_bar[row] + (size_t)embargo; bar++)
        bars[bar] = true;
    for (size_t bar = test_first_bar; bar < MAX_BARS; bar++)
        if (bars[bar])
            return true;
    return false;
}

static void purging_equals_interval_arithmetic(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 2024);
    size_t n_purged = 0, n_kept = 0;
    for (int round = 0; round < 1500; round++) {
        stream s = make_stream(&rng);
        int embargo = (int)pxi_rng_below(&rng, 30);
        uint8_t mask[MAX_ROWS];
        for (int k = 0; k < PX_N_FOLDS; k++) {
            px_fold fold;
            size_t kept = 0;
            px_fold_split(s.begin_bar, s.end_bar, s.n, embargo, k, &fold, mask);
            for (size_t i = 0; i < s.n; i++) {
                bool wanted = i < fold.test_begin && fold.test_begin < fold.test_end &&
                              !touches(&s, i, s.begin_bar[fold.test_begin], embargo);
                assert_int_equal(mask[i], wanted);
                kept += wanted;
            }
            assert_int_equal(fold.n_train, kept);
            assert_int_equal(fold.n_train + fold.n_purged, fold.test_begin);
            n_purged += fold.n_purged;
            n_kept += kept;
        }
    }
    assert_true(n_purged > 1000 && n_kept > 1000);
}

/* scikit-learn's TimeSeriesSplit(5) makes the same blocks. */
static void blocks_follow_each_other(void **state) {
    (void)state;
    stream s = {0};
    uint8_t mask[MAX_ROWS];
    for (s.n = 0; s.n < MAX_ROWS; s.n++) {
        size_t block = s.n / 6, at = s.n - 5 * block;
        assert_true(at >= block && at <= block + 5);
        for (int k = 0; k < PX_N_FOLDS; k++) {
            px_fold fold;
            px_fold_split(s.begin_bar, s.end_bar, s.n, -1, k, &fold, mask);
            assert_int_equal(fold.test_begin, at);
            assert_int_equal(fold.test_end, at + block);
            at = fold.test_end;
        }
        assert_int_equal(at, s.n);
    }
}

static void reference_keeps_every_earlier_row(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 7);
    for (int round = 0; round < 200; round++) {
        stream s = make_stream(&rng);
        uint8_t mask[MAX_ROWS];
        for (int k = 0; k < PX_N_FOLDS; k++) {
            px_fold fold;
            px_fold_split(s.begin_bar, s.end_bar, s.n, -1, k, &fold, mask);
            for (size_t i = 0; i < s.n; i++)
                assert_int_equal(mask[i], i < fold.test_begin);
            assert_int_equal(fold.n_purged, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(purging_equals_interval_arithmetic),
        cmocka_unit_test(blocks_follow_each_other),
        cmocka_unit_test(reference_keeps_every_earlier_row),
    };
    return cmocka_run_group_tests_name("folds", tests, NULL, NULL);
}
