// SPDX-License-Identifier: Apache-2.0
#include "base/parameter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "pixity/number.h"

/* ---- values -------------------------------------------------------------------------------------------- */

void px_parameters_usual(const px_parameters *parameters, double values[PX_MAX_PARAMETERS]) {
    for (size_t i = 0; i < parameters->n; i++)
        values[i] = parameters->items[i].usual;
}

char *px_parameter_range(const px_parameter *parameter, char buf[PX_PARAMETER_RANGE_SIZE]) {
    char low[PX_DOUBLE_TEXT_SIZE], high[PX_DOUBLE_TEXT_SIZE], step[PX_DOUBLE_TEXT_SIZE];
    char usual[PX_DOUBLE_TEXT_SIZE];
    px_double_format(parameter->minimum, low);
    px_double_format(parameter->maximum, high);
    px_double_format(parameter->step, step);
    px_double_format(parameter->usual, usual);
    snprintf(buf, PX_PARAMETER_RANGE_SIZE, "a %s from %s to %s%s%.40s (step %s), usually %s",
             parameter->whole ? "whole number" : "number", low, high, *parameter->unit ? " " : "",
             parameter->unit, step, usual);
    return buf;
}

static px_status check(const px_parameters *parameters, size_t i, double value, px_error *err) {
    const px_parameter *parameter = &parameters->items[i];
    char range[PX_PARAMETER_RANGE_SIZE];
    const bool fits = value >= parameter->minimum && value <= parameter->maximum &&
                      (!parameter->whole || value == floor(value));
    return fits ? PX_OK
                : pxi_fail(err, PX_EINPUT, "%s of %s %s is %.10g; it takes %s", parameter->name,
                           parameters->kind, parameters->owner, value, px_parameter_range(parameter, range));
}

px_status pxi_parameters_check(const px_parameters *parameters, const double *values, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < parameters->n && !status; i++)
        status = check(parameters, i, values[i], err);
    return status;
}

/* ---- names --------------------------------------------------------------------------------------------- */

static px_status fail_unknown(const px_parameters *parameters, const char *name, px_error *err) {
    const char *names[2 * PX_MAX_PARAMETERS];
    char hint[128];
    size_t n = 0;
    pxi_text known = {0};
    if (parameters->n == 0)
        return pxi_fail(err, PX_EINPUT, "%s %s has no parameters, and \"%.40s\" is given one",
                        parameters->kind, parameters->owner, name);
    for (size_t i = 0; i < parameters->n; i++) {
        const px_parameter *parameter = &parameters->items[i];
        names[n++] = parameter->name;
        if (parameter->alias)
            names[n++] = parameter->alias;
        pxi_text_printf(&known, "%s%s", i ? ", " : "", parameter->name);
    }
    pxi_did_you_mean(name, names, n, hint, sizeof hint);
    px_status status =
        pxi_fail(err, PX_EINPUT, "%s %s has no parameter \"%.40s\"%s (it has %s)", parameters->kind,
                 parameters->owner, name, hint, known.failed ? "others" : known.data);
    pxi_text_free(&known);
    return status;
}

static px_status find(const px_parameters *parameters, const char *name, size_t *out, px_error *err) {
    for (size_t i = 0; i < parameters->n; i++) {
        const px_parameter *parameter = &parameters->items[i];
        if (strcmp(parameter->name, name) == 0 || (parameter->alias && strcmp(parameter->alias, name) == 0)) {
            *out = i;
            return PX_OK;
        }
    }
    return fail_unknown(parameters, name, err);
}

px_status px_parameters_set(const px_parameters *parameters, const char *name, double value,
                            double values[PX_MAX_PARAMETERS], px_error *err) {
    size_t i = 0;
    px_status status = find(parameters, name, &i, err);
    if (!status)
        status = check(parameters, i, value, err);
    if (!status)
        values[i] = value + 0.0; /* -0 is 0 */
    return status;
}

/* ---- text ---------------------------------------------------------------------------------------------- */

