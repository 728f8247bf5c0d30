// SPDX-License-Identifier: Apache-2.0
/* Files of other formats: each hands its tables to pxi_opening.take (files/table_rows.h). */
#ifndef PXI_CONTAINERS_H
#define PXI_CONTAINERS_H

#include "files/table_rows.h"

px_status pxi_json_open(const pxi_opening *o, px_error *err);  /* one document, or one a line */
px_status pxi_arrow_open(const pxi_opening *o, px_error *err); /* an Arrow file or stream (arrow/) */
px_status pxi_sqlite_open(const pxi_opening *o,
                          px_error *err); /* the table that is named, candles, or the only one */
px_status pxi_xlsx_open(const pxi_opening *o, px_error *err); /* the sheet that is named, or the only one */
px_status pxi_zip_open(const pxi_opening *o, px_error *err);  /* every member that can be read */
/* Every file in config->path, a folder, and in the folders in it. *n_files is how many there are. */
px_status pxi_files_open(const pxi_opening *o, size_t *n_files, px_error *err);
/* Reads one of the files of a folder or archive, of which o->out is what was read before, and takes it. */
typedef px_status (*pxi_read_part)(const pxi_opening *o, void *context, px_error *err);
px_status pxi_source_read_part(const pxi_opening *o, const char *path, pxi_read_part read, void *context,
                               px_error *err);
/* pxi_rows_read of rows that have what the folders say as columns. */
px_status pxi_labelled_read(pxi_rows *rows, const pxi_opening *o, px_error *err);

#endif
