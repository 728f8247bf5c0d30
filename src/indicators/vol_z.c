// SPDX-License-Identifier: Apache-2.0
/* vol_z: the last volume against mean and sample deviation of the last 100.
 *
 * No running sum ever has a value taken out of it, so a large volume leaves no trace when it leaves the
 * window. The series is cut into pages of 100 bars. A window is the end of the page before (sums from each of
 * its bars to its last, made when the page is full) and the start of this one (sums so far), joined by the
 * formula for two samples of Chan, Golub and LeVeque (1979). Each part sums distances from one of its own
 * volumes (the page's last, the page's first): with a member as origin, sum((x-K)^2) is at most the sample
 * size times the sum about the mean, so the subtraction below loses at most two digits, whatever the
 * magnitudes. */
#include "indicators/indicator.h"
#include "base/wide.h"

#include <math.h>

#define WINDOW   100
#define MIN_BARS 20

/* Of part A, the tail of the page before, and part B, the head of this one, by place in the page. */
typedef struct weights {
    double inverse_a[WINDOW], inverse_b[WINDOW]; /* of their counts; 0 for an empty part */
    double share_a[WINDOW];                      /* A's count over both */
    double between[WINDOW];                      /* product of the counts over their sum */
    double inverse_dof[WINDOW];                  /* 1 / (n - 1) */
} weights;

typedef struct state {
    size_t place; /* in the page, of the next bar */
    bool paged;   /* a page came before */
    double page[WINDOW];
    double head_sum[WINDOW], head_square[WINDOW];         /* of this page up to a place, about its first */
    double tail_origin;                                   /* the last volume of the page before */
    double tail_sum[WINDOW + 1], tail_square[WINDOW + 1]; /* from place j of the page before to its end */
    weights weights;                                      /* of the first page, then of all later ones */
} state;

static void set_weights(weights *w, bool paged) {
    for (int j = 0; j < WINDOW; j++) {
        double n_b = j + 1, n_a = paged ? WINDOW - n_b : 0.0, n = n_a + n_b;
        w->inverse_a[j] = n_a > 0.0 ? 1.0 / n_a : 0.0;
        w->inverse_b[j] = 1.0 / n_b;
        w->share_a[j] = n_a / n;
        w->between[j] = n_a * n_b / n;
        w->inverse_dof[j] = n > 1.0 ? 1.0 / (n - 1.0) : 0.0;
    }
}

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    (void)setup;
    set_weights(&s->weights, false);
}

/* The page is full: makes its tails. */
static void turn_page(state *s) {
    s->tail_origin = s->page[WINDOW - 1];
    s->tail_sum[WINDOW] = s->tail_square[WINDOW] = 0.0;
    for (size_t j = WINDOW; j-- > 0;) {
        double d = s->page[j] - s->tail_origin;
        s->tail_sum[j] = s->tail_sum[j + 1] + d;
        s->tail_square[j] = s->tail_square[j + 1] + d * d;
    }
    s->place = 0;
    if (!s->paged)
        set_weights(&s->weights, true);
    s->paged = true;
}

static void extend_head(state *s, const double *restrict volume, size_t n) {
    double sum = s->place ? s->head_sum[s->place - 1] : 0.0;
    double square = s->place ? s->head_square[s->place - 1] : 0.0;
    const double origin = s->place ? s->page[0] : volume[0];
    for (size_t i = 0; i < n; i++) {
        const double d = volume[i] - origin;
        s->page[s->place + i] = volume[i];
        s->head_sum[s->place + i] = sum += d;
        s->head_square[s->place + i] = square += d * d;
    }
}

/* Scores of the bars from this place of the page on. Equal volumes have all distances 0 and so exactly no
 * spread: where max = min, z is 0. */
PXI_WIDE static void score_volumes(const state *restrict s, const double *restrict volume, size_t n,
                                   double *restrict z) {
    const weights *restrict w = &s->weights;
    const double origin = s->page[0], shift = s->paged ? s->tail_origin - origin : 0.0;
    for (size_t i = 0, j = s->place; i < n; i++, j++) {
        const double mean_a = s->tail_sum[j + 1] * w->inverse_a[j];
        const double mean_b = s->head_sum[j] * w->inverse_b[j];
        const double gap = shift + (mean_a - mean_b);
        const double within_a = s->tail_square[j + 1] - s->tail_sum[j + 1] * mean_a;
        const double within_b = s->head_square[j] - s->head_sum[j] * mean_b;
        const double spread = within_a + within_b + gap * gap * w->between[j];
        const double distance = (volume[i] - origin) - (mean_b + gap * w->share_a[j]);
        const double standardized = distance / sqrt(spread * w->inverse_dof[j]);
        z[i] = spread > 0.0 ? standardized : 0.0;
    }
}

/* Bars of one page. */
static void run_page(state *s, const double *volume, size_t n, double *z) {
    extend_head(s, volume, n);
    score_volumes(s, volume, n, z);
    for (size_t i = 0; !s->paged && i < n && s->place + i < MIN_BARS - 1; i++)
        z[i] = 0.0;
    s->place += n;
    if (s->place == WINDOW)
        turn_page(s);
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    for (size_t begin = 0, n; begin < bars->n; begin += n) {
        n = bars->n - begin < WINDOW - s->place ? bars->n - begin : WINDOW - s->place;
        run_page(s, bars->volume + begin, n, out[0] + begin);
    }
}

static const char *const outputs[] = {"vol_z"};

const pxi_indicator pxi_vol_z_indicator = {
    .name = "vol_z",
    .title = "volume against mean and deviation of the last 100 bars",
    .unit = "",
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
