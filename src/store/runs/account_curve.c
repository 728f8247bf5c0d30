// SPDX-License-Identifier: Apache-2.0
#include "store/runs/account_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/mem.h"
#include "table/table.h"

const px_column_def pxi_equity_defs[PXI_N_EQUITY] = {
    [PXI_EQUITY_TS] = {"ts", PX_COLUMN_TIME},
    [PXI_EQUITY_NET] = {"equity_net", PX_COLUMN_F64},
    [PXI_EQUITY_CASH] = {"cash", PX_COLUMN_F64},
    [PXI_EQUITY_POSITION] = {"position", PX_COLUMN_QUANTITY},
    [PXI_EQUITY_REALISED] = {"realised_gross", PX_COLUMN_F64},
    [PXI_EQUITY_UNREALISED] = {"unrealised", PX_COLUMN_F64},
    [PXI_EQUITY_FEES] = {"fees_paid", PX_COLUMN_F64},
    [PXI_EQUITY_DRAWDOWN] = {"drawdown_pct", PX_COLUMN_F64},
};

static void repeat(double value, size_t n, double *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = value;
}

static void value_account(const pxi_account_state *s, const double *restrict close, size_t n,
                          double *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = pxi_equity_at(s, close[i]);
}

static void value_position(const pxi_account_state *s, const double *restrict close, size_t n,
                           double *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = pxi_unrealised_at(s, close[i]);
}

static void measure_drawdown(const pxi_account_state *s, const double *restrict close, size_t n, double *peak,
                             double *restrict out) {
    for (size_t i = 0; i < n; i++) {
        const double equity = pxi_equity_at(s, close[i]);
        *peak = fmax(*peak, equity);
        out[i] = 100.0 * (equity / *peak - 1.0);
    }
}

/* Cells of bars that one state holds for. */
static void write_cells(pxi_curve_reader *r, const pxi_account_state *s, size_t n, void *cells) {
    const double *close = r->curve->close + r->at;
    switch (r->column) {
    case PXI_EQUITY_TS:
        memcpy(cells, r->curve->ts_us + r->at, n * sizeof(int64_t));
        break;
    case PXI_EQUITY_NET:
        value_account(s, close, n, cells);
        break;
    case PXI_EQUITY_CASH:
        repeat(s->cash, n, cells);
        break;
    case PXI_EQUITY_POSITION:
        repeat(s->position, n, cells);
        break;
    case PXI_EQUITY_REALISED:
        repeat(s->realised_gross, n, cells);
        break;
    case PXI_EQUITY_UNREALISED:
        value_position(s, close, n, cells);
        break;
    case PXI_EQUITY_FEES:
        repeat(s->fees_paid, n, cells);
        break;
    default:
        measure_drawdown(s, close, n, &r->peak, cells);
    }
}

pxi_curve_reader pxi_curve_read(const pxi_curve *curve, size_t column) {
    return (pxi_curve_reader){curve, column, curve->begin, 0, curve->n_states ? curve->states[0].peak : NAN};
}

void pxi_curve_next(pxi_curve_reader *r, size_t n, void *cells) {
    const pxi_curve *curve = r->curve;
    for (size_t end = r->at + n; r->at < end;) {
        if (r->at == pxi_state_end(curve, r->state))
            r->peak = curve->states[++r->state].peak;
        const size_t held = pxi_state_end(curve, r->state) - r->at;
        const size_t count = held < end - r->at ? held : end - r->at;
        write_cells(r, &curve->states[r->state], count, cells);
        cells = (char *)cells + count * sizeof(int64_t);
        r->at += count;
    }
}

