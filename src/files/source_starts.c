// SPDX-License-Identifier: Apache-2.0
/* What the bars of a series say of themselves: their timeframe, and by it the starts of bars that were named
 * by their ends. */
#include "files/source.h"
#include "market/bars.h"

static void name_by_start(const px_source_config *config, px_source_series *series) {
    px_session_cursor cursor = px_session_cursor_make(config->calendar);
    px_bars *bars = &series->bars;
    for (size_t i = 0; i < bars->n; i++)
        bars->ts_us[i] = px_session_bar_start(&cursor, bars->ts_us[i], series->timeframe_minutes);
}

/* From the steps between the bars; one-minute bars where they show nothing. */
px_status pxi_source_see_timeframe(px_source *source, px_source_series *series, px_error *err) {
    px_bars sorted = {0};
    char text[PX_TIMEFRAME_TEXT_SIZE];
    px_status status = px_bars_reserve(&sorted, series->bars.n, err);
    if (!status) {
        pxi_bars_copy(&sorted, 0, &series->bars, 0, series->bars.n);
        sorted.n = series->bars.n;
        status = px_bars_normalize(&sorted, NULL, NULL, NULL, err);
    }
    if (!status) {
        series->timeframe_minutes = pxi_bars_seen_timeframe(&sorted);
        const bool seen = series->timeframe_minutes > 0;
        if (!seen)
            series->timeframe_minutes = series->days_only ? PX_TIMEFRAME_DAY : 1;
        pxi_source_note(source, "%s bars%s", px_timeframe_format(series->timeframe_minutes, text),
                        seen                ? ", as the steps between them show"
                        : series->days_only ? ": times are dates"
                                            : ": too few to show another timeframe");
    }
    px_bars_free(&sorted);
    return status;
}

px_status pxi_source_name_starts(const px_source_config *config, px_source *source, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < source->n_series; i++) {
        px_source_series *series = &source->series[i];
        if (series->has_starts)
            continue;
        if (!series->timeframe_minutes)
            status = pxi_source_see_timeframe(source, series, err);
        if (!status && !series->days_only)
            name_by_start(config, series);
        series->has_starts = true;
    }
    return status;
}
