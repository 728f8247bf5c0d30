// SPDX-License-Identifier: Apache-2.0
#include "engine/account.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "risk/lots.h"

static px_side opposite(px_side side) {
    return side == PX_LONG ? PX_SHORT : PX_LONG;
}

bool pxi_account_init(pxi_account *account, size_t n, const px_config *config, const px_fee_table *rates) {
    *account = (pxi_account){
        .config = config,
        .cash = config->capital,
        .rates = rates,
        .segment = px_fee_segment(config),
        .overnight = px_fee_segment_overnight(config),
        .rates_known_from = INT32_MIN,
        .session_date = INT32_MIN,
        .peak = config->capital,
        .entries_date = INT32_MIN,
        .n = n,
        .holdings = pxi_new_array(n, sizeof *account->holdings),
    };
    return account->holdings != NULL;
}

void pxi_account_free(pxi_account *account) {
    free(account->holdings);
    *account = (pxi_account){0};
}

/* ---- what it is worth --------------------------------------------------------------------------------- */

pxi_account_state pxi_account_state_at(const pxi_account *account, size_t desk, size_t bar) {
    const pxi_position *position = &account->holdings[desk].position;
    return (pxi_account_state){
        .bar = bar,
        .cash = account->cash,
        .position = position->side * position->quantity,
        .entry_price = position->entry_price,
        .realised_gross = account->realised_gross,
        .fees_paid = account->fees_paid,
        .peak = account->peak,
        .desk = desk,
    };
}

/* ---- fees --------------------------------------------------------------------------------------------- */

static double fee_on(pxi_account *account, px_segment segment, px_side side, double quantity, double price,
                     int32_t date) {
    int32_t known_from;
    const px_fee_rates *rates = px_fee_rates_on(account->rates, segment, date, &known_from);
    if (known_from > account->rates_known_from)
        account->rates_known_from = known_from;
    return px_fee(rates, side, quantity, price);
}

static double charge(pxi_account *account, size_t desk, double fee) {
    account->holdings[desk].position.fees += fee;
    account->holdings[desk].touched = true;
    account->fees_paid += fee;
    account->cash -= fee;
    return fee;
}

/* ---- positions ---------------------------------------------------------------------------------------- */

static void count_entry(pxi_account *account, int32_t date) {
    if (date > account->entries_date) {
        account->entries_date = date;
        account->n_entries = 0;
    }
    account->n_entries++;
    account->n_trades++;
}

double pxi_account_open(pxi_account *account, size_t desk, const pxi_position *wanted) {
    pxi_position *position = &account->holdings[desk].position;
    *position = *wanted;
    position->segment = account->segment;
    count_entry(account, wanted->entry_date);
    account->cash -= wanted->side * wanted->quantity * wanted->entry_price;
    return charge(account, desk,
                  fee_on(account, account->segment, wanted->side, wanted->quantity, wanted->entry_price,
                         wanted->entry_date));
}

/* Whether the cash pays for so many shares; fees grow with the quantity. */
static bool pays(const pxi_account *account, const pxi_position *wanted, double quantity) {
    const px_fee_rates *rates = px_fee_rates_on(account->rates, account->segment, wanted->entry_date, NULL);
    return quantity * wanted->entry_price + px_fee(rates, wanted->side, quantity, wanted->entry_price) <=
           account->cash;
}

/* The largest double, where any fraction is a quantity. */
static double payable_part(const pxi_account *account, const pxi_position *wanted) {
    double enough = 0.0, too_much = wanted->quantity;
    for (;;) {
        const double half = enough + (too_much - enough) / 2.0;
        if (half <= enough || half >= too_much)
            return enough;
        if (pays(account, wanted, half))
            enough = half;
        else
            too_much = half;
    }
}

double pxi_account_payable(const pxi_account *account, const pxi_position *wanted, double lot) {
    if (pays(account, wanted, wanted->quantity))
        return wanted->quantity;
    if (lot == 0.0)
        return payable_part(account, wanted);
    double enough = 0.0, too_many = pxi_lots_in(wanted->quantity, lot);
    while (too_many - enough > 1.0) {
        const double lots = floor((enough + too_many) / 2.0);
        if (pays(account, wanted, pxi_lots_quantity(lots, lot)))
            enough = lots;
        else
            too_many = lots;
    }
    return pxi_lots_quantity(enough, lot);
}

void pxi_account_enter_session(pxi_account *account, int32_t date) {
    if (date <= account->session_date)
        return;
    account->session_date = date;
    const double equity = pxi_account_equity(account);
    double bought = 0.0;
    for (size_t k = 0; k < account->n; k++)
        if (account->holdings[k].position.side == PX_LONG)
            bought += account->holdings[k].position.quantity * account->holdings[k].close;
    for (size_t k = 0; k < account->n; k++) {
        pxi_position *position = &account->holdings[k].position;
        const double value =
            position->side == PX_LONG ? bought : position->quantity * account->holdings[k].close;
        const double leverage = equity > 0.0 ? value / equity : INFINITY;
        if (pxi_account_is_open(account, k) && leverage > position->overnight_leverage)
            position->overnight_leverage = leverage;
    }
}

pxi_position pxi_account_close(pxi_account *account, size_t desk, double price, int32_t date, double *fee) {
    pxi_position *position = &account->holdings[desk].position;
    account->realised_gross += position->side * position->quantity * (price - position->entry_price);
    account->cash += position->side * position->quantity * price;
    *fee =
        charge(account, desk,
               fee_on(account, position->segment, opposite(position->side), position->quantity, price, date));
    const pxi_position closed = *position;
    *position = (pxi_position){0};
    return closed;
}

double pxi_account_carry(pxi_account *account, size_t desk, int32_t date) {
    pxi_position *position = &account->holdings[desk].position;
    if (!pxi_account_is_open(account, desk) || position->overnight || date == position->entry_date)
        return 0.0;
    position->overnight = true;
    px_segment segment = account->overnight;
    if (segment == position->segment)
        return 0.0;
    double paid = fee_on(account, position->segment, position->side, position->quantity,
                         position->entry_price, position->entry_date);
    double due = fee_on(account, segment, position->side, position->quantity, position->entry_price,
                        position->entry_date);
    position->segment = segment;
    return charge(account, desk, due - paid);
}

/* ---- what binds the desks together -------------------------------------------------------------------- */

void pxi_account_order(pxi_account *account, size_t desk, double value) {
    account->holdings[desk].ordered = value;
    account->n_waiting++;
}

void pxi_account_unorder(pxi_account *account, size_t desk) {
    account->holdings[desk].ordered = 0.0;
    account->n_waiting--;
}

int pxi_account_entries(const pxi_account *account, int32_t date) {
    return (int)account->n_waiting + (date <= account->entries_date ? account->n_entries : 0);
}

bool pxi_account_is_full(const pxi_account *account, size_t desk) {
    size_t taken = 0;
    if (account->rules.max_positions == 0)
        return false;
    for (size_t k = 0; k < account->n; k++)
        taken += k != desk && (pxi_account_is_open(account, k) || account->holdings[k].ordered > 0.0);
    return taken >= account->rules.max_positions;
}

double pxi_account_committed(const pxi_account *account, size_t desk) {
    double value = 0.0;
    for (size_t k = 0; k < account->n; k++) {
        const pxi_holding *holding = &account->holdings[k];
        if (k != desk) /* an entry that waits takes the place of what is held */
            value += holding->ordered > 0.0 ? holding->ordered : holding->position.quantity * holding->close;
    }
    return value;
}