px_status pxi_curve_table(const pxi_curve *curve, px_table *out, px_error *err) {
    px_table table = {0};
    px_status status = px_table_init(&table, pxi_equity_defs, PXI_N_EQUITY, err);
    if (!status)
        status = pxi_table_set_rows(&table, curve->end - curve->begin, err);
    if (status) {
        px_table_free(&table);
        return status;
    }
    for (size_t c = 0; c < PXI_N_EQUITY; c++) {
        pxi_curve_reader reader = pxi_curve_read(curve, c);
        pxi_curve_next(&reader, table.n_rows, table.columns[c].u.i64);
    }
    *out = table;
    return PX_OK;
}

/* ---- stored ------------------------------------------------------------------------------------------- */

const px_column_def pxi_curve_bar_defs[PXI_N_CURVE_BARS] = {
    [PXI_CURVE_TS] = {"ts", PX_COLUMN_TIME},
    [PXI_CURVE_CLOSE] = {"close", PX_COLUMN_F64},
    [PXI_CURVE_CHANGE] = {"change", PX_COLUMN_I64},
};

enum { NUMBER, CASH, POSITION, ENTRY_PRICE, REALISED, FEES, PEAK, N_CHANGE };
static const px_column_def change_defs[N_CHANGE] = {
    [NUMBER] = {"change", PX_COLUMN_I64},
    [CASH] = {"cash", PX_COLUMN_F64},
    [POSITION] = {"position", PX_COLUMN_F64},
    [ENTRY_PRICE] = {"entry_price", PX_COLUMN_F64},
    [REALISED] = {"realised_gross", PX_COLUMN_F64},
    [FEES] = {"fees_paid", PX_COLUMN_F64},
    [PEAK] = {"peak", PX_COLUMN_F64},
};

static px_status add_change(px_table *changes, const pxi_account_state *s, double peak, px_error *err) {
    px_status status = px_table_add_row(changes, err);
    if (status)
        return status;
    px_table_set_i64(changes, NUMBER, (int64_t)changes->n_rows - 1);
    px_table_set_f64(changes, CASH, s->cash);
    px_table_set_f64(changes, POSITION, s->position);
    px_table_set_f64(changes, ENTRY_PRICE, s->entry_price);
    px_table_set_f64(changes, REALISED, s->realised_gross);
    px_table_set_f64(changes, FEES, s->fees_paid);
    px_table_set_f64(changes, PEAK, peak);
    return PX_OK;
}

/* Changes while one state holds: its own, and each new peak. */
static px_status add_changes(const pxi_curve *curve, size_t state, px_table *changes, int64_t *change,
                             px_error *err) {
    const pxi_account_state *s = &curve->states[state];
    const size_t end = pxi_state_end(curve, state);
    double peak = s->peak;
    px_status status = add_change(changes, s, peak, err);
    for (size_t i = s->bar; i < end && !status; i++) {
        const double higher = fmax(peak, pxi_equity_at(s, curve->close[i]));
        if (higher > peak)
            status = add_change(changes, s, peak = higher, err);
        change[i - curve->begin] = (int64_t)changes->n_rows - 1;
    }
    return status;
}

px_status pxi_curve_store(const pxi_curve *curve, const px_bars *bars, pxi_stored_curve *out, px_error *err) {
    const size_t n = curve->end - curve->begin;
    int64_t *change = pxi_new_array(n, sizeof *change);
    px_status status =
        change ? px_table_init(&out->changes, change_defs, N_CHANGE, err) : pxi_fail_memory(err);
    for (size_t i = 0; i < curve->n_states && !status; i++)
        status = add_changes(curve, i, &out->changes, change, err);
    for (size_t c = 0; c < PXI_N_CURVE_BARS; c++)
        out->columns[c] = (px_column){.name = pxi_curve_bar_defs[c].name, .type = pxi_curve_bar_defs[c].type};
    out->columns[PXI_CURVE_TS].u.i64 = bars->ts_us + curve->begin;
    out->columns[PXI_CURVE_CLOSE].u.f64 = bars->close + curve->begin;
    out->columns[PXI_CURVE_CHANGE].u.i64 = change;
    out->bars = (px_table){.n_rows = n, .n_columns = PXI_N_CURVE_BARS, .columns = out->columns};
    if (status)
        pxi_stored_curve_free(out);
    return status;
}

