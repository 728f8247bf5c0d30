// SPDX-License-Identifier: Apache-2.0
/* The batch driver: walks the bars in blocks that fit the first-level cache and runs every indicator on each.
 * What needs the whole data (look-ahead settings, rules of `reference` for short data) is done here, and only
 * here. */
#include "indicators/frame.h"

#include "base/error.h"
#include "base/mem.h"
#include "market/stretch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Doubles in a cache line. */
#define LINE 8

/* One allocation: where the columns begin, then the columns. They are an odd number of cache lines apart,
 * lest they fight for the same cache sets. */
static px_status frame_resize(px_feature_frame *frame, size_t n, size_t n_columns, px_error *err) {
    const size_t stride = ((n / LINE + 1) | 1) * LINE;
    const size_t table = (n_columns / LINE + 1) * LINE; /* a pointer is as wide as a double */
    size_t numbers, bytes;
    bool fits = n < SIZE_MAX / 2 && !__builtin_mul_overflow(stride, n_columns, &numbers) &&
                !__builtin_add_overflow(numbers, table, &numbers) &&
                !__builtin_mul_overflow(numbers, sizeof(double), &bytes);
    if (!fits || bytes > frame->room) {
        px_feature_frame_free(frame);
        frame->column = fits ? pxi_new_block(bytes) : NULL;
        if (!frame->column)
            return pxi_fail_memory(err);
        frame->room = bytes;
    }
    frame->n = n;
    frame->n_columns = n_columns;
    for (size_t c = 0; c < n_columns; c++)
        frame->column[c] = (double *)(void *)frame->column + table + c * stride;
    return PX_OK;
}
_Static_assert(sizeof(double *) <= sizeof(double), "a table of pointers takes at most as many doubles");

void px_feature_frame_free(px_feature_frame *frame) {
    if (!frame)
        return;
    free(frame->column);
    *frame = (px_feature_frame){0};
}

/* `dataset`: time-weighted prices only where no bar of the whole data has volume. */
static bool may_use_twap(const px_bars *bars, const px_config *config) {
    for (size_t i = 0; i < bars->n && config->vwap_fallback == PX_VWAP_DATASET; i++)
        if (bars->volume[i] > 0.0)
            return false;
    return true;
}

pxi_columns_setup pxi_frame_setup(const px_bars *bars, const px_calendar *calendar, const px_config *config) {
    return (pxi_columns_setup){.config = config, .calendar = calendar, .twap = may_use_twap(bars, config)};
}

/* ---- rules that look at all bars ---------------------------------------------------------------------- */

static size_t bars_ahead(const pxi_column_spec *spec, const px_config *config) {
    return spec->indicator->bars_ahead ? spec->indicator->bars_ahead(spec->values, config) : 0;
}

static bool is_too_short(const pxi_column_spec *spec, size_t n, const px_config *config) {
    return config->profile == PX_PROFILE_REFERENCE && spec->indicator->short_series &&
           n < spec->indicator->short_series(spec->values);
}

bool pxi_frame_is_causal(const char *const *columns, size_t n, const px_config *config) {
    bool causal = true;
    for (size_t c = 0; columns[c] && causal; c++) {
        pxi_column_spec spec;
        causal = pxi_column_spec_parse(columns[c], config, &spec, NULL) == PX_OK &&
                 !bars_ahead(&spec, config) && !is_too_short(&spec, n, config);
    }
    return causal;
}

static void back_date(double *column, size_t n, size_t bars) {
    if (n == 0)
        return;
    size_t shift = bars < n ? bars : n;
    const double last = column[n - 1];
    memmove(column, column + shift, (n - shift) * sizeof *column);
    for (size_t i = n - shift; i < n; i++)
        column[i] = last;
}

static void apply_rules_of_stretch(px_feature_frame *frame, const pxi_column_set *columns,
                                   const px_config *config, size_t begin, size_t n) {
    for (size_t c = 0; c < frame->n_columns; c++) {
        double *values = frame->column[c] + begin;
        const size_t ahead = bars_ahead(&columns->specs[c], config);
        if (ahead)
            back_date(values, n, ahead);
        if (is_too_short(&columns->specs[c], n, config))
            memset(values, 0, n * sizeof *values);
    }
}

static void apply_whole_data_rules(px_feature_frame *frame, const px_bars *bars,
                                   const pxi_column_set *columns, const px_config *config) {
    for (size_t begin = 0, end; begin < frame->n; begin = end) {
        end = pxi_next_hole(bars, begin + 1, frame->n, columns->holes);
        apply_rules_of_stretch(frame, columns, config, begin, end - begin);
    }
}

/* ---- block by block ----------------------------------------------------------------------------------- */

px_status pxi_frame_walk_open(pxi_frame_walk *walk, const px_bars *bars, const char *const *columns,
                              const pxi_columns_setup *setup, px_error *err) {
    *walk = (pxi_frame_walk){.bars = *bars};
    walk->bars.capacity = 0; /* a view */
    return pxi_columns_open(&walk->columns, columns, setup, err);
}

size_t pxi_frame_walk_next(pxi_frame_walk *walk, double *const *out) {
    const size_t left = walk->bars.n - walk->at, n = left < PXI_BLOCK ? left : PXI_BLOCK;
    const px_bars block = px_bars_slice(&walk->bars, walk->at, walk->at + n);
    if (n)
        pxi_columns_run(&walk->columns, &block, out);
    walk->at += n;
    return n;
}

void pxi_frame_walk_close(pxi_frame_walk *walk) {
    pxi_columns_close(&walk->columns);
}

/* `at` is room for a pointer a column. */
static void walk_all(pxi_frame_walk *walk, px_feature_frame *frame, double **at) {
    do {
        for (size_t c = 0; c < frame->n_columns; c++)
            at[c] = frame->column[c] + walk->at;
    } while (pxi_frame_walk_next(walk, at));
}

px_status pxi_frame_compute(const px_bars *bars, const char *const *columns, const pxi_columns_setup *setup,
                            px_feature_frame *out, px_error *err) {
    pxi_frame_walk walk;
    px_feature_frame frame = *out;
    *out = (px_feature_frame){0};
    px_status status = pxi_frame_walk_open(&walk, bars, columns, setup, err);
    double **at = pxi_new_array(walk.columns.n, sizeof *at);
    if (!status && !at)
        status = pxi_fail_memory(err);
    if (!status)
        status = frame_resize(&frame, bars->n, walk.columns.n, err);
    if (status) {
        px_feature_frame_free(&frame);
    } else {
        walk_all(&walk, &frame, at);
        apply_whole_data_rules(&frame, bars, &walk.columns, setup->config);
        *out = frame;
    }
    free(at);
    pxi_frame_walk_close(&walk);
    return status;
}

px_status px_features_compute(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                              px_feature_frame *out, px_error *err) {
    const pxi_columns_setup setup = pxi_frame_setup(bars, calendar, config);
    return pxi_frame_compute(bars, pxi_frame_columns, &setup, out, err);
}
