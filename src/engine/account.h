// SPDX-License-Identifier: Apache-2.0
/* The account: cash, the position of each desk, drawdown and kill switch, the limits of a day and of all
 * positions together. Every change of cash goes through here, so that at any time
 *
 *     equity = cash + sum of signed quantity * close = capital + realised gross + unrealised - fees paid
 *
 * where close is the last one seen of each instrument. Sums go over the desks in their order. */
#ifndef PXI_ACCOUNT_H
#define PXI_ACCOUNT_H

#include "pixity/exits.h"
#include "pixity/risk.h"
#include "store/runs/account_curve.h"

/* How much of the account an entry is worth, unless its signal says. */
typedef enum pxi_allocation {
    PXI_ALLOCATE_RISK,     /* risk_per_trade over the risk of a share; without a stop as `fraction` */
    PXI_ALLOCATE_EQUAL,    /* equity in equal parts, one for each position there may be */
    PXI_ALLOCATE_FRACTION, /* size_fraction of equity */
} pxi_allocation;

/* What binds all desks together; zeroed, nothing does but the settings. */
typedef struct pxi_account_rules {
    size_t max_positions; /* at a time, with the entries that wait; 0 = as many as there are desks */
    double max_gross; /* value of all positions and of the entries that wait, times equity; 0 = leverage */
    pxi_allocation allocation;
} pxi_account_rules;

typedef struct pxi_position {
    px_side side;
    double quantity; /* shares; 0 = flat */
    double entry_price;
    double fees;               /* paid so far, entry included */
    px_segment segment;        /* charged as */
    int32_t entry_date;        /* session of the entry */
    bool overnight;            /* has been held across sessions */
    double overnight_leverage; /* value over equity at closes that it was held from into a later session, the
                                  largest: of a long all that the account has bought; 0 = at none, INFINITY =
                                  equity was not above 0 */
} pxi_position;

/* What the account has of a desk. */
typedef struct pxi_holding {
    pxi_position position;
    double close;   /* of the instrument, the last one seen */
    double ordered; /* rupees of the entry that waits; 0 = none */
    bool touched;   /* money has moved here since the desk's last state */
} pxi_holding;

typedef struct pxi_account {
    const px_config *config;
    pxi_account_rules rules;
    double cash, realised_gross, fees_paid;
    const px_fee_table *rates;     /* NULL = the built-in ones */
    px_segment segment, overnight; /* what positions are charged as */
    int32_t
        rates_known_from; /* rates were used before this date, from which they are known; else INT32_MIN */
    int32_t session_date; /* of the session that the account is in */
    double peak;          /* of equity */
    bool killed;          /* equity has fallen too far from it, or the owner has halted the account */
    int32_t entries_date; /* latest session that an entry was filled in; */
    int n_entries;        /* how many were */
    size_t n_trades;      /* begun so far */
    size_t n_waiting;     /* entries that wait */
    size_t n_unslipped;   /* market fills whose slippage is unknown */
    size_t n;
    pxi_holding *holdings; /* of each desk */
} pxi_account;

static inline bool pxi_account_is_open(const pxi_account *account, size_t desk) {
    return account->holdings[desk].position.quantity > 0.0;
}

/* Of n desks; `config` and `rates` are borrowed. False when out of memory. */
bool pxi_account_init(pxi_account *account, size_t n, const px_config *config, const px_fee_table *rates);
void pxi_account_free(pxi_account *account);
static inline double pxi_account_equity(const pxi_account *account) {
    double equity = account->cash;
    for (size_t k = 0; k < account->n; k++) {
        const pxi_holding *holding = &account->holdings[k];
        equity += holding->position.side * holding->position.quantity * holding->close;
    }
    return equity;
}
/* As a desk's bar leaves it. */
pxi_account_state pxi_account_state_at(const pxi_account *account, size_t desk, size_t bar);

/* A position of a side, quantity, price and date: prices have their slippage, dates are the session's.
 * Returns the fee charged, rupees. */
double pxi_account_open(pxi_account *account, size_t desk, const pxi_position *wanted);
/* Leaves the desk flat and returns its position as it was, all its fees paid; *fee is that of the exit. */
pxi_position pxi_account_close(pxi_account *account, size_t desk, double price, int32_t date, double *fee);
/* Of at most `wanted` shares, whole lots (any fraction where the lot is 0), what the account's cash pays for
 * at a price, the fee included. */
double pxi_account_payable(const pxi_account *account, const pxi_position *wanted, double lot);
/* To be called before anything fills in a session of a desk. The first one of a date looks at what every
 * position comes to over equity at the closes that it was held from, whichever desk it is of. */
void pxi_account_enter_session(pxi_account *account, int32_t date);
/* To be called at the first bar of every session of a desk: the first one later than the entry's charges what
 * the entry would have cost more at overnight rates, those of the entry's date. Returns that difference. */
double pxi_account_carry(pxi_account *account, size_t desk, int32_t date);

/* An entry of a desk waits, worth `value` rupees, and does so no longer. */
void pxi_account_order(pxi_account *account, size_t desk, double value);
void pxi_account_unorder(pxi_account *account, size_t desk);
/* Entries filled in a session, and those that wait. */
int pxi_account_entries(const pxi_account *account, int32_t date);
/* Whether there are as many positions and waiting entries as there may be, those of a desk itself aside. */
bool pxi_account_is_full(const pxi_account *account, size_t desk);
/* Rupees bound in the other desks' positions and waiting entries. */
double pxi_account_committed(const pxi_account *account, size_t desk);

/* Closes have been seen, of which some fills may follow: fires the kill switch. */
static inline void pxi_account_watch(pxi_account *account) {
    const double equity = pxi_account_equity(account);
    const double peak = equity > account->peak ? equity : account->peak;
    if (equity <= peak * (1.0 - account->config->max_drawdown_limit))
        account->killed = true;
}
/* Nothing fills at these closes any more: the equity is the one that is told, and a peak only then. */
static inline void pxi_account_reach_peak(pxi_account *account) {
    const double equity = pxi_account_equity(account);
    if (equity > account->peak)
        account->peak = equity;
}

#endif
