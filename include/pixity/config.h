// SPDX-License-Identifier: Apache-2.0
/* Settings: one struct, one table of keys (src/config/keys.c) that gives JSON, --set, defaults, the schema
 * and the documentation. Every stage reads what it needs from here, so training, backtest and live cannot
 * differ. Meaning and defaults: SPEC section 1, docs/config.md. */
#ifndef PX_CONFIG_H
#define PX_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_profile { PX_PROFILE_HONEST, PX_PROFILE_REFERENCE } px_profile;
typedef enum px_swing { PX_SWING_CONFIRMED, PX_SWING_CENTERED } px_swing;
typedef enum px_vwap_fallback { PX_VWAP_SESSION, PX_VWAP_DATASET } px_vwap_fallback;
typedef enum px_entry {
    PX_ENTRY_NEXT_OPEN,
    PX_ENTRY_SIGNAL_CLOSE,
    PX_ENTRY_SPLIT
} px_entry; /* split: see below */
typedef enum px_label_from { PX_LABEL_FROM_ENTRY_BAR, PX_LABEL_FROM_BAR_AFTER_ENTRY } px_label_from;
typedef enum px_stop_fill { PX_STOP_FILL_MARKET, PX_STOP_FILL_LEVEL } px_stop_fill;
typedef enum px_model_selection { PX_MODEL_REFIT, PX_MODEL_BEST_FOLD } px_model_selection;
typedef enum px_fees { PX_FEES_PRODUCT, PX_FEES_FLAT_SIDES, PX_FEES_NONE } px_fees;
typedef enum px_equity_cap { PX_EQUITY_CURRENT, PX_EQUITY_INITIAL } px_equity_cap;
typedef enum px_exit_detail { PX_DETAIL_NONE, PX_DETAIL_1M } px_exit_detail;
/* What more than five sessions without bars do to what is computed of bars, and to what is held. */
typedef enum px_holes { PX_HOLES_RESTART, PX_HOLES_IGNORE } px_holes;
typedef enum px_anchor { PX_ANCHOR_OPEN, PX_ANCHOR_MIDNIGHT_15 } px_anchor;
typedef enum px_product {
    PX_PRODUCT_ANY,
    PX_PRODUCT_INTRADAY,
    PX_PRODUCT_DELIVERY,
    PX_PRODUCT_FUTURES,
    PX_PRODUCT_INDEX,
    PX_N_PRODUCTS,
} px_product;
/* What a fill is charged as: a segment of the fee tables (risk.h). */
typedef enum px_segment {
    PX_SEGMENT_NONE,
    PX_SEGMENT_INTRADAY,
    PX_SEGMENT_DELIVERY,
    PX_SEGMENT_FUTURES,
    PX_SEGMENT_FLAT_SIDES,
    PX_N_SEGMENTS,
} px_segment;
/* What market fills pay, docs/costs.md. */
typedef enum px_slippage_kind {
    PX_SLIPPAGE_NONE,
    PX_SLIPPAGE_BPS, /* of the price */
    PX_SLIPPAGE_TICKS,
    PX_SLIPPAGE_RANGE,  /* times high - low of the bar before */
    PX_SLIPPAGE_VOLUME, /* times ATR and the root of the quantity over the usual volume of a bar */
    PX_N_SLIPPAGES,
} px_slippage_kind;
typedef struct px_slippage {
    px_slippage_kind kind;
    double amount; /* 0 with PX_SLIPPAGE_NONE */
} px_slippage;
typedef enum px_on_opposite { PX_OPPOSITE_IGNORE, PX_OPPOSITE_CLOSE, PX_OPPOSITE_REVERSE } px_on_opposite;

#define PX_WARMUP_ALL      (-1) /* series start at the first stored bar */
#define PX_WARMUP_SPLIT    (-2) /* 0 days in research and training, 90 in a backtest */
#define PX_NO_TIME         (-1)
#define PX_TIME_BY_PRODUCT (-2) /* the product's own */
#define PX_NAME_SIZE       128
#define PX_PATH_SIZE       1024

