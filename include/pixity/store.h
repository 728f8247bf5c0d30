// SPDX-License-Identifier: Apache-2.0
/* The home folder: instruments, candles, models and runs on disk, and reading bar files in place.
 *
 * A px_home may be used by one thread at a time; any number of processes may open the same folder. Writers of
 * one series take a lock, readers never wait. Finished files are written beside and renamed. */
#ifndef PX_STORE_H
#define PX_STORE_H

#include "pixity/adjust.h"
#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"
#include "pixity/resample.h"
#include "pixity/table.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_home px_home;

/* Opens (and makes, where absent) a home folder. One of an older schema version is migrated, a newer version
 * is PX_EMISMATCH. A lost database is made anew: instruments from the folders of candles, the index of runs
 * from theirs. A home that cannot be written can be read, of an older version too; changes of it are PX_EIO.
 * Errors: PX_EIO, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_home_open(const char *path, px_home **out, px_error *err);
PX_API void px_home_close(px_home **home);
PX_API const char *px_home_path(const px_home *home);
/* The schema version that every home folder has once it is open for writing. */
PX_API int px_home_schema_version(void);
/* The schema version that a folder has, without opening, making or migrating it; 0 = no database yet. */
PX_API PX_MUST_CHECK px_status px_home_read_version(const char *path, int *version, px_error *err);
/* Versions of the libraries that are running; NULL if DuckDB cannot be loaded. */
PX_API const char *px_duckdb_version(void);
PX_API const char *px_sqlite_version(void);
PX_API const char *px_zlib_version(void);

/* ---- instruments ------------------------------------------------------------------------------------- */

/* Tick and lot from a date on. */
typedef struct px_trading_unit {
    int32_t from_date;
    double tick, lot_size;
} px_trading_unit;

#define PX_MAX_UNIT_CHANGES 16
typedef struct px_instrument {
    char key[PX_NAME_SIZE];    /* "NSE_EQ|INE002A01018" */
    char symbol[PX_NAME_SIZE]; /* "RELIANCE" */
    char exchange[16];         /* "NSE" */
    double tick;               /* 0 = unknown, no rounding */
    double lot_size;           /* at least 1 */
    size_t n_changes;          /* of tick or lot, later than the date of those two; ascending */
    px_trading_unit changes[PX_MAX_UNIT_CHANGES];
} px_instrument;

/* Finds by trading symbol, "SYMBOL [FO]", alias or key; all are names of one instrument. tick and lot are
 * those of `date`, changes are those after it (PX_NO_DATE: the last ones, and none). `exchange` may be NULL
 * (any). Errors: PX_ENOTFOUND with the nearest known name. */
PX_API PX_MUST_CHECK px_status px_instrument_find(px_home *home, const char *name, const char *exchange,
                                                  int32_t date, px_instrument *out, px_error *err);
/* Tick and lot on a date, not before that of the instrument's own. */
PX_API px_trading_unit px_instrument_unit(const px_instrument *instrument, int32_t date);
/* Whether px_instrument_ensure can make an instrument of this name. Errors: PX_EINPUT telling why not. */
PX_API PX_MUST_CHECK px_status px_instrument_check_name(const char *name, const char *exchange,
                                                        px_error *err);
/* Finds, or adds "<EXCHANGE>_EQ|<SYMBOL>" without tick. Errors: PX_EINPUT for a name that cannot be one. */
PX_API PX_MUST_CHECK px_status px_instrument_ensure(px_home *home, const char *name, const char *exchange,
                                                    px_instrument *out, px_error *err);
/* Sets tick and lot from a date on (PX_NO_DATE: always), each up to the next date on which it changes. */
PX_API PX_MUST_CHECK px_status px_instrument_set_tick(px_home *home, const char *key, int32_t from_date,
                                                      double tick, double lot_size, px_error *err);
/* Columns: key,symbol,exchange,aliases,from_date,tick,lot_size. */
PX_API PX_MUST_CHECK px_status px_instruments_list(px_home *home, px_table *out, px_error *err);

/* ---- reading bar files -------------------------------------------------------------------------------- */

