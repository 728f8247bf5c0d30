// SPDX-License-Identifier: Apache-2.0
/* The inside of an audit: what every check starts from, and the table of checks (audit.c, one file each).
 *
 * Checks reach the stages through a struct of drivers. An audit of the program itself uses the real ones; a
 * test puts a broken one in its place and sees that the check finds it. */
#ifndef PXI_AUDIT_H
#define PXI_AUDIT_H

#include "base/parallel.h"
#include "engine/batch.h"
#include "engine/labelling.h"
#include "engine/stream.h"
#include "pixity/audit.h"
#include "pixity/backtest.h"
#include "pixity/labels.h"

typedef struct pxi_audit_drivers {
    pxi_stages stages;
    pxi_replay_fn replay;
    int (*resample_step)(px_resample_state *state, const px_bar *bar, px_bar finished[2]);
    px_status (*fit)(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                     px_predictor **out, px_error *err);
    px_status (*backtest)(px_home *home, const px_backtest_request *request, const px_config *config,
                          px_backtest_result **out, px_error *err);
} pxi_audit_drivers;
pxi_audit_drivers pxi_audit_real_drivers(void);

/* What the stages make of one stretch of bars, in the order they make it. */
typedef struct pxi_audit_pass {
    pxi_labelled_events found;
    px_signal_list signals; /* of a batch strategy; a standard one makes them during the replay */
    pxi_found made;         /* candidates, with what became of them */
    pxi_journal journal;    /* of the replay */
} pxi_audit_pass;

/* What every check is given: loaded and computed once, read only. */
typedef struct pxi_audit {
    px_home *home; /* NULL = none */
    const px_audit_request *request;
    px_config config; /* the user's; without a model every event is taken (skip_meta_model) */
    const pxi_audit_drivers *drivers;
    px_strategy_config chosen;
    const px_strategy *strategy; /* of these */
    px_model *model;             /* NULL = none: */
    px_status model_status;      /* why not; PX_OK where none was wanted */
    char model_message[1024];    /* in words */
    px_fee_table *fee_table;     /* NULL = the built-in one */
    px_dataset all;              /* from the first bar there is to the last one, the window in [begin, end) */
    px_dataset data; /* the run's: a view of `all` from its warm-up to the end of its window; never freed */
    size_t data_at;  /* where in `all` that begins */
    pxi_audit_pass run;
    px_findings findings; /* of the bars, and once a backtest was made, of all that it tells */

    const px_work *work; /* the request's */
    const char *phase;   /* name of the running check */
} pxi_audit;

/* One line of the table. `run` fills compared, cases, mismatches, verdict and detail; a failure of memory or
 * of a library is its status, what it finds is its verdict. */
typedef struct pxi_audit_kind {
    const char *name, *proves;
    px_status (*run)(pxi_audit *audit, px_audit_check *check, px_error *err);
    const char *holds, *fails; /* what a reader may believe where it passes or is shown, and where it fails */
    bool reads_journal_only;   /* of audit->run and the bars: they are gone from the first such check on */
} pxi_audit_kind;
extern const pxi_audit_kind pxi_audit_data, pxi_audit_stream, pxi_audit_prefix, pxi_audit_warmup,
    pxi_audit_extension, pxi_audit_label_exit, pxi_audit_fills, pxi_audit_sessions, pxi_audit_actions,
    pxi_audit_seed, pxi_audit_serve, pxi_audit_martingale, pxi_audit_ambiguity, pxi_audit_determinism,
    pxi_audit_costs;

/* px_audit_run with other drivers. */
px_status pxi_audit_run(px_home *home, const px_audit_request *request, const px_config *config,
                        const pxi_audit_drivers *drivers, px_audit_report *out, px_error *err);

/* ---- what checks share (audit_context.c)
 * -------------------------------------------------------------------- */

/* Loads and computes; *audit is freed with pxi_audit_close, also after a failure. */
px_status pxi_audit_open(pxi_audit *audit, px_error *err);
void pxi_audit_close(pxi_audit *audit);
/* Frees the bars and what the stages made of them, but for the journal. */
void pxi_audit_keep_journal(pxi_audit *audit);
/* All stages over a data set. *out from a zeroed struct, freed with pxi_audit_pass_free. */
px_status pxi_audit_compute(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *out,
                            px_error *err);
