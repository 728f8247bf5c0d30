// SPDX-License-Identifier: Apache-2.0
/* The proofs that nothing looks ahead and that every driver agrees find what they are there to find. */
#include "base/error.h"
#include "model_kit.h"
#include "audit/audit.h"

static pxi_audit_drivers drivers;

/* Runs one check over the kit's bars. */
static px_audit_check check_of(kit *k, const pxi_audit_kind *kind) {
    const px_audit_request request = {.data = k->request.data};
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

static void assert_passes(kit *k, const pxi_audit_kind *kind) {
    const px_audit_check check = check_of(k, kind);
    assert_int_equal(check.verdict, PX_AUDIT_PASS);
    assert_true(check.cases > 0 && check.mismatches == 0);
    assert_true(check.first_us == PX_NULL_I64 && *check.series == '\0');
}

static void assert_finds(kit *k, const pxi_audit_kind *kind, const char *words) {
    const px_audit_check check = check_of(k, kind);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_true(check.mismatches > 0);
    assert_non_null(strstr(check.detail, words));
}

static void test_a_sound_program_passes(void **state) {
    (void)state;
    kit *k = start();
    assert_passes(k, &pxi_audit_stream);
    assert_passes(k, &pxi_audit_prefix);
    assert_passes(k, &pxi_audit_warmup);
    assert_passes(k, &pxi_audit_extension);
    assert_passes(k, &pxi_audit_determinism);
    /* A list of what each feature needs, and its end; sentences have a blank between them, none before. */
    const px_audit_check warmup = check_of(k, &pxi_audit_warmup);
    assert_int_not_equal(*warmup.detail, ' ');
    assert_non_null(strstr(warmup.detail, "; all of them "));
    assert_ptr_equal(strchr(warmup.detail, ';'), strrchr(warmup.detail, ';'));
    kit_close(k);
}

/* ---- broken features ---------------------------------------------------------------------------------- */

static px_status features_that_peek_a_bar(const px_bars *bars, const px_calendar *calendar,
                                          const px_config *config, px_feature_frame *out, px_error *err) {
    px_status status = px_features_compute(bars, calendar, config, out, err);
    for (size_t i = 0; i + 1 < bars->n && !status; i++)
        out->column[PX_EMA20][i] = out->column[PX_EMA20][i + 1];
    return status;
}

static px_status vwap_of_the_whole_day(const px_bars *bars, const px_calendar *calendar,
                                       const px_config *config, px_feature_frame *out, px_error *err) {
    px_status status = px_features_compute(bars, calendar, config, out, err);
    for (size_t i = bars->n; i-- > 1 && !status;)
        if (px_calendar_date(calendar, bars->ts_us[i - 1]) == px_calendar_date(calendar, bars->ts_us[i]))
            out->column[PX_VWAP][i - 1] = out->column[PX_VWAP][i];
    return status;
}

static px_status atr_scaled_by_the_whole_data(const px_bars *bars, const px_calendar *calendar,
                                              const px_config *config, px_feature_frame *out, px_error *err) {
    px_status status = px_features_compute(bars, calendar, config, out, err);
    double highest = 0;
    for (size_t i = 0; i < bars->n; i++)
        highest = bars->high[i] > highest ? bars->high[i] : highest;
    for (size_t i = 0; i < bars->n && !status; i++)
        out->column[PX_ATR][i] /= highest;
    return status;
}

static void test_a_peek_is_caught(void **state) {
    (void)state;
    kit *k = start();
    drivers.stages.features = features_that_peek_a_bar;
    assert_finds(k, &pxi_audit_prefix, "ema20 looks 1 bar ahead");
    assert_finds(k, &pxi_audit_stream, "ema20 at ");
    kit_close(k);
}

static void test_a_vwap_of_the_whole_day_is_caught(void **state) {
    (void)state;
    kit *k = start();
    drivers.stages.features = vwap_of_the_whole_day;
    assert_finds(k, &pxi_audit_prefix, "vwap looks ");
    assert_finds(k, &pxi_audit_stream, "vwap at ");
    kit_close(k);
}

static void test_a_scale_of_the_whole_data_is_caught(void **state) {
    (void)state;
    kit *k = start();
    drivers.stages.features = atr_scaled_by_the_whole_data;
    assert_finds(k, &pxi_audit_extension, "atr at ");
    kit_close(k);
}

static void test_centered_swings_are_caught(void **state) {
    (void)state;
    kit *k = start();
    k->config.swing = PX_SWING_CENTERED;
    assert_finds(k, &pxi_audit_prefix, "swing_high looks 5 bars ahead");
    assert_finds(k, &pxi_audit_prefix, "swing=centered: ");
    assert_finds(k, &pxi_audit_stream, "swing=centered");
    kit_close(k);
}

/* ---- the bar that a failure points at ------------------------------------------------------------------ */

enum { WRONG_BAR = 700 };

static int64_t bar_us(kit *k, size_t bar) {
    px_dataset data = {0};
    kit_load(k, &data);
    const int64_t ts_us = data.bars.ts_us[bar];
    px_dataset_free(&data);
    return ts_us;
}

static void assert_points(kit *k, const pxi_audit_kind *kind, const char *series, int64_t ts_us) {
    const px_audit_check check = check_of(k, kind);
    assert_int_equal(check.verdict, PX_AUDIT_FAIL);
    assert_string_equal(check.series, series);
    assert_int_equal(check.first_us, ts_us);
}

static px_status one_bar_that_knows_the_last(const px_bars *bars, const px_calendar *calendar,
                                             const px_config *config, px_feature_frame *out, px_error *err) {
    px_status status = px_features_compute(bars, calendar, config, out, err);
    if (!status && bars->n > WRONG_BAR)
        out->column[PX_ATR][WRONG_BAR] = bars->close[bars->n - 1];
    return status;
}

static int n_resampled;
static int resample_with_wrong_closes(px_resample_state *state, const px_bar *bar, px_bar finished[2]) {
    const int n_finished = px_resample_step(state, bar, finished);
    for (int i = 0; i < n_finished; i++)
        if (n_resampled++ >= WRONG_BAR)
            finished[i].close += 1;
    return n_finished;
}

static void test_a_failure_points_at_its_bar(void **state) {
    (void)state;
    kit *k = start();
    const int64_t wrong_us = bar_us(k, WRONG_BAR);
    drivers.stages.features = one_bar_that_knows_the_last;
    assert_points(k, &pxi_audit_prefix, "atr", wrong_us);
    assert_points(k, &pxi_audit_stream, "atr", wrong_us);
    assert_points(k, &pxi_audit_extension, "atr", wrong_us);
    drivers.stages.features = features_that_peek_a_bar;
    assert_points(k, &pxi_audit_stream, "ema20", bar_us(k, 0));
    assert_points(k, &pxi_audit_prefix, "ema20", bar_us(k, PX_EVENT_MIN_BAR - 1));
    drivers = pxi_audit_real_drivers();
    n_resampled = 0;
    drivers.resample_step = resample_with_wrong_closes;
    assert_points(k, &pxi_audit_stream, "bar", wrong_us);
    kit_close(k);
}

/* ---- fates and quantities ------------------------------------------------------------------------------ */

static px_status a_share_less(const pxi_replay_setup *setup, px_error *err) {
    px_status status = pxi_replay_run(setup, err);
    px_candidate_list *list = setup->desks[0].candidates;
    for (size_t i = 0; i < list->n; i++)
        list->items[i].quantity -= 1;
    return status;
}

static px_status nothing_is_rejected(const pxi_replay_setup *setup, px_error *err) {
    px_status status = pxi_replay_run(setup, err);
    px_candidate_list *list = setup->desks[0].candidates;
    for (size_t i = 0; i < list->n; i++)
        list->items[i].outcome = PX_OUTCOME_EXECUTED;
    return status;
}

static void test_another_quantity_or_fate_is_caught(void **state) {
    (void)state;
    kit *k = start();
    drivers.replay = a_share_less;
    assert_finds(k, &pxi_audit_stream, "quantity at ");
    drivers.replay = nothing_is_rejected;
    assert_finds(k, &pxi_audit_stream, "fate at ");
    drivers = pxi_audit_real_drivers();
    /* cut at their fills, where candidates are told again */
    kit_ok(px_config_set(&k->config, "product", "delivery", &kit_err));
    kit_ok(px_config_set(&k->config, "risk_per_trade", "50000", &kit_err));
    assert_passes(k, &pxi_audit_stream);
    kit_close(k);
}

/* ---- prefixes block by block, and as a whole ----------------------------------------------------------- */

/* The same features, of a driver that is not the program's: its frames are computed as a whole. */
static px_status features_as_a_whole(const px_bars *bars, const px_calendar *calendar,
                                     const px_config *config, px_feature_frame *out, px_error *err) {
    return px_features_compute(bars, calendar, config, out, err);
}

/* What all bars gave; one number of it is changed. */
typedef void spoil_fn(pxi_audit_pass *run, size_t at);

static void spoil_close_feature(pxi_audit_pass *run, size_t at) {
    run->found.frame.column[PX_SWING_LOW][at] += 1;
}

static void spoil_rows(pxi_audit_pass *run, size_t at) {
    run->found.frame.column[PX_EMA20][at] = NAN;
    run->found.frame.column[PX_VOL_Z][at + 3] -= 1;
}

static void spoil_event(pxi_audit_pass *run, size_t at) {
    run->found.events.items[at % run->found.events.n].atr *= 2;
}

static void spoil_signal(pxi_audit_pass *run, size_t at) {
    run->signals.items[at % run->signals.n].atr *= 2;
}

static void lose_events(pxi_audit_pass *run, size_t at) {
    (void)at;
    run->found.events.n /= 2;
}

static px_audit_check check_spoilt(kit *k, spoil_fn *spoil, size_t at) {
    const px_audit_request request = {.data = k->request.data};
    pxi_audit audit = {.home = k->home, .request = &request, .config = k->config, .drivers = &drivers};
    px_audit_check check = {.first_us = PX_NULL_I64};
    kit_ok(pxi_audit_open(&audit, &kit_err));
    spoil(&audit.run, at);
    kit_ok(pxi_audit_prefix.run(&audit, &check, &kit_err));
    pxi_audit_close(&audit);
    return check;
}

static void test_blocks_find_what_whole_frames_find(void **state) {
    (void)state;
    static spoil_fn *const spoils[] = {spoil_close_feature, spoil_rows, spoil_event, spoil_signal,
                                       lose_events};
    static const size_t at[] = {60, 512, WRONG_BAR};
    kit *k = start();
    for (size_t s = 0; s < sizeof spoils / sizeof *spoils; s++)
        for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
            drivers = pxi_audit_real_drivers();
            const px_audit_check blocks = check_spoilt(k, spoils[s], at[i]);
            drivers.stages.features = features_as_a_whole;
            const px_audit_check whole = check_spoilt(k, spoils[s], at[i]);
            assert_int_equal(blocks.verdict, PX_AUDIT_FAIL);
            assert_memory_equal(&blocks, &whole, sizeof whole);
        }
    kit_close(k);
}

