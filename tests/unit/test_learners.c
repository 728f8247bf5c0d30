// SPDX-License-Identifier: Apache-2.0
/* What every learner of the table promises, and what logistic regression is by its definition. */
#include "learners/learner.h"

#include "base/hash.h"
#include "rows_kit.h"

#include <pthread.h>
#include <unistd.h>

static px_predictor *train(const px_learner *learner, const data *d) {
    const px_learner_config config = px_learner_config_default(learner);
    px_predictor *predictor = NULL;
    px_error err;
    if (px_predictor_train(d->x, d->y, d->n, &config, &predictor, &err))
        fail_msg("%s: %s", px_learner_name(learner), err.message);
    assert_ptr_equal(px_predictor_learner(predictor), learner);
    return predictor;
}

static double *predict(const px_predictor *predictor, const data *d) {
    double *p = calloc(d->n, sizeof *p);
    assert_int_equal(px_predictor_predict(predictor, d->x, d->n, p, NULL), PX_OK);
    for (size_t i = 0; i < d->n; i++)
        assert_true(p[i] >= 0 && p[i] <= 1);
    return p;
}

typedef struct bytes {
    char *data;
    size_t length;
} bytes;

static bytes serialize(const px_predictor *predictor) {
    bytes b;
    assert_int_equal(px_predictor_serialize(predictor, &b.data, &b.length, NULL), PX_OK);
    return b;
}

/* Runs a check for every learner. */
static void each(void (*check)(const px_learner *learner)) {
    size_t n = 0;
    for (; px_learner_at(n); n++)
        check(px_learner_at(n));
    assert_int_equal(n, 3);
}

/* ---- promises ----------------------------------------------------------------------------------------- */

typedef struct job {
    const px_learner *learner;
    bytes made;
} job;

static void *train_in_thread(void *argument) {
    job *j = argument;
    data d = make_data(1200, 21);
    px_predictor *predictor = train(j->learner, &d);
    j->made = serialize(predictor);
    px_predictor_free(&predictor);
    free_data(&d);
    return NULL;
}

static void check_same_bytes(const px_learner *learner) {
    job here = {.learner = learner}, there = {.learner = learner};
    pthread_t thread;
    train_in_thread(&here);
    data other = make_data(300, 22); /* whatever state a training leaves behind */
    px_predictor *predictor = train(learner, &other);
    px_predictor_free(&predictor);
    free_data(&other);
    assert_int_equal(pthread_create(&thread, NULL, train_in_thread, &there), 0);
    pthread_join(thread, NULL);
    assert_int_equal(here.made.length, there.made.length);
    assert_memory_equal(here.made.data, there.made.data, here.made.length);
    free(here.made.data);
    free(there.made.data);
}

static void same_rows_same_bytes(void **state) {
    (void)state;
    each(check_same_bytes);
}

static void hash_of(const px_learner *learner, char out[PXI_HASH_TEXT_SIZE]) {
    job j = {.learner = learner};
    pxi_hash hash;
    train_in_thread(&j);
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, j.made.data, j.made.length);
    pxi_hash_hex(&hash, out);
    free(j.made.data);
}

/* OpenMP reads its variables when the program starts: this program again, once for each count. */
static void check_threads(const px_learner *learner) {
    char here[PXI_HASH_TEXT_SIZE], self[4096], command[4300];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(length > 0);
    self[length] = '\0';
    hash_of(learner, here);
    for (int threads = 1; threads <= 8; threads *= 2) {
        char there[PXI_HASH_TEXT_SIZE] = "";
        snprintf(command, sizeof command, "OMP_NUM_THREADS=%d OMP_DYNAMIC=false '%s' --hash %s", threads,
                 self, px_learner_name(learner));
        FILE *pipe = popen(command, "r");
        assert_non_null(pipe);
        assert_non_null(fgets(there, sizeof there, pipe));
        assert_int_equal(pclose(pipe), 0);
        assert_string_equal(there, here);
    }
}

static void same_bytes_at_any_thread_count(void **state) {
    (void)state;
    each(check_threads);
}

