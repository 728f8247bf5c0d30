// SPDX-License-Identifier: Apache-2.0
/* Long work tells its caller how far it is, and stops where the caller asks it to. */
#ifndef PXI_WORK_H
#define PXI_WORK_H

#include "pixity/status.h"

/* Rows, bars or the like between two questions: well under a millisecond of any loop. */
#define PXI_ASK_EVERY 4096

/* `work` may be NULL. PX_EINTERRUPTED if the caller asks to stop. */
px_status pxi_work_tell(const px_work *work, const char *phase, size_t done, size_t total, px_error *err);
/* Only asks, inside a phase that was reported. */
px_status pxi_work_ask(const px_work *work, px_error *err);

#endif
