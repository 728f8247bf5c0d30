// SPDX-License-Identifier: Apache-2.0
/* A run as a file: its tables, everything in one JSON document, the report, the picture. */
#include "server/api/api_runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const parts[] = {"trades", "equity", "signals", "orders", "fills"};
#define N_PARTS (sizeof parts / sizeof *parts)

static px_status check_part(const char *part, px_error *err) {
    for (size_t i = 0; part && i < N_PARTS; i++)
        if (!strcmp(part, parts[i]))
            return PX_OK;
    return part ? server_fail_unknown("part: a run has no table", part, parts, N_PARTS, err)
                : server_fail(err, PX_EINPUT,
                              "part: a file holds one table: trades, equity, signals, orders or fills; "
                              "format=json without part holds all");
}

static px_status read_format(server_call *call, px_file_format *out, px_error *err) {
    const char *text = http_query(call->request, "format");
    char known[120] = "";
    *out = PX_FILE_JSON;
    if (!text)
        return PX_OK;
    for (px_file_format i = PX_FILE_UNKNOWN + 1; px_file_format_name(i); i++) {
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", px_file_format_name(i));
        *out = i;
        if (!strcmp(px_file_format_name(i), text))
            return PX_OK;
    }
    return server_fail(err, PX_EINPUT, "format: \"%.60s\": one of %s is wanted", text, known);
}

/* ---- export ------------------------------------------------------------------------------------------- */

/* A folder of its own, so that the name in it is free; "" in *folder on failure. */
static px_status make_folder(server_call *call, char **folder, px_error *err) {
    const char *spool = server_spool_dir(call->server);
    if (!spool || asprintf(folder, "%s/.export-XXXXXX", spool) < 0) {
        *folder = NULL;
        return server_fail(err, PX_EIO, "no folder for files to send can be made in the home folder");
    }
    if (mkdtemp(*folder))
        return PX_OK;
    px_status status =
        server_fail(err, PX_EIO, "cannot make a folder for the file to send: %s", strerror(errno));
    free(*folder);
    *folder = NULL;
    return status;
}

/* The descriptor outlives the name. */
static px_status write_file(server_call *call, const char *part, px_file_format format, int *out,
                            px_error *err) {
    bool keep = false;
    char *folder = NULL, *path = NULL;
    px_status status = query_word(call, "formulas", "escape", "keep", &keep, err);
    if (!status)
        status = make_folder(call, &folder, err);
    if (status)
        return status;
    const px_file_format written = keep && format == PX_FILE_CSV ? PX_FILE_CSV_AS_IS : format;
    if (asprintf(&path, "%s/file.%s", folder, px_file_format_name(format)) < 0) {
        path = NULL;
        status = server_fail(err, PX_ENOMEM, "out of memory");
    }
    if (!status)
        status = px_run_export(call->home, call->parts[0], part, written, path, err);
    int fd = status ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (!status && fd < 0)
        status = server_fail(err, PX_EIO, "cannot read the file to send: %s", strerror(errno));
    if (path)
        unlink(path);
    rmdir(folder);
    free(path);
    free(folder);
    if (!status)
        *out = fd;
    return status;
}

static void name_file(server_call *call, const char *type, const char *part, const char *ending) {
    http_set_header(call->response, "Content-Type", "%s", type);
    http_set_header(call->response, "Content-Disposition", "attachment; filename=\"%.64s%s%s.%s\"",
                    call->parts[0], part ? "-" : "", part ? part : "", ending);
}

px_status api_run_export(server_call *call, px_error *err) {
    static const char *const known[] = {"format", "part", "formulas", NULL};
    const char *part = http_query(call->request, "part");
    px_file_format format = PX_FILE_JSON;
    int fd = -1;
    px_status status = query_check(call, known, err);
    if (!status)
        status = read_format(call, &format, err);
    if (!status && (part || format != PX_FILE_JSON))
        status = check_part(part, err);
    if (!status)
        status = api_run_finished(call, err);
    if (!status)
        status = write_file(call, part, format, &fd, err);
    if (status)
        return status;
    call->response->status = 200;
    call->response->file = fd;
    call->response->has_file = true;
    name_file(call, px_file_format_media(format), part, px_file_format_name(format));
    return PX_OK;
}

/* ---- report ------------------------------------------------------------------------------------------- */

typedef struct gathering {
    char *bytes;
    size_t length, capacity;
} gathering;

static bool gather(void *user, const char *bytes, size_t length) {
    gathering *g = user;
    if (g->length + length > g->capacity) {
        size_t capacity = 2 * (g->length + length);
        char *grown = realloc(g->bytes, capacity);
        if (!grown)
            return false;
        g->bytes = grown;
        g->capacity = capacity;
    }
    memcpy(g->bytes + g->length, bytes, length);
    g->length += length;
    return true;
}

/* Pictures one after the other: the libraries below share faces of fonts, and one picture fills a core. */
static px_status make_picture(server_call *call, gathering *out, px_error *err) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    px_status status = px_report_picture(call->home, call->parts[0], NULL, gather, out, err);
    pthread_mutex_unlock(&lock);
    return status;
}

px_status api_run_report(server_call *call, px_error *err) {
    static const char *const known[] = {"format", NULL};
    const char *format = http_query(call->request, "format");
    bool picture = format && !strcmp(format, "png");
    gathering made = {0};
    px_status status = query_check(call, known, err);
    if (!status && format && !picture && strcmp(format, "html"))
        status = server_fail(err, PX_EINPUT, "format: \"%.60s\": html or png is wanted", format);
    if (!status)
        status = api_run_finished(call, err);
    if (!status)
        status = picture ? make_picture(call, &made, err)
                         : px_report_write(call->home, call->parts[0], NULL, gather, &made, err);
    if (status) {
        free(made.bytes);
        return status;
    }
    const char *type = picture ? "image/png" : "text/html; charset=utf-8";
    status = respond_bytes(call, type, made.bytes, made.length, err);
    if (!status)
        name_file(call, type, NULL, picture ? "png" : "html");
    return status;
}
