// SPDX-License-Identifier: Apache-2.0
/* What is stored before the first bar of a stream, taken through the same steps, so that nothing shows where
 * the one ends and the other begins. */
#include "base/error.h"
#include "live/live.h"

#include <string.h>

static void digest(px_live *live, const px_bar *bar) {
    pxi_hash_bytes(&live->warmup, bar, sizeof *bar);
}

/* The minutes before first_us. */
static px_status feed_minutes(px_live *live, const px_bars *minutes, int64_t first_us, px_error *err) {
    px_status status = PX_OK;
    const size_t n = px_bars_lower_bound(minutes, first_us);
    for (size_t i = 0; i < n && !status; i++) {
        px_bar minute = px_bars_at(minutes, i);
        digest(live, &minute);
        status = pxi_live_minute(live, &minute, err);
    }
    if (n && !status) {
        px_bar last = px_bars_at(minutes, n - 1);
        pxi_intake_resume(&live->intake, &last);
    }
    return status;
}

/* Where only bars of the timeframe are stored: those that are complete before first_us. */
static px_status feed_bars(px_live *live, const px_bars *bars, int64_t first_us, px_error *err) {
    px_session_cursor cursor = px_session_cursor_make(live->data.calendar);
    px_status status = PX_OK;
    for (size_t i = 0; i < bars->n && !status; i++) {
        px_bar bar = px_bars_at(bars, i);
        px_session_advance(&cursor, bar.ts_us);
        if (px_session_bar_end(&cursor.session, bar.ts_us, live->data.timeframe_minutes) > first_us)
            break;
        digest(live, &bar);
        status = pxi_live_complete(live, &bar, err);
    }
    return status;
}

static px_status load(px_live *live, int timeframe_minutes, int64_t first_us, px_dataset *out,
                      px_error *err) {
    const int days = px_config_warmup_backtest(&live->config);
    const int32_t date = px_calendar_date(live->data.calendar, first_us);
    const px_data_request request = {
        .symbol = live->symbol,
        .exchange = px_calendar_name(live->data.calendar),
        .timeframe_minutes = timeframe_minutes,
        .start_date = days == PX_WARMUP_ALL ? PX_NO_DATE : date - days,
        .end_date = date,
    };
    return px_dataset_load(live->home, &request, live->config.resample_anchor, 0, out, err);
}

/* *stored_minutes is the timeframe of what was there. */
static px_status feed(px_live *live, int64_t first_us, int *stored_minutes, px_error *err) {
    px_dataset stored = {0};
    *stored_minutes = 1;
    px_status status = load(live, 1, first_us, &stored, NULL);
    if (!status) {
        status = feed_minutes(live, &stored.bars, first_us, err);
    } else {
        *stored_minutes = live->data.timeframe_minutes;
        status = load(live, *stored_minutes, first_us, &stored, err);
        if (!status)
            status = feed_bars(live, &stored.bars, first_us, err);
    }
    px_dataset_free(&stored);
    return status;
}

static px_status check_account(px_live *live, px_error *err) {
    char digest[PXI_HASH_TEXT_SIZE];
    if (!live->ledger)
        return PX_OK;
    pxi_hash_hex(&live->warmup, digest);
    if (!live->repeating)
        return pxi_ledger_set_warmup(live->ledger, digest, err);
    return strcmp(digest, pxi_ledger_warmup(live->ledger)) == 0
               ? PX_OK
               : pxi_fail(err, PX_EMISMATCH,
                          "account %s cannot go on: the bars stored of %s before it began are no longer "
                          "those that "
                          "it began with; `pixity account reset %s` begins it anew",
                          live->account, live->data.instrument.symbol, live->account);
}

static px_status warm_up(px_live *live, int64_t first_us, int *stored_minutes, px_error *err) {
    if (px_config_warmup_backtest(&live->config) == 0)
        return PX_OK;
    live->warming = true;
    pxi_hash_init(&live->warmup);
    px_status status = feed(live, first_us, stored_minutes, err);
    live->warming = false;
    return status ? status : check_account(live, err);
}

px_status pxi_live_warm_up(px_live *live, int64_t first_us, px_error *err) {
    int stored_minutes = 0;
    px_status status = warm_up(live, first_us, &stored_minutes, err);
    return status ? status : pxi_live_find(live, stored_minutes, first_us, err);
}
