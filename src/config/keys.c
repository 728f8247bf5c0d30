// SPDX-License-Identifier: Apache-2.0
#include "config/keys.h"

#include "base/error.h"
#include "base/text.h"
#include "pixity/number.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(name) offsetof(px_config, name), sizeof(((px_config *)0)->name)

static const char *const profiles[] = {"honest", "reference", NULL};
static const char *const swings[] = {"confirmed", "centered", NULL};
static const char *const vwap_fallbacks[] = {"session", "dataset", NULL};
static const char *const entries[] = {"next_open", "signal_close", "split", NULL};
static const char *const label_froms[] = {"entry_bar", "bar_after_entry", NULL};
static const char *const stop_fills[] = {"market", "level", NULL};
static const char *const details[] = {"none", "1m", NULL};
static const char *const model_selections[] = {"refit", "best_fold", NULL};
static const char *const fee_kinds[] = {"product", "flat_sides", "none", NULL};
static const char *const equity_caps[] = {"current", "initial", NULL};
static const char *const holes[] = {"restart", "ignore", NULL};
static const char *const anchors[] = {"open", "midnight_15", NULL};
static const char *const products[] = {"any", "intraday", "delivery", "futures", "index", NULL};
static const char *const opposites[] = {"ignore", "close", "reverse", NULL};

