// SPDX-License-Identifier: Apache-2.0
/* What handlers ask of their server: settings, secrets, a home folder for the time of a call. */
#include "server/context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

const server_config *server_settings(const server *own) {
    return &own->config;
}

secrets *server_secrets(server *own) {
    return own->secrets;
}

http_server *server_http(server *own) {
    return own->http;
}

struct jobs *server_jobs(server *own) {
    return own->jobs;
}

const char *server_cookie(const server *own) {
    return own->cookie;
}

int64_t server_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * PX_US_PER_SECOND + now.tv_nsec / 1000;
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

void server_link(server *own, char link[SERVER_LINK_SIZE]) {
    char token[SECRETS_TEXT_SIZE];
    const char *bind = own->config.bind;
    bool any = !strcmp(bind, "0.0.0.0") || !strcmp(bind, "::"), v6 = strchr(bind, ':') != NULL;
    secrets_make_link(own->secrets, token);
    snprintf(link, SERVER_LINK_SIZE, "http://%s%s%s:%d/?token=%s", v6 && !any ? "[" : "",
             any ? "127.0.0.1" : bind, v6 && !any ? "]" : "", http_port(own->http), token);
}
