// SPDX-License-Identifier: Apache-2.0
/* Training on several instruments: one order of rows, whoever names them how; who is left out; whose window.
 */
#include "model_kit.h"

#include "models/card.h"
#include "train/rows.h"
#include "files/duck/duck.h"

/* Three instruments with bars of different days, one of them with holes. */
static const struct {
    const char *symbol;
    size_t first_session;
    int n_sessions, hole_every;
} instruments[] = {{"GAMMA", 0, 60, 0}, {"ALPHA", 20, 60, 0}, {"BETA", 0, 40, 1000}};

/* Sessions [begin, end) of synthetic bars; of every `hole_every` minutes the first 30 are missing. */
static void store(kit *k, const char *symbol, uint64_t seed, size_t begin, int end, int hole_every) {
    px_bars bars = {0}, some = {0};
    px_instrument instrument;
    kit_ok(px_synth_bars(PX_SYNTH_TREND, seed, end, px_date_from_civil((px_civil){2020, 1, 1}), k->calendar,
                         &bars, &kit_err));
    for (size_t i = begin * 375; i < bars.n; i++) {
        const px_bar bar = px_bars_at(&bars, i);
        if (!hole_every || i % (size_t)hole_every >= 30)
            kit_ok(px_bars_append(&some, &bar, &kit_err));
    }
    kit_ok(px_instrument_ensure(k->home, symbol, "NSE", &instrument, &kit_err));
    kit_ok(px_candles_merge(k->home, &instrument, 1, &some, PX_CONFLICT_ERROR, NULL, &kit_err));
    px_bars_free(&some);
    px_bars_free(&bars);
}

static void ask_for(kit *k, const char *const *symbols, size_t n) {
    k->request.symbols = symbols;
    k->request.n_symbols = n;
    k->request.model_out = "pool";
}

static int open_kit(void **state) {
    kit *k = kit_open();
    for (size_t i = 0; i < sizeof instruments / sizeof *instruments; i++)
        store(k, instruments[i].symbol, 11 + i, instruments[i].first_session, instruments[i].n_sessions,
              instruments[i].hole_every);
    k->request.data.input = NULL;
    k->request.data.symbol = NULL;
    *state = k;
    return 0;
}

static int close_kit(void **state) {
    kit_close(*state);
    return 0;
}

/* ---- order -------------------------------------------------------------------------------------------- */

static const char *const files[] = {"pool.ubj", "pool.card.json", "pool_config.json", "pool_events.csv"};

static void order_of_names_changes_no_byte(void **state) {
    static const char *const orders[][3] = {{"ALPHA", "BETA", "GAMMA"},
                                            {"gamma", "NSE_EQ|ALPHA", "BETA [FO]"}};
    kit *k = *state;
    char *first[4] = {0};
    for (size_t o = 0; o < 2; o++) {
        ask_for(k, orders[o], 3);
        json_decref(kit_train(k));
        for (size_t f = 0; f < 4; f++) {
            size_t length;
            char *bytes = kit_read(kit_path(k, files[f]), &length);
            if (o == 0) {
                first[f] = bytes;
                continue;
            }
            assert_memory_equal(bytes, first[f], length);
            free(bytes);
        }
    }
    for (size_t f = 0; f < 4; f++)
        free(first[f]);
}

static void a_pool_of_one_is_the_training_of_one(void **state) {
    static const char *const one[] = {"GAMMA"};
    kit *k = *state;
    size_t a_length, b_length;
    ask_for(k, one, 1);
    json_decref(kit_train_quickly(k));
    k->request.n_symbols = 0;
    k->request.data.symbol = "GAMMA";
    k->request.model_out = NULL;
    json_decref(kit_train_quickly(k));
    char *a = kit_read(kit_path(k, "pool.model.json"), &a_length);
    char *b = kit_read(kit_path(k, "GAMMA_5m.model.json"), &b_length);
    assert_int_equal(a_length, b_length);
    assert_memory_equal(a, b, a_length);
    free(a);
    free(b);
}

static const char *const all[] = {"ALPHA", "BETA", "GAMMA"};

/* Pooled, every instrument has the events and labels that it has alone, and bars are counted on the times at
 * which any of them trades. */
