// SPDX-License-Identifier: Apache-2.0
/* Forests of scikit-learn: one that is read predicts probabilities, the same after it was written and read.
 */
#include "fuzz.h"

#include "pixity/model.h"

#include <math.h>

static const float rows[][PX_N_INPUTS] = {
    {0}, {1, -1, 0.5F, 30, 9, 15, 2}, {1e30F, -1e30F, NAN, NAN, 3e38F, -3e38F, 1e-30F}};
enum { N_ROWS = sizeof rows / sizeof *rows };

static void predict(const px_predictor *predictor, double p[N_ROWS]) {
    fuzz_check(px_predictor_predict(predictor, &rows[0][0], N_ROWS, p, NULL) == PX_OK);
    for (size_t i = 0; i < N_ROWS; i++)
        fuzz_check(p[i] >= 0 && p[i] <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    px_predictor *forest = NULL, *again = NULL;
    char *written = NULL;
    size_t n_written = 0;
    double p[N_ROWS], same[N_ROWS], share[PX_N_INPUTS];
    px_error err;
    if (!fuzz_accepted(px_sklearn_forest_read((const char *)bytes, length, "forest.json", &forest, &err),
                       &err)) {
        fuzz_check(!forest);
        return 0;
    }
    predict(forest, p);
    fuzz_check(px_predictor_importance(forest, share, NULL) == PX_OK);
    fuzz_check(px_predictor_serialize(forest, &written, &n_written, NULL) == PX_OK);
    fuzz_check(px_predictor_deserialize(px_predictor_learner(forest), written, n_written, &again, NULL) ==
               PX_OK);
    predict(again, same);
    fuzz_check(memcmp(p, same, sizeof p) == 0);
    free(written);
    px_predictor_free(&forest);
    px_predictor_free(&again);
    return 0;
}
