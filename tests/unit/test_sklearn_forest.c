// SPDX-License-Identifier: Apache-2.0
/* Forests of scikit-learn: the same probabilities, and whatever is wrong in a file is told. */
#include "vocabulary.h"
#include "learners/learner.h"
#include "models/check.h"
#include "train/rows.h"

#include "base/file.h"
#include "base/rng.h"

#include "depth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ok(call)                                                                                             \
    do {                                                                                                     \
        px_error ok_err;                                                                                     \
        if ((call) != PX_OK)                                                                                 \
            fail_msg("%s", ok_err.message);                                                                  \
    } while (0)

/* ---- the same probabilities --------------------------------------------------------------------------- */

static double largest_difference(const px_predictor *forest, const double *rows, size_t n) {
    float *x = calloc(n * PX_N_INPUTS, sizeof *x);
    double *p = calloc(n, sizeof *p), largest = 0, alone;
    for (size_t i = 0; i < n; i++)
        pxi_inputs_to_floats(&rows[i * (PX_N_INPUTS + 1)], &x[i * PX_N_INPUTS]);
    ok(px_predictor_predict(forest, x, n, p, &ok_err));
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(p[i] - rows[i * (PX_N_INPUTS + 1) + PX_N_INPUTS]));
    for (size_t i = 0; i < n; i += 97) {
        ok(px_predictor_predict(forest, &x[i * PX_N_INPUTS], 1, &alone, &ok_err));
        assert_memory_equal(&alone, &p[i], sizeof alone);
    }
    free(x);
    free(p);
    return largest;
}

/* What was written as a model and read back is the same forest. */
static px_predictor *through_a_file(const px_predictor *forest) {
    char *bytes;
    size_t length;
    px_predictor *loaded = NULL;
    ok(px_predictor_serialize(forest, &bytes, &length, &ok_err));
    ok(px_predictor_deserialize(px_predictor_learner(forest), bytes, length, &loaded, &ok_err));
    free(bytes);
    return loaded;
}

static void compare(const char *folder, const char *name) {
    char path[256], *text = NULL, *rows = NULL;
    size_t length, size;
    px_predictor *forest = NULL;
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    ok(pxi_file_read(path, &text, &length, &ok_err));
    ok(px_sklearn_forest_read(text, length, path, &forest, &ok_err));
    snprintf(path, sizeof path, "%s/%s.rows", folder, name);
    ok(pxi_file_read(path, &rows, &size, &ok_err));
    const size_t n = size / sizeof(double) / (PX_N_INPUTS + 1);
    assert_int_equal(n, 2000);
    px_predictor *loaded = through_a_file(forest);
    const double off = fmax(largest_difference(forest, (const double *)(const void *)rows, n),
                            largest_difference(loaded, (const double *)(const void *)rows, n));
    print_message("%-16s at most %.1e apart\n", name, off);
    assert_true(off == 0); /* to the last bit */
    px_predictor_free(&forest);
    px_predictor_free(&loaded);
    free(text);
    free(rows);
}

static void probabilities_are_those_of_scikit_learn(void **state) {
    (void)state;
    char folder[] = "/tmp/pixity-forests-XXXXXX", command[4096], line[64];
    const char *source = getenv("PIXITY_SOURCE");
    size_t n = 0;
    bool absent = false;
    const bool every_shape = !getenv("PIXITY_REDUCED");
    if (!every_shape)
        printf("# reduced: 4 of 18 shapes of forests\n");
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command, "/usr/bin/python3 '%s/tests/unit/sklearn_forests.py' '%s'",
             source ? source : ".", folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (; fgets(line, sizeof line, pipe); n++) {
        line[strcspn(line, "\n")] = '\0';
        absent = absent || strcmp(line, "absent") == 0;
        if (absent)
            continue;
        compare(folder, line);
    }
    assert_int_equal(pclose(pipe), 0);
    ok(pxi_remove_tree(folder, &ok_err));
    if (absent) {
        print_message("skipped: /usr/bin/python3 has no scikit-learn (apt-get install python3-sklearn)\n");
        skip();
    }
    assert_int_equal(n, every_shape ? 18 : 4);
}

/* ---- by hand ------------------------------------------------------------------------------------------ */

/* Two trees; node 2 of the first stands before its sibling. Missing: adx goes to the larger child, hour
 * right. */
