# SPDX-License-Identifier: Apache-2.0
"""The data folder through the program: older schema versions, lost and damaged databases."""
import sqlite3

from harness import SOURCE, main, pixity, test
from lab import HOME, document, fails, listing, table

VERSIONS = {"version_1": 1, "version_2": 2, "version_2_renamed": 2, "version_3": 3, "version_4": 4,
            "version_5": 5, "version_6": 6}


def make_home():
    """Bars of a symbol that no table knows by itself, and a run."""
    pixity("synth", "--symbol", "MINE", "--days", 20, "--seed", 1, "--start", "2022-01-03")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "MINE", "--timeframe", "15m", "--run-id", "stays")


def lose_database():
    for path in HOME.glob("pixity.db*"):
        path.unlink()


def database_of(name):
    lose_database()
    with sqlite3.connect(HOME / "pixity.db") as db:
        db.executescript((SOURCE / "tests/unit/homes" / f"{name}.sql").read_text())
    db.close()


def home_line():
    (line,) = [row["value"] for row in table("doctor") if row["check"] == "home folder"]
    return line


@test
def every_version_keeps_bars_runs_and_instruments():
    make_home()
    newest = int(home_line().split("schema version ")[1])
    bars = pixity("data", "export", "--symbol", "MINE").stdout
    trades = pixity("runs", "trades", "stays", "--csv").stdout
    for name, version in VERSIONS.items():
        database_of(name)
        before = listing()
        promise = f"; the next command that uses it brings it to version {newest}" if version < newest else ""
        assert home_line().endswith(f"schema version {version}{promise}")
        assert listing() == before, f"doctor changed a home of {name}"
        assert pixity("data", "export", "--symbol", "my own").stdout == bars, name
        assert [row["run_id"] for row in document("runs", "list")] == ["stays"], name
        assert pixity("runs", "trades", "stays", "--csv").stdout == trades, name
        ticks = [(row["from_date"], row["tick"], row["lot_size"]) for row in document("data", "instruments")
                 if row["symbol"] == "MINE"]
        assert ticks == [(None, 0.25, 1.0), ("2023-01-01", 0.5, 40.0)], (name, ticks)
        assert home_line().endswith(f"schema version {newest}")


@test
def a_newer_version_is_refused():
    make_home()
    with sqlite3.connect(HOME / "pixity.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    for verb in (["runs", "list"], ["data", "list"], ["runs", "show", "stays"]):
        fails(*verb, words=["schema version 99", "newer pixity"])
    doctor = pixity("doctor", status=1)
    assert "schema version 99" in doctor.stdout and "failed" in doctor.stdout


@test
def a_lost_database_costs_no_bars_and_no_runs():
    make_home()
    pixity("data", "adjust", "--symbol", "MINE", "--ex-date", "2022-01-20", "--factor", "2")
    held, runs, splits = document("data", "list"), document("runs", "list"), document("data", "adjust")
    assert len(splits) == 1
    lose_database()
    assert "no database yet" in home_line() and not (HOME / "pixity.db").exists()
    assert document("data", "list") == held and document("runs", "list") == runs
    assert document("data", "adjust") == splits
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "MINE", "--timeframe", "15m", "--run-id", "again", "--accept", "split")
    # The split came between the runs: they saw other bars, and that is said.
    assert set(document("runs", "compare", "stays", "again")["not_comparable"]) == {"data_fingerprint"}


@test
def a_damaged_database_is_not_touched_until_it_is_moved_away():
    make_home()
    held = document("data", "list")
    lose_database()
    (HOME / "pixity.db").write_bytes(b"not a database" * 1000)
    fails("data", "list", status=1, words=["pixity.db is damaged", "move it away"])
    (HOME / "pixity.db").rename("moved.db")
    assert document("data", "list") == held


main()
