# SPDX-License-Identifier: Apache-2.0
"""Bars, features, events and labels as the program prints them equal the oracle's, on every committed case."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import program
from harness import main

VERBS = {"bars": "resample", "features": "features", "events": "events", "labels": "labels"}


def check(folder, profile, timeframe, arguments):
    lines, compared = [], 0
    for name, verb in VERBS.items():
        path = folder / f"{name}_{timeframe}.csv"
        if path.exists():  # a case that borrows its bars has labels only
            expected, got = cases.read_text(path), program.table(verb, *arguments)
            lines += cases.differences(f"{profile} {path.name}", expected, got)
            compared += 1
    return lines if compared else [f"{folder}: nothing of {timeframe} to compare"]


program.add_tests("series", check)
if __name__ == "__main__":
    main()
