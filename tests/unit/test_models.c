// SPDX-License-Identifier: Apache-2.0
/* Models on disk: choice, fit, damage, and saves that die half-way. */
#include "depth.h"
#include "model_kit.h"

#include "base/hash.h"
#include "base/rng.h"
#include "models/card.h"
#include "models/folder.h"
#include "learners/learner.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One training for the group; each test has its own copy of the home. */
static kit *trained;

static int train_once(void **state) {
    (void)state;
    trained = kit_open();
    json_decref(kit_train(trained));
    return 0;
}

static int close_trained(void **state) {
    (void)state;
    kit_close(trained);
    return 0;
}

/* The trained model put back as it was. */
typedef struct content {
    char *bytes[2];
    size_t length[2];
} content;
static content original;
static const char *const parts[] = {"KIT_5m.ubj", "KIT_5m.card.json"};

static int keep_original(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++)
        original.bytes[i] = kit_read(kit_path(trained, parts[i]), &original.length[i]);
    return 0;
}

static int restore_original(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_write(kit_path(trained, parts[i]), original.bytes[i], original.length[i]);
        free(original.bytes[i]);
    }
    return 0;
}

/* Tries to open and checks status and message; "" = no part of it. */
static px_model *open_model(const char *name, const px_dataset *data, const px_config *config,
                            px_status wanted, const char *part) {
    px_model *model = NULL;
    px_error err = {0};
    px_status status = px_model_open(trained->home, name, data, config, &model, &err);
    if (status != wanted || (status && !strstr(err.message, part)))
        fail_msg("status %d, \"%s\"; wanted %d, \"%s\"", status, err.message, wanted, part);
    assert_true((status == PX_OK) == (model != NULL));
    return model;
}

static void refuse(const px_dataset *data, const px_config *config, px_status wanted, const char *part) {
    open_model(NULL, data, config, wanted, part);
}

/* ---- fit ---------------------------------------------------------------------------------------------- */

static void differing_rules_are_named_with_both_values(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *message;
    } cases[] = {
        {"sl_mult", "1.5", "sl_mult is 1.0 in the model and 1.5 here"},
        {"tp_mult", "3", "tp_mult is 2.0 in the model and 3.0 here"},
        {"time_stop_bars", "6", "time_stop_bars is 12 in the model and 6 here"},
        {"reversion_k", "2.5", "reversion_k is 2.0 in the model and 2.5 here"},
        {"square_off", "15:15", "square_off is null in the model and \"15:15\" here"},
        {"product", "intraday", "square_off is null in the model and \"15:15\" here"},
        {"entry", "signal_close", "entry is \"next_open\" in the model and \"signal_close\" here"},
        {"label_from", "bar_after_entry", "label_from is \"entry_bar\" in the model"},
        {"stop_fill", "level", "stop_fill is \"market\" in the model and \"level\" here"},
        {"swing", "centered", "swing is \"confirmed\" in the model and \"centered\" here"},
        {"swing_period", "7", "swing_period is 5 in the model and 7 here"},
        {"vwap_fallback", "dataset", "vwap_fallback is \"session\" in the model"},
        {"resample_anchor", "midnight_15", "resample_anchor is \"open\" in the model"},
    };
    px_dataset data = {0};
    kit_load(trained, &data);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_config config = trained->config;
        kit_ok(px_config_set(&config, cases[i].key, cases[i].value, &kit_err));
        refuse(&data, &config, PX_EMISMATCH, cases[i].message);
    }
    px_config config = trained->config; /* what a model does not depend on */
    config.long_threshold = 0.6;
    config.cooldown_bars = 9;
    config.fees = PX_FEES_NONE;
    config.product = PX_PRODUCT_DELIVERY;
    config.square_off = PX_NO_TIME; /* what it is anyway */
    px_model *model = open_model(NULL, &data, &config, PX_OK, "");
    px_model_close(&model);
    px_dataset_free(&data);
}

