// SPDX-License-Identifier: Apache-2.0
/* Risk: how much to trade, and what trading costs. SPEC section 7, docs/costs.md. */
#ifndef PX_RISK_H
#define PX_RISK_H

#include "pixity/config.h"
#include "pixity/events.h"
#include "pixity/time.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sizing ------------------------------------------------------------------------------------------- */

/* What cut a quantity; by its setting, but for `cash`: what a delivery is paid from, at its fill. */
typedef enum px_cap {
    PX_CAP_NONE,
    PX_CAP_LEVERAGE,
    PX_CAP_MAX_GROSS,
    PX_CAP_MAX_POSITION_SIZE,
    PX_CAP_EQUITY_CAP, /* the shares that `initial` allows */
    PX_CAP_CASH,
    PX_N_CAPS,
} px_cap;
PX_API const char *px_cap_name(px_cap cap); /* "leverage", ...; NULL for PX_CAP_NONE */

typedef struct px_size_request {
    double price;         /* close of the signal bar, rupees */
    double risk_distance; /* rupees a share at the stop as its signal says; NaN = no stop: size_fraction of
                           * equity, leverage 1 */
    double equity;        /* at the signal bar's close, rupees */
    double quantity;      /* asked for by the signal; NaN = not */
    double fraction;      /* of equity, as the account allots it; 0 = by risk */
    double lot_size;      /* 0 = any fraction */
    double committed;     /* rupees bound in the account's other positions and waiting entries */
    double max_gross;     /* value of all of them and this one, times equity; 0 = leverage says */
} px_size_request;
typedef struct px_size {
    double quantity;  /* a multiple of the lot, as the decimals that it prints; 0 = below one lot */
    px_cap capped_by; /* the lowest cap, where the quantity would be larger without any */
} px_size;
PX_API px_size px_risk_size(const px_size_request *request, const px_config *config);

/* ---- costs -------------------------------------------------------------------------------------------- */

PX_API const char *px_segment_name(px_segment segment); /* "none", "intraday", ... */

/* Rates of one segment in force from a date on. Percent of a fill's turnover except where said. */
typedef struct px_fee_rates {
    px_segment segment;
    px_civil from;
    double brokerage_pct, brokerage_cap; /* min(pct, cap rupees); INFINITY = no cap */
    double brokerage_flat;               /* rupees a fill, on top */
    double stt_buy_pct, stt_sell_pct;
    double exchange_pct, sebi_pct;
    double stamp_buy_pct, stamp_sell_pct;
    double gst_pct;     /* on brokerage + exchange + SEBI */
    bool approximate;   /* some of the numbers were not in force then; a run that uses them says so */
    const char *source; /* where the numbers come from; "" = not said */
} px_fee_rates;
/* The numbers of a row by their names in files; NULL past the end. */
PX_API const char *px_fee_rate_name(size_t i); /* "brokerage_pct", ... */
PX_API double px_fee_rate_value(const px_fee_rates *rates, size_t i);

/* Rows of every segment but PX_SEGMENT_NONE, by segment, then date. Immutable; may be shared by threads. */
typedef struct px_fee_table px_fee_table;
/* What the library knows (src/risk/fee_table.c gives the sources); never freed. */
PX_API const px_fee_table *px_fee_table_builtin(void);
/* Reads a table from a file, or from memory, as px_fee_table_to_json writes it (docs/costs.md). Strict: an
 * unknown, missing or doubled key, a segment without rows, a number out of range, a date that is none or out
 * of order are errors that name file, segment and row. `origin` stands for the file in messages. *out is
 * freed with px_fee_table_free. Errors: PX_EINPUT, PX_ENOTFOUND, PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_fee_table_load(const char *path, px_fee_table **out, px_error *err);
PX_API PX_MUST_CHECK px_status px_fee_table_read(const char *json, size_t length, const char *origin,
                                                 px_fee_table **out, px_error *err);
PX_API void px_fee_table_free(px_fee_table **table); /* sets *table to NULL; NULL is a no-op */
/* One row, NULL past the end. */
PX_API const px_fee_rates *px_fee_table_at(const px_fee_table *table, size_t i);
/* SHA-256 of the bytes that it was read from; "" for the built-in one. */
PX_API const char *px_fee_table_hash(const px_fee_table *table);
/* As a JSON file that reads back, malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_fee_table_to_json(const px_fee_table *table, char **out, px_error *err);

/* The segment that a new position is charged as: by fees and product. */
PX_API px_segment px_fee_segment(const px_config *config);
/* What a position is charged as once it has crossed into a later session. */
PX_API px_segment px_fee_segment_overnight(const px_config *config);
/* The rates for a fill on `date`; NULL for PX_SEGMENT_NONE. A NULL table is the built-in one. Before the
 * first row of a segment that row is used. Where the numbers are not those of the date, *known_from (may be
 * NULL) is the date from which they are, INT32_MAX = none; else it is INT32_MIN. */
PX_API const px_fee_rates *px_fee_rates_on(const px_fee_table *table, px_segment segment, int32_t date,
                                           int32_t *known_from);
/* Rupees for one fill of `quantity` shares at `price`; 0 for NULL rates. `side`: PX_LONG buys. */
PX_API double px_fee(const px_fee_rates *rates, px_side side, double quantity, double price);

/* A market fill, and what is known of the market before the bar that it falls into; NaN = not known. */
typedef struct px_market_fill {
    double price;
    px_side side; /* PX_LONG buys */
    double quantity;
    double tick;        /* 0 = not known */
    double range;       /* high - low of the bar before */
    double atr;         /* of that bar */
    double mean_volume; /* of the 20 bars before; of fewer at the beginning */
} px_market_fill;
/* Its price after slippage, against the trade and not below 0. NaN where the slippage that is set cannot be
 * known, for what it asks for is not known (no volume: the mean is 0). */
PX_API double px_slip(const px_market_fill *fill, const px_config *config);

#ifdef __cplusplus
}
#endif
#endif
