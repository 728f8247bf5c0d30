// SPDX-License-Identifier: Apache-2.0
/* pixity stream: bars or trades on standard input, JSON lines on standard output as they are known. */
#include "cli/frame/cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct stream_options {
    const char *strategy, *model, *warmup_days, *account, *feed;
    bool skip_meta_model;
    cli_parameters parameters;
} stream_options;

#define FIELD(name) offsetof(stream_options, name)
static const cli_place stream_places[] = {
    {"strategy", .offset = FIELD(strategy)}, {"param", .offset = FIELD(parameters)},
    {"model", .offset = FIELD(model)},       {"skip-meta-model", .offset = FIELD(skip_meta_model)},
    {"account", .offset = FIELD(account)},   {"warmup-days", .offset = FIELD(warmup_days)},
    {"feed", .offset = FIELD(feed)},         {0},
};

/* ---- settings ----------------------------------------------------------------------------------------- */

static px_status resolve(cli_call *call, const stream_options *own, px_error *err) {
    const struct {
        const char *key, *option, *value;
    } settings[] = {
        {"warmup_days", "--warmup-days", own->warmup_days},
        {"skip_meta_model", "--skip-meta-model", own->skip_meta_model ? "true" : NULL},
    };
    px_status status = cli_resolve_config(call, err);
    for (size_t i = 0; i < sizeof settings / sizeof *settings && !status; i++) {
        status =
            settings[i].value ? px_config_set(&call->config, settings[i].key, settings[i].value, err) : PX_OK;
        if (status)
            cli_fail_prefix(err, status, "%s", settings[i].option);
    }
    if (!status && (call->data.start_date != PX_NO_DATE || call->data.end_date != PX_NO_DATE))
        return cli_fail_usage(call, err,
                              "--start and --end are for stored bars: a stream begins with its input");
    return status ? status : cli_resolve_data(call, err);
}

static px_status open_home(cli_call *call, const stream_options *own, px_error *err) {
    if (own->account && px_config_warmup_backtest(&call->config) == 0)
        return cli_open_home(call, err);
    return px_config_warmup_backtest(&call->config) == 0 ? cli_open_home_if_there(call, err)
                                                         : cli_open_home_to_read(call, err);
}

/* ---- lines -------------------------------------------------------------------------------------------- */

/* `user` is set where the reader went away: that ends a stream like the end of its input. */
static bool write_out(void *user, const char *text, size_t length) {
    bool *reader_left = user;
    while (length > 0) {
        ssize_t n = write(STDOUT_FILENO, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            *reader_left = errno == EPIPE;
            return false;
        }
        text += n;
        length -= (size_t)n;
    }
    return true;
}

/* Input that has been read and is not yet a whole line. */
typedef struct buffer {
    char *bytes;
    size_t n, capacity;
} buffer;

static px_status make_room(buffer *b, px_error *err) {
    const size_t most = 1 << 20; /* of one line */
    if (b->n + 1 < b->capacity)
        return PX_OK;
    if (b->capacity >= most)
        return cli_fail(err, PX_EINPUT, "a line of the input is longer than %zu bytes", most);
    size_t capacity = b->capacity ? 2 * b->capacity : 1 << 16;
    char *bytes = realloc(b->bytes, capacity);
    if (!bytes)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    b->bytes = bytes;
    b->capacity = capacity;
    return PX_OK;
}

static px_status take_lines(px_live *live, buffer *b, px_error *err) {
    px_status status = PX_OK;
    char *line = b->bytes, *end = b->bytes + b->n, *newline;
    while (!status && (newline = memchr(line, '\n', (size_t)(end - line)))) {
        *newline = '\0';
        status = px_live_line(live, line, (size_t)(newline - line), err);
        line = newline + 1;
    }
    b->n = (size_t)(end - line);
    memmove(b->bytes, line, b->n);
    return status ? status : px_live_flush(live, err);
}

/* A last line without a newline counts. */
static px_status take_rest(px_live *live, buffer *b, px_error *err) {
    px_status status = PX_OK;
    if (b->n) {
        b->bytes[b->n] = '\0';
        status = px_live_line(live, b->bytes, b->n, err);
    }
    return status ? status : px_live_end(live, err);
}

