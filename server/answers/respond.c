// SPDX-License-Identifier: Apache-2.0
/* Answers: documents, the one shape of errors, entity tags and compression. */
#include "server/answers/respond.h"

#include "server/http/gzip.h"
#include "server/http/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char JSON_TYPE[] = "application/json; charset=utf-8";

/* ---- filling in --------------------------------------------------------------------------------------- */

px_status respond_bytes(server_call *call, const char *content_type, char *bytes, size_t length,
                        px_error *err) {
    if (!bytes)
        return server_fail(err, PX_ENOMEM, "out of memory");
    call->response->status = 200;
    call->response->body = bytes;
    call->response->length = length;
    http_set_header(call->response, "Content-Type", "%s", content_type);
    return PX_OK;
}

px_status respond_json_text(server_call *call, int status, char *text, size_t length, px_error *err) {
    px_status made = respond_bytes(call, JSON_TYPE, text, length, err);
    call->response->status = status;
    return made;
}

px_status respond_json(server_call *call, int status, json_t *document, px_error *err) {
    char *text = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(document);
    return respond_json_text(call, status, text, text ? strlen(text) : 0, err);
}

px_status respond_nothing(server_call *call) {
    call->response->status = 204;
    return PX_OK;
}

/* ---- errors ------------------------------------------------------------------------------------------- */

void respond_error(http_response *response, int status, const char *code, const char *message) {
    char shown[1024]; /* messages quote what was asked, whose characters may be none, or be cut */
    snprintf(shown, sizeof shown, "%s", message);
    utf8_repair(shown);
    json_t *document =
        json_pack("{s:{s:s, s:s, s:i}}", "error", "code", code, "message", shown, "status", status);
    http_clear_response(response);
    response->status = status;
    response->body = document ? json_dumps(document, JSON_COMPACT) : NULL;
    response->length = response->body ? strlen(response->body) : 0;
    json_decref(document);
    http_set_header(response, "Content-Type", "%s", JSON_TYPE);
}

void respond_failure(http_response *response, px_status status, const px_error *err) {
    static const struct {
        px_status status;
        int http;
        const char *code;
    } table[] = {
        {PX_EINPUT, 400, "bad_request"}, {PX_ENOTFOUND, 404, "not_found"}, {PX_EEXISTS, 409, "conflict"},
        {PX_EMISMATCH, 409, "conflict"}, {PX_ENOMEM, 503, "busy"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status) {
            respond_error(response, table[i].http, table[i].code, err->message);
            return;
        }
    respond_error(response, 500, "internal", err->message);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

px_status read_json_body(server_call *call, json_t **out, px_error *err) {
    size_t length;
    json_error_t where;
    const char *body = http_body(call->request, &length);
    const char *type = http_header(call->request, "Content-Type");
    if (type && strncasecmp(type, "application/json", strlen("application/json")))
        return server_fail(err, PX_EINPUT, "Content-Type %.100s: the body is read as application/json", type);
    json_t *document = body ? json_loadb(body, length, JSON_REJECT_DUPLICATES, &where) : NULL;
    if (!body || !document)
        return server_fail(err, PX_EINPUT, "the body is no JSON: line %d, column %d: %s",
                           body ? where.line : 0, body ? where.column : 0,
                           body ? where.text : "there is none");
    if (!json_is_object(document)) {
        json_decref(document);
        return server_fail(err, PX_EINPUT, "the body must be a JSON object");
    }
    *out = document;
    return PX_OK;
}

/* ---- finishing ---------------------------------------------------------------------------------------- */

static const void *bytes_of(const http_response *response) {
    return response->body ? response->body : response->borrowed;
}

/* FNV-1a over words: tells versions of one document apart, and keeps no secret. */
static uint64_t digest(const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    uint64_t hash = 14695981039346656037u, word;
    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * 1099511628211u;
        hash ^= hash >> 32;
    }
    for (; length; at++, length--)
        hash = (hash ^ *at) * 1099511628211u;
    return hash;
}

void respond_tag(const void *bytes, size_t length, char tag[RESPOND_TAG_SIZE]) {
    snprintf(tag, RESPOND_TAG_SIZE, "\"%016" PRIx64 "%zx\"", digest(bytes, length), length);
}

/* If-None-Match is a list of tags, each perhaps weak, or a star. */
static bool client_has(const http_request *request, const char *tag) {
    const char *known = http_header(request, "If-None-Match"), *found = known ? strstr(known, tag) : NULL;
    return found || (known && !strcmp(known, "*"));
}

static void become_not_modified(http_response *response) {
    http_response kept = *response;
    http_clear_response(response);
    response->status = 304;
    response->n_headers = kept.n_headers;
    memcpy(response->headers, kept.headers, sizeof kept.headers);
}

static bool is_text(const http_response *response) {
    const char *type = http_find_header(response, "Content-Type");
    return type && (!strncmp(type, "text/", 5) || !strncmp(type, "application/json", 16) ||
                    strstr(type, "pixity") || strstr(type, "svg"));
}

static void compress(http_response *response) {
    enum { WORTH_IT = 1024, LEVEL = 4 };
    size_t length;
    char *small = response->length < WORTH_IT
                      ? NULL
                      : gzip_compress(bytes_of(response), response->length, LEVEL, &length);
    if (!small)
        return;
    free(response->body);
    if (response->release)
        response->release(response->owner);
    response->release = NULL;
    response->body = small;
    response->borrowed = NULL;
    response->length = length;
    http_set_header(response, "Content-Encoding", "gzip");
}

void respond_finish(const http_request *request, http_response *response) {
    char made[RESPOND_TAG_SIZE];
    const char *tag = http_find_header(response, "ETag");
    bool reading = !strcmp(http_method(request), "GET") || !strcmp(http_method(request), "HEAD");
    if (!bytes_of(response) || response->status != 200 || !reading)
        return;
    if (!tag) {
        respond_tag(bytes_of(response), response->length, made);
        http_set_header(response, "ETag", "%s", made);
        tag = made;
    }
    if (client_has(request, tag)) {
        become_not_modified(response);
        return;
    }
    if (!is_text(response))
        return;
    http_set_header(response, "Vary", "Accept-Encoding, Accept");
    if (!http_find_header(response, "Content-Encoding") &&
        gzip_accepted(http_header(request, "Accept-Encoding")))
        compress(response);
}