/* What one source may unfold to, however small its file is; 0 = the usual limit. */
typedef struct px_source_limits {
    uint64_t rows;
    uint64_t bytes;  /* of text; of a Parquet or DuckDB file, of the cells that are read */
    uint64_t memory; /* bytes, while it is read */
} px_source_limits;
#define PX_SOURCE_MOST_ROWS   ((uint64_t)100000000)
#define PX_SOURCE_MOST_BYTES  ((uint64_t)8 << 30)
#define PX_SOURCE_MOST_MEMORY ((uint64_t)4 << 30)

typedef struct px_source_config {
    const char *path;      /* CSV, CSV.gz, Parquet or DuckDB file, or a folder with one DuckDB file a day */
    const px_zone *zone;   /* of times without an offset */
    const char *symbol;    /* of the rows to read, where the source holds several; NULL = it holds one */
    const char *as_symbol; /* names every row, whatever the source says; NULL = the source's, else the stem */
    const char *default_symbol; /* in place of the stem, and of an empty symbol, which else is rejected */
    int timeframe_minutes;      /* of the source's bars */
    bool stamped_at_close; /* times name the end of the bar; its start is found (px_session_bar_start) by: */
    const px_calendar *calendar; /* read only then */
    px_source_limits limits;     /* more is PX_EINPUT naming the limit */
    uint64_t first_rows;         /* stop after so many rows, without an error; 0 = read all */
} px_source_config;

/* Bars of one symbol, in the order of the source: not yet sorted, duplicates not yet removed. */
typedef struct px_source_series {
    char symbol[PX_NAME_SIZE];
    px_bars bars;
} px_source_series;

/* A column of a bar file, and what it was taken for. */
typedef struct px_source_column {
    char *name;
    const char *meaning; /* "time", "open", "high", "low", "close", "volume", "symbol", "timeframe"; "date"
                          * and "time of day" where two make the time; NULL = it is ignored */
} px_source_column;

typedef struct px_source {
    size_t n_series;
    px_source_series *series;         /* by first appearance */
    struct pxi_series_index *by_name; /* of the reader */
    size_t n_read;                    /* data rows */
    uint64_t n_bytes;                 /* that these were, as limits count them */
    bool is_cut;                      /* first_rows were read, and there may be more */
    size_t n_rejected;
    px_rejection rejections[PX_MAX_REJECTIONS]; /* the first ones */
    size_t n_left_out;                          /* bars that px_source_choose dropped */
    size_t n_columns;
    px_source_column *columns; /* in their order; of a folder those of its first file */
    char time_text[64];        /* the time of the first bar as it is written; "" without a bar */
    px_time_form time_form;    /* what it was taken for */
    int64_t time_us;           /* and as what it was read; before stamped_at_close */
} px_source;

/* The bars of one of its symbols in a source that was read, by any of its names; NULL if it has none. */
PX_API px_source_series *px_source_find(px_source *source, const char *symbol);
/* Reads a whole source. Rows that are no bars are rejected with line and reason; a file that is no table of
 * bars is an error. *out from a zeroed struct; free with px_source_free. Errors: PX_EINPUT, PX_ENOTFOUND,
 * PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_source_read(const px_source_config *config, px_source *out, px_error *err);
PX_API void px_source_free(px_source *source);
/* "RELIANCE [FO]", "reliance" and "RELIANCE" are the same. */
PX_API bool px_symbol_same(const char *a, const char *b);
/* Keeps the series that the symbols name, of several sources together; without symbols all. A source that
 * holds a single series is not asked for its name where one symbol alone is given: it gets this. Errors:
 * PX_ENOTFOUND for a symbol in none of them, with the nearest that there is; nothing is dropped then. */
PX_API PX_MUST_CHECK px_status px_source_choose(px_source *sources, size_t n_sources,
                                                const char *const *symbols, size_t n_symbols, px_error *err);

/* ---- candles ------------------------------------------------------------------------------------------ */

typedef enum px_on_conflict { PX_CONFLICT_ERROR, PX_CONFLICT_SKIP, PX_CONFLICT_REPLACE } px_on_conflict;

typedef struct px_import_report {
    size_t n_stored;    /* new bars */
    size_t n_duplicate; /* equal to a bar already there or in the same file */
    size_t n_replaced, n_skipped;
} px_import_report;

/* Merges sorted bars into the stored series, whole or not at all, year file by year file under the series'
 * lock. Under PX_CONFLICT_ERROR a stored bar with other values is PX_EEXISTS and nothing is stored. */
