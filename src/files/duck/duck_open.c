// SPDX-License-Identifier: Apache-2.0
/* Opening DuckDB: with the settings that results depend on, and sealed where files of others are read. */
#include "files/duck/duckdb_private.h"

#include "base/error.h"
#include "base/mem.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

px_status pxi_duck_open_plain(pxi_duck **out, px_error *err) {
    /* No network, no files outside those named, no spilling. The file cache would copy every page once more,
     * and goes by path, where ours are descriptors that stand for other files later. */
    static const char *const settings[][2] = {
        {"threads", "1"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"enable_external_file_cache", "false"},
        {"temp_directory", ""},
    };
    duckdb_config config = NULL;
    char *message = NULL;
    px_status status = pxi_duck_load(err);
    if (status)
        return status;
    pxi_duck *duck = pxi_new_array(1, sizeof *duck);
    if (!duck)
        return pxi_fail_memory(err);
    if (duckdb_create_config(&config) != DuckDBSuccess) {
        status = pxi_fail_memory(err);
        goto fail;
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (duckdb_set_config(config, settings[i][0], settings[i][1]) != DuckDBSuccess) {
            status = pxi_fail(err, PX_ELIBRARY, "DuckDB does not know the setting %s", settings[i][0]);
            goto fail;
        }
    }
    if (duckdb_open_ext(NULL, &duck->database, config, &message) != DuckDBSuccess ||
        duckdb_connect(duck->database, &duck->connection) != DuckDBSuccess) {
        status = pxi_duck_fail(err, DUCKDB_ERROR_INVALID, message);
        goto fail;
    }
    duckdb_destroy_config(&config);
    *out = duck;
    return PX_OK;
fail:
    duckdb_free(message);
    duckdb_destroy_config(&config);
    pxi_duck_close(&duck);
    return status;
}

px_status pxi_duck_open(pxi_duck **out, px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = pxi_duck_open_plain(&duck, err);
    if (!status)
        status = pxi_duck_register(duck, err);
    if (status)
        pxi_duck_close(&duck);
    else
        *out = duck;
    return status;
}

/* The file and the log beside it. DuckDB takes what follows a '?' for parameters of an address, and puts the
 * log's ending before them. */
static void allow_file(sqlite3_str *list, const char *path) {
    const char *here = pxi_duck_here(path);
    int name = (int)strcspn(path, "?");
    sqlite3_str_appendf(list, "'%s%q', '%s%.*q.wal%q'", here, path, here, name, path, path + name);
}

px_status pxi_duck_seal(pxi_duck *duck, const pxi_duck_reach *reach, px_error *err) {
    sqlite3_str *list = sqlite3_str_new(NULL);
    sqlite3_str_appendall(list, "SET allowed_paths = [");
    for (size_t i = 0; i < reach->n_files; i++) {
        sqlite3_str_appendall(list, i ? ", " : "");
        allow_file(list, reach->files[i]);
    }
    sqlite3_str_appendall(list, "]; SET allowed_directories = [");
    for (size_t i = 0; i < reach->n_folders; i++)
        sqlite3_str_appendf(list, "%s%Q", i ? ", " : "", reach->folders[i]);
    sqlite3_str_appendall(list, "]");
    char *sql = sqlite3_str_finish(list);
    px_status status = sql ? pxi_duck_run(duck, err, "%s", sql) : pxi_fail_memory(err);
    sqlite3_free(sql);
    if (!status && reach->memory)
        status = pxi_duck_run(duck, err, "SET memory_limit = '%lluB'", (unsigned long long)reach->memory);
    return status
               ? status
               : pxi_duck_run(duck, err,
                              "SET allow_community_extensions = false; SET enable_external_access = false; "
                              "SET lock_configuration = true");
}

px_status pxi_duck_open_sealed(const pxi_duck_reach *reach, pxi_duck **out, px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = pxi_duck_open(&duck, err);
    if (!status)
        status = pxi_duck_seal(duck, reach, err);
    if (status)
        pxi_duck_close(&duck);
    else
        *out = duck;
    return status;
}

void pxi_duck_close(pxi_duck **duck) {
    if (!duck || !*duck)
        return;
    duckdb_disconnect(&(*duck)->connection);
    duckdb_close(&(*duck)->database);
    free(*duck);
    *duck = NULL;
}

/* Runs a statement; *result is to be destroyed on success. Frees sql, NULL is out of memory. */

void pxi_duck_set_work(pxi_duck *duck, const px_work *work) {
    duck->caller = *work;
}
