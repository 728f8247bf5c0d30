// SPDX-License-Identifier: Apache-2.0
/* A home folder with a stored run, for the tests of reports. */
#ifndef REPORT_KIT_H
#define REPORT_KIT_H

#include "store_fixture.h"

#include "pixity/report.h"
#include "pixity/synth.h"

/* 2022-01-03, a Monday. */
#define FIRST_DATE 18995
#define DAYS       80

static inline px_bars synth(const char *exchange, int days) {
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    assert_ok(px_calendar_open(exchange, &calendar, err));
    assert_ok(px_synth_bars(PX_SYNTH_TREND, 3, days, FIRST_DATE, calendar, &bars, err));
    px_calendar_close(&calendar);
    return bars;
}

static inline void store_minutes(px_home *home, const char *symbol, int days) {
    px_bars bars = synth("NSE", days);
    px_instrument instrument = instrument_of(home, symbol);
    assert_ok(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_SKIP, NULL, err));
    px_bars_free(&bars);
}

static inline px_backtest_request request_of(const char *run_id) {
    return (px_backtest_request){
        .data = {.symbol = "S", .timeframe_minutes = 15, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE},
        .strategy_id = "ema_cross",
        .run_id = run_id,
    };
}

static inline void backtest(px_home *home, const px_backtest_request *request, const px_config *config) {
    px_backtest_result *result = NULL;
    assert_ok(px_backtest_run(home, request, config, &result, err));
    assert_true(result->metrics.trades.n > 10);
    assert_ok(px_backtest_save(home, request->run_id, result, FIRST_US, err));
    px_backtest_result_free(&result);
}

/* A home with a run "r" of 15-minute bars of S. */
static inline px_home *home_with_run(void) {
    px_home *home = open_home();
    px_config config = px_config_default();
    px_backtest_request request = request_of("r");
    store_minutes(home, "S", DAYS);
    backtest(home, &request, &config);
    return home;
}

#endif
