// SPDX-License-Identifier: Apache-2.0
#include "execution/account.h"

static px_side opposite(px_side side) {
    return side == PX_LONG ? PX_SHORT : PX_LONG;
}

pxi_account pxi_account_make(double capital) {
    return (pxi_account){.capital = capital, .cash = capital};
}

double pxi_account_unrealised(const pxi_account *account, double close) {
    const pxi_position *position = &account->position;
    return position->side * position->quantity * (close - position->entry_price);
}

double pxi_account_equity(const pxi_account *account, double close) {
    return account->cash + account->position.side * account->position.quantity * close;
}

static double fee_on(pxi_account *account, px_segment segment, px_side side, double quantity, double price,
                     int32_t date) {
    bool outside;
    const px_fee_rates *rates = px_fee_rates_on(segment, date, &outside);
    account->rates_outside |= outside;
    return px_fee(rates, side, quantity, price);
}

static double charge(pxi_account *account, double fee) {
    account->position.fees += fee;
    account->fees_paid += fee;
    account->cash -= fee;
    return fee;
}

double pxi_account_open(pxi_account *account, px_side side, double quantity, double price, px_segment segment,
                        int32_t date) {
    account->position = (pxi_position){
        .side = side,
        .quantity = quantity,
        .entry_price = price,
        .segment = segment,
        .entry_date = date,
    };
    account->cash -= side * quantity * price;
    return charge(account, fee_on(account, segment, side, quantity, price, date));
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
    px_segment segment = px_fee_segment_overnight(position->segment);
    if (segment == position->segment)
        return 0.0;
    double paid = fee_on(account, position->segment, position->side, position->quantity,
                         position->entry_price, position->entry_date);
    double due = fee_on(account, segment, position->side, position->quantity, position->entry_price,
                        position->entry_date);
    position->segment = segment;
    return charge(account, due - paid);
}
