// SPDX-License-Identifier: Apache-2.0
/* Tables and bars out of the house: CSV, JSON and Parquet files. */
#include "store/export.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/table_parquet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), cut = strlen(ending);
    return length > cut && strcasecmp(path + length - cut, ending) == 0;
}

px_file_format px_file_format_of(const char *path) {
    static const struct {
        const char *ending;
        px_file_format format;
    } known[] = {{".csv", PX_FILE_CSV},
                 {".parquet", PX_FILE_PARQUET},
                 {".pq", PX_FILE_PARQUET},
                 {".json", PX_FILE_JSON}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ends_with(path, known[i].ending))
            return known[i].format;
    return PX_FILE_UNTOLD;
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

px_status pxi_fail_exists(const char *path, px_error *err) {
    return pxi_fail(err, PX_EEXISTS, "%s exists already: remove it or choose another name", path);
}

px_status pxi_check_new_path(const char *path, px_error *err) {
    struct stat about;
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    char *folder = slash && length ? strndup(path, length) : NULL;
    if (slash && length && !folder)
        return pxi_fail_memory(err);
    px_status status = PX_OK;
    if (pxi_path_exists(path))
        status = pxi_fail_exists(path, err);
    else if (folder && stat(folder, &about) != 0 && errno == ENOENT)
        status = pxi_fail(err, PX_EINPUT, "cannot write %s: there is no folder %s", path, folder);
    free(folder);
    return status;
}

static px_status write_text(const px_table *table, px_table_style style, const px_zone *zone,
                            const char *path, px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(path, &file, err);
    if (!status)
        status = px_table_write(table, style, zone, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

/* Gives the columns of times wall times in `pool`, which has room for all their cells. */
static void make_local(px_column *columns, size_t n_columns, size_t n_rows, const px_zone *zone,
                       int64_t *pool) {
    for (size_t c = 0; c < n_columns; c++) {
        if (columns[c].type != PX_COLUMN_TIME)
            continue;
        for (size_t i = 0; i < n_rows; i++) {
            int64_t ts_us = columns[c].u.i64[i];
            pool[i] = ts_us == PX_NULL_I64 ? ts_us : ts_us + px_zone_offset_us(zone, ts_us);
        }
        columns[c].u.i64 = pool;
        pool += n_rows;
    }
}

/* A view on `table` with wall times of the zone, as the CSV has them; the caller frees columns and pool. */
static px_status local_view(const px_table *table, const px_zone *zone, px_table *view, int64_t **pool,
                            px_error *err) {
    size_t n_times = 0, n_cells;
    for (size_t c = 0; c < table->n_columns; c++)
        n_times += table->columns[c].type == PX_COLUMN_TIME;
    *view = *table;
    view->columns = pxi_new_array(table->n_columns, sizeof *view->columns);
    *pool = __builtin_mul_overflow(n_times, table->n_rows, &n_cells) ? NULL
                                                                     : pxi_new_array(n_cells, sizeof **pool);
    if (!view->columns || !*pool)
        return pxi_fail_memory(err);
    memcpy(view->columns, table->columns, table->n_columns * sizeof *view->columns);
    make_local(view->columns, view->n_columns, view->n_rows, zone, *pool);
    return PX_OK;
}

static px_status write_parquet(pxi_duck *duck, const px_table *table, const px_zone *zone, const char *path,
                               px_error *err) {
    px_table view;
    int64_t *pool = NULL;
    char *beside = NULL;
    px_status status = local_view(table, zone, &view, &pool, err);
    if (!status && asprintf(&beside, "%s.%ld.tmp", path, (long)getpid()) < 0)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_table_write_local(duck, &view, beside, err);
    if (!status && rename(beside, path) != 0)
        status = pxi_fail_errno(err, "rename to", path);
    if (status && beside)
        unlink(beside);
    free(beside);
    free(pool);
    free(view.columns);
    return status;
}

px_status pxi_table_export(pxi_duck *duck, const px_table *table, px_file_format format, const px_zone *zone,
                           const char *path, px_error *err) {
    if (format == PX_FILE_PARQUET)
        return write_parquet(duck, table, zone, path, err);
    const px_table_style style = format == PX_FILE_CSV         ? PX_TABLE_CSV
                                 : format == PX_FILE_CSV_AS_IS ? PX_TABLE_CSV_AS_IS
                                                               : PX_TABLE_JSON;
    return write_text(table, style, zone, path, err);
}

px_status px_bars_export(const px_bars *bars, const char *symbol, const px_zone *zone, const char *path,
                         px_error *err) {
    px_column columns[PXI_BAR_COLUMNS + 1];
    px_table table;
    int64_t *symbols = NULL;
    pxi_duck *duck = NULL;
    px_file_format format = px_file_format_of(path);
    if (format != PX_FILE_PARQUET && format != PX_FILE_CSV)
        return pxi_fail(err, PX_EINPUT, "%s: bars are written to a file that ends in .csv or .parquet", path);
    px_status status = pxi_check_new_path(path, err);
    if (status)
        return status;
    status = make_view(bars, symbol, columns, &symbols, &table, err);
    if (!status && format == PX_FILE_PARQUET)
        status = pxi_duck_open(&duck, err);
    if (!status)
        status = pxi_table_export(duck, &table, format, zone, path, err);
    pxi_duck_close(&duck);
    free(symbols);
    return status;
}
