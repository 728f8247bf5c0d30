// SPDX-License-Identifier: Apache-2.0
#include "files/csv/dialect.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/column_names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SAMPLE = 120,         /* lines that are looked at */
    MOST_ABOVE = 60,      /* of them, those that may stand above the header */
    MOST_SAMPLE = 1 << 18 /* bytes */
};
static const char separators[] = {'\t', ';', '|', ',', PXI_BLANKS}; /* the rarer inside fields come first */
enum { N_SEPARATORS = sizeof separators };

typedef struct sample {
    size_t n;
    char *lines[SAMPLE]; /* cut up only in copies */
    size_t lengths[SAMPLE];
} sample;

/* ---- splitting ------------------------------------------------------------------------------------------
 */

void pxi_line_unquote(char **line, size_t *length) {
    if (*length < 2 || (*line)[0] != '"' || (*line)[*length - 1] != '"')
        return;
    (*line)[*length - 1] = '\0';
    *line += 1;
    *length -= 2;
}

static size_t split_blanks(char *line, size_t length, bool joined, pxi_field *fields, size_t max) {
    size_t n = 0;
    char *at = line, *end = line + length;
    while (true) {
        at += strspn(at, " \t");
        if (at >= end)
            return n;
        char *stop = at + strcspn(at, " \t");
        if (joined && n == 0 && stop < end) {
            char *next = stop + strspn(stop, " \t");
            stop = next + strcspn(next, " \t");
        }
        if (n < max)
            fields[n] = (pxi_field){at, (size_t)(stop - at)};
        n++;
        at = stop < end ? stop + 1 : end;
        *stop = '\0';
    }
}

size_t pxi_dialect_split(const pxi_dialect *dialect, char *line, size_t length, pxi_field *fields,
                         size_t max) {
    if (dialect->whole_quoted)
        pxi_line_unquote(&line, &length);
    return dialect->separator == PXI_BLANKS ? split_blanks(line, length, dialect->joined, fields, max)
                                            : pxi_csv_split(line, length, dialect->separator, fields, max);
}

/* Splits a copy of a line of the sample, which the fields point into. */
static size_t split_copy(const pxi_dialect *d, const sample *s, size_t at, char *copy, pxi_field *fields) {
    memcpy(copy, s->lines[at], s->lengths[at] + 1);
    return pxi_dialect_split(d, copy, s->lengths[at], fields, PXI_CSV_MAX_COLUMNS);
}

/* ---- the sample -----------------------------------------------------------------------------------------
 */

static void free_sample(sample *s) {
    for (size_t i = 0; i < s->n; i++)
        free(s->lines[i]);
}

static px_status take_sample(pxi_lines *lines, sample *s, px_error *err) {
    char *line;
    size_t length, bytes = 0;
    bool more = true;
    px_status status = PX_OK;
    while (!status && s->n < SAMPLE && bytes < MOST_SAMPLE) {
        status = pxi_lines_next(lines, &line, &length, &more, err);
        if (status || !more)
            break;
        char *copy = malloc(length + 1);
        if (!copy)
            return pxi_fail_memory(err);
        memcpy(copy, line, length + 1);
        s->lines[s->n] = copy;
        s->lengths[s->n++] = length;
        bytes += length + 1;
    }
    return status ? status : pxi_lines_rewind(lines, err);
}

/* Most lines stand in quotes as a whole, with none inside. */
static bool is_whole_quoted(const sample *s) {
    size_t whole = 0, filled = 0;
    for (size_t i = 0; i < s->n; i++) {
        const char *line = s->lines[i];
        const size_t length = s->lengths[i];
        filled += length > 0;
        whole += length > 8 && line[0] == '"' && strchr(line + 1, '"') == line + length - 1;
    }
    return filled > 0 && 2 * whole > filled;
}

/* ---- what divides the fields of rows --------------------------------------------------------------------
 */

static bool is_numeric(const pxi_field *f) {
    bool digit = false;
    for (size_t i = 0; i < f->length; i++) {
        digit |= (unsigned)f->text[i] - '0' <= 9;
        if (!strchr("0123456789.,-+eE$ ", f->text[i]))
            return false;
    }
    return digit;
}

