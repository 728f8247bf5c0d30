// SPDX-License-Identifier: Apache-2.0
#include "report/slots.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

px_status pxi_candle_slots_make(const px_columns *columns, pxi_candle_slots *out, px_error *err) {
    static const char *const needed[] = {"open", "high", "low", "close"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!px_columns_find(columns, needed[i]))
            return pxi_fail(err, PX_EINPUT, "candles need a column %s", needed[i]);
    if (columns->n_rows == 0)
        return pxi_fail(err, PX_EINPUT, "there are no bars to draw");
    out->rows = pxi_new_array(columns->n_rows + columns->n_holes, sizeof *out->rows);
    if (!out->rows)
        return pxi_fail_memory(err);
    for (size_t row = 0, hole = 0; row < columns->n_rows; row++) {
        for (; hole < columns->n_holes && columns->holes[hole].row <= row; hole++)
            out->rows[out->n++] = PXI_HOLE;
        out->rows[out->n++] = row;
    }
    return PX_OK;
}

void pxi_candle_slots_free(pxi_candle_slots *slots) {
    free(slots->rows);
    *slots = (pxi_candle_slots){0};
}

pxi_candle pxi_candle_at(const px_columns *columns, size_t row) {
    const double *volume = px_columns_find(columns, "volume");
    return (pxi_candle){
        .open = px_columns_find(columns, "open")[row],
        .high = px_columns_find(columns, "high")[row],
        .low = px_columns_find(columns, "low")[row],
        .close = px_columns_find(columns, "close")[row],
        .volume = volume ? volume[row] : (double)NAN,
    };
}

void pxi_candles_range(const px_columns *columns, double *low, double *high) {
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t row = 0; row < columns->n_rows; row++) {
        const pxi_candle candle = pxi_candle_at(columns, row);
        *low = fmin(*low, candle.low);
        *high = fmax(*high, candle.high);
    }
}

double pxi_candles_volume(const px_columns *columns) {
    const double *volume = px_columns_find(columns, "volume");
    double most = 0;
    for (size_t row = 0; volume && row < columns->n_rows; row++)
        most = fmax(most, volume[row]);
    return most;
}

/* "2022-08-16 09:15" of seconds on a wall clock. */
static const char *wall_text(int64_t wall_s, char buf[PX_TIME_TEXT_SIZE]) {
    px_time_format_local(wall_s * PX_US_PER_SECOND, NULL, buf);
    buf[16] = '\0';
    return buf;
}

void pxi_candles_describe(const px_columns *columns, char *buf, size_t size) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    char merged[64] = "", holes[96] = "";
    size_t missing = 0;
    for (size_t i = 0; i < columns->n_holes; i++)
        missing += columns->holes[i].missing;
    if (columns->bars_per_point > 1)
        snprintf(merged, sizeof merged, ", %zu to a candle", columns->bars_per_point);
    if (columns->n_holes)
        snprintf(holes, sizeof holes, "; %zu break%s, where %zu bar%s missing", columns->n_holes,
                 columns->n_holes == 1 ? "" : "s", missing, missing == 1 ? " is" : "s are");
    snprintf(buf, size, "%zu %s bars%s, %s to %s %s%s", columns->total,
             px_timeframe_format(columns->timeframe_minutes, timeframe), merged,
             wall_text(columns->time_s[0], first), wall_text(columns->time_s[columns->n_rows - 1], last),
             columns->zone, holes);
}
