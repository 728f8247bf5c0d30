// SPDX-License-Identifier: Apache-2.0
/* Continuous futures over random chains: inside a contract adjusting by ratio keeps returns and adjusting by
 * difference keeps moves, the last contract keeps its bits, and what comes later changes neither unadjusted
 * bars nor rolls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "depth.h"
#include "pixity/continuous.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_SEEDS (uint64_t) rounds(400)

enum { MOST_LINKS = 6, SESSIONS_APART = 4, BARS_A_SESSION = 3 };

static px_calendar *calendar;
static const int32_t first_date = 19724; /* 2024-01-02 */

typedef struct chain {
    size_t n;
    px_chain_link links[MOST_LINKS];
    double *interest[MOST_LINKS];
} chain;

/* From up to three spans before its expiry on, with bars missing here and there. */
static void make_link(pxi_rng *rng, chain *c, size_t i) {
    px_chain_link *link = &c->links[i];
    double price = 50 + (double)pxi_rng_below(rng, 20000) / 4;
    link->expiry = first_date + SESSIONS_APART * (int32_t)(i + 1) - (int32_t)pxi_rng_below(rng, 3);
    c->interest[i] = calloc((MOST_LINKS + 1) * SESSIONS_APART * BARS_A_SESSION, sizeof(double));
    assert_non_null(c->interest[i]);
    link->open_interest = c->interest[i];
    if (pxi_rng_below(rng, 8) == 0)
        return; /* its bars are not known */
    for (int32_t date = first_date; date <= link->expiry; date++)
        for (int64_t k = 0; k < BARS_A_SESSION; k++) {
            const px_session session = px_calendar_session(calendar, date);
            price += ((double)pxi_rng_below(rng, 21) - 10) * 0.05;
            const px_bar bar = {session.midnight_us + (600 + k) * PX_US_PER_MINUTE,
                                price,
                                price + 0.25,
                                price - 0.15,
                                price,
                                1};
            if (date < link->expiry - 3 * SESSIONS_APART || pxi_rng_below(rng, 5) == 0)
                continue;
            c->interest[i][link->bars.n] = pxi_rng_below(rng, 4) ? (double)pxi_rng_below(rng, 1000) : NAN;
            assert_int_equal(px_bars_append(&link->bars, &bar, NULL), PX_OK);
        }
}

static chain make_chain(uint64_t seed) {
    pxi_rng rng;
    chain made = {0};
    pxi_rng_seed(&rng, seed ^ 0xc0417);
    made.n = 1 + (size_t)pxi_rng_below(&rng, MOST_LINKS);
    for (size_t i = 0; i < made.n; i++)
        make_link(&rng, &made, i);
    return made;
}

static void free_chain(chain *c) {
    for (size_t i = 0; i < c->n; i++) {
        px_bars_free(&c->links[i].bars);
        free(c->interest[i]);
    }
}

static px_continuous joined(const chain *c, px_continuous_config config, px_back_adjust adjust) {
    px_continuous series = {0};
    px_error err = {0};
    config.adjust = adjust;
    if (px_continuous_join(&config, calendar, c->links, c->n, &series, &err) != PX_OK)
        fail_msg("%s", err.message);
    return series;
}

static bool begins_a_contract(const px_continuous *series, size_t bar) {
    for (size_t r = 0; r < series->n_rolls; r++)
        if (series->rolls[r].first_us == series->bars.ts_us[bar])
            return true;
    return false;
}

static void check_inside(const px_continuous *raw, const px_continuous *moved, bool by_ratio) {
    assert_int_equal(raw->bars.n, moved->bars.n);
    assert_int_equal(raw->n_rolls, moved->n_rolls);
    for (size_t i = 1; i < raw->bars.n; i++) {
        const double *a = &raw->bars.close[i - 1], *b = &moved->bars.close[i - 1];
        if (begins_a_contract(raw, i))
            continue;
        assert_true(by_ratio ? fabs((a[1] / a[0]) / (b[1] / b[0]) - 1) < 1e-12
                             : fabs((a[1] - a[0]) - (b[1] - b[0])) < 1e-8);
        assert_true(moved->bars.low[i] <= moved->bars.close[i] &&
                    moved->bars.close[i] <= moved->bars.high[i]);
    }
    const size_t last =
        raw->n_rolls ? px_bars_lower_bound(&raw->bars, raw->rolls[raw->n_rolls - 1].first_us) : 0;
    for (size_t i = last; i < raw->bars.n; i++)
        assert_memory_equal(&raw->bars.close[i], &moved->bars.close[i], sizeof(double));
}

/* The same chain as it was known when a session ended. */
static void check_prefix(const chain *c, px_continuous_config config, const px_continuous *whole,
                         int32_t date) {
    chain before = *c;
    const int64_t end_us = px_calendar_session(calendar, date).next_midnight_us;
    for (size_t i = 0; i < c->n; i++)
        before.links[i].bars =
            px_bars_slice(&c->links[i].bars, 0, px_bars_lower_bound(&c->links[i].bars, end_us));
    px_continuous part = joined(&before, config, PX_BACK_ADJUST_NONE);
    assert_int_equal(part.bars.n, px_bars_lower_bound(&whole->bars, end_us));
    if (part.bars.n) {
        assert_memory_equal(part.bars.ts_us, whole->bars.ts_us, part.bars.n * sizeof(int64_t));
        assert_memory_equal(part.bars.close, whole->bars.close, part.bars.n * sizeof(double));
    }
    for (size_t r = 0;
         r < whole->n_rolls && px_bars_lower_bound(&whole->bars, whole->rolls[r].first_us) < part.bars.n;
         r++) {
        const px_roll *one = &part.rolls[r], *two = &whole->rolls[r];
        assert_true(r < part.n_rolls && one->date == two->date && one->first_us == two->first_us);
        assert_true(one->from == two->from && one->to == two->to);
        assert_memory_equal(&one->from_close, &two->from_close, sizeof(double));
        assert_memory_equal(&one->to_close, &two->to_close, sizeof(double));
    }
    px_continuous_free(&part);
}

static void test_random_chains(void **state) {
    size_t n_rolls = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        chain c = make_chain(seed);
        const px_continuous_config config = {
            .rank = seed & 1 ? PX_CONTINUOUS_NEXT : PX_CONTINUOUS_FRONT,
            .roll = seed & 2 ? PX_ROLL_OPEN_INTEREST : PX_ROLL_EXPIRY,
        };
        px_continuous raw = joined(&c, config, PX_BACK_ADJUST_NONE);
        px_continuous ratio = joined(&c, config, PX_BACK_ADJUST_RATIO);
        px_continuous difference = {0};
        px_continuous_config by_difference = config;
        by_difference.adjust = PX_BACK_ADJUST_DIFFERENCE;
        check_inside(&raw, &ratio, true);
        if (px_continuous_join(&by_difference, calendar, c.links, c.n, &difference, NULL) == PX_OK)
            check_inside(&raw, &difference, false);
        for (int32_t date = first_date; date <= c.links[c.n - 1].expiry; date++)
            check_prefix(&c, config, &raw, date);
        n_rolls += raw.n_rolls;
        px_continuous_free(&raw);
        px_continuous_free(&ratio);
        px_continuous_free(&difference);
        free_chain(&c);
    }
    assert_true(n_rolls > N_SEEDS / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_chains)};
    if (px_calendar_open("24x7", &calendar, NULL) != PX_OK)
        return 1;
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&calendar);
    return failed;
}
