// SPDX-License-Identifier: Apache-2.0
/* Tables and bars out of the house. */
#include "store/home/export.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/duck/table_parquet.h"
#include "files/output/output.h"
#include "store/home/home.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static px_status duck_of(void *home, pxi_duck **out, px_error *err) {
    return pxi_home_duck(home, out, err);
}

px_status pxi_table_export(px_home *home, const px_table *table, px_file_format format, const px_zone *zone,
                           const char *path, px_error *err) {
    const pxi_output output = {.path = path, .zone = zone, .duck = home ? duck_of : NULL, .context = home};
    return pxi_output_write(format, table, &output, err);
}

static px_status fail_ending(const char *path, px_error *err) {
    pxi_text names = {0};
    for (px_file_format i = PX_FILE_UNKNOWN + 1; px_file_format_name(i); i++)
        pxi_text_printf(&names, "%s.%s", i > 1 ? ", " : "", px_file_format_name(i));
    px_status status = pxi_fail(err, PX_EINPUT, "%s: bars are written to a file that ends in %s", path,
                                names.data ? names.data : "");
    pxi_text_free(&names);
    return status;
}

px_status px_bars_export(const px_bars *bars, const char *symbol, const px_zone *zone, const char *path,
                         px_error *err) {
    px_column columns[PXI_BAR_COLUMNS + 1];
    px_table table;
    int64_t *symbols = NULL;
    const px_file_format format = px_file_format_of(path);
    if (!format)
        return fail_ending(path, err);
    px_status status = pxi_check_new_path(path, err);
    if (!status)
        status = make_view(bars, symbol, columns, &symbols, &table, err);
    if (!status)
        status = pxi_table_export(NULL, &table, format, zone, path, err);
    free(symbols);
    return status;
}

px_status px_table_save(px_home *home, const px_table *table, px_file_format format, const px_zone *zone,
                        const char *path, px_error *err) {
    px_status status = check_folder_of(path, err);
    return status ? status : pxi_table_export(home, table, format, zone, path, err);
}
