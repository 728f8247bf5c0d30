// SPDX-License-Identifier: Apache-2.0
/* Collecting the rows of a bar file: columns by name, series by symbol, rejected rows. */
#include "store/source.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    pxi_bar_role role;
} role_names[] = {
    {"date", PXI_ROLE_TIME},     {"datetime", PXI_ROLE_TIME}, {"timestamp", PXI_ROLE_TIME},
    {"ts", PXI_ROLE_TIME},       {"time", PXI_ROLE_TIME},     {"open", PXI_ROLE_OPEN},
    {"o", PXI_ROLE_OPEN},        {"high", PXI_ROLE_HIGH},     {"h", PXI_ROLE_HIGH},
    {"low", PXI_ROLE_LOW},       {"l", PXI_ROLE_LOW},         {"close", PXI_ROLE_CLOSE},
    {"c", PXI_ROLE_CLOSE},       {"volume", PXI_ROLE_VOLUME}, {"v", PXI_ROLE_VOLUME},
    {"symbol", PXI_ROLE_SYMBOL},
};

static int role_of(const char *name) {
    for (size_t i = 0; i < sizeof role_names / sizeof *role_names; i++)
        if (strcasecmp(name, role_names[i].name) == 0)
            return (int)role_names[i].role;
    return -1;
}

px_status pxi_bar_columns_find(const char *const *names, size_t n, pxi_bar_columns *out, px_error *err) {
    static const char *const wanted[] = {
        "time (date, datetime, timestamp, ts or time)", "open", "high", "low", "close", "volume", "symbol"};
    pxi_bar_columns found;
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        found.at[role] = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        int role = role_of(names[i]);
        if (role < 0)
            continue;
        if (found.at[role] != SIZE_MAX)
            return pxi_fail(err, PX_EINPUT, "columns \"%s\" and \"%s\" both give the %s; rename or drop one",
                            names[found.at[role]], names[i], wanted[role]);
        found.at[role] = i;
    }
    for (size_t role = 0; role <= PXI_ROLE_CLOSE; role++)
        if (found.at[role] == SIZE_MAX)
            return pxi_fail(err, PX_EINPUT,
                            "no column for the %s; bars need columns for time, open, high, low, close and, "
                            "where there is any, volume",
                            wanted[role]);
    *out = found;
    return PX_OK;
}

void pxi_source_reject(px_source *source, size_t line, const char *format, ...) {
    if (source->n_rejected < PX_MAX_REJECTIONS) {
        px_rejection *rejection = &source->rejections[source->n_rejected];
        rejection->line = line;
        va_list args;
        va_start(args, format);
        vsnprintf(rejection->reason, sizeof rejection->reason, format, args);
        va_end(args);
    }
    source->n_rejected++;
}

px_source_series *px_source_find(px_source *source, const char *symbol) {
    for (size_t i = 0; i < source->n_series; i++)
        if (pxi_same_symbol(source->series[i].symbol, symbol))
            return &source->series[i];
    return NULL;
}

px_status pxi_source_series(px_source *source, const char *symbol, px_source_series **out, px_error *err) {
    for (size_t i = 0; i < source->n_series; i++) {
        if (strcmp(source->series[i].symbol, symbol) == 0) {
            *out = &source->series[i];
            return PX_OK;
        }
    }
    if (strlen(symbol) >= PX_NAME_SIZE)
        return pxi_fail(err, PX_EINPUT, "symbol \"%.40s...\" is longer than %d characters", symbol,
                        PX_NAME_SIZE - 1);
    px_source_series *grown = realloc(source->series, (source->n_series + 1) * sizeof *grown);
    if (!grown)
        return pxi_fail_memory(err);
    source->series = grown;
    px_source_series *made = &grown[source->n_series++];
    memset(made, 0, sizeof *made);
    pxi_copy(made->symbol, sizeof made->symbol, symbol);
    *out = made;
    return PX_OK;
}

bool pxi_same_symbol(const char *a, const char *b) {
    size_t n = strcspn(a, "["), m = strcspn(b, "[");
    while (n > 0 && a[n - 1] == ' ')
        n--;
    while (m > 0 && b[m - 1] == ' ')
        m--;
    return n == m && strncasecmp(a, b, n) == 0;
}

/* Without the blanks around, which quotes may keep. False if nothing is left, or too much. */
static bool clean_symbol(const char *symbol, char out[PX_NAME_SIZE]) {
    static const char blanks[] = " \t";
    symbol += strspn(symbol, blanks);
    size_t length = strlen(symbol);
    while (length && strchr(blanks, symbol[length - 1]))
        length--;
    if (!length || length >= PX_NAME_SIZE)
        return false;
    memcpy(out, symbol, length);
    out[length] = '\0';
    return true;
}

px_status pxi_source_add(const px_source_config *config, const char *symbol, const char *stem, px_bar bar,
                         size_t line, size_t *last, px_source *out, px_error *err) {
    char name[PX_NAME_SIZE];
    bool named = clean_symbol(symbol ? symbol : stem, name);
    if (config->symbol && symbol && !(named && pxi_same_symbol(config->symbol, name)))
        return PX_OK;
    if (config->as_symbol)
        named = clean_symbol(stem, name);
    if (!named) {
        pxi_source_reject(out, line, "symbol is empty or longer than %d characters", PX_NAME_SIZE - 1);
        return PX_OK;
    }
    if (*last >= out->n_series || strcmp(out->series[*last].symbol, name) != 0) {
        px_source_series *series;
        px_status status = pxi_source_series(out, name, &series, err);
        if (status)
            return status;
        *last = (size_t)(series - out->series);
    }
    return px_bars_append(&out->series[*last].bars, &bar, err);
}

px_status pxi_source_stem(const px_source_config *config, char out[PX_NAME_SIZE], px_error *err) {
    static const char *const endings[] = {".gz", ".csv", ".txt", ".parquet", ".pq", ".duckdb", ".db"};
    char stem[PX_NAME_SIZE];
    const char *slash = strrchr(config->path, '/');
    const char *name = config->as_symbol ? config->as_symbol : slash ? slash + 1 : config->path;
    if (!pxi_copy(stem, sizeof stem, name) || !*stem)
        return pxi_fail(err, PX_EINPUT, "cannot name the bars after \"%s\"; name them with a symbol", name);
    for (size_t i = 0; !config->as_symbol && i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(stem), cut = strlen(endings[i]);
        if (length > cut && strcasecmp(stem + length - cut, endings[i]) == 0)
            stem[length - cut] = '\0';
    }
    memcpy(out, stem, sizeof stem);
    return PX_OK;
}

void px_source_free(px_source *source) {
    if (!source)
        return;
    for (size_t i = 0; i < source->n_series; i++)
        px_bars_free(&source->series[i].bars);
    free(source->series);
    memset(source, 0, sizeof *source);
}
