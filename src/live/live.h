// SPDX-License-Identifier: Apache-2.0
/* The inside of a stream: input.c takes lines of text, minute.c minutes and makes bars of them, which go
 * through the stream driver of the engine (live_bar.c), whose sinks are lines.c and bookkeeping.c; warmup.c
 * takes what came before. */
#ifndef PXI_LIVE_H
#define PXI_LIVE_H

#include "engine/stream.h"
#include "base/hash.h"
#include "live/ledger/ledger.h"
#include "live/intake.h"
#include "live/lines.h"
#include "live/ticks.h"
#include "pixity/live.h"
#include "pixity/resample.h"
#include "files/meaning/line_reader.h"

/* How lines of text are read: decided by the first one. */
typedef enum pxi_input_kind {
    PXI_INPUT_UNKNOWN,
    PXI_INPUT_CSV,
    PXI_INPUT_CSV_TICKS,
    PXI_INPUT_JSON
} pxi_input_kind;

typedef struct pxi_input {
    pxi_input_kind kind;
    pxi_line_reader csv;
    pxi_tick_columns ticks;
    size_t n_lines;
} pxi_input;

struct px_live {
    px_home *home; /* borrowed; NULL = none */
    px_config config;
    px_dataset data; /* calendar, instrument, timeframe: what the stream is about; no bars */
    char symbol[PX_NAME_SIZE], account[PX_NAME_SIZE];
    px_strategy_config chosen;
    const px_strategy *strategy; /* of these */
    px_model *model;             /* NULL = none */
    px_fee_table *fee_table;     /* NULL = the built-in one */

    pxi_input input;
    pxi_tick_minute tick;
    pxi_intake intake;
    px_resample_state resample;
    px_bars parts; /* minutes of the bar that is open */

    bool warm;      /* the warm-up is read */
    bool warming;   /* it is being read: nothing is written or traded */
    bool repeating; /* an account takes its own bars once more: nothing is written or stored */
    bool bar_open;  /* the replay has seen the present bar begin */
    pxi_stream stream;

    pxi_ledger *ledger; /* NULL = no account */
    pxi_hash digest;    /* over the lines that bars have made */
    pxi_hash warmup;    /* over the bars of the warm-up */
    int64_t last_us;    /* minute taken last */
    int64_t resumed_us; /* last minute of the account when it was opened; INT64_MIN = none */
    bool halted;        /* by its owner */

    char accept[256];     /* codes of error findings that are gone over: of the request, and of the account */
    px_findings findings; /* what is known to be wrong when the first bar comes */

    pxi_output lines;
    pxi_sink sinks[2]; /* of the stream: the lines, the account */
    px_live_write_fn write;
    void *user;
};

/* minute.c: a minute that the intake let through; one that begins or completes a bar does so. */
px_status pxi_live_minute(px_live *live, const px_bar *minute, px_error *err);
/* Completes the open bar, if there is one. */
px_status pxi_live_finish_bar(px_live *live, px_error *err);
/* live_bar.c: a complete bar through the flow, and what comes of it as lines and into the ledger. */
px_status pxi_live_complete(px_live *live, const px_bar *bar, px_error *err);
/* A bar begins: what was scheduled for its open fills. */
px_status pxi_live_begin(px_live *live, int64_t ts_us, double open, px_error *err);
/* paper_account.c: the ledger is opened, and repeated where it holds bars; minutes and halts go into it. */
px_status pxi_live_open_account(px_live *live, const char *name, px_error *err);
px_status pxi_live_keep_minute(px_live *live, const px_bar *minute, px_error *err);
/* bookkeeping.c: what comes of a bar, into the ledger; without one nothing is kept. The sink's user is the
 * px_live. */
extern const pxi_sink_kind pxi_bookkeeping_sink;
bool pxi_live_is_keeping(const px_live *live);
px_status pxi_live_keep_action(px_live *live, pxi_action action, const char *reason, px_error *err);
/* The lines of text from `begin` on are part of the digest; and are taken back while repeating. */
void pxi_live_digest(px_live *live, size_t begin);
/* Asks whether the owner halts the account, then ends the transaction. */
px_status pxi_live_commit(px_live *live, px_error *err);
/* Completes the open bar before another one comes, and remembers that. */
px_status pxi_live_complete_early(px_live *live, px_error *err);
/* warmup.c: what is stored before first_us, through the same steps. */
px_status pxi_live_warm_up(px_live *live, int64_t first_us, px_error *err);
/* first_findings.c: what is known to be wrong when the first bar comes, as lines and into the ledger. Errors
 * that are not accepted are PX_EINPUT. `stored_minutes`: timeframe of the stored bars; 0 = none are. */
px_status pxi_live_find(px_live *live, int stored_minutes, int64_t first_us, px_error *err);

#endif