/* What was read back predicts the same bits, one row at a time too, and writes the same bytes. */
static void check_reads_back(const px_learner *learner) {
    data d = make_data(800, 23), fresh = make_data(200, 24);
    px_predictor *predictor = train(learner, &d), *loaded = NULL;
    bytes first = serialize(predictor);
    assert_int_equal(px_predictor_deserialize(learner, first.data, first.length, &loaded, NULL), PX_OK);
    bytes second = serialize(loaded);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    double *p = predict(predictor, &fresh), one;
    for (size_t i = 0; i < fresh.n; i++) {
        assert_int_equal(px_predictor_predict(loaded, &fresh.x[i * PX_N_INPUTS], 1, &one, NULL), PX_OK);
        assert_memory_equal(&one, &p[i], sizeof one);
    }
    assert_int_equal(px_predictor_predict(loaded, NULL, 0, NULL, NULL), PX_OK);
    free(p);
    free(first.data);
    free(second.data);
    px_predictor_free(&predictor);
    px_predictor_free(&loaded);
    free_data(&d);
    free_data(&fresh);
}

static void models_read_back(void **state) {
    (void)state;
    each(check_reads_back);
}

static void check_damage(const px_learner *learner) {
    static const char *const bad[] = {"", "no model", "{}", "[1, 2]",
                                      "{\"format\": \"pixity logistic regression\"}"};
    px_predictor *loaded = NULL;
    px_error err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(px_predictor_deserialize(learner, bad[i], strlen(bad[i]), &loaded, &err), PX_OK);
        assert_null(loaded);
        assert_null(strchr(err.message, '\n'));
    }
}

static void damaged_bytes_are_refused(void **state) {
    (void)state;
    each(check_damage);
}

/* Inputs tell something and missing ones do not break it: better than luck on fresh rows. */
static void check_learns(const px_learner *learner) {
    data d = make_data(3000, 25), fresh = make_data(2000, 26);
    for (size_t i = 0; i < d.n; i += 3)
        d.x[i * PX_N_INPUTS + i % 2] = NAN; /* the two that matter most */
    px_predictor *predictor = train(learner, &d);
    double *p = predict(predictor, &fresh), ours = 0, rate = 0;
    for (size_t i = 0; i < fresh.n; i++)
        rate += fresh.y[i] / (double)fresh.n;
    for (size_t i = 0; i < fresh.n; i++)
        ours += (p[i] - fresh.y[i]) * (p[i] - fresh.y[i]) / (double)fresh.n;
    assert_true(ours < 0.97 * rate * (1 - rate));
    float missing[PX_N_INPUTS];
    for (int k = 0; k < PX_N_INPUTS; k++)
        missing[k] = NAN;
    double one;
    assert_int_equal(px_predictor_predict(predictor, missing, 1, &one, NULL), PX_OK);
    assert_true(one > 0.05 && one < 0.95);
    free(p);
    px_predictor_free(&predictor);
    free_data(&d);
    free_data(&fresh);
}

static void all_learn_with_missing_inputs(void **state) {
    (void)state;
    each(check_learns);
}

static void check_importance(const px_learner *learner) {
    data d = make_data(4000, 27);
    px_predictor *predictor = train(learner, &d);
    double share[PX_N_INPUTS], sum = 0;
    assert_int_equal(px_predictor_importance(predictor, share, NULL), PX_OK);
    for (int k = 0; k < PX_N_INPUTS; k++) {
        assert_true(share[k] >= 0);
        sum += share[k];
    }
    assert_true(fabs(sum - 1) < 1e-12);
    assert_true(share[0] > 0.2 && share[1] > 0.2 && share[KIT_INPUT_HOUR] > share[KIT_INPUT_MINUTE]);
    px_predictor_free(&predictor);
    free_data(&d);
}

static void importance_finds_what_matters(void **state) {
    (void)state;
    each(check_importance);
}

/* Rows of one class: all but certain of it, of no input, and finite. */
static void check_one_class(const px_learner *learner) {
    const size_t sizes[] = {1, 2, 60};
    double share[PX_N_INPUTS];
    for (size_t s = 0; s < 3; s++)
        for (int y = 0; y <= 1; y++) {
            data d = make_data(sizes[s], 28);
            memset(d.y, y, d.n);
            px_predictor *predictor = train(learner, &d);
            double *p = predict(predictor, &d);
            for (size_t i = 0; i < d.n; i++) {
                assert_true(fabs(p[i] - y) <= 1.0 / ((double)d.n + 2) + 1e-6);
                assert_true(fabs(p[i] - p[0]) < 1e-6);
            }
            assert_int_equal(px_predictor_importance(predictor, share, NULL), PX_OK);
            for (int k = 0; k < PX_N_INPUTS; k++)
                assert_true(share[k] == 0);
            free(p);
            px_predictor_free(&predictor);
            free_data(&d);
        }
}