/* ---- broken runs -------------------------------------------------------------------------------------- */

static int n_runs;
static px_status backtest_of_two_minds(px_home *home, const px_backtest_request *request,
                                       const px_config *config, px_backtest_result **out, px_error *err) {
    px_config other = *config;
    other.capital += __atomic_fetch_add(&n_runs, 1, __ATOMIC_RELAXED);
    return px_backtest_run(home, request, &other, out, err);
}

static void test_runs_that_differ_are_caught(void **state) {
    (void)state;
    kit *k = start();
    n_runs = 0;
    drivers.backtest = backtest_of_two_minds;
    assert_finds(k, &pxi_audit_determinism, "Run 1 is ");
    n_runs = 0;
    assert_true(check_of(k, &pxi_audit_determinism).first_us == PX_NULL_I64); /* a run has no place in time */
    kit_close(k);
}

/* ---- stages that fail --------------------------------------------------------------------------------- */

static px_status out_of_order(px_error *err) {
    return pxi_fail(err, PX_EIO, "the stage is out of order");
}

static px_status no_features(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                             px_feature_frame *out, px_error *err) {
    (void)bars, (void)calendar, (void)config, (void)out;
    return out_of_order(err);
}

static px_status no_events(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                           const px_config *config, int timeframe_minutes, size_t begin, size_t end,
                           px_event_list *out, px_error *err) {
    (void)bars, (void)frame, (void)calendar, (void)config, (void)timeframe_minutes, (void)begin, (void)end,
        (void)out;
    return out_of_order(err);
}

