// SPDX-License-Identifier: Apache-2.0
/* HTTP/1.1 as the routes see it; http.c alone knows the library behind it. Every connection has a thread of
 * its own, so that a handler and a stream may block; what they share they lock. */
#ifndef HTTP_H
#define HTTP_H

#include "pixity/pixity.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct http_request http_request; /* valid during the calls that get it */

const char *http_method(const http_request *request);
const char *http_path(const http_request *request); /* as it was sent: still encoded, without the query */
/* Decodes %XX into `out`, which holds strlen(text) + 1 and may be `text`. False for a broken escape, an
 * encoded NUL and what is no UTF-8 then. */
bool http_decode(const char *text, char *out);
/* False where a query parameter cannot be decoded (http_decode), or there are too many: such a request is
 * answered with 400.
 */
bool http_query_valid(const http_request *request);
/* False where the host or the body's length is given twice or in two ways, or a name has a space, which a
 * proxy in front may read otherwise: such a request is answered with 400. */
bool http_headers_clear(const http_request *request);
/* First value of a query parameter, header or cookie, decoded; NULL = absent. */
const char *http_query(const http_request *request, const char *name);
const char *http_header(const http_request *request, const char *name);
const char *http_cookie(const http_request *request, const char *name);
/* Calls `each` for every query parameter in order until it gives false. */
void http_each_query(const http_request *request,
                     bool (*each)(void *user, const char *name, const char *value), void *user);
/* The whole body; *length bytes, a NUL behind them. NULL where it went to a file. */
const char *http_body(const http_request *request, size_t *length);
/* The file that holds the body where the policy asked for one; it is removed after the response unless the
 * handler has renamed it. NULL otherwise. */
const char *http_body_file(const http_request *request);
/* True if the body could not be kept: it was larger than allowed, or there was no room for it. */
bool http_body_lost(const http_request *request, bool *too_large);
/* "127.0.0.1": who asks. */
const char *http_peer(const http_request *request);

/* ---- responses --------------------------------------------------------------------------------------- */

#define HTTP_MAX_HEADERS 16
/* Gives up to `capacity` bytes of a stream; may block, but not much longer than a second, to see whether the
 * server is closing (*0 with `*idle` true: nothing yet, ask again). 0 with `*idle` false ends the stream. */
typedef size_t (*http_read_fn)(void *stream, char *buf, size_t capacity, bool *idle);

/* What a handler fills; zeroed before. Exactly one of body, borrowed, file and read, or none. */
typedef struct http_response {
    int status;                   /* 200, ... */
    char *body;                   /* malloc'ed, freed by the server */
    const void *borrowed;         /* must outlive the server, or until `release` */
    void (*release)(void *owner); /* called once, when nothing reads `borrowed` any more; NULL = none */
    void *owner;
    size_t length; /* of body or borrowed */
    int file;      /* descriptor, closed by the server; sent where has_file */
    bool has_file;
    http_read_fn read; /* sent in chunks */
    void *stream;
    void (*close_stream)(void *stream);
    size_t n_headers;
    struct {
        char name[32];
        char value[480];
    } headers[HTTP_MAX_HEADERS];
} http_response;
/* Sets a header, in place of one of that name. Too long or too many is a programming error (asserted). */
void http_set_header(http_response *response, const char *name, const char *format, ...) PX_PRINTF(3, 4);
const char *http_find_header(const http_response *response, const char *name); /* NULL = not set */

/* Frees what it holds; it is empty then. */
void http_clear_response(http_response *response);

/* ---- the server -------------------------------------------------------------------------------------- */

/* What a request may send, decided from its line and headers. */
typedef struct http_body_policy {
    size_t max_bytes;      /* more is 413 */
    const char *spool_dir; /* the body goes to a new file here; NULL = memory */
} http_body_policy;

typedef struct http_handler {
    void *user;
    /* Before the body is read. False: the response is filled, and no body is read. */
    bool (*begin)(void *user, const http_request *request, http_body_policy *policy, http_response *response);
    void (*respond)(void *user, const http_request *request, http_response *response);
} http_handler;

typedef struct http_config {
    const char *bind; /* IPv4 or IPv6 address */
    int port;         /* 0 = any free one */
    unsigned max_connections, max_per_peer;
    unsigned max_unknown; /* that wait and have not sent a request with a session: then the oldest goes */
    unsigned idle_timeout_s;
} http_config;

typedef struct http_server http_server;
/* Takes the port; nothing is answered yet. The texts of `config` are not kept. Errors: PX_EINPUT (address,
 * port in use), PX_EIO. */
px_status http_listen(const http_config *config, http_server **out, px_error *err);
/* Answers from now on. Errors: PX_ELIBRARY. */
px_status http_serve(http_server *server, const http_handler *handler, px_error *err);
int http_port(const http_server *server);
/* The request had a session: its connection no longer counts among max_unknown. */
void http_note_known(const http_request *request);
/* True from the moment that http_close is called: streams end then. */
bool http_closing(const http_server *server);
/* Finishes what is being answered, ends streams. NULL is fine. */
void http_close(http_server **server);
const char *http_library_version(void);

#endif
