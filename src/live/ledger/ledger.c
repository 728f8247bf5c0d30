// SPDX-License-Identifier: Apache-2.0
#include "live/ledger/ledger.h"

#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/keys.h"
#include "pixity/account.h"
#include "store/home/home.h"
#include "store/home/sql.h"

struct pxi_ledger {
    px_home *home; /* borrowed */
    char name[PX_NAME_SIZE];
    int lock;
    bool writing; /* a transaction is open */
    size_t n_actions;
    char warmup[PXI_HASH_TEXT_SIZE], digest[PXI_HASH_TEXT_SIZE], halt[PX_NAME_SIZE], accept[256];
};

/* ---- opening ------------------------------------------------------------------------------------------ */

static px_status check_name(const char *name, px_error *err) {
    return px_run_id_valid(name)
               ? PX_OK
               : pxi_fail(err, PX_EINPUT,
                          "\"%.80s\" cannot name an account: 1 to 64 letters, digits, dots, "
                          "underscores and hyphens, the first a letter or digit",
                          name);
}

static px_status take_lock(pxi_ledger *ledger, px_error *err) {
    char *folder = pxi_path_join(px_home_path(ledger->home), "accounts"), *path = NULL;
    px_status status = folder ? pxi_make_folder(folder, err) : pxi_fail_memory(err);
    if (!status && asprintf(&path, "%s/%s.lock", folder, ledger->name) < 0)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_lock_take(path, LOCK_EX | LOCK_NB, &ledger->lock, err);
    if (!status && ledger->lock < 0)
        status = pxi_fail(err, PX_EEXISTS, "account %s is in use by another process", ledger->name);
    free(path);
    free(folder);
    return status;
}

static px_status begin(pxi_ledger *ledger, px_error *err) {
    px_status status = ledger->writing ? PX_OK : pxi_sql_begin(ledger->home->db, err);
    ledger->writing = ledger->writing || !status;
    return status;
}

static px_status make_account(pxi_ledger *ledger, const pxi_ledger_terms *terms, px_error *err) {
    px_status status = begin(ledger, err);
    return status
               ? status
               : pxi_sql_run(ledger->home->db, err,
                             "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, '', '')",
                             "tttttitttt", ledger->name, terms->strategy, terms->instrument, terms->symbol,
                             terms->exchange, (int64_t)terms->timeframe_minutes, terms->config, terms->model,
                             px_version(), terms->parameters);
}

static void compare(pxi_text *text, const char *what, const char *account, const char *here) {
    if (strcmp(account, here) != 0)
        pxi_text_printf(text, "%s%s is %.64s in the account and %.64s here", text->length ? "; " : "", what,
                        *account ? account : "absent", *here ? here : "absent");
}

static void compare_setting(pxi_text *text, const char *key, const json_t *account, const json_t *here) {
    char *was = account ? json_dumps(account, JSON_ENCODE_ANY) : NULL;
    char *is = here ? json_dumps(here, JSON_ENCODE_ANY) : NULL;
    compare(text, key, was ? was : "", is ? is : "");
    free(was);
    free(is);
}

/* The settings that differ, by key. One that the account's version did not know had its usual value there;
 * one that is written only where it is set is absent where it is not. */
static void compare_configs(pxi_text *text, const char *account, const char *here) {
    json_t *a = json_loads(account, 0, NULL), *b = json_loads(here, 0, NULL), *value;
    const px_config usual = px_config_default();
    json_t *was_usual = pxi_config_object(&usual);
    text->failed |= !was_usual || (a && json_object_update_missing(a, was_usual) != 0);
    json_decref(was_usual);
    const char *key;
    json_object_foreach(b, key, value) if (!json_equal(json_object_get(a, key), value))
        compare_setting(text, key, json_object_get(a, key), value);
    json_object_foreach(a, key, value) if (!json_object_get(b, key) && !json_is_null(value))
        compare_setting(text, key, value, NULL);
    json_decref(a);
    json_decref(b);
}

