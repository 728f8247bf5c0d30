// SPDX-License-Identifier: Apache-2.0
/* pixity data check: what looks wrong in stored series, or in a file before it is imported. What is found is
 * the result: the exit status is 0 whatever it is. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct data_check {
    cli_call *call;
    int64_t now_us;
    json_t *series; /* a document each */
    px_table rows;  /* --csv: a row for each finding */
    size_t n_bars;
} data_check;

/* A series to be checked; its bars in any order. */
typedef struct checked {
    const char *symbol, *key; /* key NULL: bars in place */
    px_quality_config config;
    const px_bars *bars;
    const px_findings *chain; /* of a continuous series: what is known of its contracts, or NULL */
} checked;

/* ---- one series ---------------------------------------------------------------------------------------- */

static void format_time(const px_quality_place *finding, const px_zone *zone, bool iso,
                        char buf[PX_TIME_TEXT_SIZE]) {
    buf[0] = '\0';
    if (finding->ts_us != PX_FINDING_NO_TIME && iso)
        px_time_format_iso(finding->ts_us, zone, buf);
    else if (finding->ts_us != PX_FINDING_NO_TIME)
        px_time_format_local(finding->ts_us, zone, buf);
}

static px_status add_rows(data_check *check, const checked *series, const px_quality *quality,
                          px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], when[PX_TIME_TEXT_SIZE];
    px_status status = PX_OK;
    px_timeframe_format(series->config.timeframe_minutes, timeframe);
    for (size_t i = 0; !status && i < quality->n; i++) {
        const px_quality_place *finding = &quality->findings[i];
        px_quality_info info = px_quality_describe(finding->check);
        format_time(finding, px_calendar_zone(series->config.calendar), false, when);
        const char *texts[] = {
            series->symbol,      timeframe, info.name,      px_severity_name(info.severity),
            *when ? when : NULL, NULL,      finding->detail};
        status = px_table_add_row(&check->rows, err);
        for (size_t c = 0; !status && c < sizeof texts / sizeof *texts; c++)
            if (c != 5)
                status = px_table_set_text(&check->rows, c, texts[c], err);
        if (!status)
            px_table_set_i64(&check->rows, 5, (int64_t)finding->n_bars);
    }
    return status;
}

static px_status add_chain_rows(data_check *check, const checked *series, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    px_status status = PX_OK;
    px_timeframe_format(series->config.timeframe_minutes, timeframe);
    for (size_t i = 0; !status && series->chain && i < series->chain->n; i++) {
        const px_finding *finding = &series->chain->items[i];
        const char *texts[] = {series->symbol, timeframe, finding->code, px_severity_name(finding->severity),
                               finding->where, NULL,      finding->what};
        status = px_table_add_row(&check->rows, err);
        for (size_t c = 0; !status && c < sizeof texts / sizeof *texts; c++)
            if (c != 5)
                status = px_table_set_text(&check->rows, c, texts[c], err);
        if (!status)
            px_table_set_i64(&check->rows, 5, finding->count);
    }
    return status;
}

/* NULL of other series. */
static json_t *chain_json(const px_findings *chain) {
    json_t *list = chain ? json_array() : NULL;
    for (size_t i = 0; chain && i < chain->n; i++) {
        const px_finding *finding = &chain->items[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s?, s:I, s:s}", "check", finding->code, "severity",
                                        px_severity_name(finding->severity), "timestamp", finding->where,
                                        "count", (json_int_t)finding->count, "detail", finding->what));
    }
    return list;
}

static json_t *findings_json(const px_quality *quality, const px_zone *zone) {
    json_t *list = json_array();
    char when[PX_TIME_TEXT_SIZE];
    for (size_t i = 0; i < quality->n; i++) {
        const px_quality_place *finding = &quality->findings[i];
        px_quality_info info = px_quality_describe(finding->check);
        format_time(finding, zone, true, when);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s?, s:I, s:s}", "check", info.name, "severity",
                                        px_severity_name(info.severity), "timestamp", *when ? when : NULL,
                                        "count", (json_int_t)finding->n_bars, "detail", finding->detail));
    }
    return list;
}

static void find_ends(const px_bars *bars, int64_t *first_us, int64_t *last_us) {
    *first_us = *last_us = bars->ts_us[0];
    for (size_t i = 1; i < bars->n; i++) {
        *first_us = bars->ts_us[i] < *first_us ? bars->ts_us[i] : *first_us;
        *last_us = bars->ts_us[i] > *last_us ? bars->ts_us[i] : *last_us;
    }
}

