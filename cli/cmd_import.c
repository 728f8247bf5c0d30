// SPDX-License-Identifier: Apache-2.0
/* pixity import: bar files into the data folder. All files are read and checked before anything is stored, so
 * that a command that fails for what is in them has stored nothing. */
#include "cli.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct import_options {
    const char *exchange, *symbol, *tz;
    int timeframe_minutes;
    bool stamped_at_close;
    px_on_conflict on_conflict;
} import_options;

static px_status parse_on_conflict(const char *text, void *field, px_error *err) {
    static const char *const names[] = {"error", "skip", "replace"};
    static const px_on_conflict values[] = {PX_CONFLICT_ERROR, PX_CONFLICT_SKIP, PX_CONFLICT_REPLACE};
    size_t i;
    px_status status = cli_parse_choice("way", text, names, 3, &i, err);
    if (!status)
        *(px_on_conflict *)field = values[i];
    return status;
}

#define FIELD(name) offsetof(import_options, name)
static const cli_option import_table[] = {
    {"exchange", 0, "X", "Exchange of the instruments (default: NSE)", cli_parse_text, FIELD(exchange)},
    {"symbol", 0, "S",
     "Names the bars of a file that holds one series; of several it takes S, or A,B, or @FILE with one a "
     "line "
     "(default: all, named by the symbol column, else by the file)",
     cli_parse_text, FIELD(symbol)},
    {"timeframe", 0, "T", "Timeframe of the bars (default: 1m)", cli_parse_timeframe,
     FIELD(timeframe_minutes)},
    {"tz", 0, "Z", "Zone of times without an offset (default: the exchange's)", cli_parse_text, FIELD(tz)},
    {"stamp", 0, "open|close", "Which end of the bar its time names (default: open)", cli_parse_stamp,
     FIELD(stamped_at_close)},
    {"on-conflict", 0, "WAY",
     "A stored bar with other values: error (default; nothing is stored), skip (keeps it), replace",
     parse_on_conflict, FIELD(on_conflict)},
    {0},
};

/* One series of one file, on its way. */
typedef struct import_part {
    size_t file;
    const char *symbol;
    px_bars *bars; /* sorted, repeats dropped */
    px_instrument instrument;
    size_t n_repeats; /* dropped: equal, or under skip and replace also other values at one time */
    size_t n_skipped;
    px_import_report stored;
} import_part;

typedef struct import {
    cli_call *call;
    const import_options *own;
    cli_symbols symbols; /* of --symbol */
    int timeframe_minutes;
    px_calendar *calendar;
    px_zone *tz; /* NULL: the calendar's */
    size_t n_files;
    px_source *sources;
    size_t n_parts;
    import_part *parts;
} import;

static const char *path_of(const import *im, size_t file) {
    return im->call->arguments.items[file];
}

static const px_zone *zone_of(const import *im) {
    return px_calendar_zone(im->calendar);
}

/* As the calendar spells it. */
static const char *exchange_of(const import *im) {
    return px_calendar_name(im->calendar);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static size_t count_bars(const px_source *source) {
    size_t n = 0;
    for (size_t i = 0; i < source->n_series; i++)
        n += source->series[i].bars.n;
    return n;
}

/* The report is JSON. */
static px_status check_path(const char *path, px_error *err) {
    json_t *text = json_string(path);
    json_decref(text);
    return text
               ? PX_OK
               : cli_fail(err, PX_EINPUT, "%s: the path is not UTF-8 text: give the file another name", path);
}

static px_status read_file(import *im, size_t file, px_error *err) {
    px_source *source = &im->sources[file];
    const px_source_config config = {
        .path = path_of(im, file),
        .zone = im->tz ? im->tz : zone_of(im),
        .default_symbol = im->symbols.n == 1 ? im->symbols.items[0] : NULL,
        .timeframe_minutes = im->timeframe_minutes,
        .stamped_at_close = im->own->stamped_at_close,
        .calendar = im->calendar,
    };
    px_status status = check_path(config.path, err);
    if (!status)
        status = cli_source_read(&config, source, err);
    if (status || count_bars(source) > 0)
        return status;
    if (!source->n_rejected)
        return cli_fail(err, PX_EINPUT, "%s: there are no rows; nothing stored", config.path);
    return cli_fail(err, PX_EINPUT, "%s: no row is a bar (%zu read; line %zu: %s); nothing stored",
                    config.path, source->n_read, source->rejections[0].line, source->rejections[0].reason);
}

static px_status read_files(import *im, px_error *err) {
    cli_progress progress = cli_progress_begin(im->call);
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_files; i++) {
        cli_progress_show(&progress, "read", i, im->n_files);
        status = read_file(im, i, err);
    }
    cli_progress_end(&progress);
    if (!status)
        status = px_source_choose(im->sources, im->n_files, (const char *const *)im->symbols.items,
                                  im->symbols.n, err);
    if (status == PX_ENOTFOUND && im->n_files == 1)
        cli_fail_prefix(err, status, "%s", path_of(im, 0));
    return status;
}

