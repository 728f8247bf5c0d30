// SPDX-License-Identifier: Apache-2.0
/* CSV and CSV.gz files of bars. */
#include "files/csv/csv.h"

#include "base/error.h"
#include "files/csv/gz_lines.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static px_status note_columns(const pxi_csv_format *format, const char *const *names, px_source *out,
                              px_error *err) {
    px_status status = pxi_source_note_columns(out, names, format->n_columns, &format->columns, err);
    if (!status && format->time_of_day != SIZE_MAX) {
        out->columns[format->columns.at[PXI_ROLE_TIME]].meaning = "date";
        out->columns[format->time_of_day].meaning = "time of day";
    }
    return status;
}

static void note_time(const pxi_csv_row *row, px_source *out) {
    char text[sizeof out->time_text];
    if (out->time_form != PX_TIME_UNKNOWN)
        return;
    snprintf(text, sizeof text, "%s%s%s", row->time, row->time_of_day ? " " : "",
             row->time_of_day ? row->time_of_day : "");
    pxi_source_note_time(out, text, strlen(text), px_time_form_of(text, strlen(text)), row->bar.ts_us);
}

static px_status read_rows(pxi_lines *lines, const pxi_csv_format *format, const px_source_config *config,
                           px_source *out, px_error *err) {
    char stem[PX_NAME_SIZE], reason[PXI_CSV_REASON_SIZE], *line;
    size_t length, last = SIZE_MAX;
    bool more;
    px_status status = pxi_source_stem(config, stem, err);
    while (!status && !(status = pxi_lines_next(lines, &line, &length, &more, err)) && more) {
        pxi_csv_row row;
        if ((status = pxi_source_count(config, out, length > 0, length + 1, err)) || length == 0)
            continue;
        if (pxi_csv_row_parse(format, line, length, config->zone, &row, reason)) {
            note_time(&row, out);
            status =
                pxi_source_add(config, row.symbol, stem, row.bar, pxi_lines_number(lines), &last, out, err);
        } else
            pxi_source_reject(out, pxi_lines_number(lines), "%s", reason);
        if (!status && pxi_source_is_enough(config, out))
            break;
    }
    if (!status && out->n_read == 0)
        status = pxi_fail(err, PX_EINPUT, "%s: a header line but no rows", config->path);
    return status;
}

px_status pxi_csv_read(const px_source_config *config, px_source *out, px_error *err) {
    pxi_lines *lines = NULL;
    pxi_csv_format format;
    const char *names[PXI_CSV_MAX_COLUMNS];
    char *line;
    size_t length;
    bool more;
    px_status status = pxi_lines_open(config->path, &lines, err);
    if (status)
        return status;
    status = pxi_lines_next(lines, &line, &length, &more, err);
    if (!status && !more)
        status = pxi_fail(err, PX_EINPUT, "%s is empty", config->path);
    if (!status) {
        status = pxi_csv_header(line, length, &format, names, err);
        if (status)
            pxi_fail_prefix(err, status, "%s: line 1", config->path);
    }
    if (!status)
        status = note_columns(&format, names, out, err);
    if (!status)
        status = read_rows(lines, &format, config, out, err);
    pxi_lines_close(&lines);
    return status;
}
