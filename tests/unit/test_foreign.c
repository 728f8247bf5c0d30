// SPDX-License-Identifier: Apache-2.0
/* Models of other libraries answer as these do. The files and what the libraries said of the rows are those
 * of foreign_models.py: in tests/unit/foreign, or in the folder that is named as argument. */
#include "pixity/learner.h"

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

static const char *folder;
static char own_folder[512];

/* ---- the same answers --------------------------------------------------------------------------------- */

typedef struct answers {
    size_t n;
    double *x, *p;
} answers;

static answers read_answers(const char *name) {
    char path[1024], *text = NULL, *end;
    size_t length;
    answers read = {0};
    snprintf(path, sizeof path, "%s/%s.rows", folder, name);
    ok(pxi_file_read(path, &text, &length, &ok_err));
    for (const char *at = text; *at; at++)
        read.n += *at == '\n';
    read.x = calloc(read.n * PX_N_INPUTS, sizeof *read.x);
    read.p = calloc(read.n, sizeof *read.p);
    const char *at = text;
    for (size_t i = 0; i < read.n; i++)
        for (int k = 0; k <= PX_N_INPUTS; k++, at = end) {
            *(k < PX_N_INPUTS ? &read.x[i * PX_N_INPUTS + (size_t)k] : &read.p[i]) = strtod(at, &end);
            assert_ptr_not_equal(at, end);
        }
    free(text);
    return read;
}

static void compare(const px_predictor *model, const char *name, double within) {
    answers a = read_answers(name);
    double *p = calloc(a.n, sizeof *p), off = 0, alone;
    size_t same = 0;
    assert_true(a.n >= 40);
    ok(px_predictor_predict_events(model, a.x, a.n, p, &ok_err));
    for (size_t i = 0; i < a.n; i++) {
        off = fmax(off, fabs(p[i] - a.p[i]));
        same += p[i] == a.p[i];
        if (!(fabs(p[i] - a.p[i]) <= within))
            fail_msg("%s row %zu: %.17g, the library says %.17g", name, i, p[i], a.p[i]);
    }
    for (size_t i = 0; i < a.n; i += 17) {
        ok(px_predictor_predict_events(model, &a.x[i * PX_N_INPUTS], 1, &alone, &ok_err));
        assert_memory_equal(&alone, &p[i], sizeof alone);
    }
    print_message("%-28s %6zu rows, %6zu to the last bit, at most %.1e apart\n", name, a.n, same, off);
    free(a.x);
    free(a.p);
    free(p);
}

static void answers_are_those_of_the_library(void **state) {
    (void)state;
    char path[1024], name[128], file[128], *index = NULL;
    size_t length, n = 0;
    double within;
    int used;
    snprintf(path, sizeof path, "%s/models.txt", folder);
    ok(pxi_file_read(path, &index, &length, &ok_err));
    for (const char *at = index; sscanf(at, "%127s %127s %lf\n%n", name, file, &within, &used) == 3;
         at += used, n++) {
        char *bytes = NULL;
        px_predictor *model = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, file);
        ok(pxi_file_read(path, &bytes, &length, &ok_err));
        ok(px_model_file_read(bytes, length, path, NULL, &model, &ok_err));
        compare(model, name, within);
        px_predictor_free(&model);
        free(bytes);
    }
    assert_true(n > 0);
    free(index);
}

/* ---- refusals ----------------------------------------------------------------------------------------- */

static void expect_refusal(const char *bytes, size_t length, const char *message) {
    px_predictor *model = NULL;
    px_error err = {0};
    assert_int_equal(px_model_file_read(bytes, length, "the file", NULL, &model, &err), PX_EINPUT);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" instead of \"%s\"", err.message, message);
    assert_null(model);
}

