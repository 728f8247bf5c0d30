// SPDX-License-Identifier: Apache-2.0
/* Tables of other formats as lines of comma-separated text, made row by row as they are asked for: header,
 * banner lines, number and date forms are then found by the one reader of texts (csv/), whatever the format.
 */
#ifndef PXI_PULLED_TEXT_H
#define PXI_PULLED_TEXT_H

#include "base/text.h"
#include "files/csv/bytes.h"
#include "files/table_rows.h"

typedef struct pxi_pulled pxi_pulled;
struct pxi_pulled {
    pxi_bytes base;
    pxi_text text; /* made and not given yet from `at` on */
    size_t at;
    bool ended;
    /* Adds at least one line to `text`, or sets `ended`. */
    px_status (*more)(pxi_pulled *pulled, px_error *err);
    px_status (*restart)(pxi_pulled *pulled, px_error *err);
    void (*free)(pxi_pulled *pulled); /* of the whole */
};

/* Fills base and text; the functions must be set. */
void pxi_pulled_init(pxi_pulled *pulled);

/* Adds a cell to a row: quoted where it must be; what would end the line becomes a blank. */
void pxi_pulled_text(pxi_text *row, bool first, const char *text, size_t length);
void pxi_pulled_double(pxi_text *row, bool first, double value);
void pxi_pulled_i64(pxi_text *row, bool first, int64_t value);

/* Reads the rows of such a text, which is taken over. `name` is what holds them. */
px_status pxi_pulled_take(const pxi_opening *o, pxi_bytes *bytes, const char *name, bool no_header,
                          px_error *err);

#endif
