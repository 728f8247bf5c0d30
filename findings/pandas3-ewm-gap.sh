#!/bin/sh
# pandas 3 gives another exponential average after a missing value than pandas 2 and polars.
# One would guess: ewm(adjust=False).mean() of the same numbers is the same in every version.
# What happens: with adjust=False and ignore_na=False (its default), [1, gap, gap, 4, 5] and span 3 end in 4.2 in
#   pandas 2.3.3 and polars 2.1.0, and in 4.3125 in pandas 3.1.1. The old weights after a gap are renormalised
#   ((1/8 * 1 + 1/2 * 4) / (5/8) = 3.4); the new ones take all of the rest for the new value (1/8 * 1 + 7/8 * 4 =
#   3.625). adjust=True and ignore_na=True are unchanged.
# Why it matters: adjust=False is what trading uses (EMA, RSI, ATR, MACD). A halted minute or a holiday joined from
#   another market moves every value behind it, so that a backtest changes with an upgrade, without a warning.
# What to do: drop the gaps before, or pass ignore_na=True, on which all three agree.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/ewm.py" <<'E'
import sys, pandas as pd
want = [float(x) for x in sys.argv[1:]]
x = pd.Series([1, float("nan"), float("nan"), 4, 5])
seen = x.ewm(span=3, adjust=False).mean().tolist()
print("pandas", pd.__version__, seen)
assert all(abs(a - b) < 1e-12 for a, b in zip(seen, want, strict=True))
same = x.ewm(span=3, adjust=False, ignore_na=True).mean().tolist()
assert same == [1, 1, 1, 2.5, 3.75], same
assert abs(x.ewm(span=3).mean().iloc[-1] - 4.52) < 1e-12
if pd.__version__ == "3.1.1":
    import polars as pl
    other = pl.Series([1, None, None, 4, 5], dtype=pl.Float64).ewm_mean(span=3, adjust=False, ignore_nulls=False).to_list()
    print("polars", pl.__version__, other)
    assert abs(other[3] - 3.4) < 1e-12 and abs(other[4] - 4.2) < 1e-12
E
python3 -m venv "$dir/old"
"$dir/old/bin/pip" install -q --disable-pip-version-check pandas==2.3.3 numpy==2.4.6
"$dir/old/bin/python" "$dir/ewm.py" 1 1 1 3.4 4.2
python3 -m venv "$dir/new"
"$dir/new/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 numpy==2.4.6 polars==2.1.0
"$dir/new/bin/python" "$dir/ewm.py" 1 1 1 3.625 4.3125
echo "ok: after a gap pandas 3.1.1 ends at 4.3125 where pandas 2.3.3 and polars 2.1.0 end at 4.2"
