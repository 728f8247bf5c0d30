// SPDX-License-Identifier: Apache-2.0
/* Putting bars in order of time, each once. */
#include "market/bars.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

typedef struct place {
    int64_t ts_us;
    size_t at; /* ties keep the order of the source */
} place;

static int by_time(const void *a, const void *b) {
    const place *left = a, *right = b;
    if (left->ts_us != right->ts_us)
        return left->ts_us < right->ts_us ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

static bool strictly_increasing(const px_bars *bars) {
    for (size_t i = 1; i < bars->n; i++)
        if (bars->ts_us[i] <= bars->ts_us[i - 1])
            return false;
    return true;
}

bool pxi_bars_equal(const px_bars *bars, size_t i, size_t j) {
    return bars->open[i] == bars->open[j] && bars->high[i] == bars->high[j] && bars->low[i] == bars->low[j] &&
           bars->close[i] == bars->close[j] && bars->volume[i] == bars->volume[j];
}

px_status pxi_bars_order(const px_bars *bars, size_t **out, px_error *err) {
    size_t *order = NULL;
    if (strictly_increasing(bars)) {
        *out = NULL;
        return PX_OK;
    }
    place *places = pxi_new_array(bars->n, sizeof *places);
    if (places)
        order = pxi_new_array(bars->n, sizeof *order);
    if (!order) {
        free(places);
        return pxi_fail_memory(err);
    }
    for (size_t i = 0; i < bars->n; i++)
        places[i] = (place){bars->ts_us[i], i};
    qsort(places, bars->n, sizeof *places, by_time);
    for (size_t i = 0; i < bars->n; i++)
        order[i] = places[i].at;
    free(places);
    *out = order;
    return PX_OK;
}

/* Rows that have the time of another. */
typedef struct repeats {
    bool keep_last;              /* of other values; else the first stays */
    size_t n_equal, n_different; /* than the one that stays so far */
    int64_t first_us;            /* of those with other values */
} repeats;

static void put_bar(px_bars *bars, size_t i, const px_bar *bar) {
    bars->ts_us[i] = bar->ts_us;
    bars->open[i] = bar->open;
    bars->high[i] = bar->high;
    bars->low[i] = bar->low;
    bars->close[i] = bar->close;
    bars->volume[i] = bar->volume;
}

/* Appends one of each time to *out. */
static px_status take_once(const px_bars *bars, const size_t *order, px_bars *out, repeats *seen,
                           px_error *err) {
    size_t kept = 0;
    px_status status = px_bars_reserve(out, bars->n, err);
    for (size_t i = 0; !status && i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, order[i]);
        const bool repeated = i > 0 && bar.ts_us == bars->ts_us[order[i - 1]];
        const bool equal = repeated && pxi_bars_equal(bars, order[kept], order[i]);
        seen->n_equal += equal;
        if (repeated && !equal && seen->n_different++ == 0)
            seen->first_us = bar.ts_us;
        if (repeated && (equal || !seen->keep_last))
            continue;
        if (repeated)
            put_bar(out, out->n - 1, &bar);
        else
            status = px_bars_append(out, &bar, err);
        kept = i;
    }
    return status;
}

static px_status normalize(px_bars *bars, repeats *seen, px_error *err) {
    size_t *order = NULL;
    px_bars sorted = {0};
    px_status status = pxi_bars_order(bars, &order, err);
    if (!status && order)
        status = take_once(bars, order, &sorted, seen, err);
    if (status) {
        free(order);
        px_bars_free(&sorted);
        return status;
    }
    if (order) {
        px_bars_free(bars);
        *bars = sorted;
    }
    free(order);
    return PX_OK;
}

px_status px_bars_normalize(px_bars *bars, size_t *n_duplicates, size_t *n_conflicts,
                            int64_t *first_conflict_us, px_error *err) {
    repeats seen = {0};
    px_status status = normalize(bars, &seen, err);
    if (status)
        return status;
    if (n_duplicates)
        *n_duplicates = seen.n_equal;
    if (n_conflicts)
        *n_conflicts = seen.n_different;
    if (first_conflict_us)
        *first_conflict_us = seen.first_us;
    return PX_OK;
}

px_status px_bars_normalize_to_last(px_bars *bars, size_t *n_duplicates, size_t *n_replaced, px_error *err) {
    repeats seen = {.keep_last = true};
    px_status status = normalize(bars, &seen, err);
    if (status)
        return status;
    if (n_duplicates)
        *n_duplicates = seen.n_equal;
    if (n_replaced)
        *n_replaced = seen.n_different;
    return PX_OK;
}

px_bars_meeting px_bars_meet(const px_bars *there, const px_bars *given) {
    px_bars_meeting meeting = {0};
    for (size_t i = 0, j = 0; j < given->n; j++) {
        while (i < there->n && there->ts_us[i] < given->ts_us[j])
            i++;
        if (i == there->n || there->ts_us[i] != given->ts_us[j])
            meeting.n_new++;
        else if (there->open[i] == given->open[j] && there->high[i] == given->high[j] &&
                 there->low[i] == given->low[j] && there->close[i] == given->close[j] &&
                 there->volume[i] == given->volume[j])
            meeting.n_equal++;
        else if (meeting.n_different++ == 0)
            meeting.first_different_us = given->ts_us[j];
    }
    return meeting;
}
