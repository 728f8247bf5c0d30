// SPDX-License-Identifier: Apache-2.0
/* Parquet, which DuckDB writes. */
#include "files/output/output.h"

#include "base/error.h"
#include "files/duck/table_parquet.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

px_status pxi_write_parquet(const px_table *table, const pxi_output *output, px_error *err) {
    pxi_duck *own = NULL, *duck = NULL;
    char *beside = NULL;
    pxi_text schema = {0};
    px_status status = output->duck ? output->duck(output->context, &duck, err) : pxi_duck_open(&own, err);
    if (!status && asprintf(&beside, "%s.%ld.tmp", output->path, (long)getpid()) < 0) {
        beside = NULL;
        status = pxi_fail_memory(err);
    }
    if (!status)
        status = pxi_arrow_schema_text(table, px_zone_name(output->zone), &schema, err);
    if (!status)
        status =
            pxi_table_write_out(own ? own : duck, table,
                                &(pxi_parquet_words){px_zone_name(output->zone), schema.data}, beside, err);
    if (!status && rename(beside, output->path) != 0)
        status = pxi_fail_errno(err, "rename to", output->path);
    if (status && beside)
        unlink(beside);
    free(beside);
    pxi_text_free(&schema);
    pxi_duck_close(&own);
    return status;
}
