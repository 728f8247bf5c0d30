// SPDX-License-Identifier: Apache-2.0
/* Returns by calendar month of the exchange, from equity at bar closes. */
#include "report/documents.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "report/equity.h"

#include <math.h>
#include <stdlib.h>

/* A month with bars: its last equity, and the trades that ended in it. */
typedef struct month {
    int64_t index;     /* months since year 0 */
    double net, gross; /* rupees at its last close */
    int64_t n_trades;
} month;

/* Ascending; a month without bars is none of them. */
typedef struct months {
    size_t n, capacity;
    month *items;
    double capital;
} months;

static int64_t month_of_date(int32_t date) {
    px_civil civil = px_civil_from_date(date);
    return (int64_t)civil.year * 12 + civil.month - 1;
}

static int64_t month_of(int64_t ts_us, const px_calendar *calendar) {
    return month_of_date(px_calendar_date(calendar, ts_us));
}

/* The month of a day that is not before those that are there. */
static bool enter(months *m, int64_t index) {
    if (m->n > 0 && m->items[m->n - 1].index == index)
        return true;
    if (!pxi_grow(&m->items, &m->capacity, m->n + 1, sizeof *m->items))
        return false;
    m->items[m->n++] = (month){.index = index};
    return true;
}

/* NULL of one without bars. */
static month *find_month(const months *m, int64_t index) {
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i].index == index)
            return &m->items[i];
    return NULL;
}

static px_status add_equity(const pxi_equity *equity, months *m, px_error *err) {
    for (size_t i = 0; i < equity->n_days; i++) {
        const pxi_equity_day *day = &equity->days[i];
        if (!enter(m, month_of_date(day->date)))
            return pxi_fail_memory(err);
        m->items[m->n - 1].net = day->net;
        m->items[m->n - 1].gross = day->gross;
    }
    return PX_OK;
}

static px_status add_trades(const px_table *trades, const char *run_id, const px_calendar *calendar,
                            months *m, px_error *err) {
    size_t exit;
    px_status status = pxi_table_column(trades, "exit_ts", PX_COLUMN_TIME, run_id, &exit, err);
    for (size_t i = 0; i < trades->n_rows && !status; i++) {
        month *found = find_month(m, month_of(trades->columns[exit].u.i64[i], calendar));
        if (!found)
            return pxi_fail(err, PX_ECORRUPT, "run %s is damaged: a trade ends outside its equity", run_id);
        found->n_trades++;
    }
    return status;
}

/* ---- the document -------------------------------------------------------------------------------------- */

/* After ruin there is nothing that a return could be of. */
static json_t *return_json(double before, double now) {
    return pxi_json_real(before > 0.0 ? 100.0 * (now / before - 1.0) : NAN);
}

/* The months [begin, end), as one. */
static void put_returns(json_t *object, const months *m, size_t begin, size_t end, bool *failed) {
    month before = begin ? m->items[begin - 1] : (month){.net = m->capital, .gross = m->capital};
    int64_t n_trades = 0;
    for (size_t i = begin; i < end; i++)
        n_trades += m->items[i].n_trades;
    pxi_json_put(object, "net_return_pct", return_json(before.net, m->items[end - 1].net), failed);
    pxi_json_put(object, "gross_return_pct", return_json(before.gross, m->items[end - 1].gross), failed);
    pxi_json_put(object, "trades", json_integer(n_trades), failed);
}

static json_t *month_json(const months *m, size_t i) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "month", json_integer(m->items[i].index % 12 + 1), &failed);
    put_returns(object, m, i, i + 1, &failed);
    return pxi_json_built(object, failed);
}

static json_t *year_json(const months *m, size_t begin, size_t end) {
    bool failed = false;
    json_t *object = json_object(), *list = json_array();
    for (size_t i = begin; i < end; i++)
        failed |= json_array_append_new(list, month_json(m, i)) != 0;
    pxi_json_put(object, "year", json_integer(m->items[begin].index / 12), &failed);
    pxi_json_put(object, "months", list, &failed);
    put_returns(object, m, begin, end, &failed);
    return pxi_json_built(object, failed);
}

static json_t *months_json(const months *m) {
    bool failed = false;
    json_t *document = json_object(), *years = json_array();
    for (size_t begin = 0, end; begin < m->n; begin = end) {
        end = begin + 1;
        while (end < m->n && m->items[end].index / 12 == m->items[begin].index / 12)
            end++;
        failed |= json_array_append_new(years, year_json(m, begin, end)) != 0;
    }
    pxi_json_put(document, "years", years, &failed);
    return pxi_json_built(document, failed);
}

px_status pxi_months_document(const pxi_stored_run *run, const char *run_id, const pxi_equity *equity,
                              const px_table *trades, char **json, px_error *err) {
    months m = {.capital = run->config.capital};
    json_t *document = NULL;
    px_status status = add_equity(equity, &m, err);
    if (!status)
        status = add_trades(trades, run_id, run->calendar, &m, err);
    if (!status)
        status = (document = months_json(&m)) ? pxi_json_dump(document, json, err) : pxi_fail_memory(err);
    json_decref(document);
    free(m.items);
    return status;
}

px_status px_run_months(px_home *home, const char *run_id, char **json, px_error *err) {
    pxi_stored_run run = {0};
    pxi_equity equity = {0};
    px_table trades = {0};
    px_status status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = pxi_equity_read(home, &run, run_id, 1, &equity, err);
    if (!status)
        status = px_run_read_table(home, run_id, "trades", &trades, err);
    if (!status)
        status = pxi_months_document(&run, run_id, &equity, &trades, json, err);
    px_table_free(&trades);
    pxi_equity_free(&equity);
    pxi_stored_run_close(&run);
    return status;
}
