// SPDX-License-Identifier: Apache-2.0
/* Analytics by blocks of bars, and only those that are named. */
#ifndef PXI_ANALYTICS_H
#define PXI_ANALYTICS_H

#include "indicators/kernel.h"

/* `columns`: names ended by NULL, or NULL for all; a name that is none is PX_EINPUT. px_analytics_stream_new
 * is this with NULL. Errors: PX_ENOMEM too. */
px_status pxi_analytics_new(const pxi_kernel_setup *setup, const char *const *columns,
                            px_analytics_stream **out, px_error *err);
/* Runs what is named over the next bars, PXI_BLOCK at most. */
void pxi_analytics_run(px_analytics_stream *stream, const px_bars *block);
/* Writes the named columns of bar `i` of that block; the others are left as they are. */
void pxi_analytics_at(const px_analytics_stream *stream, size_t i, px_analytics *out);
/* All columns undefined. */
px_analytics pxi_analytics_undefined(void);

#endif
