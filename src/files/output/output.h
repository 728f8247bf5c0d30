// SPDX-License-Identifier: Apache-2.0
/* Tables as files of others' formats. A format is a line of PX_SAVED_FORMATS (pixity/table.h) and a file
 * here, with pxi_write_<name>; everything that names formats goes by the line. */
#ifndef PXI_OUTPUT_H
#define PXI_OUTPUT_H

#include "base/text.h"
#include "files/duck/duck.h"

typedef struct pxi_output {
    const char *path;    /* written beside and renamed over what is there, so that it is whole or not there */
    const px_zone *zone; /* of the exchange; NULL = UTC */
    /* Gives a DuckDB that is open; NULL = none is. */
    px_status (*duck)(void *context, pxi_duck **out, px_error *err);
    void *context;
} pxi_output;

/* Errors: PX_EIO, PX_ENOMEM, PX_EINPUT (a text that is not UTF-8, where the format needs it). */
#define PXI_DECLARE_WRITER(NAME, name, endings, media, help)                                                 \
    px_status pxi_write_##name(const px_table *table, const pxi_output *output, px_error *err);
PX_SAVED_FORMATS(PXI_DECLARE_WRITER)

/* The Arrow schema of a table, in base64: under the key ARROW:schema it tells readers of a Parquet file the
 * zone, which the format itself has no place for. */
px_status pxi_arrow_schema_text(const px_table *table, const char *zone, pxi_text *out, px_error *err);

px_status pxi_output_write(px_file_format format, const px_table *table, const pxi_output *output,
                           px_error *err);

#endif
