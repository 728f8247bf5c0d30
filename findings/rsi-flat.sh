#!/bin/sh
# The RSI of a price that did not move is 0, 50, 100 or NaN, depending on the library.
# One would guess: 50, or undefined everywhere.
# What happens: 60 equal closes, 14 bars: TA-Lib 0.8.2 answers 0, stockstats 0.6.10 50, ta 0.11.0 100, tulipy 0.4.0 NaN.
# Why it matters: a share at its price limit, an illiquid option or a halted stock has such windows. "RSI below 30"
#   then buys each of them with TA-Lib, "RSI above 70" sells each with ta, and NaN does neither.
# What to do: treat a window without any change as no signal, before the threshold is asked.
# Needs a C compiler (tulipy is a source package).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check tulipy==0.4.0 TA-Lib==0.8.2 ta==0.11.0 stockstats==0.6.10 pandas==3.1.1 numpy==2.4.6
"$dir/v/bin/python" -W ignore - <<'E'
import numpy as np, pandas as pd, stockstats, ta, talib, tulipy
x = np.full(60, 100.0)
frame = pd.DataFrame({"open": x, "high": x, "low": x, "close": x, "volume": 1.0})
seen = {"TA-Lib": talib.RSI(x, 14)[-1], "stockstats": stockstats.StockDataFrame.retype(frame)["rsi_14"].iloc[-1],
        "ta": ta.momentum.RSIIndicator(pd.Series(x), 14).rsi().iloc[-1], "tulipy": tulipy.rsi(x, 14)[-1]}
print({k: float(v) for k, v in seen.items()})
assert seen["TA-Lib"] == 0 and seen["stockstats"] == 50 and seen["ta"] == 100 and np.isnan(seen["tulipy"])
E
echo "ok: RSI of a flat price: TA-Lib 0, stockstats 50, ta 100, tulipy NaN"
