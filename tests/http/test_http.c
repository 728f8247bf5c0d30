// SPDX-License-Identifier: Apache-2.0
/* The HTTP layer by itself, with a limit of one second: who keeps a thread waiting, and how it ends. */
#include "server/http/http.h"
#include "server/answers/respond.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { LARGE = 64 << 20, HANG_MS = 120 * 1000 };

/* ---- a server that answers "fine", slowly, at length or without an end --------------------------------- */

typedef struct site {
    http_server *server;
    atomic_bool asked;
    unsigned most;    /* connections */
    const char *page; /* what /page holds */
} site;

static void nap(int ms) {
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static bool begin(void *user, const http_request *request, http_body_policy *policy,
                  http_response *response) {
    (void)user, (void)request, (void)response;
    policy->max_bytes = 1 << 20;
    return true;
}

static size_t read_nothing(void *stream, char *buf, size_t capacity, bool *idle) {
    site *own = stream;
    (void)buf, (void)capacity;
    atomic_store(&own->asked, true);
    nap(20);
    *idle = true;
    return 0;
}

static void respond(void *user, const http_request *request, http_response *response) {
    site *own = user;
    const char *path = http_path(request);
    response->status = 200;
    response->borrowed = "fine";
    response->length = 4;
    if (!strcmp(path, "/slow")) {
        atomic_store(&own->asked, true);
        nap(2500);
    } else if (!strcmp(path, "/page")) {
        response->borrowed = own->page;
        response->length = strlen(own->page);
        http_set_header(response, "Content-Type", "text/html");
        respond_finish(request, response);
    } else if (!strcmp(path, "/large")) {
        response->borrowed = NULL;
        response->body = calloc(1, LARGE);
        response->length = LARGE;
    } else if (!strcmp(path, "/stream")) {
        response->borrowed = NULL;
        response->length = 0;
        response->read = read_nothing;
        response->stream = own;
    }
}

static site *open_site(unsigned most) {
    site *own = test_malloc(sizeof *own);
    const http_handler handler = {own, begin, respond};
    const http_config config = {"127.0.0.1", 0, most, most, most, 1};
    px_error err = {0};
    memset(own, 0, sizeof *own);
    if (http_listen(&config, &own->server, &err) || http_serve(own->server, &handler, &err))
        fail_msg("%s", err.message);
    return own;
}

static void close_site(site *own) {
    http_close(&own->server);
    test_free(own);
}

/* ---- a client ------------------------------------------------------------------------------------------ */

static int connect_to(const site *own) {
    struct sockaddr_in there = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)http_port(own->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&there, sizeof there), 0);
    return fd;
}

static bool say(int fd, const char *text) {
    return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* What comes until the other side closes; `answer` holds the beginning. Fails where nothing more happens. */
static size_t hear(int fd, char answer[1024]) {
    static char block[1 << 16];
    size_t total = 0;
    memset(answer, 0, 1024);
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&ready, 1, HANG_MS), 1);
        ssize_t n = recv(fd, block, sizeof block, 0);
        if (n <= 0)
            return total;
        if (total < 1023)
            memcpy(answer + total, block, (size_t)n < 1023 - total ? (size_t)n : 1023 - total);
        total += (size_t)n;
    }
}

