#!/bin/sh
# quantstats takes the equity of a losing account for returns, and praises it.
# One would guess: a function that accepts prices as well as returns tells them apart, or asks.
# What happens: quantstats 0.0.86 takes a series for prices if no value is negative and the largest is above 1. An
#   equity curve that starts at 1 and never exceeds it is therefore read as daily returns of up to 100 %. The same
#   account upside up is read as prices. Here an account that lost 22 % in 505 days has a Sharpe ratio of 214.9
#   (its returns: -2.27), a CAGR of 1e69 and wins on every day; the winning one has 2.27 either way.
# Why it matters: growth of one unit is the usual form of equity, and just those strategies that lose get the best
#   figures of a sweep sorted by Sharpe ratio.
# What to do: hand over returns (equity.pct_change().dropna()), never equity.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check quantstats==0.0.86 pandas==3.1.1 numpy==2.4.6
"$dir/v/bin/python" -W ignore - <<'E'
import numpy as np, pandas as pd, quantstats as qs
days, steps = pd.bdate_range("2023-01-02", periods=505), np.tile([0.004, -0.003], 252)
seen = {}
for name, sign in ("winning", 1), ("losing", -1):
    equity = pd.Series(np.cumprod(np.r_[1, 1 + sign * steps]), days)
    returns = equity.pct_change().dropna()
    seen[name] = [float(qs.stats.sharpe(equity)), float(qs.stats.sharpe(returns))]
    print(name, "end", round(equity.iloc[-1], 3), "Sharpe of equity, of returns", seen[name],
          "CAGR", float(qs.stats.cagr(equity)), "win rate", float(qs.stats.win_rate(equity)))
assert abs(seen["winning"][0] - 2.2655) < 1e-3 and abs(seen["winning"][1] - 2.2655) < 1e-3
assert abs(seen["losing"][0] - 214.94) < 0.1 and abs(seen["losing"][1] + 2.2655) < 1e-3
assert qs.stats.cagr(equity) > 1e60 and qs.stats.win_rate(equity) == 1
E
echo "ok: quantstats 0.0.86 gives a losing account a Sharpe ratio of 215, its returns -2.27"
