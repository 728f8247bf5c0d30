// SPDX-License-Identifier: Apache-2.0
/* The batch driver: walks the bars in blocks that fit the first-level cache and runs every indicator on each.
 * What needs the whole data (look-ahead settings, rules of `reference` for short data) is done here, and only
 * here. */
#include "indicators/frame.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Doubles in a cache line. */
#define LINE 8

/* One allocation. Columns are an odd number of cache lines apart, lest they fight for the same cache sets. */
static px_status frame_resize(px_feature_frame *frame, size_t n, px_error *err) {
    const size_t stride = ((n / LINE + 1) | 1) * LINE;
    size_t bytes;
    bool fits = n < SIZE_MAX / 2 && !__builtin_mul_overflow(stride, PX_N_FEATURES * sizeof(double), &bytes);
    if (!fits || bytes > frame->room) {
        px_feature_frame_free(frame);
        frame->column[0] = fits ? pxi_new_block(bytes) : NULL;
        if (!frame->column[0])
            return pxi_fail_memory(err);
        frame->room = bytes;
    }
    frame->n = n;
    for (size_t k = 1; k < PX_N_FEATURES; k++)
        frame->column[k] = frame->column[0] + k * stride;
    return PX_OK;
}

void px_feature_frame_free(px_feature_frame *frame) {
    if (!frame)
        return;
    free(frame->column[0]);
    *frame = (px_feature_frame){0};
}

/* `dataset`: time-weighted prices only where no bar of the whole data has volume. */
static bool may_use_twap(const px_bars *bars, const px_config *config) {
    for (size_t i = 0; i < bars->n && config->vwap_fallback == PX_VWAP_DATASET; i++)
        if (bars->volume[i] > 0.0)
            return false;
    return true;
}

/* A centred swing is the confirmed one, told `period` bars before it can be known. */
static void back_date(double *column, size_t n, size_t period) {
    if (n == 0)
        return;
    size_t shift = period < n ? period : n;
    const double last = column[n - 1];
    memmove(column, column + shift, (n - shift) * sizeof *column);
    for (size_t i = n - shift; i < n; i++)
        column[i] = last;
}

pxi_columns_setup pxi_frame_setup(const px_bars *bars, const px_calendar *calendar, const px_config *config) {
    return (pxi_columns_setup){config, calendar, may_use_twap(bars, config)};
}

/* Bars below which `reference` has zeros for an average. */
#define MIN_BARS_ATR 15
#define MIN_BARS_ADX 28

bool pxi_frame_is_causal(const px_bars *bars, const px_config *config) {
    return config->swing != PX_SWING_CENTERED &&
           !(config->profile == PX_PROFILE_REFERENCE && bars->n < MIN_BARS_ADX);
}

static void apply_whole_data_rules(px_feature_frame *frame, const px_config *config) {
    if (config->swing == PX_SWING_CENTERED) {
        back_date(frame->column[PX_SWING_HIGH], frame->n, (size_t)config->swing_period);
        back_date(frame->column[PX_SWING_LOW], frame->n, (size_t)config->swing_period);
    }
    if (config->profile == PX_PROFILE_REFERENCE && frame->n < MIN_BARS_ATR)
        memset(frame->column[PX_ATR], 0, frame->n * sizeof(double));
    if (config->profile == PX_PROFILE_REFERENCE && frame->n < MIN_BARS_ADX)
        memset(frame->column[PX_ADX], 0, frame->n * sizeof(double));
}

px_status pxi_frame_walk_open(pxi_frame_walk *walk, const px_bars *bars, const px_calendar *calendar,
                              const px_config *config, px_error *err) {
    const pxi_columns_setup setup = pxi_frame_setup(bars, calendar, config);
    *walk = (pxi_frame_walk){.bars = px_bars_slice(bars, 0, bars->n)};
    return pxi_columns_open(&walk->columns, pxi_frame_columns, &setup, err);
}

size_t pxi_frame_walk_next(pxi_frame_walk *walk, double *const out[PX_N_FEATURES]) {
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

static void walk_all(pxi_frame_walk *walk, px_feature_frame *frame) {
    double *out[PX_N_FEATURES];
    do {
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            out[k] = frame->column[k] + walk->at;
    } while (pxi_frame_walk_next(walk, out));
}

px_status px_features_compute(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                              px_feature_frame *out, px_error *err) {
    pxi_frame_walk walk;
    px_feature_frame frame = *out;
    *out = (px_feature_frame){0};
    px_status status = frame_resize(&frame, bars->n, err);
    if (status)
        return status;
    status = pxi_frame_walk_open(&walk, bars, calendar, config, err);
    if (status) {
        px_feature_frame_free(&frame);
    } else {
        walk_all(&walk, &frame);
        apply_whole_data_rules(&frame, config);
        *out = frame;
    }
    pxi_frame_walk_close(&walk);
    return status;
}
