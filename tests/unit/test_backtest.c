// SPDX-License-Identifier: Apache-2.0
/* The whole flow through the public functions: request in, result out, stored and read back. */
#include "backtest_kit.h"

#include "backtest/result.h"
#include "backtest/tables.h"

/* ---- results ------------------------------------------------------------------------------------------ */

static void test_result_is_consistent(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 60));
    px_config config = make_config();
    px_backtest_result *result = run(&request, &config);
    json_t *json = json_of(result);
    assert_true(result->n_candidates > 50 && result->metrics.trades.n > 20);
    long long sum = 0;
    for (int outcome = 0; outcome < PX_OUTCOME_MAX_POSITIONS; outcome++) /* one instrument has no such */
        sum += count_of(json, "events", px_outcome_name((px_outcome)outcome));
    assert_int_equal(sum, count_of(json, "events", "candidates"));
    assert_null(json_object_get(json_object_get(json, "events"), "max_positions"));
    assert_int_equal(count_of(json, "events", "approved"), sum);
    assert_int_equal(count_of(json, "events", "executed"), count_of(json, "metrics", "# Trades"));
    assert_int_equal(result->trades.n_rows, count_of(json, "metrics", "# Trades"));
    assert_int_equal(result->signals.n_rows, sum);
    px_table equity = {0};
    assert_ok(px_backtest_equity_table(result, &equity, err));
    assert_int_equal(equity.n_rows, count_of(json, "data", "bars"));
    px_table_free(&equity);
    assert_string_equal(json_string_value(json_object_get(json, "fingerprint")), result->fingerprint);
    assert_string_equal(json_string_value(json_object_get(json, "profile")), "honest");
    assert_string_equal(json_string_value(json_object_get(json, "symbol")), "ACME");
    const char *basis = json_string_value(json_object_get(json, "metrics_basis"));
    assert_true(basis && strstr(basis, "net of fees unless") && strstr(basis, "in_sample_trades"));
    assert_true(json_is_null(json_object_get(json, "in_sample_trades")));
    assert_true(json_is_null(json_object_get(json, "model")));
    assert_int_equal(result->n_in_sample, -1);
    assert_null(json_object_get(json, "run_id"));
    json_decref(json);
    px_backtest_result_free(&result);
    assert_null(result);
}

static void test_trades_columns_are_the_contract(void **state) {
    (void)state;
    static const char *const contract[] = {"entry_ts",    "exit_ts",    "direction",   "qty",
                                           "entry_price", "exit_price", "stop",        "target",
                                           "pnl",         "fees",       "pnl_net",     "bars_held",
                                           "exit_reason", "event_type", "probability", "in_sample"};
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    px_backtest_result *result = run(&request, &config);
    for (size_t c = 0; c < sizeof contract / sizeof contract[0]; c++)
        assert_string_equal(result->trades.columns[c].name, contract[c]);
    assert_true(result->trades.n_rows > 0);
    assert_int_equal(result->trades.columns[15].u.i64[0], PX_NULL_I64); /* no model, no sample */
    px_backtest_result_free(&result);
}

static void test_window_cuts_trades_not_features(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 60));
    px_config config = make_config();
    px_backtest_result *whole = run(&request, &config);
    request.data.start_date = px_date_from_civil((px_civil){2024, 12, 16});
    request.data.end_date = px_date_from_civil((px_civil){2024, 12, 20});
    px_backtest_result *part = run(&request, &config);
    json_t *json = json_of(part);
    assert_string_equal(json_string_value(json_object_get(json, "start")), "2024-12-16");
    assert_string_equal(json_string_value(json_object_get(json, "end")), "2024-12-20");
    assert_true(count_of(json, "data", "warmup_bars") > 0);
    assert_int_equal(part->metrics.n_sessions, 5);
    size_t first = 0; /* the part's candidates are a run of the whole's, with the same inputs */
    while (first < whole->signals.n_rows &&
           whole->signals.columns[0].u.i64[first] < part->signals.columns[0].u.i64[0])
        first++;
    assert_true(first > 0 && part->signals.n_rows > 0);
    for (size_t row = 0; row < part->signals.n_rows; row++)
        for (size_t c = 0; c < part->signals.n_columns; c++)
            if (part->signals.columns[c].type == PX_COLUMN_F64)
                assert_memory_equal(&part->signals.columns[c].u.f64[row],
                                    &whole->signals.columns[c].u.f64[first + row], sizeof(double));
    json_decref(json);
    px_backtest_result_free(&part);
    px_backtest_result_free(&whole);
}

