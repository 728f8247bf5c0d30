// SPDX-License-Identifier: Apache-2.0
#include "files/output/output.h"

#include "base/error.h"
#include "base/file.h"
#include "pixity/source.h"

#include <string.h>
#include <strings.h>

static px_status write_text(const px_table *table, px_table_style style, const pxi_output *output,
                            px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(output->path, &file, err);
    if (!status)
        status = px_table_write(table, style, output->zone, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

static px_status write_csv(const px_table *table, const pxi_output *output, px_error *err) {
    return write_text(table, PX_TABLE_CSV, output, err);
}

static px_status write_csv_as_is(const px_table *table, const pxi_output *output, px_error *err) {
    return write_text(table, PX_TABLE_CSV_AS_IS, output, err);
}

static px_status write_json(const px_table *table, const pxi_output *output, px_error *err) {
    return write_text(table, PX_TABLE_JSON, output, err);
}

#define ROW(NAME, name, endings, media, help) [PX_FILE_##NAME] = {#name, endings, media, pxi_write_##name},
static const struct {
    const char *name, *endings, *media;
    px_status (*write)(const px_table *, const pxi_output *, px_error *);
} formats[] = {
    [PX_FILE_CSV] = {"csv", ".csv", "text/csv; charset=utf-8", write_csv},
    [PX_FILE_JSON] = {"json", ".json", "application/json; charset=utf-8", write_json},
    PX_SAVED_FORMATS(ROW)[PX_FILE_CSV_AS_IS] = {NULL, "", NULL, write_csv_as_is},
};

const char *px_file_format_name(px_file_format format) {
    return format > PX_FILE_UNKNOWN && format < PX_FILE_CSV_AS_IS ? formats[format].name : NULL;
}

const char *px_file_format_media(px_file_format format) {
    return px_file_format_name(format) ? formats[format].media : NULL;
}

/* Whether a path ends with one of ".parquet .pq". */
static bool ends_with_one(const char *path, const char *endings) {
    const size_t length = strlen(path);
    for (const char *at = endings; *at; at += strspn(at, " ")) {
        const size_t cut = strcspn(at, " ");
        if (length > cut && strncasecmp(path + length - cut, at, cut) == 0)
            return true;
        at += cut;
    }
    return false;
}

px_file_format px_file_format_of(const char *path) {
    for (px_file_format i = PX_FILE_UNKNOWN + 1; i < PX_FILE_CSV_AS_IS; i++)
        if (ends_with_one(path, formats[i].endings))
            return i;
    return PX_FILE_UNKNOWN;
}

px_status pxi_output_write(px_file_format format, const px_table *table, const pxi_output *output,
                           px_error *err) {
    return formats[format].write(table, output, err);
}
