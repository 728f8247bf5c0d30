// SPDX-License-Identifier: Apache-2.0
/* A model is used by what its card says: inputs in another order or number than this program has, event types
 * that it was trained on, and models that are stored as version 1 left them (models/version_1_*, which are
 * never changed; beside each the probabilities that the program gave that wrote it). */
#include "model_kit.h"
#include "vocabulary.h"

#include "base/hash.h"
#include "learners/learner.h"
#include "models/card.h"

static kit *trained;
static px_dataset data;

static int train_once(void **state) {
    (void)state;
    trained = kit_open();
    json_decref(kit_train_quickly(trained));
    kit_load(trained, &data);
    return 0;
}

static int close_trained(void **state) {
    (void)state;
    px_dataset_free(&data);
    kit_close(trained);
    return 0;
}

/* ---- cards -------------------------------------------------------------------------------------------- */

static json_t *card_of(const char *model) {
    char *text = NULL;
    kit_ok(px_model_card(trained->home, model, &text, &kit_err));
    json_t *card = json_loads(text, 0, NULL);
    assert_non_null(card);
    free(text);
    return card;
}

/* Saves a model under the name `edited`: its card, resealed, and its bytes; takes the card. */
static void save_edited(json_t *card, const char *bytes, size_t length, const char *ending) {
    char *text = NULL, sha[65], file[64];
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, bytes, length);
    pxi_hash_hex(&hash, sha);
    json_object_set_new(json_object_get(card, "model_file"), "sha256", json_string(sha));
    json_object_del(card, "card_sha256");
    kit_ok(pxi_card_seal(card, &text, &kit_err));
    kit_write(kit_path(trained, "edited.card.json"), text, strlen(text));
    snprintf(file, sizeof file, "edited%s", ending);
    kit_write(kit_path(trained, file), bytes, length);
    free(text);
}

/* The trained model with one member of its card changed. */
static void edit(const char *member, json_t *value) {
    size_t length;
    char *bytes = kit_read(kit_path(trained, "KIT_5m.model.json"), &length);
    json_t *card = card_of("KIT_5m");
    assert_int_equal(json_object_set_new(card, member, value), 0);
    save_edited(card, bytes, length, ".model.json");
    free(bytes);
}

static px_model *open_named(const char *name) {
    px_model *model = NULL;
    kit_ok(px_model_open(trained->home, name, &data, &trained->config, &model, &kit_err));
    return model;
}

static void refuse(px_status wanted, const char *part) {
    px_model *model = NULL;
    px_error err = {0};
    const px_status status = px_model_open(trained->home, "edited", &data, &trained->config, &model, &err);
    if (status != wanted || !strstr(err.message, part))
        fail_msg("status %d, \"%s\"; wanted %d, \"%s\"", status, err.message, wanted, part);
}

static void inputs_and_types_stand_on_the_card_with_their_columns(void **state) {
    json_t *card = card_of("KIT_5m");
    json_t *wanted =
        json_pack("[{s:s, s:[s]}, {s:s, s:[s]}, {s:s, s:[s]}, {s:s, s:[s]}, {s:s, s:[]}, {s:s, s:[]}, "
                  "{s:s, s:[s]}]",
                  "name", "vwap_dist", "columns", "vwap", "name", "ema_slope", "columns", "ema(20)", "name",
                  "atr_pct", "columns", "atr(14)", "name", "adx", "columns", "adx(14)", "name", "hour",
                  "columns", "name", "minute", "columns", "name", "vol_z", "columns", "vol_z");
    (void)state;
    assert_true(json_equal(json_object_get(card, "inputs"), wanted));
    const json_t *types = json_object_get(card, "event_types");
    assert_int_equal(json_array_size(types), KIT_N_TYPES);
    assert_string_equal(pxi_card_text(json_array_get(types, KIT_TREND), "name"), "TREND");
    const json_t *reversion = json_array_get(types, KIT_REVERSION);
    assert_int_equal(json_array_size(json_object_get(reversion, "columns")), 3);
    assert_true(json_real_value(pxi_card_get(reversion, "parameters/reversion_k")) == 2.0);
    json_decref(wanted);
    json_decref(card);
}

