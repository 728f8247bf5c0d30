// SPDX-License-Identifier: Apache-2.0
/* Accounts from outside: lists, tables, and what a command may do to one. */
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parameter.h"
#include "base/text.h"
#include "pixity/account.h"
#include "pixity/strategy.h"
#include "store/home/home.h"
#include "store/home/sql.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

/* ---- a query as a table ------------------------------------------------------------------------------- */

static px_status set_cell(px_table *table, size_t column, sqlite3_stmt *row, px_error *err) {
    const int c = (int)column;
    if (sqlite3_column_type(row, c) == SQLITE_NULL)
        return PX_OK;
    switch (table->columns[column].type) {
    case PX_COLUMN_I64:
    case PX_COLUMN_TIME:
    case PX_COLUMN_FLAG:
    case PX_COLUMN_BOOL:
        px_table_set_i64(table, column, sqlite3_column_int64(row, c));
        return PX_OK;
    case PX_COLUMN_F64:
    case PX_COLUMN_QUANTITY:
        px_table_set_f64(table, column, sqlite3_column_double(row, c));
        return PX_OK;
    case PX_COLUMN_TEXT:
        return px_table_set_text(table, column, pxi_sql_text(row, c), err);
    }
    return PX_OK;
}

static px_status add_row(px_table *table, sqlite3_stmt *row, px_error *err) {
    px_status status = px_table_add_row(table, err);
    for (size_t c = 0; c < table->n_columns && !status; c++)
        status = set_cell(table, c, row, err);
    return status;
}