static void pooling_changes_no_label(void **state) {
    kit *k = *state;
    pxi_panel panel = {0};
    ask_for(k, all, 3);
    kit_ok(pxi_panel_load(k->home, &k->request, &k->config, &panel, &kit_err));
    assert_int_equal(panel.n, 3);
    assert_int_equal(panel.n_times, 60 * 75);
    size_t n_labels = 0;
    for (size_t m = 0; m < 3; m++) {
        pxi_panel alone = {0};
        k->request.n_symbols = 0;
        k->request.data.symbol = all[m];
        kit_ok(pxi_panel_load(k->home, &k->request, &k->config, &alone, &kit_err));
        assert_string_equal(panel.members[m].data.instrument.symbol, all[m]);
        assert_int_equal(panel.members[m].labels.n, alone.n_labels);
        assert_true(alone.n_labels > 30);
        assert_memory_equal(panel.members[m].labels.items, alone.members[0].labels.items,
                            alone.n_labels * sizeof(px_label));
        n_labels += alone.n_labels;
        pxi_panel_free(&alone);
    }
    assert_int_equal(panel.n_labels, n_labels);
    for (size_t i = 1; i < n_labels; i++) {
        const pxi_labelled *a = &panel.labels[i - 1], *b = &panel.labels[i];
        assert_true(a->ts_us < b->ts_us || (a->ts_us == b->ts_us && a->member <= b->member));
        assert_true(a->ts_us < b->ts_us || a->member < b->member || a->label < b->label);
    }
    pxi_panel_free(&panel);
}

static bool has_time(const px_bars *bars, int64_t ts_us) {
    size_t i = px_bars_lower_bound(bars, ts_us);
    return i < bars->n && bars->ts_us[i] == ts_us;
}

static void bars_are_counted_on_the_times_of_all(void **state) {
    kit *k = *state;
    pxi_panel panel = {0};
    ask_for(k, all, 3);
    kit_ok(pxi_panel_load(k->home, &k->request, &k->config, &panel, &kit_err));
    size_t n_shared = 0;
    for (size_t i = 0; i < panel.n_times; i++) {
        size_t n = 0;
        assert_true(i == 0 || panel.times[i - 1] < panel.times[i]);
        assert_int_equal(pxi_panel_bar(&panel, panel.times[i]), i);
        for (size_t m = 0; m < panel.n; m++)
            n += has_time(&panel.members[m].data.bars, panel.times[i]);
        assert_true(n > 0);
        n_shared += n;
    }
    for (size_t m = 0; m < panel.n; m++)
        n_shared -= panel.members[m].data.bars.n;
    assert_int_equal(n_shared, 0);
    pxi_panel_free(&panel);
}

/* How many of the panel's times lie between two. */
static size_t times_between(const pxi_panel *panel, int64_t after_us, int64_t before_us) {
    size_t n = 0;
    for (size_t i = 0; i < panel->n_times; i++)
        n += panel->times[i] > after_us && panel->times[i] < before_us;
    return n;
}

/* Whatever instrument a training row is of, it ends, with the embargo behind it, before the first tested
 * event of any instrument begins; and no row is lost that does. */
static void folds_are_cut_by_time(void **state) {
    kit *k = *state;
    pxi_panel panel = {0};
    pxi_rows rows = {0};
    size_t n_kept = 0, n_purged = 0, n_tied = 0;
    ask_for(k, all, 3);
    kit_ok(pxi_panel_load(k->home, &k->request, &k->config, &panel, &kit_err));
    kit_ok(pxi_rows_build(&panel, &rows, &kit_err));
    uint8_t *mask = calloc(rows.n, 1);
    for (int embargo = 0; embargo <= 40; embargo += 10)
        for (int f = 0; f < PX_N_FOLDS; f++) {
            px_fold fold;
            px_fold_split(rows.begin_bar, rows.end_bar, rows.n, embargo, f, &fold, mask);
            const int64_t first_us = panel.labels[rows.label[fold.test_begin]].ts_us;
            for (size_t i = 0; i < rows.n; i++) {
                const pxi_labelled *at = &panel.labels[rows.label[i]];
                const px_label *label = pxi_panel_label(&panel, rows.label[i]);
                const int64_t end_us = panel.members[at->member].data.bars.ts_us[label->end_bar];
                bool free_of_it =
                    end_us < first_us && times_between(&panel, end_us, first_us) >= (size_t)embargo;
                assert_int_equal(mask[i], i < fold.test_begin && free_of_it);
                n_kept += mask[i];
                n_purged += i < fold.test_begin && !free_of_it;
                n_tied += i < fold.test_begin && at->ts_us == first_us;
            }
        }
    assert_true(n_kept > 1000 && n_purged > 100 && n_tied > 0);
    free(mask);
    pxi_rows_free(&rows);
    pxi_panel_free(&panel);
}

