// SPDX-License-Identifier: Apache-2.0
/* JSON lines: an object a row, as JSON has it in a list. */
#include "files/output/output.h"

#include "base/file.h"

px_status pxi_write_jsonl(const px_table *table, const pxi_output *output, px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(output->path, &file, err);
    if (!status)
        status = px_table_write(table, PX_TABLE_JSON_LINES, output->zone, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}