static void other_bars_are_refused(void **state) {
    (void)state;
    px_dataset data = {0};
    kit_load(trained, &data);
    data.timeframe_minutes = 30;
    open_model("KIT_5m", &data, &trained->config, PX_EMISMATCH, "timeframe is 5m in the model and 30m here");
    data.timeframe_minutes = 5;
    snprintf(data.instrument.exchange, sizeof data.instrument.exchange, "XNYS");
    refuse(&data, &trained->config, PX_EMISMATCH, "exchange is NSE in the model and XNYS here");
    px_dataset_free(&data);
}

static void another_instrument_is_refused_by_rule_and_warned_when_asked_for(void **state) {
    (void)state;
    px_dataset data = {0};
    char key[PX_NAME_SIZE];
    kit_load(trained, &data);
    pxi_copy(key, sizeof key, data.instrument.key);
    snprintf(data.instrument.key, sizeof data.instrument.key, "OTHER|KEY");
    refuse(&data, &trained->config, PX_EMISMATCH, "OTHER|KEY here"); /* the symbol happens to be the same */
    px_model *model = open_model("KIT_5m", &data, &trained->config, PX_OK, "");
    assert_non_null(strstr(model->warning, "OTHER|KEY"));
    assert_non_null(strstr(model->warning, key));
    px_model_close(&model);
    px_dataset_free(&data);
}

/* ---- choice ------------------------------------------------------------------------------------------- */

static void copy_model(const char *name) {
    for (int i = 0; i < 2; i++) {
        char file[64];
        size_t length;
        char *bytes = kit_read(kit_path(trained, parts[i]), &length);
        snprintf(file, sizeof file, "%s%s", name, i ? ".card.json" : ".ubj");
        kit_write(kit_path(trained, file), bytes, length);
        free(bytes);
    }
}

static void choice_follows_the_rule(void **state) {
    (void)state;
    px_dataset data = {0};
    px_config config = trained->config;
    kit_load(trained, &data);
    copy_model("asked");
    copy_model("configured");
    pxi_copy(config.model_path, sizeof config.model_path, "configured");

    px_model *model = open_model("asked", &data, &config, PX_OK, "");
    assert_string_equal(model->name, "asked");
    px_model_close(&model);
    model = open_model(NULL, &data, &config, PX_OK, "");
    assert_string_equal(model->name, "KIT_5m");
    px_model_close(&model);
    pxi_copy(data.instrument.symbol, sizeof data.instrument.symbol, "KITE"); /* has no model of its own */
    model = open_model(NULL, &data, &config, PX_OK, "");
    assert_string_equal(model->name, "configured");
    px_model_close(&model);
    config.model_path[0] = '\0';
    refuse(&data, &config, PX_ENOTFOUND, "there is no model \"KITE_5m\"");
    open_model("askd", &data, &config, PX_ENOTFOUND, "did you mean \"asked\"");

    char path[256];
    pxi_copy(path, sizeof path, kit_path(trained, "asked.ubj"));
    model = NULL;
    kit_ok(px_model_open(NULL, path, &data, &config, &model, &kit_err)); /* needs no home */
    assert_string_equal(model->name, "asked");
    px_model_close(&model);
    open_model("nowhere/x.ubj", &data, &config, PX_ENOTFOUND, "nowhere/x.ubj");
    open_model("models/meta.pkl", &data, &config, PX_EINPUT, "neither a name nor the path");
    kit_ok(px_model_delete(trained->home, "asked", &kit_err));
    kit_ok(px_model_delete(trained->home, "configured", &kit_err));
    px_dataset_free(&data);
}

