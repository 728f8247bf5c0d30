// SPDX-License-Identifier: Apache-2.0
/* premium_tp_sl and confluence on columns made by hand: every condition decides, in its direction and at
 * its edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "strategies/alignment.h"

#include <math.h>
#include <stdlib.h>

/* What a strategy looks at on one bar, the histogram of the bar before included. */
typedef struct scene {
    double close, ut_stop, macd, macd_signal, histogram_before, rsi, vwap, adx, atr;
} scene;

static const scene buying = {100, 98, 1.5, 1.0, 0.4, 65, 99, 30, 2};
static const scene selling = {100, 102, -1.5, -1.0, -0.4, 35, 101, 30, 2};

/* The columns of both strategies; premium_tp_sl has the ATR behind them. */
enum { ATR = PXI_ALIGNMENT_N_COLUMNS, N_COLUMNS };
typedef struct row {
    double column[N_COLUMNS];
} row;

static row row_of(const scene *s) {
    return (row){{
        [PXI_ALIGNMENT_MACD] = s->macd,
        [PXI_ALIGNMENT_MACD_SIGNAL] = s->macd_signal,
        [PXI_ALIGNMENT_HISTOGRAM] = s->macd - s->macd_signal,
        [PXI_ALIGNMENT_RSI] = s->rsi,
        [PXI_ALIGNMENT_VWAP] = s->vwap,
        [PXI_ALIGNMENT_ADX] = s->adx,
        [PXI_ALIGNMENT_UT_STOP] = s->ut_stop,
        [ATR] = s->atr,
    }};
}

typedef struct player {
    const px_strategy *strategy;
    void *state;
    px_signal signals[PX_SIGNALS_PER_BAR];
    int n;
} player;

static player player_of(const char *id, const char *parameters) {
    px_config config = px_config_default();
    px_strategy_config chosen;
    player p = {0};
    assert_int_equal(px_strategy_config_read(id, parameters, &chosen, NULL), PX_OK);
    p.strategy = chosen.strategy;
    p.state = calloc(1, p.strategy->state_size);
    p.strategy->init(p.state, &config, chosen.values);
    return p;
}

static player player_make(const char *id) {
    return player_of(id, NULL);
}

static void show(player *p, const scene *s) {
    row before = {{[PXI_ALIGNMENT_HISTOGRAM] = s->histogram_before, [PXI_ALIGNMENT_VWAP] = NAN}},
        now = row_of(s);
    px_bar bar = {0, s->close, s->close, s->close, s->close, 1};
    assert_int_equal(p->strategy->on_bar(p->state, &bar, before.column, p->signals), 0);
    p->n = p->strategy->on_bar(p->state, &bar, now.column, p->signals);
}

/* 1 a buy, -1 a sell, 0 nothing. */
static int verdict(const char *id, const scene *s) {
    player p = player_make(id);
    show(&p, s);
    free(p.state);
    if (p.n == 0)
        return 0;
    assert_int_equal(p.n, 1);
    assert_int_equal(p.signals[0].action, PX_ACTION_ENTER);
    return p.signals[0].side;
}

/* ---- conditions --------------------------------------------------------------------------------------- */

typedef struct change {
    size_t field; /* offset in scene */
    double value;
    bool stays; /* the signal does not mind */
} change;
#define SET(name, value, stays)                                                                              \
    { offsetof(scene, name), value, stays }

static void check_changes(const scene *base, int side, const change *changes, size_t n) {
    static const char *const ids[] = {"premium_tp_sl", "confluence"};
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(verdict(ids[k], base), side);
        for (size_t i = 0; i < n; i++) {
            scene s = *base;
            *(double *)(void *)((char *)&s + changes[i].field) = changes[i].value;
            if (verdict(ids[k], &s) != (changes[i].stays ? side : 0))
                fail_msg("%s: change %zu", ids[k], i);
        }
    }
}

static void test_every_condition_of_a_buy(void **state) {
    (void)state;
    static const change changes[] = {
        SET(ut_stop, 99.9, true),
        SET(ut_stop, 100, false),
        SET(ut_stop, NAN, false),
        SET(macd, 1.0, false),
        SET(macd_signal, 1.5, false),
        SET(macd, NAN, false),
        SET(histogram_before, 0.5, false),
        SET(histogram_before, 0.49, true),
        SET(histogram_before, NAN, false),
        SET(histogram_before, -3, true),
        SET(rsi, 60, false),
        SET(rsi, 60.01, true),
        SET(rsi, 70, true),
        SET(rsi, 70.01, false),
        SET(rsi, NAN, false),
        SET(vwap, 100, false),
        SET(vwap, 99.99, true),
        SET(vwap, NAN, false),
        SET(adx, 25, false),
        SET(adx, 25.01, true),
        SET(adx, NAN, false),
    };
    check_changes(&buying, 1, changes, sizeof changes / sizeof *changes);
}

static void test_every_condition_of_a_sell(void **state) {
    (void)state;
    static const change changes[] = {
        SET(ut_stop, 100.1, true),
        SET(ut_stop, 100, false),
        SET(ut_stop, NAN, false),
        SET(macd, -1.0, false),
        SET(macd_signal, -1.5, false),
        SET(macd, NAN, false),
        SET(histogram_before, -0.5, false),
        SET(histogram_before, -0.49, true),
        SET(histogram_before, NAN, false),
        SET(histogram_before, 3, true),
        SET(rsi, 40, false),
        SET(rsi, 39.99, true),
        SET(rsi, 30, true),
        SET(rsi, 29.99, false),
        SET(rsi, NAN, false),
        SET(vwap, 100, false),
        SET(vwap, 100.01, true),
        SET(vwap, NAN, false),
        SET(adx, 25, false),
        SET(adx, 25.01, true),
        SET(adx, NAN, false),
    };
    check_changes(&selling, -1, changes, sizeof changes / sizeof *changes);
}

