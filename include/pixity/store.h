// SPDX-License-Identifier: Apache-2.0
/* The home folder: instruments, candles, models and runs on disk.
 *
 * A px_home may be used by one thread at a time; any number of processes may open the same folder. Writers of
 * one series take a lock, readers never wait. Finished files are written beside and renamed. */
#ifndef PX_STORE_H
#define PX_STORE_H

#include "pixity/adjust.h"
#include "pixity/config.h"
#include "pixity/run.h"
#include "pixity/source.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Opens (and makes, where absent) a home folder. One of an older schema version is migrated, a newer version
 * is PX_EMISMATCH. A lost database is made anew: instruments from the folders of candles, the index of runs
 * from theirs. A home that cannot be written can be read, of an older version too; changes of it are PX_EIO.
 * Errors: PX_EIO, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_home_open(const char *path, px_home **out, px_error *err);
PX_API void px_home_close(px_home **home);
PX_API const char *px_home_path(const px_home *home);
/* How long work with this home is done from now on; NULL = nobody follows it, nothing stops it. Gives what
 * was set before. What takes a px_data_request with a progress of its own is done that way. */
PX_API px_work px_home_set_work(px_home *home, const px_work *work);
/* The schema version that every home folder has once it is open for writing. */
PX_API int px_home_schema_version(void);
/* The schema version that a folder has, without opening, making or migrating it; 0 = no database yet. */
PX_API PX_MUST_CHECK px_status px_home_read_version(const char *path, int *version, px_error *err);
/* Versions of the libraries that are running; NULL if DuckDB cannot be loaded. */
PX_API const char *px_sqlite_version(void);

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
    double lot_size;           /* 1 where it is not known; 0 = any fraction */
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

/* ---- candles ------------------------------------------------------------------------------------------ */

typedef enum px_on_conflict { PX_CONFLICT_ERROR, PX_CONFLICT_SKIP, PX_CONFLICT_REPLACE } px_on_conflict;

typedef struct px_import_report {
    size_t n_stored;    /* new bars */
    size_t n_duplicate; /* equal to a bar already there or in the same file */
    size_t n_replaced, n_skipped;
} px_import_report;

/* Bars for a stored series, and what its journal keeps of where they came from. */
typedef struct px_candles_import {
    const px_instrument *instrument;
    int timeframe_minutes;
    const px_bars *bars; /* sorted */
    px_on_conflict on_conflict;
    const char *kind; /* "import" (NULL), "synth" */
    const char *note; /* a JSON object whose members the entry gets (file, sha256, options, rows, findings),
                         or NULL */
    int64_t at_us;    /* 0 = not known */
} px_candles_import;
/* Merges bars into the stored series, whole or not at all, year file by year file under the series' lock, and
 * enters that into the series' journal in the same step. Under PX_CONFLICT_ERROR a stored bar with other
 * values is PX_EEXISTS and nothing is stored. `report` may be NULL. */
PX_API PX_MUST_CHECK px_status px_candles_store(px_home *home, const px_candles_import *import,
                                                px_import_report *report, px_error *err);
/* The same with no word on where the bars came from. */
PX_API PX_MUST_CHECK px_status px_candles_merge(px_home *home, const px_instrument *instrument,
                                                int timeframe_minutes, const px_bars *bars,
                                                px_on_conflict on_conflict, px_import_report *report,
                                                px_error *err);

/* When a change is made; `forget`: what would take it back is not kept. */
typedef struct px_moment {
    int64_t at_us;
    bool forget;
} px_moment;
typedef struct px_candles_window {
    int timeframe_minutes;
    int64_t begin_us, end_us;
} px_candles_window;
/* Removes the bars of [begin_us, end_us) of every stored series of an instrument, or of the one whose
 * timeframe the window has (0 = all): one after the other, each all or none. The journal keeps them, unless
 * the moment is to be forgotten: then nor can earlier entries be taken back. Runs that used them stay.
 * *report (malloc'ed, the caller frees): {"series": [{"symbol", "timeframe", "removed"}, ...]} of those that
 * lost bars. Errors: PX_ENOTFOUND where none did, unless there was something to forget. */
PX_API PX_MUST_CHECK px_status px_candles_delete(px_home *home, const px_instrument *instrument,
                                                 const px_candles_window *window, const px_moment *moment,
                                                 char **report, px_error *err);
typedef struct px_candles_undone {
    int entry, timeframe_minutes; /* asked for: 0 = the last one that stands, in any timeframe */
    size_t n_restored, n_removed;
} px_candles_undone;
/* Takes an entry of the journal back: each bar that it touched is as it was before it, year files byte for
 * byte where this version wrote them. That is an entry too, and can be taken back itself. Errors: PX_EINPUT
 * where a later change that was not taken back touched the same bars; PX_ENOTFOUND where there is no such
 * entry or its bars were not kept. */
PX_API PX_MUST_CHECK px_status px_candles_undo(px_home *home, const px_instrument *instrument,
                                               const px_moment *moment, px_candles_undone *out,
                                               px_error *err);
