// SPDX-License-Identifier: Apache-2.0
#include "metrics/sharpe.h"

#include <math.h>
#include "base/normal.h"

#define EULER_GAMMA 0.57721566490153286061

double pxi_sharpe_probability(const pxi_sharpe *sharpe, double benchmark) {
    double ratio = sharpe->ratio;
    double spread = 1.0 - sharpe->skewness * ratio + (sharpe->kurtosis - 1.0) / 4.0 * ratio * ratio;
    if (!(spread > 0.0) || sharpe->n < 2)
        return NAN;
    return pxi_normal_cdf((ratio - benchmark) * sqrt((double)(sharpe->n - 1)) / sqrt(spread));
}

double pxi_sharpe_best_of(int64_t n_trials, double variance) {
    if (n_trials < 2)
        return NAN;
    double n = (double)n_trials;
    return -sqrt(variance) * ((1.0 - EULER_GAMMA) * pxi_normal_quantile(1.0 / n) +
                              EULER_GAMMA * pxi_normal_quantile(1.0 / (n * exp(1.0))));
}
