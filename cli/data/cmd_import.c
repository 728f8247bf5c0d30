// SPDX-License-Identifier: Apache-2.0
/* pixity import: bar files into the data folder. All files are read and checked before anything is stored, so
 * that a command that fails for what is in them has stored nothing. */
#include "cli/data/import.h"

#include <inttypes.h>
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define FIELD(name) offsetof(import_options, name)
static const cli_place import_places[] = {
    {"exchange", .offset = FIELD(exchange)},
    {"symbol", .offset = FIELD(symbol)},
    {"timeframe", .offset = FIELD(timeframe_minutes)},
    {"stamp", FIELD(stamped_at_close), cli_parse_stamp},
    {"on-conflict", .offset = FIELD(on_conflict)},
    CLI_READING_PLACES(FIELD(reading)),
    {"preview", .offset = FIELD(preview)},
    {"strict", .offset = FIELD(strict)},
    CLI_LIMIT_PLACES(FIELD(limits)),
    {0},
};

/* ---- reading ------------------------------------------------------------------------------------------ */

/* The report is JSON. */
static px_status check_path(const char *path, px_error *err) {
    json_t *text = json_string(path);
    json_decref(text);
    return text
               ? PX_OK
               : cli_fail(err, PX_EINPUT, "%s: the path is not UTF-8 text: give the file another name", path);
}

/* The rows of a preview are those of all its files together; one at least of each. */
static uint64_t left_to_look_at(const import *im, size_t file) {
    uint64_t seen = 0;
    for (size_t i = 0; i < file; i++)
        seen += im->sources[i].n_read;
    return seen < IMPORT_PREVIEW_ROWS ? IMPORT_PREVIEW_ROWS - seen : 1;
}

static bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool import_keeps_others(const import *im, size_t argument) {
    return im->n_files > 1 || im->sources[argument].n_files > 1 || is_folder(import_path(im, argument));
}

/* Keeps what is wrong with one of several files, or fails with it. */
static px_status note_problem(import *im, size_t file, px_status status, const px_error *why, px_error *err) {
    const bool of_file = status == PX_EINPUT || status == PX_EMISMATCH || status == PX_EEXISTS;
    if (!of_file || !import_keeps_others(im, file)) {
        *err = *why;
        return status;
    }
    if (im->n_problems == im->problems_capacity) {
        const size_t capacity = 2 * im->problems_capacity + 8;
        import_problem *more = realloc(im->problems, capacity * sizeof *more);
        if (!more)
            return cli_fail(err, PX_ENOMEM, "out of memory");
        im->problems = more;
        im->problems_capacity = capacity;
    }
    im->problems[im->n_problems++] = (import_problem){file, *why};
    return PX_OK;
}

static px_source_config config_of(const import *im, size_t file) {
    return (px_source_config){
        .path = import_path(im, file),
        .zone = import_zone(im),
        .reading = im->own->reading,
        .default_symbol = im->symbols.n == 1 ? im->symbols.items[0] : NULL,
        .timeframe_minutes = im->timeframe_minutes,
        .stamped_at_close = im->own->stamped_at_close,
        .calendar = im->calendar,
        .limits = im->own->limits,
        .keep_others = import_keeps_others(im, file),
        .work = im->call->data.work,
    };
}

static px_status choose_symbols(import *im, px_error *err) {
    bool any = false;
    for (size_t i = 0; i < im->n_files; i++)
        any |= import_has_bars(&im->sources[i]);
    if (!any)
        return PX_OK;
    px_status status = px_source_choose(im->sources, im->n_files, (const char *const *)im->symbols.items,
                                        im->symbols.n, err);
    return status == PX_ENOTFOUND && im->n_files == 1 ? cli_fail_prefix(err, status, "%s", import_path(im, 0))
                                                      : status;
}

/* One after the other: how much is looked at depends on what was seen before. */
static px_status look_into_files(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_files; i++) {
        px_source_config config = config_of(im, i);
        config.first_rows = left_to_look_at(im, i);
        if (!config.limits.memory || config.limits.memory > IMPORT_PREVIEW_MEMORY)
            config.limits.memory = IMPORT_PREVIEW_MEMORY;
        status = cli_progress_step(im->call, "read", i, im->n_files, err);
        if (!status)
            status = px_source_read(&config, &im->sources[i], err);
    }
    return status;
}

px_status import_failure(const px_source_failure *failure, px_error *why) {
    const px_status status = cli_fail(why, PX_EINPUT, "%s", failure->why.message);
    return strstr(why->message, failure->file) ? status : cli_fail_prefix(why, status, "%s", failure->file);
}