static void test_standard_strategies_trade(void **state) {
    (void)state;
    static const char *const ids[] = {"ehma_pivot", "ema_cross"};
    const char *input = synth_file(PX_SYNTH_TREND, 60);
    for (size_t i = 0; i < 2; i++) {
        px_backtest_request request = make_request(ids[i], input);
        px_config config = make_config();
        px_backtest_result *longs = run(&request, &config);
        config.allow_short = true;
        px_backtest_result *both = run(&request, &config);
        json_t *json = json_of(both);
        assert_true(longs->metrics.trades.n > 3);
        assert_true(both->metrics.trades.n > longs->metrics.trades.n);
        assert_true(isnan(longs->metrics.trades.net.average_r));
        for (size_t row = 0; row < longs->trades.n_rows; row++)
            assert_string_equal(px_table_text(&longs->trades, 2, row), "long");
        assert_int_equal(both->n_candidates, count_of(json, "events", "candidates"));
        assert_true(warns(json, "held overnight"));
        json_decref(json);
        px_backtest_result_free(&both);
        px_backtest_result_free(&longs);
    }
}

/* ---- with a model ---------------------------------------------------------------------------------------
 */

typedef struct found {
    px_candidate_list candidates;
    px_signal_list signals;
} found;

static found find(const px_batch_input *input) {
    found result = {0};
    const px_strategy *strategy;
    assert_ok(px_strategy_find("pixityAI_meta", &strategy, err));
    assert_ok(strategy->find_signals(input, &result.candidates, &result.signals, err));
    return result;
}

static void free_found(found *f) {
    px_candidate_list_free(&f->candidates);
    px_signal_list_free(&f->signals);
}

/* A forest that learnt every other event by heart. */
static px_predictor *train_on(const px_candidate_list *list) {
    float *x = calloc(list->n * PX_N_INPUTS, sizeof *x);
    uint8_t *y = calloc(list->n, 1);
    px_predictor *forest = NULL;
    px_learner_config config = px_learner_config_default(px_learner_at(0));
    assert_ok(px_learner_config_set(&config, "trees", 10, err));
    for (size_t i = 0; i < list->n; i++) {
        y[i] = i % 2;
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            x[i * PX_N_INPUTS + k] = (float)list->items[i].event.inputs[k];
    }
    assert_ok(px_predictor_train(x, y, list->n, &config, &forest, err));
    free(x);
    free(y);
    return forest;
}

static void check_filtered(const found *f, const px_config *config) {
    size_t n_rejected = 0, n_superseded = 0;
    for (size_t i = 0; i < f->candidates.n; i++) {
        const px_candidate *c = &f->candidates.items[i];
        double threshold = c->event.side == PX_LONG ? config->long_threshold : config->short_threshold;
        assert_true((c->outcome == PX_OUTCOME_REJECTED_MODEL) == (c->probability < threshold));
        n_rejected += c->outcome == PX_OUTCOME_REJECTED_MODEL;
        n_superseded += c->outcome == PX_OUTCOME_SUPERSEDED;
    }
    assert_true(n_rejected > 5 && f->signals.n > 5);
    assert_int_equal(n_rejected + n_superseded + f->signals.n, f->candidates.n);
    for (size_t i = 0; i < f->signals.n; i++) {
        const px_signal *signal = &f->signals.items[i];
        assert_true(signal->probability == f->candidates.items[signal->candidate].probability);
        assert_true(i == 0 || signal->bar > f->signals.items[i - 1].bar); /* one signal a bar */
    }
}

