// SPDX-License-Identifier: Apache-2.0
#include "model/permutation.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"
#include "pixity/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t seed = 42;

pxi_permutation pxi_permutation_undefined(void) {
    pxi_permutation result;
    for (int k = 0; k < PX_N_INPUTS; k++)
        result.auc_drop[k] = result.log_loss_rise[k] = NAN;
    return result;
}

/* Puts one input of `from` into `to` in another order (Fisher and Yates). */
static void shuffle(const float *from, float *to, size_t n, int input, pxi_rng *rng) {
    for (size_t i = 0; i < n; i++)
        to[i * PX_N_INPUTS + (size_t)input] = from[i * PX_N_INPUTS + (size_t)input];
    for (size_t i = n; i > 1; i--) {
        float *a = &to[(i - 1) * PX_N_INPUTS + (size_t)input];
        float *b = &to[pxi_rng_below(rng, i) * PX_N_INPUTS + (size_t)input];
        const float value = *a;
        *a = *b;
        *b = value;
    }
}

/* Copies of the rows and what is said of them. */
typedef struct workspace {
    float *x;
    double *p;
} workspace;

static px_status score(const px_predictor *predictor, workspace *w, const uint8_t *y, size_t n,
                       px_scores *out, px_error *err) {
    px_status status = px_predictor_predict(predictor, w->x, n, w->p, err);
    return status ? status : px_scores_compute(w->p, y, n, out, err);
}

static px_status measure_input(const px_predictor *predictor, const float *x, const uint8_t *y, size_t n,
                               int input, uint64_t stream, const px_scores *whole, workspace *w,
                               pxi_permutation *out, px_error *err) {
    pxi_rng rng;
    px_scores shuffled;
    px_status status = PX_OK;
    pxi_rng_seed(&rng, seed << 32 | stream << 8 | (uint64_t)input);
    out->auc_drop[input] = out->log_loss_rise[input] = 0;
    for (int i = 0; i < PXI_N_SHUFFLES && !status; i++) {
        shuffle(x, w->x, n, input, &rng);
        status = score(predictor, w, y, n, &shuffled, err);
        out->auc_drop[input] += (whole->auc - shuffled.auc) / PXI_N_SHUFFLES;
        out->log_loss_rise[input] += (shuffled.log_loss - whole->log_loss) / PXI_N_SHUFFLES;
    }
    for (size_t i = 0; i < n; i++) /* as it was */
        w->x[i * PX_N_INPUTS + (size_t)input] = x[i * PX_N_INPUTS + (size_t)input];
    return status;
}

px_status pxi_permutation_measure(const px_predictor *predictor, const float *x, const uint8_t *y, size_t n,
                                  uint64_t stream, pxi_permutation *out, px_error *err) {
    pxi_permutation result = pxi_permutation_undefined();
    px_scores whole;
    workspace w = {pxi_new_array(n * PX_N_INPUTS, sizeof *w.x), pxi_new_array(n, sizeof *w.p)};
    px_status status = w.x && w.p ? PX_OK : pxi_fail_memory(err);
    if (!status) {
        memcpy(w.x, x, n * PX_N_INPUTS * sizeof *x);
        status = score(predictor, &w, y, n, &whole, err);
    }
    for (int input = 0; input < PX_N_INPUTS && n > 0 && !status; input++)
        status = measure_input(predictor, x, y, n, input, stream, &whole, &w, &result, err);
    free(w.x);
    free(w.p);
    if (!status)
        *out = result;
    return status;
}

/* The mean of one number of every item, of those that have it. */
static double mean_of(const pxi_permutation *items, size_t n, int input, bool of_auc) {
    double sum = 0;
    size_t defined = 0;
    for (size_t i = 0; i < n; i++) {
        const double value = of_auc ? items[i].auc_drop[input] : items[i].log_loss_rise[input];
        sum += isnan(value) ? 0 : value;
        defined += !isnan(value);
    }
    return defined ? sum / (double)defined : NAN;
}

pxi_permutation pxi_permutation_mean(const pxi_permutation *items, size_t n) {
    pxi_permutation result;
    for (int k = 0; k < PX_N_INPUTS; k++) {
        result.auc_drop[k] = mean_of(items, n, k, true);
        result.log_loss_rise[k] = mean_of(items, n, k, false);
    }
    return result;
}
