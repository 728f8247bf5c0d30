// SPDX-License-Identifier: Apache-2.0
/* What the columns of a table mean: the third step of reading bars.
 *
 *   sample.c      the first rows, as texts: what decisions are made from
 *   roles.c       which column is what, by name; layout.c by its cells, where the file names none
 *   times.c       which columns give the time, and in which order the numbers of its dates stand
 *   profiles.c    what is known of programs that write such files
 *   bar_reader.c  the cells of a row → a bar; row_contract.c → its instrument
 *   take.c        all of this, and the rows → the series of the source */
#ifndef PXI_MEANING_H
#define PXI_MEANING_H

#include "files/column_names.h"
#include "files/meaning/when.h"
#include "files/table_rows.h"

#define PXI_NO_COLUMN   SIZE_MAX
#define PXI_REASON_SIZE sizeof(((px_rejection *)0)->reason)

/* How texts write numbers. */
typedef struct pxi_number_form {
    char decimal; /* '.' or ',' */
    char group;   /* between thousands: ',' '.' or 0 */
} pxi_number_form;

enum { PXI_MOST_TIMES = 4 }; /* columns that give the time beside the first */

typedef struct pxi_profile pxi_profile;

typedef struct pxi_meaning {
    size_t at[PXI_N_ROLES];                  /* column of each role; PXI_NO_COLUMN = none */
    size_t clock;                            /* the time of day, where `at` has the date */
    size_t others[PXI_MOST_TIMES], n_others; /* give the same time */
    bool clock_seconds;                      /* digits of a time of day are HHMMSS */
    bool days_only;                          /* times are dates without a time of day */
    pxi_number_form numbers;
    unsigned orders;
    const pxi_profile *profile; /* NULL = of no program that is known */
    double price_divisor;       /* of prices as they are written */
    int64_t base_us; /* midnight that times of day are of, where no column has the date; else INT64_MIN */
} pxi_meaning;

/* ---- a program that writes bar files (profiles.c) -------------------------------------------------------
 */

struct pxi_profile {
    const char *name;
    const char *keys; /* names (as pxi_name_key) that together show it, divided by blanks; NULL = none do */
    const char *exchange;  /* of its instruments, where the user names none; NULL = nothing is known */
    const char *zone;      /* of its times without an offset; NULL = the exchange's */
    bool stamped_at_close; /* times name the ends of bars within a day */
    const char *dates; /* how it writes the whole time, with a 9 for a digit, if then its numbers stand in: */
    unsigned orders;
};

/* Errors: PX_EINPUT for an unknown name, with the nearest. */
px_status pxi_profile_named(const char *name, const pxi_profile **out, px_error *err);
/* The one whose keys are all among the names; NULL = none. */
const pxi_profile *pxi_profile_of(const pxi_rows *rows);

/* ---- the first rows (sample.c) --------------------------------------------------------------------------
 */

enum { PXI_SAMPLE_ROWS = 240, PXI_SAMPLE_COLUMNS = 48 };

typedef struct pxi_sample {
    size_t n_columns; /* that are looked at: those with a name of a role, or all */
    size_t columns[PXI_SAMPLE_COLUMNS];
    size_t *places;  /* of each column among them; PXI_NO_COLUMN = it is not looked at */
    size_t n;        /* rows */
    size_t *offsets; /* of the text of each cell, row by row; SIZE_MAX = missing */
    char *texts;     /* each with a terminator */
    size_t length, capacity, cells_capacity;
} pxi_sample;

/* `all`: also columns whose name says nothing. */
px_status pxi_sample_take(pxi_rows *rows, bool all, pxi_sample *out, px_error *err);
void pxi_sample_free(pxi_sample *sample);
/* "" where the cell is missing, or says that there is no value ("null", "nan", "-"). */
const char *pxi_sample_text(const pxi_sample *sample, size_t row, size_t column);

/* ---- which column is what -------------------------------------------------------------------------------
 */

/* By the names, and --columns. Times are left to pxi_times_choose. Errors: PX_EINPUT naming what is missing
 * or given twice. */
px_status pxi_roles_choose(const pxi_rows *rows, const px_source_config *config, const pxi_sample *sample,
                           pxi_meaning *out, px_error *err);
/* By the cells of a file that names no columns. */
px_status pxi_layout_find(const pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out, px_source *notes,
                          px_error *err);