static px_status fail_timeframe(const import *im, const import_part *part, px_status status, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    int likely = px_bars_likely_timeframe(part->bars);
    if (likely > im->timeframe_minutes)
        return cli_fail(err, status, "%s: these look like %s bars: --timeframe %s; nothing stored",
                        path_of(im, part->file), px_timeframe_format(likely, timeframe), timeframe);
    return cli_fail_prefix(err, status, "%s", path_of(im, part->file));
}

static px_status fail_conflict(const import *im, const import_part *part, int64_t ts_us, const char *with,
                               px_error *err) {
    char when[PX_TIME_TEXT_SIZE];
    return cli_fail(
        err, PX_EINPUT,
        "%s: the %s bar of %s has other values than %s; nothing stored (--on-conflict skip keeps the "
        "first, replace takes the new one)",
        path_of(im, part->file), part->symbol, px_time_format_local(ts_us, zone_of(im), when), with);
}

/* Sorts each series; within one file the first of several bars at one time stays. */
static px_status make_parts(import *im, px_error *err) {
    size_t n = 0;
    for (size_t f = 0; f < im->n_files; f++)
        n += im->sources[f].n_series;
    im->parts = calloc(n ? n : 1, sizeof *im->parts);
    if (!im->parts)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t f = 0; f < im->n_files; f++)
        for (size_t s = 0; s < im->sources[f].n_series; s++) {
            px_source_series *series = &im->sources[f].series[s];
            import_part *part = &im->parts[im->n_parts];
            int64_t first_us = 0;
            if (!series->bars.n)
                continue;
            *part = (import_part){.file = f, .symbol = series->symbol, .bars = &series->bars};
            px_status status = px_instrument_check_name(part->symbol, exchange_of(im), err);
            if (status)
                return cli_fail_prefix(err, status, "%s", path_of(im, f));
            status = px_bars_normalize(part->bars, &part->n_repeats, &part->n_skipped, &first_us, err);
            if (!status && (status = px_bars_check_timeframe(part->bars, im->timeframe_minutes, err)))
                fail_timeframe(im, part, status, err);
            if (status)
                return status;
            if (part->n_skipped && im->own->on_conflict == PX_CONFLICT_ERROR)
                return fail_conflict(im, part, first_us, "another row of the file", err);
            im->n_parts++;
        }
    return PX_OK;
}

/* ---- conflicts, before anything is stored -------------------------------------------------------------- */

static px_status append(px_bars *to, const px_bars *from, px_error *err) {
    px_status status = px_bars_reserve(to, to->n + from->n, err);
    for (size_t i = 0; !status && i < from->n; i++) {
        px_bar bar = px_bars_at(from, i);
        status = px_bars_append(to, &bar, err);
    }
    return status;
}

/* Adds the stored bars that a part could meet; none where instrument or series is new. */
static px_status append_stored(import *im, const import_part *part, px_bars *to, px_error *err) {
    px_instrument instrument;
    px_bars stored = {0};
    px_status status = px_instrument_find(im->call->home, part->symbol, exchange_of(im), 0, &instrument, err);
    if (!status)
        status = px_candles_read(im->call->home, &instrument, im->timeframe_minutes, part->bars->ts_us[0],
                                 part->bars->ts_us[part->bars->n - 1] + 1, &stored, err);
    if (!status)
        status = append(to, &stored, err);
    px_bars_free(&stored);
    return status == PX_ENOTFOUND ? PX_OK : status;
}

