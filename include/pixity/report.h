// SPDX-License-Identifier: Apache-2.0
/* Reports: a stored run, or stored bars, as columns for charts, as documents, as one HTML file and as a
 * picture. The documents are those of the HTTP API; the HTML file holds the same bytes under the same routes.
 * docs/report.md. */
#ifndef PX_REPORT_H
#define PX_REPORT_H

#include <stdbool.h>
#include "pixity/backtest.h"
#include "pixity/features.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- columns ------------------------------------------------------------------------------------------ */

#define PX_COLUMNS_MAX 16
typedef struct px_series_column {
    char name[32];  /* "open" */
    char unit[16];  /* "price", "shares", "rupees", "%", "" */
    double *values; /* n_rows of them; undefined is NaN */
} px_series_column;

/* Bars that are due inside sessions, and not there, before the row's first bar or, where a row stands for
 * several, inside it, all as one; then only as many at a time as a row stands for. Of whole days five and
 * more in a row, as fewer may be holidays. */
typedef struct px_columns_hole {
    size_t row;
    size_t missing; /* bars */
} px_columns_hole;

/* Rows by time. `time_s` is the exchange's wall clock at the bar's start, in seconds since 1970-01-01 00:00
 * of that clock, so that a chart draws it as it stands; the zone tells which clock. */
typedef struct px_columns {
    size_t n_rows;
    size_t total;          /* rows before any were merged or left out */
    size_t bars_per_point; /* bars that a row stands for, the last row maybe fewer; 1 = every bar is there */
    int timeframe_minutes; /* of the bars, before merging */
    char zone[64];         /* "Asia/Kolkata" */
    char utc_offset[8];    /* "+05:30" where it is the same in all rows, else "" */
    int same_data; /* of a run's bars: 1 = they have the fingerprint of the run, 0 = not; -1 = not asked */
    size_t n_holes;
    px_columns_hole *holes; /* ascending, one a row; NULL = not asked */
    int64_t *time_s;
    size_t n_columns; /* beside the time */
    px_series_column columns[PX_COLUMNS_MAX];
} px_columns;

PX_API void px_columns_free(px_columns *columns); /* zeroes; NULL is fine */
/* The column of a name, NULL if it has none. */
PX_API const double *px_columns_find(const px_columns *columns, const char *name);
/* As application/vnd.pixity.columns: "PXC1", uint32 LE length of the header, the header (JSON, padded with
 * spaces so that the data begin at a multiple of 4), then column after column 4 bytes a value, little-endian:
 * time as u32, the others as f32. Malloc'ed; the caller frees. Errors: PX_EINPUT for a time outside 1970 to
 * 2106, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_columns_to_binary(const px_columns *columns, char **out, size_t *length,
                                                    px_error *err);
/* {"rows", "total", "bars_per_point", "timeframe", "zone", "utc_offset", "same_data", "units", "columns":
 * {"time":
 * [...], ...}}: doubles so that they read back exactly, undefined null. same_data only where it was asked.
 * Malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_columns_to_json(const px_columns *columns, char **out, size_t *length,
                                                  px_error *err);

/* Which bars, how many rows and what beside them. */
typedef struct px_columns_request {
    int timeframe_minutes; /* 0 = the run's own; without a run it must be given, but of a continuous series */
    px_continuous_config continuous; /* of a series: `symbol` is a root of futures; else not said */
    int32_t start_date, end_date; /* exchange-local, inclusive; PX_NO_DATE = open: the run's window, or all */
    size_t last;                  /* of a series: only so many bars, the last ones; 0 = all */
    size_t points;                /* most rows: `bars_per_point` bars are merged into one; 0 = every bar */
    const char *indicators;       /* columns, "ema20,macd(5,35,5).signal"; NULL or "" = none */
} px_columns_request;
PX_API px_columns_request px_columns_request_default(void);

/* Columns time, open, high, low, close, volume and the indicators, of stored bars: at the timeframe that is
 * asked for, adjusted, inside sessions. Indicators are those of `config` (NULL: the defaults), with warm-up
 * in front. Merged bars have the first open, highest high, lowest low, last close, sum of volume, last
 * indicator. *out from a zeroed struct, freed with px_columns_free. Errors: as px_dataset_load; PX_EINPUT for
 * an unknown indicator with the nearest name. */
PX_API PX_MUST_CHECK px_status px_series_columns(px_home *home, const char *symbol, const char *exchange,
                                                 const px_columns_request *request, const px_config *config,
                                                 px_columns *out, px_error *err);
/* The same of the bars that a stored run was made on, read again from where it read them, with its settings:
 * same_data tells whether they are the same still; with dates it is not asked, as no more is read than they
 * need. A timeframe other than the run's is made of the same bars; dates outside the run's window are cut to
 * it. Errors: as px_run_read; PX_ENOTFOUND where the file that was read is gone; PX_EMISMATCH for a run that
 * failed; PX_EINPUT for a timeframe that the bars do not give, or dates beside the run's window. */
PX_API PX_MUST_CHECK px_status px_run_bars(px_home *home, const char *run_id,
                                           const px_columns_request *request, px_columns *out, px_error *err);
/* Every bar of the run's timeframe from `around` bars before a trade's entry to as many after its exit, for
 * all trades together, each bar once: total counts them. */
