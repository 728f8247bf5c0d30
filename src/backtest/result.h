// SPDX-License-Identifier: Apache-2.0
/* A run's result: tables, metrics, fingerprint and run.json, made from what the stages left. */
#ifndef PXI_RESULT_H
#define PXI_RESULT_H

#include <jansson.h>
#include "engine/journal.h"
#include "pixity/backtest.h"
#include "pixity/signals.h"

/* What a run went through; everything is borrowed but for what is said. */
typedef struct pxi_run_facts {
    const px_backtest_request *request;
    const px_config *config;
    const px_strategy_config *chosen;
    px_dataset *dataset;           /* its bars are the result's once it is made */
    const px_model *model;         /* NULL = none */
    const px_fee_table *fee_table; /* NULL = the built-in one */
    const px_candidate_list *candidates;
    pxi_journal *journal;          /* as are its states */
    const px_signal_rows *signals; /* NULL unless the strategy reads signals */
    size_t n_without_vwap;         /* bars of the window */
} pxi_run_facts;

/* What the table of equity is made of. */
struct px_backtest_equity {
    px_bars bars;
    pxi_account_state *states;
    pxi_curve curve; /* of these */
};

/* *out is freed with px_backtest_result_free. Errors: PX_ENOMEM. */
px_status pxi_result_make(const pxi_run_facts *facts, px_backtest_result **out, px_error *err);

/* The "request" object of run.json, and "config"; NULL when out of memory. */
json_t *pxi_request_json(const px_backtest_request *request);
json_t *pxi_config_json(const px_config *config);

#endif
