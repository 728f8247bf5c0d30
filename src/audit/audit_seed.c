// SPDX-License-Identifier: Apache-2.0
/* seed: the model once more, from the same rows and seed, which gives the same bytes, and from other seeds,
 * which show how much of the result is the luck of one of them. */
#include "audit/audit.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "models/card.h"
#include "models/folder.h"
#include "train/rows.h"

enum { OTHER_SEEDS = 4 };

/* What the model was trained on, read again. */
typedef struct lesson {
    json_t *card;
    px_learner_config learner;
    size_t seed; /* which of its parameters; SIZE_MAX = it has none */
    pxi_panel panel;
    pxi_rows rows;
} lesson;

static void lesson_free(lesson *l) {
    pxi_rows_free(&l->rows);
    pxi_panel_free(&l->panel);
    json_decref(l->card);
}

/* ---- what the card says ------------------------------------------------------------------------------- */

/* Why it cannot be trained again; NULL = it can. */
static const char *read_learner(const pxi_audit *audit, lesson *l) {
    const json_t *said = pxi_card_get(l->card, "learner");
    const px_learner *learner = px_predictor_learner(audit->model->predictor);
    bool is_ours = false;
    for (size_t i = 0; px_learner_at(i); i++)
        is_ours |= px_learner_at(i) == learner;
    if (!is_ours || json_is_null(pxi_card_get(l->card, "data")))
        return "The model was made elsewhere, from rows that are not known.";
    if (!json_is_null(pxi_card_get(said, "fold")))
        return "The model is that of one fold of its training.";
    const px_parameters parameters = px_learner_parameters(learner);
    l->learner = px_learner_config_default(learner);
    l->learner.work = *audit->work;
    l->seed = SIZE_MAX;
    for (size_t i = 0; i < parameters.n; i++) {
        const json_t *value = json_object_get(said, parameters.items[i].name);
        if (json_is_number(value))
            l->learner.values[i] = json_number_value(value);
        if (strcmp(parameters.items[i].name, "seed") == 0)
            l->seed = i;
    }
    return l->seed == SIZE_MAX ? "The learner draws nothing by chance: there is no other seed." : NULL;
}

static px_status date_of(const json_t *card, const char *path, int32_t *out, px_error *err) {
    char date[11];
    snprintf(date, sizeof date, "%s", pxi_card_text(card, path));
    return px_date_parse(date, out, err);
}

/* Bars, events and labels of the training window. */
static px_status read_rows(const pxi_audit *audit, lesson *l, px_error *err) {
    const size_t n = pxi_card_count_instruments(l->card);
    const char **symbols = pxi_new_array(n, sizeof *symbols);
    if (!symbols)
        return pxi_fail_memory(err);
    const bool in_place = audit->request->data.input || audit->request->data.data_dir;
    for (size_t i = 0; i < n; i++)
        symbols[i] = pxi_card_text(pxi_card_instrument(l->card, i), in_place ? "symbol" : "key");
    px_train_request request = {.data = audit->request->data, .symbols = symbols, .n_symbols = n > 1 ? n : 0};
    if (n == 1 && !in_place && !request.data.continuous.rank)
        request.data.symbol = symbols[0];
    px_status status = date_of(l->card, "training_window/first_bar", &request.data.start_date, err);
    if (!status)
        status = date_of(l->card, "training_window/last_bar", &request.data.end_date, err);
    if (!status)
        status = pxi_panel_load(audit->home, &request, &audit->config, &l->panel, err);
    if (!status)
        status = pxi_rows_build(&l->panel, &l->rows, err);
    free(symbols);
    return status;
}

/* The same bars, and as many events. */
static bool are_the_same_rows(const lesson *l) {
    char fingerprint[65];
    pxi_panel_fingerprint(&l->panel, fingerprint);
    return strcmp(fingerprint, pxi_card_text(l->card, "data/fingerprint")) == 0 &&
           json_integer_value(pxi_card_get(l->card, "events/used")) == (json_int_t)l->rows.n;
}

/* ---- training again ----------------------------------------------------------------------------------- */

static px_status train(const pxi_audit *audit, const lesson *l, int step, px_predictor **out, px_error *err) {
    px_learner_config learner = l->learner;
    learner.values[l->seed] += step;
    return audit->drivers->fit(l->rows.x, l->rows.y, l->rows.n, &learner, out, err);
}

