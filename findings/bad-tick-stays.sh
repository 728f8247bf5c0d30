#!/bin/sh
# One bad tick in a series: what does the rolling deviation of 20 bars say after the tick has left the window?
# One would guess: what it would say without the tick, in every library.
# What happens: Bottleneck 1.6.0's move_std adds and removes squares and never starts anew: after a price of 1e8 among
#   prices near 100 its deviation is more than half off on every later bar, 200 bars on as well. pandas 3.1.1,
#   polars 2.1.0 and TA-Lib 0.8.2 are right to ten digits again.
# Why it matters: bands, z-scores and volatility sizing are wrong for the rest of the series, with no missing value or
#   warning, and only in the run whose data began before the tick.
# What to do: mend the tick before anything rolls over it, and hold a rolling figure against one that starts later.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 polars==2.1.0 Bottleneck==1.6.0 TA-Lib==0.8.2
"$dir/v/bin/python" - <<'P'
import bottleneck, numpy as np, pandas, polars, talib
price = 100 + np.random.default_rng(1).choice([-0.05, 0, 0.05], 300).cumsum().round(2)
price[50] = 1e8
exact = np.array([np.std(price[i - 19:i + 1]) for i in range(100, 300)])
rolled = {"Bottleneck": bottleneck.move_std(price, 20), "TA-Lib": talib.STDDEV(price, 20),
          "pandas": pandas.Series(price).rolling(20).std(ddof=0).to_numpy(),
          "polars": polars.Series(price).rolling_std(20, ddof=0).to_numpy()}
off = {name: float(np.max(np.abs(values[100:] / exact - 1))) for name, values in rolled.items()}
print("largest relative error from 50 bars after the tick on:", off)
assert off.pop("Bottleneck") > 0.5 and all(error < 1e-9 for error in off.values())
P
echo "ok: after one bad tick Bottleneck 1.6.0's rolling deviation stays wrong"