/* ---- who is left out ---------------------------------------------------------------------------------- */

static void those_without_bars_or_labels_are_left_out(void **state) {
    static const char *const asked[] = {"SHORT", "ALPHA", "FLAT", "GAMMA", "EMPTY"};
    kit *k = *state;
    px_instrument empty;
    px_bars flat = {0};
    store(k, "SHORT", 1, 0, 1, 0); /* 25 bars of 15 minutes */
    kit_ok(px_instrument_ensure(k->home, "EMPTY", "NSE", &empty, &kit_err));
    kit_ok(px_instrument_ensure(k->home, "FLAT", "NSE", &empty, &kit_err));
    kit_ok(px_synth_bars(PX_SYNTH_WALK, 1, 9, px_date_from_civil((px_civil){2020, 1, 1}), k->calendar, &flat,
                         &kit_err));
    for (size_t i = 0; i < flat.n; i++)
        flat.open[i] = flat.high[i] = flat.low[i] = flat.close[i] = 100;
    kit_ok(px_candles_merge(k->home, &empty, 1, &flat, PX_CONFLICT_ERROR, NULL, &kit_err));
    px_bars_free(&flat);

    k->request.data.timeframe_minutes = 15;
    ask_for(k, asked, 5);
    json_t *report = kit_train_quickly(k);
    const json_t *left_out = json_object_get(report, "left_out");
    static const char *const names[] = {"EMPTY", "FLAT", "SHORT"};
    static const char *const reasons[] = {"no bars of EMPTY", "none of its 0 events",
                                          "training needs at least 50"};
    assert_int_equal(json_array_size(left_out), 3);
    const json_t *warnings = json_object_get(report, "warnings");
    assert_int_equal(json_array_size(warnings), 4); /* the walks trade on holidays too */
    assert_non_null(strstr(json_string_value(json_array_get(warnings, 0)), "holiday"));
    for (size_t i = 0; i < 3; i++) {
        const json_t *row = json_array_get(left_out, i);
        assert_string_equal(json_string_value(json_object_get(row, "symbol")), names[i]);
        assert_non_null(strstr(json_string_value(json_object_get(row, "reason")), reasons[i]));
        const char *warning = json_string_value(json_array_get(warnings, i + 1));
        assert_non_null(strstr(warning, names[i]));
    }
    assert_int_equal(json_array_size(json_object_get(report, "instruments")), 2);
    json_decref(report);
}

/* Instruments whose loading was begun. */
static bool note_done(void *user, const char *phase, size_t done, size_t total) {
    if (!strcmp(phase, "load and label") && done < total && (int)done + 1 > *(int *)user)
        *(int *)user = (int)done + 1;
    return true;
}

static void expect_failure(kit *k, const char *const *symbols, size_t n, px_status wanted, int n_calls,
                           const char *part) {
    char *report = NULL;
    int calls = 0;
    px_error err;
    ask_for(k, symbols, n);
    k->request.data.work = (px_work){note_done, &calls, 1};
    assert_int_equal(px_train(k->home, &k->request, &k->config, &report, &err), wanted);
    k->request.data.work = (px_work){0};
    assert_null(report);
    if (!strstr(err.message, part))
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
    assert_int_equal(calls, n_calls);
    assert_false(pxi_path_exists(kit_path(k, "pool.card.json")));
}

