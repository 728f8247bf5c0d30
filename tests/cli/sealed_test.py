# SPDX-License-Identifier: Apache-2.0
"""The files of others are read and never run: whatever a DuckDB or Parquet file names outside of itself stays
closed, at every entrance."""
import os
import pathlib
import signal
import subprocess
import sys

import duck
from harness import SOURCE, main, pixity, test

MARKER = "MARKER-OF-A-FILE-OUTSIDE"
# Each takes a path; where the last word is a folder's, the file lies in it.
FILES = [
    ["import"],
    ["import", "--preview"],
    ["import", "--preview", "--json"],
    ["import", "--symbol", "ABC"],
    ["data", "check", "--input"],
    ["features", "--timeframe", "1m", "--input"],
    ["events", "--timeframe", "1m", "--input"],
    ["labels", "--timeframe", "1m", "--input"],
    ["train", "--timeframe", "1m", "--symbol", "ABC", "--input"],
    ["train", "--timeframe", "1m", "--symbol", "ABC,DEF", "--model-out", "m", "--input"],
    ["audit", "--timeframe", "1m", "--input"],
    ["backtest", "--strategy", "ema_cross", "--timeframe", "1m", "--input"],
]
FOLDERS = [
    ["import"],
    ["import", "--preview"],
    ["import", "--symbol", "ABC"],
    ["data", "check", "--symbol", "ABC", "--data-dir"],
    ["features", "--timeframe", "1m", "--symbol", "ABC", "--data-dir"],
    ["backtest", "--strategy", "ema_cross", "--timeframe", "1m", "--symbol", "ABC", "--data-dir"],
]


def write_marker():
    """As one text, and as bars that would be read if they were reached."""
    pathlib.Path("marker.csv").write_text(f"symbol,ts,open,high,low,close,volume\n{MARKER},{duck.FIRST},1,1,1,1,1\n")
    return pathlib.Path("marker.csv").resolve()


def everything():
    """All that lies in the data folder."""
    home = pathlib.Path("home")
    return [path for path in home.rglob("*") if path.is_file()] if home.exists() else []


def refused(path, words):
    """At every entrance, alone and as one of a folder."""
    folder = pathlib.Path("folder")
    folder.mkdir(exist_ok=True)
    os.link(path, folder / "2022-08-16.duckdb")
    for command, target in [(c, path) for c in FILES] + [(c, folder) for c in FOLDERS]:
        result = pixity(*command, target, status=2)
        told = result.stdout + result.stderr
        assert MARKER not in told, (command, told)
        assert words in result.stderr, (command, told)
    for stored in everything():
        assert MARKER.encode() not in stored.read_bytes(), stored
    assert not pathlib.Path("home/candles").exists()
    (folder / "2022-08-16.duckdb").unlink()


@test
def a_view_is_refused_at_every_entrance():
    marker = write_marker()
    for i, query in enumerate([
        f"SELECT * FROM read_csv('{marker}')",
        f"SELECT content AS symbol, {duck.FIRST} AS ts, {duck.ROW} FROM read_text('{marker}')",
        f"SELECT * FROM '{marker}'",
        "SELECT * FROM bars",
    ]):
        path = f"view{i}.duckdb"
        duck.run(path, f"CREATE TABLE bars AS {duck.bars(3)}", f"CREATE VIEW candles AS {query}")
        refused(path, "candles is a view; only base tables are read")


@test
def a_view_of_another_name_is_not_taken_for_the_table():
    marker = write_marker()
    duck.run("only.duckdb", f"CREATE VIEW prices AS SELECT * FROM read_csv('{marker}')")
    refused("only.duckdb", "prices is a view; only base tables are read")
    duck.run("beside.duckdb", f"CREATE TABLE prices AS {duck.bars(3)}",
             f"CREATE VIEW a AS SELECT * FROM read_csv('{marker}')")
    assert "3 stored" in pixity("import", "beside.duckdb").stdout


@test
def a_computed_column_is_refused():
    duck.run("computed.duckdb", "CREATE TABLE candles (ts BIGINT, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, "
             f"symbol VARCHAR AS ('{MARKER}'))", f"INSERT INTO candles SELECT {duck.FIRST}, 1, 1, 1, 1")
    refused("computed.duckdb", "candles has a computed column")


