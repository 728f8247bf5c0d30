// SPDX-License-Identifier: Apache-2.0
/* The list of stored series, times as their exchanges write them. */
#include "server/api/api_data.h"

/* A row whose times are those of its exchange; UTC where that is not known. */
static px_status add_series(const px_table *from, size_t row, px_table *to, px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    px_calendar *calendar = NULL;
    const char *exchange = px_table_text(from, px_table_find(from, "exchange"), row);
    px_status status = px_table_add_row(to, err);
    (void)!px_calendar_open(exchange ? exchange : "", &calendar, NULL);
    const px_zone *zone = calendar ? px_calendar_zone(calendar) : NULL;
    for (size_t c = 0; !status && c < from->n_columns; c++) {
        int64_t cell = from->columns[c].u.i64[row];
        if (from->columns[c].type == PX_COLUMN_TEXT)
            status = px_table_set_text(to, c, px_table_text(from, c, row), err);
        else if (from->columns[c].type == PX_COLUMN_TIME && cell != PX_NULL_I64)
            status = px_table_set_text(to, c, px_time_format_iso(cell, zone, text), err);
        else if (from->columns[c].type == PX_COLUMN_I64)
            px_table_set_i64(to, c, cell);
    }
    px_calendar_close(&calendar);
    return status;
}

px_status api_stored_series(px_home *home, px_table *out, px_error *err) {
    enum { MOST = 16 };
    px_column_def defs[MOST];
    px_table stored = {0}, table = {0};
    px_status status = px_candles_list(home, &stored, err);
    for (size_t c = 0; !status && c < stored.n_columns && c < MOST; c++)
        defs[c] = (px_column_def){stored.columns[c].name,
                                  stored.columns[c].type == PX_COLUMN_I64 ? PX_COLUMN_I64 : PX_COLUMN_TEXT};
    if (!status)
        status = px_table_init(&table, defs, stored.n_columns, err);
    for (size_t row = 0; !status && row < stored.n_rows; row++)
        status = add_series(&stored, row, &table, err);
    px_table_free(&stored);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
