// SPDX-License-Identifier: Apache-2.0
/* pixity data candles: stored bars as a chart, in the terminal or as a picture. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <sys/ioctl.h>

typedef struct candles_options {
    const char *exchange, *png, *svg;
    px_picture_config size;
    int timeframe_minutes;
    bool dated_start, dated_end, force;
    int32_t start, end;
    int64_t points;
} candles_options;

static px_status parse_start(const char *text, void *field, px_error *err) {
    candles_options *own = field;
    own->dated_start = true;
    return px_date_parse(text, &own->start, err);
}

static px_status parse_end(const char *text, void *field, px_error *err) {
    candles_options *own = field;
    own->dated_end = true;
    return px_date_parse(text, &own->end, err);
}

#define FIELD(name) offsetof(candles_options, name)
static const cli_place candles_places[] = {
    {"exchange", .offset = FIELD(exchange)},
    {"timeframe", .offset = FIELD(timeframe_minutes)},
    {"start", 0, parse_start},
    {"end", 0, parse_end},
    {"points", .offset = FIELD(points)},
    {"png", .offset = FIELD(png)},
    {"svg", .offset = FIELD(svg)},
    {"size", .offset = FIELD(size), cli_parse_pixels},
    {"force", .offset = FIELD(force)},
    {0},
};

/* ---- which bars --------------------------------------------------------------------------------------- */

/* Characters of the terminal, or of a usual one where the output goes elsewhere. */
static void find_room(size_t *width, int *height) {
    enum { AXIS = 12, WORDS = 4 };
    struct winsize window = {0};
    bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
    *width = (known && window.ws_col > AXIS + 20 ? window.ws_col : 100) - AXIS;
    *height = known && window.ws_row > WORDS + 8 ? window.ws_row - WORDS - 2 : 20;
}

/* The finest stored, where none is named. */
static px_status choose_timeframe(cli_call *call, const px_instrument *instrument, int *minutes,
                                  px_error *err) {
    const candles_options *own = call->own;
    int *stored = NULL;
    size_t n = 0;
    *minutes = own->timeframe_minutes;
    if (*minutes || call->data.continuous.rank)
        return PX_OK;
    px_status status = px_candles_timeframes(call->home, instrument->key, &stored, &n, err);
    if (!status && n == 0)
        status = cli_fail(err, PX_ENOTFOUND, "%s has no stored bars; `pixity data list` shows what there is",
                          instrument->symbol);
    if (!status)
        *minutes = stored[0];
    free(stored);
    return status;
}

static px_status load_columns(cli_call *call, const px_instrument *instrument,
                              const px_columns_request *request, px_columns *out, px_error *err) {
    const bool joined = call->data.continuous.rank != PX_CONTINUOUS_NONE;
    return px_series_columns(call->home, joined ? instrument->symbol : instrument->key, instrument->exchange,
                             request, NULL, out, err);
}

/* Without dates the last bars, each a candle; with them all, merged where a chart has no room for each. */
static px_status load(cli_call *call, const px_instrument *instrument, px_columns *out, px_error *err) {
    enum { IN_A_PICTURE = 240 };
    const candles_options *own = call->own;
    px_columns_request request = px_columns_request_default();
    request.continuous = call->data.continuous;
    const bool dated = own->dated_start || own->dated_end;
    const bool rows = call->format != CLI_FORMAT_DEFAULT || call->file;
    const bool picture = own->png || own->svg;
    size_t room = IN_A_PICTURE;
    int height;
    if (!rows && !picture)
        find_room(&room, &height);
    const size_t points = own->points ? (size_t)own->points : rows && dated ? 0 : room;
    if (own->dated_start)
        request.start_date = own->start;
    if (own->dated_end)
        request.end_date = own->end;
    request.points = points;
    request.last = own->dated_start ? 0 : points;
    px_status status = choose_timeframe(call, instrument, &request.timeframe_minutes, err);
    if (!status)
        status = load_columns(call, instrument, &request, out, err);
    if (!status && !rows && !picture && !own->points && out->n_rows + out->n_holes > room) {
        const size_t holes = out->n_holes < room / 2 ? out->n_holes : room / 2; /* they take room too */
        request.points = room - holes;
        request.last = request.last ? request.points : 0;
        px_columns_free(out);
        status = load_columns(call, instrument, &request, out, err);
    }
    return status;
}

/* ---- what becomes of them ----------------------------------------------------------------------------- */

static px_status print_rows(const cli_call *call, const px_columns *columns, const px_zone *zone,
                            px_error *err) {
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    enum { N = sizeof names / sizeof *names };
    px_column made[1 + N];
    int64_t *times = calloc(columns->n_rows + 1, sizeof *times);
    if (!times)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t row = 0; row < columns->n_rows; row++)
        times[row] = px_zone_to_utc(zone, columns->time_s[row] * PX_US_PER_SECOND);
    made[0] = (px_column){"timestamp", PX_COLUMN_TIME, {.i64 = times}};
    for (size_t c = 0; c < N; c++) /* the table only looks */
        made[1 + c] = (px_column){names[c], PX_COLUMN_F64, {.f64 = columns->columns[c].values}};
    const px_table table = {.n_rows = columns->n_rows, .n_columns = 1 + N, .columns = made};
    px_status status = cli_print_table(call, &table, PX_TABLE_CSV, zone, err);
    free(times);
    return status;
}

