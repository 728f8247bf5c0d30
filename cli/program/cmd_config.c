// SPDX-License-Identifier: Apache-2.0
/* pixity config show|keys|schema: the settings in force, what there is to set, and the schema of config
 * files. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JSON is what these are: it is also the text form. */
static px_status print_document(cli_call *call, const char *text, px_error *err) {
    json_t *document;
    px_status status = cli_read_json(text, "the", "configuration", &document, err);
    if (status)
        return status;
    if (call->format == CLI_FORMAT_DEFAULT)
        call->format = CLI_FORMAT_JSON;
    status = cli_print_document(call, text, document, cli_print_outline, err);
    json_decref(document);
    return status;
}

static px_status run_show(cli_call *call, px_error *err) {
    char *text = NULL;
    px_status status = cli_resolve_config(call, err);
    if (!status)
        status = px_config_to_json(&call->config, &text, err);
    if (!status)
        status = print_document(call, text, err);
    free(text);
    return status;
}

const cli_verb cli_config_show = {
    .name = "config show",
    .arguments = "",
    .summary = "Print the settings in force as a config file (JSON)",
    .groups = PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run_show,
};

/* "honest or reference"; always short enough. */
static void join_words(const char *const *words, char *buf, size_t size) {
    size_t used = 0;
    for (size_t i = 0; words[i] && used < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " or " : "", words[i]);
}

static px_status add_key(px_table *table, size_t i, const px_config *honest, const px_config *reference,
                         px_error *err) {
    const char *name = px_config_key_name(i);
    char value[2][1024];
    px_status status = px_config_get(honest, name, value[0], sizeof value[0], err);
    if (!status)
        status = px_config_get(reference, name, value[1], sizeof value[1], err);
    if (!status)
        status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, 0, name, err);
    for (size_t c = 0; !status && c < 2; c++)
        if (*value[c])
            status = px_table_set_text(table, 1 + c, value[c], err);
    if (!status && *px_config_key_unit(i))
        status = px_table_set_text(table, 3, px_config_key_unit(i), err);
    if (!status && px_config_key_choices(i)) {
        join_words(px_config_key_choices(i), value[0], sizeof value[0]);
        status = px_table_set_text(table, 4, value[0], err);
    }
    return status ? status : px_table_set_text(table, 5, px_config_key_help(i), err);
}

static px_status run_keys(cli_call *call, px_error *err) {
    static const px_column_def defs[] = {{"key", PX_COLUMN_TEXT},       {"honest", PX_COLUMN_TEXT},
                                         {"reference", PX_COLUMN_TEXT}, {"unit", PX_COLUMN_TEXT},
                                         {"choices", PX_COLUMN_TEXT},   {"meaning", PX_COLUMN_TEXT}};
    px_table table = {0};
    px_config honest = px_config_default(), reference = honest;
    px_config_set_profile(&reference, PX_PROFILE_REFERENCE);
    px_status status = px_table_init(&table, defs, sizeof defs / sizeof *defs, err);
    for (size_t i = 0; !status && px_config_key_name(i); i++)
        status = add_key(&table, i, &honest, &reference, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    return status;
}

const cli_verb cli_config_keys = {
    .name = "config keys",
    .arguments = "",
    .summary = "List the settings: value in each profile, unit, choices and meaning",
    .groups = PX_GROUP_OUTPUT,
    .run = run_keys,
};

static px_status run_schema(cli_call *call, px_error *err) {
    char *text = NULL;
    px_status status = px_config_schema(&text, err);
    if (!status)
        status = print_document(call, text, err);
    free(text);
    return status;
}

const cli_verb cli_config_schema = {
    .name = "config schema",
    .arguments = "",
    .summary = "Print the JSON schema of config files",
    .groups = PX_GROUP_OUTPUT,
    .run = run_schema,
};

static px_status run_requests(cli_call *call, px_error *err) {
    char *text = NULL;
    px_status status = px_requests_schema(&text, err);
    if (!status)
        status = print_document(call, text, err);
    free(text);
    return status;
}

/* For tools/make-docs; without a summary it stands in no list. */
const cli_verb cli_requests = {
    .name = "requests",
    .arguments = "",
    .groups = PX_GROUP_OUTPUT,
    .run = run_requests,
};
