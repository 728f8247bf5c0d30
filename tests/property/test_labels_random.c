// SPDX-License-Identifier: Apache-2.0
/* Labels over thousands of random series: nothing at or after the window's end is looked at, more bars change
 * no label that is decided, every outcome is one that a trade could have had, and bars watched in stretches
 * are what bars watched one by one are. */
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

#define N_SEEDS (uint64_t) rounds(2000)
#define TICK    0.05

static px_calendar *calendar;

/* A random series with its events, and settings of every kind. */
typedef struct draw {
    uint64_t seed;
    px_bars bars;
    px_config config;
    px_feature_frame frame;
    px_event_list events;
    int minutes;
    double tick;
} draw;

static draw make(uint64_t seed) {
    static const int minutes[] = {1, 5, 15, 60};
    static const int horizons[] = {12, 1, 2, 40};
    draw d = {.seed = seed, .config = px_config_default(), .minutes = minutes[seed % 4]};
    const series_options options = {d.minutes, 1500};
    d.tick = seed % 3 ? TICK : 0.0;
    if (seed % 5 == 0)
        px_config_set_profile(&d.config, PX_PROFILE_REFERENCE);
    if (seed % 7 == 0)
        d.config.entry = PX_ENTRY_SIGNAL_CLOSE;
    if (seed % 11 == 0)
        d.config.stop_fill = PX_STOP_FILL_LEVEL;
    if (seed % 2)
        d.config.square_off = 15 * 60 + (int)(seed % 31);
    d.config.time_stop_bars = horizons[seed / 4 % 4];
    d.config.reversion_k = 0.5;
    d.bars = series_make_with(seed, calendar, options);
    assert_int_equal(px_features_compute(&d.bars, calendar, &d.config, &d.frame, NULL), PX_OK);
    assert_int_equal(
        px_events_find(&d.bars, &d.frame, calendar, &d.config, d.minutes, 0, d.bars.n, &d.events, NULL),
        PX_OK);
    return d;
}

static void drop(draw *d) {
    px_event_list_free(&d->events);
    px_feature_frame_free(&d->frame);
    px_bars_free(&d->bars);
}

static px_label_list label(const draw *d, const px_bars *bars, size_t end) {
    px_label_list labels = {0};
    px_event_list events = d->events;
    const px_dataset data = {.calendar = calendar,
                             .instrument = {.tick = d->tick, .lot_size = 1},
                             .timeframe_minutes = d->minutes,
                             .bars = *bars,
                             .end = end};
    while (events.n > 0 && events.items[events.n - 1].bar >= end)
        events.n--;
    assert_int_equal(px_labels_compute(&data, &events, &d->config, &labels, NULL), PX_OK);
    return labels;
}

static bool same_number(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static bool same_outcome(const px_label *a, const px_label *b) {
    return a->event == b->event && same_number(a->entry_price, b->entry_price) && a->label == b->label &&
           a->hit == b->hit && a->exit_bar == b->exit_bar && same_number(a->exit_price, b->exit_price) &&
           same_number(a->realized_r, b->realized_r) && same_number(a->mae, b->mae) &&
           same_number(a->mfe, b->mfe);
}

static bool same_label(const px_label *a, const px_label *b) {
    return same_outcome(a, b) && a->complete == b->complete && a->end_bar == b->end_bar;
}

/* Bars from `end` on become impossible ones. */
static void poison(px_bars *bars, size_t end) {
    for (size_t i = end; i < bars->n; i++)
        bars->open[i] = bars->high[i] = bars->low[i] = bars->close[i] = i % 2 ? NAN : -1e300;
}

static void test_no_bar_after_the_window_is_seen(void **state) {
    size_t n_labels = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        const size_t end = d.bars.n * (seed % 89 + 1) / 90 + 1;
        px_label_list clean = label(&d, &d.bars, end);
        poison(&d.bars, end);
        px_label_list poisoned = label(&d, &d.bars, end);
        assert_int_equal(poisoned.n, clean.n);
        for (size_t k = 0; k < clean.n; k++)
            if (!same_label(&clean.items[k], &poisoned.items[k]))
                fail_msg("seed %llu: label %zu depends on bars after the window", (unsigned long long)seed,
                         k);
        n_labels += clean.n;
        px_label_list_free(&clean);
        px_label_list_free(&poisoned);
        drop(&d);
    }
    assert_true(n_labels > 5 * N_SEEDS);
}

