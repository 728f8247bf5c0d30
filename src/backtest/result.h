// SPDX-License-Identifier: Apache-2.0
/* A run's result: tables, metrics, fingerprint and px_run, made from what the stages left. */
#ifndef PXI_RESULT_H
#define PXI_RESULT_H

#include "metrics/run_tally.h"
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
    pxi_tally *tally;              /* ends with the result */
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

/* What a tally and the candidates come to. Errors: PX_ENOMEM. */
px_status pxi_tally_result(pxi_tally *tally, const px_candidate_list *candidates, px_tally *out,
                           px_error *err);
/* *out is freed with px_backtest_result_free. Errors: PX_ENOMEM. */
px_status pxi_result_make(const pxi_run_facts *facts, px_backtest_result **out, px_error *err);

/* describe_run.c: what a run says of itself, of a result with everything else in it, and of a request whose
 * work failed. From a zeroed struct, to be freed in any case. Errors: PX_ENOMEM. */
px_status pxi_describe_run(const pxi_run_facts *facts, const px_backtest_result *result, px_run *out,
                           px_error *err);
px_status pxi_describe_failure(const px_backtest_request *request, const px_config *config, px_run *out,
                               px_error *err);

#endif
