// SPDX-License-Identifier: Apache-2.0
#include "pixity/config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/keys.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

px_config px_config_default(void) {
    px_config config = {
        .swing_period = 5,
        .reversion_k = 2.0,
        .sl_mult = 1.0,
        .tp_mult = 2.0,
        .time_stop_bars = 12,
        .square_off = PX_TIME_BY_PRODUCT,
        .long_threshold = 0.45,
        .short_threshold = 0.45,
        .capital = 100000.0,
        .risk_per_trade = 500.0,
        .leverage = 5.0,
        .max_position_size = NAN,
        .lot_size = NAN,
        .size_fraction = 0.95,
        .max_drawdown_limit = 0.99,
        .cooldown_bars = 3,
        .max_daily_trades = 10,
    };
    px_config_set_profile(&config, PX_PROFILE_HONEST);
    return config;
}

void px_config_set_profile(px_config *config, px_profile profile) {
    bool honest = profile == PX_PROFILE_HONEST;
    config->profile = profile;
    config->swing = honest ? PX_SWING_CONFIRMED : PX_SWING_CENTERED;
    config->vwap_fallback = honest ? PX_VWAP_SESSION : PX_VWAP_DATASET;
    config->warmup_days = honest ? PX_WARMUP_ALL : PX_WARMUP_SPLIT;
    config->entry = honest ? PX_ENTRY_NEXT_OPEN : PX_ENTRY_SPLIT;
    config->label_from = honest ? PX_LABEL_FROM_ENTRY_BAR : PX_LABEL_FROM_BAR_AFTER_ENTRY;
    config->stop_fill = honest ? PX_STOP_FILL_MARKET : PX_STOP_FILL_LEVEL;
    config->model_selection = honest ? PX_MODEL_REFIT : PX_MODEL_BEST_FOLD;
    config->fees = honest ? PX_FEES_PRODUCT : PX_FEES_FLAT_SIDES;
    config->equity_cap = honest ? PX_EQUITY_CURRENT : PX_EQUITY_INITIAL;
    config->resample_anchor = honest ? PX_ANCHOR_OPEN : PX_ANCHOR_MIDNIGHT_15;
    config->holes = honest ? PX_HOLES_RESTART : PX_HOLES_IGNORE;
}

const char *px_profile_name(px_profile profile) {
    return profile == PX_PROFILE_HONEST ? "honest" : "reference";
}

px_status px_profile_parse(const char *text, px_profile *out, px_error *err) {
    px_config config = {0};
    px_status status = px_config_set(&config, "profile", text, err);
    if (!status)
        *out = config.profile;
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* slippage and slippage_bps are one setting by two names: where only one of them is named and says nothing,
 * it takes back what the other said before. */
static void take_back_slippage(px_config *config, bool names_slippage, bool names_bps) {
    if (names_slippage && !names_bps && config->slippage.amount == 0.0)
        config->slippage_bps = 0.0;
    if (names_bps && !names_slippage && config->slippage_bps == 0.0)
        config->slippage = (px_slippage){PX_SLIPPAGE_NONE, 0.0};
}

px_status pxi_config_assign(px_config *config, const json_t *object, const char *origin, px_error *err) {
    const char *name;
    json_t *value;
    const json_t *profile = json_object_get(object, "profile");
    if (profile) {
        px_status status = pxi_key_assign(config, pxi_key_find("profile", NULL), profile, origin, err);
        if (status)
            return status;
        px_config_set_profile(config, config->profile);
    }
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        const pxi_key *key = pxi_key_find(name, err);
        if (!key)
            return pxi_fail_prefix(err, PX_EINPUT, "%s", origin);
        px_status status = pxi_key_assign(config, key, value, origin, err);
        if (status)
            return status;
    }
    take_back_slippage(config, json_object_get(object, "slippage"), json_object_get(object, "slippage_bps"));
    return PX_OK;
}

