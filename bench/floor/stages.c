// SPDX-License-Identifier: Apache-2.0
/* The stages as plain loops, over bars of one minute and the default settings:
 *
 *     floor_stages features BARS        the feature frame, and the events in it
 *     floor_stages labels BARS EVENTS   the walk of each event to its barrier
 *     floor_stages resample BARS        bins of 15 minutes from 09:15
 *     floor_stages forest FOREST ROWS   the prediction of every row, and of 5,000 one by one */
#include "frame.h"

static void done(floor_clock *clock, const char *name, size_t n, double result) {
    floor_stop(clock);
    floor_print(clock, name, n, &result, 1);
}

static void features(const floor_bars *b) {
    floor_clock clock = floor_start();
    floor_frame f = floor_features(b);
    floor_stop(&clock);
    double sums[COLUMNS] = {0};
    for (int k = 0; k < COLUMNS; k++)
        for (size_t i = 0; i < b->n; i++)
            sums[k] += isnan(f.column[k][i]) ? 0 : f.column[k][i];
    floor_print(&clock, "features_frame", b->n, sums, COLUMNS);

    clock = floor_start();
    size_t n_events = 0;
    for (size_t i = 50; i < b->n; i++) {
        const double close = b->close[i], before = b->close[i - 1], vwap = f.column[VWAP][i];
        const double fast = f.column[EMA20][i], slow = f.column[EMA50][i];
        const double high = f.column[SWING_HIGH][i], low = f.column[SWING_LOW][i];
        const double band = 2 * f.column[ATR][i];
        const bool calm = f.column[ADX][i] < 25;
        n_events += (size_t)((close > vwap) & (fast > slow) & (before <= high) & (high < close));
        n_events += (size_t)((close < vwap) & (fast < slow) & (before >= low) & (low > close));
        n_events += (size_t)(calm & (before < vwap - band) & (vwap - band <= close));
        n_events += (size_t)(calm & (before > vwap + band) & (vwap + band >= close));
    }
    done(&clock, "events", b->n, (double)n_events);
}

/* One event: 0 target, 1 stop, 2 the rest. In at the next open; stop 1 ATR, target 2 ATR, to the tick; 12
 * bars. */
static int walk(const floor_bars *b, size_t bar, double side, double atr) {
    const double tick = 0.05;
    if (bar + 1 >= b->n)
        return 2;
    const double entry = b->open[bar + 1];
    const double stop = floor((entry - side * atr) / tick + 0.5) * tick;
    const double target = floor((entry + 2 * side * atr) / tick + 0.5) * tick;
    for (size_t i = bar + 1; i < b->n && i <= bar + 12; i++) {
        const double open = b->open[i];
        const double worst = side > 0 ? b->low[i] : b->high[i], best = side > 0 ? b->high[i] : b->low[i];
        if (side * open >= side * target)
            return 0;
        if (side * worst <= side * stop)
            return 1;
        if (side * best >= side * target)
            return 0;
    }
    return 2;
}

static void labels(const floor_bars *b, const char *path) {
    size_t size;
    const double *event = floor_read(path, &size);
    const size_t n = size / (3 * sizeof *event);
    floor_clock clock = floor_start();
    double hits[3] = {0};
    for (size_t i = 0; i < n; i++)
        hits[walk(b, (size_t)event[3 * i], event[3 * i + 1], event[3 * i + 2])]++;
    floor_stop(&clock);
    floor_print(&clock, "labels", n, hits, 3);
}

static void resample(const floor_bars *b) {
    floor_clock clock = floor_start();
    const size_t most = b->n;
    int64_t *ts = floor_alloc(most, sizeof *ts);
    double *column[5];
    for (int k = 0; k < 5; k++)
        column[k] = floor_alloc(most, sizeof(double));
    size_t n = 0;
    for (size_t i = 0, next; i < b->n; i = next) {
        const int64_t end =
            (b->ts_us[i] / 900000000 + 1) * 900000000; /* 09:15 in Mumbai is a quarter anywhere */
        double high = b->high[i], low = b->low[i], volume = 0;
        for (next = i; next < b->n && b->ts_us[next] < end; next++) {
            high = b->high[next] > high ? b->high[next] : high;
            low = b->low[next] < low ? b->low[next] : low;
            volume += b->volume[next];
        }
        ts[n] = end - 900000000;
        column[0][n] = b->open[i];
        column[1][n] = high;
        column[2][n] = low;
        column[3][n] = b->close[next - 1];
        column[4][n++] = volume;
    }
    done(&clock, "resample_15m", b->n, (double)n);
}

/* A node of the file: below `at` the child is `below`, else the one after it. A leaf has no input, and its
 * value in `at`. */
typedef struct node {
    int32_t input, below;
    float at;
} node;

typedef struct forest {
    int32_t n_trees;
    const int32_t *root;
    const node *nodes;
} forest;

/* Each leaf holds its share of the probability. */
static float vote(const forest *f, const float *x) {
    float sum = 0;
    for (int32_t t = 0; t < f->n_trees; t++) {
        const node *at = &f->nodes[f->root[t]];
        while (at->input >= 0)
            at = &f->nodes[at->below + !(x[at->input] < at->at)];
        sum += at->at;
    }
    return sum;
}

static void forest_rows(const char *name, const forest *f, const float *rows, size_t n) {
    floor_clock clock = floor_start();
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)vote(f, &rows[8 * i]);
    done(&clock, name, n, sum / (double)n);
}

static void forests(const char *path, const char *rows_path) {
    size_t size;
    const int32_t *data = floor_read(path, &size);
    const forest f = {data[0], data + 1, (const node *)(const void *)(data + 1 + data[0])};
    const float *rows = floor_read(rows_path, &size);
    const size_t n = size / (8 * sizeof(float));
    forest_rows("rf_predict", &f, rows, n);
    forest_rows("rf_predict_one", &f, rows, n < 5000 ? n : 5000);
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "forest") == 0) {
        forests(argv[2], argv[3]);
        return 0;
    }
    if (argc < 3)
        return 2;
    const floor_bars bars = floor_read_bars(argv[2]);
    if (strcmp(argv[1], "features") == 0)
        features(&bars);
    else if (strcmp(argv[1], "resample") == 0)
        resample(&bars);
    else if (strcmp(argv[1], "labels") == 0 && argc == 4)
        labels(&bars, argv[3]);
    else
        return 2;
    return 0;
}
