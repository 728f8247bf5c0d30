// SPDX-License-Identifier: Apache-2.0
/* Analytics: the kernels of the frame and those of standard strategies, side by side. A kernel that makes
 * nothing that is named does not run. */
#include "indicators/analytics.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_COLUMNS = sizeof(px_analytics) / sizeof(double) };
_Static_assert(N_COLUMNS == PX_N_FEATURES + 7, "a name for each member, in their order");
static const char *const own_names[] = {
    "rsi14", "macd", "macd_signal", "macd_histogram", "ut_stop", "ehma16", "pivot",
};

/* In the order of the columns that they make. */
static const pxi_kernel *const kernels[] = {
    &pxi_smoothed_kernel, &pxi_vwap_kernel,   &pxi_vol_z_kernel, &pxi_swing_kernel, &pxi_rsi_kernel,
    &pxi_macd_kernel,     &pxi_ut_bot_kernel, &pxi_ehma_kernel,  &pxi_pivot_kernel,
};
enum { N_KERNELS = sizeof kernels / sizeof *kernels };

struct px_analytics_stream {
    pxi_kernel_set set;
    const pxi_kernel *chosen[N_KERNELS];
    double *out[N_COLUMNS]; /* of the chosen, one after the other; into the block */
    size_t n_named, named[N_COLUMNS];
    double block[N_COLUMNS][PXI_BLOCK];
};

static const char *name_of(size_t column) {
    return column < PX_N_FEATURES ? px_feature_name(column) : own_names[column - PX_N_FEATURES];
}

static size_t find_column(const char *name) {
    size_t column = 0;
    while (column < N_COLUMNS && strcmp(name_of(column), name) != 0)
        column++;
    return column;
}

static px_status name_columns(px_analytics_stream *s, const char *const *names, px_error *err) {
    bool named[N_COLUMNS] = {false};
    for (size_t i = 0; names && names[i]; i++) {
        const size_t column = find_column(names[i]);
        if (column == N_COLUMNS)
            return pxi_fail(err, PX_EINPUT, "no column of px_analytics is named \"%.64s\"", names[i]);
        named[column] = true;
    }
    for (size_t column = 0; column < N_COLUMNS; column++)
        if (named[column] || !names)
            s->named[s->n_named++] = column;
    return PX_OK;
}

/* The kernels that make a named column; returns how many. */
static size_t choose_kernels(px_analytics_stream *s) {
    size_t n = 0, n_out = 0, first = 0, at = 0;
    for (size_t k = 0; k < N_KERNELS; k++) {
        const size_t end = first + (size_t)kernels[k]->n_outputs;
        if (at < s->n_named && s->named[at] < end) {
            s->chosen[n++] = kernels[k];
            for (size_t column = first; column < end; column++)
                s->out[n_out++] = s->block[column];
        }
        while (at < s->n_named && s->named[at] < end)
            at++;
        first = end;
    }
    return n;
}

px_status pxi_analytics_new(const pxi_kernel_setup *setup, const char *const *columns,
                            px_analytics_stream **out, px_error *err) {
    px_analytics_stream *s = pxi_new_array(1, sizeof *s);
    if (!s)
        return pxi_fail_memory(err);
    px_status status = name_columns(s, columns, err);
    if (!status && !pxi_kernel_set_init(&s->set, s->chosen, choose_kernels(s), setup))
        status = pxi_fail_memory(err);
    if (status)
        px_analytics_stream_free(&s);
    else
        *out = s;
    return status;
}

/* Causal whatever the settings say: the kernels are, only the batch driver can look ahead. */
px_status px_analytics_stream_new(const px_calendar *calendar, const px_config *config,
                                  px_analytics_stream **out, px_error *err) {
    const pxi_kernel_setup setup = {config, calendar, .twap = true};
    return pxi_analytics_new(&setup, NULL, out, err);
}

void px_analytics_stream_free(px_analytics_stream **stream) {
    if (!stream || !*stream)
        return;
    pxi_kernel_set_free(&(*stream)->set);
    free(*stream);
    *stream = NULL;
}

void pxi_analytics_run(px_analytics_stream *stream, const px_bars *block) {
    pxi_kernel_set_run(&stream->set, block, stream->out);
}

void pxi_analytics_at(const px_analytics_stream *stream, size_t i, px_analytics *out) {
    for (size_t k = 0; k < stream->n_named; k++) {
        const size_t column = stream->named[k];
        memcpy((char *)out + column * sizeof(double), &stream->block[column][i], sizeof(double));
    }
}

px_analytics pxi_analytics_undefined(void) {
    double row[N_COLUMNS];
    px_analytics out;
    for (size_t k = 0; k < N_COLUMNS; k++)
        row[k] = NAN;
    memcpy(&out, row, sizeof out);
    return out;
}

void px_analytics_step(px_analytics_stream *stream, const px_bar *bar, px_analytics *out) {
    px_bar b = *bar;
    const px_bars block = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    pxi_analytics_run(stream, &block);
    pxi_analytics_at(stream, 0, out);
}
