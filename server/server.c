// SPDX-License-Identifier: Apache-2.0
/* One server: its settings, its secrets, and the home folders that it lends to calls. */
#include "server/server.h"

#include "server/answers/cache.h"
#include "server/access/gate.h"
#include "server/jobs/jobs.h"
#include "server/answers/page.h"
#include "server/api/routes.h"
#include "server/jobs/uploads.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MAX_IDLE_HOMES = 8, MAX_CONNECTIONS = 160, MAX_PER_PEER = 96, MAX_UNKNOWN = 32, IDLE_S = 30 };

struct server {
    server_config config; /* with copies of its texts */
    char **hosts;
    char cookie[32];
    char *spool_dir;
    http_server *http;
    secrets *secrets;
    jobs *jobs;
    pthread_mutex_t lock; /* of the homes */
    px_home *idle[MAX_IDLE_HOMES];
    size_t n_idle;
};

/* ---- what handlers ask -------------------------------------------------------------------------------- */

const server_config *server_settings(const server *own) {
    return &own->config;
}

secrets *server_secrets(server *own) {
    return own->secrets;
}

http_server *server_http(server *own) {
    return own->http;
}

jobs *server_jobs(server *own) {
    return own->jobs;
}

const char *server_cookie(const server *own) {
    return own->cookie;
}

int64_t server_now_s(void) {
    return (int64_t)time(NULL);
}

bool server_signed_in(server *own, const http_request *request) {
    return secrets_check_session(own->secrets, server_now_s(), http_cookie(request, own->cookie));
}

const char *server_spool_dir(server *own) {
    return mkdir(own->spool_dir, 0700) && errno != EEXIST ? NULL : own->spool_dir;
}

/* ---- home folders ------------------------------------------------------------------------------------- */

px_status server_home(server_call *call, px_error *err) {
    server *own = call->server;
    if (call->home)
        return PX_OK;
    pthread_mutex_lock(&own->lock);
    if (own->n_idle)
        call->home = own->idle[--own->n_idle];
    pthread_mutex_unlock(&own->lock);
    return call->home ? PX_OK : px_home_open(own->config.home_path, &call->home, err);
}

void server_return_home(server_call *call) {
    server *own = call->server;
    if (!call->home)
        return;
    pthread_mutex_lock(&own->lock);
    if (own->n_idle < MAX_IDLE_HOMES) {
        own->idle[own->n_idle++] = call->home;
        call->home = NULL;
    }
    pthread_mutex_unlock(&own->lock);
    px_home_close(&call->home);
}

/* ---- opening and closing ------------------------------------------------------------------------------ */

