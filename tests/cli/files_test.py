#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real files of the field, each imported with the options that its README names, against the bars that it holds.
They lie beside the sources, not in them: PIXITY_SHARED names the folder. Without it nothing is tried, and said."""
import collections
import csv
import datetime
import math
import os
import pathlib
import re
import shlex

from harness import SOURCE, Skip, main, pixity, reduced, test
from lab import document

SHARED = pathlib.Path(os.environ.get("PIXITY_SHARED", SOURCE.parent / "shared"))
AWAITED = {
    "reject-one-tick",    # prices are not widened yet
    "yfinance-multirow",  # expected.csv has the file's Close as open and its Open as close
}


def cases(kind):
    folder = SHARED / "cases" / kind
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def input_of(case):
    (path,) = [path for path in case.iterdir() if path.name not in ("README.md", "expected.csv")]
    return path


def instant(text):
    return int(datetime.datetime.fromisoformat(text).timestamp())


def numbers(row):
    return tuple(float(row[name]) for name in ("open", "high", "low", "close", "volume"))


def expected(case):
    """symbol ("" where there is one) -> time -> the rows that stand there, the first of which is the bar's."""
    series = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(case / "expected.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            series[row.get("symbol") or ""][instant(row["timestamp"])].append(numbers(row))
    return series


def stored(exchange, timeframe):
    found = {}
    for series in document("data", "list"):
        if timeframe and series["timeframe"] != timeframe:
            continue
        rows = document("data", "export", "--symbol", series["symbol"], "--exchange", exchange, "--timeframe",
                        series["timeframe"])
        found[series["symbol"]] = {instant(row["timestamp"]): numbers(row) for row in rows}
    return found


def check(case):
    readme = (case / "README.md").read_text(encoding="utf-8")
    options = re.search(r"Options that should do: `([^`]*)`", readme)
    options = shlex.split(options[1]) if options else []
    timeframe = re.search(r"Right: \d+ (\d+\w) bars", readme)
    exchange = options[options.index("--exchange") + 1] if "--exchange" in options else "NSE"
    if "zone UTC" in readme and "--exchange" not in options:
        exchange = "24x7"  # that the source trades at
    wanted = expected(case)
    result = pixity("import", input_of(case), *options, status=None)
    if not wanted or (result.returncode == 2 and "refusal" in readme):
        assert result.returncode == 2 and result.stderr.count("\n") == 1, result.stderr + result.stdout
        return
    assert result.returncode == 0, result.stderr
    have = stored(exchange, timeframe and timeframe[1])
    if list(wanted) == [""]:
        assert len(have) == 1, sorted(have)
        have = {"": next(iter(have.values()))}
    for symbol, rows in wanted.items():
        bars = have[symbol]
        assert bars.keys() == rows.keys(), (symbol, len(bars), len(rows), sorted(bars.keys() ^ rows.keys())[:3])
        for time, values in rows.items():
            # expected.csv went through a reader that is one unit in the last place off at times
            assert all(map(lambda a, b: math.isclose(a, b, rel_tol=1e-14), bars[time], values[0])), (
                symbol, time, bars[time], values)


def add(case):
    def solved():
        check(case)
    solved.__name__ = f"{case.parent.name}_{case.name}"
    test(solved)


def absent():
    raise Skip(f"there is no folder {SHARED / 'cases'} (PIXITY_SHARED)")


tried = [case for case in cases("files") + cases("formats") if case.name not in AWAITED]
for found in tried[::3] if tried and reduced("every third file") else tried:
    add(found)
if not cases("files"):
    test(absent)
main()
