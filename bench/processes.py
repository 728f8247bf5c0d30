#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Wall time of whole processes, from start to exit, on one core with the page cache warm.

    processes.py BUILD     the build folder, which holds pixity and bench/read_candles
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1])
PIXITY = BUILD / "pixity"
N_RUNS = 15
CORE = {max(os.sched_getaffinity(0))}


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL,
                   preexec_fn=lambda: os.sched_setaffinity(0, CORE))


def measure(name, *command):
    run(*command)
    seconds = []
    for _ in range(N_RUNS):
        started = time.perf_counter()
        run(*command)
        seconds.append(time.perf_counter() - started)
    best, median = min(seconds), sorted(seconds)[N_RUNS // 2]
    print(f"{name}: {best * 1e9:.0f} ns/process (median {median * 1e9:.0f}, {N_RUNS} runs)", flush=True)


with tempfile.TemporaryDirectory(prefix="pixity-bench-") as home:
    os.environ["PIXITY_HOME"] = home
    run(PIXITY, "synth", "--symbol", "MILLION", "--kind", "walk", "--days", 2700, "--seed", 1, "--quiet")
    run(PIXITY, "synth", "--symbol", "TWOYEARS", "--kind", "trend", "--days", 496, "--seed", 2, "--quiet")
    measure("read_million_bars", BUILD / "bench" / "read_candles", home, "MILLION")
    measure("backtest_two_years_1h", PIXITY, "backtest", "--strategy", "pixityAI_meta", "--symbol", "TWOYEARS",
            "--timeframe", "1h", "--set", "skip_meta_model=true", "--json")