bool server_is_loopback(const char *address) {
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool copy_settings(server *own, const server_config *config) {
    own->config = *config;
    own->config.home_path = strdup(config->home_path);
    own->config.bind = strdup(config->bind);
    own->hosts = calloc(config->n_hosts + 1, sizeof *own->hosts);
    own->config.hosts = (const char *const *)own->hosts;
    bool good = own->config.home_path && own->config.bind && own->hosts &&
                asprintf(&own->spool_dir, "%s/uploads", config->home_path) >= 0;
    for (size_t i = 0; good && i < config->n_hosts; i++)
        good = (own->hosts[i] = strdup(config->hosts[i])) != NULL;
    return good;
}

static bool is_address(const char *text) {
    unsigned char room[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, room) == 1 || inet_pton(AF_INET6, text, room) == 1;
}

static px_status check_address(const server_config *config, px_error *err) {
    if (!is_address(config->bind))
        return server_fail(err, PX_EINPUT, "--bind %s: an IP address is wanted, such as 127.0.0.1",
                           config->bind);
    if (server_is_loopback(config->bind) || secrets_has_password(config->home_path))
        return PX_OK;
    return server_fail(
        err, PX_EINPUT,
        "--bind %s: other machines could reach the server, so that it needs a password; set one with "
        "pixity serve --set-password",
        config->bind);
}

/* Jobs may be started by a later server, from another working folder. */
static px_status name_fully(server *own, px_error *err) {
    char *path = realpath(own->config.home_path, NULL), *spool = NULL;
    if (!path || asprintf(&spool, "%s/uploads", path) < 0) {
        free(path);
        return server_fail(err, PX_EIO, "%s: its full path cannot be told: %s", own->config.home_path,
                           strerror(errno));
    }
    free((char *)(uintptr_t)own->config.home_path);
    free(own->spool_dir);
    own->config.home_path = path;
    own->spool_dir = spool;
    return PX_OK;
}

static px_status start(server *own, px_error *err) {
    const http_config http = {own->config.bind, own->config.port, MAX_CONNECTIONS,
                              MAX_PER_PEER,     MAX_UNKNOWN,      IDLE_S};
    const http_handler handler = {own, routes_begin, routes_respond};
    px_status status = check_address(&own->config, err);
    if (!status)
        status = px_home_open(own->config.home_path, &own->idle[0], err); /* made, or migrated, now */
    own->n_idle = own->idle[0] != NULL;
    if (!status)
        status = name_fully(own, err);
    if (!status)
        status = secrets_open(own->config.home_path, &own->secrets, err);
    if (!status)
        status = http_listen(&http, &own->http, err);
    if (!status) /* last: what waits is begun */
        status = jobs_open(own->config.home_path, own->config.max_running, own->config.max_queued, &own->jobs,
                           err);
    if (status)
        return status;
    uploads_sweep(own->config.home_path, server_now_s());
    snprintf(own->cookie, sizeof own->cookie, "pixity_session_%d", http_port(own->http));
    return http_serve(own->http, &handler, err);
}

px_status server_open(const server_config *config, server **out, px_error *err) {
    server *own = calloc(1, sizeof *own);
    if (!own)
        return server_fail(err, PX_ENOMEM, "out of memory");
    pthread_mutex_init(&own->lock, NULL);
    px_status status =
        copy_settings(own, config) ? start(own, err) : server_fail(err, PX_ENOMEM, "out of memory");
    if (status)
        server_close(&own);
    else
        *out = own;
    return status;
}

void server_link(server *own, char link[SERVER_LINK_SIZE]) {
    char token[SECRETS_TEXT_SIZE];
    const char *bind = own->config.bind;
    bool any = !strcmp(bind, "0.0.0.0") || !strcmp(bind, "::"), v6 = strchr(bind, ':') != NULL;
    secrets_make_link(own->secrets, token);
    snprintf(link, SERVER_LINK_SIZE, "http://%s%s%s:%d/?token=%s", v6 && !any ? "[" : "",
             any ? "127.0.0.1" : bind, v6 && !any ? "]" : "", http_port(own->http), token);
}

int server_close(server **handle) {
    server *own = *handle;
    *handle = NULL;
    if (!own)
        return 0;
    if (own->jobs)
        jobs_stop_waiting(own->jobs); /* streams end */
    http_close(&own->http);
    int going_on = jobs_close(&own->jobs);
    secrets_close(&own->secrets);
    while (own->n_idle)
        px_home_close(&own->idle[--own->n_idle]);
    pthread_mutex_destroy(&own->lock);
    for (size_t i = 0; own->hosts && own->hosts[i]; i++)
        free(own->hosts[i]);
    free(own->hosts);
    free(own->spool_dir);
    free((char *)(uintptr_t)own->config.home_path);
    free((char *)(uintptr_t)own->config.bind);
    free(own);
    page_free();
    cache_free();
    return going_on;
}

px_status server_end_sessions(const char *home_path, px_error *err) {
    px_home *home = NULL;
    px_status status = px_home_open(home_path, &home, err);
    px_home_close(&home);
    return status ? status : secrets_revoke(home_path, err);
}

px_status server_set_password(const char *home_path, const char *password, px_error *err) {
    px_home *home = NULL;
    px_status status = px_home_open(home_path, &home, err);
    px_home_close(&home);
    return status ? status : secrets_set_password(home_path, password, err);
}

const char *server_sodium_version(void) {
    return secrets_library_version();
}

const char *server_http_version(void) {
    return http_library_version();
}
