// SPDX-License-Identifier: Apache-2.0
/* Exits inside one-minute bars: labels of thousands of random series against a walk over the minutes that
 * knows nothing of bars but where they begin, and against exits looked for in whole bars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/stretch.h"
#include "pixity/labels.h"
#include "depth.h"
#include "series.h"

#include <string.h>

#define N_SEEDS (uint64_t) rounds(1500)

static px_calendar *nse;

typedef struct draw {
    px_config config;
    px_dataset data;
    px_event_list events;
    px_label_list labels;
} draw;

static void find_labels(draw *d) {
    px_label_list_free(&d->labels);
    assert_int_equal(px_labels_compute(&d->data, &d->events, &d->config, &d->labels, NULL), PX_OK);
}

static draw make(uint64_t seed) {
    static const int timeframes[] = {5, 15, 60, 240};
    draw d = {.config = px_config_default()};
    px_feature_frame frame = {0};
    px_bars minutes = series_make_with(seed, nse, (series_options){1, 8000});
    d.config.detail = PX_DETAIL_1M;
    d.config.time_stop_bars = 1 + (int)(seed % 13);
    d.config.reversion_k = 0.5;
    d.config.stop_fill = seed % 5 ? PX_STOP_FILL_MARKET : PX_STOP_FILL_LEVEL;
    d.config.square_off = seed % 2 ? PX_NO_TIME : 14 * 60 + (int)(seed % 97);
    d.data = (px_dataset){.calendar = nse, .timeframe_minutes = timeframes[seed / 2 % 4]};
    d.data.instrument.tick = seed % 3 ? 0.05 : 0;
    assert_int_equal(px_bars_resample(&minutes, nse, d.config.resample_anchor, 1, d.data.timeframe_minutes,
                                      &d.data.bars, NULL),
                     PX_OK);
    assert_int_equal(px_detail_make(&minutes, 1, &d.data.bars, &d.data.detail, NULL), PX_OK);
    d.data.end = d.data.bars.n;
    assert_int_equal(px_features_compute(&d.data.bars, nse, &d.config, &frame, NULL), PX_OK);
    assert_int_equal(px_events_find(&d.data.bars, &frame, nse, &d.config, d.data.timeframe_minutes, 0,
                                    d.data.end, &d.events, NULL),
                     PX_OK);
    px_feature_frame_free(&frame);
    find_labels(&d);
    return d;
}

static void drop(draw *d) {
    px_label_list_free(&d->labels);
    px_event_list_free(&d->events);
    px_detail_free(&d->data.detail);
    px_bars_free(&d->data.bars);
}

/* The bar that a minute lies in. */
static size_t bar_of(const draw *d, int64_t ts_us) {
    size_t i = 0;
    while (i + 1 < d->data.bars.n && d->data.bars.ts_us[i + 1] <= ts_us)
        i++;
    return i;
}

typedef struct outcome {
    px_exit_reason reason;
    double price;
    size_t bar;
} outcome;

/* What one minute does to a position; PX_EXIT_NONE: nothing. */
static outcome look_at_minute(const draw *d, const px_bar *minute, int side, const px_levels *levels,
                              int64_t cutoff_us) {
    bool market = d->config.stop_fill == PX_STOP_FILL_MARKET;
    double low = side > 0 ? minute->low : minute->high, high = side > 0 ? minute->high : minute->low;
    int64_t end_us = minute->ts_us + PX_US_PER_MINUTE;
    bool late = end_us > cutoff_us;
    if (market && side * minute->open <= side * levels->stop)
        return (outcome){PX_EXIT_STOP_LOSS, minute->open, 0};
    if (market && side * minute->open >= side * levels->target)
        return (outcome){PX_EXIT_TAKE_PROFIT, minute->open, 0};
    if (late)
        return (outcome){PX_EXIT_SQUARE_OFF, minute->open, 0};
    if (side * low <= side * levels->stop)
        return (outcome){PX_EXIT_STOP_LOSS, levels->stop, 0};
    if (side * high >= side * levels->target)
        return (outcome){PX_EXIT_TAKE_PROFIT, levels->target, 0};
    return (outcome){end_us == cutoff_us ? PX_EXIT_SQUARE_OFF : PX_EXIT_NONE, minute->close, 0};
}

