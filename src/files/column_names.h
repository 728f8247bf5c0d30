// SPDX-License-Identifier: Apache-2.0
/* The names that columns of bar files have, one row a role (column_names.c). A name is compared by its
 * letters and digits alone, in any case: "<TICKVOL>", "Tick Vol" and "tick_vol" are one. */
#ifndef PXI_NAMES_H
#define PXI_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* What a column holds. */
typedef enum pxi_bar_role {
    PXI_ROLE_TIME, /* the moment, its date, or the time of day beside a date: its cells tell */
    PXI_ROLE_OPEN,
    PXI_ROLE_HIGH,
    PXI_ROLE_LOW,
    PXI_ROLE_CLOSE,
    PXI_ROLE_VOLUME,
    PXI_ROLE_SYMBOL,
    PXI_ROLE_TICKS,  /* changes of the price: the volume where no other is traded */
    PXI_ROLE_SERIES, /* of the exchange: EQ, BE, ... */
    PXI_ROLE_INTERVAL,
    PXI_ROLE_EXPIRY,
    PXI_ROLE_STRIKE,
    PXI_ROLE_OPTION, /* CE, PE, call, put, XX */
    PXI_N_ROLES,
} pxi_bar_role;

#define PXI_NAME_KEY_SIZE 64
/* The letters and digits of a name in lower case; bytes of other alphabets stay. */
void pxi_name_key(const char *name, char key[PXI_NAME_KEY_SIZE]);
/* The role of a column with this name, and how well it names it: 1 = before all others. False if it is none
 * that bars need. */
bool pxi_name_role(const char *name, pxi_bar_role *role, int *rank);
/* How a role is called by users, and in messages: "time", "open", ..., "tick volume". */
const char *pxi_role_name(pxi_bar_role role);
/* How many of open, high, low and close stand among the names. */
size_t pxi_names_prices(const char *const *names, size_t n);

#endif