/* How many lines from the middle of the sample on have the number of fields that most of them have, which is
 * *n_fields; 0 if that is less than the five of a bar. */
static size_t agreement(const pxi_dialect *d, const sample *s, char *copy, size_t *n_fields) {
    uint16_t counts[PXI_CSV_MAX_COLUMNS + 1] = {0};
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    size_t best = 0;
    for (size_t i = s->n / 2; i < s->n; i++) {
        size_t n = s->lengths[i] ? split_copy(d, s, i, copy, fields) : 0;
        if (n >= 5 && n <= PXI_CSV_MAX_COLUMNS && ++counts[n] > best) {
            best = counts[n];
            *n_fields = n;
        }
    }
    return best;
}

static char most_frequent(const char *line) {
    size_t best_count = 0;
    char best = ',';
    for (size_t i = 0; i + 1 < N_SEPARATORS; i++) {
        size_t count = 0;
        for (const char *p = line; *p; p++)
            count += *p == separators[i];
        if (count > best_count) {
            best_count = count;
            best = separators[i];
        }
    }
    return best;
}

/* The separator of the rows, and their number of fields; 0 where none makes a table. */
static size_t choose_separator(pxi_dialect *d, const sample *s, char *copy) {
    size_t best = 0, n_fields = 0;
    char chosen = most_frequent(s->lines[0]);
    for (size_t i = 0; i < N_SEPARATORS; i++) {
        size_t n = 0;
        d->separator = separators[i];
        size_t found = agreement(d, s, copy, &n);
        if (found > best + s->n / 20) { /* a few damaged lines do not change it */
            best = found;
            chosen = separators[i];
            n_fields = n;
        }
    }
    d->separator = chosen;
    return n_fields;
}

/* ---- the header -----------------------------------------------------------------------------------------
 */

typedef struct header {
    size_t line; /* index in the sample; SIZE_MAX = none */
    size_t n;
    char separator;
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    char *copy; /* that the fields point into */
} header;

static size_t prices_in(const header *h, size_t n) {
    const char *names[PXI_CSV_MAX_COLUMNS];
    for (size_t i = 0; i < n; i++)
        names[i] = h->fields[i].text;
    return pxi_names_prices(names, n);
}

/* Splits line `at` in the way that finds most names; returns how many prices they name. */
static size_t try_header(const pxi_dialect *d, const sample *s, size_t at, header *h) {
    size_t best = 0;
    char separator = d->separator;
    for (size_t i = 0; i <= N_SEPARATORS; i++) { /* that of the rows before all others */
        pxi_dialect trial = *d;
        trial.separator = i == 0 ? d->separator : separators[i - 1];
        trial.joined = false;
        size_t n = split_copy(&trial, s, at, h->copy, h->fields);
        size_t found = n <= PXI_CSV_MAX_COLUMNS ? prices_in(h, n) : 0;
        if (found > best) {
            best = found;
            separator = trial.separator;
        }
    }
    pxi_dialect chosen = *d;
    chosen.separator = h->separator = separator;
    chosen.joined = false;
    h->n = split_copy(&chosen, s, at, h->copy, h->fields);
    return best;
}

/* Numbers stand where names would: this line is a row. */
static bool is_row(const pxi_dialect *d, const sample *s, size_t at, char *copy) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    size_t n = split_copy(d, s, at, copy, fields), numeric = 0;
    for (size_t i = 0; i < n && n <= PXI_CSV_MAX_COLUMNS; i++)
        numeric += is_numeric(&fields[i]);
    return numeric >= 4;
}

/* The first line that names three prices; else the first that is no row and stands on top. */
static void find_header(const pxi_dialect *d, const sample *s, size_t n_fields, header *h) {
    h->line = SIZE_MAX;
    for (size_t i = 0; i < s->n && i < MOST_ABOVE; i++)
        if (s->lengths[i] && try_header(d, s, i, h) >= 3) {
            h->line = i;
            return;
        }
    for (size_t i = 0; i < s->n && h->line == SIZE_MAX; i++) {
        if (!s->lengths[i])
            continue;
        if (is_row(d, s, i, h->copy))
            return;
        size_t n = split_copy(d, s, i, h->copy, h->fields);
        if (n == n_fields || n == SIZE_MAX || n_fields == 0) { /* not a line of words above the table */
            h->line = i;
            h->n = n;
            h->separator = d->separator;
        }
    }
}

