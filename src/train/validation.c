// SPDX-License-Identifier: Apache-2.0
/* What probabilities of events turned out to be worth, as card and report say it. */
#include "train/training.h"

#include <math.h>

#define COUNT(n) ((json_int_t)(n))

static json_t *share(size_t part, size_t whole) {
    return pxi_json_real(whole ? (double)part / (double)whole : NAN);
}

static json_t *bins_json(const pxi_validation *validation) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++) {
        const px_calibration_bin *bin = &validation->calibration[k];
        failed |=
            json_array_append_new(
                list, json_pack("{s:o, s:o, s:I, s:o, s:o}", "from", pxi_json_real(k / 10.0), "to",
                                pxi_json_real((k + 1) / 10.0), "events", COUNT(bin->n), "mean_probability",
                                pxi_json_real(bin->mean_p), "hit_rate", pxi_json_real(bin->frequency))) != 0;
    }
    return pxi_json_built(list, failed);
}

static json_t *decomposition_json(const pxi_validation *validation) {
    const px_calibration_summary sum = px_calibration_summarize(validation->calibration);
    const double inside = validation->scores.brier - (sum.reliability - sum.resolution + sum.uncertainty);
    return json_pack("{s:o, s:o, s:o, s:o}", "reliability", pxi_json_real(sum.reliability), "resolution",
                     pxi_json_real(sum.resolution), "uncertainty", pxi_json_real(sum.uncertainty),
                     "inside_bins", pxi_json_real(inside));
}

static json_t *thresholds_json(const pxi_validation *validation) {
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PX_N_THRESHOLDS; k++) {
        const px_threshold_row *row = &validation->thresholds[k];
        failed |= json_array_append_new(
                      list, json_pack("{s:o, s:I, s:o, s:o}", "threshold", pxi_json_real(row->threshold),
                                      "events", COUNT(row->n), "hit_rate", pxi_json_real(row->hit_rate),
                                      "mean_R_gross", pxi_json_real(row->mean_r))) != 0;
    }
    return pxi_json_built(list, failed);
}

static json_t *configured_json(const pxi_validation *validation) {
    const char *const sides[] = {px_side_name(PX_LONG), px_side_name(PX_SHORT), "both"};
    json_t *list = json_array();
    bool failed = !list;
    for (int k = 0; k < PXI_N_SELECTIONS; k++) {
        const pxi_selection *of = &validation->configured[k];
        failed |= json_array_append_new(list, json_pack("{s:s, s:o, s:I, s:o, s:o}", "side", sides[k],
                                                        "threshold", pxi_json_real(of->threshold), "events",
                                                        COUNT(of->n), "hit_rate", share(of->n_targets, of->n),
                                                        "mean_R_gross", pxi_json_real(of->mean_r))) != 0;
    }
    return pxi_json_built(list, failed);
}

static json_t *every_json(const pxi_validation *j) {
    return json_pack("{s:I, s:o, s:o, s:o}", "events", COUNT(j->n), "hit_rate", share(j->n_targets, j->n),
                     "mean_R_gross", pxi_json_real(j->every_mean_r), "median_R_gross",
                     pxi_json_real(j->every_median_r));
}

json_t *pxi_validation_json(const pxi_validation *j) {
    const px_calibration_summary sum = px_calibration_summarize(j->calibration);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "events", COUNT(j->n), "auc",
                     pxi_json_real(j->scores.auc), "log_loss", pxi_json_real(j->scores.log_loss), "brier",
                     pxi_json_real(j->scores.brier), "brier_decomposition", decomposition_json(j),
                     "calibration_error", pxi_json_real(sum.error), "take_every_event", every_json(j),
                     "as_configured", configured_json(j), "thresholds", thresholds_json(j), "calibration",
                     bins_json(j));
}

json_t *pxi_importance_json(const double importance[PX_N_INPUTS]) {
    json_t *object = json_object();
    bool failed = !object;
    for (size_t k = 0; k < PX_N_INPUTS && object; k++)
        pxi_json_put(object, px_input_name(k), pxi_json_real(importance[k]), &failed);
    return pxi_json_built(object, failed);
}

json_t *pxi_permutation_json(const pxi_permutation *permutation) {
    json_t *object = json_object();
    bool failed = !object;
    for (size_t k = 0; k < PX_N_INPUTS && object; k++)
        pxi_json_put(object, px_input_name(k),
                     json_pack("{s:o, s:o}", "auc_drop", pxi_json_real(permutation->auc_drop[k]),
                               "log_loss_rise", pxi_json_real(permutation->log_loss_rise[k])),
                     &failed);
    return pxi_json_built(object, failed);
}
