// SPDX-License-Identifier: Apache-2.0
#include "engine/flow.h"

#include "base/work.h"

pxi_replay_setup pxi_flow_replay(const pxi_flow *flow) {
    return (pxi_replay_setup){
        .calendar = flow->data->calendar,
        .instrument = &flow->data->instrument,
        .timeframe_minutes = flow->data->timeframe_minutes,
        .config = flow->config,
        .fee_table = flow->fee_table,
        .scope = flow->scope,
        .strategy_id = flow->strategy->id,
        .work = flow->work,
    };
}

px_status pxi_flow_tell(const pxi_flow *flow, const char *phase, px_error *err) {
    return pxi_work_tell(flow->work, phase, 0, 0, err);
}
