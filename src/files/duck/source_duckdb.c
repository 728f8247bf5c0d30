// SPDX-License-Identifier: Apache-2.0
/* Tables of DuckDB files, and of folders with one DuckDB file a day. These are files of others: they are
 * opened sealed, and nothing that could compute is read of them. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/containers/containers.h"
#include "files/duck/source_relation.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ---- the table of a DuckDB file ------------------------------------------------------------------------ */

/* What an attached file holds under one name. */
typedef struct entry {
    char *schema, *name;
    bool is_view;
} entry;

typedef struct entries {
    size_t n, n_views;
    entry *items; /* tables first, and candles before all others */
} entries;

static void free_entries(entries *list) {
    for (size_t i = 0; list->items && i < list->n; i++) {
        free(list->items[i].schema);
        free(list->items[i].name);
    }
    free(list->items);
    memset(list, 0, sizeof *list);
}

static char *copy_text(pxi_duck_rows *rows, size_t column, size_t row) {
    size_t length;
    const char *text = pxi_duck_text(rows, column, row, &length);
    return strndup(text, length);
}

static px_status take_entries(pxi_duck_rows *rows, entries *list, px_error *err) {
    size_t capacity = 0;
    for (size_t n; (n = pxi_duck_fetch(rows)) > 0;) {
        if (!pxi_grow(&list->items, &capacity, list->n + n, sizeof *list->items))
            return pxi_fail_memory(err);
        for (size_t row = 0; row < n; row++) {
            entry *made = &list->items[list->n++];
            *made =
                (entry){copy_text(rows, 0, row), copy_text(rows, 1, row), pxi_duck_i64(rows, 2)[row] != 0};
            list->n_views += made->is_view;
            if (!made->schema || !made->name)
                return pxi_fail_memory(err);
        }
    }
    return PX_OK;
}

static px_status list_entries(pxi_duck *duck, entries *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    entries list = {0};
    px_status status =
        pxi_duck_query(duck, &rows, err,
                       "SELECT table_schema, table_name, CAST(table_type <> 'BASE TABLE' AS BIGINT) FROM "
                       "information_schema.tables WHERE table_catalog = 'pixity_source' ORDER BY table_name "
                       "<> 'candles', 3, 2, 1");
    if (!status)
        status = take_entries(rows, &list, err);
    pxi_duck_rows_free(&rows);
    if (status)
        free_entries(&list);
    else
        *out = list;
    return status;
}

static px_status fail_choice(const entries *list, size_t n_tables, const char *wanted, px_error *err) {
    pxi_text names = {0};
    for (size_t i = 0; i < n_tables && names.length < 300; i++)
        pxi_text_printf(&names, "%s%s", i ? ", " : "", list->items[i].name);
    const char *known = names.data ? names.data : "";
    px_status status =
        wanted
            ? pxi_fail(err, PX_EINPUT, "it holds no table \"%.100s\"; there are: %.300s", wanted, known)
            : pxi_fail(err, PX_EINPUT,
                       "it holds several tables and none is named candles; choose one with --table: %.300s",
                       known);
    pxi_text_free(&names);
    return status;
}

/* The table that is named, else candles, else the market_data of OpenAlgo's Historify, else the only one. A
 * view is a query of whoever made the file, over whatever it names: it is never run. */
static px_status choose_entry(const entries *list, const char *wanted, const entry **out, px_error *err) {
    const size_t n_tables = list->n - list->n_views;
    const char *const usual[] = {wanted ? wanted : "candles", wanted ? NULL : "market_data"};
    const entry *found = !wanted && n_tables == 1 ? list->items : NULL;
    for (size_t k = 2; k-- > 0;)
        for (size_t i = 0; usual[k] && i < list->n; i++)
            if (strcasecmp(list->items[i].name, usual[k]) == 0 && (k == 0 || !list->items[i].is_view))
                found = &list->items[i];
    if (!found && !wanted && list->n == 1)
        found = list->items;
    if (found && found->is_view)
        return pxi_fail(err, PX_EINPUT,
                        "%.200s is a view; only base tables are read: make it one with CREATE TABLE",
                        found->name);
    if (n_tables == 0)
        return pxi_fail(err, PX_EINPUT, "it holds no table");
    if (!found)
        return fail_choice(list, n_tables, wanted, err);
    *out = found;
    return PX_OK;
}

