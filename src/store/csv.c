// SPDX-License-Identifier: Apache-2.0
/* CSV and CSV.gz files of bars. */
#include "store/csv.h"

#include "base/error.h"
#include "store/gz_lines.h"

#include <stdint.h>

static px_status read_rows(pxi_lines *lines, const pxi_csv_format *format, const px_source_config *config,
                           px_source *out, px_error *err) {
    char stem[PX_NAME_SIZE], reason[PXI_CSV_REASON_SIZE], *line;
    size_t length, last = SIZE_MAX;
    bool more;
    px_status status = pxi_source_stem(config, stem, err);
    while (!status && !(status = pxi_lines_next(lines, &line, &length, &more, err)) && more) {
        pxi_csv_row row;
        if (length == 0)
            continue;
        out->n_read++;
        if (pxi_csv_row_parse(format, line, length, config->zone, &row, reason))
            status =
                pxi_source_add(config, row.symbol, stem, row.bar, pxi_lines_number(lines), &last, out, err);
        else
            pxi_source_reject(out, pxi_lines_number(lines), "%s", reason);
    }
    if (!status && out->n_read == 0)
        status = pxi_fail(err, PX_EINPUT, "%s: a header line but no rows", config->path);
    return status;
}

px_status pxi_csv_read(const px_source_config *config, px_source *out, px_error *err) {
    pxi_lines *lines = NULL;
    pxi_csv_format format;
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
        status = pxi_csv_header(line, length, &format, err);
        if (status)
            pxi_fail_prefix(err, status, "%s: line 1", config->path);
    }
    if (!status)
        status = read_rows(lines, &format, config, out, err);
    pxi_lines_close(&lines);
    return status;
}
