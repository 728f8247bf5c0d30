// SPDX-License-Identifier: Apache-2.0
#include "server/http/sse.h"

#include "server/jobs/jobs.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEARTBEAT_S = 15 };

/* Text that is made faster than it is sent. */
typedef struct outbox {
    char *text;
    size_t used, sent, capacity;
} outbox;

typedef struct stream {
    jobs *jobs;
    uint64_t version; /* of the jobs, as sent */
    int64_t last_s;   /* when something was sent */
    bool ended;
    outbox out;
    int64_t job_id; /* 0 = all */
    int progress;   /* descriptor; -1 = not there yet */
    int64_t offset;
    char *sent; /* the job, as it was sent last */
    int64_t runs_version;
    char *runs_path;
    secrets *secrets; /* the stream ends with the session that opened it */
    char session[SECRETS_TEXT_SIZE];
} stream;

/* ---- the outbox --------------------------------------------------------------------------------------- */

static void put(outbox *out, const char *format, ...) PX_PRINTF(2, 3);
static void put(outbox *out, const char *format, ...) {
    char *piece;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&piece, format, args);
    va_end(args);
    if (length < 0)
        return;
    if (out->used + (size_t)length > out->capacity) {
        size_t capacity = 2 * (out->used + (size_t)length);
        char *grown = realloc(out->text, capacity);
        if (grown) {
            out->text = grown;
            out->capacity = capacity;
        }
    }
    if (out->used + (size_t)length <= out->capacity) {
        memcpy(out->text + out->used, piece, (size_t)length);
        out->used += (size_t)length;
    }
    free(piece);
}

static size_t take(outbox *out, char *buf, size_t capacity) {
    size_t n = out->used - out->sent < capacity ? out->used - out->sent : capacity;
    if (n)
        memcpy(buf, out->text + out->sent, n);
    out->sent += n;
    if (out->sent == out->used)
        out->sent = out->used = 0;
    return n;
}

static void put_event(outbox *out, const char *event, json_t *document) {
    char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
    if (text)
        put(out, "event: %s\ndata: %s\n\n", event, text);
    free(text);
    json_decref(document);
}

/* ---- one job ------------------------------------------------------------------------------------------ */

/* Whole lines of progress from the offset on. Messages for people are no progress. */
static void put_progress(stream *own) {
    enum { BLOCK = 8192 };
    char block[BLOCK + 1];
    char *path = own->progress < 0 ? jobs_path(own->jobs, own->job_id, "progress.jsonl") : NULL;
    if (path)
        own->progress = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    for (ssize_t n; own->progress >= 0 && (n = pread(own->progress, block, BLOCK, own->offset)) > 0;) {
        block[n] = '\0';
        char *line = block, *end = NULL;
        for (; (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            own->offset += end + 1 - line;
            if (*line == '{')
                put(&own->out, "id: %lld\nevent: progress\ndata: %s\n\n", (long long)own->offset, line);
        }
        if (line == block) /* no whole line: it is being written, or longer than any of ours */
            break;
    }
}

static bool has_ended(const json_t *document) {
    const char *state = json_string_value(json_object_get(document, "state"));
    return !state || (strcmp(state, "queued") && strcmp(state, "running"));
}

static void put_state(stream *own, json_t *document) {
    char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
    if (text && !(own->sent && !strcmp(text, own->sent))) /* it may have been another job that changed */
        put_event(&own->out, "state", json_incref(document));
    free(own->sent);
    own->sent = text;
    json_decref(document);
}

static void tell_job(stream *own) {
    json_t *document = jobs_show(own->jobs, own->job_id); /* first: all progress of an ended job is there */
    put_progress(own);
    own->ended = has_ended(document);
    put_state(own, document);
    if (own->ended)
        put(&own->out, "event: end\ndata: {}\n\n");
}

/* ---- all jobs ----------------------------------------------------------------------------------------- */

static int64_t runs_version_of(const stream *own) {
    struct stat about;
    return stat(own->runs_path, &about) ? 0
                                        : (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
}

static void tell_runs(stream *own) {
    int64_t now = runs_version_of(own);
    if (now == own->runs_version)
        return;
    own->runs_version = now;
    put_event(&own->out, "runs", json_pack("{s:I}", "version", (json_int_t)now));
}

static void tell_all(stream *own, uint64_t since) {
    size_t i;
    json_t *each, *changed = jobs_changed(own->jobs, since);
    json_array_foreach(changed, i, each) put_event(&own->out, "job", json_incref(each));
    json_decref(changed);
}

/* ---- the stream --------------------------------------------------------------------------------------- */

static void tell_news(stream *own) {
    uint64_t before = own->version;
    own->version = jobs_wait(own->jobs, before);
    if (own->job_id) {
        if (own->version != before)
            tell_job(own);
        return;
    }
    if (own->version != before)
        tell_all(own, before);
    tell_runs(own);
}

static size_t read_stream(void *user, char *buf, size_t capacity, bool *idle) {
    stream *own = user;
    *idle = true;
    if (!own->ended && !secrets_check_session(own->secrets, server_now_s(), own->session))
        own->ended = true;
    if (own->out.sent == own->out.used && !own->ended)
        tell_news(own);
    if (own->out.sent == own->out.used && !own->ended && server_now_s() - own->last_s >= HEARTBEAT_S)
        put(&own->out, ": alive\n\n");
    size_t n = take(&own->out, buf, capacity);
    if (n)
        own->last_s = server_now_s();
    else
        *idle = !own->ended;
    return n;
}

static void close_stream(void *user) {
    stream *own = user;
    if (own->progress >= 0)
        close(own->progress);
    free(own->out.text);
    free(own->runs_path);
    free(own->sent);
    free(own);
}

static stream *open_stream(server_call *call) {
    stream *own = calloc(1, sizeof *own);
    if (!own || asprintf(&own->runs_path, "%s/runs", server_settings(call->server)->home_path) < 0) {
        free(own);
        return NULL;
    }
    own->jobs = server_jobs(call->server);
    own->secrets = server_secrets(call->server);
    snprintf(own->session, sizeof own->session, "%s",
             http_cookie(call->request, server_cookie(call->server)));
    own->progress = -1;
    own->runs_version = -1; /* sent once at the beginning */
    own->last_s = server_now_s();
    call->response->status = 200;
    call->response->read = read_stream;
    call->response->stream = own;
    call->response->close_stream = close_stream;
    http_set_header(call->response, "Content-Type", "text/event-stream; charset=utf-8");
    http_set_header(call->response, "X-Accel-Buffering", "no"); /* a proxy passes events on at once */
    return own;
}

px_status sse_job(server_call *call, int64_t id, px_error *err) {
    const char *last = http_header(call->request, "Last-Event-ID");
    json_t *document = jobs_show(server_jobs(call->server), id);
    if (!document)
        return server_fail(err, PX_ENOTFOUND, "no job %lld", (long long)id);
    json_decref(document);
    stream *own = open_stream(call);
    if (!own)
        return server_fail(err, PX_ENOMEM, "out of memory");
    own->job_id = id;
    own->offset = last ? strtoll(last, NULL, 10) : 0;
    own->offset = own->offset > 0 ? own->offset : 0;
    put(&own->out, "retry: 1000\n\n");
    own->version = jobs_wait(own->jobs, 0);
    tell_job(own);
    return PX_OK;
}

px_status sse_all(server_call *call, px_error *err) {
    stream *own = open_stream(call);
    if (!own)
        return server_fail(err, PX_ENOMEM, "out of memory");
    put(&own->out, "retry: 1000\n\n");
    tell_runs(own);
    return PX_OK;
}
