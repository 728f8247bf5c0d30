// SPDX-License-Identifier: Apache-2.0
#include "train/permutation.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/work.h"
#include "learners/exchange.h"
#include "pixity/train.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t seed = 42;

pxi_permutation pxi_permutation_undefined(void) {
    pxi_permutation result;
    for (int k = 0; k < PX_N_INPUTS; k++)
        result.auc_drop[k] = result.log_loss_rise[k] = NAN;
    return result;
}

/* An order at random (Fisher and Yates). */
static void shuffle(uint32_t *order, size_t n, pxi_rng *rng) {
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        const size_t k = pxi_rng_below(rng, i);
        const uint32_t row = order[i - 1];
        order[i - 1] = order[k];
        order[k] = row;
    }
}

static void shuffle_inputs(uint32_t *orders, size_t n, uint64_t stream) {
    for (int input = 0; input < PX_N_INPUTS; input++) {
        pxi_rng rng;
        pxi_rng_seed(&rng, seed << 32 | stream << 8 | (uint64_t)input);
        for (int i = 0; i < PXI_N_SHUFFLES; i++, orders += n)
            shuffle(orders, n, &rng);
    }
}

/* p: of the rows as they are, then of each input's shuffles. */
static px_status score(const double *p, const pxi_permutation_rows *rows, pxi_permutation *out,
                       px_error *err) {
    px_scores whole, shuffled;
    px_status status = px_scores_compute(p, rows->y, rows->n, &whole, err);
    for (int input = 0; input < PX_N_INPUTS && !status; input++) {
        out->auc_drop[input] = out->log_loss_rise[input] = 0;
        for (int i = 0; i < PXI_N_SHUFFLES && !status; i++) {
            if ((status = pxi_work_ask(rows->work, err)) ||
                (status = px_scores_compute(p += rows->n, rows->y, rows->n, &shuffled, err)))
                break;
            out->auc_drop[input] += (whole.auc - shuffled.auc) / PXI_N_SHUFFLES;
            out->log_loss_rise[input] += (shuffled.log_loss - whole.log_loss) / PXI_N_SHUFFLES;
        }
    }
    return status;
}

px_status pxi_permutation_measure(const px_predictor *predictor, const pxi_permutation_rows *rows,
                                  pxi_permutation *out, px_error *err) {
    enum { N_ORDERS = PX_N_INPUTS * PXI_N_SHUFFLES };
    const size_t n = rows->n;
    pxi_permutation result = pxi_permutation_undefined();
    px_status status = PX_OK;
    if (n > 0) {
        uint32_t *orders = n <= UINT32_MAX ? pxi_new_array(n * N_ORDERS, sizeof *orders) : NULL;
        double *p = pxi_new_array(n * (1 + N_ORDERS), sizeof *p);
        const pxi_exchange exchange = {rows->x, n, PXI_N_SHUFFLES, orders, rows->work};
        status = orders && p ? px_predictor_predict(predictor, rows->x, n, p, err) : pxi_fail_memory(err);
        if (!status) {
            shuffle_inputs(orders, n, rows->stream);
            status = pxi_exchange_predict(predictor, &exchange, p + n, err);
        }
        if (!status)
            status = score(p, rows, &result, err);
        free(orders);
        free(p);
    }
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
