// SPDX-License-Identifier: Apache-2.0
/* What is known to be wrong with a stream before its first bar: with the stored bars that its indicators
 * begin with, with their distance to it, and with the settings; in the words of a run. */
#include "backtest/run_findings.h"
#include "base/error.h"
#include "findings/findings.h"
#include "live/live.h"
#include "market/bars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- stored bars -------------------------------------------------------------------------------------- */

/* Of the sessions before the first bar's: its own may have begun in the store and go on in the stream. False
 * where there is none. */
static bool look_at_stored(const px_live *live, int stored_minutes, int64_t first_us, px_dataset *out) {
    const int days = px_config_warmup_backtest(&live->config);
    const int32_t date = px_calendar_date(live->data.calendar, first_us);
    const px_data_request request = {
        .symbol = live->symbol,
        .exchange = px_calendar_name(live->data.calendar),
        .timeframe_minutes = stored_minutes,
        .start_date = days == PX_WARMUP_ALL ? PX_NO_DATE : date - days,
        .end_date = date - 1,
        .check = true,
        .accept = PX_ACCEPT_ALL,
    };
    return px_dataset_load(live->home, &request, live->config.resample_anchor, 0, out, NULL) == PX_OK;
}

/* ---- their distance ----------------------------------------------------------------------------------- */

/* Sessions between the last stored bar and the first one; a few of an exchange whose holidays are not known
 * may be none. */
static size_t count_missing(const px_live *live, const px_bars *stored, int64_t first_us) {
    const px_calendar *calendar = live->data.calendar;
    const size_t unknown = pxi_calendar_knows_holidays(calendar) ? 0 : 2;
    const size_t n =
        pxi_calendar_count_sessions(calendar, px_calendar_date(calendar, stored->ts_us[stored->n - 1]) + 1,
                                    px_calendar_date(calendar, first_us), SIZE_MAX);
    return n > unknown ? n : 0;
}

static void put_stale(px_live *live, const px_bars *stored, size_t n, int64_t first_us, bool *failed) {
    char last[PX_TIME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE], what[160];
    const px_zone *zone = px_calendar_zone(live->data.calendar);
    snprintf(what, sizeof what,
             "%zu session%s missing between the last stored bar, %.16s, and the first of the stream, %.16s",
             n, n == 1 ? " is" : "s are", px_time_format_local(stored->ts_us[stored->n - 1], zone, last),
             px_time_format_local(first_us, zone, first));
    pxi_findings_put(&live->findings, PX_FINDING_STALE_HISTORY, (int64_t)n, NULL, what, failed);
    pxi_replay_hold(live->stream.replay, 0, PX_EVENT_MIN_BAR);
}

/* The end of the window is the stream's own, and told as stale history. */
static bool is_told_elsewhere(const px_finding *finding, size_t n_missing) {
    return n_missing > 0 &&
           strcmp(finding->code, px_finding_kind_at(PX_FINDING_WINDOW_NOT_COVERED)->code) == 0;
}

static void put_stored(px_live *live, int stored_minutes, int64_t first_us, bool *failed) {
    px_dataset stored = {0};
    if (!stored_minutes || !look_at_stored(live, stored_minutes, first_us, &stored))
        return;
    const size_t n_missing = count_missing(live, &stored.bars, first_us);
    for (size_t i = 0; i < stored.findings.n; i++) {
        const px_findings one = {1, 1, &stored.findings.items[i]};
        if (!is_told_elsewhere(one.items, n_missing))
            pxi_findings_join(&live->findings, &one, failed);
    }
    if (n_missing)
        put_stale(live, &stored.bars, n_missing, first_us, failed);
    px_dataset_free(&stored);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void put_settings(px_live *live, bool *failed) {
    const pxi_run_finding_input input = {
        .config = &live->config,
        .strategy = live->strategy,
        .dataset = &live->data,
        .model = live->model,
        .fee_table = live->fee_table,
    };
    pxi_run_findings_add_first(&input, &live->findings, failed);
}

/* An account keeps what was known when it began, and says it for ever. */
static px_status keep(px_live *live, px_error *err) {
    char *document = NULL;
    if (!live->ledger || live->repeating)
        return PX_OK;
    px_status status = px_findings_document(&live->findings, &document, err);
    if (!status)
        status = pxi_ledger_set_findings(live->ledger, live->accept, document, err);
    free(document);
    return status;
}

px_status pxi_live_find(px_live *live, int stored_minutes, int64_t first_us, px_error *err) {
    char name[PX_NAME_SIZE + 40];
    bool failed = false;
    put_stored(live, stored_minutes, first_us, &failed);
    put_settings(live, &failed);
    if (failed)
        return pxi_fail_memory(err);
    snprintf(name, sizeof name, "the stored bars of %s", live->data.instrument.symbol);
    px_status status = pxi_findings_settle(&live->findings, live->accept, name, err);
    for (size_t i = 0; i < live->findings.n && !status && !live->repeating; i++)
        pxi_line_finding(&live->lines, &live->findings.items[i], first_us);
    return status ? status : keep(live, err);
}