px_status px_config_read(px_config *config, const char *json, size_t length, const char *origin,
                         px_error *err) {
    px_config changed = *config;
    json_t *object = NULL;
    px_status status = pxi_json_parse(json, length, origin, &object, err);
    if (status)
        return status;
    status = json_is_object(object)
                 ? pxi_config_assign(&changed, object, origin, err)
                 : pxi_fail(err, PX_EINPUT, "%s: a config is a JSON object of keys", origin);
    json_decref(object);
    if (!status)
        *config = changed;
    return status;
}

px_status px_config_load(px_config *config, const char *path, px_error *err) {
    char *text = NULL;
    size_t length;
    px_status status = pxi_file_read(path, &text, &length, err);
    if (!status)
        status = px_config_read(config, text, length, path, err);
    free(text);
    return status;
}

/* What a text on the command line would be in a JSON file. */
static json_t *value_of_text(const pxi_key *key, const char *text) {
    double number;
    bool numeric = key->type == PXI_KEY_INT || key->type == PXI_KEY_REAL || key->type == PXI_KEY_WARMUP;
    bool word = key->type == PXI_KEY_TEXT || key->type == PXI_KEY_CHOICE ||
                key->type == PXI_KEY_SLIPPAGE;                          /* "none" may be one */
    bool none = strcmp(text, "none") == 0 && key->type != PXI_KEY_TIME; /* of a time it is a value */
    if (!word && (none || strcmp(text, "null") == 0))
        return json_null();
    if (key->type == PXI_KEY_BOOL && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        return json_boolean(*text == 't');
    if (numeric && pxi_parse_double(text, strlen(text), &number))
        return number == floor(number) && fabs(number) < 1e15 ? json_integer((json_int_t)number)
                                                              : json_real(number);
    return json_string(text);
}

px_status px_config_set(px_config *config, const char *key_name, const char *text, px_error *err) {
    const pxi_key *key = pxi_key_find(key_name, err);
    if (!key)
        return PX_EINPUT;
    json_t *value = value_of_text(key, text);
    if (!value)
        return pxi_fail(err, PX_EINPUT, "%s: the value is not UTF-8 text", key_name);
    px_status status = pxi_key_assign(config, key, value, "setting", err);
    json_decref(value);
    if (!status && strcmp(key->name, "profile") == 0)
        px_config_set_profile(config, config->profile);
    if (!status)
        take_back_slippage(config, strcmp(key->name, "slippage") == 0,
                           strcmp(key->name, "slippage_bps") == 0);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

px_status px_config_get(const px_config *config, const char *key_name, char *buf, size_t size,
                        px_error *err) {
    const pxi_key *key = pxi_key_find(key_name, err);
    if (!key)
        return PX_EINPUT;
    json_t *value = pxi_key_value(config, key);
    char *text = NULL;
    px_status status = value ? pxi_json_dump(value, &text, err) : pxi_fail_memory(err);
    if (!status && json_is_string(value))
        pxi_copy(buf, size, json_string_value(value));
    else if (!status) {
        text[strlen(text) - 1] = '\0'; /* the final newline */
        pxi_copy(buf, size, json_is_null(value) ? "" : text);
    }
    free(text);
    json_decref(value);
    return status;
}

static bool is_written(const px_config *config, const pxi_key *key) {
    if (key->type == PXI_KEY_IGNORED)
        return false;
    return !key->only_set || !isnan(*(const double *)((const char *)config + key->offset));
}

json_t *pxi_config_object(const px_config *config) {
    bool failed = false;
    json_t *object = json_object();
    for (size_t i = 0; i < pxi_n_keys; i++)
        if (is_written(config, &pxi_keys[i]))
            pxi_json_put(object, pxi_keys[i].name, pxi_key_value(config, &pxi_keys[i]), &failed);
    return pxi_json_built(object, failed);
}

px_status px_config_to_json(const px_config *config, char **out, px_error *err) {
    json_t *object = pxi_config_object(config);
    px_status status = object ? pxi_json_dump(object, out, err) : pxi_fail_memory(err);
    json_decref(object);
    return status;
}

static json_t *choices_of(const pxi_key *key) {
    json_t *list = json_array();
    for (size_t i = 0; key->choices[i]; i++)
        json_array_append_new(list, json_string(key->choices[i]));
    return list;
}

/* The schema of one key's value. */
static json_t *schema_of(const pxi_key *key) {
    switch (key->type) {
    case PXI_KEY_CHOICE:
        return json_pack("{s:o}", "enum", choices_of(key));
    case PXI_KEY_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case PXI_KEY_INT:
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)key->min, "maximum",
                         (json_int_t)key->max);
    case PXI_KEY_REAL:
        return key->nullable
                   ? json_pack("{s:[s,s], s:f, s:f}", "type", "number", "null", "minimum", key->min,
                               "maximum", key->max)
                   : json_pack("{s:s, s:f, s:f}", "type", "number", "minimum", key->min, "maximum", key->max);
    case PXI_KEY_TEXT:
        return json_pack("{s:[s,s], s:I}", "type", "string", "null", "maxLength", (json_int_t)key->size - 1);
    case PXI_KEY_TIME:
        return json_pack("{s:[s,s], s:s}", "type", "string", "null", "pattern",
                         "^(none|([01]?[0-9]|2[0-3]):[0-5]?[0-9])$");
    case PXI_KEY_WARMUP:
        return json_pack("{s:[{s:[s,s]}, {s:s, s:i, s:I}]}", "anyOf", "enum", "all", "split", "type",
                         "integer", "minimum", 0, "maximum", (json_int_t)key->max);
    case PXI_KEY_SLIPPAGE:
        return json_pack(
            "{s:s, s:s}", "type", "string", "pattern",
            "^(none|(bps|ticks|range|volume):[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)$");
    case PXI_KEY_IGNORED:
        break;
    }
    return json_object();
}

