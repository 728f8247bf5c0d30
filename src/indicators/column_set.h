// SPDX-License-Identifier: Apache-2.0
/* The columns that somebody asked for, and the indicators that make them: each runs once, whatever number of
 * its outputs is asked for and how often. */
#ifndef PXI_COLUMN_SET_H
#define PXI_COLUMN_SET_H

#include "indicators/column_spec.h"

/* What a set is made with. */
typedef struct pxi_columns_setup {
    const px_config *config;
    const px_calendar *calendar; /* borrowed while the set lives */
    bool twap;                   /* VWAP may fall back to the time-weighted price */
    px_parameters parameters;    /* of the strategy whose columns they are, words of a spec; zeroed = none */
    const double *values;        /* of those */
} pxi_columns_setup;

/* An indicator at work. */
typedef struct pxi_column_maker {
    const pxi_indicator *indicator;
    void *state;
    const double *values; /* it was made with; of a joint indicator NULL */
    size_t first;         /* of its outputs among all */
} pxi_column_maker;

typedef struct pxi_column_set {
    size_t n;               /* columns, in the order asked for */
    pxi_column_spec *specs; /* of a column: what it is */
    size_t *source;         /* of a column: the output that it is */
    size_t n_makers;
    pxi_column_maker *makers;
    size_t n_outputs;
    size_t *taker;   /* of an output: the first column that it is, SIZE_MAX = none */
    double **out;    /* where outputs go during a run */
    double *scratch; /* for those that nobody asked for */
    bool in_order;   /* outputs are the columns, one for one: they go straight to where those go */
    const px_calendar *calendar, *holes; /* holes: that these are counted by; NULL = they are run through */
    bool twap, reference;
    bool begun;
    int64_t last_us; /* of the last bar, once begun */
    double **at;     /* where columns go behind a hole inside a block */
} pxi_column_set;

/* `columns`: specs, ended by NULL. Errors: PX_EINPUT as pxi_column_spec_parse, PX_ENOMEM. Close it in any
 * case; start from a zeroed struct. */
px_status pxi_columns_open(pxi_column_set *set, const char *const *columns, const pxi_columns_setup *setup,
                           px_error *err);
void pxi_columns_close(pxi_column_set *set);
/* Runs over the next bars, PXI_BLOCK at most; out[c] takes block->n values of column c. Behind a hole every
 * column starts anew. */
void pxi_columns_run(pxi_column_set *set, const px_bars *block, double *const *out);

#endif
