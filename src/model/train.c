// SPDX-License-Identifier: Apache-2.0
/* The training story, from request to files: px_train reads from top to bottom. */
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "model/folder.h"
#include "model/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct progress {
    px_progress_fn call;
    void *user;
} progress;

static void report_phase(const progress *p, const char *phase) {
    if (p->call)
        p->call(p->user, phase, 0, 0);
}

/* Card and report are JSON: what is written there must be text. */
static px_status check_text(const char *what, const char *text, px_error *err) {
    json_t *value = json_string(text);
    json_decref(value);
    return value ? PX_OK : pxi_fail(err, PX_EINPUT, "%s is not UTF-8 text: give it another name", what);
}

static px_status load_bars(px_home *home, const px_train_request *request, pxi_training *t, px_error *err) {
    px_data_request data = request->data;
    data.detail = t->config->detail;
    px_status status = px_dataset_load(home, &data, t->config->resample_anchor,
                                       px_config_warmup_research(t->config), &t->data, err);
    if (status)
        return status;
    if ((status = check_text("the path of the bars", t->data.source, err)) ||
        (status = check_text("the symbol", t->data.instrument.symbol, err)) ||
        (request->model_out && (status = check_text("the model's name", request->model_out, err))))
        return status;
    if (t->data.end < PX_EVENT_MIN_BAR)
        return pxi_fail(err, PX_EINPUT,
                        "%s has %zu bars up to the end of the window; training needs at least %d: widen the "
                        "window or take a shorter timeframe",
                        t->data.source, t->data.end, PX_EVENT_MIN_BAR);
    if (request->model_out)
        return pxi_copy(t->name, sizeof t->name, request->model_out)
                   ? PX_OK
                   : pxi_fail(err, PX_EINPUT, "the model's name is longer than %d bytes", PX_NAME_SIZE - 1);
    return pxi_model_own_name(&t->data, t->name, err);
}

static px_status label_events(pxi_training *t, px_error *err) {
    const px_dataset *d = &t->data;
    px_status status;
    if ((status = px_features_compute(&d->bars, d->calendar, t->config, &t->frame, err)) ||
        (status = px_events_find(&d->bars, &t->frame, d->calendar, t->config, d->timeframe_minutes, d->begin,
                                 d->end, &t->events, err)) ||
        (status = px_labels_compute(d, &t->events, t->config, &t->labels, err)))
        return status;
    return pxi_rows_build(&t->events, &t->labels, &t->rows, err);
}

/* A model can be learnt from enough events that ended in both ways. */
static px_status check_rows(const pxi_training *t, px_error *err) {
    size_t targets = 0;
    for (size_t i = 0; i < t->rows.n; i++)
        targets += t->rows.y[i];
    if (t->rows.n < PX_TRAIN_MIN_EVENTS)
        return pxi_fail(
            err, PX_EINPUT,
            "%s gives %zu events with a whole horizon (of %zu events), training needs at least %d: "
            "widen the window or take a shorter timeframe",
            t->data.source, t->rows.n, t->events.n, PX_TRAIN_MIN_EVENTS);
    if (targets == 0 || targets == t->rows.n)
        return pxi_fail(
            err, PX_EINPUT,
            "%s of the %zu events of %s reached the target: a model needs both classes; widen the "
            "window or change tp_mult and time_stop_bars",
            targets ? "all" : "none", t->rows.n, t->data.source);
    return PX_OK;
}

/* Folds only evaluate; `best_fold` keeps the model of one of them, where one is good enough to be told. */
static px_status fit(pxi_training *t, const progress *p, px_error *err) {
    const pxi_rows *rows = &t->rows;
    bool purge = t->config->profile != PX_PROFILE_REFERENCE;
    px_status status = pxi_evaluate(rows, purge ? t->config->time_stop_bars : -1, &t->learner, p->call,
                                    p->user, &t->evaluation, err);
    if (status)
        return status;
    report_phase(p, "fit");
    t->fold = t->config->model_selection == PX_MODEL_BEST_FOLD ? pxi_evaluation_best(&t->evaluation) : -1;
    if (t->fold >= 0) {
        t->predictor = t->evaluation.folds[t->fold].predictor;
        t->evaluation.folds[t->fold].predictor = NULL;
    } else {
        status = px_predictor_train(rows->x, rows->y, rows->n, &t->learner, &t->predictor, err);
    }
    return status ? status : px_predictor_importance(t->predictor, t->importance, err);
}

