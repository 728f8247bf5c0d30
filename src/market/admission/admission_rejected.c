// SPDX-License-Identifier: Apache-2.0
/* Rows that are no bars: some are left out, but a series that lost many of them, or a whole stretch, is not
 * the one that was meant. */
#include "market/admission/admission.h"

#include <stdio.h>

/* A share of the rows, in per cent, and bars on end. */
enum { MOST_PERCENT = 1, MOST_ON_END = 10 };

static bool lost_a_share(const px_rejected *of) {
    return of->n * 100 > of->n_rows * MOST_PERCENT;
}

/* Of a file, or of one of its series, which may be short: a file of one day holds a row of each. */
static const px_rejected *find_worst(const px_admission_config *config) {
    const px_rejected *series = &config->of_series, *file = &config->of_file;
    if (series->longest > MOST_ON_END || (series->n > MOST_ON_END && lost_a_share(series)))
        return series;
    return file->longest > MOST_ON_END || lost_a_share(file) ? file : NULL;
}

px_status pxi_admit_rejected(pxi_admitted *a, px_error *err) {
    const px_rejected *worst = find_worst(a->config), *shown = worst ? worst : &a->config->of_file;
    const bool refused = worst && !a->config->keep_good;
    char stretch[80] = "";
    (void)err;
    if (!shown->n)
        return PX_OK;
    px_admission_note *note = pxi_admission_note(
        a, PX_ADMISSION_REJECTED, refused ? PX_ADMISSION_REFUSED : PX_ADMISSION_SAID, shown->n);
    if (shown->longest > 1)
        snprintf(stretch, sizeof stretch, ", %zu of them on end from line %zu", shown->longest, shown->line);
    if (refused)
        snprintf(note->option, sizeof note->option, "--keep-good");
    snprintf(note->text, sizeof note->text, "%zu of %zu rows are no bars%s; the first is line %zu: %.90s%s",
             shown->n, shown->n_rows, stretch, shown->first.line, shown->first.reason,
             refused ? " (--keep-good takes the others)" : "");
    return PX_OK;
}
