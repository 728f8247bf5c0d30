# SPDX-License-Identifier: Apache-2.0
"""What the oracle knows of indicators: plain recurrences over columns; undefined is NaN."""
import math
from fractions import Fraction

NAN = float("nan")


def ema(x, n):
    a = 2.0 / (n + 1)
    y = [x[0]]
    for value in x[1:]:
        y.append(y[-1] + a * (value - y[-1]))
    return y


def wilder(x, n):
    """Starts at the first defined x; a missing input keeps y, and weighs it less at the next defined one."""
    a, y, missing, out = 1.0 / n, NAN, 0, []
    for value in x:
        if math.isnan(value):
            missing += 1
        elif math.isnan(y):
            y, missing = value, 0
        else:
            w = (1 - a) ** (missing + 1)
            y, missing = (w * y + a * value) / (w + a), 0
        out.append(y)
    return out


def divide(x, y):
    return x / y if y != 0 else NAN


def true_range(h, l, c):
    tr = [h[0] - l[0]]
    for i in range(1, len(h)):
        tr.append(max(h[i] - l[i], abs(h[i] - c[i - 1]), abs(l[i] - c[i - 1])))
    return tr


def atr(h, l, c, reference):
    n = len(h)
    if reference and n < 15:
        return [0.0] * n
    smooth = wilder(true_range(h, l, c), 14)
    return [NAN if i < 13 else smooth[i] for i in range(n)]


def adx(h, l, c, reference):
    n = len(h)
    if reference and n < 28:
        return [0.0] * n
    ups, downs = [NAN], [NAN]
    for i in range(1, n):
        up, dn = h[i] - h[i - 1], l[i - 1] - l[i]
        tie = not reference and abs(up - dn) < 1e-9 * abs(c[i])
        if up < 0:
            up = 0.0
        if up < dn and not tie:
            up = 0.0
        if dn < 0:
            dn = 0.0
        if dn < up and not tie:
            dn = 0.0
        ups.append(up)
        downs.append(dn)
    smooth_tr = wilder(true_range(h, l, c), 14)
    smooth_up, smooth_down = wilder(ups, 14), wilder(downs, 14)
    dx = []
    for i in range(n):
        plus = divide(100 * smooth_up[i], smooth_tr[i])
        minus = divide(100 * smooth_down[i], smooth_tr[i])
        dx.append(divide(100 * abs(plus - minus), plus + minus))
    return wilder(dx, 14)


def vwap(ts, h, l, c, v, fallback, reference):
    """In exact arithmetic, rounded once; in profile reference as the original sums."""
    number = float if reference else Fraction
    whole_data_empty = all(volume == 0 for volume in v)
    out, session = [], None
    for i in range(len(ts)):
        if ts[i].date() != session:
            session, sum_pv, sum_v, sum_p, count = ts[i].date(), number(0), number(0), number(0), 0
        typical, volume = (number(h[i]) + number(l[i]) + number(c[i])) / 3, number(v[i])
        sum_pv, sum_v, sum_p, count = sum_pv + typical * volume, sum_v + volume, sum_p + typical, count + 1
        twap = whole_data_empty if fallback == "dataset" else sum_v == 0
        out.append(float(sum_p / count if twap else divide(sum_pv, sum_v)))
    return out


def vol_z(v):
    out = []
    for i in range(len(v)):
        window = v[max(0, i - 99):i + 1]
        if i + 1 < 20 or max(window) == min(window):
            out.append(0.0)
            continue
        mean = math.fsum(window) / len(window)
        variance = math.fsum((x - mean) ** 2 for x in window) / (len(window) - 1)
        out.append((v[i] - mean) / math.sqrt(variance))
    return out


def swings(x, best, p, rule):
    """The last swing's price, known at its own bar (centered) or p bars later (confirmed)."""
    n, last, out = len(x), NAN, []
    for i in range(n):
        k = i if rule == "centered" else i - p
        if p <= k < n - p and x[k] == best(x[k - p:k + p + 1]):
            last = x[k]
        out.append(last)
    return out
