// SPDX-License-Identifier: Apache-2.0
/* The table of settings as a document, for forms and help. */
#include "config/keys.h"

#include "base/error.h"

static const char *type_name(pxi_key_type type) {
    static const char *const names[] = {
        [PXI_KEY_CHOICE] = "choice", [PXI_KEY_BOOL] = "switch",    [PXI_KEY_INT] = "integer",
        [PXI_KEY_REAL] = "number",   [PXI_KEY_TEXT] = "text",      [PXI_KEY_TIME] = "time",
        [PXI_KEY_WARMUP] = "days",   [PXI_KEY_IGNORED] = "unused", [PXI_KEY_SLIPPAGE] = "text",
    };
    return names[type];
}

const char *px_config_key_unit(size_t i) {
    return i < pxi_n_keys && pxi_keys[i].unit ? pxi_keys[i].unit : "";
}

const char *const *px_config_key_choices(size_t i) {
    return i < pxi_n_keys ? pxi_keys[i].choices : NULL;
}

static json_t *words(const char *const *choices) {
    json_t *list = choices ? json_array() : json_null();
    for (size_t i = 0; choices && choices[i]; i++)
        json_array_append_new(list, json_string(choices[i]));
    return list;
}

static json_t *limit(const pxi_key *key, double value) {
    bool whole = key->type == PXI_KEY_INT || key->type == PXI_KEY_WARMUP;
    if (whole)
        return json_integer((json_int_t)value);
    return key->type == PXI_KEY_REAL ? json_real(value) : json_null();
}

static json_t *value_text(const px_config *config, const pxi_key *key) {
    char text[PX_PATH_SIZE];
    if (px_config_get(config, key->name, text, sizeof text, NULL) != PX_OK)
        return NULL;
    return *text ? json_string(text) : json_null();
}

static json_t *key_json(const pxi_key *key, const px_config *honest, const px_config *reference) {
    bool nullable = key->nullable || key->type == PXI_KEY_TEXT || key->type == PXI_KEY_TIME;
    json_t *object = json_object();
    bool failed = false;
    pxi_json_put(object, "key", json_string(key->name), &failed);
    pxi_json_put(object, "type", json_string(type_name(key->type)), &failed);
    pxi_json_put(object, "unit", json_string(key->unit ? key->unit : ""), &failed);
    pxi_json_put(object, "choices", words(key->choices), &failed);
    pxi_json_put(object, "minimum", limit(key, key->min), &failed);
    pxi_json_put(object, "maximum", limit(key, key->max), &failed);
    pxi_json_put(object, "nullable", json_boolean(nullable), &failed);
    pxi_json_put(object, "honest", value_text(honest, key), &failed);
    pxi_json_put(object, "reference", value_text(reference, key), &failed);
    pxi_json_put(object, "meaning", json_string(key->help), &failed);
    return pxi_json_built(object, failed);
}

px_status px_config_keys_document(char **out, px_error *err) {
    px_config honest = px_config_default(), reference = honest;
    px_config_set_profile(&reference, PX_PROFILE_REFERENCE);
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < pxi_n_keys; i++)
        failed |= json_array_append_new(list, key_json(&pxi_keys[i], &honest, &reference)) != 0;
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, out, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
}
