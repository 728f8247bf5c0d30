// SPDX-License-Identifier: Apache-2.0
/* The table of strategies, crossings, signal ids and the order of guards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "vocabulary.h"
#include "engine/guards.h"
#include "engine/signal_id.h"
#include "indicators/column_spec.h"
#include "strategies/cross.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whatever its parameters are, at the ends of their ranges too. */
static bool is_column(const px_strategy *strategy, const char *name) {
    const px_config config = px_config_default();
    double values[3][PX_MAX_PARAMETERS];
    pxi_column_words words = {.config = &config, .parameters = px_strategy_parameters(strategy)};
    pxi_column_spec spec;
    bool is = true;
    for (size_t k = 0; k < strategy->n_parameters; k++) {
        values[0][k] = strategy->parameters[k].minimum;
        values[1][k] = strategy->parameters[k].usual;
        values[2][k] = strategy->parameters[k].maximum;
    }
    for (int round = 0; round < 3; round++) {
        words.values = values[round];
        is &= pxi_column_spec_read(name, &words, &spec, NULL) == PX_OK;
    }
    return is;
}

static void test_table(void **state) {
    (void)state;
    const px_strategy *found = NULL;
    for (size_t i = 0; px_strategy_at(i); i++) {
        const px_strategy *strategy = px_strategy_at(i);
        assert_int_equal(px_strategy_find(strategy->id, &found, NULL), PX_OK);
        assert_ptr_equal(found, strategy);
        assert_true(strategy->find_signals || (strategy->init && strategy->on_bar && strategy->state_size));
        assert_true(strlen(strategy->summary) > 0);
        for (size_t k = 0; strategy->columns && strategy->columns[k]; k++)
            assert_true(is_column(strategy, strategy->columns[k]));
    }
    px_error err;
    found = NULL;
    assert_int_equal(px_strategy_find("ehma_pivto", &found, &err), PX_EINPUT);
    assert_null(found);
    assert_non_null(strstr(err.message, "\"ehma_pivto\""));
    assert_non_null(strstr(err.message, "did you mean \"ehma_pivot\""));
    assert_non_null(strstr(err.message, "ema_cross"));
}

static void test_fates_have_names(void **state) {
    (void)state;
    for (int a = 0; a < PX_N_OUTCOMES; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(px_outcome_name((px_outcome)a), px_outcome_name((px_outcome)b));
}

/* ---- crossings ---------------------------------------------------------------------------------------- */

/* '+' long in, '-' long out, 's' short in, 'c' short out; '.' nothing. Fast line against a slow one at 0. */
static void cross(bool allow_short, const double *fast, size_t n, char *out) {
    pxi_cross state = {0};
    px_config config = px_config_default();
    config.allow_short = allow_short;
    pxi_cross_init(&state, &config, NULL);
    for (size_t i = 0; i < n; i++) {
        px_signal signals[PX_SIGNALS_PER_BAR];
        int m = pxi_cross_step(&state, fast[i], 0.0, signals);
        if (m == 0)
            *out++ = '.';
        for (int k = 0; k < m; k++) {
            bool enter = signals[k].action == PX_ACTION_ENTER, up = signals[k].side == PX_LONG;
            assert_int_equal(signals[k].stop.kind, PX_LEVEL_NONE);
            *out++ = up ? (enter ? '+' : '-') : (enter ? 's' : 'c');
        }
    }
    *out = '\0';
}

static void test_crossings(void **state) {
    (void)state;
    const double fast[] = {NAN, 1, -1, 0, 1, 2, 0, -1, 1};
    char signals[32];
    cross(false, fast, 9, signals);
    assert_string_equal(signals, "..-.+..-+"); /* touching is no crossing; leaving the touch is */
    cross(true, fast, 9, signals);
    assert_string_equal(signals, "..-s.c+..-sc+");
}

static void test_a_moved_line_is_crossed(void **state) {
    (void)state;
    pxi_cross cross_state;
    px_config config = px_config_default();
    px_signal signals[PX_SIGNALS_PER_BAR];
    pxi_cross_init(&cross_state, &config, NULL);
    assert_int_equal(pxi_cross_step(&cross_state, 10, 9, signals), 0);
    assert_int_equal(pxi_cross_step(&cross_state, 10, 11, signals), 1); /* the slow line jumped over it */
    assert_int_equal(signals[0].action, PX_ACTION_EXIT);
    assert_int_equal(pxi_cross_step(&cross_state, 10, NAN, signals), 0);
    assert_int_equal(pxi_cross_step(&cross_state, 10, 9, signals), 0);
}

/* ---- signal ids --------------------------------------------------------------------------------------- */

static px_signal signal_at(int64_t ts_us) {
    px_signal signal = px_signal_make(PX_ACTION_ENTER, PX_LONG);
    signal.ts_us = ts_us;
    signal.event_type = KIT_TREND;
    return signal;
}

static void test_signal_id_is_sha256_of_its_parts(void **state) {
    (void)state;
    px_signal signal = signal_at(1736135100000000);
    pxi_signal_id id = pxi_signal_id_make("run-1", "pixityAI_meta", "NSE_EQ|INE002A01018", &signal);
    const char *text = "run-1|pixityAI_meta|NSE_EQ|INE002A01018|1736135100000000|BUY|TREND";
    char expected[PXI_HASH_TEXT_SIZE];
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, text, strlen(text));
    pxi_hash_hex(&hash, expected);
    assert_string_equal(id.text, expected);
    pxi_signal_id other = pxi_signal_id_make("run-2", "pixityAI_meta", "NSE_EQ|INE002A01018", &signal);
    assert_string_not_equal(id.text, other.text);
    signal.event_type = -1;
    other = pxi_signal_id_make("run-1", "pixityAI_meta", "NSE_EQ|INE002A01018", &signal);
    assert_string_not_equal(id.text, other.text);
}