/* The card says which learner's file is the model, whatever else lies beside it. */
static void a_model_file_is_read_by_its_card(void **state) {
    (void)state;
    px_dataset data = {0};
    char path[256];
    kit_load(trained, &data);
    trained->request.learner = "logistic";
    trained->request.model_out = "log";
    json_decref(kit_train(trained));
    trained->request.learner = trained->request.model_out = NULL;
    kit_write(kit_path(trained, "log.ubj"), "x", 1);
    px_model *model = open_model("log", &data, &trained->config, PX_OK, "");
    assert_string_equal(px_learner_name(px_predictor_learner(model->predictor)), "logistic");
    px_model_close(&model);
    pxi_copy(path, sizeof path, kit_path(trained, "log.model.json"));
    model = open_model(path, &data, &trained->config, PX_OK, "");
    px_model_close(&model);
    pxi_copy(path, sizeof path, kit_path(trained, "log.ubj"));
    open_model(path, &data, &trained->config, PX_EMISMATCH, "is of a .model.json file, not of .ubj");
    pxi_copy(path, sizeof path, kit_path(trained, "KIT_5m.model.json"));
    open_model(path, &data, &trained->config, PX_EMISMATCH, "is of a .ubj file");

    size_t length;
    char *bytes = kit_read(kit_path(trained, "log.model.json"), &length);
    bytes[length / 2] ^= 1;
    kit_write(kit_path(trained, "log.model.json"), bytes, length);
    free(bytes);
    open_model("log", &data, &trained->config, PX_ECORRUPT, "does not match its card");
    kit_ok(px_model_delete(trained->home, "log", &kit_err));
    assert_false(pxi_path_exists(kit_path(trained, "log.ubj")));
    assert_false(pxi_path_exists(kit_path(trained, "log.model.json")));
    px_dataset_free(&data);
}

/* ---- damage ------------------------------------------------------------------------------------------- */

static void damaged_model_is_refused(void **state) {
    (void)state;
    px_dataset data = {0};
    pxi_rng rng;
    kit_load(trained, &data);
    pxi_rng_seed(&rng, 1);
    for (int i = 0; i < 40; i++) {
        char *bytes = malloc(original.length[0]);
        memcpy(bytes, original.bytes[0], original.length[0]);
        size_t at = i == 0 ? 0 : i == 1 ? original.length[0] - 1 : pxi_rng_below(&rng, original.length[0]);
        bytes[at] ^= (char)(1 << pxi_rng_below(&rng, 8));
        kit_write(kit_path(trained, parts[0]), bytes, original.length[0]);
        refuse(&data, &trained->config, PX_ECORRUPT, "does not match its card");
        free(bytes);
    }
    const size_t lengths[] = {0, 1, 1000, original.length[0] - 1};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        kit_write(kit_path(trained, parts[0]), original.bytes[0], lengths[i]);
        refuse(&data, &trained->config, PX_ECORRUPT, "does not match its card");
    }
    remove(kit_path(trained, parts[0]));
    refuse(&data, &trained->config, PX_ECORRUPT, "the model has no model file");
    px_dataset_free(&data);
}

static void damaged_card_is_refused(void **state) {
    (void)state;
    px_dataset data = {0};
    pxi_rng rng;
    kit_load(trained, &data);
    pxi_rng_seed(&rng, 2);
    for (int i = 0; i < rounds(200);
         i++) { /* may also stop being JSON, or a card, or claim a newer version */
        char *bytes = malloc(original.length[1]);
        memcpy(bytes, original.bytes[1], original.length[1]);
        bytes[pxi_rng_below(&rng, original.length[1] - 1)] ^= (char)(1 << pxi_rng_below(&rng, 7));
        kit_write(kit_path(trained, parts[1]), bytes, original.length[1]);
        px_model *model = NULL;
        px_status status = px_model_open(trained->home, NULL, &data, &trained->config, &model, NULL);
        if (status == PX_OK) { /* white space means nothing */
            char *text = model->card_json;
            json_t *a = json_loads(text, 0, NULL), *b = json_loads(original.bytes[1], 0, NULL);
            assert_true(json_equal(a, b));
            json_decref(a);
            json_decref(b);
            px_model_close(&model);
        } else {
            assert_true(status == PX_ECORRUPT || status == PX_EMISMATCH);
        }
        free(bytes);
    }
    kit_write(kit_path(trained, parts[1]), original.bytes[1], original.length[1] / 2);
    refuse(&data, &trained->config, PX_ECORRUPT, "the model card is damaged");
    kit_write(kit_path(trained, parts[1]), "{\"a\": 1}\n", 9);
    refuse(&data, &trained->config, PX_ECORRUPT, "is no model card");
    remove(kit_path(trained, parts[1]));
    refuse(&data, &trained->config, PX_ECORRUPT, "the model has no card");
    px_dataset_free(&data);
}

