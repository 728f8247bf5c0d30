// SPDX-License-Identifier: Apache-2.0
/* Continuous futures: three contracts that are joined by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/continuous.h"

#include <math.h>
#include <string.h>

static px_calendar *calendar;

/* 2024-01-02 is a Tuesday; the contracts expire on the Thursdays 4, 11 and 18. */
static int32_t day(int of_january) {
    return px_date_from_civil((px_civil){.year = 2024, .month = 1, .day = of_january});
}

typedef struct close_at {
    int day, minute; /* of January, of the session */
    double close, open_interest;
} close_at;

enum { MOST = 12 };
typedef struct contract {
    px_bars bars;
    double interest[MOST];
} contract;

static contract make(const close_at *closes, size_t n) {
    contract made = {0};
    assert_true(n <= MOST);
    for (size_t i = 0; i < n; i++) {
        const px_session session = px_calendar_session(calendar, day(closes[i].day));
        const double close = closes[i].close;
        const px_bar bar = {
            session.open_us + closes[i].minute * PX_US_PER_MINUTE, close, close + 1, close - 1, close, 10};
        assert_int_equal(px_bars_append(&made.bars, &bar, NULL), PX_OK);
        made.interest[i] = closes[i].open_interest;
    }
    return made;
}

static const close_at closes_a[] = {{2, 0, 100, 95},  {2, 1, 101, 90}, {3, 0, 102, 80},
                                    {3, 1, 103, NAN}, {4, 0, 104, 10}, {4, 1, 105, 1}};
static const close_at closes_b[] = {{2, 0, 110, 99},  {2, 1, 112, 50},  {3, 0, 113, 70},
                                    {3, 1, 114, 85},  {4, 0, 116, 200}, {5, 0, 117, 190},
                                    {5, 1, 118, 150}, {11, 0, 119, 9},  {11, 1, 120, 8}};
static const close_at closes_c[] = {{4, 0, 126, 10},  {4, 1, 127, 20},  {5, 0, 128, 30},  {5, 1, 129, 160},
                                    {11, 0, 131, 99}, {11, 1, 133, 99}, {12, 0, 134, 99}, {12, 1, 135, 99}};
#define N_OF(list) (sizeof list / sizeof *list)

static contract contracts[3];
static px_chain_link links[3];

static int setup(void **state) {
    (void)state;
    assert_int_equal(px_calendar_open("NSE", &calendar, NULL), PX_OK);
    contracts[0] = make(closes_a, N_OF(closes_a));
    contracts[1] = make(closes_b, N_OF(closes_b));
    contracts[2] = make(closes_c, N_OF(closes_c));
    for (int i = 0; i < 3; i++)
        links[i] = (px_chain_link){day(4 + 7 * i), contracts[i].bars, contracts[i].interest};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        px_bars_free(&contracts[i].bars);
    px_calendar_close(&calendar);
    return 0;
}

static px_continuous joined(px_continuous_rank rank, px_roll_rule roll, px_back_adjust adjust,
                            const px_chain_link *of, size_t n) {
    const px_continuous_config config = {rank, roll, adjust};
    px_continuous series = {0};
    px_error err = {0};
    if (px_continuous_join(&config, calendar, of, n, &series, &err) != PX_OK)
        fail_msg("%s", err.message);
    return series;
}

static void check_closes(const px_continuous *series, const double *closes, size_t n, double tolerance) {
    assert_int_equal(series->bars.n, n);
    for (size_t i = 0; i < n; i++)
        if (fabs(series->bars.close[i] - closes[i]) > tolerance)
            fail_msg("close %zu is %.17g, not %.17g", i, series->bars.close[i], closes[i]);
}

static void check_roll(const px_continuous *series, size_t r, int on, size_t bar, const double closes[2]) {
    const px_roll *roll = &series->rolls[r];
    assert_int_equal(roll->date, day(on));
    assert_int_equal(px_bars_lower_bound(&series->bars, roll->first_us), bar);
    assert_int_equal(roll->first_us, series->bars.ts_us[bar]);
    assert_true(roll->from_close == closes[0]);
    assert_true(roll->to_close == closes[1]);
}

