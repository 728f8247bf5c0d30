#!/bin/sh
# A sum of whole-number volumes (BIGINT) is computed in DuckDB and stored as Parquet, to be read by the next tool.
# One would guess: a sum of whole numbers is a whole number in the file, whichever way it leaves DuckDB.
# What happens: DuckDB 2.0.1 sums BIGINT as HUGEINT. As an Arrow table that is decimal128(38, 0), exact; COPY to Parquet
#   writes a DOUBLE, and df() gives float64: 9007199254740993 becomes ...992, without a word.
# Why it matters: a join or comparison of turnover or volume by file and by memory differs; a reader that takes whole
#   numbers only (volume as int64) refuses the file or rounds.
# What to do: cast the sum, `sum(volume)::BIGINT`, before it is written.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 pandas==3.1.1
cd "$dir"
v/bin/python - <<'P'
import duckdb, pyarrow.parquet as pq
query = "SELECT sum(volume) AS volume FROM (VALUES (9007199254740992::BIGINT), (1)) AS bars(volume)"
duckdb.sql(f"COPY ({query}) TO 'day.parquet'")
arrow, frame, stored = duckdb.sql(query).to_arrow_table(), duckdb.sql(query).df(), pq.read_table("day.parquet")
print("Arrow", arrow.schema.types, arrow["volume"][0], "frame", frame.volume.dtype, "Parquet", stored.schema.types, stored["volume"][0])
assert int(arrow["volume"][0].as_py()) == 9007199254740993 and str(arrow.schema.types[0]) == "decimal128(38, 0)"
assert str(stored.schema.types[0]) == "double" and int(stored["volume"][0].as_py()) == 9007199254740992
assert str(frame.volume.dtype) == "float64"
P
echo "ok: DuckDB 2.0.1 writes the sum of whole numbers to Parquet as doubles"