static void what_a_card_says_otherwise_is_refused(void **state) {
    static const struct {
        const char *member, *value, *message;
    } cases[] = {
        {"inputs", "[{\"name\": \"adxx\"}]",
         "model edited has input \"adxx\", which this program does not know (it was made by pixity "},
        {"inputs", "[{\"name\": \"adxx\"}]", "; did you mean \"adx\"?"},
        {"inputs", "[{\"name\": \"ema_slope\", \"columns\": [\"ema(10)\"]}]",
         "ema_slope is made of [\"ema(10)\"] in the model and of [\"ema(20)\"] here"},
        {"inputs", "[{\"name\": \"hour\", \"columns\": [\"ema(10)\"]}]", "hour is made of [\"ema(10)\"]"},
        {"inputs", "[{\"name\": \"adx\", \"columns\": []}]", "adx is made of [] in the model"},
        {"event_types", "[{\"name\": \"TRENDS\"}]",
         "event type \"TRENDS\", which this program does not know"},
        {"event_types", "[{\"name\": \"TRENDS\"}]", "; did you mean \"TREND\"?"},
        {"event_types", "[{\"name\": \"TREND\", \"columns\": [\"vwap\"]}]", "TREND is made of [\"vwap\"]"},
        {"event_types", "[{\"name\": \"REVERSION\", \"parameters\": {\"reversion_k\": 2.5}}]",
         "reversion_k is 2.5 in the model and 2.0 here"},
        {"event_types", "[{\"name\": \"REVERSION\", \"parameters\": {\"reversion_q\": 1}}]",
         "reversion_q is 1 in the model and absent here"},
    };
    static const struct {
        const char *member, *value, *message;
    } damaged[] = {
        {"inputs", "[]", "has no list of inputs"},
        {"inputs", "{}", "has no list of inputs"},
        {"inputs", "[{}]", "has no list of inputs"},
        {"inputs", "[7]", "has no list of inputs"},
        {"inputs", "[{\"name\": \"adx\"}, {\"name\": \"adx\"}]", "has input adx twice"},
        {"event_types", "[]", "has no list of event types"},
        {"event_types", "[[]]", "has no list of event types"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        edit(cases[i].member, json_loads(cases[i].value, 0, NULL));
        refuse(PX_EMISMATCH, cases[i].message);
    }
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        edit(damaged[i].member, json_loads(damaged[i].value, 0, NULL));
        refuse(PX_ECORRUPT, damaged[i].message);
    }
    edit("inputs", json_pack("[{s:s}]", "name", "adx")); /* the file has seven */
    refuse(PX_ECORRUPT, "no logistic regression");
}

/* A column is the same however it is written. */
static void columns_are_compared_not_their_texts(void **state) {
    json_t *card = card_of("KIT_5m"), *inputs = json_incref(json_object_get(card, "inputs"));
    (void)state;
    json_object_set_new(json_array_get(inputs, 1), "columns", json_pack("[s]", "ema20"));
    json_object_set_new(json_array_get(inputs, 2), "columns", json_pack("[s]", "atr"));
    edit("inputs", inputs);
    px_model *model = open_named("edited");
    px_model_close(&model);
    json_decref(card);
}

/* ---- other lists -------------------------------------------------------------------------------------- */

enum { N_EVENTS = 12 };

static void make_events(px_event events[N_EVENTS]) {
    for (int i = 0; i < N_EVENTS; i++) {
        const double s = 1 + i % 5 - (i % 3) * 0.7;
        events[i] = (px_event){.type = i % 2, .side = PX_LONG};
        const double x[PX_N_INPUTS] = {0.004 * s, -0.0003 * s, 0.002 + 0.0002 * i, 20 + 3.0 * s, 9 + i % 6,
                                       5.0 * i,   0.4 * s};
        memcpy(events[i].inputs, x, sizeof x);
    }
}

static void predict(const char *name, px_event events[N_EVENTS], double p[N_EVENTS]) {
    px_model *model = open_named(name);
    const px_event_list list = {N_EVENTS, N_EVENTS, events};
    kit_ok(px_model_predict(model, &list, p, &kit_err));
    px_model_close(&model);
}

/* The elements of a list in another order; those past n are left out. */
static json_t *reordered(const json_t *list, const int *order, size_t n) {
    json_t *made = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append(made, json_array_get(list, (size_t)order[i]));
    return made;
}

static json_t *reordered_check(const json_t *rows, const int *order, size_t n) {
    json_t *made = json_deep_copy(rows), *row;
    size_t i;
    json_array_foreach(made, i, row)
        json_object_set_new(row, "inputs", reordered(json_object_get(row, "inputs"), order, n));
    return made;
}

