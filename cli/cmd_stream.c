// SPDX-License-Identifier: Apache-2.0
/* pixity stream: bars or trades on standard input, JSON lines on standard output as they are known. */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct stream_options {
    const char *strategy, *model, *warmup_days, *account;
    bool skip_meta_model;
} stream_options;

#define FIELD(name) offsetof(stream_options, name)
static const cli_option stream_table[] = {
    {"strategy", 0, "ID", "What to run (default: pixityAI_meta); `pixity strategies` lists them",
     cli_parse_text, FIELD(strategy)},
    {"model", 0, "NAME", "Meta-model (default: <symbol>_<timeframe>, else the configuration's model_path)",
     cli_parse_text, FIELD(model)},
    {"skip-meta-model", 0, NULL, "Take every event", cli_parse_flag, FIELD(skip_meta_model)},
    {"account", 0, "A", "Paper account that keeps what is traded and goes on where it stopped",
     cli_parse_text, FIELD(account)},
    {"warmup-days", 0, "N",
     "Calendar days of stored bars before the first one that comes in; all (default), 0 = use no store",
     cli_parse_text, FIELD(warmup_days)},
    {0},
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

/* `user` is told where the reader went away: that ends a stream like the end of its input. */
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

/* Waits for input, a second at a time, so that a session may end by the clock. */
static px_status wait_for_input(px_live *live, bool *ready, px_error *err) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int n = poll(&input, 1, 1000);
    *ready = n > 0;
    if (n < 0 && errno != EINTR)
        return cli_fail(err, PX_EIO, "cannot wait for input: %s", strerror(errno));
    return n == 0 ? px_live_clock(live, cli_clock_us(), err) : PX_OK;
}

static px_status pump(px_live *live, buffer *b, px_error *err) {
    while (!stopped) {
        bool ready = false;
        px_status status = make_room(b, err);
        if (!status)
            status = wait_for_input(live, &ready, err);
        if (status || !ready) {
            if (status)
                return status;
            continue;
        }
        ssize_t n = read(STDIN_FILENO, b->bytes + b->n, b->capacity - b->n - 1);
        if (n < 0 && errno != EINTR)
            return cli_fail(err, PX_EIO, "cannot read standard input: %s", strerror(errno));
        if (n == 0)
            return take_rest(live, b, err);
        b->n += n > 0 ? (size_t)n : 0;
        if ((status = px_live_flush(live, err)) || /* a halt may have come while it waited */
            (status = take_lines(live, b, err)))
            return status;
    }
    return cli_fail(err, PX_EINTERRUPTED, "stopped");
}

static px_status run(cli_call *call, px_error *err) {
    const stream_options *own = call->own;
    px_live *live = NULL;
    buffer b = {0};
    bool reader_left = false;
    px_status status = resolve(call, own, err);
    if (!status)
        status = open_home(call, own, err);
    if (!status) {
        const px_live_request request = {call->data.symbol, call->data.exchange, call->data.timeframe_minutes,
                                         own->strategy,     own->model,          own->account};
        status = px_live_open(call->home, &request, &call->config, write_out, &reader_left, &live, err);
    }
    if (!status) {
        set_signals();
        status = pump(live, &b, err);
    }
    px_live_close(&live);
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
        "bar, feature, event, signal, order, fill, exit or warning. The same kernels as training and "
        "backtest; "
        "series begin with what is stored before the first bar. Settings that look ahead are refused. End of "
        "input completes the open bar.",
    .groups = CLI_DATA | CLI_CONFIG,
    .options = stream_table,
    .own_size = sizeof(stream_options),
    .run = run,
};