static void test_model_filters_events(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 60));
    px_config config = make_config();
    px_dataset data = {0};
    px_feature_frame frame = {0};
    px_model model = {.event_types = UINT32_MAX};
    px_batch_input input = {.dataset = &data, .frame = &frame, .config = &config};
    assert_ok(px_dataset_load(NULL, &request.data, config.resample_anchor, PX_WARMUP_ALL, &data, err));
    assert_ok(px_features_compute(&data.bars, data.calendar, &config, &frame, err));
    found every = find(&input);
    model.predictor = train_on(&every.candidates);
    input.model = &model;
    config.long_threshold = 0.5;
    config.short_threshold = 0.6;
    found kept = find(&input);
    check_filtered(&kept, &config);
    assert_int_equal(kept.candidates.n, every.candidates.n);
    free_found(&kept);
    free_found(&every);
    px_feature_frame_free(&frame);
    px_dataset_free(&data);
    px_predictor_free(&model.predictor);
}

static void test_in_sample_by_entry(void **state) {
    (void)state;
    pxi_journal journal = {0};
    px_model model = {.event_types = UINT32_MAX, .train_begin_us = 100, .train_end_us = 200};
    const int64_t entries[] = {99, 100, 199, 200};
    const int64_t expected[] = {0, 1, 1, 0};
    px_table table = {0};
    for (size_t i = 0; i < 4; i++) {
        pxi_trade trade = {.signal = {.event_type = -1}, .quantity = 1, .entry_us = entries[i], .risk = NAN};
        pxi_journal_trade(&journal, &trade);
    }
    assert_ok(pxi_trades_table(&journal, &model, &table, err));
    size_t column = px_table_find(&table, "in_sample");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(table.columns[column].u.i64[i], expected[i]);
    px_table_free(&table);
    model.train_begin_us = model.train_end_us = 0; /* made elsewhere: nobody knows */
    assert_ok(pxi_trades_table(&journal, &model, &table, err));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(table.columns[column].u.i64[i], PX_NULL_I64);
    px_table_free(&table);
    pxi_journal_free(&journal);
}

/* A result made of a run's parts, as the runner makes it, with a model whose window is this. */
static px_backtest_result *result_with_window(int64_t begin_us, int64_t end_us) {
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    px_dataset data = {0};
    px_model model = {.name = "OLD",
                      .hash = "0",
                      .event_types = UINT32_MAX,
                      .train_begin_us = begin_us,
                      .train_end_us = end_us};
    px_candidate_list candidates = {0};
    pxi_journal journal = {0};
    pxi_tally tally = {0};
    px_backtest_result *result = NULL;
    pxi_run_facts facts = {.request = &request, .config = &config, .dataset = &data, .model = &model};
    px_strategy_config chosen;
    facts.candidates = &candidates;
    facts.journal = &journal;
    facts.tally = &tally;
    facts.chosen = &chosen;
    assert_ok(px_strategy_config_read("pixityAI_meta", NULL, &chosen, err));
    assert_ok(px_dataset_load(NULL, &request.data, config.resample_anchor, PX_WARMUP_ALL, &data, err));
    assert_ok(pxi_tally_open(&tally, &data, config.capital, &model, err));
    for (int64_t entry_us = 0; entry_us < 4; entry_us++) {
        pxi_trade trade = {.signal = {.event_type = -1}, .quantity = 1, .entry_us = entry_us, .risk = NAN};
        pxi_journal_trade(&journal, &trade);
        assert_ok(pxi_tally_sink.trade(&tally, &trade, err));
    }
    pxi_journal_state(&journal, &(pxi_account_state){.bar = data.begin, .cash = config.capital});
    assert_ok(pxi_result_make(&facts, &result, err));
    pxi_journal_free(&journal);
    pxi_tally_free(&tally);
    px_dataset_free(&data);
    return result;
}

static void test_share_in_sample(void **state) {
    (void)state;
    px_backtest_result *result = result_with_window(1, 4);
    json_t *json = json_of(result);
    assert_int_equal(result->n_in_sample, 3);
    assert_true(result->metrics.in_sample_pct == 75);
    assert_int_equal(json_integer_value(json_object_get(json, "in_sample_trades")), 3);
    assert_true(warns(json, "in sample: 3 of 4 trades lie inside the training window of model OLD"));
    json_decref(json);
    px_backtest_result_free(&result);

    result = result_with_window(0, 0);
    json = json_of(result);
    assert_int_equal(result->n_in_sample, -1);
    assert_true(isnan(result->metrics.in_sample_pct));
    assert_true(json_is_null(json_object_get(json, "in_sample_trades")));
    assert_true(json_is_null(json_object_get(json_object_get(json, "model"), "train_begin")));
    assert_true(warns(json, "in sample: unknown; model OLD") &&
                !warns(json, "lie inside the training window"));
    json_decref(json);
    px_backtest_result_free(&result);

    result = result_with_window(100, 200);
    json = json_of(result);
    assert_true(result->n_in_sample == 0 && result->metrics.in_sample_pct == 0);
    assert_false(warns(json, "in sample"));
    json_decref(json);
    px_backtest_result_free(&result);
}

