# SPDX-License-Identifier: Apache-2.0
"""Strategies and signals on real bars: premium_tp_sl and confluence equal the oracle, and the signals of a run that are
replayed from a file give its trades."""
import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "golden"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import oracle
import strategies_check
from harness import main, shared, test
from lab import document, table

NIFTY = ["data", "nse_1m", "NIFTY50_2012_2021.csv.gz"]


@test
def standard_strategies_equal_the_oracle():
    for name, settings in (("RELIANCE_2022", {}), ("RELIANCE_2021_partial_days", {"square_off": "15:15"}),
                           ("NIFTY50_2022", {"product": "index"})):
        path = shared("data", "nse_1m", f"{name}.csv")
        one_minute, _ = oracle.session_filter(oracle.read_bars(path))
        for timeframe, minutes in (("5m", 5), ("15m", 15)):
            bars = oracle.resample(one_minute, minutes)
            for strategy in strategies_check.STRATEGIES:
                run = f"{name}-{timeframe}-{strategy}"
                result = strategies_check.check(strategy, path, bars, timeframe, settings, run)
                assert len(result["trades"]) > 3


@test
def nine_years_of_signals_from_a_file():
    bars = ["--input", shared(*NIFTY), "--timeframe", "15m", "--set", "product=index"]
    meta = document("backtest", "--strategy", "pixityAI_meta", "--skip-meta-model", *bars, "--run-id", "meta")
    events = [e for e in table("runs", "events", "meta") if e["fate"] != "superseded"]
    with open("s.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "side", "stop_distance", "target_distance", "h_bars", "tag"])
        for e in events:
            atr = float(e["atr_at_event"])
            writer.writerow([e["ts"], e["side"], atr, 2 * atr, 12, e["event_type"]])
    mine = document("backtest", "--strategy", "precomputed", "--signals", "s.csv", *bars, "--run-id", "mine")
    assert mine["signals"]["used"] == len(events) > 2000
    trades, again = (table("runs", "trades", run, "--full") for run in ("meta", "mine"))
    assert len(trades) == len(again) > 1500
    for one, other in zip(trades, again):
        assert one.pop("event_type") == other.pop("tag") and one.pop("tag") == other.pop("event_type") == ""
        assert one == other
    assert mine["metrics"] == meta["metrics"]


main()
