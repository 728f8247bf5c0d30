#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Series as the floors and peers read them: six columns one after the other, ts_us, open, high, low, close, volume, 8
bytes each.

    series.py walk BARS FILE [SEED]   a walk of one-minute bars around the clock
    series.py columns CSV FILE        the bars of a CSV file, times in Mumbai's zone

The same seed makes the same walk, a log-normal one from 100; of some bench/table.py states trips and money.
"""
import sys

import numpy as np

SEED, MEAN, SPREAD = 20260816, 2e-7, 3e-4
START_US = 1_577_836_800_000_000  # 2020-01-01, UTC


def walk(bars, seed=SEED):
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(MEAN, SPREAD, bars)))
    first = np.empty(bars)
    first[0], first[1:] = 100, close[:-1]
    wick = random.uniform(0.2, 1.8, bars) * SPREAD * close
    high, low = np.maximum(first, close) + wick, np.maximum(np.minimum(first, close) - wick, 1e-8)
    times = START_US + 60_000_000 * np.arange(bars, dtype=np.int64)
    return times, first, high, low, close, random.uniform(100, 10_000, bars)


def read_csv(path):
    import pandas as pd

    frame = pd.read_csv(path)
    times = pd.to_datetime(frame.iloc[:, 0])
    if times.dt.tz is None:
        times = times.dt.tz_localize("Asia/Kolkata")
    utc = times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return utc.astype(np.int64), *(frame[name].to_numpy(np.float64) for name in ("open", "high", "low", "close", "volume"))


def write(path, columns):
    with open(path, "wb") as out:
        for column in columns:
            column.tofile(out)


if __name__ == "__main__":
    if sys.argv[1] == "walk":
        write(sys.argv[3], walk(int(sys.argv[2]), *map(int, sys.argv[4:5])))
    else:
        write(sys.argv[3], read_csv(sys.argv[2]))