static json_t *series_json(const data_check *check, const checked *series, const px_quality *quality) {
    const px_zone *zone = px_calendar_zone(series->config.calendar);
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    int64_t first_us, last_us;
    bool any = series->bars->n > 0;
    if (any) {
        find_ends(series->bars, &first_us, &last_us);
        px_time_format_iso(first_us, zone, first);
        px_time_format_iso(last_us, zone, last);
    }
    json_t *object =
        json_pack("{s:s, s:s?, s:s, s:I, s:s?, s:s?, s:o, s:o*}", "symbol", series->symbol, "instrument_key",
                  series->key, "timeframe", px_timeframe_format(series->config.timeframe_minutes, timeframe),
                  "bars", (json_int_t)quality->n_bars, "first", any ? first : NULL, "last", any ? last : NULL,
                  "quality", cli_quality_json(quality, zone), "chain", chain_json(series->chain));
    if (check->call->format == CLI_FORMAT_JSON)
        json_object_set_new(object, "findings", findings_json(quality, zone));
    return object;
}

static px_status check_series(data_check *check, const checked *series, px_error *err) {
    px_quality quality = {0};
    px_status status = px_quality_find(&series->config, series->bars, &quality, err);
    if (!status && check->call->format == CLI_FORMAT_CSV)
        status = add_rows(check, series, &quality, err);
    if (!status && check->call->format == CLI_FORMAT_CSV)
        status = add_chain_rows(check, series, err);
    else if (!status)
        json_array_append_new(check->series, series_json(check, series, &quality));
    check->n_bars += series->bars->n;
    px_quality_free(&quality);
    return status;
}

/* ---- stored series ------------------------------------------------------------------------------------- */

enum { SYMBOL, KEY, EXCHANGE, TIMEFRAME }; /* columns of px_candles_list */

static bool is_wanted(const data_check *check, const px_table *stored, size_t row,
                      const px_instrument *instruments) {
    const cli_call *call = check->call;
    const char *exchange = px_table_text(stored, EXCHANGE, row);
    int minutes = 0;
    bool named = call->symbols.n == 0 &&
                 (!call->data.exchange || !exchange || !strcasecmp(exchange, call->data.exchange));
    for (size_t i = 0; i < call->symbols.n; i++)
        named = named || !strcmp(instruments[i].key, px_table_text(stored, KEY, row));
    if (px_timeframe_parse(px_table_text(stored, TIMEFRAME, row), &minutes, NULL) != PX_OK)
        return false;
    return named && (!call->data.timeframe_minutes || call->data.timeframe_minutes == minutes);
}

/* One that cannot be read is a finding of its own. */
static px_status read_stored(data_check *check, const px_table *stored, size_t row, checked *series,
                             px_bars *bars, px_error *err) {
    px_instrument instrument = {0};
    int64_t begin_us, end_us;
    px_status status = cli_find_window(check->call, series->config.calendar, &begin_us, &end_us, err);
    if (status)
        return status;
    snprintf(instrument.key, sizeof instrument.key, "%s", px_table_text(stored, KEY, row));
    snprintf(instrument.symbol, sizeof instrument.symbol, "%s", px_table_text(stored, SYMBOL, row));
    status = px_candles_read(check->call->home, &instrument, series->config.timeframe_minutes, begin_us,
                             end_us, bars, err);
    if (!status)
        status = cli_adjust_stored(check->call, series->config.calendar, &instrument, bars, err);
    if (status == PX_ECORRUPT) {
        series->config.damage = err->message;
        status = PX_OK;
    }
    return status;
}

static px_status check_stored(data_check *check, const px_table *stored, size_t row, px_error *err) {
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    checked series = {
        .symbol = px_table_text(stored, SYMBOL, row), .key = px_table_text(stored, KEY, row), .bars = &bars};
    px_status status = cli_open_calendar(px_table_text(stored, EXCHANGE, row), &calendar, err);
    series.config = (px_quality_config){.calendar = calendar, .now_us = check->now_us};
    if (!status)
        status =
            px_timeframe_parse(px_table_text(stored, TIMEFRAME, row), &series.config.timeframe_minutes, err);
    if (!status)
        status = read_stored(check, stored, row, &series, &bars, err);
    if (!status && (bars.n || series.config.damage))
        status = check_series(check, &series, err);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}

