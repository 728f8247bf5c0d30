// SPDX-License-Identifier: Apache-2.0
#include "base/normal.h"

#include <math.h>

double pxi_normal_cdf(double z) {
    return 0.5 * erfc(-z / sqrt(2.0));
}

/* ---- AS 241, routine PPND16 --------------------------------------------------------------------------- */

#define N_COEFFICIENTS 8

/* A rational function; coefficients by ascending power. */
typedef struct fraction {
    double above[N_COEFFICIENTS], below[N_COEFFICIENTS];
} fraction;

/* |p - 1/2| <= 0.425, of 0.425^2 - (p - 1/2)^2 */
static const fraction central = {
    {3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
     3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3},
};
/* Tails down to 1.4e-11, of sqrt(-log(tail)) - 1.6 */
static const fraction tail = {
    {1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
     1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};
/* Farther ones, of sqrt(-log(tail)) - 5 */
static const fraction far_tail = {
    {6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
     2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

static double polynomial(const double coefficients[N_COEFFICIENTS], double x) {
    double sum = 0.0;
    for (int i = N_COEFFICIENTS; i-- > 0;)
        sum = sum * x + coefficients[i];
    return sum;
}

static double value(const fraction *f, double x) {
    return polynomial(f->above, x) / polynomial(f->below, x);
}

double pxi_normal_quantile(double p) {
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * value(&central, 0.180625 - q * q);
    double outside = q < 0.0 ? p : 1.0 - p;
    if (!(outside > 0.0))
        return outside == 0.0 ? copysign(INFINITY, q) : NAN;
    double r = sqrt(-log(outside));
    return copysign(r <= 5.0 ? value(&tail, r - 1.6) : value(&far_tail, r - 5.0), q);
}
