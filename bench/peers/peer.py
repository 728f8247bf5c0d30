# SPDX-License-Identifier: Apache-2.0
"""What the peers share: columns of a file, and the line of a measurement. One library a process, one thread."""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("TQDM_DISABLE", "1")  # no bars of progress

import json
import statistics
import sys
import time

import numpy as np

COLUMNS = ("ts", "open", "high", "low", "close", "volume")


def bars(path):
    """Name -> array, the times as int64 microseconds."""
    raw = np.fromfile(path, dtype=np.float64).reshape(len(COLUMNS), -1)
    return {name: column.view(np.int64) if name == "ts" else column for name, column in zip(COLUMNS, raw)}


def measure(name, n, work, result=lambda answer: answer, calls=3):
    """A first call, which may compile, and the median of those after it; `result` makes numbers of an answer."""
    cpu, wall = [], []
    for _ in range(1 + calls):
        began = time.process_time(), time.perf_counter()
        answer = work()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    print(json.dumps({"name": name, "n": n, "first": cpu[0], "cpu": statistics.median(cpu[1:]),
                      "wall": statistics.median(wall[1:]), "result": [float(x) for x in result(answer)]}), flush=True)


def main(table):
    """Calls table[(owner, verb)] with the files; what cannot be imported is told as missing."""
    owner, verb, *files = sys.argv[1:]
    try:
        table[owner, verb](*files)
    except ImportError as problem:
        print(json.dumps({"missing": str(problem)}))