static px_status fail_none(const data_check *check, size_t n_chosen, px_error *err) {
    const px_data_request *data = &check->call->data;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE] = "";
    const char *whose = data->symbol ? data->symbol : "these symbols";
    if (data->timeframe_minutes)
        px_timeframe_format(data->timeframe_minutes, timeframe);
    return cli_fail(err, PX_EINPUT, "no %s%sbars of %s %s; `pixity data list` shows what there is", timeframe,
                    *timeframe ? " " : "", check->call->symbols.n ? whose : "any symbol",
                    n_chosen ? "lie in the window" : "are stored");
}

static px_status check_home(data_check *check, px_error *err) {
    cli_call *call = check->call;
    px_table stored = {0};
    px_instrument *instruments = NULL;
    size_t n_chosen = 0;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = cli_find_instruments(call, &instruments, err);
    if (!status)
        status = px_candles_list(call->home, &stored, err);
    for (size_t row = 0; !status && row < stored.n_rows; row++) {
        status = cli_progress_step(call, "check", row, stored.n_rows, err);
        if (status || !is_wanted(check, &stored, row, instruments))
            continue;
        n_chosen++;
        status = check_stored(check, &stored, row, err);
    }
    bool narrowed = call->symbols.n || call->data.timeframe_minutes || n_chosen;
    bool none = !json_array_size(check->series) && !check->n_bars;
    if (!status && none && narrowed)
        status = fail_none(check, n_chosen, err);
    cli_progress_end();
    px_table_free(&stored);
    free(instruments);
    return status;
}

/* ---- bars in place ------------------------------------------------------------------------------------- */

/* Drops, in place and in their order, the bars outside [begin_us, end_us). */
static void cut(px_bars *bars, int64_t begin_us, int64_t end_us) {
    size_t kept = 0;
    for (size_t i = 0; i < bars->n; i++) {
        if (bars->ts_us[i] < begin_us || bars->ts_us[i] >= end_us)
            continue;
        px_bar bar = px_bars_at(bars, i);
        bars->ts_us[kept] = bar.ts_us;
        bars->open[kept] = bar.open;
        bars->high[kept] = bar.high;
        bars->low[kept] = bar.low;
        bars->close[kept] = bar.close;
        bars->volume[kept++] = bar.volume;
    }
    bars->n = kept;
}

/* The timeframe must be right before findings mean anything. */
static px_status check_timeframe(const px_bars *bars, int minutes, px_error *err) {
    px_bars sorted = {0};
    px_status status = px_bars_reserve(&sorted, bars->n, err);
    for (size_t i = 0; !status && i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        status = px_bars_append(&sorted, &bar, err);
    }
    if (!status)
        status = px_bars_normalize(&sorted, NULL, NULL, NULL, err);
    if (!status)
        status = px_bars_check_timeframe(&sorted, minutes, err);
    px_bars_free(&sorted);
    return status;
}

/* Adjustments are for bars in order: stretch by stretch of what the file has. */
static px_status adjust_source(const px_data_request *data, const px_calendar *calendar, px_source *source,
                               px_error *err) {
    px_adjustments list = {0};
    if (!data->input_adjustments)
        return PX_OK;
    if (source->n_series != 1)
        return cli_fail(err, PX_EINPUT, "--adjustments are of one instrument: name it with --symbol");
    px_status status = px_adjustments_load(data->input_adjustments, &data->input_limits, &list, err);
    px_bars *bars = &source->series[0].bars;
    for (size_t begin = 0, end; !status && begin < bars->n; begin = end) {
        for (end = begin + 1; end < bars->n && bars->ts_us[end] > bars->ts_us[end - 1];)
            end++;
        px_bars stretch = px_bars_slice(bars, begin, end);
        px_adjustments_apply(&list, calendar, &stretch);
    }
    px_adjustments_free(&list);
    return status;
}

/* Rejected rows belong to the file: they stand with its bars where it holds one series, else by themselves.
 */
static px_status check_source(data_check *check, px_source *source, bool single, const px_calendar *calendar,
                              int minutes, px_error *err) {
    const px_bars none = {0};
    const char *path = check->call->data.input ? check->call->data.input : check->call->data.data_dir;
    const px_quality_config config = {
        .calendar = calendar, .timeframe_minutes = minutes, .now_us = check->now_us};
    checked file = {path, NULL, config, &none, NULL};
    file.config.rejections = source->rejections;
    file.config.n_rejected = source->n_rejected;
    int64_t begin_us, end_us;
    px_status status = cli_find_window(check->call, calendar, &begin_us, &end_us, err);
    for (size_t i = 0; !status && i < source->n_series; i++) {
        checked one = {source->series[i].symbol, NULL, single ? file.config : config, &source->series[i].bars,
                       NULL};
        status = check_timeframe(one.bars, minutes, err);
        cut(&source->series[i].bars, begin_us, end_us);
        if (!status && one.bars->n)
            status = check_series(check, &one, err);
    }
    if (!status && !single && source->n_rejected)
        status = check_series(check, &file, err);
    else if (!status && !check->n_bars)
        status = cli_fail(err, PX_EINPUT, "it has no bars in the window");
    return status;
}

