// SPDX-License-Identifier: Apache-2.0
#include "indicators/column_spec.h"

#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/parameter.h"
#include "base/text.h"

/* Most names of indicators and columns that a wrong one is compared with. */
#define MAX_NAMES 256
/* Room for a name of a spec, longer ones are none. */
#define NAME_SIZE 48

/* A spec while it is read. */
typedef struct reader {
    const char *text, *at;
    const pxi_column_words *words;
    px_error *err;
} reader;

static px_status refuse(const reader *r, const char *why) {
    return pxi_fail(r->err, PX_EINPUT, "column \"%.64s\": %s", r->text, why);
}

static void skip_spaces(reader *r) {
    while (*r->at == ' ')
        r->at++;
}

static bool take(reader *r, char c) {
    skip_spaces(r);
    const bool is = *r->at == c;
    r->at += is;
    skip_spaces(r);
    return is;
}

/* What stands before the next of `ends`, without the spaces around it. */
static void take_word(reader *r, const char *ends, char word[NAME_SIZE]) {
    skip_spaces(r);
    const size_t taken = strcspn(r->at, ends);
    size_t length = taken;
    while (length > 0 && r->at[length - 1] == ' ')
        length--;
    const size_t kept = length < NAME_SIZE ? length : NAME_SIZE - 1;
    memcpy(word, r->at, kept);
    word[kept] = '\0';
    r->at += taken;
}

/* ---- the indicator ------------------------------------------------------------------------------------ */

static px_status refuse_name(const reader *r, const char *name) {
    const char *names[MAX_NAMES];
    char hint[NAME_SIZE + 32], why[NAME_SIZE + 160];
    size_t n = 0;
    for (size_t i = 0; pxi_indicator_at(i) && n < MAX_NAMES; i++)
        names[n++] = pxi_indicator_at(i)->name;
    for (size_t i = 0; pxi_column_alias_at(i) && n < MAX_NAMES; i++)
        names[n++] = pxi_column_alias_at(i);
    snprintf(why, sizeof why, "no indicator is named \"%s\"%s", name,
             pxi_did_you_mean(name, names, n, hint, sizeof hint));
    return refuse(r, why);
}

static px_status read_indicator(reader *r, const pxi_indicator **out) {
    char name[NAME_SIZE];
    take_word(r, "(.", name);
    for (size_t i = 0; pxi_indicator_at(i); i++)
        if (strcmp(pxi_indicator_at(i)->name, name) == 0) {
            *out = pxi_indicator_at(i);
            return PX_OK;
        }
    return refuse_name(r, name);
}

/* ---- its parameters ----------------------------------------------------------------------------------- */

/* "takes 2 parameters (period, multiple), not 1" */
static px_status refuse_count(const reader *r, const pxi_indicator *indicator, size_t n) {
    char why[256];
    pxi_text names = {0};
    for (size_t k = 0; k < indicator->n_parameters; k++)
        pxi_text_printf(&names, "%s%s", k ? ", " : " (", indicator->parameters[k].name);
    snprintf(why, sizeof why, "%s takes %zu parameter%s%s%s, not %zu", indicator->name,
             indicator->n_parameters, indicator->n_parameters == 1 ? "" : "s",
             names.data && !names.failed ? names.data : "", indicator->n_parameters ? ")" : "", n);
    pxi_text_free(&names);
    return refuse(r, why);
}

static px_status refuse_word(const reader *r, const char *word) {
    const char *names[MAX_NAMES];
    char hint[NAME_SIZE + 32], why[NAME_SIZE + 160];
    size_t n = 0;
    for (size_t i = 0; i < r->words->parameters.n && n < MAX_NAMES; i++)
        names[n++] = r->words->parameters.items[i].name;
    for (size_t i = 0; px_config_key_name(i) && n < MAX_NAMES; i++)
        names[n++] = px_config_key_name(i);
    snprintf(why, sizeof why, "\"%s\" is no number and no number of the settings is named so%s", word,
             pxi_did_you_mean(word, names, n, hint, sizeof hint));
    return refuse(r, why);
}

