// SPDX-License-Identifier: Apache-2.0
/* What a server holds; server.c fills and empties it, context.c gives it to handlers. */
#ifndef SERVER_CONTEXT_H
#define SERVER_CONTEXT_H

#include "server/server.h"

enum { MAX_IDLE_HOMES = 8 };

struct server {
    server_config config; /* with copies of its texts */
    char **hosts;
    char cookie[32];
    char *spool_dir;
    http_server *http;
    secrets *secrets;
    struct jobs *jobs;
    pthread_mutex_t lock; /* of the homes */
    px_home *idle[MAX_IDLE_HOMES];
    size_t n_idle;
};

#endif
