// SPDX-License-Identifier: Apache-2.0
#include "market/bars.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "pixity/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The columns lie in one block, which begins with ts_us. */
static void place_columns(px_bars *bars, double *block, size_t capacity) {
    bars->ts_us = (int64_t *)(void *)block;
    bars->open = block + capacity;
    bars->high = block + 2 * capacity;
    bars->low = block + 3 * capacity;
    bars->close = block + 4 * capacity;
    bars->volume = block + 5 * capacity;
    bars->capacity = capacity;
}

px_status px_bars_reserve(px_bars *bars, size_t capacity, px_error *err) {
    px_bars grown = {.n = bars->n};
    size_t bytes;
    if (capacity <= bars->capacity)
        return PX_OK;
    capacity = capacity < 16 ? 16 : capacity;
    capacity = capacity < 2 * bars->capacity ? 2 * bars->capacity : capacity; /* amortised */
    if (__builtin_mul_overflow(capacity, 6 * sizeof(double), &bytes))
        return pxi_fail_memory(err);
    double *block = pxi_new_block(bytes);
    if (!block)
        return pxi_fail_memory(err);
    place_columns(&grown, block, capacity);
    pxi_bars_copy(&grown, 0, bars, 0, bars->n);
    px_bars_free(bars);
    *bars = grown;
    return PX_OK;
}

px_status px_bars_append_range(px_bars *bars, const px_bars *from, size_t begin, size_t end, px_error *err) {
    px_status status = px_bars_reserve(bars, bars->n + (end - begin), err);
    if (status)
        return status;
    pxi_bars_copy(bars, bars->n, from, begin, end - begin);
    bars->n += end - begin;
    return PX_OK;
}

void pxi_bars_copy(px_bars *to, size_t at, const px_bars *from, size_t begin, size_t n) {
    size_t bytes = n * sizeof(double);
    if (n == 0)
        return;
    memmove(to->ts_us + at, from->ts_us + begin, bytes);
    memmove(to->open + at, from->open + begin, bytes);
    memmove(to->high + at, from->high + begin, bytes);
    memmove(to->low + at, from->low + begin, bytes);
    memmove(to->close + at, from->close + begin, bytes);
    memmove(to->volume + at, from->volume + begin, bytes);
}

px_status px_bars_append(px_bars *bars, const px_bar *bar, px_error *err) {
    if (bars->n == bars->capacity) {
        px_status status = px_bars_reserve(bars, bars->n + 1, err);
        if (status)
            return status;
    }
    size_t i = bars->n++;
    bars->ts_us[i] = bar->ts_us;
    bars->open[i] = bar->open;
    bars->high[i] = bar->high;
    bars->low[i] = bar->low;
    bars->close[i] = bar->close;
    bars->volume[i] = bar->volume + 0.0; /* a file's -0 is 0 */
    return PX_OK;
}

void px_bars_free(px_bars *bars) {
    if (!bars)
        return;
    if (bars->capacity)
        free(bars->ts_us);
    memset(bars, 0, sizeof *bars);
}

px_bars px_bars_slice(const px_bars *bars, size_t begin, size_t end) {
    px_bars view = {.n = end - begin};
    if (view.n == 0) /* bars without arrays have nothing to point into */
        return view;
    view.ts_us = bars->ts_us + begin;
    view.open = bars->open + begin;
    view.high = bars->high + begin;
    view.low = bars->low + begin;
    view.close = bars->close + begin;
    view.volume = bars->volume + begin;
    return view;
}

size_t px_bars_lower_bound(const px_bars *bars, int64_t ts_us) {
    size_t begin = 0, end = bars->n;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (bars->ts_us[middle] < ts_us)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

const char *px_bar_defect(const px_bar *bar) {
    if (!isfinite(bar->open) || !isfinite(bar->high) || !isfinite(bar->low) || !isfinite(bar->close) ||
        !isfinite(bar->volume))
        return "not a finite number";
    if (bar->high < bar->low)
        return "high below low";
    if (bar->open <= 0 || bar->high <= 0 || bar->low <= 0 || bar->close <= 0)
        return "price not above zero";
    if (bar->open > bar->high || bar->open < bar->low)
        return "open outside low to high";
    if (bar->close > bar->high || bar->close < bar->low)
        return "close outside low to high";
    if (bar->volume < 0)
        return "volume below zero";
    if (bar->ts_us < PX_TIME_MIN_US || bar->ts_us >= PX_TIME_MAX_US)
        return "time outside the years 1900 to 2199";
    return NULL;
}

bool px_bar_widen(px_bar *bar) {
    const double tick = 0.05, part = 0.005 * fabs(bar->close), least = 1e-9 * fabs(bar->close);
    /* Differences of decimals are a last digit off. */
    const double most = (tick < part ? tick : part) * (1 + 1e-9) + least;
    const double highest = bar->open > bar->close ? bar->open : bar->close,
                 lowest = bar->open < bar->close ? bar->open : bar->close;
    const double above = highest - bar->high, below = bar->low - lowest;
    if (!(bar->high >= bar->low) || !(above > 0 || below > 0) || !(above <= most && below <= most))
        return false;
    bar->high = above > 0 ? highest : bar->high;
    bar->low = below > 0 ? lowest : bar->low;
    return true;
}

px_status px_timeframe_parse(const char *text, int *minutes, px_error *err) {
    size_t length = strlen(text);
    long long count = 0;
    const char unit = length ? text[length - 1] : '\0';
    int unit_minutes = unit == 'm' ? 1 : unit == 'h' ? 60 : unit == 'd' ? PX_TIMEFRAME_DAY : 0;
    if (!unit_minutes || text[0] == '+' || !pxi_parse_i64(text, length - 1, &count) || count < 1 ||
        count > PX_TIMEFRAME_DAY / unit_minutes)
        return pxi_fail(err, PX_EINPUT,
                        "\"%.40s\" is no timeframe; give minutes, hours or one day like 1m, 15m, 1h, 4h, 1d",
                        text);
    *minutes = (int)count * unit_minutes;
    return PX_OK;
}

char *px_timeframe_format(int minutes, char buf[PX_TIMEFRAME_TEXT_SIZE]) {
    if (minutes == PX_TIMEFRAME_DAY)
        snprintf(buf, PX_TIMEFRAME_TEXT_SIZE, "1d");
    else if (minutes % 60 == 0)
        snprintf(buf, PX_TIMEFRAME_TEXT_SIZE, "%dh", minutes / 60);
    else
        snprintf(buf, PX_TIMEFRAME_TEXT_SIZE, "%dm", minutes);
    return buf;
}
