// SPDX-License-Identifier: Apache-2.0
/* One file that shows a run: the documents of the API under their routes, inside the page that draws them. */
#include "base/error.h"
#include "base/json.h"
#include "report/run_bars.h"
#include "report/columns.h"
#include "report/documents.h"
#include "report/embed.h"
#include "report/html.h"

#include <stdlib.h>
#include <string.h>

/* Shown over the whole window; more can be asked of the program itself. */
#define INDICATORS "ema20,ema50,vwap"
/* Room that is kept for what tells what was left out. */
#define NOTES_BYTES 1024

static const px_report_config usual = {.points = 4000, .max_bytes = 2000000};

typedef struct report {
    px_home *home;
    const char *id;
    const px_report_config *config;
    pxi_stored_run run;
    const px_zone *zone;
    px_table trades, rows, events;
    pxi_equity equity;
    pxi_bar_view bars; /* data.calendar is NULL where they cannot be had */
    pxi_text data, plain, notes;
} report;

static void close_report(report *r) {
    pxi_stored_run_close(&r->run);
    px_table_free(&r->trades);
    px_table_free(&r->rows);
    px_table_free(&r->events);
    pxi_equity_free(&r->equity);
    pxi_bar_view_free(&r->bars);
    pxi_text_free(&r->data);
    pxi_text_free(&r->plain);
    pxi_text_free(&r->notes);
}

/* ---- members ------------------------------------------------------------------------------------------ */

/* "/api/v1/runs/ID<rest>". */
static void begin_member(report *r, const char *rest) {
    pxi_text_puts(&r->data, r->data.length > 1 ? ",\n" : "\n");
    pxi_text_printf(&r->data, "\"/api/v1/runs/%s%s\":", r->id, rest);
}

/* Takes the text over. */
static void add_json(report *r, const char *rest, char *json) {
    begin_member(r, rest);
    pxi_embed_json(&r->data, json, strlen(json));
    free(json);
}

static px_status encode(px_columns *columns, pxi_text *out, px_error *err) {
    char *bytes = NULL;
    size_t length = 0;
    px_status status = px_columns_to_binary(columns, &bytes, &length, err);
    if (!status) {
        pxi_text_puts(out, "\"");
        pxi_embed_base64(out, (const unsigned char *)bytes, length);
        pxi_text_puts(out, "\"");
    }
    free(bytes);
    return status;
}

static px_status add_columns(report *r, const char *rest, px_columns *columns, px_error *err) {
    begin_member(r, rest);
    px_status status = encode(columns, &r->data, err);
    px_columns_free(columns);
    return status;
}

/* As the API answers where it cannot. */
static void add_error(report *r, const char *rest, px_status status, const char *message) {
    begin_member(r, rest);
    pxi_text quoted = {0};
    pxi_json_quote(&quoted, message);
    pxi_text_printf(&r->data, "{\"error\":{\"code\":\"%s\",\"status\":%d,\"message\":",
                    status == PX_ENOTFOUND ? "not_found"
                    : status == PX_EINPUT  ? "bad_request"
                                           : "internal",
                    status == PX_ENOTFOUND ? 404
                    : status == PX_EINPUT  ? 400
                                           : 500);
    if (quoted.data)
        pxi_embed_json(&r->data, quoted.data, quoted.length);
    r->data.failed |= quoted.failed;
    pxi_text_puts(&r->data, "}}");
    pxi_text_free(&quoted);
}

/* ---- what is always there ------------------------------------------------------------------------------ */

/* A document of the program, whatever the run. */
static px_status add_common(report *r, const char *route, px_status (*make)(char **json, px_error *err),
                            px_error *err) {
    char *json = NULL;
    px_status status = make(&json, err);
    if (status)
        return status;
    pxi_text_printf(&r->data, ",\n\"/api/v1%s\":", route);
    pxi_embed_json(&r->data, json, strlen(json));
    free(json);
    return PX_OK;
}

