// SPDX-License-Identifier: Apache-2.0
/* The training story: what it reports, what it writes, what it refuses. */
#include "model_kit.h"
#include "models/check.h"

#include "train/evaluate.h"

static int open_kit(void **state) {
    *state = kit_open();
    return 0;
}

static int close_kit(void **state) {
    kit_close(*state);
    return 0;
}

/* ---- report ------------------------------------------------------------------------------------------- */

static const json_t *phase(const json_t *report, const char *name) {
    const json_t *phases = json_object_get(report, "phases");
    for (size_t i = 0; i < json_array_size(phases); i++) {
        const json_t *found = json_array_get(phases, i);
        if (strcmp(json_string_value(json_object_get(found, "phase")), name) == 0)
            return found;
    }
    fail_msg("no phase %s", name);
    return NULL;
}

static json_int_t sum_of(const json_t *list, const char *key) {
    json_int_t sum = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        sum += kit_int(json_array_get(list, i), key);
    return sum;
}

static void counts_add_up(void **state) {
    kit *k = *state;
    json_t *report = kit_train_quickly(k);
    json_int_t events = kit_int(phase(report, "events"), "events");
    json_int_t used = kit_int(phase(report, "labels"), "complete");
    assert_int_equal(sum_of(json_object_get(phase(report, "events"), "by_type"), "events"), events);
    assert_int_equal(kit_int(phase(report, "labels"), "labelled") +
                         kit_int(phase(report, "labels"), "unresolved"),
                     events);
    assert_true(used >= 120 && used <= events);
    assert_int_equal(sum_of(json_object_get(report, "label_distribution_in_sample"), "events"), used);
    assert_int_equal(kit_int(phase(report, "fit"), "rows"), used);
    assert_int_equal(kit_int(phase(report, "load"), "source_bars"), KIT_SESSIONS * 375);

    const json_t *folds = json_object_get(report, "folds_out_of_fold");
    assert_int_equal(json_array_size(folds), PX_N_FOLDS);
    for (size_t i = 0; i < PX_N_FOLDS; i++) {
        const json_t *fold = json_array_get(folds, i);
        assert_int_equal(kit_int(fold, "test_events"), used / 6);
        assert_int_equal(kit_int(fold, "train_events") + kit_int(fold, "purged_events"),
                         used - (PX_N_FOLDS - (json_int_t)i) * (used / 6));
    }
    assert_true(sum_of(folds, "purged_events") > 0);
    assert_int_equal(kit_int(json_object_get(report, "out_of_fold"), "events"), used / 6 * 5);
    json_decref(report);
}

/* The mean and median R by type, recomputed from the labelled events that were written. */
static void outcomes_by_type_are_those_of_the_events(void **state) {
    kit *k = *state;
    json_t *report = kit_train_quickly(k);
    size_t length;
    char *csv = kit_read(kit_path(k, "KIT_5m_events.csv"), &length), *line_end = NULL;
    double r[2000], sum = 0;
    size_t n = 0;
    for (char *line = strtok_r(csv, "\n", &line_end); line; line = strtok_r(NULL, "\n", &line_end)) {
        char *fields[32];
        size_t n_fields = 0;
        for (char *rest = line; rest && n_fields < 32;)
            fields[n_fields++] = strsep(&rest, ",");
        assert_int_equal(n_fields, 25);
        /* timestamp,side,event_type,7 inputs,entry,atr,entry_price,label,hit,exit_time,exit_price,realized_R,
         * mae,mfe,ts_end,fold,probability,instrument,symbol */
        if (strcmp(fields[2], "TREND") == 0 && strcmp(fields[1], "BUY") == 0 && *fields[21]) {
            r[n] = strtod(fields[17], NULL);
            sum += r[n++];
        }
    }
    const json_t *outcomes = json_object_get(report, "outcomes_in_sample_gross");
    bool found = false;
    for (size_t i = 0; i < json_array_size(outcomes); i++) {
        const json_t *row = json_array_get(outcomes, i);
        if (strcmp(json_string_value(json_object_get(row, "event_type")), "TREND") ||
            strcmp(json_string_value(json_object_get(row, "side")), "BUY"))
            continue;
        found = true;
        assert_int_equal(kit_int(row, "events"), n);
        assert_true(fabs(json_real_value(json_object_get(row, "mean_R")) - sum / (double)n) < 1e-12);
        assert_true(json_real_value(json_object_get(row, "median_R")) == pxi_median(r, n));
    }
    assert_true(found && n > 20);
    free(csv);
    json_decref(report);
}

