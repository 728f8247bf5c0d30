// SPDX-License-Identifier: Apache-2.0
#include "server/answers/cache.h"

#include "server/http/gzip.h"
#include "server/answers/respond.h"

#include <stdint.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_ENTRIES = 64, MOST_KEY = 1024, MOST_BODY = 2 << 20, LEVEL = 6, WORTH_IT = 1024 };
#define MOST_BYTES ((size_t)24 << 20)

/* One answer; whoever is sending it holds it, and so does the table. */
typedef struct answer {
    atomic_uint holders;
    uint64_t version;
    char *raw, *small; /* small: gzip, NULL = not worth it */
    size_t raw_length, small_length;
    char type[64], tag[RESPOND_TAG_SIZE];
} answer;

static struct {
    pthread_mutex_t lock;
    struct {
        char key[MOST_KEY];
        answer *answer;
        uint64_t used; /* by the counter below */
    } entries[N_ENTRIES];
    uint64_t counter;
    size_t bytes;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- answers ------------------------------------------------------------------------------------------ */

static void drop_answer(void *user) {
    answer *a = user;
    if (atomic_fetch_sub(&a->holders, 1) > 1)
        return;
    free(a->raw);
    free(a->small);
    free(a);
}

static size_t bytes_of(const answer *a) {
    return a->raw_length + a->small_length + sizeof *a;
}

/* Takes the body out of a response. NULL on out of memory: the response is as it was. */
static answer *take_answer(http_response *response, uint64_t version) {
    answer *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->version = version;
    a->raw = response->body;
    a->raw_length = response->length;
    if (a->raw_length >= WORTH_IT)
        a->small = gzip_compress(a->raw, a->raw_length, LEVEL, &a->small_length);
    if (!a->small)
        a->small_length = 0;
    snprintf(a->type, sizeof a->type, "%s", http_find_header(response, "Content-Type"));
    respond_tag(a->raw, a->raw_length, a->tag);
    atomic_init(&a->holders, 1);
    response->body = NULL;
    response->length = 0;
    return a;
}

/* Lends an answer, which the caller holds, to the response. */
static px_status lend(server_call *call, answer *a) {
    bool small = a->small && gzip_accepted(http_header(call->request, "Accept-Encoding"));
    http_response *response = call->response;
    response->status = 200;
    response->borrowed = small ? a->small : a->raw;
    response->length = small ? a->small_length : a->raw_length;
    response->release = drop_answer;
    response->owner = a;
    http_set_header(response, "Content-Type", "%s", a->type);
    http_set_header(response, "ETag", "%s", a->tag);
    if (small)
        http_set_header(response, "Content-Encoding", "gzip");
    return PX_OK;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

typedef struct key {
    char text[MOST_KEY];
    size_t used;
    bool whole;
} key;

static bool add_part(key *k, char before, const char *text) {
    int n = snprintf(k->text + k->used, sizeof k->text - k->used, "%c%s", before, text);
    k->whole = k->whole && n >= 0 && (size_t)n < sizeof k->text - k->used;
    k->used += k->whole ? (size_t)n : 0;
    return k->whole;
}

static bool add_parameter(void *user, const char *name, const char *value) {
    key *k = user; /* what holds the marks between parts could be read in two ways */
    k->whole = k->whole && !strpbrk(name, "\1\2") && !strpbrk(value, "\1\2");
    return k->whole && add_part(k, '\1', name) && add_part(k, '\2', value);
}

/* False for what is too long to be kept. */
static bool make_key(const server_call *call, key *k) {
    *k = (key){.whole = true};
    if (add_part(k, ' ', http_path(call->request)))
        http_each_query(call->request, add_parameter, k);
    return k->whole;
}

static size_t find_entry(const char *text) {
    size_t i = 0;
    while (i < N_ENTRIES && !(table.entries[i].answer && !strcmp(table.entries[i].key, text)))
        i++;
    return i;
}

static answer *find_answer(const char *text, uint64_t version) {
    pthread_mutex_lock(&table.lock);
    size_t i = find_entry(text);
    answer *found =
        i < N_ENTRIES && table.entries[i].answer->version == version ? table.entries[i].answer : NULL;
    if (found) {
        table.entries[i].used = ++table.counter;
        atomic_fetch_add(&found->holders, 1);
    }
    pthread_mutex_unlock(&table.lock);
    return found;
}

static void empty_entry(size_t i) {
    if (!table.entries[i].answer)
        return;
    table.bytes -= bytes_of(table.entries[i].answer);
    drop_answer(table.entries[i].answer);
    table.entries[i].answer = NULL;
    table.entries[i].used = 0;
}

static size_t oldest_entry(void) {
    size_t oldest = 0;
    for (size_t i = 1; i < N_ENTRIES; i++)
        if (table.entries[i].used < table.entries[oldest].used)
            oldest = i;
    return oldest;
}

/* The longest unused one that is there; there is one. */
static size_t oldest_answer(void) {
    size_t oldest = N_ENTRIES;
    for (size_t i = 0; i < N_ENTRIES; i++)
        if (table.entries[i].answer &&
            (oldest == N_ENTRIES || table.entries[i].used < table.entries[oldest].used))
            oldest = i;
    return oldest;
}

static void keep_answer(const char *text, answer *a) {
    pthread_mutex_lock(&table.lock);
    size_t i = find_entry(text);
    if (i == N_ENTRIES)
        i = oldest_entry();
    empty_entry(i);
    while (table.bytes && table.bytes + bytes_of(a) > MOST_BYTES)
        empty_entry(oldest_answer());
    atomic_fetch_add(&a->holders, 1);
    snprintf(table.entries[i].key, sizeof table.entries[i].key, "%s", text);
    table.entries[i].answer = a;
    table.entries[i].used = ++table.counter;
    table.bytes += bytes_of(a);
    pthread_mutex_unlock(&table.lock);
}

px_status respond_cached(server_call *call, uint64_t version, px_status (*make)(server_call *, px_error *),
                         px_error *err) {
    key k;
    bool keep = make_key(call, &k);
    answer *a = keep ? find_answer(k.text, version) : NULL;
    if (a)
        return lend(call, a);
    px_status status = make(call, err);
    /* What is no plain document goes its own way: a file has headers of its own. */
    bool plain = !status && keep && call->response->status == 200 && call->response->body &&
                 call->response->length <= MOST_BODY && call->response->n_headers == 1;
    if (!plain || !(a = take_answer(call->response, version)))
        return status;
    keep_answer(k.text, a);
    return lend(call, a);
}

void cache_free(void) {
    pthread_mutex_lock(&table.lock);
    for (size_t i = 0; i < N_ENTRIES; i++)
        empty_entry(i);
    pthread_mutex_unlock(&table.lock);
}