@test
def macros_and_defaults_of_a_file_are_not_run():
    marker = write_marker()
    duck.run("plain.duckdb", "CREATE TABLE candles (ts BIGINT, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, "
             f"volume DOUBLE DEFAULT 5, symbol VARCHAR DEFAULT ' GENERATED ALWAYS AS({MARKER}')",
             f"INSERT INTO candles SELECT {duck.FIRST}, 1, 1, 1, 1, 1, 'ABC'",
             f"CREATE MACRO main.epoch_us(x) AS (SELECT content FROM read_text('{marker}'))",
             f"CREATE MACRO main.row_number() AS (SELECT content FROM read_text('{marker}'))",
             f"CREATE MACRO main.read_parquet(x) AS TABLE SELECT * FROM read_csv('{marker}')")
    result = pixity("import", "plain.duckdb")
    assert "1 stored" in result.stdout and "ABC" in result.stdout and MARKER not in result.stdout


@test
def tables_that_duckdb_makes_are_read():
    duck.run("plain.duckdb", f"CREATE TABLE candles AS {duck.bars(5)}")
    assert "5 stored" in pixity("import", "plain.duckdb").stdout
    awkward = pathlib.Path("it's [a*b] ~", "day ? one.duckdb")
    awkward.parent.mkdir()
    duck.run(awkward, f"CREATE TABLE candles AS {duck.bars(6)}")
    for path in (awkward, awkward.resolve(), f"{awkward.parent}/../{awkward}"):
        assert "6 rows read" in pixity("import", path, "--symbol", "DAY").stdout
    assert "6 rows read" in pixity("import", awkward.parent, "--symbol", "DAY").stdout


@test
def a_log_beside_the_file_counts():
    script = ("import os, duck\nclose = duck.ctypes.CDLL(duck.LIBRARY)\n"
              "close.duckdb_close = lambda *ignored: None\n"
              "duck.ctypes.CDLL = lambda path: close\n"
              "close.duckdb_disconnect = lambda *ignored: os.kill(os.getpid(), 9)\n"
              f"duck.run('log.duckdb', 'CREATE TABLE candles AS {duck.bars(4)}')\n")
    killed = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(SOURCE / "tests/kit")})
    assert killed.returncode == -signal.SIGKILL and pathlib.Path("log.duckdb.wal").stat().st_size
    before = {path: path.read_bytes() for path in pathlib.Path().glob("log.duckdb*")}
    assert "4 stored" in pixity("import", "log.duckdb").stdout
    pathlib.Path("days").mkdir()
    for path in before:
        os.link(path, "days" / path)
    assert "4 duplicate" in pixity("import", "days", "--symbol", "LOG").stdout
    assert {path: path.read_bytes() for path in pathlib.Path().glob("log.duckdb*")} == before


@test
def a_file_that_cannot_be_written_is_read():
    pathlib.Path("media").mkdir()
    duck.run("media/plain.duckdb", f"CREATE TABLE candles AS {duck.bars(5)}")
    os.chmod("media/plain.duckdb", 0o444)
    os.chmod("media", 0o555)
    try:
        assert "5 stored" in pixity("import", "media/plain.duckdb").stdout
        assert "5 duplicate" in pixity("import", "media", "--symbol", "PLAIN").stdout
    finally:
        os.chmod("media", 0o755)


@test
def a_query_of_runs_reads_no_other_file():
    marker = write_marker()
    pixity("synth", "--symbol", "ABC", "--days", 3, "--seed", 1, "--kind", "trend")
    pixity("backtest", "--strategy", "ema_cross", "--timeframe", "1m", "--symbol", "ABC")
    assert pixity("runs", "sql", "SELECT count(*) AS n FROM runs", "--csv").stdout == "n\n1\n"
    for query in (f"SELECT * FROM read_csv('{marker}')", f"FROM read_text('{marker}')", f"FROM '{marker}'",
                  f"FROM query('FROM read_text(''{marker}'')')", "SET enable_external_access = true",
                  f"ATTACH '{marker}'", f"COPY runs TO '{marker}.out'", "LOAD json", "INSTALL json"):
        result = pixity("runs", "sql", query, status=2)
        assert MARKER not in result.stdout + result.stderr, query
    assert not pathlib.Path(f"{marker}.out").exists()


main()
