// SPDX-License-Identifier: Apache-2.0
/* What the checks of an admission write down. */
#include "market/admission/admission.h"

px_admission_note *pxi_admission_note(pxi_admitted *a, px_admission_check check, px_admission_verdict verdict,
                                      size_t n_bars) {
    px_admission_note *note = &a->out->notes[a->out->n++];
    *note = (px_admission_note){.check = check, .verdict = verdict, .n_bars = n_bars};
    a->out->is_refused |= verdict == PX_ADMISSION_REFUSED;
    return note;
}

bool pxi_market_closes(const px_calendar *calendar) {
    const px_session monday = px_calendar_session(calendar, 4); /* 1970-01-05 */
    return monday.n_intervals > 0 && monday.close_us - monday.open_us < PX_US_PER_DAY;
}
