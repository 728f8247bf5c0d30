// SPDX-License-Identifier: Apache-2.0
/* What a stream says: one JSON object a line, appended to a text. Times are starts of bars, ISO 8601 with
 * offset; undefined numbers are null; money is rupees. Members: docs/stream.md. */
#ifndef PXI_LINES_H
#define PXI_LINES_H

#include "engine/journal.h"
#include "base/text.h"
#include "live/intake.h"

typedef struct pxi_output {
    pxi_text text;
    const px_zone *zone;
    int64_t formatted_us; /* the time that `stamp` says; lines of one bar share it */
    char stamp[PX_TIME_TEXT_SIZE];
} pxi_output;

void pxi_line_bar(pxi_output *lines, const px_bar *bar);
void pxi_line_feature(pxi_output *lines, int64_t ts_us, const double row[PX_N_FEATURES]);
void pxi_line_event(pxi_output *lines, const px_event *event);
/* A candidate and its outcome so far. */
void pxi_line_signal(pxi_output *lines, const px_candidate *candidate);
void pxi_line_order(pxi_output *lines, const pxi_order *order);
void pxi_line_fill(pxi_output *lines, const pxi_fill *fill);
void pxi_line_exit(pxi_output *lines, const pxi_trade *trade);
/* `kind`: a word to tell warnings apart; `n` minutes from ts_us on, unless 0. */
void pxi_line_warning(pxi_output *lines, const char *kind, int64_t ts_us, size_t n, const char *message);

#endif
