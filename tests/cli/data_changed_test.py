# SPDX-License-Identifier: Apache-2.0
"""Runs whose stored bars changed since say so, by what the journal tells, and no other run does."""
import json
import pathlib
import sqlite3

from harness import main, pixity, test
from lab import HOME, document, table, walk, write_bars

ROWS = walk(30)


def imported(name, rows, symbol="S", *options):
    write_bars(name, rows)
    pixity("import", name, "--symbol", symbol, *options)


def run(run_id, *options, symbol="S"):
    pixity("backtest", "--strategy", "ema_cross", "--symbol", symbol, "--timeframe", "15m", "--run-id", run_id, *options)


def told(run_id):
    """What is told of a run, the same by every verb."""
    shown = document("runs", "show", run_id).get("data_changed")
    (row,) = [row for row in document("runs", "list") if row["run_id"] == run_id]
    assert row["data_changed"] is (shown is not None), (row, shown)
    lines = [line for line in pixity("runs", "show", run_id).stdout.splitlines() if "data has changed" in line]
    assert lines == ([f"WARNING   data has changed: {shown}"] if shown else []), lines
    assert next(row for row in table("runs", "list") if row["run_id"] == run_id)["data_changed"] == ("true" if shown else "false")
    return shown


def replaced(day, name="r.csv"):
    imported(name, [[*row[:5], "7"] for row in ROWS if row[0].startswith(day)], "S", "--on-conflict", "replace")


@test
def an_import_that_changes_nothing_of_it_is_not_told():
    imported("a.csv", ROWS[:7500])
    run("r")
    assert told("r") is None
    imported("a.csv", ROWS[:7500])  # the same again
    imported("b.csv", ROWS)  # the whole again, with later bars
    imported("t.csv", ROWS, "T")
    assert told("r") is None


@test
def bars_of_its_window_that_changed_are_told_until_that_is_taken_back():
    imported("a.csv", ROWS)
    run("r", "--start", "2022-01-20", "--end", "2022-01-27", "--set", "warmup_days=3")
    replaced("2022-02-08")
    replaced("2022-01-04")
    assert told("r") is None, "after it, and before its warm-up"
    replaced("2022-01-19")
    words = told("r")
    assert words.startswith("1m bars of S were changed by entry 4 of `pixity data log S` (import of r.csv, "), words
    pixity("data", "undo", "S")
    assert told("r") is None
    pixity("data", "undo", "S", "5")  # the undo is taken back
    assert told("r")
    pixity("data", "undo", "S")
    assert told("r") is None
    for entry in (3, 2, 1):
        pixity("data", "undo", "S", entry)
    assert told("r"), "what was there when it was made is gone"


@test
def deleted_renamed_and_adjusted():
    imported("a.csv", ROWS)
    run("r")
    pixity("data", "delete", "S", "--start", "2022-01-20", "--end", "2022-01-20")
    assert "(delete, " in told("r")
    pixity("data", "undo", "S")
    assert told("r") is None
    pixity("data", "adjust", "--symbol", "S", "--ex-date", "2022-01-25", "--factor", "2")
    assert told("r") == "the splits and bonuses of S are others"
    run("adjusted", "--accept", "split")
    assert told("adjusted") is None
    pixity("data", "adjust", "--symbol", "S", "--ex-date", "2022-01-25", "--remove")
    assert told("r") is None and told("adjusted") == "the splits and bonuses of S are others"
    pixity("data", "rename", "S", "OTHER")
    assert told("r") == "no bars of S are stored any more, or under another name"
    imported("a.csv", ROWS)  # a new journal, with the same bars, under the old name
    assert told("r") and told("adjusted")
    pixity("data", "delete", "S")
    assert told("r")


@test
def other_series_and_files():
    imported("a.csv", ROWS)
    pixity("resample", "--symbol", "S", "--timeframe", "15m", "--parquet", "b.parquet")
    pixity("data", "delete", "S")
    pixity("import", "b.parquet", "--symbol", "S", "--timeframe", "15m")
    run("r")
    pixity("resample", "--input", "a.csv", "--timeframe", "1h", "--parquet", "h.parquet")
    pixity("import", "h.parquet", "--symbol", "S", "--timeframe", "1h")
    assert told("r") is None, "an hour is no part of 15 minutes"
    imported("c.csv", ROWS[:20])
    assert told("r").startswith("1m bars of S"), "finer bars of its window"
    pixity("backtest", "--strategy", "ema_cross", "--input", "a.csv", "--symbol", "S", "--timeframe", "15m", "--run-id", "f")
    pixity("data", "delete", "S")
    assert told("f") is None


@test
def runs_of_earlier_versions_go_by_the_clock():
    imported("a.csv", ROWS)
    run("r")
    path = HOME / "runs" / "r" / "run.json"
    stored = json.loads(path.read_text())
    assert stored["data"].pop("entry") == 1
    path.write_text(json.dumps(stored))
    assert told("r") is None
    replaced("2022-01-19")
    assert told("r")


@test
def reports_and_the_index():
    imported("a.csv", ROWS)
    run("r")
    pixity("report", "r", "--out", "before.html")
    replaced("2022-01-19")
    words = told("r")
    pixity("report", "r", "--out", "after.html")
    before, after = (pathlib.Path(name).read_text() for name in ("before.html", "after.html"))
    assert "Data has changed since" not in before.split("<script")[0]
    assert f"Data has changed since: {words}." in after
    with sqlite3.connect(HOME / "pixity.db") as database:
        assert "data_changed" not in [row[1] for row in database.execute("PRAGMA table_info(runs)")], "it is never stored"
    pathlib.Path(next(HOME.glob("candles/*S/1m/journal/000002.json"))).write_text("{")
    assert next(row for row in document("runs", "list"))["data_changed"] is False, "a damaged journal keeps no list from being read"
    assert "000002.json" in pixity("runs", "show", "r", status=1).stderr


main()
