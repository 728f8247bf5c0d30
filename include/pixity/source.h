// SPDX-License-Identifier: Apache-2.0
/* Bar files of others, which are opened sealed and within limits. */
#ifndef PX_SOURCE_H
#define PX_SOURCE_H

#include "pixity/admission.h"
#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/resample.h"
#include "pixity/table.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one source may unfold to, however small its file is; 0 = the usual limit. */
typedef struct px_source_limits {
    uint64_t rows;
    uint64_t bytes;  /* of text; of a Parquet or DuckDB file, of the cells that are read */
    uint64_t memory; /* bytes, while it is read */
} px_source_limits;
#define PX_SOURCE_MOST_ROWS   ((uint64_t)100000000)
#define PX_SOURCE_MOST_BYTES  ((uint64_t)8 << 30)
#define PX_SOURCE_MOST_MEMORY ((uint64_t)4 << 30)

/* What is said of a source; nothing (NULL, false) is found in the file itself. */
typedef struct px_source_reading {
    const char *columns;     /* "time=Date,close=LTP" or, by place, "1=time,2=open" */
    const char *date_format; /* of its times, in strptime's signs */
    const char *source;      /* what wrote it: "kite", "metatrader", ... */
    const char *table;       /* of a database */
    const char *sheet;       /* of a workbook */
    bool no_header;          /* no line names the columns */
    const char *tz;          /* name of the zone of times without an offset */
    px_volume_kind volume;   /* for px_bars_admit, which reading leaves to its caller */
    bool as_is;              /* likewise: it is to look at rejected rows only */
    bool keep_good;          /* likewise: and to take the others, however many they are */
} px_source_reading;

typedef struct px_source_config {
    const char *path;    /* a file that can be read (docs/data.md), or a folder of them */
    const px_zone *zone; /* of times without an offset, unless reading.tz or the file itself names another */
    const char *symbol;  /* of the rows to read, where the source holds several; NULL = it holds one */
    const char *as_symbol; /* names every row, whatever the source says; NULL = the source's, else the stem */
    const char *default_symbol; /* in place of the stem, and of an empty symbol, which else is rejected; of a
                                 * folder only its bars are read, where it has any by this name */
    int timeframe_minutes;      /* of the source's bars; 0 = seen from them */
    bool stamped_at_close; /* times name the end of the bar; its start is found (px_session_bar_start) by: */
    const px_calendar *calendar; /* read only then */
    px_source_reading reading;
    px_source_limits
        limits;          /* of a file, or of all of a folder together; more is PX_EINPUT naming the limit */
    bool keep_others;    /* a file that cannot be read is no error but one of px_source.failures */
    uint64_t first_rows; /* stop after so many rows, without an error; 0 = read all */
    px_work work;
} px_source_config;

/* Counts what becomes of rows, one after the other. */
typedef struct px_source_tally {
    px_rejected rejected;
    size_t run, run_line; /* rejected since the last bar; the first of them */
} px_source_tally;

/* Bars of one symbol in one file, in its order: not yet sorted, duplicates not yet removed. */
typedef struct px_source_series {
    char symbol[PX_NAME_SIZE];
    int timeframe_minutes; /* that was named, that a column names, or that the bars have */
    bool days_only;        /* times are dates without a time of day */
    px_bars bars;
    px_source_tally tally;
} px_source_series;

/* A file that could not be read. */
typedef struct px_source_failure {
    char *file;
    px_error why;
} px_source_failure;

/* A column of a bar file, and what it was taken for. */
typedef struct px_source_column {
    char *name;
    const char *meaning; /* "time", "open", "high", "low", "close", "volume", "symbol", "timeframe"; "date"
                          * and "time of day" where two make the time; NULL = it is ignored */
} px_source_column;

/* A file; or a folder or an archive of several, which is its files: each of them has its own series, and what
 * is said of the folder is of them together. px_source_file gives them either way. */
