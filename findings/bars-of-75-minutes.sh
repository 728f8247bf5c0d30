#!/bin/sh
# Bars of 75 minutes begin at another time every day, in pandas, polars and DuckDB, each differently.
# One would guess: a session of 375 minutes from 09:15 gives five bars of 75 minutes, 09:15 to 14:15, every day; at
#   least that three libraries agree.
# What happens: all three count from a fixed moment and 75 minutes do not divide a day, so the grid moves by 15 minutes
#   a day. pandas 3.1.1 counts from the first midnight of the data, polars 2.1.0 from 1970, DuckDB 2.0.1 from
#   2000-01-03. Over one week of sessions each has five different first bars, six bars on four days of five, and on no
#   day do two of them agree. In pandas the bars also depend on the day at which the data begin. 25 minutes do the same.
# Why it matters: 75 and 25 minutes are usual for Indian shares since they divide the session. The first bar is then
#   cut short and the indicators see another series, with other signals from each library and each start date.
# What to do: group by session and count from its open (pandas: origin per day).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 polars==2.1.0 duckdb==2.0.1 numpy==2.4.6
"$dir/v/bin/python" - <<'E'
from collections import Counter
import duckdb, pandas as pd, polars as pl
days = pd.bdate_range("2024-01-01", "2024-01-05")
times = [t for day in days for t in pd.date_range(day + pd.Timedelta("9h15min"), periods=375, freq="1min")]
bars = pd.DataFrame({"t": times, "close": range(len(times))})
def first_and_count(starts):
    starts = [pd.Timestamp(s) for s in starts]
    counts, first = Counter(s.date() for s in starts), {}
    for s in sorted(starts):
        first.setdefault(s.date(), s.strftime("%H:%M"))
    return list(first.values()), [counts[d] for d in sorted(counts)]
seen = {
    "pandas": first_and_count(bars.set_index("t").close.resample("75min").last().dropna().index),
    "polars": first_and_count(pl.DataFrame({"t": bars.t.to_numpy()}).group_by_dynamic("t", every="75m").agg(pl.len())["t"].to_list()),
    "DuckDB": first_and_count(r[0] for r in duckdb.sql("select distinct time_bucket(interval '75 minutes', t) from bars").fetchall()),
}
for name, (first, counts) in seen.items():
    print(name, first, counts)
    assert len(set(first)) == 5 and sorted(counts) == [5, 6, 6, 6, 6]
assert all(len(set(day)) == 3 for day in zip(*(first for first, _ in seen.values())))
late = bars[bars.t >= "2024-01-02"].set_index("t").close.resample("75min").last().dropna().index
assert late[0].strftime("%H:%M") == "08:45" != seen["pandas"][0][1]
E
echo "ok: 75-minute bars start at five times of day in a week, and on no day do two libraries agree"
