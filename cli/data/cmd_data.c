// SPDX-License-Identifier: Apache-2.0
/* pixity data list|export|instruments: what is stored, out again, and what instruments are called. */
#include "cli/frame/cli.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* ---- list --------------------------------------------------------------------------------------------- */

enum {
    LIST_SYMBOL,
    LIST_KEY,
    LIST_EXCHANGE,
    LIST_TIMEFRAME,
    LIST_FIRST,
    LIST_LAST,
    LIST_BARS,
    LIST_STATUS,
    N_LIST
};

/* A row whose times are written in the zone of its exchange; UTC where that is not known. */
static px_status add_listed(const cli_call *call, const px_table *from, size_t row, px_table *to,
                            px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    px_calendar *calendar = NULL;
    px_status status = px_table_add_row(to, err);
    for (size_t c = LIST_SYMBOL; !status && c <= LIST_TIMEFRAME; c++)
        status = px_table_set_text(to, c, px_table_text(from, c, row), err);
    (void)!cli_open_calendar(px_table_text(from, LIST_EXCHANGE, row), &calendar, NULL);
    const px_zone *zone = calendar ? px_calendar_zone(calendar) : NULL;
    for (size_t c = LIST_FIRST; !status && c <= LIST_LAST; c++) {
        int64_t ts_us = from->columns[c].u.i64[row];
        if (ts_us == PX_NULL_I64) /* the series is damaged */
            continue;
        status = px_table_set_text(to, c,
                                   call->format == CLI_FORMAT_JSON ? px_time_format_iso(ts_us, zone, text)
                                                                   : px_time_format_local(ts_us, zone, text),
                                   err);
    }
    if (!status)
        px_table_set_i64(to, LIST_BARS, from->columns[LIST_BARS].u.i64[row]);
    if (!status)
        status = px_table_set_text(to, LIST_STATUS, px_table_text(from, LIST_STATUS, row), err);
    px_calendar_close(&calendar);
    return status;
}