/* ---- identity ----------------------------------------------------------------------------------------- */

static void hash_of_quantities(px_column_type type, const double *values, size_t n,
                               char out[PXI_HASH_TEXT_SIZE]) {
    const px_column_def def = {"qty", type};
    px_table table = {0};
    pxi_hash hash;
    assert_ok(px_table_init(&table, &def, 1, err));
    for (size_t i = 0; i < n; i++) {
        assert_ok(px_table_add_row(&table, err));
        if (px_column_is_real(type))
            px_table_set_f64(&table, 0, values[i]);
        else if (!isnan(values[i]))
            px_table_set_i64(&table, 0, (int64_t)values[i]);
    }
    pxi_hash_init(&hash);
    pxi_hash_table(&hash, &table);
    pxi_hash_hex(&hash, out);
    px_table_free(&table);
}

/* Runs in whole lots keep the fingerprints that they had when quantities were integers. */
static void test_whole_quantities_are_hashed_as_integers(void **state) {
    (void)state;
    const double whole[] = {0, 118, NAN, 1e6}, half[] = {0, 117.5, NAN, 1e6}, third[] = {0, 117.25, NAN, 1e6};
    char integers[PXI_HASH_TEXT_SIZE], quantities[PXI_HASH_TEXT_SIZE], a[PXI_HASH_TEXT_SIZE],
        b[PXI_HASH_TEXT_SIZE];
    hash_of_quantities(PX_COLUMN_I64, whole, 4, integers);
    hash_of_quantities(PX_COLUMN_QUANTITY, whole, 4, quantities);
    assert_string_equal(integers, quantities);
    hash_of_quantities(PX_COLUMN_QUANTITY, half, 4, a);
    hash_of_quantities(PX_COLUMN_QUANTITY, third, 4, b);
    assert_string_not_equal(a, integers);
    assert_string_not_equal(a, b);
}

static void test_fingerprint(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 30));
    px_config config = make_config();
    px_backtest_result *first = run(&request, &config);
    request.run_id = "another";
    px_backtest_result *second = run(&request, &config);
    assert_string_equal(first->fingerprint, second->fingerprint);
    assert_true(second->metrics.trades.n > 0); /* the first run blocks nothing */
    px_backtest_result_free(&second);
    config.cooldown_bars++;
    second = run(&request, &config);
    assert_string_not_equal(first->fingerprint, second->fingerprint);
    px_backtest_result_free(&second);
    config.cooldown_bars--;
    request.data.end_date = px_date_from_civil((px_civil){2024, 12, 2});
    second = run(&request, &config);
    assert_string_not_equal(first->fingerprint, second->fingerprint);
    px_backtest_result_free(&second);
    px_backtest_result_free(&first);
}

/* One bar of a file of bars has other volume, which no result shows. */
static void change_a_volume(const char *path) {
    char line[256];
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    for (int i = 0; i < 5000; i++)
        assert_non_null(fgets(line, sizeof line, file));
    const char *volume = line;
    for (int field = 0; field < 5; field++) /* time, open, high, low, close */
        volume = strchr(volume, ',') + 1;
    assert_int_equal(fseek(file, -(long)strlen(volume), SEEK_CUR), 0);
    assert_true(fputc(*volume == '9' ? '8' : *volume + 1, file) != EOF);
    assert_int_equal(fclose(file), 0);
}

static void assert_other_with_equal_trades(const px_backtest_result *a, px_backtest_result *b) {
    assert_true(a->metrics.trades.n == b->metrics.trades.n &&
                a->metrics.trades.net.pnl == b->metrics.trades.net.pnl);
    assert_string_not_equal(a->fingerprint, b->fingerprint);
    px_backtest_result_free(&b);
}

