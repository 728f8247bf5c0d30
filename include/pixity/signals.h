// SPDX-License-Identifier: Apache-2.0
/* Signals that were made elsewhere: the rows of a file, which strategy `precomputed` replays. Columns and
 * rules: docs/strategies.md. */
#ifndef PX_SIGNALS_H
#define PX_SIGNALS_H

#include "pixity/store.h"
#include "pixity/strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_signals_config {
    const px_zone *zone;             /* of times without an offset */
    const px_instrument *instrument; /* whose rows are read, where a column names symbols; NULL = every row */
    px_source_limits limits;         /* of a file */
} px_signals_config;

typedef struct px_signal_row {
    size_t line;      /* of the file, as in px_rejection */
    px_signal signal; /* its bar once placed; the tag is the rows' */
} px_signal_row;

/* By time; of one time what leaves first, then as in the file. n_read is the sum of n and the other counts.
 */
typedef struct px_signal_rows {
    size_t n, capacity;
    px_signal_row *items;
    size_t n_read; /* data rows */
    size_t n_other_symbols;
    size_t n_outside; /* at times outside the window, once placed */
    size_t n_rejected;
    px_rejection rejections[PX_MAX_REJECTIONS]; /* the first ones */
    char unread[256];                           /* names of the columns that mean nothing here, or "" */
    char sha256[65];                            /* over every valid row as read, whatever the file's format */
    char *tags;                                 /* that the rows point into */
    size_t tags_used, tags_capacity;
} px_signal_rows;

/* Reads a whole file: CSV, CSV.gz or Parquet. Rows that are no signals are rejected with line and reason; a
 * file without a single signal is an error. *out from a zeroed struct; free with px_signal_rows_free. Errors:
 * PX_ENOTFOUND, PX_EINPUT, PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_signals_read(const char *path, const px_signals_config *config,
                                               px_signal_rows *out, px_error *err);
/* The same of CSV in memory; `name` stands in messages. */
PX_API PX_MUST_CHECK px_status px_signals_parse(const char *text, size_t length, const char *name,
                                                const px_signals_config *config, px_signal_rows *out,
                                                px_error *err);
/* Finds each row's bar in the dataset's window: the one that starts at the row's time, of daily bars that of
 * its date. Rows outside the window are dropped and counted, rows between bars rejected. Nothing left is
 * PX_EINPUT naming the window. `name` stands in messages. */
PX_API PX_MUST_CHECK px_status px_signals_place(px_signal_rows *rows, const px_dataset *dataset,
                                                const char *name, px_error *err);
PX_API void px_signal_rows_free(px_signal_rows *rows);

#ifdef __cplusplus
}
#endif
#endif