static outcome walk(const draw *d, const px_event *event, const px_label *label) {
    const px_bars *minutes = &d->data.detail.bars;
    px_level stop = {PX_LEVEL_DISTANCE, d->config.sl_mult * event->atr};
    px_level target = {PX_LEVEL_DISTANCE, d->config.tp_mult * event->atr};
    px_levels levels =
        px_barrier_levels(event->side, label->entry_price, stop, target, d->data.instrument.tick);
    size_t first = event->bar + 1;
    px_session session = px_calendar_session(nse, px_calendar_date(nse, d->data.bars.ts_us[first]));
    int64_t cutoff_us = px_square_off_us(&session, &d->config);
    for (size_t m = px_bars_lower_bound(minutes, d->data.bars.ts_us[first]); m < minutes->n; m++) {
        px_bar minute = px_bars_at(minutes, m);
        outcome o = look_at_minute(d, &minute, event->side, &levels, cutoff_us);
        size_t bar = bar_of(d, minute.ts_us);
        if (pxi_next_hole(&d->data.bars, first, bar + 1, nse) <= bar)
            return (outcome){PX_EXIT_DATA_HOLE, minutes->close[m - 1], bar - 1};
        bool ends_bar = m + 1 == minutes->n || bar_of(d, minutes->ts_us[m + 1]) != bar;
        if (o.reason == PX_EXIT_NONE && ends_bar && bar - first + 1 == (size_t)d->config.time_stop_bars)
            o = (outcome){PX_EXIT_TIME_STOP, minute.close, 0};
        o.bar = bar;
        if (o.reason != PX_EXIT_NONE)
            return o;
    }
    return (outcome){PX_EXIT_NONE, NAN, SIZE_MAX};
}

static void test_labels_are_a_walk_over_the_minutes(void **state) {
    size_t n_hits[PX_EXIT_END_OF_DATA + 1] = {0};
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        for (size_t k = 0; k < d.labels.n; k++) {
            const px_label *label = &d.labels.items[k];
            if (isnan(label->entry_price))
                continue;
            outcome o = walk(&d, &d.events.items[label->event], label);
            if (o.reason != label->hit || o.bar != label->exit_bar ||
                (o.reason != PX_EXIT_NONE && o.price != label->exit_price))
                fail_msg("seed %llu, label %zu: %s at %.17g on bar %zu, the minutes say %s at %.17g on %zu",
                         (unsigned long long)seed, k, px_exit_reason_name(label->hit), label->exit_price,
                         label->exit_bar, px_exit_reason_name(o.reason), o.price, o.bar);
            n_hits[label->hit]++;
        }
        drop(&d);
    }
    for (int reason = PX_EXIT_NONE; reason <= PX_EXIT_SQUARE_OFF; reason++)
        assert_true(n_hits[reason] > N_SEEDS / 50);
}

/* Without a square-off the minutes decide nothing but what happens inside the bar that reaches a level. */
static void test_whole_bars_leave_on_the_same_bar(void **state) {
    size_t n_same = 0, n_other = 0;
    (void)state;
    for (uint64_t seed = 1; seed < N_SEEDS; seed += 2) {
        draw d = make(seed);
        px_label_list fine = d.labels;
        px_detail detail = d.data.detail;
        d.labels = (px_label_list){0};
        d.data.detail = (px_detail){0};
        d.config.detail = PX_DETAIL_NONE;
        find_labels(&d);
        assert_int_equal(fine.n, d.labels.n);
        for (size_t k = 0; k < fine.n; k++) {
            const px_label *a = &fine.items[k], *b = &d.labels.items[k];
            assert_true(a->exit_bar == b->exit_bar && a->end_bar == b->end_bar && a->complete == b->complete);
            if (b->hit == PX_EXIT_TAKE_PROFIT) /* whole bars put the stop first: minutes can only agree */
                assert_int_equal(a->hit, PX_EXIT_TAKE_PROFIT);
            n_same += a->hit == b->hit;
            n_other += a->hit != b->hit;
        }
        px_label_list_free(&fine);
        d.data.detail = detail;
        drop(&d);
    }
    assert_true(n_same > 20 * n_other && n_other > N_SEEDS / 150);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_are_a_walk_over_the_minutes),
        cmocka_unit_test(test_whole_bars_leave_on_the_same_bar),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