typedef struct px_source {
    size_t n_files, files_capacity;
    struct px_source *files; /* of a folder, by name */
    char *path;              /* of a file of a folder */
    size_t n_series;
    px_source_series *series;         /* by first appearance; of a folder none */
    struct pxi_series_index *by_name; /* of the reader */
    size_t n_read;                    /* data rows */
    uint64_t n_bytes;                 /* that these were, as limits count them */
    bool is_cut;                      /* first_rows were read, and there may be more */
    size_t n_empty;                   /* rows without any price, which are passed over */
    size_t n_rejected;
    px_source_tally unnamed;                    /* of rows whose series is unknown */
    px_rejected lost;                           /* of rows of symbols that have no bar at all */
    px_rejection rejections[PX_MAX_REJECTIONS]; /* the first ones */
    size_t n_left_out;                          /* bars of other symbols than are asked for */
    size_t n_columns;
    px_source_column *columns; /* in their order; of a folder those of its first file */
    char time_text[64];        /* the time of the first bar as it is written; "" without a bar */
    px_time_form time_form;    /* what it was taken for */
    bool days_only;            /* of the file that is read now: see px_source_series */
    bool zone_is_known;        /* the file says in which zone its times are */
    bool stamped_at_close;     /* times named the ends of bars: it was said, or is known of the program */
    const char *exchange;      /* that the instruments of its program trade at, or NULL */
    const char *program;       /* that wrote it, as --source names it, or NULL */
    int64_t time_us;           /* and as what it was read; before stamped_at_close */
    size_t n_notes;            /* short sentences: what was decided of the file, and why */
    char **notes;
    size_t notes_capacity;
    size_t n_failures, failures_capacity;
    px_source_failure *failures; /* under keep_others */
    struct pxi_spent *spent;     /* of the reader */
} px_source;

static inline size_t px_source_n_files(const px_source *source) {
    return source->n_files ? source->n_files : 1;
}
static inline px_source *px_source_file(px_source *source, size_t i) {
    return source->n_files ? &source->files[i] : source;
}

/* Programs and exchanges whose files are known, each name once: what `reading.source` may be. NULL behind the
 * last. */
PX_API const char *px_source_program(size_t i);

/* Reads a whole source. Rows that are no bars are rejected with line and reason; a file that is no table of
 * bars is an error. *out from a zeroed struct; free with px_source_free. Errors: PX_EINPUT, PX_ENOTFOUND,
 * PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_source_read(const px_source_config *config, px_source *out, px_error *err);
/* Several sources at once, on the threads of the first one's `work`, which learns how many are read. Each is
 * read as px_source_read does, but for what files of one symbol tell each other: a timeframe that is seen,
 * and which of an exchange's series is the share. The error is that of the first one that failed. A folder
 * that is read alone has its files shared out to the threads. out: n zeroed structs. */
PX_API PX_MUST_CHECK px_status px_sources_read(const px_source_config *configs, size_t n, px_source *out,
                                               px_error *err);
PX_API void px_source_free(px_source *source);
/* Makes one file of a folder: bars of one symbol and timeframe are one series, in the order of the files.
 * Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_source_join(px_source *source, px_error *err);
/* "RELIANCE [FO]", "reliance" and "RELIANCE" are the same. */
PX_API bool px_symbol_same(const char *a, const char *b);
/* Keeps the series that the symbols name, of several sources together; without symbols all. A source that
 * holds a single series is not asked for its name where one symbol alone is given: it gets this. Errors:
 * PX_ENOTFOUND for a symbol in none of them, with the nearest that there is; nothing is dropped then. */
PX_API PX_MUST_CHECK px_status px_source_choose(px_source *sources, size_t n_sources,
                                                const char *const *symbols, size_t n_symbols, px_error *err);

/* What was rejected of a whole source (series NULL), or of one of its series and of rows of which it cannot
 * be told whether they are its. Stretches are those of rows that are of none of its series: a series has its
 * own. */
PX_API px_rejected px_source_rejected(const px_source *source, const px_source_series *series);

/* Versions of the libraries that are running. */
PX_API const char *px_duckdb_version(void);
PX_API const char *px_zlib_version(void);

/* ---- out ---------------------------------------------------------------------------------------------- */

/* "csv", "json", "parquet", ...; NULL past the end, and of PX_FILE_UNKNOWN. */
PX_API const char *px_file_format_name(px_file_format format);
/* "text/csv; charset=utf-8", likewise. */
PX_API const char *px_file_format_media(px_file_format format);
/* By a path's ending; else PX_FILE_UNKNOWN. */
PX_API px_file_format px_file_format_of(const char *path);

#ifdef __cplusplus
}
#endif
#endif