/* A price with the sign of a currency before it ("Rs.9043,2") is no name; names end their digits without a
 * decimal mark, or begin with more ("A50", "NIFTY50"). */
static bool is_signed_price(const pxi_field *f) {
    size_t begin = 0;
    while (begin < f->length && begin < 4 && (unsigned)f->text[begin] - '0' > 9)
        begin++;
    const pxi_field rest = {f->text + begin, f->length - begin};
    return is_numeric(&rest) && rest.length && (unsigned)rest.text[0] - '0' <= 9 &&
           (memchr(rest.text, '.', rest.length) || memchr(rest.text, ',', rest.length));
}

/* A line below the header that names what all its columns are of (yfinance): the same text in every price
 * column, or nothing in any, and neither a number nor a date. */
static bool is_second_header(const pxi_dialect *d, const sample *s, size_t at, const header *h, char *copy,
                             const char **ticker) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    const pxi_field *first = NULL;
    size_t n = split_copy(d, s, at, copy, fields), prices = 0;
    pxi_bar_role role;
    int rank;
    if (n > PXI_CSV_MAX_COLUMNS || n < 5 || (fields[0].length && (unsigned)fields[0].text[0] - '0' <= 9))
        return false;
    for (size_t i = 0; i < n && i < h->n; i++) {
        if (i == 0 || !pxi_name_role(h->fields[i].text, &role, &rank))
            continue;
        if (role == PXI_ROLE_TIME && fields[i].length && (unsigned)fields[i].text[0] - '0' <= 9)
            return false;
        if (role < PXI_ROLE_OPEN || role > PXI_ROLE_CLOSE)
            continue;
        if (is_numeric(&fields[i]) || is_signed_price(&fields[i]) ||
            (first && strcmp(first->text, fields[i].text) != 0) || strcasecmp(fields[i].text, "null") == 0 ||
            strcasecmp(fields[i].text, "nan") == 0)
            return false;
        first = &fields[i];
        prices++;
    }
    *ticker = first && first->length ? first->text : NULL;
    return prices >= 3;
}

static size_t skip_second_headers(pxi_dialect *d, const sample *s, const header *h, char *copy,
                                  px_error *err) {
    size_t at = h->line + 1;
    const char *ticker;
    for (; at < s->n && at < h->line + 4; at++) {
        if (s->lengths[at] == 0 || !is_second_header(d, s, at, h, copy, &ticker))
            break;
        if (ticker && !d->ticker && pxi_duplicate(ticker, &d->ticker, err))
            break;
        pxi_field first;
        pxi_bar_role role;
        int rank;
        memcpy(copy, s->lines[at], s->lengths[at] + 1);
        if (pxi_dialect_split(d, copy, s->lengths[at], &first, 1) >= 1 &&
            pxi_name_role(first.text, &role, &rank) && role == PXI_ROLE_TIME && !d->index &&
            pxi_duplicate(first.text, &d->index, err))
            break;
    }
    return at;
}

/* ---- columns --------------------------------------------------------------------------------------------
 */

static px_status name_column(pxi_dialect *d, const char *name, px_error *err) {
    px_status status = pxi_duplicate(name, &d->names[d->n], err);
    d->n += !status;
    return status;
}

/* A header may have one name less than rows have fields: of the index in front, or of date and time that a
 * blank divides; or one more, which a separator at its end makes. */
static px_status name_columns(pxi_dialect *d, const header *h, size_t n_fields, bool last_is_empty,
                              px_error *err) {
    px_status status = PX_OK;
    const bool more = n_fields == h->n + 1 && !last_is_empty;
    d->names = pxi_new_array(h->n + 1, sizeof *d->names);
    if (!d->names)
        return pxi_fail_memory(err);
    if (more && d->separator == PXI_BLANKS)
        d->joined = true;
    else if (more)
        status = name_column(d, "", err);
    for (size_t i = 0; !status && i < h->n; i++)
        status = name_column(d, i == 0 && d->index ? d->index : h->fields[i].text, err);
    d->least = d->n;
    while (d->least > 1 && !*d->names[d->least - 1])
        d->least--;
    return status;
}

