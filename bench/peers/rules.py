# SPDX-License-Identifier: Apache-2.0
"""The rules of bench/floor/rules.c by other engines, from indicators to trips and money: `rules.py PEER RULE BARS`."""
import numpy as np
from peer import bars, main, measure


# ---- the peer to beat: a plain loop, compiled ----

def numba_rules():
    import numba

    @numba.njit
    def ema(o, c):
        fast = slow = c[0]
        cash, units, trips, above, buy, sell = 1e6, 0.0, 0, False, False, False
        for i in range(1, len(c)):
            if buy:
                cash, units = cash - o[i] * 1.0003, 1.0
            elif sell:
                cash, units, trips = cash + o[i] * 0.9997, 0.0, trips + 1
            fast += 2 / 21 * (c[i] - fast)
            slow += 2 / 51 * (c[i] - slow)
            now = fast > slow
            buy, sell, above = now and not above, above and not now, now
        return trips, cash + units * c[-1]

    @numba.njit
    def sma(c):
        cash, units, trips, fast, slow = 1e5, 0.0, 0, 0.0, 0.0
        for i in range(len(c)):
            fast += c[i] - (c[i - 30] if i >= 30 else 0.0)
            slow += c[i] - (c[i - 150] if i >= 150 else 0.0)
            up = i >= 149 and fast * 150 > slow * 30
            if up and units == 0:
                units, cash = cash / c[i], 0.0
            elif not up and units > 0:
                units, cash, trips = 0.0, units * c[i], trips + 1
        return trips, cash + units * c[-1]

    @numba.njit
    def bracket(o, h, l, c, on_exit_bar, rearm):
        cash, units, trips, fast, slow, stop, target, armed = 1e5, 0.0, 0, 0.0, 0.0, 0.0, 0.0, True
        for i in range(len(c)):
            fast += c[i] - (c[i - 10] if i >= 10 else 0.0)
            slow += c[i] - (c[i - 50] if i >= 50 else 0.0)
            up, left = i >= 49 and fast * 50 > slow * 10, False
            if units > 0:
                fill = 0.0
                if l[i] <= stop:
                    fill = min(o[i], stop)
                elif h[i] >= target:
                    fill = max(o[i], target)
                elif not up:
                    fill = c[i]
                if fill > 0:
                    cash, units, trips, left, armed = units * fill, 0.0, trips + 1, True, False
            armed = armed or not up
            if up and units == 0 and (on_exit_bar or (armed if rearm else not left)):
                units, cash, stop, target = cash / c[i], 0.0, c[i] * (1 - 0.0015), c[i] * (1 + 0.0030)
        return trips, cash + units * c[-1]

    return ema, sma, bracket


def numba_ema(path):
    b, (ema, _, _) = bars(path), numba_rules()
    measure("ema", len(b["close"]), lambda: ema(b["open"], b["close"]))


def numba_sma(path):
    b, (_, sma, _) = bars(path), numba_rules()
    measure("sma", len(b["close"]), lambda: sma(b["close"]))


def numba_bracket(path):
    b, (_, _, bracket) = bars(path), numba_rules()
    for way in ("exit_bar", "next_bar", "rearm"):
        measure(f"bracket_{way}", len(b["close"]),
                lambda: bracket(*(b[k] for k in ("open", "high", "low", "close")), way == "exit_bar", way == "rearm"))


# ---- engines over arrays of signals ----

def next_bar(signal):
    """What is decided on a bar is done on the next one."""
    return np.concatenate(([False], signal[:-1]))


def vectorbt(engine):
    import vectorbt as vbt

    if engine == "rust":
        import vectorbt_rust  # noqa: F401  vectorbt itself would go on without it and say nothing
    vbt.settings["engine"] = engine
    return vbt


def vectorbt_ema(engine):
    def rule(path):
        import pandas as pd

        vbt, b = vectorbt(engine), bars(path)
        close, first = pd.Series(b["close"]), b["open"]

        def work():
            up = (close.ewm(span=20, adjust=False).mean() > close.ewm(span=50, adjust=False).mean()).to_numpy()
            before = np.concatenate(([False], up[:-1]))
            run = vbt.Portfolio.from_signals(close, next_bar(up & ~before), next_bar(before & ~up), price=first, size=1.0,
                                             fees=0.0003, init_cash=1e6, freq="1min")
            return run.trades.closed.count(), run.final_value()

        measure("ema", len(close), work)
    return rule


