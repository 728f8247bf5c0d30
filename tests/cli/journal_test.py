# SPDX-License-Identifier: Apache-2.0
"""data log, undo, delete, rename and verify: what changed the bars is kept, and every change goes back exactly."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess

from harness import BIN, main, pixity, reduced, test
from lab import HOME, fails, table, walk, write_bars

KILLED = {**os.environ, "PIXITY_HOME": "home", "LD_PRELOAD": os.environ["PIXITY_KILL_AT_LIBRARY"]}


FEWER = reduced("changes are killed at every fourth step")


def year_files():
    """The stored bars, byte for byte: what a series' commit has not yet put in its place counts."""
    found = {}
    for path in sorted(HOME.glob("candles/*/*/*.parquet")) + sorted(HOME.glob("candles/*/*/.commit/[12]*.parquet")):
        name = "/".join(part for part in path.relative_to(HOME).parts if part != ".commit")
        data = path.read_bytes()
        found[name] = hashlib.sha256(data).hexdigest() if data else None
    return {name: digest for name, digest in found.items() if digest}


def state():
    """All that is told of stored bars and instruments."""
    return (pixity("data", "list", "--csv").stdout, pixity("data", "instruments", "--csv").stdout, year_files())


def log(symbol):
    return json.loads(pixity("data", "log", symbol, "--json").stdout)


@test
def an_import_is_an_entry():
    rows = walk(3)
    rows[5][1] = "-"
    write_bars("a.csv", rows)
    pixity("import", "a.csv", "--symbol", "S", "--tz", "Asia/Kolkata")
    (entry,) = log("S")
    assert (entry["entry"], entry["kind"], entry["file"], entry["timeframe"]) == (1, "import", "a.csv", "1m"), entry
    assert entry["sha256"] == hashlib.sha256(pathlib.Path("a.csv").read_bytes()).hexdigest()
    assert (entry["rows"], entry["stored"], entry["rejected"]) == (1125, 1124, 1), entry
    assert entry["first"] == "2022-01-03T09:15:00+05:30" and entry["last"] == "2022-01-05T15:29:00+05:30", entry
    options = json.loads(entry["options"])
    assert options["tz"] == "Asia/Kolkata" and options["on_conflict"] == "error", options
    pixity("import", "a.csv", "--symbol", "S")
    assert [(e["entry"], e["stored"], e["duplicate"]) for e in log("S")] == [(1, 1124, 0), (2, 0, 1124)]
    assert len(table("data", "log", "S")) == 2
    pixity("synth", "--symbol", "OTHER", "--days", "2", "--seed", "1")
    pixity("data", "delete", "OTHER")  # what has no bars any more has a journal
    assert [(e["symbol"], e["kind"]) for e in json.loads(pixity("data", "log", "--json").stdout)] == [
        ("OTHER", "synth"), ("OTHER", "delete"), ("S", "import"), ("S", "import")
    ]
    fails("data", "log", "T", words=("T",))


@test
def every_entry_goes_back_exactly():
    states = [state()]
    write_bars("a.csv", walk(20, start="2021-12-20"))
    write_bars("b.csv", walk(30, seed=2, start="2021-12-27"))
    write_bars("c.csv", walk(12, seed=3, start="2021-12-13"))  # new bars, then others in place of stored ones
    for file, way in (("a.csv", "error"), ("b.csv", "skip"), ("b.csv", "replace"), ("c.csv", "replace")):
        pixity("import", file, "--symbol", "S", "--on-conflict", way)
        states.append(state())
    assert len(year_files()) == 2 and len(set(map(str, states))) == 5
    pixity("data", "delete", "S", "--start", "2021-12-29", "--end", "2022-01-04")
    states.append(state())
    for back in (4, 3, 2, 1, 0):
        pixity("data", "undo", "S")
        assert state() == states[back], back
    fails("data", "undo", "S", words=("no entry",))
    undone = [entry["entry"] for entry in log("S") if entry["undone"]]
    assert undone == [1, 2, 3, 4, 5], log("S")
    pixity("data", "undo", "S", "10")  # the last of the five that took something back
    assert state() == states[1]


@test
def an_entry_in_the_middle_goes_back_where_nothing_later_touched_its_bars():
    rows = walk(6)
    write_bars("a.csv", rows[:750])
    write_bars("b.csv", rows[750:1500])
    write_bars("c.csv", [[row[0], *row[1:5], "1"] for row in rows[700:760]])
    pixity("import", "a.csv", "--symbol", "S")
    pixity("import", "b.csv", "--symbol", "S")
    pixity("data", "undo", "S", "1")
    assert len(table("data", "export", "--symbol", "S")) == 750
    pixity("import", "a.csv", "--symbol", "S")
    pixity("import", "c.csv", "--symbol", "S", "--on-conflict", "replace")
    before = state()
    fails("data", "undo", "S", "2", words=("entry 5", "first"))
    fails("data", "undo", "S", "1", words=("already",))
    fails("data", "undo", "S", "77", words=("no entry 77",))
    fails("data", "undo", "S", "x", words=("x",))
    assert state() == before


