// SPDX-License-Identifier: Apache-2.0
/* Forests of scikit-learn, as tools/sklearn_forest_to_json.py writes them; docs/model.md has the format. */
#ifndef PXI_SKLEARN_H
#define PXI_SKLEARN_H

#include "learners/learner.h"

/* As px_sklearn_forest_read; *facts is what a card says of the learner. */
px_status pxi_sklearn_read(const char *text, size_t length, const char *origin, px_predictor **out,
                           json_t **facts, px_error *err);

#endif
