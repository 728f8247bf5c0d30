// SPDX-License-Identifier: Apache-2.0
/* Event rules by hand: each condition at its border, order on one bar, model inputs, the first bar that may
 * have one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "vocabulary.h"
#include "base/rng.h"
#include "events/event_columns.h"
#include "events/scan.h"
#include "indicators/frame.h"

#include <math.h>
#include <string.h>

#define N 60

static px_calendar *nse;

/* Bars and a frame whose values are set by hand; nothing happens until a test changes bar `N - 1`. */
typedef struct scene {
    px_bars bars;
    px_feature_frame frame;
    px_config config;
} scene;

static double columns[PX_N_FEATURES][N], *column[PX_N_FEATURES];

static scene make(void) {
    static const double quiet[PX_N_FEATURES] = {
        [PX_EMA20] = 100, [PX_EMA50] = 100, [PX_ATR] = 2,          [PX_ADX] = 30,
        [PX_VWAP] = 100,  [PX_VOL_Z] = 0.5, [PX_SWING_HIGH] = 110, [PX_SWING_LOW] = 90};
    scene s = {.config = px_config_default(),
               .frame = {.n = N, .n_columns = PX_N_FEATURES, .column = column}};
    for (size_t i = 0; i < N; i++) {
        const px_bar bar = {
            INT64_C(1704167100000000) + (int64_t)i * 5 * PX_US_PER_MINUTE, 100, 120, 80, 100, 1};
        assert_int_equal(px_bars_append(&s.bars, &bar, NULL), PX_OK);
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            columns[k][i] = quiet[k];
    }
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        column[k] = columns[k];
    return s;
}

static void assert_same_column(const char *a, const char *b) {
    const px_config config = px_config_default();
    pxi_column_spec is, as;
    assert_int_equal(pxi_column_spec_parse(a, &config, &is, NULL), PX_OK);
    assert_int_equal(pxi_column_spec_parse(b, &config, &as, NULL), PX_OK);
    assert_true(is.output == as.output && pxi_column_spec_same_run(&is, &as));
}

static px_event_list find(const scene *s, size_t begin, size_t end) {
    px_event_list events = {0};
    assert_int_equal(px_events_find(&s->bars, &s->frame, nse, &s->config, 5, begin, end, &events, NULL),
                     PX_OK);
    return events;
}

/* Which events bar `bar` has, as letters: T and t for TREND long and short, R and r for REVERSION. */
static const char *letters(const scene *s, size_t bar) {
    static char text[8];
    px_event_list events = find(s, 0, N);
    size_t n = 0;
    for (size_t k = 0; k < events.n; k++) {
        const px_event *event = &events.items[k];
        assert_int_equal(event->bar, bar);
        text[n++] = "TtRr"[2 * event->type + (event->side == PX_SHORT)];
    }
    text[n] = '\0';
    px_event_list_free(&events);
    return text;
}

/* The last two closes and the row of the last bar, and what they make. */
typedef struct rule_case {
    double before, close, ema20, ema50, atr, adx, vwap, swing_high, swing_low;
    const char *events;
} rule_case;

