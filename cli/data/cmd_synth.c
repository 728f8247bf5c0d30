// SPDX-License-Identifier: Apache-2.0
/* pixity synth: one-minute bars made from a seed, into the home folder. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct synth_options {
    const char *symbol;
    int64_t days;
    bool seeded;
    uint64_t seed;
    px_synth_kind kind;
    bool dated;
    int32_t start;
} synth_options;

static px_status parse_seed(const char *text, void *field, px_error *err) {
    synth_options *own = field;
    own->seeded = true;
    return cli_parse_seed(text, &own->seed, err);
}

static px_status parse_start(const char *text, void *field, px_error *err) {
    synth_options *own = field;
    own->dated = true;
    return px_date_parse(text, &own->start, err);
}

static const cli_place synth_places[] = {
    {"symbol", .offset = offsetof(synth_options, symbol)},
    {"days", .offset = offsetof(synth_options, days)},
    {"seed", 0, parse_seed},
    {"kind", .offset = offsetof(synth_options, kind)},
    {"start", 0, parse_start},
    {0},
};

static px_status check_options(cli_call *call, const synth_options *own, px_error *err) {
    if (!own->symbol)
        return cli_fail_usage(call, err, "--symbol is missing");
    if (strchr(own->symbol, ',') || *own->symbol == '@')
        return cli_fail_usage(call, err, "--symbol: one symbol at a time here, not \"%s\"", own->symbol);
    if (!own->days)
        return cli_fail_usage(call, err, "--days is missing");
    return own->seeded ? PX_OK : cli_fail_usage(call, err, "--seed is missing");
}

static px_status store(cli_call *call, const synth_options *own, int32_t start, const px_bars *bars,
                       px_import_report *report, px_error *err) {
    px_instrument instrument = {0};
    px_status status = cli_open_home(call, err);
    if (!status)
        status = px_instrument_ensure(call->home, own->symbol, PX_USUAL_EXCHANGE, &instrument, err);
    if (!status)
        status = px_candles_store(
            call->home,
            &(px_candles_import){
                .instrument = &instrument, .timeframe_minutes = 1, .bars = bars, .kind = "synth"},
            report, err); /* without an instant: the same seed, the same bytes */
    if (status == PX_EEXISTS)
        return cli_fail(
            err, status,
            "%s already has other bars; nothing stored: take another symbol, or the seed, kind and "
            "start that it was made with",
            own->symbol);
    if (!status)
        status = px_instrument_set_tick(call->home, instrument.key, start, PX_SYNTH_TICK, 1, err);
    return status;
}

static void print_text(json_t *report) {
    const char *symbol, *first, *last;
    json_int_t bars, stored, duplicate;
    json_unpack(report, "{s:s, s:I, s:I, s:I, s:s, s:s}", "symbol", &symbol, "bars", &bars, "stored", &stored,
                "duplicate", &duplicate, "first", &first, "last", &last);
    printf("%s 1m: %lld synthetic bars, %s .. %s\n%lld stored, %lld there already\n", symbol, (long long)bars,
           first, last, (long long)stored, (long long)duplicate);
}

static px_status print_report(const cli_call *call, const synth_options *own, const px_bars *bars,
                              const px_import_report *report, const px_zone *zone, px_error *err) {
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    json_t *document =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "symbol", own->symbol, "timeframe", "1m", "bars",
                  (json_int_t)bars->n, "stored", (json_int_t)report->n_stored, "duplicate",
                  (json_int_t)report->n_duplicate, "first", px_time_format_iso(bars->ts_us[0], zone, first),
                  "last", px_time_format_iso(bars->ts_us[bars->n - 1], zone, last));
    px_status status = cli_print_document(call, NULL, document, print_text, err);
    json_decref(document);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    static const px_civil default_start = {2023, 1, 2};
    const synth_options *own = call->own;
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    px_import_report report = {0};
    int32_t start = own->dated ? own->start : px_date_from_civil(default_start);
    px_status status = check_options(call, own, err);
    if (!status)
        status = cli_open_calendar(NULL, &calendar, err);
    if (!status)
        status = px_synth_bars(own->kind, own->seed, (int)own->days, start, calendar, &bars, err);
    if (!status)
        status = store(call, own, start, &bars, &report, err);
    if (!status)
        status = print_report(call, own, &bars, &report, px_calendar_zone(calendar), err);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_synth = {
    .name = "synth",
    .arguments = "",
    .summary = "Make synthetic one-minute NSE bars in the data folder; same seed, same bytes",
    .details =
        "A random walk carries no edge: what a strategy earns on it before costs is luck or a look into "
        "the future. The tick is set on the instrument.",
    .groups = PX_GROUP_OUTPUT,
    .places = synth_places,
    .own_size = sizeof(synth_options),
    .run = run,
};
