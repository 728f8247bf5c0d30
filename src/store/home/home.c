// SPDX-License-Identifier: Apache-2.0
/* The home folder: its database, schema version and locks. */
#include "store/home/home.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/home/sql.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 60000

/* Step i brings a home from schema version i to i + 1. Never change one that was released: add the next. */
static const char *const migrations[] = {
    /* 1: a from_date is "YYYY-MM-DD", "" for always; the seed follows */
    "CREATE TABLE instruments (key TEXT PRIMARY KEY COLLATE NOCASE, symbol TEXT NOT NULL COLLATE NOCASE,"
    " exchange TEXT NOT NULL COLLATE NOCASE) WITHOUT ROWID;"
    "CREATE INDEX instruments_by_symbol ON instruments (symbol);"
    "CREATE TABLE instrument_aliases (alias TEXT NOT NULL COLLATE NOCASE, key TEXT NOT NULL COLLATE NOCASE,"
    " PRIMARY KEY (alias, key)) WITHOUT ROWID;"
    "CREATE TABLE instrument_ticks (key TEXT NOT NULL COLLATE NOCASE, from_date TEXT NOT NULL,"
    " tick REAL NOT NULL, lot_size REAL NOT NULL, PRIMARY KEY (key, from_date)) WITHOUT ROWID;",
    /* 2: the index over runs/ under other column names; nothing of it is kept */
    "",
    /* 3: an index over runs/, rebuilt from the folders whenever it disagrees with them */
    "DROP TABLE IF EXISTS runs;"
    "CREATE TABLE runs (run_id TEXT PRIMARY KEY, created_us INTEGER, status TEXT, strategy TEXT, symbol TEXT,"
    " timeframe TEXT, profile TEXT, start TEXT, \"end\" TEXT, trades INTEGER, net_pnl REAL,"
    " net_return_pct REAL, net_sharpe REAL, net_max_drawdown_pct REAL, fingerprint TEXT, message TEXT)"
    " WITHOUT ROWID;",
    /* 4: the index of step 3 with more results, made anew from the folders */
    "DROP TABLE IF EXISTS runs;"
    "CREATE TABLE runs (run_id TEXT PRIMARY KEY, created_us INTEGER, status TEXT, strategy TEXT, symbol TEXT,"
    " timeframe TEXT, profile TEXT, start TEXT, \"end\" TEXT, trades INTEGER, net_pnl REAL,"
    " net_return_pct REAL, net_sharpe REAL, net_max_drawdown_pct REAL, fingerprint TEXT, message TEXT,"
    " sessions INTEGER, net_cagr_pct REAL, net_sortino REAL, net_calmar REAL, net_session_sharpe REAL,"
    " net_psr REAL) WITHOUT ROWID;",
    /* 5: paper accounts; what came in (bars, actions) and what came of it. Prices as they were, times in UTC
     */
    "CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, strategy TEXT NOT NULL, instrument TEXT NOT "
    "NULL,"
    " symbol TEXT NOT NULL, exchange TEXT NOT NULL, timeframe_minutes INTEGER NOT NULL, config TEXT NOT NULL,"
    " model TEXT NOT NULL, version TEXT NOT NULL, warmup TEXT NOT NULL, digest TEXT NOT NULL,"
    " halt TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_bars (account TEXT NOT NULL, ts_us INTEGER NOT NULL, open REAL NOT "
    "NULL,"
    " high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,"
    " PRIMARY KEY (account, ts_us)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_actions (account TEXT NOT NULL, seq INTEGER NOT NULL, after_us "
    "INTEGER NOT NULL,"
    " action TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (account, seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_signals (account TEXT NOT NULL, id TEXT NOT NULL, ts_us INTEGER NOT "
    "NULL,"
    " side TEXT NOT NULL, event_type TEXT, probability REAL, fate TEXT NOT NULL, quantity REAL,"
    " PRIMARY KEY (account, id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_orders (account TEXT NOT NULL, seq INTEGER NOT NULL, ts_us INTEGER "
    "NOT NULL,"
    " side TEXT NOT NULL, quantity REAL NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,"
    " done_us INTEGER NOT NULL, PRIMARY KEY (account, seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_fills (account TEXT NOT NULL, seq INTEGER NOT NULL, ts_us INTEGER "
    "NOT NULL,"
    " side TEXT NOT NULL, quantity REAL NOT NULL, price REAL NOT NULL, fees REAL NOT NULL, kind TEXT NOT "
    "NULL,"
    " trade INTEGER NOT NULL, PRIMARY KEY (account, seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_trades (account TEXT NOT NULL, seq INTEGER NOT NULL, entry_us "
    "INTEGER NOT NULL,"
    " exit_us INTEGER NOT NULL, direction TEXT NOT NULL, quantity REAL NOT NULL, entry_price REAL NOT NULL,"
    " exit_price REAL NOT NULL, stop REAL, target REAL, pnl REAL NOT NULL, fees REAL NOT NULL,"
    " bars_held INTEGER NOT NULL, exit_reason TEXT NOT NULL, event_type TEXT, probability REAL, tag TEXT,"
    " PRIMARY KEY (account, seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS account_equity (account TEXT NOT NULL, ts_us INTEGER NOT NULL, equity REAL "
    "NOT NULL,"
    " cash REAL NOT NULL, position REAL NOT NULL, realised_gross REAL NOT NULL, unrealised REAL NOT NULL,"
    " fees_paid REAL NOT NULL, PRIMARY KEY (account, ts_us)) WITHOUT ROWID;",
    /* 6: the strategy's parameters of an account, "stop_atrs=2"; "" = the usual values */
    "ALTER TABLE accounts ADD COLUMN parameters TEXT NOT NULL DEFAULT '';",
    /* 7: the index with every metric of a run, made anew from the folders */
    "DROP TABLE IF EXISTS runs;"
    "DROP TABLE IF EXISTS run_metrics;"
    "DROP TABLE IF EXISTS metric_keys;"
    "CREATE TABLE runs (run INTEGER PRIMARY KEY, run_id TEXT UNIQUE NOT NULL, created_us INTEGER, status "
    "TEXT,"
    " strategy TEXT, symbol TEXT, timeframe TEXT, profile TEXT, start TEXT, \"end\" TEXT, fingerprint TEXT,"
    " message TEXT);"
    "CREATE INDEX runs_by_series ON runs (symbol, timeframe, strategy);"
    "CREATE TABLE metric_keys (metric INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL);"
    "CREATE TABLE run_metrics (run INTEGER NOT NULL, metric INTEGER NOT NULL, value REAL NOT NULL,"
    " PRIMARY KEY (run, metric)) WITHOUT ROWID;",
    /* 8: metrics by their name first, as lists ask for one of many runs; and the mark that the folder runs/
     * had when the index last agreed with it, one row or none */
    "DROP TABLE IF EXISTS metrics_of_runs;"
    "DROP TABLE IF EXISTS runs_agreed;"
    "CREATE TABLE metrics_of_runs (metric INTEGER NOT NULL, run INTEGER NOT NULL, value REAL NOT NULL,"
    " PRIMARY KEY (metric, run)) WITHOUT ROWID;"
    "INSERT INTO metrics_of_runs SELECT metric, run, value FROM run_metrics ORDER BY metric, run;"
    "DROP TABLE run_metrics;"
    "ALTER TABLE metrics_of_runs RENAME TO run_metrics;"
    "CREATE TABLE runs_agreed (one INTEGER PRIMARY KEY CHECK (one = 1), changed_s INTEGER NOT NULL,"
    " changed_ns INTEGER NOT NULL, links INTEGER NOT NULL, n INTEGER NOT NULL);",
    /* 9: the cap that cut a signal's quantity; NULL = none did */
    "ALTER TABLE account_signals ADD COLUMN capped_by TEXT;",
    /* 10: error findings that an account goes over, "bad_price,split"; and what was known to be wrong when it
     * began, {"findings", "warnings"}; "" = an account of before */
    ("ALTER TABLE accounts ADD COLUMN accept TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE accounts ADD COLUMN findings TEXT NOT NULL DEFAULT '';"),
};
#define SCHEMA_VERSION ((int)(sizeof migrations / sizeof *migrations))

