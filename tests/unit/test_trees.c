// SPDX-License-Identifier: Apache-2.0
/* Prediction by our own trees: against the plain walk, and against the XGBoost library, to the last bit. The
 * library is whichever the loader finds; LD_LIBRARY_PATH takes another one. */
#include "learners/flat.h"
#include "learners/trees.h"

#include "depth.h"
#include "rows_kit.h"

#include <dlfcn.h>
#include <xgboost/c_api.h>

/* ---- rows --------------------------------------------------------------------------------------------- */

static bool same(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Conditions of the trees by number, over and over. */
static float condition_of(const pxi_ensemble *e, size_t number, int *input) {
    for (;; number++) {
        const pxi_tree *tree = &e->trees[number % e->n];
        for (size_t i = number % tree->n; i < tree->n; i++)
            if (tree->nodes[i].left >= 0) {
                *input = tree->nodes[i].input;
                return tree->nodes[i].value;
            }
    }
}

/* Random rows; then rows on conditions and one float beside them; inputs are missing here and there. */
static data make_rows(const pxi_ensemble *e, size_t n, uint64_t seed) {
    data d = make_data(n, seed);
    pxi_rng rng;
    pxi_rng_seed(&rng, seed);
    for (size_t i = n / 3; i < n; i++)
        for (int k = 0; k < PX_N_INPUTS; k++) {
            int input = 0;
            const float condition = condition_of(e, (size_t)pxi_rng_below(&rng, 1 << 20), &input);
            const float near[] = {condition, nextafterf(condition, -INFINITY),
                                  nextafterf(condition, INFINITY), condition, NAN};
            d.x[i * PX_N_INPUTS + (size_t)input] = near[pxi_rng_below(&rng, 5)];
        }
    return d;
}

/* ---- the plain walk ----------------------------------------------------------------------------------- */

static float leaf_of(const pxi_tree *tree, const float *x) {
    const pxi_tree_node *node = tree->nodes;
    while (node->left >= 0) {
        const float value = x[node->input];
        const bool goes_left = isnan(value) ? node->missing_left : value < node->value;
        node = &tree->nodes[node->left + !goes_left];
    }
    return node->value;
}

static double plain_sum(const pxi_ensemble *e, const float *x, size_t step) {
    double sum = 0;
    for (size_t begin = 0; begin < e->n; begin += step) {
        float part = 0;
        for (size_t t = begin; t < e->n && t < begin + step; t++)
            part += leaf_of(&e->trees[t], x);
        sum += (double)part;
    }
    return sum;
}

/* A tree that grows by splitting leaves at random: deep where `lopsided`. */
static pxi_tree random_tree(pxi_rng *rng, size_t n_splits, bool lopsided) {
    static const float special[] = {0, -0.0F, INFINITY, -INFINITY, 3.4028235e38F, -3.4028235e38F, 1e-45F};
    pxi_tree tree = {1, calloc(2 * n_splits + 1, sizeof *tree.nodes)};
    tree.nodes[0] = (pxi_tree_node){.left = -1, .parent = -1, .value = (float)pxi_rng_uniform(rng)};
    for (size_t s = 0; s < n_splits; s++) {
        size_t at = lopsided ? tree.n - 1 : (size_t)pxi_rng_below(rng, tree.n);
        while (tree.nodes[at].left >= 0)
            at = (size_t)tree.nodes[at].left + pxi_rng_below(rng, 2);
        pxi_tree_node *node = &tree.nodes[at];
        node->left = (int)tree.n;
        node->input = (int)pxi_rng_below(rng, PX_N_INPUTS);
        node->missing_left = pxi_rng_below(rng, 2) != 0;
        node->value = pxi_rng_below(rng, 8) ? (float)(2 * pxi_rng_uniform(rng) - 1)
                                            : special[pxi_rng_below(rng, sizeof special / sizeof *special)];
        for (int c = 0; c < 2; c++)
            tree.nodes[tree.n++] =
                (pxi_tree_node){.left = -1,
                                .parent = (int)at,
                                .value = pxi_rng_below(rng, 9) ? (float)(pxi_rng_uniform(rng) - 0.5) : -0.0F};
    }
    return tree;
}

/* All shapes, all block sizes, infinities and zeros of both signs among the rows. */
static void flat_trees_answer_as_the_plain_walk(void **state) {
    (void)state;
    static const size_t counts[] = {1, 7, 8, 9, 32, 33, 100};
    static const float special[] = {0,   -0.0F,         INFINITY,       -INFINITY,
                                    NAN, 3.4028235e38F, -3.4028235e38F, 1e-45F};
    pxi_rng rng;
    pxi_rng_seed(&rng, 1);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        pxi_ensemble e = {.n = counts[c], .trees = calloc(counts[c], sizeof *e.trees)};
        for (size_t t = 0; t < e.n; t++)
            e.trees[t] = random_tree(&rng, t % 5 == 4 ? 0 : 1 + pxi_rng_below(&rng, 200), t % 3 == 1);
        pxi_flat *flat = NULL;
        assert_int_equal(pxi_flat_make(e.trees, e.n, &flat, NULL), PX_OK);
        data d = make_rows(&e, 1000, 2 + c);
        for (size_t i = 0; i < 300 * PX_N_INPUTS; i++)
            if (pxi_rng_below(&rng, 4) == 0)
                d.x[i] = special[pxi_rng_below(&rng, sizeof special / sizeof *special)];
        double *sum = calloc(d.n, sizeof *sum);
        for (size_t step = 1; step <= 128; step *= 4) {
            memset(sum, 0, d.n * sizeof *sum);
            for (size_t begin = 0, n = 1; begin < d.n; begin += n, n = n * 2 + 1) {
                n = n < d.n - begin ? n : d.n - begin;
                pxi_flat_add(flat, &d.x[begin * PX_N_INPUTS], n, step, 0, &sum[begin]);
            }
            for (size_t i = 0; i < d.n; i++)
                if (!same(sum[i], plain_sum(&e, &d.x[i * PX_N_INPUTS], step)))
                    fail_msg("%zu trees, step %zu, row %zu: %.17g", e.n, step, i, sum[i]);
        }
        free(sum);
        free_data(&d);
        pxi_flat_free(flat);
        pxi_ensemble_free(&e);
    }
}