static px_status no_labels(const px_dataset *data, const px_event_list *events, const px_config *config,
                           px_label_list *out, px_error *err) {
    (void)data, (void)events, (void)config, (void)out;
    return out_of_order(err);
}

static px_status no_replay(const pxi_replay_setup *setup, px_error *err) {
    (void)setup;
    return out_of_order(err);
}

static px_status no_backtest(px_home *home, const px_backtest_request *request, const px_config *config,
                             px_backtest_result **out, px_error *err) {
    (void)home, (void)request, (void)config, (void)out;
    return out_of_order(err);
}

/* A check that could not be made is an error, never a verdict. */
static void test_a_stage_that_fails_ends_the_audit(void **state) {
    static const struct {
        const pxi_audit_kind *kind;
        pxi_audit_drivers broken; /* the stages that are not NULL */
    } cases[] = {
        {&pxi_audit_prefix, {.stages.features = no_features}},
        {&pxi_audit_prefix, {.stages.events = no_events}},
        {&pxi_audit_warmup, {.stages.features = no_features}},
        {&pxi_audit_extension, {.stages.features = no_features}},
        {&pxi_audit_extension, {.stages.events = no_events}},
        {&pxi_audit_extension, {.stages.labels = no_labels}},
        {&pxi_audit_extension, {.replay = no_replay}},
        {&pxi_audit_label_exit, {.stages.labels = no_labels}},
        {&pxi_audit_label_exit, {.replay = no_replay}},
        {&pxi_audit_martingale, {.stages.features = no_features}},
        {&pxi_audit_martingale, {.stages.labels = no_labels}},
        {&pxi_audit_determinism, {.backtest = no_backtest}},
    };
    px_error err;
    (void)state;
    kit *k = start();
    const px_audit_request request = {.data = k->request.data};
    pxi_audit audit = {.home = k->home,
                       .request = &request,
                       .config = k->config,
                       .drivers = &drivers,
                       .work = &request.data.work};
    kit_ok(pxi_audit_open(&audit, &kit_err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const pxi_audit_drivers real = pxi_audit_real_drivers(), *broken = &cases[i].broken;
        px_audit_check check = {.first_us = PX_NULL_I64};
        drivers = real;
        drivers.stages.features = broken->stages.features ? broken->stages.features : real.stages.features;
        drivers.stages.events = broken->stages.events ? broken->stages.events : real.stages.events;
        drivers.stages.labels = broken->stages.labels ? broken->stages.labels : real.stages.labels;
        drivers.replay = broken->replay ? broken->replay : real.replay;
        drivers.backtest = broken->backtest ? broken->backtest : real.backtest;
        const px_status status = cases[i].kind->run(&audit, &check, &err);
        if (status != PX_EIO || !strstr(err.message, "out of order"))
            fail_msg("case %zu, %s: status %d, %s", i, cases[i].kind->name, status, err.message);
    }
    pxi_audit_close(&audit);
    kit_close(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sound_program_passes),
        cmocka_unit_test(test_a_peek_is_caught),
        cmocka_unit_test(test_a_vwap_of_the_whole_day_is_caught),
        cmocka_unit_test(test_a_scale_of_the_whole_data_is_caught),
        cmocka_unit_test(test_centered_swings_are_caught),
        cmocka_unit_test(test_a_failure_points_at_its_bar),
        cmocka_unit_test(test_another_quantity_or_fate_is_caught),
        cmocka_unit_test(test_blocks_find_what_whole_frames_find),
        cmocka_unit_test(test_runs_that_differ_are_caught),
        cmocka_unit_test(test_a_stage_that_fails_ends_the_audit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
