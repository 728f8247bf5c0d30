// SPDX-License-Identifier: Apache-2.0
/* What a model sees of an event: a function for each row of PX_INPUTS, of the same name. */
#include "events/inputs.h"

#include <string.h>
#include "base/text.h"

/* A bar as an input sees it. */
typedef struct seen {
    double close;
    int minute_of_day; /* local start of the bar */
} seen;

/* column[c] points to the value of the bar, with that of the bar before in front of it. */
typedef const double *const columns[PXI_NAMED_COLUMNS];

static inline double vwap_dist(const seen *bar, columns column) {
    const double vwap = *column[0];
    return (bar->close - vwap) / vwap;
}

static inline double ema_slope(const seen *bar, columns column) {
    const double *ema = column[0];
    (void)bar;
    return (ema[0] - ema[-1]) / ema[-1];
}

static inline double atr_pct(const seen *bar, columns column) {
    return *column[0] / bar->close;
}

static inline double adx(const seen *bar, columns column) {
    (void)bar;
    return *column[0];
}

static inline double hour(const seen *bar, columns column) {
    (void)column;
    return bar->minute_of_day / 60;
}

static inline double minute(const seen *bar, columns column) {
    (void)column;
    return bar->minute_of_day % 60;
}

static inline double vol_z(const seen *bar, columns column) {
    (void)bar;
    return *column[0];
}

/* ---- the table ---------------------------------------------------------------------------------------- */

enum {
#define NUMBER(name, ...) INPUT_##name,
    PX_INPUTS(NUMBER)
};

#define ROW(name_, title_, unit_, ...)                                                                       \
    [INPUT_##name_] = {.name = #name_,                                                                       \
                       .title = title_,                                                                      \
                       .unit = unit_,                                                                        \
                       .columns = (const char *const[]){__VA_ARGS__, NULL}},
const pxi_input pxi_inputs[PX_N_INPUTS] = {PX_INPUTS(ROW)};

const char *px_input_name(size_t input) {
    return input < PX_N_INPUTS ? pxi_inputs[input].name : NULL;
}

size_t pxi_input_find(const char *name, char *hint, size_t size) {
    const char *names[PX_N_INPUTS];
    size_t k = 0;
    while (k < PX_N_INPUTS && strcmp(pxi_inputs[k].name, name) != 0) {
        names[k] = pxi_inputs[k].name;
        k++;
    }
    if (k == PX_N_INPUTS)
        pxi_did_you_mean(name, names, k, hint, size);
    return k;
}

/* Each function is called by its name, not through the table: an event costs what its arithmetic costs. */
void pxi_inputs_compute(const pxi_input_view *view, size_t at, int minute_of_day, double out[PX_N_INPUTS]) {
    const seen bar = {view->close[at], minute_of_day};
#define COMPUTE(name, ...)                                                                                   \
    {                                                                                                        \
        const double *column[PXI_NAMED_COLUMNS];                                                             \
        for (size_t c = 0; c < PXI_NAMED_COLUMNS; c++)                                                       \
            column[c] = view->column[INPUT_##name][c] + at;                                                  \
        out[INPUT_##name] = name(&bar, column);                                                              \
    }
    PX_INPUTS(COMPUTE)
}