/* A file that says itself which inputs it has, in another order, and its card in the same. */
static void a_model_of_another_order_answers_the_same(void **state) {
    static const int order[PX_N_INPUTS] = {6, 0, 3, 5, 1, 2, 4};
    px_event events[N_EVENTS];
    double before[N_EVENTS], after[N_EVENTS];
    size_t length;
    char *bytes = kit_read(kit_path(trained, "KIT_5m.model.json"), &length), *text = NULL;
    json_t *file = json_loadb(bytes, length, 0, NULL), *card = card_of("KIT_5m");
    (void)state;
    json_object_set_new(file, "inputs", reordered(json_object_get(file, "inputs"), order, PX_N_INPUTS));
    kit_ok(pxi_json_dump(file, &text, &kit_err));
    json_object_set_new(card, "inputs", reordered(json_object_get(card, "inputs"), order, PX_N_INPUTS));
    json_object_set_new(card, "check", reordered_check(json_object_get(card, "check"), order, PX_N_INPUTS));
    save_edited(card, text, strlen(text), ".model.json");
    make_events(events);
    predict("KIT_5m", events, before);
    predict("edited", events, after);
    for (int i = 0; i < N_EVENTS; i++)
        assert_true(fabs(before[i] - after[i]) < 1e-14);
    json_decref(file);
    free(text);
    free(bytes);
}

/* A regression of two inputs, as a program with a shorter table left it. */
static void a_model_of_fewer_inputs_looks_at_these_only(void **state) {
    static const char text[] =
        "{\"format\": \"pixity logistic regression\", \"format_version\": 1, \"intercept\": 0.25, "
        "\"inputs\": ["
        "{\"name\": \"adx\", \"mean\": 20.0, \"scale\": 10.0, \"coefficient\": 0.5},"
        "{\"name\": \"atr_pct\", \"mean\": 0.001, \"scale\": 0.001, \"coefficient\": -0.25}]}";
    px_event events[N_EVENTS];
    double p[N_EVENTS], again[N_EVENTS];
    json_t *card = card_of("KIT_5m");
    (void)state;
    json_object_set_new(card, "inputs", json_pack("[{s:s}, {s:s}]", "name", "adx", "name", "atr_pct"));
    json_t *rows = json_array();
    for (int i = 0; i < 10; i++) {
        const double odds = 0.25 + 0.5 * (i - 5) / 10.0;
        json_array_append_new(
            rows, json_pack("{s:[f, n], s:f}", "inputs", 15.0 + i, "probability", 1 / (1 + exp(-odds))));
    }
    json_object_set_new(card, "check", rows);
    save_edited(card, text, sizeof text - 1, ".model.json");
    make_events(events);
    predict("edited", events, p);
    for (int i = 0; i < N_EVENTS; i++) {
        const double *x = events[i].inputs;
        const double odds =
            0.25 + 0.5 * ((double)(float)x[3] - 20) / 10 - 0.25 * ((double)(float)x[2] - 0.001) / 0.001;
        assert_true(fabs(p[i] - 1 / (1 + exp(-odds))) < 1e-12);
        events[i].inputs[0] = events[i].inputs[6] = NAN;
    }
    predict("edited", events, again);
    assert_memory_equal(p, again, sizeof p);
}

/* Splits of trees are on places in the card's list. */
static void trees_of_another_order_answer_by_it(void **state) {
    static const int order[PX_N_INPUTS] = {2, 4, 0, 6, 5, 3, 1};
    px_event events[N_EVENTS], moved[N_EVENTS];
    double before[N_EVENTS], after[N_EVENTS];
    size_t length;
    (void)state;
    trained->request.learner = "rf:trees=5,depth=4";
    trained->request.model_out = "forest";
    json_decref(kit_train(trained));
    char *bytes = kit_read(kit_path(trained, "forest.ubj"), &length);
    json_t *card = card_of("forest");
    json_object_set_new(card, "inputs", reordered(json_object_get(card, "inputs"), order, PX_N_INPUTS));
    save_edited(card, bytes, length, ".ubj"); /* the same splits on other inputs */
    make_events(events);
    make_events(moved);
    for (int i = 0; i < N_EVENTS; i++)
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            moved[i].inputs[order[k]] = events[i].inputs[k];
    predict("forest", events, before);
    predict("edited", moved, after);
    assert_memory_equal(before, after, sizeof before);
    card = card_of("forest");
    json_object_set_new(card, "inputs", reordered(json_object_get(card, "inputs"), order, 3));
    save_edited(card, bytes, length, ".ubj");
    refuse(PX_EMISMATCH, "the model has 7 inputs, not the 3 that it should have");
    remove(kit_path(trained, "edited.ubj"));
    free(bytes);
}

/* ---- event types -------------------------------------------------------------------------------------- */