static px_status check_read(import *im, size_t argument, px_error *err) {
    px_source *source = &im->sources[argument];
    px_error why = {0};
    px_status status = PX_OK;
    for (size_t f = 0; f < px_source_n_files(source) && !status; f++) {
        const px_source *file = px_source_file(source, f);
        const px_status wrong = file->n_failures ? import_failure(&file->failures[0], &why)
                                                 : import_check_file(im, argument, file, &why);
        if (wrong)
            status = note_problem(im, argument, wrong, &why, err);
    }
    return status;
}

static px_status read_whole_files(import *im, px_error *err) {
    px_source_config *configs = calloc(im->n_files, sizeof *configs);
    if (!configs)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < im->n_files; i++)
        configs[i] = config_of(im, i);
    px_status status = px_sources_read(configs, im->n_files, im->sources, err);
    for (size_t i = 0; i < im->n_files && !status; i++)
        status = check_read(im, i, err);
    free(configs);
    return status;
}

static px_status read_files(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < im->n_files && !status; i++)
        status = check_path(import_path(im, i), err);
    if (!status)
        status = im->own->preview ? look_into_files(im, err) : read_whole_files(im, err);
    cli_progress_end();
    return status;
}

/* Where no exchange is named and all files come from programs whose instruments trade at one that is not the
 * usual one, it is that: they are read once more, by its calendar. */
static px_status adopt_exchange(import *im, px_error *err) {
    const px_source *first = NULL; /* that could be read: others say nothing */
    const char *exchange = NULL;
    for (size_t i = 0; i < im->n_files; i++) {
        const px_source *source = &im->sources[i];
        if (!source->n_read)
            continue;
        if (!first)
            exchange = source->exchange;
        else if (exchange && (!source->exchange || strcmp(source->exchange, exchange) != 0))
            exchange = NULL;
        first = first ? first : source;
    }
    if (im->own->exchange || !exchange || strcmp(exchange, import_exchange(im)) == 0)
        return PX_OK;
    cli_log(im->call, CLI_LOG_INFO,
            "exchange %s, where the instruments of %s trade (--exchange names another)", exchange,
            first->program);
    for (size_t i = 0; i < im->n_files; i++)
        px_source_free(&im->sources[i]);
    im->n_problems = 0;
    px_calendar_close(&im->calendar);
    px_status status = cli_open_calendar(exchange, &im->calendar, err);
    return status ? status : read_files(im, err);
}

/* What is refused of a file does not stop the others. */
static px_status make_pieces(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < im->n_pieces && !status; i++) {
        import_piece *piece = &im->pieces[i];
        px_error why = {0};
        const px_status made = import_make_piece(im, piece, &why);
        if (!made)
            continue;
        px_bars_free(&piece->series->bars);
        status = note_problem(im, piece->argument, made, &why, err);
    }
    return status;
}

static px_status make_parts(import *im, px_error *err) {
    px_status status = import_list_parts(im, err);
    if (!status)
        status = import_contracts(im, err);
    if (!status)
        status = make_pieces(im, err);
    if (status)
        return status;
    import_drop_empty(im);
    if (!im->n_parts && im->n_problems)
        return cli_fail(err, PX_EINPUT, "nothing can be stored; %zu are refused, the first: %s",
                        im->n_problems, im->problems[0].why.message);
    return import_link_parts(im, err);
}

/* ---- storing ------------------------------------------------------------------------------------------ */

/* A part and its entry of the series' journal. */
static px_status store_part(import *im, import_part *part, px_error *err) {
    char *note = NULL;
    px_status status =
        px_instrument_ensure(im->call->home, part->symbol, import_exchange(im), &part->instrument, err);
    if (!status)
        status = import_note(im, part, &note, err);
    if (!status) {
        const px_candles_import candles = {.instrument = &part->instrument,
                                           .timeframe_minutes = part->timeframe_minutes,
                                           .bars = part->bars,
                                           .on_conflict = im->own->on_conflict,
                                           .note = note,
                                           .at_us = cli_clock_us()};
        status = px_candles_store(im->call->home, &candles, &part->stored, err);
    }
    free(note);
    return status;
}

static px_status join_parts(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_parts; i++)
        status = import_join_part(im, &im->parts[i], NULL, err);
    malloc_trim(0); /* what the files took lies between what stays */
    return status;
}