/* The card with one member changed; resealed as a program would, or left as an editor would. */
static void write_edited_card(const char *key, json_t *value, bool reseal) {
    char *text = NULL;
    json_t *card = json_loads(original.bytes[1], 0, NULL);
    json_object_set_new(card, key, value);
    if (reseal) {
        json_object_del(card, "card_sha256");
        kit_ok(pxi_card_seal(card, &text, &kit_err));
    } else {
        kit_ok(pxi_json_dump(card, &text, &kit_err));
        json_decref(card);
    }
    kit_write(kit_path(trained, parts[1]), text, strlen(text));
    free(text);
}

static void edited_and_newer_cards_are_refused(void **state) {
    (void)state;
    px_dataset data = {0};
    kit_load(trained, &data);
    write_edited_card("timeframe", json_string("30m"), false);
    refuse(&data, &trained->config, PX_ECORRUPT, "was edited");
    write_edited_card("format_version", json_integer(5), true);
    refuse(&data, &trained->config, PX_EMISMATCH, "format version 5, this program reads up to 4");
    write_edited_card("learner", json_pack("{s:s}", "name", "oracle"), true);
    refuse(&data, &trained->config, PX_EMISMATCH, "of learner \"oracle\", which this program does not know");
    write_edited_card("feature_definition", json_string("0123"), true);
    refuse(&data, &trained->config, PX_EMISMATCH, "the feature definition is 0123 in the model and ");
    write_edited_card("inputs", json_pack("[{s:s}]", "name", "adx"), true);
    refuse(&data, &trained->config, PX_EMISMATCH, "the model has 7 inputs, not the 1 that it should have");
    write_edited_card("training_window", json_object(), true);
    refuse(&data, &trained->config, PX_ECORRUPT, "no training window");
    px_dataset_free(&data);
}

/* ---- check rows --------------------------------------------------------------------------------------- */

/* The original's check rows with one member of one row replaced. */
static json_t *edited_rows(size_t row, const char *key, json_t *value) {
    json_t *card = json_loads(original.bytes[1], 0, NULL),
           *rows = json_incref(json_object_get(card, "check"));
    assert_int_equal(json_array_size(rows), 10);
    assert_int_equal(json_object_set_new(json_array_get(rows, row), key, value), 0);
    json_decref(card);
    return rows;
}

/* Of a forest the last bit counts; the message has both probabilities. */
static void a_model_that_answers_otherwise_is_refused(void **state) {
    (void)state;
    px_dataset data = {0};
    kit_load(trained, &data);
    json_t *card = json_loads(original.bytes[1], 0, NULL), *rows = json_object_get(card, "check");
    const double p = json_number_value(json_object_get(json_array_get(rows, 9), "probability"));
    write_edited_card("check", edited_rows(9, "probability", json_real(nextafter(p, 1))), true);
    refuse(&data, &trained->config, PX_EMISMATCH, "does not answer as when it was made");
    write_edited_card("check", edited_rows(0, "probability", json_string("0.5")), true);
    refuse(&data, &trained->config, PX_ECORRUPT, "row 0 of \"check\"");
    write_edited_card("check", edited_rows(3, "inputs", json_pack("[i]", 1)), true);
    refuse(&data, &trained->config, PX_ECORRUPT, "row 3 of \"check\"");
    json_array_remove(rows, 0);
    write_edited_card("check", json_incref(rows), true);
    refuse(&data, &trained->config, PX_ECORRUPT, "has no 10 rows to check it by");
    write_edited_card("format_version", json_integer(2), true); /* of before: has none */
    px_model *model = open_model(NULL, &data, &trained->config, PX_OK, "");
    px_model_close(&model);
    json_decref(card);
    px_dataset_free(&data);
}

/* ---- list --------------------------------------------------------------------------------------------- */

static const char *cell(const px_table *table, const char *column, size_t row) {
    return px_table_text(table, px_table_find(table, column), row);
}

