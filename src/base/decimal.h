// SPDX-License-Identifier: Apache-2.0
/* The shortest decimal of a double (Dragonbox, behind a C face: its library is a header of C++). */
#ifndef PXI_DECIMAL_H
#define PXI_DECIMAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* digits * 10^exponent; no trailing zeros. */
typedef struct pxi_decimal {
    uint64_t digits; /* up to 17 of them */
    int exponent;
} pxi_decimal;

/* Of all decimals with the fewest digits that read back as `size`, the nearest; ties have an even last digit.
 * `size` is finite and above 0. */
pxi_decimal pxi_shortest_decimal(double size);

#ifdef __cplusplus
}
#endif
#endif
