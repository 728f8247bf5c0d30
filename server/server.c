// SPDX-License-Identifier: Apache-2.0
/* One server, opened and closed. */
#include "server/context.h"

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

enum { MAX_CONNECTIONS = 160, MAX_PER_PEER = 96, MAX_UNKNOWN = 32, IDLE_S = 30 };

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
