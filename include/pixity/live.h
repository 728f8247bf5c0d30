// SPDX-License-Identifier: Apache-2.0
/* Live: one-minute bars or ticks in, JSON lines out, trades on paper. The same kernels, events, strategy,
 * replay and barrier routine as a backtest, one bar at a time; docs/stream.md describes input and lines.
 *
 * Nothing here reads the clock: the caller says what time it is, where that matters. */
#ifndef PX_LIVE_H
#define PX_LIVE_H

#include "pixity/strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_live_request {
    const char *symbol;   /* as in px_data_request */
    const char *exchange; /* NULL = "NSE" */
    int timeframe_minutes;
    const char *strategy_id; /* NULL = "pixityAI_meta" */
    const char *model;       /* NULL = by the rule of px_model_open */
    const char *account;     /* paper account in `home` that it trades; NULL = none, nothing is kept */
    const char *parameters;  /* "stop_atrs=2,hold_bars=30", NULL = the strategy's usual values */
    const char *accept;      /* codes of error findings of the stored bars to go over; NULL = none */
} px_live_request;

/* Takes lines: `text` is one or more of them, each ended by a newline; valid during the
 * call. False stops the stream with PX_EIO. */
typedef bool (*px_live_write_fn)(void *user, const char *text, size_t length);

typedef struct px_live px_live;

/* Opens a stream. An account goes on where it stopped, however it stopped: it takes its own bars once more,
 * and bars of the input up to its last one are passed over. Series begin config->warmup_days before the first
 * bar that comes in, with what is stored of the symbol up to that bar; 0 reads no store, and `home` may then
 * be NULL unless a model is named in it. Request and config are copied, `home` is borrowed. Errors: PX_EINPUT
 * for settings that look ahead and for strategies that cannot be streamed; PX_EMISMATCH for an account that
 * was begun with other terms, bars or code; PX_EEXISTS for one that another process has open; as
 * px_strategy_config_read, px_instrument_find, px_model_open. */
PX_API PX_MUST_CHECK px_status px_live_open(px_home *home, const px_live_request *request,
                                            const px_config *config, px_live_write_fn write, void *user,
                                            px_live **out, px_error *err);
PX_API void px_live_close(px_live **live); /* sets *live to NULL; NULL is a no-op */

/* One line of input without its newline: CSV, whose first line names the columns (of bars as files have them,
 * or ts,price,volume of trades), or a JSON object with the same names. What cannot be used is reported by a
 * line of type warning and skipped. `line` is cut up. Errors: PX_EINPUT for a header that names no bars,
 * PX_ENOMEM, PX_EIO, and once, with the first bar, those of reading the warm-up, error findings of its bars
 * that are not accepted among them (PX_EINPUT). What is known to be wrong is told before the first bar. After
 * an error the stream is over. */
PX_API PX_MUST_CHECK px_status px_live_line(px_live *live, char *line, size_t length, px_error *err);
/* One bar of a minute, or one trade: what px_live_line makes of a line. */
PX_API PX_MUST_CHECK px_status px_live_bar(px_live *live, const px_bar *minute, px_error *err);
PX_API PX_MUST_CHECK px_status px_live_tick(px_live *live, int64_t ts_us, double price, double volume,
                                            px_error *err);
/* It is now now_us. Once the close of the last bar's session is past, on that same date, its last bar is
 * complete, though no further one has come. History that is played back is never today's. */
PX_API PX_MUST_CHECK px_status px_live_clock(px_live *live, int64_t now_us, px_error *err);
/* No more input: the open bar is complete as it is. */
PX_API PX_MUST_CHECK px_status px_live_end(px_live *live, px_error *err);
/* Hands over the lines that are known, after what they say of an account is safely stored. To be called
 * whenever no further input waits; until then lines may be held back. */
PX_API PX_MUST_CHECK px_status px_live_flush(px_live *live, px_error *err);

/* ---- lines over a socket ------------------------------------------------------------------------------ */

/* A ZeroMQ PULL socket that adapters push lines into: a message is one or more lines, each ended by a newline
 * or by the message; an empty message ends the feed. */
typedef struct px_feed px_feed;
/* Binds `url`, as tcp://127.0.0.1:5555. Errors: PX_EINPUT for what is no such address, PX_EIO where it cannot
 * be bound. */
PX_API PX_MUST_CHECK px_status px_feed_open(const char *url, px_feed **out, px_error *err);
PX_API void px_feed_close(px_feed **feed);
/* Waits up to timeout_ms and reads at most `size` bytes into `buf`; *n is 0 where nothing came. *ended is set
 * by an empty message. A signal ends the wait. Errors: PX_EIO. */
PX_API PX_MUST_CHECK px_status px_feed_read(px_feed *feed, int timeout_ms, char *buf, size_t size, size_t *n,
                                            bool *ended, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
