// SPDX-License-Identifier: Apache-2.0
/* import --preview: how files were understood and what would be stored. What would refuse the import is
 * reported as the problem of its file; only a file that is no table of bars at all is an error. */
#include "cli/data/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EDGE_BARS = 5 };

typedef struct preview {
    import *im;
    px_bars_meeting *meetings; /* of each part with what is there */
    px_error *problems;        /* of each file; code PX_OK = none */
} preview;

/* ---- looking ------------------------------------------------------------------------------------------- */

/* Keeps the first problem of a file; other failures are the command's. */
static px_status take_problem(preview *p, size_t file, px_status status, const px_error *why, px_error *err) {
    if (status != PX_EINPUT && status != PX_EEXISTS && status != PX_EMISMATCH)
        return status ? cli_fail(err, status, "%s", why->message) : PX_OK;
    if (!p->problems[file].code)
        p->problems[file] = *why;
    return PX_OK;
}

/* What the data folder and the parts before this one hold of its symbol. */
static px_status gather(const import *im, size_t at, px_bars *out, px_error *err) {
    px_status status = im->call->home ? import_append_stored(im, &im->parts[at], out, err) : PX_OK;
    for (size_t i = im->parts[at].first; !status && i != at; i = im->parts[i].next)
        status = px_bars_append_range(out, im->parts[i].bars, 0, im->parts[i].bars->n, err);
    return status ? status : px_bars_normalize(out, NULL, NULL, NULL, err);
}

/* Bars that disagree with those of another file of the folder. */
static void count_between_files(const import *im, const import_part *part, size_t n, px_bars_meeting *sum) {
    int64_t first_us = sum->n_different ? sum->first_different_us : INT64_MAX;
    for (size_t i = part->piece; i != SIZE_MAX; i = im->pieces[i].next) {
        const px_bars_meeting found = px_bars_meet(part->bars, &im->pieces[i].series->bars);
        if (found.n_different && found.first_different_us < first_us)
            first_us = found.first_different_us;
    }
    sum->first_different_us = first_us;
    sum->n_different += n;
}

static px_status meet(preview *p, size_t at, px_error *err) {
    import *im = p->im;
    import_part *part = &im->parts[at];
    px_bars_meeting *found = &p->meetings[at];
    px_bars there = {0};
    px_error why = {0};
    size_t n_different = 0;
    px_status status = gather(im, at, &there, err);
    if (!status)
        status = import_join_part(im, part, &n_different, err);
    if (!status)
        *found = px_bars_meet(&there, part->bars);
    px_bars_free(&there);
    if (!status && n_different)
        count_between_files(im, part, n_different, found);
    if (!status && found->n_different && im->own->on_conflict == PX_CONFLICT_ERROR) {
        status = import_fail_conflict(im, part, found->first_different_us, &why);
        status = take_problem(p, part->file, status, &why, err);
    }
    return status;
}

static px_status look_at_parts(preview *p, px_error *err) {
    import *im = p->im;
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_files; i++) {
        px_error why = {0};
        px_source *source = &im->sources[i];
        px_status found = PX_OK;
        for (size_t f = 0; f < px_source_n_files(source) && !found; f++) {
            const px_source *file = px_source_file(source, f);
            if (source->is_cut && !file->n_read) /* behind what is looked at */
                continue;
            found = file->n_failures ? import_failure(&file->failures[0], &why)
                                     : import_check_file(im, i, file, &why);
        }
        status = take_problem(p, i, found, &why, err);
    }
    for (size_t i = 0; !status && i < im->n_pieces; i++) {
        px_error why = {0};
        const px_status made = import_make_piece(im, &im->pieces[i], &why);
        status = take_problem(p, im->pieces[i].argument, made, &why, err);
    }
    for (size_t i = 0; !status && i < im->n_parts; i++)
        status = meet(p, i, err);
    return status;
}

/* ---- the document -------------------------------------------------------------------------------------- */

static json_t *columns_json(const px_source *source) {
    json_t *list = json_array();
    for (size_t i = 0; i < source->n_columns; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:s?}", "name", import_text_json(source->columns[i].name),
                                        "meaning", source->columns[i].meaning));
    return list;
}

static json_t *time_json(const import *im, const px_source *source) {
    char read_as[PX_TIME_TEXT_SIZE];
    if (source->time_form == PX_TIME_UNKNOWN)
        return json_null();
    return json_pack("{s:o, s:s, s:s}", "text", import_text_json(source->time_text), "form",
                     px_time_form_name(source->time_form), "read_as",
                     px_time_format_iso(source->time_us, import_zone(im), read_as));
}

static json_t *notes_json(const px_source *source) {
    json_t *list = json_array();
    for (size_t i = 0; i < source->n_notes; i++)
        json_array_append_new(list, import_text_json(source->notes[i]));
    return list;
}