static px_status compare_terms(sqlite3_stmt *row, const char *name, const pxi_ledger_terms *terms,
                               px_error *err) {
    pxi_text text = {0};
    char was[PX_TIMEFRAME_TEXT_SIZE], is[PX_TIMEFRAME_TEXT_SIZE];
    compare(&text, "the strategy", pxi_sql_text(row, 0), terms->strategy);
    compare(&text, "the instrument", pxi_sql_text(row, 1), terms->instrument);
    compare(&text, "the exchange", pxi_sql_text(row, 2), terms->exchange);
    compare(&text, "the timeframe", px_timeframe_format(sqlite3_column_int(row, 3), was),
            px_timeframe_format(terms->timeframe_minutes, is));
    compare(&text, "the choice of parameters", pxi_sql_text(row, 10), terms->parameters);
    compare_configs(&text, pxi_sql_text(row, 4), terms->config);
    compare(&text, "the model", pxi_sql_text(row, 5), terms->model);
    compare(&text, "pixity's version", pxi_sql_text(row, 6), px_version());
    px_status status = text.failed ? pxi_fail_memory(err) : PX_OK;
    if (!status && text.length)
        status =
            pxi_fail(err, PX_EMISMATCH,
                     "account %s cannot go on: %s. Use what it was begun with, or `pixity account reset %s`",
                     name, text.data, name);
    pxi_text_free(&text);
    return status;
}

static px_status read_account(pxi_ledger *ledger, const pxi_ledger_terms *terms, bool *found, px_error *err) {
    sqlite3_stmt *row = NULL;
    px_status status = pxi_sql_query(
        ledger->home->db, &row, err,
        "SELECT strategy, instrument, exchange, timeframe_minutes, config, model, version, warmup, "
        "digest, (SELECT count(*) FROM account_actions WHERE account = name), parameters, accept FROM "
        "accounts "
        "WHERE name = ?",
        "t", ledger->name);
    if (!status)
        status = pxi_sql_row(row, found, err);
    if (!status && *found) {
        status = compare_terms(row, ledger->name, terms, err);
        pxi_copy(ledger->warmup, sizeof ledger->warmup, pxi_sql_text(row, 7));
        pxi_copy(ledger->digest, sizeof ledger->digest, pxi_sql_text(row, 8));
        ledger->n_actions = (size_t)sqlite3_column_int64(row, 9);
        pxi_copy(ledger->accept, sizeof ledger->accept, pxi_sql_text(row, 11));
    }
    sqlite3_finalize(row);
    return status;
}

px_status pxi_ledger_open(px_home *home, const char *name, const pxi_ledger_terms *terms, pxi_ledger **out,
                          px_error *err) {
    bool found = false;
    px_status status = check_name(name, err);
    if (status)
        return status;
    pxi_ledger *ledger = pxi_new_array(1, sizeof *ledger);
    if (!ledger)
        return pxi_fail_memory(err);
    ledger->home = home;
    ledger->lock = -1;
    pxi_copy(ledger->name, sizeof ledger->name, name);
    if ((status = take_lock(ledger, err)) ||
        (status = pxi_sql_run(home->db, err, "PRAGMA synchronous = FULL", "")) ||
        (status = read_account(ledger, terms, &found, err)) ||
        (!found && (status = make_account(ledger, terms, err)))) {
        pxi_ledger_close(&ledger);
        return status;
    }
    *out = ledger;
    return PX_OK;
}

void pxi_ledger_close(pxi_ledger **ledger) {
    if (!*ledger)
        return;
    if ((*ledger)->writing)
        (void)pxi_sql_end((*ledger)->home->db, PX_EINTERRUPTED, NULL);
    pxi_lock_drop(&(*ledger)->lock);
    free(*ledger);
    *ledger = NULL;
}

/* ---- what came in, once more -------------------------------------------------------------------------- */

static const char *const action_names[] = {
    [PXI_ACTION_COMPLETE] = "complete",
    [PXI_ACTION_HALT] = "halt",
    [PXI_ACTION_RESUME] = "resume",
};

static px_status repeat_action(const pxi_ledger *ledger, sqlite3_stmt *row, const pxi_ledger_sink *sink,
                               px_error *err) {
    const char *word = pxi_sql_text(row, 7);
    for (size_t k = 0; k < sizeof action_names / sizeof *action_names; k++)
        if (strcmp(word, action_names[k]) == 0)
            return sink->action(sink->user, (pxi_action)k, pxi_sql_text(row, 8), err);
    return pxi_fail(err, PX_ECORRUPT, "account %s is damaged: it has an action \"%.40s\"", ledger->name,
                    word);
}

