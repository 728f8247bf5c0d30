// SPDX-License-Identifier: Apache-2.0
/* Series of an exchange's series: rows of one symbol in EQ and N1 are a share and its debt. */
#include "base/error.h"
#include "base/mem.h"
#include "files/source.h"
#include "market/bars.h"

#include <stdlib.h>
#include <string.h>

/* NSE's series of shares, the usual one first; the others are debt, funds and rights. */
enum { NO_SHARE = 100 };
static int rank_of_series(const char *series) {
    static const char *const shares[] = {"EQ", "BE", "BZ", "SM", "ST", "SZ", "A", "B", "T", "X"};
    int i = 0;
    while (i < 10 && strcmp(series, shares[i]) != 0)
        i++;
    return i < 10 ? i : NO_SHARE;
}

/* A series whose symbol has a mark. */
typedef struct ranked {
    px_source *file;
    size_t at, length; /* of the symbol before the mark */
    int rank;
    size_t order;
} ranked;

static px_source_series *series_of(const ranked *r) {
    return &r->file->series[r->at];
}

static const char *mark_of(const ranked *r) {
    return series_of(r)->symbol + r->length + 1;
}

static int compare_symbols(const ranked *x, const ranked *y) {
    const int order =
        strncmp(series_of(x)->symbol, series_of(y)->symbol, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static int compare_ranked(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    int order = compare_symbols(x, y);
    if (!order)
        order = x->rank - y->rank;
    if (!order)
        order = strcmp(mark_of(x), mark_of(y));
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* ---- when a share was traded --------------------------------------------------------------------------- */

typedef struct times {
    int64_t *items; /* sorted */
    size_t n, capacity;
} times;

static int compare_times(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static px_status add_times(times *t, const ranked *run, size_t n, px_error *err) {
    for (size_t i = 0; i < n; i++) {
        const px_bars *bars = &series_of(&run[i])->bars;
        if (!pxi_grow(&t->items, &t->capacity, t->n + bars->n, sizeof *t->items))
            return pxi_fail_memory(err);
        if (bars->n)
            memcpy(t->items + t->n, bars->ts_us, bars->n * sizeof *t->items);
        t->n += bars->n;
    }
    if (t->n)
        qsort(t->items, t->n, sizeof *t->items, compare_times);
    return PX_OK;
}

static bool share_times(const times *t, const ranked *run, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const px_bars *bars = &series_of(&run[i])->bars;
        for (size_t k = 0; t->n && k < bars->n; k++)
            if (bsearch(&bars->ts_us[k], t->items, t->n, sizeof *t->items, compare_times))
                return true;
    }
    return false;
}

/* ---- naming -------------------------------------------------------------------------------------------- */

static px_status move_series(px_source_series *to, px_source_series *from, px_error *err) {
    px_status status = px_bars_append_range(&to->bars, &from->bars, 0, from->bars.n, err);
    if (status)
        return status;
    from->bars.n = 0;
    pxi_tally_add(&to->tally.rejected, &from->tally.rejected);
    return PX_OK;
}

/* A series that takes the symbol's name, or goes into that of its file which has it already: `before` are
 * those that may. */
static px_status take_name(const ranked *r, const ranked *before, size_t n, px_error *err) {
    px_source_series *series = series_of(r);
    for (size_t i = 0; i < n; i++)
        if (before[i].file == r->file &&
            series_of(&before[i])->timeframe_minutes == series->timeframe_minutes &&
            series_of(&before[i])->symbol[r->length] == '\0' && series_of(&before[i])->bars.n)
            return move_series(series_of(&before[i]), series, err);
    series->symbol[r->length] = '\0';
    return PX_OK;
}

/* Series of one symbol: the share of the lowest rank has its name, and the bars of other series of shares on
 * other days, when it was traded there; every other series its own name. */
static px_status name_group(const ranked *group, size_t n, px_error *err) {
    times traded = {0};
    px_status status = PX_OK;
    const bool has_share =
        group[0].rank < NO_SHARE || strcmp(mark_of(&group[0]), mark_of(&group[n - 1])) == 0;
    for (size_t begin = 0, end; begin < n && !status; begin = end) {
        const ranked *run = &group[begin];
        for (end = begin + 1; end < n && strcmp(mark_of(run), mark_of(&group[end])) == 0; end++)
            ;
        const bool takes =
            has_share && (begin == 0 || (run->rank < NO_SHARE && !share_times(&traded, run, end - begin)));
        if (takes && end < n)
            status = add_times(&traded, run, end - begin, err);
        for (size_t i = begin; i < end && !status; i++)
            if (takes)
                status = take_name(&group[i], group, begin, err);
            else
                series_of(&group[i])->symbol[group[i].length] = '-';
    }
    free(traded.items);
    return status;
}

/* Drops series whose bars went elsewhere. */
static void drop_empty(px_source *file) {
    size_t kept = 0;
    for (size_t i = 0; i < file->n_series; i++)
        if (file->series[i].bars.n)
            file->series[kept++] = file->series[i];
        else
            px_bars_free(&file->series[i].bars);
    file->n_series = kept;
}

static px_status list_marked(px_source *sources, size_t n, ranked **out, size_t *n_out, px_error *err) {
    ranked *list = NULL;
    size_t n_list = 0, capacity = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t f = 0; f < px_source_n_files(&sources[s]); f++) {
            px_source *file = px_source_file(&sources[s], f);
            for (size_t i = 0; i < file->n_series; i++) {
                const char *symbol = file->series[i].symbol, *mark = strchr(symbol, PXI_SERIES_MARK);
                if (!mark)
                    continue;
                if (!pxi_grow(&list, &capacity, n_list + 1, sizeof *list)) {
                    free(list);
                    return pxi_fail_memory(err);
                }
                list[n_list] = (ranked){file, i, (size_t)(mark - symbol), rank_of_series(mark + 1), n_list};
                n_list++;
            }
        }
    *out = list;
    *n_out = n_list;
    return PX_OK;
}

px_status pxi_sources_name_series(px_source *sources, size_t n_sources, px_error *err) {
    ranked *list = NULL;
    size_t n = 0;
    px_status status = list_marked(sources, n_sources, &list, &n, err);
    if (n)
        qsort(list, n, sizeof *list, compare_ranked);
    for (size_t begin = 0, end; begin < n && !status; begin = end) {
        for (end = begin + 1; end < n && compare_symbols(&list[begin], &list[end]) == 0; end++)
            ;
        status = name_group(list + begin, end - begin, err);
    }
    for (size_t s = 0; n && s < n_sources && !status; s++)
        for (size_t f = 0; f < px_source_n_files(&sources[s]); f++)
            drop_empty(px_source_file(&sources[s], f));
    free(list);
    return status;
}