static px_status serialize(pxi_training *t, px_error *err) {
    px_status status = px_predictor_serialize(t->predictor, &t->bytes, &t->length, err);
    if (status)
        return status;
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, t->bytes, t->length);
    pxi_hash_hex(&hash, t->hash);
    return PX_OK;
}

/* The settings, ready for a backtest of what was trained. */
static px_status config_json(const pxi_training *t, char **out, px_error *err) {
    px_config config = *t->config;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    pxi_copy(config.strategy_id, sizeof config.strategy_id, "pixityAI_meta");
    pxi_copy(config.symbol, sizeof config.symbol, t->data.instrument.symbol);
    pxi_copy(config.timeframe, sizeof config.timeframe,
             px_timeframe_format(t->data.timeframe_minutes, timeframe));
    pxi_copy(config.model_path, sizeof config.model_path, t->name);
    config.bar_minutes = t->data.timeframe_minutes;
    return px_config_to_json(&config, out, err);
}

static px_status save(px_home *home, const pxi_training *t, px_error *err) {
    px_table table = {0};
    char *csv = NULL, *config = NULL, *card = NULL;
    size_t csv_length = 0;
    px_status status;
    if ((status = pxi_training_table(t, &table, err)) ||
        (status = px_table_render(&table, PX_TABLE_CSV, px_calendar_zone(t->data.calendar), &csv, &csv_length,
                                  err)) ||
        (status = config_json(t, &config, err)) || (status = pxi_training_card(t, &card, err)))
        goto done;
    const pxi_model_content files[PXI_N_MODEL_FILES] = {
        [PXI_EVENTS_FILE] = {csv, csv_length},
        [PXI_CONFIG_FILE] = {config, strlen(config)},
        [PXI_MODEL_FILE] = {t->bytes, t->length},
        [PXI_CARD_FILE] = {card, strlen(card)},
    };
    status = pxi_model_save(home, t->name, files, err);
done:
    px_table_free(&table);
    free(csv);
    free(config);
    free(card);
    return status;
}

static void training_free(pxi_training *t) {
    px_predictor_free(&t->predictor);
    pxi_evaluation_free(&t->evaluation);
    pxi_rows_free(&t->rows);
    px_label_list_free(&t->labels);
    px_event_list_free(&t->events);
    px_feature_frame_free(&t->frame);
    px_dataset_free(&t->data);
    free(t->bytes);
}

px_status px_train(px_home *home, const px_train_request *request, const px_config *config,
                   px_progress_fn progress_fn, void *user, char **report_json, px_error *err) {
    const progress p = {progress_fn, user};
    char *report = NULL;
    const px_learner *learner = NULL;
    px_status status = px_learner_find(request->learner, &learner, err);
    if (!status && request->model_out)
        status = pxi_model_name_check(request->model_out, err);
    if (status)
        return status;
    pxi_training t = {.config = config, .learner = px_learner_config_default(learner)};

    report_phase(&p, "load");
    if ((status = load_bars(home, request, &t, err)))
        goto done;
    report_phase(&p, "labels");
    if ((status = label_events(&t, err)) || (status = check_rows(&t, err)))
        goto done;
    if ((status = fit(&t, &p, err)) || (status = serialize(&t, err)) ||
        (status = pxi_training_report(&t, &report, err)))
        goto done;
    report_phase(&p, "save");
    if ((status = save(home, &t, err)))
        goto done;
    *report_json = report;
    report = NULL;
done:
    free(report);
    training_free(&t);
    return status;
}
