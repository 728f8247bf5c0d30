// SPDX-License-Identifier: Apache-2.0
/* Synthetic one-minute bars: same seed, same bytes. */
#ifndef PX_SYNTH_H
#define PX_SYNTH_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_synth_kind {
    PX_SYNTH_WALK,  /* martingale on an integer tick lattice, >= 64 one-tick steps a minute */
    PX_SYNTH_TREND, /* drifts and reversals worth trading */
    PX_SYNTH_INDEX, /* like a walk, no volume */
} px_synth_kind;

#define PX_SYNTH_TICK 0.05

/* `days` sessions of weekdays from start_date on. *out from a zeroed struct. Errors: PX_EINPUT, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_synth_bars(px_synth_kind kind, uint64_t seed, int days, int32_t start_date,
                                             const px_calendar *calendar, px_bars *out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
