// SPDX-License-Identifier: Apache-2.0
/* Lines of text: CSV with a header, or JSON objects. */
#include "base/error.h"
#include "base/json.h"
#include "live/live.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static px_status reject(px_live *live, const char *reason) {
    char message[200];
    snprintf(message, sizeof message, "line %zu: %.150s", live->input.n_lines, reason);
    const int64_t last_us = live->intake.started ? live->intake.last.ts_us : 0;
    pxi_line_warning(&live->lines, pxi_anomaly_name(PXI_REJECTED), last_us, 0, message);
    return PX_OK;
}

/* ---- CSV ---------------------------------------------------------------------------------------------- */

/* ts,price,volume in any order, among others. */
static bool find_tick_columns(const char *line, char separator, pxi_tick_columns *out) {
    static const char *const times[] = {"ts", "timestamp", "time", "datetime"};
    pxi_tick_columns found = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    size_t i = 0;
    for (const char *field = line;; i++) {
        const size_t length = strcspn(field, (char[]){separator, '\0'});
        for (size_t k = 0; k < sizeof times / sizeof *times; k++)
            if (length == strlen(times[k]) && !strncasecmp(field, times[k], length))
                found.ts = i;
        if (length == 5 && !strncasecmp(field, "price", 5))
            found.price = i;
        if (length == 6 && !strncasecmp(field, "volume", 6))
            found.volume = i;
        if (!field[length])
            break;
        field += length + 1;
    }
    *out = found;
    return found.ts != SIZE_MAX && found.price != SIZE_MAX;
}

static px_status read_header(px_live *live, char *line, size_t length, px_error *err) {
    pxi_input *input = &live->input;
    if (find_tick_columns(line, ',', &input->ticks)) {
        input->kind = PXI_INPUT_CSV_TICKS;
        return PX_OK;
    }
    px_status status = pxi_line_header(line, length, live->lines.zone, &input->csv, err);
    if (status)
        return pxi_fail_prefix(
            err, PX_EINPUT,
            "the first line of a stream is a CSV header of bars or of ts,price,volume, or a "
            "JSON object");
    input->kind = PXI_INPUT_CSV;
    return PX_OK;
}

static px_status read_row(px_live *live, char *line, size_t length, px_error *err) {
    char reason[PXI_REASON_SIZE];
    px_bar bar;
    if (!pxi_line_read(&live->input.csv, line, length, &bar, reason))
        return reject(live, reason);
    return px_live_bar(live, &bar, err);
}

/* The text of a column; NULL where the line has fewer. */
static const char *column_at(const char *line, size_t column, size_t *length) {
    for (; column > 0; column--) {
        line = strchr(line, ',');
        if (!line)
            return NULL;
        line++;
    }
    *length = strcspn(line, ",");
    return line;
}

static px_status read_tick(px_live *live, const char *line, px_error *err) {
    const pxi_tick_columns *at = &live->input.ticks;
    size_t ts_length = 0, price_length = 0, volume_length = 0;
    const char *ts = column_at(line, at->ts, &ts_length), *price = column_at(line, at->price, &price_length);
    const char *volume = at->volume == SIZE_MAX ? "0" : column_at(line, at->volume, &volume_length);
    px_error why = {0};
    int64_t ts_us;
    double p, v;
    if (at->volume == SIZE_MAX)
        volume_length = 1;
    if (!ts || !price || !volume)
        return reject(live, "fewer columns than the header has");
    if (px_time_parse(ts, ts_length, live->lines.zone, &ts_us, &why))
        return reject(live, why.message);
    if (!pxi_parse_double(price, price_length, &p) || !pxi_parse_double(volume, volume_length, &v))
        return reject(live, "price or volume is no finite number");
    return px_live_tick(live, ts_us, p, v, err);
}

/* ---- JSON --------------------------------------------------------------------------------------------- */

/* The first member of one of these names. */
static const json_t *member(const json_t *object, const char *const *names) {
    for (; *names; names++) {
        const json_t *value = json_object_get(object, *names);
        if (value)
            return value;
    }
    return NULL;
}

static bool read_time(const px_live *live, const json_t *value, int64_t *out, px_error *why) {
    char number[32];
    const char *text = json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        text = number;
    }
    if (!text) {
        pxi_fail(why, PX_EINPUT, "no timestamp");
        return false;
    }
    return px_time_parse(text, strlen(text), live->lines.zone, out, why) == PX_OK;
}

static bool read_numbers(const json_t *object, const char *const names[][3], double *const *values, size_t n,
                         px_error *why) {
    for (size_t k = 0; k < n; k++) {
        const json_t *value = member(object, names[k]);
        const bool optional = !strcmp(names[k][0], "volume");
        if (!json_is_number(value) && !(optional && (!value || json_is_null(value)))) {
            pxi_fail(why, PX_EINPUT, "%s is no number", names[k][0]);
            return false;
        }
        *values[k] = json_number_value(value);
    }
    return true;
}

static px_status read_object(px_live *live, const json_t *object, px_error *err) {
    static const char *const times[] = {"timestamp", "ts", "time", "datetime", "date", NULL};
    static const char *const bar_names[][3] = {
        {"open", "o"}, {"high", "h"}, {"low", "l"}, {"close", "c"}, {"volume", "v"}};
    static const char *const tick_names[][3] = {{"price"}, {"volume", "v"}};
    px_error why = {0};
    px_bar bar = {0};
    double price;
    if (!read_time(live, member(object, times), &bar.ts_us, &why))
        return reject(live, why.message);
    if (json_object_get(object, "price")) {
        double *const values[] = {&price, &bar.volume};
        return read_numbers(object, tick_names, values, 2, &why)
                   ? px_live_tick(live, bar.ts_us, price, bar.volume, err)
                   : reject(live, why.message);
    }
    double *const values[] = {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume};
    return read_numbers(object, bar_names, values, 5, &why) ? px_live_bar(live, &bar, err)
                                                            : reject(live, why.message);
}

static px_status read_json(px_live *live, const char *line, size_t length, px_error *err) {
    px_error why = {0};
    json_t *object = NULL;
    px_status status = pxi_json_parse(line, length, "line", &object, &why);
    if (status == PX_ENOMEM)
        return pxi_fail_memory(err);
    if (status || !json_is_object(object))
        status = reject(live, status ? why.message : "no JSON object");
    else
        status = read_object(live, object, err);
    json_decref(object);
    return status;
}

/* ---- lines -------------------------------------------------------------------------------------------- */

px_status px_live_line(px_live *live, char *line, size_t length, px_error *err) {
    pxi_input *input = &live->input;
    input->n_lines++;
    if (length && line[length - 1] == '\r')
        line[--length] = '\0';
    if (length == 0)
        return PX_OK;
    if (input->kind == PXI_INPUT_UNKNOWN && line[strspn(line, " \t")] == '{')
        input->kind = PXI_INPUT_JSON;
    switch (input->kind) {
    case PXI_INPUT_UNKNOWN:
        return read_header(live, line, length, err);
    case PXI_INPUT_CSV:
        return read_row(live, line, length, err);
    case PXI_INPUT_CSV_TICKS:
        return read_tick(live, line, err);
    case PXI_INPUT_JSON:
        return read_json(live, line, length, err);
    }
    return PX_OK;
}