/* ---- the loop ----------------------------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;

static void stop(int signal) {
    (void)signal;
    stopped = 1;
}

static void set_signals(void) {
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

/* Where lines come from: waits for some, a second at most, so that a session may end by the clock. */
typedef struct source {
    px_feed *feed; /* NULL = standard input */
} source;

static px_status read_input(char *bytes, size_t size, size_t *n, bool *ended, px_error *err) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&input, 1, 1000);
    if (ready < 0 && errno != EINTR)
        return cli_fail(err, PX_EIO, "cannot wait for input: %s", strerror(errno));
    if (ready <= 0)
        return PX_OK;
    ssize_t got = read(STDIN_FILENO, bytes, size);
    if (got < 0 && errno != EINTR)
        return cli_fail(err, PX_EIO, "cannot read standard input: %s", strerror(errno));
    *ended = got == 0;
    *n = got > 0 ? (size_t)got : 0;
    return PX_OK;
}

static px_status read_more(const source *from, buffer *b, bool *ended, size_t *n, px_error *err) {
    px_status status = make_room(b, err);
    char *to = b->bytes + b->n;
    size_t room = b->capacity - b->n - 1;
    *n = 0;
    *ended = false;
    if (status)
        return status;
    return from->feed ? px_feed_read(from->feed, 1000, to, room, n, ended, err)
                      : read_input(to, room, n, ended, err);
}

static px_status pump(px_live *live, const source *from, buffer *b, px_error *err) {
    while (!stopped) {
        bool ended;
        size_t n;
        px_status status = read_more(from, b, &ended, &n, err);
        if (!status && stopped)
            break;
        if (!status && ended)
            return take_rest(live, b, err);
        if (!status && n == 0)
            status = px_live_clock(live, cli_clock_us(), err);
        b->n += n;
        if (!status && n)
            status = px_live_flush(live, err); /* a halt may have come while it waited */
        if (!status && n)
            status = take_lines(live, b, err);
        if (status)
            return status;
    }
    return cli_fail(err, PX_EINTERRUPTED, "stopped");
}

static px_status run(cli_call *call, px_error *err) {
    const stream_options *own = call->own;
    px_live *live = NULL;
    buffer b = {0};
    source from = {0};
    bool reader_left = false;
    px_status status = resolve(call, own, err);
    if (!status)
        status = open_home(call, own, err);
    if (!status) {
        const px_live_request request = {
            .symbol = call->data.symbol,
            .exchange = call->data.exchange,
            .timeframe_minutes = call->data.timeframe_minutes,
            .strategy_id = own->strategy,
            .model = own->model,
            .account = own->account,
            .parameters = cli_parameters_text(&own->parameters),
            .accept = call->data.accept,
        };
        status = px_live_open(call->home, &request, &call->config, write_out, &reader_left, &live, err);
    }
    if (!status && own->feed)
        status = px_feed_open(own->feed, &from.feed, err);
    if (!status) {
        set_signals();
        status = pump(live, &from, &b, err);
    }
    px_live_close(&live);
    px_feed_close(&from.feed);
    free(b.bytes);
    return reader_left ? PX_OK : status;
}

const cli_verb cli_stream = {
    .name = "stream",
    .arguments = "",
    .summary = "Trade on paper, bar by bar: one-minute bars or trades in, JSON lines out as they are known",
    .details =
        "Standard input: CSV whose first line names the columns (of bars as files have them, or "
        "ts,price,volume), or JSON lines with the same names. Standard output: one JSON object a line, of "
        "type "
        "bar, feature, event, signal, order, fill, exit or warning; what is known to be wrong stands before "
        "the first bar. The same kernels as training and "
        "backtest; "
        "series begin with what is stored before the first bar. Settings that look ahead are refused. End of "
        "input completes the open bar.",
    .groups = PX_GROUP_BARS | PX_GROUP_SETTINGS | PX_GROUP_FINDINGS,
    .places = stream_places,
    .own_size = sizeof(stream_options),
    .run = run,
};
