// SPDX-License-Identifier: Apache-2.0
#include "base/rng.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t splitmix64(uint64_t *x) {
    uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
}

void pxi_rng_seed(pxi_rng *rng, uint64_t seed) {
    for (int i = 0; i < 4; i++)
        rng->s[i] = splitmix64(&seed);
}

uint64_t pxi_rng_next(pxi_rng *rng) {
    uint64_t *s = rng->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Lemire, Fast Random Integer Generation in an Interval (2019). */
uint64_t pxi_rng_below(pxi_rng *rng, uint64_t n) {
    wide product = (wide)pxi_rng_next(rng) * n;
    if ((uint64_t)product < n) {
        uint64_t threshold = -n % n;
        while ((uint64_t)product < threshold)
            product = (wide)pxi_rng_next(rng) * n;
    }
    return (uint64_t)(product >> 64);
}

double pxi_rng_uniform(pxi_rng *rng) {
    return (double)(pxi_rng_next(rng) >> 11) * 0x1p-53;
}
