# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at steps of the work, every one with PIXITY_SOAK=1: what is stored agrees with what is listed, and the next command works."""
import os
import pathlib
import shutil
import signal
import subprocess

from harness import BIN, main, pixity, reduced, test
from lab import HOME, table, walk, write_bars

ENV = {**os.environ, "PIXITY_HOME": "home", "LD_PRELOAD": os.environ["PIXITY_KILL_AT_LIBRARY"]}


STEP = 20 if reduced("killed at every 20th step") else 1 if "PIXITY_SOAK" in os.environ else 4


def killed_at(call, *args):
    """Runs the program, which dies at that call of those that change files (tests/kill_at.h); False if it ended before."""
    result = subprocess.run([BIN, *args], env={**ENV, "PIXITY_KILL_AT": str(call)}, capture_output=True, text=True)
    assert result.returncode in (0, -signal.SIGKILL), (call, result.returncode, result.stderr)
    return result.returncode != 0


def folders():
    """Finished runs on disk; what is half-made stands under a name that cannot be a run's."""
    return {path.name for path in pathlib.Path(HOME, "runs").iterdir() if path.name[0].isalnum()}


@test
def killed_backtests_leave_index_and_folders_in_agreement():
    pixity("synth", "--symbol", "S", "--days", "120", "--seed", "1")
    command = ["backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "5m"]
    pixity(*command, "--run-id", "whole")
    whole = pixity("runs", "trades", "whole", "--csv").stdout
    call, died, cut = 0, True, []
    while died:
        run = f"k{call}"
        died = killed_at(call, *command, "--run-id", run)
        rows = table("runs", "list")
        listed = {row["run_id"] for row in rows}
        assert listed == folders(), f"call {call}: {sorted(listed ^ folders())}"
        assert {row["status"] for row in rows} == {"done"}
        if run in listed:
            assert pixity("runs", "trades", run, "--csv").stdout == whole, f"call {call}"
        else:
            cut.append(run)
        call += STEP
    assert run in listed and len(cut) * STEP > 10, cut
    pixity(*command, "--run-id", cut[-1])
    assert pixity("runs", "trades", cut[-1], "--csv").stdout == whole
    left = {path.name for path in pathlib.Path(HOME, "runs").iterdir() if not path.name[0].isalnum()} - {".lock"}
    assert not left, f"never swept up: {sorted(left)}"


@test
def killed_imports_leave_whole_bars():
    rows = walk(3)
    write_bars("a.csv", rows[:800])
    write_bars("b.csv", rows)
    command = ["import", "b.csv", "--symbol", "S"]
    pixity("import", "a.csv", "--symbol", "S")
    shutil.copytree(HOME, "before")
    a = pixity("data", "export", "--symbol", "S").stdout
    pixity(*command)
    b = pixity("data", "export", "--symbol", "S").stdout
    assert len(b) > len(a)
    call, died, seen = 0, True, set()
    while died:
        shutil.rmtree(HOME)
        shutil.copytree("before", HOME)
        died = killed_at(call, *command)
        now = pixity("data", "export", "--symbol", "S").stdout
        assert now in (a, b), f"call {call}: neither before nor after"
        assert died or now == b
        seen.add(now)
        pixity(*command)
        assert pixity("data", "export", "--symbol", "S").stdout == b
        left = [path for path in HOME.rglob("*") if path.is_file() and "tmp" in path.name]
        assert not left, left
        call += STEP
    assert b in seen and call > 10, call
    assert a in seen or STEP > 1
    (listed,) = table("data", "list")
    assert int(listed["bars"]) == len(rows)


main()