/* ---- the library -------------------------------------------------------------------------------------- */

#define FUNCTIONS(X)                                                                                         \
    X(XGBoostVersion)                                                                                        \
    X(XGBGetLastError)                                                                                       \
    X(XGBoosterCreate)                                                                                       \
    X(XGBoosterFree)                                                                                         \
    X(XGBoosterSetParam)                                                                                     \
    X(XGBoosterUpdateOneIter)                                                                                \
    X(XGBoosterSaveModelToBuffer)                                                                            \
    X(XGBoosterLoadModelFromBuffer)                                                                          \
    X(XGBoosterPredictFromDMatrix)                                                                           \
    X(XGDMatrixCreateFromMat)                                                                                \
    X(XGDMatrixSetFloatInfo)                                                                                 \
    X(XGDMatrixFree)

#define DECLARE(name) static __typeof__(&name) lib_##name;
FUNCTIONS(DECLARE)

static bool open_library(void) {
    void *library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        library = dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
#define LOAD(name)                                                                                           \
    *(void **)&lib_##name = dlsym(library, #name);                                                           \
    assert_non_null(lib_##name);
    FUNCTIONS(LOAD)
    int major, minor, patch;
    lib_XGBoostVersion(&major, &minor, &patch);
    print_message("beside XGBoost %d.%d.%d\n", major, minor, patch);
    return true;
}

#define lib_ok(call)                                                                                         \
    do {                                                                                                     \
        if ((call) != 0)                                                                                     \
            fail_msg("XGBoost: %s", lib_XGBGetLastError());                                                  \
    } while (0)

static BoosterHandle load(const char *bytes, size_t length) {
    BoosterHandle booster = NULL;
    lib_ok(lib_XGBoosterCreate(NULL, 0, &booster));
    lib_ok(lib_XGBoosterSetParam(booster, "nthread", "1"));
    lib_ok(lib_XGBoosterLoadModelFromBuffer(booster, bytes, length));
    return booster;
}

/* What the library makes of the trees [begin, end), 0 .. 0 = all; type 0: the probability, 1: the margin. */
static void ask_library(BoosterHandle booster, const data *d, int type, size_t begin, size_t end,
                        double *out) {
    char how[200];
    const bst_ulong *shape;
    bst_ulong n_dimensions;
    const float *answers;
    DMatrixHandle matrix = NULL;
    snprintf(how, sizeof how,
             "{\"type\": %d, \"training\": false, \"iteration_begin\": %zu, \"iteration_end\": %zu, "
             "\"strict_shape\": true}",
             type, begin, end);
    lib_ok(lib_XGDMatrixCreateFromMat(d->x, d->n, PX_N_INPUTS, NAN, &matrix));
    lib_ok(lib_XGBoosterPredictFromDMatrix(booster, matrix, how, &shape, &n_dimensions, &answers));
    assert_int_equal(shape[0], d->n);
    for (size_t i = 0; i < d->n; i++)
        out[i] += (double)answers[i];
    lib_ok(lib_XGDMatrixFree(matrix));
}

static void compare(const char *what, const double *ours, const double *theirs, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!same(ours[i], theirs[i]))
            fail_msg("%s, row %zu: %.17g, the library says %.17g", what, i, ours[i], theirs[i]);
}

