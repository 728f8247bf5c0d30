# SPDX-License-Identifier: Apache-2.0
"""What the partners of the benchmarks share: the program's bars, and the line of a measurement."""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd

COLUMNS = ["open", "high", "low", "close", "volume"]


def bars():
    """The bars of the program named on the command line, indexed by exchange time."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "bars")
        subprocess.run([sys.argv[1], "--write-bars", path], check=True)
        raw = np.fromfile(path, dtype=np.float64).reshape(1 + len(COLUMNS), -1)
    index = pd.to_datetime(raw[0].view(np.int64), unit="us") + pd.Timedelta(minutes=330)
    return pd.DataFrame(dict(zip(COLUMNS, raw[1:])), index=index)


def measure(name, unit, n, work, runs=3):
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    ns = [1e9 * s / n for s in sorted(seconds)]
    print(f"{name}: {ns[0]:.2f} ns/{unit} (median {ns[runs // 2]:.2f}, {runs} runs of {n} {unit}s)", flush=True)
