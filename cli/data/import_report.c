// SPDX-License-Identifier: Apache-2.0
/* What an import has stored, and what its bars look like. */
#include "cli/data/import.h"

#include <stdio.h>

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
        sum->n_replaced += part->n_replaced + part->stored.n_replaced;
        sum->n_skipped += part->n_skipped + part->stored.n_skipped;
    }
}

static json_t *totals_json(const totals *sum) {
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "read", (json_int_t)sum->n_read, "stored",
                     (json_int_t)sum->n_stored, "duplicate", (json_int_t)sum->n_duplicate, "rejected",
                     (json_int_t)sum->n_rejected, "replaced", (json_int_t)sum->n_replaced, "skipped",
                     (json_int_t)sum->n_skipped, "other_symbols", (json_int_t)sum->n_left_out);
}

json_t *import_text_json(const char *text) {
    json_t *value = json_string(text);
    if (value)
        return value;
    char plain[256];
    size_t n = 0;
    for (; text[n] && n + 1 < sizeof plain; n++)
        plain[n] = (unsigned char)text[n] < 0x80 ? text[n] : '?';
    plain[n] = '\0';
    return json_string(plain);
}

json_t *import_rejections_json(const px_source *source) {
    json_t *list = json_array();
    for (size_t i = 0; i < source->n_rejected && i < PX_MAX_REJECTIONS; i++)
        json_array_append_new(list, json_pack("{s:I, s:o}", "line", (json_int_t)source->rejections[i].line,
                                              "reason", import_text_json(source->rejections[i].reason)));
    return list;
}

/* The splits that are recorded of a part's instrument; none that cannot be read, which is reported. */
static px_adjustments adjustments_of(const import *im, const import_part *part) {
    px_adjustments list = {0};
    px_error err;
    if (px_adjustments_read(im->call->home, &part->instrument, &list, &err))
        cli_log(im->call, CLI_LOG_WARNING, "%s: checked as traded: %s", part->symbol, err.message);
    return list;
}

/* What looks wrong in the bars of the file, adjusted where there is something to adjust. What fails here is
 * reported, not returned: the bars are stored. */
static json_t *quality_json(const import *im, const import_part *part) {
    const px_quality_config config = {
        .calendar = im->calendar, .timeframe_minutes = part->timeframe_minutes, .now_us = cli_clock_us()};
    px_adjustments adjustments = adjustments_of(im, part);
    px_quality quality = {0};
    px_bars adjusted = {0};
    px_status status =
        adjustments.n ? px_bars_append_range(&adjusted, part->bars, 0, part->bars->n, NULL) : PX_OK;
    if (!status) {
        px_adjustments_apply(&adjustments, im->calendar, &adjusted);
        status = px_quality_find(&config, adjustments.n ? &adjusted : part->bars, &quality, NULL);
    }
    json_t *object = status ? NULL : cli_quality_json(&quality, import_zone(im));
    px_quality_free(&quality);
    px_adjustments_free(&adjustments);
    px_bars_free(&adjusted);
    return object;
}

static json_t *one_series_json(const import *im, const import_part *part) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    const px_bars *bars = part->bars;
    px_time_format_iso(bars->ts_us[0], import_zone(im), first);
    px_time_format_iso(bars->ts_us[bars->n - 1], import_zone(im), last);
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:o}", "symbol", part->instrument.symbol,
                     "instrument_key", part->instrument.key, "timeframe",
                     px_timeframe_format(part->timeframe_minutes, timeframe), "bars", (json_int_t)bars->n,
                     "first", first, "last", last, "admission", import_admission_json(part), "quality",
                     quality_json(im, part));
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
    json_t *object = json_pack("{s:s}", "file", import_path(im, file));
    json_t *counts = totals_json(&sum);
    json_object_update(object, counts);
    json_decref(counts);
    json_object_set_new(object, "rejections", import_rejections_json(&im->sources[file]));
    json_object_set_new(object, "series", series_json(im, file));
    return object;
}

json_t *import_problems_json(const import *im) {
    json_t *list = json_array();
    for (size_t i = 0; i < im->n_problems; i++)
        json_array_append_new(list, json_pack("{s:o, s:o}", "file",
                                              import_text_json(import_path(im, im->problems[i].file)),
                                              "reason", import_text_json(im->problems[i].why.message)));
    return list;
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
    json_object_set_new(report, "problems", import_problems_json(im));
    return report;
}

