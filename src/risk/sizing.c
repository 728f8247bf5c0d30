// SPDX-License-Identifier: Apache-2.0
#include "risk/lots.h"

#include "pixity/risk.h"

#include <math.h>

/* What the original rules never exceed, whatever the equity. */
#define REFERENCE_MAX_SHARES 1000.0

/* The most that `money` buys: division may round up, the product then says so. */
static double affordable(double money, double price, double lot) {
    const double quantity = pxi_whole_lots(money / price, lot);
    return quantity * price > money ? pxi_lot_less(quantity, lot) : quantity;
}

/* What loses `risk` at the stop. Of lot 0 nothing is cut afterwards: not a bit more than is asked for. */
static double risked(double risk, double distance, double lot) {
    const double quantity = risk / distance;
    return lot == 0.0 && quantity * distance > risk ? pxi_lot_less(quantity, lot) : quantity;
}

static double wanted(const px_size_request *request, const px_config *config, double equity) {
    if (!isnan(request->quantity))
        return request->quantity;
    if (request->fraction > 0.0)
        return request->fraction * equity / request->price;
    if (isnan(request->risk_distance))
        return config->size_fraction * equity / request->price;
    return risked(config->risk_per_trade, request->risk_distance, request->lot_size);
}

/* NaN = no such limit. */
static void cap(px_size *size, double limit, px_cap name) {
    if (limit < size->quantity)
        *size = (px_size){limit, name};
}

px_size px_risk_size(const px_size_request *request, const px_config *config) {
    const bool initial = config->equity_cap == PX_EQUITY_INITIAL;
    const double equity = initial ? config->capital : request->equity, lot = request->lot_size;
    const double leverage = isnan(request->risk_distance) ? 1.0 : px_config_leverage(config);
    const bool gross = request->max_gross > 0.0 && request->max_gross < leverage;
    const double money = (gross ? request->max_gross : leverage) * equity - request->committed;
    const double asked = wanted(request, config, equity);

    px_size size = {asked, PX_CAP_NONE};
    cap(&size, affordable(money, request->price, lot), gross ? PX_CAP_MAX_GROSS : PX_CAP_LEVERAGE);
    cap(&size, config->max_position_size, PX_CAP_MAX_POSITION_SIZE);
    if (initial)
        cap(&size, REFERENCE_MAX_SHARES, PX_CAP_EQUITY_CAP);
    size.quantity = pxi_whole_lots(size.quantity, lot);
    if (size.quantity == pxi_whole_lots(asked, lot))
        size.capped_by = PX_CAP_NONE;
    return size;
}

const char *px_cap_name(px_cap which) {
    static const char *const names[] = {
        [PX_CAP_NONE] = NULL,
        [PX_CAP_LEVERAGE] = "leverage",
        [PX_CAP_MAX_GROSS] = "max_gross",
        [PX_CAP_MAX_POSITION_SIZE] = "max_position_size",
        [PX_CAP_EQUITY_CAP] = "equity_cap",
        [PX_CAP_CASH] = "cash",
    };
    return names[which];
}
