// SPDX-License-Identifier: Apache-2.0
/* pixity resample|features: series, one row a bar of the window. */
#include "cli/frame/cli.h"

static px_status run_resample(cli_call *call, px_error *err) {
    px_dataset data = {0};
    px_status status = cli_load_dataset(call, &data, err);
    if (!status) {
        px_bars window = px_bars_slice(&data.bars, data.begin, data.end);
        status = cli_print_bars(call, &window, px_calendar_zone(data.calendar), err);
    }
    px_dataset_free(&data);
    return status;
}

const cli_verb cli_resample = {
    .name = "resample",
    .arguments = "",
    .summary = "Print bars of a timeframe: inside sessions, bins counted from the open",
    .details = "Columns: timestamp,open,high,low,close,volume. CSV by default.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run_resample,
};

/* The window's rows as a table: a view on the bars and the frame. */
static px_table view_frame(const px_dataset *data, const px_feature_frame *frame,
                           px_column columns[1 + PX_N_FEATURES]) {
    columns[0] = (px_column){"timestamp", PX_COLUMN_TIME, {.i64 = data->bars.ts_us + data->begin}};
    for (size_t f = 0; f < PX_N_FEATURES; f++)
        columns[1 + f] =
            (px_column){px_feature_name(f), PX_COLUMN_F64, {.f64 = frame->column[f] + data->begin}};
    return (px_table){.n_rows = data->end - data->begin, .n_columns = 1 + PX_N_FEATURES, .columns = columns};
}

static px_status run_features(cli_call *call, px_error *err) {
    px_dataset data = {0};
    px_feature_frame frame = {0};
    px_column columns[1 + PX_N_FEATURES];
    px_status status = cli_load_dataset(call, &data, err);
    if (!status)
        status = px_features_compute(&data.bars, data.calendar, &call->config, &frame, err);
    if (!status) {
        px_table table = view_frame(&data, &frame, columns);
        status = cli_print_table(call, &table, PX_TABLE_CSV, px_calendar_zone(data.calendar), err);
    }
    px_feature_frame_free(&frame);
    px_dataset_free(&data);
    return status;
}

const cli_verb cli_features = {
    .name = "features",
    .arguments = "",
    .summary = "Print the features of each bar, as strategies and models see them",
    .details =
        "Columns: timestamp,ema20,ema50,atr,adx,vwap,vol_z,swing_high,swing_low; empty where undefined. "
        "CSV by default.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run_features,
};
