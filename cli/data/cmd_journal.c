// SPDX-License-Identifier: Apache-2.0
/* pixity data log|undo|delete|rename|verify: what changed stored bars, back again, away, another name, and
 * whether every file is what was written. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct journal_options {
    const char *exchange;
    int timeframe_minutes;
    bool dated_start, dated_end, forget;
    int32_t start, end;
} journal_options;

static px_status parse_start(const char *text, void *field, px_error *err) {
    journal_options *own = field;
    own->dated_start = true;
    return px_date_parse(text, &own->start, err);
}

static px_status parse_end(const char *text, void *field, px_error *err) {
    journal_options *own = field;
    own->dated_end = true;
    return px_date_parse(text, &own->end, err);
}

#define FIELD(name) offsetof(journal_options, name)
static const cli_place exchange_places[] = {
    {"exchange", .offset = FIELD(exchange)},
    {0},
};
static const cli_place undo_places[] = {
    {"exchange", .offset = FIELD(exchange)},
    {"timeframe", .offset = FIELD(timeframe_minutes)},
    {0},
};
static const cli_place delete_places[] = {
    {"exchange", .offset = FIELD(exchange)},
    {"timeframe", .offset = FIELD(timeframe_minutes)},
    {"start", 0, parse_start},
    {"end", 0, parse_end},
    {"forget", .offset = FIELD(forget)},
    {0},
};

/* The instrument that the first argument names, and the calendar of its exchange. */
static px_status open_instrument(cli_call *call, px_instrument *instrument, px_calendar **calendar,
                                 px_error *err) {
    const journal_options *own = call->own;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_instrument_find(call->home, call->arguments.items[0], own->exchange, PX_NO_DATE,
                                    instrument, err);
    return status ? status : cli_open_calendar(instrument->exchange, calendar, err);
}

/* ---- log ---------------------------------------------------------------------------------------------- */

/* The instrument that is named, else none: all, with times as on NSE. */
static px_status open_any(cli_call *call, px_instrument *instrument, px_calendar **calendar, px_error *err) {
    if (call->arguments.n > 0)
        return open_instrument(call, instrument, calendar, err);
    const journal_options *own = call->own;
    if (own->exchange)
        return cli_fail(err, PX_EINPUT, "--exchange goes with a symbol: name one, or leave it out");
    px_status status = cli_open_home_to_read(call, err);
    return status ? status : cli_open_calendar(NULL, calendar, err);
}