static bool has_bar(const px_bars *bars, int64_t ts_us) {
    size_t i = px_bars_lower_bound(bars, ts_us);
    return i < bars->n && bars->ts_us[i] == ts_us;
}

/* The last part of a symbol that has a bar at this time: the one that disagrees with what came before. */
static const import_part *find_part(const import *im, const char *symbol, int64_t ts_us) {
    const import_part *found = NULL;
    for (size_t i = 0; i < im->n_parts; i++)
        if (!strcasecmp(im->parts[i].symbol, symbol) && has_bar(im->parts[i].bars, ts_us))
            found = &im->parts[i];
    return found;
}

/* Puts together what is stored of a symbol and all its parts, from part `first` on. */
static px_status check_symbol(import *im, size_t first, px_error *err) {
    const char *symbol = im->parts[first].symbol;
    px_bars all = {0};
    size_t n_conflicts = 0;
    int64_t first_us = 0;
    px_status status = PX_OK;
    for (size_t i = first; !status && i < im->n_parts; i++) {
        if (strcasecmp(im->parts[i].symbol, symbol) != 0)
            continue;
        if (im->call->home)
            status = append_stored(im, &im->parts[i], &all, err);
        if (!status)
            status = append(&all, im->parts[i].bars, err);
    }
    if (!status)
        status = px_bars_normalize(&all, NULL, &n_conflicts, &first_us, err);
    if (!status && n_conflicts)
        status = fail_conflict(im, find_part(im, symbol, first_us), first_us,
                               "another bar, stored or imported", err);
    px_bars_free(&all);
    return status;
}

static px_status check_conflicts(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_parts; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || !strcasecmp(im->parts[j].symbol, im->parts[i].symbol);
        if (!seen)
            status = check_symbol(im, i, err);
    }
    return status;
}

/* ---- storing ------------------------------------------------------------------------------------------ */

static px_status store(import *im, px_error *err) {
    cli_progress progress = cli_progress_begin(im->call);
    px_home *home = im->call->home;
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_parts; i++) {
        import_part *part = &im->parts[i];
        cli_progress_show(&progress, "store", i, im->n_parts);
        status = px_instrument_ensure(home, part->symbol, exchange_of(im), &part->instrument, err);
        if (!status)
            status = px_candles_merge(home, &part->instrument, im->timeframe_minutes, part->bars,
                                      im->own->on_conflict, &part->stored, err);
        if (status)
            cli_fail_prefix(err, status, "%s", path_of(im, part->file));
    }
    cli_progress_end(&progress);
    return status;
}

/* ---- report ------------------------------------------------------------------------------------------- */

typedef struct totals {
    size_t n_read, n_stored, n_duplicate, n_rejected, n_replaced, n_skipped, n_left_out;
} totals;

static void add_file(const import *im, size_t file, totals *sum) {
    sum->n_read += im->sources[file].n_read;
    sum->n_rejected += im->sources[file].n_rejected;
    sum->n_left_out += im->sources[file].n_left_out;
    for (size_t i = 0; i < im->n_parts; i++) {
        const import_part *part = &im->parts[i];
        if (part->file != file)
            continue;
        sum->n_stored += part->stored.n_stored;
        sum->n_duplicate += part->n_repeats + part->stored.n_duplicate;
        sum->n_replaced += part->stored.n_replaced;
        sum->n_skipped += part->n_skipped + part->stored.n_skipped;
    }
}

static json_t *totals_json(const totals *sum) {
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "read", (json_int_t)sum->n_read, "stored",
                     (json_int_t)sum->n_stored, "duplicate", (json_int_t)sum->n_duplicate, "rejected",
                     (json_int_t)sum->n_rejected, "replaced", (json_int_t)sum->n_replaced, "skipped",
                     (json_int_t)sum->n_skipped, "other_symbols", (json_int_t)sum->n_left_out);
}

static json_t *rejections_json(const px_source *source) {
    json_t *list = json_array();
    for (size_t i = 0; i < source->n_rejected && i < PX_MAX_REJECTIONS; i++)
        json_array_append_new(list, json_pack("{s:I, s:s}", "line", (json_int_t)source->rejections[i].line,
                                              "reason", source->rejections[i].reason));
    return list;
}

