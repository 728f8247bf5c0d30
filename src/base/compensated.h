// SPDX-License-Identifier: Apache-2.0
/* Sums that keep what rounding takes from them, so that the order of their terms decides nothing. Of doubles
 * up to 1e299, whose products may be multiplied by 2^27. T. Ogita, S. Rump, S. Oishi, Accurate Sum and Dot
 * Product, SIAM Journal on Scientific Computing 26(6), 2005. */
#ifndef PXI_COMPENSATED_H
#define PXI_COMPENSATED_H

/* a + b - sum, exactly, where sum is a + b rounded (D. Knuth). */
static inline double pxi_rest_of_sum(double a, double b, double sum) {
    const double of_b = sum - a;
    return (a - (sum - of_b)) + (b - of_b);
}

/* a b - product, exactly, where product is a b rounded (T. Dekker): by halves, whose products are exact. */
static inline double pxi_rest_of_product(double a, double b, double product) {
    const double a_shifted = 134217729.0 * a, b_shifted = 134217729.0 * b;
    const double a_high = a_shifted - (a_shifted - a), b_high = b_shifted - (b_shifted - b);
    const double a_low = a - a_high, b_low = b - b_high;
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/* `high` is the sum as it rounds term by term, `low` what that lost. */
typedef struct pxi_sum {
    double high, low;
} pxi_sum;
static inline void pxi_sum_add(pxi_sum *sum, double term, double rest_of_term) {
    const double high = sum->high + term;
    sum->low += pxi_rest_of_sum(sum->high, term, high) + rest_of_term;
    sum->high = high;
}

#endif
