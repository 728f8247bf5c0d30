// SPDX-License-Identifier: Apache-2.0
#include "learners/exchange.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/work.h"
#include "learners/learner.h"

#include <stdlib.h>
#include <string.h>

px_status pxi_exchange_copies(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                              px_error *err) {
    const size_t n = exchange->n;
    float *x = pxi_new_array(n * PX_N_INPUTS, sizeof *x);
    px_status status = x ? PX_OK : pxi_fail_memory(err);
    for (size_t k = 0; k < PX_N_INPUTS && !status; k++) {
        memcpy(x, exchange->x, n * PX_N_INPUTS * sizeof *x);
        for (size_t s = 0; s < exchange->n_orders && !status; s++) {
            const size_t at = (k * exchange->n_orders + s) * n;
            if ((status = pxi_work_ask(exchange->work, err)))
                break;
            for (size_t i = 0; i < n; i++)
                x[i * PX_N_INPUTS + k] = exchange->x[exchange->from[at + i] * PX_N_INPUTS + k];
            status = px_predictor_predict(predictor, x, n, &p[at], err);
        }
    }
    free(x);
    return status;
}

px_status pxi_exchange_predict(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                               px_error *err) {
    const px_learner *learner = px_predictor_learner(predictor);
    return (learner->exchange ? learner->exchange : pxi_exchange_copies)(predictor, exchange, p, err);
}
