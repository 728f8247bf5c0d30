// SPDX-License-Identifier: Apache-2.0
/* Newton's method on 1/2 |w|^2 + C sum log(1 + exp(-s)), the objective of scikit-learn's LogisticRegression;
 * the intercept bears no penalty (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning,
 * 2009, 4.4). */
#include "learners/logistic.h"

#include "base/error.h"

#include <math.h>

/* ---- inputs ------------------------------------------------------------------------------------------- */

/* Population deviation after missing values have taken the mean; 1 for what never changes. */
static void find_scale(pxi_logistic_model *model, const float *x, size_t n, int k) {
    double sum = 0, squares = 0;
    size_t defined = 0;
    for (size_t i = 0; i < n; i++) {
        const float value = x[i * PX_N_INPUTS + (size_t)k];
        sum += isnan(value) ? 0 : (double)value;
        defined += !isnan(value);
    }
    model->mean[k] = defined ? sum / (double)defined : 0;
    for (size_t i = 0; i < n; i++) {
        const float value = x[i * PX_N_INPUTS + (size_t)k];
        const double away = isnan(value) ? 0 : (double)value - model->mean[k];
        squares += away * away;
    }
    model->scale[k] = squares > 0 ? sqrt(squares / (double)n) : 1;
}

double pxi_logistic_odds(const pxi_logistic_model *model, const float *x, double z[PXI_N_WEIGHTS]) {
    double sum = model->weights[PXI_INTERCEPT];
    z[PXI_INTERCEPT] = 1;
    for (int k = 0; k < PX_N_INPUTS; k++) {
        z[k] = isnan(x[k]) ? 0 : ((double)x[k] - model->mean[k]) / model->scale[k];
        sum += model->weights[k] * z[k];
    }
    return sum;
}

/* ---- Newton's method ---------------------------------------------------------------------------------- */

typedef struct slope {
    double value; /* of the objective */
    double gradient[PXI_N_WEIGHTS];
    double hessian[PXI_N_WEIGHTS][PXI_N_WEIGHTS]; /* lower triangle */
} slope;

static slope look(const pxi_logistic_model *model, const float *x, const uint8_t *y, size_t n, double c) {
    slope s = {0};
    double z[PXI_N_WEIGHTS];
    for (size_t i = 0; i < n; i++) {
        const double odds = pxi_logistic_odds(model, &x[i * PX_N_INPUTS], z), p = 1 / (1 + exp(-odds));
        s.value += c * (log1p(exp(-fabs(odds))) + fmax(y[i] ? -odds : odds, 0));
        for (int a = 0; a < PXI_N_WEIGHTS; a++) {
            s.gradient[a] += c * (p - y[i]) * z[a];
            for (int b = 0; b <= a; b++)
                s.hessian[a][b] += c * p * (1 - p) * z[a] * z[b];
        }
    }
    for (int k = 0; k < PX_N_INPUTS; k++) {
        s.value += model->weights[k] * model->weights[k] / 2;
        s.gradient[k] += model->weights[k];
        s.hessian[k][k] += 1;
    }
    return s;
}

/* step = hessian^-1 gradient, by Cholesky's decomposition in place; false if it is not positive definite. */
static bool solve(slope *s, double step[PXI_N_WEIGHTS]) {
    double(*h)[PXI_N_WEIGHTS] = s->hessian;
    for (int a = 0; a < PXI_N_WEIGHTS; a++) {
        step[a] = s->gradient[a];
        for (int b = 0; b <= a; b++) {
            for (int k = 0; k < b; k++)
                h[a][b] -= h[a][k] * h[b][k];
            if (a == b && !(h[a][a] > 0))
                return false;
            h[a][b] = a == b ? sqrt(h[a][a]) : h[a][b] / h[b][b];
        }
        for (int k = 0; k < a; k++)
            step[a] -= h[a][k] * step[k];
        step[a] /= h[a][a];
    }
    for (int a = PXI_N_WEIGHTS - 1; a >= 0; a--) {
        for (int k = a + 1; k < PXI_N_WEIGHTS; k++)
            step[a] -= h[k][a] * step[k];
        step[a] /= h[a][a];
    }
    return true;
}

/* Takes the step, or the half, quarter .. of it that does not climb. Returns the longest move of a weight. */
static double descend(pxi_logistic_model *model, const double step[PXI_N_WEIGHTS], const float *x,
                      const uint8_t *y, size_t n, double c, slope *s) {
    const pxi_logistic_model from = *model;
    const double bound = s->value + 1e-12 * fabs(s->value);
    double moved = 0;
    for (double part = 1; part > 1e-9; part /= 2) {
        moved = 0;
        for (int a = 0; a < PXI_N_WEIGHTS; a++) {
            model->weights[a] = from.weights[a] - part * step[a];
            moved = fmax(moved, fabs(part * step[a]));
        }
        *s = look(model, x, y, n, c);
        if (s->value <= bound)
            break;
    }
    return moved;
}

static px_status minimize(pxi_logistic_model *model, const float *x, const uint8_t *y, size_t n, double c,
                          px_error *err) {
    enum { MOST_STEPS = 100 };
    double step[PXI_N_WEIGHTS];
    slope s = look(model, x, y, n, c);
    for (int i = 0; i < MOST_STEPS && solve(&s, step); i++)
        if (descend(model, step, x, y, n, c, &s) < 1e-9) /* the error of a step is as its square */
            return PX_OK;
    return pxi_fail(err, PX_EINPUT, "logistic regression of %zu rows did not converge", n);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

/* Rows of one class have no finite intercept: theirs is that of one more event of each class, without slopes.
 */
px_status pxi_logistic_fit(const float *x, const uint8_t *y, size_t n, double c, pxi_logistic_model *out,
                           px_error *err) {
    pxi_logistic_model model = {0};
    size_t targets = 0;
    for (size_t i = 0; i < n; i++)
        targets += y[i];
    for (int k = 0; k < PX_N_INPUTS; k++)
        find_scale(&model, x, n, k);
    model.weights[PXI_INTERCEPT] = log(((double)targets + 1) / ((double)(n - targets) + 1));
    px_status status = targets == 0 || targets == n ? PX_OK : minimize(&model, x, y, n, c, err);
    if (!status)
        *out = model;
    return status;
}
