// SPDX-License-Identifier: Apache-2.0
/* Stored runs: the index, one run and its tables, columns and documents for charts. */
#include "server/api/api_runs.h"

#include "server/answers/cache.h"
#include "server/answers/columns_of.h"

#include <stdlib.h>
#include <string.h>

/* ---- the index ---------------------------------------------------------------------------------------- */

enum { MOST_KEYS = 32 };

/* The metrics that the query names: to show (column=KEY), to sort by, and to filter by (KEY=value, where=).
 */
typedef struct run_query {
    const char *keys[MOST_KEYS];
    size_t n_keys;
    px_runs_condition conditions[MOST_KEYS];
    size_t n_conditions;
    px_status status;
    px_error *err;
} run_query;

static bool add_key(run_query *q, const char *key) {
    if (q->n_keys == MOST_KEYS)
        q->status = server_fail(q->err, PX_EINPUT, "at most %d metrics are named in one request", MOST_KEYS);
    else
        q->keys[q->n_keys++] = key;
    return q->status == PX_OK;
}

static bool read_parameter(void *user, const char *name, const char *value) {
    run_query *q = user;
    if (!strcmp(name, "column"))
        return add_key(q, value);
    if (!strcmp(name, "sort"))
        return px_runs_have_column(value) || add_key(q, value);
    if (strcmp(name, "where"))
        return !px_metric_find(name) || add_key(q, name);
    if (q->n_conditions == MOST_KEYS) {
        q->status = server_fail(q->err, PX_EINPUT, "where: at most %d conditions", MOST_KEYS);
        return false;
    }
    px_runs_condition *condition = &q->conditions[q->n_conditions++];
    q->status = px_runs_condition_parse(value, condition, q->err);
    return q->status == PX_OK && (px_runs_have_column(condition->key) || add_key(q, condition->key));
}

static px_status make_index(server_call *call, px_error *err) {
    static const char *const read_already[] = {"column", "where", NULL};
    run_query q = {.err = err};
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_column_def *metrics = NULL;
    size_t n_metrics = 0;
    http_each_query(call->request, read_parameter, &q);
    px_status status = q.status;
    if (!status)
        status = px_metric_columns(PX_METRIC_FIRST, q.keys, q.n_keys, &metrics, &n_metrics, err);
    const px_runs_request request = {metrics, n_metrics, q.conditions, q.n_conditions, "created", true};
    if (!status)
        status = px_runs_select(call->home, &request, &table, err);
    if (!status)
        status = px_calendar_open(NULL, &calendar, err);
    if (!status)
        status = respond_rows_of(call, &table, px_calendar_zone(calendar), read_already, err);
    px_calendar_close(&calendar);
    px_table_free(&table);
    free(metrics);
    return status;
}

static px_status list(server_call *call, px_error *err) {
    uint64_t version, bars;
    px_status status = server_home(call, err);
    if (!status)
        status = px_runs_version(call->home, &version, err);
    if (!status)
        status = px_candles_version(call->home, &bars, err);
    return status ? status : respond_cached(call, version ^ bars, make_index, err);
}

/* ---- one run ------------------------------------------------------------------------------------------ */

/* A library's document, as it is. */
static px_status respond_document(server_call *call, px_status status, char *text, px_error *err) {
    return status ? status : respond_json_text(call, 200, text, strlen(text), err);
}

static px_status show(server_call *call, px_error *err) {
    static const char *const known[] = {NULL};
    char *text = NULL;
    px_status status = query_check(call, known, err);
    if (!status)
        status = api_run_id(call, err);
    if (!status)
        status = px_backtest_read(call->home, call->parts[0], &text, err);
    return respond_document(call, status, text, err);
}

static px_status remove_run(server_call *call, px_error *err) {
    px_status status = api_run_id(call, err);
    if (!status)
        status = px_run_delete(call->home, call->parts[0], err);
    return status ? status : respond_nothing(call);
}

/* ---- tables ------------------------------------------------------------------------------------------- */

typedef px_status (*read_fn)(px_home *home, const char *id, const char *part, px_table *out, px_error *err);

