// SPDX-License-Identifier: Apache-2.0
#include "server/jobs/uploads.h"

#include "server/jobs/job_folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_BYTES = 8, DAY_S = 24 * 3600, MOST_NAME = 120 };

static bool is_id(const char *id) {
    return strlen(id) == 2 * ID_BYTES && strspn(id, "0123456789abcdef") == 2 * ID_BYTES;
}

/* The first name in a folder that is not hidden, malloc'ed. */
static char *only_file(const char *folder) {
    DIR *list = opendir(folder);
    char *name = NULL;
    for (struct dirent *entry; list && !name && (entry = readdir(list));)
        if (*entry->d_name != '.')
            name = strdup(entry->d_name);
    if (list)
        closedir(list);
    return name;
}

char *upload_find(const char *home_path, const char *id) {
    char *folder = NULL, *path = NULL;
    if (!is_id(id) || asprintf(&folder, "%s/uploads/%s", home_path, id) < 0)
        return NULL;
    char *name = only_file(folder);
    if (name && asprintf(&path, "%s/%s", folder, name) < 0)
        path = NULL;
    free(name);
    free(folder);
    return path;
}

bool upload_remove(const char *home_path, const char *id) {
    char *path = upload_find(home_path, id);
    bool there = path && !unlink(path);
    if (there) {
        *strrchr(path, '/') = '\0';
        rmdir(path);
    }
    free(path);
    return there;
}

/* Uploads of yesterday; what a killed server was taking in or sending. No request is under way yet. */
static void sweep(const char *root, DIR *list, int64_t now_s) {
    char *path;
    for (struct dirent *entry; (entry = readdir(list));) {
        struct stat about;
        if (asprintf(&path, "%s/%s", root, entry->d_name) < 0)
            return;
        bool old = !lstat(path, &about) && now_s - about.st_mtime > DAY_S;
        if ((is_id(entry->d_name) && old) || !strncmp(entry->d_name, ".export-", 8))
            job_folder_remove(path);
        else if (!strncmp(entry->d_name, ".body-", 6))
            unlink(path);
        free(path);
    }
}

void uploads_sweep(const char *home_path, int64_t now_s) {
    char *root;
    if (asprintf(&root, "%s/uploads", home_path) < 0)
        return;
    DIR *list = opendir(root);
    if (list) {
        sweep(root, list, now_s);
        closedir(list);
    }
    free(root);
}

/* ---- handlers ----------------------------------------------------------------------------------------- */

/* A name that is safe as a file's, and whose ending tells what it holds. */
static px_status check_name(const char *name, px_error *err) {
    static const char *const endings[] = {".csv",  ".tsv",    ".txt",     ".gz",      ".zst", ".zip",
                                          ".json", ".jsonl",  ".ndjson",  ".parquet", ".pq",  ".duckdb",
                                          ".db",   ".sqlite", ".sqlite3", ".xlsx"};
    size_t length = name ? strlen(name) : 0;
    if (length == 0 || length > MOST_NAME || *name == '.')
        return server_fail(err, PX_EINPUT, "name: the file's name is wanted, of 1 to %d characters",
                           MOST_NAME);
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._- &()[]+", *at) && (unsigned char)*at < 0x80)
            return server_fail(err, PX_EINPUT, "name: \"%s\" has characters that no file name needs", name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && !strcasecmp(name + length - ending, endings[i]))
            return px_name_check("name:", name, err);
    }
    return server_fail(err, PX_EINPUT,
                       "name: \"%s\" must end as a file of bars does: .csv, .json, .xlsx, .parquet, .sqlite, "
                       ".duckdb, .zip, .gz, ...",
                       name);
}

static bool make_id(char id[2 * ID_BYTES + 1]) {
    unsigned char bytes[ID_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

/* Moves the body to its place. */
static px_status keep(const char *home_path, const char *body, const char *name, const char *id,
                      px_error *err) {
    char *folder, *path = NULL;
    if (asprintf(&folder, "%s/uploads/%s", home_path, id) < 0)
        return server_fail(err, PX_ENOMEM, "out of memory");
    bool good = asprintf(&path, "%s/%s", folder, name) >= 0 && !mkdir(folder, 0700) && !rename(body, path);
    px_status status =
        good ? PX_OK : server_fail(err, PX_EIO, "the upload could not be kept: %s", strerror(errno));
    if (!good)
        rmdir(folder);
    free(path);
    free(folder);
    return status;
}

px_status upload_add(server_call *call, px_error *err) {
    static const char *const known[] = {"name", NULL};
    const char *name = http_query(call->request, "name"), *body = http_body_file(call->request);
    const char *home_path = server_settings(call->server)->home_path;
    char id[2 * ID_BYTES + 1];
    struct stat about;
    px_status status = query_check(call, known, err);
    if (!status)
        status = check_name(name, err);
    if (!status && (!body || stat(body, &about) || about.st_size == 0))
        status = server_fail(err, PX_EINPUT, "the body is empty: it must be the file");
    if (!status && !make_id(id))
        status = server_fail(err, PX_EIO, "no random numbers can be had");
    if (!status)
        status = keep(home_path, body, name, id, err);
    if (status)
        return status;
    return respond_json(
        call, 201, json_pack("{s:s, s:s, s:I}", "id", id, "name", name, "bytes", (json_int_t)about.st_size),
        err);
}

px_status upload_delete(server_call *call, px_error *err) {
    if (!upload_remove(server_settings(call->server)->home_path, call->parts[0]))
        return server_fail(err, PX_ENOTFOUND, "no upload %.64s", call->parts[0]);
    return respond_nothing(call);
}
