// SPDX-License-Identifier: Apache-2.0
/* The table of routes, and a request's way through it: gate, body, handler, finish. */
#include "server/api/routes.h"

#include "server/access/gate.h"
#include "server/answers/respond.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const server_route *const tables[] = {
    page_routes,    session_routes, meta_routes,     runs_routes, data_routes,
    journal_routes, models_routes,  accounts_routes, jobs_routes,
};

/* All routes, table after table; NULL past the end. */
static const server_route *routes_at(size_t i) {
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
        for (const server_route *route = tables[table]; route->method; route++)
            if (i-- == 0)
                return route;
    return NULL;
}

/* ---- matching ----------------------------------------------------------------------------------------- */

enum { MAX_PARTS = 4 };

/* A piece that no name can be: it would lead elsewhere as part of a path. */
static bool is_plain(const char *part) {
    return *part && strcmp(part, ".") && strcmp(part, "..") && !strchr(part, '/');
}

/* Compares segment by segment. `room` takes the decoded parts: at least the path's length + 1. */
static bool matches(const char *pattern, const char *path, char *room, const char *parts[MAX_PARTS]) {
    size_t n_parts = 0;
    while (*pattern == '/' && *path == '/') {
        size_t wanted = strcspn(++pattern, "/"), given = strcspn(++path, "/");
        if (*pattern == '{') {
            char encoded[1024];
            if (given >= sizeof encoded)
                return false;
            memcpy(encoded, path, given);
            encoded[given] = '\0';
            if (!http_decode(encoded, room) || !is_plain(room))
                return false;
            parts[n_parts++] = room;
            room += strlen(room) + 1;
        } else if (wanted != given || memcmp(pattern, path, given))
            return false;
        pattern += wanted;
        path += given;
    }
    return !*pattern && !*path;
}

/* HEAD is answered as GET; the library leaves the body out. */
static bool is_method(const server_route *route, const char *method) {
    return !strcmp(route->method, method) || (!strcmp(method, "HEAD") && !strcmp(route->method, "GET"));
}

/* The route, or NULL with the methods that the path has ("" = no such path). */
static const server_route *find(const http_request *request, char *room, const char *parts[MAX_PARTS],
                                char allowed[64]) {
    const server_route *route;
    *allowed = '\0';
    for (size_t i = 0; (route = routes_at(i)); i++) {
        if (!matches(route->pattern, http_path(request), room, parts))
            continue;
        if (is_method(route, http_method(request)))
            return route;
        size_t used = strlen(allowed);
        snprintf(allowed + used, 64 - used, "%s%s%s", used ? ", " : "", route->method,
                 strcmp(route->method, "GET") ? "" : ", HEAD");
    }
    return NULL;
}

/* ---- answering ---------------------------------------------------------------------------------------- */

static void respond_unknown(const char *allowed, http_response *response) {
    if (*allowed) {
        char message[160];
        snprintf(message, sizeof message, "this path knows %s", allowed);
        respond_error(response, 405, "method_not_allowed", message);
        http_set_header(response, "Allow", "%s", allowed);
        return;
    }
    respond_error(response, 404, "not_found",
                  "no such path; /api/v1/openapi.json describes those that there are");
}

/* What was sent may hold anything: one line, and nothing that a terminal obeys. */
static void make_printable(char *text) {
    for (; *text; text++)
        if (*text < ' ' || *text == 0x7f)
            *text = '?';
}

static void log_answer(server *own, const http_request *request, const http_response *response) {
    const server_config *config = server_settings(own);
    char line[600];
    if (!config->log)
        return;
    snprintf(line, sizeof line, "%s %.20s %.400s %d", http_peer(request), http_method(request),
             http_path(request), response->status);
    make_printable(line);
    config->log(config->log_user, line);
}

static void finish(server *own, const http_request *request, http_response *response) {
    respond_finish(request, response);
    gate_guard(response);
    log_answer(own, request, response);
}

/* Bodies of more than that go to a file, or are refused. */
static bool choose_body(server *own, const server_route *route, http_body_policy *policy) {
    enum { MOST_TEXT = 1 << 20, MOST_UPLOAD = 512 << 20 };
    if (!(route->flags & ROUTE_UPLOAD)) {
        *policy = (http_body_policy){.max_bytes = MOST_TEXT};
        return true;
    }
    *policy = (http_body_policy){.max_bytes = MOST_UPLOAD, .spool_dir = server_spool_dir(own)};
    return policy->spool_dir != NULL;
}

static bool declares_too_much(const http_request *request, const http_body_policy *policy) {
    const char *length = http_header(request, "Content-Length");
    return length && strtoull(length, NULL, 10) > policy->max_bytes;
}

bool routes_begin(void *user, const http_request *request, http_body_policy *policy,
                  http_response *response) {
    server *own = user;
    const char *parts[MAX_PARTS] = {0};
    char allowed[64], *room = malloc(strlen(http_path(request)) + 1);
    const server_route *route = room ? find(request, room, parts, allowed) : NULL;
    bool pass = room && gate_pass(own, request, route, response);
    if (!room)
        respond_error(response, 503, "busy", "out of memory");
    else if (pass && !route)
        respond_unknown(allowed, response);
    else if (pass && !choose_body(own, route, policy))
        respond_error(response, 500, "internal", "no folder for uploads can be made in the home folder");
    else if (pass && declares_too_much(request, policy))
        respond_error(response, 413, "too_large", "the body is larger than this path takes");
    free(room);
    if (!response->status)
        return true;
    finish(own, request, response);
    return false;
}

static void call_handler(server *own, const http_request *request, http_response *response) {
    server_call call = {.server = own, .request = request, .response = response};
    px_error err = {0};
    char allowed[64], *room = malloc(strlen(http_path(request)) + 1);
    const server_route *route = room ? find(request, room, call.parts, allowed) : NULL;
    px_status status = route ? PX_OK : server_fail(&err, PX_ENOMEM, "out of memory");
    if (!status && route->flags & ROUTE_PLAIN)
        status = query_check(&call, (const char *const[]){NULL}, &err);
    if (!status)
        status = route->handle(&call, &err);
    if (status)
        respond_failure(response, status, &err);
    server_return_home(&call);
    free(room);
}

void routes_respond(void *user, const http_request *request, http_response *response) {
    server *own = user;
    bool too_large;
    if (!http_body_lost(request, &too_large))
        call_handler(own, request, response);
    else if (too_large)
        respond_error(response, 413, "too_large", "the body is larger than this path takes");
    else
        respond_error(response, 503, "busy", "there was no room to keep the body");
    finish(own, request, response);
}