/* What looks wrong in the bars of the file, the splits that are recorded of their instrument applied. What
 * fails here is told, not returned: the bars are stored. */
static json_t *quality_json(const import *im, const import_part *part) {
    const px_quality_config config = {
        .calendar = im->calendar, .timeframe_minutes = im->timeframe_minutes, .now_us = cli_clock_us()};
    px_quality quality = {0};
    px_bars bars = {0};
    px_error err = {0};
    px_status status = append(&bars, part->bars, &err);
    if (!status)
        status = cli_adjust_stored(im->call, im->calendar, &part->instrument, &bars, &err);
    if (!status || status == PX_ECORRUPT || status == PX_EIO) {
        if (status)
            cli_log(im->call, CLI_LOG_WARNING, "%s: checked as traded: %s", part->symbol, err.message);
        status = px_quality_find(&config, &bars, &quality, &err);
    }
    json_t *object = status ? NULL : cli_quality_json(&quality, zone_of(im));
    px_quality_free(&quality);
    px_bars_free(&bars);
    return object;
}

static json_t *one_series_json(const import *im, const import_part *part) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    const px_bars *bars = part->bars;
    px_time_format_iso(bars->ts_us[0], zone_of(im), first);
    px_time_format_iso(bars->ts_us[bars->n - 1], zone_of(im), last);
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:o}", "symbol", part->instrument.symbol,
                     "instrument_key", part->instrument.key, "timeframe",
                     px_timeframe_format(im->timeframe_minutes, timeframe), "bars", (json_int_t)bars->n,
                     "first", first, "last", last, "quality", quality_json(im, part));
}

static json_t *series_json(const import *im, size_t file) {
    json_t *list = json_array();
    for (size_t i = 0; i < im->n_parts; i++)
        if (im->parts[i].file == file)
            json_array_append_new(list, one_series_json(im, &im->parts[i]));
    return list;
}

static json_t *file_json(const import *im, size_t file) {
    totals sum = {0};
    add_file(im, file, &sum);
    json_t *object = json_pack("{s:s}", "file", path_of(im, file));
    json_t *counts = totals_json(&sum);
    json_object_update(object, counts);
    json_decref(counts);
    json_object_set_new(object, "rejections", rejections_json(&im->sources[file]));
    json_object_set_new(object, "series", series_json(im, file));
    return object;
}

static json_t *report_json(const import *im) {
    totals sum = {0};
    json_t *files = json_array();
    for (size_t i = 0; i < im->n_files; i++) {
        add_file(im, i, &sum);
        json_array_append_new(files, file_json(im, i));
    }
    json_t *report = totals_json(&sum);
    json_object_set_new(report, "files", files);
    return report;
}

static void print_series(json_t *series) {
    json_t *quality = json_object_get(series, "quality");
    printf("  %s (%s) %s: %lld bars of %lld sessions, %.10s .. %.10s\n", cli_text_at(series, "symbol"),
           cli_text_at(series, "instrument_key"), cli_text_at(series, "timeframe"),
           cli_count_at(series, "bars"), cli_count_at(quality, "sessions"), cli_text_at(series, "first"),
           cli_text_at(series, "last"));
    cli_print_quality(quality, "    ");
}

static void print_file(json_t *file) {
    json_t *rejections = json_object_get(file, "rejections"), *series = json_object_get(file, "series");
    long long replaced = cli_count_at(file, "replaced"), skipped = cli_count_at(file, "skipped");
    long long left_out = cli_count_at(file, "other_symbols");
    long long more = cli_count_at(file, "rejected") - (long long)json_array_size(rejections);
    printf("%s: %lld rows read, %lld stored, %lld duplicate, %lld rejected", cli_text_at(file, "file"),
           cli_count_at(file, "read"), cli_count_at(file, "stored"), cli_count_at(file, "duplicate"),
           cli_count_at(file, "rejected"));
    if (replaced || skipped)
        printf(", %lld replaced, %lld skipped", replaced, skipped);
    if (left_out)
        printf(", %lld of other symbols", left_out);
    putchar('\n');
    for (size_t i = 0; i < json_array_size(rejections); i++) {
        json_t *row = json_array_get(rejections, i);
        printf("  line %lld: %s\n", cli_count_at(row, "line"), cli_text_at(row, "reason"));
    }
    if (more > 0)
        printf("  and %lld more\n", more);
    for (size_t i = 0; i < json_array_size(series); i++)
        print_series(json_array_get(series, i));
}

