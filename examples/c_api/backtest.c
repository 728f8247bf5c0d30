// SPDX-License-Identifier: Apache-2.0
/* The library from outside: bars of a file or of a data folder, their features and events, a backtest of
 * every event, and what came out.
 *
 *     backtest bars.csv 15m             a file of one-minute bars
 *     backtest pixity-data RELIANCE 15m a symbol of a data folder */
#include <pixity/pixity.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const px_error *err) {
    fprintf(stderr, "backtest: %s\n", err->message);
    return px_status_is_usage(err->code) ? 2 : 1;
}

/* The last bar's features, and how many events the window has. */
static px_status look(const px_dataset *data, const px_config *config, px_error *err) {
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_status status = px_features_compute(&data->bars, data->calendar, config, &frame, err);
    if (status == PX_OK)
        status = px_events_find(&data->bars, &frame, data->calendar, config, data->timeframe_minutes,
                                data->begin, data->end, &events, err);
    if (status == PX_OK) {
        printf("%zu bars of %s, %zu events\n", data->end - data->begin, data->instrument.symbol, events.n);
        for (size_t f = 0; f < PX_N_FEATURES; f++)
            printf("  %-12s %.6g\n", px_feature_name(f), frame.column[f][data->end - 1]);
    }
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
    return status;
}

static px_status run(px_home *home, const px_data_request *bars, const px_config *config, px_error *err) {
    px_backtest_request request = {.data = *bars, .strategy_id = "pixityAI_meta", .run_id = "example"};
    px_backtest_result *result = NULL;
    px_status status = px_backtest_run(home, &request, config, &result, err);
    if (status != PX_OK)
        return status;
    printf("%lld candidates, %lld executed; net of fees unless gross is said\n",
           (long long)result->n_candidates, (long long)result->n_outcomes[PX_OUTCOME_EXECUTED]);
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        double value = px_metric_value(&result->metrics, metric);
        if (!isnan(value))
            printf("  %-34s %.6g\n", metric->key, value);
    }
    px_backtest_result_free(&result);
    return PX_OK;
}

int main(int argc, char **argv) {
    px_error err = {0};
    px_home *home = NULL;
    px_dataset data = {0};
    px_config config = px_config_default();
    px_data_request bars = {.start_date = PX_NO_DATE, .end_date = PX_NO_DATE};
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: %s FILE TIMEFRAME | %s FOLDER SYMBOL TIMEFRAME\n", argv[0], argv[0]);
        return 2;
    }
    config.skip_meta_model = true; /* take every event */
    px_status status = px_timeframe_parse(argv[argc - 1], &bars.timeframe_minutes, &err);
    if (argc == 3)
        bars.input = argv[1];
    else
        bars.symbol = argv[2];
    if (status == PX_OK && argc == 4)
        status = px_home_open(argv[1], &home, &err);
    if (status == PX_OK)
        status = px_dataset_load(home, &bars, config.resample_anchor, px_config_warmup_research(&config),
                                 &data, &err);
    if (status == PX_OK)
        status = look(&data, &config, &err);
    if (status == PX_OK)
        status = run(home, &bars, &config, &err);
    px_dataset_free(&data);
    px_home_close(&home);
    return status == PX_OK ? 0 : fail(&err);
}
