// SPDX-License-Identifier: Apache-2.0
/* Every learner on 100,000 rows: training, prediction of all of them at once, and one by one as in a stream.
 */
#include "bench.h"

#include "bench_rows.h"

enum { N_ALONE = 5000 };

static double mean_of(const double *p, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i];
    return sum / (double)n;
}

static void bench_learner(const px_learner *learner, const bench_table *rows) {
    const px_learner_config config = px_learner_config_default(learner);
    px_predictor *predictor = NULL;
    char name[64];
    px_error err;
    double *p = malloc(BENCH_ROWS * sizeof *p);
    if (!p)
        exit(1);
    bench b = bench_start();
    bench_check(px_predictor_train(rows->x, rows->y, BENCH_ROWS, &config, &predictor, &err), &err);
    snprintf(name, sizeof name, "%s_fit", px_learner_name(learner));
    bench_done(&b, name, BENCH_ROWS, 0);
    b = bench_start();
    bench_check(px_predictor_predict(predictor, rows->x, BENCH_ROWS, p, &err), &err);
    bench_stop(&b);
    double mean = mean_of(p, BENCH_ROWS);
    snprintf(name, sizeof name, "%s_predict", px_learner_name(learner));
    bench_print(&b, name, BENCH_ROWS, &mean, 1);
    b = bench_start();
    for (size_t i = 0; i < N_ALONE; i++)
        bench_check(px_predictor_predict(predictor, &rows->x[i * PX_N_INPUTS], 1, &p[i], &err), &err);
    bench_stop(&b);
    mean = mean_of(p, N_ALONE);
    snprintf(name, sizeof name, "%s_predict_one", px_learner_name(learner));
    bench_print(&b, name, N_ALONE, &mean, 1);
    px_predictor_free(&predictor);
    free(p);
}

int main(void) {
    bench_table rows = bench_table_make();
    for (size_t i = 0; px_learner_at(i); i++)
        bench_learner(px_learner_at(i), &rows);
    bench_table_free(&rows);
    return 0;
}