/* Sends the beginning, then a piece now and then, each well within the limit, until the server ends it. */
static void trickle(const char *start, const char *piece) {
    enum { MOST_PIECES = HANG_MS / 100 };
    char answer[1024];
    site *own = open_site(8);
    int fd = connect_to(own), pieces = 0;
    assert_true(say(fd, start));
    while (say(fd, piece) && pieces++ < MOST_PIECES)
        nap(100);
    assert_true(pieces >= 5 && pieces < MOST_PIECES); /* it had its second */
    hear(fd, answer);
    assert_null(strstr(answer, "200 OK"));
    close(fd);
    close_site(own);
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void headers_that_trickle_are_ended(void **state) {
    (void)state;
    trickle("GET / HTTP/1.1\r\nHost: x\r\n", "A: b\r\n");
}

static void a_body_that_trickles_is_ended(void **state) {
    (void)state;
    trickle("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", "abc");
}

static void chunks_that_trickle_are_ended(void **state) {
    (void)state;
    trickle("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
    trickle("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;", "abc");
}

static void a_silent_connection_is_ended(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(8);
    int fd = connect_to(own);
    assert_int_equal(hear(fd, answer), 0);
    close(fd);
    fd = connect_to(own); /* the same after an answer */
    assert_true(say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    hear(fd, answer);
    assert_non_null(strstr(answer, "fine"));
    close(fd);
    close_site(own);
}

/* The one connection that there may be is free again although nobody reads the answer. */
static void an_answer_that_nobody_reads_is_ended(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(1);
    int greedy = connect_to(own), tries = 0;
    assert_true(say(greedy, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"));
    do {
        nap(100);
        int fd = connect_to(own);
        say(fd, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        hear(fd, answer);
        close(fd);
    } while (!strstr(answer, "fine") && tries++ < HANG_MS / 100);
    assert_non_null(strstr(answer, "fine"));
    close(greedy);
    close_site(own);
}

static void a_large_answer_arrives(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(8);
    int fd = connect_to(own);
    assert_true(say(fd, "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    const size_t heard = hear(fd, answer);
    assert_true(heard >= LARGE && heard <= LARGE + 1024);
    close(fd);
    close_site(own);
}

/* The limit is for what comes and goes: a handler has the time that it needs. */
static void a_handler_may_be_slower_than_the_limit(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(8);
    int fd = connect_to(own);
    assert_true(say(fd, "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    hear(fd, answer);
    assert_non_null(strstr(answer, "fine"));
    close(fd);
    close_site(own);
}

static void closing_lets_an_answer_end(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(8);
    int fd = connect_to(own);
    assert_true(say(fd, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (!atomic_load(&own->asked))
        nap(5);
    http_close(&own->server);
    hear(fd, answer);
    assert_non_null(strstr(answer, "fine"));
    close(fd);
    test_free(own);
}

static void closing_ends_streams(void **state) {
    char answer[1024];
    (void)state;
    site *own = open_site(8);
    int fd = connect_to(own);
    assert_true(say(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (!atomic_load(&own->asked))
        nap(5);
    http_close(&own->server);
    hear(fd, answer);
    assert_non_null(strstr(answer, "200 OK"));
    close(fd);
    test_free(own);
}

/* ---- entity tags --------------------------------------------------------------------------------------- */

static void a_tag_is_of_the_content_not_of_its_length(void **state) {
    enum { LONGEST = 40 };
    char bytes[LONGEST], tags[LONGEST + 1][RESPOND_TAG_SIZE], again[RESPOND_TAG_SIZE];
    (void)state;
    memset(bytes, 'a', sizeof bytes);
    for (size_t length = 1; length <= LONGEST; length++) {
        respond_tag(bytes, length, tags[length]);
        respond_tag(bytes, length, again);
        assert_string_equal(again, tags[length]);
        for (size_t i = 0; i < length; i++) { /* one byte, wherever it is */
            bytes[i] = 'b';
            respond_tag(bytes, length, again);
            assert_string_not_equal(again, tags[length]);
            bytes[i] = 'a';
        }
    }
    for (size_t a = 1; a <= LONGEST; a++)
        for (size_t b = 1; b < a; b++)
            assert_string_not_equal(tags[a], tags[b]);
}

/* Asks for /page as someone who has the page of this tag. */
static void ask_page(site *own, const char *tag, char answer[1024]) {
    char request[512];
    int fd = connect_to(own);
    snprintf(request, sizeof request,
             "GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: %s\r\n\r\n", tag);
    assert_true(say(fd, request));
    hear(fd, answer);
    close(fd);
}

static void a_changed_page_of_equal_length_is_sent_again(void **state) {
    char answer[1024], tag[RESPOND_TAG_SIZE];
    (void)state;
    site *own = open_site(8);
    own->page = "12 trades, 3 won";
    respond_tag(own->page, strlen(own->page), tag);
    ask_page(own, tag, answer);
    assert_non_null(strstr(answer, " 304 "));
    assert_null(strstr(answer, "trades"));
    own->page = "12 trades, 4 won";
    ask_page(own, tag, answer);
    assert_non_null(strstr(answer, " 200 "));
    assert_non_null(strstr(answer, "12 trades, 4 won"));
    assert_null(strstr(answer, tag));
    close_site(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_that_trickle_are_ended),
        cmocka_unit_test(a_body_that_trickles_is_ended),
        cmocka_unit_test(chunks_that_trickle_are_ended),
        cmocka_unit_test(a_silent_connection_is_ended),
        cmocka_unit_test(an_answer_that_nobody_reads_is_ended),
        cmocka_unit_test(a_large_answer_arrives),
        cmocka_unit_test(a_handler_may_be_slower_than_the_limit),
        cmocka_unit_test(closing_lets_an_answer_end),
        cmocka_unit_test(closing_ends_streams),
        cmocka_unit_test(a_tag_is_of_the_content_not_of_its_length),
        cmocka_unit_test(a_changed_page_of_equal_length_is_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
