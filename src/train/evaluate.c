// SPDX-License-Identifier: Apache-2.0
#include "train/evaluate.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>

static const double selection_threshold = 0.6; /* SPEC section 1, model_selection */

void pxi_evaluation_free(pxi_evaluation *evaluation) {
    for (int k = 0; k < PX_N_FOLDS; k++)
        px_predictor_free(&evaluation->folds[k].predictor);
    px_predictor_free(&evaluation->fit);
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
    px_side *side;
} scored;

static void free_scored(scored *s) {
    free(s->p);
    free(s->r);
    free(s->y);
    free(s->side);
}

static bool gather(const pxi_rows *rows, const double *p, size_t begin, size_t end, scored *s) {
    s->p = pxi_new_array(end - begin, sizeof *s->p);
    s->r = pxi_new_array(end - begin, sizeof *s->r);
    s->y = pxi_new_array(end - begin, sizeof *s->y);
    s->side = pxi_new_array(end - begin, sizeof *s->side);
    if (!s->p || !s->r || !s->y || !s->side)
        return false;
    for (size_t i = begin; i < end; i++) {
        if (isnan(p[i]))
            continue;
        s->p[s->n] = p[i];
        s->r[s->n] = rows->r[i];
        s->side[s->n] = rows->side[i];
        s->y[s->n++] = rows->y[i];
    }
    return true;
}

/* The rule of a run: SPEC section 6. */
static pxi_selection select_side(const pxi_evaluation_request *request, const scored *s, int which) {
    const double thresholds[] = {request->long_threshold, request->short_threshold, NAN};
    pxi_selection selection = {.threshold = thresholds[which]};
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        const bool is_long = s->side[i] == PX_LONG;
        if (which != PXI_SELECT_BOTH && is_long != (which == PXI_SELECT_LONG))
            continue;
        if (!(s->p[i] >= (is_long ? request->long_threshold : request->short_threshold)))
            continue;
        selection.n++;
        selection.n_targets += s->y[i];
        sum += s->r[i];
    }
    selection.mean_r = selection.n ? sum / (double)selection.n : NAN;
    return selection;
}

static px_status judge(const pxi_evaluation_request *request, const double *p, size_t begin, size_t end,
                       pxi_validation *out, px_error *err) {
    scored s = {0};
    pxi_validation result = {0};
    px_status status = gather(request->rows, p, begin, end, &s) ? PX_OK : pxi_fail_memory(err);
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
        for (int k = 0; k < PXI_N_SELECTIONS; k++)
            result.configured[k] = select_side(request, &s, k);
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

/* What one evaluation's jobs share: each writes to a part of `out` of its own. */
typedef struct evaluating {
    const pxi_evaluation_request *request;
    pxi_evaluation *out;
} evaluating;

/* What the fold's model says of the test rows, and what it looks at. */
static px_status test_fold(const evaluating *e, int k, const px_work *work, px_error *err) {
    const pxi_rows *rows = e->request->rows;
    pxi_fold_result *result = &e->out->folds[k];
    const size_t begin = result->fold.test_begin;
    const pxi_permutation_rows tested = {&rows->x[begin * PX_N_INPUTS], &rows->y[begin],
                                         result->fold.test_end - begin, (uint64_t)k, work};
    px_status status = px_predictor_predict(result->predictor, tested.x, tested.n, &e->out->p[begin], err);
    if (!status)
        status = px_predictor_importance(result->predictor, result->importance, err);
    return status ? status : pxi_permutation_measure(result->predictor, &tested, &result->permutation, err);
}

static px_status train_fold(const evaluating *e, int k, const px_work *work, workspace *w, px_error *err) {
    const pxi_rows *rows = e->request->rows;
    pxi_fold_result *result = &e->out->folds[k];
    px_learner_config learner = *e->request->learner;
    learner.work = *work;
    px_fold_split(rows->begin_bar, rows->end_bar, rows->n, e->request->embargo_bars, k, &result->fold,
                  w->mask);
    size_t n = pxi_rows_select(rows, w->mask, w->x, w->y);
    for (size_t i = 0; i < n; i++)
        result->n_train_targets += w->y[i];
    return n ? px_predictor_train(w->x, w->y, n, &learner, &result->predictor, err) : PX_OK;
}

static px_status run_fold(const evaluating *e, int k, const px_work *work, px_error *err) {
    const size_t n = e->request->rows->n;
    pxi_fold_result *result = &e->out->folds[k];
    workspace w = {pxi_new_array(n, 1), pxi_new_array(n, 1), pxi_new_array(n * PX_N_INPUTS, sizeof *w.x)};
    px_status status = w.mask && w.y && w.x ? train_fold(e, k, work, &w, err) : pxi_fail_memory(err);
    free(w.mask);
    free(w.y);
    free(w.x);
    result->permutation = pxi_permutation_undefined();
    if (!status && result->predictor)
        status = test_fold(e, k, work, err);
    if (!status)
        status =
            judge(e->request, e->out->p, result->fold.test_begin, result->fold.test_end, &result->test, err);
    if (!status)
        judge_selection(e->request->rows, e->out->p, result);
    return status;
}

static px_status fit_all(const evaluating *e, const px_work *work, px_error *err) {
    const pxi_rows *rows = e->request->rows;
    px_learner_config learner = *e->request->learner;
    learner.work = *work;
    return px_predictor_train(rows->x, rows->y, rows->n, &learner, &e->out->fit, err);
}

/* The longest job is begun first: the fit of all rows, then the folds. */
static px_status run_job(void *user, const pxi_job *job, px_error *err) {
    const evaluating *e = user;
    const size_t n_fits = e->request->fits_all;
    return job->index < n_fits ? fit_all(e, &job->work, err)
                               : run_fold(e, (int)(job->index - n_fits), &job->work, err);
}

static pxi_permutation mean_permutation(const pxi_evaluation *evaluation) {
    pxi_permutation of_folds[PX_N_FOLDS];
    for (int k = 0; k < PX_N_FOLDS; k++)
        of_folds[k] = evaluation->folds[k].permutation;
    return pxi_permutation_mean(of_folds, PX_N_FOLDS);
}

px_status pxi_evaluate(const pxi_evaluation_request *request, pxi_evaluation *out, px_error *err) {
    const size_t n = request->rows->n;
    pxi_evaluation result = {.p = pxi_new_array(n, sizeof *result.p)};
    evaluating e = {request, &result};
    px_status status = result.p ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; i < n && !status; i++)
        result.p[i] = NAN;
    if (!status)
        status = pxi_parallel_run(
            &(pxi_parallel){PX_N_FOLDS + (size_t)request->fits_all, run_job, &e, request->work, "folds"},
            err);
    if (!status)
        status = judge(request, result.p, 0, n, &result.overall, err);
    result.permutation = mean_permutation(&result);
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
