// SPDX-License-Identifier: Apache-2.0
/* Every learner on 100,000 rows, on one core. `bench_learners --write-rows FILE` writes the rows instead
 * (native floats: 7 inputs and the class), for sklearn_learners.py. */
#include "bench.h"

#include "base/rng.h"
#include "pixity/model.h"

#include <math.h>
#include <string.h>

enum { N_ROWS = 100000, N_RUNS = 5, N_ALONE = 5000 };

/* Inputs like those of events: bell-shaped distances and slopes, a skewed ATR and ADX, clock times of
 * 15-minute bars; the target depends on a few of them and mostly on luck. */
static void make_row(pxi_rng *rng, float *x, uint8_t *y) {
    double bell[4];
    for (int k = 0; k < 4; k++)
        bell[k] = pxi_rng_uniform(rng) + pxi_rng_uniform(rng) + pxi_rng_uniform(rng) - 1.5;
    x[PX_INPUT_VWAP_DIST] = (float)(0.01 * bell[0]);
    x[PX_INPUT_EMA_SLOPE] = (float)(0.0005 * (bell[1] + 0.3 * bell[0]));
    x[PX_INPUT_ATR_PCT] = (float)(0.002 * exp(bell[2]));
    x[PX_INPUT_ADX] = (float)(10 - 15 * log(1 - pxi_rng_uniform(rng)));
    x[PX_INPUT_HOUR] = 9 + (float)pxi_rng_below(rng, 7);
    x[PX_INPUT_MINUTE] = 15 * (float)pxi_rng_below(rng, 4);
    x[PX_INPUT_VOL_Z] = (float)(2 * bell[3]);
    double odds = -0.6 + 0.8 * bell[0] * (x[PX_INPUT_ADX] > 25 ? 1 : -1) + 0.4 * bell[3];
    *y = pxi_rng_uniform(rng) < 1 / (1 + exp(-odds));
}

static void write_rows(const char *path, const float *x, const uint8_t *y) {
    FILE *file = fopen(path, "wb");
    for (size_t i = 0; file && i < N_ROWS; i++) {
        float class = y[i];
        fwrite(&x[i * PX_N_INPUTS], sizeof *x, PX_N_INPUTS, file);
        fwrite(&class, sizeof class, 1, file);
    }
    if (!file || fclose(file) != 0) {
        fprintf(stderr, "bench: cannot write %s\n", path);
        exit(1);
    }
}

static void bench_learner(const px_learner *learner, const float *x, const uint8_t *y) {
    const px_learner_config config = px_learner_config_default(learner);
    char names[3][32];
    snprintf(names[0], sizeof names[0], "%s_fit", px_learner_name(learner));
    snprintf(names[1], sizeof names[1], "%s_predict", px_learner_name(learner));
    snprintf(names[2], sizeof names[2], "%s_predict_one", px_learner_name(learner));
    bench fit = bench_make(names[0], "row", N_ROWS), predict = bench_make(names[1], "row", N_ROWS);
    bench one = bench_make(names[2], "row", N_ALONE); /* as in a stream, an event at a time */
    double *p = calloc(N_ROWS, sizeof *p);
    px_error err;
    for (int run = 0; run < N_RUNS && p; run++) {
        px_predictor *predictor = NULL;
        bench_start(&fit);
        bench_check(px_predictor_train(x, y, N_ROWS, &config, &predictor, &err), &err);
        bench_stop(&fit);
        bench_start(&predict);
        bench_check(px_predictor_predict(predictor, x, N_ROWS, p, &err), &err);
        bench_stop(&predict);
        bench_start(&one);
        for (size_t i = 0; i < N_ALONE; i++)
            bench_check(px_predictor_predict(predictor, &x[i * PX_N_INPUTS], 1, &p[i], &err), &err);
        bench_stop(&one);
        px_predictor_free(&predictor);
    }
    bench_print(&fit);
    bench_print(&predict);
    bench_print(&one);
    free(p);
}

int main(int argc, char **argv) {
    float *x = calloc((size_t)N_ROWS * PX_N_INPUTS, sizeof *x);
    uint8_t *y = calloc(N_ROWS, 1);
    pxi_rng rng;
    pxi_rng_seed(&rng, 1);
    if (!x || !y)
        return 1;
    for (size_t i = 0; i < N_ROWS; i++)
        make_row(&rng, &x[i * PX_N_INPUTS], &y[i]);
    if (argc == 3 && strcmp(argv[1], "--write-rows") == 0)
        write_rows(argv[2], x, y);
    else
        for (size_t i = 0; px_learner_at(i); i++)
            bench_learner(px_learner_at(i), x, y);
    free(x);
    free(y);
    return 0;
}
