// SPDX-License-Identifier: Apache-2.0
/* A feature kernel: a state, and a function that runs it over a block of consecutive bars. The batch driver
 * (frame.c) calls it on blocks that fit the first-level cache, the stream driver (stream.c) on blocks of one
 * bar. Where blocks begin never changes a bit of the output: elementwise parts see the bars across the border
 * through the state, and recurrences do the same operations in the same order. */
#ifndef PXI_KERNEL_H
#define PXI_KERNEL_H

#include "pixity/features.h"

/* Most bars in one call of run. Five columns in, two out and the scratch stay in 32 KiB. */
#define PXI_BLOCK 512

typedef struct pxi_kernel_setup {
    const px_config *config;
    const px_calendar *calendar; /* borrowed */
    bool twap;                   /* VWAP may fall back to the time-weighted price */
} pxi_kernel_setup;

typedef struct pxi_kernel {
    const char *name;
    int n_outputs;
    size_t state_size;
    size_t (*extra_size)(const px_config *config);            /* more state by settings; NULL = none */
    void (*init)(void *state, const pxi_kernel_setup *setup); /* of a zeroed state; NULL = zeros are fine */
    /* bars->n is 1 to PXI_BLOCK; out[k] takes bars->n values of output k. */
    void (*run)(void *state, const px_bars *bars, double *const *out);
} pxi_kernel;

extern const pxi_kernel pxi_smoothed_kernel; /* ema20, ema50, atr, adx */
extern const pxi_kernel pxi_vwap_kernel;     /* vwap */
extern const pxi_kernel pxi_vol_z_kernel;    /* vol_z */
extern const pxi_kernel pxi_swing_kernel;    /* confirmed swing_high, swing_low */
extern const pxi_kernel pxi_rsi_kernel;      /* rsi14 */
extern const pxi_kernel pxi_macd_kernel;     /* macd, signal, histogram */
extern const pxi_kernel pxi_ut_bot_kernel;   /* trailing stop */
extern const pxi_kernel pxi_ehma_kernel;     /* ehma16 */
extern const pxi_kernel pxi_pivot_kernel;    /* previous session's pivot */

/* The frame: kernels in column order, their outputs side by side. */
#define PXI_N_FRAME_KERNELS 4
extern const pxi_kernel *const pxi_frame_kernels[PXI_N_FRAME_KERNELS];

/* What the kernels of the frame are made with; reads all bars where a setting looks at them all. */
pxi_kernel_setup pxi_frame_setup(const px_bars *bars, const px_calendar *calendar, const px_config *config);
/* True where the columns of the frame are what the kernels make, without a rule that looks ahead or at the
 * number of all bars: they may then be used block by block. */
bool pxi_frame_is_causal(const px_bars *bars, const px_config *config);

/* One state a kernel, made together. */
typedef struct pxi_kernel_set {
    size_t n;
    const pxi_kernel *const *kernels;
    void **states;
} pxi_kernel_set;
/* False where memory is out; free in any case. Start from a zeroed struct. */
bool pxi_kernel_set_init(pxi_kernel_set *set, const pxi_kernel *const *kernels, size_t n,
                         const pxi_kernel_setup *setup);
void pxi_kernel_set_free(pxi_kernel_set *set);
/* Runs every kernel over one block; out: the outputs of all kernels, one after the other. */
void pxi_kernel_set_run(pxi_kernel_set *set, const px_bars *block, double *const *out);

/* px_features_compute block by block, for whoever needs each row once, where pxi_frame_is_causal. */
typedef struct pxi_frame_walk {
    pxi_kernel_set kernels;
    px_bars bars; /* a view */
    size_t at;    /* the next block's first bar */
} pxi_frame_walk;
/* False where memory is out; close in any case. */
bool pxi_frame_walk_open(pxi_frame_walk *walk, const px_bars *bars, const px_calendar *calendar,
                         const px_config *config);
/* Rows of the next bars, at most PXI_BLOCK; out[k] takes column k. Returns how many, 0 past the last. */
size_t pxi_frame_walk_next(pxi_frame_walk *walk, double *const out[PX_N_FEATURES]);
void pxi_frame_walk_close(pxi_frame_walk *walk);

#endif
