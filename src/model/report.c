// SPDX-License-Identifier: Apache-2.0
/* What a training has to say. Every number stands under a key that says where it comes from: `in_sample` (the
 * rows that the model was fitted on) or `out_of_fold` (rows that it had not seen); R is gross of costs. */
#include "model/training.h"

#include "base/error.h"
#include "base/mem.h"
#include "model/learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(n) ((json_int_t)(n))

static json_t *share(size_t part, size_t whole) {
    return pxi_json_real(whole ? (double)part / (double)whole : NAN);
}

/* Appends, and forgets nothing: a NULL value or a failed append marks the array failed. */
static void append(json_t *array, json_t *value, bool *failed) {
    *failed |= json_array_append_new(array, value) != 0;
}

/* ---- phases ------------------------------------------------------------------------------------------- */

static json_t *load_phase(const pxi_training *t) {
    const px_dataset *data = &t->data;
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "phase", "load", "source", data->source, "source_bars",
                     COUNT(data->n_source), "excluded_bars", COUNT(data->n_excluded), "warmup_bars",
                     COUNT(data->begin), "bars", COUNT(data->end - data->begin));
}

static json_t *events_phase(const pxi_training *t) {
    static const px_side sides[] = {PX_LONG, PX_SHORT};
    json_t *by_type = json_array();
    bool failed = !by_type;
    for (int type = 0; type < PX_N_EVENT_TYPES; type++)
        for (int s = 0; s < 2; s++) {
            size_t n = 0;
            for (size_t i = 0; i < t->events.n; i++)
                n += t->events.items[i].type == type && t->events.items[i].side == sides[s];
            append(by_type,
                   json_pack("{s:s, s:s, s:I}", "event_type", px_event_type_name(type), "side",
                             px_side_name(sides[s]), "events", COUNT(n)),
                   &failed);
        }
    return json_pack("{s:s, s:I, s:o}", "phase", "events", "events", COUNT(t->events.n), "by_type",
                     pxi_json_built(by_type, failed));
}

static json_t *labels_phase(const pxi_training *t) {
    size_t unresolved = 0;
    for (size_t i = 0; i < t->labels.n; i++)
        unresolved += t->labels.items[i].label == PX_LABEL_UNRESOLVED;
    return json_pack("{s:s, s:I, s:I, s:I}", "phase", "labels", "labelled", COUNT(t->labels.n - unresolved),
                     "unresolved", COUNT(unresolved), "complete", COUNT(t->rows.n));
}

static json_t *fit_phase(const pxi_training *t) {
    size_t n = t->fold < 0 ? t->rows.n : t->evaluation.folds[t->fold].fold.n_train;
    return json_pack("{s:s, s:s, s:o, s:I, s:o}", "phase", "fit", "learner",
                     px_learner_name(t->learner.learner), "parameters", pxi_learner_parameters(&t->learner),
                     "rows", COUNT(n), "fold", t->fold < 0 ? json_null() : json_integer(t->fold + 1));
}

static json_t *phases_json(const pxi_training *t) {
    return json_pack("[o, o, o, {s:s, s:i, s:I}, o]", load_phase(t), events_phase(t), labels_phase(t),
                     "phase", "folds", "folds", PX_N_FOLDS, "scored", COUNT(t->evaluation.overall.n),
                     fit_phase(t));
}

/* ---- in sample ---------------------------------------------------------------------------------------- */

static json_t *distribution_json(const pxi_training *t) {
    static const px_exit_reason hits[] = {PX_EXIT_TAKE_PROFIT, PX_EXIT_STOP_LOSS, PX_EXIT_TIME_STOP,
                                          PX_EXIT_SQUARE_OFF};
    json_t *list = json_array();
    bool failed = !list;
    for (size_t h = 0; h < sizeof hits / sizeof *hits; h++) {
        size_t n = 0;
        for (size_t i = 0; i < t->rows.n; i++)
            n += t->labels.items[t->rows.label[i]].hit == hits[h];
        int label = hits[h] == PX_EXIT_TAKE_PROFIT ? 1 : hits[h] == PX_EXIT_STOP_LOSS ? -1 : 0;
        append(list,
               json_pack("{s:s, s:i, s:I, s:o}", "barrier_hit", px_label_hit_name(hits[h]), "label", label,
                         "events", COUNT(n), "share", share(n, t->rows.n)),
               &failed);
    }
    return pxi_json_built(list, failed);
}

