// SPDX-License-Identifier: Apache-2.0
/* A stream, from its opening to its end. px_live_bar is the way of a minute: the intake lets it through, it
 * becomes part of a bar, and a complete bar is decided on. */
#include "live/live.h"

#include "base/error.h"
#include "base/mem.h"
#include "findings/findings.h"
#include "pixity/requests.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines out ---------------------------------------------------------------------------------------- */

px_status px_live_flush(px_live *live, px_error *err) {
    pxi_text *text = &live->lines.text;
    px_status status = text->failed ? pxi_fail_memory(err) : pxi_live_commit(live, err);
    if (status)
        return status;
    const size_t length = text->length;
    text->length = 0;
    if (length && !live->write(live->user, text->data, length))
        return pxi_fail(err, PX_EIO, "the stream's output could not be written");
    return PX_OK;
}

/* Lines wait for a flush, up to a size. */
static px_status finish(px_live *live, px_status status, px_error *err) {
    const size_t most = 1 << 16;
    return status || live->lines.text.length < most ? status : px_live_flush(live, err);
}

/* ---- minutes in --------------------------------------------------------------------------------------- */

static px_status take_minute(void *user, const px_bar *minute, px_error *err) {
    px_status status = pxi_live_keep_minute(user, minute, err);
    return status ? status : pxi_live_minute(user, minute, err);
}

static px_status report_anomaly(void *user, pxi_anomaly anomaly, int64_t ts_us, size_t n, const char *detail,
                                px_error *err) {
    static const char *const messages[PXI_N_ODDITIES] = {
        [PXI_REJECTED] = "no bar: left out",
        [PXI_LATE] = "older than the bars already taken: left out",
        [PXI_REPEATED] = "the same bar again: left out",
        [PXI_CONFLICT] = "another bar of the same minute: the first one stays",
        [PXI_OUT_OF_SESSION] = "outside trading hours: left out",
        [PXI_MISSING] = "minutes are missing",
    };
    px_live *live = user;
    (void)err;
    pxi_line_warning(&live->lines, pxi_anomaly_name(anomaly), ts_us, n, detail ? detail : messages[anomaly]);
    return PX_OK;
}

static px_status take(px_live *live, const px_bar *minute, px_error *err) {
    px_status status = PX_OK;
    if (minute->ts_us <= live->resumed_us) /* the account has it */
        return PX_OK;
    if (!live->warm && !px_bar_defect(minute)) {
        live->warm = true;
        status = pxi_live_warm_up(live, minute->ts_us, err);
    }
    return status ? status : pxi_intake_bar(&live->intake, minute, err);
}

px_status px_live_bar(px_live *live, const px_bar *minute, px_error *err) {
    return finish(live, take(live, minute, err), err);
}

px_status px_live_tick(px_live *live, int64_t ts_us, double price, double volume, px_error *err) {
    const px_bar alone = {ts_us, price, price, price, price, volume};
    const char *defect = px_bar_defect(&alone);
    px_bar finished;
    px_status status = PX_OK;
    if (defect) {
        pxi_line_warning(&live->lines, pxi_anomaly_name(PXI_REJECTED), ts_us, 0, defect);
        return finish(live, PX_OK, err);
    }
    switch (pxi_tick_add(&live->tick, ts_us, price, volume, &finished)) {
    case PXI_TICK_FINISHED:
        status = take(live, &finished, err);
        break;
    case PXI_TICK_LATE:
        pxi_line_warning(&live->lines, pxi_anomaly_name(PXI_LATE), ts_us, 0,
                         "its minute is over already: left out");
        break;
    case PXI_TICK_ADDED:
        break;
    }
    return finish(live, status, err);
}

/* The minute that trades have begun. */
static px_status finish_tick(px_live *live, px_error *err) {
    if (!live->tick.open)
        return PX_OK;
    live->tick.open = false;
    return take(live, &live->tick.bar, err);
}

px_status px_live_clock(px_live *live, int64_t now_us, px_error *err) {
    const px_session *session = &live->intake.cursor.session;
    px_status status = PX_OK;
    if (live->tick.open && now_us >= live->tick.bar.ts_us + PX_US_PER_MINUTE &&
        now_us < live->tick.bar.ts_us + PX_US_PER_DAY)
        status = finish_tick(live, err);
    const bool today =
        live->intake.cursor.started && now_us >= session->midnight_us && now_us < session->next_midnight_us;
    if (!status && today && now_us >= session->close_us)
        status = pxi_live_complete_early(live, err);
    return status ? status : px_live_flush(live, err);
}

px_status px_live_end(px_live *live, px_error *err) {
    px_status status = finish_tick(live, err);
    if (!status && live->intake.held.n)
        status = pxi_intake_end_date(&live->intake, err);
    if (!status)
        status = pxi_live_complete_early(live, err);
    return status ? status : px_live_flush(live, err);
}

/* ---- opening ------------------------------------------------------------------------------------------ */

static px_status check_settings(const px_config *config, px_error *err) {
    if (px_config_looks_ahead(config))
        return pxi_fail(err, PX_EINPUT,
                        "settings that look ahead (swing=centered, vwap_fallback=dataset) cannot be traded "
                        "live; set swing=confirmed and vwap_fallback=session");
    return px_config_check(config, err);
}

