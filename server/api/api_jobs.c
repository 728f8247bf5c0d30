// SPDX-License-Identifier: Apache-2.0
/* Routes of long work: each request becomes a job. */
#include "server/jobs/jobs.h"
#include "server/server.h"
#include "server/http/sse.h"
#include "server/jobs/uploads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- starting ----------------------------------------------------------------------------------------- */

static px_status respond_queued(server_call *call, int64_t id, px_error *err) {
    if (!id) {
        respond_error(call->response, 429, "too_many_requests",
                      "the queue of jobs is full: wait until one has ended, or cancel one");
        http_set_header(call->response, "Retry-After", "5");
        return PX_OK;
    }
    http_set_header(call->response, "Location", "/api/v1/jobs/%lld", (long long)id);
    return respond_json(call, 202, jobs_show(server_jobs(call->server), id), err);
}

static px_status start(server_call *call, const job_kind *kind, px_error *err) {
    json_t *request = NULL, *argv = NULL;
    int64_t id = 0;
    px_status status = read_json_body(call, &request, err);
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = job_argv(kind, call->home, server_settings(call->server)->home_path, request, &argv, err);
    if (!status)
        status = jobs_add(server_jobs(call->server), kind, request, argv, &id, err);
    json_decref(request);
    json_decref(argv);
    return status ? status : respond_queued(call, id, err);
}

static px_status start_backtest(server_call *call, px_error *err) {
    return start(call, &job_backtest, err);
}
static px_status start_train(server_call *call, px_error *err) {
    return start(call, &job_train, err);
}
static px_status start_audit(server_call *call, px_error *err) {
    return start(call, &job_audit, err);
}
static px_status start_check(server_call *call, px_error *err) {
    return start(call, &job_check, err);
}
static px_status start_import(server_call *call, px_error *err) {
    return start(call, &job_import, err);
}

static px_status start_verify(server_call *call, px_error *err) {
    return start(call, &job_verify, err);
}

/* ---- looking ------------------------------------------------------------------------------------------ */

static px_status read_id(server_call *call, int64_t *id, px_error *err) {
    const char *text = call->parts[0];
    size_t length = strlen(text);
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return server_fail(err, PX_ENOTFOUND, "no job %.64s", text);
    *id = strtoll(text, NULL, 10);
    return PX_OK;
}

static px_status show(server_call *call, px_error *err) {
    int64_t id = 0;
    px_status status = read_id(call, &id, err);
    json_t *document = status ? NULL : jobs_show(server_jobs(call->server), id);
    if (!status && !document)
        return server_fail(err, PX_ENOTFOUND, "no job %lld", (long long)id);
    return status ? status : respond_json(call, 200, document, err);
}

static bool is_wanted(const json_t *job, const char *name, const char *value) {
    return !value || !strcmp(json_string_value(json_object_get(job, name)), value);
}

static px_status check_wanted(const char *kind, const char *state, px_error *err) {
    enum { MOST = 16 };
    const char *names[MOST];
    size_t n = 0;
    bool known = !state;
    for (; n < MOST && job_kind_at(n); n++)
        names[n] = job_kind_at(n)->name;
    if (kind && !job_kind_find(kind))
        return server_fail_unknown("kind: there is no job of kind", kind, names, n, err);
    for (n = 0; n <= JOB_CANCELLED; n++) {
        names[n] = job_state_name((job_state)n);
        known |= state && !strcmp(names[n], state);
    }
    return known ? PX_OK : server_fail_unknown("state: no job can be", state, names, n, err);
}

