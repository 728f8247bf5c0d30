// SPDX-License-Identifier: Apache-2.0
/* The home folder: its database, schema version and locks. */
#include "store/home.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/sql.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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

static px_status apply_migrations(sqlite3 *db, px_error *err) {
    int version = 0;
    char set_version[64];
    px_status status = read_version(db, &version, err); /* again: another process may have been faster */
    for (; !status && version < SCHEMA_VERSION; version++) {
        if (sqlite3_exec(db, migrations[version], NULL, NULL, NULL) != SQLITE_OK)
            status = pxi_sql_fail(db, err);
        else if (version == 0)
            status = pxi_instruments_seed(db, err);
    }
    if (status)
        return status;
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", version);
    return pxi_sql_run(db, err, set_version, "");
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
        status = pxi_sql_begin(home->db, err);
    if (!status)
        status = pxi_sql_end(home->db, apply_migrations(home->db, err), err);
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
    return version < SCHEMA_VERSION ? migrate(home, err) : PX_OK;
}

/* A home that cannot be written still serves readers. SQLite can read a database with a log beside it only if
 * it may share that log's index; where nobody writes there is no log to look for. */
static bool is_immutable(const char *file) {
    char *log = NULL;
    if (asprintf(&log, "%s-wal", file) < 0)
        return false;
    bool immutable = !pxi_path_exists(log) || (access(log, W_OK) != 0 && errno == EROFS);
    free(log);
    return immutable;
}

static char *database_uri(const char *home, bool immutable) {
    char *uri = NULL, *encoded = pxi_percent_encode(home, "/.");
    if (encoded && asprintf(&uri, "file:%s%s/pixity.db%s", *home == '/' ? "//" : "", encoded,
                            immutable ? "?immutable=1" : "") < 0)
        uri = NULL;
    free(encoded);
    return uri;
}

static px_status open_database(px_home *home, px_error *err) {
    char *file = pxi_path_join(home->path, "pixity.db");
    bool read_only = file && access(home->path, W_OK) != 0 && pxi_path_exists(file);
    char *uri = file ? database_uri(home->path, read_only && is_immutable(file)) : NULL;
    free(file);
    if (!uri)
        return pxi_fail_memory(err);
    int access_flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(uri, &home->db, SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | access_flags, NULL);
    free(uri);
    if (code != SQLITE_OK)
        return home->db ? pxi_fail(err, PX_EIO, "cannot open %s/pixity.db: %s", home->path,
                                   sqlite3_errmsg(home->db))
                        : pxi_fail_memory(err);
    sqlite3_busy_timeout(home->db, BUSY_MS);
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
        status = pxi_make_folder(path, err);
    if (!status)
        status = open_database(home, err);
    if (!status)
        status = check_schema(home, err);
    if (status)
        px_home_close(&home);
    else
        *out = home;
    return status;
}

void px_home_close(px_home **home) {
    if (!home || !*home)
        return;
    pxi_duck_close(&(*home)->duck);
    sqlite3_close((*home)->db);
    free((*home)->path);
    free(*home);
    *home = NULL;
}

const char *px_home_path(const px_home *home) {
    return home->path;
}

int px_home_schema_version(void) {
    return SCHEMA_VERSION;
}

px_status pxi_home_duck(px_home *home, pxi_duck **out, px_error *err) {
    px_status status = home->duck ? PX_OK : pxi_duck_open(&home->duck, err);
    if (!status)
        *out = home->duck;
    return status;
}

/* ---- names and locks ----------------------------------------------------------------------------------- */

char *pxi_percent_encode(const char *text, const char *keep) {
    pxi_text encoded = {0};
    char *out = NULL;
    for (const char *p = text; *p; p++) {
        bool plain =
            isalnum((unsigned char)*p) || strchr("_-", *p) || strchr(keep, *p) || (*p == '.' && p > text);
        if (plain)
            pxi_text_add(&encoded, p, 1);
        else
            pxi_text_printf(&encoded, "%%%02X", (unsigned char)*p);
    }
    return pxi_text_take(&encoded, &out, NULL) == PX_OK ? out : NULL;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool pxi_percent_decode(const char *text, char *buf, size_t size) {
    size_t used = 0;
    for (const char *p = text; *p; p++) {
        int value = (unsigned char)*p;
        if (*p == '%') {
            int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);
            if (low < 0 || high + low == 0)
                return false;
            value = 16 * high + low;
            p += 2;
        }
        if (used + 1 >= size)
            return false;
        buf[used++] = (char)value;
    }
    buf[used] = '\0';
    return used > 0;
}

px_status pxi_lock_take(const char *path, int how, int *fd, px_error *err) {
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (opened < 0)
        return pxi_fail_errno(err, "open", path);
    int code;
    do {
        code = flock(opened, how);
    } while (code != 0 && errno == EINTR);
    if (code != 0 && errno != EWOULDBLOCK) {
        px_status status = pxi_fail_errno(err, "lock", path);
        close(opened);
        return status;
    }
    if (code != 0) {
        close(opened);
        opened = -1;
    }
    *fd = opened;
    return PX_OK;
}

void pxi_lock_drop(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