static px_status repeat_row(const pxi_ledger *ledger, sqlite3_stmt *row, const pxi_ledger_sink *sink,
                            px_error *err) {
    if (sqlite3_column_type(row, 7) != SQLITE_NULL)
        return repeat_action(ledger, row, sink, err);
    const px_bar minute = {
        .ts_us = sqlite3_column_int64(row, 0),
        .open = sqlite3_column_double(row, 2),
        .high = sqlite3_column_double(row, 3),
        .low = sqlite3_column_double(row, 4),
        .close = sqlite3_column_double(row, 5),
        .volume = sqlite3_column_double(row, 6),
    };
    return sink->minute(sink->user, &minute, err);
}

px_status pxi_ledger_repeat(pxi_ledger *ledger, const pxi_ledger_sink *sink, px_error *err) {
    sqlite3_stmt *row = NULL;
    bool more = true;
    px_status status = pxi_sql_query(ledger->home->db, &row, err,
                                     "SELECT ts_us, 0 AS seq, open, high, low, close, volume, NULL, NULL "
                                     "FROM account_bars WHERE account = ?1 "
                                     "UNION ALL SELECT after_us, seq + 1, NULL, NULL, NULL, NULL, NULL, "
                                     "action, reason FROM account_actions "
                                     "WHERE account = ?1 ORDER BY 1, 2",
                                     "t", ledger->name);
    while (!status && !(status = pxi_sql_row(row, &more, err)) && more)
        status = repeat_row(ledger, row, sink, err);
    sqlite3_finalize(row);
    return status;
}

bool pxi_ledger_first(pxi_ledger *ledger, int64_t *ts_us) {
    sqlite3_stmt *row = NULL;
    bool found = false;
    if (pxi_sql_query(ledger->home->db, &row, NULL,
                      "SELECT ts_us FROM account_bars WHERE account = ? ORDER BY ts_us LIMIT 1", "t",
                      ledger->name) == PX_OK &&
        pxi_sql_row(row, &found, NULL) == PX_OK && found)
        *ts_us = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return found;
}

const char *pxi_ledger_warmup(const pxi_ledger *ledger) {
    return ledger->warmup;
}

const char *pxi_ledger_digest(const pxi_ledger *ledger) {
    return ledger->digest;
}

const char *pxi_ledger_accept(const pxi_ledger *ledger) {
    return ledger->accept;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

px_status pxi_ledger_set_warmup(pxi_ledger *ledger, const char *digest, px_error *err) {
    pxi_copy(ledger->warmup, sizeof ledger->warmup, digest);
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err, "UPDATE accounts SET warmup = ?2 WHERE name = ?1",
                                "tt", ledger->name, digest);
}

px_status pxi_ledger_set_findings(pxi_ledger *ledger, const char *accept, const char *findings,
                                  px_error *err) {
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err,
                                "UPDATE accounts SET accept = ?2, findings = ?3 WHERE name = ?1", "ttt",
                                ledger->name, accept, findings);
}

px_status pxi_ledger_minute(pxi_ledger *ledger, const px_bar *b, px_error *err) {
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err,
                                "INSERT INTO account_bars VALUES (?, ?, ?, ?, ?, ?, ?)", "tiddddd",
                                ledger->name, b->ts_us, b->open, b->high, b->low, b->close, b->volume);
}

px_status pxi_ledger_action(pxi_ledger *ledger, pxi_action action, int64_t after_us, const char *reason,
                            px_error *err) {
    const int64_t seq = (int64_t)ledger->n_actions++;
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err, "INSERT INTO account_actions VALUES (?, ?, ?, ?, ?)",
                                "tiitt", ledger->name, seq, after_us, action_names[action], reason);
}

static const char *event_type(int type) {
    return type < 0 ? NULL : px_event_type_name(type);
}

