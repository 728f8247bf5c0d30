// SPDX-License-Identifier: Apache-2.0
/* The equity of a run: what the account holds, written down where it changes, and the closes that it is
 * valued at in between. The table of equity, a row a bar, is made of these where somebody asks for it. */
#ifndef PXI_ACCOUNT_CURVE_H
#define PXI_ACCOUNT_CURVE_H

#include "pixity/bars.h"
#include "pixity/table.h"

/* An account from the close of a bar on. */
typedef struct pxi_account_state {
    size_t bar;
    double cash;
    double position;    /* signed quantity; 0 = flat */
    double entry_price; /* of the position */
    double realised_gross, fees_paid;
    double peak; /* of equity so far, this close included; later closes raise it */
    size_t desk; /* whose bar, position and entry price these are; all else is the account's */
} pxi_account_state;

/* Bars [begin, end) of a series; the first of them has a state, and states ascend by bar. */
typedef struct pxi_curve {
    size_t begin, end;
    const int64_t *ts_us; /* of the whole series, as are `close` and the bars of states */
    const double *close;
    const pxi_account_state *states;
    size_t n_states;
} pxi_curve;

/* Equity, and what the position would bring at a close. */
static inline double pxi_equity_at(const pxi_account_state *state, double close) {
    return state->cash + state->position * close;
}
static inline double pxi_unrealised_at(const pxi_account_state *state, double close) {
    return state->position * (close - state->entry_price);
}
/* The first bar that a state no longer holds for. */
static inline size_t pxi_state_end(const pxi_curve *curve, size_t state) {
    return state + 1 < curve->n_states ? curve->states[state + 1].bar : curve->end;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

enum {
    PXI_EQUITY_TS,
    PXI_EQUITY_NET,
    PXI_EQUITY_CASH,
    PXI_EQUITY_POSITION,
    PXI_EQUITY_REALISED,
    PXI_EQUITY_UNREALISED,
    PXI_EQUITY_FEES,
    PXI_EQUITY_DRAWDOWN,
    PXI_N_EQUITY,
};
extern const px_column_def pxi_equity_defs[PXI_N_EQUITY];

/* Reads one column from the first bar on. */
typedef struct pxi_curve_reader {
    const pxi_curve *curve;
    size_t column, at, state;
    double peak;
} pxi_curve_reader;
pxi_curve_reader pxi_curve_read(const pxi_curve *curve, size_t column);
/* The cells of the next n bars: doubles, or int64_t where the column's type has those. */
void pxi_curve_next(pxi_curve_reader *reader, size_t n, void *cells);

/* All of it, from a zeroed struct. Errors: PX_ENOMEM. */
px_status pxi_curve_table(const pxi_curve *curve, px_table *out, px_error *err);

/* ---- stored ------------------------------------------------------------------------------------------- */

/* A stored curve is two tables of a run: its bars (ts, close, and which change holds there), and the changes,
 * also those of the peak alone, so that a row of equity is made of one bar and one change. The view of
 * run_query.c says so in SQL. */
#define PXI_CURVE_BARS    "equity.bars"
#define PXI_CURVE_CHANGES "equity.changes"

enum { PXI_CURVE_TS, PXI_CURVE_CLOSE, PXI_CURVE_CHANGE, PXI_N_CURVE_BARS };
extern const px_column_def pxi_curve_bar_defs[PXI_N_CURVE_BARS];
typedef struct pxi_stored_curve {
    px_table bars, changes;
    px_column columns[PXI_N_CURVE_BARS]; /* of `bars`, whose times and closes are borrowed */
} pxi_stored_curve;
/* Of a curve and the whole series that it lies in. *out from a zeroed struct; it stays where it is. Errors:
 * PX_ENOMEM. */
px_status pxi_curve_store(const pxi_curve *curve, const px_bars *bars, pxi_stored_curve *out, px_error *err);
void pxi_stored_curve_free(pxi_stored_curve *stored);
/* The table of equity again, with 0 for -0 as in every stored table, of all bars or of a block of them:
 * *begun is how many changes have begun, at first 0. *out from a zeroed struct. Errors: PX_ECORRUPT,
 * PX_ENOMEM. */
px_status pxi_curve_restore(const px_table *bars, const px_table *changes, size_t *begun, px_table *out,
                            px_error *err);
/* Once all bars were there. Errors: PX_ECORRUPT. */
px_status pxi_curve_restored(const px_table *changes, size_t begun, px_error *err);

#endif
