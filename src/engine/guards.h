// SPDX-License-Identifier: Apache-2.0
/* What stands between an entry signal and its order, in one table: the first guard that stops a signal gives
 * it its outcome. */
#ifndef PXI_GUARDS_H
#define PXI_GUARDS_H

#include "pixity/strategy.h"

typedef struct pxi_guard_input {
    const px_signal *signal;
    const px_config *config;
    bool duplicate;   /* the signal's id was seen in this scope */
    bool held;        /* a stream waits until its warm-up is whole */
    bool killed;      /* the kill switch has fired */
    bool in_position; /* one is open, or its entry pending, and nothing takes it out before this would fill */
    size_t exit_bar;  /* of the last exit; SIZE_MAX = none yet */
    int session_entries; /* of the account: filled in the signal bar's session, with those that wait */
    bool full;           /* the account has no room for another position */
    double close;        /* of the signal bar */
} pxi_guard_input;

/* PX_OUTCOME_EXECUTED where no guard stops it. */
px_outcome pxi_guards_check(const pxi_guard_input *input);

#endif