/* Each phase once, by its first letter. */
static bool progress_seen(void *user, const char *name, size_t done, size_t total) {
    char *seen = user;
    const size_t n = strlen(seen);
    assert_true(done <= total);
    if (*name && (n == 0 || seen[n - 1] != *name))
        strncat(seen, name, 1);
    return true;
}

static void phases_are_announced_in_order(void **state) {
    kit *k = *state;
    char seen[64] = "", *report = NULL;
    k->request.learner = "logistic";
    k->request.data.work = (px_work){progress_seen, seen, 1};
    kit_ok(px_train(k->home, &k->request, &k->config, &report, &kit_err));
    k->request.data.work = (px_work){0};
    assert_string_equal(seen, "lfs"); /* load and label, folds and the fit of all rows, save */
    free(report);
}

static void a_card_counts_the_bars_of_its_window(void **state) {
    kit *k = *state;
    px_dataset data = {0};
    char *text = NULL;
    json_t *card = NULL;
    k->request.data.start_date = px_date_from_civil((px_civil){2020, 3, 2});
    json_decref(kit_train_quickly(k));
    kit_load(k, &data);
    kit_ok(px_model_card(k->home, "KIT_5m", &text, &kit_err));
    kit_ok(pxi_json_parse(text, strlen(text), "card", &card, &kit_err));
    const json_t *instrument = json_array_get(json_object_get(card, "instruments"), 0);
    const json_t *bars = json_object_get(json_object_get(instrument, "data"), "bars");
    assert_true(data.begin > 0 && data.end > data.begin); /* bars before the window warm up */
    assert_int_equal(json_integer_value(bars), data.end - data.begin);
    json_decref(card);
    free(text);
    px_dataset_free(&data);
}

/* ---- files -------------------------------------------------------------------------------------------- */

static const char *const files[] = {"KIT_5m.ubj", "KIT_5m.card.json", "KIT_5m_config.json",
                                    "KIT_5m_events.csv"};

static void same_request_same_bytes(void **state) {
    kit *k = *state, *other = kit_open();
    json_decref(kit_train(k));
    json_decref(kit_train_quickly(other));
    other->request.learner = NULL;
    json_decref(kit_train(other)); /* over another model of that name */
    for (size_t i = 0; i < 4; i++) {
        size_t a_length, b_length;
        char *a = kit_read(kit_path(k, files[i]), &a_length);
        char *b = kit_read(kit_path(other, files[i]), &b_length);
        if (i != 1) { /* the card names the folder of the bars */
            assert_int_equal(a_length, b_length);
            assert_memory_equal(a, b, a_length);
        }
        free(a);
        free(b);
    }
    assert_false(pxi_path_exists(kit_path(other, ".saving")));
    kit_close(other);
}

static void config_reads_back(void **state) {
    kit *k = *state;
    k->config.sl_mult = 1.5;
    json_decref(kit_train_quickly(k));
    px_config config = px_config_default();
    kit_ok(px_config_load(&config, kit_path(k, "KIT_5m_config.json"), &kit_err));
    assert_true(config.sl_mult == 1.5);
    assert_string_equal(config.symbol, "KIT");
    assert_string_equal(config.timeframe, "5m");
    assert_string_equal(config.model_path, "KIT_5m");
    assert_string_equal(config.strategy_id, "pixityAI_meta");
}

static void name_is_as_asked(void **state) {
    kit *k = *state;
    k->request.model_out = "my model";
    json_decref(kit_train_quickly(k));
    assert_true(pxi_path_exists(kit_path(k, "my model.card.json")));
    assert_false(pxi_path_exists(kit_path(k, "KIT_5m.card.json")));
}

/* ---- the model ---------------------------------------------------------------------------------------- */

static void research(kit *k, px_dataset *data, px_event_list *events, pxi_rows *rows) {
    px_feature_frame frame = {0};
    pxi_panel panel = {0};
    kit_load(k, data);
    kit_ok(px_features_compute(&data->bars, data->calendar, &k->config, &frame, &kit_err));
    kit_ok(px_events_find(&data->bars, &frame, data->calendar, &k->config, data->timeframe_minutes,
                          data->begin, data->end, events, &kit_err));
    kit_ok(pxi_panel_load(k->home, &k->request, &k->config, &panel, &kit_err));
    kit_ok(pxi_rows_build(&panel, rows, &kit_err));
    pxi_panel_free(&panel);
    px_feature_frame_free(&frame);
}