/* Whether a table's definition, as DuckDB writes it, computes a column. Names and texts stand in quotes. */
static bool computes_column(const char *sql, size_t length) {
    static const char mark[] = " GENERATED ALWAYS AS(";
    char quote = 0;
    for (size_t i = 0; i < length; i++) {
        if (quote)
            quote = sql[i] == quote ? 0 : quote; /* a doubled one ends and begins */
        else if (sql[i] == '"' || sql[i] == '\'')
            quote = sql[i];
        else if (length - i >= sizeof mark - 1 && memcmp(sql + i, mark, sizeof mark - 1) == 0)
            return true;
    }
    return false;
}

/* The expression of a computed column is run when it is read, like a view. */
static px_status check_columns(pxi_duck *duck, const entry *table, px_error *err) {
    pxi_duck_rows *rows = NULL;
    size_t length;
    px_status status = pxi_duck_query(duck, &rows, err,
                                      "SELECT sql FROM duckdb_tables() WHERE database_name = 'pixity_source' "
                                      "AND schema_name = %Q AND table_name = %Q",
                                      table->schema, table->name);
    if (!status && pxi_duck_fetch(rows) != 1)
        status = pxi_fail(err, PX_EINPUT, "the table %.200s cannot be looked at", table->name);
    if (!status) {
        const char *sql = pxi_duck_text(rows, 0, 0, &length);
        if (computes_column(sql, length))
            status =
                pxi_fail(err, PX_EINPUT,
                         "%.200s has a computed column (GENERATED ALWAYS AS); only stored columns are read: "
                         "make it a plain table with CREATE TABLE",
                         table->name);
    }
    pxi_duck_rows_free(&rows);
    return status;
}

/* "candles" if there is one, else the only table of the attached file; sqlite3_free it. */
static px_status choose_table(pxi_duck *duck, const char *wanted, char **out, px_error *err) {
    entries list = {0};
    const entry *table = NULL;
    px_status status = list_entries(duck, &list, err);
    if (!status)
        status = choose_entry(&list, wanted, &table, err);
    if (!status)
        status = check_columns(duck, table, err);
    if (!status) {
        *out = sqlite3_mprintf("pixity_source.\"%w\".\"%w\"", table->schema, table->name);
        status = *out ? PX_OK : pxi_fail_memory(err);
    }
    free_entries(&list);
    return status;
}

/* ---- DuckDB files -------------------------------------------------------------------------------------- */

static px_status read_database(const pxi_opening *o, pxi_relation *from, const char *path, px_error *err) {
    char *table = NULL;
    px_status status =
        pxi_duck_run(from->duck, err, "ATTACH '%s%q' AS pixity_source (READ_ONLY, TYPE duckdb)",
                     pxi_duck_here(path), path);
    if (status)
        return pxi_relation_blame(o->config, status, path, err);
    status = choose_table(from->duck, o->config->reading.table, &table, err);
    from->sql = table;
    if (!status)
        status = pxi_relation_take(o, from, err);
    if (status)
        status = pxi_relation_blame(o->config, status, path, err);
    sqlite3_free(table);
    px_status detached = pxi_duck_run(from->duck, status ? NULL : err, "DETACH pixity_source");
    return status ? status : detached;
}

px_status pxi_duckdb_open(const pxi_opening *o, px_error *err) {
    const px_source_config *config = o->config;
    pxi_relation from = {.name = config->path};
    px_status status = pxi_duck_open_sealed(
        &(pxi_duck_reach){.files = &o->file, .n_files = 1, .memory = pxi_limits_memory(&config->limits)},
        &from.duck, err);
    if (!status)
        status = read_database(o, &from, o->file, err);
    pxi_duck_close(&from.duck);
    return status;
}

/* ---- folders ------------------------------------------------------------------------------------------- */

static int is_database(const struct dirent *file) {
    size_t length = strlen(file->d_name);
    return file->d_name[0] != '.' && ((length > 7 && strcasecmp(file->d_name + length - 7, ".duckdb") == 0) ||
                                      (length > 3 && strcasecmp(file->d_name + length - 3, ".db") == 0));
}