def vectorbt_sma(engine):
    def rule(path):
        import pandas as pd

        vbt, close = vectorbt(engine), pd.Series(bars(path)["close"])

        def work():
            fast, slow = vbt.MA.run(close, 30), vbt.MA.run(close, 150)
            up = (fast.ma.to_numpy() > slow.ma.to_numpy()).ravel()
            run = vbt.Portfolio.from_signals(close, up, ~up, init_cash=1e5, freq="1min")
            return run.trades.closed.count(), run.final_value()

        measure("sma", len(close), work, calls=1)
    return rule


def raptorbt_run(raptorbt, b, entries, exits, config, *more):
    result = raptorbt.run_single_backtest(b["ts"] * 1000, b["open"], b["high"], b["low"], b["close"], b["volume"], entries,
                                          exits, 1, 1.0, "BENCH", config, *more)
    return result.metrics.total_closed_trades, result.metrics.end_value


def raptorbt_ema(path):
    import pandas as pd
    import raptorbt

    b = bars(path)
    close = pd.Series(b["close"])

    def work():
        # Its own averages start at the mean of their first bars, not at the first bar: another rule.
        up = (close.ewm(span=20, adjust=False).mean() > close.ewm(span=50, adjust=False).mean()).to_numpy()
        before = np.concatenate(([False], up[:-1]))
        config = raptorbt.BacktestConfig(initial_capital=1e6, fees=0.0003, fill_timing="next_bar_open")
        # A size is a share of equity: one that buys a unit and a half is cut to the lot of one.
        sizes = 1.5 * b["open"] / 1e6
        return raptorbt_run(raptorbt, b, up & ~before, before & ~up, config, sizes, raptorbt.InstrumentConfig(lot_size=1.0))

    measure("ema", len(b["close"]), work)


def raptorbt_sma(path):
    import raptorbt

    b = bars(path)

    def work():
        up = raptorbt.sma(b["close"], 30) > raptorbt.sma(b["close"], 150)
        config = raptorbt.BacktestConfig(initial_capital=1e5, fees=0.0, fill_timing="same_bar_close")
        return raptorbt_run(raptorbt, b, up, ~up, config)

    measure("sma", len(b["close"]), work, calls=1)


def backtesting_ema(path):
    import pandas as pd
    from backtesting import Backtest, Strategy

    b = bars(path)
    frame = pd.DataFrame({name.capitalize(): b[name] for name in ("open", "high", "low", "close", "volume")},
                         index=pd.to_datetime(b["ts"], unit="us"))

    def mean(x, span):
        return pd.Series(x).ewm(span=span, adjust=False).mean().to_numpy()

    class Cross(Strategy):
        def init(self):
            self.fast, self.slow = self.I(mean, self.data.Close, 20), self.I(mean, self.data.Close, 50)

        def next(self):
            up = self.fast[-1] > self.slow[-1]
            if up and not self.position:
                self.buy(size=1)
            elif not up and self.position:
                self.position.close()

    def work():
        stats = Backtest(frame, Cross, cash=1e6, commission=0.0003, finalize_trades=False).run()
        return stats["# Trades"], stats["Equity Final [$]"]

    measure("ema", len(frame), work, calls=1)


main({
    ("numba", "ema"): numba_ema,
    ("numba", "sma"): numba_sma,
    ("numba", "bracket"): numba_bracket,
    **{(f"vectorbt-{engine}", "ema"): vectorbt_ema(engine) for engine in ("numba", "rust")},
    **{(f"vectorbt-{engine}", "sma"): vectorbt_sma(engine) for engine in ("numba", "rust")},
    ("raptorbt", "ema"): raptorbt_ema,
    ("raptorbt", "sma"): raptorbt_sma,
    ("backtesting", "ema"): backtesting_ema,
})
