# SPDX-License-Identifier: Apache-2.0
"""Run by readers_test.py in the environment of tools/get-readers: whatever reads a file that the program wrote finds the
cells of its CSV, bit for bit, and filters and joins find what memory does.

    read_back.py FOLDER STORED      a file of each format beside NAME.csv; the Parquet file of the stored bars
"""
import csv
import datetime
import json
import math
import pathlib
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

IST = datetime.timezone(datetime.timedelta(hours=5.5))
FOLDER, STORED = pathlib.Path(sys.argv[1]), sys.argv[2]
ZONE = "Asia/Kolkata"


def exact(value):
    """One form for a cell, whoever read it: numbers by their bits, times as microseconds in UTC."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime.datetime):
        assert value.tzinfo is not None, value
        since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return (since.days * 86400 + since.seconds) * 1000000 + since.microseconds
    if isinstance(value, (bool, str)):
        return value
    return float(value).hex()  # whole numbers too: where some are missing, pandas has doubles


def as_kind(text, kind):
    """A cell of the CSV as the column's kind."""
    if text == "":
        return None
    if pa.types.is_timestamp(kind):
        return exact(datetime.datetime.fromisoformat(text).replace(tzinfo=IST))
    if pa.types.is_boolean(kind):
        return {"1": True, "0": False, "true": True, "false": False}[text]
    return text if pa.types.is_large_string(kind) else float(text).hex()


def of_arrow(table):
    return [list(map(exact, table.column(i).to_pylist())) for i in range(table.num_columns)]


def of_pandas(frame):
    return [[exact(None if v is pd.NA else v.item() if hasattr(v, "item") else v.to_pydatetime() if isinstance(v, pd.Timestamp) else v)
             for v in frame[name]] for name in frame]


def of_polars(frame):
    return [list(map(exact, frame[name].to_list())) for name in frame.columns]


def of_duckdb(relation):
    return [list(map(exact, column)) for column in zip(*relation.fetchall())] or [[] for _ in relation.columns]


def readers(name, connection):
    """Everything that reads a format, and what it gives."""
    parquet, arrow = str(FOLDER / f"{name}.parquet"), str(FOLDER / f"{name}.arrow")
    yield "pyarrow, Parquet", of_arrow(pa.parquet.read_table(parquet))
    yield "pandas, Parquet", of_pandas(pd.read_parquet(parquet))
    yield "polars, Parquet", of_polars(pl.read_parquet(parquet))
    yield "polars, scanned Parquet", of_polars(pl.scan_parquet(parquet).collect())
    yield "DuckDB, Parquet", of_duckdb(connection.sql(f"FROM '{parquet}'"))
    yield "pyarrow, Arrow", of_arrow(pa.ipc.open_file(arrow).read_all())
    yield "pyarrow, mapped Feather", of_arrow(pa.feather.read_table(arrow, memory_map=True))
    yield "pandas, Feather", of_pandas(pd.read_feather(arrow))
    yield "polars, Arrow", of_polars(pl.read_ipc(arrow))
    yield "polars, scanned Arrow", of_polars(pl.scan_ipc(arrow).collect())
    mapped = pa.ipc.open_file(pa.memory_map(arrow)).read_all()
    yield "DuckDB, Arrow", of_duckdb(connection.sql("FROM mapped"))


def check_cells(name, connection):
    table = pa.ipc.open_file(FOLDER / f"{name}.arrow").read_all()
    table.validate(full=True)
    for metadata in (table.schema.metadata, pa.parquet.read_schema(FOLDER / f"{name}.parquet").metadata):
        assert metadata[b"timezone"] == ZONE.encode() and metadata[b"writer"].startswith(b"pixity "), metadata
    kinds = [field.type for field in table.schema]
    written = pa.parquet.read_schema(FOLDER / f"{name}.parquet")
    for field, kind in zip(written, kinds):
        assert not pa.types.is_timestamp(kind) or (kind.tz == ZONE and field.type == kind), (name, field, kind)
        assert pa.types.is_boolean(kind) == pa.types.is_boolean(field.type), (name, field, kind)
    with open(FOLDER / f"{name}.csv", newline="") as lines:
        names, *rows = csv.reader(lines)
    assert names == table.column_names == written.names, (names, table.column_names)
    wanted = [[as_kind(row[i], kind) for row in rows] for i, kind in enumerate(kinds)]
    assert not any(cell == "-0x0.0p+0" for column in wanted for cell in column)
    for who, found in readers(name, connection):
        assert len(found) == len(wanted), (name, who)
        for column, a, b in zip(names, wanted, found):
            assert a == b, (name, who, column, [x for x in zip(a, b) if x[0] != x[1]][:3])
    documents = [json.loads(line) for line in open(FOLDER / f"{name}.jsonl")]
    assert len(documents) == len(rows) and pl.read_ndjson(FOLDER / f"{name}.jsonl").height == len(rows)
    for i, (column, kind) in enumerate(zip(names, kinds)):
        found = [document[column] for document in documents]
        if pa.types.is_timestamp(kind):
            found = [exact(datetime.datetime.fromisoformat(v)) if v else None for v in found]
        elif not pa.types.is_large_string(kind) and not pa.types.is_boolean(kind):
            found = [None if v is None else float(v).hex() for v in found]
        elif pa.types.is_boolean(kind):
            found = [None if v is None else bool(v) for v in found]
        assert found == wanted[i], (name, column)
    print(f"# {name}: {len(rows)} rows of {len(names)} columns")
    return table, len(rows)


