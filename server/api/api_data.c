// SPDX-License-Identifier: Apache-2.0
/* Stored bars: the list, coverage by session, columns for charts. */
#include "server/api/api_data.h"
#include "server/answers/columns_of.h"

#include <stdlib.h>
#include <string.h>

/* ---- the list ----------------------------------------------------------------------------------------- */

static px_status list(server_call *call, px_error *err) {
    px_table table = {0};
    px_status status = server_home(call, err);
    if (!status)
        status = api_stored_series(call->home, &table, err);
    if (!status)
        status = respond_table(call, &table, NULL, err);
    px_table_free(&table);
    return status;
}

/* ---- coverage ----------------------------------------------------------------------------------------- */

/* Bars that a whole session has. */
static int64_t expected_bars(const px_session *session, int timeframe_minutes) {
    int64_t bin = timeframe_minutes * PX_US_PER_MINUTE, n = 0, counted = 0;
    if (timeframe_minutes == PX_TIMEFRAME_DAY)
        return 1;
    for (int i = 0; i < session->n_intervals; i++) {
        int64_t begin = (session->intervals[i].begin_us - session->open_us) / bin;
        int64_t end = (session->intervals[i].end_us - session->open_us + bin - 1) / bin;
        if (i > 0 && begin < counted) /* a bin that reaches over a break is one bar */
            begin = counted;
        n += end - begin;
        counted = end;
    }
    return n;
}

/* A date without any bar is a holiday or missing, which no calendar here tells: nothing is expected of it. */
static bool add_session(json_t *list, const px_session *session, int64_t n, int timeframe_minutes) {
    char date[PX_TIME_TEXT_SIZE];
    json_t *expected = n ? json_integer(expected_bars(session, timeframe_minutes)) : json_null();
    return !json_array_append_new(list,
                                  json_pack("{s:s, s:I, s:o}", "date", px_date_format(session->date, date),
                                            "bars", (json_int_t)n, "expected", expected));
}

/* Every date from the first bar's to the last one's that has bars or is one of regular trading. */
static json_t *list_sessions(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes) {
    json_t *sessions = json_array();
    size_t i = 0;
    int32_t date = bars->n ? px_calendar_date(calendar, bars->ts_us[0]) : 0;
    for (; sessions && i < bars->n; date++) {
        px_session session = px_calendar_session(calendar, date);
        size_t begin = i;
        while (i < bars->n && bars->ts_us[i] < session.next_midnight_us)
            i++;
        if ((i > begin || session.n_intervals) &&
            !add_session(sessions, &session, (int64_t)(i - begin), timeframe_minutes)) {
            json_decref(sessions);
            return NULL;
        }
    }
    return sessions;
}

static px_status respond_coverage(server_call *call, const px_instrument *instrument, int timeframe_minutes,
                                  px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    json_t *sessions = NULL;
    px_status status = px_calendar_open(instrument->exchange, &calendar, err);
    if (!status)
        status = px_candles_read(call->home, instrument, timeframe_minutes, PX_TIME_MIN_US, PX_TIME_MAX_US,
                                 &bars, err);
    if (!status) {
        sessions = list_sessions(&bars, calendar, timeframe_minutes);
        status =
            respond_json(call, 200,
                         sessions ? json_pack("{s:s, s:s, s:s, s:s, s:o}", "symbol", instrument->symbol,
                                              "instrument_key", instrument->key, "timeframe",
                                              px_timeframe_format(timeframe_minutes, timeframe), "zone",
                                              px_zone_name(px_calendar_zone(calendar)), "sessions", sessions)
                                  : NULL,
                         err);
    }
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}

static px_status need(server_call *call, const char *name, const char **out, px_error *err) {
    *out = http_query(call->request, name);
    return *out && **out ? PX_OK : server_fail(err, PX_EINPUT, "%s: the query must name one", name);
}

static px_status coverage(server_call *call, px_error *err) {
    static const char *const known[] = {"symbol", "exchange", "timeframe", NULL};
    const char *symbol;
    int timeframe_minutes = 0;
    px_instrument instrument = {0};
    px_status status = query_check(call, known, err);
    if (!status)
        status = need(call, "symbol", &symbol, err);
    if (!status)
        status = query_timeframe(call, "timeframe", 1, &timeframe_minutes, err);
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_instrument_find(call->home, symbol, http_query(call->request, "exchange"), PX_NO_DATE,
                                    &instrument, err);
    return status ? status : respond_coverage(call, &instrument, timeframe_minutes, err);
}

/* ---- candles ------------------------------------------------------------------------------------------ */

static px_status candles(server_call *call, px_error *err) {
    static const char *const known[] = {"symbol", "exchange", "timeframe",  "start",
                                        "end",    "points",   "indicators", NULL};
    const char *symbol;
    px_columns columns = {0};
    px_columns_request request;
    px_status status = query_check(call, known, err);
    if (!status)
        status = need(call, "symbol", &symbol, err);
    if (!status)
        status = query_columns(call, &request, err);
    if (!status && !request.timeframe_minutes)
        status = server_fail(err, PX_EINPUT, "timeframe: the query must name one: 1m, 15m, 1h, 1d");
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_series_columns(call->home, symbol, http_query(call->request, "exchange"), &request, NULL,
                                   &columns, err);
    return status ? status : respond_columns(call, &columns, err);
}

const server_route data_routes[] = {
    {"GET", "/api/v1/symbols", api_symbols, 0},
    {"GET", "/api/v1/data", list, 0},
    {"GET", "/api/v1/data/coverage", coverage, 0},
    {"GET", "/api/v1/candles", candles, 0},
    {0},
};
