// SPDX-License-Identifier: Apache-2.0
/* xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded by splitmix64. */
#ifndef PXI_RNG_H
#define PXI_RNG_H

#include <stdint.h>

typedef struct pxi_rng {
    uint64_t s[4];
} pxi_rng;

void pxi_rng_seed(pxi_rng *rng, uint64_t seed);
uint64_t pxi_rng_next(pxi_rng *rng);
/* Uniform in [0, n), without bias; n > 0. */
uint64_t pxi_rng_below(pxi_rng *rng, uint64_t n);
/* Uniform in [0, 1) with 53 bits. */
double pxi_rng_uniform(pxi_rng *rng);

#endif
