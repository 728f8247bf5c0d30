// SPDX-License-Identifier: Apache-2.0
#include "config/products.h"

#include "base/error.h"
#include "config/keys.h"

#include <math.h>

#define SQUARE_OFF (15 * 60 + 15)

const pxi_product pxi_products[PX_N_PRODUCTS] = {
    [PX_PRODUCT_ANY] = {PX_SEGMENT_INTRADAY, PX_SEGMENT_DELIVERY, PX_NO_TIME, true, INFINITY,
                        .levered_overnight = true, .index_traded_as = "a stock"},
    [PX_PRODUCT_INTRADAY] = {PX_SEGMENT_INTRADAY, PX_SEGMENT_DELIVERY, SQUARE_OFF, true, INFINITY,
                             .crossed =
                                 "trades crossed into another session, as the bars before their square-off "
                                 "are missing; they are charged as delivery",
                             .index_traded_as = "a stock"},
    [PX_PRODUCT_DELIVERY] = {PX_SEGMENT_DELIVERY, PX_SEGMENT_DELIVERY, PX_NO_TIME, false, 1.0,
                             .pays_cash = true, .index_traded_as = "a stock"},
    [PX_PRODUCT_FUTURES] = {PX_SEGMENT_FUTURES, PX_SEGMENT_FUTURES, PX_NO_TIME, true, INFINITY,
                            .needs_lot = true, .index_traded_as = "its own future"},
    [PX_PRODUCT_INDEX] = {PX_SEGMENT_NONE, PX_SEGMENT_NONE, PX_NO_TIME, true, INFINITY,
                          .notice = "product index: research without fees; an index cannot be traded itself"},
};

int px_config_square_off(const px_config *config) {
    return pxi_config_square_off(config);
}

double px_config_leverage(const px_config *config) {
    return fmin(config->leverage, pxi_product_of(config)->max_leverage);
}

bool px_config_allows_short(const px_config *config) {
    return pxi_product_of(config)->allows_short;
}

px_slippage px_config_slippage(const px_config *config) {
    return config->slippage.amount == 0.0 && config->slippage_bps > 0.0
               ? (px_slippage){PX_SLIPPAGE_BPS, config->slippage_bps}
               : config->slippage;
}

double px_config_lot(const px_config *config, double own) {
    return isnan(config->lot_size) ? own : config->lot_size;
}

bool px_lot_is_valid(double lot) {
    return lot == 0.0 || (lot >= PXI_SMALLEST_LOT && lot <= PXI_LARGEST_LOT);
}

px_status px_config_check(const px_config *config, px_error *err) {
    if (config->slippage.amount > 0.0 && config->slippage_bps > 0.0)
        return pxi_fail(
            err, PX_EINPUT,
            "slippage and slippage_bps are both set; slippage_bps %g is short for slippage bps:%g: "
            "leave one of them out",
            config->slippage_bps, config->slippage_bps);
    bool squares_off = pxi_product_of(config)->square_off != PX_NO_TIME;
    if (squares_off && config->square_off == PX_NO_TIME)
        return pxi_fail(err, PX_EINPUT,
                        "square_off none contradicts product intraday, which closes its positions in their "
                        "session; leave square_off out, set a time, or take another product");
    return PX_OK;
}
