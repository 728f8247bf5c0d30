// SPDX-License-Identifier: Apache-2.0
#include "engine/account.h"

static px_side opposite(px_side side) {
    return side == PX_LONG ? PX_SHORT : PX_LONG;
}

pxi_account pxi_account_make(const px_config *config, const px_fee_table *rates) {
    return (pxi_account){
        .capital = config->capital,
        .cash = config->capital,
        .rates = rates,
        .segment = px_fee_segment(config),
        .overnight = px_fee_segment_overnight(config),
        .rates_known_from = INT32_MIN,
    };
}

double pxi_account_unrealised(const pxi_account *account, double close) {
    const pxi_position *position = &account->position;
    return position->side * position->quantity * (close - position->entry_price);
}

double pxi_account_equity(const pxi_account *account, double close) {
    return account->cash + account->position.side * account->position.quantity * close;
}

pxi_account_state pxi_account_state_at(const pxi_account *account, size_t bar, double peak) {
    const pxi_position *position = &account->position;
    return (pxi_account_state){
        .bar = bar,
        .cash = account->cash,
        .position = position->side * position->quantity,
        .entry_price = position->entry_price,
        .realised_gross = account->realised_gross,
        .fees_paid = account->fees_paid,
        .peak = peak,
    };
}

static double fee_on(pxi_account *account, px_segment segment, px_side side, double quantity, double price,
                     int32_t date) {
    int32_t known_from;
    const px_fee_rates *rates = px_fee_rates_on(account->rates, segment, date, &known_from);
    if (known_from > account->rates_known_from)
        account->rates_known_from = known_from;
    return px_fee(rates, side, quantity, price);
}

static double charge(pxi_account *account, double fee) {
    account->position.fees += fee;
    account->fees_paid += fee;
    account->cash -= fee;
    return fee;
}

double pxi_account_open(pxi_account *account, px_side side, double quantity, double price, int32_t date) {
    account->position = (pxi_position){
        .side = side,
        .quantity = quantity,
        .entry_price = price,
        .segment = account->segment,
        .entry_date = date,
    };
    account->cash -= side * quantity * price;
    return charge(account, fee_on(account, account->segment, side, quantity, price, date));
}

pxi_position pxi_account_close(pxi_account *account, double price, int32_t date, double *fee) {
    pxi_position *position = &account->position;
    account->realised_gross += pxi_account_unrealised(account, price);
    account->cash += position->side * position->quantity * price;
    *fee = charge(account, fee_on(account, position->segment, opposite(position->side), position->quantity,
                                  price, date));
    pxi_position closed = *position;
    *position = (pxi_position){0};
    return closed;
}

double pxi_account_carry(pxi_account *account, int32_t date) {
    pxi_position *position = &account->position;
    if (!pxi_account_is_open(account) || position->overnight || date == position->entry_date)
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
    return charge(account, due - paid);
}
