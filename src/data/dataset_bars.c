// SPDX-License-Identifier: Apache-2.0
/* What a stored series and a continuous one have in common: their window, and the digest of their bars. */
#include "data/dataset.h"

#include "market/bars.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/* ---- the window ---------------------------------------------------------------------------------------- */

void pxi_format_window(const px_data_request *request, char *buf, size_t size) {
    char start[PX_TIME_TEXT_SIZE] = "the beginning", end[PX_TIME_TEXT_SIZE] = "the end";
    if (request->start_date != PX_NO_DATE)
        px_date_format(request->start_date, start);
    if (request->end_date != PX_NO_DATE)
        px_date_format(request->end_date, end);
    snprintf(buf, size, "%s to %s", start, end);
}

bool pxi_wants_minutes(const px_data_request *request) {
    return request->detail == PX_DETAIL_1M && request->timeframe_minutes > 1;
}

px_status pxi_bars_cut(px_bars *bars, int64_t begin_us, int64_t end_us, px_error *err) {
    px_bars kept = {0};
    size_t begin = px_bars_lower_bound(bars, begin_us), end = px_bars_lower_bound(bars, end_us);
    px_status status = PX_OK;
    if (begin == 0 && end == bars->n)
        return PX_OK;
    if (begin < end && (status = px_bars_append_range(&kept, bars, begin, end, err)))
        return status;
    px_bars_free(bars);
    *bars = kept;
    return PX_OK;
}

/* ---- what they are ---------------------------------------------------------------------------------------
 */

void pxi_name_adjustments(const px_adjustments *list, char *source, size_t size) {
    char date[PX_TIME_TEXT_SIZE], factor[PX_DOUBLE_TEXT_SIZE];
    for (size_t i = 0; i < list->n; i++) {
        size_t used = strlen(source);
        px_double_format(list->items[i].factor, factor);
        snprintf(source + used, size - used, "%s%s by %s",
                 i ? ", " : ", adjusted: ", px_date_format(list->items[i].ex_date, date), factor);
    }
}

static void hash_column(pxi_hash *hash, const void *column, size_t n) {
#if __BYTE_ORDER == __LITTLE_ENDIAN
    pxi_hash_bytes(hash, column, n * sizeof(int64_t));
#else
    for (size_t i = 0; i < n; i++) {
        int64_t bits;
        memcpy(&bits, (const char *)column + i * sizeof bits, sizeof bits);
        pxi_hash_i64(hash, bits);
    }
#endif
}

void pxi_hash_bars(pxi_hash *hash, int timeframe_minutes, const px_bars *bars) {
    const void *columns[] = {bars->ts_us, bars->open, bars->high, bars->low, bars->close, bars->volume};
    pxi_hash_i64(hash, timeframe_minutes);
    pxi_hash_i64(hash, (int64_t)bars->n);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        hash_column(hash, columns[c], bars->n);
}

void pxi_hash_adjustments(pxi_hash *hash, const px_adjustments *list) {
    pxi_hash_text(hash, "adjustments");
    pxi_hash_i64(hash, (int64_t)list->n);
    for (size_t i = 0; i < list->n; i++) {
        pxi_hash_i64(hash, list->items[i].ex_date);
        hash_column(hash, &list->items[i].factor, 1);
    }
}