def check_counts(name, table, connection):
    """Under a filter a file has as many rows as memory."""
    parquet = str(FOLDER / f"{name}.parquet")
    for field in table.schema:
        if not pa.types.is_floating(field.type):
            continue
        cells = [v for v in table[field.name].to_pylist() if v is not None]
        for value in {0.0, *sorted(cells)[:1], *sorted(cells)[-1:], *cells[len(cells) // 2:][:1]}:
            wanted = sum(v == value for v in cells)
            found = {
                "pyarrow": pa.parquet.read_table(parquet, filters=[(field.name, "==", value)]).num_rows,
                "polars": pl.scan_parquet(parquet).filter(pl.col(field.name) == value).collect().height,
                "polars, Arrow": pl.scan_ipc(FOLDER / f"{name}.arrow").filter(pl.col(field.name) == value).collect().height,
                "DuckDB": connection.execute(f'SELECT count(*) FROM \'{parquet}\' WHERE "{field.name}" = ?', [value]).fetchall()[0][0],
            }
            assert set(found.values()) == {wanted}, (name, field.name, value, wanted, found)


def check_joins(n, connection):
    """Stored and exported bars meet in every row, each by its own name of the time."""
    for ending, pandas, polars in (("parquet", pd.read_parquet, pl.read_parquet), ("arrow", pd.read_feather, pl.read_ipc)):
        path = FOLDER / f"bars.{ending}"
        met = pd.read_parquet(STORED).merge(pandas(path), left_on="ts", right_on="timestamp")
        assert len(met) == n and (met.close_x == met.close_y).all(), (ending, len(met), n)
        right = polars(path).with_columns(pl.col("timestamp").dt.convert_time_zone("UTC"))
        assert pl.read_parquet(STORED).join(right, left_on="ts", right_on="timestamp").height == n, ending
        exported = pa.ipc.open_file(path).read_all() if ending == "arrow" else connection.sql(f"FROM '{path}'")
        met = connection.sql(f"SELECT count(*) FROM '{STORED}' s JOIN exported e ON s.ts = e.timestamp").fetchall()[0][0]
        assert met == n, (ending, met, n)
    met = connection.sql(f"SELECT count(*) FROM '{STORED}' s JOIN read_json('{FOLDER}/bars.jsonl') e ON s.ts = CAST(e.timestamp AS TIMESTAMPTZ)")
    assert met.fetchall()[0][0] == n


def check_runs_go_together():
    """Trades in whole shares and trades in fractions of them have the same types: strict readers take them as one table."""
    for ending, polars, arrow in (("parquet", pl.read_parquet, pa.parquet.read_table), ("arrow", pl.read_ipc, pa.feather.read_table)):
        paths = [FOLDER / f"{name}.{ending}" for name in ("trades", "fractions")]
        whole, part = map(polars, paths)
        both = pl.concat([whole, part], how="vertical")
        assert both.height == whole.height + part.height and both["qty"].dtype == pl.Float64
        assert (whole["qty"] % 1 == 0).all() and not (part["qty"] % 1 == 0).all()
        assert all(round(qty, 3) == qty for qty in part["qty"])
        assert pa.concat_tables(map(arrow, paths)).num_rows == both.height


def main():
    connection = duckdb.connect()
    print("#", *(f"{library.__name__} {library.__version__}" for library in (pd, pl, pa, duckdb)))
    for zone in ("UTC", "America/New_York"):
        connection.execute(f"SET TimeZone = '{zone}'")
        for path in sorted(FOLDER.glob("*.arrow")):
            table, n = check_cells(path.stem, connection)
            check_counts(path.stem, table, connection)
            if path.stem == "bars":
                check_joins(n, connection)
    check_runs_go_together()


main()
