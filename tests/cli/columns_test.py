# SPDX-License-Identifier: Apache-2.0
"""Periods of indicators are parameters of the strategies that name them: the signals are those of the recurrences written
out here, the usual values change nothing, and what cannot be is told."""
import csv
import io
import json

from harness import main, pixity, test

SERIES = ("--symbol", "DEMO", "--timeframe", "5m")


def make_home():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 60, "--seed", 3, "--start", "2022-01-03")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def backtest(strategy, run_id, *parameters):
    """Its document, and the times of its entries."""
    options = [word for parameter in parameters for word in ("--param", parameter)]
    document = json.loads(pixity("backtest", "--strategy", strategy, *SERIES, *options, "--run-id", run_id, "--json").stdout)
    return document, [event["ts"] for event in rows_of(pixity("runs", "events", run_id, "--csv").stdout)]


def ema(values, n):
    out = []
    for value in values:
        out.append(out[-1] + 2 / (n + 1) * (value - out[-1]) if out else value)
    return out


def crossings(bars, fast, slow):
    return [bar["timestamp"] for i, bar in enumerate(bars)
            if i and slow[i] is not None and slow[i - 1] is not None and fast[i - 1] <= slow[i - 1] and fast[i] > slow[i]]


def pivots(bars):
    """(H + L + C) / 3 of the session before."""
    out, before, session = [], None, []
    for bar in bars:
        if session and session[-1]["timestamp"][:10] != bar["timestamp"][:10]:
            high, low = max(float(b["high"]) for b in session), min(float(b["low"]) for b in session)
            before, session = (high + low + float(session[-1]["close"])) / 3, []
        session.append(bar)
        out.append(before)
    return out


@test
def crossings_of_any_two_averages():
    make_home()
    bars = rows_of(pixity("resample", *SERIES).stdout)
    closes = [float(bar["close"]) for bar in bars]
    for fast, slow in ((3, 8), (1, 2), (12, 200)):
        _, entries = backtest("ema_cross", f"cross-{fast}-{slow}", f"fast={fast}", f"slow={slow}")
        expected = crossings(bars, ema(closes, fast), ema(closes, slow))
        assert len(expected) > 5 and entries == expected, (fast, slow)


@test
def a_hull_average_of_any_period():
    make_home()
    bars = rows_of(pixity("resample", *SERIES).stdout)
    closes = [float(bar["close"]) for bar in bars]
    for period in (4, 9, 30):
        _, entries = backtest("ehma_pivot", f"pivot-{period}", f"period={period}")
        half, full = ema(closes, period // 2), ema(closes, period)
        hull = ema([2 * a - b for a, b in zip(half, full)], round(period ** 0.5))
        expected = crossings(bars, hull, pivots(bars))
        assert len(expected) > 5 and entries == expected, period


@test
def the_usual_values_are_the_run_of_before_and_others_are_not():
    make_home()
    usual = {
        "ema_cross": ("fast=20", "slow=50"),
        "ehma_pivot": ("period=16",),
        "confluence": ("macd_fast=12", "macd_slow=26", "macd_signal=9", "rsi_period=14", "adx_period=14", "ut_period=10",
                       "ut_atrs=2"),
        "premium_tp_sl": ("macd_fast=12", "macd_slow=26", "macd_signal=9", "rsi_period=14", "adx_period=14",
                          "ut_period=10", "ut_atrs=2", "atr_period=14"),
    }
    for strategy, values in usual.items():
        plain, entries = backtest(strategy, f"{strategy}-plain")
        said, same = backtest(strategy, f"{strategy}-said", *values)
        assert entries and entries == same and said["fingerprint"] == plain["fingerprint"], strategy
        for value in values:
            name, number = value.split("=")
            other, _ = backtest(strategy, f"{strategy}-{name}", f"{name}={int(number) + 1}")
            assert other["fingerprint"] != plain["fingerprint"], value


@test
def what_cannot_be_is_told():
    make_home()
    for strategy, parameter, said in (
            ("ema_cross", "fast=50", "fast has to be below slow"),
            ("ema_cross", "fast=0", "a whole number from 1 to 10000 bars"),
            ("ema_cross", "slow=20.5", "a whole number"),
            ("ema_cross", "fsat=3", 'did you mean "fast"?'),
            ("ehma_pivot", "period=1", "a whole number from 2 to 10000 bars"),
            ("confluence", "macd_slow=12", "macd_fast has to be below macd_slow"),
            ("premium_tp_sl", "ut_atrs=0", "a number from 0.1 to 100 ATRs")):
        result = pixity("backtest", "--strategy", strategy, *SERIES, "--param", parameter, "--run-id", "x", status=2)
        assert said in result.stderr, result.stderr
    assert "x" not in [run["run_id"] for run in json.loads(pixity("runs", "list", "--json").stdout)]


main()
