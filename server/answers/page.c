// SPDX-License-Identifier: Apache-2.0
/* The page: its files, and the few plain pages for those who are not signed in. */
#include "server/answers/page.h"

#include "server/http/gzip.h"
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- files -------------------------------------------------------------------------------------------- */

/* Compressed once, by the first who asks. */
static struct {
    pthread_once_t once;
    char **bytes; /* NULL = not smaller */
    size_t *lengths;
} packed = {.once = PTHREAD_ONCE_INIT};

static void pack_files(void) {
    enum { BEST = 9 };
    packed.bytes = calloc(server_page_files_count, sizeof *packed.bytes);
    packed.lengths = calloc(server_page_files_count, sizeof *packed.lengths);
    for (size_t i = 0; i < server_page_files_count && packed.bytes && packed.lengths; i++)
        packed.bytes[i] =
            gzip_compress(server_page_files[i].bytes, server_page_files[i].length, BEST, &packed.lengths[i]);
}

void page_free(void) {
    for (size_t i = 0; i < server_page_files_count && packed.bytes; i++)
        free(packed.bytes[i]);
    free(packed.bytes);
    free(packed.lengths);
    packed.bytes = NULL;
    packed.lengths = NULL;
}

static px_status send_file(server_call *call, const char *path, px_error *err) {
    size_t i = 0;
    while (i < server_page_files_count && strcmp(server_page_files[i].path, path))
        i++;
    if (i == server_page_files_count)
        return server_fail(err, PX_ENOTFOUND, "the page has no file %.100s", path);
    const server_page_file *file = &server_page_files[i];
    pthread_once(&packed.once, pack_files);
    bool small =
        packed.bytes && packed.bytes[i] && gzip_accepted(http_header(call->request, "Accept-Encoding"));
    call->response->status = 200;
    call->response->borrowed = small ? (const void *)packed.bytes[i] : file->bytes;
    call->response->length = small ? packed.lengths[i] : file->length;
    http_set_header(call->response, "Content-Type", "%s", file->content_type);
    if (small)
        http_set_header(call->response, "Content-Encoding", "gzip");
    return PX_OK;
}

static px_status asset(server_call *call, px_error *err) {
    char path[300];
    int used = snprintf(path, sizeof path, "/assets/%s", call->parts[0]);
    if (used < 0 || (size_t)used >= sizeof path)
        return server_fail(err, PX_ENOTFOUND, "the page has no such file");
    px_status status = send_file(call, path, err);
    if (!status) /* the name tells the content: it holds a digest */
        http_set_header(call->response, "Cache-Control", "private, max-age=31536000, immutable");
    return status;
}

static px_status icon(server_call *call, px_error *err) {
    return send_file(call, "/icon.svg", err);
}

/* ---- plain pages -------------------------------------------------------------------------------------- */

#define PLAIN(title, text)                                                                                   \
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" title "</title>"                \
    "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light "    \
    "dark\">"                                                                                                \
    "<link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" "                                        \
    "href=\"/plain.css\"></head><body><main><h1>" title "</h1>" text "</main></body></html>"

static px_status send_plain(server_call *call, int status, const char *type, const char *text) {
    call->response->status = status;
    call->response->borrowed = text;
    call->response->length = strlen(text);
    http_set_header(call->response, "Content-Type", "%s; charset=utf-8", type);
    return PX_OK;
}

static px_status style(server_call *call, px_error *err) {
    (void)err;
    return send_plain(
        call, 200, "text/css",
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}"
        "h1{font-size:1.3rem}input,button{font:inherit;padding:.4rem .6rem}label{display:block}"
        "code{font-family:ui-monospace,monospace}");
}

static px_status redirect(server_call *call, const char *where) {
    call->response->status = 303;
    http_set_header(call->response, "Location", "%s", where);
    return PX_OK;
}

static px_status refuse_link(server_call *call) {
    return send_plain(
        call, 403, "text/html",
        PLAIN("This link has been used",
              "<p>A link opens the page once, in one browser, and ends with the server. If this browser "
              "is the one, <a href=\"/\">go on</a>. Otherwise take a new one: from the page that is open "
              "already, or by starting <code>pixity serve</code> again.</p>"));
}

static px_status ask_to_sign_in(server_call *call) {
    if (secrets_has_password(server_settings(call->server)->home_path))
        return redirect(call, "/login");
    return send_plain(call, 401, "text/html",
                      PLAIN("Pixity",
                            "<p>Open the link that <code>pixity serve</code> printed: it signs this browser "
                            "in. If you have just done so, <a href=\"/\">go on</a>.</p>"));
}

/* `/`, and `/?token=T`, which signs in and leads to `/` so that the token leaves the address bar. */
static px_status front(server_call *call, px_error *err) {
    const char *token = http_query(call->request, "token");
    bool signed_in = server_signed_in(call->server, call->request);
    if (!token)
        return signed_in ? send_file(call, "/index.html", err) : ask_to_sign_in(call);
    if (signed_in || strcmp(http_method(call->request), "GET")) /* HEAD changes nothing */
        return redirect(call, "/");
    if (!secrets_use_link(server_secrets(call->server), token))
        return refuse_link(call);
    session_start(call);
    return redirect(call, "/");
}

#define LOGIN(note)                                                                                          \
    PLAIN("Pixity",                                                                                          \
          note "<form method=\"post\" action=\"/api/v1/session\"><label for=\"p\">Password</label>"          \
               "<input id=\"p\" name=\"password\" type=\"password\" autocomplete=\"current-password\" "      \
               "required autofocus> <button>Sign in</button></form>")

static px_status login(server_call *call, px_error *err) {
    (void)err;
    const char *page = LOGIN("");
    if (http_query(call->request, "wrong"))
        page = LOGIN("<p role=\"alert\">That is not the password.</p>");
    if (http_query(call->request, "wait"))
        page = LOGIN("<p role=\"alert\">Too many wrong passwords: wait a little, then try again.</p>");
    /* Under no-referrer browsers send a form with the Origin "null", which is anyone's. */
    http_set_header(call->response, "Referrer-Policy", "same-origin");
    return send_plain(call, 200, "text/html", page);
}

const server_route page_routes[] = {
    {"GET", "/", front, ROUTE_OPEN},        {"GET", "/assets/{file}", asset, ROUTE_OPEN},
    {"GET", "/icon.svg", icon, ROUTE_OPEN}, {"GET", "/plain.css", style, ROUTE_OPEN},
    {"GET", "/login", login, ROUTE_OPEN},   {0},
};
