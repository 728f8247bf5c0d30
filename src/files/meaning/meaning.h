// SPDX-License-Identifier: Apache-2.0
/* What the columns of a table mean: the third step of reading bars. roles.c decides which column is what,
 * cell_number.c how numbers are read, bar_reader.c makes a bar of a row, take.c takes all rows. */
#ifndef PXI_MEANING_H
#define PXI_MEANING_H

#include "files/column_names.h"
#include "files/table_rows.h"

#define PXI_NO_COLUMN   SIZE_MAX
#define PXI_REASON_SIZE sizeof(((px_rejection *)0)->reason)

typedef struct pxi_meaning {
    size_t at[PXI_N_ROLES]; /* column of each role; PXI_NO_COLUMN = none */
    size_t clock;           /* the time of day, where `at` has the date */
} pxi_meaning;

/* Errors: PX_EINPUT naming what is missing or given twice. */
px_status pxi_columns_choose(const pxi_rows *rows, const px_source_config *config, pxi_meaning *out,
                             px_error *err);

/* Reads the cells of a row as a bar. */
enum {
    PXI_SLOT_CLOCK = PXI_N_ROLES,
    PXI_N_SLOTS
}; /* what a row is asked for: its roles and the time of day */
typedef struct pxi_bar_reader {
    pxi_meaning meaning;
    const px_zone *zone;
    size_t wanted[PXI_N_SLOTS], n_wanted; /* columns, in the order of the batches */
    size_t slots[PXI_N_SLOTS];            /* in a batch; PXI_NO_COLUMN = not there */
    pxi_kind kinds[PXI_N_SLOTS];
    char time_text[64]; /* of the row that was read last, as it was understood */
    px_time_form time_form;
} pxi_bar_reader;

/* Errors: PX_EINPUT for a column that is needed and cannot be read. */
px_status pxi_bar_reader_make(const pxi_rows *rows, const pxi_meaning *meaning, const px_zone *zone,
                              pxi_bar_reader *out, px_error *err);
/* False if the row is no bar; `reason` says why and names the column. */
bool pxi_bar_read(pxi_bar_reader *reader, const pxi_batch *batch, size_t row, px_bar *bar,
                  char reason[PXI_REASON_SIZE]);
/* The symbol of a row, in `buf` or beside it; NULL without such a column. */
const char *pxi_bar_symbol(const pxi_bar_reader *reader, const pxi_batch *batch, size_t row,
                           char buf[PX_NAME_SIZE + 1]);

/* A number as texts write it. False if it is no finite number. */
bool pxi_number_parse(const char *text, size_t length, double *out);
/* The number that a 32-bit number was written as: the shortest decimal that is stored as this one. */
double pxi_number_of_float(float value);

#endif