static const rule_case rules[] = {
    {100, 111, 101, 100, 2, 30, 105, 110, 90, "T"},
    {110, 111, 101, 100, 2, 30, 105, 110, 90, "T"},  /* the close before at the swing */
    {110.5, 111, 101, 100, 2, 30, 105, 110, 90, ""}, /* beyond it already */
    {100, 110, 101, 100, 2, 30, 105, 110, 90, ""},   /* at the swing only */
    {100, 111, 100, 100, 2, 30, 105, 110, 90, ""},   /* averages tie */
    {100, 111, 101, 100, 2, 30, 111, 110, 90, ""},   /* at VWAP */
    {100, 111, 101, 100, 2, 30, NAN, 110, 90, ""},   /* undefined is false */
    {100, 111, 101, 100, 2, 30, 105, NAN, 90, ""},
    {100, 89, 99, 100, 2, 30, 95, 110, 90, "t"},
    {90, 89, 99, 100, 2, 30, 95, 110, 90, "t"},
    {89.5, 89, 99, 100, 2, 30, 95, 110, 90, ""},
    {100, 90, 99, 100, 2, 30, 95, 110, 90, ""},
    {100, 89, 100, 100, 2, 30, 95, 110, 90, ""},
    {100, 89, 99, 100, 2, 30, 89, 110, 90, ""},
    {95, 97, 100, 100, 2, 20, 100, 110, 90, "R"},   /* the band is 96 to 104 */
    {95.5, 96, 100, 100, 2, 20, 100, 110, 90, "R"}, /* back at its edge */
    {96, 97, 100, 100, 2, 20, 100, 110, 90, ""},    /* was at its edge */
    {95, 97, 100, 100, 2, 25, 100, 110, 90, ""},    /* a trend */
    {95, 97, 100, 100, NAN, 20, 100, 110, 90, ""},
    {95, 97, 100, 100, 2, NAN, 100, 110, 90, ""},
    {105, 103, 100, 100, 2, 20, 100, 110, 90, "r"},
    {104.5, 104, 100, 100, 2, 20, 100, 110, 90, "r"},
    {104, 103, 100, 100, 2, 20, 100, 110, 90, ""},
    {105, 103, 100, 100, 2, 25, 100, 110, 90, ""},
    {105, 103, 100, 100, 2, 24.5, 100, 110, 90, "r"},
    {95, 105, 101, 100, 2, 20, 100, 98, 90, "TR"}, /* through the band and a swing at once */
    {105, 95, 99, 100, 2, 20, 100, 110, 101, "tr"},
};

static void test_rules(void **state) {
    (void)state;
    scene s = make();
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const rule_case *c = &rules[i];
        const double row[PX_N_FEATURES] = {[PX_EMA20] = c->ema20,
                                           [PX_EMA50] = c->ema50,
                                           [PX_ATR] = c->atr,
                                           [PX_ADX] = c->adx,
                                           [PX_VWAP] = c->vwap,
                                           [PX_SWING_HIGH] = c->swing_high,
                                           [PX_SWING_LOW] = c->swing_low};
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            columns[k][N - 1] = row[k];
        s.bars.close[N - 2] = c->before;
        s.bars.close[N - 1] = c->close;
        if (strcmp(letters(&s, N - 1), c->events) != 0)
            fail_msg("rule %zu: \"%s\", not \"%s\"", i, letters(&s, N - 1), c->events);
    }
    px_bars_free(&s.bars);
}

static void test_band_width_is_a_setting(void **state) {
    (void)state;
    scene s = make();
    columns[PX_ADX][N - 1] = 20;
    s.bars.close[N - 2] = 98.5, s.bars.close[N - 1] = 99.5;
    assert_string_equal(letters(&s, N - 1), "");
    s.config.reversion_k = 0.5;
    assert_string_equal(letters(&s, N - 1), "R");
    px_bars_free(&s.bars);
}

static void test_first_bar_and_ranges(void **state) {
    (void)state;
    scene s = make();
    for (size_t i = 1; i < N; i++) { /* every bar is a TREND long */
        columns[PX_EMA20][i] = 101;
        columns[PX_SWING_HIGH][i] = 104.5 + (double)i;
        s.bars.close[i] = 105.0 + (double)i;
    }
    static const struct {
        size_t begin, end, n;
    } ranges[] = {{0, N, N - PX_EVENT_MIN_BAR},
                  {0, 50, 0},
                  {0, 51, 1},
                  {55, 57, 2},
                  {55, 55, 0},
                  {57, 55, 0},
                  {0, 0, 0}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        px_event_list events = find(&s, ranges[i].begin, ranges[i].end);
        assert_int_equal(events.n, ranges[i].n);
        if (events.n)
            assert_int_equal(events.items[0].bar, ranges[i].begin > 50 ? ranges[i].begin : 50);
        px_event_list_free(&events);
    }
    px_bars_free(&s.bars);
}

