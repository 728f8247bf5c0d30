// SPDX-License-Identifier: Apache-2.0
/* Fewer rows that still show what all of them show. */
#include "report/columns.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

size_t pxi_bars_per_point(size_t n, size_t points) {
    return points == 0 || n <= points ? 1 : (n - 1) / points + 1;
}

/* Rows that a stretch may keep: each curve's lowest and highest, and the last. */
enum { MOST_OF_A_STRETCH = 2 * PXI_MAX_CURVES + 1 };

static int by_index(const void *a, const void *b) {
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    return (i > k) - (i < k);
}

/* The first row of [begin, end) with the lowest (highest) value; `begin` where all are undefined. */
static size_t find_extreme(const double *values, size_t begin, size_t end, bool highest) {
    size_t best = begin;
    for (size_t i = begin + 1; i < end; i++)
        if (values[best] != values[best] || (highest ? values[i] > values[best] : values[i] < values[best]))
            best = i;
    return best;
}

/* Appends what is kept of [begin, end), ascending, each row once. */
static size_t keep_stretch(const double *const *curves, size_t n_curves, size_t begin, size_t end,
                           size_t *kept, size_t n_kept) {
    size_t found[MOST_OF_A_STRETCH], n = 0;
    for (size_t c = 0; c < n_curves; c++) {
        found[n++] = find_extreme(curves[c], begin, end, false);
        found[n++] = find_extreme(curves[c], begin, end, true);
    }
    found[n++] = end - 1;
    qsort(found, n, sizeof *found, by_index);
    for (size_t i = 0; i < n; i++)
        if (n_kept == 0 || found[i] > kept[n_kept - 1])
            kept[n_kept++] = found[i];
    return n_kept;
}

px_status pxi_thin_curves(const double *const *curves, size_t n_curves, size_t n, size_t points,
                          size_t **kept, size_t *n_kept, px_error *err) {
    size_t most = 2 * n_curves + 1, n_stretches = points > most ? (points - 1) / most : 1;
    bool all = points == 0 || n <= points || n <= most;
    size_t *list = pxi_new_array(all ? n : n_stretches * most + 1, sizeof *list);
    size_t used = 0;
    if (!list)
        return pxi_fail_memory(err);
    while (all && used < n) {
        list[used] = used;
        used++;
    }
    if (!all)
        list[used++] = 0;
    for (size_t i = 0; i < n_stretches && !all; i++) /* the first row is kept already */
        used = keep_stretch(curves, n_curves, 1 + (n - 1) * i / n_stretches,
                            1 + (n - 1) * (i + 1) / n_stretches, list, used);
    *kept = list;
    *n_kept = used;
    return PX_OK;
}