const pxi_key pxi_keys[] = {
    {"profile", PXI_KEY_CHOICE, FIELD(profile), .choices = profiles,
     .help = "presets the keys below that differ between honest rules and the original's"},

    {"resample_anchor", PXI_KEY_CHOICE, FIELD(resample_anchor), .choices = anchors,
     .help = "where bins count from: the session's regular open, or 15 minutes after midnight"},
    {"swing", PXI_KEY_CHOICE, FIELD(swing), .choices = swings,
     .help = "when a swing is known: swing_period bars later, or at its own bar (centered looks ahead)"},
    {"vwap_fallback", PXI_KEY_CHOICE, FIELD(vwap_fallback), .choices = vwap_fallbacks,
     .help = "time-weighted price while the session, or only if the whole data, has no volume (dataset looks "
             "ahead)"},
    {"warmup_days", PXI_KEY_WARMUP, FIELD(warmup_days), 0, 36500, .unit = "calendar days",
     .help =
         "calendar days before the window that series start; all = first bar; split = 0 in training, 90 in a "
         "backtest"},
    {"swing_period", PXI_KEY_INT, FIELD(swing_period), 1, 500, .unit = "bars",
     .help = "bars on each side of a swing"},
    {"holes", PXI_KEY_CHOICE, FIELD(holes), .choices = holes,
     .help =
         "more than five sessions without bars: indicators, events and cooldown start anew behind them and "
         "nothing is held across them, or all runs through"},

    {"reversion_k", PXI_KEY_REAL, FIELD(reversion_k), 0, 1000, .unit = "ATRs",
     .help = "half width of the reversion band, ATRs"},
    {"entry", PXI_KEY_CHOICE, FIELD(entry), .choices = entries,
     .help = "fill at the next bar's open or the signal bar's close; split = labels next_open, replay "
             "signal_close"},
    {"label_from", PXI_KEY_CHOICE, FIELD(label_from), .choices = label_froms,
     .help = "first bar that a label watches for its barriers"},
    {"stop_fill", PXI_KEY_CHOICE, FIELD(stop_fill), .choices = stop_fills,
     .help = "a bar that opens at or beyond a level fills at the open (market) or at the level"},
    {"sl_mult", PXI_KEY_REAL, FIELD(sl_mult), 1e-6, 1000, .unit = "ATRs", .help = "stop distance, ATRs"},
    {"tp_mult", PXI_KEY_REAL, FIELD(tp_mult), 1e-6, 1000, .unit = "ATRs", .help = "target distance, ATRs"},
    {"time_stop_bars", PXI_KEY_INT, FIELD(time_stop_bars), 1, 1000000, .unit = "watched bars",
     .help = "watched bars until the time stop"},
    {"square_off", PXI_KEY_TIME, FIELD(square_off), .unit = "HH:MM, exchange-local",
     .help =
         "exchange-local time of day (HH:MM) by which positions are closed, or none; null = the product's "
         "(intraday 15:15, else none)"},
    {"detail", PXI_KEY_CHOICE, FIELD(detail), .choices = details,
     .help = "where exits are looked for: in whole bars, or in the one-minute bars inside them"},

    {"model_selection", PXI_KEY_CHOICE, FIELD(model_selection), .choices = model_selections,
     .help = "refit on all training rows, or keep the fold model with the best test EV at p > 0.6"},
    {"skip_meta_model", PXI_KEY_BOOL, FIELD(skip_meta_model), .help = "take every event"},
    {"long_threshold", PXI_KEY_REAL, FIELD(long_threshold), 0, 1, .unit = "probability",
     .help = "probability that a BUY event needs"},
    {"short_threshold", PXI_KEY_REAL, FIELD(short_threshold), 0, 1, .unit = "probability",
     .help = "probability that a SELL event needs"},
    {"model_path", PXI_KEY_TEXT, FIELD(model_path),
     .help = "model to use where the symbol has none of its own"},

    {"capital", PXI_KEY_REAL, FIELD(capital), 1, 1e15, .unit = "rupees", .help = "initial capital, rupees"},
    {"risk_per_trade", PXI_KEY_REAL, FIELD(risk_per_trade), 1e-6, 1e15, .unit = "rupees",
     .help = "rupees lost at the stop, before costs"},
    {"leverage", PXI_KEY_REAL, FIELD(leverage), 1e-6, 1000, .unit = "times equity",
     .help = "position value allowed, times equity"},
    {"max_position_size", PXI_KEY_REAL, FIELD(max_position_size), 0, 1e15, .nullable = true, .unit = "shares",
     .help = "largest position, shares; null = none"},
    {"lot_size", PXI_KEY_REAL, FIELD(lot_size), 0, PXI_LARGEST_LOT, .least = PXI_SMALLEST_LOT,
     .nullable = true, .only_set = true, .unit = "shares, contracts or coins",
     .help = "quantities are whole multiples of it (0.001), 0 = any fraction; null = the instrument's lot, 1 "
             "where it "
             "is not known"},
    {"size_fraction", PXI_KEY_REAL, FIELD(size_fraction), 1e-6, 1, .unit = "share of equity",
     .help = "share of equity put into a signal without a stop"},
    {"max_drawdown_limit", PXI_KEY_REAL, FIELD(max_drawdown_limit), 1e-6, 1,
     .unit = "fraction of peak equity", .help = "kill switch: fall from peak equity, fraction"},
    {"slippage", PXI_KEY_SLIPPAGE, FIELD(slippage), 0, 10000,
     .unit = "none, bps:X, ticks:N, range:F, volume:F",
     .help =
         "moves every market fill and stop against the trade: by basis points, by ticks, by a part of the "
         "range of the bar before, or by the square root of the part of the volume; docs/costs.md"},
    {"slippage_bps", PXI_KEY_REAL, FIELD(slippage_bps), 0, 10000, .unit = "basis points",
     .help = "short for slippage bps:X"},
    {"cooldown_bars", PXI_KEY_INT, FIELD(cooldown_bars), 0, 1000000, .unit = "bars",
     .help = "bars without entry after an exit"},
    {"max_daily_trades", PXI_KEY_INT, FIELD(max_daily_trades), 1, 1000000, .unit = "entries a session",
     .help = "entries a session"},
    {"equity_cap", PXI_KEY_CHOICE, FIELD(equity_cap), .choices = equity_caps,
     .help = "equity that leverage multiplies: current, or initial and at most 1,000 shares"},
    {"fees", PXI_KEY_CHOICE, FIELD(fees), .choices = fee_kinds,
     .help = "cost tables: by product, flat_sides, none"},
    {"fee_table", PXI_KEY_TEXT, FIELD(fee_table),
     .help = "file of rates in place of the built-in ones, as `pixity fees --json` prints them"},
    {"product", PXI_KEY_CHOICE, FIELD(product), .choices = products,
     .help =
         "any: cash, charged by how long it was held; intraday: squared off; delivery: long only, leverage "
         "1; futures: lots, shorts overnight; index: research without fees"},
    {"on_opposite", PXI_KEY_CHOICE, FIELD(on_opposite), .choices = opposites,
     .help = "what an entry signal against the open position does"},
    {"allow_short", PXI_KEY_BOOL, FIELD(allow_short), .help = "ema_cross and ehma_pivot also sell short"},

    {"strategy_id", PXI_KEY_TEXT, FIELD(strategy_id), .help = "strategy that the file is for"},
    {"symbol", PXI_KEY_TEXT, FIELD(symbol), .help = "symbol that the file is for"},
    {"timeframe", PXI_KEY_TEXT, FIELD(timeframe),
     .help = "timeframe that the file is for; must agree with the request"},
    {"bar_minutes", PXI_KEY_INT, FIELD(bar_minutes), 0, 1440, .unit = "minutes",
     .help = "the same in minutes; must agree with the request"},

    {"preferred_timeframe", PXI_KEY_IGNORED, 0, 0, .help = "accepted and unused"},
    {"symbols", PXI_KEY_IGNORED, 0, 0, .help = "accepted and unused"},
    {"lookback", PXI_KEY_IGNORED, 0, 0, .help = "accepted and unused"},
    {"notes", PXI_KEY_IGNORED, 0, 0, .help = "accepted and unused"},
};
const size_t pxi_n_keys = sizeof pxi_keys / sizeof *pxi_keys;