static const char good[] =
    "{\"format\": \"pixity sklearn forest\", \"format_version\": 1, \"made_by\": \"hand\", \"parameters\": "
    "{},\n"
    " \"classes\": [\"0\", \"1\"], \"target\": \"1\",\n"
    " \"inputs\": [\"vwap_dist\", \"ema_slope\", \"atr_pct\", \"adx\", \"hour\", \"minute\", \"vol_z\"],\n"
    " \"trees\": [{\"left\": [3, 4, -1, -1, -1], \"right\": [1, 2, -1, -1, -1],\n"
    "  \"input\": [3, 0, -1, -1, -1], \"threshold\": [25.5, 0.1, 0, 0, 0],\n"
    "  \"samples\": [100, 40, 30, 60, 10], \"probability\": [0.4, 0.55, 0.6, 0.3, 0.4]},\n"
    "  {\"left\": [1, -1, -1], \"right\": [2, -1, -1], \"input\": [4, -1, -1], \"threshold\": [12, 0, 0],\n"
    "   \"samples\": [10.0, 5, 5], \"probability\": [0.5, 0, 1],\n"
    "   \"missing_left\": [false, false, false]}]}";

static void a_forest_by_hand(void **state) {
    (void)state;
    static const struct {
        float adx, vwap_dist, hour;
        double p;
    } cases[] = {
        {25.5f, 0, 9, (0.3 + 0) / 2},
        {25.500002f, 0, 12, (0.4 + 0) / 2},
        {30, 0.1f, 12.5f, (0.6 + 1) / 2},      /* 0.1f lies above 0.1 */
        {30, 0.099999994f, 13, (0.4 + 1) / 2}, /* the float before it */
        {NAN, 0, 9, (0.3 + 0) / 2},            /* 60 samples left, 40 right */
        {30, NAN, 9, (0.6 + 0) / 2},           /* 10 left, 30 right */
        {30, 0, NAN, (0.4 + 1) / 2},           /* as the file says */
    };
    px_predictor *forest = NULL;
    ok(px_sklearn_forest_read(good, strlen(good), "good.json", &forest, &ok_err));
    assert_string_equal(px_learner_name(px_predictor_learner(forest)), "sklearn");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float x[PX_N_INPUTS] = {[KIT_INPUT_ADX] = cases[i].adx,
                                [KIT_INPUT_VWAP_DIST] = cases[i].vwap_dist,
                                [KIT_INPUT_HOUR] = cases[i].hour};
        double p;
        ok(px_predictor_predict(forest, x, 1, &p, &ok_err));
        if (fabs(p - cases[i].p) > 1e-7)
            fail_msg("case %zu: %.9g instead of %.9g", i, p, cases[i].p);
    }
    double share[PX_N_INPUTS];
    ok(px_predictor_importance(forest, share, &ok_err));
    const double gains[] = {60 * 0.09 + 40 * 0.3025 - 100 * 0.16, 10 * 0.16 + 30 * 0.36 - 40 * 0.3025,
                            5 - 10 * 0.25};
    const double all = gains[0] + gains[1] + gains[2];
    assert_true(fabs(share[KIT_INPUT_ADX] - gains[0] / all) < 1e-6);
    assert_true(fabs(share[KIT_INPUT_VWAP_DIST] - gains[1] / all) < 1e-6);
    assert_true(fabs(share[KIT_INPUT_HOUR] - gains[2] / all) < 1e-6);
    px_predictor_free(&forest);
}

/* Thresholds beyond the floats send all one way. */
static void thresholds_beyond_floats(void **state) {
    (void)state;
    static const struct {
        const char *threshold;
        double p;
    } cases[] = {{"1.7e308", 0.3}, {"3.5e38", 0.3}, {"-3.5e38", 0.55}, {"-1.7e308", 0.55}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600];
        snprintf(
            text, sizeof text,
            "{\"format\": \"pixity sklearn forest\", \"format_version\": 1, \"made_by\": \"hand\", "
            "\"parameters\": {}, \"classes\": [\"0\", \"1\"], \"target\": \"1\", \"inputs\": [\"vwap_dist\", "
            "\"ema_slope\", \"atr_pct\", \"adx\", \"hour\", \"minute\", \"vol_z\"], \"trees\": [{\"left\": "
            "[1, "
            "-1, -1], \"right\": [2, -1, -1], \"input\": [3, -1, -1], \"threshold\": [%s, 0, 0], "
            "\"samples\": "
            "[2, 1, 1], \"probability\": [0.4, 0.3, 0.55]}]}",
            cases[i].threshold);
        px_predictor *forest = NULL;
        double p;
        ok(px_sklearn_forest_read(text, strlen(text), "far.json", &forest, &ok_err));
        const float values[] = {-3.4028235e38f, -1, 0, 1, 3.4028235e38f};
        for (size_t v = 0; v < 5; v++) {
            float x[PX_N_INPUTS] = {[KIT_INPUT_ADX] = values[v]};
            ok(px_predictor_predict(forest, x, 1, &p, &ok_err));
            assert_true(fabs(p - cases[i].p) < 1e-7);
        }
        px_predictor_free(&forest);
    }
}