PX_API PX_MUST_CHECK px_status px_candles_merge(px_home *home, const px_instrument *instrument,
                                                int timeframe_minutes, const px_bars *bars,
                                                px_on_conflict on_conflict, px_import_report *report,
                                                px_error *err);
/* Bars with begin_us <= ts < end_us. Nothing stored at all is PX_ENOTFOUND; a damaged file PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_candles_read(px_home *home, const px_instrument *instrument,
                                               int timeframe_minutes, int64_t begin_us, int64_t end_us,
                                               px_bars *out, px_error *err);
/* Columns: symbol,instrument_key,exchange,timeframe,first,last,bars,status. The status is "ok", or what is
 * wrong with a series of which a file is damaged: it has no first, last and bars. */
PX_API PX_MUST_CHECK px_status px_candles_list(px_home *home, px_table *out, px_error *err);
/* How tables are written to files. */
typedef enum px_file_format {
    PX_FILE_UNTOLD,
    PX_FILE_CSV,
    PX_FILE_PARQUET,
    PX_FILE_JSON,
    PX_FILE_CSV_AS_IS, /* PX_TABLE_CSV_AS_IS */
} px_file_format;
/* By a path's ending: .csv, .parquet or .pq, .json; else PX_FILE_UNTOLD. */
PX_API px_file_format px_file_format_of(const char *path);
/* Writes a table to a Parquet file, whole or not at all, over one that is there. Times are instants in UTC;
 * the key-value metadata have the zone's name as `timezone` and this program as `writer`. Errors: PX_EIO,
 * PX_EINPUT (a text that is not UTF-8, two columns of one name), PX_ELIBRARY, PX_ENOMEM. `home` saves opening
 * DuckDB once more where there is one open; else NULL. */
PX_API PX_MUST_CHECK px_status px_table_save_parquet(px_home *home, const px_table *table,
                                                     const px_zone *zone, const char *path, px_error *err);
/* Writes bars to a new CSV or Parquet file (by its ending), times in the zone, in Parquet as instants.
 * Errors: PX_EIO, PX_EEXISTS. */
PX_API PX_MUST_CHECK px_status px_bars_export(const px_bars *bars, const char *symbol, const px_zone *zone,
                                              const char *path, px_error *err);

/* ---- splits and bonuses ------------------------------------------------------------------------------- */

/* A file of adjustments: CSV with a header that names ex_date, factor and, where there is one, note, in any
 * order and case; other columns are ignored, but not one named symbol, as a file is for one instrument. *out
 * from a zeroed struct. Errors: PX_EINPUT naming the line (a date given twice too) or the limit,
 * PX_ENOTFOUND, PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_adjustments_load(const char *path, const px_source_limits *limits,
                                                   px_adjustments *out, px_error *err);
/* Those stored for an instrument, in candles/<key>/adjustments.csv; none is fine. Candles are stored as they
 * were traded and are never changed by them. Errors: PX_ECORRUPT naming file and line, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_adjustments_read(px_home *home, const px_instrument *instrument,
                                                   px_adjustments *out, px_error *err);

typedef struct px_adjust_report {
    size_t n_added, n_same, n_replaced;
} px_adjust_report;
/* Adds to the stored ones, all or none of them, under the instrument's lock. `report` may be NULL. Errors:
 * PX_EEXISTS if one's date has another factor and `replace` is false; PX_EIO, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_adjustments_add(px_home *home, const px_instrument *instrument,
                                                  const px_adjustments *given, bool replace,
                                                  px_adjust_report *report, px_error *err);
/* Errors: PX_ENOTFOUND naming the dates that there are. */
PX_API PX_MUST_CHECK px_status px_adjustments_remove(px_home *home, const px_instrument *instrument,
                                                     int32_t ex_date, px_error *err);
/* Those of all instruments. Columns: symbol,instrument_key,ex_date,factor,note. */
PX_API PX_MUST_CHECK px_status px_adjustments_list(px_home *home, px_table *out, px_error *err);