/* Gives the stored bars of an instrument, its adjustments and journal, and where the new one has none, its
 * ticks and lots another name: all or nothing. Errors: PX_EEXISTS where the new name has bars or adjustments
 * already, PX_EINPUT for a name that cannot be one, PX_ENOTFOUND where nothing is stored. */
PX_API PX_MUST_CHECK px_status px_candles_rename(px_home *home, const px_instrument *instrument,
                                                 const char *name, int64_t at_us, px_instrument *out,
                                                 px_error *err);
/* The journal of an instrument's series, or (NULL) of all that there are and were. Columns: symbol,
 * instrument_key,entry,timeframe,at,kind,file,sha256,rows,stored,replaced,skipped,duplicate,rejected,removed,
 * first,last,undoes,undone,from,to (keys of a renaming),options,findings. */
PX_API PX_MUST_CHECK px_status px_candles_log(px_home *home, const px_instrument *instrument, px_table *out,
                                              px_error *err);
/* Reads every byte of every candle file, of one instrument or (NULL) of all. Columns: symbol,instrument_key,
 * timeframe,year,bars,bytes,checksum,status: "ok" or what is wrong; the checksum is "ok", "none" or "wrong".
 */
PX_API PX_MUST_CHECK px_status px_candles_verify(px_home *home, const px_instrument *instrument,
                                                 px_table *out, px_error *err);
/* SHA-256 of a file as 64 hex digits. */
PX_API PX_MUST_CHECK px_status px_file_digest(const char *path, char out[65], px_error *err);
/* Bars with begin_us <= ts < end_us. Nothing stored at all is PX_ENOTFOUND; a damaged file PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_candles_read(px_home *home, const px_instrument *instrument,
                                               int timeframe_minutes, int64_t begin_us, int64_t end_us,
                                               px_bars *out, px_error *err);
/* Columns: symbol,instrument_key,exchange,timeframe,first,last,bars,status. The status is "ok", or what is
 * wrong with a series of which a file is damaged: it has no first, last and bars. */
PX_API PX_MUST_CHECK px_status px_candles_list(px_home *home, px_table *out, px_error *err);
/* A number that is the same as long as no stored bars and no adjustments change, in any process. */
PX_API PX_MUST_CHECK px_status px_candles_version(px_home *home, uint64_t *version, px_error *err);
/* The timeframes of an instrument's stored series, ascending, those that have lost all their bars too:
 * malloc'ed, the caller frees. */
PX_API PX_MUST_CHECK px_status px_candles_timeframes(const px_home *home, const char *instrument_key,
                                                     int **out, size_t *n, px_error *err);

/* Writes a table to a file, whole or not at all, over one that is there: times of the zone in CSV, with
 * offset in JSON, instants in UTC in Parquet and Arrow, whose metadata have the zone's name as `timezone` and
 * this program as `writer`. Errors: PX_EIO, PX_EINPUT (a text that is not UTF-8, two columns of one name),
 * PX_ELIBRARY, PX_ENOMEM. `home` saves opening DuckDB once more where there is one open; else NULL. */
PX_API PX_MUST_CHECK px_status px_table_save(px_home *home, const px_table *table, px_file_format format,
                                             const px_zone *zone, const char *path, px_error *err);
/* Writes bars to a new file, in the format of its ending, times as px_table_save has them. Errors: PX_EIO,
 * PX_EEXISTS, PX_EINPUT. */
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
    PX_ADJUSTMENT_SMALL, /* the factor is no larger than what prices move in a day: cannot be distinguished */
    PX_ADJUSTMENT_NO_BARS, /* none before the ex date, or none from it on */
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
/* What a list of runs holds beside what every run has, which runs, and in which order. Zeroed: every run, the
 * oldest first. Names are columns of px_runs_list or keys of metrics; a run without a value of a metric meets
 * no condition on it and stands last. */
typedef struct px_runs_condition {
    char key[64], value[128];
    const char *op; /* "<", "<=", ">", ">=", "=" or "!=" */
    double number;  /* the value, of a metric */
} px_runs_condition;

typedef struct px_runs_request {
    const px_column_def *metrics; /* keys of metrics, behind the other columns */
    size_t n_metrics;
    const px_runs_condition *conditions; /* all of them hold */
    size_t n_conditions;
    const char *sort; /* NULL = by `created` */
    bool descending;
} px_runs_request;

/* "Sharpe Ratio > 1", "symbol = NIFTY". Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_runs_condition_parse(const char *text, px_runs_condition *out,
                                                       px_error *err);
/* Whether px_runs_list has a column of this name. */
PX_API bool px_runs_have_column(const char *name);
/* Stored runs, of the index; folders and index are brought into agreement first. *out from a zeroed struct.
 * Columns:
 * run_id,created,status,strategy,symbol,timeframe,profile,start,end,fingerprint,message,data_changed, then
 * the metrics. `data_changed` of a run whose bars are others now (run.h). */
PX_API PX_MUST_CHECK px_status px_runs_select(px_home *home, const px_runs_request *request, px_table *out,
                                              px_error *err);
/* Every run, the oldest first, without metrics. */
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
