// SPDX-License-Identifier: Apache-2.0
/* The card of what was trained. */
#include "train/training.h"

#include "findings/findings.h"
#include "learners/learner.h"
#include "models/card.h"
#include "models/check.h"

static json_t *learner_json(const pxi_training *t) {
    json_t *learner = json_pack("{s:s}", "name", px_learner_name(t->learner.learner));
    json_t *parameters = pxi_learner_parameters(&t->learner);
    bool failed = !learner || !parameters || json_object_update(learner, parameters) != 0;
    json_decref(parameters);
    pxi_json_put(learner, "fold", t->fold < 0 ? json_null() : json_integer(t->fold + 1), &failed);
    return pxi_json_built(learner, failed);
}

static json_t *data_json(const pxi_panel *panel) {
    char fingerprint[65], source[1024];
    pxi_panel_fingerprint(panel, fingerprint);
    return json_pack("{s:s, s:s, s:I}", "fingerprint", fingerprint, "source",
                     pxi_panel_name(panel, source, sizeof source), "bars",
                     (json_int_t)pxi_panel_count_bars(panel));
}

px_status pxi_training_card(const pxi_training *t, char **out, px_error *err) {
    const px_dataset *first = &t->panel.members[0].data;
    const pxi_window window = pxi_panel_window(&t->panel);
    json_t *check = NULL;
    const pxi_columns columns = pxi_columns_all();
    double rows[PXI_N_CHECK_ROWS * PX_N_INPUTS];
    pxi_check_rows_pick(t->rows.x, t->rows.n, rows);
    px_status status = pxi_check_rows_make(t->predictor, &columns, rows, &check, err);
    if (status)
        return status;
    const pxi_card_content content = {
        .name = t->name,
        .instruments = pxi_instruments_of_card(t),
        .timeframe_minutes = first->timeframe_minutes,
        .training_window = pxi_window_json(&window, px_calendar_zone(first->calendar)),
        .config = t->config,
        .inputs = &columns,
        .data = data_json(&t->panel),
        .events = json_pack("{s:I, s:I}", "found", (json_int_t)pxi_panel_count_events(&t->panel), "used",
                            (json_int_t)t->rows.n),
        .learner = learner_json(t),
        .out_of_fold = pxi_validation_json(&t->evaluation.overall),
        .check = check,
        .findings = pxi_findings_json(&t->findings),
        .ending = t->learner.learner->ending,
        .length = t->length,
        .hash = t->hash,
    };
    return pxi_card_make(&content, out, err);
}
