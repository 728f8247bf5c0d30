#!/bin/sh
# A pandas Period column in a Parquet file is a count since 1970 to readers that do not know pandas.
# One would guess: a column of months is written as dates or text, or refused.
# What happens: pandas 3.1.1 with pyarrow 26.0.1 writes an int64 with an extension type in the metadata of the Arrow
#   schema. DuckDB 2.0.1 reads 2024-01 as 648, a day 2024-01-01 as 19723, without a warning; the unit is nowhere
#   in its schema. A month and a day column look alike.
# Why it matters: monthly expiries and fundamentals are often held as periods. 648 taken for a time stamp is a
#   moment of 1970, 19723 passes for days or for seconds; a join by month finds nothing or the wrong rows.
# What to do: column.dt.to_timestamp() before writing.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1 duckdb==2.0.1
"$dir/v/bin/python" - "$dir" <<'E'
import sys, duckdb, pandas as pd
file = sys.argv[1] + "/p.parquet"
pd.DataFrame({"month": pd.period_range("2024-01", periods=2, freq="M"),
              "day": pd.period_range("2024-01-01", periods=2, freq="D")}).to_parquet(file)
rows = duckdb.sql(f"select month, day, typeof(month), typeof(day) from '{file}'").fetchall()
print("DuckDB", duckdb.__version__, rows)
assert rows == [(648, 19723, "BIGINT", "BIGINT"), (649, 19724, "BIGINT", "BIGINT")]
E
echo "ok: DuckDB 2.0.1 reads the pandas month 2024-01 as 648 and the day 2024-01-01 as 19723"
