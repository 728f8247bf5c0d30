// SPDX-License-Identifier: Apache-2.0
#include "server/access/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names -------------------------------------------------------------------------------------------- */

/* "NAME" or "NAME:PORT" of a Host header, or of what follows the scheme in an Origin. */
static bool is_host(const char *host, const char *name, int port) {
    size_t length = strlen(name);
    char wanted[8];
    bool bracketed = strchr(name, ':') != NULL;
    if (bracketed && *host++ != '[')
        return false;
    if (strncasecmp(host, name, length))
        return false;
    host += length;
    if (bracketed && *host++ != ']')
        return false;
    snprintf(wanted, sizeof wanted, ":%d", port);
    return !strcmp(host, wanted) || (!*host && port == 80);
}

/* A further name stands for a proxy, which has a port of its own. */
static bool is_proxy(const char *host, const char *name) {
    size_t length = strlen(name);
    return !strncasecmp(host, name, length) && (!host[length] || host[length] == ':');
}

static bool is_ours(server *own, const char *host) {
    const server_config *config = server_settings(own);
    int port = http_port(server_http(own));
    static const char *const loopback[] = {"127.0.0.1", "localhost", "::1"};
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++)
        if (is_host(host, loopback[i], port))
            return true;
    for (size_t i = 0; i < config->n_hosts; i++)
        if (is_proxy(host, config->hosts[i]))
            return true;
    return is_host(host, config->bind, port);
}

static bool is_our_origin(server *own, const char *origin) {
    const char *host = strstr(origin, "://");
    return host && (!strncmp(origin, "http://", 7) || !strncmp(origin, "https://", 8)) &&
           is_ours(own, host + 3);
}

/* ---- the rules ---------------------------------------------------------------------------------------- */

static bool is_reading(const http_request *request) {
    return !strcmp(http_method(request), "GET") || !strcmp(http_method(request), "HEAD");
}

/* Browsers tell where a request comes from. A link or bookmark may lead here from anywhere. */
static bool is_from_elsewhere(const http_request *request) {
    const char *site = http_header(request, "Sec-Fetch-Site"), *mode = http_header(request, "Sec-Fetch-Mode");
    const char *purpose = http_header(request, "Sec-Fetch-Dest");
    bool foreign = site && strcmp(site, "same-origin") && strcmp(site, "none");
    bool visit = mode && !strcmp(mode, "navigate") && purpose && !strcmp(purpose, "document");
    return foreign && !(visit && is_reading(request));
}

static bool refuse(http_response *response, int status, const char *code, const char *message) {
    respond_error(response, status, code, message);
    return false;
}

static bool pass_place(server *own, const http_request *request, http_response *response) {
    const char *host = http_header(request, "Host"), *origin = http_header(request, "Origin");
    if (!host || !is_ours(own, host))
        return refuse(
            response, 421, "misdirected",
            "the Host header names another server; behind a proxy, name it with pixity serve --host");
    if ((origin && !is_our_origin(own, origin)) || is_from_elsewhere(request))
        return refuse(response, 403, "forbidden", "requests of pages of other sites are refused");
    return true;
}

bool gate_pass(server *own, const http_request *request, const server_route *route, http_response *response) {
    if (!pass_place(own, request, response))
        return false;
    if (!http_query_valid(request))
        return refuse(response, 400, "bad_request", "the query has a broken escape, or too many parameters");
    if (!http_headers_clear(request))
        return refuse(response, 400, "bad_request",
                      "the host or the length of the body is given twice or in an unknown way, or a header's "
                      "name has a space");
    if (!route || route->flags & ROUTE_OPEN)
        return true;
    const char *session = http_cookie(request, server_cookie(own));
    if (!secrets_check_session(server_secrets(own), server_now_s(), session))
        return refuse(response, 401, "unauthorized",
                      "sign in first: open the link that pixity serve printed, or POST the password to "
                      "/api/v1/session");
    if (!is_reading(request) &&
        !secrets_check_token(server_secrets(own), session, http_header(request, "X-Pixity-Token")))
        return refuse(response, 403, "forbidden",
                      "changes need the header X-Pixity-Token with the token of GET /api/v1/session");
    http_note_known(request);
    return true;
}

/* ---- headers ------------------------------------------------------------------------------------------ */

void gate_guard(http_response *response) {
    static const char policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'";
    if (!http_find_header(response, "Content-Security-Policy"))
        http_set_header(response, "Content-Security-Policy", "%s", policy);
    if (!http_find_header(response, "Cache-Control"))
        http_set_header(response, "Cache-Control", "%s",
                        http_find_header(response, "ETag") ? "private, no-cache" : "no-store");
    http_set_header(response, "X-Content-Type-Options", "nosniff");
    if (!http_find_header(response, "Referrer-Policy"))
        http_set_header(response, "Referrer-Policy", "no-referrer");
    http_set_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    http_set_header(response, "Cross-Origin-Resource-Policy", "same-origin");
}
