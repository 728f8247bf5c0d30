// SPDX-License-Identifier: Apache-2.0
/* Scores and logistic regression equal scikit-learn's, and the forest is as good as its
 * RandomForestClassifier. Skips where /usr/bin/python3 has no scikit-learn. */
#include "vocabulary.h"
#include "base/rng.h"
#include "pixity/train.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

static char folder[64];

/* The oracle, one process for all questions, as starting it takes longer than any answer: a line asks, a line
 * answers. */
static FILE *to_oracle, *from_oracle;
static pid_t oracle;

static int start_oracle(void **state) {
    (void)state;
    const char *source = getenv("PIXITY_SOURCE");
    char script[4096];
    int ask[2], answer[2];
    snprintf(folder, sizeof folder, "/tmp/pixity-sklearn-XXXXXX");
    snprintf(script, sizeof script, "%s/tests/unit/sklearn_oracle.py", source ? source : ".");
    if (!mkdtemp(folder) || pipe2(ask, O_CLOEXEC) || pipe2(answer, O_CLOEXEC) || (oracle = fork()) < 0)
        return -1;
    if (oracle == 0) {
        dup2(ask[0], 0);
        dup2(answer[1], 1);
        execl("/usr/bin/python3", "python3", script, (char *)NULL);
        _exit(127);
    }
    close(ask[0]);
    close(answer[1]);
    to_oracle = fdopen(ask[1], "w");
    from_oracle = fdopen(answer[0], "r");
    return 0;
}

static int stop_oracle(void **state) {
    (void)state;
    int status;
    fclose(to_oracle);
    fclose(from_oracle);
    return waitpid(oracle, &status, 0) == oracle && status == 0 ? rmdir(folder) : -1;
}

static void require_sklearn(void) {
    static char word[16];
    if (!*word)
        assert_non_null(fgets(word, sizeof word, from_oracle));
    if (strcmp(word, "ready\n") != 0) {
        print_message("skipped: /usr/bin/python3 has no scikit-learn (apt-get install python3-sklearn)\n");
        skip();
    }
}