static px_status check_input(data_check *check, px_error *err) {
    cli_call *call = check->call;
    const px_data_request *data = &call->data;
    px_calendar *calendar = NULL;
    px_source source = {0};
    int minutes = data->input_timeframe_minutes ? data->input_timeframe_minutes : 1;
    px_status status = cli_open_calendar(data->exchange, &calendar, err);
    px_source_config config = {
        .path = data->input ? data->input : data->data_dir,
        .default_symbol = data->symbol,
        .timeframe_minutes = minutes,
        .stamped_at_close = data->input_stamped_at_close,
        .calendar = calendar,
        .reading = data->input_reading,
        .limits = data->input_limits,
        .work = data->work,
    };
    if (!status) {
        config.zone = px_calendar_zone(calendar);
        status = px_source_read(&config, &source, err);
    }
    if (!status)
        status = px_source_join(&source, err);
    bool read = !status, single = source.n_series == 1;
    if (!status && source.n_series)
        status = px_source_choose(&source, 1, (const char *const *)call->symbols.items, call->symbols.n, err);
    if (!status)
        status = adjust_source(data, calendar, &source, err);
    if (!status)
        status = check_source(check, &source, single, calendar, minutes, err);
    if (status && read)
        cli_fail_prefix(err, status, "%s", config.path);
    px_source_free(&source);
    px_calendar_close(&calendar);
    return status;
}

/* ---- continuous futures ---------------------------------------------------------------------------------
 */

/* The bars are checked here, as any; what is known of their contracts is asked for. */
static px_status check_root(data_check *check, const char *root, px_error *err) {
    px_data_request request = check->call->data;
    px_dataset data = {0};
    request.symbol = root;
    request.now_us = check->now_us;
    px_status status = px_dataset_load(check->call->home, &request, PX_ANCHOR_OPEN, 0, &data, err);
    if (!status)
        status = px_dataset_find_chain(&request, &data, err);
    checked series = {
        .symbol = data.instrument.symbol,
        .key = data.instrument.key,
        .config = {.calendar = data.calendar,
                   .timeframe_minutes = data.timeframe_minutes,
                   .now_us = check->now_us},
        .bars = &data.bars,
        .chain = &data.findings,
    };
    if (!status)
        status = check_series(check, &series, err);
    px_dataset_free(&data);
    return status;
}

static px_status check_continuous(data_check *check, px_error *err) {
    const cli_symbols *roots = &check->call->symbols;
    if (roots->n == 0)
        return cli_fail_usage(check->call, err, "--symbol is missing: the root of the futures, as NIFTY");
    px_status status = cli_open_home_to_read(check->call, err);
    for (size_t i = 0; !status && i < roots->n; i++)
        status = check_root(check, roots->items[i], err);
    return status;
}

/* ---- report -------------------------------------------------------------------------------------------- */

/* The worst severity that was found, -1 for nothing. */
static int worst_of(json_t *quality) {
    int worst = -1;
    for (int i = 0; i < PX_N_QUALITY_CHECKS; i++) {
        px_quality_info info = px_quality_describe((px_quality_check)i);
        if (cli_count_at(json_object_get(quality, info.name), "count") && (int)info.severity > worst)
            worst = (int)info.severity;
    }
    return worst;
}

static void print_series(json_t *series) {
    json_t *quality = json_object_get(series, "quality");
    const char *key = json_string_value(json_object_get(series, "instrument_key"));
    bool found = worst_of(quality) >= 0;
    size_t i;
    json_t *each;
    printf("%s%s%s%s %s: ", cli_text_at(series, "symbol"), key ? " (" : "", key ? key : "", key ? ")" : "",
           cli_text_at(series, "timeframe"));
    if (cli_count_at(series, "bars"))
        printf("%lld bars of %lld sessions, %.10s .. %.10s%s\n", cli_count_at(series, "bars"),
               cli_count_at(quality, "sessions"), cli_text_at(series, "first"), cli_text_at(series, "last"),
               found ? "" : ": nothing found");
    else
        puts("no bars could be read");
    if (found)
        cli_print_quality(quality, "  ");
    json_array_foreach(json_object_get(series, "chain"), i, each)
        printf("  %s %s %s: %s\n", cli_text_at(each, "severity"), cli_text_at(each, "check"),
               cli_text_at(each, "timestamp"), cli_text_at(each, "detail"));
}

