// SPDX-License-Identifier: Apache-2.0
/* What became of the rows of a series, or of rows that belong to none. */
#include "files/source.h"

#include <stdarg.h>
#include <stdio.h>

void pxi_tally_bar(px_source_tally *tally) {
    tally->rejected.n_rows++;
    tally->run = 0;
}

static void tally_rejection(px_source_tally *tally, const px_rejection *rejection) {
    px_rejected *sum = &tally->rejected;
    sum->n_rows++;
    if (sum->n++ == 0)
        sum->first = *rejection;
    if (tally->run++ == 0)
        tally->run_line = rejection->line;
    if (tally->run > sum->longest) {
        sum->longest = tally->run;
        sum->line = tally->run_line;
    }
}

static void add_rows(px_rejected *to, const px_rejected *from) {
    to->n_rows += from->n_rows;
    if (from->n && (!to->n || from->first.line < to->first.line))
        to->first = from->first;
    to->n += from->n;
}

void pxi_tally_add(px_rejected *to, const px_rejected *from) {
    add_rows(to, from);
    if (from->longest > to->longest) {
        to->longest = from->longest;
        to->line = from->line;
    }
}

void pxi_source_reject(px_source *source, px_source_tally *tally, size_t line, const char *format, ...) {
    px_rejection rejection = {.line = line};
    va_list args;
    va_start(args, format);
    vsnprintf(rejection.reason, sizeof rejection.reason, format, args);
    va_end(args);
    if (source->n_rejected < PX_MAX_REJECTIONS)
        source->rejections[source->n_rejected] = rejection;
    source->n_rejected++;
    tally_rejection(tally, &rejection);
}

px_rejected px_source_rejected(const px_source *source, const px_source_series *series) {
    px_rejected sum = source->unnamed.rejected;
    if (!series)
        pxi_tally_add(&sum, &source->lost);
    for (size_t i = 0; i < source->n_series; i++)
        if (!series || series == &source->series[i])
            add_rows(&sum, &source->series[i].tally.rejected);
    return sum;
}