static px_status run_list(cli_call *call, px_error *err) {
    px_table stored = {0}, table = {0};
    px_column_def defs[N_LIST];
    px_status status = cli_open_home(call, err);
    if (!status)
        status = px_candles_list(call->home, &stored, err);
    for (size_t c = 0; !status && c < N_LIST; c++)
        defs[c] = (px_column_def){stored.columns[c].name, c == LIST_BARS ? PX_COLUMN_I64 : PX_COLUMN_TEXT};
    if (!status)
        status = px_table_init(&table, defs, N_LIST, err);
    for (size_t row = 0; !status && row < stored.n_rows; row++)
        status = add_listed(call, &stored, row, &table, err);
    if (!status)
        status = cli_print_table(call, call->file ? &stored : &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    px_table_free(&stored);
    return status;
}

const cli_verb cli_data_list = {
    .name = "data list",
    .arguments = "",
    .summary = "List the stored series: instrument, timeframe, first and last bar, how many",
    .details = "Times are local to each row's exchange. The status is ok, or says which file of a series is "
               "damaged; "
               "the others can be used all the same.",
    .groups = PX_GROUP_OUTPUT,
    .run = run_list,
};

/* ---- export ------------------------------------------------------------------------------------------- */

typedef struct export_options {
    const char *out;
    bool adjusted;
} export_options;

static const cli_place export_places[] = {
    {"out", .offset = offsetof(export_options, out)},
    {"adjusted", .offset = offsetof(export_options, adjusted)},
    {0},
};

/* On the calendar of the instrument's exchange, whether that was named or not. */
static px_status read_stored(cli_call *call, px_calendar **calendar, px_instrument *instrument, px_bars *bars,
                             px_error *err) {
    const px_data_request *data = &call->data;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    int64_t begin_us = 0, end_us = 0;
    int minutes = data->timeframe_minutes ? data->timeframe_minutes : 1;
    int32_t date = data->start_date == PX_NO_DATE ? 0 : data->start_date;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_instrument_find(call->home, data->symbol, data->exchange, date, instrument, err);
    if (!status)
        status = cli_open_calendar(instrument->exchange, calendar, err);
    if (!status)
        status = cli_find_window(call, *calendar, &begin_us, &end_us, err);
    if (!status)
        status = px_candles_read(call->home, instrument, minutes, begin_us, end_us, bars, err);
    if (!status && bars->n == 0)
        status = cli_fail(err, PX_EINPUT,
                          "%s has no %s bars in the window; `pixity data list` shows what there is",
                          instrument->symbol, px_timeframe_format(minutes, timeframe));
    return status;
}

/* Inside sessions, and adjusted, as every other verb sees them. */
static px_status read_continuous(cli_call *call, px_calendar **calendar, px_instrument *instrument,
                                 px_bars *bars, px_error *err) {
    px_data_request request = call->data;
    px_dataset data = {0};
    request.timeframe_minutes = request.timeframe_minutes ? request.timeframe_minutes : 1;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_dataset_load(call->home, &request, PX_ANCHOR_OPEN, 0, &data, err);
    if (status)
        return status;
    cli_log(call, CLI_LOG_INFO, "%s", data.source);
    *calendar = data.calendar;
    *instrument = data.instrument;
    *bars = data.bars;
    data.calendar = NULL;
    data.bars = (px_bars){0};
    px_dataset_free(&data);
    return PX_OK;
}

static px_status run_export(cli_call *call, px_error *err) {
    const export_options *own = call->own;
    px_calendar *calendar = NULL;
    px_instrument instrument = {0};
    px_bars bars = {0};
    if (!call->data.symbol)
        return cli_fail_usage(call, err, "--symbol is missing");
    if (own->out && call->format != CLI_FORMAT_DEFAULT)
        return cli_fail_usage(call, err, "--out takes its format from the file's ending: no --csv or --json");
    if (call->keep_formulas)
        return cli_fail_usage(call, err, "--keep-formulas: bars have no texts but the symbol's name");
    px_status status = cli_check_continuous(call, err);
    if (!status)
        status = call->data.continuous.rank ? read_continuous(call, &calendar, &instrument, &bars, err)
                                            : read_stored(call, &calendar, &instrument, &bars, err);
    if (!status && own->adjusted && !call->data.continuous.rank)
        status = cli_adjust_stored(call, calendar, &instrument, &bars, err);
    if (!status && own->out)
        status = px_bars_export(&bars, instrument.symbol, px_calendar_zone(calendar), own->out, err);
    else if (!status)
        status = cli_print_bars(call, &bars, px_calendar_zone(calendar), err);
    if (!status && own->out)
        cli_log(call, CLI_LOG_INFO, "%zu bars written to %s", bars.n, own->out);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_export = {
    .name = "data export",
    .arguments = "",
    .summary = "Write stored bars of one instrument and timeframe (default 1m), as they are stored",
    .details =
        "Columns: timestamp,open,high,low,close,volume. CSV on standard output, or --json, or a file. Bars "
        "of a longer timeframe than the stored one: `pixity resample`. With --continuous the bars are those "
        "that "
        "every other verb sees: joined, inside sessions, adjusted, and of any timeframe that can be made.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_OUTPUT,
    .places = export_places,
    .own_size = sizeof(export_options),
    .run = run_export,
};

/* ---- instruments -------------------------------------------------------------------------------------- */

typedef struct instruments_options {
    double tick, lot;
    const char *exchange;
    bool has_lot, dated;
    int32_t from;
} instruments_options;

/* 0 is one. */
static px_status parse_lot(const char *text, void *field, px_error *err) {
    instruments_options *own = field;
    own->has_lot = true;
    if (strcmp(text, "0") == 0) /* any fraction */
        return PX_OK;
    px_status status = cli_parse_positive(text, &own->lot, err);
    if (!status && !px_lot_is_valid(own->lot))
        status =
            cli_fail(err, PX_EINPUT,
                     "\"%s\" is no lot: give how many shares, contracts or coins it is (0.001), or 0 for any "
                     "fraction",
                     text);
    return status;
}

static px_status parse_from(const char *text, void *field, px_error *err) {
    instruments_options *own = field;
    own->dated = true;
    return px_date_parse(text, &own->from, err);
}

static const cli_place instruments_places[] = {
    {"tick", .offset = offsetof(instruments_options, tick)},
    {"lot", 0, parse_lot},
    {"from", 0, parse_from},
    {"exchange", .offset = offsetof(instruments_options, exchange)},
    {0},
};

static px_status set_tick(cli_call *call, const instruments_options *own, px_error *err) {
    static const px_civil beginning = {1900, 1, 1};
    const char *name = call->arguments.items[0];
    px_instrument instrument = {0};
    int32_t from = own->dated ? own->from : px_date_from_civil(beginning);
    if (own->tick <= 0 && !own->has_lot)
        return cli_fail_usage(call, err, "%s: say what to set: --tick X or --lot N", name);
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_instrument_find(call->home, name, own->exchange, from, &instrument, err);
    if (!status)
        status = px_instrument_set_tick(call->home, instrument.key, from,
                                        own->tick > 0 ? own->tick : instrument.tick,
                                        own->has_lot ? own->lot : instrument.lot_size, err);
    return status;
}

static px_status run_instruments(cli_call *call, px_error *err) {
    const instruments_options *own = call->own;
    px_table table = {0};
    px_status status = PX_OK;
    if (call->arguments.n)
        status = set_tick(call, own, err);
    else if (own->tick > 0 || own->has_lot || own->dated)
        return cli_fail_usage(call, err, "NAME is missing: which instrument to set --tick or --lot of");
    if (!status)
        status = cli_open_home(call, err);
    if (!status)
        status = px_instruments_list(call->home, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    return status;
}

const cli_verb cli_data_instruments = {
    .name = "data instruments",
    .arguments = "[NAME]",
    .max_arguments = 1,
    .summary = "List instruments with aliases, ticks and lots; with NAME, set its tick or lot first",
    .details =
        "Stops and targets are rounded to the tick; without one they are not rounded. Quantities are whole "
        "lots: 25 contracts, 0.001 coins, or with --lot 0 any fraction. Both may change with time: set them "
        "again with a later --from.",
    .groups = PX_GROUP_OUTPUT,
    .places = instruments_places,
    .own_size = sizeof(instruments_options),
    .run = run_instruments,
};
