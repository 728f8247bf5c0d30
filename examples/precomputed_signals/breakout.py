#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Signals made in pandas, replayed by pixity with its fills, costs, guards and run store.

    breakout.py --home DATA --symbol RELIANCE --timeframe 15m [--start DATE] [--end DATE] [--run-id ID]

The rule: buy a close above the highest high of the 20 bars before it, sell a close below the lowest low; a stop 2 ATRs
and a target 3 ATRs from the fill, out after 20 bars. It is here to be replaced by yours: `signals_of` is all of it.
"""
import argparse
import io
import json
import subprocess
import sys

import pandas as pd

CHANNEL, STOP_ATRS, TARGET_ATRS, HOLD_BARS = 20, 2.0, 3.0, 20


def pixity(options, *arguments):
    """What the program prints; its own message and exit status where it fails."""
    command = [options.pixity, *arguments, *(["--home", options.home] if options.home else [])]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(result.returncode)
    return result.stdout


def load(options):
    """Bars and features of one timeframe in one frame, by the start of the bar in the exchange's time."""
    # The whole series: what comes before --start is warm-up, here as in the backtest.
    which = ["--symbol", options.symbol, "--timeframe", options.timeframe, "--csv"]
    bars, features = (pd.read_csv(io.StringIO(pixity(options, verb, *which))) for verb in ("resample", "features"))
    return bars.merge(features, on="timestamp")


def signals_of(frame):
    """One row a signal. Every column may look at its own bar and those before, never after: hence the shift, as the
    channel of a bar does not know the bar itself."""
    upper = frame["high"].rolling(CHANNEL).max().shift()
    lower = frame["low"].rolling(CHANNEL).min().shift()
    side = pd.Series(pd.NA, index=frame.index, dtype=object)
    side[frame["close"] > upper] = "BUY"
    side[frame["close"] < lower] = "SELL"
    signals = pd.DataFrame({
        "timestamp": frame["timestamp"],
        "side": side,
        "stop_distance": STOP_ATRS * frame["atr"],
        "target_distance": TARGET_ATRS * frame["atr"],
        "h_bars": HOLD_BARS,
        "tag": "breakout",
    })
    return signals.dropna().reset_index(drop=True)


def check_causal(frame, signals):
    """A signal is there when its bar is the last one, and so are those before: what looks ahead fails here. pixity gets
    the signals only, and cannot tell."""
    for last in signals["timestamp"].iloc[::max(1, len(signals) // 25)]:
        alone = signals_of(frame[frame["timestamp"] <= last])
        if not alone.equals(signals[signals["timestamp"] <= last]):
            sys.exit(f"the signals look ahead: at {last}, without the bars after it, they are others")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pixity", default="pixity", help="the program")
    parser.add_argument("--home", help="its data folder")
    parser.add_argument("--symbol", required=True)
    parser.add_argument("--timeframe", default="15m")
    parser.add_argument("--start")
    parser.add_argument("--end")
    parser.add_argument("--run-id", default="breakout")
    parser.add_argument("--out", default="signals.csv", help="where the signals go")
    options = parser.parse_args()

    frame = load(options)
    signals = signals_of(frame)
    check_causal(frame, signals)
    signals.to_csv(options.out, index=False)
    print(f"{len(signals)} signals on {len(frame)} bars: {options.out}")

    window = [f"--{name}={date}" for name, date in (("start", options.start), ("end", options.end)) if date]
    run = json.loads(pixity(options, "backtest", "--strategy", "precomputed", "--signals", options.out, "--symbol",
                            options.symbol, "--timeframe", options.timeframe, "--run-id", options.run_id, *window,
                            "--json"))
    fates = {name: count for name, count in run["events"].items() if count and name not in ("candidates", "approved")}
    print(f"run {run['run_id']}: {run['events']['candidates']} candidates in the window: {fates}")

    trades = pd.read_csv(io.StringIO(pixity(options, "runs", "trades", options.run_id, "--csv", "--full")))
    table = trades.groupby(["direction", "exit_reason"]).agg(
        trades=("pnl", "size"), gross=("pnl", "sum"), fees=("fees", "sum"), net=("pnl_net", "sum"),
        r_net=("r_net", "mean"))
    print("Rupees; r_net is the mean R a trade, net of fees.")
    print(table.round(2).to_string())
    print(f"net of fees: {trades['pnl_net'].sum():.2f} rupees in {len(trades)} trades")


if __name__ == "__main__":
    main()
