// SPDX-License-Identifier: Apache-2.0
/* What is said of each instrument of a training: on the card what it was trained on, in the report what its
 * events gave. */
#include "train/training.h"

#include "base/mem.h"
#include "findings/findings.h"
#include "models/card.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(n) ((json_int_t)(n))

/* ---- card --------------------------------------------------------------------------------------------- */

static json_t *on_card(const pxi_member *member) {
    const px_dataset *data = &member->data;
    const pxi_window window = pxi_member_window(member);
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:{s:s, s:s, s:I}, s:{s:I, s:I}}", "key",
                     data->instrument.key, "symbol", data->instrument.symbol, "exchange",
                     data->instrument.exchange, "tick", pxi_json_real(data->instrument.tick),
                     "training_window", pxi_window_json(&window, px_calendar_zone(data->calendar)), "data",
                     "fingerprint", data->fingerprint, "source", data->source, "bars",
                     COUNT(data->end - data->begin), "events", "found", COUNT(member->events.n), "used",
                     COUNT(member->n_complete));
}

json_t *pxi_instruments_of_card(const pxi_training *t) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t m = 0; m < t->panel.n; m++)
        failed |= json_array_append_new(list, on_card(&t->panel.members[m])) != 0;
    return pxi_json_built(list, failed);
}

/* ---- report ------------------------------------------------------------------------------------------- */

/* Training rows of one instrument, or those of them that one fold tests. */
typedef struct tally {
    size_t n, n_targets;
    double sum_r;
} tally;

/* By fold that tests the row; 0 = none. */
typedef tally tallies[PX_N_FOLDS + 1];

static void count_rows(const pxi_training *t, tallies *by_member) {
    for (size_t i = 0; i < t->rows.n; i++) {
        const pxi_labelled *label = &t->panel.labels[t->rows.label[i]];
        tally *to = &by_member[label->member][pxi_evaluation_fold(&t->evaluation, i)];
        to->n++;
        to->n_targets += t->rows.y[i];
        to->sum_r += t->rows.r[i];
    }
}

static tally sum_of(const tally *folds, int begin) {
    tally sum = {0};
    for (int k = begin; k <= PX_N_FOLDS; k++) {
        sum.n += folds[k].n;
        sum.n_targets += folds[k].n_targets;
        sum.sum_r += folds[k].sum_r;
    }
    return sum;
}

static json_t *mean_r(const tally *of) {
    return pxi_json_real(of->n ? of->sum_r / (double)of->n : NAN);
}

static json_t *hit_rate(const tally *of) {
    return pxi_json_real(of->n ? (double)of->n_targets / (double)of->n : NAN);
}

static json_t *by_fold(const tally *folds) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 1; k <= PX_N_FOLDS; k++)
        failed |=
            json_array_append_new(list, json_pack("{s:i, s:I, s:o}", "fold", k, "test_events",
                                                  COUNT(folds[k].n), "mean_R_gross", mean_r(&folds[k]))) != 0;
    return pxi_json_built(list, failed);
}

static json_t *in_report(const pxi_member *member, const tally *folds) {
    const px_dataset *data = &member->data;
    const px_zone *zone = px_calendar_zone(data->calendar);
    const pxi_window window = pxi_member_window(member);
    const tally all = sum_of(folds, 0), tested = sum_of(folds, 1);
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:o}", "symbol",
                     data->instrument.symbol, "instrument_key", data->instrument.key, "start",
                     px_time_format_iso(window.begin_us, zone, first), "end",
                     px_time_format_iso(window.last_us, zone, last), "warmup_bars", COUNT(data->begin),
                     "bars", COUNT(data->end - data->begin), "events", COUNT(member->events.n), "complete",
                     COUNT(all.n), "hit_rate_in_sample", hit_rate(&all), "mean_R_gross_in_sample",
                     mean_r(&all), "tested_out_of_fold", COUNT(tested.n), "mean_R_gross_out_of_fold",
                     mean_r(&tested), "folds_out_of_fold", by_fold(folds), "findings",
                     pxi_findings_json(&data->findings));
}

json_t *pxi_instruments_of_report(const pxi_training *t) {
    tallies *by_member = pxi_new_array(t->panel.n, sizeof *by_member);
    json_t *list = json_array();
    bool failed = !list || !by_member;
    if (by_member)
        count_rows(t, by_member);
    for (size_t m = 0; m < t->panel.n && !failed; m++)
        failed |= json_array_append_new(list, in_report(&t->panel.members[m], by_member[m])) != 0;
    free(by_member);
    return pxi_json_built(list, failed);
}

json_t *pxi_left_out_json(const pxi_training *t) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < t->panel.n_left_out; i++) {
        const pxi_left_out *left_out = &t->panel.left_out[i];
        failed |=
            json_array_append_new(list, json_pack("{s:o, s:o}", "symbol", pxi_json_text(left_out->symbol),
                                                  "reason", pxi_json_text(left_out->reason.message))) != 0;
    }
    return pxi_json_built(list, failed);
}
