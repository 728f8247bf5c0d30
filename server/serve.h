// SPDX-License-Identifier: Apache-2.0
/* The server behind `pixity serve`, as the command line sees it: the page and /api/v1 over a home folder. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "pixity/pixity.h"

#include <stdbool.h>

typedef struct server server;

typedef struct server_config {
    const char *home_path;
    const char *bind;         /* IP address; elsewhere than loopback a password must be set */
    int port;                 /* 0 = any free one */
    const char *const *hosts; /* further names that the Host header may have: those of a proxy in front */
    size_t n_hosts;
    int max_running, max_queued;               /* jobs */
    void (*log)(void *user, const char *line); /* one line a request, without its query; NULL = none */
    void *log_user;
} server_config;

/* Opens the home folder (made where it is absent) and answers from now on, in threads of its own. The texts
 * of `config` are copied. Errors: PX_EINPUT (address, port in use, no password), as px_home_open. */
px_status server_open(const server_config *config, server **out, px_error *err);
/* "http://127.0.0.1:8080/?token=…": opens the page once. Each call makes another one. */
#define SERVER_LINK_SIZE 256
void server_link(server *own, char link[SERVER_LINK_SIZE]);
/* Jobs that run go on without the server. Returns how many. NULL is fine. */
int server_close(server **server);
/* Ends every session and unused link, of a server too that runs now. Errors: PX_EINPUT, PX_EIO. */
px_status server_end_sessions(const char *home_path, px_error *err);
/* For binding elsewhere; ends every session. Errors: PX_EINPUT for one that is too short, PX_EIO. */
px_status server_set_password(const char *home_path, const char *password, px_error *err);
bool server_is_loopback(const char *address);
/* The supervisor of one job, in a process of its own: runs what the folder's request.json says and writes how
 * it ended. Returns at once where another is at it, or was. Errors: PX_EINPUT (no job's folder), PX_EIO. */
px_status server_run_job(const char *folder, px_error *err);
const char *server_sodium_version(void);
const char *server_http_version(void); /* NULL if libmicrohttpd cannot be loaded */

#endif