/* ---- refusals ----------------------------------------------------------------------------------------- */

/* The good text with the first `from` replaced. */
static char *edited(const char *from, const char *to) {
    const char *at = strstr(good, from);
    if (!at)
        fail_msg("\"%s\" is not in the text", from);
    char *text = malloc(sizeof good + strlen(to));
    memcpy(text, good, (size_t)(at - good));
    strcpy(text + (at - good), to);
    strcat(text, at + strlen(from));
    return text;
}

static void whatever_is_wrong_is_told(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"{\"format\"", "[\"format\"", "not valid JSON"},
        {"pixity sklearn forest", "pixity", "its \"format\" is not \"pixity sklearn forest\""},
        {"\"format_version\": 1", "\"format_version\": 2", "format version is 2, this program reads 1"},
        {"\"format_version\": 1", "\"format_version\": \"1\"", "format_version is not a whole number"},
        {"\"made_by\": \"hand\", ", "", "made_by is missing"},
        {"\"target\": \"1\"", "\"target\": 1", "target is not a text"},
        {"\"parameters\": {}", "\"parameters\": {}, \"extra\": 1", "unknown member \"extra\""},
        {"\"parameters\": {}", "\"parameters\": {}, \"made_by\": \"x\"", "duplicate"},
        {"\"vol_z\"", "\"vol_z\", \"adx\"", "it has 8 inputs, events have 7"},
        {"\"vol_z\"", "\"volz\"", "its input \"volz\" is none of an event's; did you mean \"vol_z\"?"},
        {"\"vol_z\"", "7", "its input \"(no text)\""},
        {"\"vol_z\"", "\"adx\"", "its input adx stands there twice"},
        {"[3, 4, -1, -1, -1]", "[3, 4, -1, -1]", "tree 0: right has 5 entries, left has 4"},
        {"[3, 4, -1, -1, -1]", "[]", "tree 0: it has 0 nodes"},
        {"[3, 4, -1, -1, -1]", "[3.5, 4, -1, -1, -1]", "node 0 are not whole numbers"},
        {"[3, 4, -1, -1, -1]", "[5, 4, -1, -1, -1]", "tree 0: node 0 has the children 5 and 1"},
        {"[3, 4, -1, -1, -1]", "[0, 4, -1, -1, -1]", "node 0 has the children 0 and 1"},
        {"[3, 4, -1, -1, -1]", "[-1, 4, -1, -1, -1]", "node 0 has the children -1 and 1"},
        {"[3, 4, -1, -1, -1]", "[9999999999, 4, -1, -1, -1]", "node 0 has the children 9999999999"},
        {"[3, 4, -1, -1, -1]", "[2, 4, -1, -1, -1]", "tree 0: node 2 is the child of two"},
        {"[3, 4, -1, -1, -1]", "[1, 4, -1, -1, -1]", "node 1 is the child of two"},
        {"[3, 0, -1, -1, -1]", "[7, 0, -1, -1, -1]", "node 0 splits on input 7 of 0 .. 6"},
        {"[3, 0, -1, -1, -1]", "[-2, 0, -1, -1, -1]", "node 0 splits on input -2"},
        {"[3, 0, -1, -1, -1]", "[3, 0, 2, -1, -1]", "node 2 has the children -1 and -1"},
        {"[25.5,", "[\"25.5\",", "threshold, samples and probability of node 0 are not numbers"},
        {"[25.5,", "[null,", "of node 0 are not numbers"},
        {"[25.5,", "[1e999,", "not valid JSON"},
        {"[0.4, 0.55", "[0.4, 1.1", "the probability of node 1 is 1.1"},
        {"[0.4, 0.55", "[-0.1, 0.55", "the probability of node 0 is -0.1"},
        {"[100, 40", "[100, -40", "node 1 has -40 samples"},
        {"[100, 40", "[1e40, 40", "node 0 has 1e+40 samples"},
        {"[false, false", "[0, false", "tree 1: missing_left of node 0 is neither true nor false"},
        {"\"samples\"", "\"sample\"", "tree 0: samples is missing"},
        {"\"left\": [1, -1, -1], \"right\": [2, -1, -1]", "\"left\": [-1, 2, -1], \"right\": [-1, 2, -1]",
         "tree 1: node 0 has the children -1 and -1"},
        {"\"trees\": [{", "\"trees\": [[], {", "tree 0: it is no JSON object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = edited(cases[i].from, cases[i].to);
        px_predictor *forest = NULL;
        px_error err = {0};
        px_status status = px_sklearn_forest_read(text, strlen(text), "bad.json", &forest, &err);
        if (status != PX_EINPUT || !strstr(err.message, cases[i].message) ||
            strncmp(err.message, "bad.json: ", 10))
            fail_msg("case %zu: status %d, \"%s\" instead of \"%s\"", i, status, err.message,
                     cases[i].message);
        assert_null(forest);
        free(text);
    }
}