static void one_class_is_all_but_certain(void **state) {
    (void)state;
    each(check_one_class);
}

/* Inputs that never change, or are never there, say nothing: the rate of targets remains. */
static void check_constant(const px_learner *learner) {
    const float constants[] = {0, 1234.5678f, NAN};
    double share[PX_N_INPUTS];
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        data d = make_data(400, 29);
        double rate = 0;
        for (size_t i = 0; i < d.n * PX_N_INPUTS; i++)
            d.x[i] = constants[c];
        for (size_t i = 0; i < d.n; i++)
            rate += (d.y[i] = i % 4 == 0) / (double)d.n;
        px_predictor *predictor = train(learner, &d);
        double *p = predict(predictor, &d);
        assert_true(fabs(p[0] - rate) < 0.01);
        assert_true(p[0] == p[d.n - 1]);
        assert_int_equal(px_predictor_importance(predictor, share, NULL), PX_OK);
        assert_true(share[0] == 0 && share[KIT_INPUT_VOL_Z] == 0);
        free(p);
        px_predictor_free(&predictor);
        free_data(&d);
    }
}

static void constant_inputs_say_nothing(void **state) {
    (void)state;
    each(check_constant);
}

static void check_refusals(const px_learner *learner) {
    data d = make_data(30, 30);
    px_learner_config config = px_learner_config_default(learner);
    px_predictor *predictor = NULL;
    px_error err;
    assert_int_equal(px_predictor_train(d.x, d.y, 0, &config, &predictor, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "no rows"));
    d.x[8] = -INFINITY;
    assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &predictor, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "ema_slope of training row 1 is infinite"));
    assert_null(predictor);
    config.values[0] = -1;
    assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &predictor, &err), PX_EINPUT);
    free_data(&d);
}

static void bad_rows_and_parameters_are_refused(void **state) {
    (void)state;
    each(check_refusals);
}

/* Both ends of a range belong to it; what is counted, and the seed, is whole. */
static void check_ranges(const px_learner *learner) {
    static const char *const counted[] = {"trees", "max_depth", "inputs_per_node", "seed"};
    px_learner_config config = px_learner_config_default(learner);
    px_error err;
    for (size_t i = 0; i < learner->n_parameters; i++) {
        const px_parameter *p = &learner->parameters[i];
        bool whole = false;
        for (size_t k = 0; k < sizeof counted / sizeof *counted; k++)
            whole |= strcmp(p->name, counted[k]) == 0;
        assert_int_equal(px_learner_config_set(&config, p->name, p->minimum, NULL), PX_OK);
        assert_int_equal(px_learner_config_set(&config, p->name, p->maximum, NULL), PX_OK);
        assert_int_equal(px_learner_config_set(&config, p->name, nextafter(p->minimum, -1e9), NULL),
                         PX_EINPUT);
        assert_int_equal(px_learner_config_set(&config, p->name, nextafter(p->maximum, 1e18), NULL),
                         PX_EINPUT);
        assert_int_equal(px_learner_config_set(&config, p->name, NAN, NULL), PX_EINPUT);
        assert_true(config.values[i] == p->maximum); /* what was refused changed nothing */
        const px_status status =
            px_learner_config_set(&config, p->name, (p->minimum + p->maximum) / 2 + 0.25, &err);
        if (status != (whole ? PX_EINPUT : PX_OK) || (whole && !strstr(err.message, "takes a whole number")))
            fail_msg("%s of %s: status %d", p->name, learner->name, status);
    }
}

static void parameters_have_their_ranges(void **state) {
    (void)state;
    each(check_ranges);
}

static void learners_are_found_by_name(void **state) {
    (void)state;
    const px_learner *learner = NULL;
    px_error err;
    for (size_t i = 0; px_learner_at(i); i++) {
        assert_int_equal(px_learner_find(px_learner_name(px_learner_at(i)), &learner, NULL), PX_OK);
        assert_ptr_equal(learner, px_learner_at(i));
        assert_true(strlen(px_learner_summary(learner)) > 10);
    }
    assert_int_equal(px_learner_find(NULL, &learner, NULL), PX_OK);
    assert_string_equal(px_learner_name(learner), "rf");
    assert_int_equal(px_learner_find("logistics", &learner, &err), PX_EINPUT);
    assert_string_equal(
        err.message, "unknown learner \"logistics\"; did you mean \"logistic\"? (known: rf, gbt, logistic)");
    assert_string_equal(px_learner_name(learner), "rf");
}

