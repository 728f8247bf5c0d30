// SPDX-License-Identifier: Apache-2.0
#include "models/check.h"

#include "base/error.h"
#include "models/card.h"

#include <math.h>
#include <string.h>

static json_t *row_json(const pxi_columns *columns, const double *x, double p) {
    json_t *inputs = json_array();
    bool failed = !inputs;
    for (size_t i = 0; i < columns->n; i++)
        failed |= json_array_append_new(inputs, pxi_json_real(x[columns->input_of[i]])) != 0;
    return json_pack("{s:o, s:o}", "inputs", pxi_json_built(inputs, failed), "probability", pxi_json_real(p));
}

void pxi_check_rows_pick(const float *x, size_t n, double out[PXI_N_CHECK_ROWS * PX_N_INPUTS]) {
    for (size_t i = 0; i < PXI_N_CHECK_ROWS; i++)
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            out[i * PX_N_INPUTS + k] = (double)x[(n - 1) * i / (PXI_N_CHECK_ROWS - 1) * PX_N_INPUTS + k];
}

px_status pxi_check_rows_make(const px_predictor *predictor, const pxi_columns *columns,
                              const double x[PXI_N_CHECK_ROWS * PX_N_INPUTS], json_t **out, px_error *err) {
    json_t *rows = json_array();
    double p[PXI_N_CHECK_ROWS];
    bool failed = !rows;
    px_status status = px_predictor_predict_events(predictor, x, PXI_N_CHECK_ROWS, p, err);
    for (size_t i = 0; i < PXI_N_CHECK_ROWS && !status; i++)
        failed |= json_array_append_new(rows, row_json(columns, &x[i * PX_N_INPUTS], p[i])) != 0;
    rows = pxi_json_built(rows, status || failed);
    if (!status && !rows)
        status = pxi_fail_memory(err);
    if (!status)
        *out = rows;
    return status;
}

static bool read_row(const json_t *row, const pxi_card_terms *terms, double x[PX_N_INPUTS], double *p) {
    const json_t *inputs = json_object_get(row, "inputs"), *said = json_object_get(row, "probability");
    bool good = json_array_size(inputs) == terms->n_inputs && json_is_number(said);
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        x[k] = NAN;
    for (size_t i = 0; i < terms->n_inputs && good; i++) {
        const json_t *input = json_array_get(inputs, i);
        good = json_is_number(input) || json_is_null(input);
        x[terms->input_of[i]] = json_is_null(input) ? NAN : json_number_value(input);
    }
    *p = json_number_value(said);
    return good;
}

px_status pxi_check_rows(const json_t *card, const pxi_card_terms *terms, const char *name,
                         const px_predictor *predictor, px_error *err) {
    const json_t *rows = pxi_card_get(card, "check");
    const px_learner *learner = px_predictor_learner(predictor);
    if (json_array_size(rows) != PXI_N_CHECK_ROWS)
        return pxi_fail(err, PX_ECORRUPT,
                        "the card of model %s has no %d rows to check it by; train it again", name,
                        PXI_N_CHECK_ROWS);
    for (size_t i = 0; i < PXI_N_CHECK_ROWS; i++) {
        double x[PX_N_INPUTS], said, p;
        if (!read_row(json_array_get(rows, i), terms, x, &said))
            return pxi_fail(err, PX_ECORRUPT, "row %zu of \"check\" in the card of model %s is damaged", i,
                            name);
        px_status status = px_predictor_predict_events(predictor, x, 1, &p, err);
        if (status)
            return status;
        if (!(fabs(p - said) <= learner->tolerance))
            return pxi_fail(
                err, PX_EMISMATCH,
                "model %s does not answer as when it was made, by pixity %s with XGBoost %s: row %zu of "
                "\"check\" on its card has probability %.17g there and %.17g here. Train it again with this "
                "program, or use the one that made it",
                name, pxi_card_text(card, "versions/pixity"), pxi_card_text(card, "versions/xgboost"), i,
                said, p);
    }
    return PX_OK;
}
