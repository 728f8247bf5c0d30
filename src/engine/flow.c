// SPDX-License-Identifier: Apache-2.0
#include "engine/flow.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/work.h"

static int compare_instruments(const void *a, const void *b) {
    const px_instrument *left = &((const pxi_flow *)a)->data->instrument,
                        *right = &((const pxi_flow *)b)->data->instrument;
    const int by_symbol = strcmp(left->symbol, right->symbol);
    return by_symbol ? by_symbol : strcmp(left->key, right->key);
}

/* A tick that is not known would make slippage in ticks nothing at all. */
static px_status check_tick(const pxi_flow *flow, px_error *err) {
    const px_instrument *instrument = &flow->data->instrument;
    if (px_config_slippage(flow->config).kind != PX_SLIPPAGE_TICKS || instrument->tick > 0.0)
        return PX_OK;
    return pxi_fail(err, PX_EINPUT,
                    "slippage in ticks needs the tick of %s, which %s, or take bps:X, range:F or volume:F",
                    instrument->symbol,
                    px_dataset_is_in_place(flow->data)
                        ? "bars that are read in place do not have: import them and set it with `pixity data "
                          "instruments --tick`"
                        : "is not known: set it with `pixity data instruments --tick`");
}

px_status pxi_desks_sort(const pxi_desks *desks, px_error *err) {
    pxi_flow *flows = desks->flows;
    for (size_t k = 0; k < desks->n; k++) {
        px_status status = check_tick(&flows[k], err);
        if (status)
            return status;
    }
    qsort(flows, desks->n, sizeof *flows, compare_instruments);
    for (size_t k = 1; k < desks->n; k++)
        if (compare_instruments(&flows[k - 1], &flows[k]) == 0)
            return pxi_fail(err, PX_EINPUT, "%s is there twice: an account has one desk an instrument",
                            flows[k].data->instrument.symbol);
    /* Bars of a moment begin together; only so do they end together, and none shows what comes after. */
    for (size_t k = 1; k < desks->n; k++)
        if (flows[k].data->timeframe_minutes != flows[0].data->timeframe_minutes ||
            strcmp(px_calendar_name(flows[k].data->calendar), px_calendar_name(flows[0].data->calendar)) != 0)
            return pxi_fail(err, PX_EINPUT,
                            "%s and %s differ in timeframe or exchange: an account has one of each",
                            flows[0].data->instrument.symbol, flows[k].data->instrument.symbol);
    return PX_OK;
}

pxi_replay_setup pxi_desks_replay(const pxi_desks *desks, const pxi_replay_desk *items) {
    return (pxi_replay_setup){
        .desks = items,
        .n = desks->n,
        .config = desks->flows->config,
        .fee_table = desks->flows->fee_table,
        .rules = desks->rules,
        .sinks = desks->sinks,
        .work = desks->flows->work,
    };
}

px_status pxi_flow_tell(const pxi_flow *flow, const char *phase, px_error *err) {
    return pxi_work_tell(flow->work, phase, 0, 0, err);
}