/* The query's columns are those of `defs`, in order; `account` is its one value. */
static px_status read_table(px_home *home, const char *sql, const char *account, const px_column_def *defs,
                            size_t n, px_table *out, px_error *err) {
    sqlite3_stmt *row = NULL;
    px_table table = {0};
    bool more = true;
    px_status status = px_table_init(&table, defs, n, err);
    if (!status)
        status = pxi_sql_query(home->db, &row, err, sql, account ? "t" : "", account);
    while (!status && !(status = pxi_sql_row(row, &more, err)) && more)
        status = add_row(&table, row, err);
    sqlite3_finalize(row);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

/* ---- names -------------------------------------------------------------------------------------------- */

static px_status fail_unknown(px_home *home, const char *name, px_error *err) {
    static const px_column_def def = {"name", PX_COLUMN_TEXT};
    px_table names = {0};
    const char *known[64];
    char hint[200] = "";
    size_t n = 0;
    if (read_table(home, "SELECT name FROM accounts ORDER BY name", NULL, &def, 1, &names, NULL) == PX_OK)
        for (; n < names.n_rows && n < 64; n++)
            known[n] = px_table_text(&names, 0, n);
    pxi_did_you_mean(name, known, n, hint, sizeof hint);
    px_table_free(&names);
    return pxi_fail(err, PX_ENOTFOUND, "no account \"%.80s\" in %.256s%s", name, px_home_path(home), hint);
}

static px_status check_exists(px_home *home, const char *name, px_error *err) {
    sqlite3_stmt *row = NULL;
    bool found = false;
    px_status status = pxi_sql_query(home->db, &row, err, "SELECT 1 FROM accounts WHERE name = ?", "t", name);
    if (!status)
        status = pxi_sql_row(row, &found, err);
    sqlite3_finalize(row);
    return status || found ? status : fail_unknown(home, name, err);
}

/* ---- list and show ------------------------------------------------------------------------------------ */

enum {
    NAME,
    STRATEGY,
    SYMBOL,
    TIMEFRAME,
    PROFILE,
    FIRST,
    LAST,
    TRADES,
    PNL_NET,
    EQUITY,
    POSITION,
    HALTED,
    N_LIST
};
static const px_column_def list_columns[N_LIST] = {
    [NAME] = {"account", PX_COLUMN_TEXT},
    [STRATEGY] = {"strategy", PX_COLUMN_TEXT},
    [SYMBOL] = {"symbol", PX_COLUMN_TEXT},
    [TIMEFRAME] = {"timeframe", PX_COLUMN_TEXT},
    [PROFILE] = {"profile", PX_COLUMN_TEXT},
    [FIRST] = {"first", PX_COLUMN_TIME},
    [LAST] = {"last", PX_COLUMN_TIME},
    [TRADES] = {"trades", PX_COLUMN_I64},
    [PNL_NET] = {"pnl_net", PX_COLUMN_F64},
    [EQUITY] = {"equity", PX_COLUMN_F64},
    [POSITION] = {"position", PX_COLUMN_QUANTITY},
    [HALTED] = {"halted", PX_COLUMN_TEXT},
};
#define LIST_QUERY                                                                                           \
    "SELECT name, strategy, symbol, CASE WHEN timeframe_minutes = 1440 THEN '1d' WHEN timeframe_minutes % "  \
    "60 = 0 "                                                                                                \
    "THEN timeframe_minutes / 60 || 'h' ELSE timeframe_minutes || 'm' END, json_extract(config, "            \
    "'$.profile'), "                                                                                         \
    "(SELECT min(ts_us) FROM account_bars WHERE account = name), "                                           \
    "(SELECT max(ts_us) FROM account_bars WHERE account = name), "                                           \
    "(SELECT count(*) FROM account_trades WHERE account = name), "                                           \
    "(SELECT total(pnl - fees) FROM account_trades WHERE account = name), "                                  \
    "(SELECT equity FROM account_equity WHERE account = name ORDER BY ts_us DESC LIMIT 1), "                 \
    "(SELECT position FROM account_equity WHERE account = name ORDER BY ts_us DESC LIMIT 1), "               \
    "nullif(halt, '') FROM accounts"

px_status px_accounts_list(px_home *home, px_table *out, px_error *err) {
    return read_table(home, LIST_QUERY " ORDER BY name", NULL, list_columns, N_LIST, out, err);
}

static json_t *cell_json(const px_table *table, size_t column, const px_zone *zone) {
    char time[PX_TIME_TEXT_SIZE];
    const px_column *c = &table->columns[column];
    switch (c->type) {
    case PX_COLUMN_F64:
    case PX_COLUMN_QUANTITY:
        return pxi_json_real(c->u.f64[0]);
    case PX_COLUMN_TEXT:
        return pxi_json_text(px_table_text(table, column, 0));
    case PX_COLUMN_I64:
    case PX_COLUMN_TIME:
    case PX_COLUMN_FLAG:
    case PX_COLUMN_BOOL:
        break;
    }
    if (c->u.i64[0] == PX_NULL_I64)
        return json_null();
    return c->type == PX_COLUMN_I64 ? json_integer(c->u.i64[0])
                                    : json_string(px_time_format_iso(c->u.i64[0], zone, time));
}

/* The values of a strategy that this program no longer knows are shown as they are stored. */
static json_t *parameters_json(const char *id, const char *text) {
    px_strategy_config chosen;
    if (px_strategy_config_read(id, *text ? text : NULL, &chosen, NULL))
        return json_string(text);
    const px_parameters parameters = px_strategy_parameters(chosen.strategy);
    return pxi_values_json(&parameters, chosen.values, false);
}

/* What was accepted, and what was known to be wrong when the account began; accounts of before have neither.
 */
static void put_findings(sqlite3_stmt *row, json_t *object, bool *failed) {
    static const char *const members[] = {"findings", "warnings"};
    json_t *document = json_loads(pxi_sql_text(row, 9), 0, NULL);
    pxi_json_put(object, "accept",
                 sqlite3_column_type(row, 8) == SQLITE_NULL ? json_null()
                                                            : pxi_json_text(pxi_sql_text(row, 8)),
                 failed);
    for (int i = 0; i < 2; i++) {
        json_t *list = json_object_get(document, members[i]);
        pxi_json_put(object, members[i], list ? json_incref(list) : json_array(), failed);
    }
    json_decref(document);
}

/* What the list does not tell. */
static px_status put_terms(px_home *home, const char *name, json_t *object, bool *failed, px_error *err) {
    static const char *const members[] = {"instrument_key", "exchange", "model_sha256", "version", "digest"};
    sqlite3_stmt *row = NULL;
    bool found = false;
    px_status status = pxi_sql_query(home->db, &row, err,
                                     "SELECT instrument, exchange, nullif(model, ''), version, "
                                     "nullif(digest, ''), config, strategy, parameters, nullif(accept, ''), "
                                     "findings FROM accounts WHERE "
                                     "name = ?",
                                     "t", name);
    if (!status)
        status = pxi_sql_row(row, &found, err);
    for (int k = 0; k < 5 && !status; k++)
        pxi_json_put(object, members[k],
                     sqlite3_column_type(row, k) == SQLITE_NULL ? json_null()
                                                                : pxi_json_text(pxi_sql_text(row, k)),
                     failed);
    if (!status)
        pxi_json_put(object, "parameters", parameters_json(pxi_sql_text(row, 6), pxi_sql_text(row, 7)),
                     failed);
    if (!status)
        put_findings(row, object, failed);
    if (!status)
        pxi_json_put(object, "config", json_loads(pxi_sql_text(row, 5), 0, NULL), failed);
    sqlite3_finalize(row);
    return status;
}

px_status px_account_show(px_home *home, const char *name, char **json, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    char exchange[16];
    bool failed = false;
    json_t *object = json_object();
    px_status status = px_account_exchange(home, name, exchange, err);
    if (!status)
        status = px_calendar_open(exchange, &calendar, err);
    if (!status)
        status = read_table(home, LIST_QUERY " WHERE name = ?", name, list_columns, N_LIST, &table, err);
    for (size_t c = 0; c < table.n_columns && !status; c++)
        pxi_json_put(object, list_columns[c].name, cell_json(&table, c, px_calendar_zone(calendar)), &failed);
    if (!status)
        status = put_terms(home, name, object, &failed, err);
    object = pxi_json_built(object, failed);
    if (!status)
        status = object ? pxi_json_dump(object, json, err) : pxi_fail_memory(err);
    json_decref(object);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

px_status px_account_exchange(px_home *home, const char *name, char buf[16], px_error *err) {
    sqlite3_stmt *row = NULL;
    bool found = false;
    px_status status =
        pxi_sql_query(home->db, &row, err, "SELECT exchange FROM accounts WHERE name = ?", "t", name);
    if (!status)
        status = pxi_sql_row(row, &found, err);
    if (!status && found)
        pxi_copy(buf, 16, pxi_sql_text(row, 0));
    sqlite3_finalize(row);
    return status || found ? status : fail_unknown(home, name, err);
}

/* ---- tables ------------------------------------------------------------------------------------------- */

static const px_column_def trade_columns[] = {
    {"entry_ts", PX_COLUMN_TIME},    {"exit_ts", PX_COLUMN_TIME},    {"direction", PX_COLUMN_TEXT},
    {"qty", PX_COLUMN_QUANTITY},     {"entry_price", PX_COLUMN_F64}, {"exit_price", PX_COLUMN_F64},
    {"stop", PX_COLUMN_F64},         {"target", PX_COLUMN_F64},      {"pnl", PX_COLUMN_F64},
    {"fees", PX_COLUMN_F64},         {"pnl_net", PX_COLUMN_F64},     {"bars_held", PX_COLUMN_I64},
    {"exit_reason", PX_COLUMN_TEXT}, {"event_type", PX_COLUMN_TEXT}, {"probability", PX_COLUMN_F64},
};
static const px_column_def signal_columns[] = {
    {"ts", PX_COLUMN_TIME},         {"side", PX_COLUMN_TEXT},      {"event_type", PX_COLUMN_TEXT},
    {"probability", PX_COLUMN_F64}, {"fate", PX_COLUMN_TEXT},      {"quantity", PX_COLUMN_QUANTITY},
    {"capped_by", PX_COLUMN_TEXT},  {"signal_id", PX_COLUMN_TEXT},
};
static const px_column_def order_columns[] = {
    {"ts", PX_COLUMN_TIME},   {"side", PX_COLUMN_TEXT},   {"qty", PX_COLUMN_QUANTITY},
    {"kind", PX_COLUMN_TEXT}, {"status", PX_COLUMN_TEXT}, {"done_ts", PX_COLUMN_TIME},
};
static const px_column_def fill_columns[] = {
    {"ts", PX_COLUMN_TIME},  {"side", PX_COLUMN_TEXT}, {"qty", PX_COLUMN_QUANTITY}, {"price", PX_COLUMN_F64},
    {"fees", PX_COLUMN_F64}, {"kind", PX_COLUMN_TEXT}, {"trade", PX_COLUMN_I64},
};
static const px_column_def equity_columns[] = {
    {"ts", PX_COLUMN_TIME},           {"equity_net", PX_COLUMN_F64},     {"cash", PX_COLUMN_F64},
    {"position", PX_COLUMN_QUANTITY}, {"realised_gross", PX_COLUMN_F64}, {"unrealised", PX_COLUMN_F64},
    {"fees_paid", PX_COLUMN_F64},
};

#define N(columns) columns, sizeof(columns) / sizeof(columns)[0]
static const struct {
    const char *query;
    const px_column_def *columns;
    size_t n_columns;
} parts[PX_N_ACCOUNT_PARTS] = {
    [PX_ACCOUNT_TRADES] =
        {"SELECT entry_us, exit_us, direction, quantity, entry_price, exit_price, stop, target, "
         "pnl, fees, pnl - fees, bars_held, exit_reason, event_type, probability FROM "
         "account_trades WHERE account = ? ORDER BY seq",
         N(trade_columns)},
    [PX_ACCOUNT_SIGNALS] =
        {"SELECT ts_us, side, event_type, probability, fate, quantity, capped_by, id FROM account_signals "
         "WHERE account = ? ORDER BY ts_us, event_type, side, id",
         N(signal_columns)},
    [PX_ACCOUNT_ORDERS] =
        {"SELECT ts_us, side, quantity, kind, status, nullif(done_us, 0) FROM account_orders "
         "WHERE account = ? ORDER BY seq",
         N(order_columns)},
    [PX_ACCOUNT_FILLS] =
        {"SELECT ts_us, side, quantity, price, fees, kind, trade FROM account_fills WHERE account "
         "= ? ORDER BY seq",
         N(fill_columns)},
    [PX_ACCOUNT_EQUITY] = {"SELECT ts_us, equity, cash, position, realised_gross, unrealised, fees_paid FROM "
                           "account_equity WHERE account = ? ORDER BY ts_us",
                           N(equity_columns)},
};

px_status px_account_table(px_home *home, const char *name, px_account_part part, px_table *out,
                           px_error *err) {
    px_status status = check_exists(home, name, err);
    return status ? status
                  : read_table(home, parts[part].query, name, parts[part].columns, parts[part].n_columns, out,
                               err);
}

/* ---- halt, resume, reset ------------------------------------------------------------------------------ */

static px_status set_halt(px_home *home, const char *name, const char *reason, px_error *err) {
    px_status status = check_exists(home, name, err);
    return status ? status
                  : pxi_sql_run(home->db, err, "UPDATE accounts SET halt = ? WHERE name = ?", "tt", reason,
                                name);
}

px_status px_account_halt(px_home *home, const char *name, const char *reason, px_error *err) {
    if (!*reason || strlen(reason) >= PX_NAME_SIZE)
        return pxi_fail(err, PX_EINPUT, "say why account %s is halted, in 1 to %d bytes", name,
                        PX_NAME_SIZE - 1);
    return set_halt(home, name, reason, err);
}

px_status px_account_resume(px_home *home, const char *name, px_error *err) {
    px_status status = set_halt(home, name, "", err);
    char *path = status ? NULL : pxi_path_join(px_home_path(home), "STOP");
    if (path && pxi_path_exists(path))
        status = pxi_fail(err, PX_EEXISTS, "%s still halts every account: remove that file", path);
    free(path);
    return status;
}

static px_status delete_rows(px_home *home, const char *name, px_error *err) {
    static const char *const deletes[] = {
        "DELETE FROM account_bars WHERE account = ?",    "DELETE FROM account_actions WHERE account = ?",
        "DELETE FROM account_signals WHERE account = ?", "DELETE FROM account_orders WHERE account = ?",
        "DELETE FROM account_fills WHERE account = ?",   "DELETE FROM account_trades WHERE account = ?",
        "DELETE FROM account_equity WHERE account = ?",  "DELETE FROM accounts WHERE name = ?",
    };
    px_status status = PX_OK;
    for (size_t i = 0; i < sizeof deletes / sizeof *deletes && !status; i++)
        status = pxi_sql_run(home->db, err, deletes[i], "t", name);
    return status;
}

px_status px_account_reset(px_home *home, const char *name, px_error *err) {
    char *path = NULL;
    int lock = -1;
    px_status status = check_exists(home, name, err);
    if (!status && asprintf(&path, "%s/accounts/%s.lock", px_home_path(home), name) < 0)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_lock_take(path, LOCK_EX | LOCK_NB, &lock, err);
    if (!status && lock < 0)
        status = pxi_fail(err, PX_EEXISTS, "account %s is in use by a stream: stop it first", name);
    if (!status)
        status = pxi_sql_begin(home->db, err);
    if (!status)
        status = pxi_sql_end(home->db, delete_rows(home, name, err), err);
    pxi_lock_drop(&lock);
    free(path);
    return status;
}
