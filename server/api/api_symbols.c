// SPDX-License-Identifier: Apache-2.0
/* Instruments, searched: by symbol, aliases and key, the best match first. */
#include "server/api/api_data.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One instrument, of the last of its rows in the list: its present tick and lot. */
typedef struct found {
    const char *key, *symbol, *exchange, *aliases;
    double tick, lot_size;
    int rank; /* lower is better */
    size_t n_series;
} found;

enum { EXACT, EXACT_ALIAS, PREFIX, PREFIX_ALIAS, WORD, INSIDE, NO_MATCH };

/* Where `q` stands in a name; case does not matter. */
static int rank_name(const char *name, const char *q) {
    const char *at = strcasestr(name, q);
    if (!at)
        return NO_MATCH;
    if (at == name)
        return name[strlen(q)] ? PREFIX : EXACT;
    return isalnum((unsigned char)at[-1]) ? INSIDE : WORD;
}

/* The same in another name than the symbol. */
static int rank_other(int rank) {
    return rank == EXACT ? EXACT_ALIAS : rank == PREFIX ? PREFIX_ALIAS : rank;
}

/* Aliases are one text: "NIFTY, NIFTY50". */
static int rank_aliases(const char *aliases, const char *q) {
    int best = NO_MATCH;
    char one[PX_NAME_SIZE];
    while (aliases && *aliases) {
        size_t length = strcspn(aliases, ",");
        if (length < sizeof one) {
            memcpy(one, aliases, length);
            one[length] = '\0';
            int rank = rank_name(one, q);
            best = rank < best ? rank : best;
        }
        aliases += length;
        aliases += strspn(aliases, ", ");
    }
    return rank_other(best);
}

/* Of a key the instrument's part; the whole where the search has its bar. */
static int rank_key(const char *key, const char *q) {
    const char *bar = strchr(q, '|') ? NULL : strchr(key, '|');
    return rank_other(rank_name(bar ? bar + 1 : key, q));
}

static int rank_instrument(const found *f, const char *q) {
    int best = rank_name(f->symbol, q), alias = rank_aliases(f->aliases, q), key = rank_key(f->key, q);
    best = alias < best ? alias : best;
    return key < best ? key : best;
}

/* Stored ones come first among equals, and all of them where nothing is searched for. */
static int compare_found(const void *left, const void *right) {
    const found *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank - b->rank;
    if (!a->n_series != !b->n_series)
        return !a->n_series - !b->n_series;
    int order = strcasecmp(a->symbol, b->symbol);
    return order ? order : strcmp(a->key, b->key);
}

/* ---- as JSON ------------------------------------------------------------------------------------------ */

static json_t *split_aliases(const char *aliases) {
    json_t *list = json_array();
    while (list && aliases && *aliases) {
        size_t length = strcspn(aliases, ",");
        json_array_append_new(list, json_stringn(aliases, length));
        aliases += length;
        aliases += strspn(aliases, ", ");
    }
    return list;
}

static const char *cell(const px_table *table, const char *column, size_t row) {
    size_t c = px_table_find(table, column);
    return c == SIZE_MAX ? NULL : px_table_text(table, c, row);
}

static json_t *series_of(const px_table *stored, const char *key) {
    json_t *list = json_array();
    for (size_t row = 0; list && row < stored->n_rows; row++) {
        const char *owner = cell(stored, "instrument_key", row);
        if (!owner || strcasecmp(owner, key))
            continue;
        int64_t bars = stored->columns[px_table_find(stored, "bars")].u.i64[row];
        if (bars == PX_NULL_I64) /* damaged: `data` tells */
            continue;
        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:s?, s:I}", "timeframe", cell(stored, "timeframe", row),
                                        "first", cell(stored, "first", row), "last",
                                        cell(stored, "last", row), "bars", (json_int_t)bars));
    }
    return list;
}

static json_t *found_json(const found *f, const px_table *stored) {
    return json_pack("{s:s, s:s, s:s?, s:o, s:o, s:f, s:o}", "symbol", f->symbol, "instrument_key", f->key,
                     "exchange", f->exchange, "aliases", split_aliases(f->aliases), "tick",
                     isnan(f->tick) ? json_null() : json_real(f->tick), "lot_size", f->lot_size, "series",
                     series_of(stored, f->key));
}

/* ---- searching ---------------------------------------------------------------------------------------- */

static size_t count_series(const px_table *stored, const char *key) {
    size_t n = 0;
    for (size_t row = 0; row < stored->n_rows; row++) {
        const char *owner = cell(stored, "instrument_key", row);
        n += owner && !strcasecmp(owner, key);
    }
    return n;
}

static size_t search(const px_table *list, const px_table *stored, const char *q, found *out) {
    size_t tick = px_table_find(list, "tick"), lot = px_table_find(list, "lot_size"), n = 0;
    for (size_t row = 0; row < list->n_rows; row++) {
        found f = {.key = cell(list, "key", row),
                   .symbol = cell(list, "symbol", row),
                   .exchange = cell(list, "exchange", row),
                   .aliases = cell(list, "aliases", row),
                   .tick = list->columns[tick].u.f64[row],
                   .lot_size = list->columns[lot].u.f64[row]};
        f.rank = rank_instrument(&f, q);
        if (f.rank == NO_MATCH)
            continue;
        if (n && !strcmp(out[n - 1].key, f.key)) { /* a later tick of the same */
            f.n_series = out[n - 1].n_series;
            out[n - 1] = f;
            continue;
        }
        f.n_series = count_series(stored, f.key);
        out[n++] = f;
    }
    qsort(out, n, sizeof *out, compare_found);
    return n;
}

static px_status respond_found(server_call *call, const found *all, size_t n, size_t offset, size_t limit,
                               const px_table *stored, px_error *err) {
    json_t *items = json_array();
    for (size_t i = offset; items && i < n && i - offset < limit; i++)
        if (json_array_append_new(items, found_json(&all[i], stored))) {
            json_decref(items);
            items = NULL;
        }
    return respond_json(call, 200,
                        items ? json_pack("{s:I, s:I, s:o}", "total", (json_int_t)n, "offset",
                                          (json_int_t)offset, "items", items)
                              : NULL,
                        err);
}

/* "RELIANCE [FO]" means RELIANCE: a segment in brackets is left out of the search. */
static char *wanted_text(const char *q) {
    char *text = strdup(q ? q : ""), *segment = text ? strchr(text, '[') : NULL;
    if (segment)
        *segment = '\0';
    for (size_t length = text ? strlen(text) : 0; length && text[length - 1] == ' ';)
        text[--length] = '\0';
    return text;
}

px_status api_symbols(server_call *call, px_error *err) {
    static const char *const known[] = {"q", "limit", "offset", NULL};
    px_table list = {0}, stored = {0};
    size_t limit = 0, offset = 0;
    found *all = NULL;
    char *q = NULL;
    px_status status = query_check(call, known, err);
    if (!status)
        status = query_count(call, "limit", 100, 1000, &limit, err);
    if (!status)
        status = query_count(call, "offset", 0, SIZE_MAX / 2, &offset, err);
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_instruments_list(call->home, &list, err);
    if (!status)
        status = api_stored_series(call->home, &stored, err);
    if (!status &&
        (!(q = wanted_text(http_query(call->request, "q"))) || !(all = calloc(list.n_rows + 1, sizeof *all))))
        status = server_fail(err, PX_ENOMEM, "out of memory");
    if (!status)
        status = respond_found(call, all, search(&list, &stored, q, all), offset, limit, &stored, err);
    free(all);
    free(q);
    px_table_free(&stored);
    px_table_free(&list);
    return status;
}
