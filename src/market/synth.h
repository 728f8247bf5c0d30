// SPDX-License-Identifier: Apache-2.0
/* Made-up bars for the proofs of an audit. */
#ifndef PXI_SYNTH_H
#define PXI_SYNTH_H

#include "pixity/synth.h"

/* A walk made on bars of a timeframe themselves, each `steps` one-tick steps (a multiple of 64): for
 * timeframes whose minutes would be many. Otherwise as px_synth_bars with PX_SYNTH_WALK. */
px_status pxi_synth_walk(uint64_t seed, int days, int32_t start_date, const px_calendar *calendar,
                         int timeframe_minutes, int steps, px_bars *out, px_error *err);

#endif