px_status pxi_ledger_signal(pxi_ledger *ledger, const pxi_signal_id *id, const px_candidate *c,
                            px_error *err) {
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err,
                                "INSERT INTO account_signals VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                                "ON CONFLICT (account, id) DO UPDATE "
                                "SET fate = ?7, quantity = ?8, capped_by = ?9",
                                "ttittdtdt", ledger->name, id->text, c->event.ts_us,
                                px_side_name(c->event.side), event_type(c->event.type), c->probability,
                                px_outcome_name(c->outcome), c->quantity, px_cap_name(c->capped_by));
}

px_status pxi_ledger_order(pxi_ledger *ledger, const pxi_order *o, px_error *err) {
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err,
                                "INSERT OR REPLACE INTO account_orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                "tiitdtti", ledger->name, (int64_t)o->number, o->ts_us, px_side_name(o->side),
                                o->quantity, pxi_order_kind(o->reason, false),
                                pxi_order_status_name(o->status), o->done_us);
}

px_status pxi_ledger_fill(pxi_ledger *ledger, const pxi_fill *f, px_error *err) {
    px_status status = begin(ledger, err);
    return status
               ? status
               : pxi_sql_run(ledger->home->db, err,
                             "INSERT INTO account_fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "tiitdddti",
                             ledger->name, (int64_t)f->number, f->ts_us, px_side_name(f->side), f->quantity,
                             f->price, f->fees, pxi_order_kind(f->reason, f->carry), (int64_t)f->trade);
}

px_status pxi_ledger_trade(pxi_ledger *ledger, const pxi_trade *t, px_error *err) {
    px_status status = begin(ledger, err);
    return status
               ? status
               : pxi_sql_run(
                     ledger->home->db, err,
                     "INSERT INTO account_trades VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "tiiitdddddddittdt", ledger->name, (int64_t)t->number, t->entry_us, t->exit_us,
                     t->side == PX_LONG ? "long" : "short", t->quantity, t->entry_price, t->exit_price,
                     t->levels.stop, t->levels.target, t->pnl, t->fees, (int64_t)t->bars_held,
                     px_exit_reason_name(t->reason), event_type(t->signal.event_type), t->signal.probability,
                     t->signal.tag);
}

px_status pxi_ledger_equity(pxi_ledger *ledger, const px_bar *bar, const pxi_account_state *state,
                            px_error *err) {
    px_status status = begin(ledger, err);
    return status ? status
                  : pxi_sql_run(ledger->home->db, err,
                                "INSERT INTO account_equity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "tidddddd",
                                ledger->name, bar->ts_us, pxi_equity_at(state, bar->close), state->cash,
                                state->position, state->realised_gross, pxi_unrealised_at(state, bar->close),
                                state->fees_paid);
}

px_status pxi_ledger_commit(pxi_ledger *ledger, const char *digest, px_error *err) {
    if (!ledger->writing)
        return PX_OK;
    px_status status = pxi_sql_run(ledger->home->db, err, "UPDATE accounts SET digest = ?2 WHERE name = ?1",
                                   "tt", ledger->name, digest);
    status = pxi_sql_end(ledger->home->db, status, err);
    ledger->writing = false;
    if (!status)
        pxi_copy(ledger->digest, sizeof ledger->digest, digest);
    return status;
}

/* ---- halt --------------------------------------------------------------------------------------------- */

static bool stop_file_is_there(const px_home *home) {
    char *path = pxi_path_join(px_home_path(home), "STOP");
    bool there = path && pxi_path_exists(path);
    free(path);
    return there;
}

px_status pxi_ledger_halted(pxi_ledger *ledger, const char **reason, px_error *err) {
    sqlite3_stmt *row = NULL;
    bool found = false;
    px_status status = pxi_sql_query(ledger->home->db, &row, err, "SELECT halt FROM accounts WHERE name = ?",
                                     "t", ledger->name);
    if (!status)
        status = pxi_sql_row(row, &found, err);
    if (!status)
        pxi_copy(ledger->halt, sizeof ledger->halt, found ? pxi_sql_text(row, 0) : "");
    sqlite3_finalize(row);
    if (!status && !*ledger->halt && stop_file_is_there(ledger->home))
        pxi_copy(ledger->halt, sizeof ledger->halt, "the file STOP in the data folder");
    *reason = ledger->halt;
    return status;
}
