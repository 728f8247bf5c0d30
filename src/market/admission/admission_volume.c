// SPDX-License-Identifier: Apache-2.0
/* Volume that is the day's so far: it rises all day and begins anew the next. */
#include "market/admission/admission.h"

#include <stdio.h>

/* Volume that is traded does not rise from bar to bar so often in a row by chance. */
#define RISES 30

typedef struct rises {
    size_t n_steps, n_falls, n_rises; /* between two bars of a date */
    size_t n_dates;
} rises;

static rises count_rises(const pxi_admitted *a) {
    px_session_cursor cursor = px_session_cursor_make(a->config->calendar);
    const px_bars *bars = a->bars;
    rises found = {0};
    for (size_t i = 0; i < bars->n; i++) {
        if (px_session_advance(&cursor, bars->ts_us[i])) {
            found.n_dates++;
            continue;
        }
        found.n_steps++;
        found.n_falls += bars->volume[i] < bars->volume[i - 1];
        found.n_rises += bars->volume[i] > bars->volume[i - 1];
    }
    return found;
}

static bool looks_cumulative(const rises *found) {
    return found->n_rises >= RISES && found->n_rises * 4 >= found->n_steps &&
           found->n_falls * 1000 <= found->n_steps;
}

/* What came back a little, as corrected volumes do, counts as none. */
static void take_differences(const pxi_admitted *a) {
    px_session_cursor cursor = px_session_cursor_make(a->config->calendar);
    px_bars *bars = a->bars;
    double before = 0;
    for (size_t i = 0; i < bars->n; i++) {
        if (px_session_advance(&cursor, bars->ts_us[i]))
            before = 0;
        const double so_far = bars->volume[i];
        bars->volume[i] = so_far > before ? so_far - before : 0;
        before = so_far;
    }
}

px_status pxi_admit_volume(pxi_admitted *a, px_error *err) {
    (void)err;
    if (a->config->timeframe_minutes >= PX_TIMEFRAME_DAY || a->config->volume == PX_VOLUME_TRADED)
        return PX_OK;
    const rises found = count_rises(a);
    if (a->config->volume != PX_VOLUME_CUMULATIVE && !looks_cumulative(&found))
        return PX_OK;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_VOLUME, PX_ADMISSION_CHANGED, a->bars->n);
    take_differences(a);
    if (a->config->volume == PX_VOLUME_CUMULATIVE)
        snprintf(note->text, sizeof note->text,
                 "volume is the day's so far, as was said: differences are taken");
    else {
        snprintf(note->option, sizeof note->option, "--volume traded");
        snprintf(
            note->text, sizeof note->text,
            "volume rises all day on each of %zu dates: it is the day's so far, and differences are taken "
            "(%s keeps it)",
            found.n_dates, note->option);
    }
    return PX_OK;
}
