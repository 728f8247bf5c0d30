// SPDX-License-Identifier: Apache-2.0
/* The server behind `pixity serve`: the page and /api/v1, over the public library. A request goes through
 * gate.c (host, origin, session, token, limits), the table of routes (routes.c) and one handler. */
#ifndef SERVER_H
#define SERVER_H

#include "server/answers/fail.h"
#include "server/http/http.h"
#include "server/access/secrets.h"
#include "server/serve.h"

#include <jansson.h>
#include <pthread.h>

/* One request on its way through a handler. */
typedef struct server_call {
    server *server;
    const http_request *request;
    http_response *response;
    const char *parts[4]; /* what {…} of the route's pattern matched, in order */
    px_home *home;        /* lent for this call: from server_home */
} server_call;

/* ---- routes ------------------------------------------------------------------------------------------ */

enum {
    ROUTE_OPEN = 1,   /* needs no session */
    ROUTE_UPLOAD = 2, /* the body goes to a file */
    ROUTE_PLAIN = 4,  /* takes no query parameters */
};
typedef struct server_route {
    const char *method, *pattern; /* "GET", "/api/v1/runs/{run_id}/trades" */
    /* Fills the response. A status becomes the error document: PX_EINPUT 400, PX_ENOTFOUND 404, PX_EEXISTS
     * and PX_EMISMATCH 409, PX_ENOMEM 503, else 500. */
    px_status (*handle)(server_call *call, px_error *err);
    unsigned flags;
} server_route;
/* One table a file: api_meta.c, api_runs.c, api_data.c, api_journal.c, api_models.c, api_accounts.c,
 * api_jobs.c, session.c, page.c. Each ends with a row without method. */
extern const server_route runs_routes[], data_routes[], journal_routes[], models_routes[], accounts_routes[],
    jobs_routes[], session_routes[], page_routes[], meta_routes[];

/* ---- for handlers ------------------------------------------------------------------------------------ */

/* The home folder in call->home, for this thread during this call. Errors: as px_home_open. */
px_status server_home(server_call *call, px_error *err);
const server_config *server_settings(const server *own);
secrets *server_secrets(server *own);
http_server *server_http(server *own);
struct jobs *server_jobs(server *own);
/* The name of the session's cookie: ports share cookies, so that it holds the port. */
const char *server_cookie(const server *own);
/* Whether the request has a valid session. */
bool server_signed_in(server *own, const http_request *request);
int64_t server_now_us(void);
int64_t server_now_s(void);
/* Gives back what server_home lent; routes.c does it after each call. */
void server_return_home(server_call *call);
/* Signs the caller in: sets the cookie of a new session (session.c). */
void session_start(server_call *call);
/* The folder for bodies that go to files, made where it is absent; NULL = it cannot be. */
const char *server_spool_dir(server *own);

/* respond.c. Each takes over the malloc'ed text, or the document's reference, and adds an ETag; what is NULL
 * is PX_ENOMEM. */
px_status respond_json_text(server_call *call, int status, char *text, size_t length, px_error *err);
px_status respond_json(server_call *call, int status, json_t *document, px_error *err);
px_status respond_bytes(server_call *call, const char *content_type, char *bytes, size_t length,
                        px_error *err);
px_status respond_nothing(server_call *call); /* 204 */
/* {"error": {"code": "not_found", "message": "...", "status": 404}}: the one shape of errors. */
void respond_error(http_response *response, int status, const char *code, const char *message);
/* The body as a JSON object; *out is the caller's. Errors: PX_EINPUT telling line and column, PX_ENOMEM. */
px_status read_json_body(server_call *call, json_t **out, px_error *err);

/* query.c: a parameter, or the fallback where it is absent; a wrong one is PX_EINPUT naming it. */
px_status query_count(server_call *call, const char *name, size_t fallback, size_t most, size_t *out,
                      px_error *err);
px_status query_date(server_call *call, const char *name, int32_t *out, px_error *err); /* PX_NO_DATE */
px_status query_timeframe(server_call *call, const char *name, int fallback, int *out, px_error *err);
/* Errors: PX_EINPUT for a parameter that is none of these names, with the nearest. `names` ends with NULL. */
px_status query_check(server_call *call, const char *const *names, px_error *err);
/* One of two words; the first is what holds where nothing is said. */
px_status query_word(server_call *call, const char *name, const char *first, const char *second,
                     bool *is_second, px_error *err);

/* page_of.c: rows of a table as {"total","offset","items":[...]}: filtered, sorted and cut as the query says:
 * limit, offset, sort=column, order=asc|desc, q=text in any text cell, and column=value. With format=csv all
 * rows that match, as CSV. Takes nothing over. */
px_status respond_table(server_call *call, const px_table *table, const px_zone *zone, px_error *err);
/* Where the query also has parameters that whoever made the table has read; the names end with NULL. */
px_status respond_rows_of(server_call *call, const px_table *table, const px_zone *zone,
                          const char *const *read_already, px_error *err);
/* The same of what the home folder holds of a kind, times as on NSE. */
px_status respond_stored(server_call *call, px_status (*list)(px_home *, px_table *, px_error *),
                         px_error *err);

#endif
