// SPDX-License-Identifier: Apache-2.0
/* Pinned CSV files, plain or gzip, read whole: a header, then cells. No quotes; an empty cell is undefined.
 */
#ifndef TESTS_CSV_H
#define TESTS_CSV_H

#include "base/mem.h"
#include "pixity/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CSV_MAX_COLUMNS 16

typedef struct csv {
    char *text;
    size_t n_columns, n_rows, capacity;
    const char *names[CSV_MAX_COLUMNS];
    const char **cells; /* row by row */
} csv;

/* Splits one line in place; returns what follows it, or NULL at the end. */
static inline char *csv_split(char *line, const char **cells, size_t *n) {
    char *end = line + strcspn(line, "\r\n");
    char *next = *end ? end + strspn(end, "\r\n") : end;
    *end = '\0';
    for (*n = 0; line && *n < CSV_MAX_COLUMNS; (*n)++) {
        cells[*n] = line;
        line = strchr(line, ',');
        if (line)
            *line++ = '\0';
    }
    return *next ? next : NULL;
}

static inline char *csv_load(const char *path) {
    char *text = NULL;
    size_t length = 0, capacity = 0;
    gzFile file = gzopen(path, "rb");
    for (int got = 1; file && got > 0 && pxi_grow(&text, &capacity, length + 65537, 1);) {
        got = gzread(file, text + length, 65536);
        length += got > 0 ? (size_t)got : 0;
        text[length] = '\0';
    }
    if (file)
        gzclose(file);
    return text;
}

/* False if the file cannot be read or has a ragged line. */
static inline bool csv_read(const char *path, csv *out) {
    const char *row[CSV_MAX_COLUMNS];
    size_t n;
    memset(out, 0, sizeof *out);
    out->text = csv_load(path);
    if (!out->text)
        return false;
    char *line = csv_split(out->text, out->names, &out->n_columns);
    while (line) {
        line = csv_split(line, row, &n);
        if (n != out->n_columns)
            return false;
        if (!pxi_grow(&out->cells, &out->capacity, (out->n_rows + 1) * n, sizeof *out->cells))
            return false;
        memcpy(out->cells + out->n_rows++ * n, row, n * sizeof *row);
    }
    return true;
}

static inline void csv_free(csv *table) {
    free(table->text);
    free(table->cells);
    memset(table, 0, sizeof *table);
}

static inline const char *csv_text(const csv *table, size_t row, size_t column) {
    return table->cells[row * table->n_columns + column];
}

static inline double csv_number(const csv *table, size_t row, size_t column) {
    const char *cell = csv_text(table, row, column);
    return *cell ? strtod(cell, NULL) : (double)NAN;
}

/* INT64_MIN where the cell is empty or no time. */
static inline int64_t csv_time(const csv *table, size_t row, size_t column, const px_zone *zone) {
    const char *cell = csv_text(table, row, column);
    int64_t ts_us;
    return px_time_parse(cell, strlen(cell), zone, &ts_us, NULL) == PX_OK ? ts_us : INT64_MIN;
}

#endif
