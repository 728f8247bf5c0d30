// SPDX-License-Identifier: Apache-2.0
#include "events/detect.h"

const pxi_event_kind *const pxi_event_kinds[PX_N_EVENT_TYPES] = {
    [PX_EVENT_TREND] = &pxi_trend,
    [PX_EVENT_REVERSION] = &pxi_reversion,
};

const char *px_event_type_name(int type) {
    return type >= 0 && type < PX_N_EVENT_TYPES ? pxi_event_kinds[type]->name : NULL;
}

const char *px_side_name(px_side side) {
    return side == PX_LONG ? "BUY" : "SELL";
}
