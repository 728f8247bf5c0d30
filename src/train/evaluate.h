// SPDX-License-Identifier: Apache-2.0
/* Out-of-fold validation of a learner: what it would have said of events that it had not seen. */
#ifndef PXI_EVALUATE_H
#define PXI_EVALUATE_H

#include "train/permutation.h"
#include "train/rows.h"
#include "pixity/train.h"

/* What the settings of a run would take of the events of a side, or of both. */
typedef struct pxi_selection {
    double threshold; /* NaN for both: each has its own */
    size_t n, n_targets;
    double mean_r; /* NaN where n is 0 */
} pxi_selection;
enum { PXI_SELECT_LONG, PXI_SELECT_SHORT, PXI_SELECT_BOTH, PXI_N_SELECTIONS };

/* Probabilities against what happened, and what taking every one of the same events gives. */
typedef struct pxi_validation {
    size_t n, n_targets;
    px_scores scores;
    px_calibration_bin calibration[PX_N_CALIBRATION_BINS];
    px_threshold_row thresholds[PX_N_THRESHOLDS];
    pxi_selection configured[PXI_N_SELECTIONS]; /* p at least the long or short threshold of the settings */
    double every_mean_r, every_median_r;        /* "take every event"; NaN where n is 0 */
} pxi_validation;

typedef struct pxi_fold_result {
    px_fold fold;
    size_t n_train_targets;
    px_predictor *predictor; /* NULL: no training row was left */
    double importance[PX_N_INPUTS];
    pxi_permutation permutation; /* on the test rows */
    pxi_validation test;
    size_t n_selected;      /* test rows with p > 0.6 */
    double selected_mean_r; /* of those: what `best_fold` compares */
} pxi_fold_result;

typedef struct pxi_evaluation {
    pxi_fold_result folds[PX_N_FOLDS];
    px_predictor *fit; /* of all rows, where that was asked for */
    double *p;         /* out of fold, one a row; NaN where no fold tests the row */
    pxi_validation overall;
    pxi_permutation permutation; /* mean over the folds that have one */
} pxi_evaluation;

typedef struct pxi_evaluation_request {
    const pxi_rows *rows;
    const px_learner_config *learner;
    int embargo_bars; /* as in px_fold_split */
    double long_threshold, short_threshold;
    bool fits_all;       /* also what all rows teach */
    const px_work *work; /* or NULL */
} pxi_evaluation_request;

/* Folds, and the fit of all rows beside them, on the threads of `work`. *out from a zeroed struct. Errors:
 * PX_ENOMEM, PX_ELIBRARY, PX_EINTERRUPTED. */
px_status pxi_evaluate(const pxi_evaluation_request *request, pxi_evaluation *out, px_error *err);
void pxi_evaluation_free(pxi_evaluation *evaluation);
/* The fold (1..5) that tests a row, 0 for the rows before the first test. */
int pxi_evaluation_fold(const pxi_evaluation *evaluation, size_t row);
/* Index of the fold with the best mean R at p > 0.6; -1 if none has such a row. */
int pxi_evaluation_best(const pxi_evaluation *evaluation);

/* Middle value, mean of the two middle ones; NaN without values. Sorts `values`. */
double pxi_median(double *values, size_t n);

#endif