static void what_a_file_is_is_named(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *message;
    } cases[] = {
#define CASE(text, message) {text, sizeof(text) - 1, message}
        CASE("", "this is empty"),
        CASE("\x80\x04\x95", "a Python pickle, which runs code"),
        CASE("\x1f\x8b\x08", "a compressed file"),
        CASE("PK\x03\x04", "a zip archive"),
        CASE("CBM1", "a model of CatBoost"),
        CASE("binf", "as of before 1.0"),
        CASE("\x93NUMPY", "a NumPy array"),
        CASE("booster[0]:\n0:[f0<1]", "XGBoost's dump for people"),
        CASE("[{\"nodeid\": 0}]", "XGBoost's dump for people"),
        CASE("{\"name\": \"tree\", \"tree_info\": []}", "LightGBM's dump_model"),
        CASE("{\"oblivious_trees\": []}", "CatBoost in JSON"),
        CASE("{\"format\": \"x\"}", "a JSON file of another format"),
        CASE("{}", "JSON, but no model that is known"),
        CASE("[]", "a JSON array"),
        CASE("{", "not valid JSON"),
        CASE("timestamp,open\n", "no model that is known. Taken are: "),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refusal(cases[i].bytes, cases[i].length, cases[i].message);
}

static void expect_edit(const char *file, const char *from, const char *to, const char *message) {
    char path[1024], *text = NULL;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", own_folder, file);
    ok(pxi_file_read(path, &text, &length, &ok_err));
    const char *at = memmem(text, length, from, strlen(from));
    if (!at)
        fail_msg("\"%s\" is not in %s", from, file);
    const size_t before = (size_t)(at - text), behind = length - before - strlen(from);
    char *changed = malloc(length + strlen(to) + 1);
    memcpy(changed, text, before);
    memcpy(changed + before, to, strlen(to));
    memcpy(changed + before + strlen(to), at + strlen(from), behind);
    expect_refusal(changed, before + strlen(to) + behind, message);
    free(changed);
    free(text);
}

