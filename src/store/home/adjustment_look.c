// SPDX-License-Identifier: Apache-2.0
/* What the bars around an ex date say of its factor. */
#include "base/error.h"
#include "pixity/store.h"
#include "store/candles/candles.h"

#include <math.h>
#include <stdlib.h>

/* Prices move by as much in a day: a smaller factor cannot be distinguished from that. */
#define LEAST_TOLD 1.25

const char *px_adjustment_verdict_name(px_adjustment_verdict verdict) {
    static const char *const names[] = {"fits", "inverted", "no_jump", "small", "no_bars"};
    return names[verdict];
}

/* The last bar before an instant and the first from it on. */
typedef struct around {
    bool has_before, has_after;
    px_bar before, after;
} around;

static px_status read_span(px_home *home, const px_instrument *instrument, const px_calendar *calendar,
                           int timeframe_minutes, int64_t at_us, int64_t days, around *out, px_error *err) {
    px_bars bars = {0};
    px_status status = px_candles_read(home, instrument, timeframe_minutes, at_us - days * PX_US_PER_DAY,
                                       at_us + days * PX_US_PER_DAY, &bars, err);
    if (status)
        return status == PX_ENOTFOUND ? PX_OK : status; /* a folder without a year */
    px_bars_drop_outside(&bars, calendar, timeframe_minutes, NULL);
    size_t i = px_bars_lower_bound(&bars, at_us);
    *out = (around){.has_before = i > 0, .has_after = i < bars.n};
    if (out->has_before)
        out->before = px_bars_at(&bars, i - 1);
    if (out->has_after)
        out->after = px_bars_at(&bars, i);
    px_bars_free(&bars);
    return PX_OK;
}

/* Near the date first: years are read whole. */
static px_status find_around(px_home *home, const px_instrument *instrument, const px_calendar *calendar,
                             int timeframe_minutes, int64_t at_us, around *out, px_error *err) {
    static const int64_t days[] = {10, 100, 110000};
    px_status status = PX_OK;
    for (size_t i = 0; !status && !(out->has_before && out->has_after) && i < 3; i++)
        status = read_span(home, instrument, calendar, timeframe_minutes, at_us, days[i], out, err);
    return status;
}

/* Of the shortest timeframe that has bars on both sides, else of any that has some. */
static px_status look_around(px_home *home, const px_instrument *instrument, const px_calendar *calendar,
                             int64_t at_us, around *out, px_error *err) {
    int *timeframes = NULL;
    size_t n = 0;
    px_status status = px_candles_timeframes(home, instrument->key, &timeframes, &n, err);
    for (size_t i = 0; !status && i < n && !(out->has_before && out->has_after); i++) {
        around found = {0};
        status = find_around(home, instrument, calendar, timeframes[i], at_us, &found, err);
        if (found.has_before + found.has_after > out->has_before + out->has_after)
            *out = found;
    }
    free(timeframes);
    return status;
}

/* Nearest, as ratios go, of what the jump may be: one over the factor, none, the factor. */
static px_adjustment_verdict judge(double factor, double ratio) {
    double jump = log(ratio), right = -log(factor);
    if (exp(fabs(right)) < LEAST_TOLD)
        return PX_ADJUSTMENT_SMALL;
    if (fabs(jump - right) < fabs(jump))
        return PX_ADJUSTMENT_FITS;
    return fabs(jump + right) < fabs(jump) ? PX_ADJUSTMENT_INVERTED : PX_ADJUSTMENT_NO_JUMP;
}

static double adjusted_ratio(const px_adjustments *list, const px_calendar *calendar, const around *found) {
    int64_t ts_us[] = {found->before.ts_us, found->after.ts_us};
    double open[] = {found->before.open, found->after.open}, high[] = {found->before.high, found->after.high},
           low[] = {found->before.low, found->after.low}, close[] = {found->before.close, found->after.close},
           volume[] = {found->before.volume, found->after.volume};
    px_bars both = {2, 0, ts_us, open, high, low, close, volume};
    px_adjustments_apply(list, calendar, &both);
    return open[1] / close[0];
}

static const px_adjustment *find_date(const px_adjustments *list, int32_t ex_date) {
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].ex_date == ex_date)
            return &list->items[i];
    return NULL;
}

static px_status look(px_home *home, const px_instrument *instrument, const px_calendar *calendar,
                      const px_adjustments *list, int32_t ex_date, px_adjustment_effect *out, px_error *err) {
    char date[PX_TIME_TEXT_SIZE];
    const px_adjustment *item = find_date(list, ex_date);
    around found = {0};
    if (!item)
        return pxi_fail(err, PX_ENOTFOUND, "%s has no adjustment on %s", instrument->symbol,
                        px_date_format(ex_date, date));
    px_status status = look_around(home, instrument, calendar,
                                   px_calendar_session(calendar, ex_date).midnight_us, &found, err);
    if (status)
        return status;
    *out = (px_adjustment_effect){
        .before_us = found.has_before ? found.before.ts_us : PX_NULL_I64,
        .after_us = found.has_after ? found.after.ts_us : PX_NULL_I64,
        .close_before = found.has_before ? found.before.close : NAN,
        .open_after = found.has_after ? found.after.open : NAN,
        .ratio_raw = NAN,
        .ratio_adjusted = NAN,
        .verdict = PX_ADJUSTMENT_NO_BARS,
    };
    if (found.has_before && found.has_after) {
        out->ratio_raw = out->open_after / out->close_before;
        out->ratio_adjusted = adjusted_ratio(list, calendar, &found);
        out->verdict = judge(item->factor, out->ratio_raw);
    }
    return PX_OK;
}

px_status px_adjustment_look(px_home *home, const px_instrument *instrument, int32_t ex_date,
                             px_adjustment_effect *out, px_error *err) {
    px_calendar *calendar = NULL;
    px_adjustments list = {0};
    px_status status = px_calendar_open(instrument->exchange, &calendar, err);
    if (!status)
        status = px_adjustments_read(home, instrument, &list, err);
    if (!status)
        status = look(home, instrument, calendar, &list, ex_date, out, err);
    px_adjustments_free(&list);
    px_calendar_close(&calendar);
    return status;
}
