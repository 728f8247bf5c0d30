// SPDX-License-Identifier: Apache-2.0
/* Parameters of strategies and learners: how they are read, and that a run is what they say. */
#include "store_fixture.h"

#include "backtest/tables.h"
#include "base/json.h"
#include "pixity/backtest.h"
#include "pixity/learner.h"
#include "pixity/synth.h"

/* ---- reading ------------------------------------------------------------------------------------------- */

static const px_parameter items[] = {
    {"stop_atrs", "stop", "Stop", "ATRs", "from the fill to the stop", 0.5, 4, 0.25, 1.5, false},
    {"hold_bars", NULL, "Hold", "bars", "watched bars", 0, 100, 1, 20, true},
};
static const px_parameters table = {"strategy", "mine", items, 2};

static void assert_read(const char *text, double stop, double hold) {
    double values[PX_MAX_PARAMETERS];
    px_parameters_usual(&table, values);
    assert_ok(px_parameters_read(&table, text, values, err));
    assert_true(values[0] == stop && values[1] == hold && !signbit(values[1]));
}

static void test_values_are_read_over_the_usual_ones(void **state) {
    (void)state;
    assert_read("stop_atrs=2", 2, 20);
    assert_read("stop=2.125", 2.125, 20); /* between two steps */
    assert_read("hold_bars=0", 1.5, 0);
    assert_read("hold_bars=-0", 1.5, 0);
    assert_read("hold_bars=1e2,stop_atrs=0.5", 0.5, 100);
    assert_read("stop_atrs=4,hold_bars=100", 4, 100);
}

/* Whatever is wrong, nothing is taken. */
static void assert_unread(const char *text, const char *message) {
    double values[PX_MAX_PARAMETERS] = {7, 8};
    assert_fails(px_parameters_read(&table, text, values, err), PX_EINPUT, message);
    assert_true(values[0] == 7 && values[1] == 8);
}

static void test_what_is_wrong_is_named(void **state) {
    (void)state;
    assert_unread("stop_atr=2", "strategy mine has no parameter \"stop_atr\"; did you mean \"stop_atrs\"? "
                                "(it has stop_atrs, hold_bars)");
    assert_unread("hold_bars=5,stp=2", "did you mean \"stop\"?");
    assert_unread(
        "stop_atrs=4.01",
        "stop_atrs of strategy mine is 4.01; it takes a number from 0.5 to 4 ATRs (step 0.25), usually 1.5");
    assert_unread("stop_atrs=0.49", "from 0.5 to 4 ATRs");
    assert_unread("hold_bars=2.5", "a whole number from 0 to 100 bars (step 1), usually 20");
    assert_unread("hold_bars=101", "hold_bars of strategy mine is 101");
    assert_unread("stop_atrs=wide", "stop_atrs of strategy mine is \"wide\"; it takes a number from 0.5");
    assert_unread("stop_atrs=nan", "is \"nan\"");
    assert_unread("stop_atrs=inf", "is \"inf\"");
    assert_unread("stop_atrs=0x2", "is \"0x2\"");
    assert_unread("stop_atrs=", "is \"\"");
    assert_unread("stop_atrs=2,stop_atrs=2", "stop_atrs of strategy mine is named twice");
    assert_unread("stop_atrs=2,hold_bars=5,stop=3", "stop_atrs of strategy mine is named twice");
    assert_unread("", "\"\" is no NAME=VALUE of strategy mine");
    assert_unread("stop_atrs=2,", "is no NAME=VALUE");
    assert_unread("stop_atrs", "\"stop_atrs\" is no NAME=VALUE");
    assert_unread("=2", "\"=2\" is no NAME=VALUE");
    assert_unread(" stop_atrs=2", "did you mean \"stop_atrs\"?");
    const px_parameters none = {"strategy", "plain", NULL, 0};
    double values[PX_MAX_PARAMETERS];
    assert_fails(px_parameters_read(&none, "a=1", values, err), PX_EINPUT,
                 "strategy plain has no parameters");
}

