// SPDX-License-Identifier: Apache-2.0
/* Trading rules as plain loops over the columns of a file, from indicators to money; each prints trips and
 * money.
 *
 *     floor_rules ema BARS             EMA 20 over 50, one unit, in and out at the next open, 3 bps a side, a
 * million floor_rules sma BARS             SMA 30 over 150, all equity, in and out at the close, no cost,
 * 100,000 floor_rules bracket WAY BARS     SMA 10 over 50, stop 15 bps, target 30 bps; in again by WAY:
 * exit_bar (at the close of the exit's bar), next_bar, rearm (after a bar that was not above) floor_rules
 * account BARS x 5     SMA 30 over 150, two units of each, 5 bps a side, one account of 100,000 */
#include "floor.h"

static void ema(const floor_bars *b) {
    floor_clock clock = floor_start();
    double fast = b->close[0], slow = fast, cash = 1e6, units = 0, trips = 0;
    bool above = false, buy = false, sell = false;
    for (size_t i = 1; i < b->n; i++) {
        if (buy) {
            cash -= b->open[i] * 1.0003;
            units = 1;
        } else if (sell) {
            cash += b->open[i] * 0.9997;
            units = 0;
            trips++;
        }
        fast += 2.0 / 21 * (b->close[i] - fast);
        slow += 2.0 / 51 * (b->close[i] - slow);
        buy = fast > slow && !above;
        sell = above && !(fast > slow);
        above = fast > slow;
    }
    double result[] = {trips, cash + units * b->close[b->n - 1]};
    floor_stop(&clock);
    floor_print(&clock, "ema", b->n, result, 2);
}

/* Two running sums; above() is the mean of one over that of the other once both are full. */
typedef struct averages {
    size_t fast_bars, slow_bars;
    double fast, slow;
} averages;

static inline bool above(averages *a, const double *close, size_t i) {
    a->fast += close[i];
    a->slow += close[i];
    if (i >= a->fast_bars)
        a->fast -= close[i - a->fast_bars];
    if (i >= a->slow_bars)
        a->slow -= close[i - a->slow_bars];
    return i + 1 >= a->slow_bars && a->fast * (double)a->slow_bars > a->slow * (double)a->fast_bars;
}

static void sma(const floor_bars *b) {
    floor_clock clock = floor_start();
    averages means = {30, 150, 0, 0};
    double cash = 1e5, units = 0, trips = 0;
    for (size_t i = 0; i < b->n; i++) {
        bool up = above(&means, b->close, i);
        if (up && units == 0) {
            units = cash / b->close[i];
            cash = 0;
        } else if (!up && units > 0) {
            cash = units * b->close[i];
            units = 0;
            trips++;
        }
    }
    double result[] = {trips, cash + units * b->close[b->n - 1]};
    floor_stop(&clock);
    floor_print(&clock, "sma", b->n, result, 2);
}

static void bracket(const char *way, const floor_bars *b) {
    const bool on_exit_bar = strcmp(way, "exit_bar") == 0, rearm = strcmp(way, "rearm") == 0;
    floor_clock clock = floor_start();
    averages means = {10, 50, 0, 0};
    double cash = 1e5, units = 0, trips = 0, stop = 0, target = 0;
    bool armed = true;
    for (size_t i = 0; i < b->n; i++) {
        bool up = above(&means, b->close, i), left = false;
        if (units > 0) {
            double fill = 0;
            if (b->low[i] <= stop)
                fill = b->open[i] < stop ? b->open[i] : stop;
            else if (b->high[i] >= target)
                fill = b->open[i] > target ? b->open[i] : target;
            else if (!up)
                fill = b->close[i];
            if (fill > 0) {
                cash = units * fill;
                units = 0;
                trips++;
                left = true;
                armed = false;
            }
        }
        armed = armed || !up;
        if (up && units == 0 && (on_exit_bar || (rearm ? armed : !left))) {
            units = cash / b->close[i];
            cash = 0;
            stop = b->close[i] * (1 - 0.0015);
            target = b->close[i] * (1 + 0.0030);
        }
    }
    double result[] = {trips, cash + units * b->close[b->n - 1]};
    floor_stop(&clock);
    char name[32];
    snprintf(name, sizeof name, "bracket_%s", way);
    floor_print(&clock, name, b->n, result, 2);
}

enum { SERIES = 5 };

static void account(const floor_bars b[SERIES]) {
    floor_clock clock = floor_start();
    averages means[SERIES];
    double cash = 1e5, held[SERIES] = {0}, trips = 0;
    for (int s = 0; s < SERIES; s++)
        means[s] = (averages){30, 150, 0, 0};
    for (size_t i = 0; i < b[0].n; i++)
        for (int s = 0; s < SERIES; s++) {
            const double price = b[s].close[i];
            bool up = above(&means[s], b[s].close, i);
            if (up && held[s] == 0 && cash >= 2 * price * 1.0005) {
                cash -= 2 * price * 1.0005;
                held[s] = 2;
            } else if (!up && held[s] > 0) {
                cash += 2 * price * 0.9995;
                held[s] = 0;
                trips++;
            }
        }
    double result[] = {trips, cash};
    for (int s = 0; s < SERIES; s++)
        result[1] += held[s] * b[s].close[b[s].n - 1];
    floor_stop(&clock);
    floor_print(&clock, "account", SERIES * b[0].n, result, 2);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    floor_bars first = floor_read_bars(argv[argc - 1]);
    if (strcmp(argv[1], "ema") == 0) {
        ema(&first);
    } else if (strcmp(argv[1], "sma") == 0) {
        sma(&first);
    } else if (strcmp(argv[1], "bracket") == 0 && argc == 4) {
        bracket(argv[2], &first);
    } else if (strcmp(argv[1], "account") == 0 && argc == 2 + SERIES) {
        floor_bars series[SERIES];
        for (int s = 0; s < SERIES; s++)
            series[s] = floor_read_bars(argv[2 + s]);
        account(series);
    } else {
        return 2;
    }
    return 0;
}
