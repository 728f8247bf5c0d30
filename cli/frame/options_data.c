// SPDX-License-Identifier: Apache-2.0
/* Which bars: from the home folder by name, or straight from a file or folder. */
#include "cli/frame/cli.h"

#include <stddef.h>

#define FIELD(name) offsetof(cli_call, data.name)
const cli_place cli_data_places[] = {
    {"symbol", .offset = FIELD(symbol)},
    {"exchange", .offset = FIELD(exchange)},
    {"timeframe", .offset = FIELD(timeframe_minutes)},
    {"start", .offset = FIELD(start_date)},
    {"end", .offset = FIELD(end_date)},
    {0},
};

static px_status parse_rank(const char *text, void *field, px_error *err) {
    return px_continuous_rank_parse(text, field, err);
}

static px_status parse_roll(const char *text, void *field, px_error *err) {
    return px_roll_rule_parse(text, field, err);
}

static px_status parse_back_adjust(const char *text, void *field, px_error *err) {
    return px_back_adjust_parse(text, field, err);
}

const cli_place cli_continuous_places[] = {
    {"continuous", FIELD(continuous.rank), parse_rank},
    {"roll", FIELD(continuous.roll), parse_roll},
    {"back-adjust", FIELD(continuous.adjust), parse_back_adjust},
    {0},
};

const cli_place cli_input_places[] = {
    {"input", .offset = FIELD(input)},
    {"data-dir", .offset = FIELD(data_dir)},
    {"input-timeframe", .offset = FIELD(input_timeframe_minutes)},
    {"stamp", FIELD(input_stamped_at_close), cli_parse_stamp},
    {"adjustments", .offset = FIELD(input_adjustments)},
    CLI_READING_PLACES(FIELD(input_reading)),
    CLI_LIMIT_PLACES(FIELD(input_limits)),
    {0},
};

const cli_place cli_finding_places[] = {
    {"accept", .offset = offsetof(cli_call, accept)},
    {0},
};

bool cli_reading_is_said(const px_source_reading *reading) {
    return reading->tz || reading->columns || reading->no_header || reading->date_format || reading->source ||
           reading->table || reading->sheet || reading->volume || reading->as_is || reading->keep_good;
}

bool cli_data_direct(const cli_call *call) {
    return call->data.input || call->data.data_dir;
}

px_status cli_check_continuous(cli_call *call, px_error *err) {
    const px_continuous_config *config = &call->data.continuous;
    if (!config->rank && (config->roll || config->adjust))
        return cli_fail_usage(call, err, "%s goes with --continuous front or next",
                              config->roll ? "--roll" : "--back-adjust");
    if (config->rank && cli_data_direct(call))
        return cli_fail_usage(call, err,
                              "--continuous joins stored contracts: import the files instead of --input or "
                              "--data-dir");
    return PX_OK;
}

/* The timeframe may stand in the command, in the configuration, or in both if they agree. */
static px_status resolve_timeframe(cli_call *call, px_error *err) {
    const px_config *config = &call->config;
    int *minutes = &call->data.timeframe_minutes, named = 0;
    char wanted[PX_TIMEFRAME_TEXT_SIZE], other[PX_TIMEFRAME_TEXT_SIZE];
    px_status status = PX_OK;
    if (*config->timeframe)
        status = px_timeframe_parse(config->timeframe, &named, err);
    if (status)
        return cli_fail_prefix(err, status, "timeframe of the configuration");
    const int said[] = {named, config->bar_minutes};
    static const char *const keys[] = {"timeframe", "bar_minutes"};
    for (int i = 0; i < 2; i++) {
        if (!*minutes)
            *minutes = said[i];
        if (said[i] && said[i] != *minutes)
            return cli_fail(err, PX_EINPUT, "the configuration's %s %s contradicts timeframe %s", keys[i],
                            px_timeframe_format(said[i], other), px_timeframe_format(*minutes, wanted));
    }
    return *minutes ? PX_OK : cli_fail_usage(call, err, "--timeframe is missing, as in --timeframe 15m");
}

