// SPDX-License-Identifier: Apache-2.0
/* Storing a run: it gets what only this moment knows, the store does the rest whole or not at all. */
#include "backtest/result.h"
#include "base/error.h"
#include "store/runs/run_index.h"
#include "store/runs/run_json.h"

static px_status store(px_home *home, px_run *run, const char *run_id, int64_t created_us,
                       const pxi_run_parts *parts, px_error *err) {
    char created[PX_TIME_TEXT_SIZE];
    bool failed = false;
    pxi_run_set(&run->run_id, run_id, &failed);
    pxi_run_set(&run->status, run->message ? "failed" : "done", &failed);
    pxi_run_set(&run->created, px_time_format_iso(created_us, NULL, created), &failed);
    return failed ? pxi_fail_memory(err) : pxi_run_store(home, run, parts, err);
}

px_status px_backtest_save(px_home *home, const char *run_id, px_backtest_result *result, int64_t created_us,
                           px_error *err) {
    pxi_stored_curve equity = {0};
    const px_run_part parts[] = {
        {"trades", &result->trades}, {"signals", &result->signals},  {"orders", &result->orders},
        {"fills", &result->fills},   {PXI_CURVE_BARS, &equity.bars}, {PXI_CURVE_CHANGES, &equity.changes},
    };
    px_status status = pxi_curve_store(&result->equity->curve, &result->equity->bars, &equity, err);
    if (!status)
        status = store(home, &result->run, run_id, created_us,
                       &(pxi_run_parts){parts, sizeof parts / sizeof *parts}, err);
    pxi_stored_curve_free(&equity);
    return status;
}

px_status px_backtest_save_failure(px_home *home, const px_backtest_request *request, const px_config *config,
                                   int64_t created_us, const char *message, px_error *err) {
    px_run run = {0};
    bool failed = false;
    px_status status = pxi_describe_failure(request, config, &run, err);
    pxi_run_set(&run.message, message, &failed);
    if (!status && failed)
        status = pxi_fail_memory(err);
    if (!status)
        status = store(home, &run, request->run_id, created_us, &(pxi_run_parts){0}, err);
    px_run_free(&run);
    return status;
}
