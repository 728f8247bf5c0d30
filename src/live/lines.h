// SPDX-License-Identifier: Apache-2.0
/* What a stream says: one JSON object a line, appended to a text. Times are starts of bars, ISO 8601 with
 * offset; undefined numbers are null; money is rupees. Members: docs/stream.md. */
#ifndef PXI_LINES_H
#define PXI_LINES_H

#include "base/text.h"
#include "engine/sink.h"
#include "live/intake.h"
#include "pixity/findings.h"

typedef struct pxi_output {
    pxi_text text;
    const px_zone *zone;
    int64_t formatted_us; /* the time that `stamp` says; lines of one bar share it */
    char stamp[PX_TIME_TEXT_SIZE];
} pxi_output;

/* All but warnings: what comes of a stream. Its user is a pxi_output. */
extern const pxi_sink_kind pxi_lines_sink;
/* A finding, with its code as kind and its text as message. */
void pxi_line_finding(pxi_output *lines, const px_finding *finding, int64_t ts_us);
/* `kind`: a word to tell warnings apart; `n` minutes from ts_us on, unless 0. */
void pxi_line_warning(pxi_output *lines, const char *kind, int64_t ts_us, size_t n, const char *message);

#endif
