// SPDX-License-Identifier: Apache-2.0
#include "model/evaluate.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

static const double selection_threshold = 0.6; /* SPEC section 1, model_selection */

void pxi_evaluation_free(pxi_evaluation *evaluation) {
    for (int k = 0; k < PX_N_FOLDS; k++)
        px_predictor_free(&evaluation->folds[k].predictor);
    free(evaluation->p);
    *evaluation = (pxi_evaluation){0};
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double pxi_median(double *values, size_t n) {
    if (n == 0)
        return NAN;
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ---- judging ------------------------------------------------------------------------------------------ */

/* Rows that have a probability, side by side. */
typedef struct scored {
    size_t n;
    double *p, *r;
    uint8_t *y;
} scored;

static void free_scored(scored *s) {
    free(s->p);
    free(s->r);
    free(s->y);
}

static bool gather(const pxi_rows *rows, const double *p, size_t begin, size_t end, scored *s) {
    s->p = pxi_new_array(end - begin, sizeof *s->p);
    s->r = pxi_new_array(end - begin, sizeof *s->r);
    s->y = pxi_new_array(end - begin, sizeof *s->y);
    if (!s->p || !s->r || !s->y)
        return false;
    for (size_t i = begin; i < end; i++) {
        if (isnan(p[i]))
            continue;
        s->p[s->n] = p[i];
        s->r[s->n] = rows->r[i];
        s->y[s->n++] = rows->y[i];
    }
    return true;
}

static px_status judge(const pxi_rows *rows, const double *p, size_t begin, size_t end, pxi_judgement *out,
                       px_error *err) {
    scored s = {0};
    pxi_judgement result = {0};
    px_status status = gather(rows, p, begin, end, &s) ? PX_OK : pxi_fail_memory(err);
    if (!status)
        status = px_scores_compute(s.p, s.y, s.n, &result.scores, err);
    if (!status) {
        double sum = 0;
        for (size_t i = 0; i < s.n; i++) {
            sum += s.r[i];
            result.n_targets += s.y[i];
        }
        result.n = s.n;
        px_calibration_compute(s.p, s.y, s.n, result.calibration);
        px_thresholds_compute(s.p, s.y, s.r, s.n, result.thresholds);
        result.every_mean_r = s.n ? sum / (double)s.n : NAN;
        result.every_median_r = pxi_median(s.r, s.n);
        *out = result;
    }
    free_scored(&s);
    return status;
}

static void judge_selection(const pxi_rows *rows, const double *p, pxi_fold_result *result) {
    double sum = 0;
    for (size_t i = result->fold.test_begin; i < result->fold.test_end; i++) {
        if (!(p[i] > selection_threshold))
            continue;
        result->n_selected++;
        sum += rows->r[i];
    }
    result->selected_mean_r = result->n_selected ? sum / (double)result->n_selected : NAN;
}

/* ---- folds -------------------------------------------------------------------------------------------- */

/* Room for one fold's training rows. */
typedef struct workspace {
    uint8_t *mask, *y;
    float *x;
} workspace;

static px_status run_fold(const pxi_rows *rows, int k, int embargo_bars, const px_learner_config *config,
                          workspace *w, pxi_evaluation *out, px_error *err) {
    pxi_fold_result *result = &out->folds[k];
    px_fold_split(rows->begin_bar, rows->end_bar, rows->n, embargo_bars, k, &result->fold, w->mask);
    const size_t begin = result->fold.test_begin, end = result->fold.test_end;
    size_t n = pxi_rows_select(rows, w->mask, w->x, w->y);
    for (size_t i = 0; i < n; i++)
        result->n_train_targets += w->y[i];
    px_status status = PX_OK;
    if (n > 0) {
        status = px_predictor_train(w->x, w->y, n, config, &result->predictor, err);
        if (!status)
            status = px_predictor_predict(result->predictor, &rows->x[begin * PX_N_INPUTS], end - begin,
                                          &out->p[begin], err);
        if (!status)
            status = px_predictor_importance(result->predictor, result->importance, err);
    }
    if (!status)
        status = judge(rows, out->p, begin, end, &result->test, err);
    if (!status)
        judge_selection(rows, out->p, result);
    return status;
}

px_status pxi_evaluate(const pxi_rows *rows, int embargo_bars, const px_learner_config *config,
                       px_progress_fn progress, void *user, pxi_evaluation *out, px_error *err) {
    pxi_evaluation result = {.p = pxi_new_array(rows->n, sizeof *result.p)};
    workspace w = {pxi_new_array(rows->n, 1), pxi_new_array(rows->n, 1),
                   pxi_new_array(rows->n * PX_N_INPUTS, sizeof *w.x)};
    px_status status = result.p && w.mask && w.y && w.x ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; i < rows->n && !status; i++)
        result.p[i] = NAN;
    for (int k = 0; k < PX_N_FOLDS && !status; k++) {
        if (progress)
            progress(user, "folds", (size_t)k, PX_N_FOLDS);
        status = run_fold(rows, k, embargo_bars, config, &w, &result, err);
    }
    if (!status)
        status = judge(rows, result.p, 0, rows->n, &result.overall, err);
    free(w.mask);
    free(w.y);
    free(w.x);
    if (status)
        pxi_evaluation_free(&result);
    else
        *out = result;
    return status;
}

int pxi_evaluation_fold(const pxi_evaluation *evaluation, size_t row) {
    int k = PX_N_FOLDS;
    while (k > 0 && row < evaluation->folds[k - 1].fold.test_begin)
        k--;
    return k;
}

int pxi_evaluation_best(const pxi_evaluation *evaluation) {
    int best = -1;
    for (int k = 0; k < PX_N_FOLDS; k++) {
        const pxi_fold_result *fold = &evaluation->folds[k];
        if (fold->n_selected > 0 &&
            (best < 0 || fold->selected_mean_r > evaluation->folds[best].selected_mean_r))
            best = k;
    }
    return best;
}