static px_status choose_strategy(px_live *live, const px_live_request *request, px_error *err) {
    const char *id = request->strategy_id ? request->strategy_id : PX_USUAL_STRATEGY;
    px_status status = px_strategy_config_read(id, request->parameters, &live->chosen, err);
    live->strategy = live->chosen.strategy;
    if (!status && !live->strategy->take_events && !live->strategy->on_bar)
        status = pxi_fail(err, PX_EINPUT, "strategy %s cannot be streamed: its signals are made beforehand",
                          live->strategy->id);
    return status;
}

/* With warm-up the instrument is that of the store, else a mere name as for bars read in place. */
static px_status choose_instrument(px_live *live, const px_live_request *request, px_error *err) {
    px_instrument *instrument = &live->data.instrument;
    if (!request->symbol || !pxi_copy(live->symbol, sizeof live->symbol, request->symbol))
        return pxi_fail(err, PX_EINPUT, "name the symbol of the stream, in at most %d characters",
                        PX_NAME_SIZE - 1);
    if (px_config_warmup_backtest(&live->config) == 0) {
        px_status status = px_name_check("symbol", live->symbol, err);
        if (status)
            return status;
        pxi_copy(instrument->key, sizeof instrument->key, live->symbol);
        pxi_copy(instrument->symbol, sizeof instrument->symbol, live->symbol);
        pxi_copy(instrument->exchange, sizeof instrument->exchange, px_calendar_name(live->data.calendar));
        instrument->lot_size = 1;
        return PX_OK;
    }
    if (!live->home)
        return pxi_fail(err, PX_EINPUT,
                        "warm-up of %s needs a home folder with its bars; warmup_days=0 goes without",
                        live->symbol);
    const px_civil beginning = {1900, 1, 1};
    return px_instrument_find(live->home, live->symbol, px_calendar_name(live->data.calendar),
                              px_date_from_civil(beginning), instrument, err);
}

static px_status open_stream(px_live *live, const px_live_request *request, px_error *err) {
    const char *rates = live->config.fee_table;
    px_status status = PX_OK;
    if (live->strategy->uses_model && !live->config.skip_meta_model)
        status = px_model_open(live->home, request->model, &live->data, &live->config, &live->model, err);
    if (!status && *rates)
        status = px_fee_table_load(rates, &live->fee_table, err);
    pxi_flow flow = {
        .data = &live->data,
        .config = &live->config,
        .strategy = live->strategy,
        .parameters = live->chosen.values,
        .model = live->model,
        .fee_table = live->fee_table,
    };
    live->sinks[0] = (pxi_sink){&pxi_lines_sink, &live->lines};
    live->sinks[1] = (pxi_sink){&pxi_bookkeeping_sink, live};
    const pxi_desks desks = {.flows = &flow, .n = 1, .sinks = {live->sinks, 2}};
    return status ? status : pxi_stream_open(&live->stream, &desks, false, err);
}

static void set_up(px_live *live) {
    const pxi_intake_sink sink = {live, take_minute, report_anomaly};
    live->intake = pxi_intake_make(live->data.calendar, &sink);
    live->lines.zone = px_calendar_zone(live->data.calendar);
    live->last_us = live->resumed_us = INT64_MIN;
    pxi_hash_init(&live->digest);
}

px_status px_live_open(px_home *home, const px_live_request *request, const px_config *config,
                       px_live_write_fn write, void *user, px_live **out, px_error *err) {
    px_status status = check_settings(config, err);
    if (!status)
        status = px_findings_check_codes(request->accept, err);
    if (status)
        return status;
    px_live *live = pxi_new_array(1, sizeof *live);
    if (!live)
        return pxi_fail_memory(err);
    live->home = home;
    live->config = *config;
    live->data.timeframe_minutes = request->timeframe_minutes;
    live->write = write;
    live->user = user;
    pxi_copy(live->account, sizeof live->account, request->account ? request->account : "");
    pxi_copy(live->accept, sizeof live->accept, request->accept ? request->accept : "");
    if ((status = px_calendar_open(request->exchange, &live->data.calendar, err)) ||
        (status = px_resample_init(&live->resample, live->data.calendar, config->resample_anchor, 1,
                                   request->timeframe_minutes, err)) ||
        (status = choose_strategy(live, request, err)) || (status = choose_instrument(live, request, err)) ||
        (status = open_stream(live, request, err)))
        goto fail;
    set_up(live);
    if (request->account && (status = pxi_live_open_account(live, request->account, err)))
        goto fail;
    *out = live;
    return PX_OK;
fail:
    px_live_close(&live);
    return status;
}

void px_live_close(px_live **out) {
    px_live *live = out ? *out : NULL;
    if (!live)
        return;
    pxi_ledger_close(&live->ledger);
    pxi_stream_close(&live->stream);
    px_model_close(&live->model);
    px_fee_table_free(&live->fee_table);
    pxi_intake_free(&live->intake);
    px_bars_free(&live->parts);
    px_dataset_free(&live->data);
    pxi_findings_free(&live->findings);
    pxi_text_free(&live->lines.text);
    free(live);
    *out = NULL;
}
