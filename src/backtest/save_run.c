// SPDX-License-Identifier: Apache-2.0
/* Storing a run: run.json gets what only this moment knows, the store does the rest whole or not at all. */
#include <stdlib.h>
#include <string.h>
#include "backtest/result.h"
#include "base/error.h"
#include "base/json.h"

/* run.json, beginning with what storing adds. `rest` is taken. */
static px_status store(px_home *home, const char *run_id, int64_t created_us, const char *failure,
                       json_t *rest, const px_run_part *parts, size_t n_parts, px_error *err) {
    char created[PX_TIME_TEXT_SIZE], *json = NULL;
    bool failed = false;
    json_t *run = json_object();
    pxi_json_put(run, "run_id", json_string(run_id), &failed);
    pxi_json_put(run, "status", json_string(failure ? "failed" : "done"), &failed);
    pxi_json_put(run, "message", pxi_json_text(failure), &failed);
    pxi_json_put(run, "created", json_string(px_time_format_iso(created_us, NULL, created)), &failed);
    failed |= json_object_update(run, rest) != 0;
    json_decref(rest);
    run = pxi_json_built(run, failed);
    px_status status = run ? pxi_json_dump(run, &json, err) : pxi_fail_memory(err);
    if (!status)
        status = px_run_save(home, run_id, json, parts, n_parts, err);
    json_decref(run);
    free(json);
    return status;
}

px_status px_backtest_save(px_home *home, const char *run_id, const px_backtest_result *result,
                           int64_t created_us, px_error *err) {
    pxi_stored_curve equity = {0};
    const px_run_part parts[] = {
        {"trades", &result->trades}, {"signals", &result->signals},  {"orders", &result->orders},
        {"fills", &result->fills},   {PXI_CURVE_BARS, &equity.bars}, {PXI_CURVE_CHANGES, &equity.changes},
    };
    json_t *rest;
    px_status status = pxi_json_parse(result->json, strlen(result->json), "result", &rest, err);
    if (status)
        return status;
    status = pxi_curve_store(&result->equity->curve, &result->equity->bars, &equity, err);
    if (status)
        json_decref(rest);
    else
        status = store(home, run_id, created_us, NULL, rest, parts, sizeof parts / sizeof parts[0], err);
    pxi_stored_curve_free(&equity);
    return status;
}

px_status px_backtest_save_failure(px_home *home, const px_backtest_request *request, const px_config *config,
                                   int64_t created_us, const char *message, px_error *err) {
    static const char *const shared[] = {"strategy", "symbol", "timeframe", "start", "end"};
    json_t *asked = pxi_request_json(request), *rest = json_object();
    bool failed = false;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        failed |= json_object_set(rest, shared[i], json_object_get(asked, shared[i])) != 0;
    pxi_json_put(rest, "profile", json_string(px_profile_name(config->profile)), &failed);
    pxi_json_put(rest, "request", asked, &failed);
    pxi_json_put(rest, "config", pxi_config_json(config), &failed);
    rest = pxi_json_built(rest, failed);
    if (!rest)
        return pxi_fail_memory(err);
    return store(home, request->run_id, created_us, message, rest, NULL, 0, err);
}
