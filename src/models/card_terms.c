// SPDX-License-Identifier: Apache-2.0
#include "models/card_terms.h"

#include "base/error.h"
#include "base/text.h"
#include "config/keys.h"
#include "events/inputs.h"
#include "indicators/column_spec.h"
#include "models/card.h"

#include <stdlib.h>
#include <string.h>

/* ---- making ------------------------------------------------------------------------------------------- */

static json_t *names_json(const char *const *names) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t c = 0; names[c]; c++)
        failed |= json_array_append_new(list, json_string(names[c])) != 0;
    return pxi_json_built(list, failed);
}

json_t *pxi_card_inputs(const pxi_columns *columns) {
    json_t *inputs = json_array();
    bool failed = !inputs;
    for (size_t i = 0; i < columns->n; i++) {
        const pxi_input *input = &pxi_inputs[columns->input_of[i]];
        failed |= json_array_append_new(inputs, json_pack("{s:s, s:o}", "name", input->name, "columns",
                                                          names_json(input->columns))) != 0;
    }
    return pxi_json_built(inputs, failed);
}

static json_t *parameters_json(const pxi_event_kind *kind, const px_config *config) {
    json_t *parameters = json_object();
    bool failed = !parameters;
    for (size_t i = 0; kind->settings && kind->settings[i]; i++)
        pxi_json_put(parameters, kind->settings[i],
                     pxi_key_value(config, pxi_key_find(kind->settings[i], NULL)), &failed);
    return pxi_json_built(parameters, failed);
}

json_t *pxi_card_event_types(const px_config *config) {
    json_t *types = json_array();
    bool failed = !types;
    const pxi_event_kind *kind;
    for (int type = 0; (kind = pxi_event_kind_at(type)); type++)
        failed |= json_array_append_new(types, json_pack("{s:s, s:o, s:o}", "name", kind->name, "columns",
                                                         names_json(kind->columns), "parameters",
                                                         parameters_json(kind, config))) != 0;
    return pxi_json_built(types, failed);
}

bool pxi_card_upgrade_terms(json_t *card) {
    json_t *named = json_array(), *rules = json_object_get(card, "rules"), *name;
    json_t *width = json_incref(json_object_get(rules, "reversion_k"));
    bool failed = !named;
    size_t i;
    json_array_foreach(json_object_get(card, "inputs"), i, name) failed |=
        json_array_append_new(named, json_is_string(name) ? json_pack("{s:O}", "name", name)
                                                          : json_incref(name)) != 0;
    pxi_json_put(card, "inputs", pxi_json_built(named, failed), &failed);
    if (!json_object_get(card, "event_types")) {
        pxi_json_put(card, "event_types",
                     json_pack("[{s:s, s:{}}, {s:s, s:{s:o?}}]", "name", "TREND", "parameters", "name",
                               "REVERSION", "parameters", "reversion_k", json_incref(width)),
                     &failed);
        json_object_del(rules, "reversion_k");
    }
    json_decref(width);
    return !failed;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

typedef struct reader {
    const json_t *card;
    const char *model; /* its name */
    const px_config *config;
    px_error *err;
} reader;

static bool is_column(const reader *r, const json_t *said, const char *here) {
    pxi_column_spec a, b;
    const char *text = json_string_value(said);
    return text && here && pxi_column_spec_parse(text, r->config, &a, NULL) == PX_OK &&
           pxi_column_spec_parse(here, r->config, &b, NULL) == PX_OK && pxi_column_spec_same(&a, &b);
}

static px_status refuse_columns(const reader *r, const char *name, const json_t *said,
                                const char *const *columns) {
    json_t *named = names_json(columns);
    char *there = json_dumps(said, JSON_ENCODE_ANY | JSON_COMPACT);
    char *here = named ? json_dumps(named, JSON_COMPACT) : NULL;
    px_status status = pxi_fail(r->err, PX_EMISMATCH,
                                "model %s does not fit: %s is made of %.200s in the model and of %.200s here",
                                r->model, name, there ? there : "?", here ? here : "?");
    json_decref(named);
    free(there);
    free(here);
    return status;
}

/* A card of before does not tell its columns: they are those that this program has. */
static px_status check_columns(const reader *r, const json_t *object, const char *const *columns) {
    const json_t *said = json_object_get(object, "columns");
    size_t n = 0;
    bool same = true;
    if (!said)
        return PX_OK;
    for (; columns[n]; n++)
        same &= is_column(r, json_array_get(said, n), columns[n]);
    return same && json_array_size(said) == n
               ? PX_OK
               : refuse_columns(r, pxi_card_text(object, "name"), said, columns);
}

static px_status refuse_name(const reader *r, const char *what, const char *name, const char *hint) {
    return pxi_fail(
        r->err, PX_EMISMATCH,
        "model %s has %s \"%.60s\", which this program does not know (it was made by pixity %.40s, this "
        "is %s)%s",
        r->model, what, name, pxi_card_text(r->card, "versions/pixity"), px_version(), hint);
}

static px_status refuse_list(const reader *r, const char *what) {
    return pxi_fail(r->err, PX_ECORRUPT, "the card of model %s has no list of %s", r->model, what);
}

static px_status read_input(const reader *r, const json_t *object, pxi_card_terms *out) {
    const char *name = json_string_value(json_object_get(object, "name"));
    char hint[128] = "";
    if (!name)
        return refuse_list(r, "inputs");
    const size_t k = pxi_input_find(name, hint, sizeof hint);
    if (k == PX_N_INPUTS)
        return refuse_name(r, "input", name, hint);
    for (size_t i = 0; i < out->n_inputs; i++)
        if (out->input_of[i] == (int)k)
            return pxi_fail(r->err, PX_ECORRUPT, "the card of model %s has input %s twice", r->model, name);
    out->input_of[out->n_inputs++] = (int)k;
    return check_columns(r, object, pxi_inputs[k].columns);
}

static px_status read_type(const reader *r, const json_t *object, pxi_card_terms *out) {
    const char *name = json_string_value(json_object_get(object, "name"));
    char hint[128] = "";
    if (!name)
        return refuse_list(r, "event types");
    const int type = pxi_event_kind_find(name, hint, sizeof hint);
    if (type < 0)
        return refuse_name(r, "event type", name, hint);
    out->event_types |= UINT32_C(1) << type;
    return check_columns(r, object, pxi_event_kind_at(type)->columns);
}

px_status pxi_card_terms_read(const json_t *card, const char *name, const px_config *config,
                              pxi_card_terms *out, px_error *err) {
    const reader r = {card, name, config, err};
    const json_t *inputs = pxi_card_get(card, "inputs"), *types = pxi_card_get(card, "event_types");
    px_status status = PX_OK;
    *out = (pxi_card_terms){0};
    if (!json_array_size(inputs))
        return refuse_list(&r, "inputs");
    if (!json_array_size(types))
        return refuse_list(&r, "event types");
    for (size_t i = 0; i < json_array_size(inputs) && !status; i++)
        status = read_input(&r, json_array_get(inputs, i), out);
    for (size_t i = 0; i < json_array_size(types) && !status; i++)
        status = read_type(&r, json_array_get(types, i), out);
    return status;
}