/* What a run was asked is part of its identity, also where it changed no result. */
static void test_fingerprint_of_equal_results(void **state) {
    (void)state;
    px_backtest_request request = make_request("ema_cross", synth_file(PX_SYNTH_TREND, 30));
    px_config config = make_config();
    px_backtest_result *first = run(&request, &config);
    assert_true(first->metrics.trades.n > 0);
    config.reversion_k = 3; /* of events, which this strategy has none of */
    assert_other_with_equal_trades(first, run(&request, &config));
    config = make_config();
    change_a_volume(request.data.input);
    assert_other_with_equal_trades(first, run(&request, &config));
    px_backtest_result_free(&first);
}

/* A stored curve is the table of equity, whose file has 0 for -0. */
static void test_stored_equity_is_the_table(void **state) {
    (void)state;
    static const char *const strategies[] = {"pixityAI_meta", "ema_cross", "confluence"};
    px_home *home = open_home();
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
        px_backtest_request request = make_request(strategies[i], synth_file(PX_SYNTH_TREND, 30));
        px_config config = make_config();
        px_backtest_result *result = run(&request, &config);
        px_table wanted = {0}, stored = {0};
        assert_ok(px_backtest_equity_table(result, &wanted, err));
        assert_ok(px_backtest_save(home, strategies[i], result, 0, err));
        assert_ok(px_run_read_table(home, strategies[i], "equity", &stored, err));
        assert_true(result->trades.n_rows > 0);
        assert_int_equal(stored.n_rows, wanted.n_rows);
        for (size_t c = 0; c < wanted.n_columns; c++) {
            for (size_t row = 0; wanted.columns[c].type == PX_COLUMN_F64 && row < wanted.n_rows; row++)
                wanted.columns[c].u.f64[row] += 0.0;
            assert_memory_equal(stored.columns[c].u.i64, wanted.columns[c].u.i64,
                                wanted.n_rows * sizeof(int64_t));
        }
        px_table_free(&wanted);
        px_table_free(&stored);
        px_backtest_result_free(&result);
    }
    px_home_close(&home);
}

static void test_saved_run_reads_back(void **state) {
    (void)state;
    px_home *home = open_home();
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 30));
    px_config config = make_config();
    px_backtest_result *result = run(&request, &config);
    char *text;
    px_table trades = {0}, list = {0};
    assert_ok(px_backtest_save(home, "r1", result, INT64_C(1767225600000000), err));
    assert_ok(px_run_read(home, "r1", &text, err));
    json_t *json = NULL;
    assert_ok(pxi_json_parse(text, strlen(text), "run", &json, err));
    assert_string_equal(json_string_value(json_object_get(json, "run_id")), "r1");
    assert_string_equal(json_string_value(json_object_get(json, "status")), "done");
    assert_string_equal(json_string_value(json_object_get(json, "fingerprint")), result->fingerprint);
    assert_non_null(strstr(json_string_value(json_object_get(json, "created")), "2026-01-01T00:00:00"));
    assert_ok(px_run_read_table(home, "r1", "trades", &trades, err));
    assert_int_equal(trades.n_rows, result->trades.n_rows);
    assert_memory_equal(trades.columns[8].u.f64, result->trades.columns[8].u.f64,
                        trades.n_rows * sizeof(double));
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(px_table_text(&list, px_table_find(&list, "strategy"), 0), "pixityAI_meta");
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        const double want = px_metric_value(&result->metrics, metric),
                     got = indexed_metric(home, "r1", metric->key);
        assert_true(got == want || (isnan(got) && isnan(want)));
    }
    assert_fails(px_backtest_save(home, "r1", result, 0, err), PX_EEXISTS, "r1");
    json_decref(json);
    free(text);
    px_table_free(&trades);
    px_table_free(&list);
    px_backtest_result_free(&result);
    px_home_close(&home);
}

