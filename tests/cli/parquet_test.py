# SPDX-License-Identifier: Apache-2.0
"""--parquet: the table of --csv in a Parquet file."""
import csv
import datetime
import json
import os
import pathlib
import resource
import subprocess

import duck
from harness import BIN, main, pixity, test
from lab import fails, walk, write_bars

BARS = ["--input", "ABC.csv", "--symbol", "ABC", "--timeframe", "5m"]


@test
def bars_come_back_as_they_were():
    write_bars("ABC.csv", walk(4, seed=1))
    for verb in ("resample", "features"):
        told = pixity(verb, *BARS, "--parquet", f"{verb}.parquet")
        assert told.stdout == "" and told.stderr == "", told
        data = pathlib.Path(f"{verb}.parquet").read_bytes()
        assert data[:4] == data[-4:] == b"PAR1" and b"Asia/Kolkata" in data and b"pixity" in data
    minutes = [*BARS[:4], "--timeframe", "1m"]
    pixity("resample", *minutes, "--parquet", "minutes.parquet")
    again = pixity("resample", "--input", "minutes.parquet", *minutes[2:], "--csv").stdout
    assert again == pixity("resample", *minutes, "--csv").stdout
    before = pathlib.Path("resample.parquet").read_bytes()
    pixity("resample", *BARS, "--parquet", "resample.parquet")
    assert pathlib.Path("resample.parquet").read_bytes() == before
    assert sorted(os.listdir()) == ["ABC.csv", "features.parquet", "minutes.parquet", "resample.parquet"], os.listdir()


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def types_of(path):
    duck.run(None, f"COPY (SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')) TO 'types.csv'")
    return dict(read_csv("types.csv")[1:])


def read_parquet(path):
    """Header and rows, times as microseconds."""
    columns = ", ".join(f"epoch_us({name}) AS {name}" if kind.startswith("TIMESTAMP") else name for name, kind in types_of(path).items())
    duck.run(None, f"COPY (SELECT {columns} FROM '{path}') TO 'rows.csv' (HEADER)")
    return read_csv("rows.csv")


def as_value(text, is_time):
    """Of a cell of the program's CSV, whose times are those of India."""
    if is_time:
        return round(datetime.datetime.fromisoformat(f"{text}+05:30").timestamp() * 1e6)
    return float(text) if text else None


@test
def features_are_those_of_the_csv():
    write_bars("ABC.csv", walk(40, seed=3))  # longer than one block of rows
    minutes = [*BARS[:4], "--timeframe", "1m"]
    for window in ([], ["--start", "2022-01-12", "--end", "2022-02-10"]):
        for verb in ("features", "resample"):
            pixity(verb, *minutes, *window, "--parquet", "f.parquet")
            pathlib.Path("told.csv").write_text(pixity(verb, *minutes, *window, "--csv").stdout)
            names, *told = read_csv("told.csv")
            kept_names, *kept = read_parquet("f.parquet")
            assert names == kept_names and len(told) == len(kept) > 2048, (verb, len(told), len(kept))
            assert types_of("f.parquet") == {name: "DOUBLE" if name != "timestamp" else "TIMESTAMP WITH TIME ZONE" for name in names}
            for a, b in zip(told, kept):
                assert [as_value(x, i == 0) for i, x in enumerate(a)] == [float(x) if x else None for x in b], (a, b)


FLAGS = ["in_sample", "ambiguous", "overnight"]


