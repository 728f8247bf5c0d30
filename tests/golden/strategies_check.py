# SPDX-License-Identifier: Apache-2.0
"""One run of a standard strategy against the oracle: what the tests on random and on real bars share."""
import json

import cases
import oracle
import program
import signal_oracle
from harness import pixity

STRATEGIES = {"premium_tp_sl": signal_oracle.premium_tp_sl, "confluence": signal_oracle.confluence}


def check(strategy, path, bars, timeframe, settings, run):
    """Trades, the fate of each signal and the last equity of the program are the oracle's, which are returned."""
    cfg = oracle.config("honest", **settings)
    signals = STRATEGIES[strategy](bars, signal_oracle.analytics(bars, cfg))
    expected = signal_oracle.replay(bars, signals, cfg, cases.MINUTES[timeframe])
    arguments = [f"--set={key}={value}" for key, value in settings.items()]
    summary = json.loads(pixity("backtest", "--strategy", strategy, "--input", path, "--timeframe", timeframe,
                                "--run-id", run, *arguments, "--json").stdout)
    events = program.table("runs", "events", run)
    stamps = [str(bars["timestamp"][bar]) for bar, _, _ in expected["candidates"]]
    sides = ["BUY" if side > 0 else "SELL" for _, side, _ in expected["candidates"]]
    assert events["ts"].tolist() == stamps and events["side"].tolist() == sides
    assert events["fate"].tolist() == [fate for _, _, fate in expected["candidates"]]
    lines = cases.differences(run, cases.as_text(expected["trades"]), program.table("runs", "trades", run))
    assert not lines, "\n".join(lines)
    assert cases.close(summary["metrics"]["Equity Final [Rs]"], expected["equity"][-1])
    return expected
