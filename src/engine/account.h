// SPDX-License-Identifier: Apache-2.0
/* Money and the one position of a symbol. Every change of cash goes through here, so that at any time
 *
 *     equity = cash + signed quantity * close = capital + realised gross + unrealised - fees paid
 */
#ifndef PXI_ACCOUNT_H
#define PXI_ACCOUNT_H

#include "pixity/exits.h"
#include "pixity/risk.h"
#include "store/runs/account_curve.h"

typedef struct pxi_position {
    px_side side;
    double quantity; /* shares; 0 = flat */
    double entry_price;
    double fees;        /* paid so far, entry included */
    px_segment segment; /* charged as */
    int32_t entry_date; /* session of the entry */
    bool overnight;     /* has been held across sessions */
} pxi_position;

typedef struct pxi_account {
    double capital, cash, realised_gross, fees_paid;
    const px_fee_table *rates;     /* NULL = the built-in ones */
    px_segment segment, overnight; /* what positions are charged as */
    int32_t
        rates_known_from; /* rates were used before this date, from which they are known; else INT32_MIN */
    pxi_position position;
} pxi_account;

static inline bool pxi_account_is_open(const pxi_account *account) {
    return account->position.quantity > 0.0;
}

/* `rates` are borrowed. */
pxi_account pxi_account_make(const px_config *config, const px_fee_table *rates);
double pxi_account_unrealised(const pxi_account *account, double close);
double pxi_account_equity(const pxi_account *account, double close);
/* As it is at the close of a bar, with the peak of equity so far. */
pxi_account_state pxi_account_state_at(const pxi_account *account, size_t bar, double peak);

/* Prices have their slippage; `date` is the session's. Returns the fee charged, rupees. */
double pxi_account_open(pxi_account *account, px_side side, double quantity, double price, int32_t date);
/* Leaves the account flat and returns the position as it was, all its fees paid; *fee is that of the exit. */
pxi_position pxi_account_close(pxi_account *account, double price, int32_t date, double *fee);
/* To be called at the start of every bar: the first one in a later session than the entry's charges what the
 * entry would have cost more at overnight rates, those of the entry's date. Returns that difference. */
double pxi_account_carry(pxi_account *account, int32_t date);

#endif