PX_API PX_MUST_CHECK px_status px_run_trade_bars(px_home *home, const char *run_id, size_t around,
                                                 const char *indicators, px_columns *out, px_error *err);
/* Equity at bar closes: time, equity_net, equity_gross (rupees), drawdown_pct (net, of peak equity). With
 * more rows than `points` (0 = all) each stretch keeps its extremes of both curves and its last row; first
 * and last row are always there. Errors: as px_run_read_table. */
PX_API PX_MUST_CHECK px_status px_run_equity_columns(px_home *home, const char *run_id, size_t points,
                                                     px_columns *out, px_error *err);

/* ---- documents: JSON texts, malloc'ed; the caller frees -------------------------------------------------
 */

/* {"years": [{"year", "months": [{"month", "net_return_pct", "gross_return_pct", "trades"}],
 * "net_return_pct", "gross_return_pct", "trades"}]}: returns of equity at bar closes by calendar month of the
 * exchange, each from the last close of the month before (the first from the capital), so that they compound
 * to the run's return; null after equity is gone. Trades by the month of their exit. Months without bars
 * are none. Errors: as px_run_read_table. */
PX_API PX_MUST_CHECK px_status px_run_months(px_home *home, const char *run_id, char **json, px_error *err);
/* {"r_net": {"edges", "counts", "undefined"}, "r_gross", "bars_held", "hours_held"}: how many trades lie in
 * [edge, next edge), one count less than edges; the first and last bin hold what lies beyond, too. Undefined:
 * trades without a stop have no R. Errors: as px_run_read_table. */
PX_API PX_MUST_CHECK px_status px_run_distributions(px_home *home, const char *run_id, char **json,
                                                    px_error *err);
/* The stored trades, by entry, with a column n (0-based) in front; r and r_net are gross and net. *out from a
 * zeroed struct. Errors: as px_run_read_table. */
PX_API PX_MUST_CHECK px_status px_run_trade_rows(px_home *home, const char *run_id, px_table *out,
                                                 px_error *err);

/* The stored candidates by time: ts, side, event_type, probability, outcome, quantity, entry_price_at_event,
 * atr_at_event, capped_by (runs of earlier versions have none), tag. *out from a zeroed struct. Errors: as
 * px_run_read_table. */
PX_API PX_MUST_CHECK px_status px_run_event_rows(px_home *home, const char *run_id, px_table *out,
                                                 px_error *err);

/* ---- files -------------------------------------------------------------------------------------------- */

typedef struct px_report_config {
    size_t points;    /* most rows of the equity and of the candles over the whole window */
    size_t max_bytes; /* what the file may measure: events that were not executed and bars around trades are
                       * left out, with a note, where it would be more; never trades */
} px_report_config;

/* Writes one self-contained HTML file. It loads nothing. The same run gives the same bytes. `config` NULL:
 * 4,000 points, 2,000,000 bytes. Errors: as px_run_read; PX_EMISMATCH for a run that failed; PX_EIO (`write`
 * refused). */
PX_API PX_MUST_CHECK px_status px_report_write(px_home *home, const char *run_id,
                                               const px_report_config *config, px_write_fn write, void *user,
                                               px_error *err);

typedef struct px_picture_config {
    int width, height; /* pixels; 0 and 0 = 1600 x 900 */
    bool svg;          /* else a PNG */
} px_picture_config;
/* Writes the equity curve, net and gross, with the drawdown below, as a picture. `config` NULL: the usual.
 * Errors: as px_report_write; PX_EINPUT for a size below 320 x 240 or above 8192 x 8192. */
PX_API PX_MUST_CHECK px_status px_report_picture(px_home *home, const char *run_id,
                                                 const px_picture_config *config, px_write_fn write,
                                                 void *user, px_error *err);
/* The same into files, written beside and renamed. Errors: PX_EEXISTS where `path` is there and not
 * `replace`; PX_EIO. */
PX_API PX_MUST_CHECK px_status px_report_save(px_home *home, const char *run_id,
                                              const px_report_config *config, const char *path, bool replace,
                                              px_error *err);
PX_API PX_MUST_CHECK px_status px_report_save_picture(px_home *home, const char *run_id,
                                                      const px_picture_config *config, const char *path,
                                                      bool replace, px_error *err);
/* Candles with their volume, with a break where bars are missing: of columns time, open, high, low, close
 * and, where there is one, volume. The title stands above. Errors: PX_EINPUT for columns without these, or
 * without a row, and for a size; PX_EEXISTS where `path` is there and not `replace`; PX_EIO. */
typedef struct px_candles_picture {
    const px_columns *columns;
    const char *title;
    px_picture_config size;
} px_candles_picture;
PX_API PX_MUST_CHECK px_status px_candles_draw_file(const px_candles_picture *picture, const char *path,
                                                    bool replace, px_error *err);
/* The same as characters, a candle across for each row, `height` lines of prices; malloc'ed. */
PX_API PX_MUST_CHECK px_status px_candles_text(const px_columns *columns, const char *title, int height,
                                               char **out, px_error *err);
/* Version of the cairo that is running; NULL if it cannot be loaded. */
PX_API const char *px_cairo_version(void);

#ifdef __cplusplus
}
#endif
#endif