static void test_inputs(void **state) {
    (void)state;
    static const char *const names[] = {"vwap_dist", "ema_slope", "atr_pct", "adx",
                                        "hour",      "minute",    "vol_z"};
    scene s = make();
    s.config.time_stop_bars = 9;
    s.bars.close[N - 1] = 112, columns[PX_EMA20][N - 1] = 103, columns[PX_VOL_Z][N - 1] = -1.5;
    px_event_list events = find(&s, 0, N);
    assert_int_equal(events.n, 1);
    const px_event *event = &events.items[0];
    assert_true(event->inputs[KIT_INPUT_VWAP_DIST] == 12.0 / 100 &&
                event->inputs[KIT_INPUT_EMA_SLOPE] == 3.0 / 100);
    assert_true(event->inputs[KIT_INPUT_ATR_PCT] == 2.0 / 112 && event->inputs[KIT_INPUT_ADX] == 30);
    assert_true(event->inputs[KIT_INPUT_HOUR] == 14 &&
                event->inputs[KIT_INPUT_MINUTE] == 10); /* 09:15 + 59 * 5 */
    assert_true(event->inputs[KIT_INPUT_VOL_Z] == -1.5 && event->close == 112 && event->atr == 2);
    assert_true(event->h_bars == 9 && event->bar_minutes == 5 && event->ts_us == s.bars.ts_us[N - 1]);
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        assert_string_equal(px_input_name(k), names[k]);
    assert_null(px_input_name(PX_N_INPUTS));
    px_event_list_free(&events);
    px_event_list_free(NULL);
    px_bars_free(&s.bars);
}

/* ---- without a frame ---------------------------------------------------------------------------------- */

static void assert_same_event(const px_event *a, const px_event *b) {
    assert_true(a->bar == b->bar && a->ts_us == b->ts_us && a->type == b->type && a->side == b->side);
    assert_memory_equal(a->inputs, b->inputs, sizeof a->inputs);
    assert_memory_equal(&a->close, &b->close, sizeof a->close);
    assert_memory_equal(&a->atr, &b->atr, sizeof a->atr);
    assert_true(a->h_bars == b->h_bars && a->bar_minutes == b->bar_minutes);
}

static size_t check_scan(const px_dataset *data, const px_feature_frame *frame, const px_config *config) {
    pxi_event_scan scan = {0};
    px_event_list want = {0};
    size_t n_without_vwap = 0;
    assert_int_equal(px_events_find(&data->bars, frame, nse, config, 1, data->begin, data->end, &want, NULL),
                     PX_OK);
    assert_int_equal(pxi_events_scan(data, config, &scan, NULL), PX_OK);
    const size_t n_events = want.n;
    assert_int_equal(scan.events.n, n_events);
    for (size_t i = 0; i < n_events; i++)
        assert_same_event(&scan.events.items[i], &want.items[i]);
    for (size_t i = data->begin; i < data->end; i++)
        n_without_vwap += isnan(frame->column[PX_VWAP][i]);
    assert_int_equal(scan.n_without_vwap, n_without_vwap);
    px_event_list_free(&want);
    px_event_list_free(&scan.events);
    return n_events;
}

/* Block by block, from any bar to any other, the events are those of the whole frame; volume is missing in
 * every third session. */
