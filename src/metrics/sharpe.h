// SPDX-License-Identifier: Apache-2.0
/* How sure a Sharpe ratio is. Sharpe ratios here are per return, not annualised. */
#ifndef PXI_SHARPE_H
#define PXI_SHARPE_H

#include <stdint.h>

typedef struct pxi_sharpe {
    double ratio;    /* mean / standard deviation of n returns */
    double skewness; /* of the returns */
    double kurtosis; /* raw: 3 for a normal distribution */
    int64_t n;
} pxi_sharpe;

/* Probability that the true Sharpe ratio lies above `benchmark`; NaN where undefined. Bailey and Lopez de
 * Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012. */
double pxi_sharpe_probability(const pxi_sharpe *sharpe, double benchmark);
/* The Sharpe ratio that the best of n trials without skill is expected to show, `variance` being that of the
 * trials' ratios; NaN below two. Bailey and Lopez de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio
 * Management 40(5), 2014. */
double pxi_sharpe_best_of(int64_t n_trials, double variance);

#endif