static px_predictor *train(const px_learner *learner, size_t n, uint64_t seed) {
    data d = make_data(n, seed);
    px_learner_config config = px_learner_config_default(learner);
    px_predictor *trained = NULL;
    px_error err;
    if (px_predictor_train(d.x, d.y, d.n, &config, &trained, &err))
        fail_msg("%s", err.message);
    free_data(&d);
    return trained;
}

/* The library reads the file that we write, and its sums of the trees are those that ours come from. */
static void check_learner(const px_learner *learner, size_t n_rows) {
    px_predictor *trained = train(learner, n_rows, 5);
    const pxi_ensemble *e = pxi_trees_ensemble(trained);
    data d = make_rows(e, 3000, 6);
    double *ours = calloc(d.n, sizeof *ours), *theirs = calloc(d.n, sizeof *theirs);
    char *bytes;
    size_t length;
    assert_int_equal(px_predictor_serialize(trained, &bytes, &length, NULL), PX_OK);
    BoosterHandle booster = load(bytes, length);
    assert_int_equal(px_predictor_predict(trained, d.x, d.n, ours, NULL), PX_OK);
    if (e->vote == PXI_VOTE_LOGIT)
        ask_library(booster, &d, 1, 0, 0, theirs);
    else
        for (size_t begin = 0; begin < e->n; begin += 32)
            ask_library(booster, &d, 0, begin, begin + 32 < e->n ? begin + 32 : e->n, theirs);
    for (size_t i = 0; i < d.n; i++)
        theirs[i] =
            e->vote == PXI_VOTE_LOGIT ? 1 / (1 + exp(-(e->start + theirs[i]))) : fmin(fmax(theirs[i], 0), 1);
    compare(px_learner_name(learner), ours, theirs, d.n);
    lib_ok(lib_XGBoosterFree(booster));
    free(bytes);
    free(ours);
    free(theirs);
    px_predictor_free(&trained);
    free_data(&d);
}

static void trees_answer_as_the_library(void **state) {
    (void)state;
    if (!open_library())
        skip();
    check_learner(&pxi_rf, 2000);
    check_learner(&pxi_rf, 50);
    check_learner(&pxi_gbt, 2000);
    check_learner(&pxi_gbt, 50);
}

/* As models were made before: the start value is the library's, and lies in the file. */
static BoosterHandle train_with_own_start(const data *d) {
    static const char *const settings[][2] = {{"booster", "gbtree"},    {"objective", "binary:logistic"},
                                              {"base_score", "0.3125"}, {"tree_method", "hist"},
                                              {"eta", "0.1"},           {"max_depth", "4"},
                                              {"gamma", "0.5"}, /* prunes */
                                              {"nthread", "1"} /* threads that wait burn time */};
    BoosterHandle booster = NULL;
    DMatrixHandle matrix = NULL;
    float *y = calloc(d->n, sizeof *y);
    for (size_t i = 0; i < d->n; i++)
        y[i] = d->y[i];
    lib_ok(lib_XGDMatrixCreateFromMat(d->x, d->n, PX_N_INPUTS, NAN, &matrix));
    lib_ok(lib_XGDMatrixSetFloatInfo(matrix, "label", y, d->n));
    lib_ok(lib_XGBoosterCreate(&matrix, 1, &booster));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        lib_ok(lib_XGBoosterSetParam(booster, settings[i][0], settings[i][1]));
    for (int t = 0; t < 60; t++)
        lib_ok(lib_XGBoosterUpdateOneIter(booster, t, matrix));
    lib_ok(lib_XGDMatrixFree(matrix));
    free(y);
    return booster;
}

static void files_of_the_library_mean_what_it_says(void **state) {
    (void)state;
    if (!lib_XGBoostVersion && !open_library())
        skip();
    data d = make_data(1500, 7);
    BoosterHandle booster = train_with_own_start(&d);
    bst_ulong length;
    const char *bytes;
    px_predictor *read = NULL, *again = NULL;
    px_error err;
    lib_ok(lib_XGBoosterSaveModelToBuffer(booster, "{\"format\": \"ubj\"}", &length, &bytes));
    if (px_predictor_deserialize(&pxi_gbt, bytes, length, &read, &err))
        fail_msg("%s", err.message);
    data rows = make_rows(pxi_trees_ensemble(read), 3000, 8);
    double *ours = calloc(rows.n, sizeof *ours), *theirs = calloc(rows.n, sizeof *theirs);
    assert_int_equal(px_predictor_predict(read, rows.x, rows.n, ours, NULL), PX_OK);
    ask_library(booster, &rows, 0, 0, 0, theirs);
    compare("a file of the library", ours, theirs, rows.n);
    char *written;
    size_t n_written;
    assert_int_equal(px_predictor_serialize(read, &written, &n_written, NULL), PX_OK);
    assert_int_equal(px_predictor_deserialize(&pxi_gbt, written, n_written, &again, NULL), PX_OK);
    assert_int_equal(px_predictor_predict(again, rows.x, rows.n, ours, NULL), PX_OK);
    compare("the same, written anew", ours, theirs, rows.n);
    free(written);
    free(ours);
    free(theirs);
    px_predictor_free(&read);
    px_predictor_free(&again);
    free_data(&d);
    free_data(&rows);
    lib_ok(lib_XGBoosterFree(booster));
}

