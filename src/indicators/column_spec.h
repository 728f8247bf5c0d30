// SPDX-License-Identifier: Apache-2.0
/* Columns as text: `ema(20)`, `macd(12,26,9).signal`, `pivot`. A spec is an indicator's name, its parameters
 * in parentheses (none = the usual ones), and the output after a dot (none = the first). A parameter is a
 * number or a word that stands for one: a parameter of the strategy that names the column, or a key of the
 * settings. The names of the alias table are specs too. */
#ifndef PXI_COLUMN_SPEC_H
#define PXI_COLUMN_SPEC_H

#include "indicators/indicator.h"

typedef struct pxi_column_spec {
    const pxi_indicator *indicator;
    size_t output;
    double values[PXI_MAX_PARAMETERS]; /* those past the indicator's are 0 */
} pxi_column_spec;

/* What words stand for. */
typedef struct pxi_column_words {
    const px_config *config;
    px_parameters parameters; /* of a strategy; none = zeroed, */
    const double *values;     /* and their values */
} pxi_column_words;

/* Errors: PX_EINPUT naming what is wrong, the nearest name and the range. */
px_status pxi_column_spec_read(const char *text, const pxi_column_words *words, pxi_column_spec *out,
                               px_error *err);
/* The same where only keys of the settings are words. */
px_status pxi_column_spec_parse(const char *text, const px_config *config, pxi_column_spec *out,
                                px_error *err);
/* True where one run of the indicator makes both. */
bool pxi_column_spec_same_run(const pxi_column_spec *a, const pxi_column_spec *b);
/* True where both are one column. */
static inline bool pxi_column_spec_same(const pxi_column_spec *a, const pxi_column_spec *b) {
    return a->output == b->output && pxi_column_spec_same_run(a, b);
}

#endif