static void test_front_by_expiry(void **state) {
    static const double raw[] = {100, 101, 102, 103, 104, 105, 117, 118, 119, 120, 134, 135};
    static const double moved[] = {125, 126, 127, 128, 129, 130, 130, 131, 132, 133, 134, 135};
    const double b = 133.0 / 120, a = b * 116.0 / 104;
    const double scaled[] = {100 * a, 101 * a, 102 * a, 103 * a, 104 * a, 105 * a,
                             117 * b, 118 * b, 119 * b, 120 * b, 134,     135};
    (void)state;
    px_continuous none = joined(PX_CONTINUOUS_FRONT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_NONE, links, 3);
    px_continuous difference = joined(PX_CONTINUOUS_FRONT, PX_ROLL_USUAL, PX_BACK_ADJUST_USUAL, links, 3);
    px_continuous ratio = joined(PX_CONTINUOUS_FRONT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_RATIO, links, 3);
    check_closes(&none, raw, 12, 0);
    check_closes(&difference, moved, 12, 0);
    check_closes(&ratio, scaled, 12, 1e-12);
    assert_true(difference.bars.high[0] == 126 && difference.bars.low[0] == 124 &&
                difference.bars.open[0] == 125);
    assert_true(difference.bars.volume[0] == 10);
    const px_continuous *all[] = {&none, &difference, &ratio};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(all[i]->first, 0);
        assert_int_equal(all[i]->n_rolls, 2);
        check_roll(all[i], 0, 4, 6, (const double[]){104, 116}); /* at 09:16 of that day B has no bar */
        check_roll(all[i], 1, 11, 10, (const double[]){120, 133});
        assert_true(all[i]->rolls[1].from == 1 && all[i]->rolls[1].to == 2);
        assert_int_equal(all[i]->rolls[0].joined_us, contracts[0].bars.ts_us[4]);
    }
    px_continuous_free(&none);
    px_continuous_free(&difference);
    px_continuous_free(&ratio);
}

static void test_front_by_open_interest(void **state) {
    static const double raw[] = {100, 101, 102, 103, 116, 117, 118, 131, 133, 134, 135};
    static const double moved[] = {122, 123, 124, 125, 127, 128, 129, 131, 133, 134, 135};
    (void)state;
    px_continuous none = joined(PX_CONTINUOUS_FRONT, PX_ROLL_OPEN_INTEREST, PX_BACK_ADJUST_NONE, links, 3);
    px_continuous difference =
        joined(PX_CONTINUOUS_FRONT, PX_ROLL_OPEN_INTEREST, PX_BACK_ADJUST_DIFFERENCE, links, 3);
    check_closes(&none, raw, 11, 0);
    check_closes(&difference, moved, 11, 0);
    check_roll(&none, 0, 3, 4, (const double[]){103, 114});
    check_roll(&none, 1, 5, 7, (const double[]){118, 129});
    px_continuous_free(&none);
    px_continuous_free(&difference);
}

static void test_next(void **state) {
    static const double by_expiry[] = {110, 112, 113, 114, 116, 128, 129, 131, 133};
    static const double by_interest[] = {110, 112, 113, 114, 126, 127, 128, 129};
    (void)state;
    px_continuous expiry = joined(PX_CONTINUOUS_NEXT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_NONE, links, 3);
    px_continuous interest = joined(PX_CONTINUOUS_NEXT, PX_ROLL_OPEN_INTEREST, PX_BACK_ADJUST_NONE, links, 3);
    check_closes(&expiry, by_expiry, 9, 0);
    check_closes(&interest, by_interest, 8, 0);
    assert_int_equal(expiry.first, 1);
    check_roll(&expiry, 0, 4, 5, (const double[]){116, 126});
    px_continuous_free(&expiry);
    px_continuous_free(&interest);
}

/* The bars of the one between are not known: the two around it stand beside each other on the last day of the
 * first. */
static void test_a_contract_without_bars(void **state) {
    static const double moved[] = {122, 123, 124, 125, 126, 127, 134, 135};
    (void)state;
    px_chain_link with_hole[3] = {links[0], {.expiry = day(11)}, links[2]};
    px_continuous series = joined(PX_CONTINUOUS_FRONT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_USUAL, with_hole, 3);
    check_closes(&series, moved, 8, 0);
    check_roll(&series, 0, 4, 6, (const double[]){105, 127});
    px_continuous_free(&series);
}

static void test_contracts_that_never_meet(void **state) {
    static const double raw[] = {100, 101, 102, 103, 104, 105, 134, 135};
    (void)state;
    px_chain_link apart[2] = {links[0], links[2]};
    apart[1].bars = px_bars_slice(&links[2].bars, 6, 8);
    apart[1].expiry = day(18);
    px_continuous series = joined(PX_CONTINUOUS_FRONT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_RATIO, apart, 2);
    check_closes(&series, raw, 8, 0);
    assert_true(isnan(series.rolls[0].from_close) && isnan(series.rolls[0].to_close));
    px_continuous_free(&series);
}

