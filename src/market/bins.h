// SPDX-License-Identifier: Apache-2.0
/* Bins of longer timeframes. */
#ifndef PXI_BINS_H
#define PXI_BINS_H

#include "pixity/calendar.h"
#include "pixity/config.h"

typedef struct pxi_bin {
    int64_t begin_us, end_us;
} pxi_bin;

/* The bin that holds ts_us, which lies in the session. Both stay inside of the date. */
pxi_bin pxi_bin_at(const px_session *session, px_anchor anchor, int timeframe_minutes, int64_t ts_us);

/* Which interval of the session a bar has a minute in, the first of several; -1 for none. */
int pxi_interval_at(const px_session *session, int64_t ts_us, int timeframe_minutes);

#endif
