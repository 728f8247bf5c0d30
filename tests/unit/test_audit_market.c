// SPDX-License-Identifier: Apache-2.0
/* The checks of data, fills, sessions, corporate actions and seeds find what they are there to find. */
#include "model_kit.h"
#include "audit/audit.h"

static pxi_audit_drivers drivers;

/* Runs one check over the kit's bars. */
static px_audit_check check_of(kit *k, const pxi_audit_kind *kind, const char *model) {
    const px_audit_request request = {.data = k->request.data, .model = model};
    pxi_audit audit = {.home = k->home,
                       .request = &request,
                       .config = k->config,
                       .drivers = &drivers,
                       .work = &request.data.work};
    px_audit_check check = {.first_us = PX_NULL_I64};
    kit_ok(pxi_audit_open(&audit, &kit_err));
    kit_ok(kind->run(&audit, &check, &kit_err));
    pxi_audit_close(&audit);
    return check;
}

static kit *start(void) {
    kit *k = kit_open();
    k->config.skip_meta_model = true;
    drivers = pxi_audit_real_drivers();
    return k;
}

static px_audit_check assert_passes(kit *k, const pxi_audit_kind *kind) {
    const px_audit_check check = check_of(k, kind, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_true(check.cases > 0 && check.mismatches == 0);
    return check;
}

static void assert_finds(kit *k, const pxi_audit_kind *kind, const char *series) {
    const px_audit_check check = check_of(k, kind, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_true(check.mismatches > 0);
    assert_string_equal(check.series, series);
    assert_true(check.first_us != PX_NULL_I64);
}

static pxi_journal *journal_of(const pxi_replay_setup *setup) {
    return setup->sinks.items[0].user;
}

/* ---- data --------------------------------------------------------------------------------------------- */

/* Bars of some sessions, changed on their way into the kit's file. */
static void write_bars(kit *k, void (*change)(px_bars *bars)) {
    px_bars bars = {0};
    kit_ok(px_synth_bars(PX_SYNTH_TREND, 5, KIT_SESSIONS, px_date_from_civil((px_civil){2020, 1, 1}),
                         k->calendar, &bars, &kit_err));
    change(&bars);
    assert_int_equal(remove(k->input), 0);
    kit_ok(px_bars_export(&bars, "KIT", px_calendar_zone(k->calendar), k->input, &kit_err));
    px_bars_free(&bars);
}

static void scale(px_bars *bars, size_t begin, size_t end, double factor) {
    for (size_t i = begin; i < end; i++) {
        bars->open[i] *= factor;
        bars->high[i] *= factor;
        bars->low[i] *= factor;
        bars->close[i] *= factor;
        bars->volume[i] /= factor;
    }
}

static void another_level(px_bars *bars) {
    scale(bars, 4000, 4120, 0.125);
}

static void test_faults_of_the_bars_are_caught(void **state) {
    kit *k = start();
    (void)state;
    px_audit_check check = check_of(k, &pxi_audit_data, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_SHOWN); /* made-up bars trade on holidays */
    assert_true(check.cases > 0 && check.mismatches == 0);
    assert_non_null(strstr(check.detail, "warning holiday: "));
    write_bars(k, another_level);
    k->request.data.accept = "bad_price";
    check = check_of(k, &pxi_audit_data, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_int_equal(check.mismatches, 1);
    assert_non_null(strstr(check.detail, "ACCEPTED bad_price: "));

    /* not accepted, there is no audit */
    k->request.data.accept = NULL;
    const px_audit_request request = {.data = k->request.data};
    px_audit_report report = {0};
    px_error err = {0};
    assert_int_equal(px_audit_run(k->home, &request, &k->config, &report, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "--accept bad_price"));
    assert_true(report.n == 0 && report.findings.n == 0);
    kit_close(k);
}

/* ---- fills -------------------------------------------------------------------------------------------- */

static px_status fills_above_the_bar(const pxi_replay_setup *setup, px_error *err) {
    px_status status = pxi_replay_run(setup, err);
    pxi_journal *journal = journal_of(setup);
    for (size_t i = journal->n_fills / 2; i < journal->n_fills && !status; i++)
        journal->fills[i].price *= 1.1;
    return status;
}

static double number_behind(const char *text, const char *words) {
    const char *at = strstr(text, words);
    if (!at)
        fail_msg("\"%s\" is not in \"%s\"", words, text);
    return strtod(at + strlen(words), NULL);
}

static void test_prices_that_were_not_traded_are_caught(void **state) {
    kit *k = start();
    (void)state;
    px_audit_check check = assert_passes(k, &pxi_audit_fills);
    const double net = number_behind(check.detail, "Net "),
                 at_five = number_behind(check.detail, "with 5 bps ");
    assert_true(at_five < net);
    assert_non_null(strstr(check.detail, "of its bar's volume"));

    /* slippage of its own: fills lie outside of bars, and are looked at without it */
    kit_ok(px_config_set(&k->config, "slippage", "bps:5", &kit_err));
    check = assert_passes(k, &pxi_audit_fills);
    assert_true(fabs(number_behind(check.detail, "Net ") - at_five) < 0.02);
    assert_true(number_behind(check.detail, "twice the slippage ") < at_five);

    k->config.slippage = (px_slippage){PX_SLIPPAGE_NONE, 0};
    drivers.replay = fills_above_the_bar;
    assert_finds(k, &pxi_audit_fills, "fill price");
    kit_close(k);
}

/* The cost of a delay, from the bars and the trades. */
static void test_a_delay_costs_what_the_next_opens_say(void **state) {
    kit *k = start();
    px_backtest_result *run = NULL;
    px_dataset data = {0};
    double net = 0;
    (void)state;
    const px_backtest_request request = {.data = k->request.data, .strategy_id = "pixityAI_meta"};
    kit_ok(px_backtest_run(k->home, &request, &k->config, &run, &kit_err));
    kit_load(k, &data);
#define TRADE(name, kind) run->trades.columns[px_table_find(&run->trades, name)].u.kind[i]
    for (size_t i = 0; i < run->trades.n_rows; i++) {
        const int64_t entry_us = TRADE("entry_ts", i64), exit_us = TRADE("exit_ts", i64);
        const size_t later = px_bars_lower_bound(&data.bars, entry_us + 1);
        const double entry = TRADE("entry_price", f64), quantity = TRADE("qty", f64);
        const double side = TRADE("stop", f64) < entry ? 1 : -1;
        if (later < data.bars.n && data.bars.ts_us[later] <= exit_us)
            net += TRADE("pnl_net", f64) - side * quantity * (data.bars.open[later] - entry);
    }
#undef TRADE
    const px_audit_check check = check_of(k, &pxi_audit_fills, NULL);
    assert_true(fabs(number_behind(check.detail, "entries one bar later ") - net) < 0.01);
    px_dataset_free(&data);
    px_backtest_result_free(&run);
    kit_close(k);
}

/* ---- sessions ----------------------------------------------------------------------------------------- */

static px_status fills_in_the_evening(const pxi_replay_setup *setup, px_error *err) {
    px_status status = pxi_replay_run(setup, err);
    pxi_journal *journal = journal_of(setup);
    if (!status && journal->n_fills > 3)
        journal->fills[3].ts_us += 7 * 60 * PX_US_PER_MINUTE;
    return status;
}

static void test_a_fill_outside_hours_is_caught(void **state) {
    kit *k = start();
    (void)state;
    assert_passes(k, &pxi_audit_sessions);
    drivers.replay = fills_in_the_evening;
    assert_finds(k, &pxi_audit_sessions, "fill");
    kit_close(k);
}

/* ---- corporate actions -------------------------------------------------------------------------------- */

enum { EX_BAR = 40 * 375 }; /* the first bar in the new shares */

static char ex_date[PX_TIME_TEXT_SIZE];
static double between; /* prices in old and in new shares */

static void halve(px_bars *bars) {
    px_date_format((int32_t)((bars->ts_us[EX_BAR] + 330 * PX_US_PER_MINUTE) / PX_US_PER_DAY), ex_date);
    between = 1.5 * bars->close[0];
    scale(bars, 0, EX_BAR, 2);
}

static void record(kit *k, const char *factor) {
    static char path[128];
    char text[80];
    snprintf(path, sizeof path, "%s/actions.csv", k->folder);
    snprintf(text, sizeof text, "ex_date,factor\n%.10s,%s\n", ex_date, factor);
    kit_write(path, text, strlen(text));
    k->request.data.input_adjustments = path;
}

static px_status features_in_rupees(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                                    px_feature_frame *out, px_error *err) {
    px_status status = px_features_compute(bars, calendar, config, out, err);
    for (size_t i = 0; i < bars->n && !status; i++)
        out->column[PX_ATR][i] += 1;
    return status;
}

static px_status events_above_a_price(const px_bars *bars, const px_feature_frame *frame,
                                      const px_calendar *calendar, const px_config *config,
                                      int timeframe_minutes, size_t begin, size_t end, px_event_list *out,
                                      px_error *err) {
    px_status status = px_events_find(bars, frame, calendar, config, timeframe_minutes, begin, end, out, err);
    size_t n = 0;
    for (size_t i = 0; i < out->n && !status; i++)
        if (out->items[i].close > between)
            out->items[n++] = out->items[i];
    out->n = status ? out->n : n;
    return status;
}

static void test_what_a_split_changes_is_caught(void **state) {
    kit *k = start();
    (void)state;
    assert_int_equal(check_of(k, &pxi_audit_actions, NULL).verdict, PX_AUDIT_SKIPPED);
    write_bars(k, halve);
    record(k, "2");
    assert_passes(k, &pxi_audit_actions);
    drivers.stages.features = features_in_rupees;
    assert_finds(k, &pxi_audit_actions, "atr");
    drivers = pxi_audit_real_drivers();
    drivers.stages.events = events_above_a_price;
    assert_int_equal(check_of(k, &pxi_audit_actions, NULL).verdict, PX_AUDIT_FAIL);
    drivers = pxi_audit_real_drivers();
    record(k, "0.5"); /* the wrong way round */
    k->request.data.accept = "split,bad_price";
    assert_finds(k, &pxi_audit_actions, "price");
    kit_close(k);
}

/* ---- seed --------------------------------------------------------------------------------------------- */

static px_status fit_of_another_seed(const float *x, const uint8_t *y, size_t n,
                                     const px_learner_config *config, px_predictor **out, px_error *err) {
    px_learner_config other = *config;
    px_status status = px_learner_config_set(&other, "seed", 4711, err);
    return status ? status : px_predictor_train(x, y, n, &other, out, err);
}

static void test_a_model_that_cannot_be_made_again_is_caught(void **state) {
    kit *k = start();
    (void)state;
    k->config.skip_meta_model = false;
    k->request.learner = "rf:trees=20";
    k->request.model_out = "forest";
    json_decref(kit_train(k));
    px_audit_check check = check_of(k, &pxi_audit_seed, "forest");
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_true(check.cases == 1 && check.mismatches == 0);
    const double net = number_behind(check.detail, "Net "),
                 lowest = number_behind(check.detail, "others from ");
    assert_true(lowest <= net);

    drivers.fit = fit_of_another_seed;
    check = check_of(k, &pxi_audit_seed, "forest");
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    drivers = pxi_audit_real_drivers();

    /* other bars than those of its training */
    write_bars(k, another_level);
    k->request.data.accept = "bad_price";
    check = check_of(k, &pxi_audit_seed, "forest");
    assert_int_equal(check.verdict, PX_AUDIT_SKIPPED);
    assert_non_null(strstr(check.detail, "no longer there"));

    k->request.learner = "logistic";
    k->request.model_out = "line";
    json_decref(kit_train(k));
    check = check_of(k, &pxi_audit_seed, "line");
    assert_int_equal(check.verdict, PX_AUDIT_SKIPPED);
    kit_close(k);
}

/* ---- plain words -------------------------------------------------------------------------------------- */

static void test_every_check_says_in_plain_words_what_it_means(void **state) {
    kit *k = start();
    (void)state;
    const px_audit_request request = {.data = k->request.data};
    px_audit_report report = {0};
    kit_ok(px_audit_run(k->home, &request, &k->config, &report, &kit_err));
    assert_true(report.n >= 15 && report.findings.n > 0);
    for (size_t i = 0; i < report.n; i++) {
        const px_audit_check *check = &report.checks[i];
        assert_true((check->verdict == PX_AUDIT_SKIPPED) == (*check->plain == '\0'));
    }
    px_audit_report_free(&report);
    kit_close(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_of_the_bars_are_caught),
        cmocka_unit_test(test_prices_that_were_not_traded_are_caught),
        cmocka_unit_test(test_a_delay_costs_what_the_next_opens_say),
        cmocka_unit_test(test_a_fill_outside_hours_is_caught),
        cmocka_unit_test(test_what_a_split_changes_is_caught),
        cmocka_unit_test(test_a_model_that_cannot_be_made_again_is_caught),
        cmocka_unit_test(test_every_check_says_in_plain_words_what_it_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
