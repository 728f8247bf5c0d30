// SPDX-License-Identifier: Apache-2.0
/* Models of other libraries: one that is read predicts probabilities, the same after it was written and read.
 */
#include "fuzz.h"

#include "learners/foreign/foreign.h"

#include <math.h>

static const double rows[][PX_N_INPUTS] = {
    {0}, {1, -1, 0.5, 30, 9, 15, 2}, {1e300, -1e30, NAN, NAN, 3e38, -3e38, 1e-300}};
enum { N_ROWS = sizeof rows / sizeof *rows };

/* Where a model is of doubles that overflow, or says nothing of what is missing, there is no probability. */
static bool predict(const px_predictor *predictor, double p[N_ROWS]) {
    px_error err;
    if (!fuzz_accepted(px_predictor_predict_events(predictor, &rows[0][0], N_ROWS, p, &err), &err))
        return false;
    for (size_t i = 0; i < N_ROWS; i++)
        fuzz_check(isnan(p[i]) || (p[i] >= 0 && p[i] <= 1));
    return true;
}

static void read_again(const pxi_foreign *model, const double p[N_ROWS], bool predicted) {
    const px_learner *learner = px_predictor_learner(model->predictor);
    char *written = NULL;
    size_t length = 0;
    px_predictor *again = NULL;
    double same[N_ROWS];
    fuzz_check(px_predictor_serialize(model->predictor, &written, &length, NULL) == PX_OK);
    const pxi_model_bytes file = {written, length, model->inputs.n, model->inputs.input_of};
    fuzz_check(learner->deserialize(learner, &file, &again, NULL) == PX_OK);
    fuzz_check(predict(again, same) == predicted);
    fuzz_check(!predicted || memcmp(p, same, sizeof same) == 0);
    free(written);
    px_predictor_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    pxi_foreign model = {0};
    double p[N_ROWS], share[PX_N_INPUTS], shown[10 * PX_N_INPUTS];
    px_error err;
    if (!fuzz_accepted(pxi_foreign_read((const char *)bytes, length, "file", NULL, &model, &err), &err)) {
        fuzz_check(!model.predictor && !model.facts);
        return 0;
    }
    const bool predicted = predict(model.predictor, p);
    fuzz_check(px_predictor_importance(model.predictor, share, NULL) == PX_OK);
    px_predictor_learner(model.predictor)->spread(model.predictor, shown, 10);
    read_again(&model, p, predicted);
    pxi_foreign_free(&model);
    return 0;
}
