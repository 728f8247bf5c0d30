// SPDX-License-Identifier: Apache-2.0
#include "models/card.h"

#include "base/error.h"
#include "base/hash.h"
#include "config/keys.h"
#include "models/card_terms.h"
#include "models/check.h"

#include <stdlib.h>
#include <string.h>

static const char format_name[] = "pixity model card";

/* ---- making ------------------------------------------------------------------------------------------- */

/* What a model's inputs and labels depend on. Costs, sizing and thresholds may differ between training and a
 * run; these may not. */
static const char *const rule_keys[] = {
    "resample_anchor", "swing",   "swing_period",   "vwap_fallback", "entry",  "label_from", "stop_fill",
    "sl_mult",         "tp_mult", "time_stop_bars", "square_off",    "detail", "holes",
};
/* Cards of before these rules do not have them, and are not held against them. */
#define N_FIRST_RULES 12

/* The square-off that labels were made with, wherever it comes from; null where there is none. */
static int square_off_rule(const px_config *config) {
    int minute = px_config_square_off(config);
    return minute == PX_NO_TIME ? PX_TIME_BY_PRODUCT : minute;
}

json_t *pxi_card_rules(const px_config *config) {
    px_config as_labelled = *config;
    as_labelled.entry = px_config_entry_labels(config);
    as_labelled.square_off = square_off_rule(config);
    json_t *rules = json_object();
    bool failed = !rules;
    for (size_t i = 0; i < sizeof rule_keys / sizeof *rule_keys && !failed; i++) {
        const pxi_key *key = pxi_key_find(rule_keys[i], NULL);
        pxi_json_put(rules, rule_keys[i], pxi_key_value(&as_labelled, key), &failed);
    }
    return pxi_json_built(rules, failed);
}

static json_t *versions_json(void) {
    char library[PX_XGBOOST_VERSION_SIZE];
    return json_pack("{s:s, s:s?}", "pixity", px_version(), "xgboost", px_xgboost_version(library));
}

px_status pxi_card_make(const pxi_card_content *content, char **out, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], features[65];
    px_timeframe_format(content->timeframe_minutes, timeframe);
    px_feature_definition_hash(content->config, features);
    json_t *card = json_pack(
        "{s:s, s:i, s:s, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:s+, "
        "s:I, "
        "s:s}}",
        "format", format_name, "format_version", PXI_CARD_VERSION, "name", content->name, "instruments",
        content->instruments, "timeframe", timeframe, "training_window", content->training_window,
        "feature_definition", features, "inputs", pxi_card_inputs(content->inputs), "event_types",
        pxi_card_event_types(content->config), "rules", pxi_card_rules(content->config), "profile",
        px_profile_name(content->config->profile), "data", content->data, "events", content->events,
        "learner", content->learner, "versions", versions_json(), "out_of_fold", content->out_of_fold,
        "check", content->check, "findings", content->findings, "model_file", "name", content->name,
        content->ending, "bytes", (json_int_t)content->length, "sha256", content->hash);
    return pxi_card_seal(card, out, err);
}

json_t *pxi_window_json(const pxi_window *window, const px_zone *zone) {
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    return json_pack("{s:s, s:s, s:I, s:I}", "first_bar", px_time_format_iso(window->begin_us, zone, first),
                     "last_bar", px_time_format_iso(window->last_us, zone, last), "begin_us",
                     (json_int_t)window->begin_us, "end_us", (json_int_t)window->end_us);
}

/* ---- its own hash ------------------------------------------------------------------------------------- */

/* SHA-256 of the document without the member card_sha256. */
static px_status hash_of(const json_t *card, char out[PXI_HASH_TEXT_SIZE], px_error *err) {
    char *text;
    px_status status = pxi_json_dump(card, &text, err);
    if (status)
        return status;
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, text, strlen(text));
    pxi_hash_hex(&hash, out);
    free(text);
    return PX_OK;
}

px_status pxi_card_seal(json_t *card, char **out, px_error *err) {
    char hash[PXI_HASH_TEXT_SIZE];
    if (!card)
        return pxi_fail_memory(err);
    px_status status = hash_of(card, hash, err);
    if (!status && json_object_set_new(card, "card_sha256", json_string(hash)) != 0)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_json_dump(card, out, err);
    json_decref(card);
    return status;
}

