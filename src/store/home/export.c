// SPDX-License-Identifier: Apache-2.0
/* Tables and bars out of the house: CSV, JSON and Parquet files. */
#include "store/home/export.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/duck/table_parquet.h"
#include "store/home/home.h"

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
    return PX_FILE_UNKNOWN;
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

static px_status check_folder_of(const char *path, px_error *err) {
    struct stat about;
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length == 0)
        return PX_OK;
    char *folder = strndup(path, length);
    if (!folder)
        return pxi_fail_memory(err);
    px_status status = PX_OK;
    if (stat(folder, &about) != 0 && errno == ENOENT)
        status = pxi_fail(err, PX_EINPUT, "cannot write %s: there is no folder %s", path, folder);
    free(folder);
    return status;
}

px_status pxi_check_new_path(const char *path, px_error *err) {
    return pxi_path_exists(path) ? pxi_fail_exists(path, err) : check_folder_of(path, err);
}

static px_status write_text(const px_table *table, px_table_style style, const px_zone *zone,
                            const char *path, px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(path, &file, err);
    if (!status)
        status = px_table_write(table, style, zone, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

static px_status write_parquet(pxi_duck *duck, const px_table *table, const px_zone *zone, const char *path,
                               px_error *err) {
    char *beside;
    if (asprintf(&beside, "%s.%ld.tmp", path, (long)getpid()) < 0)
        return pxi_fail_memory(err);
    px_status status = pxi_table_write_out(duck, table, px_zone_name(zone), beside, err);
    if (!status && rename(beside, path) != 0)
        status = pxi_fail_errno(err, "rename to", path);
    if (status)
        unlink(beside);
    free(beside);
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

px_status px_table_save_parquet(px_home *home, const px_table *table, const px_zone *zone, const char *path,
                                px_error *err) {
    pxi_duck *own = NULL, *duck = NULL;
    px_status status = check_folder_of(path, err);
    if (!status && home)
        status = pxi_home_duck(home, &duck, err);
    else if (!status) {
        status = pxi_duck_open(&own, err);
        duck = own;
    }
    if (!status)
        status = write_parquet(duck, table, zone, path, err);
    pxi_duck_close(&own);
    return status;
}