static json_t *schema_properties(void) {
    px_config defaults = px_config_default();
    json_t *properties = json_object();
    for (size_t i = 0; i < pxi_n_keys; i++) {
        json_t *schema = schema_of(&pxi_keys[i]);
        json_object_set_new(schema, "description", json_string(pxi_keys[i].help));
        if (pxi_keys[i].type != PXI_KEY_IGNORED)
            json_object_set_new(schema, "default", pxi_key_value(&defaults, &pxi_keys[i]));
        json_object_set_new(properties, pxi_keys[i].name, schema);
    }
    return properties;
}

px_status px_config_schema(char **out, px_error *err) {
    json_t *schema =
        json_pack("{s:s, s:s, s:s, s:o, s:b}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", "Pixity configuration", "type", "object", "properties", schema_properties(),
                  "additionalProperties", 0);
    px_status status = schema ? pxi_json_dump(schema, out, err) : pxi_fail_memory(err);
    json_decref(schema);
    return status;
}

/* ---- asking ------------------------------------------------------------------------------------------- */

const char *px_config_key_name(size_t i) {
    return i < pxi_n_keys ? pxi_keys[i].name : NULL;
}

const char *px_config_key_help(size_t i) {
    return i < pxi_n_keys ? pxi_keys[i].help : NULL;
}

bool px_config_looks_ahead(const px_config *config) {
    return config->swing == PX_SWING_CENTERED || config->vwap_fallback == PX_VWAP_DATASET;
}

int px_config_warmup_research(const px_config *config) {
    return config->warmup_days == PX_WARMUP_SPLIT ? 0 : config->warmup_days;
}

int px_config_warmup_backtest(const px_config *config) {
    return config->warmup_days == PX_WARMUP_SPLIT ? 90 : config->warmup_days;
}

px_entry px_config_entry_labels(const px_config *config) {
    return config->entry == PX_ENTRY_SPLIT ? PX_ENTRY_NEXT_OPEN : config->entry;
}

px_entry px_config_entry_replay(const px_config *config) {
    return config->entry == PX_ENTRY_SPLIT ? PX_ENTRY_SIGNAL_CLOSE : config->entry;
}