const pxi_key *pxi_key_find(const char *name, px_error *err) {
    const char *names[sizeof pxi_keys / sizeof *pxi_keys];
    char hint[128];
    for (size_t i = 0; i < pxi_n_keys; i++) {
        if (strcmp(pxi_keys[i].name, name) == 0)
            return &pxi_keys[i];
        names[i] = pxi_keys[i].name;
    }
    pxi_did_you_mean(name, names, pxi_n_keys, hint, sizeof hint);
    pxi_fail(err, PX_EINPUT, "unknown key \"%.64s\"%s", name, hint);
    return NULL;
}

static px_status refuse(const pxi_key *key, const json_t *value, const char *expected, const char *origin,
                        px_error *err) {
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    px_status status = pxi_fail(err, PX_EINPUT, "%s: %s is %.80s; it must be %s", origin, key->name,
                                text ? text : "out of memory", expected);
    free(text);
    return status;
}

static px_status assign_choice(int *field, const pxi_key *key, const json_t *value, const char *origin,
                               px_error *err) {
    const char *word = json_string_value(value);
    pxi_text expected = {0};
    for (int i = 0; key->choices[i]; i++) {
        if (word && strcmp(word, key->choices[i]) == 0) {
            pxi_text_free(&expected);
            *field = i;
            return PX_OK;
        }
        pxi_text_printf(&expected, "%s\"%s\"", i ? " or " : "", key->choices[i]);
    }
    px_status status = refuse(key, value, expected.failed ? "a known word" : expected.data, origin, err);
    pxi_text_free(&expected);
    return status;
}

static px_status assign_number(void *field, const pxi_key *key, const json_t *value, const char *origin,
                               px_error *err) {
    char expected[128];
    double number = json_number_value(value);
    bool whole = key->type == PXI_KEY_INT;
    if (key->nullable && json_is_null(value)) {
        *(double *)field = NAN;
        return PX_OK;
    }
    if (json_is_number(value) && number >= key->min && number <= key->max &&
        (number == 0.0 || number >= key->least) && (!whole || number == floor(number))) {
        if (whole)
            *(int *)field = (int)number;
        else
            *(double *)field = number;
        return PX_OK;
    }
    const bool zero = key->least > 0.0;
    snprintf(expected, sizeof expected, "%sa %snumber from %g to %g%s", zero ? "0, or " : "",
             whole ? "whole " : "", zero ? key->least : key->min, key->max, key->nullable ? ", or null" : "");
    return refuse(key, value, expected, origin, err);
}

static px_status assign_text(char *field, const pxi_key *key, const json_t *value, const char *origin,
                             px_error *err) {
    char expected[64];
    if (json_is_null(value))
        value = NULL;
    else if (!json_is_string(value) || json_string_length(value) >= key->size) {
        snprintf(expected, sizeof expected, "a text of at most %zu bytes", key->size - 1);
        return refuse(key, value, expected, origin, err);
    }
    pxi_copy(field, key->size, value ? json_string_value(value) : "");
    return PX_OK;
}

static px_status assign_time(int *field, const pxi_key *key, const json_t *value, const char *origin,
                             px_error *err) {
    unsigned hour, minute;
    int used = 0;
    const char *text = json_string_value(value);
    if (json_is_null(value) || (text && strcmp(text, "none") == 0)) {
        *field = text ? PX_NO_TIME : PX_TIME_BY_PRODUCT;
        return PX_OK;
    }
    if (!text || sscanf(text, "%2u:%2u%n", &hour, &minute, &used) != 2 || text[used] || hour > 23 ||
        minute > 59)
        return refuse(key, value, "a time of day \"HH:MM\", \"none\", or null", origin, err);
    *field = (int)(hour * 60 + minute);
    return PX_OK;
}

static px_status assign_warmup(int *field, const pxi_key *key, const json_t *value, const char *origin,
                               px_error *err) {
    const char *word = json_string_value(value);
    if (word && strcmp(word, "all") == 0)
        *field = PX_WARMUP_ALL;
    else if (word && strcmp(word, "split") == 0)
        *field = PX_WARMUP_SPLIT;
    else if (json_is_integer(value) && json_integer_value(value) >= 0 && json_number_value(value) <= key->max)
        *field = (int)json_integer_value(value);
    else
        return refuse(key, value, "\"all\", \"split\", or a whole number of days from 0", origin, err);
    return PX_OK;
}

