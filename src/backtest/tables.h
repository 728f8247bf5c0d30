// SPDX-License-Identifier: Apache-2.0
/* The journal as tables. Columns: docs/replay.md. They hold no run id, signal id, clock or host: the
 * fingerprint covers them. */
#ifndef PXI_TABLES_H
#define PXI_TABLES_H

#include "base/hash.h"
#include "metrics/run_tally.h"
#include "pixity/backtest.h"

/* Each makes one table (from a zeroed struct). `model` may be NULL. Errors: PX_ENOMEM. */
px_status pxi_trades_table(const pxi_journal *journal, const px_model *model, px_table *out, px_error *err);
px_status pxi_signals_table(const px_candidate_list *candidates, px_table *out, px_error *err);
px_status pxi_orders_table(const pxi_journal *journal, px_table *out, px_error *err);
px_status pxi_fills_table(const pxi_journal *journal, px_table *out, px_error *err);

/* Names, types and cells. */
void pxi_hash_table(pxi_hash *hash, const px_table *table);
/* As pxi_hash_table of the table of equity, which is not made for it. */
void pxi_hash_curve(pxi_hash *hash, const pxi_curve *curve);

#endif