typedef struct px_config {
    px_profile profile;

    /* definition of series */
    px_anchor resample_anchor;
    px_swing swing;
    px_vwap_fallback vwap_fallback;
    int warmup_days;  /* calendar days before --start, or PX_WARMUP_* */
    int swing_period; /* bars on each side */
    px_holes holes;

    /* events and exits */
    double reversion_k; /* ATRs */
    px_entry entry;     /* SPLIT: labels at the next open, replay at the signal's close */
    px_label_from label_from;
    px_stop_fill stop_fill;
    double sl_mult, tp_mult; /* ATRs */
    int time_stop_bars;      /* watched bars */
    int square_off;        /* as set: minute of the local day, PX_NO_TIME or PX_TIME_BY_PRODUCT; what holds is
                            * px_config_square_off */
    px_exit_detail detail; /* bars that exits are looked for in */

    /* meta-model */
    px_model_selection model_selection;
    bool skip_meta_model;
    double long_threshold, short_threshold; /* probabilities */
    char model_path[PX_PATH_SIZE];          /* "" = none */

    /* risk and costs */
    double capital;            /* rupees */
    double risk_per_trade;     /* rupees */
    double leverage;           /* times equity */
    double max_position_size;  /* shares; NaN = none */
    double lot_size;           /* as set: 0 = any fraction, NaN = the instrument's; see px_config_lot */
    double size_fraction;      /* of equity, for signals without a stop */
    double max_drawdown_limit; /* fraction of peak equity */
    px_slippage slippage;      /* as set; what holds is px_config_slippage */
    double slippage_bps;       /* the short form of bps:X; 0 = not set */
    int cooldown_bars;
    int max_daily_trades;
    px_equity_cap equity_cap;
    px_fees fees;
    char fee_table[PX_PATH_SIZE]; /* file of rates; "" = built in */
    px_product product;
    px_on_opposite on_opposite;
    bool allow_short; /* of ema_cross and ehma_pivot; other strategies sell short by their own rule */

    /* what a config file may say of the request; "" or 0 = nothing. Contradictions are errors. */
    char strategy_id[PX_NAME_SIZE];
    char symbol[PX_NAME_SIZE];
    char timeframe[PX_NAME_SIZE];
    int bar_minutes;
} px_config;

/* The `honest` defaults. */
PX_API px_config px_config_default(void);
/* Presets the keys of the profile table, leaving every other key as it is. */
PX_API void px_config_set_profile(px_config *config, px_profile profile);

/* Reads a JSON object. A key "profile" presets first, whatever its place; unknown keys and values out of
 * range are errors that name the nearest known key and the range. Errors: PX_EINPUT, PX_EIO, PX_ENOTFOUND. */
PX_API PX_MUST_CHECK px_status px_config_load(px_config *config, const char *path, px_error *err);
PX_API PX_MUST_CHECK px_status px_config_read(px_config *config, const char *json, size_t length,
                                              const char *origin, px_error *err);
/* One key from text, as in --set key=value. Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_config_set(px_config *config, const char *key, const char *value,
                                             px_error *err);
/* One key's value as text (needs 1024 bytes); "" where it has none. Errors: PX_EINPUT for an unknown key. */
PX_API PX_MUST_CHECK px_status px_config_get(const px_config *config, const char *key, char *buf, size_t size,
                                             px_error *err);

/* All keys (lot_size where it is set) as a JSON object, malloc'ed; the caller frees. Reads back to an equal
 * config. */
PX_API PX_MUST_CHECK px_status px_config_to_json(const px_config *config, char **out, px_error *err);
/* The JSON schema (draft 2020-12) of config files, malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_config_schema(char **out, px_error *err);
/* True if any setting looks ahead; live use refuses it, every result is marked. */
PX_API bool px_config_looks_ahead(const px_config *config);

/* The keys, for help and documents: name, what it means with its unit. NULL past the end. */
PX_API const char *px_config_key_name(size_t i);
PX_API const char *px_config_key_help(size_t i);
/* What its numbers count ("rupees", "ATRs"), "" = nothing. */
PX_API const char *px_config_key_unit(size_t i);
/* The words that it may be, ended by NULL; NULL = it is no choice of words. A switch is true or false. */
PX_API const char *const *px_config_key_choices(size_t i);
/* [{"key", "type": "choice"|"switch"|"integer"|"number"|"text"|"time"|"days"|"unused", "unit", "choices",
 * "minimum", "maximum", "nullable", "honest", "reference", "meaning"}]: every key, with its value in each
 * profile as text, as px_config_set reads it, null where it has none; choices, minimum and maximum null where
 * there are none. Malloc'ed; the caller frees. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_config_keys_document(char **out, px_error *err);

PX_API const char *px_profile_name(px_profile profile);
PX_API PX_MUST_CHECK px_status px_profile_parse(const char *text, px_profile *out, px_error *err);

/* Days before the window that a series starts at; PX_WARMUP_ALL or a number. */
PX_API int px_config_warmup_research(const px_config *config);
PX_API int px_config_warmup_backtest(const px_config *config);
PX_API px_entry px_config_entry_labels(const px_config *config);
PX_API px_entry px_config_entry_replay(const px_config *config);

/* What the product and the other settings say together (src/config/products.c). */

/* Minute of the local day at which positions are squared off, PX_NO_TIME = never: the setting where there is
 * one, else the product's. Entries, exits, labels and the rules of a model all ask here. */
PX_API int px_config_square_off(const px_config *config);
/* Position value allowed, times equity: the setting, at most the product's. */
PX_API double px_config_leverage(const px_config *config);
PX_API bool px_config_allows_short(const px_config *config);
/* The lot of an instrument: what is set, else its own. */
PX_API double px_config_lot(const px_config *config, double own);
/* Whether a lot may have this size: 0, any fraction, or a billionth up to a billion. */
PX_API bool px_lot_is_valid(double lot);
/* Whichever of slippage and slippage_bps is set. */
PX_API px_slippage px_config_slippage(const px_config *config);
/* Refuses settings that contradict each other, which only the whole can tell: intraday without square-off,
 * slippage said twice.
 * Whoever has read a config asks once, after the last change. Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_config_check(const px_config *config, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
