// SPDX-License-Identifier: Apache-2.0
/* Columns and documents of a stored run, against the slow way to say the same. */
#include "report_kit.h"

#include <jansson.h>

static json_t *parse(char *text) {
    json_error_t problem;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (!document)
        fail_msg("%s", problem.text);
    free(text);
    return document;
}

static json_t *run_document(px_home *home, const char *id) {
    char *text = NULL;
    assert_ok(px_run_read(home, id, &text, err));
    return parse(text);
}

static double metric(json_t *run, const char *name) {
    json_t *value = json_object_get(json_object_get(run, "metrics"), name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static px_table table_of(px_home *home, const char *part) {
    px_table table = {0};
    assert_ok(px_run_read_table(home, "r", part, &table, err));
    return table;
}

static const px_column *column_of(const px_table *table, const char *name) {
    size_t at = px_table_find(table, name);
    assert_true(at != SIZE_MAX);
    return &table->columns[at];
}

static px_columns run_bars(px_home *home, px_columns_request request) {
    px_columns columns = {0};
    assert_ok(px_run_bars(home, "r", &request, &columns, err));
    return columns;
}

/* India, all the time. */
static int64_t ist_seconds(int64_t ts_us) {
    return ts_us / PX_US_PER_SECOND + 19800;
}

/* ---- bars --------------------------------------------------------------------------------------------- */

static px_dataset dataset_of(px_home *home, int minutes) {
    px_dataset data = {0};
    px_data_request request = request_of("r").data;
    px_config config = px_config_default();
    request.timeframe_minutes = minutes;
    assert_ok(px_dataset_load(home, &request, config.resample_anchor, px_config_warmup_backtest(&config),
                              &data, err));
    return data;
}

static void test_the_bars_of_a_run(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns_request request = px_columns_request_default();
    request.indicators = "vwap,ema20,vwap";
    px_columns columns = run_bars(home, request);
    px_dataset data = dataset_of(home, 15);
    px_feature_frame frame = {0};
    px_config config = px_config_default();
    assert_ok(px_features_compute(&data.bars, data.calendar, &config, &frame, err));
    assert_int_equal(columns.n_rows, data.end - data.begin);
    assert_int_equal(columns.total, columns.n_rows);
    assert_int_equal(columns.bars_per_point, 1);
    assert_int_equal(columns.same_data, 1);
    assert_int_equal(columns.n_columns, 7);
    assert_string_equal(columns.columns[5].name, "vwap");
    for (size_t i = 0; i < columns.n_rows; i++) {
        size_t bar = data.begin + i;
        assert_int_equal(columns.time_s[i], ist_seconds(data.bars.ts_us[bar]));
        assert_true(px_columns_find(&columns, "open")[i] == data.bars.open[bar]);
        assert_true(px_columns_find(&columns, "volume")[i] == data.bars.volume[bar]);
    }
    assert_memory_equal(px_columns_find(&columns, "ema20"), frame.column[PX_EMA20] + data.begin,
                        columns.n_rows * sizeof(double));
    px_feature_frame_free(&frame);
    px_dataset_free(&data);
    px_columns_free(&columns);
    px_home_close(&home);
}

/* Whatever the spec, of the settings: in the second round swings are told early, so that all bars are needed.
 */
static void test_any_column_beside_the_bars(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_config config = px_config_default();
    config.swing = PX_SWING_CENTERED;
    for (int centered = 0; centered < 2; centered++) {
        px_columns_request request = px_columns_request_default();
        px_columns columns = {0};
        request.timeframe_minutes = 15;
        request.indicators = "ema(20),macd(5,35,5).signal,swing_high,swing(5).high,ema20";
        assert_ok(px_series_columns(home, "S", "NSE", &request, centered ? &config : NULL, &columns, err));
        assert_int_equal(columns.n_columns, 10);
        assert_string_equal(columns.columns[6].name, "macd(5,35,5).signal");
        assert_string_equal(columns.columns[6].unit, "price");
        const double *fast = px_columns_find(&columns, "ema(20)"),
                     *high = px_columns_find(&columns, "swing_high");
        assert_memory_equal(fast, px_columns_find(&columns, "ema20"), columns.n_rows * sizeof(double));
        assert_memory_equal(high, px_columns_find(&columns, "swing(5).high"),
                            columns.n_rows * sizeof(double));
        size_t first = 0;
        while (isnan(high[first]))
            first++;
        assert_true(high[first] == px_columns_find(&columns, "high")[first - (centered ? 0 : 5)]);
        px_columns_free(&columns);
    }
    px_home_close(&home);
}

static void test_merged_bars(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns_request request = px_columns_request_default();
    request.indicators = "atr";
    px_columns all = run_bars(home, request);
    request.points = 150;
    px_columns few = run_bars(home, request);
    size_t step = few.bars_per_point;
    assert_int_equal(few.total, all.n_rows);
    assert_int_equal(few.n_rows, (all.n_rows + step - 1) / step);
    assert_true(few.n_rows <= 150 && all.n_rows % step != 0);
    for (size_t row = 0; row < few.n_rows; row++) {
        size_t begin = row * step, end = begin + step < all.n_rows ? begin + step : all.n_rows;
        double high = -INFINITY, low = INFINITY, volume = 0;
        for (size_t i = begin; i < end; i++) {
            high = fmax(high, px_columns_find(&all, "high")[i]);
            low = fmin(low, px_columns_find(&all, "low")[i]);
            volume += px_columns_find(&all, "volume")[i];
        }
        assert_int_equal(few.time_s[row], all.time_s[begin]);
        assert_true(px_columns_find(&few, "open")[row] == px_columns_find(&all, "open")[begin]);
        assert_true(px_columns_find(&few, "high")[row] == high);
        assert_true(px_columns_find(&few, "low")[row] == low);
        assert_true(px_columns_find(&few, "close")[row] == px_columns_find(&all, "close")[end - 1]);
        assert_true(px_columns_find(&few, "volume")[row] == volume);
        assert_memory_equal(&px_columns_find(&few, "atr")[row], &px_columns_find(&all, "atr")[end - 1],
                            sizeof(double));
    }
    px_columns_free(&all);
    px_columns_free(&few);
    px_home_close(&home);
}

static void test_a_stretch_at_other_timeframes(void **state) {
    (void)state;
    px_home *home = home_with_run();
    const int timeframes[] = {1, 15, 60, PX_TIMEFRAME_DAY};
    for (size_t t = 0; t < 4; t++) {
        px_columns_request request = {.timeframe_minutes = timeframes[t],
                                      .start_date = FIRST_DATE + 7,
                                      .end_date = FIRST_DATE + 8,
                                      .indicators = "ema50"};
        px_columns columns = run_bars(home, request);
        px_columns whole = run_bars(home, (px_columns_request){.timeframe_minutes = timeframes[t],
                                                               .start_date = PX_NO_DATE,
                                                               .end_date = PX_NO_DATE,
                                                               .indicators = "ema50"});
        px_dataset data = dataset_of(home, timeframes[t]);
        size_t begin =
            px_bars_lower_bound(&data.bars, px_calendar_session(data.calendar, FIRST_DATE + 7).midnight_us);
        size_t end =
            px_bars_lower_bound(&data.bars, px_calendar_session(data.calendar, FIRST_DATE + 9).midnight_us);
        assert_int_equal(columns.n_rows, end - begin);
        assert_int_equal(columns.timeframe_minutes, timeframes[t]);
        assert_int_equal(columns.same_data, -1);
        assert_int_equal(whole.same_data, 1);
        size_t skipped = whole.n_rows - (data.bars.n - begin); /* the run's window may begin later */
        for (size_t i = 0; i < columns.n_rows; i++) {
            double ema = px_columns_find(&columns, "ema50")[i];
            assert_memory_equal(&ema, &px_columns_find(&whole, "ema50")[skipped + i], sizeof ema);
            assert_int_equal(columns.time_s[i], whole.time_s[skipped + i]);
            assert_int_equal(columns.time_s[i], ist_seconds(data.bars.ts_us[begin + i]));
            assert_true(px_columns_find(&columns, "close")[i] == data.bars.close[begin + i]);
        }
        px_dataset_free(&data);
        px_columns_free(&columns);
        px_columns_free(&whole);
    }
    px_home_close(&home);
}

static void test_bars_that_changed_or_grew(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns_request request = px_columns_request_default();
    px_columns before = run_bars(home, request);
    store_minutes(home, "S", DAYS + 10); /* the same bars and more: an open end was the last bar then */
    px_columns grown = run_bars(home, request);
    assert_int_equal(grown.same_data, 1);
    assert_int_equal(grown.n_rows, before.n_rows);
    px_bars one = {0};
    px_bar bar = {FIRST_US, 5, 6, 4, 5, 1};
    px_instrument instrument = instrument_of(home, "S");
    bar.ts_us = (FIRST_DATE * INT64_C(86400) + 9 * 3600 + 15 * 60 - 19800) * PX_US_PER_SECOND;
    assert_ok(px_bars_append(&one, &bar, err));
    assert_ok(px_candles_merge(home, &instrument, 1, &one, PX_CONFLICT_REPLACE, NULL, err));
    px_columns changed = run_bars(home, request);
    assert_int_equal(changed.same_data, 0);
    assert_int_equal(changed.n_rows, before.n_rows);
    px_bars_free(&one);
    px_columns_free(&before);
    px_columns_free(&grown);
    px_columns_free(&changed);
    px_home_close(&home);
}

static void test_what_cannot_be_shown(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns columns = {0};
    px_config config = px_config_default();
    px_backtest_request failed = request_of("failed");
    px_columns_request request = px_columns_request_default();
    assert_ok(px_backtest_save_failure(home, &failed, &config, FIRST_US, "no luck", err));
    request.indicators = "ema20,vwpa";
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT, "did you mean \"vwap\"");
    request.indicators =
        "ema(1),ema(2),ema(3),ema(4),ema(5),ema(6),ema(7),ema(8),ema(9),ema(10),ema(11),ema(12)";
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT, "more than 11 indicators");
    request.indicators = "macd(12,26,9),ema(0)";
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT,
                 "a whole number from 1 to 10000");
    request.indicators = "macd(12,26,9),macd(   12,   26,   9   ).histogram";
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT, "longer than any can be");
    request.indicators = NULL;
    assert_fails(px_run_bars(home, "rr", &request, &columns, err), PX_ENOTFOUND, "did you mean \"r\"");
    assert_fails(px_run_bars(home, "failed", &request, &columns, err), PX_EMISMATCH, "no luck");
    assert_fails(px_run_equity_columns(home, "failed", 0, &columns, err), PX_EMISMATCH, "no luck");
    request.start_date = FIRST_DATE + 1000;
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT, "goes from 2022-01-03 to");
    request.end_date = FIRST_DATE + 999;
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_EINPUT, "is after the end");
    px_home_close(&home);
}

