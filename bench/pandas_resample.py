#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The work of bench_resample with pandas."""
from partner import bars, measure

RULES = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
minutes = bars()


def resample(rule):
    return minutes.resample(rule, offset="15min").agg(RULES).dropna(subset=["open"])


for name, rule in {"5m": "5min", "15m": "15min", "1h": "60min"}.items():
    measure(f"pandas_resample_1m_{name}", "bar", len(minutes), lambda: resample(rule))
