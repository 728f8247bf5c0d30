// SPDX-License-Identifier: Apache-2.0
/* How results and holding times of trades are spread. */
#include "report/documents.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* ---- bins --------------------------------------------------------------------------------------------- */

/* The same for every run, so that runs can be held against each other. */
static const double r_edges[] = {-3.0, -2.75, -2.5, -2.25, -2.0, -1.75, -1.5, -1.25, -1.0, -0.75,
                                 -0.5, -0.25, 0.0,  0.25,  0.5,  0.75,  1.0,  1.25,  1.5,  1.75,
                                 2.0,  2.25,  2.5,  2.75,  3.0,  3.5,   4.0,  4.5,   5.0,  6.0};
static const double bar_edges[] = {1,  2,  3,  4,  5,  6,   8,   10,  12,  16,  20,  24,  32,
                                   40, 48, 64, 80, 96, 128, 192, 256, 384, 512, 768, 1024};
static const double hour_edges[] = {0,  0.25, 0.5, 0.75, 1,  1.5, 2,  2.5, 3,   4,   5,   6,   8,
                                    12, 18,   24,  36,   48, 72,  96, 120, 168, 240, 336, 504, 720};
#define N_EDGES(edges) (sizeof(edges) / sizeof *(edges))

/* The bin of a value: the last one whose edge does not lie above it; the first and last hold what lies
 * beyond. */
static size_t bin_of(double value, const double *edges, size_t n_edges) {
    size_t bin = 0;
    while (bin + 2 < n_edges && value >= edges[bin + 1])
        bin++;
    return bin;
}

static json_t *histogram(const double *values, size_t n, const double *edges, size_t n_edges) {
    json_int_t counts[64] = {0}, undefined = 0;
    bool failed = false;
    json_t *object = json_object(), *edge_list = json_array(), *count_list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]))
            undefined++;
        else
            counts[bin_of(values[i], edges, n_edges)]++;
    }
    for (size_t i = 0; i < n_edges; i++)
        failed |= json_array_append_new(edge_list, json_real(edges[i])) != 0;
    for (size_t i = 0; i + 1 < n_edges; i++)
        failed |= json_array_append_new(count_list, json_integer(counts[i])) != 0;
    pxi_json_put(object, "edges", edge_list, &failed);
    pxi_json_put(object, "counts", count_list, &failed);
    pxi_json_put(object, "undefined", json_integer(undefined), &failed);
    return pxi_json_built(object, failed);
}

/* ---- the document -------------------------------------------------------------------------------------- */

typedef struct trade_columns {
    size_t r, r_net, bars_held, entry, exit;
} trade_columns;

static px_status find_columns(const px_table *trades, const char *run_id, trade_columns *at, px_error *err) {
    px_status status = pxi_table_column(trades, "r", PX_COLUMN_F64, run_id, &at->r, err);
    if (!status)
        status = pxi_table_column(trades, "r_net", PX_COLUMN_F64, run_id, &at->r_net, err);
    if (!status)
        status = pxi_table_column(trades, "bars_held", PX_COLUMN_I64, run_id, &at->bars_held, err);
    if (!status)
        status = pxi_table_column(trades, "entry_ts", PX_COLUMN_TIME, run_id, &at->entry, err);
    if (!status)
        status = pxi_table_column(trades, "exit_ts", PX_COLUMN_TIME, run_id, &at->exit, err);
    return status;
}

static json_t *histograms(const px_table *trades, const trade_columns *at, double *bars, double *hours) {
    size_t n = trades->n_rows;
    const px_column *columns = trades->columns;
    bool failed = false;
    json_t *document = json_object();
    for (size_t i = 0; i < n; i++) {
        bars[i] = (double)columns[at->bars_held].u.i64[i];
        hours[i] =
            (double)(columns[at->exit].u.i64[i] - columns[at->entry].u.i64[i]) / (60.0 * PX_US_PER_MINUTE);
    }
    pxi_json_put(document, "r_net", histogram(columns[at->r_net].u.f64, n, r_edges, N_EDGES(r_edges)),
                 &failed);
    pxi_json_put(document, "r_gross", histogram(columns[at->r].u.f64, n, r_edges, N_EDGES(r_edges)), &failed);
    pxi_json_put(document, "bars_held", histogram(bars, n, bar_edges, N_EDGES(bar_edges)), &failed);
    pxi_json_put(document, "hours_held", histogram(hours, n, hour_edges, N_EDGES(hour_edges)), &failed);
    return pxi_json_built(document, failed);
}

px_status pxi_distributions_document(const px_table *trades, const char *run_id, char **json, px_error *err) {
    trade_columns at;
    px_status status = find_columns(trades, run_id, &at, err);
    if (status)
        return status;
    double *bars = pxi_new_array(trades->n_rows, sizeof *bars);
    double *hours = pxi_new_array(trades->n_rows, sizeof *hours);
    json_t *document = bars && hours ? histograms(trades, &at, bars, hours) : NULL;
    status = document ? pxi_json_dump(document, json, err) : pxi_fail_memory(err);
    json_decref(document);
    free(bars);
    free(hours);
    return status;
}

px_status px_run_distributions(px_home *home, const char *run_id, char **json, px_error *err) {
    px_table trades = {0};
    px_status status = pxi_trades_read(home, run_id, &trades, err);
    if (!status)
        status = pxi_distributions_document(&trades, run_id, json, err);
    px_table_free(&trades);
    return status;
}
