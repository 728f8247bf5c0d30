// SPDX-License-Identifier: Apache-2.0
/* Bar files: what the readers of each format share. px_source_read (source.c) chooses the reader. */
#ifndef PXI_SOURCE_H
#define PXI_SOURCE_H

#include "pixity/source.h"

/* The bars of one of its symbols in a source that was read, by any of its names; NULL if it has none. */
px_source_series *pxi_source_find(px_source *source, const char *symbol);
/* Adds a short sentence to what the reading has decided and why. */
void pxi_source_note(px_source *source, const char *format, ...) PX_PRINTF(2, 3);
/* The time of a bar, as it is written and read; only the first is kept. */
void pxi_source_note_time(px_source *source, const char *text, size_t length, px_time_form form,
                          int64_t ts_us);

/* Counts what was read and holds it against the limits. Errors: PX_EINPUT naming the limit and its option. */
px_status pxi_source_count(const px_source_config *config, px_source *out, size_t rows, uint64_t bytes,
                           px_error *err);
/* Whether the first rows that are wanted have been read; notes it. */
bool pxi_source_is_enough(const px_source_config *config, px_source *out);
/* The same for what has been read of any file; and the bytes of memory that reading it may take. */
px_status pxi_limits_check(const px_source_limits *limits, const char *path, uint64_t rows, uint64_t bytes,
                           px_error *err);
uint64_t pxi_limits_memory(const px_source_limits *limits);
px_status pxi_limits_fail_memory(const px_source_limits *limits, const char *path, px_error *err);

/* What the files of a folder, or an archive, have taken together, on whatever threads they are read. */
typedef struct pxi_spent {
    const char *path; /* of the whole */
    _Atomic uint64_t rows, bytes, memory;
    _Atomic bool is_over;    /* a limit */
    _Atomic bool is_limited; /* by that, or a file by itself: which of them is told hangs on who read first */
} pxi_spent;

/* A file becomes one of its folder, or archive, of which is said then what was said of it too: counts, notes,
 * failures. Those of an archive in a folder are the folder's. Empties `from`. Errors: PX_ENOMEM. */
px_status pxi_source_take(px_source *to, px_source *from, px_error *err);
/* Notes a file that could not be read; of failures that are no fault of the file it gives the status back. */
px_status pxi_source_failed(px_source *source, const char *file, px_status status, const px_error *why,
                            px_error *err);
/* When all sources are read, what a file alone does not tell: the names of series of an exchange's series
 * (the share keeps the symbol, the others are "SYMBOL-N1"), the timeframe of files too short to show theirs;
 * and by it the starts of bars whose times named their ends. Errors: PX_ENOMEM. */
px_status pxi_sources_settle(const px_source_config *config, px_source *sources, size_t n, px_error *err);
px_status pxi_sources_name_series(px_source *sources, size_t n, px_error *err);
/* Counts a bar, or a rejected row, of which the first reasons are kept. */
void pxi_tally_bar(px_source_tally *tally);
void pxi_source_reject(px_source *source, px_source_tally *tally, size_t line, const char *format, ...)
    PX_PRINTF(4, 5);
void pxi_tally_add(px_rejected *to, const px_rejected *from);
/* What a row says of its bar. */
typedef struct pxi_bar_name {
    const char *symbol;    /* NULL = the row names none */
    const char *file;      /* what the file is called, without folder, endings and timeframe */
    const char *series;    /* of the exchange, "" = none: PXI_SERIES_MARK and it stand behind the symbol until
                            * all rows are read */
    int timeframe_minutes; /* 0 = as config has it */
    size_t line;
} pxi_bar_name;
#define PXI_SERIES_MARK '\x1f'

/* Adds a valid bar to the series of its symbol and timeframe. Rows
 * of symbols that were not asked for are passed over, symbols that cannot be one rejected. `last` is the
 * caller's memory of the series of the row before, SIZE_MAX at first. Errors: PX_ENOMEM. */
px_status pxi_source_add(const px_source_config *config, const pxi_bar_name *of, const char *stem, px_bar bar,
                         size_t *last, px_source *out, px_error *err);
/* Where a rejected row of this name is counted; NULL: of its symbol nothing was asked for. Errors: PX_ENOMEM.
 */
px_status pxi_source_tally_of(const px_source_config *config, const pxi_bar_name *of, const char *stem,
                              px_source *out, px_source_tally **tally, px_error *err);
/* Counts what was rejected of symbols without a bar, when all rows of a file are read. */
void pxi_source_count_lost(px_source *out);
/* This, and gives its series the timeframes that their bars, not sorted yet, show by the steps between them;
 * they keep 0 where these show none. Errors: PX_ENOMEM. */
px_status pxi_source_end_file(px_source *file, px_error *err);
/* The symbol of a source's rows that name none: as_symbol, else what the name of the file or member says
 * ("RELIANCE_2022" of "data/RELIANCE_2022.csv.gz"). Errors: PX_EINPUT if it is too long. */
px_status pxi_source_stem(const px_source_config *config, const char *name, char out[PX_NAME_SIZE],
                          px_error *err);

/* What the file says counts, then its name: a damaged Parquet file is no CSV. What is none of these and no
 * text is refused by its own name. Errors: PX_ENOTFOUND, PX_EIO, PX_EINPUT. */
typedef enum pxi_file_kind {
    PXI_FILE_CSV, /* and what else is text */
    PXI_FILE_JSON,
    PXI_FILE_PARQUET,
    PXI_FILE_DUCKDB,
    PXI_FILE_ARROW, /* IPC: a file, which is Feather of version 2, or a stream */
    PXI_FILE_SQLITE,
    PXI_FILE_XLSX,
    PXI_FILE_ZIP,
    PXI_N_FILE_KINDS,
} pxi_file_kind;
px_status pxi_file_kind_of(const char *path, const char *name, pxi_file_kind *out, px_error *err);
/* How it is called: "an Excel workbook". */
const char *pxi_file_kind_name(pxi_file_kind kind);
/* The same of the first bytes of a file or member (decompressed, where it is gzip or zstd); `name` stands in
 * messages. Errors: PX_EINPUT. */
enum { PXI_HEAD_SIZE = 512 };
px_status pxi_kind_of_bytes(const unsigned char *head, size_t n, const char *name, pxi_file_kind *out,
                            px_error *err);

#endif