static void test_text_says_what_differs_and_reads_back(void **state) {
    (void)state;
    static const struct {
        double stop, hold;
        const char *text;
    } cases[] = {{1.5, 20, ""},
                 {0.7, 20, "stop_atrs=0.7"},
                 {1.5, 21, "hold_bars=21"},
                 {2, 0, "stop_atrs=2,hold_bars=0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double values[PX_MAX_PARAMETERS] = {cases[i].stop, cases[i].hold};
        char *text = NULL;
        assert_ok(px_parameters_text(&table, values, &text, err));
        assert_string_equal(text, cases[i].text);
        if (*text)
            assert_read(text, cases[i].stop, cases[i].hold);
        free(text);
    }
}

/* ---- the tables ---------------------------------------------------------------------------------------- */

static void check_parameter(const px_parameters *parameters, size_t i) {
    const px_parameter *p = &parameters->items[i];
    double values[PX_MAX_PARAMETERS];
    px_parameters_usual(parameters, values);
    assert_true(p->minimum <= p->usual && p->usual <= p->maximum && p->minimum < p->maximum && p->step > 0);
    assert_true(strlen(p->title) > 0 && strlen(p->help) > 5 && p->unit);
    assert_null(strpbrk(p->name, ",=: "));
    assert_true(!p->whole || (p->minimum == floor(p->minimum) && p->step == floor(p->step)));
    for (size_t k = 0; k < parameters->n; k++) {
        const px_parameter *other = &parameters->items[k];
        assert_true(k == i || strcmp(p->name, other->name) != 0);
        assert_true(!p->alias || (strcmp(p->alias, other->name) != 0 &&
                                  (k == i || !other->alias || strcmp(p->alias, other->alias) != 0)));
    }
    assert_ok(px_parameters_set(parameters, p->name, p->minimum, values, err));
    assert_true(values[i] == p->minimum);
    assert_ok(px_parameters_set(parameters, p->alias ? p->alias : p->name, p->maximum, values, err));
    assert_true(values[i] == p->maximum);
}

static void test_every_table_is_sound(void **state) {
    (void)state;
    const px_strategy *strategy;
    const px_learner *learner;
    size_t n = 0;
    for (size_t i = 0; (strategy = px_strategy_at(i)); i++) {
        const px_parameters parameters = px_strategy_parameters(strategy);
        assert_true(parameters.n <= PX_MAX_PARAMETERS);
        for (size_t k = 0; k < parameters.n; k++, n++) {
            check_parameter(&parameters, k);
            for (size_t key = 0; px_config_key_name(key); key++)
                assert_string_not_equal(parameters.items[k].name, px_config_key_name(key));
        }
    }
    for (size_t i = 0; (learner = px_learner_at(i)); i++) {
        const px_parameters parameters = px_learner_parameters(learner);
        assert_true(parameters.n <= PX_MAX_PARAMETERS);
        for (size_t k = 0; k < parameters.n; k++, n++)
            check_parameter(&parameters, k);
    }
    assert_true(n > 15);
}

static void test_documents_list_them(void **state) {
    (void)state;
    char *text = NULL;
    json_t *list = NULL, *strategy;
    size_t i, n = 0;
    assert_ok(px_strategies_document(&text, err));
    assert_ok(pxi_json_parse(text, strlen(text), "strategies", &list, err));
    json_array_foreach(list, i, strategy) {
        assert_string_equal(json_string_value(json_object_get(strategy, "id")), px_strategy_at(i)->id);
        json_t *parameters = json_object_get(strategy, "parameters");
        assert_int_equal(json_array_size(parameters), px_strategy_at(i)->n_parameters);
        for (size_t k = 0; k < json_array_size(parameters); k++, n++) {
            json_t *usual = json_object_get(json_array_get(parameters, k), "usual");
            assert_true(json_number_value(usual) == px_strategy_at(i)->parameters[k].usual);
        }
    }
    assert_null(px_strategy_at(i));
    assert_true(n > 0);
    json_decref(list);
    free(text);
}

/* ---- learners ------------------------------------------------------------------------------------------ */

static void test_learners_take_theirs_behind_a_colon(void **state) {
    (void)state;
    px_learner_config config, usual;
    assert_ok(px_learner_config_read(NULL, &usual, err));
    assert_string_equal(px_learner_name(usual.learner), "rf");
    assert_ok(px_learner_config_read("rf:trees=300,depth=9", &config, err));
    assert_ok(px_learner_config_set(&usual, "trees", 300, err));
    assert_ok(px_learner_config_set(&usual, "max_depth", 9, err));
    assert_memory_equal(config.values, usual.values, sizeof config.values);
    assert_ok(px_learner_config_read("gbt:rate=0.1", &config, err));
    assert_string_equal(px_learner_name(config.learner), "gbt");
    assert_fails(px_learner_config_read("rf:trees=0", &config, err), PX_EINPUT,
                 "trees of learner rf is 0; it takes a whole number from 1 to 10000 (step 50), usually 100");
    assert_fails(px_learner_config_read("rf:rate=0.1", &config, err), PX_EINPUT,
                 "learner rf has no parameter");
    assert_fails(px_learner_config_read("rf:", &config, err), PX_EINPUT, "is no NAME=VALUE of learner rf");
    assert_fails(px_learner_config_read("gb:trees=1", &config, err), PX_EINPUT, "unknown learner \"gb\"");
    assert_string_equal(px_learner_name(config.learner), "gbt"); /* a failure leaves it */
}

/* ---- runs ---------------------------------------------------------------------------------------------- */

static const char *synth_file(void) {
    static char path[1024];
    px_calendar *nse;
    px_bars bars = {0};
    snprintf(path, sizeof path, "%s/ACME.csv", fixture_folder);
    assert_ok(px_calendar_open("NSE", &nse, err));
    assert_ok(
        px_synth_bars(PX_SYNTH_TREND, 7, 90, px_date_from_civil((px_civil){2024, 6, 3}), nse, &bars, err));
    assert_ok(px_bars_export(&bars, "ACME", px_calendar_zone(nse), path, err));
    px_bars_free(&bars);
    px_calendar_close(&nse);
    return path;
}

static px_backtest_result *run(const char *strategy, const char *parameters, const char *input) {
    const px_backtest_request request = {
        .data = {.timeframe_minutes = 5, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE, .input = input},
        .strategy_id = strategy,
        .parameters = parameters,
        .run_id = "r",
    };
    px_config config = px_config_default();
    px_backtest_result *result = NULL;
    config.skip_meta_model = true;
    config.cooldown_bars = 0;
    assert_ok(px_backtest_run(NULL, &request, &config, &result, err));
    return result;
}

/* Of what a run did, whatever it is called. */
static void hash_trades(const px_backtest_result *result, char out[PXI_HASH_TEXT_SIZE]) {
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_table(&hash, &result->trades);
    pxi_hash_table(&hash, &result->orders);
    pxi_hash_hex(&hash, out);
}

/* True where the strategy takes the value and trades otherwise with it. */
static bool changes_trades(const px_strategy *strategy, size_t i, double value, const char *usual,
                           const char *input) {
    const px_parameters parameters = px_strategy_parameters(strategy);
    px_strategy_config chosen;
    char *text = NULL, trades[PXI_HASH_TEXT_SIZE];
    double values[PX_MAX_PARAMETERS];
    px_parameters_usual(&parameters, values);
    values[i] = value;
    assert_ok(px_parameters_text(&parameters, values, &text, err));
    bool differs = false;
    if (*text && px_strategy_config_read(strategy->id, text, &chosen, NULL) == PX_OK) {
        px_backtest_result *result = run(strategy->id, text, input);
        hash_trades(result, trades);
        differs = strcmp(trades, usual) != 0;
        px_backtest_result_free(&result);
    }
    free(text);
    return differs;
}

/* Each of them alone, at either end of its range; an end may be refused where another value forbids it. */
static void test_every_parameter_of_a_strategy_matters(void **state) {
    (void)state;
    const char *input = synth_file();
    const px_strategy *strategy;
    size_t n = 0;
    for (size_t s = 0; (strategy = px_strategy_at(s)); s++) {
        char usual[PXI_HASH_TEXT_SIZE];
        if (strategy->n_parameters == 0)
            continue;
        px_backtest_result *result = run(strategy->id, NULL, input);
        assert_true(result->metrics.trades.n > 5);
        hash_trades(result, usual);
        px_backtest_result_free(&result);
        for (size_t i = 0; i < strategy->n_parameters; i++, n++) {
            const px_parameter *p = &strategy->parameters[i];
            if (!changes_trades(strategy, i, p->minimum, usual, input) &&
                !changes_trades(strategy, i, p->maximum, usual, input))
                fail_msg("%s of %s changes nothing", p->name, strategy->id);
        }
    }
    assert_true(n >= 9);
}

static json_t *json_of(const px_backtest_result *result) {
    json_t *json = NULL;
    char *text = NULL;
    assert_ok(px_run_to_json(&result->run, &text, err));
    assert_ok(pxi_json_parse(text, strlen(text), "run", &json, err));
    free(text);
    return json;
}

static void assert_same_run(const px_backtest_result *a, const px_backtest_result *b) {
    json_t *left = json_of(a), *right = json_of(b);
    assert_true(json_equal(left, right));
    json_decref(left);
    json_decref(right);
}

static void test_usual_values_are_the_same_run(void **state) {
    (void)state;
    const char *input = synth_file();
    px_backtest_result *plain = run("premium_tp_sl", NULL, input);
    px_backtest_result *told =
        run("premium_tp_sl", "stop_atrs=1.5,target=3.0,hold_bars=20,rsi_from=60", input);
    px_backtest_result *other = run("premium_tp_sl", "hold_bars=30,stop_atrs=2", input);
    px_backtest_result *turned = run("premium_tp_sl", "stop=2.0,hold=30", input);
    assert_same_run(told, plain);
    assert_string_not_equal(other->fingerprint, plain->fingerprint);
    assert_same_run(turned, other);
    json_t *json = json_of(plain), *request = json_object_get(json, "request");
    assert_null(json_object_get(request, "parameters"));
    json_decref(json);
    json = json_of(other);
    request = json_object_get(json, "request");
    char *parameters = json_dumps(json_object_get(request, "parameters"), 0);
    assert_string_equal(parameters, "{\"stop_atrs\": 2.0, \"hold_bars\": 30}");
    free(parameters);
    json_decref(json);
    px_backtest_result_free(&plain);
    px_backtest_result_free(&told);
    px_backtest_result_free(&other);
    px_backtest_result_free(&turned);
}

/* Even where no trade differs: what was asked is not the same. */
static void test_another_value_is_another_fingerprint(void **state) {
    (void)state;
    const char *input = synth_file();
    px_backtest_result *a = run("confluence", "min_adx=99", input),
                       *b = run("confluence", "min_adx=100", input);
    char trades[2][PXI_HASH_TEXT_SIZE];
    hash_trades(a, trades[0]);
    hash_trades(b, trades[1]);
    assert_string_equal(trades[0], trades[1]);
    assert_string_not_equal(a->fingerprint, b->fingerprint);
    px_backtest_result_free(&a);
    px_backtest_result_free(&b);
}

static void test_values_that_contradict_each_other_are_refused(void **state) {
    (void)state;
    px_strategy_config chosen;
    assert_fails(px_strategy_config_read("confluence", "rsi_from=70", &chosen, err), PX_EINPUT,
                 "rsi_from has to be below rsi_to");
    assert_fails(px_strategy_config_read("premium_tp_sl", "rsi_to=55", &chosen, err), PX_EINPUT,
                 "rsi_from is 60 and rsi_to 55");
    assert_ok(px_strategy_config_read("confluence", "rsi_from=70,rsi_to=80", &chosen, err));
    assert_fails(px_strategy_config_read("ehma_pivots", NULL, &chosen, err), PX_EINPUT, "unknown strategy");
}

/* ---- side by side -------------------------------------------------------------------------------------- */

static void save(px_home *home, const char *id, const char *parameters, const char *input) {
    px_backtest_result *result = run("premium_tp_sl", parameters, input);
    assert_ok(px_backtest_save(home, id, result, 1704067200000000, err));
    px_backtest_result_free(&result);
}

static void test_stored_runs_tell_them_apart(void **state) {
    (void)state;
    const char *input = synth_file(), *const ids[] = {"usual", "wide", "same"};
    px_home *home = NULL;
    px_trials trials;
    char *text = NULL;
    json_t *document = NULL;
    assert_ok(px_home_open(in_folder("home"), &home, err));
    save(home, "usual", NULL, input);
    save(home, "wide", "stop_atrs=2.5", input);
    save(home, "same", "stop_atrs=1.5", input);
    assert_ok(px_run_trials(home, "wide", &trials, err));
    assert_int_equal(trials.n, 2);
    assert_ok(px_runs_compare(home, ids, 3, &text, err));
    assert_ok(pxi_json_parse(text, strlen(text), "comparison", &document, err));
    char *config = json_dumps(json_object_get(document, "config"), JSON_SORT_KEYS);
    char *identical = json_dumps(json_object_get(document, "identical"), 0);
    assert_string_equal(config, "{\"stop_atrs\": {\"same\": 1.5, \"usual\": 1.5, \"wide\": 2.5}}");
    assert_string_equal(identical, "[[\"usual\", \"same\"]]");
    free(identical);
    free(config);
    json_decref(document);
    free(text);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_read_over_the_usual_ones),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_text_says_what_differs_and_reads_back),
        cmocka_unit_test(test_every_table_is_sound),
        cmocka_unit_test(test_documents_list_them),
        cmocka_unit_test(test_learners_take_theirs_behind_a_colon),
        STORE_TEST(test_every_parameter_of_a_strategy_matters),
        STORE_TEST(test_usual_values_are_the_same_run),
        STORE_TEST(test_another_value_is_another_fingerprint),
        cmocka_unit_test(test_values_that_contradict_each_other_are_refused),
        STORE_TEST(test_stored_runs_tell_them_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