static json_t *bars_json(const import *im, const px_bars *bars, size_t begin, size_t end) {
    json_t *list = json_array();
    char time[PX_TIME_TEXT_SIZE];
    for (size_t i = begin; i < end; i++) {
        px_bar bar = px_bars_at(bars, i);
        px_time_format_iso(bar.ts_us, import_zone(im), time);
        json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:f, s:f, s:f}", "time", time, "open",
                                              bar.open, "high", bar.high, "low", bar.low, "close", bar.close,
                                              "volume", bar.volume));
    }
    return list;
}

static void add_edges(const import *im, const px_bars *bars, json_t *series) {
    size_t head = bars->n < EDGE_BARS ? bars->n : EDGE_BARS;
    size_t tail = bars->n - head < EDGE_BARS ? bars->n - head : EDGE_BARS;
    json_object_set_new(series, "head", bars_json(im, bars, 0, head));
    json_object_set_new(series, "tail", bars_json(im, bars, bars->n - tail, bars->n));
}

static json_t *series_json(const preview *p, size_t at) {
    const import *im = p->im;
    const import_part *part = &im->parts[at];
    const px_bars_meeting *found = &p->meetings[at];
    const px_bars *bars = part->bars;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], likely[PX_TIMEFRAME_TEXT_SIZE];
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE], conflict[PX_TIME_TEXT_SIZE];
    int likely_minutes = px_bars_likely_timeframe(bars);
    json_t *series =
        json_pack("{s:o, s:s?, s:s, s:s?, s:I, s:s, s:s}", "symbol", import_text_json(part->symbol),
                  "instrument_key", part->is_known ? part->instrument.key : NULL, "timeframe",
                  px_timeframe_format(part->timeframe_minutes, timeframe), "likely_timeframe",
                  likely_minutes ? px_timeframe_format(likely_minutes, likely) : NULL, "bars",
                  (json_int_t)bars->n, "first", px_time_format_iso(bars->ts_us[0], import_zone(im), first),
                  "last", px_time_format_iso(bars->ts_us[bars->n - 1], import_zone(im), last));
    json_t *counts = json_pack(
        "{s:I, s:I, s:I, s:I, s:s?}", "new", (json_int_t)found->n_new, "duplicate",
        (json_int_t)(found->n_equal + part->n_repeats), "conflict", (json_int_t)found->n_different,
        "conflict_in_file", (json_int_t)(part->n_skipped + part->n_replaced), "first_conflict",
        found->n_different ? px_time_format_iso(found->first_different_us, import_zone(im), conflict) : NULL);
    json_object_update(series, counts);
    json_decref(counts);
    json_object_set_new(series, "admission", import_admission_json(part));
    add_edges(im, bars, series);
    return series;
}

static json_t *file_json(const preview *p, size_t file) {
    const px_source *source = &p->im->sources[file];
    const px_error *problem = &p->problems[file];
    json_t *list = json_array();
    for (size_t i = 0; i < p->im->n_parts; i++)
        if (p->im->parts[i].file == file)
            json_array_append_new(list, series_json(p, i));
    return json_pack("{s:s, s:I, s:b, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "file",
                     import_path(p->im, file), "read", (json_int_t)source->n_read, "complete",
                     !source->is_cut, "rejected", (json_int_t)source->n_rejected, "other_symbols",
                     (json_int_t)source->n_left_out, "problem",
                     problem->code ? import_text_json(problem->message) : json_null(), "columns",
                     columns_json(source), "time", time_json(p->im, source), "rejections",
                     import_rejections_json(source), "decisions", notes_json(source), "series", list);
}

static void add_counts(json_t *document, json_t *object, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++) {
        json_int_t sum = cli_count_at(document, names[i]) + cli_count_at(object, names[i]);
        json_object_set_new(document, names[i], json_integer(sum));
    }
}

static json_t *document_json(const preview *p) {
    static const char *const of_file[] = {"read", "rejected"}, *const of_series[] = {"new", "duplicate",
                                                                                     "conflict"};
    static const char *const ways[] = {
        [PX_CONFLICT_ERROR] = "error", [PX_CONFLICT_SKIP] = "skip", [PX_CONFLICT_REPLACE] = "replace"};
    const import *im = p->im;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    const int minutes = im->timeframe_minutes ? im->timeframe_minutes
                        : im->n_parts         ? im->parts[0].timeframe_minutes
                                              : 1;
    json_t *files = json_array(), *problem = json_null();
    json_t *document = json_pack(
        "{s:b, s:s, s:s, s:s, s:s, s:s, s:s}", "preview", 1, "exchange", import_exchange(im), "zone",
        px_zone_name(im->tz ? im->tz : import_zone(im)), "zone_from", im->tz ? "--tz" : "exchange", "stamp",
        im->own->stamped_at_close ? "close" : "open", "timeframe", px_timeframe_format(minutes, timeframe),
        "on_conflict", ways[im->own->on_conflict]);
    for (size_t f = 0; f < im->n_files; f++) {
        json_t *file = file_json(p, f), *series;
        size_t i;
        add_counts(document, file, of_file, 2);
        json_array_foreach(json_object_get(file, "series"), i, series)
            add_counts(document, series, of_series, 3);
        if (json_is_null(problem))
            problem = json_object_get(file, "problem");
        json_array_append_new(files, file);
    }
    json_object_set(document, "problem", problem);
    json_object_set_new(document, "files", files);
    return document;
}

