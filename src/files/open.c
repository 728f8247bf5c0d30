// SPDX-License-Identifier: Apache-2.0
/* Each kind of file has what opens it. */
#include "files/containers/containers.h"

#include "base/error.h"

static const pxi_open openers[PXI_N_FILE_KINDS] = {
    [PXI_FILE_CSV] = pxi_text_open,        [PXI_FILE_JSON] = pxi_json_open,
    [PXI_FILE_PARQUET] = pxi_parquet_open, [PXI_FILE_DUCKDB] = pxi_duckdb_open,
    [PXI_FILE_SQLITE] = pxi_sqlite_open,   [PXI_FILE_XLSX] = pxi_xlsx_open,
    [PXI_FILE_ARROW] = pxi_arrow_open,     [PXI_FILE_ZIP] = pxi_zip_open,
};

px_status pxi_open_file(const pxi_opening *o, px_error *err) {
    pxi_file_kind kind;
    px_status status = pxi_file_kind_of(o->file, o->config->path, &kind, err);
    if (!status && o->config->reading.table && kind != PXI_FILE_DUCKDB && kind != PXI_FILE_SQLITE)
        status = pxi_fail(err, PX_EINPUT, "%s is %s and has no tables for --table to name", o->config->path,
                          pxi_file_kind_name(kind));
    if (!status && o->config->reading.sheet && kind != PXI_FILE_XLSX)
        status = pxi_fail(err, PX_EINPUT, "%s is %s and has no sheets for --sheet to name", o->config->path,
                          pxi_file_kind_name(kind));
    return status ? status : openers[kind](o, err);
}
