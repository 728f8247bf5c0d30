// SPDX-License-Identifier: Apache-2.0
/* Which model a run uses, and the list of models. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/card.h"
#include "models/check.h"
#include "models/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- choice ------------------------------------------------------------------------------------------- */

/* SPEC section 6: asked for > the symbol's own > the config's. */
static px_status choose(px_home *home, const char *name, const px_dataset *data, const px_config *config,
                        char own[PX_NAME_SIZE], const char **out, px_error *err) {
    px_status status = name ? PX_OK : pxi_model_own_name(data, own, err);
    if (status)
        return status;
    if (name)
        *out = name;
    else if (home && pxi_model_exists(home, own))
        *out = own;
    else if (*config->model_path)
        *out = config->model_path;
    else
        return pxi_fail(err, PX_ENOTFOUND,
                        "no meta-model for %s: there is no model \"%s\"%s%s and the configuration has no "
                        "model_path. Train one, name one, or set skip_meta_model",
                        data->instrument.symbol, own, home ? " in " : "", home ? px_home_path(home) : "");
    return PX_OK;
}

static px_status check_instrument(const pxi_stored_model *stored, const px_dataset *data, bool own,
                                  px_model *model, px_error *err) {
    char *trained = NULL;
    if (pxi_card_find_instrument(stored->card, data->instrument.key))
        return PX_OK;
    px_status status = pxi_card_name_instruments(stored->card, "key", &trained, err);
    if (!status && own)
        status =
            pxi_fail(err, PX_EMISMATCH,
                     "model %s does not fit: the instrument is %s in the model and %s here. Name the model "
                     "to use it all the same, or train another one",
                     stored->name, trained, data->instrument.key);
    else if (!status)
        snprintf(model->warning, sizeof model->warning, "model %s was trained on %s, the data are %s",
                 stored->name, trained, data->instrument.key);
    free(trained);
    return status;
}

/* null: the model was made elsewhere, and when is not known. */
static bool take_window(px_model *model, const json_t *window) {
    const json_t *begin = pxi_card_get(window, "begin_us"), *end = pxi_card_get(window, "end_us");
    model->train_begin_us = json_integer_value(begin);
    model->train_end_us = json_integer_value(end);
    return json_is_null(window) || (json_is_integer(begin) && json_is_integer(end));
}

/* Findings of its training that were gone over. Cards of before have none. */
static void take_accepted(px_model *model, const json_t *findings) {
    size_t used = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *code = pxi_card_text(finding, "code");
        if (json_is_true(pxi_card_get(finding, "accepted")) && !strstr(model->trained_over, code) &&
            used < sizeof model->trained_over)
            used += (size_t)snprintf(model->trained_over + used, sizeof model->trained_over - used, "%s%s",
                                     used ? ", " : "", code);
    }
}

/* Of several instruments each has its own window; for bars of none of them that of all counts. */
static px_status take_card(px_model *model, pxi_stored_model *stored, const px_dataset *data, px_error *err) {
    const json_t *instrument = pxi_card_find_instrument(stored->card, data->instrument.key);
    const json_t *own = pxi_card_get(instrument, "training_window");
    if (!take_window(model, pxi_card_get(stored->card, "training_window")) ||
        (own && !take_window(model, own)))
        return pxi_fail(err, PX_ECORRUPT, "the card of model %s has no training window", stored->name);
    pxi_copy(model->name, sizeof model->name, stored->name);
    pxi_copy(model->hash, sizeof model->hash, pxi_card_model_hash(stored->card));
    take_accepted(model, pxi_card_get(stored->card, "findings"));
    model->card_json = stored->card_text;
    stored->card_text = NULL;
    return PX_OK;
}

/* Cards of before have no rows to check by: their files are read as the library read them that wrote them. */
static px_status open_predictor(const pxi_stored_model *stored, const px_config *config, px_model *model,
                                px_error *err) {
    pxi_card_terms terms;
    px_status status = pxi_card_terms_read(stored->card, stored->name, config, &terms, err);
    if (status)
        return status;
    const pxi_model_bytes file = {stored->bytes, stored->length, terms.n_inputs, terms.input_of};
    model->event_types = terms.event_types;
    status = stored->learner->deserialize(stored->learner, &file, &model->predictor, err);
    if (!status && pxi_card_version(stored->card) >= PXI_CARD_WITH_CHECK)
        status = pxi_check_rows(stored->card, &terms, stored->name, model->predictor, err);
    return status;
}

px_status px_model_open(px_home *home, const char *name, const px_dataset *dataset, const px_config *config,
                        px_model **out, px_error *err) {
    char own[PX_NAME_SIZE];
    const char *chosen = NULL;
    pxi_stored_model stored = {0};
    px_model *model = pxi_new_array(1, sizeof *model);
    px_status status = model ? PX_OK : pxi_fail_memory(err);
    if (status || (status = choose(home, name, dataset, config, own, &chosen, err)) ||
        (status = pxi_model_load(home, chosen, &stored, err)) ||
        (status = check_instrument(&stored, dataset, chosen == own, model, err)) ||
        (status = pxi_card_check(stored.card, stored.name, dataset, config, err)) ||
        (status = open_predictor(&stored, config, model, err)) ||
        (status = take_card(model, &stored, dataset, err)))
        px_model_close(&model);
    else
        *out = model;
    pxi_stored_model_free(&stored);
    return status;
}

