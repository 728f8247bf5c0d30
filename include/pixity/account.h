// SPDX-License-Identifier: Apache-2.0
/* Paper accounts: what streams with an account (px_live_request) have traded. docs/account.md. */
#ifndef PX_ACCOUNT_H
#define PX_ACCOUNT_H

#include "pixity/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Columns: account,strategy,symbol,timeframe,profile,first,last,trades,pnl_net,equity,position,halted; money
 * in rupees, pnl_net of closed trades after fees, halted is why or empty. *out from a zeroed struct. */
PX_API PX_MUST_CHECK px_status px_accounts_list(px_home *home, px_table *out, px_error *err);
/* One account as a JSON object: terms, parameters, settings, counts, equity, position, halt, digest;
 * malloc'ed, the caller frees. Errors: PX_ENOTFOUND with the nearest name. */
PX_API PX_MUST_CHECK px_status px_account_show(px_home *home, const char *name, char **json, px_error *err);
/* The tables of an account. */
typedef enum px_account_part {
    PX_ACCOUNT_TRADES, /* the columns of a run's trades, without in_sample */
    PX_ACCOUNT_SIGNALS,
    PX_ACCOUNT_ORDERS,
    PX_ACCOUNT_FILLS,
    PX_ACCOUNT_EQUITY,
    PX_N_ACCOUNT_PARTS
} px_account_part;
PX_API PX_MUST_CHECK px_status px_account_table(px_home *home, const char *name, px_account_part part,
                                                px_table *out, px_error *err);
/* Halts an account: its stream, if there is one, closes the position like the kill switch and enters nothing
 * more, from its next bar on; it stays so until resumed. `reason`: for people, not empty. */
PX_API PX_MUST_CHECK px_status px_account_halt(px_home *home, const char *name, const char *reason,
                                               px_error *err);
/* Ends a halt, and what the kill switch did; the drawdown is then counted from the equity of that moment. */
PX_API PX_MUST_CHECK px_status px_account_resume(px_home *home, const char *name, px_error *err);
/* Deletes an account with all that it did. Errors: PX_EEXISTS while a stream has it open. */
PX_API PX_MUST_CHECK px_status px_account_reset(px_home *home, const char *name, px_error *err);
/* "NSE", by which its times are printed; returns buf. Errors: PX_ENOTFOUND. */
PX_API PX_MUST_CHECK px_status px_account_exchange(px_home *home, const char *name, char buf[16],
                                                   px_error *err);

#ifdef __cplusplus
}
#endif
#endif
