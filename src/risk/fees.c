// SPDX-License-Identifier: Apache-2.0
/* What a fill costs. The rates themselves: fee_table.c. */
#include "config/products.h"
#include "risk/fee_table.h"

#include <math.h>
#include <stdint.h>

static px_segment charged_as(const px_config *config, px_segment by_product) {
    if (config->fees == PX_FEES_NONE || by_product == PX_SEGMENT_NONE)
        return PX_SEGMENT_NONE;
    return config->fees == PX_FEES_FLAT_SIDES ? PX_SEGMENT_FLAT_SIDES : by_product;
}

px_segment px_fee_segment(const px_config *config) {
    return charged_as(config, pxi_product_of(config)->segment);
}

px_segment px_fee_segment_overnight(const px_config *config) {
    return charged_as(config, pxi_product_of(config)->overnight);
}

static int32_t next_known(const px_fee_table *table, const px_fee_rates *row) {
    for (const px_fee_rates *next = row; next < table->rows + table->n; next++)
        if (next->segment == row->segment && !next->approximate)
            return px_date_from_civil(next->from);
    return INT32_MAX;
}

const px_fee_rates *px_fee_rates_on(const px_fee_table *table, px_segment segment, int32_t date,
                                    int32_t *known_from) {
    const px_fee_rates *first = NULL, *found = NULL;
    if (!table)
        table = px_fee_table_builtin();
    for (size_t i = 0; i < table->n; i++) {
        const px_fee_rates *row = &table->rows[i];
        if (row->segment != segment)
            continue;
        if (!first)
            first = row;
        if (px_date_from_civil(row->from) <= date)
            found = row;
    }
    const px_fee_rates *used = found ? found : first;
    const bool known = !used || (found && !found->approximate);
    if (known_from)
        *known_from = known ? INT32_MIN : next_known(table, used);
    return used;
}

double px_fee(const px_fee_rates *rates, px_side side, double quantity, double price) {
    if (!rates)
        return 0.0;
    double turnover = quantity * price, percent = turnover / 100.0;
    bool buy = side == PX_LONG;
    double brokerage = rates->brokerage_flat + fmin(rates->brokerage_cap, rates->brokerage_pct * percent);
    double exchange = rates->exchange_pct * percent;
    double sebi = rates->sebi_pct * percent;
    double stt = (buy ? rates->stt_buy_pct : rates->stt_sell_pct) * percent;
    double stamp = (buy ? rates->stamp_buy_pct : rates->stamp_sell_pct) * percent;
    double gst = rates->gst_pct / 100.0 * (brokerage + exchange + sebi);
    return brokerage + exchange + sebi + stt + stamp + gst;
}

/* By kind: rupees a share. */
static double slippage_of(const px_market_fill *fill, px_slippage slippage) {
    switch (slippage.kind) {
    case PX_SLIPPAGE_TICKS:
        return fill->tick > 0.0 ? slippage.amount * fill->tick : NAN;
    case PX_SLIPPAGE_RANGE:
        return slippage.amount * fill->range;
    case PX_SLIPPAGE_VOLUME:
        return fill->mean_volume > 0.0
                   ? slippage.amount * fill->atr * sqrt(fill->quantity / fill->mean_volume)
                   : NAN;
    default:
        return 0.0;
    }
}

double px_slip(const px_market_fill *fill, const px_config *config) {
    const px_slippage slippage = px_config_slippage(config);
    if (slippage.kind == PX_SLIPPAGE_BPS || slippage.kind == PX_SLIPPAGE_NONE)
        return fill->price * (1.0 + fill->side * slippage.amount / 10000.0);
    const double price = fill->price + fill->side * slippage_of(fill, slippage);
    return price < 0.0 ? 0.0 : price;
}