/* One NAME=VALUE of `length` bytes. */
static px_status read_one(const px_parameters *parameters, const char *text, size_t length, size_t *index,
                          double *value, px_error *err) {
    const char *equals = memchr(text, '=', length);
    const size_t n_name = equals ? (size_t)(equals - text) : 0;
    char name[64];
    if (n_name == 0 || n_name >= sizeof name)
        return pxi_fail(err, PX_EINPUT, "\"%.*s\" is no NAME=VALUE of %s %s",
                        (int)(length < 60 ? length : 60), text, parameters->kind, parameters->owner);
    snprintf(name, sizeof name, "%.*s", (int)n_name, text);
    px_status status = find(parameters, name, index, err);
    if (status)
        return status;
    const char *number = equals + 1;
    const size_t n_number = length - n_name - 1;
    char range[PX_PARAMETER_RANGE_SIZE];
    if (!pxi_parse_double(number, n_number, value))
        return pxi_fail(err, PX_EINPUT, "%s of %s %s is \"%.*s\"; it takes %s",
                        parameters->items[*index].name, parameters->kind, parameters->owner,
                        (int)(n_number < 40 ? n_number : 40), number,
                        px_parameter_range(&parameters->items[*index], range));
    return check(parameters, *index, *value, err);
}

px_status px_parameters_read(const px_parameters *parameters, const char *text,
                             double values[PX_MAX_PARAMETERS], px_error *err) {
    double read[PX_MAX_PARAMETERS];
    bool named[PX_MAX_PARAMETERS] = {false};
    for (;;) {
        const size_t length = strcspn(text, ",");
        size_t i = 0;
        double value = 0;
        px_status status = read_one(parameters, text, length, &i, &value, err);
        if (!status && named[i])
            status = pxi_fail(err, PX_EINPUT, "%s of %s %s is named twice", parameters->items[i].name,
                              parameters->kind, parameters->owner);
        if (status)
            return status;
        named[i] = true;
        read[i] = value + 0.0;
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    for (size_t i = 0; i < parameters->n; i++)
        values[i] = named[i] ? read[i] : values[i];
    return PX_OK;
}

px_status px_parameters_text(const px_parameters *parameters, const double *values, char **out,
                             px_error *err) {
    pxi_text text = {0};
    for (size_t i = 0; i < parameters->n; i++) {
        char value[PX_DOUBLE_TEXT_SIZE];
        px_double_format(values[i], value);
        if (values[i] != parameters->items[i].usual)
            pxi_text_printf(&text, "%s%s=%s", text.length ? "," : "", parameters->items[i].name, value);
    }
    return pxi_text_take(&text, out, err);
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static json_t *number_json(const px_parameter *parameter, double value) {
    return parameter->whole ? json_integer((json_int_t)value) : pxi_json_real(value);
}

static json_t *parameter_json(const px_parameter *parameter) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "name", json_string(parameter->name), &failed);
    pxi_json_put(object, "alias", pxi_json_text(parameter->alias), &failed);
    pxi_json_put(object, "title", json_string(parameter->title), &failed);
    pxi_json_put(object, "unit", json_string(parameter->unit), &failed);
    pxi_json_put(object, "help", json_string(parameter->help), &failed);
    pxi_json_put(object, "minimum", number_json(parameter, parameter->minimum), &failed);
    pxi_json_put(object, "maximum", number_json(parameter, parameter->maximum), &failed);
    pxi_json_put(object, "step", number_json(parameter, parameter->step), &failed);
    pxi_json_put(object, "usual", number_json(parameter, parameter->usual), &failed);
    pxi_json_put(object, "whole", json_boolean(parameter->whole), &failed);
    return pxi_json_built(object, failed);
}

json_t *pxi_parameters_json(const px_parameters *parameters) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < parameters->n; i++)
        failed |= json_array_append_new(list, parameter_json(&parameters->items[i])) != 0;
    return pxi_json_built(list, failed);
}

json_t *pxi_values_json(const px_parameters *parameters, const double *values, bool only_different) {
    json_t *object = json_object();
    bool failed = !object;
    for (size_t i = 0; i < parameters->n; i++)
        if (!only_different || values[i] != parameters->items[i].usual)
            pxi_json_put(object, parameters->items[i].name, number_json(&parameters->items[i], values[i]),
                         &failed);
    return pxi_json_built(object, failed);
}
