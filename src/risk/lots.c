// SPDX-License-Identifier: Apache-2.0
#include "risk/lots.h"

#include "base/decimal.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

#define MOST_LOTS 1e15

/* Divisions and products of whole numbers are exact: there nothing is to be decided. */
static bool is_whole(double lot) {
    return lot == trunc(lot);
}

/* Of n below 39. */
static wide power_of_ten(int n) {
    wide power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

double pxi_lots_in(double quantity, double lot) {
    const double about = quantity / lot;
    if (!(about > 0.0))
        return 0.0;
    if (is_whole(lot) || about >= MOST_LOTS)
        return floor(about);
    const pxi_decimal q = pxi_shortest_decimal(quantity), l = pxi_shortest_decimal(lot);
    const int shift = q.exponent - l.exponent;
    if (shift >= 0) /* below 10^15 lots of at most 10^17 each */
        return (double)(uint64_t)(q.digits * power_of_ten(shift) / l.digits);
    return -shift > 17 ? 0.0 : (double)(uint64_t)(q.digits / (l.digits * power_of_ten(-shift)));
}

/* The double nearest to number / 10^places; number is below 10^36. */
static double nearest(wide number, int places) {
    const uint64_t part = 1000000000000000000; /* 18 digits */
    double value = 0.0;
    char text[64];
    snprintf(text, sizeof text, "%" PRIu64 "%018" PRIu64 "e-%d", (uint64_t)(number / part),
             (uint64_t)(number % part), places);
    (void)pxi_parse_double(text, strlen(text), &value); /* these are digits */
    return value;
}

double pxi_lots_quantity(double lots, double lot) {
    if (!(lots > 0.0))
        return 0.0;
    if (is_whole(lot) || lots >= MOST_LOTS)
        return lots * lot;
    const pxi_decimal l = pxi_shortest_decimal(lot);
    return nearest((wide)(uint64_t)lots * l.digits, -l.exponent);
}

double pxi_whole_lots(double quantity, double lot) {
    if (lot == 0.0)
        return quantity > 0.0 ? quantity : 0.0;
    return pxi_lots_quantity(pxi_lots_in(quantity, lot), lot);
}

double pxi_lot_less(double quantity, double lot) {
    if (lot == 0.0)
        return quantity > 0.0 ? nextafter(quantity, 0.0) : 0.0;
    return pxi_lots_quantity(pxi_lots_in(quantity, lot) - 1.0, lot);
}
