# SPDX-License-Identifier: Apache-2.0
"""What the program reads to answer: a run that it has just made is not read back."""
import os
import pathlib
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


main()