@test
def what_is_taken_back_twice_is_gone_again():
    write_bars("a.csv", walk(3))
    pixity("import", "a.csv", "--symbol", "S")
    for entry in (1, 2, 3):
        pixity("data", "undo", "S", entry)
    assert table("data", "list") == [] and [entry["undone"] for entry in log("S")] == [True, False, True, False]
    fails("data", "undo", "S", words=("no entry",))


@test
def an_undo_is_not_taken_back_over_a_later_one():
    rows = walk(3)
    write_bars("a.csv", rows)
    write_bars("b.csv", [[*row[:5], "7"] for row in rows])
    pixity("import", "a.csv", "--symbol", "S")
    pixity("import", "b.csv", "--symbol", "S", "--on-conflict", "replace")
    pixity("data", "undo", "S")
    pixity("data", "undo", "S")
    assert table("data", "list") == []
    fails("data", "undo", "S", "3", words=("entry 4", "first"))
    pixity("data", "undo", "S", "4")
    pixity("data", "undo", "S", "3")
    assert {row["volume"] for row in table("data", "export", "--symbol", "S")} == {"7"}


@test
def deleted_bars_are_of_the_days_and_the_timeframe():
    write_bars("a.csv", walk(5))
    pixity("import", "a.csv", "--symbol", "S")
    pixity("resample", "--symbol", "S", "--timeframe", "15m", "--parquet", "b.parquet")
    pixity("import", "b.parquet", "--symbol", "S", "--timeframe", "15m")
    pixity("data", "delete", "S", "--timeframe", "15m", "--start", "2022-01-04", "--end", "2022-01-04")
    counts = {row["timeframe"]: row["bars"] for row in table("data", "list")}
    assert counts == {"1m": "1875", "15m": "100"}, counts
    days = {row["timestamp"][:10] for row in table("data", "export", "--symbol", "S", "--timeframe", "15m")}
    assert "2022-01-04" not in days and len(days) == 4
    pixity("data", "delete", "S")
    assert table("data", "list") == []
    fails("data", "delete", "S", words=("S",))
    pixity("data", "undo", "S")
    pixity("data", "undo", "S")
    assert {row["timeframe"]: row["bars"] for row in table("data", "list")} == counts
    fails("data", "delete", "S", "--start", "2022-02-04", "--end", "2022-01-04", words=("--start",))
    for verb in ("log", "verify"):
        fails("data", verb, "--exchange", "NSE", words=("--exchange goes with a symbol",))


@test
def bars_that_went_before_a_damaged_timeframe_are_named():
    write_bars("a.csv", walk(2))
    pixity("import", "a.csv", "--symbol", "S")
    pixity("resample", "--symbol", "S", "--timeframe", "5m", "--parquet", "b.parquet")
    pixity("import", "b.parquet", "--symbol", "S", "--timeframe", "5m")
    (year,) = HOME.glob("candles/*/5m/2022.parquet")
    year.write_bytes(year.read_bytes()[:-100])
    said = pixity("data", "delete", "S", status=1).stderr
    assert "the bars of 1m are removed, not all that was asked for" in said and "5m/2022.parquet" in said, said
    pixity("data", "undo", "S", "--timeframe", "1m")
    assert [row["bars"] for row in table("data", "list") if row["timeframe"] == "1m"] == ["750"]


@test
def what_is_forgotten_stays_away():
    write_bars("a.csv", walk(5))
    pixity("import", "a.csv", "--symbol", "S")
    pixity("data", "delete", "S", "--forget")
    assert not list(HOME.glob("candles/*/*/**/*.parquet"))
    fails("data", "undo", "S", words=("not kept",))
    assert table("data", "list") == [] and [entry["kind"] for entry in log("S")] == ["import", "delete"]
    pixity("import", "a.csv", "--symbol", "T")
    pixity("data", "delete", "T")
    assert list(HOME.glob("candles/*T/*/journal/*.parquet"))
    pixity("data", "delete", "T", "--forget")  # of bars that are gone already
    assert not list(HOME.glob("candles/*T/*/journal/*.parquet"))
    fails("data", "undo", "T", words=("not kept",))