void pxi_stored_curve_free(pxi_stored_curve *stored) {
    free(stored->columns[PXI_CURVE_CHANGE].u.i64);
    px_table_free(&stored->changes);
    memset(stored, 0, sizeof *stored);
}

static px_status check_columns(const px_table *table, const px_column_def *defs, size_t n, px_error *err) {
    bool same = table->n_columns == n;
    for (size_t c = 0; c < n && same; c++)
        same = strcmp(table->columns[c].name, defs[c].name) == 0 && table->columns[c].type == defs[c].type;
    return same ? PX_OK : pxi_fail(err, PX_ECORRUPT, "its columns are not those of the equity of a run");
}

static pxi_account_state state_of(const px_table *changes, size_t change, size_t bar) {
    const px_column *columns = changes->columns;
    return (pxi_account_state){
        .bar = bar,
        .cash = columns[CASH].u.f64[change],
        .position = columns[POSITION].u.f64[change],
        .entry_price = columns[ENTRY_PRICE].u.f64[change],
        .realised_gross = columns[REALISED].u.f64[change],
        .fees_paid = columns[FEES].u.f64[change],
        .peak = columns[PEAK].u.f64[change],
    };
}

static px_status fail_apart(px_error *err) {
    return pxi_fail(err, PX_ECORRUPT, "the bars and the changes of its equity do not belong together");
}

/* States at the bars where their changes begin; the first bar may lie in one that has begun. */
static px_status take_states(const px_table *bars, const px_table *changes, size_t *begun,
                             pxi_account_state *states, size_t *n_states, px_error *err) {
    const int64_t *change = bars->columns[PXI_CURVE_CHANGE].u.i64;
    for (size_t i = 0; i < bars->n_rows; i++) {
        const bool held = *begun > 0 && change[i] == (int64_t)*begun - 1;
        if (held && i > 0)
            continue;
        const size_t k = held ? *begun - 1 : *begun;
        if (k >= changes->n_rows || change[i] != (int64_t)k || changes->columns[NUMBER].u.i64[k] != change[i])
            return fail_apart(err);
        states[(*n_states)++] = state_of(changes, k, i);
        *begun = k + 1;
    }
    return PX_OK;
}

px_status pxi_curve_restored(const px_table *changes, size_t begun, px_error *err) {
    return begun == changes->n_rows ? PX_OK : fail_apart(err);
}

static void drop_signs_of_zeros(px_table *table) {
    for (size_t c = 0; c < table->n_columns; c++)
        for (size_t i = 0; px_column_is_real(table->columns[c].type) && i < table->n_rows; i++)
            table->columns[c].u.f64[i] += 0.0;
}

px_status pxi_curve_restore(const px_table *bars, const px_table *changes, size_t *begun, px_table *out,
                            px_error *err) {
    px_status status = check_columns(bars, pxi_curve_bar_defs, PXI_N_CURVE_BARS, err);
    if (!status)
        status = check_columns(changes, change_defs, N_CHANGE, err);
    if (status)
        return status;
    size_t n = 0;
    const size_t most = bars->n_rows < changes->n_rows ? bars->n_rows : changes->n_rows;
    pxi_account_state *states = pxi_new_array(most, sizeof *states);
    status = states ? take_states(bars, changes, begun, states, &n, err) : pxi_fail_memory(err);
    const pxi_curve curve = {
        .end = bars->n_rows,
        .ts_us = bars->columns[PXI_CURVE_TS].u.i64,
        .close = bars->columns[PXI_CURVE_CLOSE].u.f64,
        .states = states,
        .n_states = n,
    };
    if (!status)
        status = pxi_curve_table(&curve, out, err);
    if (!status)
        drop_signs_of_zeros(out);
    free(states);
    return status;
}