/* Other databases end in .db too, and DuckDB would look for an extension to read them with. */
static px_status check_database(const char *path, px_error *err) {
    char head[12] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return pxi_fail_errno(err, "open", path);
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    if (n < sizeof head || memcmp(head + 8, "DUCK", 4) != 0)
        return pxi_fail(err, PX_EINPUT, "%s is no DuckDB file, though its name says so", path);
    return PX_OK;
}

static void free_paths(char **paths, size_t n) {
    for (size_t i = 0; paths && i < n; i++)
        free(paths[i]);
    free(paths);
}

/* Folders that are one table, of whose files only its log knows which count. */
static px_status refuse_table(const char *folder, px_error *err) {
    static const struct {
        const char *part, *what, *instead;
    } tables[] = {
        {"_delta_log", "a Delta table", "DeltaTable(FOLDER).to_pandas()"},
        {"metadata", "an Iceberg table", "pyiceberg's table.scan().to_pandas()"},
        {".hoodie", "a Hudi table", "Spark"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char *path = pxi_path_join(folder, tables[i].part);
        const bool is_there = path && access(path, F_OK) == 0;
        free(path);
        if (!path)
            return pxi_fail_memory(err);
        if (is_there)
            return pxi_fail(
                err, PX_EINPUT,
                "the folder %s is %s, of whose files only its log knows which count, and which is not read: "
                "read it with %s, write it with to_parquet and import that",
                folder, tables[i].what, tables[i].instead);
    }
    return PX_OK;
}

/* The paths of a folder's databases by name; free_paths. */
static px_status list_databases(const char *folder, char ***out, size_t *n_out, px_error *err) {
    struct dirent **found = NULL;
    int n = scandir(folder, &found, is_database, alphasort);
    if (n < 0)
        return pxi_fail_errno(err, "read folder", folder);
    char **paths = pxi_new_array((size_t)n, sizeof *paths);
    px_status status = paths ? PX_OK : pxi_fail_memory(err);
    for (int i = 0; i < n; i++) {
        if (!status && !(paths[i] = pxi_path_join(folder, found[i]->d_name)))
            status = pxi_fail_memory(err);
        free(found[i]);
    }
    free(found);
    if (status) {
        free_paths(paths, (size_t)n);
        return status;
    }
    *out = paths;
    *n_out = (size_t)n;
    return PX_OK;
}

static px_status read_listed(const pxi_opening *o, void *context, px_error *err) {
    pxi_relation *from = context;
    px_status status = check_database(from->name, err);
    return status ? status : read_database(o, from, from->name, err);
}

static px_status read_databases(const pxi_opening *o, pxi_relation *from, char *const *paths, size_t n,
                                px_error *err) {
    pxi_spent spent = {.path = o->config->path};
    bool any = false;
    px_status status = PX_OK;
    o->out->spent = &spent;
    for (size_t i = 0; !status && i < n && !o->out->is_cut; i++) {
        from->name = paths[i];
        status = pxi_source_read_part(o, paths[i], read_listed, from, err);
        any |= !status;
        if (status == PX_ENOTFOUND && (any || i + 1 < n)) /* not traded that day */
            status = PX_OK;
    }
    o->out->spent = NULL;
    return status;
}

px_status pxi_folder_open(const pxi_opening *o, px_error *err) {
    const px_source_config *config = o->config;
    pxi_relation from = {0};
    char **paths = NULL;
    size_t n = 0;
    px_status status = refuse_table(config->path, err);
    if (!status)
        status = list_databases(config->path, &paths, &n, err);
    if (!status && n == 0) {
        free_paths(paths, n);
        status = pxi_files_open(o, &n, err);
        return !status && n == 0 ? pxi_fail(err, PX_EINPUT, "the folder %s holds no files", config->path)
                                 : status;
    }
    if (!status)
        status = pxi_duck_open_sealed(&(pxi_duck_reach){.files = (const char *const *)paths,
                                                        .n_files = n,
                                                        .memory = pxi_limits_memory(&config->limits)},
                                      &from.duck, err);
    if (!status)
        status = read_databases(o, &from, paths, n, err);
    pxi_duck_close(&from.duck);
    free_paths(paths, n);
    return status;
}