static FILE *open_rows(char *path, size_t size) {
    snprintf(path, size, "%s/rows.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    return file;
}

/* Asks the oracle about the file, which is removed. */
static void ask(const char *what, const char *path, double *out, int n) {
    static char line[1 << 16];
    char *at = line;
    fprintf(to_oracle, "%s %s\n", what, path);
    fflush(to_oracle);
    assert_non_null(fgets(line, sizeof line, from_oracle));
    assert_int_equal(remove(path), 0);
    for (int i = 0; i < n; i++) {
        char *number = at;
        out[i] = strtod(number, &at);
        assert_true(at != number);
    }
}

static void scores_equal(void **state) {
    (void)state;
    enum { N = 500 };
    double p[N], theirs[3];
    uint8_t y[N];
    char path[128];
    require_sklearn();
    for (uint64_t seed = 1; seed <= 3; seed++) {
        pxi_rng rng;
        px_scores ours;
        FILE *file = open_rows(path, sizeof path);
        pxi_rng_seed(&rng, seed);
        for (int i = 0; i < N; i++) { /* many ties, some certain */
            p[i] = (double)pxi_rng_below(&rng, 41) / 40;
            y[i] = pxi_rng_uniform(&rng) < 0.1 + 0.8 * p[i];
            fprintf(file, "%.17g,%d\n", p[i], y[i]);
        }
        assert_int_equal(fclose(file), 0);
        assert_int_equal(px_scores_compute(p, y, N, &ours, NULL), PX_OK);
        ask("scores", path, theirs, 3);
        assert_true(fabs(ours.auc - theirs[0]) < 1e-12);
        assert_true(fabs(ours.log_loss - theirs[1]) < 1e-12);
        assert_true(fabs(ours.brier - theirs[2]) < 1e-12);
    }
}

/* Inputs of which some matter, by thresholds, slopes and pairs. */
static void make_row(pxi_rng *rng, float *x, uint8_t *y) {
    for (int k = 0; k < PX_N_INPUTS; k++)
        x[k] = (float)(pxi_rng_uniform(rng) + pxi_rng_uniform(rng) + pxi_rng_uniform(rng) - 1.5);
    x[KIT_INPUT_HOUR] = 9 + (float)pxi_rng_below(rng, 7);
    double odds = 1.5 * (double)x[0] * (x[KIT_INPUT_HOUR] > 11 ? 1 : -1) + (x[2] > 0.2f ? 0.7 : -0.3) +
                  0.8 * (double)x[3];
    *y = pxi_rng_uniform(rng) < 1 / (1 + exp(-odds));
}

static void forest_is_as_good(void **state) {
    (void)state;
    enum { TRAIN = 3000, TEST = 6000, N = TRAIN + TEST };
    char path[128];
    double theirs[2], *p = calloc(TEST, sizeof *p);
    float *x = calloc((size_t)N * PX_N_INPUTS, sizeof *x);
    uint8_t *y = calloc(N, 1);
    pxi_rng rng;
    px_predictor *forest = NULL;
    px_scores ours;
    const px_learner_config config = px_learner_config_default(px_learner_at(0));
    require_sklearn();
    FILE *file = open_rows(path, sizeof path);
    pxi_rng_seed(&rng, 99);
    for (int i = 0; i < N; i++) {
        float *row = &x[i * PX_N_INPUTS];
        make_row(&rng, row, &y[i]);
        fprintf(file, "%d", i >= TRAIN);
        for (int k = 0; k < PX_N_INPUTS; k++)
            fprintf(file, ",%.9g", (double)row[k]);
        fprintf(file, ",%d\n", y[i]);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(px_predictor_train(x, y, TRAIN, &config, &forest, NULL), PX_OK);
    assert_int_equal(px_predictor_predict(forest, &x[TRAIN * PX_N_INPUTS], TEST, p, NULL), PX_OK);
    assert_int_equal(px_scores_compute(p, &y[TRAIN], TEST, &ours, NULL), PX_OK);
    ask("forest", path, theirs, 2);
    print_message("AUC %.4f, scikit-learn %.4f; Brier %.5f, scikit-learn %.5f\n", ours.auc, theirs[0],
                  ours.brier, theirs[1]);
    assert_true(theirs[0] > 0.65);
    assert_true(fabs(ours.auc - theirs[0]) < 0.01); /* another seed moves scikit-learn's own by 0.002 */
    assert_true(fabs(ours.brier - theirs[1]) < 0.003);
    px_predictor_free(&forest);
    free(p);
    free(x);
    free(y);
}

static void check_coefficients(const px_predictor *predictor, const double *theirs) {
    char *bytes;
    size_t length;
    assert_int_equal(px_predictor_serialize(predictor, &bytes, &length, NULL), PX_OK);
    json_t *model = json_loadb(bytes, length, 0, NULL), *inputs = json_object_get(model, "inputs");
    assert_true(fabs(json_real_value(json_object_get(model, "intercept")) - theirs[0]) < 1e-8);
    for (size_t k = 0; k < PX_N_INPUTS; k++) {
        const json_t *coefficient = json_object_get(json_array_get(inputs, k), "coefficient");
        assert_true(fabs(json_real_value(coefficient) - theirs[1 + k]) < 1e-8);
    }
    json_decref(model);
    free(bytes);
}

/* The same function has its minimum in the same place: intercept, coefficients and probabilities, 20 % of the
 * inputs missing. */
static void logistic_equals(void **state) {
    (void)state;
    enum { TRAIN = 700, TEST = 300, N = TRAIN + TEST };
    char path[128];
    double theirs[PX_N_INPUTS + 1 + TEST], p[TEST];
    static float x[N * PX_N_INPUTS];
    uint8_t y[N];
    const px_learner *learner = NULL;
    require_sklearn();
    assert_int_equal(px_learner_find("logistic", &learner, NULL), PX_OK);
    const px_learner_config config = px_learner_config_default(learner);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        pxi_rng rng;
        px_predictor *predictor = NULL;
        FILE *file = open_rows(path, sizeof path);
        pxi_rng_seed(&rng, seed);
        for (int i = 0; i < N; i++) {
            float *row = &x[i * PX_N_INPUTS];
            make_row(&rng, row, &y[i]);
            fprintf(file, "%d", i >= TRAIN);
            for (int k = 0; k < PX_N_INPUTS; k++) {
                row[k] = pxi_rng_below(&rng, 5) ? row[k] : NAN;
                fprintf(file, ",%.9g", (double)row[k]);
            }
            fprintf(file, ",%d\n", y[i]);
        }
        assert_int_equal(fclose(file), 0);
        ask("logistic", path, theirs, PX_N_INPUTS + 1 + TEST);
        assert_int_equal(px_predictor_train(x, y, TRAIN, &config, &predictor, NULL), PX_OK);
        assert_int_equal(px_predictor_predict(predictor, &x[TRAIN * PX_N_INPUTS], TEST, p, NULL), PX_OK);
        for (int i = 0; i < TEST; i++)
            assert_true(fabs(p[i] - theirs[PX_N_INPUTS + 1 + i]) < 1e-8);
        check_coefficients(predictor, theirs);
        px_predictor_free(&predictor);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_equal),
        cmocka_unit_test(forest_is_as_good),
        cmocka_unit_test(logistic_equals),
    };
    return cmocka_run_group_tests_name("sklearn", tests, start_oracle, stop_oracle);
}
