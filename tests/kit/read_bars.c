// SPDX-License-Identifier: Apache-2.0
/* Reads many bar files in one process, each as `import` reads it: meaning, exchange, symbols, timeframe and
 * admission, but for storing. A line of standard input names a file and its options as "key=value" divided by
 * tabs; the answer is a line and, for what was read, bytes:
 *
 *   refused MESSAGE
 *   read N_SERIES N_REJECTED EXCHANGE
 *   series SYMBOL TIMEFRAME N NOTES        then N bars of six numbers: int64 time, five doubles
 */
#include "pixity/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    px_source_config config;
    const char *exchange, *symbol;
    bool replace, skip;
} request;

static void take_option(request *r, const char *key, const char *value) {
    px_source_reading *reading = &r->config.reading;
    const struct {
        const char *key;
        const char **to;
    } texts[] = {
        {"path", &r->config.path},    {"exchange", &r->exchange},     {"symbol", &r->symbol},
        {"tz", &reading->tz},         {"columns", &reading->columns}, {"date-format", &reading->date_format},
        {"source", &reading->source}, {"table", &reading->table},     {"sheet", &reading->sheet}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].key, key) == 0) {
            *texts[i].to = value;
            return;
        }
    if (strcmp(key, "timeframe") == 0) {
        if (px_timeframe_parse(value, &r->config.timeframe_minutes, NULL))
            exit(3);
    } else if (strcmp(key, "stamp") == 0)
        r->config.stamped_at_close = strcmp(value, "close") == 0;
    else if (strcmp(key, "no-header") == 0)
        reading->no_header = true;
    else if (strcmp(key, "keep-good") == 0)
        reading->keep_good = true;
    else if (strcmp(key, "volume") == 0)
        reading->volume = strcmp(value, "traded") == 0 ? PX_VOLUME_TRADED : PX_VOLUME_CUMULATIVE;
    else if (strcmp(key, "on-conflict") == 0)
        *(strcmp(value, "replace") == 0 ? &r->replace : &r->skip) = true;
    else {
        fprintf(stderr, "read_bars: unknown key %s\n", key);
        exit(3);
    }
}

static request parse(char *line) {
    request r = {0};
    char *rest = line, *pair;
    while ((pair = strsep(&rest, "\t"))) {
        char *equals = strchr(pair, '=');
        if (!equals) {
            fprintf(stderr, "read_bars: %s is not KEY=VALUE\n", pair);
            exit(3);
        }
        *equals = '\0';
        take_option(&r, pair, equals + 1);
    }
    return r;
}

static px_status read_source(request *r, const char *exchange, px_calendar **calendar, px_source *source,
                             px_error *err) {
    px_status status = px_calendar_open(exchange, calendar, err);
    if (status)
        return status;
    r->config.calendar = *calendar;
    r->config.zone = px_calendar_zone(*calendar);
    r->config.default_symbol = r->symbol;
    status = px_source_read(&r->config, source, err);
    return status ? status : px_source_join(source, err);
}

static px_status make_series(const request *r, const px_source *source, px_source_series *series,
                             px_admission *admission, px_error *err) {
    size_t n_conflicts = 0;
    int64_t first_us = 0;
    px_zone *zone = NULL;
    px_status status = r->replace ? px_bars_normalize_to_last(&series->bars, NULL, NULL, err)
                                  : px_bars_normalize(&series->bars, NULL, &n_conflicts, &first_us, err);
    if (!status)
        status = px_bars_check_timeframe(&series->bars, series->timeframe_minutes, err);
    if (!status && r->config.reading.tz)
        status = px_zone_open(r->config.reading.tz, &zone, err);
    const px_admission_config config = {
        .calendar = r->config.calendar,
        .zone = zone,
        .zone_is_named = zone || source->zone_is_known,
        .are_instants = source->time_form != PX_TIME_LOCAL,
        .stamped_at_close = source->stamped_at_close,
        .timeframe_minutes = series->timeframe_minutes,
        .volume = r->config.reading.volume,
        .now_us = INT64_MAX,
        .file_us = INT64_MAX,
        .of_series = series->tally.rejected,
        .of_file = px_source_rejected(source, NULL),
        .keep_good = r->config.reading.keep_good,
    };
    if (!status)
        status = px_bars_admit(&config, &series->bars, admission, err);
    px_zone_close(&zone);
    if (!status && admission->is_refused) {
        snprintf(err->message, sizeof err->message, "%s", admission->notes[admission->n - 1].text);
        status = PX_EINPUT;
    }
    if (!status && n_conflicts && !r->skip) {
        snprintf(err->message, sizeof err->message,
                 "%zu rows have other values than another row of their time", n_conflicts);
        status = PX_EINPUT;
    }
    return status;
}

static void print_series(const px_source_series *series, const px_admission *admission) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    printf("series\t%s\t%s\t%zu\t", series->symbol, px_timeframe_format(series->timeframe_minutes, timeframe),
           series->bars.n);
    for (size_t i = 0; i < admission->n; i++)
        printf("%s ", px_admission_name(admission->notes[i].check));
    putchar('\n');
    for (size_t i = 0; i < series->bars.n; i++) {
        const px_bar bar = px_bars_at(&series->bars, i);
        fwrite(&bar.ts_us, sizeof bar.ts_us, 1, stdout);
        const double values[] = {bar.open, bar.high, bar.low, bar.close, bar.volume};
        fwrite(values, sizeof values, 1, stdout);
    }
}

static px_status read_request(request *r, px_calendar **calendar, px_source *source, px_error *err) {
    px_status status = read_source(r, r->exchange ? r->exchange : "NSE", calendar, source, err);
    if (!status && !r->exchange && source->exchange && strcmp(source->exchange, "NSE") != 0) {
        const char *exchange = source->exchange;
        px_source_free(source);
        px_calendar_close(calendar);
        status = read_source(r, exchange, calendar, source, err);
    }
    if (!status && source->n_series == 0) {
        snprintf(err->message, sizeof err->message, "no row is a bar: %s",
                 source->n_rejected ? source->rejections[0].reason : "there are none");
        status = PX_EINPUT;
    }
    if (!status && r->symbol)
        status = px_source_choose(source, 1, &r->symbol, 1, err);
    return status;
}

static void answer(request *r) {
    px_calendar *calendar = NULL;
    px_source source = {0};
    px_error err = {0};
    px_status status = read_request(r, &calendar, &source, &err);
    px_admission *admissions = calloc(source.n_series + 1, sizeof *admissions);
    for (size_t i = 0; !status && i < source.n_series; i++)
        status = make_series(r, &source, &source.series[i], &admissions[i], &err);
    if (status)
        printf("refused\t%s\n", err.message);
    else {
        printf("read\t%zu\t%zu\t%s\t%s\n", source.n_series, source.n_rejected, px_calendar_name(calendar),
               source.n_rejected ? source.rejections[0].reason : "");
        for (size_t i = 0; i < source.n_series; i++)
            print_series(&source.series[i], &admissions[i]);
    }
    fflush(stdout);
    free(admissions);
    px_source_free(&source);
    px_calendar_close(&calendar);
}

int main(void) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        request r = parse(line);
        answer(&r);
    }
    free(line);
    return 0;
}
