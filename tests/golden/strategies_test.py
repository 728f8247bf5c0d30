# SPDX-License-Identifier: Apache-2.0
"""premium_tp_sl and confluence on random bars: trades, fates and last equity of the program equal the oracle's."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import numpy as np
import oracle
import pandas as pd
from harness import main, pixity, reduced, test
from strategies_check import STRATEGIES, check

TIMEFRAMES = ("5m",) if reduced("5m only") else ("5m", "15m")

# Settings beside the defaults, and a fate and an exit that only they bring about.
SETTINGS = [
    ({}, "cooldown", "time_stop"),
    ({"cooldown_bars": 0, "max_daily_trades": 1, "slippage_bps": 4.0}, "daily_limit", "exit_signal"),
    ({"square_off": "15:15", "max_position_size": 40}, "session_end", "square_off"),
    ({"max_drawdown_limit": 0.02, "fees": "none"}, "kill_switch", "kill_switch"),
]


def write_bars(path, seed, days=16):
    """One-minute bars whose drift turns every few hours; some minutes are missing, some have no volume."""
    rng = np.random.default_rng(seed)
    dates = pd.bdate_range("2023-01-02", periods=days)
    stamps = pd.DatetimeIndex([day + pd.Timedelta(minutes=555 + m) for day in dates for m in range(375)])
    n = len(stamps)
    drift = np.repeat(rng.normal(0, 1.2, n // 150 + 1), 150)[:n]
    ticks = 20000 + np.cumsum(np.round(rng.normal(0, 8, (n, 4)).cumsum(axis=1)[:, -1] + drift)).astype(int)
    opens = np.concatenate([[20000], ticks[:-1]]) + rng.integers(-2, 3, n)
    high = np.maximum(opens, ticks) + rng.integers(0, 9, n)
    low = np.minimum(opens, ticks) - rng.integers(0, 9, n)
    volume = rng.integers(1, 5000, n) * (rng.random(n) > 0.05)
    frame = pd.DataFrame({"timestamp": stamps, "open": opens / 20, "high": high / 20, "low": low / 20,
                          "close": ticks / 20, "volume": volume})
    frame[rng.random(n) > 0.03].to_csv(path, index=False)


def add_test(number, settings, fate, reason):
    def run():
        seen, reasons, sides = set(), set(), set()
        write_bars("bars.csv", seed=number + 1)
        one_minute, _ = oracle.session_filter(oracle.read_bars("bars.csv"))
        for timeframe in TIMEFRAMES:
            bars = oracle.resample(one_minute, cases.MINUTES[timeframe])
            for strategy in STRATEGIES:
                result = check(strategy, "bars.csv", bars, timeframe, settings, f"{strategy}-{timeframe}")
                seen |= {fate for _, _, fate in result["candidates"]}
                reasons |= set(result["trades"]["exit_reason"])
                sides |= set(result["trades"]["direction"])
                pixity("runs", "delete", f"{strategy}-{timeframe}")
        assert {"executed", "in_position", fate} <= seen and sides == {"long", "short"}, (seen, sides)
        assert {"stop_loss", "take_profit", reason} <= reasons, reasons

    run.__name__ = "random_bars_with_" + ("_".join(settings) or "defaults")
    test(run)


for each, (settings, fate, reason) in enumerate(SETTINGS):
    add_test(each, settings, fate, reason)
if __name__ == "__main__":
    main()