/* ---- files -------------------------------------------------------------------------------------------- */

static char *edited(const char *bytes, size_t length, const char *from, const char *to) {
    char *copy = malloc(length);
    memcpy(copy, bytes, length);
    char *at = memmem(copy, length, from, strlen(from));
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    return copy;
}

static void other_models_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        px_status status;
        const char *message;
    } cases[] = {
        {"0E0", "[0]", PX_OK, ""}, /* as XGBoost 3.1 writes it */
        {"0E0", "5.0", PX_EMISMATCH, "objective is \"reg:squarederror\" with start value 5"},
        {"0E0", "[0 ", PX_ECORRUPT, "its start value (base_score) is no number"},
        {"reg:squarederror", "reg:pseudohuberr", PX_EMISMATCH, "objective is \"reg:pseudohuberr\""},
        {"reg:squarederror", "binary:logistic\n", PX_EMISMATCH, "objective is"},
        {"gbtree}", "gblinr}", PX_ECORRUPT, "no XGBoost model of trees"},
        {"left_children", "left_childrem", PX_ECORRUPT, "tree 0 has no nodes"},
        {"default_left", "default_lefs", PX_ECORRUPT, "default_left of tree 0 is no list of"},
        {"split_conditions", "split_condition_", PX_ECORRUPT, "split_conditions of tree 0 is no list of"},
    };
    px_predictor *forest = train(&pxi_rf, 200, 9);
    char *bytes;
    size_t length;
    assert_int_equal(px_predictor_serialize(forest, &bytes, &length, NULL), PX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *other = edited(bytes, length, cases[i].from, cases[i].to);
        px_predictor *read = NULL;
        px_error err = {0};
        const px_status status = px_predictor_deserialize(&pxi_rf, other, length, &read, &err);
        if (status != cases[i].status || !strstr(err.message, cases[i].message))
            fail_msg("case %zu: status %d, \"%s\"", i, status, err.message);
        assert_true((status == PX_OK) == (read != NULL));
        px_predictor_free(&read);
        free(other);
    }
    free(bytes);
    px_predictor_free(&forest);
}

/* Cut anywhere it is refused; with bytes changed it is refused or predicts. */
static void damaged_files_are_survived(void **state) {
    (void)state;
    px_predictor *forest = train(&pxi_gbt, 300, 10);
    char *bytes;
    size_t length;
    float x[PX_N_INPUTS] = {0};
    double p;
    pxi_rng rng;
    pxi_rng_seed(&rng, 11);
    assert_int_equal(px_predictor_serialize(forest, &bytes, &length, NULL), PX_OK);
    for (size_t cut = 0; cut < length; cut += 1 + cut / 50) {
        px_predictor *read = NULL;
        char *part = malloc(cut ? cut : 1); /* of this size, so that reading past its end is seen */
        memcpy(part, bytes, cut);
        assert_int_equal(px_predictor_deserialize(&pxi_gbt, part, cut, &read, NULL), PX_ECORRUPT);
        assert_null(read);
        free(part);
    }
    for (int i = 0; i < rounds(3000); i++) {
        px_predictor *read = NULL;
        char *other = malloc(length);
        memcpy(other, bytes, length);
        for (uint64_t k = 0; k <= pxi_rng_below(&rng, 3); k++)
            other[pxi_rng_below(&rng, i % 2 ? 600 : length)] = (char)pxi_rng_next(&rng);
        if (px_predictor_deserialize(&pxi_gbt, other, length, &read, NULL) == PX_OK)
            (void)!px_predictor_predict(read, x, 1, &p, NULL);
        px_predictor_free(&read);
        free(other);
    }
    free(bytes);
    px_predictor_free(&forest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_trees_answer_as_the_plain_walk),
        cmocka_unit_test(trees_answer_as_the_library),
        cmocka_unit_test(files_of_the_library_mean_what_it_says),
        cmocka_unit_test(other_models_are_refused),
        cmocka_unit_test(damaged_files_are_survived),
    };
    return cmocka_run_group_tests_name("trees", tests, NULL, NULL);
}
