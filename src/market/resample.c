// SPDX-License-Identifier: Apache-2.0
/* Both drivers open a bin with open_bin and add bars with the same operations in the same order. */
#include "pixity/resample.h"

#include "base/error.h"
#include "market/bins.h"

px_status px_resample_init(px_resample_state *state, const px_calendar *calendar, px_anchor anchor,
                           int input_minutes, int timeframe_minutes, px_error *err) {
    if (input_minutes < 1 || timeframe_minutes < 1 || timeframe_minutes > PX_TIMEFRAME_DAY ||
        timeframe_minutes % input_minutes != 0) {
        char from[PX_TIMEFRAME_TEXT_SIZE], to[PX_TIMEFRAME_TEXT_SIZE];
        return pxi_fail(err, PX_EINPUT,
                        "cannot make %s bars of %s bars: the one must be a whole multiple of the other",
                        px_timeframe_format(timeframe_minutes, to), px_timeframe_format(input_minutes, from));
    }
    px_resample_state made = {
        .cursor = px_session_cursor_make(calendar),
        .anchor = anchor,
        .timeframe_minutes = timeframe_minutes,
        .input_minutes = input_minutes,
        .bin_end_us = INT64_MIN,
    };
    *state = made;
    return PX_OK;
}

/* Bounds and name of the bin of a bar that lies in no open bin. */
static void open_bin(px_resample_state *state, int64_t ts_us) {
    int64_t last_end_us = state->bin_end_us, length_us = state->timeframe_minutes * PX_US_PER_MINUTE;
    bool entered = px_session_advance(&state->cursor, ts_us);
    if (!entered && ts_us >= last_end_us && ts_us - last_end_us < length_us &&
        last_end_us + length_us <= state->cursor.session.next_midnight_us) {
        state->bin_begin_us = last_end_us; /* the rule: the next bin, without the division */
        state->bin_end_us = last_end_us + length_us;
        return;
    }
    pxi_bin bin = pxi_bin_at(&state->cursor.session, state->anchor, state->timeframe_minutes, ts_us);
    state->bin_begin_us = bin.begin_us;
    state->bin_end_us = bin.end_us;
    /* A bar after its bin was finished (two in one input minute, or one after the close): no bin twice. */
    if (ts_us < last_end_us)
        state->bin_begin_us = ts_us;
}

/* From which start on an input bar is the last one of the open bin. */
static int64_t last_start_us(const px_resample_state *state, int64_t ts_us) {
    int64_t final_us = state->bin_end_us, close_us = state->cursor.session.close_us;
    if (ts_us < close_us && close_us < final_us)
        final_us = close_us;
    return final_us - state->input_minutes * PX_US_PER_MINUTE;
}

static double larger(double a, double b) {
    return b > a ? b : a;
}

static double smaller(double a, double b) {
    return b < a ? b : a;
}

int px_resample_step(px_resample_state *state, const px_bar *bar, px_bar finished[2]) {
    int n = 0;
    if (state->open && bar->ts_us >= state->bin_end_us)
        n = px_resample_flush(state, &finished[0]);
    if (!state->open) {
        open_bin(state, bar->ts_us);
        state->bar = *bar;
        state->bar.ts_us = state->bin_begin_us;
        state->open = true;
    } else {
        state->bar.high = larger(state->bar.high, bar->high);
        state->bar.low = smaller(state->bar.low, bar->low);
        state->bar.close = bar->close;
        state->bar.volume += bar->volume;
    }
    if (bar->ts_us >= last_start_us(state, bar->ts_us))
        n += px_resample_flush(state, &finished[n]);
    return n;
}

int px_resample_flush(px_resample_state *state, px_bar *finished) {
    if (!state->open)
        return 0;
    *finished = state->bar;
    state->open = false;
    return 1;
}

/* ---- batch ------------------------------------------------------------------------------------------ */

/* First index after `begin` whose bar starts at or after end_us. Full bins are the rule: try `full` first. */
static size_t find_end(const px_bars *bars, size_t begin, size_t full, int64_t end_us) {
    const int64_t *ts = bars->ts_us;
    size_t guess = bars->n - begin > full ? begin + full : bars->n;
    if (ts[guess - 1] < end_us) {
        if (guess == bars->n || ts[guess] >= end_us)
            return guess;
        px_bars rest = px_bars_slice(bars, guess, bars->n);
        return guess + px_bars_lower_bound(&rest, end_us);
    }
    px_bars bin = px_bars_slice(bars, begin, guess);
    return begin + px_bars_lower_bound(&bin, end_us);
}

/* The end of the bin that `begin` opens: also right after a bar that finishes it early. */
static size_t bin_end(const px_resample_state *state, const px_bars *bars, size_t begin, size_t full) {
    size_t end = find_end(bars, begin, full, state->bin_end_us);
    if (end - begin < 2 || bars->ts_us[end - 2] < last_start_us(state, INT64_MIN))
        return end;
    for (size_t i = begin; i < end; i++)
        if (bars->ts_us[i] >= last_start_us(state, bars->ts_us[i]))
            return i + 1;
    return end;
}

static px_bar reduce(const px_bars *bars, size_t begin, size_t end, int64_t ts_us) {
    px_bar bar = px_bars_at(bars, begin);
    for (size_t i = begin + 1; i < end; i++) {
        bar.high = larger(bar.high, bars->high[i]);
        bar.low = smaller(bar.low, bars->low[i]);
        bar.volume += bars->volume[i];
    }
    bar.ts_us = ts_us;
    bar.close = bars->close[end - 1];
    return bar;
}

/* Whether a bar goes on in the bin after its own, though trading does not end in it. */
static bool lies_in_two_bins(const px_resample_state *state, int64_t ts_us) {
    const int64_t end_us = ts_us + state->input_minutes * PX_US_PER_MINUTE;
    return state->bin_end_us < end_us && state->bin_end_us < state->cursor.session.close_us &&
           ts_us < state->bin_end_us;
}

static px_status fail_grid(const px_resample_state *state, px_error *err) {
    char from[PX_TIMEFRAME_TEXT_SIZE], to[PX_TIMEFRAME_TEXT_SIZE];
    px_timeframe_format(state->input_minutes, from);
    return pxi_fail(
        err, PX_EINPUT,
        "these %s bars make no %s bars: they begin on the clock's grid, and most lie in two bars of the "
        "session's; take bars of a shorter timeframe",
        from, px_timeframe_format(state->timeframe_minutes, to));
}

px_status px_bars_resample(const px_bars *bars, const px_calendar *calendar, px_anchor anchor,
                           int input_minutes, int timeframe_minutes, px_bars *out, px_error *err) {
    px_resample_state state;
    px_bars made = {0};
    px_status status = px_resample_init(&state, calendar, anchor, input_minutes, timeframe_minutes, err);
    if (status)
        return status;
    size_t full = (size_t)(timeframe_minutes / input_minutes), n_in_two = 0;
    status = px_bars_reserve(&made, bars->n / full + 1, err);
    for (size_t begin = 0, end; !status && begin < bars->n; begin = end) {
        open_bin(&state, bars->ts_us[begin]);
        end = bin_end(&state, bars, begin, full);
        px_bar bar = reduce(bars, begin, end, state.bin_begin_us);
        n_in_two += lies_in_two_bins(&state, bars->ts_us[end - 1]);
        status = px_bars_append(&made, &bar, err);
    }
    if (!status && n_in_two * 2 > made.n)
        status = fail_grid(&state, err);
    if (status) {
        px_bars_free(&made);
        return status;
    }
    *out = made;
    return PX_OK;
}
