// SPDX-License-Identifier: Apache-2.0
/* Lines that adapters push through ZeroMQ; the only file that sees its header. */
#include "pixity/live.h"

#include "base/error.h"
#include "base/mem.h"
#include "live/zmq_library.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

PXI_LIBRARY(zmq, PXI_ZMQ_FILE, PXI_ZMQ_FUNCTIONS)

struct px_feed {
    void *context, *socket;
    zmq_msg_t message; /* of which `used` bytes have been read */
    bool has_message;
    size_t used;
};

static px_status fail(px_error *err, const char *doing, const char *url) {
    const int code = zmq_errno();
    const bool wrong = code == EINVAL || code == EPROTONOSUPPORT || code == ENOCOMPATPROTO;
    return pxi_fail(err, wrong ? PX_EINPUT : PX_EIO, "cannot %s the feed %s: %s%s", doing, url,
                    zmq_strerror(code), wrong ? "; write it as tcp://127.0.0.1:5555" : "");
}

px_status px_feed_open(const char *url, px_feed **out, px_error *err) {
    const int no_linger = 0;
    px_status status = open_library(err);
    if (status)
        return status;
    px_feed *feed = pxi_new_array(1, sizeof *feed);
    if (!feed)
        return pxi_fail_memory(err);
    if (!(feed->context = zmq_ctx_new()) || !(feed->socket = zmq_socket(feed->context, ZMQ_PULL)) ||
        zmq_setsockopt(feed->socket, ZMQ_LINGER, &no_linger, sizeof no_linger) != 0)
        status = fail(err, "make", url);
    else if (zmq_bind(feed->socket, url) != 0)
        status = fail(err, "bind", url);
    if (status)
        px_feed_close(&feed);
    else
        *out = feed;
    return status;
}

void px_feed_close(px_feed **feed) {
    if (!feed || !*feed)
        return;
    if ((*feed)->has_message)
        zmq_msg_close(&(*feed)->message);
    if ((*feed)->socket)
        zmq_close((*feed)->socket);
    if ((*feed)->context)
        zmq_ctx_term((*feed)->context);
    free(*feed);
    *feed = NULL;
}

/* The next message, or none within the time. */
static px_status next_message(px_feed *feed, int timeout_ms, px_error *err) {
    zmq_pollitem_t item = {.socket = feed->socket, .events = ZMQ_POLLIN};
    const int ready = zmq_poll(&item, 1, timeout_ms);
    if (ready == 0 || (ready < 0 && zmq_errno() == EINTR))
        return PX_OK;
    zmq_msg_init(&feed->message);
    if (ready < 0 || zmq_msg_recv(&feed->message, feed->socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&feed->message);
        return ready >= 0 && (zmq_errno() == EINTR || zmq_errno() == EAGAIN) ? PX_OK
                                                                             : fail(err, "read", "socket");
    }
    feed->has_message = true;
    feed->used = 0;
    return PX_OK;
}

static void drop_message(px_feed *feed) {
    zmq_msg_close(&feed->message);
    feed->has_message = false;
}

/* A message's last line may lack its newline. */
static size_t take(px_feed *feed, char *buf, size_t size) {
    const size_t length = zmq_msg_size(&feed->message), left = length - feed->used;
    const char *bytes = zmq_msg_data(&feed->message);
    size_t n = left < size ? left : size;
    memcpy(buf, bytes + feed->used, n);
    feed->used += n;
    if (feed->used < length || (n == size && bytes[length - 1] != '\n'))
        return n;
    if (bytes[length - 1] != '\n')
        buf[n++] = '\n';
    drop_message(feed);
    return n;
}

px_status px_feed_read(px_feed *feed, int timeout_ms, char *buf, size_t size, size_t *n, bool *ended,
                       px_error *err) {
    px_status status = feed->has_message ? PX_OK : next_message(feed, timeout_ms, err);
    *n = 0;
    *ended = false;
    if (status || !feed->has_message || size == 0)
        return status;
    if (zmq_msg_size(&feed->message) == 0) {
        *ended = true;
        drop_message(feed);
        return PX_OK;
    }
    *n = take(feed, buf, size);
    return PX_OK;
}