static void print_series(json_t *series) {
    json_t *quality = json_object_get(series, "quality");
    printf("  %s (%s) %s: %lld bars of %lld sessions, %.10s .. %.10s\n", cli_text_at(series, "symbol"),
           cli_text_at(series, "instrument_key"), cli_text_at(series, "timeframe"),
           cli_count_at(series, "bars"), cli_count_at(quality, "sessions"), cli_text_at(series, "first"),
           cli_text_at(series, "last"));
    import_print_admission(series);
    cli_print_quality(quality, "    ");
}

void import_print_rejections(json_t *file) {
    json_t *rejections = json_object_get(file, "rejections");
    long long more = cli_count_at(file, "rejected") - (long long)json_array_size(rejections);
    for (size_t i = 0; i < json_array_size(rejections); i++) {
        json_t *row = json_array_get(rejections, i);
        printf("  line %lld: %s\n", cli_count_at(row, "line"), cli_text_at(row, "reason"));
    }
    if (more > 0)
        printf("  and %lld more\n", more);
}

static void print_file(json_t *file) {
    json_t *series = json_object_get(file, "series");
    long long replaced = cli_count_at(file, "replaced"), skipped = cli_count_at(file, "skipped");
    long long left_out = cli_count_at(file, "other_symbols");
    printf("%s: %lld rows read, %lld stored, %lld duplicate, %lld rejected", cli_text_at(file, "file"),
           cli_count_at(file, "read"), cli_count_at(file, "stored"), cli_count_at(file, "duplicate"),
           cli_count_at(file, "rejected"));
    if (replaced || skipped)
        printf(", %lld replaced, %lld skipped", replaced, skipped);
    if (left_out)
        printf(", %lld of other symbols", left_out);
    putchar('\n');
    import_print_rejections(file);
    for (size_t i = 0; i < json_array_size(series); i++)
        print_series(json_array_get(series, i));
}

static void print_report(json_t *report) {
    json_t *files = json_object_get(report, "files"), *problem;
    size_t i;
    for (i = 0; i < json_array_size(files); i++)
        print_file(json_array_get(files, i));
    if (json_array_size(files) > 1)
        printf("%zu files: %lld rows read, %lld stored, %lld duplicate, %lld rejected\n",
               json_array_size(files), cli_count_at(report, "read"), cli_count_at(report, "stored"),
               cli_count_at(report, "duplicate"), cli_count_at(report, "rejected"));
    json_array_foreach(json_object_get(report, "problems"), i, problem)
        printf("not stored: %s\n", cli_text_at(problem, "reason"));
}

static void warn_rejected(const import *im) {
    for (size_t i = 0; i < im->n_files; i++)
        for (size_t f = 0; f < px_source_n_files(&im->sources[i]); f++) {
            const px_source *file = px_source_file(&im->sources[i], f);
            if (file->n_rejected)
                cli_log(im->call, CLI_LOG_WARNING, "%s: %zu of %zu rows rejected; the first is line %zu: %s",
                        file->path ? file->path : import_path(im, i), file->n_rejected, file->n_read,
                        file->rejections[0].line, file->rejections[0].reason);
        }
}

px_status import_report(const import *im, px_error *err) {
    json_t *document = report_json(im);
    warn_rejected(im);
    for (size_t i = 0; i < im->n_problems; i++)
        cli_log(im->call, CLI_LOG_WARNING, "not stored: %s", im->problems[i].why.message);
    px_status status = cli_print_document(im->call, NULL, document, print_report, err);
    json_t *files = json_object_get(document, "files");
    for (size_t i = 0; !status && i < json_array_size(files); i++)
        cli_suggest_adjustments(im->call, json_object_get(json_array_get(files, i), "series"));
    json_decref(document);
    if (!status && im->own->strict && im->n_problems)
        return cli_fail(err, PX_EINPUT,
                        "%zu of the files or their series are not stored, the others are; the first: %s",
                        im->n_problems, im->problems[0].why.message);
    return status;
}