static void events_that_it_was_not_trained_on_are_none_of_its(void **state) {
    px_event events[N_EVENTS];
    double p[N_EVENTS], all[N_EVENTS];
    (void)state;
    edit("event_types", json_pack("[{s:s}]", "name", "TREND"));
    make_events(events);
    predict("KIT_5m", events, all);
    predict("edited", events, p);
    for (int i = 0; i < N_EVENTS; i++)
        assert_true(events[i].type == KIT_TREND ? p[i] == all[i] : isnan(p[i]));
}

/* A run with such a model has candidates of its types alone, in the same numbers. */
static size_t count_candidates(const char *model, const char *type, size_t *n_others) {
    px_backtest_request request = {
        .data = trained->request.data, .strategy_id = "pixityAI_meta", .model = model};
    px_backtest_result *run = NULL;
    size_t n = 0;
    *n_others = 0;
    kit_ok(px_backtest_run(trained->home, &request, &trained->config, &run, &kit_err));
    const size_t column = px_table_find(&run->signals, "event_type");
    for (size_t i = 0; i < run->signals.n_rows; i++)
        n += strcmp(px_table_text(&run->signals, column, i), type) == 0;
    *n_others = run->signals.n_rows - n;
    px_backtest_result_free(&run);
    return n;
}

static void runs_have_events_of_the_model_only(void **state) {
    size_t others, none;
    (void)state;
    edit("event_types", json_pack("[{s:s}]", "name", "TREND"));
    const size_t n = count_candidates("KIT_5m", "TREND", &others);
    assert_true(n > 10 && others > 10);
    assert_int_equal(count_candidates("edited", "TREND", &none), n);
    assert_int_equal(none, 0);
}

/* ---- version 1 ---------------------------------------------------------------------------------------- */

static void stored_model_answers_as_it_did(const char *name, const char *ending) {
    char path[512], line[512];
    const char *source = getenv("PIXITY_SOURCE");
    px_model *model = NULL;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/tests/unit/models/%s%s", source ? source : ".", name, ending);
    kit_ok(px_model_open(NULL, path, &data, &trained->config, &model, &kit_err));
    assert_int_equal(model->event_types, 3);
    snprintf(path, sizeof path, "%s/tests/unit/models/%s.csv", source ? source : ".", name);
    FILE *rows = fopen(path, "r");
    assert_non_null(rows);
    assert_non_null(fgets(line, sizeof line, rows));
    assert_string_equal(line, "vwap_dist,ema_slope,atr_pct,adx,hour,minute,vol_z,probability\n");
    while (fgets(line, sizeof line, rows)) {
        px_event event = {.type = (int)(n % 2), .side = PX_LONG};
        const px_event_list list = {1, 1, &event};
        double *x = event.inputs, said, p;
        assert_int_equal(sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &x[0], &x[1], &x[2], &x[3], &x[4],
                                &x[5], &x[6], &said),
                         8);
        kit_ok(px_model_predict(model, &list, &p, &kit_err));
        assert_true(fabs(p - said) <= px_predictor_learner(model->predictor)->tolerance);
        n++;
    }
    assert_int_equal(n, 24);
    fclose(rows);
    px_model_close(&model);
}

static void models_of_version_1_answer_as_they_did(void **state) {
    (void)state;
    stored_model_answers_as_it_did("version_1_rf", ".ubj");
    stored_model_answers_as_it_did("version_1_logistic", ".model.json");
    trained->config.reversion_k = 1.5; /* which stood among the rules */
    px_model *model = NULL;
    px_error err;
    char path[512];
    const char *source = getenv("PIXITY_SOURCE");
    snprintf(path, sizeof path, "%s/tests/unit/models/version_1_rf.ubj", source ? source : ".");
    assert_int_equal(px_model_open(NULL, path, &data, &trained->config, &model, &err), PX_EMISMATCH);
    assert_non_null(strstr(err.message, "reversion_k is 2.0 in the model and 1.5 here"));
    trained->config.reversion_k = 2;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_and_types_stand_on_the_card_with_their_columns),
        cmocka_unit_test(what_a_card_says_otherwise_is_refused),
        cmocka_unit_test(columns_are_compared_not_their_texts),
        cmocka_unit_test(a_model_of_another_order_answers_the_same),
        cmocka_unit_test(a_model_of_fewer_inputs_looks_at_these_only),
        cmocka_unit_test(events_that_it_was_not_trained_on_are_none_of_its),
        cmocka_unit_test(runs_have_events_of_the_model_only),
        cmocka_unit_test(models_of_version_1_answer_as_they_did),
        cmocka_unit_test(trees_of_another_order_answer_by_it),
    };
    return cmocka_run_group_tests_name("card terms", tests, train_once, close_trained);
}