static px_status list(server_call *call, px_error *err) {
    static const char *const known[] = {"limit", "offset", "kind", "state", NULL};
    const char *kind = http_query(call->request, "kind"), *state = http_query(call->request, "state");
    size_t limit = 0, offset = 0, i, total = 0;
    json_t *each;
    px_status status = query_check(call, known, err);
    if (!status)
        status = query_count(call, "limit", 100, 1000, &limit, err);
    if (!status)
        status = query_count(call, "offset", 0, SIZE_MAX, &offset, err);
    if (!status)
        status = check_wanted(kind, state, err);
    if (status)
        return status;
    json_t *all = jobs_list(server_jobs(call->server)), *items = json_array();
    json_array_foreach(all, i, each) {
        if (!is_wanted(each, "kind", kind) || !is_wanted(each, "state", state))
            continue;
        if (total >= offset && json_array_size(items) < limit)
            json_array_append(items, each);
        total++;
    }
    json_decref(all);
    return respond_json(call, 200,
                        json_pack("{s:I, s:I, s:o}", "total", (json_int_t)total, "offset", (json_int_t)offset,
                                  "items", items),
                        err);
}

static char *read_file(const char *path, size_t *length) {
    FILE *in = fopen(path, "re");
    char *text = NULL;
    long size = in && !fseek(in, 0, SEEK_END) ? ftell(in) : -1;
    if (size >= 0 && !fseek(in, 0, SEEK_SET) && (text = malloc((size_t)size + 1)))
        *length = fread(text, 1, (size_t)size, in);
    if (in)
        fclose(in);
    return text;
}

/* The verb's document, as it printed it. */
static px_status result(server_call *call, px_error *err) {
    int64_t id = 0;
    size_t length = 0;
    px_status status = read_id(call, &id, err);
    json_t *job = status ? NULL : jobs_show(server_jobs(call->server), id);
    bool done = job && !strcmp(json_string_value(json_object_get(job, "state")), "done");
    if (!status && !job)
        status = server_fail(err, PX_ENOTFOUND, "no job %lld", (long long)id);
    if (!status && !done)
        status = server_fail(err, PX_ENOTFOUND, "job %lld is %s: it has no result", (long long)id,
                             json_string_value(json_object_get(job, "state")));
    json_decref(job);
    if (status)
        return status;
    char *path = jobs_path(server_jobs(call->server), id, "result.json");
    char *text = path ? read_file(path, &length) : NULL;
    free(path);
    return respond_json_text(call, 200, text, length, err);
}

static px_status follow(server_call *call, px_error *err) {
    int64_t id = 0;
    px_status status = read_id(call, &id, err);
    return status ? status : sse_job(call, id, err);
}

static px_status cancel(server_call *call, px_error *err) {
    int64_t id = 0;
    bool ended = false;
    px_status status = read_id(call, &id, err);
    if (!status)
        status = jobs_cancel(server_jobs(call->server), id, &ended, err);
    if (!status && ended)
        return server_fail(err, PX_EEXISTS, "job %lld has ended already", (long long)id);
    return status ? status : respond_json(call, 202, jobs_show(server_jobs(call->server), id), err);
}

const server_route jobs_routes[] = {
    {"POST", "/api/v1/runs", start_backtest, ROUTE_PLAIN},
    {"POST", "/api/v1/models", start_train, ROUTE_PLAIN},
    {"POST", "/api/v1/audits", start_audit, ROUTE_PLAIN},
    {"POST", "/api/v1/data/checks", start_check, ROUTE_PLAIN},
    {"POST", "/api/v1/data/imports", start_import, ROUTE_PLAIN},
    {"POST", "/api/v1/data/verify", start_verify, ROUTE_PLAIN},
    {"POST", "/api/v1/data/uploads", upload_add, ROUTE_UPLOAD},
    {"DELETE", "/api/v1/data/uploads/{upload_id}", upload_delete, ROUTE_PLAIN},
    {"GET", "/api/v1/jobs", list, 0},
    {"GET", "/api/v1/jobs/{job_id}", show, ROUTE_PLAIN},
    {"GET", "/api/v1/jobs/{job_id}/result", result, ROUTE_PLAIN},
    {"GET", "/api/v1/jobs/{job_id}/stream", follow, ROUTE_PLAIN},
    {"POST", "/api/v1/jobs/{job_id}/cancel", cancel, ROUTE_PLAIN},
    {"GET", "/api/v1/stream", sse_all, ROUTE_PLAIN},
    {0},
};
