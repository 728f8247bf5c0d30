#!/bin/sh
# DuckDB 1.4.4 shows a generated column in its information schema as an ordinary column with a default.
# One would guess: information_schema.columns.is_generated tells them apart, as the SQL standard says.
# What happens: is_generated and generation_expression are NULL for every column and the expression stands in
#   column_default, also in duckdb_columns() and PRAGMA table_info. Only the text of the CREATE statement in
#   duckdb_tables() differs. 2.0.1 answers ALWAYS and NEVER, but still has the expression in column_default too.
# Why it matters: a program that copies a table of bars by its listed columns inserts into a column that may not be
#   written, or makes a computed column a stored one, which then goes stale when prices are adjusted.
# What to do: on 1.4 read duckdb_tables().sql; never take column_default alone as "has a default".
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/see.py" <<'E'
import sys, duckdb
db = duckdb.connect()
db.sql("create table bars(close double, lot double default (1 + 1), value double generated always as (close * 100))")
seen = db.sql("select column_name, column_default is not null, is_generated from information_schema.columns").fetchall()
print(f"DuckDB {duckdb.__version__}: {seen}")
never, always = (None, None) if duckdb.__version__ == "1.4.4" else ("NEVER", "ALWAYS")
assert seen == [("close", False, never), ("lot", True, never), ("value", True, always)]
assert "GENERATED ALWAYS" in db.sql("select sql from duckdb_tables()").fetchall()[0][0].upper()
E
for version in 1.4.4 2.0.1; do
    python3 -m venv "$dir/$version"
    "$dir/$version/bin/pip" install -q --disable-pip-version-check "duckdb==$version"
    "$dir/$version/bin/python" "$dir/see.py"
done
echo "ok: DuckDB 1.4.4 does not say which column is generated, 2.0.1 does"
