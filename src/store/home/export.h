// SPDX-License-Identifier: Apache-2.0
/* Tables out of the house. */
#ifndef PXI_EXPORT_H
#define PXI_EXPORT_H

#include "pixity/store.h"

/* px_table_save in a folder that is there. */
px_status pxi_table_export(px_home *home, const px_table *table, px_file_format format, const px_zone *zone,
                           const char *path, px_error *err);
/* PX_EEXISTS: what was to be made is there. */
px_status pxi_fail_exists(const char *path, px_error *err);
/* Whether something new can have this name. Errors: PX_EEXISTS, PX_EINPUT where its folder is missing. */
px_status pxi_check_new_path(const char *path, px_error *err);

#endif