@test
def flags_are_booleans():
    write_bars("ABC.csv", walk(8, seed=2))
    pixity("import", "ABC.csv")
    stored = ["--symbol", "ABC", "--timeframe", "5m"]
    for run in ("new", "old"):
        pixity("backtest", "--strategy", "ema_cross", *stored, "--run-id", run)
    trades = ["runs", "export", "old", "--table", "trades"]
    told = pixity(*trades, "--csv").stdout
    pixity(*trades, "--parquet", "t.parquet")
    kinds = types_of("t.parquet")
    assert [kinds[name] for name in FLAGS] == ["BOOLEAN"] * 3, kinds
    names, *rows = csv.reader(told.splitlines())
    flags = [[{"": "", "0": "false", "1": "true"}[row[names.index(name)]] for name in FLAGS] for row in rows]
    kept_names, *kept = read_parquet("t.parquet")
    assert kept_names == names and flags == [[row[names.index(name)] for name in FLAGS] for row in kept] and len(rows) > 3
    # A run of before: numbers.
    path = "home/runs/old/trades.parquet"
    numbers = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in FLAGS)
    duck.run(None, f"COPY (SELECT * REPLACE ({numbers}) FROM '{path}') TO 'numbers.parquet'")
    os.replace("numbers.parquet", path)
    assert pixity(*trades, "--csv").stdout == told
    count = ["runs", "sql", "--csv", "SELECT run_id, ambiguous, count(*) AS n, sum(overnight) AS o, typeof(any_value(overnight)) AS t "
             "FROM trades GROUP BY ALL ORDER BY ALL"]
    old, new = ([line.removeprefix(run) for line in pixity(*count).stdout.splitlines() if line.startswith(run)] for run in ("old", "new"))
    assert old == new and old and all(line.endswith(",BIGINT") for line in old), (old, new)
    pixity("runs", "delete", "old")
    assert [line.removeprefix("new") for line in pixity(*count).stdout.splitlines()[1:]] == new
    pixity("fees", "--parquet", "fees.parquet")
    assert types_of("fees.parquet")["approximate"] == "BOOLEAN"
    query = ["runs", "sql", "SELECT 1 < 2 AS a, NULL::BOOLEAN AS b, false AS c"]
    assert pixity(*query, "--csv").stdout == "a,b,c\ntrue,,false\n"
    assert json.loads(pixity(*query, "--json").stdout) == [{"a": True, "b": None, "c": False}]
    pixity(*query, "--parquet", "q.parquet")
    assert set(types_of("q.parquet").values()) == {"BOOLEAN"} and read_parquet("q.parquet")[1:] == [["true", "", "false"]]


@test
def every_verb_with_a_table():
    write_bars("ABC.csv", walk(8, seed=2))
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "5m", "--run-id", "r")
    stored = ["--symbol", "ABC", "--timeframe", "5m"]
    for i, words in enumerate([
            ["data", "list"], ["data", "instruments"], ["data", "export", "--symbol", "ABC"], ["events", *stored],
            ["data", "check", "--symbol", "ABC", "--timeframe", "1m"], ["labels", *stored], ["runs", "list"],
            ["runs", "trades", "r"], ["runs", "events", "r"], ["runs", "show", "r"], ["runs", "sql", "SELECT 1 AS x"],
            ["strategies"], ["fees"], ["models", "list"], ["config", "keys"], ["doctor"]]):
        told = pixity(*words, "--parquet", f"{i}.parquet")
        assert told.stdout == "", (words, told.stdout)
        assert pathlib.Path(f"{i}.parquet").read_bytes()[:4] == b"PAR1", words


@test
def what_cannot_be_written():
    write_bars("ABC.csv", walk(4, seed=1))
    fails("resample", *BARS, "--parquet", "x.parquet", "--json", words=["--json"])
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "5m", "--run-id", "r")
    none = pixity("runs", "export", "r", "--format", "json", "--parquet", "x.parquet", status=2)
    assert "no table" in none.stderr and "x.parquet" in none.stderr, none.stderr
    fails("resample", *BARS, "--parquet", "nowhere/x.parquet", words=["nowhere/x.parquet"])
    fails("resample", *BARS, "--parquet", "home", words=["home"])
    pathlib.Path("x.parquet").write_text("old")
    full = subprocess.run([BIN, "features", *BARS, "--parquet", "x.parquet"], capture_output=True, text=True, restore_signals=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    assert full.returncode != 0 and pathlib.Path("x.parquet").read_text() == "old", full
    assert not [name for name in os.listdir() if "tmp" in name], os.listdir()


main()