px_status cli_resolve_data(cli_call *call, px_error *err) {
    px_data_request *data = &call->data;
    data->accept = cli_parameters_text(&call->accept);
    data->now_us = cli_clock_us();
    if (data->input && data->data_dir)
        return cli_fail_usage(call, err, "--input and --data-dir exclude each other");
    if (data->input_timeframe_minutes && !cli_data_direct(call))
        return cli_fail_usage(call, err, "--input-timeframe goes with --input or --data-dir");
    if (data->input_stamped_at_close && !cli_data_direct(call))
        return cli_fail_usage(call, err, "--stamp goes with --input or --data-dir");
    if (cli_reading_is_said(&data->input_reading) && !cli_data_direct(call))
        return cli_fail_usage(
            call, err,
            "--tz, --columns, --no-header, --date-format, --source, --table, --sheet, --volume, "
            "--as-is and --keep-good say how --input or --data-dir is read");
    if ((data->input_limits.rows || data->input_limits.bytes || data->input_limits.memory) &&
        !cli_data_direct(call) && !call->reads_file)
        return cli_fail_usage(
            call, err, "--max-rows, --max-bytes and --max-memory go with --input, --data-dir or --signals");
    if (data->input_adjustments && !cli_data_direct(call))
        return cli_fail_usage(call, err,
                              "--adjustments goes with --input or --data-dir; for stored bars `pixity data "
                              "adjust` keeps them");
    px_status status = cli_check_continuous(call, err);
    if (status)
        return status;
    const bool several = call->symbols.n > 1;
    if (!data->symbol && !several && !data->input && *call->config.symbol)
        data->symbol = call->config.symbol;
    if (!data->symbol && !several && data->data_dir)
        return cli_fail_usage(call, err, "--symbol is missing: which of the symbols in --data-dir");
    if (!data->symbol && !several && !data->input)
        return cli_fail_usage(call, err, "--symbol is missing (or --input FILE)");
    return resolve_timeframe(call, err);
}

px_status cli_load_dataset(cli_call *call, px_dataset *out, px_error *err) {
    px_status status = cli_resolve_config(call, err);
    if (!status)
        status = cli_resolve_data(call, err);
    if (!status && !cli_data_direct(call))
        status = cli_open_home_to_read(call, err);
    if (!status) {
        call->data.detail = call->config.detail;
        call->data.holes = call->config.holes;
    }
    if (!status)
        status = px_dataset_load(call->home, &call->data, call->config.resample_anchor,
                                 px_config_warmup_research(&call->config), out, err);
    if (!status) {
        cli_log(call, CLI_LOG_INFO, "read %zu bars from %s, %zu outside sessions left out", out->n_source,
                out->source, out->n_excluded);
        cli_warn_look_ahead(call);
    }
    return status;
}

px_status cli_find_window(const cli_call *call, const px_calendar *calendar, int64_t *begin_us,
                          int64_t *end_us, px_error *err) {
    int32_t start = call->data.start_date, end = call->data.end_date;
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    if (start != PX_NO_DATE && end != PX_NO_DATE && start > end)
        return cli_fail(err, PX_EINPUT, "--start %s is after --end %s", px_date_format(start, first),
                        px_date_format(end, last));
    *begin_us = start == PX_NO_DATE ? PX_TIME_MIN_US : px_calendar_session(calendar, start).midnight_us;
    *end_us = end == PX_NO_DATE ? PX_TIME_MAX_US : px_calendar_session(calendar, end).next_midnight_us;
    return PX_OK;
}

px_status cli_adjust_stored(cli_call *call, const px_calendar *calendar, const px_instrument *instrument,
                            px_bars *bars, px_error *err) {
    px_adjustments list = {0};
    px_status status = px_adjustments_read(call->home, instrument, &list, err);
    if (!status)
        px_adjustments_apply(&list, calendar, bars);
    px_adjustments_free(&list);
    return status;
}
