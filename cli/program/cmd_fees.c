// SPDX-License-Identifier: Apache-2.0
/* pixity fees: the rates in force, built in or of a file, as a file that a copy of can be edited. */
#include "cli/frame/cli.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define MAX_ROWS 64 /* columns that a text still shows */

static const char *from_text(const px_fee_rates *row, char buf[PX_TIME_TEXT_SIZE]) {
    return px_date_format(px_date_from_civil(row->from), buf);
}

/* ---- text: a line a number, a column a row of the table, as people compare them -------------------------
 */

static px_status add_line(px_table *table, const char *name, px_error *err) {
    px_status status = px_table_add_row(table, err);
    return status ? status : px_table_set_text(table, 0, name, err);
}

static px_status add_dates(px_table *table, const px_fee_table *fees, px_error *err) {
    char from[PX_TIME_TEXT_SIZE];
    const px_fee_rates *row;
    px_status status = add_line(table, "from", err);
    for (size_t i = 0; !status && i + 1 < table->n_columns && (row = px_fee_table_at(fees, i)); i++)
        status = px_table_set_text(table, i + 1, from_text(row, from), err);
    return status;
}

static px_status add_numbers(px_table *table, const px_fee_table *fees, size_t field, px_error *err) {
    char number[PX_DOUBLE_TEXT_SIZE];
    px_status status = add_line(table, px_fee_rate_name(field), err);
    for (size_t i = 0; !status && i + 1 < table->n_columns; i++) {
        const double value = px_fee_rate_value(px_fee_table_at(fees, i), field);
        px_double_format(value, number);
        status = px_table_set_text(table, i + 1, isinf(value) ? "no cap" : number, err);
    }
    return status;
}

static px_status add_marks(px_table *table, const px_fee_table *fees, px_error *err) {
    px_status status = add_line(table, "approximate", err);
    for (size_t i = 0; !status && i + 1 < table->n_columns; i++)
        if (px_fee_table_at(fees, i)->approximate)
            status = px_table_set_text(table, i + 1, "yes", err);
    return status;
}

static px_status print_columns(const cli_call *call, const px_fee_table *fees, px_error *err) {
    px_column_def defs[MAX_ROWS + 1] = {{"rate", PX_COLUMN_TEXT}};
    px_table table = {0};
    size_t n = 0;
    for (; n < MAX_ROWS && px_fee_table_at(fees, n); n++)
        defs[n + 1] = (px_column_def){px_segment_name(px_fee_table_at(fees, n)->segment), PX_COLUMN_TEXT};
    px_status status = px_table_init(&table, defs, n + 1, err);
    if (!status)
        status = add_dates(&table, fees, err);
    for (size_t field = 0; !status && px_fee_rate_name(field); field++)
        status = add_numbers(&table, fees, field, err);
    if (!status)
        status = add_marks(&table, fees, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    return status;
}

/* ---- CSV: a line a row ----------------------------------------------------------------------------------
 */

enum { ROW_SEGMENT, ROW_FROM, ROW_APPROXIMATE, ROW_SOURCE, ROW_NUMBERS };

static px_status add_row(px_table *table, const px_fee_rates *row, px_error *err) {
    char from[PX_TIME_TEXT_SIZE];
    px_status status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, ROW_SEGMENT, px_segment_name(row->segment), err);
    if (!status)
        status = px_table_set_text(table, ROW_FROM, from_text(row, from), err);
    if (!status)
        status = px_table_set_text(table, ROW_SOURCE, row->source, err);
    if (status)
        return status;
    px_table_set_i64(table, ROW_APPROXIMATE, row->approximate);
    for (size_t i = 0; px_fee_rate_name(i); i++)
        if (isfinite(px_fee_rate_value(row, i)))
            px_table_set_f64(table, ROW_NUMBERS + i, px_fee_rate_value(row, i));
    return PX_OK;
}

static px_status print_rows(const cli_call *call, const px_fee_table *fees, px_error *err) {
    px_column_def defs[ROW_NUMBERS + 32] = {
        [ROW_SEGMENT] = {"segment", PX_COLUMN_TEXT},
        [ROW_FROM] = {"from", PX_COLUMN_TEXT},
        [ROW_APPROXIMATE] = {"approximate", PX_COLUMN_FLAG},
        [ROW_SOURCE] = {"source", PX_COLUMN_TEXT},
    };
    px_table table = {0};
    size_t n = 0;
    for (; n < 32 && px_fee_rate_name(n); n++)
        defs[ROW_NUMBERS + n] = (px_column_def){px_fee_rate_name(n), PX_COLUMN_F64};
    px_status status = px_table_init(&table, defs, ROW_NUMBERS + n, err);
    for (size_t i = 0; !status && px_fee_table_at(fees, i); i++)
        status = add_row(&table, px_fee_table_at(fees, i), err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_CSV, NULL, err);
    px_table_free(&table);
    return status;
}

/* ---- the verb --------------------------------------------------------------------------------------------
 */

static px_status print_file(const px_fee_table *fees, px_error *err) {
    char *text = NULL;
    px_status status = px_fee_table_to_json(fees, &text, err);
    if (!status)
        cli_print_text(text);
    free(text);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    px_fee_table *own = NULL;
    px_status status = cli_resolve_config(call, err);
    if (!status && *call->config.fee_table)
        status = px_fee_table_load(call->config.fee_table, &own, err);
    const px_fee_table *fees = own ? own : px_fee_table_builtin();
    if (!status && call->format == CLI_FORMAT_JSON)
        status = print_file(fees, err);
    else if (!status && call->format == CLI_FORMAT_CSV)
        status = print_rows(call, fees, err);
    else if (!status)
        status = print_columns(call, fees, err);
    px_fee_table_free(&own);
    return status;
}

const cli_verb cli_fees = {
    .name = "fees",
    .arguments = "",
    .summary = "Print the rates that fills are charged, by segment and date",
    .details =
        "Percent (pct) of a fill's turnover, or rupees. --json prints a file: edit a copy and give it as "
        "--set fee_table=FILE, here to check it, in a backtest to use it.",
    .groups = PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run,
};
