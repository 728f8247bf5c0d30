// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include "pixity/risk.h"

/* One row a segment and date from which it is in force, oldest first within a segment. Where the numbers come
 * from:
 *   brokerage  the usual discount broker's tariff: delivery free, else 0.03 %, at most 20 rupees an order
 *   STT        Finance (No. 2) Act 2004, chapter VII, section 98: intraday sales 0.025 %; delivery 0.1 % on
 *              both sides since 2012-07-01 (Finance Act 2012)
 *   exchange   NSE, revision of transaction charges of 2024-09-27 (after SEBI's circular of 2024-07-01 on
 *              uniform charges): 2.97 rupees a lakh each side from 2024-10-01, and 10 rupees a crore to the
 *              Investor Protection Fund Trust: 0.00297 % + 0.0001 %
 *   SEBI       turnover fee of 10 rupees a crore (since 2021-04-01)
 *   stamp      Indian Stamp Act 1899, schedule I, article 56A, uniform since 2020-07-01: buyer's side
 *   GST        18 % on services (since 2017-07-01): brokerage, exchange and SEBI fees
 * The row's date is the latest of these: before it, some number differed. */
static const px_fee_rates rates_table[] = {
    {
        .segment = PX_SEGMENT_INTRADAY,
        .from = {2024, 10, 1},
        .brokerage_pct = 0.03,
        .brokerage_cap = 20,
        .stt_sell_pct = 0.025,
        .exchange_pct = 0.00307,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.003,
        .gst_pct = 18,
    },
    {
        .segment = PX_SEGMENT_DELIVERY,
        .from = {2024, 10, 1},
        .stt_buy_pct = 0.1,
        .stt_sell_pct = 0.1,
        .exchange_pct = 0.00307,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.015,
        .gst_pct = 18,
    },
    /* The original system's own rule, at every date: both sides pay as if each were buy and sale. */
    {
        .segment = PX_SEGMENT_FLAT_SIDES,
        .from = {1900, 1, 1},
        .brokerage_flat = 20,
        .stt_buy_pct = 0.025,
        .stt_sell_pct = 0.025,
        .exchange_pct = 0.00345,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.003,
        .stamp_sell_pct = 0.003,
        .gst_pct = 18,
    },
};

px_segment px_fee_segment(const px_config *config) {
    if (config->fees == PX_FEES_NONE || config->product == PX_PRODUCT_INDEX)
        return PX_SEGMENT_NONE;
    return config->fees == PX_FEES_FLAT_SIDES ? PX_SEGMENT_FLAT_SIDES : PX_SEGMENT_INTRADAY;
}

px_segment px_fee_segment_overnight(px_segment segment) {
    return segment == PX_SEGMENT_INTRADAY ? PX_SEGMENT_DELIVERY : segment;
}

const char *px_segment_name(px_segment segment) {
    static const char *const names[] = {"none", "intraday", "delivery", "flat_sides"};
    return names[segment];
}

const px_fee_rates *px_fee_rates_on(px_segment segment, int32_t date, bool *outside) {
    const px_fee_rates *first = NULL, *found = NULL;
    for (size_t i = 0; i < sizeof rates_table / sizeof rates_table[0]; i++) {
        const px_fee_rates *row = &rates_table[i];
        if (row->segment != segment)
            continue;
        if (!first)
            first = row;
        if (px_date_from_civil(row->from) <= date)
            found = row;
    }
    if (outside)
        *outside = first && !found;
    return found ? found : first;
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

double px_slip(double price, px_side side, const px_config *config) {
    return price * (1.0 + side * config->slippage_bps / 10000.0);
}
