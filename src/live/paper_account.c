// SPDX-License-Identifier: Apache-2.0
/* An account beside a stream: what comes in and what comes of it go into the ledger, and come out of it again
 * when the stream is opened the next time. */
#include "base/error.h"
#include "live/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void digest_so_far(const px_live *live, char out[PXI_HASH_TEXT_SIZE]) {
    pxi_hash copy = live->digest;
    pxi_hash_hex(&copy, out);
}

/* ---- halt --------------------------------------------------------------------------------------------- */

static void apply(px_live *live, pxi_action action) {
    live->halted = action == PXI_ACTION_HALT;
    if (live->halted)
        pxi_replay_halt(live->stream.replay);
    else
        pxi_replay_resume(live->stream.replay);
}

/* A halt is an action like a bar: what follows from it has to follow again. Before the first bar there is
 * nothing that could be repeated, so it waits for that. */
static px_status ask_owner(px_live *live, px_error *err) {
    const char *reason = "";
    px_status status = pxi_ledger_halted(live->ledger, &reason, err);
    if (status || (*reason != '\0') == live->halted || live->last_us == INT64_MIN)
        return status;
    const pxi_action action = *reason ? PXI_ACTION_HALT : PXI_ACTION_RESUME;
    pxi_line_warning(&live->lines, *reason ? "halted" : "resumed", live->last_us, 0,
                     *reason ? reason : "entries are possible again");
    status = pxi_live_keep_action(live, action, reason, err);
    apply(live, action);
    return status;
}

px_status pxi_live_keep_minute(px_live *live, const px_bar *minute, px_error *err) {
    const bool first = live->last_us == INT64_MIN;
    live->last_us = minute->ts_us;
    if (!pxi_live_is_keeping(live))
        return PX_OK;
    px_status status = pxi_ledger_minute(live->ledger, minute, err);
    return status || !first ? status : ask_owner(live, err);
}

px_status pxi_live_commit(px_live *live, px_error *err) {
    char digest[PXI_HASH_TEXT_SIZE];
    if (!live->ledger || live->repeating)
        return PX_OK;
    px_status status = ask_owner(live, err);
    digest_so_far(live, digest);
    return status ? status : pxi_ledger_commit(live->ledger, digest, err);
}

px_status pxi_live_complete_early(px_live *live, px_error *err) {
    if (!live->resample.open)
        return PX_OK;
    px_status status = pxi_live_keep_action(live, PXI_ACTION_COMPLETE, "", err);
    return status ? status : pxi_live_finish_bar(live, err);
}

/* ---- out of it again ---------------------------------------------------------------------------------- */

static px_status repeat_minute(void *user, const px_bar *minute, px_error *err) {
    px_live *live = user;
    live->last_us = minute->ts_us;
    pxi_intake_resume(&live->intake, minute);
    return pxi_live_minute(live, minute, err);
}

static px_status repeat_action(void *user, pxi_action action, const char *reason, px_error *err) {
    px_live *live = user;
    (void)reason;
    if (action == PXI_ACTION_COMPLETE)
        return pxi_live_finish_bar(live, err);
    apply(live, action);
    return PX_OK;
}

static px_status fail_other_bars(const px_live *live, const char *what, px_error *err) {
    return pxi_fail(err, PX_EMISMATCH,
                    "account %s cannot go on: %s; `pixity account reset %s` begins it anew", live->account,
                    what, live->account);
}

static px_status repeat(px_live *live, int64_t first_us, px_error *err) {
    const pxi_ledger_sink sink = {live, repeat_minute, repeat_action};
    char digest[PXI_HASH_TEXT_SIZE];
    live->repeating = live->warm = true;
    px_status status = pxi_live_warm_up(live, first_us, err);
    if (!status)
        status = pxi_ledger_repeat(live->ledger, &sink, err);
    live->repeating = false;
    live->resumed_us = live->last_us;
    digest_so_far(live, digest);
    if (!status && strcmp(digest, pxi_ledger_digest(live->ledger)) != 0)
        status = fail_other_bars(live, "what its bars give now is not what its ledger holds", err);
    return status ? status : ask_owner(live, err);
}

px_status pxi_live_open_account(px_live *live, const char *name, px_error *err) {
    int64_t first_us;
    char *config = NULL, *parameters = NULL;
    const px_parameters table = px_strategy_parameters(live->strategy);
    if (!live->home)
        return pxi_fail(err, PX_EINPUT, "account %s needs a home folder", name);
    px_status status = px_config_to_json(&live->config, &config, err);
    if (!status)
        status = px_parameters_text(&table, live->chosen.values, &parameters, err);
    if (status) {
        free(config);
        return status;
    }
    const pxi_ledger_terms terms = {
        .strategy = live->strategy->id,
        .parameters = parameters,
        .instrument = live->data.instrument.key,
        .symbol = live->data.instrument.symbol,
        .exchange = px_calendar_name(live->data.calendar),
        .timeframe_minutes = live->data.timeframe_minutes,
        .config = config,
        .model = live->model ? live->model->hash : "",
    };
    status = pxi_ledger_open(live->home, name, &terms, &live->ledger, err);
    free(parameters);
    free(config);
    if (!status && *pxi_ledger_accept(live->ledger)) {
        const size_t used = strlen(live->accept);
        snprintf(live->accept + used, sizeof live->accept - used, "%s%s", used ? "," : "",
                 pxi_ledger_accept(live->ledger));
    }
    if (!status && pxi_ledger_first(live->ledger, &first_us))
        status = repeat(live, first_us, err);
    return status;
}
