// SPDX-License-Identifier: Apache-2.0
/* Filling px_error: each returns its status, so a failing function ends with `return pxi_fail(...)`. */
#ifndef PXI_ERROR_H
#define PXI_ERROR_H

#include "pixity/status.h"

px_status pxi_fail(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);
/* PX_EIO: "cannot <what> <path>: <strerror(errno)>". */
px_status pxi_fail_errno(px_error *err, const char *what, const char *path);
px_status pxi_fail_memory(px_error *err);
/* Puts "<text>: " before a message that is already there; returns its code. */
px_status pxi_fail_prefix(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);

#endif