static const char *const slippage_kinds[PX_N_SLIPPAGES] = {
    [PX_SLIPPAGE_NONE] = "none",   [PX_SLIPPAGE_BPS] = "bps",       [PX_SLIPPAGE_TICKS] = "ticks",
    [PX_SLIPPAGE_RANGE] = "range", [PX_SLIPPAGE_VOLUME] = "volume",
};

static px_status assign_slippage(px_slippage *field, const pxi_key *key, const json_t *value,
                                 const char *origin, px_error *err) {
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    const size_t length = strcspn(text, ":");
    double amount;
    if (strcmp(text, slippage_kinds[PX_SLIPPAGE_NONE]) == 0) {
        *field = (px_slippage){PX_SLIPPAGE_NONE, 0.0};
        return PX_OK;
    }
    for (int kind = PX_SLIPPAGE_NONE + 1; kind < PX_N_SLIPPAGES && text[length]; kind++) {
        const char *number = text + length + 1;
        if (strlen(slippage_kinds[kind]) != length || strncmp(text, slippage_kinds[kind], length) != 0 ||
            !pxi_parse_double(number, strlen(number), &amount) || amount < key->min || amount > key->max)
            continue;
        *field = (px_slippage){(px_slippage_kind)kind, amount};
        return PX_OK;
    }
    return refuse(
        key, value,
        "\"none\", \"bps:X\", \"ticks:N\", \"range:F\" or \"volume:F\" with a number from 0 to 10000", origin,
        err);
}

px_status pxi_key_assign(px_config *config, const pxi_key *key, const json_t *value, const char *origin,
                         px_error *err) {
    void *field = (char *)config + key->offset;
    switch (key->type) {
    case PXI_KEY_CHOICE:
        return assign_choice(field, key, value, origin, err);
    case PXI_KEY_BOOL:
        if (!json_is_boolean(value))
            return refuse(key, value, "true or false", origin, err);
        *(bool *)field = json_is_true(value);
        return PX_OK;
    case PXI_KEY_INT:
    case PXI_KEY_REAL:
        return assign_number(field, key, value, origin, err);
    case PXI_KEY_TEXT:
        return assign_text(field, key, value, origin, err);
    case PXI_KEY_TIME:
        return assign_time(field, key, value, origin, err);
    case PXI_KEY_WARMUP:
        return assign_warmup(field, key, value, origin, err);
    case PXI_KEY_SLIPPAGE:
        return assign_slippage(field, key, value, origin, err);
    case PXI_KEY_IGNORED:
        return PX_OK;
    }
    return PX_OK;
}

static json_t *time_value(int minute) {
    if (minute == PX_TIME_BY_PRODUCT)
        return json_null();
    return minute == PX_NO_TIME ? json_string("none") : json_sprintf("%02d:%02d", minute / 60, minute % 60);
}

static json_t *warmup_value(int days) {
    if (days == PX_WARMUP_ALL)
        return json_string("all");
    return days == PX_WARMUP_SPLIT ? json_string("split") : json_integer(days);
}

static json_t *slippage_value(px_slippage slippage) {
    char amount[PX_DOUBLE_TEXT_SIZE];
    if (slippage.kind == PX_SLIPPAGE_NONE)
        return json_string(slippage_kinds[PX_SLIPPAGE_NONE]);
    px_double_format(slippage.amount, amount);
    return json_sprintf("%s:%s", slippage_kinds[slippage.kind], amount);
}

json_t *pxi_key_value(const px_config *config, const pxi_key *key) {
    const void *field = (const char *)config + key->offset;
    switch (key->type) {
    case PXI_KEY_CHOICE:
        return json_string(key->choices[*(const int *)field]);
    case PXI_KEY_BOOL:
        return json_boolean(*(const bool *)field);
    case PXI_KEY_INT:
        return json_integer(*(const int *)field);
    case PXI_KEY_REAL:
        return pxi_json_real(*(const double *)field);
    case PXI_KEY_TEXT:
        return *(const char *)field ? json_string(field) : json_null();
    case PXI_KEY_TIME:
        return time_value(*(const int *)field);
    case PXI_KEY_WARMUP:
        return warmup_value(*(const int *)field);
    case PXI_KEY_SLIPPAGE:
        return slippage_value(*(const px_slippage *)field);
    case PXI_KEY_IGNORED:
        break;
    }
    return json_null();
}
