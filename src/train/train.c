// SPDX-License-Identifier: Apache-2.0
/* The training story, from request to files: px_train reads from top to bottom. */
#include "base/error.h"
#include "base/text.h"
#include "base/work.h"
#include "findings/findings.h"
#include "models/folder.h"
#include "train/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Several symbols are a model that none of them can name. */
static px_status check_name(const px_train_request *request, px_error *err) {
    if (request->model_out)
        return pxi_model_new_name_check(request->model_out, err);
    if (request->n_symbols > 1)
        return pxi_fail(err, PX_EINPUT, "a model of %zu symbols has no name of its own: say what to call it",
                        request->n_symbols);
    return PX_OK;
}

static px_status check_texts(const px_train_request *request, const pxi_panel *panel, px_error *err) {
    px_status status =
        request->model_out ? pxi_model_text_check("the model's name", request->model_out, err) : PX_OK;
    for (size_t m = 0; m < panel->n && !status; m++)
        if (!(status = pxi_model_text_check("the path of the bars", panel->members[m].data.source, err)))
            status = pxi_model_text_check("the symbol", panel->members[m].data.instrument.symbol, err);
    return status;
}

/* A name that was asked for, else the symbol's own; several symbols have none. */
static px_status name_model(const px_train_request *request, pxi_training *t, px_error *err) {
    if (!request->model_out)
        return pxi_model_own_name(&t->panel.members[0].data, t->name, err);
    return pxi_copy(t->name, sizeof t->name, request->model_out)
               ? PX_OK
               : pxi_fail(err, PX_EINPUT, "the model's name is longer than %d bytes", PX_NAME_SIZE - 1);
}

static px_status load_and_label(px_home *home, const px_train_request *request, pxi_training *t,
                                px_error *err) {
    px_status status;
    if ((status = pxi_panel_load(home, request, t->config, &t->panel, err)) ||
        (status = pxi_training_find(t, request->data.accept, err)) ||
        (status = check_texts(request, &t->panel, err)) || (status = name_model(request, t, err)))
        return status;
    return pxi_rows_build(&t->panel, &t->rows, err);
}

/* A model can be learnt from enough events that ended in both ways. */
static px_status check_rows(const pxi_training *t, px_error *err) {
    char name[1024];
    size_t targets = 0;
    for (size_t i = 0; i < t->rows.n; i++)
        targets += t->rows.y[i];
    if (t->rows.n < PX_TRAIN_MIN_EVENTS)
        return pxi_fail(
            err, PX_EINPUT,
            "%.600s: %zu events with a whole horizon (of %zu events), training needs at least %d: "
            "widen the window or take a shorter timeframe",
            pxi_panel_name(&t->panel, name, sizeof name), t->rows.n, pxi_panel_count_events(&t->panel),
            PX_TRAIN_MIN_EVENTS);
    if (targets == 0 || targets == t->rows.n)
        return pxi_fail(
            err, PX_EINPUT,
            "%s of the %zu events of %.600s reached the target: a model needs both classes; widen the "
            "window or change tp_mult and time_stop_bars",
            targets ? "all" : "none", t->rows.n, pxi_panel_name(&t->panel, name, sizeof name));
    return PX_OK;
}

/* Folds only evaluate; `best_fold` keeps the model of one of them, where one is good enough to be named. */
static px_status fit(pxi_training *t, const px_work *work, px_error *err) {
    const pxi_rows *rows = &t->rows;
    bool purge = t->config->profile != PX_PROFILE_REFERENCE;
    const pxi_evaluation_request request = {
        .rows = rows,
        .learner = &t->learner,
        .embargo_bars = purge ? t->config->time_stop_bars : -1,
        .long_threshold = t->config->long_threshold,
        .short_threshold = t->config->short_threshold,
        .fits_all = t->config->model_selection != PX_MODEL_BEST_FOLD,
        .work = work,
    };
    px_status status = pxi_evaluate(&request, &t->evaluation, err);
    if (status)
        return status;
    t->fold = request.fits_all ? -1 : pxi_evaluation_best(&t->evaluation);
    px_predictor **chosen = t->fold >= 0 ? &t->evaluation.folds[t->fold].predictor : &t->evaluation.fit;
    t->predictor = *chosen;
    *chosen = NULL;
    if (!t->predictor) { /* no fold is good enough */
        px_learner_config learner = t->learner;
        learner.work = *work;
        status = pxi_work_tell(work, "fit", 0, 0, err);
        if (!status)
            status = px_predictor_train(rows->x, rows->y, rows->n, &learner, &t->predictor, err);
    }
    return status ? status : px_predictor_importance(t->predictor, t->importance, err);
}

static px_status serialize(pxi_training *t, px_error *err) {
    px_status status = px_predictor_serialize(t->predictor, &t->bytes, &t->length, err);
    if (status)
        return status;
    pxi_model_hash(t->bytes, t->length, t->hash);
    return PX_OK;
}

static px_status save(px_home *home, const pxi_training *t, px_error *err) {
    const px_dataset *first = &t->panel.members[0].data;
    px_table table = {0};
    char *csv = NULL, *config = NULL, *card = NULL;
    size_t csv_length = 0;
    px_status status;
    if ((status = pxi_training_table(t, &table, err)) ||
        (status = px_table_render(&table, PX_TABLE_CSV, px_calendar_zone(first->calendar), &csv, &csv_length,
                                  err)) ||
        (status = pxi_model_config_json(t->config, t->panel.n == 1 ? first->instrument.symbol : "",
                                        first->timeframe_minutes, t->name, &config, err)) ||
        (status = pxi_training_card(t, &card, err)))
        goto done;
    const pxi_model_content files[PXI_N_MODEL_FILES] = {
        [PXI_EVENTS_FILE] = {csv, csv_length},
        [PXI_CONFIG_FILE] = {config, strlen(config)},
        [PXI_MODEL_FILE] = {t->bytes, t->length},
        [PXI_CARD_FILE] = {card, strlen(card)},
    };
    status = pxi_model_save(home, t->name, t->learner.learner, files, err);
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
    pxi_panel_free(&t->panel);
    pxi_findings_free(&t->findings);
    free(t->bytes);
}

px_status px_train(px_home *home, const px_train_request *request, const px_config *config,
                   char **report_json, px_error *err) {
    const px_work *work = &request->data.work;
    char *report = NULL;
    pxi_training t = {.config = config};
    px_status status = px_learner_config_read(request->learner, &t.learner, err);
    if (!status)
        status = check_name(request, err);
    if (!status)
        status = px_config_check(config, err);
    if (!status)
        status = px_findings_check_codes(request->data.accept, err);
    if (status)
        return status;

    if ((status = load_and_label(home, request, &t, err)) || (status = check_rows(&t, err)))
        goto done;
    if ((status = fit(&t, work, err)) || (status = pxi_training_find_unscored(&t, err)) ||
        (status = serialize(&t, err)) || (status = pxi_training_report(&t, &report, err)))
        goto done;
    if ((status = pxi_work_tell(work, "save", 0, 0, err)) || (status = save(home, &t, err)))
        goto done;
    *report_json = report;
    report = NULL;
done:
    free(report);
    training_free(&t);
    return status == PX_EINTERRUPTED ? pxi_fail(err, status, "interrupted; no model was saved") : status;
}
