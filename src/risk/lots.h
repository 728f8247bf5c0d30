// SPDX-License-Identifier: Apache-2.0
/* Quantities in lots. A lot is a decimal such as 0.001, which no double holds. A quantity is so many whole
 * lots of that decimal, written as the double nearest to the product: 3 lots of 0.1 are 0.3, and 0.3 holds 3
 * lots of 0.1. Beyond 10^15 lots a double cannot tell one from the next; such quantities are right to its
 * last bit. */
#ifndef PXI_LOTS_H
#define PXI_LOTS_H

/* How many whole lots (above 0) a quantity holds; none where it is below one, negative or NaN. */
double pxi_lots_in(double quantity, double lot);
/* The quantity of so many whole lots; 0 for none and fewer. */
double pxi_lots_quantity(double lots, double lot);
/* A quantity cut to whole lots. Of lot 0 any fraction is one; nothing is below 0. */
double pxi_whole_lots(double quantity, double lot);
/* The next smaller quantity: a lot less, or of lot 0 the double below. */
double pxi_lot_less(double quantity, double lot);

#endif
