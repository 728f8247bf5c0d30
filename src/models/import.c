// SPDX-License-Identifier: Apache-2.0
/* Models made elsewhere get the card that a training would have given them. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/card.h"
#include "models/check.h"
#include "models/folder.h"
#include "learners/foreign/foreign.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct import {
    const px_model_import *request;
    const px_config *config;
    px_calendar *calendar;
    px_instrument *instruments; /* one a symbol */
    bool only_sklearn;
    pxi_foreign model;
    char *bytes; /* the model file */
    size_t length;
    char hash[65];
} import;

/* ---- request ------------------------------------------------------------------------------------------ */

static px_status check_request(const px_model_import *r, const px_config *config, px_error *err) {
    const bool from = r->train_start != PX_NO_DATE, to = r->train_end != PX_NO_DATE;
    px_status status = pxi_model_new_name_check(r->name, err);
    if (!status)
        status = pxi_model_text_check("the model's name", r->name, err);
    for (size_t i = 0; i < r->n_symbols && !status; i++)
        status = pxi_model_text_check("the symbol", r->symbols[i], err);
    if (!status)
        status = px_config_check(config, err);
    if (status)
        return status;
    if (r->n_symbols == 0)
        return pxi_fail(err, PX_EINPUT, "model %s needs the symbol that it is for", r->name);
    if (from != to)
        return pxi_fail(err, PX_EINPUT,
                        "a training window has two ends: the first and the last date, or neither");
    if (from && r->train_start > r->train_end)
        return pxi_fail(err, PX_EINPUT, "the training window ends before it starts");
    return PX_OK;
}

/* Of the home folder; a symbol that it does not know names bars that are read in place, as --input does. */
static px_status find_instrument(px_home *home, const import *job, const char *symbol, px_instrument *out,
                                 px_error *err) {
    const char *exchange = px_calendar_name(job->calendar);
    px_status status = px_instrument_find(home, symbol, exchange, job->request->train_start, out, err);
    if (status != PX_ENOTFOUND)
        return status;
    *out = (px_instrument){.lot_size = 1};
    if (!*symbol || !pxi_copy(out->key, sizeof out->key, symbol) ||
        !pxi_copy(out->symbol, sizeof out->symbol, symbol))
        return pxi_fail(err, PX_EINPUT, "the symbol \"%.40s\" is empty or longer than %d characters", symbol,
                        PX_NAME_SIZE - 1);
    pxi_copy(out->exchange, sizeof out->exchange, exchange);
    return PX_OK;
}

static px_status find_instruments(px_home *home, import *job, px_error *err) {
    const px_model_import *r = job->request;
    px_status status = px_calendar_open(r->exchange, &job->calendar, err);
    if (status)
        return status;
    job->instruments = pxi_new_array(r->n_symbols, sizeof *job->instruments);
    if (!job->instruments)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < r->n_symbols && !status; i++) {
        status = find_instrument(home, job, r->symbols[i], &job->instruments[i], err);
        for (size_t j = 0; j < i && !status; j++)
            if (strcmp(job->instruments[i].key, job->instruments[j].key) == 0)
                status = pxi_fail(err, PX_EINPUT, "%s and %s are names of one instrument, %s: name it once",
                                  r->symbols[j], r->symbols[i], job->instruments[i].key);
    }
    return status;
}

static px_status check_size(const char *path, px_error *err) {
    struct stat found;
    if (stat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_size > PXI_FOREIGN_MOST_BYTES)
        return pxi_fail(err, PX_EINPUT, "%s has %lld MiB; a model that is brought in has %ld at most", path,
                        (long long)(found.st_size >> 20), PXI_FOREIGN_MOST_BYTES >> 20);
    return PX_OK;
}

static px_status read_model(import *job, px_error *err) {
    const px_model_import *r = job->request;
    char *bytes = NULL;
    size_t length;
    px_status status = check_size(r->path, err);
    if (!status)
        status = pxi_file_read(r->path, &bytes, &length, err);
    if (!status)
        status = job->only_sklearn ? pxi_sklearn_read(bytes, length, r->path, &job->model, err)
                                   : pxi_foreign_read(bytes, length, r->path, r->inputs, &job->model, err);
    free(bytes);
    if (!status)
        status = px_predictor_serialize(job->model.predictor, &job->bytes, &job->length, err);
    if (!status)
        pxi_model_hash(job->bytes, job->length, job->hash);
    return status;
}