@test
def a_new_name_takes_everything_along():
    write_bars("a.csv", walk(5))
    pixity("import", "a.csv", "--symbol", "TCS_1min")
    pixity("data", "adjust", "--symbol", "TCS_1min", "--ex-date", "2022-01-05", "--factor", "2")
    bars = pixity("data", "export", "--symbol", "TCS_1min").stdout
    adjusted = pixity("data", "export", "--symbol", "TCS_1min", "--adjusted").stdout
    assert adjusted != bars
    pixity("data", "rename", "TCS_1min", "TCS")
    assert [(row["symbol"], row["instrument_key"]) for row in table("data", "list")] == [
        ("TCS", "NSE_EQ|INE467B01029")
    ]
    assert pixity("data", "export", "--symbol", "TCS").stdout == bars
    assert pixity("data", "export", "--symbol", "TCS", "--adjusted").stdout == adjusted
    assert [entry["kind"] for entry in log("TCS")] == ["import", "rename"]
    assert "TCS_1min" not in pixity("data", "instruments", "--csv").stdout
    pixity("import", "a.csv", "--symbol", "OTHER")
    fails("data", "rename", "OTHER", "TCS", words=("TCS has bars",))
    fails("data", "rename", "TCS", "tcs", words=("one instrument",))
    fails("data", "rename", "INFY", "X", words=("INFY",))
    fails("data", "rename", "TCS", "a\tb", words=("name",))
    pixity("data", "rename", "TCS", "TCS_1min")
    assert pixity("data", "export", "--symbol", "TCS_1min", "--adjusted").stdout == adjusted


@test
def every_byte_is_verified():
    write_bars("a.csv", walk(25, start="2021-12-20"))
    pixity("import", "a.csv", "--symbol", "S")
    assert [(row["year"], row["checksum"], row["status"]) for row in table("data", "verify")] == [
        ("2021", "ok", "ok"),
        ("2022", "ok", "ok"),
    ]
    (file,) = HOME.glob("candles/*/1m/2021.parquet")
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 4
    file.write_bytes(content)
    result = pixity("data", "verify", "S", "--csv", status=1)
    assert "wrong" in result.stdout and "2021.parquet is damaged" in result.stdout and "1 of 2 files" in result.stderr
    fails("data", "export", "--symbol", "S", status=1, words=("2021.parquet", "data verify", "import that year again"))
    file.unlink()
    pixity("import", "a.csv", "--symbol", "S")
    assert {row["checksum"] for row in table("data", "verify")} == {"ok"}


def steps(*command):
    """Runs the command, killed at each of its steps in turn (tests/kit/kill_at.h), from the home in `before`; gives
    what is told after each death, and at the end."""
    seen, step, died = [], 0, True
    while died:
        shutil.rmtree(HOME)
        shutil.copytree("before", HOME)
        result = subprocess.run(
            [BIN, *command], env={**KILLED, "PIXITY_KILL_AT": str(step)}, capture_output=True, text=True
        )
        assert result.returncode in (0, -signal.SIGKILL), (step, result.returncode, result.stderr)
        died = result.returncode != 0
        seen.append(state())
        step += 4 if FEWER else 1
    return seen


@test
def killed_changes_are_whole():
    rows = walk(8, start="2021-12-29", minutes=60)
    write_bars("a.csv", rows[:300])
    write_bars("b.csv", [[row[0], *row[1:5], "7"] for row in rows[100:400]])
    pixity("import", "a.csv", "--symbol", "S")
    pixity("import", "b.csv", "--symbol", "S", "--on-conflict", "replace")
    total = 0
    for command in (
        ("import", "a.csv", "--symbol", "S", "--on-conflict", "replace"),
        ("import", "a.csv", "--symbol", "NEW"),
        ("data", "undo", "S"),
        ("data", "undo", "S"),
        ("data", "delete", "S", "--start", "2021-12-29", "--end", "2022-01-04"),
        ("data", "delete", "S", "--forget"),
        ("data", "rename", "S", "TCS"),
    ):
        shutil.rmtree("before", ignore_errors=True)
        shutil.copytree(HOME, "before")
        before = state()
        seen = steps(*command)
        after = state()
        assert before != after, command
        assert all(told in (before, after) for told in seen), (command, [i for i, t in enumerate(seen) if t not in (before, after)])
        assert before in seen and after in seen and (FEWER or len(seen) > 15), (command, len(seen))
        total += len(seen)
        assert {row["checksum"] for row in table("data", "verify")} <= {"ok"}
        if command[1] in ("delete", "rename"):  # the next command begins with bars again
            shutil.rmtree(HOME)
            shutil.copytree("before", HOME)
    print(f"# {total} deaths")


main()
