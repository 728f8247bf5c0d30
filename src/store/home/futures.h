// SPDX-License-Identifier: Apache-2.0
/* Futures that have stored bars. */
#ifndef PXI_FUTURES_H
#define PXI_FUTURES_H

#include "pixity/contracts.h"
#include "pixity/store.h"

typedef struct pxi_future {
    px_instrument instrument; /* key, symbol and exchange */
    px_contract contract;
} pxi_future;

typedef struct pxi_futures {
    size_t n, capacity;
    pxi_future *items; /* by day of expiry, those without one first */
} pxi_futures;

/* Those of a root, "NIFTY"; NULL = of all. *out from a zeroed struct. Errors: PX_EIO, PX_ENOMEM. */
px_status pxi_futures_read(px_home *home, const char *root, const char *exchange, pxi_futures *out,
                           px_error *err);
void pxi_futures_free(pxi_futures *futures);

#endif