void pxi_audit_pass_free(pxi_audit_pass *pass);
/* The parts of pxi_audit_compute after the features, which are taken from pass->frame. */
px_status pxi_audit_find_signals(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *pass,
                                 px_error *err);
px_status pxi_audit_replay(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *pass,
                           px_error *err);
/* The signals and the replay of the run's features under other settings, or by another model. *out as of
 * pxi_audit_compute. */
px_status pxi_audit_trade_again(const pxi_audit *audit, pxi_audit_pass *out, px_error *err);
double pxi_audit_net(const pxi_journal *journal); /* rupees, of all its trades after fees */
/* What is traded, as the engine takes it. */
pxi_flow pxi_audit_flow(const pxi_audit *audit, const px_dataset *data);
/* Bars [begin, end) of a data set with its window cut to them: a view, never freed. */
px_dataset pxi_audit_view(const px_dataset *data, size_t begin, size_t end);
/* The settings with what looks ahead replaced by what is known at each bar. */
px_config pxi_audit_causal(const px_config *config);
/* What of the settings looks ahead ("swing=centered"), or "". Returns buf. */
#define PXI_AUDIT_SETTINGS_SIZE 80
const char *pxi_audit_ahead(const px_config *config, char buf[PXI_AUDIT_SETTINGS_SIZE]);
/* PX_EINTERRUPTED where the caller asks to stop. */
px_status pxi_audit_tell(const pxi_audit *audit, size_t done, size_t total, px_error *err);

/* ---- comparing and saying (audit_compare.c)
 * ----------------------------------------------------------------- */

/* Bit for bit; an undefined number equals an undefined number. */
bool pxi_audit_same(double a, double b);
/* Index of the first difference in [begin, end), or `end`. */
size_t pxi_audit_first_difference(const double *a, const double *b, size_t begin, size_t end);
bool pxi_audit_same_bar(const px_bar *a, const px_bar *b);
bool pxi_audit_same_event(const px_event *a, const px_event *b);    /* the bar's index aside */
bool pxi_audit_same_label(const px_label *a, const px_label *b);    /* indices of bars aside */
bool pxi_audit_same_signal(const px_signal *a, const px_signal *b); /* bar and candidate aside */
bool pxi_audit_same_trade(const pxi_trade *a, const pxi_trade *b);  /* indices of bars aside */

/* Counts cases and differences of one check, and keeps words about the first difference in time. */
typedef struct pxi_audit_tally {
    int64_t cases, mismatches;
    int64_t first_us; /* of the first difference; INT64_MAX = none */
    char series[32];  /* "ema20" */
    char first[200];  /* "ema20 at 2022-08-16 09:15:00 is 1 and 2" */
} pxi_audit_tally;
pxi_audit_tally pxi_audit_tally_make(void);
/* One case; where it is a difference, `series` and the values (NaN = none to show) describe it. */
void pxi_audit_count(pxi_audit_tally *tally, const pxi_audit *audit, bool same, const char *series,
                     int64_t ts_us, double a, double b);
/* Lists of events, signals or trades of one length are compared by the caller; a different length is one
 * difference for each item that only one list has. */
void pxi_audit_count_missing(pxi_audit_tally *tally, const pxi_audit *audit, const char *series, size_t n_a,
                             size_t n_b, int64_t ts_us);
/* Adds the counts of one part of a check to those of all of it, and keeps the earlier first difference. */
void pxi_audit_add(pxi_audit_tally *total, const pxi_audit_tally *part);
/* Takes the counts and the first difference; the verdict is pass or fail. */
void pxi_audit_conclude(px_audit_check *check, const pxi_audit_tally *tally);
void pxi_audit_compared(px_audit_check *check, const char *format, ...) PX_PRINTF(2, 3);
/* Adds to the detail, behind a space where there is something already. */
void pxi_audit_detail(px_audit_check *check, const char *format, ...) PX_PRINTF(2, 3);
void pxi_audit_skip(px_audit_check *check, const char *format, ...) PX_PRINTF(2, 3);

#endif