/* Not so in `reference`, which labels what the window cuts off with what is there. */
static void test_more_bars_change_no_decided_label(void **state) {
    size_t n_decided = 0, n_open = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        const size_t end = d.bars.n * (seed % 89 + 1) / 90 + 1;
        px_label_list part = label(&d, &d.bars, end), whole = label(&d, &d.bars, d.bars.n);
        for (size_t k = 0; k < part.n && d.config.profile == PX_PROFILE_HONEST; k++) {
            const px_label *label = &part.items[k];
            const bool decided = label->label != PX_LABEL_UNRESOLVED;
            assert_true(decided || !label->complete);
            if (label->complete ? !same_label(label, &whole.items[k])
                                : decided && !same_outcome(label, &whole.items[k]))
                fail_msg("seed %llu: label %zu changes with bars after its exit", (unsigned long long)seed,
                         k);
            n_decided += decided;
            n_open += !decided;
        }
        px_label_list_free(&part);
        px_label_list_free(&whole);
        drop(&d);
    }
    assert_true(n_decided > 5 * N_SEEDS && n_open > N_SEEDS / 10);
}

static void check_honest_outcome(const draw *d, const px_label *label) {
    const px_event *event = &d->events.items[label->event];
    const double risk = d->config.sl_mult * event->atr, slack = 1e-9;
    const bool at_close = d->config.entry == PX_ENTRY_SIGNAL_CLOSE;
    const size_t entry_bar = at_close ? event->bar : event->bar + 1;
    const px_bar exit = px_bars_at(&d->bars, label->exit_bar);
    assert_true(label->entry_price == (at_close ? d->bars.close : d->bars.open)[entry_bar]);
    assert_true(label->exit_bar > event->bar || (at_close && label->hit == PX_EXIT_DATA_HOLE));
    assert_true(label->exit_bar >= event->bar &&
                label->exit_bar - event->bar <= (size_t)d->config.time_stop_bars);
    assert_true(label->end_bar >= label->exit_bar);
    assert_true(
        same_number(label->realized_r, event->side * (label->exit_price - label->entry_price) / risk));
    if (d->config.stop_fill == PX_STOP_FILL_MARKET)
        assert_true(label->exit_price >= exit.low && label->exit_price <= exit.high);
    assert_true(label->mae >= -label->realized_r - slack && label->mfe >= label->realized_r - slack);
    if (!at_close) /* the entry is the open of a watched bar */
        assert_true(label->mae >= 0.0 && label->mfe >= 0.0);
    assert_int_equal(label->label, label->hit == PX_EXIT_TAKE_PROFIT ? 1
                                   : label->hit == PX_EXIT_STOP_LOSS ? -1
                                                                     : 0);
}

static void test_outcomes_are_possible(void **state) {
    size_t n_hits[PX_EXIT_END_OF_DATA + 1] = {0};
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        px_label_list labels = label(&d, &d.bars, d.bars.n);
        for (size_t k = 0; k < labels.n && d.config.profile == PX_PROFILE_HONEST; k++) {
            if (labels.items[k].label != PX_LABEL_UNRESOLVED)
                check_honest_outcome(&d, &labels.items[k]);
            n_hits[labels.items[k].hit]++;
        }
        px_label_list_free(&labels);
        drop(&d);
    }
    assert_true(n_hits[PX_EXIT_NONE] && n_hits[PX_EXIT_STOP_LOSS] && n_hits[PX_EXIT_TAKE_PROFIT] &&
                n_hits[PX_EXIT_TIME_STOP] && n_hits[PX_EXIT_SQUARE_OFF] && n_hits[PX_EXIT_DATA_HOLE]);
}

/* With a square-off, a position never outlives its session, unless bars are missing: then it leaves at the
 * first open that comes. */
static void test_square_off_ends_the_day(void **state) {
    size_t n_checked = 0, n_gaps = 0;
    (void)state;
    for (uint64_t seed = 1; seed < N_SEEDS; seed += 2) {
        draw d = make(seed);
        px_label_list labels = label(&d, &d.bars, d.bars.n);
        for (size_t k = 0; k < labels.n && d.config.profile == PX_PROFILE_HONEST; k++) {
            const px_label *label = &labels.items[k];
            if (label->label == PX_LABEL_UNRESOLVED)
                continue;
            const size_t signal = d.events.items[label->event].bar;
            px_session session =
                px_calendar_session(calendar, px_calendar_date(calendar, d.bars.ts_us[signal]));
            const int64_t cutoff = px_square_off_us(&session, &d.config);
            const int64_t exit_end = px_session_bar_end(&session, d.bars.ts_us[label->exit_bar], d.minutes);
            if (exit_end > cutoff) {
                assert_true(label->exit_price == d.bars.open[label->exit_bar]);
                assert_true(label->exit_bar > signal + (d.config.entry == PX_ENTRY_NEXT_OPEN));
                n_gaps++;
            }
            n_checked++;
        }
        px_label_list_free(&labels);
        drop(&d);
    }
    assert_true(n_checked > N_SEEDS && n_gaps > 10);
}

