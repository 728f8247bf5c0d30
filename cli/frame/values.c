// SPDX-License-Identifier: Apache-2.0
/* Values of options, from text. */
#include "cli/frame/cli.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

px_status cli_parse_text(const char *text, void *field, px_error *err) {
    if (!*text)
        return cli_fail(err, PX_EINPUT, "the value is empty");
    *(const char **)field = text;
    return PX_OK;
}

px_status cli_parse_flag(const char *text, void *field, px_error *err) {
    (void)text, (void)err;
    *(bool *)field = true;
    return PX_OK;
}

px_status cli_parse_count(const char *text, void *field, px_error *err) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || value < 1 || value > INT32_MAX)
        return cli_fail(err, PX_EINPUT, "\"%s\" is not a whole number from 1 to %d", text, INT32_MAX);
    *(int64_t *)field = value;
    return PX_OK;
}

px_status cli_parse_threads(const char *text, void *field, px_error *err) {
    int64_t n = 0;
    px_status status = cli_parse_count(text, &n, err);
    if (!status)
        *(int *)field = (int)n;
    return status;
}

px_status cli_parse_rows(const char *text, void *field, px_error *err) {
    uint64_t rows = 0;
    px_status status = cli_parse_seed(text, &rows, err);
    if (!status && rows == 0)
        status = cli_fail(err, PX_EINPUT, "\"%s\" is no number of rows: at least 1", text);
    if (!status)
        *(uint64_t *)field = rows;
    return status;
}

px_status cli_parse_pixels(const char *text, void *field, px_error *err) {
    px_picture_config *size = field;
    char *end = NULL;
    long width = strtol(text, &end, 10), height = 0;
    if (end != text && (*end == 'x' || *end == 'X'))
        height = strtol(end + 1, &end, 10);
    if (*end || width < 320 || height < 240 || width > 8192 || height > 8192)
        return cli_fail(err, PX_EINPUT, "\"%.40s\" is no size: give 320x240 to 8192x8192, as 1600x900", text);
    size->width = (int)width;
    size->height = (int)height;
    return PX_OK;
}

bool cli_has_ending(const char *path, const char *ending) {
    size_t length = strlen(path), wanted = strlen(ending);
    return length > wanted && strcasecmp(path + length - wanted, ending) == 0;
}

/* Bytes, or so many of 1024: K, M, G. */
px_status cli_parse_size(const char *text, void *field, px_error *err) {
    static const char units[] = "KMG";
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    if (!isdigit((unsigned char)*text) || errno || end[unit != NULL] || value == 0 ||
        value > UINT64_MAX >> shift)
        return cli_fail(err, PX_EINPUT,
                        "\"%s\" is no size: a number of bytes, or one with K, M or G, as 512M", text);
    *(uint64_t *)field = (uint64_t)value << shift;
    return PX_OK;
}

px_status cli_parse_seed(const char *text, void *field, px_error *err) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno)
        return cli_fail(err, PX_EINPUT, "\"%s\" is not a whole number from 0 to 18446744073709551615", text);
    *(uint64_t *)field = value;
    return PX_OK;
}

px_status cli_parse_positive(const char *text, void *field, px_error *err) {
    char *end;
    double value = strtod(text, &end);
    bool plain = isdigit((unsigned char)*text) || *text == '.';
    if (!plain || strpbrk(text, "xX") || *end || !isfinite(value) || value <= 0)
        return cli_fail(err, PX_EINPUT, "\"%s\" is not a number above 0", text);
    *(double *)field = value;
    return PX_OK;
}

px_status cli_parse_date(const char *text, void *field, px_error *err) {
    return px_date_parse(text, field, err);
}

px_status cli_parse_timeframe(const char *text, void *field, px_error *err) {
    return px_timeframe_parse(text, field, err);
}

px_status cli_parse_stamp(const char *text, void *field, px_error *err) {
    static const char *const names[] = {"open", "close"};
    size_t i;
    px_status status = cli_parse_choice("stamp", text, names, 2, &i, err);
    if (!status)
        *(bool *)field = i == 1;
    return status;
}

px_status cli_parse_texts(const char *text, void *field, px_error *err) {
    cli_texts *list = field;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        const char **items = reallocarray(list->items, capacity, sizeof *items);
        if (!items)
            return cli_fail(err, PX_ENOMEM, "out of memory");
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = text;
    return PX_OK;
}

px_status cli_parse_parameter(const char *text, void *field, px_error *err) {
    cli_parameters *parameters = field;
    const size_t used = strlen(parameters->text), size = sizeof parameters->text;
    if (!*text)
        return cli_fail(err, PX_EINPUT, "the value is empty");
    if (used + 1 + strlen(text) >= size)
        return cli_fail(err, PX_EINPUT, "all of them are longer than %zu characters", size - 1);
    snprintf(parameters->text + used, size - used, "%s%s", used ? "," : "", text);
    return PX_OK;
}

const char *cli_parameters_text(const cli_parameters *parameters) {
    return *parameters->text ? parameters->text : NULL;
}

static px_status parse_codes(const char *text, void *field, px_error *err) {
    px_status status = px_findings_check_codes(text, err);
    return status ? status : cli_parse_parameter(text, field, err);
}

px_status cli_parse_value(const px_field *field, const char *text, void *place, px_error *err) {
    static const cli_parse_fn parse[PX_FIELD_TYPES] = {
        [PX_FIELD_FLAG] = cli_parse_flag,           [PX_FIELD_TEXTS] = cli_parse_texts,
        [PX_FIELD_SETTINGS] = cli_parse_texts,      [PX_FIELD_COUNT] = cli_parse_count,
        [PX_FIELD_SEED] = cli_parse_seed,           [PX_FIELD_NUMBER] = cli_parse_positive,
        [PX_FIELD_BYTES] = cli_parse_size,          [PX_FIELD_DATE] = cli_parse_date,
        [PX_FIELD_TIMEFRAME] = cli_parse_timeframe, [PX_FIELD_STRATEGY_PARAMETERS] = cli_parse_parameter,
        [PX_FIELD_FINDINGS] = parse_codes,
    };
    size_t chosen = 0;
    if (field->type != PX_FIELD_CHOICE)
        return parse[field->type] ? parse[field->type](text, place, err) : cli_parse_text(text, place, err);
    px_status status = px_field_choose(field, text, &chosen, err);
    if (!status)
        *(unsigned *)place = (unsigned)chosen;
    return status;
}

px_status cli_parse_choice(const char *what, const char *text, const char *const *names, size_t n,
                           size_t *out, px_error *err) {
    char hint[CLI_HINT_SIZE], known[200] = "";
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(text, names[i]) == 0) {
            *out = i;
            return PX_OK;
        }
        strncat(known, i ? ", " : "", sizeof known - strlen(known) - 1);
        strncat(known, names[i], sizeof known - strlen(known) - 1);
    }
    return cli_fail(err, PX_EINPUT, "unknown %s \"%s\"%s (known: %s)", what, text,
                    cli_hint(text, names, n, hint), known);
}
