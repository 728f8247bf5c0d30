// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include "pixity/risk.h"

/* What the original rules never exceed, whatever the equity. */
#define REFERENCE_MAX_SHARES 1000.0

/* The most shares that `money` buys: division may round up, the product then says so. */
static double affordable(double money, double price, double lot) {
    double lots = floor(money / price / lot);
    if (lots * lot * price > money)
        lots -= 1;
    return lots * lot;
}

static double wanted(const px_size_request *request, const px_config *config, double equity) {
    if (!isnan(request->quantity))
        return request->quantity;
    if (request->fraction > 0.0)
        return request->fraction * equity / request->price;
    if (isnan(request->risk_distance))
        return config->size_fraction * equity / request->price;
    return floor(config->risk_per_trade / request->risk_distance);
}

double px_risk_quantity(const px_size_request *request, const px_config *config) {
    bool initial = config->equity_cap == PX_EQUITY_INITIAL;
    double equity = initial ? config->capital : request->equity;
    double leverage = isnan(request->risk_distance) ? 1.0 : px_config_leverage(config);
    double lot = request->lot_size;
    double quantity = wanted(request, config, equity);

    if (request->max_gross > 0.0)
        leverage = fmin(leverage, request->max_gross);
    quantity = fmin(quantity, affordable(leverage * equity - request->committed, request->price, lot));
    quantity = fmin(quantity, config->max_position_size); /* NaN = none: fmin takes the other */
    if (initial)
        quantity = fmin(quantity, REFERENCE_MAX_SHARES);
    quantity = floor(quantity / lot) * lot;
    return quantity >= lot ? quantity : 0.0;
}
