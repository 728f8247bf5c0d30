// SPDX-License-Identifier: Apache-2.0
/* The table of checks that bars pass on their way into the store. */
#include "market/admission/admission.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    pxi_admission_fn admit;
} checks[PX_N_ADMISSION_CHECKS] = {
    [PX_ADMISSION_REJECTED] = {"rejected_row", pxi_admit_rejected},
    [PX_ADMISSION_ZONE] = {"zone", pxi_admit_zone},
    [PX_ADMISSION_STAMP] = {"end_stamps", pxi_admit_stamps},
    [PX_ADMISSION_MIXED] = {"mixed_timeframe", pxi_admit_mixed},
    [PX_ADMISSION_GRID] = {"clock_grid", pxi_admit_grid},
    [PX_ADMISSION_DAYS] = {"days", pxi_admit_days},
    [PX_ADMISSION_VOLUME] = {"cumulative_volume", pxi_admit_volume},
    [PX_ADMISSION_UNFINISHED] = {"unfinished", pxi_admit_unfinished},
};

const char *px_admission_name(px_admission_check check) {
    assert((size_t)check < PX_N_ADMISSION_CHECKS);
    return checks[check].name;
}

static void add_note(px_admission *to, const px_admission_note *note) {
    static const char more[] = "; and in other files";
    size_t at = 0;
    while (at < to->n && to->notes[at].check < note->check)
        at++;
    px_admission_note *there = &to->notes[at];
    if (at == to->n || there->check != note->check) {
        memmove(there + 1, there, (to->n - at) * sizeof *there);
        *there = *note;
        to->n++;
        return;
    }
    const size_t n_bars = there->n_bars + note->n_bars;
    if (note->verdict > there->verdict) /* the worst is reported */
        *there = *note;
    there->n_bars = n_bars;
    const size_t length = strlen(there->text);
    if (length + sizeof more <= sizeof there->text && !strstr(there->text, more))
        memcpy(there->text + length, more, sizeof more);
}

void px_admission_add(px_admission *to, const px_admission *from) {
    for (size_t i = 0; i < from->n; i++)
        add_note(to, &from->notes[i]);
    to->is_refused |= from->is_refused;
}

px_status px_bars_admit(const px_admission_config *config, px_bars *bars, px_admission *out, px_error *err) {
    px_admission admission = {0};
    pxi_admitted a = {config, bars, &admission};
    px_status status = PX_OK;
    const int n = config->as_is ? PX_ADMISSION_REJECTED + 1 : PX_N_ADMISSION_CHECKS;
    for (int i = 0; !status && !admission.is_refused && bars->n && i < n; i++)
        status = checks[i].admit(&a, err);
    if (!status)
        *out = admission;
    return status;
}