/* ---- logistic regression ------------------------------------------------------------------------------ */

/* At the minimum the slope of the penalised log loss is 0 in every direction: checked on the model as it is
 * written, by its written formula. */
static void logistic_stands_at_the_minimum(void **state) {
    (void)state;
    const double cs[] = {1e-3, 1, 100};
    for (size_t c = 0; c < 3; c++) {
        data d = make_data(500, 31);
        px_learner_config config = px_learner_config_default(&pxi_logistic);
        px_predictor *predictor = NULL;
        px_error err;
        assert_int_equal(px_learner_config_set(&config, "C", cs[c], &err), PX_OK);
        assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &predictor, &err), PX_OK);
        bytes b = serialize(predictor);
        json_t *model = json_loadb(b.data, b.length, 0, NULL), *inputs = json_object_get(model, "inputs");
        double slope[PX_N_INPUTS + 1] = {0};
        for (size_t i = 0; i < d.n; i++) {
            double z[PX_N_INPUTS + 1], odds = json_real_value(json_object_get(model, "intercept")), p;
            for (size_t k = 0; k < PX_N_INPUTS; k++) {
                const json_t *input = json_array_get(inputs, k);
                const float x = d.x[i * PX_N_INPUTS + k];
                z[k] = isnan(x) ? 0
                                : ((double)x - json_real_value(json_object_get(input, "mean"))) /
                                      json_real_value(json_object_get(input, "scale"));
                odds += json_real_value(json_object_get(input, "coefficient")) * z[k];
            }
            assert_int_equal(px_predictor_predict(predictor, &d.x[i * PX_N_INPUTS], 1, &p, NULL), PX_OK);
            assert_true(fabs(p - 1 / (1 + exp(-odds))) < 1e-14);
            z[PX_N_INPUTS] = 1;
            for (size_t k = 0; k <= PX_N_INPUTS; k++)
                slope[k] += cs[c] * (p - d.y[i]) * z[k];
        }
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            slope[k] += json_real_value(json_object_get(json_array_get(inputs, k), "coefficient"));
        for (size_t k = 0; k <= PX_N_INPUTS; k++)
            assert_true(fabs(slope[k]) < 1e-9 * (1 + cs[c] * (double)d.n));
        json_decref(model);
        free(b.data);
        px_predictor_free(&predictor);
        free_data(&d);
    }
}

/* Classes that a line separates: without the penalty there would be no minimum. */
static void logistic_converges_on_separable_rows(void **state) {
    (void)state;
    data d = make_data(300, 32);
    px_learner_config config = px_learner_config_default(&pxi_logistic);
    px_predictor *predictor = NULL;
    for (size_t i = 0; i < d.n; i++)
        d.y[i] = d.x[i * PX_N_INPUTS] > 0;
    for (double c = 1e-6; c <= 1e6; c *= 1000) {
        config.values[0] = c;
        assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &predictor, NULL), PX_OK);
        double *p = predict(predictor, &d);
        size_t right = 0;
        for (size_t i = 0; i < d.n; i++)
            right += (p[i] > 0.5) == d.y[i];
        assert_true(right > (c < 1 ? d.n / 2 : d.n * 95 / 100));
        free(p);
        px_predictor_free(&predictor);
    }
    free_data(&d);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--hash") == 0) {
        const px_learner *learner = NULL;
        char hash[PXI_HASH_TEXT_SIZE];
        if (px_learner_find(argv[2], &learner, NULL))
            return 1;
        hash_of(learner, hash);
        puts(hash);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_rows_same_bytes),
        cmocka_unit_test(same_bytes_at_any_thread_count),
        cmocka_unit_test(models_read_back),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(all_learn_with_missing_inputs),
        cmocka_unit_test(importance_finds_what_matters),
        cmocka_unit_test(one_class_is_all_but_certain),
        cmocka_unit_test(constant_inputs_say_nothing),
        cmocka_unit_test(bad_rows_and_parameters_are_refused),
        cmocka_unit_test(parameters_have_their_ranges),
        cmocka_unit_test(learners_are_found_by_name),
        cmocka_unit_test(logistic_stands_at_the_minimum),
        cmocka_unit_test(logistic_converges_on_separable_rows),
    };
    return cmocka_run_group_tests_name("learners", tests, NULL, NULL);
}
