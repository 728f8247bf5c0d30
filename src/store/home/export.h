// SPDX-License-Identifier: Apache-2.0
/* Tables out of the house. */
#ifndef PXI_EXPORT_H
#define PXI_EXPORT_H

#include "pixity/store.h"
#include "files/duck/duck.h"

/* Writes a table to a file, beside it first. Times are wall times of the zone in CSV, ISO 8601 with offset
 * in JSON, instants in Parquet, which has the zone's name in its metadata. `duck` is needed for Parquet only.
 * Errors: PX_EIO, PX_ENOMEM. */
px_status pxi_table_export(pxi_duck *duck, const px_table *table, px_file_format format, const px_zone *zone,
                           const char *path, px_error *err);
/* PX_EEXISTS: what was to be made is there. */
px_status pxi_fail_exists(const char *path, px_error *err);
/* Whether something new can have this name. Errors: PX_EEXISTS, PX_EINPUT where its folder is missing. */
px_status pxi_check_new_path(const char *path, px_error *err);

#endif