static px_status store(import *im, px_error *err) {
    px_status status = join_parts(im, err);
    if (!status)
        status = import_rename_stored(im, err);
    for (size_t i = 0; !status && i < im->n_parts; i++) {
        import_part *part = &im->parts[i];
        status = cli_progress_step(im->call, "store", i, im->n_parts, err);
        if (!status)
            status = store_part(im, part, err);
        if (status == PX_EINTERRUPTED && i > 0)
            cli_fail(
                err, status,
                "interrupted; %zu of %zu series are stored, each whole; the same command stores the rest", i,
                im->n_parts);
        else if (status && status != PX_EINTERRUPTED)
            cli_fail_prefix(err, status, "%s", import_path(im, part->file));
    }
    cli_progress_end();
    return status;
}

/* ---- verb --------------------------------------------------------------------------------------------- */

static px_status open_import(import *im, px_error *err) {
    px_status status = cli_open_calendar(im->own->exchange, &im->calendar, err);
    if (!status && im->own->symbol)
        status = cli_symbols_read(im->own->symbol, &im->symbols, err);
    if (!status && im->own->reading.tz)
        status = px_zone_open(im->own->reading.tz, &im->tz, err);
    im->sources = calloc(im->n_files, sizeof *im->sources);
    if (!status && !im->sources)
        status = cli_fail(err, PX_ENOMEM, "out of memory");
    return status;
}

static void close_import(import *im) {
    for (size_t i = 0; im->sources && i < im->n_files; i++)
        px_source_free(&im->sources[i]);
    free(im->sources);
    import_free_parts(im);
    free(im->renames);
    free(im->problems);
    cli_symbols_free(&im->symbols);
    px_zone_close(&im->tz);
    px_calendar_close(&im->calendar);
}

static px_status store_files(import *im, px_error *err) {
    px_status status = cli_open_home_if_there(im->call, err);
    if (!status)
        status = make_parts(im, err);
    if (!status && im->own->on_conflict == PX_CONFLICT_ERROR)
        status = import_check_conflicts(im, err);
    const bool is_first = !im->call->home;
    if (!status)
        status = cli_open_home(im->call, err);
    if (!status && is_first) /* it knows names that files may have beside each other */
        status = import_link_parts(im, err);
    if (!status && is_first && im->own->on_conflict == PX_CONFLICT_ERROR)
        status = import_check_conflicts(im, err);
    if (!status)
        status = store(im, err);
    return status ? status : import_report(im, err);
}

static px_status run(cli_call *call, px_error *err) {
    const import_options *own = call->own;
import im = {.call = call, .own = own, .n_files = call->arguments.n };
    im.timeframe_minutes = own->timeframe_minutes;
    px_status status = open_import(&im, err);
    if (!status)
        status = read_files(&im, err);
    if (!status)
        status = adopt_exchange(&im, err);
    if (!status)
        status = choose_symbols(&im, err);
    if (!status)
        status = own->preview ? import_preview(&im, err) : store_files(&im, err);
    close_import(&im);
    if (status == PX_EINTERRUPTED && !strcmp(err->message, "interrupted"))
        return cli_fail(err, status, "interrupted; nothing was stored");
    return status;
}

const cli_verb cli_import = {
    .name = "import",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = SIZE_MAX,
    .summary = "Store bars of files (CSV and its kin, JSON, XLSX, Parquet, SQLite, DuckDB), or a folder of "
               "them, in the data folder",
    .details =
        "Columns by any of the names that real files have, or by --columns; others are ignored. Times in the "
        "form that the "
        "file makes plain, or in that of --date-format. docs/data.md has both.\n"
        "All files are read and checked before anything is stored: if one bar disagrees with a stored one or "
        "with another file, under --on-conflict error, or if the only file has no bar at all, the exit "
        "status "
        "is 2 and nothing is stored. One of several files, or of a folder, that is refused or cannot be read "
        "is named with its reason, and the others are stored; with --strict the exit status is 2 then. "
        " Rows that are no bars are rejected and listed; the others are stored, unless over "
        "one row in a hundred "
        "is rejected, or over ten bars on end: --keep-good stores the others then too. What the bars "
        "themselves look like is reported as by `pixity data check`.\n"
        "--preview tells of each file what each column was taken for, how times were read, the first and "
        "last bars, "
        "rows that are no bars, how many bars would be new, are there already or have other values, and, as "
        "its "
        "problem, why the import as it is written would be refused; the exit status is 0 then too. It looks "
        "at "
        "the first 250,000 rows, and says so where there are more.",
    .groups = PX_GROUP_OUTPUT,
    .places = import_places,
    .own_size = sizeof(import_options),
    .run = run,
};