static px_status check_seal(json_t *card, const char *path, px_error *err) {
    char is[PXI_HASH_TEXT_SIZE], says[PXI_HASH_TEXT_SIZE];
    if (!pxi_copy(says, sizeof says, pxi_card_text(card, "card_sha256")))
        says[0] = '\0';
    json_object_del(card, "card_sha256");
    px_status status = hash_of(card, is, err);
    if (!status && strcmp(is, says) != 0)
        status = pxi_fail(err, PX_ECORRUPT,
                          "the model card %s is damaged or was edited: its SHA-256 is %.12s..., it says "
                          "\"%.12s...\"; train the model again",
                          path, is, says);
    if (!status && json_object_set_new(card, "card_sha256", json_string(is)) != 0)
        status = pxi_fail_memory(err);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* Version 1 had one instrument, and no detail inside bars; version 2 no rows to check the model by; version 3
 * the names of inputs, and no event types. */
static px_status upgrade(json_t *card, px_error *err) {
    json_t *instrument = json_object_get(card, "instrument"), *rules = json_object_get(card, "rules");
    bool failed = false;
    if (pxi_card_version(card) <= 3 && !pxi_card_upgrade_terms(card))
        return pxi_fail_memory(err);
    if (pxi_card_version(card) > 1)
        return PX_OK;
    pxi_json_put(card, "instruments", instrument ? json_pack("[O]", instrument) : json_array(), &failed);
    json_object_del(card, "instrument");
    if (json_is_object(rules) && !json_object_get(rules, "detail"))
        pxi_json_put(rules, "detail", json_string("none"), &failed);
    return failed ? pxi_fail_memory(err) : PX_OK;
}

px_status pxi_card_read(const char *text, size_t length, const char *path, json_t **out, px_error *err) {
    json_t *card = NULL;
    px_error reason;
    px_status status = pxi_json_parse(text, length, path, &card, &reason);
    if (status)
        return pxi_fail(err, status == PX_EINPUT ? PX_ECORRUPT : status,
                        "the model card is damaged, train the model again: %s", reason.message);
    const json_t *version = pxi_card_get(card, "format_version");
    if (strcmp(pxi_card_text(card, "format"), format_name) != 0 || !json_is_integer(version))
        status = pxi_fail(err, PX_ECORRUPT, "%s is no model card", path);
    else if (json_integer_value(version) > PXI_CARD_VERSION)
        status =
            pxi_fail(err, PX_EMISMATCH,
                     "the model card %s has format version %lld, this program reads up to %d: it was made "
                     "by pixity %s, this is %s",
                     path, (long long)json_integer_value(version), PXI_CARD_VERSION,
                     pxi_card_text(card, "versions/pixity"), px_version());
    else
        status = check_seal(card, path, err);
    if (!status)
        status = upgrade(card, err);
    if (status)
        json_decref(card);
    else
        *out = card;
    return status;
}

/* ---- fitting ------------------------------------------------------------------------------------------ */

static void add_difference(pxi_text *text, const char *what, const json_t *model, const json_t *here) {
    char *a = model ? json_dumps(model, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    char *b = here ? json_dumps(here, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    pxi_text_printf(text, "%s%s is %s in the model and %s here", text->length ? "; " : "", what,
                    a ? a : "absent", b ? b : "absent");
    free(a);
    free(b);
}

static void compare_text(pxi_text *text, const char *what, const json_t *card, const char *path,
                         const char *here) {
    if (strcmp(pxi_card_text(card, path), here) != 0)
        pxi_text_printf(text, "%s%s is %.64s in the model and %.64s here", text->length ? "; " : "", what,
                        pxi_card_text(card, path), here);
}

/* Settings of the event types that the model was trained on. */
static px_status compare_types(pxi_text *text, const json_t *card, const px_config *config, px_error *err) {
    const json_t *types = pxi_card_get(card, "event_types");
    for (size_t i = 0; i < json_array_size(types); i++) {
        json_t *parameters = json_object_get(json_array_get(types, i), "parameters"), *model;
        const char *name;
        json_object_foreach(parameters, name, model) {
            const pxi_key *key = pxi_key_find(name, NULL);
            json_t *here = key ? pxi_key_value(config, key) : NULL;
            if (key && !here)
                return pxi_fail_memory(err);
            if (!json_equal(model, here))
                add_difference(text, name, model, here);
            json_decref(here);
        }
    }
    return PX_OK;
}

static bool is_first_rule(const char *key) {
    for (size_t i = 0; i < N_FIRST_RULES; i++)
        if (strcmp(rule_keys[i], key) == 0)
            return true;
    return false;
}

static px_status find_differences(const json_t *card, const px_dataset *data, const px_config *config,
                                  pxi_text *text, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], features[65];
    json_t *rules = pxi_card_rules(config);
    px_status status = rules ? PX_OK : pxi_fail_memory(err);
    if (!status) {
        compare_text(text, "timeframe", card, "timeframe",
                     px_timeframe_format(data->timeframe_minutes, timeframe));
        compare_text(text, "exchange", pxi_card_instrument(card, 0), "exchange", data->instrument.exchange);
        const char *key;
        json_t *here;
        json_object_foreach(rules, key, here) {
            const json_t *model = json_object_get(pxi_card_get(card, "rules"), key);
            if (!json_equal(model, here) && (model || is_first_rule(key)))
                add_difference(text, key, model, here);
        }
        status = compare_types(text, card, config, err);
        px_feature_definition_hash(config, features);
        if (text->length == 0) /* else the rules above say why it differs */
            compare_text(text, "the feature definition", card, "feature_definition", features);
    }
    json_decref(rules);
    return status;
}

px_status pxi_card_check(const json_t *card, const char *name, const px_dataset *data,
                         const px_config *config, px_error *err) {
    pxi_text text = {0};
    px_status status = find_differences(card, data, config, &text, err);
    if (!status && text.failed)
        status = pxi_fail_memory(err);
    if (!status && text.length)
        status = pxi_fail(err, PX_EMISMATCH,
                          "model %s does not fit: %s. Use the settings that it was trained with, or train "
                          "another one",
                          name, text.data);
    pxi_text_free(&text);
    return status;
}
