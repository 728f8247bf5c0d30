// SPDX-License-Identifier: Apache-2.0
#include "files/csv/csv.h"

#include "base/error.h"
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

px_status pxi_csv_header(char *line, size_t length, pxi_csv_format *out, const char **names, px_error *err) {
    pxi_csv_format format = {.time_of_day = SIZE_MAX};
    const char *own_names[PXI_CSV_MAX_COLUMNS], *clock = NULL;
    size_t date = SIZE_MAX, time = SIZE_MAX;
    if (!names)
        names = own_names;
    px_status status = pxi_csv_names(line, length, &format.separator, names, &format.n_columns, err);
    if (status)
        return status;
    for (size_t i = 0; i < format.n_columns; i++) {
        date = strcasecmp(names[i], "date") == 0 ? i : date;
        time = strcasecmp(names[i], "time") == 0 ? i : time;
    }
    if (date != SIZE_MAX && time != SIZE_MAX) { /* a day and a time of day in two columns */
        format.time_of_day = time;
        clock = names[time];
        names[time] = "";
    }
    status = pxi_bar_columns_find(names, format.n_columns, &format.columns, err);
    if (clock)
        names[time] = clock;
    if (!status)
        *out = format;
    return status;
}

/* Plain decimals of at most 15 digits: an exact integer over an exact power of ten is correctly rounded
 * (Clinger, How to Read Floating Point Numbers Accurately, 1990). Everything else goes through strtod. */
static bool parse_number(const pxi_field *f, double *out) {
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *p = f->text, *end = f->text + f->length;
    bool negative = p < end && *p == '-';
    p += negative;
    int64_t digits = 0;
    size_t n = 0, decimals = 0;
    for (bool point = false; p < end && n <= 15; p++) {
        unsigned digit = (unsigned)*p - '0';
        if (digit <= 9) {
            digits = digits * 10 + digit;
            n++;
            decimals += point;
        } else if (*p == '.' && !point)
            point = true;
        else
            return pxi_parse_double(f->text, f->length, out);
    }
    if (n == 0 || n > 15)
        return pxi_parse_double(f->text, f->length, out);
    double value = (double)digits / powers[decimals];
    *out = negative ? -value : value;
    return true;
}

static bool parse_time(const pxi_csv_format *format, const pxi_field *fields, const px_zone *zone,
                       int64_t *out, char reason[PXI_CSV_REASON_SIZE]) {
    const pxi_field *stamp = &fields[format->columns.at[PXI_ROLE_TIME]];
    char joined[128];
    const char *text = stamp->text;
    size_t length = stamp->length;
    px_error err = {0};
    if (format->time_of_day != SIZE_MAX) {
        length =
            (size_t)snprintf(joined, sizeof joined, "%s %s", stamp->text, fields[format->time_of_day].text);
        text = joined;
        length = length < sizeof joined ? length : sizeof joined - 1;
    }
    if (px_time_parse(text, length, zone, out, &err) == PX_OK)
        return true;
    pxi_copy(reason, PXI_CSV_REASON_SIZE, err.message);
    return false;
}

static bool parse_values(const pxi_csv_format *format, const pxi_field *fields, px_bar *bar,
                         char reason[PXI_CSV_REASON_SIZE]) {
    static const char *const names[] = {"time", "open", "high", "low", "close", "volume"};
    double *const values[] = {NULL, &bar->open, &bar->high, &bar->low, &bar->close, &bar->volume};
    bar->volume = 0;
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_VOLUME; role++) {
        size_t at = format->columns.at[role];
        if (at == SIZE_MAX || parse_number(&fields[at], values[role]))
            continue;
        snprintf(reason, PXI_CSV_REASON_SIZE, "%s is \"%.40s\", not a finite number", names[role],
                 fields[at].text);
        return false;
    }
    const char *defect = px_bar_defect(bar);
    if (defect)
        pxi_copy(reason, PXI_CSV_REASON_SIZE, defect);
    return !defect;
}

bool pxi_csv_row_parse(const pxi_csv_format *format, char *line, size_t length, const px_zone *zone,
                       pxi_csv_row *out, char reason[PXI_CSV_REASON_SIZE]) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    size_t n = pxi_csv_split(line, length, format->separator, fields, format->n_columns);
    if (!pxi_csv_row_fits(n, format->n_columns, reason, PXI_CSV_REASON_SIZE))
        return false;
    size_t symbol = format->columns.at[PXI_ROLE_SYMBOL];
    out->symbol = symbol == SIZE_MAX ? NULL : pxi_csv_unescape(fields[symbol].text);
    out->time = fields[format->columns.at[PXI_ROLE_TIME]].text;
    out->time_of_day = format->time_of_day == SIZE_MAX ? NULL : fields[format->time_of_day].text;
    return parse_time(format, fields, zone, &out->bar.ts_us, reason) &&
           parse_values(format, fields, &out->bar, reason);
}