/* ---- for people ---------------------------------------------------------------------------------------- */

static void print_columns(json_t *file) {
    json_t *column;
    size_t i;
    json_array_foreach(json_object_get(file, "columns"), i, column) {
        const char *meaning = json_string_value(json_object_get(column, "meaning"));
        printf("  column %-16s %s\n", cli_text_at(column, "name"), meaning ? meaning : "ignored");
    }
}

static void print_time(json_t *document, json_t *file) {
    json_t *time = json_object_get(file, "time");
    const char *form = cli_text_at(time, "form");
    if (json_is_null(time))
        return;
    printf("  times like \"%s\" are ", cli_text_at(time, "text"));
    if (strcmp(form, "local") == 0)
        printf("%s wall times (%s)", cli_text_at(document, "zone"),
               strcmp(cli_text_at(document, "zone_from"), "--tz") == 0 ? "--tz" : "zone of the exchange");
    else if (strcmp(form, "offset") == 0)
        printf("instants with an offset");
    else
        printf("%s since 1970", form);
    printf(" at a bar's %s: %s\n", cli_text_at(document, "stamp"), cli_text_at(time, "read_as"));
}

static void print_notes(json_t *file) {
    json_t *note;
    size_t i;
    json_array_foreach(json_object_get(file, "decisions"), i, note) printf("  %s\n", json_string_value(note));
}

static void print_bars(json_t *bars) {
    json_t *bar;
    size_t i;
    json_array_foreach(bars, i, bar) {
        char value[PX_DOUBLE_TEXT_SIZE];
        static const char *const names[] = {"open", "high", "low", "close", "volume"};
        printf("    %s", cli_text_at(bar, "time"));
        for (size_t c = 0; c < 5; c++) {
            px_double_format(json_real_value(json_object_get(bar, names[c])), value);
            printf(" %10s", value);
        }
        putchar('\n');
    }
}

static void print_series(json_t *series) {
    const char *likely = json_string_value(json_object_get(series, "likely_timeframe"));
    long long in_file = cli_count_at(series, "conflict_in_file");
    const char *key = json_string_value(json_object_get(series, "instrument_key"));
    printf("  %s (%s) %s: %lld bars, %s .. %s", cli_text_at(series, "symbol"), key ? key : "a new instrument",
           cli_text_at(series, "timeframe"), cli_count_at(series, "bars"), cli_text_at(series, "first"),
           cli_text_at(series, "last"));
    if (likely && strcmp(likely, cli_text_at(series, "timeframe")) != 0)
        printf(", look like %s bars", likely);
    printf("\n    %lld would be new, %lld are there already, %lld have other values",
           cli_count_at(series, "new"), cli_count_at(series, "duplicate"), cli_count_at(series, "conflict"));
    if (in_file)
        printf(", %lld rows have other values than a row before", in_file);
    putchar('\n');
    import_print_admission(series);
    print_bars(json_object_get(series, "head"));
    if (cli_count_at(series, "bars") > 2 * EDGE_BARS)
        printf("    ...\n");
    print_bars(json_object_get(series, "tail"));
}

static void print_preview(json_t *document) {
    json_t *file, *series;
    size_t f, i;
    json_array_foreach(json_object_get(document, "files"), f, file) {
        const char *problem = json_string_value(json_object_get(file, "problem"));
        printf("%s: %lld rows read, %lld rejected", cli_text_at(file, "file"), cli_count_at(file, "read"),
               cli_count_at(file, "rejected"));
        if (cli_count_at(file, "other_symbols"))
            printf(", %lld of other symbols", cli_count_at(file, "other_symbols"));
        if (json_is_false(json_object_get(file, "complete")))
            printf("; it goes on, and only these rows were looked at");
        putchar('\n');
        print_columns(file);
        print_time(document, file);
        print_notes(file);
        import_print_rejections(file);
        json_array_foreach(json_object_get(file, "series"), i, series) print_series(series);
        if (problem)
            printf("  would be refused: %s\n", problem);
    }
    printf("Nothing was stored.\n");
}

px_status import_preview(import *im, px_error *err) {
    preview p = {.im = im};
    px_status status = import_list_parts(im, err);
    p.meetings = calloc(im->n_parts + 1, sizeof *p.meetings);
    p.problems = calloc(im->n_files + 1, sizeof *p.problems);
    if (!status && (!p.meetings || !p.problems))
        status = cli_fail(err, PX_ENOMEM, "out of memory");
    if (!status)
        status = cli_open_home_if_there(im->call, err);
    if (!status)
        status = import_contracts(im, err);
    if (!status)
        status = look_at_parts(&p, err);
    json_t *document = status ? NULL : document_json(&p);
    if (!status)
        status = cli_print_document(im->call, NULL, document, print_preview, err);
    json_decref(document);
    free(p.meetings);
    free(p.problems);
    return status;
}
