// SPDX-License-Identifier: Apache-2.0
/* How good probabilities are. */
#include "pixity/train.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct ranked {
    double p;
    uint8_t y;
} ranked;

/* Whole numbers in the order of the probabilities. */
static uint64_t key_of(double p) {
    uint64_t bits;
    memcpy(&bits, &p, sizeof bits);
    return bits ^ (bits >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

enum { DIGIT_BITS = 11, N_DIGITS = 1 << DIGIT_BITS };

static size_t digit_of(const ranked *row, int shift) {
    return (size_t)(key_of(row->p) >> shift) & (N_DIGITS - 1);
}

/* By probability, digit by digit from the last one: permutation importance ranks every row many times, and
 * comparing costs several times as much. Returns `rows` or `spare`, whichever has them in the end. */
static ranked *sort_rows(ranked *rows, ranked *spare, size_t n) {
    for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
        size_t at[N_DIGITS + 1] = {0};
        for (size_t i = 0; i < n; i++)
            at[digit_of(&rows[i], shift) + 1]++;
        if (at[digit_of(&rows[0], shift) + 1] == n) /* all alike */
            continue;
        for (size_t d = 0; d < N_DIGITS; d++)
            at[d + 1] += at[d];
        for (size_t i = 0; i < n; i++)
            spare[at[digit_of(&rows[i], shift)]++] = rows[i];
        ranked *sorted = spare;
        spare = rows;
        rows = sorted;
    }
    return rows;
}

/* Mann-Whitney U over the pairs of classes, by ranks; tied rows share the middle of their ranks. */
static double area_under_curve(const ranked *rows, size_t n, size_t n_positive) {
    double rank_sum = 0, positive = (double)n_positive, negative = (double)(n - n_positive);
    for (size_t begin = 0, end; begin < n; begin = end) {
        size_t hits = 0;
        for (end = begin; end < n && rows[end].p == rows[begin].p; end++)
            hits += rows[end].y;
        rank_sum += (double)hits * ((double)(begin + 1 + end) / 2);
    }
    return n_positive == 0 || n_positive == n
               ? NAN
               : (rank_sum - positive * (positive + 1) / 2) / (positive * negative);
}

px_status px_scores_compute(const double *p, const uint8_t *y, size_t n, px_scores *out, px_error *err) {
    px_scores scores = {NAN, NAN, NAN};
    if (n > 0) {
        ranked *rows = n > SIZE_MAX / 2 ? NULL : pxi_new_array(2 * n, sizeof *rows); /* and spare ones */
        if (!rows)
            return pxi_fail_memory(err);
        size_t n_positive = 0;
        double loss = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            rows[i] = (ranked){p[i], y[i]};
            n_positive += y[i];
            double clipped = fmin(fmax(p[i], 1e-15), 1 - 1e-15);
            loss -= log(y[i] ? clipped : 1 - clipped);
            squares += (p[i] - y[i]) * (p[i] - y[i]);
        }
        scores.auc = area_under_curve(sort_rows(rows, rows + n, n), n, n_positive);
        scores.log_loss = loss / (double)n;
        scores.brier = squares / (double)n;
        free(rows);
    }
    *out = scores;
    return PX_OK;
}

static double ratio(double sum, size_t n) {
    return n ? sum / (double)n : NAN;
}

void px_calibration_compute(const double *p, const uint8_t *y, size_t n,
                            px_calibration_bin out[PX_N_CALIBRATION_BINS]) {
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++)
        out[k] = (px_calibration_bin){0, 0, 0};
    for (size_t i = 0; i < n; i++) {
        int k = (int)(p[i] * PX_N_CALIBRATION_BINS);
        px_calibration_bin *bin = &out[k < PX_N_CALIBRATION_BINS ? k : PX_N_CALIBRATION_BINS - 1];
        bin->n++;
        bin->mean_p += p[i];
        bin->frequency += y[i];
    }
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++) {
        out[k].mean_p = ratio(out[k].mean_p, out[k].n);
        out[k].frequency = ratio(out[k].frequency, out[k].n);
    }
}

px_calibration_summary px_calibration_summarize(const px_calibration_bin bins[PX_N_CALIBRATION_BINS]) {
    px_calibration_summary sum = {0};
    double n = 0, targets = 0;
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++) {
        n += (double)bins[k].n;
        targets += bins[k].n ? (double)bins[k].n * bins[k].frequency : 0;
    }
    if (n == 0)
        return (px_calibration_summary){NAN, NAN, NAN, NAN};
    const double overall = targets / n;
    for (int k = 0; k < PX_N_CALIBRATION_BINS; k++) {
        if (!bins[k].n)
            continue;
        const double weight = (double)bins[k].n / n, off = bins[k].mean_p - bins[k].frequency;
        sum.error += weight * fabs(off);
        sum.reliability += weight * off * off;
        sum.resolution += weight * (bins[k].frequency - overall) * (bins[k].frequency - overall);
    }
    sum.uncertainty = overall * (1 - overall);
    return sum;
}

void px_thresholds_compute(const double *p, const uint8_t *y, const double *r, size_t n,
                           px_threshold_row out[PX_N_THRESHOLDS]) {
    for (int k = 0; k < PX_N_THRESHOLDS; k++) {
        px_threshold_row row = {.threshold = (30 + 5 * k) / 100.0};
        double r_sum = 0, hits = 0;
        for (size_t i = 0; i < n; i++) {
            if (!(p[i] >= row.threshold))
                continue;
            row.n++;
            r_sum += r[i];
            hits += y[i];
        }
        row.mean_r = ratio(r_sum, row.n);
        row.hit_rate = ratio(hits, row.n);
        out[k] = row;
    }
}
