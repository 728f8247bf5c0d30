# SPDX-License-Identifier: Apache-2.0
"""The independent oracle of strategies that signal bar by bar: analytics in pandas, the signals of premium_tp_sl and
confluence, and a replay of signals with stop, target, time stop and quantity of their own.

    frame = analytics(bars, cfg)
    signals = premium_tp_sl(bars, frame)
    result = replay(bars, signals, cfg, minutes=15, tick=0.05)

Entries fill at the next open."""
import dataclasses
import math

import oracle
import pandas as pd
from oracle import NAN


@dataclasses.dataclass
class Signal:
    bar: int
    action: str  # "enter" or "exit"
    side: int  # of the position: 1 long, -1 short
    stop: tuple = None  # ("distance", rupees) from the fill, or ("price", rupees)
    target: tuple = None
    hold: int = 0  # bars; 0 = no time stop
    quantity: float = NAN


# ---- analytics ---------------------------------------------------------------------------------------------


def rsi(close, n=14):
    change = close.diff()
    gain = change.clip(lower=0).ewm(alpha=1 / n, adjust=False).mean()
    loss = (-change).clip(lower=0).ewm(alpha=1 / n, adjust=False).mean()
    return (100 * gain / (gain + loss)).where(change.expanding().count() >= n)


def macd(close):
    line = close.ewm(span=12, adjust=False).mean() - close.ewm(span=26, adjust=False).mean()
    signal = line.ewm(span=9, adjust=False).mean()
    return line, signal, line - signal


def ut_stop(high, low, close, n=10, multiple=2.0):
    before = close.shift()
    ranges = pd.concat([high - low, (high - before).abs(), (low - before).abs()], axis=1).max(axis=1)
    reach = multiple * ranges.ewm(alpha=1 / n, adjust=False).mean()
    stops = [close[0] - reach[0]]
    for i in range(1, len(close)):
        last, above, below = stops[-1], close[i] - reach[i], close[i] + reach[i]
        if close[i] > last and close[i - 1] > last:
            stops.append(max(last, above))
        elif close[i] < last and close[i - 1] < last:
            stops.append(min(last, below))
        else:
            stops.append(above if close[i] > last else below)
    return pd.Series(stops)


def analytics(bars, cfg):
    frame = oracle.features(bars, oracle.config(cfg, swing="confirmed", vwap_fallback="session"))
    frame["rsi"] = rsi(bars["close"])
    frame["macd"], frame["macd_signal"], frame["histogram"] = macd(bars["close"])
    frame["ut_stop"] = ut_stop(bars["high"], bars["low"], bars["close"])
    return frame


# ---- strategies --------------------------------------------------------------------------------------------


def agreement(bars, frame):
    """1 where everything says buy, -1 where everything says sell, else 0."""
    close, rising = bars["close"], frame["histogram"].diff()
    buy = (
        (close > frame["ut_stop"]) & (frame["macd"] > frame["macd_signal"]) & (rising > 0)
        & (frame["rsi"] > 60) & (frame["rsi"] <= 70) & (close > frame["vwap"]) & (frame["adx"] > 25)
    )
    sell = (
        (close < frame["ut_stop"]) & (frame["macd"] < frame["macd_signal"]) & (rising < 0)
        & (frame["rsi"] >= 30) & (frame["rsi"] < 40) & (close < frame["vwap"]) & (frame["adx"] > 25)
    )
    return buy.astype(int) - sell.astype(int)


def confluence(bars, frame, **levels_of):
    """Entries on every bar that agrees, an exit before the first of the other side."""
    signals, last = [], 0
    for i, side in enumerate(agreement(bars, frame)):
        if side == 0:
            continue
        if last == -side:
            signals.append(Signal(i, "exit", last))
        levels = {name: (how, multiple * frame["atr"][i]) for name, (how, multiple) in levels_of.items()}
        signals.append(Signal(i, "enter", side, hold=20 if levels else 0, **levels))
        last = side
    return signals


def premium_tp_sl(bars, frame):
    return confluence(bars, frame, stop=("distance", 1.5), target=("distance", 3.0))


# ---- replay ------------------------------------------------------------------------------------------------


def level(wanted, entry, ahead, tick):
    if wanted is None:
        return NAN
    how, value = wanted
    return oracle.nearest_tick(value if how == "price" else entry + ahead * value, tick)


def gap_to(wanted, close, ahead):
    """Rupees from the signal's close to the level; NaN without one."""
    if wanted is None:
        return NAN
    how, value = wanted
    return ahead * (value - close) if how == "price" else value


