# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at random moments: what is stored agrees with what is listed, and the next command works."""
import os
import pathlib
import random
import shutil
import subprocess
import time

from harness import BIN, main, pixity, test
from lab import HOME, table, walk, write_bars

MOMENTS = 50
ENV = {**os.environ, "PIXITY_HOME": "home"}


def duration(args):
    start = time.monotonic()
    subprocess.run([BIN, *args], env=ENV, check=True, capture_output=True)
    return time.monotonic() - start


def kill_during(args, seconds):
    """Starts, kills after so long; True if it was still running."""
    process = subprocess.Popen([BIN, *args], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    process.kill()
    return process.wait() < 0


def moments(seed, longest):
    rng = random.Random(seed)
    return [rng.uniform(0, longest) for _ in range(MOMENTS)]


def folders():
    """Finished runs on disk; what is half-made stands under a name that cannot be a run's."""
    return {path.name for path in pathlib.Path(HOME, "runs").iterdir() if path.name[0].isalnum()}


@test
def killed_backtests_leave_index_and_folders_in_agreement():
    pixity("synth", "--symbol", "S", "--days", "120", "--seed", "1")
    command = ["backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "5m"]
    longest = 1.2 * max(duration([*command, "--run-id", f"whole{i}"]) for i in range(2))
    whole = pixity("runs", "trades", "whole0", "--csv").stdout
    killed = 0
    for i, moment in enumerate(moments(11, longest)):
        killed += kill_during([*command, "--run-id", f"k{i}"], moment)
        rows = table("runs", "list")
        listed = {row["run_id"] for row in rows}
        assert listed == folders(), f"moment {moment}: {sorted(listed ^ folders())}"
        assert {row["status"] for row in rows} == {"done"}
        if f"k{i}" in listed:
            assert pixity("runs", "trades", f"k{i}", "--csv").stdout == whole, f"moment {moment}"
    assert killed >= MOMENTS // 4, f"only {killed} were killed while running"
    for i in range(MOMENTS):
        if f"k{i}" not in folders():
            pixity(*command, "--run-id", f"k{i}")
            break
    assert pixity("runs", "trades", f"k{i}", "--csv").stdout == whole
    left = {path.name for path in pathlib.Path(HOME, "runs").iterdir() if not path.name[0].isalnum()} - {".lock"}
    assert not left, f"never swept up: {sorted(left)}"


@test
def killed_imports_leave_whole_bars():
    rows = walk(30)
    write_bars("a.csv", rows[:8000])
    write_bars("b.csv", rows)
    command = ["import", "b.csv", "--symbol", "S"]
    pixity("import", "a.csv", "--symbol", "S")
    shutil.copytree(HOME, "before")
    a = pixity("data", "export", "--symbol", "S").stdout
    longest = 1.2 * duration(command)
    b = pixity("data", "export", "--symbol", "S").stdout
    assert len(b) > len(a)
    killed = finished = 0
    for moment in moments(12, longest):
        shutil.rmtree(HOME)
        shutil.copytree("before", HOME)
        killed += kill_during(command, moment)
        now = pixity("data", "export", "--symbol", "S").stdout
        assert now in (a, b), f"moment {moment}: neither before nor after"
        finished += now == b
        pixity(*command)
        assert pixity("data", "export", "--symbol", "S").stdout == b
        left = [path for path in HOME.rglob("*") if path.is_file() and "tmp" in path.name]
        assert not left, left
    (listed,) = table("data", "list")
    assert int(listed["bars"]) == len(rows)
    assert killed >= MOMENTS // 4 and finished < MOMENTS, (killed, finished)


main()