static void wrong_lists_fail_before_any_work(void **state) {
    static const char *const unknown[] = {"ALPHA", "GAMA", "BETA"}, *const twice[] = {"ALPHA", "BETA",
                                                                                      "NSE_EQ|ALPHA"};
    kit *k = *state;
    expect_failure(k, unknown, 3, PX_ENOTFOUND, 0, "GAMMA");
    expect_failure(k, twice, 3, PX_EINPUT, 0, "are names of one instrument, NSE_EQ|ALPHA");
    k->request.data.exchange = "NOWHERE";
    expect_failure(k, all, 3, PX_EINPUT, 0, "NOWHERE");
    k->request.data.exchange = NULL;
    k->request.data.start_date = px_date_from_civil((px_civil){2030, 1, 1});
    expect_failure(k, all, 3, PX_EINPUT, 3,
                   "none of the 3 symbols can be trained on; ALPHA: no bars of ALPHA");
    char *report = NULL;
    px_error err;
    k->request.model_out = NULL;
    assert_int_equal(px_train(k->home, &k->request, &k->config, &report, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "3 symbols has no name of its own"));
}

/* A folder with a file a day, made by DuckDB from the kit's bars under two names. */
static void write_day_files(const kit *k, char folder[128]) {
    pxi_duck *duck = NULL;
    char path[160];
    snprintf(folder, 128, "%s/days", k->folder);
    snprintf(path, sizeof path, "%s/2020.duckdb", folder);
    kit_ok(pxi_make_folder(folder, &kit_err));
    kit_ok(pxi_duck_open(&duck, &kit_err));
    kit_ok(pxi_duck_run(duck, &kit_err,
                        "ATTACH %Q AS x; CREATE TABLE x.candles AS SELECT s.symbol, '1m' AS timeframe, "
                        "timestamp, open, high, low, close, volume, false AS is_synthetic FROM read_csv(%Q) "
                        "CROSS JOIN (VALUES ('ONE'), ('TWO')) s(symbol); DETACH x",
                        path, k->input));
    pxi_duck_close(&duck);
}

static void a_folder_that_lacks_a_symbol_fails(void **state) {
    static const char *const both[] = {"TWO", "ONE"}, *const unknown[] = {"ONE", "TOW"};
    kit *k = *state;
    char folder[128];
    write_day_files(k, folder);
    k->request.data.data_dir = folder;
    expect_failure(k, unknown, 2, PX_ENOTFOUND, 2, "no rows of the symbol TOW");
    ask_for(k, both, 2);
    json_t *report = kit_train_quickly(k);
    assert_int_equal(json_array_size(json_object_get(report, "instruments")), 2);
    json_decref(report);
    k->request.data.data_dir = NULL;
}

/* ---- counts ------------------------------------------------------------------------------------------- */

static void counts_of_instruments_add_up(void **state) {
    kit *k = *state;
    json_int_t bars = 0, events = 0, complete = 0, tested = 0, by_fold[PX_N_FOLDS] = {0};
    double sum_r = 0;
    ask_for(k, all, 3);
    json_t *report = kit_train_quickly(k);
    const json_t *rows = json_object_get(report, "instruments"), *phases = json_object_get(report, "phases");
    for (size_t m = 0; m < 3; m++) {
        const json_t *row = json_array_get(rows, m), *folds = json_object_get(row, "folds_out_of_fold");
        assert_string_equal(json_string_value(json_object_get(row, "symbol")), all[m]);
        bars += kit_int(row, "bars");
        events += kit_int(row, "events");
        complete += kit_int(row, "complete");
        tested += kit_int(row, "tested_out_of_fold");
        sum_r += (double)kit_int(row, "complete") *
                 json_number_value(json_object_get(row, "mean_R_gross_in_sample"));
        for (size_t f = 0; f < PX_N_FOLDS; f++)
            by_fold[f] += kit_int(json_array_get(folds, f), "test_events");
    }
    const json_t *everything = json_array_get(json_object_get(report, "outcomes_in_sample_gross"), 0);
    assert_int_equal(kit_int(json_array_get(phases, 0), "bars"), bars);
    assert_int_equal(kit_int(json_array_get(phases, 0), "source_bars"), (60 + 40) * 375 + 40 * 375 - 15 * 30);
    assert_int_equal(kit_int(json_array_get(phases, 1), "events"), events);
    assert_int_equal(kit_int(json_array_get(phases, 2), "complete"), complete);
    assert_int_equal(kit_int(json_object_get(report, "out_of_fold"), "events"), tested);
    double mean_r = json_number_value(json_object_get(everything, "mean_R"));
    assert_true(fabs(sum_r / (double)complete - mean_r) < 1e-12);
    for (size_t f = 0; f < PX_N_FOLDS; f++)
        assert_int_equal(
            kit_int(json_array_get(json_object_get(report, "folds_out_of_fold"), f), "test_events"),
            by_fold[f]);
    assert_true(json_is_null(json_object_get(report, "symbol")));
    json_decref(report);
}

