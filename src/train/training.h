// SPDX-License-Identifier: Apache-2.0
/* One training from request to files: train.c fills it from top to bottom; card, report and table read it. */
#ifndef PXI_TRAINING_H
#define PXI_TRAINING_H

#include "base/json.h"
#include "train/evaluate.h"
#include "pixity/train.h"

typedef struct pxi_training {
    const px_config *config;
    char name[PX_NAME_SIZE];
    px_learner_config learner;
    pxi_panel panel;
    px_findings findings; /* of the bars of all, and of what was done with them */
    pxi_rows rows;
    pxi_evaluation evaluation;
    int fold; /* index of the fold whose model was kept; -1 = fitted on all rows */
    px_predictor *predictor;
    double importance[PX_N_INPUTS];
    char *bytes; /* the model file */
    size_t length;
    char hash[65]; /* SHA-256 of it */
} pxi_training;

/* What is known to be wrong (training_findings.c): with the bars, once they are loaded, and with what was
 * made of them. The first refuses errors that the request does not accept, PX_EINPUT. */
px_status pxi_training_find(pxi_training *t, const char *accept, px_error *err);
px_status pxi_training_find_unscored(pxi_training *t, px_error *err);
/* What the command line shows (report.c). */
px_status pxi_training_report(const pxi_training *t, char **out, px_error *err);
/* Parts that card and report share (validation.c); NULL on out of memory. */
json_t *pxi_validation_json(const pxi_validation *validation);
json_t *pxi_importance_json(const double importance[PX_N_INPUTS]);
json_t *pxi_permutation_json(const pxi_permutation *permutation);
/* What vouches for the model file (training_card.c). */
px_status pxi_training_card(const pxi_training *t, char **out, px_error *err);
/* What is said of each instrument (trained_instruments.c): on the card, and in the report. */
json_t *pxi_instruments_of_card(const pxi_training *t);
json_t *pxi_instruments_of_report(const pxi_training *t);
json_t *pxi_left_out_json(const pxi_training *t);
/* Every labelled event with its fold and out-of-fold probability (labelled.c). */
px_status pxi_training_table(const pxi_training *t, px_table *out, px_error *err);

#endif