/* Nodes in a ring beside a root that is a leaf: each has one parent, none is reached. */
static void nodes_out_of_reach_are_refused(void **state) {
    (void)state;
    char *text = edited("{\"left\": [1, -1, -1], \"right\": [2, -1, -1], \"input\": [4, -1, -1]",
                        "{\"left\": [-1, 1, -1], \"right\": [-1, 2, -1], \"input\": [-1, 1, -1]");
    px_predictor *forest = NULL;
    px_error err = {0};
    assert_int_equal(px_sklearn_forest_read(text, strlen(text), "ring.json", &forest, &err), PX_EINPUT);
    assert_string_equal(err.message, "ring.json: tree 1: 2 of its 3 nodes cannot be reached from node 0");
    free(text);
}

static void no_trees_and_no_text_are_refused(void **state) {
    (void)state;
    px_predictor *forest = NULL;
    px_error err = {0};
    char *text = strdup(good), *trees = strstr(text, "\"trees\"");
    strcpy(trees, "\"trees\": []}");
    assert_int_equal(px_sklearn_forest_read(text, strlen(text), "bad.json", &forest, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "it has 0 trees"));
    assert_int_equal(px_sklearn_forest_read("", 0, "bad.json", &forest, &err), PX_EINPUT);
    assert_int_equal(px_sklearn_forest_read(good, sizeof good, "bad.json", &forest, &err),
                     PX_EINPUT); /* a NUL */
    free(text);
}

/* Cut anywhere, and with any byte changed: a forest or a message, nothing else. */
static void any_damage_is_survived(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 4);
    for (size_t length = 0; length < sizeof good - 1; length += 7) {
        px_predictor *forest = NULL;
        assert_int_equal(px_sklearn_forest_read(good, length, "cut.json", &forest, NULL), PX_EINPUT);
        assert_null(forest);
    }
    for (int i = 0; i < rounds(3000); i++) {
        char text[sizeof good];
        px_predictor *forest = NULL;
        memcpy(text, good, sizeof good);
        for (uint64_t k = 0; k <= pxi_rng_below(&rng, 3); k++)
            text[pxi_rng_below(&rng, sizeof good - 1)] =
                "0123456789-.,[]{}\"e \xc3\xff"[pxi_rng_below(&rng, 23)];
        px_status status = px_sklearn_forest_read(text, sizeof good - 1, "mangled.json", &forest, NULL);
        assert_true(status == PX_OK || status == PX_EINPUT);
        assert_true((status == PX_OK) == (forest != NULL));
        float x[PX_N_INPUTS] = {0};
        double p;
        if (forest)
            ok(px_predictor_predict(forest, x, 1, &p, &ok_err));
        px_predictor_free(&forest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_are_those_of_scikit_learn),
        cmocka_unit_test(a_forest_by_hand),
        cmocka_unit_test(thresholds_beyond_floats),
        cmocka_unit_test(whatever_is_wrong_is_told),
        cmocka_unit_test(nodes_out_of_reach_are_refused),
        cmocka_unit_test(no_trees_and_no_text_are_refused),
        cmocka_unit_test(any_damage_is_survived),
    };
    return cmocka_run_group_tests_name("sklearn_forest", tests, NULL, NULL);
}
