// SPDX-License-Identifier: Apache-2.0
/* /api/v1/session: who is asking, signing in and out. */
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- wrong passwords ---------------------------------------------------------------------------------- */

/* After each wrong one its sender waits twice as long, up to a quarter of an hour; and all senders together
 * have so many tries a minute. */
enum { N_PEERS = 64, FREE_TRIES = 3, MOST_WAIT_S = 900, TRIES_A_MINUTE = 20 };
static struct {
    pthread_mutex_t lock;
    struct {
        char peer[64];
        unsigned failures;
        int64_t until_s;
    } peers[N_PEERS];
    int64_t minute;
    unsigned tries;
} limiter = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The peer's row, else the one that was quiet for longest. */
static size_t row_of(const char *peer) {
    size_t oldest = 0;
    for (size_t i = 0; i < N_PEERS; i++) {
        if (!strcmp(limiter.peers[i].peer, peer))
            return i;
        if (limiter.peers[i].until_s < limiter.peers[oldest].until_s)
            oldest = i;
    }
    memset(&limiter.peers[oldest], 0, sizeof limiter.peers[oldest]);
    snprintf(limiter.peers[oldest].peer, sizeof limiter.peers[oldest].peer, "%s", peer);
    return oldest;
}

/* Seconds to wait before a try; 0 = it may be made, and counts as failed until limiter_forgive. */
static int64_t limiter_take(const char *peer, int64_t now_s) {
    pthread_mutex_lock(&limiter.lock);
    size_t row = row_of(peer);
    int64_t wait = limiter.peers[row].until_s - now_s;
    if (limiter.minute != now_s / 60) {
        limiter.minute = now_s / 60;
        limiter.tries = 0;
    }
    if (wait <= 0 && limiter.tries >= TRIES_A_MINUTE)
        wait = 60 - now_s % 60;
    if (wait <= 0) {
        unsigned failures = ++limiter.peers[row].failures;
        unsigned doublings = failures > FREE_TRIES ? failures - FREE_TRIES : 0;
        int64_t next = doublings == 0 ? 0 : doublings > 9 ? MOST_WAIT_S : (int64_t)1 << doublings;
        limiter.peers[row].until_s = now_s + next;
        limiter.tries++;
        wait = 0;
    }
    pthread_mutex_unlock(&limiter.lock);
    return wait;
}

static void limiter_forgive(const char *peer) {
    pthread_mutex_lock(&limiter.lock);
    memset(&limiter.peers[row_of(peer)], 0, sizeof limiter.peers[0]);
    pthread_mutex_unlock(&limiter.lock);
}

/* ---- cookies ------------------------------------------------------------------------------------------ */

static void set_cookie(server_call *call, const char *session) {
    const char *scheme = http_header(call->request, "X-Forwarded-Proto"); /* of a proxy in front */
    http_set_header(call->response, "Set-Cookie", "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s",
                    server_cookie(call->server), session, SECRETS_SESSION_S,
                    scheme && !strcasecmp(scheme, "https") ? "; Secure" : "");
}

void session_start(server_call *call) {
    char session[SECRETS_TEXT_SIZE];
    secrets_make_session(server_secrets(call->server), server_now_s(), session);
    set_cookie(call, session);
}

static void end_session(server_call *call) {
    http_set_header(call->response, "Set-Cookie", "%s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
                    server_cookie(call->server));
}

/* ---- routes ------------------------------------------------------------------------------------------- */

static px_status show(server_call *call, px_error *err) {
    const server_config *config = server_settings(call->server);
    const char *home = config->home_path;
    char token[SECRETS_TEXT_SIZE];
    secrets_make_token(server_secrets(call->server), http_cookie(call->request, server_cookie(call->server)),
                       token);
    return respond_json(call, 200,
                        json_pack("{s:s, s:s, s:s, s:i, s:s, s:b, s:{s:i, s:i}}", "token", token, "version",
                                  px_version(), "home", home, "schema_version", px_home_schema_version(),
                                  "bind", config->bind, "password", secrets_has_password(home), "limits",
                                  "running_jobs", config->max_running, "queued_jobs", config->max_queued),
                        err);
}