/* "time=Date,close=LTP" or "1=time,2=open". */
px_status pxi_columns_map(const pxi_rows *rows, const char *map, pxi_meaning *out, px_error *err);
/* The columns that give the time; `fixed`: at[PXI_ROLE_TIME] was named and stays. */
px_status pxi_times_choose(pxi_rows *rows, const px_source_config *config, const pxi_sample *sample,
                           pxi_meaning *out, px_source *notes, px_error *err);
/* What stands between digits. Errors: PX_EINPUT where cells contradict each other. */
px_status pxi_numbers_find(const pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out, px_source *notes,
                           px_error *err);

/* By the names alone, of rows that come later. */
px_status pxi_meaning_of_names(const pxi_rows *rows, pxi_meaning *out, px_error *err);

/* ---- cells ----------------------------------------------------------------------------------------------
 */

/* Whether a text stands for a value that is not there. */
bool pxi_is_missing(const char *text, size_t length);
/* A plain number, with a point. False if it is no finite number. */
bool pxi_number_parse(const char *text, size_t length, double *out);
/* The same as a form has it: thousands, signs of currencies, "1.5M". */
bool pxi_number_read(const pxi_number_form *form, const char *text, size_t length, double *out);
/* The number that a 32-bit number was written as: the shortest decimal that is stored as this one. */
double pxi_number_of_float(float value);

/* Reads the cells of a row as a bar. */
enum { PXI_SLOT_CLOCK = PXI_N_ROLES, PXI_SLOT_OTHERS, PXI_N_SLOTS = PXI_SLOT_OTHERS + PXI_MOST_TIMES };
typedef struct pxi_bar_reader {
    pxi_meaning meaning;
    pxi_when when;
    pxi_when whens[PXI_MOST_TIMES];       /* of the other times */
    const px_zone *usual_zone;            /* of times without an offset, where nothing else is known */
    size_t wanted[PXI_N_SLOTS], n_wanted; /* columns, in the order of the batches */
    size_t slots[PXI_N_SLOTS];            /* in a batch; PXI_NO_COLUMN = not there */
    pxi_kind kinds[PXI_N_SLOTS];
    char time_text[64]; /* of the first row that was read, as it is written */
    px_time_form time_form;
    size_t n_no_volume; /* rows whose volume is missing: taken as 0 */
    size_t n_widened;   /* rows whose high or low held open and close but for a tick (px_bar_widen) */
    size_t n_near;      /* times that were within a millisecond of a minute */
    bool disagrees;     /* two columns give other times: the reason says which, and the file is refused */
} pxi_bar_reader;

typedef enum pxi_row_is { PXI_ROW_BAR, PXI_ROW_EMPTY, PXI_ROW_FAULT } pxi_row_is;

/* Errors: PX_EINPUT for a column that is needed and cannot be read. */
px_status pxi_bar_reader_make(const pxi_rows *rows, const pxi_meaning *meaning,
                              const px_source_config *config, const px_zone *zone, pxi_bar_reader *out,
                              px_error *err);
/* PXI_ROW_EMPTY: none of its prices is there; PXI_ROW_FAULT: `reason` says why it is no bar, and names the
 * column. */
pxi_row_is pxi_bar_read(pxi_bar_reader *reader, const pxi_batch *batch, size_t row, px_bar *bar,
                        char reason[PXI_REASON_SIZE]);
/* A cell as text, without the apostrophe of an escaped formula; "" where the row has none. */
const char *pxi_bar_text(const pxi_bar_reader *reader, const pxi_batch *batch, size_t row, size_t role,
                         char buf[PX_NAME_SIZE + 1]);
/* The instrument that the columns of a row name (row_contract.c), "" if they name none: a contract where
 * there is an expiry. `file`: the name where no column has one. */
void pxi_bar_instrument(const pxi_bar_reader *reader, const pxi_batch *batch, size_t row, const char *file,
                        char name[2 * PX_NAME_SIZE]);

/* "1m", "minute", "5min", "1h", "D", "60minute", "15" in minutes; 0 if it is none. */
int pxi_timeframe_loose(const char *text);

/* ---- names of files (file_name.c) -----------------------------------------------------------------------
 */

/* The symbol in the name of a file or member, as far as its form allows: "AXISBANK_5min", "NSE_TCS, 5",
 * "BTC_USDT-1h". Else the name without folder and endings. */
void pxi_file_symbol(const char *path, char out[PX_NAME_SIZE]);
/* The date in the name of a LEAN file ("20190709_yesbank_minute_trade.csv"); false if it is none. */
bool pxi_lean_date(const char *path, int64_t *midnight_us);

#endif
