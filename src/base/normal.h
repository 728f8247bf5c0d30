// SPDX-License-Identifier: Apache-2.0
/* The standard normal distribution. */
#ifndef PXI_NORMAL_H
#define PXI_NORMAL_H

/* P(Z <= z). */
double pxi_normal_cdf(double z);
/* The z with P(Z <= z) = p, to about 1e-16 relative; infinite at 0 and 1, NaN outside and for NaN. Wichura,
 * "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37 (1988) 477-484.
 */
double pxi_normal_quantile(double p);

#endif
