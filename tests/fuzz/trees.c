// SPDX-License-Identifier: Apache-2.0
/* Model files of trees: one that is read predicts numbers from 0 to 1 or says why it does not, and answers
 * the same after it was written and read. */
#include "fuzz.h"

#include "pixity/model.h"

#include <math.h>

static const float rows[][PX_N_INPUTS] = {
    {0}, {1, -1, 0.5F, 30, 9, 15, 2}, {1e30F, -1e30F, NAN, NAN, 3e38F, -3e38F, 1e-30F}};
enum { N_ROWS = sizeof rows / sizeof *rows };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const px_learner *learner = NULL;
    px_predictor *trees = NULL, *again = NULL;
    char *written = NULL;
    size_t n_written = 0;
    double p[N_ROWS], same[N_ROWS], share[PX_N_INPUTS];
    px_error err;
    fuzz_check(px_learner_find("gbt", &learner, NULL) == PX_OK);
    if (!fuzz_accepted(px_predictor_deserialize(learner, (const char *)bytes, length, &trees, &err), &err)) {
        fuzz_check(!trees);
        return 0;
    }
    fuzz_check(px_predictor_importance(trees, share, NULL) == PX_OK);
    fuzz_check(px_predictor_serialize(trees, &written, &n_written, NULL) == PX_OK);
    fuzz_check(fuzz_accepted(px_predictor_deserialize(learner, written, n_written, &again, &err), &err));
    if (fuzz_accepted(px_predictor_predict(trees, &rows[0][0], N_ROWS, p, &err), &err)) {
        for (size_t i = 0; i < N_ROWS; i++)
            fuzz_check(p[i] >= 0 && p[i] <= 1);
        fuzz_check(px_predictor_predict(again, &rows[0][0], N_ROWS, same, NULL) == PX_OK);
        fuzz_check(memcmp(p, same, sizeof p) == 0);
    }
    free(written);
    px_predictor_free(&trees);
    px_predictor_free(&again);
    return 0;
}