class Replay(oracle.Replay):
    """The money, fills and guards of oracle.Replay, fed with signals instead of events."""

    def __init__(self, bars, signals, cfg, minutes, tick):
        super().__init__(bars, pd.DataFrame(columns=["bar"]), cfg, minutes, tick)
        assert cfg["entry_replay"] == "next_open" and cfg["stop_fill"] == "market"
        self.signals, self.candidates, self.seen = signals, [], set()
        self.leaving = None  # the reason of an exit at the next open

    def size(self, i, signal):
        cfg, close = self.cfg, self.rows[i][4]
        risk, equity = gap_to(signal.stop, close, -signal.side), self.equity_at(close)
        if not math.isnan(signal.quantity):
            quantity = signal.quantity
        elif math.isnan(risk):
            quantity = 0.95 * equity / close
        else:
            quantity = cfg["risk_per_trade"] / risk
        leverage = 1.0 if math.isnan(risk) else cfg["leverage"]
        caps = [quantity, leverage * equity / close, cfg["max_position_size"] or math.inf]
        return math.floor(min(caps))

    def stopped_by(self, i, signal):
        close, cfg = self.rows[i][4], self.cfg
        gaps = [gap_to(signal.stop, close, -signal.side), gap_to(signal.target, close, signal.side)]
        leaves = self.position and self.leaving
        if (i, signal.side) in self.seen:
            return "duplicate"
        if self.exit_bar is not None and i - self.exit_bar < cfg["cooldown_bars"]:
            return "cooldown"
        if self.entries.get(self.rows[i][0].date(), 0) + bool(self.pending) >= cfg["max_daily_trades"]:
            return "daily_limit"
        if self.pending or (self.position and not leaves):
            return "in_position"
        if self.killed:
            return "kill_switch"
        if any(gap <= 0 for gap in gaps):
            return "bad_levels"
        return "below_one_lot" if self.size(i, signal) < 1 else None

    def consider(self, i, signal):
        if signal.action == "exit":
            if self.position and self.position["side"] == signal.side and not self.leaving:
                self.leaving = "exit_signal"
            return
        fate = self.stopped_by(i, signal)
        self.seen.add((i, signal.side))
        found = fate or oracle.find_entry(self.rows, i, "next_open", self.cfg, self.minutes)
        if isinstance(found, str):
            self.candidates.append([signal, found])
            return
        self.candidates.append([signal, "executed"])
        self.pending = (self.candidates[-1], self.size(i, signal))

    def enter(self, i, candidate, quantity):
        signal, (ts, price) = candidate[0], self.rows[i][:2]
        entry = self.slip(i, price, signal.side, quantity)
        stop = level(signal.stop, entry, -signal.side, self.tick)
        target = level(signal.target, entry, signal.side, self.tick)
        distances = [abs(x - entry) for x in (stop, target) if not math.isnan(x)]
        if self.tick > 0 and distances and min(distances) < self.tick * (1 - 1e-6):
            candidate[1] = "stop_below_tick"
            return
        self.position = dict(
            side=signal.side, qty=quantity, entry=entry, stop=stop, target=target, entry_bar=i, watched=0, fees=0.0,
            first_watched=i, event_type=NAN, segment=oracle.entry_segment(self.cfg), hold=signal.hold,
            square_off=oracle.square_off_time(ts, self.cfg),
        )
        self.cash -= signal.side * quantity * entry
        self.pay(oracle.fee(self.position["segment"], signal.side, quantity, entry))
        self.entries[ts.date()] = self.entries.get(ts.date(), 0) + 1

    def fill_scheduled(self, i):
        if self.leaving:
            self.position["watched"] += 1
            self.close_position(i, self.rows[i][1], self.leaving)
        self.leaving = None
        if self.pending:
            self.enter(i, *self.pending)
        self.pending = None

    def watch(self, i):
        if self.position:
            self.cfg = {**self.cfg, "time_stop_bars": self.position["hold"]}
        super().watch(i)

    def run(self):
        on_bar = {}
        for signal in self.signals:
            on_bar.setdefault(signal.bar, []).append(signal)
        for i in range(len(self.rows)):
            if self.position:
                self.convert_to_delivery(i)
            self.fill_scheduled(i)
            self.watch(i)
            self.look_at_equity(i)
            if self.killed and self.position and not self.leaving:
                self.leaving = "kill_switch"
            for signal in on_bar.get(i, []):
                self.consider(i, signal)
            if i + 1 == len(self.rows) and self.position:
                self.close_position(i, self.rows[i][4], "end_of_data")
            self.look_at_equity(i)
            self.equity.append(self.equity_at(self.rows[i][4]))


def replay(bars, signals, profile="honest", minutes=None, tick=0.0):
    """Trades, candidates as (bar, side, fate), and equity at every bar."""
    run = Replay(bars, signals, oracle.config(profile), minutes, tick)
    run.run()
    trades = pd.DataFrame(run.trades, columns=oracle.TRADE_COLUMNS)
    candidates = [(signal.bar, signal.side, fate) for signal, fate in run.candidates]
    return dict(trades=trades, candidates=candidates, equity=run.equity)
