// SPDX-License-Identifier: Apache-2.0
/* Tables of SQLite files. They are strangers' files: opened read-only, without extensions, triggers or
 * functions of theirs, and only base tables are read. */
#include "base/error.h"
#include "base/mem.h"
#include "files/containers/containers.h"
#include "files/containers/pulled_text.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct sqlite_text {
    pxi_pulled pulled;
    sqlite3 *db;
    sqlite3_stmt *rows;
    const char *path;
    bool named; /* the header line has been given */
} sqlite_text;

static px_status fail_sqlite(sqlite3 *db, const char *path, px_error *err) {
    if (sqlite3_errcode(db) == SQLITE_NOMEM)
        return pxi_fail_memory(err);
    return pxi_fail(err, PX_EINPUT, "%s: SQLite: %s", path, sqlite3_errmsg(db));
}

/* ---- opening ------------------------------------------------------------------------------------------- */

/* A page cache and a statement of a stranger stay small, whatever the file says of itself. */
static void seal(sqlite3 *db) {
    int off = 0;
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &off);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, &off);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, &off);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 24);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 2000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 1 << 16);
}

/* What reading a table needs, and nothing else. */
static int authorize(void *context, int action, const char *a, const char *b, const char *database,
                     const char *trigger) {
    (void)context;
    (void)a;
    (void)b;
    (void)database;
    (void)trigger;
    return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

/* As a file that nobody changes, where no log lies beside it: then SQLite makes no files of its own there. */
static char *make_uri(const char *path) {
    sqlite3_str *uri = sqlite3_str_new(NULL);
    char *log = sqlite3_mprintf("%s-wal", path);
    const bool has_log = log && access(log, F_OK) == 0;
    sqlite3_str_appendall(uri, "file:");
    for (const char *p = path; *p; p++)
        if (*p == '?' || *p == '#' || *p == '%')
            sqlite3_str_appendf(uri, "%%%02x", (unsigned)*p);
        else
            sqlite3_str_appendchar(uri, 1, *p);
    sqlite3_str_appendall(uri, has_log ? "" : "?immutable=1");
    sqlite3_free(log);
    return sqlite3_str_finish(uri);
}

static px_status open_sealed(const char *path, sqlite3 **out, px_error *err) {
    sqlite3 *db = NULL;
    char *uri = make_uri(path);
    if (!uri)
        return pxi_fail_memory(err);
    int code = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
    sqlite3_free(uri);
    if (code != SQLITE_OK) {
        px_status status = db ? fail_sqlite(db, path, err) : pxi_fail_memory(err);
        sqlite3_close(db);
        return status;
    }
    seal(db);
    *out = db;
    return PX_OK;
}

/* ---- which table --------------------------------------------------------------------------------------- */

/* The base tables that are the file's own, by name: "a, b". *only is the one that is meant, "" if none is. */
static px_status list_tables(sqlite3 *db, const char *path, const char *wanted, pxi_text *names,
                             pxi_text *only, px_error *err) {
    static const char query[] =
        "SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name";
    sqlite3_stmt *found = NULL;
    size_t n = 0;
    int code = sqlite3_prepare_v2(db, query, -1, &found, NULL);
    bool is_view = false, is_virtual = false, exact = false;
    while (code == SQLITE_OK && sqlite3_step(found) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(found, 0);
        const char *type = (const char *)sqlite3_column_text(found, 1);
        const char *sql = (const char *)sqlite3_column_text(found, 2);
        const bool view = type && strcmp(type, "view") == 0;
        const bool virtual = sql && sqlite3_strnicmp(sql, "CREATE VIRTUAL", 14) == 0;
        if (!name || sqlite3_strnicmp(name, "sqlite_", 7) == 0)
            continue;
        const bool same = wanted && sqlite3_stricmp(name, wanted) == 0;
        is_view |= same && view;
        is_virtual |= same && virtual;
        if (view || virtual)
            continue;
        pxi_text_printf(names, "%s%.100s", n++ ? ", " : "", name);
        if (same || (!wanted && !exact)) {
            exact = same || strcmp(name, "candles") == 0;
            only->length = 0;
            pxi_text_puts(only, name);
        }
    }
    const bool failed = code != SQLITE_OK || sqlite3_errcode(db) != SQLITE_DONE;
    px_status status = failed ? fail_sqlite(db, path, err) : PX_OK;
    sqlite3_finalize(found);
    if (status)
        return status;
    if (names->failed || only->failed)
        return pxi_fail_memory(err);
    if (is_view || is_virtual)
        return pxi_fail(err, PX_EINPUT,
                        "%s: %.100s is a %s; only base tables are read: make it one with CREATE TABLE AS",
                        path, wanted, is_view ? "view" : "virtual table");
    if (n == 0)
        return pxi_fail(err, PX_EINPUT, "%s holds no table", path);
    if (wanted && only->length == 0)
        return pxi_fail(err, PX_EINPUT, "%s holds no table \"%.100s\"; there are: %.300s", path, wanted,
                        names->data);
    if (!wanted && n > 1 && !exact)
        return pxi_fail(err, PX_EINPUT,
                        "%s holds several tables and none is named candles; choose one with --table: %.300s",
                        path, names->data);
    return PX_OK;
}

/* The expression of a computed column is run when it is read, like a view. */
static px_status check_columns(sqlite3 *db, const char *path, const char *table, px_error *err) {
    char *sql = sqlite3_mprintf("SELECT count(*) FROM pragma_table_xinfo(%Q) WHERE hidden > 1", table);
    sqlite3_stmt *found = NULL;
    if (!sql)
        return pxi_fail_memory(err);
    const int code = sqlite3_prepare_v2(db, sql, -1, &found, NULL);
    px_status status = PX_OK;
    if (code != SQLITE_OK || sqlite3_step(found) != SQLITE_ROW)
        status = fail_sqlite(db, path, err);
    else if (sqlite3_column_int(found, 0) > 0)
        status = pxi_fail(
            err, PX_EINPUT,
            "%s: %.100s has a computed column (GENERATED ALWAYS AS); only stored columns are read: make it "
            "a plain table with CREATE TABLE AS",
            path, table);
    sqlite3_finalize(found);
    sqlite3_free(sql);
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void add_cell(pxi_text *row, sqlite3_stmt *rows, int column) {
    switch (sqlite3_column_type(rows, column)) {
    case SQLITE_INTEGER:
        pxi_pulled_i64(row, column == 0, sqlite3_column_int64(rows, column));
        break;
    case SQLITE_FLOAT:
        pxi_pulled_double(row, column == 0, sqlite3_column_double(rows, column));
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(rows, column);
        pxi_pulled_text(row, column == 0, text, (size_t)sqlite3_column_bytes(rows, column));
        break;
    }
    default: /* nothing, or bytes that are no text */
        pxi_pulled_text(row, column == 0, "", 0);
    }
}

static px_status give_rows(pxi_pulled *pulled, px_error *err) {
    sqlite_text *s = (sqlite_text *)pulled;
    const int n = sqlite3_column_count(s->rows);
    if (!s->named) {
        for (int i = 0; i < n; i++) {
            const char *name = sqlite3_column_name(s->rows, i);
            pxi_pulled_text(&pulled->text, i == 0, name ? name : "", name ? strlen(name) : 0);
        }
        s->named = true;
    } else {
        int code = sqlite3_step(s->rows);
        pulled->ended = code == SQLITE_DONE;
        if (code != SQLITE_ROW)
            return pulled->ended ? PX_OK : fail_sqlite(s->db, s->path, err);
        for (int i = 0; i < n; i++)
            add_cell(&pulled->text, s->rows, i);
    }
    pxi_text_add(&pulled->text, "\n", 1);
    return PX_OK;
}

static px_status restart(pxi_pulled *pulled, px_error *err) {
    (void)err;
    sqlite_text *s = (sqlite_text *)pulled;
    sqlite3_reset(s->rows); /* repeats what the last step said */
    s->named = false;
    return PX_OK;
}

static void free_rows(pxi_pulled *pulled) {
    sqlite_text *s = (sqlite_text *)pulled;
    sqlite3_finalize(s->rows);
    free(s);
}

static px_status read_table(const pxi_opening *o, sqlite3 *db, const char *table, px_error *err) {
    const char *path = o->config->path;
    sqlite_text *s = pxi_new_array(1, sizeof *s);
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    px_status status = s && sql ? PX_OK : pxi_fail_memory(err);
    if (!status) {
        pxi_pulled_init(&s->pulled);
        s->pulled.more = give_rows;
        s->pulled.restart = restart;
        s->pulled.free = free_rows;
        s->db = db;
        s->path = path;
        sqlite3_set_authorizer(db, authorize, NULL);
        if (sqlite3_prepare_v2(db, sql, -1, &s->rows, NULL) != SQLITE_OK)
            status = fail_sqlite(db, path, err);
    }
    sqlite3_free(sql);
    if (status) {
        free(s);
        return status;
    }
    pxi_source_note(o->out, "the table %.100s is read", table);
    return pxi_pulled_take(o, &s->pulled.base, path, false, err);
}

px_status pxi_sqlite_open(const pxi_opening *o, px_error *err) {
    sqlite3 *db = NULL;
    pxi_text names = {0}, table = {0};
    px_status status = open_sealed(o->file, &db, err);
    if (!status)
        status = list_tables(db, o->config->path, o->config->reading.table, &names, &table, err);
    if (!status)
        status = check_columns(db, o->config->path, table.data, err);
    if (!status)
        status = read_table(o, db, table.data, err);
    pxi_text_free(&names);
    pxi_text_free(&table);
    sqlite3_close(db);
    return status;
}
