// SPDX-License-Identifier: Apache-2.0
/* What the checks of an admission share. */
#ifndef PXI_ADMISSION_H
#define PXI_ADMISSION_H

#include "pixity/admission.h"

/* The series on its way. */
typedef struct pxi_admitted {
    const px_admission_config *config;
    px_bars *bars;
    px_admission *out;
} pxi_admitted;

/* A check: a function and a line of the table in admission.c. Errors: PX_ENOMEM. */
typedef px_status (*pxi_admission_fn)(pxi_admitted *a, px_error *err);

/* Notes what a check has to say. The caller writes option and text. */
px_admission_note *pxi_admission_note(pxi_admitted *a, px_admission_check check, px_admission_verdict verdict,
                                      size_t n_bars);
/* Whether the market has a time of day at which it is closed. */
bool pxi_market_closes(const px_calendar *calendar);

/* Whether most of the bars lie outside of sessions, and another zone puts them inside: in words, to `text`.
 * Of bars that are stored, or taken as they are. */
bool pxi_zone_explains(const px_calendar *calendar, int timeframe_minutes, const px_bars *bars, char *text,
                       size_t size);

px_status pxi_admit_rejected(pxi_admitted *a, px_error *err);
px_status pxi_admit_zone(pxi_admitted *a, px_error *err);
px_status pxi_admit_stamps(pxi_admitted *a, px_error *err);
px_status pxi_admit_mixed(pxi_admitted *a, px_error *err);
px_status pxi_admit_grid(pxi_admitted *a, px_error *err);
px_status pxi_admit_days(pxi_admitted *a, px_error *err);
px_status pxi_admit_volume(pxi_admitted *a, px_error *err);
px_status pxi_admit_unfinished(pxi_admitted *a, px_error *err);

#endif
