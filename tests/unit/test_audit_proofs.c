// SPDX-License-Identifier: Apache-2.0
/* The proofs of labels, model, walks and money find what they are there to find. */
#include "depth.h"
#include "vocabulary.h"
#include "model_kit.h"
#include "audit/audit.h"
#include "audit/martingale.h"

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
    drivers = pxi_audit_real_drivers();
    return k;
}

/* ---- label = exit ------------------------------------------------------------------------------------- */

static px_status labels_that_skip_the_entry_bar(const px_dataset *data, const px_event_list *events,
                                                const px_config *config, px_label_list *out, px_error *err) {
    px_config other = *config;
    other.label_from = PX_LABEL_FROM_BAR_AFTER_ENTRY;
    return px_labels_compute(data, events, &other, out, err);
}

/* The later half of the labels. */
static int64_t wrong_from_us;
static px_status labels_wrong_in_the_end(const px_dataset *data, const px_event_list *events,
                                         const px_config *config, px_label_list *out, px_error *err) {
    px_status status = px_labels_compute(data, events, config, out, err);
    for (size_t i = out->n / 2; i < out->n && !status; i++)
        out->items[i].exit_price += 1;
    wrong_from_us = status || !out->n ? 0 : events->items[out->items[out->n / 2].event].ts_us;
    return status;
}

static px_status replay_that_fills_at_the_level(const pxi_replay_setup *setup, px_error *err) {
    px_config other = *setup->config;
    pxi_replay_setup changed = *setup;
    other.stop_fill = PX_STOP_FILL_LEVEL;
    changed.config = &other;
    return pxi_replay_run(&changed, err);
}

static void test_labels_are_exits(void **state) {
    kit *k = start();
    (void)state;
    px_audit_check check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_true(check.cases > 400 && check.mismatches == 0);
    const size_t all = check.cases;
    k->config.product = PX_PRODUCT_INTRADAY;
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    k->config = px_config_default();

    /* Money and guards leave out no event. */
    k->config.capital = k->config.risk_per_trade = 1;
    k->config.max_position_size = 0.5;
    k->config.max_daily_trades = 1;
    k->config.cooldown_bars = 100;
    k->config.max_drawdown_limit = 1e-6;
    k->config.slippage_bps = 10;
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_int_equal(check.cases, all);
    k->config = px_config_default();

    drivers.stages.labels = labels_that_skip_the_entry_bar;
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_true(check.mismatches > 10);

    drivers.stages.labels = labels_wrong_in_the_end;
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_string_equal(check.series, "exit price");
    assert_true(check.first_us > wrong_from_us && check.first_us < wrong_from_us + 10 * PX_US_PER_DAY);

    drivers = pxi_audit_real_drivers();
    drivers.replay = replay_that_fills_at_the_level;
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);

    drivers = pxi_audit_real_drivers();
    px_config_set_profile(&k->config, PX_PROFILE_REFERENCE);
    check = check_of(k, &pxi_audit_label_exit, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_non_null(strstr(check.detail, "label_from"));
    kit_close(k);
}

/* ---- train = serve ------------------------------------------------------------------------------------ */

static void test_a_card_of_another_timeframe_is_caught(void **state) {
    kit *k = start();
    (void)state;
    k->request.model_out = "five";
    json_decref(kit_train(k));
    px_audit_check check = check_of(k, &pxi_audit_serve, "five");
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_non_null(strstr(check.detail, "IN SAMPLE")); /* audited on what it was trained on */
    k->request.data.timeframe_minutes = 15;
    check = check_of(k, &pxi_audit_serve, "five");
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_non_null(strstr(check.detail, "timeframe"));
    check = check_of(k, &pxi_audit_serve, NULL); /* none of its own: every event */
    assert_int_equal(check.verdict, PX_AUDIT_SKIPPED);
    kit_close(k);
}

/* ---- martingale --------------------------------------------------------------------------------------- */

static px_status features_with_centered_swings(const px_bars *bars, const px_calendar *calendar,
                                               const px_config *config, px_feature_frame *out,
                                               px_error *err) {
    px_config other = *config;
    other.swing = PX_SWING_CENTERED;
    return px_features_compute(bars, calendar, &other, out, err);
}