/* What a word stands for; false = nothing. */
static bool look_up(const pxi_column_words *words, const char *word, double *out) {
    char value[1024];
    for (size_t i = 0; i < words->parameters.n; i++)
        if (strcmp(words->parameters.items[i].name, word) == 0) {
            *out = words->values[i];
            return true;
        }
    return px_config_get(words->config, word, value, sizeof value, NULL) == PX_OK &&
           pxi_parse_double(value, strlen(value), out);
}

static px_status read_value(reader *r, double *out) {
    char word[NAME_SIZE];
    take_word(r, ",)", word);
    if (pxi_parse_double(word, strlen(word), out) || look_up(r->words, word, out))
        return PX_OK;
    return refuse_word(r, word);
}

static px_status check_values(const reader *r, const pxi_indicator *indicator, const double *values) {
    const px_parameters parameters = {"indicator", indicator->name, indicator->parameters,
                                      indicator->n_parameters};
    px_error why;
    return pxi_parameters_check(&parameters, values, &why) == PX_OK ? PX_OK : refuse(r, why.message);
}

/* Behind the opening parenthesis. */
static px_status read_values(reader *r, pxi_column_spec *spec) {
    const pxi_indicator *indicator = spec->indicator;
    double values[PXI_MAX_PARAMETERS] = {0};
    size_t n = 0;
    px_status status = PX_OK;
    if (take(r, ')'))
        return indicator->n_parameters ? refuse_count(r, indicator, 0) : PX_OK;
    do {
        double value;
        status = read_value(r, &value);
        if (!status && n < indicator->n_parameters)
            values[n] = value;
        n++;
    } while (!status && take(r, ','));
    if (!status && !take(r, ')'))
        status = refuse(r, "a closing parenthesis is missing");
    if (!status && n != indicator->n_parameters)
        status = refuse_count(r, indicator, n);
    if (!status)
        status = check_values(r, indicator, values);
    if (!status)
        memcpy(spec->values, values, sizeof values);
    return status;
}

/* ---- its output --------------------------------------------------------------------------------------- */

/* Behind the dot. */
static px_status read_output(reader *r, pxi_column_spec *spec) {
    const pxi_indicator *indicator = spec->indicator;
    char name[NAME_SIZE], hint[NAME_SIZE + 32], why[NAME_SIZE + 160];
    take_word(r, "", name);
    for (size_t k = 0; k < indicator->n_outputs; k++)
        if (strcmp(indicator->outputs[k], name) == 0) {
            spec->output = k;
            return PX_OK;
        }
    snprintf(why, sizeof why, "no output of %s is named \"%s\"%s", indicator->name, name,
             pxi_did_you_mean(name, indicator->outputs, indicator->n_outputs, hint, sizeof hint));
    return refuse(r, why);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

px_status pxi_column_spec_read(const char *text, const pxi_column_words *words, pxi_column_spec *out,
                               px_error *err) {
    const char *alias = pxi_column_alias(text);
    reader r = {text, alias ? alias : text, words, err};
    pxi_column_spec spec = {0};
    px_status status = read_indicator(&r, &spec.indicator);
    for (size_t k = 0; !status && k < spec.indicator->n_parameters; k++)
        spec.values[k] = spec.indicator->parameters[k].usual;
    if (!status && take(&r, '('))
        status = read_values(&r, &spec);
    if (!status && take(&r, '.'))
        status = read_output(&r, &spec);
    if (!status && *r.at)
        status = refuse(&r, "something stands behind its end");
    if (!status)
        *out = spec;
    return status;
}

px_status pxi_column_spec_parse(const char *text, const px_config *config, pxi_column_spec *out,
                                px_error *err) {
    const pxi_column_words words = {.config = config};
    return pxi_column_spec_read(text, &words, out, err);
}

bool pxi_column_spec_same_run(const pxi_column_spec *a, const pxi_column_spec *b) {
    bool same = a->indicator == b->indicator;
    for (size_t k = 0; k < PXI_MAX_PARAMETERS; k++)
        same &= a->values[k] == b->values[k];
    return same;
}