static void list_tells_what_is_whole(void **state) {
    (void)state;
    px_table table = {0};
    copy_model("another");
    kit_write(kit_path(trained, "another.ubj"), "x", 1);
    kit_write(kit_path(trained, "orphan.ubj"), "x", 1);
    kit_write(kit_path(trained, "notes.txt"), "x", 1);
    kit_ok(px_models_list(trained->home, &table, &kit_err));
    assert_int_equal(table.n_rows, 3);
    assert_string_equal(cell(&table, "name", 0), "KIT_5m");
    assert_string_equal(cell(&table, "status", 0), "ok");
    assert_string_equal(cell(&table, "learner", 0), "rf");
    assert_string_equal(cell(&table, "symbol", 0), "KIT");
    assert_string_equal(cell(&table, "timeframe", 0), "5m");
    assert_string_equal(cell(&table, "profile", 0), "honest");
    assert_int_equal(table.columns[px_table_find(&table, "train_start")].u.i64[0], 1577850300000000);
    assert_int_equal(strlen(cell(&table, "model_sha256", 0)), 64);
    assert_true(table.columns[px_table_find(&table, "events")].u.i64[0] > 200);
    double auc = table.columns[px_table_find(&table, "auc")].u.f64[0];
    assert_true(auc > 0.2 && auc < 0.9);
    assert_string_equal(cell(&table, "name", 1), "another");
    assert_non_null(strstr(cell(&table, "status", 1), "does not match its card"));
    assert_null(cell(&table, "symbol", 1));
    assert_non_null(strstr(cell(&table, "status", 2), "has no card"));
    px_table_free(&table);

    kit_ok(px_model_delete(trained->home, "another", &kit_err));
    kit_ok(px_model_delete(trained->home, "orphan", &kit_err));
    px_error err;
    assert_int_equal(px_model_delete(trained->home, "orphan", &err), PX_ENOTFOUND);
    assert_int_equal(px_model_delete(trained->home, "../models/KIT_5m", &err), PX_EINPUT);
    kit_ok(px_models_list(trained->home, &table, &kit_err));
    assert_int_equal(table.n_rows, 1);
    px_table_free(&table);
}

static void card_tells_what_was_done(void **state) {
    (void)state;
    char *text = NULL;
    px_dataset data = {0};
    kit_load(trained, &data);
    kit_ok(px_model_card(trained->home, "KIT_5m", &text, &kit_err));
    json_t *card = json_loads(text, 0, NULL);
    assert_string_equal(pxi_card_text(card, "data/fingerprint"), data.fingerprint);
    const json_t *instrument = json_array_get(json_object_get(card, "instruments"), 0);
    assert_string_equal(pxi_card_text(instrument, "key"), data.instrument.key);
    assert_string_equal(pxi_card_text(card, "versions/pixity"), PX_VERSION);
    assert_string_equal(pxi_card_text(card, "training_window/first_bar"), "2020-01-01T09:15:00+05:30");
    assert_int_equal(json_integer_value(pxi_card_get(card, "learner/seed")), 42);
    assert_int_equal(json_integer_value(pxi_card_get(card, "learner/trees")), 100);
    assert_int_equal(json_integer_value(pxi_card_get(card, "rules/time_stop_bars")), 12);
    assert_true(json_is_number(pxi_card_get(card, "out_of_fold/brier")));
    json_decref(card);
    free(text);
    px_dataset_free(&data);
}

/* ---- saves that fail ---------------------------------------------------------------------------------- */

/* A card that vouches for these bytes. */
static char *make_card(const char *bytes, size_t length) {
    char sha[65], *text = NULL;
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, bytes, length);
    pxi_hash_hex(&hash, sha);
    json_t *card = json_pack("{s:s, s:i, s:{s:s}, s:{s:s}}", "format", "pixity model card", "format_version",
                             PXI_CARD_VERSION, "learner", "name", "rf", "model_file", "sha256", sha);
    kit_ok(pxi_card_seal(card, &text, &kit_err));
    return text;
}

static px_status save(const char *name, const char *bytes, size_t length, px_error *err) {
    char *card = make_card(bytes, length);
    const pxi_model_content files[PXI_N_MODEL_FILES] = {
        [PXI_EVENTS_FILE] = {"events", 6},
        [PXI_CONFIG_FILE] = {"config", 6},
        [PXI_MODEL_FILE] = {bytes, length},
        [PXI_CARD_FILE] = {card, strlen(card)},
    };
    px_status status = pxi_model_save(trained->home, name, &pxi_rf, files, err);
    free(card);
    return status;
}