static void test_scan_finds_what_the_frame_has(void **state) {
    (void)state;
    enum { BARS = 6 * 375 };
    static const size_t borders[] = {0, 1, 49, 50, 51, 511, 512, 513, 1023, 1024, 1025, 1500, BARS - 1, BARS};
    enum { N_BORDERS = sizeof borders / sizeof *borders };
    px_dataset data = {.calendar = nse, .timeframe_minutes = 1};
    px_config config = px_config_default();
    size_t n_events = 0;
    double price = 1000;
    pxi_rng rng;
    pxi_rng_seed(&rng, 3);
    for (int i = 0; i < BARS; i++) {
        const double open = price, wick = pxi_rng_uniform(&rng);
        price += 4 * (pxi_rng_uniform(&rng) - 0.5);
        const px_bar bar = {INT64_C(1704167100000000) + i / 375 * PX_US_PER_DAY + i % 375 * PX_US_PER_MINUTE,
                            open,
                            fmax(open, price) + wick,
                            fmin(open, price) - wick,
                            price,
                            i / 375 % 3 == 2 ? 0 : 100 + i % 7};
        assert_int_equal(px_bars_append(&data.bars, &bar, NULL), PX_OK);
    }
    for (int round = 0; round < 2; round++) {
        px_feature_frame frame = {0};
        config.vwap_fallback = round ? PX_VWAP_DATASET : PX_VWAP_SESSION;
        assert_true(pxi_frame_is_causal(pxi_frame_columns, data.bars.n, &config));
        assert_int_equal(px_features_compute(&data.bars, nse, &config, &frame, NULL), PX_OK);
        for (size_t b = 0; b < N_BORDERS; b++)
            for (size_t e = b; e < N_BORDERS; e++) {
                data.begin = borders[b];
                data.end = borders[e];
                n_events += check_scan(&data, &frame, &config);
            }
        px_feature_frame_free(&frame);
    }
    assert_true(n_events > 1000);
    config.swing = PX_SWING_CENTERED;
    assert_false(pxi_frame_is_causal(pxi_frame_columns, data.bars.n, &config));
    config = px_config_default();
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    config.swing = PX_SWING_CONFIRMED;
    /* ADX is 0 there, because there are so few. */
    assert_false(pxi_frame_is_causal(pxi_frame_columns, 27, &config));
    assert_true(pxi_frame_is_causal(pxi_frame_columns, 28, &config));
    px_bars_free(&data.bars);
}

/* What types and inputs name is found where it stands, however it is written; a column that two of them name
 * is there once. */
static void test_named_columns_are_found(void **state) {
    static pxi_event_columns found;
    const px_config config = px_config_default();
    const pxi_event_kind *kind;
    (void)state;
    assert_int_equal(pxi_event_columns_find(&config, &found, NULL), PX_OK);
    assert_int_equal(found.n, PX_N_FEATURES);
    assert_null(found.specs[found.n]);
    assert_true(pxi_events_of_features(&config));
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        assert_string_equal(found.specs[k], px_feature_name(k));
    for (int type = 0; (kind = pxi_event_kind_at(type)); type++)
        for (size_t c = 0; kind->columns[c]; c++)
            assert_same_column(kind->columns[c], found.specs[found.of_type[type][c]]);
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        for (size_t c = 0; pxi_inputs[k].columns[c]; c++)
            assert_same_column(pxi_inputs[k].columns[c], found.specs[found.of_input[k][c]]);
    assert_int_equal(found.n_unread, 1);
    assert_int_equal(found.unread[0], PX_VOL_Z);
}

/* A column of one name is another one where a setting in it is. */
static void test_named_columns_follow_the_settings(void **state) {
    static pxi_event_columns found;
    px_config config = px_config_default();
    (void)state;
    config.swing_period = 7;
    assert_int_equal(pxi_event_columns_find(&config, &found, NULL), PX_OK);
    assert_int_equal(found.n, PX_N_FEATURES);
    assert_int_equal(found.of_type[KIT_TREND][3], PX_SWING_HIGH);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(px_event_type_name(KIT_TREND), "TREND");
    assert_string_equal(px_event_type_name(KIT_REVERSION), "REVERSION");
    assert_null(px_event_type_name(KIT_N_TYPES));
    assert_null(px_event_type_name(-1));
    assert_string_equal(px_side_name(PX_LONG), "BUY");
    assert_string_equal(px_side_name(PX_SHORT), "SELL");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_band_width_is_a_setting),
        cmocka_unit_test(test_first_bar_and_ranges),
        cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_scan_finds_what_the_frame_has),
        cmocka_unit_test(test_named_columns_are_found),
        cmocka_unit_test(test_named_columns_follow_the_settings),
        cmocka_unit_test(test_names),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