/* A form writes a space as +, and ends a field at &. Works in place; false for a broken escape. */
static bool decode_field(char *text) {
    text[strcspn(text, "&")] = '\0';
    for (char *at = text; (at = strchr(at, '+'));)
        *at = ' ';
    return http_decode(text, text);
}

/* The password of a JSON body, or of the form of /login. Malloc'ed; the caller frees. */
static px_status read_password(server_call *call, bool form, char **out, px_error *err) {
    static const char field[] = "password=";
    json_t *document = NULL;
    size_t length;
    const char *body = http_body(call->request, &length), *text = NULL;
    px_status status = form ? PX_OK : read_json_body(call, &document, err);
    if (!status)
        text = !form ? json_string_value(json_object_get(document, "password"))
               : !strncmp(body, field, strlen(field)) ? body + strlen(field)
                                                      : NULL;
    char *password = text ? strdup(text) : NULL;
    if (!status && (!password || (form && !decode_field(password))))
        status = server_fail(err, PX_EINPUT, "the body must have the member \"password\", a text");
    json_decref(document);
    if (status)
        free(password);
    else
        *out = password;
    return status;
}

static px_status refuse(server_call *call, bool form, int status, const char *code, const char *message,
                        int64_t wait) {
    respond_error(call->response, status, code, message);
    if (form) { /* back to the form, which says so */
        free(call->response->body);
        *call->response = (http_response){.status = 303};
        http_set_header(call->response, "Location", "/login?%s", status == 429 ? "wait" : "wrong");
    }
    if (wait)
        http_set_header(call->response, "Retry-After", "%lld", (long long)wait);
    return PX_OK;
}

static px_status sign_in(server_call *call, px_error *err) {
    const char *type = http_header(call->request, "Content-Type"), *peer = http_peer(call->request);
    bool form = type && !strncasecmp(type, "application/x-www-form-urlencoded", 33);
    char *password = NULL, session[SECRETS_TEXT_SIZE] = "";
    px_status status = read_password(call, form, &password, err);
    if (status)
        return status;
    int64_t wait = limiter_take(peer, server_now_s());
    bool good = !wait && secrets_sign_in(server_secrets(call->server), password, server_now_s(), session);
    explicit_bzero(password, strlen(password));
    free(password);
    if (wait)
        return refuse(call, form, 429, "too_many_requests", "too many wrong passwords; wait, then try again",
                      wait);
    if (!good)
        return refuse(call, form, 401, "unauthorized",
                      "wrong password, or none is set (pixity serve --set-password)", 0);
    limiter_forgive(peer);
    set_cookie(call, session);
    call->response->status = form ? 303 : 204;
    if (form)
        http_set_header(call->response, "Location", "/");
    return PX_OK;
}

static px_status sign_out(server_call *call, px_error *err) {
    (void)err;
    end_session(call);
    return respond_nothing(call);
}

static px_status make_link(server_call *call, px_error *err) {
    char link[SERVER_LINK_SIZE];
    server_link(call->server, link);
    return respond_json(call, 201, json_pack("{s:s}", "url", link), err);
}

static px_status revoke(server_call *call, px_error *err) {
    px_status status = secrets_revoke(server_settings(call->server)->home_path, err);
    if (status)
        return status;
    end_session(call);
    return respond_nothing(call);
}

const server_route session_routes[] = {
    {"GET", "/api/v1/session", show, ROUTE_PLAIN},
    {"POST", "/api/v1/session", sign_in, ROUTE_OPEN | ROUTE_PLAIN},
    {"DELETE", "/api/v1/session", sign_out, ROUTE_PLAIN},
    {"POST", "/api/v1/session/links", make_link, ROUTE_PLAIN},
    {"POST", "/api/v1/session/revoke", revoke, ROUTE_PLAIN},
    {0},
};