/* What the stored bars say of an adjustment. */
typedef enum px_adjustment_verdict {
    PX_ADJUSTMENT_FITS,     /* they jump by about one over the factor */
    PX_ADJUSTMENT_INVERTED, /* they jump by about the factor: it stands the wrong way round */
    PX_ADJUSTMENT_NO_JUMP,  /* neither: adjusted already, or another date */
    PX_ADJUSTMENT_SMALL,    /* the factor is no larger than what prices move in a day: cannot be told */
    PX_ADJUSTMENT_NO_BARS,  /* none before the ex date, or none from it on */
} px_adjustment_verdict;
PX_API const char *px_adjustment_verdict_name(px_adjustment_verdict verdict); /* "fits", ... */

typedef struct px_adjustment_effect {
    int64_t before_us, after_us; /* the last bar before the ex date and the first from it on, inside sessions;
                                  * PX_NULL_I64 = none */
    double close_before, open_after; /* as stored; NaN = none */
    double ratio_raw;                /* open_after / close_before */
    double ratio_adjusted;           /* the same of the adjusted bars */
    px_adjustment_verdict verdict;
} px_adjustment_effect;
/* Looks at the bars around one of the stored ex dates, of the shortest stored timeframe that has both.
 * Errors: PX_ENOTFOUND if the date has no adjustment; PX_ECORRUPT, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_adjustment_look(px_home *home, const px_instrument *instrument,
                                                  int32_t ex_date, px_adjustment_effect *out, px_error *err);

/* ---- a request's bars --------------------------------------------------------------------------------- */

typedef struct px_data_request {
    const char *symbol;   /* NULL only with `input` */
    const char *exchange; /* NULL = "NSE" */
    int timeframe_minutes;
    int32_t start_date, end_date; /* exchange-local, inclusive; PX_NO_DATE = open */
    const char *input;            /* bar file read in place, or NULL */
    const char *data_dir;         /* folder of DuckDB files, or NULL */
    int input_timeframe_minutes;  /* of input or data_dir; 0 = 1 */
    bool input_stamped_at_close;  /* times of input or data_dir name the end of the bar */
    px_exit_detail detail;        /* 1m: the one-minute bars are kept beside those of the timeframe */
    px_source *source; /* what `input` holds, where it is read already: the bars of the symbol, which
                          it must hold, are taken out of it. NULL = read it here */
    const char *input_adjustments; /* file of adjustments of input or data_dir, or NULL */
    px_source_limits input_limits; /* of input or data_dir */
} px_data_request;
#define PX_NO_DATE INT32_MIN

/* Bars ready for features: inside sessions, resampled, warm-up in front. */
typedef struct px_dataset {
    px_calendar *calendar;
    px_instrument instrument;
    int timeframe_minutes;
    px_bars bars;
    px_detail
        detail; /* the one-minute bars inside `bars`, where the request wants them and they are shorter */
    size_t begin, end; /* the requested window, as indices: [begin, end) */
    size_t n_source;   /* source bars read */
    size_t n_excluded; /* source bars outside sessions */
    size_t n_rejected; /* rows of input or data_dir that are no bars; the first of them: */
    px_rejection rejection;
    px_adjustments adjustments; /* applied: those whose ex date lies after the first bar's date */
    char fingerprint[65]; /* SHA-256 over instrument key, timeframe, every bar, those inside too, adjustments
                           */
    char source[1024];    /* for people: what was read */
} px_dataset;

/* Loads, adjusts for splits and bonuses, filters, resamples and fingerprints. `home` may be NULL with input
 * or data_dir: these are read in place, repeated rows once, and the instrument is a mere name (symbol, else
 * the file's stem) without tick. Of the home folder the timeframe itself is read, else the longest stored one
 * that divides it, and further ones where these have nothing in the window. Tick and lot are those of the
 * window's first day, with the changes after it. `warmup_days` as px_config_warmup_*. Errors: PX_EINPUT
 * (empty window, start after end, contradicting timeframe), PX_ENOTFOUND, PX_EIO, PX_ECORRUPT. *out from a
 * zeroed struct. */
PX_API PX_MUST_CHECK px_status px_dataset_load(px_home *home, const px_data_request *request,
                                               px_anchor anchor, int warmup_days, px_dataset *out,
                                               px_error *err);
PX_API void px_dataset_free(px_dataset *dataset);

/* ---- runs --------------------------------------------------------------------------------------------- */