static px_status print_json(const px_columns *columns, px_error *err) {
    char *json = NULL;
    size_t length;
    px_status status = px_columns_to_json(columns, &json, &length, err);
    if (!status)
        cli_print_text(json);
    free(json);
    return status;
}

static px_status print_chart(const px_columns *columns, const char *title, px_error *err) {
    size_t width;
    int height;
    char *text = NULL;
    find_room(&width, &height);
    px_status status = px_candles_text(columns, title, height, &text, err);
    if (!status)
        cli_print_text(text);
    free(text);
    return status;
}

static px_status draw_files(const candles_options *own, const px_columns *columns, const char *title,
                            px_error *err) {
    const char *paths[] = {own->png, own->svg};
    px_candles_picture picture = {columns, title, own->size};
    px_status status = PX_OK;
    for (int svg = 0; svg < 2 && !status; svg++) {
        picture.size.svg = svg;
        if (paths[svg])
            status = px_candles_draw_file(&picture, paths[svg], own->force, err);
    }
    if (!status)
        printf("%s drawn to %s%s%s\n", title, own->png ? own->png : own->svg,
               own->png && own->svg ? " and " : "", own->png && own->svg ? own->svg : "");
    return status;
}

static px_status show(cli_call *call, const px_instrument *instrument, const px_columns *columns,
                      const px_zone *zone, px_error *err) {
    const candles_options *own = call->own;
    char title[PX_NAME_SIZE + 64], which[24] = "";
    if (call->data.continuous.rank)
        snprintf(which, sizeof which, " %s future", px_continuous_rank_name(call->data.continuous.rank));
    snprintf(title, sizeof title, "%s%s on %s", instrument->symbol, which, instrument->exchange);
    if (columns->n_rows == 0)
        return cli_fail(err, PX_EINPUT,
                        "%s has no bars in these dates; `pixity data list` shows what there is",
                        instrument->symbol);
    if (own->png || own->svg)
        return draw_files(own, columns, title, err);
    if (call->format == CLI_FORMAT_JSON)
        return print_json(columns, err);
    if (call->format == CLI_FORMAT_CSV || call->file)
        return print_rows(call, columns, zone, err);
    return print_chart(columns, title, err);
}

static px_status check_options(cli_call *call, px_error *err) {
    const candles_options *own = call->own;
    const bool picture = own->png || own->svg;
    if (own->png && !cli_has_ending(own->png, ".png"))
        return cli_fail_usage(call, err, "--png names a picture, which ends with .png, not %s", own->png);
    if (own->svg && !cli_has_ending(own->svg, ".svg"))
        return cli_fail_usage(call, err, "--svg names a picture, which ends with .svg, not %s", own->svg);
    if (picture && (call->format != CLI_FORMAT_DEFAULT || call->file))
        return cli_fail_usage(call, err, "a picture is one thing, rows are another: ask for one at a time");
    if ((own->size.width || own->force) && !picture)
        return cli_fail_usage(call, err, "--size and --force go with --png or --svg");
    return PX_OK;
}

/* Of a continuous series a root on an exchange. */
static px_status find_instrument(const cli_call *call, px_instrument *out, px_error *err) {
    const candles_options *own = call->own;
    const char *name = call->arguments.items[0],
               *exchange = own->exchange ? own->exchange : PX_USUAL_EXCHANGE;
    if (!call->data.continuous.rank)
        return px_instrument_find(call->home, name, own->exchange, PX_NO_DATE, out, err);
    snprintf(out->exchange, sizeof out->exchange, "%s", exchange);
    return px_continuous_check_root(call->home, name, exchange, out->symbol, err);
}

static px_status run_candles(cli_call *call, px_error *err) {
    const candles_options *own = call->own;
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_columns columns = {0};
    px_status status = cli_check_continuous(call, err);
    if (!status)
        status = check_options(call, err);
    if (!status)
        status = cli_check_free((const char *const[]){own->png, own->svg}, 2, own->force, err);
    if (!status)
        status = cli_open_home_to_read(call, err);
    if (!status)
        status = find_instrument(call, &instrument, err);
    if (!status)
        status = cli_open_calendar(instrument.exchange, &calendar, err);
    if (!status)
        status = load(call, &instrument, &columns, err);
    if (!status)
        status = show(call, &instrument, &columns, px_calendar_zone(calendar), err);
    px_columns_free(&columns);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_candles = {
    .name = "data candles",
    .arguments = "SYMBOL",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show stored bars as a chart: in the terminal, as a picture, or its rows",
    .details =
        "Without dates the last bars are shown, each as a candle; with dates all of them, several to a "
        "candle "
        "where there are more than --points. Bars are those that every verb sees: inside sessions, adjusted "
        "for "
        "splits and bonuses, of --timeframe or, where none is named, of the finest that is stored. Where "
        "bars "
        "are missing the chart breaks; nothing is drawn in their place. With --continuous SYMBOL is the root "
        "of "
        "futures, as NIFTY. --csv prints the rows and --json the "
        "same document as the HTTP API, with the holes.",
    .groups = PX_GROUP_CONTINUOUS | PX_GROUP_OUTPUT,
    .places = candles_places,
    .own_size = sizeof(candles_options),
    .run = run_candles,
};