static px_status respond_rows(server_call *call, read_fn read, const char *part, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = api_run_finished(call, err);
    if (!status)
        status = px_run_calendar(call->home, call->parts[0], &calendar, err);
    if (!status)
        status = read(call->home, call->parts[0], part, &table, err);
    if (!status)
        status = respond_table(call, &table, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

static px_status read_trades(px_home *home, const char *id, const char *part, px_table *out, px_error *err) {
    (void)part;
    return px_run_trade_rows(home, id, out, err);
}

static px_status trades(server_call *call, px_error *err) {
    return respond_rows(call, read_trades, NULL, err);
}

static px_status read_events(px_home *home, const char *id, const char *part, px_table *out, px_error *err) {
    (void)part;
    return px_run_event_rows(home, id, out, err);
}

/* Candidates and their outcomes; `signals` has the inputs of the model behind them. */
static px_status events(server_call *call, px_error *err) {
    return respond_rows(call, read_events, NULL, err);
}

static px_status signals(server_call *call, px_error *err) {
    return respond_rows(call, px_run_read_table, "signals", err);
}

static px_status orders(server_call *call, px_error *err) {
    return respond_rows(call, px_run_read_table, "orders", err);
}

static px_status fills(server_call *call, px_error *err) {
    return respond_rows(call, px_run_read_table, "fills", err);
}

/* ---- for charts --------------------------------------------------------------------------------------- */

static px_status equity(server_call *call, px_error *err) {
    static const char *const known[] = {"points", NULL};
    px_columns columns = {0};
    size_t points = 0;
    px_status status = query_check(call, known, err);
    if (!status)
        status = query_points(call, &points, err);
    if (!status)
        status = api_run_finished(call, err);
    if (!status)
        status = px_run_equity_columns(call->home, call->parts[0], points, &columns, err);
    return status ? status : respond_columns(call, &columns, err);
}

static px_status candles(server_call *call, px_error *err) {
    static const char *const known[] = {"timeframe", "start", "end", "points", "indicators", NULL};
    px_columns columns = {0};
    px_columns_request request;
    px_status status = query_check(call, known, err);
    if (!status)
        status = query_columns(call, &request, err);
    if (!status)
        status = api_run_finished(call, err);
    if (!status)
        status = px_run_bars(call->home, call->parts[0], &request, &columns, err);
    return status ? status : respond_columns(call, &columns, err);
}

static px_status respond_made(server_call *call,
                              px_status (*make)(px_home *, const char *, char **, px_error *),
                              px_error *err) {
    static const char *const known[] = {NULL};
    char *text = NULL;
    px_status status = query_check(call, known, err);
    if (!status)
        status = api_run_finished(call, err);
    if (!status)
        status = make(call->home, call->parts[0], &text, err);
    return respond_document(call, status, text, err);
}

static px_status months(server_call *call, px_error *err) {
    return respond_made(call, px_run_months, err);
}

static px_status distributions(server_call *call, px_error *err) {
    return respond_made(call, px_run_distributions, err);
}

/* ---- side by side ------------------------------------------------------------------------------------- */

enum { MOST_COMPARED = 20 };

/* Cuts the list in place. */
static px_status split_ids(char *text, const char *ids[MOST_COMPARED], size_t *n, px_error *err) {
    char *rest = NULL;
    *n = 0;
    for (char *id = strtok_r(text, ",", &rest); id; id = strtok_r(NULL, ",", &rest)) {
        if (*n == MOST_COMPARED)
            return server_fail(err, PX_EINPUT, "ids: at most %d runs are compared", MOST_COMPARED);
        if (!px_run_id_valid(id))
            return server_fail(err, PX_EINPUT, "ids: \"%.64s\" is no run's id", id);
        ids[(*n)++] = id;
    }
    return PX_OK;
}

static px_status compare(server_call *call, px_error *err) {
    static const char *const known[] = {"ids", NULL};
    const char *given = http_query(call->request, "ids"), *ids[MOST_COMPARED];
    size_t n = 0;
    char *document = NULL;
    px_status status = query_check(call, known, err);
    if (status)
        return status;
    char *text = strdup(given ? given : "");
    status = text ? split_ids(text, ids, &n, err) : server_fail(err, PX_ENOMEM, "out of memory");
    if (!status && n < 2)
        status = server_fail(err, PX_EINPUT, "ids: two or more run ids are wanted, ids=a,b");
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_runs_compare(call->home, ids, n, &document, err);
    free(text);
    return respond_document(call, status, document, err);
}

/* The fixed names stand before {run_id}. */
const server_route runs_routes[] = {
    {"GET", "/api/v1/runs", list, 0},
    {"GET", "/api/v1/runs/compare", compare, 0},
    {"GET", "/api/v1/runs/{run_id}", show, 0},
    {"DELETE", "/api/v1/runs/{run_id}", remove_run, ROUTE_PLAIN},
    {"GET", "/api/v1/runs/{run_id}/trades", trades, 0},
    {"GET", "/api/v1/runs/{run_id}/events", events, 0},
    {"GET", "/api/v1/runs/{run_id}/signals", signals, 0},
    {"GET", "/api/v1/runs/{run_id}/orders", orders, 0},
    {"GET", "/api/v1/runs/{run_id}/fills", fills, 0},
    {"GET", "/api/v1/runs/{run_id}/equity", equity, 0},
    {"GET", "/api/v1/runs/{run_id}/candles", candles, 0},
    {"GET", "/api/v1/runs/{run_id}/months", months, 0},
    {"GET", "/api/v1/runs/{run_id}/distributions", distributions, 0},
    {"GET", "/api/v1/runs/{run_id}/export", api_run_export, 0},
    {"GET", "/api/v1/runs/{run_id}/report", api_run_report, 0},
    {0},
};
