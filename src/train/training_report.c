// SPDX-License-Identifier: Apache-2.0
/* What a training has to say. Every number stands under a key that says where it comes from: `in_sample` (the
 * rows that the model was fitted on) or `out_of_fold` (rows that it had not seen); R is gross of costs. */
#include "train/training.h"

#include "base/error.h"
#include "base/mem.h"
#include "findings/findings.h"
#include "learners/learner.h"

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
    size_t n_source = 0, n_excluded = 0, n_warmup = 0;
    char source[1024];
    for (size_t m = 0; m < t->panel.n; m++) {
        const px_dataset *data = &t->panel.members[m].data;
        n_source += data->n_source;
        n_excluded += data->n_excluded;
        n_warmup += data->begin;
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "phase", "load", "source",
                     pxi_panel_name(&t->panel, source, sizeof source), "instruments", COUNT(t->panel.n),
                     "source_bars", COUNT(n_source), "excluded_bars", COUNT(n_excluded), "warmup_bars",
                     COUNT(n_warmup), "bars", COUNT(pxi_panel_count_bars(&t->panel)));
}

static size_t count_events(const pxi_panel *panel, int type, px_side side) {
    size_t n = 0;
    for (size_t m = 0; m < panel->n; m++) {
        const px_event_list *events = &panel->members[m].events;
        for (size_t i = 0; i < events->n; i++)
            n += events->items[i].type == type && events->items[i].side == side;
    }
    return n;
}

static json_t *events_phase(const pxi_training *t) {
    static const px_side sides[] = {PX_LONG, PX_SHORT};
    json_t *by_type = json_array();
    bool failed = !by_type;
    for (int type = 0; px_event_type_name(type); type++)
        for (int s = 0; s < 2; s++)
            append(by_type,
                   json_pack("{s:s, s:s, s:I}", "event_type", px_event_type_name(type), "side",
                             px_side_name(sides[s]), "events",
                             COUNT(count_events(&t->panel, type, sides[s]))),
                   &failed);
    return json_pack("{s:s, s:I, s:o}", "phase", "events", "events", COUNT(pxi_panel_count_events(&t->panel)),
                     "by_type", pxi_json_built(by_type, failed));
}

static json_t *labels_phase(const pxi_training *t) {
    size_t unresolved = 0;
    for (size_t i = 0; i < t->panel.n_labels; i++)
        unresolved += pxi_panel_label(&t->panel, i)->label == PX_LABEL_UNRESOLVED;
    return json_pack("{s:s, s:I, s:I, s:I}", "phase", "labels", "labelled",
                     COUNT(t->panel.n_labels - unresolved), "unresolved", COUNT(unresolved), "complete",
                     COUNT(t->rows.n));
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
            n += pxi_panel_label(&t->panel, t->rows.label[i])->hit == hits[h];
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
        const px_event *event = pxi_panel_event(&t->panel, t->rows.label[i]);
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
        for (int type = 0; px_event_type_name(type); type++) {
            append(list, outcome_json(t, type, 0, r), &failed);
            append(list, outcome_json(t, type, PX_LONG, r), &failed);
            append(list, outcome_json(t, type, PX_SHORT, r), &failed);
        }
    }
    free(r);
    return pxi_json_built(list, failed);
}

/* ---- out of fold -------------------------------------------------------------------------------------- */

static json_t *time_json(const pxi_training *t, int64_t ts_us) {
    char when[PX_TIME_TEXT_SIZE];
    const px_zone *zone = px_calendar_zone(t->panel.members[0].data.calendar);
    return json_string(px_time_format_iso(ts_us, zone, when));
}

static json_t *event_time(const pxi_training *t, size_t row) {
    return time_json(t, t->panel.labels[t->rows.label[row]].ts_us);
}

static json_t *fold_json(const pxi_training *t, int k) {
    const pxi_fold_result *result = &t->evaluation.folds[k];
    const px_fold *fold = &result->fold;
    json_t *object = json_pack(
        "{s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:o}", "fold", k + 1, "train_events", COUNT(fold->n_train),
        "train_targets", COUNT(result->n_train_targets), "purged_events", COUNT(fold->n_purged),
        "test_events", COUNT(fold->test_end - fold->test_begin), "test_first",
        event_time(t, fold->test_begin), "test_last", event_time(t, fold->test_end - 1), "events_above_0.6",
        COUNT(result->n_selected), "mean_R_gross_above_0.6", pxi_json_real(result->selected_mean_r));
    bool failed = !object;
    if (object) {
        pxi_json_put(object, "test", pxi_validation_json(&result->test), &failed);
        pxi_json_put(object, "importance_of_training_events", pxi_importance_json(result->importance),
                     &failed);
        pxi_json_put(object, "permutation_importance_of_test_events",
                     pxi_permutation_json(&result->permutation), &failed);
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

/* Several instruments have no one symbol and key: they stand under `instruments`. */
static json_t *request_json(const pxi_training *t) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], fingerprint[65];
    const px_dataset *first = &t->panel.members[0].data;
    const bool one = t->panel.n == 1;
    const pxi_window window = pxi_panel_window(&t->panel);
    px_timeframe_format(first->timeframe_minutes, timeframe);
    pxi_panel_fingerprint(&t->panel, fingerprint);
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "model", t->name, "learner",
                     px_learner_name(t->learner.learner), "symbol",
                     pxi_json_text(one ? first->instrument.symbol : NULL), "instrument_key",
                     pxi_json_text(one ? first->instrument.key : NULL), "exchange",
                     first->instrument.exchange, "timeframe", timeframe, "profile",
                     px_profile_name(t->config->profile), "data_fingerprint", fingerprint, "start",
                     time_json(t, window.begin_us), "end", time_json(t, window.last_us));
}

static json_t *files_json(const pxi_training *t) {
    return json_pack("{s:s+, s:s+, s:s+, s:s+}", "model", t->name, t->learner.learner->ending, "card",
                     t->name, ".card.json", "config", t->name, "_config.json", "events", t->name,
                     "_events.csv");
}

px_status pxi_training_report(const pxi_training *t, char **out, px_error *err) {
    json_t *report = request_json(t);
    bool failed = !report;
    if (report) {
        pxi_json_put(report, "findings", pxi_findings_json(&t->findings), &failed);
        pxi_json_put(report, "warnings", pxi_findings_texts(&t->findings), &failed);
        pxi_json_put(report, "instruments", pxi_instruments_of_report(t), &failed);
        pxi_json_put(report, "left_out", pxi_left_out_json(t), &failed);
        pxi_json_put(report, "phases", phases_json(t), &failed);
        pxi_json_put(report, "label_distribution_in_sample", distribution_json(t), &failed);
        pxi_json_put(report, "outcomes_in_sample_gross", outcomes_json(t), &failed);
        pxi_json_put(report, "folds_out_of_fold", folds_json(t), &failed);
        pxi_json_put(report, "out_of_fold", pxi_validation_json(&t->evaluation.overall), &failed);
        pxi_json_put(report, "importance_measure", json_string(t->learner.learner->importance), &failed);
        pxi_json_put(report, "importance_in_sample", pxi_importance_json(t->importance), &failed);
        pxi_json_put(report, "permutation_importance_out_of_fold",
                     pxi_permutation_json(&t->evaluation.permutation), &failed);
        pxi_json_put(report, "model_sha256", json_string(t->hash), &failed);
        pxi_json_put(report, "files", files_json(t), &failed);
    }
    report = pxi_json_built(report, failed);
    px_status status = report ? pxi_json_dump(report, out, err) : pxi_fail_memory(err);
    json_decref(report);
    return status;
}
