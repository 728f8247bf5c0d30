// SPDX-License-Identifier: Apache-2.0
/* The files of one stored series: <home>/candles/<key>/<timeframe>/<year>.parquet, years in UTC.
 *
 * A change of any number of years is one rename. The writer, under the lock `.lock`, stages the new year
 * files in `.staged`, flushes them, and renames that folder to `.commit`: this is the commit. Then it moves
 * the files to their places and removes `.commit`. A writer that dies before the rename leaves a `.staged`
 * that the next writer removes; one that dies after it leaves a `.commit` that the next writer carries out.
 * Readers take a year from `.commit` if it is there, so they see the change whole from the commit on, whoever
 * finishes it. An empty year file in it is a year without bars any more; what is no year file is an entry of
 * the series' journal (series_log.h) and goes to `journal/`.
 *
 * A reader opens all its years, then opens them again: if both times gave the same files, no commit came in
 * between and the first set is of one state. It reads from these open files, so nothing that happens later
 * matters and it never waits. */
#ifndef PXI_SERIES_H
#define PXI_SERIES_H

#include "store/home/home.h"
#include "files/duck/table_parquet.h"
#include "store/candles/candle_file.h"

/* Of an instrument's folder, and of a series in it; malloc'ed; NULL on out of memory. */
char *pxi_key_folder(const px_home *home, const char *key);
char *pxi_series_folder(const px_home *home, const char *key, int timeframe_minutes);
/* Of a year in a series' folder, for messages and writing; malloc'ed. */
char *pxi_series_year_path(const char *folder, int year);

/* Whole numbers that names in a folder stand for. */
typedef struct pxi_numbers {
    int *items; /* of whoever lists */
    size_t n, capacity;
} pxi_numbers;
/* Adds those of a folder that `parse` reads; none of one that is not there. Errors: PX_EIO, PX_ENOMEM. */
px_status pxi_numbers_list(const char *path, bool (*parse)(const char *name, int *number), pxi_numbers *list,
                           px_error *err);
void pxi_numbers_sort(pxi_numbers *list); /* ascending, each once */

int pxi_year_of(int64_t ts_us);
int64_t pxi_year_begin_us(int year);

/* Makes a folder under candles/ so that it outlives a power cut: `depth` names of its path may be new. */
px_status pxi_make_candles_folder(const char *folder, int depth, px_error *err);

typedef struct pxi_year_file {
    int year;
    pxi_pinned file;
    uint64_t device, inode;
    size_t bytes;
    pxi_checksum checksum; /* after pxi_year_files_check */
} pxi_year_file;

typedef struct pxi_year_files {
    size_t n_stored; /* all years of the series */
    size_t n;        /* those opened */
    pxi_year_file *items;
} pxi_year_files;

/* Opens the years first..last that are stored. A series that is not there has none. *out from a zeroed
 * struct. */
px_status pxi_year_files_open(const char *folder, int first, int last, pxi_year_files *out, px_error *err);
void pxi_year_files_close(pxi_year_files *files);
/* How many years the series has. */
px_status pxi_series_count_years(const char *folder, size_t *out, px_error *err);
/* Reads the checksums that the files carry, and holds their footers against them; `whole`: every byte.
 * Errors: PX_ECORRUPT naming the file. */
px_status pxi_year_files_check(pxi_year_files *files, const char *folder, bool whole, px_error *err);
/* Appends the bars of the files to *bars, each file held against its checksum and each bar against what a bar
 * can be: of its year, later than the one before, px_bar_defect. Errors: PX_ECORRUPT naming the file. */
px_status pxi_year_files_read(pxi_year_files *files, const char *folder, pxi_duck *duck, px_bars *bars,
                              px_error *err);

/* A change: begin, write each changed year to pxi_series_year_path(change.staged, year), commit, end. */
typedef struct pxi_series_change {
    char *folder, *staged;
    int lock;
} pxi_series_change;
/* Takes the lock and finishes what a dead writer began. *out from a zeroed struct. */
px_status pxi_series_change_begin(const char *folder, pxi_series_change *out, px_error *err);
px_status pxi_series_change_commit(pxi_series_change *change, px_error *err);
/* Frees the lock; without a commit nothing has changed. A zeroed struct is fine. */
void pxi_series_change_end(pxi_series_change *change);

#endif