static void test_bars_that_were_read_in_place(void **state) {
    (void)state;
    px_home *home = open_home();
    char path[1024];
    px_columns columns = {0};
    px_columns_request request = px_columns_request_default();
    px_config config = px_config_default();
    px_backtest_request run = request_of("r");
    px_bars bars = synth("XNYS", DAYS);
    snprintf(path, sizeof path, "%s", in_folder("bars.csv"));
    run.data.input = path;
    run.data.exchange = "XNYS";
    assert_ok(px_config_set(&config, "square_off", "none", err));
    px_zone *zone = NULL;
    assert_ok(px_zone_open("America/New_York", &zone, err));
    assert_ok(px_bars_export(&bars, "S", zone, path, err));
    backtest(home, &run, &config);
    columns = run_bars(home, request);
    assert_int_equal(columns.same_data, 1);
    assert_string_equal(columns.zone, "America/New_York");
    assert_string_equal(columns.utc_offset, ""); /* 80 days from January cross into summer time */
    for (size_t i = 0; i < columns.n_rows; i++) {
        int64_t minute = columns.time_s[i] % 86400 / 60;
        assert_true(minute >= 9 * 60 + 30 && minute < 16 * 60);
    }
    assert_int_equal(columns.time_s[0] % 86400, (9 * 60 + 30) * 60);
    px_columns_free(&columns);
    run.run_id = "s";
    run.data.input_stamped_at_close = true; /* as the run read them, so are they shown */
    backtest(home, &run, &config);
    assert_ok(px_run_bars(home, "s", &request, &columns, err));
    assert_int_equal(columns.same_data, 1);
    assert_int_equal(columns.time_s[0] % 86400, (9 * 60 + 30) * 60);
    px_columns_free(&columns);
    assert_int_equal(unlink(path), 0);
    assert_fails(px_run_bars(home, "r", &request, &columns, err), PX_ENOTFOUND, "which is not there now");
    px_zone_close(&zone);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_bars_around_trades(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns_request request = px_columns_request_default();
    px_columns all = run_bars(home, request), some = {0};
    px_table trades = table_of(home, "trades");
    assert_ok(px_run_trade_bars(home, "r", 3, NULL, &some, err));
    size_t row = 0;
    for (size_t i = 0; i < all.n_rows; i++) {
        bool near = false;
        for (size_t k = 0; k < trades.n_rows; k++) {
            int64_t entry = ist_seconds(column_of(&trades, "entry_ts")->u.i64[k]);
            int64_t exit = ist_seconds(column_of(&trades, "exit_ts")->u.i64[k]);
            size_t first = 0, last = 0;
            while (all.time_s[first] != entry)
                first++;
            while (all.time_s[last] != exit)
                last++;
            near |= i + 3 >= first && i <= last + 3;
        }
        if (near) {
            assert_int_equal(some.time_s[row], all.time_s[i]);
            assert_true(px_columns_find(&some, "low")[row] == px_columns_find(&all, "low")[i]);
            row++;
        }
    }
    assert_int_equal(row, some.n_rows);
    assert_true(row < all.n_rows);
    px_table_free(&trades);
    px_columns_free(&all);
    px_columns_free(&some);
    px_home_close(&home);
}

static void test_the_bars_of_a_series(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_columns columns = {0};
    px_columns_request request = {.timeframe_minutes = 15,
                                  .start_date = FIRST_DATE + 60,
                                  .end_date = PX_NO_DATE,
                                  .indicators = "ema20"};
    assert_ok(px_series_columns(home, "s", NULL, &request, NULL, &columns, err));
    px_dataset data = dataset_of(home, 15);
    size_t begin =
        px_bars_lower_bound(&data.bars, px_calendar_session(data.calendar, FIRST_DATE + 60).midnight_us);
    assert_int_equal(columns.same_data, -1);
    assert_int_equal(columns.n_rows, data.bars.n - begin);
    assert_int_equal(columns.time_s[0], ist_seconds(data.bars.ts_us[begin]));
    assert_false(isnan(px_columns_find(&columns, "ema20")[0])); /* there is warm-up in front */
    px_columns_free(&columns);
    assert_fails(px_series_columns(home, "T", NULL, &request, NULL, &columns, err), PX_ENOTFOUND, "T");
    px_dataset_free(&data);
    px_home_close(&home);
}

/* ---- equity, months, distributions --------------------------------------------------------------------- */

static void test_equity(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_table equity = table_of(home, "equity");
    px_columns all = {0}, few = {0};
    json_t *run = run_document(home, "r");
    assert_ok(px_run_equity_columns(home, "r", 0, &all, err));
    assert_int_equal(all.n_rows, equity.n_rows);
    size_t last = all.n_rows - 1;
    const double *net = px_columns_find(&all, "equity_net"), *gross = px_columns_find(&all, "equity_gross");
    for (size_t i = 0; i < all.n_rows; i++) {
        assert_int_equal(all.time_s[i], ist_seconds(column_of(&equity, "ts")->u.i64[i]));
        assert_true(net[i] == column_of(&equity, "equity_net")->u.f64[i]);
        assert_true(gross[i] >= net[i]);
    }
    assert_true(fabs(gross[last] - metric(run, "Equity Final [Rs] (gross)")) < 1e-9);
    assert_true(fabs(net[last] - metric(run, "Equity Final [Rs]")) < 1e-9);
    assert_ok(px_run_equity_columns(home, "r", 50, &few, err));
    assert_true(few.n_rows <= 50 && few.n_rows > 10);
    assert_int_equal(few.total, all.n_rows);
    double deepest = 0, peak = 0;
    for (size_t i = 0; i < few.n_rows; i++) {
        deepest = fmin(deepest, px_columns_find(&few, "drawdown_pct")[i]);
        peak = fmax(peak, px_columns_find(&few, "equity_gross")[i]);
    }
    assert_true(fabs(deepest - metric(run, "Max. Drawdown [%]")) < 1e-9);
    assert_true(fabs(peak - metric(run, "Equity Peak [Rs] (gross)")) < 1e-9);
    assert_true(few.time_s[0] == all.time_s[0] && few.time_s[few.n_rows - 1] == all.time_s[last]);
    json_decref(run);
    px_columns_free(&all);
    px_columns_free(&few);
    px_table_free(&equity);
    px_home_close(&home);
}

static json_int_t whole(json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static double real(json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

/* "2022-03" of an instant in India. */
static void month_text(int64_t ts_us, char buf[8]) {
    char text[PX_TIME_TEXT_SIZE];
    px_zone *zone = NULL;
    assert_ok(px_zone_open("+05:30", &zone, err));
    memcpy(buf, px_time_format_local(ts_us, zone, text), 7);
    buf[7] = '\0';
    px_zone_close(&zone);
}

static void check_month(json_t *found, const char *name, const px_table *equity, const px_table *trades) {
    double before[2] = {px_config_default().capital, px_config_default().capital}, now[2] = {0, 0};
    json_int_t n_trades = 0;
    char text[8];
    for (size_t i = 0; i < equity->n_rows; i++) {
        double net = column_of(equity, "equity_net")->u.f64[i],
               fees = column_of(equity, "fees_paid")->u.f64[i];
        month_text(column_of(equity, "ts")->u.i64[i], text);
        if (strcmp(text, name) <= 0)
            now[0] = net, now[1] = net + fees;
        if (strcmp(text, name) < 0)
            before[0] = net, before[1] = net + fees;
    }
    for (size_t i = 0; i < trades->n_rows; i++) {
        month_text(column_of(trades, "exit_ts")->u.i64[i], text);
        n_trades += strcmp(text, name) == 0;
    }
    assert_int_equal(whole(found, "trades"), n_trades);
    assert_true(fabs(real(found, "net_return_pct") - 100.0 * (now[0] - before[0]) / before[0]) < 1e-9);
    assert_true(fabs(real(found, "gross_return_pct") - 100.0 * (now[1] - before[1]) / before[1]) < 1e-9);
}

static void test_months(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_table equity = table_of(home, "equity"), trades = table_of(home, "trades");
    char *text = NULL, name[16];
    assert_ok(px_run_months(home, "r", &text, err));
    json_t *document = parse(text), *years = json_object_get(document, "years"), *year, *month;
    json_t *run = run_document(home, "r");
    size_t y, m, n_months = 0;
    double net = 1, gross = 1;
    json_array_foreach(years, y, year) {
        double net_of_year = 1;
        json_array_foreach(json_object_get(year, "months"), m, month) {
            snprintf(name, sizeof name, "%04d-%02d", (int)whole(year, "year"), (int)whole(month, "month"));
            check_month(month, name, &equity, &trades);
            net *= 1 + real(month, "net_return_pct") / 100;
            gross *= 1 + real(month, "gross_return_pct") / 100;
            net_of_year *= 1 + real(month, "net_return_pct") / 100;
            n_months++;
        }
        assert_true(fabs(100 * (net_of_year - 1) - real(year, "net_return_pct")) < 1e-9);
    }
    assert_int_equal(n_months, 4); /* 80 sessions from January 3 */
    assert_true(fabs(100 * (net - 1) - metric(run, "Return [%]")) < 1e-9);
    assert_true(fabs(100 * (gross - 1) - metric(run, "Return [%] (gross)")) < 1e-9);
    json_decref(run);
    json_decref(document);
    px_table_free(&equity);
    px_table_free(&trades);
    px_home_close(&home);
}

/* Counts by looking at every edge for every bin. */
static void check_histogram(json_t *document, const char *name, const double *values, size_t n) {
    json_t *object = json_object_get(document, name), *edges = json_object_get(object, "edges");
    json_t *counts = json_object_get(object, "counts");
    size_t bins = json_array_size(counts);
    json_int_t total = whole(object, "undefined");
    assert_int_equal(json_array_size(edges), bins + 1);
    for (size_t b = 0; b < bins; b++) {
        double low = b ? json_number_value(json_array_get(edges, b)) : -INFINITY;
        double high = b + 1 < bins ? json_number_value(json_array_get(edges, b + 1)) : INFINITY;
        json_int_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += values[i] >= low && values[i] < high;
        assert_int_equal(json_integer_value(json_array_get(counts, b)), count);
        assert_true(json_number_value(json_array_get(edges, b)) <
                    json_number_value(json_array_get(edges, b + 1)));
        total += count;
    }
    assert_int_equal(total, n);
}

static void test_distributions(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_table trades = table_of(home, "trades");
    char *text = NULL;
    double values[4096];
    assert_ok(px_run_distributions(home, "r", &text, err));
    json_t *document = parse(text);
    assert_true(trades.n_rows < 4096);
    check_histogram(document, "r_net", column_of(&trades, "r_net")->u.f64, trades.n_rows);
    check_histogram(document, "r_gross", column_of(&trades, "r")->u.f64, trades.n_rows);
    for (size_t i = 0; i < trades.n_rows; i++)
        values[i] = (double)column_of(&trades, "bars_held")->u.i64[i];
    check_histogram(document, "bars_held", values, trades.n_rows);
    for (size_t i = 0; i < trades.n_rows; i++)
        values[i] =
            (double)(column_of(&trades, "exit_ts")->u.i64[i] - column_of(&trades, "entry_ts")->u.i64[i]) /
            3.6e9;
    check_histogram(document, "hours_held", values, trades.n_rows);
    json_decref(document);
    px_table_free(&trades);
    px_home_close(&home);
}

static void test_trade_rows(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_table trades = table_of(home, "trades"), rows = {0};
    assert_ok(px_run_trade_rows(home, "r", &rows, err));
    assert_int_equal(rows.n_rows, trades.n_rows);
    assert_int_equal(rows.n_columns, trades.n_columns + 1);
    assert_string_equal(rows.columns[0].name, "n");
    for (size_t i = 0; i < rows.n_rows; i++)
        assert_int_equal(rows.columns[0].u.i64[i], i);
    for (size_t c = 0; c < trades.n_columns; c++)
        for (size_t i = 0; i < rows.n_rows; i++) {
            const char *a = NULL, *b = NULL;
            assert_string_equal(rows.columns[c + 1].name, trades.columns[c].name);
            if (trades.columns[c].type != PX_COLUMN_TEXT) {
                assert_memory_equal(&rows.columns[c + 1].u.i64[i], &trades.columns[c].u.i64[i], 8);
                continue;
            }
            a = px_table_text(&trades, c, i), b = px_table_text(&rows, c + 1, i);
            assert_true(!a == !b && (!a || strcmp(a, b) == 0));
        }
    px_table_free(&rows);
    px_table_free(&trades);
    px_home_close(&home);
}

static void test_event_rows(void **state) {
    (void)state;
    px_home *home = home_with_run();
    px_table signals = table_of(home, "signals"), rows = {0};
    assert_ok(px_run_event_rows(home, "r", &rows, err));
    assert_int_equal(rows.n_rows, signals.n_rows);
    assert_string_equal(rows.columns[0].name, "ts");
    assert_string_equal(rows.columns[rows.n_columns - 1].name, "tag");
    assert_memory_equal(rows.columns[0].u.i64, signals.columns[0].u.i64, rows.n_rows * sizeof(int64_t));
    for (size_t i = 0; i < rows.n_rows; i++)
        assert_string_equal(px_table_text(&rows, px_table_find(&rows, "fate"), i),
                            px_table_text(&signals, px_table_find(&signals, "fate"), i));
    px_table_free(&rows);
    px_table_free(&signals);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_the_bars_of_a_run),
        STORE_TEST(test_any_column_beside_the_bars),
        STORE_TEST(test_merged_bars),
        STORE_TEST(test_a_stretch_at_other_timeframes),
        STORE_TEST(test_bars_that_changed_or_grew),
        STORE_TEST(test_what_cannot_be_shown),
        STORE_TEST(test_bars_that_were_read_in_place),
        STORE_TEST(test_bars_around_trades),
        STORE_TEST(test_the_bars_of_a_series),
        STORE_TEST(test_equity),
        STORE_TEST(test_months),
        STORE_TEST(test_distributions),
        STORE_TEST(test_trade_rows),
        STORE_TEST(test_event_rows),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