static void test_seen_signals_are_remembered(void **state) {
    (void)state;
    pxi_signal_set set = {0};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) { /* each time in four ids: two sides, an event type or none */
            px_signal signal = signal_at(i / 4 * INT64_C(60000000));
            bool seen;
            signal.side = i % 2 ? PX_LONG : PX_SHORT;
            signal.event_type = i % 4 < 2 ? -1 - round : KIT_TREND; /* below 0 is none, whatever it is */
            assert_true(pxi_signal_set_add(&set, &signal, &seen));
            assert_int_equal(seen, round);
        }
    assert_int_equal(set.n, 5000);
    pxi_signal_set_free(&set);
}

/* ---- guards ------------------------------------------------------------------------------------------- */

/* With everything against it a signal is stopped by the first guard; lifting one after the other shows the
 * order. */
static void test_guards_in_order(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_signal signal = signal_at(0);
    signal.bar = 10;
    signal.stop = (px_level){PX_LEVEL_PRICE, 100.0};
    pxi_guard_input in = {&signal, &config, true, true, true, true, 9, 10, true, 100.0};
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_DUPLICATE);
    in.duplicate = false;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_STALE_HISTORY);
    in.held = false;
    config.product = PX_PRODUCT_DELIVERY;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_COOLDOWN); /* long */
    signal.side = PX_SHORT;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_PRODUCT_NO_SHORT);
    signal.side = PX_LONG;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_COOLDOWN);
    in.exit_bar = 7; /* 10 - 7 = cooldown_bars */
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_DAILY_LIMIT);
    in.session_entries = 9;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_IN_POSITION);
    in.in_position = false;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_KILL_SWITCH);
    in.killed = false;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_MAX_POSITIONS);
    in.full = false;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_NO_ATR);
    signal.atr = 0.0;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_NO_ATR);
    signal.atr = 1.5;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_BAD_HORIZON);
    signal.h_bars = 1;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_BAD_LEVELS);
    in.close = 100.05;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_EXECUTED);
    in.exit_bar = SIZE_MAX;
    assert_int_equal(pxi_guards_check(&in), PX_OUTCOME_EXECUTED);
}

/* ---- the meta-model's threshold ------------------------------------------------------------------------ */

/* An event of a side and a probability, to a threshold of 0.45 for longs and 0.55 for shorts. */
static px_outcome fate_at(px_side side, double p, bool has_model) {
    const px_strategy *strategy = NULL;
    px_config config = px_config_default();
    px_candidate_list candidates = {0};
    px_signal_list signals = {0};
    const px_event event = {.bar = 60, .side = side, .atr = 2, .h_bars = 12};
    const px_events_input input = {
        .events = &event, .p = &p, .n = 1, .config = &config, .has_model = has_model};
    config.long_threshold = 0.45;
    config.short_threshold = 0.55;
    assert_int_equal(px_strategy_find("pixityAI_meta", &strategy, NULL), PX_OK);
    assert_int_equal(strategy->take_events(&input, &candidates, &signals, NULL), PX_OK);
    const px_outcome outcome = candidates.items[0].outcome;
    assert_int_equal(candidates.n, 1);
    assert_int_equal(signals.n, outcome == PX_OUTCOME_EXECUTED);
    px_candidate_list_free(&candidates);
    px_signal_list_free(&signals);
    return outcome;
}

static void test_a_probability_at_its_threshold_is_kept(void **state) {
    (void)state;
    assert_int_equal(fate_at(PX_LONG, 0.45, true), PX_OUTCOME_EXECUTED);
    assert_int_equal(fate_at(PX_LONG, nextafter(0.45, 0), true), PX_OUTCOME_REJECTED_MODEL);
    assert_int_equal(fate_at(PX_SHORT, 0.55, true), PX_OUTCOME_EXECUTED);
    assert_int_equal(fate_at(PX_SHORT, nextafter(0.55, 0), true), PX_OUTCOME_REJECTED_MODEL);
    assert_int_equal(fate_at(PX_LONG, NAN, true), PX_OUTCOME_REJECTED_MODEL);
    assert_int_equal(fate_at(PX_LONG, NAN, false), PX_OUTCOME_EXECUTED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_fates_have_names),
        cmocka_unit_test(test_crossings),
        cmocka_unit_test(test_a_moved_line_is_crossed),
        cmocka_unit_test(test_signal_id_is_sha256_of_its_parts),
        cmocka_unit_test(test_seen_signals_are_remembered),
        cmocka_unit_test(test_guards_in_order),
        cmocka_unit_test(test_a_probability_at_its_threshold_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