/* Bar by bar, as the replay watches: *exit_bar is `end` where no exit comes before it. */
static px_barrier step_through(const draw *d, px_barrier barrier, size_t first, size_t end, size_t *exit_bar,
                               px_exit *exit) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    size_t i = first;
    for (; i < end; i++) {
        const px_bar bar = px_bars_at(&d->bars, i);
        px_session_advance(&cursor, bar.ts_us);
        const int64_t end_us = px_session_bar_end(&cursor.session, bar.ts_us, d->minutes);
        if (px_barrier_step(&barrier, &bar, end_us, d->minutes, exit))
            break;
    }
    *exit_bar = i;
    return barrier;
}

/* The label's levels are those that the barrier is opened on: they are found by the public functions. */
static void check_steps(const draw *d, const px_label *label, size_t end) {
    const px_event *event = &d->events.items[label->event];
    const bool at_close = d->config.entry == PX_ENTRY_SIGNAL_CLOSE;
    const px_session session =
        px_calendar_session(calendar, px_calendar_date(calendar, d->bars.ts_us[event->bar + !at_close]));
    const px_level stop = {PX_LEVEL_DISTANCE, d->config.sl_mult * event->atr};
    const px_level target = {PX_LEVEL_DISTANCE, d->config.tp_mult * event->atr};
    const px_levels levels = px_barrier_levels(event->side, label->entry_price, stop, target, d->tick),
                    none = {NAN, NAN};
    const double risk = d->config.sl_mult * event->atr;
    size_t exit_bar, end_bar, stop_bar = end;
    px_exit exit;
    if (d->config.holes == PX_HOLES_RESTART)
        stop_bar = pxi_next_hole(&d->bars, event->bar + 1, end, calendar);
    const px_barrier open =
        px_barrier_open(event->side, label->entry_price, &levels, &d->config, event->h_bars, &session);
    px_barrier horizon = open;
    horizon.levels = none;
    step_through(d, horizon, event->bar + 1, stop_bar, &end_bar, &exit);
    assert_int_equal(label->complete, end_bar < stop_bar);
    assert_int_equal(label->end_bar, end_bar < stop_bar ? end_bar : stop_bar - 1);
    px_barrier b = step_through(d, open, event->bar + 1, stop_bar, &exit_bar, &exit);
    assert_int_equal(label->label == PX_LABEL_UNRESOLVED, exit_bar == end);
    if (exit_bar == end)
        return;
    if (exit_bar == stop_bar) {
        exit_bar--;
        exit = (px_exit){PX_EXIT_DATA_HOLE, d->bars.close[exit_bar]};
        px_barrier_close(&b, exit.price, false);
    }
    assert_int_equal(label->exit_bar, exit_bar);
    assert_int_equal(label->hit, exit.reason);
    assert_int_equal(label->ambiguous, b.ambiguous);
    assert_true(same_number(label->exit_price, exit.price));
    assert_true(same_number(label->mae, px_barrier_mae(&b) / risk));
    assert_true(same_number(label->mfe, px_barrier_mfe(&b) / risk));
}

/* Labels watch stretches of bars, the replay one bar at a time: to the last bit the same. */
static void test_stretches_are_steps(void **state) {
    size_t n_checked = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        const size_t end = d.bars.n - seed % 29;
        px_label_list labels = {0};
        if (d.config.profile == PX_PROFILE_HONEST)
            labels = label(&d, &d.bars, end);
        for (size_t k = 0; k < labels.n; k++) {
            if (isnan(labels.items[k].entry_price))
                continue;
            check_steps(&d, &labels.items[k], end);
            n_checked++;
        }
        px_label_list_free(&labels);
        drop(&d);
    }
    assert_true(n_checked > N_SEEDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_bar_after_the_window_is_seen),
        cmocka_unit_test(test_more_bars_change_no_decided_label),
        cmocka_unit_test(test_outcomes_are_possible),
        cmocka_unit_test(test_square_off_ends_the_day),
        cmocka_unit_test(test_stretches_are_steps),
    };
    if (px_calendar_open("NSE", &calendar, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&calendar);
    return failed;
}