static px_status add_results(report *r, px_error *err) {
    px_columns columns = {0};
    char *trades = NULL, *months = NULL, *distributions = NULL;
    px_status status = pxi_rows_document(&r->rows, r->rows.n_rows, r->zone, &trades, err);
    if (!status) {
        add_json(r, "/trades", trades);
        status = pxi_equity_columns(&r->equity, &r->run, &columns, err);
    }
    if (!status)
        status = add_columns(r, "/equity", &columns, err);
    if (!status)
        status = pxi_months_document(&r->run, r->id, &r->equity, &r->trades, &months, err);
    if (!status) {
        add_json(r, "/months", months);
        status = pxi_distributions_document(&r->trades, r->id, &distributions, err);
    }
    if (!status) {
        add_json(r, "/distributions", distributions);
        status = add_common(r, "/metrics", px_metrics_document, err);
    }
    return status ? status : add_common(r, "/config/keys", px_config_keys_document, err);
}

/* Bars that are gone leave a report without candles, which says why. */
static px_status add_candles(report *r, px_error *err) {
    px_columns columns = {0};
    px_error reason = {0};
    pxi_indicators indicators;
    px_status status = pxi_indicators_parse(INDICATORS, &indicators, err);
    if (status)
        return status;
    status = pxi_run_view(r->home, &r->run, r->id, &indicators, &r->bars, &reason);
    if (!status)
        status = pxi_view_columns(&r->bars, r->config->points, &columns, &reason);
    if (status == PX_ENOMEM)
        return pxi_fail_memory(err);
    if (!status)
        return add_columns(r, "/candles", &columns, err);
    add_error(r, "/candles", status, reason.message);
    return PX_OK;
}

/* ---- what there is room for ---------------------------------------------------------------------------- */

/* What the file measures so far. */
static size_t size_of(const report *r) {
    return pxi_report_template_size + r->plain.length + r->data.length + NOTES_BYTES;
}

static size_t room_of(const report *r) {
    size_t size = size_of(r);
    return size < r->config->max_bytes ? r->config->max_bytes - size : 0;
}

static void note(report *r, const char *what) {
    pxi_text_puts(&r->notes, r->notes.length ? "," : "");
    pxi_json_quote(&r->notes, what);
}

/* Where candles over the whole time stand for several bars each, single trades need bars of their own. */
static bool needs_trade_bars(const report *r) {
    return r->bars.data.calendar && pxi_bars_per_point(r->bars.end - r->bars.begin, r->config->points) > 1;
}

/* As many bars around each trade as fit, without indicators; none is *found = false. */
static px_status find_trade_bars(report *r, size_t room, px_columns *out, bool *found, px_error *err) {
    static const size_t tries[] = {60, 40, 25, 15, 10, 6, 4, 3, 2, 1};
    const size_t n_tries = sizeof tries / sizeof *tries;
    pxi_bar_view bare = r->bars;
    px_status status = PX_OK;
    bare.indicators.n = 0;
    *found = false;
    for (size_t i = 0; i < n_tries && !status && !*found; i++) {
        size_t n_bars = 0;
        status = pxi_view_count_trade_bars(&bare, &r->trades, r->id, tries[i], &n_bars, err);
        *found = !status && (PXI_N_PRICES + 1) * n_bars * 16 / 3 + NOTES_BYTES <= room;
        if (*found)
            status = pxi_view_trade_columns(&bare, &r->trades, r->id, tries[i], out, err);
    }
    return status;
}

/* The events of a level: all, those that were executed, none. */
enum { ALL_EVENTS, EXECUTED_EVENTS, NO_EVENTS };

static px_status events_of(report *r, int level, char **json, px_error *err) {
    px_table some = {0};
    px_status status = PX_OK;
    if (level != ALL_EVENTS)
        status = pxi_rows_with(&r->events, "fate", level == EXECUTED_EVENTS ? "executed" : "", &some, err);
    if (!status)
        status =
            pxi_rows_document(level == ALL_EVENTS ? &r->events : &some, r->events.n_rows, r->zone, json, err);
    px_table_free(&some);
    return status;
}

static void note_left_out(report *r, int level, bool bars) {
    if (needs_trade_bars(r))
        note(r, bars ? "bars that lie between trades: candles of the whole time stand for several bars each"
                     : "bars around single trades: candles stand for several bars each");
    if (level >= EXECUTED_EVENTS)
        note(r, "events that were not executed: their counts by fate are among the results");
    if (level == NO_EVENTS)
        note(r, "events that were executed: the trades are all there");
}