static px_status run_log(cli_call *call, px_error *err) {
    static const char *const narrow[] = {"symbol", "entry",    "timeframe", "at",       "kind",    "file",
                                         "stored", "replaced", "skipped",   "rejected", "removed", "undone"};
    const bool one = call->arguments.n > 0;
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_table table = {0};
    px_status status = open_any(call, &instrument, &calendar, err);
    if (!status)
        status = px_candles_log(call->home, one ? &instrument : NULL, &table, err);
    if (!status)
        status = cli_print_narrow(call, &table, narrow + one, sizeof narrow / sizeof *narrow - one,
                                  px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_log = {
    .name = "data log",
    .arguments = "[SYMBOL]",
    .max_arguments = 1,
    .summary =
        "List what changed stored bars, of an instrument or of all: imports, deletions, what was taken "
        "back",
    .details =
        "With --json or --csv each entry has the file's SHA-256, the options of the import and its findings "
        "too. Times are local to the exchange; of all instruments those of NSE.",
    .groups = PX_GROUP_OUTPUT,
    .places = exchange_places,
    .own_size = sizeof(journal_options),
    .run = run_log,
};

/* ---- undo --------------------------------------------------------------------------------------------- */

static px_status parse_entry(const char *text, int *entry, px_error *err) {
    char *end;
    const long value = strtol(text, &end, 10);
    if (*end || end == text || value < 1 || value > 999999)
        return cli_fail(err, PX_EINPUT, "\"%s\" is no entry of a journal: they are numbered from 1", text);
    *entry = (int)value;
    return PX_OK;
}

static void print_undone(json_t *report) {
    printf("%s %s: entry %lld is taken back, %lld bars removed, %lld as they were before\n",
           cli_text_at(report, "symbol"), cli_text_at(report, "timeframe"), cli_count_at(report, "entry"),
           cli_count_at(report, "removed"), cli_count_at(report, "restored"));
}

static px_status run_undo(cli_call *call, px_error *err) {
    const journal_options *own = call->own;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_candles_undone undone = {.timeframe_minutes = own->timeframe_minutes};
    px_status status =
        call->arguments.n > 1 ? parse_entry(call->arguments.items[1], &undone.entry, err) : PX_OK;
    if (!status)
        status = open_instrument(call, &instrument, &calendar, err);
    if (!status)
        status =
            px_candles_undo(call->home, &instrument, &(px_moment){.at_us = cli_clock_us()}, &undone, err);
    if (!status) {
        json_t *report =
            json_pack("{s:s, s:s, s:i, s:I, s:I}", "symbol", instrument.symbol, "timeframe",
                      px_timeframe_format(undone.timeframe_minutes, timeframe), "entry", undone.entry,
                      "removed", (json_int_t)undone.n_removed, "restored", (json_int_t)undone.n_restored);
        status = cli_print_document(call, NULL, report, print_undone, err);
        json_decref(report);
    }
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_undo = {
    .name = "data undo",
    .arguments = "SYMBOL [ENTRY]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary =
        "Take back the last change of an instrument's stored bars, or the one of an entry of `data log`",
    .details =
        "Every bar that the entry touched is as it was before it. That is an entry too and can be taken back "
        "itself. Where a later entry changed some of the same bars, that has to be taken back first.",
    .groups = PX_GROUP_OUTPUT,
    .places = undo_places,
    .own_size = sizeof(journal_options),
    .run = run_undo,
};

/* ---- delete ------------------------------------------------------------------------------------------- */

static void print_removed(json_t *report) {
    json_t *list = json_object_get(report, "series");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *series = json_array_get(list, i);
        printf("%s %s: %lld bars removed\n", cli_text_at(series, "symbol"), cli_text_at(series, "timeframe"),
               cli_count_at(series, "removed"));
    }
}

static px_status run_delete(cli_call *call, px_error *err) {
    const journal_options *own = call->own;
    const px_moment moment = {.at_us = cli_clock_us(), .forget = own->forget};
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_candles_window window = {.timeframe_minutes = own->timeframe_minutes};
    char *report = NULL;
    px_status status = open_instrument(call, &instrument, &calendar, err);
    call->data.start_date = own->dated_start ? own->start : PX_NO_DATE;
    call->data.end_date = own->dated_end ? own->end : PX_NO_DATE;
    if (!status)
        status = cli_find_window(call, calendar, &window.begin_us, &window.end_us, err);
    if (!status)
        status = px_candles_delete(call->home, &instrument, &window, &moment, &report, err);
    if (!status) {
        json_t *document = json_loads(report, 0, NULL);
        status = cli_print_document(call, NULL, document, print_removed, err);
        json_decref(document);
    }
    free(report);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_delete = {
    .name = "data delete",
    .arguments = "SYMBOL",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Remove stored bars of an instrument: all of them, or those of a timeframe or of some days",
    .details =
        "`pixity data undo` brings them back, unless --forget: then no copy of them is kept, which frees the "
        "disk, and nothing that came before can be taken back either. Runs that used the bars stay. Several "
        "timeframes are removed one after the other, each whole.",
    .groups = PX_GROUP_OUTPUT,
    .places = delete_places,
    .own_size = sizeof(journal_options),
    .run = run_delete,
};

/* ---- rename ------------------------------------------------------------------------------------------- */

static void print_renamed(json_t *report) {
    printf("%s is %s (%s) now\n", cli_text_at(report, "from"), cli_text_at(report, "symbol"),
           cli_text_at(report, "instrument_key"));
}

static px_status run_rename(cli_call *call, px_error *err) {
    px_instrument instrument = {0}, renamed = {0};
    px_calendar *calendar = NULL;
    px_status status = open_instrument(call, &instrument, &calendar, err);
    if (!status)
        status = px_candles_rename(call->home, &instrument, call->arguments.items[1], cli_clock_us(),
                                   &renamed, err);
    if (!status) {
        json_t *report = json_pack("{s:s, s:s, s:s}", "from", instrument.symbol, "symbol", renamed.symbol,
                                   "instrument_key", renamed.key);
        status = cli_print_document(call, NULL, report, print_renamed, err);
        json_decref(report);
    }
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_rename = {
    .name = "data rename",
    .arguments = "OLD NEW",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Give the stored bars of an instrument another name, with their splits, bonuses and journal",
    .details =
        "NEW may be an instrument that is known, such as TCS for bars that came in as TCS_1min, if it has no "
        "bars yet. Ticks and lots go along where NEW has none. Runs keep the name that they were made under.",
    .groups = PX_GROUP_OUTPUT,
    .places = exchange_places,
    .own_size = sizeof(journal_options),
    .run = run_rename,
};

/* ---- verify ------------------------------------------------------------------------------------------- */

static px_status run_verify(cli_call *call, px_error *err) {
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_table table = {0};
    size_t n_wrong = 0;
    const bool one = call->arguments.n > 0;
    px_status status = open_any(call, &instrument, &calendar, err);
    if (!status)
        status = px_candles_verify(call->home, one ? &instrument : NULL, &table, err);
    cli_progress_end();
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    const size_t sum = px_table_find(&table, "checksum");
    for (size_t row = 0; !status && row < table.n_rows; row++)
        n_wrong += strcmp(px_table_text(&table, sum, row), "wrong") == 0;
    if (!status && n_wrong)
        status = cli_fail(err, PX_ECORRUPT,
                          "%zu of %zu files are damaged: remove them and import their years again", n_wrong,
                          table.n_rows);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_data_verify = {
    .name = "data verify",
    .arguments = "[SYMBOL]",
    .max_arguments = 1,
    .summary = "Read every byte of every stored candle file and hold it against its checksum",
    .details =
        "The checksum is ok, wrong, or none: of a file that an earlier version wrote, whose bars are checked "
        "for what bars can be. The exit status is 1 where a file is damaged.",
    .groups = PX_GROUP_OUTPUT,
    .places = exchange_places,
    .own_size = sizeof(journal_options),
    .run = run_verify,
};