/* What a run predicts is what the learner fitted on the same rows predicts, bit for bit. */
static void check_stored_model(kit *k, const px_learner *learner) {
    px_dataset data = {0};
    px_event_list events = {0};
    pxi_rows rows = {0};
    px_predictor *forest = NULL;
    px_model *model = NULL;
    px_learner_config config = px_learner_config_default(learner);
    k->request.learner = px_learner_name(learner);
    json_t *report = kit_train(k);
    assert_string_equal(json_string_value(json_object_get(report, "learner")), k->request.learner);
    json_decref(report);
    research(k, &data, &events, &rows);
    kit_ok(px_predictor_train(rows.x, rows.y, rows.n, &config, &forest, &kit_err));
    kit_ok(px_model_open(k->home, NULL, &data, &k->config, &model, &kit_err));
    assert_string_equal(model->name, "KIT_5m");
    assert_string_equal(model->warning, "");
    assert_ptr_equal(px_predictor_learner(model->predictor), learner);
    assert_int_equal(model->train_begin_us, data.bars.ts_us[data.begin]);
    assert_int_equal(model->train_end_us, data.bars.ts_us[data.end - 1] + 5 * PX_US_PER_MINUTE);
    double *p = calloc(events.n, sizeof *p), *wanted = calloc(events.n, sizeof *wanted);
    float *x = calloc(events.n * PX_N_INPUTS, sizeof *x);
    for (size_t i = 0; i < events.n; i++)
        pxi_inputs_to_floats(events.items[i].inputs, &x[i * PX_N_INPUTS]);
    kit_ok(px_model_predict(model, &events, p, &kit_err));
    kit_ok(px_predictor_predict(forest, x, events.n, wanted, &kit_err));
    assert_memory_equal(p, wanted, events.n * sizeof *p);
    free(p);
    free(wanted);
    free(x);
    px_model_close(&model);
    px_predictor_free(&forest);
    pxi_rows_free(&rows);
    px_event_list_free(&events);
    px_dataset_free(&data);
}

/* One after the other under one name, the first learner last: each replaces the former whole, whatever the
 * ending of its file. */
static void stored_model_is_the_fitted_one(void **state) {
    kit *k = *state;
    size_t n = 0;
    while (px_learner_at(n))
        n++;
    for (size_t i = 1; i <= n; i++) {
        check_stored_model(k, px_learner_at(i % n));
        bool is_logistic = strcmp(k->request.learner, "logistic") == 0;
        assert_int_equal(pxi_path_exists(kit_path(k, "KIT_5m.ubj")), !is_logistic);
        assert_int_equal(pxi_path_exists(kit_path(k, "KIT_5m.model.json")), is_logistic);
    }
}

/* Out of fold means: predicted by a forest that was fitted on the purged rows before the block, and on
 * nothing else. */
static void folds_see_only_their_training_rows(void **state) {
    kit *k = *state;
    px_dataset data = {0};
    px_event_list events = {0};
    pxi_rows rows = {0};
    pxi_evaluation evaluation = {0};
    const px_learner_config config = px_learner_config_default(px_learner_at(0));
    const pxi_evaluation_request request = {.rows = &rows, .learner = &config, .embargo_bars = 12};
    research(k, &data, &events, &rows);
    kit_ok(pxi_evaluate(&request, &evaluation, &kit_err));
    for (int f = 0; f < PX_N_FOLDS; f++) {
        const px_fold *fold = &evaluation.folds[f].fold;
        const size_t test_first_bar = rows.begin_bar[fold->test_begin];
        float *x = calloc(rows.n * PX_N_INPUTS, sizeof *x);
        uint8_t *y = calloc(rows.n, 1);
        size_t n = 0;
        for (size_t i = 0; i < rows.n; i++) {
            if (rows.end_bar[i] + 12 >= test_first_bar || i >= fold->test_begin)
                continue;
            memcpy(&x[n * PX_N_INPUTS], &rows.x[i * PX_N_INPUTS], PX_N_INPUTS * sizeof *x);
            y[n++] = rows.y[i];
        }
        px_predictor *forest = NULL;
        double *p = calloc(rows.n, sizeof *p);
        kit_ok(px_predictor_train(x, y, n, &config, &forest, &kit_err));
        kit_ok(px_predictor_predict(forest, rows.x, rows.n, p, &kit_err));
        assert_memory_equal(&p[fold->test_begin], &evaluation.p[fold->test_begin],
                            (fold->test_end - fold->test_begin) * sizeof *p);
        free(x);
        free(y);
        free(p);
        px_predictor_free(&forest);
    }
    for (size_t i = 0; i < evaluation.folds[0].fold.test_begin; i++)
        assert_true(isnan(evaluation.p[i]) && pxi_evaluation_fold(&evaluation, i) == 0);
    assert_int_equal(pxi_evaluation_fold(&evaluation, rows.n - 1), 5);
    pxi_evaluation_free(&evaluation);
    pxi_rows_free(&rows);
    px_event_list_free(&events);
    px_dataset_free(&data);
}