void px_model_close(px_model **model) {
    if (!model || !*model)
        return;
    px_predictor_free(&(*model)->predictor);
    free((*model)->card_json);
    free(*model);
    *model = NULL;
}

px_status px_model_predict(const px_model *model, const px_event_list *events, double *p, px_error *err) {
    if (events->n > SIZE_MAX / PX_N_INPUTS)
        return pxi_fail_memory(err);
    double *x = pxi_new_array(events->n * PX_N_INPUTS, sizeof *x);
    if (!x)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < events->n; i++)
        memcpy(&x[i * PX_N_INPUTS], events->items[i].inputs, PX_N_INPUTS * sizeof *x);
    px_status status = px_predictor_predict_events(model->predictor, x, events->n, p, err);
    for (size_t i = 0; i < events->n && !status; i++)
        if (!(model->event_types >> events->items[i].type & 1))
            p[i] = NAN;
    free(x);
    return status;
}

/* ---- list, card, delete ------------------------------------------------------------------------------- */

enum {
    NAME,
    LEARNER,
    SYMBOL,
    TIMEFRAME,
    PROFILE,
    TRAIN_START,
    TRAIN_END,
    EVENTS,
    AUC,
    SHA256,
    STATUS,
    N_COLUMNS
};

static const px_column_def columns[N_COLUMNS] = {
    [NAME] = {"name", PX_COLUMN_TEXT},
    [LEARNER] = {"learner", PX_COLUMN_TEXT},
    [SYMBOL] = {"symbol", PX_COLUMN_TEXT},
    [TIMEFRAME] = {"timeframe", PX_COLUMN_TEXT},
    [PROFILE] = {"profile", PX_COLUMN_TEXT},
    [TRAIN_START] = {"train_start", PX_COLUMN_TIME},
    [TRAIN_END] = {"train_end", PX_COLUMN_TIME},
    [EVENTS] = {"events", PX_COLUMN_I64},
    [AUC] = {"auc", PX_COLUMN_F64},
    [SHA256] = {"model_sha256", PX_COLUMN_TEXT},
    [STATUS] = {"status", PX_COLUMN_TEXT},
};

/* A card without a readable time leaves the cell empty. */
static void put_time(px_table *table, size_t column, const char *text) {
    int64_t ts_us;
    if (text && px_time_parse(text, strlen(text), NULL, &ts_us, NULL) == PX_OK)
        px_table_set_i64(table, column, ts_us);
}

static px_status put_card(px_table *table, const json_t *card, px_error *err) {
    static const struct {
        size_t column;
        const char *path;
    } texts[] = {
        {LEARNER, "learner/name"},
        {TIMEFRAME, "timeframe"},
        {PROFILE, "profile"},
        {SHA256, "model_file/sha256"},
    };
    char *symbols = NULL;
    px_status status = pxi_card_name_instruments(card, "symbol", &symbols, err);
    if (!status)
        status = px_table_set_text(table, SYMBOL, symbols, err);
    free(symbols);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !status; i++)
        status = px_table_set_text(table, texts[i].column, pxi_card_text(card, texts[i].path), err);
    put_time(table, TRAIN_START, pxi_card_text(card, "training_window/first_bar"));
    put_time(table, TRAIN_END, pxi_card_text(card, "training_window/last_bar"));
    const json_t *events = pxi_card_get(card, "events/used"), *auc = pxi_card_get(card, "out_of_fold/auc");
    if (json_is_integer(events))
        px_table_set_i64(table, EVENTS, json_integer_value(events));
    if (json_is_number(auc))
        px_table_set_f64(table, AUC, json_number_value(auc));
    return status;
}

static px_status put_model(px_table *table, px_home *home, const char *name, px_error *err) {
    pxi_stored_model stored = {0};
    px_error reason;
    px_status status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, NAME, name, err);
    if (status)
        return status;
    if (pxi_model_load(home, name, &stored, &reason)) {
        status = px_table_set_text(table, STATUS, reason.message, err);
    } else {
        status = put_card(table, stored.card, err);
        if (!status)
            status = px_table_set_text(table, STATUS, "ok", err);
    }
    pxi_stored_model_free(&stored);
    return status;
}

px_status px_models_list(px_home *home, px_table *out, px_error *err) {
    pxi_model_names names = {0};
    px_table table = {0};
    px_status status = pxi_model_names_read(home, &names, err);
    if (!status)
        status = px_table_init(&table, columns, N_COLUMNS, err);
    for (size_t i = 0; i < names.n && !status; i++)
        status = put_model(&table, home, names.items[i], err);
    pxi_model_names_free(&names);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

px_status px_model_card(px_home *home, const char *name, char **json, px_error *err) {
    pxi_stored_model stored = {0};
    px_status status = pxi_model_load(home, name, &stored, err);
    if (!status) {
        *json = stored.card_text;
        stored.card_text = NULL;
    }
    pxi_stored_model_free(&stored);
    return status;
}

px_status px_model_delete(px_home *home, const char *name, px_error *err) {
    return pxi_model_remove(home, name, err);
}