static void print_report(json_t *report) {
    json_t *list = json_object_get(report, "series");
    size_t n = json_array_size(list), by_worst[4] = {0};
    for (size_t i = 0; i < n; i++) {
        print_series(json_array_get(list, i));
        by_worst[1 + worst_of(json_object_get(json_array_get(list, i), "quality"))]++;
    }
    if (n == 0)
        puts("nothing is stored");
    if (n > 1)
        printf("%zu series: %zu with errors, %zu with warnings, %zu with notes, %zu with nothing found\n", n,
               by_worst[3], by_worst[2], by_worst[1], by_worst[0]);
}

static px_status print(data_check *check, px_error *err) {
    json_t *report = NULL;
    if (check->call->format == CLI_FORMAT_CSV)
        return cli_print_table(check->call, &check->rows, PX_TABLE_CSV, NULL, err);
    report = json_pack("{s:O}", "series", check->series);
    px_status status = cli_print_document(check->call, NULL, report, print_report, err);
    if (!status && !cli_data_direct(check->call))
        cli_suggest_adjustments(check->call, check->series);
    json_decref(report);
    return status;
}

static px_status check_options(cli_call *call, px_error *err) {
    px_data_request *data = &call->data;
    bool direct = cli_data_direct(call);
    if (data->input && data->data_dir)
        return cli_fail_usage(call, err, "--input and --data-dir exclude each other");
    if (!direct && (data->input_timeframe_minutes || data->input_stamped_at_close ||
                    data->input_adjustments || cli_reading_is_said(&data->input_reading)))
        return cli_fail_usage(
            call, err,
            "--input-timeframe, --stamp, --adjustments and what says how a file is read go with "
            "--input or --data-dir");
    if (direct && data->timeframe_minutes && !data->input_timeframe_minutes)
        data->input_timeframe_minutes = data->timeframe_minutes;
    if (direct && data->timeframe_minutes && data->timeframe_minutes != data->input_timeframe_minutes)
        return cli_fail_usage(call, err, "bars are checked as they are: --timeframe is that of the file");
    return PX_OK;
}

static px_status run(cli_call *call, px_error *err) {
    static const px_column_def columns[] = {
        {"symbol", PX_COLUMN_TEXT},   {"timeframe", PX_COLUMN_TEXT}, {"check", PX_COLUMN_TEXT},
        {"severity", PX_COLUMN_TEXT}, {"timestamp", PX_COLUMN_TEXT}, {"count", PX_COLUMN_I64},
        {"detail", PX_COLUMN_TEXT},
    };
    data_check check = {.call = call, .now_us = cli_clock_us(), .series = json_array()};
    px_status status = cli_check_continuous(call, err);
    if (!status)
        status = check_options(call, err);
    if (!status)
        status = px_table_init(&check.rows, columns, sizeof columns / sizeof *columns, err);
    if (!status)
        status = cli_data_direct(call)        ? check_input(&check, err)
                 : call->data.continuous.rank ? check_continuous(&check, err)
                                              : check_home(&check, err);
    if (!status)
        status = print(&check, err);
    px_table_free(&check.rows);
    json_decref(check.series);
    return status;
}

const cli_verb cli_data_check = {
    .name = "data check",
    .arguments = "",
    .summary = "Look for trouble in stored series, or in a file: bad prices, splits, gaps, repeats, ...",
    .details =
        "Without --symbol every stored series is checked, of --symbol S (or A,B or @FILE) those that are "
        "stored of it, and of --input FILE the bars in it, before they are imported. Nothing is changed, and "
        "the exit status is 0 whatever is found: scripts look at the severities under --csv or --json. "
        "error: bars that must not be traded on; warning: look at it before you trust results; info: to "
        "know. With --continuous the series that is joined of the futures of --symbol is checked, and its "
        "rolls "
        "are reported.\n"
        "--csv has a row for each place: symbol,timeframe,check,severity,timestamp,count,detail.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_OUTPUT,
    .several_symbols = true,
    .run = run,
};