/* ---- in use ------------------------------------------------------------------------------------------- */

static px_model *open_for(kit *k, const char *symbol, px_dataset *data) {
    px_model *model = NULL;
    k->request.data.symbol = symbol;
    kit_load(k, data);
    kit_ok(px_model_open(k->home, "pool", data, &k->config, &model, &kit_err));
    return model;
}

static void check_window(kit *k, const char *symbol, const char *first, const char *warning) {
    px_dataset data = {0};
    char text[PX_TIME_TEXT_SIZE];
    px_model *model = open_for(k, symbol, &data);
    px_time_format_iso(model->train_begin_us, px_calendar_zone(k->calendar), text);
    assert_string_equal(text, first);
    assert_string_equal(model->warning, warning);
    px_model_close(&model);
    px_dataset_free(&data);
}

static void each_instrument_has_its_own_window(void **state) {
    kit *k = *state;
    ask_for(k, all, 3);
    json_decref(kit_train_quickly(k));
    store(k, "DELTA", 1, 0, 5, 0);
    check_window(k, "BETA", "2020-01-01T09:45:00+05:30", "");
    check_window(k, "ALPHA", "2020-01-29T09:15:00+05:30", "");
    check_window(
        k, "DELTA", "2020-01-01T09:15:00+05:30",
        "model pool was trained on NSE_EQ|ALPHA, NSE_EQ|BETA, NSE_EQ|GAMMA, the data are NSE_EQ|DELTA");
}

/* The card of version 1 said one instrument, and nothing of detail. */
static void cards_of_version_1_still_load(void **state) {
    kit *k = *state;
    size_t length;
    char *text = NULL;
    k->request.data.symbol = "BETA";
    json_decref(kit_train(k));
    char *bytes = kit_read(kit_path(k, "BETA_5m.card.json"), &length);
    json_t *card = json_loadb(bytes, length, 0, NULL);
    json_t *instrument = json_array_get(json_object_get(card, "instruments"), 0);
    json_object_del(instrument, "training_window");
    json_object_set(card, "instrument", instrument);
    json_object_del(card, "instruments");
    json_object_del(json_object_get(card, "rules"), "detail");
    json_object_set_new(card, "format_version", json_integer(1));
    json_object_del(card, "card_sha256");
    kit_ok(pxi_card_seal(card, &text, &kit_err));
    kit_write(kit_path(k, "BETA_5m.card.json"), text, strlen(text));
    free(text);
    free(bytes);

    px_dataset data = {0};
    px_model *model = NULL;
    px_error err;
    kit_load(k, &data);
    kit_ok(px_model_open(k->home, NULL, &data, &k->config, &model, &kit_err));
    assert_int_equal(model->train_begin_us, data.bars.ts_us[0]);
    px_model_close(&model);
    k->config.detail = PX_DETAIL_1M;
    assert_int_equal(px_model_open(k->home, NULL, &data, &k->config, &model, &err), PX_EMISMATCH);
    assert_non_null(strstr(err.message, "detail is \"none\" in the model and \"1m\" here"));
    px_dataset_free(&data);
    px_table table = {0};
    kit_ok(px_models_list(k->home, &table, &kit_err));
    assert_string_equal(px_table_text(&table, px_table_find(&table, "symbol"), 0), "BETA");
    px_table_free(&table);
}

int main(void) {
#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        WITH_KIT(order_of_names_changes_no_byte),
        WITH_KIT(a_pool_of_one_is_the_training_of_one),
        WITH_KIT(pooling_changes_no_label),
        WITH_KIT(bars_are_counted_on_the_times_of_all),
        WITH_KIT(folds_are_cut_by_time),
        WITH_KIT(those_without_bars_or_labels_are_left_out),
        WITH_KIT(wrong_lists_fail_before_any_work),
        WITH_KIT(a_folder_that_lacks_a_symbol_fails),
        WITH_KIT(counts_of_instruments_add_up),
        WITH_KIT(each_instrument_has_its_own_window),
        WITH_KIT(cards_of_version_1_still_load),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