/* One group of training rows: type -1 = all types, side 0 = both. `r` has room for all rows. */
static json_t *outcome_json(const pxi_training *t, int type, int side, double *r) {
    size_t n = 0, targets = 0;
    double sum = 0;
    for (size_t i = 0; i < t->rows.n; i++) {
        const px_event *event = &t->events.items[t->labels.items[t->rows.label[i]].event];
        if ((type >= 0 && event->type != type) || (side && (int)event->side != side))
            continue;
        targets += t->rows.y[i];
        sum += t->rows.r[i];
        r[n++] = t->rows.r[i];
    }
    return json_pack(
        "{s:s, s:s, s:I, s:o, s:o, s:o}", "event_type", type < 0 ? "all" : px_event_type_name(type), "side",
        side ? px_side_name((px_side)side) : "both", "events", COUNT(n), "hit_rate", share(targets, n),
        "mean_R", pxi_json_real(n ? sum / (double)n : NAN), "median_R", pxi_json_real(pxi_median(r, n)));
}

static json_t *outcomes_json(const pxi_training *t) {
    double *r = pxi_new_array(t->rows.n, sizeof *r);
    json_t *list = json_array();
    bool failed = !list || !r;
    if (!failed) {
        append(list, outcome_json(t, -1, 0, r), &failed);
        for (int type = 0; type < PX_N_EVENT_TYPES; type++) {
            append(list, outcome_json(t, type, 0, r), &failed);
            append(list, outcome_json(t, type, PX_LONG, r), &failed);
            append(list, outcome_json(t, type, PX_SHORT, r), &failed);
        }
    }
    free(r);
    return pxi_json_built(list, failed);
}

static json_t *importance_json(const double share[PX_N_INPUTS]) {
    json_t *object = json_object();
    bool failed = !object;
    for (size_t k = 0; k < PX_N_INPUTS && object; k++)
        pxi_json_put(object, px_input_name(k), pxi_json_real(share[k]), &failed);
    return pxi_json_built(object, failed);
}

/* ---- out of fold -------------------------------------------------------------------------------------- */

static json_t *calibration_json(const pxi_judgement *judgement) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++) {
        const px_calibration_bin *bin = &judgement->calibration[k];
        append(list,
               json_pack("{s:o, s:o, s:I, s:o, s:o}", "from", pxi_json_real(k / 10.0), "to",
                         pxi_json_real((k + 1) / 10.0), "events", COUNT(bin->n), "mean_probability",
                         pxi_json_real(bin->mean_p), "hit_rate", pxi_json_real(bin->frequency)),
               &failed);
    }
    return pxi_json_built(list, failed);
}

static json_t *thresholds_json(const pxi_judgement *judgement) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PX_N_THRESHOLDS; k++) {
        const px_threshold_row *row = &judgement->thresholds[k];
        append(list,
               json_pack("{s:o, s:I, s:o, s:o}", "threshold", pxi_json_real(row->threshold), "events",
                         COUNT(row->n), "hit_rate", pxi_json_real(row->hit_rate), "mean_R_gross",
                         pxi_json_real(row->mean_r)),
               &failed);
    }
    return pxi_json_built(list, failed);
}

json_t *pxi_judgement_json(const pxi_judgement *j) {
    json_t *every = json_pack("{s:I, s:o, s:o, s:o}", "events", COUNT(j->n), "hit_rate",
                              share(j->n_targets, j->n), "mean_R_gross", pxi_json_real(j->every_mean_r),
                              "median_R_gross", pxi_json_real(j->every_median_r));
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "events", COUNT(j->n), "auc",
                     pxi_json_real(j->scores.auc), "log_loss", pxi_json_real(j->scores.log_loss), "brier",
                     pxi_json_real(j->scores.brier), "take_every_event", every, "thresholds",
                     thresholds_json(j), "calibration", calibration_json(j));
}