/* `reference`: unpurged, and the model is that of the fold with the best mean R at p > 0.6. */
static void reference_keeps_the_best_fold(void **state) {
    kit *k = *state;
    px_config_set_profile(&k->config, PX_PROFILE_REFERENCE);
    json_t *report = kit_train(k);
    const json_t *folds = json_object_get(report, "folds_out_of_fold");
    json_int_t best = 0;
    double best_r = -INFINITY;
    for (size_t i = 0; i < PX_N_FOLDS; i++) {
        const json_t *fold = json_array_get(folds, i);
        assert_int_equal(kit_int(fold, "purged_events"), 0);
        double r = json_number_value(json_object_get(fold, "mean_R_gross_above_0.6"));
        if (kit_int(fold, "events_above_0.6") > 0 && r > best_r) {
            best_r = r;
            best = kit_int(fold, "fold");
        }
    }
    assert_int_equal(kit_int(phase(report, "fit"), "fold"), best);
    if (best > 0)
        assert_int_equal(kit_int(phase(report, "fit"), "rows"),
                         kit_int(json_array_get(folds, (size_t)best - 1), "train_events"));
    const json_t *warnings = json_object_get(report, "warnings");
    assert_int_equal(json_array_size(warnings), 2);
    assert_non_null(strstr(json_string_value(json_array_get(warnings, 0)), "look ahead"));
    assert_non_null(
        strstr(json_string_value(json_array_get(warnings, 1)), "holiday")); /* a walk trades on them */
    json_decref(report);
}

/* ---- refusals ----------------------------------------------------------------------------------------- */

static void expect_refusal(kit *k, const char *part) {
    char *report = NULL;
    px_error err;
    assert_int_equal(px_train(k->home, &k->request, &k->config, &report, &err), PX_EINPUT);
    assert_null(report);
    if (!strstr(err.message, part))
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
    assert_false(pxi_path_exists(kit_path(k, "KIT_5m.card.json")));
    assert_false(pxi_path_exists(kit_path(k, "KIT_5m.ubj")));
}

static void too_little_to_learn_from_is_refused(void **state) {
    kit *k = *state;
    k->request.data.end_date = px_date_from_civil((px_civil){2020, 1, 1});
    k->request.data.timeframe_minutes = 30;
    expect_refusal(k, "training needs at least 50"); /* one session is 13 bars */
    k->request.data.end_date = px_date_from_civil((px_civil){2020, 1, 10});
    expect_refusal(k, "training needs at least 30");
}

static void one_class_is_refused(void **state) {
    kit *k = *state;
    k->config.tp_mult = 500;
    expect_refusal(k, "none of the ");
}

static void bad_names_are_refused(void **state) {
    kit *k = *state;
    static const char *const bad[] = {"", ".hidden", "../up", "a/b", "new\nline"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        k->request.model_out = bad[i];
        expect_refusal(k, "cannot name a model");
    }
    k->request.model_out = NULL;
    k->request.model_out = "caf\xe9";
    expect_refusal(k, "the model's name is not UTF-8");
    k->request.model_out = NULL;
    k->request.data.symbol = "caf\xe9";
    expect_refusal(k, "not UTF-8");
    k->request.data.symbol = "KIT";
    k->request.learner = "rff";
    expect_refusal(k, "unknown learner \"rff\"");
}

int main(void) {
#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        WITH_KIT(counts_add_up),
        WITH_KIT(outcomes_by_type_are_those_of_the_events),
        WITH_KIT(phases_are_announced_in_order),
        WITH_KIT(a_card_counts_the_bars_of_its_window),
        WITH_KIT(same_request_same_bytes),
        WITH_KIT(config_reads_back),
        WITH_KIT(name_is_as_asked),
        WITH_KIT(stored_model_is_the_fitted_one),
        WITH_KIT(folds_see_only_their_training_rows),
        WITH_KIT(reference_keeps_the_best_fold),
        WITH_KIT(too_little_to_learn_from_is_refused),
        WITH_KIT(one_class_is_refused),
        WITH_KIT(bad_names_are_refused),
    };
    return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}
