#!/bin/sh
# DuckDB 1.4.4 and 2.0.1 round prices when the first file of a folder happens to hold whole ones.
# One would guess: reading a folder of Parquet files of bars widens a column to DOUBLE where any file has DOUBLE, or fails.
# What happens: the first file's types hold for all. A day on which every close is whole is written as an integer by pandas or
#   DuckDB themselves; if that day sorts first, 2510.75 of the next day comes back as the INTEGER 2511, without a word.
#   In another order of the same two files it is 2510.75. Only `union_by_name=true` gives DOUBLE in both orders.
# Why it matters: one bar file a day is a usual layout; stops, ticks and returns are then of rounded prices, and what is
#   rounded depends on the names of files.
# What to do: write prices as DOUBLE always; read folders with union_by_name=true, or refuse files whose types differ.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/read.py" <<'E'
import os, sys, duckdb
db = duckdb.connect()
os.chdir(sys.argv[1])
os.makedirs("bars", exist_ok=True)
db.sql("copy (select 1 as bar, 2500 as close) to 'bars/2024-01-01.parquet' (format parquet)")
db.sql("copy (select 2 as bar, 2510.75::double as close) to 'bars/2024-01-02.parquet' (format parquet)")
def read(files, options=""):
    return db.sql(f"select typeof(close), close from read_parquet({files}{options}) where bar = 2").fetchall()[0]
first, second = "bars/2024-01-01.parquet", "bars/2024-01-02.parquet"
seen = [read("'bars/*.parquet'"), read([second, first]), read("'bars/*.parquet'", ", union_by_name=true")]
print(f"DuckDB {duckdb.__version__}: by glob {seen[0]}, in the other order {seen[1]}, union_by_name {seen[2]}")
sys.exit(seen != [("INTEGER", 2511), ("DOUBLE", 2510.75), ("DOUBLE", 2510.75)])
E
for version in 1.4.4 2.0.1; do
    python3 -m venv "$dir/$version"
    "$dir/$version/bin/pip" install -q --disable-pip-version-check "duckdb==$version"
    "$dir/$version/bin/python" "$dir/read.py" "$dir"
done
echo "ok: the type of a price is that of the first file, and 2510.75 becomes 2511"
