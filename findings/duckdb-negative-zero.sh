#!/bin/sh
# DuckDB 1.4.4 loses rows that hold -0.0 when it filters its own Parquet file by `= 0`.
# One would guess: a filter finds the same rows in a file as in the table that the file was written from.
# What happens: in memory -0.0 equals 0 and all rows are found. In the file none is: the column has a bloom filter, and
#   the bits of -0.0 and 0 differ. `x = '-0.0'::double` finds them, and so does `x + 0 = 0`, which is not pushed into
#   the file. 2.0.1 finds them by `= 0` also in the file that 1.4.4 wrote.
# Why it matters: a loss of nothing (0 * -1), a flat return or a rounded negative is -0.0; counts of flat trades or
#   bars differ between a table and its export, without an error.
# What to do: add 0.0 to a result before it is written, or filter by `x + 0 = 0` where 1.4 reads.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for version in 1.4.4 2.0.1; do
    python3 -m venv "$dir/$version"
    "$dir/$version/bin/pip" install -q --disable-pip-version-check "duckdb==$version"
done
cat > "$dir/count.py" <<'E'
import sys, duckdb
db = duckdb.connect()
file = sys.argv[1] + "/returns.parquet"
table = "select case i % 3 when 0 then '-0.0'::double when 1 then 1.5 else 2.5 end x from range(30000) r(i)"
old = duckdb.__version__ == "1.4.4"
if old:
    db.sql(f"copy ({table}) to '{file}' (format parquet)")
def count(source, where):
    return db.sql(f"select count(*) from {source} where {where}").fetchall()[0][0]
seen = [count(f"({table})", "x = 0"), count(f"'{file}'", "x = 0"), count(f"'{file}'", "x = '-0.0'::double"),
        count(f"'{file}'", "x + 0 = 0")]
print(f"DuckDB {duckdb.__version__}: memory, file = 0, file = -0.0, file + 0 = 0: {seen}")
sys.exit(seen != ([10000, 0, 10000, 10000] if old else [10000] * 4))
E
"$dir/1.4.4/bin/python" "$dir/count.py" "$dir"
"$dir/2.0.1/bin/python" "$dir/count.py" "$dir"
echo "ok: DuckDB 1.4.4 finds none of 10,000 negative zeros in its Parquet file, 2.0.1 all"
