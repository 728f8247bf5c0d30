// SPDX-License-Identifier: Apache-2.0
/* A run as plain HTML, for reading without script. */
#include "report/html.h"

#include "report/embed.h"
#include "pixity/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------------------- */

static void put_cell(pxi_text *out, const char *text) {
    pxi_text_puts(out, "<td>");
    pxi_embed_html(out, text);
}

static void put_number(pxi_text *out, double value, int decimals) {
    char buf[PXI_GROUPED_SIZE];
    put_cell(out, pxi_group_indian(value, decimals, buf));
}

/* A fraction in full. */
static void put_quantity(pxi_text *out, double value) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    if (isnan(value) || value == trunc(value)) {
        put_number(out, value, 0);
        return;
    }
    px_double_format(value, buf);
    put_cell(out, buf);
}

static void put_text(pxi_text *out, const char *text) {
    pxi_embed_html(out, text ? text : "-");
}

/* ---- what the run is ------------------------------------------------------------------------------------
 */

/* Each is the text of a finding; of an older run there are warnings only. */
static void put_warnings(pxi_text *out, const px_run *run) {
    static const char *const heads[] = {
        [PX_SEVERITY_INFO] = "NOTE", [PX_SEVERITY_WARNING] = "WARNING", [PX_SEVERITY_ERROR] = "ACCEPTED"};
    const px_run_texts *warnings = &run->warnings;
    const bool paired = run->findings.n == warnings->n;
    if (warnings->n == 0)
        return;
    pxi_text_puts(out, "<ul>\n");
    for (size_t i = 0; i < warnings->n; i++) {
        pxi_text_printf(out,
                        "<li>%s: ", heads[paired ? run->findings.items[i].severity : PX_SEVERITY_WARNING]);
        pxi_embed_html(out, warnings->items[i]);
        pxi_text_puts(out, "\n");
    }
    pxi_text_puts(out, "</ul>\n");
}

/* Those of the strategy that are not the usual ones. */
static void put_parameters(pxi_text *out, const px_run_numbers *parameters) {
    const char *before = " (";
    for (size_t i = 0; i < parameters->n; i++, before = ", ") {
        char text[PX_DOUBLE_TEXT_SIZE];
        px_double_format(parameters->items[i].value, text);
        pxi_text_puts(out, before);
        pxi_embed_html(out, parameters->items[i].name);
        pxi_text_printf(out, " %s", text);
    }
    pxi_text_puts(out, parameters->n ? ")" : "");
}

static void put_request(pxi_text *out, const px_run *run) {
    char buf[PXI_GROUPED_SIZE];
    pxi_text_puts(out, "<h1>Backtest ");
    put_text(out, run->run_id);
    pxi_text_puts(out, "</h1>\n<p>");
    put_text(out, run->strategy);
    put_parameters(out, &run->request.parameters);
    pxi_text_puts(out, " on ");
    put_text(out, run->symbol);
    pxi_text_puts(out, " ");
    put_text(out, run->timeframe);
    pxi_text_puts(out, ", ");
    put_text(out, run->start);
    pxi_text_puts(out, " to ");
    put_text(out, run->end);
    pxi_text_puts(out, "; profile ");
    put_text(out, run->profile);
    pxi_text_printf(out, "; capital %s rupees; fingerprint ", pxi_group_indian(run->config.capital, 2, buf));
    put_text(out, run->fingerprint);
    pxi_text_puts(out, ".</p>\n");
    if (run->data_changed) {
        pxi_text_puts(out, "<p>Data has changed since: ");
        put_text(out, run->data_changed);
        pxi_text_puts(out, ".</p>\n");
    }
    if (run->in_sample_trades > 0)
        pxi_text_printf(out,
                        "<p>IN SAMPLE: %" PRId64 " of the trades lie in the model's training window.</p>\n",
                        run->in_sample_trades);
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

/* A column a basis, empty where a metric is not told on it. */
static void put_headlines(pxi_text *out, const px_run_numbers *metrics) {
    static const px_metric_basis columns[] = {PX_METRIC_GROSS, PX_METRIC_NET, PX_METRIC_LONG,
                                              PX_METRIC_SHORT};
    const px_metric *net, *metric;
    pxi_text_puts(out,
                  "<table>\n<tr><th>Result<th>gross<th>net of fees<th>long, net<th>short, net<th>unit\n");
    for (int place = 1; (net = px_metric_headline(place, PX_METRIC_NET)); place++) {
        pxi_text_puts(out, "<tr>");
        put_cell(out, net->title);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            if ((metric = px_metric_headline(place, columns[c])))
                put_number(out, px_run_number_of(metrics, metric->key), metric->decimals);
            else
                put_cell(out, "");
        }
        put_cell(out, net->unit);
        pxi_text_puts(out, "\n");
    }
    pxi_text_puts(out, "</table>\n");
}