static void assert_same_tally(const px_tally *tally, const px_backtest_result *whole) {
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        const double a = px_metric_value(&whole->metrics, metric),
                     b = px_metric_value(&tally->metrics, metric);
        assert_true(a == b || (isnan(a) && isnan(b)));
    }
    assert_string_equal(tally->metrics.not_annualised, whole->metrics.not_annualised);
    assert_true(tally->n_candidates == whole->n_candidates && tally->n_in_sample == whole->n_in_sample);
    assert_memory_equal(tally->n_outcomes, whole->n_outcomes, sizeof tally->n_outcomes);
}

/* One of many: the same numbers, also over bars that are loaded once for all. */
static void test_tally(void **state) {
    (void)state;
    const char *const strategies[] = {"ema_cross", "pixityAI_meta", "ehma_pivot"};
    px_backtest_request request = make_request(NULL, synth_file(PX_SYNTH_TREND, 60));
    px_config config = make_config();
    px_dataset data = {0};
    int64_t n_trades = 0;
    assert_ok(px_dataset_load(NULL, &request.data, config.resample_anchor, px_config_warmup_backtest(&config),
                              &data, err));
    for (size_t i = 0; i < 3; i++) {
        px_tally tally;
        request.strategy_id = strategies[i];
        px_backtest_result *whole = run(&request, &config);
        assert_ok(px_backtest_tally(NULL, &request, &config, &tally, err));
        assert_same_tally(&tally, whole);
        request.dataset = &data;
        for (int again = 0; again < 2; again++) {
            memset(&tally, 0, sizeof tally);
            assert_ok(px_backtest_tally(NULL, &request, &config, &tally, err));
            assert_same_tally(&tally, whole);
        }
        request.dataset = NULL;
        n_trades += whole->metrics.trades.n;
        px_backtest_result_free(&whole);
    }
    assert_true(n_trades > 0);
    px_dataset_free(&data);
}

static void test_tally_refuses(void **state) {
    (void)state;
    px_backtest_request request = make_request("ema_cross", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    px_dataset data = {0};
    px_backtest_result *result = NULL;
    px_tally tally = {.n_candidates = 77};
    assert_ok(px_dataset_load(NULL, &request.data, config.resample_anchor, 0, &data, err));
    request.dataset = &data;
    assert_fails(px_backtest_run(NULL, &request, &config, &result, err), PX_EINPUT, "px_backtest_tally");
    assert_null(result);
    request.strategy_id = "precomputed";
    assert_fails(px_backtest_tally(NULL, &request, &config, &tally, err), PX_EINPUT, "file of signals");
    request.strategy_id = "ema_cross";
    const size_t n = data.bars.n;
    data.bars.n = data.end = 10;
    assert_fails(px_backtest_tally(NULL, &request, &config, &tally, err), PX_EINPUT, "too few");
    data.bars.n = data.end = n;
    assert_int_equal(tally.n_candidates, 77);
    px_dataset_free(&data);
}

static void test_failed_run_is_listed(void **state) {
    (void)state;
    px_home *home = open_home();
    px_backtest_request request = make_request("ema_cross", NULL);
    request.data.symbol = "ACME";
    px_config config = make_config();
    px_table list = {0};
    assert_ok(px_backtest_save_failure(home, &request, &config, 1, "the disk is full", err));
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(px_table_text(&list, px_table_find(&list, "status"), 0), "failed");
    assert_string_equal(px_table_text(&list, px_table_find(&list, "message"), 0), "the disk is full");
    assert_string_equal(px_table_text(&list, px_table_find(&list, "symbol"), 0), "ACME");
    px_table_free(&list);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_result_is_consistent),
        STORE_TEST(test_trades_columns_are_the_contract),
        STORE_TEST(test_window_cuts_trades_not_features),
        STORE_TEST(test_standard_strategies_trade),
        STORE_TEST(test_model_filters_events),
        STORE_TEST(test_in_sample_by_entry),
        STORE_TEST(test_share_in_sample),
        STORE_TEST(test_whole_quantities_are_hashed_as_integers),
        STORE_TEST(test_fingerprint),
        STORE_TEST(test_fingerprint_of_equal_results),
        STORE_TEST(test_stored_equity_is_the_table),
        STORE_TEST(test_saved_run_reads_back),
        STORE_TEST(test_failed_run_is_listed),
        STORE_TEST(test_tally),
        STORE_TEST(test_tally_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
