// SPDX-License-Identifier: Apache-2.0
#include "files/duck/table_parquet.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- pinned files -------------------------------------------------------------------------------------- */

px_status pxi_pin(const char *path, pxi_pinned *out, px_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return pxi_fail(err, PX_ENOTFOUND, "no such file: %s", path);
    if (fd < 0)
        return pxi_fail_errno(err, "open", path);
    out->fd = fd;
    snprintf(out->path, sizeof out->path, "/dev/fd/%d", fd);
    return PX_OK;
}

void pxi_unpin(pxi_pinned *pinned) {
    if (pinned->fd >= 0)
        close(pinned->fd);
    pinned->fd = -1;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static px_status write_rows(pxi_duck *duck, const px_table *table, const char *options, const char *path,
                            px_error *err) {
    px_status status = pxi_duck_write_parquet(duck, table, options, path, err);
    if (!status)
        status = pxi_sync_path(path, err);
    return status ? pxi_fail_prefix(err, status, "cannot write %s", path) : PX_OK;
}

px_status pxi_table_write(pxi_duck *duck, const px_table *table, const char *path, px_error *err) {
    bool has_text = false;
    for (size_t c = 0; c < table->n_columns; c++)
        has_text |= table->columns[c].type == PX_COLUMN_TEXT;
    const char *options = has_text ? "COMPRESSION snappy"
                                   : "COMPRESSION uncompressed, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1";
    return write_rows(duck, table, options, path, err);
}

/* A dictionary pays for texts that repeat. Numbers hardly do, and DuckDB looks every one up until the
 * dictionary is full: a short one is full soon. */
px_status pxi_table_write_out(pxi_duck *duck, const px_table *table, const pxi_parquet_words *words,
                              const char *path, px_error *err) {
    char *options = sqlite3_mprintf("COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1000, "
                                    "KV_METADATA {timezone: %Q, writer: 'pixity %q', 'ARROW:schema': %Q}",
                                    words->timezone, px_version(), words->arrow_schema);
    px_status status = options ? write_rows(duck, table, options, path, err) : pxi_fail_memory(err);
    sqlite3_free(options);
    return status;
}

px_table pxi_bars_as_table(const px_bars *bars, const char *time_name, px_column columns[PXI_BAR_COLUMNS]) {
    px_table table = {.n_rows = bars->n, .n_columns = PXI_BAR_COLUMNS, .columns = columns};
    columns[0] = (px_column){time_name, PX_COLUMN_TIME, {.i64 = bars->ts_us}};
    columns[1] = (px_column){"open", PX_COLUMN_F64, {.f64 = bars->open}};
    columns[2] = (px_column){"high", PX_COLUMN_F64, {.f64 = bars->high}};
    columns[3] = (px_column){"low", PX_COLUMN_F64, {.f64 = bars->low}};
    columns[4] = (px_column){"close", PX_COLUMN_F64, {.f64 = bars->close}};
    columns[5] = (px_column){"volume", PX_COLUMN_F64, {.f64 = bars->volume}};
    return table;
}

px_status pxi_bars_write(pxi_duck *duck, const px_bars *bars, const char *metadata, const char *path,
                         px_error *err) {
    px_column columns[PXI_BAR_COLUMNS];
    px_table table = pxi_bars_as_table(bars, "ts", columns);
    char *options = sqlite3_mprintf("COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1%s%s",
                                    metadata ? ", KV_METADATA " : "", metadata ? metadata : "");
    px_status status = options ? write_rows(duck, &table, options, path, err) : pxi_fail_memory(err);
    sqlite3_free(options);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static px_status init_from_rows(px_table *table, pxi_duck_rows *rows, px_error *err) {
    size_t n = pxi_duck_n_columns(rows);
    px_column_def *defs = pxi_new_array(n, sizeof *defs);
    if (!defs)
        return pxi_fail_memory(err);
    px_status status = PX_OK;
    for (size_t c = 0; c < n && !status; c++) {
        defs[c].name = pxi_duck_name(rows, c);
        switch (pxi_duck_column_type(rows, c)) {
        case PXI_DUCK_I64:
            defs[c].type = PX_COLUMN_I64;
            break;
        case PXI_DUCK_F64:
            defs[c].type = PX_COLUMN_F64;
            break;
        case PXI_DUCK_INSTANT:
            defs[c].type = PX_COLUMN_TIME;
            break;
        case PXI_DUCK_TEXT:
            defs[c].type = PX_COLUMN_TEXT;
            break;
        case PXI_DUCK_BOOL:
            defs[c].type = PX_COLUMN_FLAG;
            break;
        default:
            status = pxi_fail(err, PX_ECORRUPT, "column \"%s\" has a type that is not ours", defs[c].name);
        }
    }
    if (!status)
        status = px_table_init(table, defs, n, err);
    free(defs);
    return status;
}

static px_status take_cell(px_table *table, pxi_duck_rows *rows, size_t c, size_t row, px_error *err) {
    if (pxi_duck_is_null(rows, c, row))
        return PX_OK;
    if (table->columns[c].type == PX_COLUMN_F64)
        px_table_set_f64(table, c, pxi_duck_f64(rows, c)[row]);
    else if (table->columns[c].type == PX_COLUMN_FLAG)
        px_table_set_i64(table, c, pxi_duck_bool(rows, c)[row]);
    else if (table->columns[c].type != PX_COLUMN_TEXT)
        px_table_set_i64(table, c, pxi_duck_i64(rows, c)[row]);
    else {
        size_t length;
        const char *text = pxi_duck_text(rows, c, row, &length);
        char *copy = strndup(text, length);
        px_status status = copy ? px_table_set_text(table, c, copy, err) : pxi_fail_memory(err);
        free(copy);
        return status;
    }
    return PX_OK;
}

static px_status take_rows(px_table *table, pxi_duck_rows *rows, px_error *err) {
    px_status status = PX_OK;
    for (size_t n; !status && (n = pxi_duck_fetch(rows)) > 0;) {
        for (size_t row = 0; row < n && !status; row++) {
            status = px_table_add_row(table, err);
            for (size_t c = 0; c < table->n_columns && !status; c++)
                status = take_cell(table, rows, c, row, err);
        }
    }
    return status;
}

px_status pxi_table_take(pxi_duck_rows *rows, px_table *out, px_error *err) {
    px_table table = {0};
    px_status status = init_from_rows(&table, rows, err);
    if (!status)
        status = take_rows(&table, rows, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

px_status pxi_table_read(pxi_duck *duck, const char *path, px_table *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    pxi_pinned pinned;
    px_status status = pxi_pin(path, &pinned, err);
    if (status)
        return status;
    status = pxi_duck_query(duck, &rows, err, "SELECT * FROM read_parquet(%Q)", pinned.path);
    if (!status)
        status = pxi_table_take(rows, out, err);
    pxi_duck_rows_free(&rows);
    pxi_unpin(&pinned);
    return status ? pxi_fail_prefix(err, status == PX_ENOMEM ? status : PX_ECORRUPT, "%s is damaged", path)
                  : PX_OK;
}
