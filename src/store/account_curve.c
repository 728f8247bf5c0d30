// SPDX-License-Identifier: Apache-2.0
#include "store/account_curve.h"

#include <math.h>
#include <string.h>
#include "base/table.h"

const px_column_def pxi_equity_defs[PXI_N_EQUITY] = {
    [PXI_EQUITY_TS] = {"ts", PX_COLUMN_TIME},
    [PXI_EQUITY_NET] = {"equity_net", PX_COLUMN_F64},
    [PXI_EQUITY_CASH] = {"cash", PX_COLUMN_F64},
    [PXI_EQUITY_POSITION] = {"position", PX_COLUMN_I64},
    [PXI_EQUITY_REALISED] = {"realised_gross", PX_COLUMN_F64},
    [PXI_EQUITY_UNREALISED] = {"unrealised", PX_COLUMN_F64},
    [PXI_EQUITY_FEES] = {"fees_paid", PX_COLUMN_F64},
    [PXI_EQUITY_DRAWDOWN] = {"drawdown_pct", PX_COLUMN_F64},
};

static void repeat(double value, size_t n, double *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = value;
}

static void repeat_whole(int64_t value, size_t n, int64_t *out) {
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
        repeat_whole((int64_t)s->position, n, cells);
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