static px_status read_version(sqlite3 *db, int *version, px_error *err) {
    sqlite3_stmt *query = NULL;
    bool more = false;
    px_status status = pxi_sql_query(db, &query, err, "PRAGMA user_version", "");
    if (!status)
        status = pxi_sql_row(query, &more, err);
    if (!status)
        *version = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    return status;
}

static px_status apply_migrations(px_home *home, px_error *err) {
    int version = 0;
    size_t n_new;
    char set_version[64];
    px_status status =
        read_version(home->db, &version, err); /* again: another process may have been faster */
    for (; !status && version < SCHEMA_VERSION; version++) {
        if (sqlite3_exec(home->db, migrations[version], NULL, NULL, NULL) != SQLITE_OK)
            status = pxi_sql_fail(home->db, err);
        else if (version == 0)
            status = pxi_instruments_seed(home->db, err);
        if (!status && version == 0) /* the database was lost, or the candles came from elsewhere */
            status = pxi_instruments_adopt(home, &n_new, err);
    }
    if (status)
        return status;
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", version);
    return pxi_sql_run(home->db, err, set_version, "");
}

static px_status migrate_whole(px_home *home, px_error *err) {
    px_status status = pxi_sql_begin(home->db, err);
    return status ? status : pxi_sql_end(home->db, apply_migrations(home, err), err);
}