/* Saves changing contents over and over until it is killed. */
static void save_forever(uint64_t round) {
    char bytes[20000];
    for (unsigned char turn = (unsigned char)round;; turn++) {
        memset(bytes, turn, sizeof bytes);
        if (save("victim", bytes, sizeof bytes - turn, NULL))
            _exit(1);
    }
}

/* How long one save takes here and now, nanoseconds. */
static int64_t time_of_a_save(void) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    kit_ok(save("timed", "x", 1, &kit_err));
    clock_gettime(CLOCK_MONOTONIC, &end);
    kit_ok(px_model_delete(trained->home, "timed", &kit_err));
    return (end.tv_sec - begin.tv_sec) * INT64_C(1000000000) + (end.tv_nsec - begin.tv_nsec);
}

static void killed_saves_leave_nothing_that_loads_wrongly(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 3);
    int n_whole = 0;
    const uint64_t longest = 4 * (uint64_t)time_of_a_save();
    for (uint64_t round = 0; round < 60; round++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            save_forever(round);
        uint64_t pause = pxi_rng_below(&rng, longest);
        nanosleep(&(struct timespec){(time_t)(pause / 1000000000), (long)(pause % 1000000000)}, NULL);
        kill(child, SIGKILL);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how));

        pxi_stored_model model = {0};
        px_status status = pxi_model_load(trained->home, "victim", &model, NULL);
        assert_true(status == PX_OK || status == PX_ECORRUPT || status == PX_ENOTFOUND);
        for (size_t i = 1; i < model.length; i++) /* one save's bytes and length, not two saves' mixed */
            assert_int_equal(model.bytes[i], model.bytes[0]);
        if (status == PX_OK)
            assert_int_equal(model.length, 20000 - (size_t)(unsigned char)model.bytes[0]);
        n_whole += status == PX_OK;
        pxi_stored_model_free(&model);
    }
    assert_true(n_whole > 0);
    kit_ok(save("victim", "after", 5, &kit_err)); /* the next one works and clears up */
    assert_false(pxi_path_exists(kit_path(trained, ".saving")));
    kit_ok(px_model_delete(trained->home, "victim", &kit_err));
}

/* A file that may not grow stands for a full disk. */
static void full_disk_keeps_the_old_model(void **state) {
    (void)state;
    px_error err;
    struct rlimit before, small;
    pxi_stored_model model = {0};
    static char big[100000];
    kit_ok(save("full", "old", 3, &kit_err));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 50000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    px_status status = save("full", big, sizeof big, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, PX_EIO);
    assert_non_null(strstr(err.message, "full.ubj"));
    assert_false(pxi_path_exists(kit_path(trained, ".saving")));
    kit_ok(pxi_model_load(trained->home, "full", &model, &kit_err));
    assert_int_equal(model.length, 3);
    pxi_stored_model_free(&model);
    kit_ok(px_model_delete(trained->home, "full", &kit_err));
}

int main(void) {
#define WITH_ORIGINAL(test) cmocka_unit_test_setup_teardown(test, keep_original, restore_original)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differing_rules_are_named_with_both_values),
        cmocka_unit_test(other_bars_are_refused),
        cmocka_unit_test(another_instrument_is_refused_by_rule_and_warned_when_asked_for),
        cmocka_unit_test(choice_follows_the_rule),
        cmocka_unit_test(a_model_file_is_read_by_its_card),
        WITH_ORIGINAL(damaged_model_is_refused),
        WITH_ORIGINAL(damaged_card_is_refused),
        WITH_ORIGINAL(edited_and_newer_cards_are_refused),
        WITH_ORIGINAL(a_model_that_answers_otherwise_is_refused),
        cmocka_unit_test(list_tells_what_is_whole),
        cmocka_unit_test(card_tells_what_was_done),
        cmocka_unit_test(killed_saves_leave_nothing_that_loads_wrongly),
        cmocka_unit_test(full_disk_keeps_the_old_model),
    };
    return cmocka_run_group_tests_name("models", tests, train_once, close_trained);
}
