# SPDX-License-Identifier: Apache-2.0
"""Trades, the fate of every candidate and the last equity of the program's backtests equal the oracle's, on every
committed case."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import program
from harness import main, pixity


def check(folder, profile, timeframe, arguments):
    run = f"{profile}-{timeframe}"
    expected = json.loads((folder / f"fates_{timeframe}.json").read_text())
    result = pixity("backtest", "--strategy", "pixityAI_meta", "--set", "skip_meta_model=true", "--run-id", run,
                    *arguments, "--json")
    summary = json.loads(result.stdout)
    fates = {name: summary["events"].get(name, 0) for name in expected["fates"]}
    equity = summary["metrics"]["Equity Final [Rs]"]
    lines = []
    if summary["events"]["candidates"] != expected["candidates"] or fates != expected["fates"]:
        lines.append(f"{run}: fates {fates}, expected {expected['fates']}")
    events = program.table("runs", "events", run, "--full")
    if events["fate"].tolist() != expected["of_each_event"]:
        lines.append(f"{run}: other events have these fates")
    if events["capped_by"].tolist() != [cap or "" for cap in expected["capped_by"]]:
        lines.append(f"{run}: other quantities are cut, or by other caps")
    if not cases.close(equity, expected["final_equity"]):
        lines.append(f"{run}: final equity {equity}, expected {expected['final_equity']}")
    trades = cases.read_text(folder / f"trades_{timeframe}.csv")
    return lines + cases.differences(f"{run} trades", trades, program.table("runs", "trades", run))


program.add_tests("replay", check)
if __name__ == "__main__":
    main()
