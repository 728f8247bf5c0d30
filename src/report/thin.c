// SPDX-License-Identifier: Apache-2.0
/* Fewer rows that still show what all of them show. */
#include "report/columns.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

size_t pxi_bars_per_point(size_t n, size_t points) {
    return points == 0 || n <= points ? 1 : (n - 1) / points + 1;
}

px_status pxi_thinning_begin(pxi_thinning *out, size_t n, size_t n_curves, size_t points, px_error *err) {
    const size_t most = 2 * n_curves + 1; /* rows of a stretch */
    const bool all = points == 0 || n <= points || n <= most;
    pxi_thinning made = {.n = n, .n_curves = n_curves};
    if (!all)
        made.n_stretches = points > most ? (points - 1) / most : 1;
    made.kept = pxi_new_array(all ? n : made.n_stretches * most + 1, sizeof *made.kept);
    if (!made.kept)
        return pxi_fail_memory(err);
    *out = made;
    return PX_OK;
}

void pxi_thinning_free(pxi_thinning *thinning) {
    free(thinning->kept);
    *thinning = (pxi_thinning){0};
}

static pxi_point point_at(const pxi_thinning *t, const int64_t *ts_us, const double *const *curves,
                          size_t i) {
    pxi_point point = {.row = t->at + i, .ts_us = ts_us[i]};
    for (size_t c = 0; c < t->n_curves; c++)
        point.values[c] = curves[c][i];
    return point;
}

/* Where in rows [begin, end) a value lies beyond `best`, the first such one; `end` where none does. An
 * undefined one gives way to any. */
static size_t find_extreme(const double *values, size_t begin, size_t end, double best, bool highest) {
    size_t at = end;
    for (size_t i = begin; i < end; i++)
        if (best != best || (highest ? values[i] > best : values[i] < best)) {
            best = values[i];
            at = i;
        }
    return at;
}

static int by_row(const void *a, const void *b) {
    const size_t i = ((const pxi_point *)a)->row, k = ((const pxi_point *)b)->row;
    return (i > k) - (i < k);
}

/* Keeps what was found in a stretch, each row once. */
static void keep_found(pxi_thinning *t) {
    const size_t n = 2 * t->n_curves + 1;
    qsort(t->found, n, sizeof *t->found, by_row);
    for (size_t i = 0; i < n; i++)
        if (t->found[i].row > t->kept[t->n_kept - 1].row)
            t->kept[t->n_kept++] = t->found[i];
}

/* Rows [begin, end) of the block, which lie in one stretch. */
static void look_at(pxi_thinning *t, const int64_t *ts_us, const double *const *curves, size_t begin,
                    size_t end) {
    for (size_t c = 0; c < t->n_curves; c++)
        for (int highest = 0; highest < 2; highest++) {
            pxi_point *best = &t->found[2 * c + (size_t)highest];
            const size_t at = find_extreme(curves[c], begin, end, best->values[c], highest);
            if (at < end)
                *best = point_at(t, ts_us, curves, at);
        }
    t->found[2 * t->n_curves] = point_at(t, ts_us, curves, end - 1);
}

/* The first row is kept; stretches share the others. */
static void open_stretch(pxi_thinning *t, const int64_t *ts_us, const double *const *curves, size_t i) {
    t->stretch_end = 1 + (t->n - 1) * (t->stretch + 1) / t->n_stretches;
    for (size_t k = 0; k < 2 * t->n_curves; k++)
        t->found[k] = point_at(t, ts_us, curves, i);
}

void pxi_thinning_add(pxi_thinning *t, const int64_t *ts_us, const double *const *curves, size_t n) {
    const size_t room = t->n - t->at, used = n < room ? n : room;
    size_t i = 0;
    for (; i < used && (t->n_stretches == 0 || t->at + i == 0); i++)
        t->kept[t->n_kept++] = point_at(t, ts_us, curves, i);
    while (i < used) {
        if (t->at + i >= t->stretch_end)
            open_stretch(t, ts_us, curves, i);
        const size_t left = t->stretch_end - (t->at + i), end = i + left < used ? i + left : used;
        look_at(t, ts_us, curves, i, end);
        if (t->at + end == t->stretch_end) {
            keep_found(t);
            t->stretch++;
        }
        i = end;
    }
    t->at += used;
}
