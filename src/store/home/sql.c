// SPDX-License-Identifier: Apache-2.0
#include "store/home/sql.h"

#include "base/error.h"
#include "pixity/store.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

px_status pxi_sql_fail(sqlite3 *db, px_error *err) {
    int code = sqlite3_errcode(db);
    const char *path = sqlite3_db_filename(db, "main");
    const char *message = sqlite3_errmsg(db);
    int reason;
    switch (code) {
    case SQLITE_NOMEM:
        return pxi_fail_memory(err);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return pxi_fail(err, PX_ECORRUPT,
                        "%s is damaged (%s): restore it from a copy, or move it away: it is made anew from "
                        "the folders beside it, but for paper accounts and for ticks and lots set by hand",
                        path, message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return pxi_fail(err, PX_EIO, "another program has locked %s for too long: try again", path);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: /* SQLite keeps what the system said to itself: "disk I/O error" for a full disk */
        reason = sqlite3_system_errno(db);
        return pxi_fail(err, PX_EIO, "cannot use %s: %s%s%s", path, message, reason ? ": " : "",
                        reason ? strerror(reason) : "");
    case SQLITE_READONLY:
        if (!path || !*path) /* the copy in memory of a home that cannot be written */
            return pxi_fail(err, PX_EIO,
                            "the home folder's database cannot be changed: its disk is read-only or full");
        return pxi_fail(err, PX_EIO, "cannot use %s: %s", path, message);
    case SQLITE_FULL:
    case SQLITE_PERM:
        return pxi_fail(err, PX_EIO, "cannot use %s: %s", path, message);
    default:
        return pxi_fail(err, PX_ELIBRARY, "SQLite, %s: %s", path, message);
    }
}

static int bind_one(sqlite3_stmt *query, int at, char type, va_list *args) {
    if (type == 't')
        return sqlite3_bind_text(query, at, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
    if (type == 'i')
        return sqlite3_bind_int64(query, at, va_arg(*args, int64_t));
    double value = va_arg(*args, double);
    return isnan(value) ? sqlite3_bind_null(query, at) : sqlite3_bind_double(query, at, value);
}

static px_status prepare(sqlite3 *db, sqlite3_stmt **out, px_error *err, const char *sql, const char *types,
                         va_list *args) {
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);
    for (int i = 0; code == SQLITE_OK && types[i]; i++)
        code = bind_one(query, i + 1, types[i], args);
    if (code != SQLITE_OK) {
        px_status status = pxi_sql_fail(db, err);
        sqlite3_finalize(query);
        return status;
    }
    *out = query;
    return PX_OK;
}

px_status pxi_sql_query(sqlite3 *db, sqlite3_stmt **out, px_error *err, const char *sql, const char *types,
                        ...) {
    va_list args;
    va_start(args, types);
    px_status status = prepare(db, out, err, sql, types, &args);
    va_end(args);
    return status;
}

px_status pxi_sql_row(sqlite3_stmt *query, bool *more, px_error *err) {
    int code = sqlite3_step(query);
    *more = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? PX_OK : pxi_sql_fail(sqlite3_db_handle(query), err);
}

px_status pxi_sql_run(sqlite3 *db, px_error *err, const char *sql, const char *types, ...) {
    sqlite3_stmt *query = NULL;
    bool more = true;
    va_list args;
    va_start(args, types);
    px_status status = prepare(db, &query, err, sql, types, &args);
    va_end(args);
    while (!status && more)
        status = pxi_sql_row(query, &more, err);
    sqlite3_finalize(query);
    return status;
}

const char *pxi_sql_text(sqlite3_stmt *query, int column) {
    const unsigned char *text = sqlite3_column_text(query, column);
    return text ? (const char *)text : "";
}

px_status pxi_sql_begin(sqlite3 *db, px_error *err) {
    return pxi_sql_run(db, err, "BEGIN IMMEDIATE", "");
}

px_status pxi_sql_end(sqlite3 *db, px_status status, px_error *err) {
    if (!status)
        status = pxi_sql_run(db, err, "COMMIT", "");
    if (status && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

const char *px_sqlite_version(void) {
    return sqlite3_libversion();
}