/* A finished run: run.json and its tables. Tables are borrowed on save. */
typedef struct px_run_part {
    const char *name; /* "trades" */
    const px_table *table;
} px_run_part;

/* True if `id` is [A-Za-z0-9][A-Za-z0-9._-]{0,63}. */
PX_API bool px_run_id_valid(const char *id);
/* Errors: PX_EEXISTS if a run of this id is stored. Cheap; px_run_save checks again. */
PX_API PX_MUST_CHECK px_status px_run_check_new(px_home *home, const char *id, px_error *err);
/* Stores a run whole: temporary folder, flushed, renamed, indexed. `json` is run.json; the index takes from
 * it run_id, fingerprint, strategy, symbol, timeframe, profile, start, end, created, status, message,
 * metrics. Errors: PX_EEXISTS, PX_EIO (nothing is left behind). */
PX_API PX_MUST_CHECK px_status px_run_save(px_home *home, const char *id, const char *json,
                                           const px_run_part *parts, size_t n_parts, px_error *err);
/* run.json, malloc'ed; the caller frees. Errors: PX_ENOTFOUND with the nearest id, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_run_read(px_home *home, const char *id, char **json, px_error *err);
/* One table of a run. *out from a zeroed struct. */
PX_API PX_MUST_CHECK px_status px_run_read_table(px_home *home, const char *id, const char *part,
                                                 px_table *out, px_error *err);
PX_API PX_MUST_CHECK px_status px_run_delete(px_home *home, const char *id, px_error *err);
/* The index, oldest first; folders and index are brought into agreement first. Columns:
 * run_id,created,status,
 * strategy,symbol,timeframe,profile,start,end,trades,net_pnl,net_return_pct,net_sharpe,net_max_drawdown_pct,fingerprint,message,
 * sessions,net_cagr_pct,net_sortino,net_calmar,net_session_sharpe,net_psr.
 */
PX_API PX_MUST_CHECK px_status px_runs_list(px_home *home, px_table *out, px_error *err);
/* A number that is the same as long as px_runs_list gives the same, in any process: for caches and watchers.
 * While nothing was written to the home folder it costs a few microseconds. Errors: as px_runs_list. */
PX_API PX_MUST_CHECK px_status px_runs_version(px_home *home, uint64_t *version, px_error *err);
/* The calendar of the exchange that a run was made on: in its zone the times of its tables are shown. */
PX_API PX_MUST_CHECK px_status px_run_calendar(px_home *home, const char *id, px_calendar **out,
                                               px_error *err);
/* A run as one JSON document: run.json and, as its last member, `tables`: name -> array of rows. */
PX_API PX_MUST_CHECK px_status px_run_write_json(px_home *home, const char *id, px_write_fn write, void *user,
                                                 px_error *err);
/* Writes a run to `path`, which must not exist: with `part` NULL run.json and every table as CSV or Parquet
 * into a new folder, or as PX_FILE_JSON the document of px_run_write_json; else that one table. Written
 * beside and renamed. Times are local to the exchange, in JSON with offset. Errors: PX_EEXISTS, PX_ENOTFOUND,
 * PX_ECORRUPT, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_run_export(px_home *home, const char *id, const char *part,
                                             px_file_format format, const char *path, px_error *err);
/* Asks all stored runs one query in DuckDB's SQL: over the views `runs` (a row a run: columns named gross or
 * net, and `json`, which is run.json) and `trades`, `equity`, `signals`, `orders`, `fills` (their tables,
 * with run_id before the columns). Times are shown, and taken apart, in the zone. It reads files of runs
 * only, and whatever is no query is refused. Whole numbers come back as I64, other numbers as F64, instants
 * as TIME, the rest as TEXT. *out from a zeroed struct. Errors: PX_EINPUT (a wrong query), PX_ENOTFOUND (no
 * runs), PX_EIO. */
PX_API PX_MUST_CHECK px_status px_runs_query(px_home *home, const char *query, const px_zone *zone,
                                             px_table *out, px_error *err);
/* The statements that make these views, for another DuckDB; malloc'ed. Errors: PX_ENOTFOUND (no runs). */
PX_API PX_MUST_CHECK px_status px_runs_views(px_home *home, char **sql, px_error *err);
#ifdef __cplusplus
}
#endif
#endif