static px_status hold_against_file(const pxi_audit *audit, const lesson *l, px_audit_check *check,
                                   px_error *err) {
    px_predictor *again = NULL;
    char *bytes = NULL, hash[65] = "";
    size_t length = 0;
    px_status status = train(audit, l, 0, &again, err);
    if (!status)
        status = px_predictor_serialize(again, &bytes, &length, err);
    if (!status)
        pxi_model_hash(bytes, length, hash);
    free(bytes);
    px_predictor_free(&again);
    if (status)
        return status;
    check->cases = 1;
    check->mismatches = strcmp(hash, audit->model->hash) != 0;
    check->verdict = check->mismatches ? PX_AUDIT_FAIL : PX_AUDIT_PASS;
    if (check->mismatches)
        pxi_audit_detail(check, "Trained again with the same seed the model file is %.16s, it was %.16s.",
                         hash, audit->model->hash);
    return PX_OK;
}

/* The run by the model of another seed. */
static px_status net_with(const pxi_audit *audit, const lesson *l, int step, double *out, px_error *err) {
    px_model model = *audit->model;
    pxi_audit other = *audit;
    pxi_audit_pass pass = {0};
    model.predictor = NULL;
    px_status status = train(audit, l, step, &model.predictor, err);
    other.model = &model;
    if (!status)
        status = pxi_audit_trade_again(&other, &pass, err);
    if (!status)
        *out = pxi_audit_net(&pass.journal);
    pxi_audit_pass_free(&pass);
    px_predictor_free(&model.predictor);
    return status;
}

static px_status show_spread(const pxi_audit *audit, const lesson *l, px_audit_check *check, px_error *err) {
    const double own = pxi_audit_net(&audit->run.journal);
    double lowest = own, highest = own, sum = own;
    px_status status = PX_OK;
    for (int i = 1; i <= OTHER_SEEDS && !status; i++) {
        double net = NAN;
        status = pxi_audit_tell(audit, (size_t)i, OTHER_SEEDS, err);
        if (!status)
            status = net_with(audit, l, i, &net, err);
        lowest = fmin(lowest, net);
        highest = fmax(highest, net);
        sum += net;
    }
    if (!status)
        pxi_audit_detail(
            check,
            "Net %.2f Rs with its seed %.0f; with %d others from %.2f to %.2f Rs, the mean of all %.2f%s.",
            own, l->learner.values[l->seed], OTHER_SEEDS, lowest, highest, sum / (OTHER_SEEDS + 1),
            lowest < 0 && highest > 0 ? ": gain or loss is a matter of the seed" : "");
    return status;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static px_status train_again(const pxi_audit *audit, lesson *l, px_audit_check *check, px_error *err) {
    px_error why = {0};
    px_status status = read_rows(audit, l, &why);
    if (status == PX_EINTERRUPTED || status == PX_ENOMEM)
        return pxi_fail(err, status, "%s", why.message);
    if (status || !are_the_same_rows(l)) {
        pxi_audit_skip(check, "The bars that the model was trained on are no longer there%s%.400s.",
                       status ? ": " : "", status ? why.message : "");
        return PX_OK;
    }
    pxi_audit_compared(check, "the model file with one trained again from %zu rows; runs by %d other seeds",
                       l->rows.n, OTHER_SEEDS);
    status = hold_against_file(audit, l, check, err);
    return status ? status : show_spread(audit, l, check, err);
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    lesson l = {0};
    if (!audit->model) {
        pxi_audit_skip(check, "No model is used: every event is taken.");
        return PX_OK;
    }
    px_status status = pxi_json_parse(audit->model->card_json, strlen(audit->model->card_json),
                                      "the model card", &l.card, err);
    const char *why_not = status ? NULL : read_learner(audit, &l);
    if (why_not)
        pxi_audit_skip(check, "%s", why_not);
    else if (!status)
        status = train_again(audit, &l, check, err);
    lesson_free(&l);
    return status;
}

const pxi_audit_kind pxi_audit_seed = {
    .name = "seed",
    .proves = "how much of the result is the luck of one seed",
    .holds =
        "The model can be made again, byte for byte; how far results of other seeds lie apart stands above: "
        "what lies between them is luck.",
    .fails = "The same rows and seed give another model: what this one earned cannot be repeated.",
    .run = run,
};
