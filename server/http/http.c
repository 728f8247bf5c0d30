// SPDX-License-Identifier: Apache-2.0
/* HTTP over libmicrohttpd: a thread a connection, so that handlers and streams may block. Two limits end who
 * keeps a thread waiting: the library's for an answer that is not read, which must not count a handler's
 * time, and the watch here for those who send or read a byte now and then. */
#include "server/http/http.h"

#include "server/answers/fail.h"
#include "server/http/http_library.h"
#include "server/http/http_socket.h"
#include "server/http/utf8.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

PXI_LIBRARY(http, PXI_MICROHTTPD_FILE, PXI_HTTP_FUNCTIONS)

enum {
    MAX_QUERY = 64,
    LEAST_BYTES_A_SECOND = 4096, /* of a body, either way, after the grace of the idle time */
    LAST_ANSWERS_S = 5,          /* for what is being answered when the server closes */
    STREAM_BLOCK = 16 * 1024,
};

/* One connection, for the watch. */
typedef struct connection {
    struct connection *next, **link;
    int fd;
    bool ended;             /* told to go; under the lock */
    atomic_bool known;      /* its last request had a session */
    _Atomic int64_t due_ms; /* when what is awaited must be there: a request, its body, or the other side
                               having read the answer; 0 = the answer is being made, or is a stream */
} connection;

struct http_server {
    struct MHD_Daemon *daemon;
    http_handler handler;
    http_config config;
    int fd, port;
    bool v6;
    atomic_bool closing;
    pthread_t watch;
    bool watching;
    pthread_mutex_t lock; /* of the list */
    pthread_cond_t wake;  /* of the watch; of http_close, for the last answer */
    connection *connections;
    atomic_size_t answering; /* requests that are answered; streams end by themselves when it closes */
};

typedef struct parameter {
    char *name, *value;
} parameter;

