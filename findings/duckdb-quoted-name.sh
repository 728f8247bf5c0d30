#!/bin/sh
# A Parquet file has the columns `close` (adjusted) and `Close` (as traded), as a pandas join of two sources gives.
# One would guess: DuckDB's `"Close"` in double quotes is the column of that spelling, as in other databases.
# What happens: DuckDB 2.0.1 compares quoted names without regard to case too. It renames the second column `Close_1`,
#   and `SELECT "Close"` answers with the values of `close`, without a word; `SELECT "Close_1"` has the others.
#   pyarrow 26.0.1 reads both under their own names.
# Why it matters: a backtest that names the traded price gets the adjusted one, which is off by every dividend and split.
# What to do: refuse files in which used columns differ by case only, or rename them before the query.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1
cd "$dir"
v/bin/python - <<'P'
import duckdb, pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table({"close": [125.5], "Close": [2510.0]}), "bars.parquet")
table = pq.read_table("bars.parquet", columns=["Close"])
asked = duckdb.sql('SELECT "Close" FROM \'bars.parquet\'').fetchall()
named = duckdb.sql("SELECT * FROM 'bars.parquet'").columns
print("pyarrow", table.to_pydict(), "DuckDB", asked, named)
assert table.to_pydict() == {"Close": [2510.0]} and asked == [(125.5,)] and named == ["close", "Close_1"]
P
echo 'ok: asked for "Close", DuckDB 2.0.1 answers with the column close'
