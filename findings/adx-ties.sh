#!/bin/sh
# On a bar that is higher and lower by the same amount, TA-Lib counts no directional movement and Tulip both.
# One would guess: two libraries of Wilder's formulas agree but for the first values.
# What happens: with highs rising and lows falling by 1 a bar, TA-Lib 0.8.2 has PLUS_DM = MINUS_DM = 0 (a tie is
#   nothing, as with Wilder). tulipy 0.4.0 zeroes a side only if the other is larger, so that dm gives both sides 1 a
#   bar and the smoothed sums grow to 2.
# Why it matters: ticks are coarse, so symmetric outside bars are common at short timeframes; DI+ and DI- are then
#   higher and the sums behind ADX differ. A threshold such as ADX > 25 fires on other bars.
# What to do: name the library beside an ADX rule, and test the tie when writing one.
# Needs a C compiler (tulipy is a source package).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check tulipy==0.4.0 TA-Lib==0.8.2 numpy==2.4.6
"$dir/v/bin/python" - <<'E'
import numpy as np, talib, tulipy
high, low = np.arange(10.0, 16.0), np.arange(9.0, 3.0, -1.0)
ta = talib.PLUS_DM(high, low, 2)[1:], talib.MINUS_DM(high, low, 2)[1:]
tulip = tulipy.dm(high, low, 2)
print("TA-Lib", ta, "Tulip", tulip)
assert not np.any(ta) and np.array_equal(tulip[0], [1, 1.5, 1.75, 1.875, 1.9375]) and np.array_equal(tulip[0], tulip[1])
E
echo "ok: on symmetric outside bars TA-Lib 0.8.2 has no directional movement, tulipy 0.4.0 both"