struct http_request {
    http_server *server;
    struct MHD_Connection *handle;
    const char *method, *path;
    size_t n_query;
    parameter query[MAX_QUERY];
    bool query_broken, border_told, host_told, unclear, refused;
    http_body_policy policy;
    int64_t begin_ms;
    bool counted; /* in `answering` */
    char *body;
    size_t length, capacity;
    int spool;
    char *spool_path;
    bool too_large, failed;
    char peer[INET6_ADDRSTRLEN];
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- what a request says ------------------------------------------------------------------------------ */

const char *http_method(const http_request *request) {
    return request->method;
}

const char *http_path(const http_request *request) {
    return request->path;
}

const char *http_peer(const http_request *request) {
    return request->peer;
}

/* The library leaves escapes alone (see keep_escapes): %00 would end its text early. */
static size_t keep_escapes(void *user, struct MHD_Connection *handle, char *text) {
    (void)user;
    (void)handle;
    return strlen(text);
}

static enum MHD_Result add_parameter(void *user, enum MHD_ValueKind kind, const char *name,
                                     const char *value) {
    http_request *request = user;
    (void)kind;
    if (request->n_query == MAX_QUERY) {
        request->query_broken = true;
        return MHD_NO;
    }
    parameter *added = &request->query[request->n_query];
    added->name = strdup(name);
    added->value = strdup(value ? value : "");
    if (added->name && added->value)
        request->n_query++;
    if (!added->name || !added->value || !http_decode(name, added->name) ||
        !http_decode(value ? value : "", added->value))
        request->query_broken = true;
    return MHD_YES;
}

bool http_query_valid(const http_request *request) {
    return !request->query_broken;
}

static enum MHD_Result check_header(void *user, enum MHD_ValueKind kind, const char *name,
                                    const char *value) {
    http_request *request = user;
    (void)kind;
    bool chunks = !strcasecmp(name, "Transfer-Encoding"),
         border = chunks || !strcasecmp(name, "Content-Length");
    bool host = !strcasecmp(name, "Host");
    request->unclear |= (border && request->border_told) || (chunks && strcasecmp(value, "chunked")) ||
                        (host && request->host_told) || strpbrk(name, " \t\r\n");
    request->border_told |= border;
    request->host_told |= host;
    return MHD_YES;
}

bool http_headers_clear(const http_request *request) {
    return !request->unclear;
}

const char *http_query(const http_request *request, const char *name) {
    for (size_t i = 0; i < request->n_query; i++)
        if (!strcmp(request->query[i].name, name))
            return request->query[i].value;
    return NULL;
}

void http_each_query(const http_request *request,
                     bool (*each)(void *user, const char *name, const char *value), void *user) {
    for (size_t i = 0; i < request->n_query; i++)
        if (!each(user, request->query[i].name, request->query[i].value))
            return;
}

const char *http_header(const http_request *request, const char *name) {
    return MHD_lookup_connection_value(request->handle, MHD_HEADER_KIND, name);
}

const char *http_cookie(const http_request *request, const char *name) {
    return MHD_lookup_connection_value(request->handle, MHD_COOKIE_KIND, name);
}

const char *http_body(const http_request *request, size_t *length) {
    *length = request->spool_path ? 0 : request->length;
    return request->spool_path ? NULL : request->body ? request->body : "";
}

const char *http_body_file(const http_request *request) {
    return request->spool_path;
}

/* ---- responses ---------------------------------------------------------------------------------------- */

static connection *connection_of(struct MHD_Connection *handle) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void set_due(struct MHD_Connection *handle, int64_t due_ms) {
    connection *own = connection_of(handle);
    if (own)
        atomic_store(&own->due_ms, due_ms);
}

/* When so many bytes must have passed that began at a time. */
static int64_t due_for(const http_server *server, int64_t begin_ms, uint64_t length) {
    return begin_ms + (int64_t)server->config.idle_timeout_s * 1000 +
           (int64_t)(length * 1000 / LEAST_BYTES_A_SECOND);
}

/* A stream on its way out. */
typedef struct outflow {
    http_server *server;
    int fd;
    http_read_fn read;
    void *stream;
    void (*close)(void *stream);
} outflow;

static bool client_is_gone(int fd) {
    struct pollfd state = {.fd = fd, .events = POLLRDHUP};
    return poll(&state, 1, 0) > 0 && state.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

static ssize_t read_stream(void *user, uint64_t position, char *buf, size_t capacity) {
    outflow *flow = user;
    bool idle = true;
    (void)position;
    size_t n = flow->read(flow->stream, buf, capacity, &idle);
    if (n)
        return (ssize_t)n;
    if (!idle || http_closing(flow->server))
        return MHD_CONTENT_READER_END_OF_STREAM;
    return client_is_gone(flow->fd) ? MHD_CONTENT_READER_END_WITH_ERROR : 0;
}

static void close_stream(void *user) {
    outflow *flow = user;
    if (flow->close)
        flow->close(flow->stream);
    free(flow);
}

static int socket_of(struct MHD_Connection *handle) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static struct MHD_Response *make_stream(http_request *request, http_response *response) {
    outflow *flow = calloc(1, sizeof *flow);
    if (!flow)
        return NULL;
    *flow = (outflow){request->server, socket_of(request->handle), response->read, response->stream,
                      response->close_stream};
    struct MHD_Response *made =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, flow, close_stream);
    if (made)
        response->close_stream = NULL; /* it is the library's now */
    else
        free(flow);
    return made;
}

static struct MHD_Response *make_file(http_response *response) {
    off_t size = lseek(response->file, 0, SEEK_END);
    struct MHD_Response *made =
        size < 0 ? NULL : MHD_create_response_from_fd64((uint64_t)size, response->file);
    response->has_file = !made;
    return made;
}

static struct MHD_Response *make_response(http_request *request, http_response *response) {
    if (response->read)
        return make_stream(request, response);
    if (response->has_file)
        return make_file(response);
    if (response->release) {
        struct MHD_Response *kept = MHD_create_response_from_buffer_with_free_callback_cls(
            response->length, (void *)(uintptr_t)response->borrowed, response->release, response->owner);
        if (kept)
            response->release = NULL;
        return kept;
    }
    if (!response->body) /* the library reads what is borrowed */
        return MHD_create_response_from_buffer(response->length, (void *)(uintptr_t)response->borrowed,
                                               MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *made =
        MHD_create_response_from_buffer(response->length, response->body, MHD_RESPMEM_MUST_FREE);
    if (made)
        response->body = NULL;
    return made;
}

/* What was not given to the library. */
static void count_out(http_request *request) {
    http_server *server = request->server;
    if (!request->counted)
        return;
    request->counted = false;
    if (atomic_fetch_sub(&server->answering, 1) > 1 || !http_closing(server))
        return;
    pthread_mutex_lock(&server->lock);
    pthread_cond_broadcast(&server->wake);
    pthread_mutex_unlock(&server->lock);
}

static uint64_t size_of(const http_response *response) {
    off_t size = response->has_file ? lseek(response->file, 0, SEEK_END) : (off_t)response->length;
    return size > 0 ? (uint64_t)size : 0;
}

static enum MHD_Result send_response(http_request *request, http_response *response) {
    MHD_set_connection_option(request->handle, MHD_CONNECTION_OPTION_TIMEOUT, /* counts from now */
                              2 * request->server->config.idle_timeout_s);
    if (!response->read)
        set_due(request->handle, due_for(request->server, now_ms(), size_of(response)));
    struct MHD_Response *made = make_response(request, response);
    enum MHD_Result result = made ? MHD_YES : MHD_NO;
    for (size_t i = 0; i < response->n_headers && result == MHD_YES; i++)
        result = MHD_add_response_header(made, response->headers[i].name, response->headers[i].value);
    if (result == MHD_YES)
        result = MHD_queue_response(request->handle, (unsigned)response->status, made);
    if (made)
        MHD_destroy_response(made);
    http_clear_response(response);
    return result;
}

/* ---- requests ----------------------------------------------------------------------------------------- */

static void free_request(http_request *request) {
    for (size_t i = 0; i < request->n_query; i++) {
        free(request->query[i].name);
        free(request->query[i].value);
    }
    if (request->spool >= 0)
        close(request->spool);
    if (request->spool_path)
        unlink(request->spool_path); /* gone already where it was renamed */
    free(request->spool_path);
    free(request->body);
    free(request);
}

static void name_peer(http_request *request) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info ? info->client_addr : NULL;
    socklen_t size =
        peer && peer->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (!peer || getnameinfo(peer, size, request->peer, sizeof request->peer, NULL, 0, NI_NUMERICHOST))
        snprintf(request->peer, sizeof request->peer, "unknown");
}

static bool open_spool(http_request *request) {
    if (asprintf(&request->spool_path, "%s/.body-XXXXXX", request->policy.spool_dir) < 0) {
        request->spool_path = NULL;
        return false;
    }
    request->spool = mkostemp(request->spool_path, O_CLOEXEC);
    return request->spool >= 0;
}

/* Line and headers are there. */
static enum MHD_Result begin_request(http_server *server, struct MHD_Connection *handle, const char *path,
                                     const char *method, void **context) {
    http_response response = {0};
    http_request *request = calloc(1, sizeof *request);
    if (!request)
        return MHD_NO;
    *context = request;
    *request =
        (http_request){.server = server, .handle = handle, .method = method, .path = path, .spool = -1};
    request->begin_ms = now_ms();
    request->counted = true;
    atomic_fetch_add(&server->answering, 1);
    set_due(handle, due_for(server, request->begin_ms, 0));
    name_peer(request);
    MHD_get_connection_values(handle, MHD_GET_ARGUMENT_KIND, add_parameter, request);
    MHD_get_connection_values(handle, MHD_HEADER_KIND, check_header, request);
    if (!server->handler.begin(server->handler.user, request, &request->policy, &response)) {
        request->refused = true;
        return send_response(request, &response);
    }
    if (request->policy.spool_dir && !open_spool(request))
        request->failed = true;
    return MHD_YES;
}

static bool keep_in_memory(http_request *request, const char *data, size_t length) {
    if (request->length + length + 1 > request->capacity) {
        size_t capacity = 2 * (request->length + length + 1);
        char *grown = realloc(request->body, capacity);
        if (!grown)
            return false;
        request->body = grown;
        request->capacity = capacity;
    }
    memcpy(request->body + request->length, data, length);
    request->body[request->length + length] = '\0';
    return true;
}

static bool keep_in_file(http_request *request, const char *data, size_t length) {
    while (length) {
        ssize_t n = write(request->spool, data, length);
        if (n < 0 && errno != EINTR)
            return false;
        data += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static enum MHD_Result take_body(http_request *request, const char *data, size_t *length) {
    size_t n = *length;
    *length = 0;
    if (request->length + n > request->policy.max_bytes)
        request->too_large = true;
    if (request->too_large) { /* read a little further, so that the answer is not lost with the connection */
        request->length += n;
        return request->length > 2 * request->policy.max_bytes + 65536 ? MHD_NO : MHD_YES;
    }
    if (!request->failed)
        request->failed = !(request->spool_path ? keep_in_file : keep_in_memory)(request, data, n);
    request->length += n;
    set_due(request->handle, due_for(request->server, request->begin_ms, request->length));
    return MHD_YES;
}

bool http_body_lost(const http_request *request, bool *too_large) {
    *too_large = request->too_large;
    return request->too_large || request->failed;
}

static enum MHD_Result take_request(void *user, struct MHD_Connection *handle, const char *path,
                                    const char *method, const char *version, const char *data, size_t *length,
                                    void **context) {
    http_server *server = user;
    http_request *request = *context;
    (void)version;
    if (!request)
        return begin_request(server, handle, path, method, context);
    if (request->refused)
        return MHD_YES;
    if (*length)
        return take_body(request, data, length);
    http_response response = {0};
    set_due(handle, 0);
    MHD_set_connection_option(handle, MHD_CONNECTION_OPTION_TIMEOUT, 0);
    server->handler.respond(server->handler.user, request, &response);
    return send_response(request, &response);
}

static void end_request(void *user, struct MHD_Connection *handle, void **context,
                        enum MHD_RequestTerminationCode code) {
    http_server *server = user;
    (void)code;
    if (*context) {
        count_out(*context);
        free_request(*context);
    }
    *context = NULL;
    set_due(handle, now_ms() + (int64_t)server->config.idle_timeout_s * 1000);
}

void http_note_known(const http_request *request) {
    connection *own = connection_of(request->handle);
    if (own)
        atomic_store(&own->known, true);
}

/* ---- the watch ---------------------------------------------------------------------------------------- */

/* Where too many that have no session wait, the one that came first goes: a stranger's idle connections take
 * no place from who signs in, or has. The lock is held. */
static void make_room(http_server *server) {
    connection *oldest = NULL;
    unsigned n = 0;
    for (connection *each = server->connections; each; each = each->next)
        if (!atomic_load(&each->known) && !each->ended && atomic_load(&each->due_ms)) {
            oldest = each; /* the newest stand first */
            n++;
        }
    if (n <= server->config.max_unknown)
        return;
    oldest->ended = true;
    shutdown(oldest->fd, SHUT_RDWR);
}

static void note_connection(void *user, struct MHD_Connection *handle, void **context,
                            enum MHD_ConnectionNotificationCode code) {
    http_server *server = user;
    connection *own = *context;
    pthread_mutex_lock(&server->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED && (own = calloc(1, sizeof *own))) {
        own->fd = socket_of(handle);
        own->due_ms = now_ms() + (int64_t)server->config.idle_timeout_s * 1000;
        own->next = server->connections;
        own->link = &server->connections;
        if (own->next)
            own->next->link = &own->next;
        server->connections = own;
        *context = own;
        make_room(server);
    } else if (code == MHD_CONNECTION_NOTIFY_CLOSED && own) {
        *own->link = own->next;
        if (own->next)
            own->next->link = own->link;
        free(own);
        *context = NULL;
    }
    pthread_mutex_unlock(&server->lock);
}

/* Ends connections that keep a thread waiting for too long, however slowly something comes. */
static void *watch(void *user) {
    http_server *server = user;
    struct timespec until;
    pthread_mutex_lock(&server->lock);
    while (!http_closing(server)) {
        int64_t now = now_ms();
        for (connection *each = server->connections; each; each = each->next) {
            int64_t due = atomic_load(&each->due_ms);
            if (due && now > due)
                shutdown(each->fd, SHUT_RDWR);
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&server->wake, &server->lock, &until);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* ---- opening and closing ------------------------------------------------------------------------------ */

static void stay_silent(void *user, const char *format, va_list args) {
    (void)user;
    (void)format;
    (void)args;
}

static struct MHD_Daemon *start_daemon(http_server *server) {
    const http_config *config = &server->config;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                     MHD_USE_ITC | MHD_USE_ERROR_LOG | (server->v6 ? MHD_USE_IPv6 : 0);
    return MHD_start_daemon(
        flags, 0, NULL, NULL, take_request, server, MHD_OPTION_EXTERNAL_LOGGER, stay_silent, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->fd, MHD_OPTION_CONNECTION_LIMIT, config->max_connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->max_per_peer, MHD_OPTION_NOTIFY_COMPLETED, end_request,
        server, MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

px_status http_listen(const http_config *config, http_server **out, px_error *err) {
    pthread_condattr_t steady;
    px_status status = open_library(err);
    if (status)
        return status;
    http_server *server = calloc(1, sizeof *server);
    if (!server)
        return server_fail(err, PX_ENOMEM, "out of memory");
    server->config = *config;
    status = http_socket_open(config, &server->fd, &server->port, &server->v6, err);
    if (status) {
        free(server);
        return status;
    }
    server->config.bind = NULL;
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&server->wake, &steady);
    pthread_condattr_destroy(&steady);
    *out = server;
    return PX_OK;
}

px_status http_serve(http_server *server, const http_handler *handler, px_error *err) {
    server->handler = *handler;
    server->watching = !pthread_create(&server->watch, NULL, watch, server);
    server->daemon = server->watching ? start_daemon(server) : NULL;
    return server->daemon ? PX_OK : server_fail(err, PX_ELIBRARY, "the HTTP server could not be started");
}

int http_port(const http_server *server) {
    return server->port;
}

bool http_closing(const http_server *server) {
    return atomic_load(&server->closing);
}

/* No new connections; what is being answered has a moment to end. The lock is held. */
static void drain(http_server *server) {
    struct timespec until;
    MHD_quiesce_daemon(server->daemon); /* the socket is ours again */
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LAST_ANSWERS_S;
    while (atomic_load(&server->answering) &&
           pthread_cond_timedwait(&server->wake, &server->lock, &until) != ETIMEDOUT) {
    }
}

void http_close(http_server **handle) {
    http_server *server = *handle; /* what is being answered still asks for it */
    if (!server)
        return;
    pthread_mutex_lock(&server->lock);
    atomic_store(&server->closing, true);
    pthread_cond_broadcast(&server->wake);
    if (server->daemon)
        drain(server);
    pthread_mutex_unlock(&server->lock);
    if (server->watching)
        pthread_join(server->watch, NULL);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    close(server->fd);
    pthread_cond_destroy(&server->wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
    *handle = NULL;
}

const char *http_library_version(void) {
    return open_library(NULL) ? NULL : MHD_get_version();
}
