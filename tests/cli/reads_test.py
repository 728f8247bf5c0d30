# SPDX-License-Identifier: Apache-2.0
"""What the program reads to answer: a run that it has just made is not read back."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess

from harness import BIN, main, pixity, test

ENV = {**os.environ, "PIXITY_HOME": "home", "LD_PRELOAD": os.environ["PIXITY_COUNT_READS_LIBRARY"]}
NOTES = pathlib.Path("reads.txt")
BACKTEST = ("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m")


def reads(*args):
    """The output of a command, and what it read: tests/kit/count_reads.c."""
    NOTES.unlink(missing_ok=True)
    result = subprocess.run([BIN, *args], env={**ENV, "PIXITY_READS": NOTES.name}, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout, NOTES.read_text().splitlines() if NOTES.exists() else []


def runs_parsed(lines):
    return [line for line in lines if line.startswith("json ") and {"run_id", "metrics"} <= set(line.split())]


@test
def a_backtest_does_not_read_its_own_run():
    pixity("synth", "--symbol", "S", "--days", "60", "--seed", "1")
    for i, style in enumerate(([], ["--json"])):
        shown, lines = reads(*BACKTEST, "--run-id", f"r{i}", *style)
        assert "Sharpe" in shown and not runs_parsed(lines), lines
        assert pathlib.Path("home/runs", f"r{i}", "run.json").exists()


@test
def a_run_is_parsed_once_to_be_shown():
    pixity("synth", "--symbol", "S", "--days", "60", "--seed", "1")
    made = pixity(*BACKTEST, "--run-id", "r").stdout
    shown, lines = reads("runs", "show", "r")
    assert shown == made and len(runs_parsed(lines)) == 1, lines
    shown, lines = reads("runs", "show", "r", "--json")
    assert len(runs_parsed(lines)) == 1 and shown.startswith(pathlib.Path("home/runs/r/run.json").read_text()[:-3])


def folders_of_runs(lines):
    return [line for line in lines if line.startswith("folder ") and line.rstrip("/").endswith("/runs")]


@test
def folders_of_runs_are_walked_when_they_changed():
    pixity("synth", "--symbol", "S", "--days", "60", "--seed", "1")
    pixity(*BACKTEST, "--run-id", "r")
    for command in (("show", "r"), ("show", "r", "--json"), ("list",), ("list", "--sort", "Sharpe Ratio")):
        assert not folders_of_runs(reads("runs", *command)[1]), command
    shutil.copytree("home/runs/r", "home/runs/copy")
    shown, lines = reads("runs", "list", "--csv")
    assert folders_of_runs(lines) and "copy," in shown, shown
    assert not folders_of_runs(reads("runs", "show", "r")[1])
    shutil.rmtree("home/runs/copy")
    shown, lines = reads("runs", "list", "--csv")
    assert folders_of_runs(lines) and "copy," not in shown, shown


@test
def an_index_that_lost_runs_is_made_again():
    pixity("synth", "--symbol", "S", "--days", "60", "--seed", "1")
    pixity(*BACKTEST, "--run-id", "r")
    with contextlib.closing(sqlite3.connect("home/pixity.db")) as db:
        db.execute("DELETE FROM runs")
        db.commit()
    assert "r," in pixity("runs", "list", "--csv").stdout


main()