static void print_report(json_t *report) {
    json_t *files = json_object_get(report, "files");
    for (size_t i = 0; i < json_array_size(files); i++)
        print_file(json_array_get(files, i));
    if (json_array_size(files) > 1)
        printf("%zu files: %lld rows read, %lld stored, %lld duplicate, %lld rejected\n",
               json_array_size(files), cli_count_at(report, "read"), cli_count_at(report, "stored"),
               cli_count_at(report, "duplicate"), cli_count_at(report, "rejected"));
}

static void warn_rejected(const import *im) {
    for (size_t i = 0; i < im->n_files; i++) {
        const px_source *source = &im->sources[i];
        if (source->n_rejected)
            cli_log(im->call, CLI_LOG_WARNING, "%s: %zu of %zu rows rejected; the first is line %zu: %s",
                    path_of(im, i), source->n_rejected, source->n_read, source->rejections[0].line,
                    source->rejections[0].reason);
    }
}

static px_status report(const import *im, px_error *err) {
    json_t *document = report_json(im);
    warn_rejected(im);
    px_status status = cli_print_document(im->call, NULL, document, print_report, err);
    json_t *files = json_object_get(document, "files");
    for (size_t i = 0; !status && i < json_array_size(files); i++)
        cli_suggest_adjustments(im->call, json_object_get(json_array_get(files, i), "series"));
    json_decref(document);
    return status;
}

/* ---- verb --------------------------------------------------------------------------------------------- */

static px_status open_import(import *im, px_error *err) {
    px_status status = cli_open_calendar(im->own->exchange, &im->calendar, err);
    if (!status && im->own->symbol)
        status = cli_symbols_read(im->own->symbol, &im->symbols, err);
    if (!status && im->own->tz)
        status = px_zone_open(im->own->tz, &im->tz, err);
    im->sources = calloc(im->n_files, sizeof *im->sources);
    if (!status && !im->sources)
        status = cli_fail(err, PX_ENOMEM, "out of memory");
    return status;
}

static void close_import(import *im) {
    for (size_t i = 0; im->sources && i < im->n_files; i++)
        px_source_free(&im->sources[i]);
    free(im->sources);
    free(im->parts);
    cli_symbols_free(&im->symbols);
    px_zone_close(&im->tz);
    px_calendar_close(&im->calendar);
}

static px_status run(cli_call *call, px_error *err) {
    const import_options *own = call->own;
import im = {.call = call, .own = own, .n_files = call->arguments.n };
    im.timeframe_minutes = own->timeframe_minutes ? own->timeframe_minutes : 1;
    px_status status = open_import(&im, err);
    if (!status)
        status = read_files(&im, err);
    if (!status)
        status = make_parts(&im, err);
    if (!status)
        status = cli_open_home_if_there(call, err);
    if (!status && own->on_conflict == PX_CONFLICT_ERROR)
        status = check_conflicts(&im, err);
    if (!status)
        status = cli_open_home(call, err);
    if (!status)
        status = store(&im, err);
    if (!status)
        status = report(&im, err);
    close_import(&im);
    return status;
}

const cli_verb cli_import = {
    .name = "import",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = SIZE_MAX,
    .summary = "Store bars of CSV, CSV.gz, Parquet or DuckDB files, or a folder of them, in the data folder",
    .details =
        "Columns by name in any case: date, datetime, timestamp, ts or time; open, high, low, close, volume "
        "or "
        "o, h, l, c, v; symbol if there is one; others are ignored. Times: epoch seconds, milli-, micro- or "
        "nanoseconds, or ISO 8601 with or without offset.\n"
        "All files are read and checked before anything is stored: if one has no bar at all, or, under "
        "--on-conflict error, one bar disagrees with a stored one or with another file, the exit status is 2 "
        "and "
        "nothing is stored. Rows that are no bars are rejected and told; the others are stored. What the "
        "bars "
        "themselves look like is told as by `pixity data check`.",
    .groups = CLI_OUTPUT,
    .options = import_table,
    .own_size = sizeof(import_options),
    .run = run,
};
