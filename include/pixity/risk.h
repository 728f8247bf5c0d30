// SPDX-License-Identifier: Apache-2.0
/* Risk: how much to trade, and what trading costs. SPEC section 7, docs/costs.md. */
#ifndef PX_RISK_H
#define PX_RISK_H

#include "pixity/config.h"
#include "pixity/events.h"
#include "pixity/time.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sizing ------------------------------------------------------------------------------------------- */

typedef struct px_size_request {
    double price;         /* close of the signal bar, rupees */
    double risk_distance; /* rupees a share at the stop (px_signal_risk); NaN = no stop: size_fraction of
                           * equity, leverage 1 */
    double equity;        /* at the signal bar's close, rupees */
    double quantity;      /* asked for by the signal; NaN = not */
    double lot_size;      /* at least 1 */
} px_size_request;
/* Whole shares, a multiple of the lot, 0 = below one lot. */
PX_API double px_risk_quantity(const px_size_request *request, const px_config *config);

/* ---- costs -------------------------------------------------------------------------------------------- */

typedef enum px_segment {
    PX_SEGMENT_NONE,
    PX_SEGMENT_INTRADAY,
    PX_SEGMENT_DELIVERY,
    PX_SEGMENT_FLAT_SIDES,
} px_segment;
PX_API const char *px_segment_name(px_segment segment); /* "none", "intraday", ... */

/* Rates of one segment in force from a date on. Percentages of a fill's turnover except where said. */
typedef struct px_fee_rates {
    px_segment segment;
    px_civil from;
    double brokerage_pct, brokerage_cap; /* min(pct, cap rupees) */
    double brokerage_flat;               /* rupees a fill, instead */
    double stt_buy_pct, stt_sell_pct;
    double exchange_pct, sebi_pct;
    double stamp_buy_pct, stamp_sell_pct;
    double gst_pct; /* on brokerage + exchange + SEBI */
} px_fee_rates;

/* The segment that a new position is charged as: by fees and product. */
PX_API px_segment px_fee_segment(const px_config *config);
/* What a position of this segment is charged as once it has crossed into another session. */
PX_API px_segment px_fee_segment_overnight(px_segment segment);
/* The rates in force, NULL for PX_SEGMENT_NONE. *outside is set where `date` lies before the first known row,
 * whose rates are then used (the run says so); it may be NULL. */
PX_API const px_fee_rates *px_fee_rates_on(px_segment segment, int32_t date, bool *outside);
/* Rupees for one fill of `quantity` shares at `price`; 0 for NULL rates. `side`: PX_LONG buys. */
PX_API double px_fee(const px_fee_rates *rates, px_side side, double quantity, double price);

/* A market fill's price after slippage, against the trade. `side`: PX_LONG buys. */
PX_API double px_slip(double price, px_side side, const px_config *config);

#ifdef __cplusplus
}
#endif
#endif
