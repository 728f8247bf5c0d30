// SPDX-License-Identifier: Apache-2.0
/* A paper account in the home's database. Its truth is what came in: the minutes that were taken and the
 * actions on it (a bar that the clock completed, halt, resume). All else - signals, orders, fills, trades,
 * equity - follows from that by the code of a backtest, and is stored beside it in the same transaction. An
 * account goes on by taking its own minutes once more; what comes of them has to be what is stored, which a
 * digest over all of it tells. */
#ifndef PXI_LEDGER_H
#define PXI_LEDGER_H

#include "engine/journal.h"
#include "engine/signal_id.h"

/* What an account was begun with; it goes on with nothing else. All borrowed. */
typedef struct pxi_ledger_terms {
    const char *strategy, *instrument, *symbol, *exchange;
    int timeframe_minutes;
    const char *config;     /* JSON */
    const char *model;      /* SHA-256 of its file, "" = none */
    const char *parameters; /* of the strategy: what differs from the usual values, as px_parameters_text */
} pxi_ledger_terms;

typedef enum pxi_action { PXI_ACTION_COMPLETE, PXI_ACTION_HALT, PXI_ACTION_RESUME } pxi_action;

typedef struct pxi_ledger pxi_ledger;

/* Opens an account, making it where there is none, for this process alone. Errors: PX_EINPUT for a name that
 * cannot be one, PX_EMISMATCH naming each term that differs, PX_EEXISTS where another process has it, PX_EIO.
 */
px_status pxi_ledger_open(px_home *home, const char *name, const pxi_ledger_terms *terms, pxi_ledger **out,
                          px_error *err);
void pxi_ledger_close(pxi_ledger **ledger); /* what was not committed is gone */

/* Whom the stored input goes to, in its order. */
typedef struct pxi_ledger_sink {
    void *user;
    px_status (*minute)(void *user, const px_bar *minute, px_error *err);
    px_status (*action)(void *user, pxi_action action, const char *reason, px_error *err);
} pxi_ledger_sink;
px_status pxi_ledger_repeat(pxi_ledger *ledger, const pxi_ledger_sink *sink, px_error *err);
/* Start of the first stored minute; false for a new account. */
bool pxi_ledger_first(pxi_ledger *ledger, int64_t *ts_us);

/* Digests of the warm-up and of all that followed; "" for a new account. */
const char *pxi_ledger_warmup(const pxi_ledger *ledger);
const char *pxi_ledger_digest(const pxi_ledger *ledger);
/* What was accepted ("bad_price,split") and what is known to be wrong (JSON), of the account's beginning. */
const char *pxi_ledger_accept(const pxi_ledger *ledger);
px_status pxi_ledger_set_findings(pxi_ledger *ledger, const char *accept, const char *findings,
                                  px_error *err);
px_status pxi_ledger_set_warmup(pxi_ledger *ledger, const char *digest, px_error *err);

/* Each belongs to the transaction that the next commit ends. */
px_status pxi_ledger_minute(pxi_ledger *ledger, const px_bar *minute, px_error *err);
px_status pxi_ledger_action(pxi_ledger *ledger, pxi_action action, int64_t after_us, const char *reason,
                            px_error *err);
px_status pxi_ledger_signal(pxi_ledger *ledger, const pxi_signal_id *id, const px_candidate *candidate,
                            px_error *err);
px_status pxi_ledger_order(pxi_ledger *ledger, const pxi_order *order, px_error *err);
px_status pxi_ledger_fill(pxi_ledger *ledger, const pxi_fill *fill, px_error *err);
px_status pxi_ledger_trade(pxi_ledger *ledger, const pxi_trade *trade, px_error *err);
px_status pxi_ledger_equity(pxi_ledger *ledger, const px_bar *bar, const pxi_account_state *state,
                            px_error *err);
/* Ends the transaction; on return it outlives a power cut. */
px_status pxi_ledger_commit(pxi_ledger *ledger, const char *digest, px_error *err);

/* Why the account is halted by a command or by the file STOP in the home folder, or "" where it is not. Valid
 * until asked again. */
px_status pxi_ledger_halted(pxi_ledger *ledger, const char **reason, px_error *err);

#endif
