#!/bin/sh
# Tulip's standard deviation of high prices can be negative.
# One would guess: a standard deviation is at least 0, or NaN where rounding spoils it.
# What happens: tulipy 0.4.0 keeps running sums of x and x*x and takes the root of their difference only if it is
#   positive; otherwise the (negative) variance is the answer. Prices of 10,000,000 that move by one tick of 0.05 have
#   a deviation of 0.0236; stddev(period=3) gives 0.125 and -0.0156 in turns. At 100,000 the error is 0.3 %, and at 25,000
#   still 3e-5 of it. TA-Lib 0.8.2 and NumPy give 0.02357 at each level.
# Why it matters: bitcoin in rupees stands near ten million. Bollinger bands made of it cross each other, and position
#   sizes by volatility change sign.
# What to do: subtract the window's first price before, or another library.
# Needs a C compiler (tulipy is a source package).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check tulipy==0.4.0 TA-Lib==0.8.2 numpy==2.4.6
"$dir/v/bin/python" - <<'E'
import numpy as np, talib, tulipy
for level, worst in (25e3, 5e-7), (1e5, 5e-5), (1e7, 1e-2):
    x = level + np.array([0, 0.05, 0, 0.05, 0, 0.05, 0])
    true, tulip, ta = np.std(x[:3]), tulipy.stddev(x, 3), talib.STDDEV(x, 3)[2:]
    print(f"level {level:.0f}: NumPy {true:.6f} TA-Lib {ta[:2]} Tulip {tulip[:4]}")
    assert np.allclose(ta, true, rtol=1e-6) and abs(tulip - true).max() > worst
assert tulip.min() < 0
E
echo "ok: tulipy 0.4.0 answers a negative standard deviation at prices of 10,000,000"