/* Puts the events of a level and what bars fit beside them; *done = false, and nothing put, where that is too
 * much. */
static px_status try_level(report *r, int level, bool *done, px_error *err) {
    px_columns bars = {0};
    bool found = false;
    char *json = NULL;
    size_t before = r->data.length;
    px_status status = events_of(r, level, &json, err);
    if (status)
        return status;
    add_json(r, "/events", json);
    if (needs_trade_bars(r))
        status = find_trade_bars(r, room_of(r), &bars, &found, err);
    bool fits = size_of(r) <= r->config->max_bytes && (found || !needs_trade_bars(r));
    *done = !status && (fits || level == NO_EVENTS);
    if (!*done) {
        r->data.length = before;
    } else {
        note_left_out(r, level, found);
        if (found)
            status = add_columns(r, "/candles?around=trades", &bars, err);
    }
    px_columns_free(&bars);
    return status;
}

static px_status add_what_fits(report *r, px_error *err) {
    px_status status = PX_OK;
    bool done = false;
    for (int level = ALL_EVENTS; level <= NO_EVENTS && !done && !status; level++)
        status = try_level(r, level, &done, err);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static px_status read_all(report *r, px_error *err) {
    px_status status = pxi_stored_run_open_whole(r->home, r->id, &r->run, err);
    if (!status)
        status = px_run_read_table(r->home, r->id, "trades", &r->trades, err);
    if (!status)
        status = px_run_trade_rows(r->home, r->id, &r->rows, err);
    if (!status)
        status = px_run_event_rows(r->home, r->id, &r->events, err);
    if (!status)
        status = pxi_equity_read(r->home, &r->run, r->id, r->config->points, &r->equity, err);
    r->zone = r->run.calendar ? px_calendar_zone(r->run.calendar) : NULL;
    return status;
}

static px_status make_data(report *r, px_error *err) {
    pxi_text_puts(&r->data, "{");
    begin_member(r, "");
    pxi_embed_json(&r->data, r->run.json, strlen(r->run.json));
    px_status status = add_results(r, err);
    if (!status)
        status = add_candles(r, err);
    if (!status)
        status = add_what_fits(r, err);
    pxi_text_printf(&r->data, ",\n\"report\":{\"run_id\":\"%s\",\"version\":\"%s\",\"left_out\":[%s]}\n}",
                    r->id, px_version(), r->notes.data ? r->notes.data : "");
    r->data.failed |= r->notes.failed;
    return !status && r->data.failed ? pxi_fail_memory(err) : status;
}

static void make_plain(report *r) {
    pxi_text_puts(&r->plain, "<noscript>\n");
    pxi_plain_html(&r->plain, &r->run.facts, &r->rows, r->zone);
    pxi_text_puts(&r->plain, "</noscript>");
}

static px_status write_report(report *r, px_write_fn write, void *user, px_error *err) {
    pxi_text title = {0};
    const char *symbol = r->run.facts.symbol, *strategy = r->run.facts.strategy;
    pxi_text_printf(&title, "%s: %s on %s - Pixity", r->id, strategy ? strategy : "-", symbol ? symbol : "-");
    if (title.failed || r->plain.failed) {
        pxi_text_free(&title);
        return pxi_fail_memory(err);
    }
    pxi_report_parts parts = {title.data, r->plain.data, r->data.data};
    px_status status = pxi_report_fill((const char *)pxi_report_template, pxi_report_template_size, &parts,
                                       write, user, err);
    pxi_text_free(&title);
    return status;
}

px_status px_report_write(px_home *home, const char *run_id, const px_report_config *config,
                          px_write_fn write, void *user, px_error *err) {
    report r = {.home = home, .id = run_id, .config = config ? config : &usual};
    px_status status = read_all(&r, err);
    if (!status) {
        make_plain(&r);
        status = make_data(&r, err);
    }
    if (!status)
        status = write_report(&r, write, user, err);
    close_report(&r);
    return status;
}