static json_t *bar_time(const pxi_training *t, size_t bar) {
    char when[PX_TIME_TEXT_SIZE];
    const px_zone *zone = px_calendar_zone(t->data.calendar);
    return json_string(px_time_format_iso(t->data.bars.ts_us[bar], zone, when));
}

static json_t *fold_json(const pxi_training *t, int k) {
    const pxi_fold_result *result = &t->evaluation.folds[k];
    const px_fold *fold = &result->fold;
    json_t *object = json_pack(
        "{s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:o}", "fold", k + 1, "train_events", COUNT(fold->n_train),
        "train_targets", COUNT(result->n_train_targets), "purged_events", COUNT(fold->n_purged),
        "test_events", COUNT(fold->test_end - fold->test_begin), "test_first",
        bar_time(t, t->rows.begin_bar[fold->test_begin]), "test_last",
        bar_time(t, t->rows.begin_bar[fold->test_end - 1]), "events_above_0.6", COUNT(result->n_selected),
        "mean_R_gross_above_0.6", pxi_json_real(result->selected_mean_r));
    bool failed = !object;
    if (object) {
        pxi_json_put(object, "test", pxi_judgement_json(&result->test), &failed);
        pxi_json_put(object, "importance_of_training_events", importance_json(result->importance), &failed);
    }
    return pxi_json_built(object, failed);
}

static json_t *folds_json(const pxi_training *t) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PX_N_FOLDS; k++)
        append(list, fold_json(t, k), &failed);
    return pxi_json_built(list, failed);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static json_t *warnings_json(const pxi_training *t) {
    json_t *list = json_array();
    bool failed = !list;
    if (px_config_looks_ahead(t->config))
        append(
            list,
            json_string("the settings look ahead (swing centered or vwap_fallback dataset): no number here "
                        "can be reached by trading"),
            &failed);
    if (t->evaluation.overall.n < t->rows.n - t->evaluation.folds[0].fold.test_begin)
        append(list,
               json_string("a fold had no training event left after purging: its events are not scored"),
               &failed);
    return pxi_json_built(list, failed);
}

static json_t *request_json(const pxi_training *t) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    const px_dataset *data = &t->data;
    px_timeframe_format(data->timeframe_minutes, timeframe);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "model", t->name, "learner",
                     px_learner_name(t->learner.learner), "symbol", data->instrument.symbol, "instrument_key",
                     data->instrument.key, "exchange", data->instrument.exchange, "timeframe", timeframe,
                     "profile", px_profile_name(t->config->profile), "data_fingerprint", data->fingerprint,
                     "start", bar_time(t, data->begin), "end", bar_time(t, data->end - 1));
}

static json_t *files_json(const pxi_training *t) {
    return json_pack("{s:s+, s:s+, s:s+, s:s+}", "model", t->name, ".ubj", "card", t->name, ".card.json",
                     "config", t->name, "_config.json", "events", t->name, "_events.csv");
}

px_status pxi_training_report(const pxi_training *t, char **out, px_error *err) {
    json_t *report = request_json(t);
    bool failed = !report;
    if (report) {
        pxi_json_put(report, "warnings", warnings_json(t), &failed);
        pxi_json_put(report, "phases", phases_json(t), &failed);
        pxi_json_put(report, "label_distribution_in_sample", distribution_json(t), &failed);
        pxi_json_put(report, "outcomes_in_sample_gross", outcomes_json(t), &failed);
        pxi_json_put(report, "folds_out_of_fold", folds_json(t), &failed);
        pxi_json_put(report, "out_of_fold", pxi_judgement_json(&t->evaluation.overall), &failed);
        pxi_json_put(report, "importance_in_sample", importance_json(t->importance), &failed);
        pxi_json_put(report, "model_sha256", json_string(t->hash), &failed);
        pxi_json_put(report, "files", files_json(t), &failed);
    }
    report = pxi_json_built(report, failed);
    px_status status = report ? pxi_json_dump(report, out, err) : pxi_fail_memory(err);
    json_decref(report);
    return status;
}
