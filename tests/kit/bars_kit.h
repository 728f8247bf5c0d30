// SPDX-License-Identifier: Apache-2.0
/* Minutes made by hand, one after the other. */
#ifndef BARS_KIT_H
#define BARS_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "pixity/bars.h"
#include "pixity/time.h"

/* Appends the next minute of the sessions from 2024-01-02 on. */
static inline void add(px_bars *bars, double open, double high, double low, double close, double volume) {
    static const int64_t first_us = INT64_C(1704167100000000); /* 2024-01-02 09:15 in Kolkata */
    const int64_t session = (int64_t)bars->n / 375, minute = (int64_t)bars->n % 375;
    const px_bar bar = {
        first_us + session * PX_US_PER_DAY + minute * PX_US_PER_MINUTE, open, high, low, close, volume};
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

/* A deterministic zigzag with some drift. */
static inline px_bars zigzag(size_t n) {
    px_bars bars = {0};
    double price = 100.0;
    for (size_t i = 0; i < n; i++) {
        const double move = (double)(i * 7919 % 13) / 4.0 - 1.5, close = price + move;
        add(&bars, price, fmax(price, close) + (double)(i % 3) * 0.25,
            fmin(price, close) - (double)(i % 5) * 0.25, close, 100.0 + (double)(i * 31 % 17));
        price = close;
    }
    return bars;
}

#endif