/* Switching to WAL is not guarded by SQLite's busy handler, hence the lock around all of it. */
static px_status migrate(px_home *home, px_error *err) {
    int lock = -1;
    char *path = pxi_path_join(home->path, ".lock");
    if (!path)
        return pxi_fail_memory(err);
    px_status status = pxi_lock_take(path, LOCK_EX, &lock, err);
    free(path);
    if (!status)
        status = pxi_sql_run(home->db, err, "PRAGMA journal_mode = WAL", "");
    if (!status)
        status = migrate_whole(home, err);
    pxi_lock_drop(&lock);
    return status;
}

static px_status check_schema(px_home *home, px_error *err) {
    int version = 0;
    px_status status = read_version(home->db, &version, err);
    if (status)
        return status;
    if (version > SCHEMA_VERSION || version < 0)
        return pxi_fail(err, PX_EMISMATCH,
                        "%s has schema version %d, this program knows versions up to %d: use a newer pixity "
                        "or another home folder",
                        home->path, version, SCHEMA_VERSION);
    if (version == SCHEMA_VERSION)
        return PX_OK;
    return home->read_only ? migrate_whole(home, err) : migrate(home, err);
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static px_status open_connection(const char *home, bool read_only, bool immutable, sqlite3 **db,
                                 px_error *err) {
    char *uri = NULL, *encoded = pxi_percent_encode(home, "/.");
    if (!encoded || asprintf(&uri, "file:%s%s/pixity.db%s", *home == '/' ? "//" : "", encoded,
                             immutable ? "?immutable=1" : "") < 0)
        uri = NULL;
    free(encoded);
    if (!uri)
        return pxi_fail_memory(err);
    int access_flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(uri, db, SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | access_flags, NULL);
    free(uri);
    if (code != SQLITE_OK)
        return *db ? pxi_fail(err, PX_EIO, "cannot open %s/pixity.db: %s", home, sqlite3_errmsg(*db))
                   : pxi_fail_memory(err);
    sqlite3_busy_timeout(*db, BUSY_MS);
    /* A folder may come from elsewhere: its views and triggers call nothing that acts outside the database.
     */
    sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return PX_OK;
}

/* A log beside the database counts, but SQLite reads it only if it may share or make that log's index. */
typedef enum log_state { LOG_ABSENT, LOG_EMPTY, LOG_WRITTEN } log_state;

static px_status look_for_log(const char *home, log_state *out, px_error *err) {
    struct stat info;
    char *log = pxi_path_join(home, "pixity.db-wal");
    if (!log)
        return pxi_fail_memory(err);
    *out = stat(log, &info) != 0 ? LOG_ABSENT : info.st_size == 0 ? LOG_EMPTY : LOG_WRITTEN;
    free(log);
    return PX_OK;
}

/* Opens what cannot, or must not, be written, and tells its version. Where nobody writes there is no log to
 * look for, or an empty one; on a disk that is read-only for all, a log without index stays unread, and the
 * folders tell what stood in it. */
static px_status open_to_read(const char *home, sqlite3 **out, int *version, px_error *err) {
    sqlite3 *db = NULL;
    log_state log = LOG_ABSENT;
    px_status status = look_for_log(home, &log, err);
    if (!status)
        status = open_connection(home, true, log == LOG_ABSENT, &db, err);
    if (!status)
        status = read_version(db, version, err);
    if (status == PX_EIO && (log == LOG_EMPTY || (access(home, W_OK) != 0 && errno == EROFS))) {
        sqlite3_close(db);
        db = NULL;
        status = open_connection(home, true, true, &db, err);
        if (!status)
            status = read_version(db, version, err);
    }
    if (status)
        sqlite3_close(db);
    else
        *out = db;
    return status;
}

/* A home that cannot be written still serves readers: from a copy of its database in memory, which can be
 * migrated and mended like any other. */
static px_status open_copy(px_home *home, px_error *err) {
    sqlite3 *stored = NULL;
    int version;
    px_status status = open_to_read(home->path, &stored, &version, err);
    if (status)
        return status;
    int code = sqlite3_open_v2(":memory:", &home->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_backup *copy = code == SQLITE_OK ? sqlite3_backup_init(home->db, "main", stored, "main") : NULL;
    if (!copy || (code = sqlite3_backup_step(copy, -1)) != SQLITE_DONE)
        status = pxi_fail(err, PX_EIO, "cannot copy %s/pixity.db into memory: %s", home->path,
                          sqlite3_errstr(code));
    sqlite3_backup_finish(copy);
    sqlite3_close(stored);
    home->read_only = true;
    if (!status)
        status = check_schema(home, err);
    return status ? status : pxi_home_protect(home, true, err);
}

/* A full disk: SQLite needs some room even to read. */
static bool lacks_room(sqlite3 *db) {
    int code = sqlite3_errcode(db);
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
}

static px_status open_database(px_home *home, px_error *err) {
    char *file = pxi_path_join(home->path, "pixity.db");
    if (!file)
        return pxi_fail_memory(err);
    bool read_only = access(home->path, W_OK) != 0 && pxi_path_exists(file);
    free(file);
    if (read_only)
        return open_copy(home, err);
    px_status status = open_connection(home->path, false, false, &home->db, err);
    if (!status)
        status = check_schema(home, err);
    return status && lacks_room(home->db) ? pxi_home_without_room(home, status) : status;
}

px_status pxi_home_without_room(px_home *home, px_status status) {
    int version = 0;
    if (status != PX_EIO || home->read_only || px_home_read_version(home->path, &version, NULL) != PX_OK ||
        version == 0)
        return status;
    sqlite3 *stored = home->db;
    home->db = NULL;
    if (open_copy(home, NULL) != PX_OK) {
        sqlite3_close(home->db);
        home->db = stored;
        home->read_only = false;
        return status;
    }
    sqlite3_finalize(home->runs_seen.query);
    home->runs_seen.query = NULL;
    sqlite3_close(stored);
    return PX_OK;
}

px_status px_home_open(const char *path, px_home **out, px_error *err) {
    px_status status = PX_OK;
    if (!*path)
        return pxi_fail(err, PX_EINPUT, "the home folder's name is empty");
    px_home *home = pxi_new_array(1, sizeof *home);
    if (!home)
        return pxi_fail_memory(err);
    status = pxi_duplicate(path, &home->path, err);
    if (!status)
        status = pxi_make_private_folder(path, err);
    if (!status)
        status = open_database(home, err);
    if (status)
        px_home_close(&home);
    else
        *out = home;
    return status;
}

px_status px_home_read_version(const char *path, int *version, px_error *err) {
    sqlite3 *db = NULL;
    char *file = pxi_path_join(path, "pixity.db");
    if (!file)
        return pxi_fail_memory(err);
    bool exists = pxi_path_exists(file);
    free(file);
    int found = 0;
    px_status status = exists ? open_to_read(path, &db, &found, err) : PX_OK;
    sqlite3_close(db);
    if (!status)
        *version = found;
    return status;
}

void px_home_close(px_home **home) {
    if (!home || !*home)
        return;
    pxi_duck_close(&(*home)->duck);
    sqlite3_finalize((*home)->runs_seen.query);
    sqlite3_close((*home)->db);
    free((*home)->path);
    free(*home);
    *home = NULL;
}

px_work px_home_set_work(px_home *home, const px_work *work) {
    const px_work before = home->work;
    home->work = work ? *work : (px_work){0};
    return before;
}

const char *px_home_path(const px_home *home) {
    return home->path;
}

int px_home_schema_version(void) {
    return SCHEMA_VERSION;
}

px_status pxi_home_duck(px_home *home, pxi_duck **out, px_error *err) {
    px_status status = home->duck ? PX_OK : pxi_duck_open(&home->duck, err);
    if (!status) {
        pxi_duck_set_work(home->duck, &home->work);
        *out = home->duck;
    }
    return status;
}
