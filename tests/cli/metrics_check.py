# SPDX-License-Identifier: Apache-2.0
"""Runs backtests and holds their metrics against those of metrics_oracle.py."""
import math

import metrics_oracle
from harness import pixity
from lab import columns, document, table

RELATIVE = 1e-9
CAPITAL = 100000


def bars_of(doc):
    return ["--symbol", doc["symbol"], "--timeframe", doc["timeframe"], "--start", doc["start"], "--end", doc["end"],
            "--profile", doc["profile"]]


def differences(found, expected):
    lines = [f"only in one of them: {sorted(found.keys() ^ expected.keys())}"] if found.keys() ^ expected.keys() else []
    for name in found.keys() & expected.keys():
        a, b = found[name], float(expected[name])
        if a is None or not math.isfinite(b):
            same = a is None and not math.isfinite(b)
        else:
            same = abs(a - b) <= RELATIVE * max(abs(b), 1e-6)
        if not same:
            lines.append(f"{name}: {a} instead of {b}")
    return lines


YEARLY = ("CAGR [%]", "Volatility (Ann.) [%]", "Sharpe Ratio", "Sortino Ratio", "Calmar Ratio", "Turnover (Ann.)",
          "Martin Ratio", "Alpha [%]", "Information Ratio")


def yearly_of(metrics):
    """Values of the yearly metrics, net and gross."""
    return [value for name, value in metrics.items() if name.removesuffix(" (gross)") in YEARLY]


def check(run, *arguments, strategy="pixityAI_meta"):
    """Runs a backtest and compares all its metrics; returns them."""
    skip = ["--skip-meta-model"] if strategy == "pixityAI_meta" and "--model" not in arguments else []
    pixity("backtest", "--strategy", strategy, *arguments, *skip, "--run-id", run, "--capital", CAPITAL)
    doc = document("runs", "show", run)
    closes = [float(bar["close"]) for bar in table("resample", *bars_of(doc))]
    expected = metrics_oracle.metrics(columns(run, "trades"), columns(run, "equity"), closes, CAPITAL)
    lines = differences(doc["metrics"], expected)
    assert not lines, f"{run} {' '.join(map(str, arguments))}:\n" + "\n".join(lines)
    return doc["metrics"]
