// SPDX-License-Identifier: Apache-2.0
#include "engine/liquidity.h"

#include <math.h>
#include "market/stretch.h"

px_status pxi_liquidity_open(pxi_liquidity *l, const px_config *config, const px_calendar *calendar,
                             px_error *err) {
    static const char *const columns[] = {"atr(14)", NULL};
    const pxi_columns_setup setup = {.config = config, .calendar = calendar};
    *l = (pxi_liquidity){
        .kind = px_config_slippage(config).kind,
        .holes = pxi_holes_by(config, calendar),
        .range = NAN,
        .atr = NAN,
    };
    return l->kind == PX_SLIPPAGE_VOLUME ? pxi_columns_open(&l->columns, columns, &setup, err) : PX_OK;
}

void pxi_liquidity_close(pxi_liquidity *l) {
    pxi_columns_close(&l->columns);
}

/* Of one stretch. */
static void see_block(pxi_liquidity *l, const px_bars *block) {
    double atr[PXI_BLOCK], *out[] = {atr};
    const size_t last = block->n - 1;
    if (l->n && pxi_is_hole(l->holes, l->last_us, block->ts_us[0]))
        l->begin = l->n;
    l->last_us = block->ts_us[last];
    l->range = block->high[last] - block->low[last];
    if (l->kind == PX_SLIPPAGE_VOLUME) {
        pxi_columns_run(&l->columns, block, out);
        l->atr = atr[last];
        for (size_t i = 0; i < block->n; i++)
            l->volumes[(l->n + i) % PXI_LIQUIDITY_BARS] = block->volume[i];
    }
    l->n += block->n;
}

void pxi_liquidity_see(pxi_liquidity *l, const px_bars *bars) {
    for (size_t begin = 0, end; begin < bars->n; begin = end) {
        end = bars->n - begin < PXI_BLOCK ? bars->n : begin + PXI_BLOCK;
        end = pxi_next_hole(bars, begin + 1, end, l->holes);
        const px_bars block = {
            .n = end - begin,
            .ts_us = bars->ts_us + begin,
            .open = bars->open + begin,
            .high = bars->high + begin,
            .low = bars->low + begin,
            .close = bars->close + begin,
            .volume = bars->volume + begin,
        };
        see_block(l, &block);
    }
}

/* The oldest first, whatever place it has. */
static double mean_volume(const pxi_liquidity *l) {
    const size_t seen = l->n - l->begin, n = seen < PXI_LIQUIDITY_BARS ? seen : PXI_LIQUIDITY_BARS;
    double sum = 0.0;
    for (size_t i = l->n - n; i < l->n; i++)
        sum += l->volumes[i % PXI_LIQUIDITY_BARS];
    return sum / (double)n;
}

void pxi_liquidity_tell(const pxi_liquidity *l, int64_t ts_us, px_market_fill *out) {
    if (l->n && pxi_is_hole(l->holes, l->last_us, ts_us)) {
        out->range = out->atr = out->mean_volume = NAN;
        return;
    }
    out->range = l->range;
    out->atr = l->atr;
    out->mean_volume = l->kind == PX_SLIPPAGE_VOLUME && l->n ? mean_volume(l) : NAN;
}
