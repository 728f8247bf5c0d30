// SPDX-License-Identifier: Apache-2.0
/* An indicator: a row that says what it is, a state, and a function that runs it over a block of consecutive
 * bars. The batch driver (frame.c) calls it on blocks that fit the first-level cache, the stream driver
 * (indicator_stream.c) on blocks of one bar. Where blocks begin never changes a bit of the output:
 * elementwise parts see the bars across the border through the state, and recurrences do the same operations
 * in the same order. */
#ifndef PXI_INDICATOR_H
#define PXI_INDICATOR_H

#include "pixity/features.h"
#include "pixity/parameter.h"

/* Most bars in one call of run. Five columns in, two out and the scratch stay in 32 KiB. */
#define PXI_BLOCK 512
/* Most parameters of an indicator. */
#define PXI_MAX_PARAMETERS 4

/* A row of parameters: the period of an average, from `least` bars on. */
#define PXI_PERIOD(name_, least, usual_)                                                                     \
    {                                                                                                        \
        .name = name_, .title = name_, .unit = "bars", .help = "bars of the average", .minimum = least,      \
        .maximum = 10000, .step = 1, .usual = usual_, .whole = true                                          \
    }

/* What a state is made with. */
typedef struct pxi_indicator_setup {
    const double *values; /* of the parameters, in range */
    const px_calendar *calendar;
    bool twap;      /* VWAP may fall back to the time-weighted price */
    bool reference; /* the profile: rounding as the original has it */
} pxi_indicator_setup;

typedef struct pxi_indicator {
    const char *name, *title;
    const char *unit; /* of its outputs: "price", "shares"; "" = a plain number */
    const px_parameter *parameters;
    size_t n_parameters;
    const char *const *outputs; /* their names, of which the first is what the indicator's name alone means */
    size_t n_outputs;
    size_t (*lookback)(const double *values); /* bars before the first defined value; NULL = 0 */
    /* Rules that look at all bars, NULL = none: by how many bars a setting that looks ahead tells values
     * before they are known; below how many bars profile `reference` has zeros throughout. */
    size_t (*bars_ahead)(const double *values, const px_config *config);
    size_t (*short_series)(const double *values);
    size_t state_size;
    size_t (*extra_size)(const double *values); /* more state by parameters; NULL = none */
    void (*init)(void *state,
                 const pxi_indicator_setup *setup); /* of a zeroed state; NULL = zeros are fine */
    /* bars->n is 1 to PXI_BLOCK; out[k] takes bars->n values of output k. */
    void (*run)(void *state, const px_bars *bars, double *const *out);
} pxi_indicator;

/* The table (indicator_table.c). Errors: PX_EINPUT with the nearest name. */
const pxi_indicator *pxi_indicator_at(size_t i); /* NULL past the end */

/* Indicators that make several columns in one loop where that costs less than one after the other: their
 * outputs are the columns, as specs. The bits are those of the indicators that stand in the specs. */
const pxi_indicator *pxi_joint_indicator_at(size_t i); /* NULL past the end */

/* The spec behind a name by which a column is shown and stored ("ema20": "ema(20)"); NULL = no such name. */
const char *pxi_column_alias(const char *name);
/* All such names; NULL past the end. */
const char *pxi_column_alias_at(size_t i);

#endif
