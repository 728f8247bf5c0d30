// SPDX-License-Identifier: Apache-2.0
/* Bars out of the house: CSV and Parquet files. */
#include "pixity/store.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/table_parquet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), cut = strlen(ending);
    return length > cut && strcasecmp(path + length - cut, ending) == 0;
}

/* Columns timestamp, open, high, low, close, volume and, where there is one, symbol: a view on `bars`, but
 * for `symbols`, which the caller frees. */
static px_status make_view(const px_bars *bars, const char *symbol, px_column columns[PXI_BAR_COLUMNS + 1],
                           int64_t **symbols, px_table *out, px_error *err) {
    px_table table = pxi_bars_as_table(bars, "timestamp", columns);
    if (symbol) {
        *symbols = pxi_new_array(bars->n, sizeof **symbols); /* all at offset 0 of the pool */
        if (!*symbols)
            return pxi_fail_memory(err);
        columns[table.n_columns++] = (px_column){"symbol", PX_COLUMN_TEXT, {.i64 = *symbols}};
        table.pool = (char *)(uintptr_t)symbol;
    }
    *out = table;
    return PX_OK;
}

static px_status write_csv(const px_table *table, const px_zone *zone, const char *path, px_error *err) {
    char *text = NULL;
    size_t length;
    px_status status = px_table_render(table, PX_TABLE_CSV, zone, &text, &length, err);
    if (!status)
        status = pxi_file_write(path, text, length, err);
    free(text);
    return status;
}

/* Wall times of the zone, as the CSV has them. */
static px_status write_parquet(px_table *table, const px_zone *zone, const char *path, px_error *err) {
    pxi_duck *duck = NULL;
    char *beside = NULL;
    int64_t *local = pxi_new_array(table->n_rows, sizeof *local);
    if (!local || asprintf(&beside, "%s.%ld.tmp", path, (long)getpid()) < 0) {
        free(local);
        return pxi_fail_memory(err);
    }
    for (size_t i = 0; i < table->n_rows; i++)
        local[i] = table->columns[0].u.i64[i] + px_zone_offset_us(zone, table->columns[0].u.i64[i]);
    table->columns[0].u.i64 = local;
    px_status status = pxi_duck_open(&duck, err);
    if (!status)
        status = pxi_table_write_local(duck, table, beside, err);
    if (!status && rename(beside, path) != 0)
        status = pxi_fail_errno(err, "rename to", path);
    if (status)
        unlink(beside);
    pxi_duck_close(&duck);
    free(beside);
    free(local);
    return status;
}

px_status px_bars_export(const px_bars *bars, const char *symbol, const px_zone *zone, const char *path,
                         px_error *err) {
    px_column columns[PXI_BAR_COLUMNS + 1];
    px_table table;
    int64_t *symbols = NULL;
    bool parquet = ends_with(path, ".parquet") || ends_with(path, ".pq");
    if (!parquet && !ends_with(path, ".csv"))
        return pxi_fail(err, PX_EINPUT, "%s: bars are written to a file that ends in .csv or .parquet", path);
    if (pxi_path_exists(path))
        return pxi_fail(err, PX_EEXISTS, "%s exists already: remove it or choose another name", path);
    px_status status = make_view(bars, symbol, columns, &symbols, &table, err);
    if (!status)
        status = parquet ? write_parquet(&table, zone, path, err) : write_csv(&table, zone, path, err);
    free(symbols);
    return status;
}