/* MACD above its signal but negative, and the reverse, decide by their difference alone. */
static void test_only_the_difference_of_macd_counts(void **state) {
    (void)state;
    scene s = buying;
    s.macd = -1.0;
    s.macd_signal = -1.5;
    assert_int_equal(verdict("confluence", &s), 1);
    s = selling;
    s.macd = 1.0;
    s.macd_signal = 1.5;
    assert_int_equal(verdict("confluence", &s), -1);
}

static void test_the_first_bar_has_no_histogram_before(void **state) {
    (void)state;
    player p = player_make("confluence");
    row now = row_of(&buying);
    px_bar bar = {0, 100, 100, 100, 100, 1};
    assert_int_equal(p.strategy->on_bar(p.state, &bar, now.column, p.signals), 0);
    free(p.state);
}

/* The edges stand where the parameters say, of sells mirrored at 50. */
static void test_edges_follow_the_parameters(void **state) {
    (void)state;
    static const struct {
        double rsi, adx;
        int side;
    } cases[] = {{55, 30, 0},  {55.1, 30, 1}, {80, 30, 1}, {80.1, 30, 0}, {45, 30, 0}, {44.9, 30, -1},
                 {20, 30, -1}, {19.9, 30, 0}, {60, 10, 0}, {60, 10.1, 1}, {40, 10, 0}, {40, 10.1, -1}};
    static const char *const ids[] = {"premium_tp_sl", "confluence"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 2; k++) {
            scene s = cases[i].rsi > 50 ? buying : selling;
            s.rsi = cases[i].rsi;
            s.adx = cases[i].adx;
            player p = player_of(ids[k], "rsi_from=55,rsi_to=80,min_adx=10");
            show(&p, &s);
            if ((p.n ? p.signals[0].side : 0) != cases[i].side)
                fail_msg("%s: case %zu", ids[k], i);
            free(p.state);
        }
}

/* ---- signals ------------------------------------------------------------------------------------------ */

static void test_premium_asks_for_levels(void **state) {
    (void)state;
    player p = player_make("premium_tp_sl");
    show(&p, &selling);
    const px_signal *entry = &p.signals[0];
    assert_int_equal(entry->stop.kind, PX_LEVEL_DISTANCE);
    assert_int_equal(entry->target.kind, PX_LEVEL_DISTANCE);
    assert_true(entry->stop.value == 3.0 && entry->target.value == 6.0 && entry->h_bars == 20);
    assert_true(entry->event_type == -1 && entry->atr == 2.0);
    free(p.state);
}

static void test_premium_asks_for_what_its_parameters_say(void **state) {
    (void)state;
    player p = player_of("premium_tp_sl", "stop_atrs=0.5,target_atrs=7.25,hold_bars=3");
    show(&p, &buying);
    const px_signal *entry = &p.signals[0];
    assert_true(entry->stop.value == 1.0 && entry->target.value == 14.5 && entry->h_bars == 3);
    free(p.state);
}

static void test_confluence_asks_for_none(void **state) {
    (void)state;
    player p = player_make("confluence");
    show(&p, &buying);
    const px_signal *entry = &p.signals[0];
    assert_true(entry->stop.kind == PX_LEVEL_NONE && entry->target.kind == PX_LEVEL_NONE && !entry->h_bars);
    free(p.state);
}

/* Every bar that agrees enters; only the turn leaves first. */
static void test_the_opposite_signal_leaves_first(void **state) {
    (void)state;
    static const char *const ids[] = {"premium_tp_sl", "confluence"};
    static const scene *const scenes[] = {&buying, &buying, &selling, &selling, &buying};
    static const int counts[] = {1, 1, 2, 1, 2};
    for (size_t k = 0; k < 2; k++) {
        player p = player_make(ids[k]);
        for (size_t i = 0; i < 5; i++) {
            px_side side = scenes[i] == &buying ? PX_LONG : PX_SHORT;
            show(&p, scenes[i]);
            assert_int_equal(p.n, counts[i]);
            assert_int_equal(p.signals[p.n - 1].action, PX_ACTION_ENTER);
            assert_int_equal(p.signals[p.n - 1].side, side);
            if (p.n == 2) {
                assert_int_equal(p.signals[0].action, PX_ACTION_EXIT);
                assert_int_equal(p.signals[0].side, -side);
                assert_int_equal(p.signals[0].stop.kind, PX_LEVEL_NONE);
            }
        }
        free(p.state);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_condition_of_a_buy),
        cmocka_unit_test(test_every_condition_of_a_sell),
        cmocka_unit_test(test_only_the_difference_of_macd_counts),
        cmocka_unit_test(test_the_first_bar_has_no_histogram_before),
        cmocka_unit_test(test_edges_follow_the_parameters),
        cmocka_unit_test(test_premium_asks_for_levels),
        cmocka_unit_test(test_premium_asks_for_what_its_parameters_say),
        cmocka_unit_test(test_confluence_asks_for_none),
        cmocka_unit_test(test_the_opposite_signal_leaves_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