static void what_a_model_is_instead_is_named(void **state) {
    (void)state;
    static const struct {
        const char *file, *from, *to, *message;
    } cases[] = {
        {"xgboost3_2_boosted.json", "binary:logistic", "binary:hinge",
         "an XGBoost model of objective \"binary:hinge\""},
        {"xgboost3_2_boosted.json", "\"name\":\"gbtree\"", "\"name\":\"dart\"",
         "booster \"dart\"; taken are trees"},
        {"xgboost3_2_boosted.json", "\"num_class\":\"0\"", "\"num_class\":\"3\"",
         "XGBoost model of 3 classes"},
        {"xgboost3_2_boosted.json", "\"num_target\":\"1\"", "\"num_target\":\"2\"",
         "XGBoost model of 2 targets"},
        {"xgboost3_2_boosted.json", "\"adx\"", "\"rsi\"", "its input \"rsi\" is none of an event's"},
        {"xgboost3_2_boosted.json", "\"split_type\":[0", "\"split_type\":[1", "splits on categories"},
        {"xgboost3_2_boosted.json", "\"attributes\":{", "\"attributes\":{\"start_margin\":\"0\"",
         "a model file of pixity"},
        {"lightgbm_missing.txt", "objective=binary sigmoid:1", "objective=regression",
         "LightGBM model of objective \"regression\""},
        {"lightgbm_missing.txt", "objective=binary sigmoid:1", "objective=binary sigmoid:-1",
         "slope (sigmoid)"},
        {"lightgbm_missing.txt", "num_class=1", "num_class=3", "LightGBM model of 3 classes"},
        {"lightgbm_missing.txt", "num_cat=0", "num_cat=2", "tree 0 splits on categories"},
        {"lightgbm_missing.txt", "is_linear=0", "is_linear=1", "tree 0 has linear leaves"},
        {"lightgbm_missing.txt", "end of trees", "", "it was cut"},
        {"lightgbm_missing.txt", "feature_names=vwap_dist", "feature_names=vwap_dst",
         "did you mean \"vwap_dist\"?"},
        {"lightgbm_missing.txt", "leaf_value=", "leaf_value=1 ", "leaf_value is no list of"},
        {"sklearn_standard.json", "\"pixity sklearn model\"", "\"pixity sklearn network\"",
         "a JSON file of another format"},
        {"sklearn_standard.json", "\"kind\":\"logistic\"", "\"kind\":\"margin\"",
         "a margin without a calibration"},
        {"sklearn_standard.json", "\"kind\":\"logistic\"", "\"kind\":\"tree\"",
         "its model is of kind \"tree\""},
        {"sklearn_standard.json", "\"kind\":\"fill\"", "\"kind\":\"drop\"", "its step \"drop\" is not known"},
        {"sklearn_standard.json", "\"divide\":[", "\"divide\":[1,", "divide is no list of 7 numbers"},
        {"sklearn_standard.json", "\"coefficients\":[", "\"coefficients\":[1,",
         "coefficients is no list of 7 numbers"},
        {"sklearn_sigmoid.json", "\"kind\":\"sigmoid\"", "\"kind\":\"beta\"",
         "its calibration \"beta\" is not known"},
        {"onnx_forest.onnx", "\"\x16TreeEnsembleClassifier", "\"\x16TreeEnsembleRegressor_",
         "operator \"TreeEnsembleRegressor_\""},
        {"onnx_forest.onnx", "BRANCH_LEQ", "BRANCH_NEQ", "has the mode BRANCH_NEQ"},
        {"onnx_forest.onnx", "NONE", "SOFT", "neither NONE nor LOGISTIC"},
        {"onnx_standard.onnx", "\"\x07Imputer",
         "\"\x07"
         "Binaryz",
         "operator \"Binaryz\""},
        {"onnx_standard.onnx", "LOGISTIC", "PROBIT__", "neither LOGISTIC nor SOFTMAX"},
        {"onnx_standard.onnx", "offset", "offseT", "offset and scale of its Scaler"},
        {"sklearn_isotonic.json", "\"x\":[", "\"x\":[9,", "is no list of"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_edit(cases[i].file, cases[i].from, cases[i].to, cases[i].message);
}

/* ---- damage ------------------------------------------------------------------------------------------- */

/* Cut anywhere, and with any byte changed: a model or a message, nothing else. */
static void damage(const char *file) {
    char path[1024], *bytes = NULL;
    size_t length;
    pxi_rng rng;
    pxi_rng_seed(&rng, 5);
    snprintf(path, sizeof path, "%s/%s", own_folder, file);
    ok(pxi_file_read(path, &bytes, &length, &ok_err));
    for (int i = 0; i < rounds(300); i++) {
        char *copy = malloc(length);
        size_t n = length;
        px_predictor *model = NULL;
        px_error err = {0};
        memcpy(copy, bytes, length);
        if (i % 3 == 0)
            n = pxi_rng_below(&rng, length);
        else
            copy[pxi_rng_below(&rng, length)] = (char)pxi_rng_below(&rng, 256);
        px_status status = px_model_file_read(copy, n, "damaged", NULL, &model, &err);
        assert_true(status == PX_OK || (status == PX_EINPUT && *err.message));
        assert_true((status == PX_OK) == (model != NULL));
        const double row[PX_N_INPUTS] = {0};
        double p;
        if (model)
            (void)!px_predictor_predict_events(model, row, 1, &p, NULL);
        px_predictor_free(&model);
        free(copy);
    }
    free(bytes);
}

static void any_damage_is_survived(void **state) {
    (void)state;
    static const char *const files[] = {
        "xgboost3_2_boosted.json", "xgboost3_2_boosted.ubj", "lightgbm_missing.txt",
        "sklearn_forest.json",     "sklearn_sigmoid.json",   "sklearn_standard.json",
        "onnx_forest.onnx",        "onnx_standard.onnx",     "onnx_xgboost.onnx",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        damage(files[i]);
}

int main(int argc, char **argv) {
    const char *source = getenv("PIXITY_SOURCE");
    snprintf(own_folder, sizeof own_folder, "%s/tests/unit/foreign", source ? source : ".");
    folder = argc > 1 ? argv[1] : own_folder;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_the_library),
        cmocka_unit_test(what_a_file_is_is_named),
        cmocka_unit_test(what_a_model_is_instead_is_named),
        cmocka_unit_test(any_damage_is_survived),
    };
    return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
