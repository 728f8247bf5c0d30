#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The work of bench_forest with scikit-learn, on one core and the same rows.

    sklearn_forest.py BENCH_FOREST     the program that makes the rows: build/bench/bench_forest
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier

N_RUNS = 2  # seconds each

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "rows")
    subprocess.run([sys.argv[1], "--rows", path], check=True)
    rows = np.fromfile(path, dtype=np.float32).reshape(-1, 8)

x, y = np.ascontiguousarray(rows[:, :7]), rows[:, 7].astype(int)


def measure(name, work):
    seconds = []
    for _ in range(N_RUNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    ns = [1e9 * s / len(rows) for s in sorted(seconds)]
    print(f"sklearn_{name}: {ns[0]:.2f} ns/row (median {ns[len(ns) // 2]:.2f}, {N_RUNS} runs of {len(rows)} rows)",
          flush=True)


forest = RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42, n_jobs=1)
measure("forest_fit", lambda: forest.fit(x, y))
measure("forest_predict", lambda: forest.predict_proba(x))