static void put_not_annualised(pxi_text *out, const char *reason) {
    if (!reason)
        return;
    pxi_text_puts(out, "<p>Not annualised: ");
    pxi_embed_html(out, reason);
    pxi_text_puts(out, ".</p>\n");
}

/* ---- trades ------------------------------------------------------------------------------------------- */

static void put_time(pxi_text *out, const px_column *column, size_t row, const px_zone *zone) {
    char buf[PX_TIME_TEXT_SIZE];
    put_cell(out,
             column->u.i64[row] == PX_NULL_I64 ? "-" : px_time_format_local(column->u.i64[row], zone, buf));
}

static const struct {
    const char *column, *title;
    int decimals;
} shown[] = {
    {"n", "#", 0},
    {"entry_ts", "Entry", 0},
    {"exit_ts", "Exit", 0},
    {"direction", "Side", 0},
    {"qty", "Quantity", 0},
    {"entry_price", "In", 2},
    {"exit_price", "Out", 2},
    {"pnl", "P&L gross, rupees", 2},
    {"fees", "Fees, rupees", 2},
    {"pnl_net", "P&L net, rupees", 2},
    {"r_net", "R net", 2},
    {"exit_reason", "Exit by", 0},
    {"in_sample", "In sample", 0},
};
#define N_SHOWN (sizeof shown / sizeof *shown)

static void put_trade_cell(pxi_text *out, const px_table *trades, size_t c, size_t row, int decimals,
                           const px_zone *zone) {
    const px_column *column = &trades->columns[c];
    switch (column->type) {
    case PX_COLUMN_TIME:
        put_time(out, column, row, zone);
        break;
    case PX_COLUMN_TEXT:
        put_cell(out, px_table_text(trades, c, row));
        break;
    case PX_COLUMN_F64:
        put_number(out, column->u.f64[row], decimals);
        break;
    case PX_COLUMN_QUANTITY:
        put_quantity(out, column->u.f64[row]);
        break;
    case PX_COLUMN_I64:
    case PX_COLUMN_FLAG:
    case PX_COLUMN_BOOL:
        put_number(out, column->u.i64[row] == PX_NULL_I64 ? NAN : (double)column->u.i64[row], 0);
        break;
    }
}

static void put_trades(pxi_text *out, const px_table *trades, const px_zone *zone) {
    size_t at[N_SHOWN];
    pxi_text_printf(out, "<h2>Trades</h2>\n<p>%zu, by entry; times of bar starts, %s.</p>\n<table>\n<tr>",
                    trades->n_rows, px_zone_name(zone));
    for (size_t i = 0; i < N_SHOWN; i++) {
        at[i] = px_table_find(trades, shown[i].column);
        pxi_text_puts(out, "<th>");
        pxi_embed_html(out, shown[i].title);
    }
    for (size_t row = 0; row < trades->n_rows; row++) {
        pxi_text_puts(out, "\n<tr>");
        for (size_t i = 0; i < N_SHOWN; i++)
            if (at[i] != SIZE_MAX)
                put_trade_cell(out, trades, at[i], row, shown[i].decimals, zone);
    }
    pxi_text_puts(out, "\n</table>\n");
}

void pxi_plain_html(pxi_text *out, const px_run *run, const px_table *trades, const px_zone *zone) {
    put_request(out, run);
    put_warnings(out, run);
    put_headlines(out, &run->metrics);
    put_not_annualised(out, run->not_annualised);
    put_trades(out, trades, zone);
}
