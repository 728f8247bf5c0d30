# SPDX-License-Identifier: Apache-2.0
"""The metrics of stored runs equal those that metrics_oracle.py makes of their tables, for several strategies, seeds,
rules and costs; every key is documented."""
import datetime
import pathlib
import re

import metrics_oracle
from harness import SOURCE, main, pixity, test
from lab import document, table
from lab import walk, write_bars
from metrics_check import check, differences, yearly_of


def synth(symbol, kind, seed, days=120):
    pixity("synth", "--symbol", symbol, "--kind", kind, "--days", days, "--seed", seed)


COSTS = {"with": [], "without": ["--set", "fees=none"], "slipped": ["--slippage-bps", "5"]}


def add_tests():
    for seed, kind in ((1, "trend"), (2, "walk"), (3, "index")):
        for profile in ("honest", "reference"):

            def run(seed=seed, kind=kind, profile=profile):
                synth("DEMO", kind, seed)
                for costs, arguments in COSTS.items():
                    metrics = check(f"{kind}-{costs}", "--symbol", "DEMO", "--timeframe", "15m", "--profile", profile,
                                    *arguments)
                    assert metrics["# Trades"] > 20

            run.__name__ = f"metrics_of_{kind}_under_{profile}"
            test(run)


add_tests()


@test
def metrics_of_strategies_without_stops():
    synth("DEMO", "trend", 4)
    for strategy in ("ema_cross", "ehma_pivot"):
        metrics = check(strategy, "--symbol", "DEMO", "--timeframe", "5m", "--set", "allow_short=true",
                        "--set", "on_opposite=reverse", strategy=strategy)
        assert metrics["# Trades"] > 20 and metrics["Avg. R"] is None and metrics["Avg. MAE [R]"] is None


@test
def metrics_of_trades_in_sample():
    synth("DEMO", "trend", 5, 200)
    days = [row["timestamp"][:10] for row in table("resample", "--symbol", "DEMO", "--timeframe", "1d")]
    pixity("train", "--symbol", "DEMO", "--timeframe", "15m", "--end", days[150], "--model-out", "m")
    metrics = check("half", "--symbol", "DEMO", "--timeframe", "15m", "--start", days[100], "--model", "m")
    assert 0 < metrics["In-Sample Trades [%]"] < 100


@test
def metrics_of_short_and_empty_runs():
    synth("DEMO", "trend", 6, 40)
    days = [row["timestamp"][:10] for row in table("resample", "--symbol", "DEMO", "--timeframe", "1d")]
    for n, (first, last) in enumerate(((39, 39), (38, 39), (30, 39))):
        check(f"short-{n}", "--symbol", "DEMO", "--timeframe", "15m", "--start", days[first], "--end", days[last])
    metrics = check("none", "--symbol", "DEMO", "--timeframe", "15m", "--set", "risk_per_trade=0.01")
    assert metrics["# Trades"] == 0 and metrics["Sharpe Ratio"] is None and metrics["Return [%]"] == 0


@test
def yearly_figures_need_sessions():
    synth("DEMO", "trend", 6, 40)
    days = [row["timestamp"][:10] for row in table("resample", "--symbol", "DEMO", "--timeframe", "1d")]
    for n, known in ((19, False), (20, True)):
        metrics = check(f"n{n}", "--symbol", "DEMO", "--timeframe", "5m", "--start", days[40 - n])
        assert all((value is not None) == known for value in yearly_of(metrics)), metrics
        told, shown = document("runs", "show", f"n{n}")["not_annualised"], pixity("runs", "show", f"n{n}").stdout
        assert told == (None if known else "19 sessions, and yearly figures need 20")
        assert ("Not annualised: 19 sessions, and yearly figures need 20" in shown) == (not known)
        assert metrics["Session Sharpe Ratio"] is not None


@test
def yearly_figures_need_what_is_between():
    rows = walk(130, minutes=30, start="2023-01-02")
    without = {"few": ("2023-03",), "many": ("2023-03", "2023-04")}
    for name, months in without.items():
        write_bars(f"{name}.csv", [row for row in rows if row[0][:7] not in months])
        document("backtest", "--strategy", "ema_cross", "--input", f"{name}.csv", "--symbol", name, "--timeframe", "5m",
                 "--run-id", name)
        run = document("runs", "show", name)
        assert all(value is None for value in yearly_of(run["metrics"])), run["metrics"]
        assert "of the calendar's" in run["not_annualised"] and "need 90 %" in run["not_annualised"]
    whole = write_bars("whole.csv", [row for row in rows if not "2023-03-06" <= row[0][:10] <= "2023-03-15"])
    run = document("backtest", "--strategy", "ema_cross", "--input", whole, "--symbol", "W", "--timeframe", "5m")
    assert run["not_annualised"] is None and run["metrics"]["CAGR [%]"] is not None
    days = (datetime.date.fromisoformat(run["end"]) - datetime.date.fromisoformat(run["start"])).days + 1
    growth = 1 + run["metrics"]["Return [%]"] / 100
    assert abs(run["metrics"]["CAGR [%]"] - 100 * (growth ** (365.25 / days) - 1)) < 1e-9


@test
def trials_deflate():
    synth("DEMO", "trend", 7)
    for k in range(6):
        pixity("backtest", "--strategy", "pixityAI_meta", "--symbol", "DEMO", "--timeframe", "15m", "--skip-meta-model",
               "--run-id", f"r{k}", "--set", f"tp_mult={1 + k / 2}")
    sharpes = [float(row["Session Sharpe Ratio"]) for row in table("runs", "list", "--column", "Session Sharpe Ratio")]
    for k in range(6):
        doc = document("runs", "show", f"r{k}")
        own = [doc["metrics"][name] for name in ("Session Sharpe Ratio", "Session Skewness", "Session Kurtosis",
                                                 "# Sessions")]
        variance, best, deflated = metrics_oracle.deflated(own, sharpes)
        expected = {"n": 6, "sharpe_variance": variance, "best_sharpe": best, "deflated_sharpe": deflated}
        found = {name: doc["trials"][name] for name in expected}
        assert not differences(found, expected), differences(found, expected)


def documented():
    """key -> the other bases that it is told on, from the tables of docs/metrics.md."""
    keys = {}
    for line in pathlib.Path(SOURCE, "docs", "metrics.md").read_text().splitlines():
        cells = re.split(r"\s*\|\s*", line)
        if line.startswith("| `") and len(cells) == 8:
            keys |= dict.fromkeys(re.findall(r"`([^`]+)`", cells[1]),
                                  ["gross"] * (cells[2] == "yes") + ["long", "short"] * (cells[3] == "yes"))
    return keys


@test
def every_key_is_documented():
    synth("DEMO", "trend", 8, 30)
    found = document("backtest", "--strategy", "ema_cross", "--symbol", "DEMO", "--timeframe", "15m")["metrics"].keys()
    plain = {name for name in found if not name.endswith((" (gross)", " (long)", " (short)"))}
    keys = documented()
    assert plain == keys.keys(), sorted(plain ^ keys.keys())
    assert {f"{name} ({basis})" for name, bases in keys.items() for basis in bases} == found - plain


main()
