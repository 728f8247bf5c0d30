// SPDX-License-Identifier: Apache-2.0
/* What a reader must know before believing a result. Shown wherever the result is. */
#ifndef PXI_RUN_FINDINGS_H
#define PXI_RUN_FINDINGS_H

#include "engine/journal.h"
#include "pixity/backtest.h"
#include "pixity/signals.h"

typedef struct pxi_run_finding_input {
    const px_config *config;
    const px_strategy *strategy;
    const px_dataset *dataset;
    const px_model *model;         /* NULL = none */
    const px_fee_table *fee_table; /* NULL = the built-in one */
    const pxi_journal *journal;
    const px_candidate_list *candidates;
    const px_signal_rows *signals; /* NULL unless the strategy reads signals */
    const px_metrics *metrics;
    int64_t n_in_sample;
    size_t n_without_vwap; /* bars of the window */
} pxi_run_finding_input;

/* Adds what is known before the first bar, of settings, model and instrument: journal, candidates, signals
 * and metrics are not asked. */
void pxi_run_findings_add_first(const pxi_run_finding_input *input, px_findings *out, bool *failed);
/* Adds those that apply, to what is known of the bars. */
void pxi_run_findings_add(const pxi_run_finding_input *input, px_findings *out, bool *failed);

#endif
