// SPDX-License-Identifier: Apache-2.0
/* The feature frame as plain loops: what docs/features.md says of the default settings, for bars of one
 * minute in the zone of Mumbai, which has no summer time. Columns in the order of the program's frame. */
#ifndef FLOOR_FRAME_H
#define FLOOR_FRAME_H

#include "floor.h"

#include <math.h>

enum { EMA20, EMA50, ATR, ADX, VWAP, VOL_Z, SWING_HIGH, SWING_LOW, COLUMNS };

typedef struct floor_frame {
    double *column[COLUMNS];
} floor_frame;

static inline void floor_ema(const double *x, size_t n, double a, double *y) {
    y[0] = x[0];
    for (size_t i = 1; i < n; i++)
        y[i] = y[i - 1] + a * (x[i] - y[i - 1]);
}

static inline double floor_max(double a, double b) {
    return a > b ? a : b;
}

static inline void floor_directional(const floor_bars *b, double *atr, double *adx) {
    const double a = 1.0 / 14;
    double range = b->high[0] - b->low[0], plus = 0, minus = 0, smooth = 0;
    bool started = false, defined = false;
    atr[0] = adx[0] = NAN;
    for (size_t i = 1; i < b->n; i++) {
        const double before = b->close[i - 1];
        double up = b->high[i] - b->high[i - 1], down = b->low[i - 1] - b->low[i];
        range += a * (floor_max(b->high[i] - b->low[i],
                                floor_max(fabs(b->high[i] - before), fabs(b->low[i] - before))) -
                      range);
        up = up >= 0 && up >= down ? up : 0;
        down = down >= 0 && down >= up ? down : 0;
        plus = started ? plus + a * (up - plus) : up;
        minus = started ? minus + a * (down - minus) : down;
        started = true;
        if (plus + minus > 0) {
            const double dx = 100 * fabs(plus - minus) / (plus + minus);
            smooth = defined ? smooth + a * (dx - smooth) : dx;
            defined = true;
        }
        atr[i] = i >= 13 ? range : NAN;
        adx[i] = defined ? smooth : NAN;
    }
}

static inline void floor_vwap(const floor_bars *b, double *vwap) {
    int64_t session = INT64_MIN;
    double money = 0, volume = 0, plain = 0, n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const int64_t day = (b->ts_us[i] / 1000000 + 19800) / 86400;
        const double typical = (b->high[i] + b->low[i] + b->close[i]) / 3;
        if (day != session)
            money = volume = plain = n = 0;
        session = day;
        money += typical * b->volume[i];
        volume += b->volume[i];
        plain += typical;
        n++;
        vwap[i] = volume > 0 ? money / volume : plain / n;
    }
}

/* Volumes are whole numbers far below 2^53: their sums are exact, and those of their squares nearly so. */
static inline void floor_vol_z(const floor_bars *b, double *z) {
    enum { WINDOW = 100, LEAST = 20 };
    double sum = 0, squares = 0;
    for (size_t i = 0; i < b->n; i++) {
        const double v = b->volume[i];
        sum += v;
        squares += v * v;
        if (i >= WINDOW) {
            sum -= b->volume[i - WINDOW];
            squares -= b->volume[i - WINDOW] * b->volume[i - WINDOW];
        }
        const double n = i < WINDOW ? (double)(i + 1) : (double)WINDOW;
        const double variance = (squares - sum * sum / n) / (n - 1);
        z[i] = n < LEAST || variance <= 0 ? 0 : (v - sum / n) / sqrt(variance);
    }
}

/* Whether the middle of eleven is their top, for every bar; then the last top known. */
static inline void floor_swings(const double *x, size_t n, double sign, double *out) {
    enum { SIDE = 5, WIDTH = 2 * SIDE };
    double last = NAN;
    for (size_t i = 0; i < WIDTH; i++)
        out[i] = NAN;
    for (size_t i = WIDTH; i < n; i++) {
        double most = sign * x[i - WIDTH];
        for (size_t k = 1; k <= WIDTH; k++)
            most = floor_max(sign * x[i - WIDTH + k], most);
        out[i] = most == sign * x[i - SIDE] ? x[i - SIDE] : NAN;
    }
    for (size_t i = 0; i < n; i++) {
        last = isnan(out[i]) ? last : out[i];
        out[i] = last;
    }
}

static inline floor_frame floor_features(const floor_bars *b) {
    floor_frame f;
    for (int k = 0; k < COLUMNS; k++)
        f.column[k] = (double *)floor_alloc(b->n, sizeof(double));
    floor_ema(b->close, b->n, 2.0 / 21, f.column[EMA20]);
    floor_ema(b->close, b->n, 2.0 / 51, f.column[EMA50]);
    floor_directional(b, f.column[ATR], f.column[ADX]);
    floor_vwap(b, f.column[VWAP]);
    floor_vol_z(b, f.column[VOL_Z]);
    floor_swings(b->high, b->n, 1, f.column[SWING_HIGH]);
    floor_swings(b->low, b->n, -1, f.column[SWING_LOW]);
    return f;
}

#endif
