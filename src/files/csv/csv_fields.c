// SPDX-License-Identifier: Apache-2.0
#include "files/csv/csv_fields.h"

#include "base/error.h"
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Takes the quotes off a field in place: "a ""b""" becomes a "b". False if they do not balance. */
static bool unquote(pxi_field *f) {
    if (f->length < 2 || f->text[f->length - 1] != '"')
        return false;
    char *to = f->text;
    const char *from = f->text + 1, *end = f->text + f->length - 1;
    while (from < end) {
        if (*from == '"' && (++from == end || *from != '"'))
            return false;
        *to++ = *from++;
    }
    f->length = (size_t)(to - f->text);
    return true;
}

static void trim(pxi_field *f) {
    while (f->length && (f->text[0] == ' ' || f->text[0] == '\t')) {
        f->text++;
        f->length--;
    }
    while (f->length && (f->text[f->length - 1] == ' ' || f->text[f->length - 1] == '\t'))
        f->length--;
}

/* End of the field that starts at `start`: the next separator outside quotes, before which blanks may stand.
 */
static char *field_end(char *start, char *end, char separator) {
    const char *first = start;
    while (first < end && *first == ' ')
        first++;
    if (first == end || *first != '"') {
        char *found = memchr(start, separator, (size_t)(end - start));
        return found ? found : end;
    }
    bool quoted = false;
    for (char *p = start; p < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == separator && !quoted)
            return p;
    }
    return end;
}

size_t pxi_csv_split(char *line, size_t length, char separator, pxi_field *fields, size_t max) {
    char *end = line + length;
    size_t n = 0;
    for (char *start = line;; n++) {
        char *stop = field_end(start, end, separator);
        if (n < max) {
            pxi_field *f = &fields[n];
            *f = (pxi_field){start, (size_t)(stop - start)};
            trim(f);
            if (f->length && f->text[0] == '"' && !unquote(f))
                return SIZE_MAX;
        }
        bool last = stop == end;
        if (n < max)
            fields[n].text[fields[n].length] = '\0';
        if (last)
            return n + 1;
        start = stop + 1;
    }
}

bool pxi_csv_row_fits(size_t n, size_t n_columns, char *reason, size_t size) {
    if (n == n_columns)
        return true;
    if (n == SIZE_MAX)
        pxi_copy(reason, size, "unbalanced quotes");
    else
        snprintf(reason, size, "%zu fields, the header has %zu", n, n_columns);
    return false;
}

static char most_frequent_separator(const char *line) {
    const char candidates[] = ",;\t";
    size_t best_count = 0;
    char best = ',';
    for (const char *c = candidates; *c; c++) {
        size_t count = 0;
        for (const char *p = line; *p; p++)
            count += *p == *c;
        if (count > best_count) {
            best_count = count;
            best = *c;
        }
    }
    return best;
}

px_status pxi_csv_names(char *line, size_t length, char *separator, const char **names, size_t *n,
                        px_error *err) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    *separator = most_frequent_separator(line);
    if (length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) { /* byte order mark */
        line += 3;
        length -= 3;
    }
    *n = pxi_csv_split(line, length, *separator, fields, PXI_CSV_MAX_COLUMNS);
    if (*n == SIZE_MAX)
        return pxi_fail(err, PX_EINPUT, "the header line has unbalanced quotes");
    if (*n > PXI_CSV_MAX_COLUMNS)
        return pxi_fail(err, PX_EINPUT, "the header line has %zu columns; at most %d are read", *n,
                        PXI_CSV_MAX_COLUMNS);
    for (size_t i = 0; i < *n; i++)
        names[i] = fields[i].text;
    return PX_OK;
}