static pxi_martingale walk(const px_config *config, int timeframe, const pxi_stages *functions, int threads) {
    pxi_martingale_limits limits = pxi_martingale_limits_default();
    pxi_martingale m;
    if (!getenv("PIXITY_SOAK"))
        limits.enough_events = 8000;
    const px_work work = {.threads = threads};
    kit_ok(pxi_martingale_run(config, timeframe, functions, &limits, &work, &m, &kit_err));
    assert_true(m.n_seeds >= limits.least_seeds && m.n_events >= limits.enough_events);
    return m;
}

static bool fails(const pxi_martingale *m, int type) {
    bool failed = false;
    for (int i = 0; i < m->n_cells; i++)
        failed |= m->cells[i].type == type && m->cells[i].failed;
    return failed;
}

static void test_nothing_is_earned_on_a_walk(void **state) {
    static const int timeframes[] = {15, 1440, 5, 240};
    const pxi_stages honest = {px_features_compute, px_events_find, px_labels_compute};
    const px_config config = px_config_default();
    const int n = cases(4, 1);
    (void)state;
    for (int i = 0; i < n; i++) {
        pxi_martingale m = walk(&config, timeframes[i], &honest, 2);
        for (int type = -1; type < KIT_N_TYPES; type++)
            assert_false(fails(&m, type));
        assert_true(m.cells[0].judged && m.detectable_r < 0.1);
    }
}

static void test_look_ahead_earns_on_a_walk(void **state) {
    const pxi_stages honest = {px_features_compute, px_events_find, px_labels_compute};
    const pxi_stages peeking = {features_with_centered_swings, px_events_find, px_labels_compute};
    px_config config = px_config_default();
    (void)state;
    pxi_martingale m = walk(&config, 15, &peeking, 2);
    assert_true(fails(&m, KIT_TREND));
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    m = walk(&config, 15, &honest, 2);
    assert_true(fails(&m, KIT_TREND) && !fails(&m, KIT_REVERSION));
    assert_true(m.cells[1].mean_stop_first > 0.1 && m.cells[2].mean_stop_first > 0.1);
}

/* Labels that take the better of stop and target inside one bar cannot be honest on bars of few steps. */
static px_status labels_that_know_the_order(const px_dataset *data, const px_event_list *events,
                                            const px_config *config, px_label_list *out, px_error *err) {
    px_status status = px_labels_compute(data, events, config, out, err);
    for (size_t i = 0; i < out->n && !status; i++)
        if (out->items[i].realized_r < -0.9 && i % 4 == 0)
            out->items[i].realized_r = 2;
    return status;
}

static void test_labels_too_good_are_caught(void **state) {
    const pxi_stages rosy = {px_features_compute, px_events_find, labels_that_know_the_order};
    const px_config config = px_config_default();
    (void)state;
    pxi_martingale m = walk(&config, 15, &rosy, 2);
    assert_true(m.cells[0].failed);
}

static void test_threads_change_nothing(void **state) {
    const pxi_stages honest = {px_features_compute, px_events_find, px_labels_compute};
    const px_config config = px_config_default();
    (void)state;
    pxi_martingale one = walk(&config, 15, &honest, 1), three = walk(&config, 15, &honest, 3);
    assert_int_equal(one.n_events, three.n_events);
    for (int i = 0; i < one.n_cells; i++)
        assert_true(one.cells[i].mean_stop_first == three.cells[i].mean_stop_first &&
                    one.cells[i].se_target_first == three.cells[i].se_target_first);
}

/* So many labels of each seed, and in all, of its first event, each of 1 R: nothing is left to chance. */
static size_t labels_of_a_seed, labels_left;

static px_status labels_by_number(const px_dataset *data, const px_event_list *events,
                                  const px_config *config, px_label_list *out, px_error *err) {
    (void)data, (void)config, (void)err;
    const size_t n = labels_of_a_seed < labels_left ? labels_of_a_seed : labels_left;
    assert_true(events->n > 0);
    out->items = calloc(n + 1, sizeof *out->items);
    for (out->n = 0; out->n < n; out->n++)
        out->items[out->n] = (px_label){.label = 1, .complete = true, .realized_r = 1};
    labels_left -= n;
    return PX_OK;
}