static px_status number_columns(pxi_dialect *d, size_t n_fields, px_error *err) {
    char number[16];
    px_status status = PX_OK;
    d->unnamed = true;
    d->names = pxi_new_array(n_fields + 1, sizeof *d->names);
    if (!d->names)
        return pxi_fail_memory(err);
    for (size_t i = 0; !status && i < n_fields; i++) {
        snprintf(number, sizeof number, "%zu", i + 1);
        status = name_column(d, number, err);
    }
    d->least = d->n;
    return status;
}

static bool ends_empty(const pxi_dialect *d, const sample *s, char *copy, size_t n_fields) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    for (size_t i = s->n / 2; i < s->n; i++)
        if (split_copy(d, s, i, copy, fields) == n_fields && fields[n_fields - 1].length > 0)
            return false;
    return n_fields > 0;
}

static px_status find_columns(pxi_dialect *d, const sample *s, bool no_header, header *h, char *copy,
                              px_error *err) {
    size_t n_fields = choose_separator(d, s, copy), first = 0;
    h->line = SIZE_MAX;
    if (!no_header)
        find_header(d, s, n_fields, h);
    if (h->line != SIZE_MAX && h->n == SIZE_MAX)
        return pxi_fail(err, PX_EINPUT, "line %zu: the header line has unbalanced quotes", h->line + 1);
    if (h->line != SIZE_MAX && h->n > PXI_CSV_MAX_COLUMNS)
        return pxi_fail(err, PX_EINPUT, "line %zu: the header line has %zu columns; at most %d are read",
                        h->line + 1, h->n, PXI_CSV_MAX_COLUMNS);
    if (h->line == SIZE_MAX) {
        pxi_field fields[PXI_CSV_MAX_COLUMNS];
        while (first < s->n && s->lengths[first] && n_fields &&
               split_copy(d, s, first, copy, fields) != n_fields)
            first++;
        if (first == s->n)
            first = 0;
        d->first = first + 1;
        if (!n_fields)
            n_fields = split_copy(d, s, 0, copy, fields);
        return n_fields > PXI_CSV_MAX_COLUMNS
                   ? pxi_fail(err, PX_EINPUT, "line 1 is no row of at most %d columns", PXI_CSV_MAX_COLUMNS)
                   : number_columns(d, n_fields, err);
    }
    if (!n_fields)
        d->separator = h->separator;
    d->header = h->line + 1;
    d->first = skip_second_headers(d, s, h, copy, err) + 1;
    return name_columns(d, h, n_fields, n_fields && ends_empty(d, s, copy, n_fields), err);
}

px_status pxi_dialect_find(pxi_lines *lines, bool no_header, pxi_dialect *out, px_error *err) {
    sample s = {0};
    header h = {0};
    pxi_dialect found = {0};
    size_t longest = 0;
    px_status status = take_sample(lines, &s, err);
    for (size_t i = 0; i < s.n; i++)
        longest = s.lengths[i] > longest ? s.lengths[i] : longest;
    char *copy = malloc(longest + 1);
    h.copy = malloc(longest + 1);
    if (!status && (!copy || !h.copy))
        status = pxi_fail_memory(err);
    if (!status && longest == 0)
        status = pxi_fail(err, PX_EINPUT, "it is empty");
    found.whole_quoted = !status && is_whole_quoted(&s);
    if (!status)
        status = find_columns(&found, &s, no_header, &h, copy, err);
    free(copy);
    free(h.copy);
    free_sample(&s);
    if (status)
        pxi_dialect_free(&found);
    else
        *out = found;
    return status;
}

void pxi_dialect_free(pxi_dialect *dialect) {
    for (size_t i = 0; i < dialect->n; i++)
        free(dialect->names[i]);
    free(dialect->names);
    free(dialect->index);
    free(dialect->ticker);
    memset(dialect, 0, sizeof *dialect);
}
