// SPDX-License-Identifier: Apache-2.0
/* The requests of the API as JSON Schema, for OpenAPI, documents, forms and types. */
#include "requests/request_table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json.h"
#include "pixity/config.h"

static const char *const jobs[] = {"backtest", "train",  "audit",  "check", "import",
                                   "undo",     "delete", "rename", "verify"};

const char *pxi_request_at(size_t i) {
    return i < sizeof jobs / sizeof *jobs ? jobs[i] : NULL;
}

/* "BacktestRequest". */
static void name_of(const char *job, char buf[PX_FIELD_NAME_SIZE]) {
    snprintf(buf, PX_FIELD_NAME_SIZE, "%sRequest", job);
    *buf = (char)toupper((unsigned char)*buf);
}

static json_t *list_of(const char *words) {
    json_t *list = json_array();
    while (*words) {
        const size_t length = strcspn(words, "|");
        json_array_append_new(list, json_stringn(words, length));
        words += length + (words[length] == '|');
    }
    return list;
}

static json_t *text_schema(const char *key, const char *value) {
    return json_pack("{s:s, s:s}", "type", "string", key, value);
}

static json_t *values_schema(json_t *type) {
    return json_pack("{s:s, s:{s:o}}", "type", "object", "additionalProperties", "type", type);
}

/* What the value may be; of a setting what its key may. */
static json_t *schema_of_type(const px_field *field, const char *name, const json_t *keys) {
    switch (field->type) {
    case PX_FIELD_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case PX_FIELD_CHOICE:
        return json_pack("{s:s, s:o}", "type", "string", "enum", list_of(field->choices));
    case PX_FIELD_COUNT:
        return json_pack("{s:s, s:i}", "type", "integer", "minimum", 1);
    case PX_FIELD_DATE:
        return text_schema("format", "date");
    case PX_FIELD_NEW_RUN:
        return text_schema("pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
    case PX_FIELD_FINDINGS:
        return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
    case PX_FIELD_SYMBOLS:
        return json_pack("{s:s, s:{s:s}, s:i}", "type", "array", "items", "type", "string", "minItems", 1);
    case PX_FIELD_STRATEGY_PARAMETERS:
    case PX_FIELD_LEARNER_PARAMETERS:
        return values_schema(json_string("number"));
    case PX_FIELD_SETTINGS:
        return values_schema(json_pack("[s,s,s]", "string", "number", "boolean"));
    case PX_FIELD_SETTING:
        return json_deep_copy(json_object_get(keys, name));
    default:
        return json_pack("{s:s}", "type", "string");
    }
}

static json_t *schema_of_field(const px_field *field, const char *name, const json_t *keys) {
    char help[PX_FIELD_TEXT_SIZE];
    json_t *schema = schema_of_type(field, name, keys);
    bool failed = !schema;
    const char *text = field->note ? field->note : field->help;
    snprintf(help, sizeof help, "%s%s%s%s", text, field->unit ? ", " : "", field->unit ? field->unit : "",
             field->note ? "" : ".");
    if (field->title)
        pxi_json_put(schema, "title", json_string(field->title), &failed);
    pxi_json_put(schema, "description", json_string(help), &failed);
    if (field->usual && !json_object_get(schema, "default"))
        pxi_json_put(schema, "default", json_string(field->usual), &failed);
    if (field->choices && field->type != PX_FIELD_CHOICE)
        pxi_json_put(schema, "examples", list_of(field->choices), &failed);
    return pxi_json_built(schema, failed);
}

static json_t *schema_of_request(const char *job, const json_t *keys) {
    const px_field *field;
    char name[PX_FIELD_NAME_SIZE];
    bool must, failed = false;
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; (field = px_field_at(i)); i++) {
        if (!px_field_is_member(field, job, &must))
            continue;
        px_field_member(field, name);
        pxi_json_put(properties, name, schema_of_field(field, name, keys), &failed);
        if (must)
            failed |= json_array_append_new(required, json_string(name)) != 0;
    }
    if (json_array_size(required) == 0) {
        json_decref(required);
        required = NULL;
    }
    json_t *schema = json_pack("{s:s, s:o, s:o*, s:b}", "type", "object", "properties", properties,
                               "required", required, "additionalProperties", 0);
    return pxi_json_built(schema, failed || !schema);
}

px_status px_requests_schema(char **out, px_error *err) {
    char *text = NULL, name[PX_FIELD_NAME_SIZE];
    json_t *keys = NULL, *schemas = json_object();
    bool failed = false;
    px_status status = px_config_schema(&text, err);
    if (!status)
        status = pxi_json_parse(text, strlen(text), "the schema of settings", &keys, err);
    free(text);
    for (size_t i = 0; !status && pxi_request_at(i); i++) {
        name_of(pxi_request_at(i), name);
        pxi_json_put(schemas, name, schema_of_request(pxi_request_at(i), json_object_get(keys, "properties")),
                     &failed);
    }
    json_decref(keys);
    schemas = pxi_json_built(schemas, failed);
    if (!status)
        status = schemas ? pxi_json_dump(schemas, out, err) : pxi_fail_memory(err);
    json_decref(schemas);
    return status;
}