static pxi_martingale walk_by_number(size_t of_a_seed, size_t in_all) {
    const pxi_stages by_number = {px_features_compute, px_events_find, labels_by_number};
    const px_config config = px_config_default();
    pxi_martingale_limits limits = pxi_martingale_limits_default();
    pxi_martingale m;
    limits.sessions = 20;
    labels_of_a_seed = of_a_seed;
    labels_left = in_all;
    kit_ok(pxi_martingale_run(&config, 15, &by_number, &limits, &(px_work){.threads = 1}, &m, &kit_err));
    return m;
}

static void test_few_events_are_not_judged(void **state) {
    (void)state;
    pxi_martingale m = walk_by_number(50, 2000);
    assert_int_equal(m.n_events, 2000);
    assert_true(m.cells[0].judged && m.cells[0].failed);
    for (int i = 1; i < m.n_cells; i++) /* none has all of them */
        assert_false(m.cells[i].judged || m.cells[i].failed);
    m = walk_by_number(50, 1999);
    assert_int_equal(m.n_events, 1999);
    assert_false(m.cells[0].judged || m.cells[0].failed);
}

static void test_seeds_are_as_many_as_it_takes(void **state) {
    (void)state;
    assert_int_equal(walk_by_number(500, SIZE_MAX).n_seeds, 40); /* 20,000 events */
    assert_int_equal(walk_by_number(501, SIZE_MAX).n_seeds, 40);
    assert_int_equal(walk_by_number(499, SIZE_MAX).n_seeds, 41);
    assert_int_equal(walk_by_number(49, SIZE_MAX).n_seeds, 400); /* 19,600 events */
}

/* ---- money -------------------------------------------------------------------------------------------- */

static void test_money_adds_up(void **state) {
    kit *k = start();
    px_backtest_result *run = NULL;
    char text[64];
    (void)state;
    k->config.skip_meta_model = true;
    const px_backtest_request request = {.data = k->request.data, .strategy_id = "pixityAI_meta"};
    kit_ok(px_backtest_run(k->home, &request, &k->config, &run, &kit_err));
    px_audit_check check = check_of(k, &pxi_audit_costs, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_SHOWN);
    assert_int_equal(check.cases, run->trades.n_rows);
    double gross = 0, fees = 0, r = 0;
    for (size_t i = 0; i < run->trades.n_rows; i++) {
        r += run->trades.columns[px_table_find(&run->trades, "r")].u.f64[i];
        gross += run->trades.columns[px_table_find(&run->trades, "pnl")].u.f64[i];
        fees += run->trades.columns[px_table_find(&run->trades, "fees")].u.f64[i];
    }
    snprintf(text, sizeof text, "Gross %.2f Rs, fees %.2f Rs", gross, fees);
    assert_non_null(strstr(check.detail, text));
    snprintf(text, sizeof text, "%.2f Rs a trade", gross / (double)run->trades.n_rows);
    assert_non_null(strstr(check.detail, text));

    check = check_of(k, &pxi_audit_ambiguity, NULL);
    assert_int_equal(check.verdict, PX_AUDIT_SHOWN);
    assert_true(fabs(r) > 0.01);
    snprintf(text, sizeof text, "stop first %.2f Rs (%+.2f R)", gross, r);
    assert_non_null(strstr(check.detail, text));
    assert_non_null(strstr(check.detail, "In the minutes"));
    px_backtest_result_free(&run);
    kit_close(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_are_exits),
        cmocka_unit_test(test_a_card_of_another_timeframe_is_caught),
        cmocka_unit_test(test_nothing_is_earned_on_a_walk),
        cmocka_unit_test(test_look_ahead_earns_on_a_walk),
        cmocka_unit_test(test_labels_too_good_are_caught),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_few_events_are_not_judged),
        cmocka_unit_test(test_seeds_are_as_many_as_it_takes),
        cmocka_unit_test(test_money_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
