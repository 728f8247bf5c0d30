// SPDX-License-Identifier: Apache-2.0
/* Backtests of made bars, without a home. */
#ifndef BACKTEST_KIT_H
#define BACKTEST_KIT_H

#include "store_fixture.h"

#include "base/json.h"
#include "pixity/backtest.h"
#include "pixity/synth.h"

static inline const char *synth_file(px_synth_kind kind, int days) {
    static char path[1024];
    px_calendar *nse;
    px_bars bars = {0};
    snprintf(path, sizeof path, "%s/ACME.csv", fixture_folder);
    unlink(path);
    assert_ok(px_calendar_open("NSE", &nse, err));
    assert_ok(px_synth_bars(kind, 7, days, px_date_from_civil((px_civil){2024, 11, 4}), nse, &bars, err));
    assert_ok(px_bars_export(&bars, "ACME", px_calendar_zone(nse), path, err));
    px_bars_free(&bars);
    px_calendar_close(&nse);
    return path;
}

static inline px_backtest_request make_request(const char *strategy, const char *input) {
    return (px_backtest_request){
        .data = {.timeframe_minutes = 15, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE, .input = input},
        .strategy_id = strategy,
        .run_id = "r1",
    };
}

static inline px_config make_config(void) {
    px_config config = px_config_default();
    config.skip_meta_model = true;
    return config;
}

static inline px_backtest_result *run(const px_backtest_request *request, const px_config *config) {
    px_backtest_result *result = NULL;
    assert_ok(px_backtest_run(NULL, request, config, &result, err));
    return result;
}

static inline json_t *json_of(const px_backtest_result *result) {
    json_t *json = NULL;
    char *text = NULL;
    assert_ok(px_run_to_json(&result->run, &text, err));
    assert_ok(pxi_json_parse(text, strlen(text), "run", &json, err));
    free(text);
    return json;
}

static inline bool warns(const json_t *run, const char *text) {
    const json_t *warnings = json_object_get(run, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        if (strstr(json_string_value(json_array_get(warnings, i)), text))
            return true;
    return false;
}

static inline long long count_of(const json_t *run, const char *object, const char *key) {
    const json_t *value = json_object_get(json_object_get(run, object), key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

#endif