/* What comes out of a difference is the decimal that it should be. */
static void test_decimals_stay_decimals(void **state) {
    static const close_at old[] = {{2, 0, 21800.15, 0}, {4, 0, 21700.35, 0}},
                          new[] = {{4, 0, 21780.05, 0}, {5, 0, 21790.4, 0}};
    (void)state;
    contract from = make(old, 2), to = make(new, 2);
    const px_chain_link two[] = {{day(4), from.bars, NULL}, {day(11), to.bars, NULL}};
    px_continuous series = joined(PX_CONTINUOUS_FRONT, PX_ROLL_EXPIRY, PX_BACK_ADJUST_USUAL, two, 2);
    assert_true(series.bars.close[0] == 21879.85);
    assert_true(series.bars.close[1] == 21780.05);
    px_continuous_free(&series);
    px_bars_free(&from.bars);
    px_bars_free(&to.bars);
}

static void check_refused(const px_continuous_config *config, const px_chain_link *of, size_t n,
                          const char *part) {
    px_continuous series = {0};
    px_error err = {0};
    assert_int_equal(px_continuous_join(config, calendar, of, n, &series, &err), PX_EINPUT);
    if (!strstr(err.message, part))
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
    assert_int_equal(series.bars.n, 0);
    assert_null(series.rolls);
}

static void test_refusals(void **state) {
    static const close_at cheap[] = {{2, 0, 30, 0}, {4, 0, 100, 0}}, near[] = {{4, 0, 60, 0}, {5, 0, 61, 0}};
    const px_continuous_config usual = {.rank = PX_CONTINUOUS_FRONT},
                               by_interest = {.rank = PX_CONTINUOUS_FRONT, .roll = PX_ROLL_OPEN_INTEREST};
    (void)state;
    px_chain_link twice[2] = {links[0], links[1]};
    twice[1].expiry = twice[0].expiry;
    check_refused(&usual, twice, 2, "expires on 2024-01-04 does not expire after it");
    px_chain_link unknown[2] = {links[0], links[1]};
    unknown[1].open_interest = NULL;
    check_refused(&by_interest, unknown, 2, "none is known of the contract that expires on 2024-01-11");
    contract from = make(cheap, 2), to = make(near, 2);
    const px_chain_link below[] = {{day(4), from.bars, NULL}, {day(11), to.bars, NULL}};
    check_refused(&usual, below, 2, "the low of 2024-01-02T09:15:00+05:30 is -11");
    px_bars_free(&from.bars);
    px_bars_free(&to.bars);
}

static void test_names_are_read_as_they_are_written(void **state) {
    px_error err = {0};
    px_continuous_rank rank = PX_CONTINUOUS_NONE;
    px_roll_rule roll = PX_ROLL_USUAL;
    px_back_adjust adjust = PX_BACK_ADJUST_USUAL;
    (void)state;
    for (px_continuous_rank r = PX_CONTINUOUS_FRONT; r <= PX_CONTINUOUS_NEXT; r++) {
        assert_int_equal(px_continuous_rank_parse(px_continuous_rank_name(r), &rank, &err), PX_OK);
        assert_int_equal(rank, r);
    }
    for (px_roll_rule r = PX_ROLL_EXPIRY; r <= PX_ROLL_OPEN_INTEREST; r++) {
        assert_int_equal(px_roll_rule_parse(px_roll_rule_name(r), &roll, &err), PX_OK);
        assert_int_equal(roll, r);
    }
    for (px_back_adjust a = PX_BACK_ADJUST_DIFFERENCE; a <= PX_BACK_ADJUST_NONE; a++) {
        assert_int_equal(px_back_adjust_parse(px_back_adjust_name(a), &adjust, &err), PX_OK);
        assert_int_equal(adjust, a);
    }
    assert_string_equal(px_roll_rule_name(PX_ROLL_USUAL), "expiry");
    assert_int_equal(px_continuous_rank_parse("third", &rank, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "known: front, next"));
    assert_int_equal(rank, PX_CONTINUOUS_NEXT);
    assert_int_equal(px_back_adjust_parse("ration", &adjust, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "did you mean \"ratio\"?"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_read_as_they_are_written),
        cmocka_unit_test(test_front_by_expiry),
        cmocka_unit_test(test_front_by_open_interest),
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_a_contract_without_bars),
        cmocka_unit_test(test_contracts_that_never_meet),
        cmocka_unit_test(test_decimals_stay_decimals),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