/* ---- card --------------------------------------------------------------------------------------------- */

/* From the first date's midnight to the last second of the last date; which bars lie there is not known. */
static json_t *window_json(const import *job) {
    const px_model_import *r = job->request;
    if (r->train_start == PX_NO_DATE)
        return json_null();
    const px_session first = px_calendar_session(job->calendar, r->train_start);
    const px_session last = px_calendar_session(job->calendar, r->train_end);
    const pxi_window window = {first.midnight_us, last.midnight_us, last.next_midnight_us - PX_US_PER_SECOND};
    return pxi_window_json(&window, px_calendar_zone(job->calendar));
}

static json_t *instruments_json(const import *job) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < job->request->n_symbols; i++) {
        const px_instrument *instrument = &job->instruments[i];
        failed |=
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "key", instrument->key, "symbol",
                                                  instrument->symbol, "exchange", instrument->exchange,
                                                  "tick", pxi_json_real(instrument->tick))) != 0;
    }
    return pxi_json_built(list, failed);
}

static px_status make_card(const import *job, char **out, px_error *err) {
    double x[PXI_N_CHECK_ROWS * PX_N_INPUTS];
    json_t *check = NULL;
    const px_learner *learner = px_predictor_learner(job->model.predictor);
    learner->spread(job->model.predictor, x, PXI_N_CHECK_ROWS);
    px_status status = pxi_check_rows_make(job->model.predictor, &job->model.inputs, x, &check, err);
    if (status)
        return status;
    const pxi_card_content content = {
        .name = job->request->name,
        .instruments = instruments_json(job),
        .timeframe_minutes = job->request->timeframe_minutes,
        .training_window = window_json(job),
        .config = job->config,
        .data = json_null(),
        .events = json_null(),
        .inputs = &job->model.inputs,
        .learner = json_incref(job->model.facts),
        .out_of_fold = json_null(),
        .check = check,
        .findings = json_null(),
        .ending = learner->ending,
        .length = job->length,
        .hash = job->hash,
    };
    return pxi_card_make(&content, out, err);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static px_status save(px_home *home, const import *job, char **card, px_error *err) {
    const px_model_import *r = job->request;
    char *config = NULL;
    px_status status = make_card(job, card, err);
    if (!status)
        status = pxi_model_config_json(job->config, r->n_symbols == 1 ? job->instruments[0].symbol : "",
                                       r->timeframe_minutes, r->name, &config, err);
    if (!status) {
        const pxi_model_content files[PXI_N_MODEL_FILES] = {
            [PXI_CONFIG_FILE] = {config, strlen(config)},
            [PXI_MODEL_FILE] = {job->bytes, job->length},
            [PXI_CARD_FILE] = {*card, strlen(*card)},
        };
        status = pxi_model_save(home, r->name, px_predictor_learner(job->model.predictor), files, err);
    }
    free(config);
    return status;
}

static void import_free(import *job) {
    px_calendar_close(&job->calendar);
    pxi_foreign_free(&job->model);
    free(job->instruments);
    free(job->bytes);
}

static px_status bring_in(px_home *home, import *job, char **card_json, px_error *err) {
    char *card = NULL;
    px_status status = check_request(job->request, job->config, err);
    if (!status)
        status = find_instruments(home, job, err);
    if (!status)
        status = read_model(job, err);
    if (!status)
        status = save(home, job, &card, err);
    import_free(job);
    if (!status && card_json)
        *card_json = card;
    else
        free(card);
    return status;
}

px_status px_model_import_file(px_home *home, const px_model_import *request, const px_config *config,
                               char **card_json, px_error *err) {
import job = {.request = request, .config = config };
    return bring_in(home, &job, card_json, err);
}

px_status px_model_import_sklearn(px_home *home, const px_model_import *request, const px_config *config,
                                  char **card_json, px_error *err) {
import job = {.request = request, .config = config, .only_sklearn = true };
    return bring_in(home, &job, card_json, err);
}
