#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The independent oracle: session filter, resampling, features, events, labels and replay, written from the
specification in slow and plain Python, never from the C code.

    import oracle
    cfg = oracle.config("honest", time_stop_bars=8)
    one_minute, excluded = oracle.session_filter(oracle.read_bars("bars_1m.csv"))
    bars = oracle.resample(one_minute, 15, cfg)
    features = oracle.features(bars, cfg)
    events = oracle.events(bars, features, cfg)
    labels = oracle.labels(bars, events, cfg, minutes=15, tick=0.05)
    result = oracle.replay(bars, events, cfg, minutes=15)

Frames are pandas; times are exchange-local (IST) and naive; undefined is NaN. A profile name stands for its
config everywhere.

    oracle.py --check        recomputes the committed cases in a temporary folder and compares them byte by byte
    oracle.py --write        rewrites them
    oracle.py --golden DIR   compares profile `reference` with every case of a folder of pinned outputs
"""
import math
import sys
from datetime import timedelta
from fractions import Fraction

import pandas as pd
from costs_oracle import entry_segment, fee, true_range_average
from indicators_oracle import adx, atr, ema, swings, vol_z, vwap

NAN = float("nan")
BAR_COLUMNS = ["timestamp", "open", "high", "low", "close", "volume"]
FEATURES = ["ema20", "ema50", "atr", "adx", "vwap", "vol_z", "swing_high", "swing_low"]
INPUTS = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
EVENT_COLUMNS = ["timestamp", "side", "event_type", *INPUTS, "entry_price_at_event", "atr_at_event"]
LABEL_COLUMNS = ["timestamp", "side", "event_type", "entry_price", "label", "barrier_hit", "exit_time",
                 "exit_price", "realized_R", "mae", "mfe", "ts_end"]
FIRST_EVENT_BAR = 50

# ---- configuration -----------------------------------------------------------------------------------------

DEFAULTS = dict(
    swing_period=5, reversion_k=2.0, sl_mult=1.0, tp_mult=2.0, time_stop_bars=12, cooldown_bars=3,
    risk_per_trade=500.0, max_daily_trades=10, leverage=5.0, max_drawdown_limit=0.99, max_position_size=None,
    product="any", square_off=None, slippage="none", slippage_bps=0.0, capital=100000.0, on_opposite="ignore",
)
PROFILES = {
    "honest": dict(
        profile="honest", swing="confirmed", vwap_fallback="session", entry_labels="next_open",
        entry_replay="next_open", label_from="entry_bar", stop_fill="market", fees="product",
        equity_cap="current", resample_anchor="open", holes="restart",
    ),
    "reference": dict(
        profile="reference", swing="centered", vwap_fallback="dataset", entry_labels="next_open",
        entry_replay="signal_close", label_from="bar_after_entry", stop_fill="level", fees="flat_sides",
        equity_cap="initial", resample_anchor="midnight_15", holes="ignore",
    ),
}


def config(profile="honest", **overrides):
    """The settings of a profile, with overrides by the names of the config file; a config passes through."""
    cfg = dict(profile) if isinstance(profile, dict) else {**DEFAULTS, **PROFILES[profile]}
    if "entry" in overrides:
        cfg["entry_labels"] = cfg["entry_replay"] = overrides.pop("entry")
    unknown = set(overrides) - set(cfg)
    if unknown:
        raise KeyError(f"unknown settings: {sorted(unknown)}")
    cfg.update(overrides)
    return cfg


# ---- bars, sessions, resampling ----------------------------------------------------------------------------

REGULAR_OPEN, REGULAR_CLOSE = 9 * 60 + 15, 15 * 60 + 30  # NSE, minutes of the local day
CLOSE_CHANGES = pd.Timestamp("2026-08-03")  # this oracle knows the calendar before the closing auction


def minute_of_day(ts):
    return ts.hour * 60 + ts.minute


def read_bars(path):
    bars = pd.read_csv(path, float_precision="round_trip")  # the default parser is off by an ulp
    bars.columns = ["timestamp", *bars.columns[1:]]
    bars["timestamp"] = pd.to_datetime(bars["timestamp"])
    bars = bars[BAR_COLUMNS].astype({name: float for name in BAR_COLUMNS[1:]})
    assert (bars["timestamp"] < CLOSE_CHANGES).all()
    return bars


def session_filter(bars):
    """Keeps the bars inside regular hours; on a date without any regular bar, all. Returns (bars, excluded)."""
    kept = []
    for _, day in bars.groupby(bars["timestamp"].dt.date):
        regular = [REGULAR_OPEN <= minute_of_day(ts) < REGULAR_CLOSE for ts in day["timestamp"]]
        kept.append(day[regular] if any(regular) else day)
    result = pd.concat(kept).reset_index(drop=True) if kept else bars
    return result, len(bars) - len(result)


def bin_start(ts, minutes, anchor):
    """Start of the bin that holds ts: bins count from the regular open, or from 15 minutes after midnight."""
    origin = REGULAR_OPEN if anchor == "open" else 15
    offset = (minute_of_day(ts) - origin) // minutes * minutes + origin
    return ts.normalize() + timedelta(minutes=offset)


def resample(bars, minutes, profile="honest"):
    """One-minute bars inside their sessions -> bars of `minutes`, named by the start of their bin."""
    anchor = config(profile)["resample_anchor"]
    rows, keys = [], []
    for ts, o, h, l, c, v in bars[BAR_COLUMNS].itertuples(index=False):
        key = (ts.date(), bin_start(ts, minutes, anchor))
        if not keys or keys[-1] != key:
            keys.append(key)
            rows.append([key[1], o, h, l, c, v])
        else:
            row = rows[-1]
            row[2], row[3], row[4], row[5] = max(row[2], h), min(row[3], l), c, row[5] + v
    return pd.DataFrame(rows, columns=BAR_COLUMNS)


# ---- holes -------------------------------------------------------------------------------------------------

SESSIONS_OF_HOLE = 5


def sessions_between(before, after):
    """Weekdays strictly between two dates; holidays, which this oracle does not know, must not decide."""
    n = len(pd.bdate_range(before + timedelta(days=1), after - timedelta(days=1)))
    assert not SESSIONS_OF_HOLE < n <= SESSIONS_OF_HOLE + 3, (before, after)
    return n


def stretches(times, cfg):
    """[begin, end) of the bars between holes."""
    starts = [0] + [i for i in range(1, len(times)) if cfg["holes"] == "restart"
                    and sessions_between(times[i - 1].normalize(), times[i].normalize()) > SESSIONS_OF_HOLE]
    return list(zip(starts, starts[1:] + [len(times)]))


def stretch_of(times, cfg):
    """Of each bar, the stretch that it is in."""
    return [part for part in stretches(times, cfg) for _ in range(*part)]


# ---- features ----------------------------------------------------------------------------------------------


def features(bars, profile="honest"):
    """Each stretch by itself."""
    cfg = config(profile)
    parts = [features_of_stretch(bars.iloc[begin:end], cfg) for begin, end in stretches(list(bars["timestamp"]), cfg)]
    return pd.concat(parts, ignore_index=True)


def features_of_stretch(bars, cfg):
    reference = cfg["profile"] == "reference"
    ts = list(bars["timestamp"])
    o, h, l, c, v = (list(map(float, bars[name])) for name in BAR_COLUMNS[1:])
    columns = {
        "timestamp": ts,
        "ema20": ema(c, 20),
        "ema50": ema(c, 50),
        "atr": atr(h, l, c, reference),
        "adx": adx(h, l, c, reference),
        "vwap": vwap(ts, h, l, c, v, cfg["vwap_fallback"], reference),
        "vol_z": vol_z(v),
        "swing_high": swings(h, max, cfg["swing_period"], cfg["swing"]),
        "swing_low": swings(l, min, cfg["swing_period"], cfg["swing"]),
    }
    return pd.DataFrame(columns)


# ---- events ------------------------------------------------------------------------------------------------


def events(bars, frame, profile="honest"):
    """Candidate events in order; column `bar` is the index of the event's bar."""
    cfg = config(profile)
    k, c, ts = cfg["reversion_k"], list(bars["close"]), list(bars["timestamp"])
    f = {name: list(frame[name]) for name in FEATURES}
    rows, parts = [], stretch_of(ts, cfg)
    for i in range(len(c)):
        if i - parts[i][0] < FIRST_EVENT_BAR:
            continue
        price, before, middle, band = c[i], c[i - 1], f["vwap"][i], k * f["atr"][i]
        lower, upper = middle - band, middle + band
        rising, falling = f["ema20"][i] > f["ema50"][i], f["ema20"][i] < f["ema50"][i]
        found = [
            ("BUY", "TREND", price > middle and rising and before <= f["swing_high"][i] < price),
            ("SELL", "TREND", price < middle and falling and before >= f["swing_low"][i] > price),
            ("BUY", "REVERSION", f["adx"][i] < 25 and before < lower <= price),
            ("SELL", "REVERSION", f["adx"][i] < 25 and before > upper >= price),
        ]
        slope = (f["ema20"][i] - f["ema20"][i - 1]) / f["ema20"][i - 1]
        inputs = [(price - middle) / middle, slope, f["atr"][i] / price, f["adx"][i], ts[i].hour, ts[i].minute,
                  f["vol_z"][i]]
        rows += [[ts[i], side, kind, *inputs, price, f["atr"][i], i] for side, kind, true in found if true]
    return pd.DataFrame(rows, columns=EVENT_COLUMNS + ["bar"])


# ---- the barrier routine -----------------------------------------------------------------------------------


def nearest_tick(x, tick):
    return math.floor(x / tick + 0.5) * tick if tick > 0 else x


def level_tick(cfg, tick, use):
    """The tick of levels; `reference` knows no ticks: labels are unrounded, the replay has 2 decimals."""
    if cfg["profile"] == "reference":
        return 0.0 if use == "labels" else 0.01
    return tick


def levels(entry, side, a, cfg, tick):
    """(stop, target) from the entry price."""
    stop, target = entry - side * cfg["sl_mult"] * a, entry + side * cfg["tp_mult"] * a
    return nearest_tick(stop, tick), nearest_tick(target, tick)


def stop_below_tick(entry, stop, target, tick):
    """Nearer than one tick; a distance of one tick, up to rounding noise, is enough."""
    return tick > 0 and min(abs(entry - stop), abs(entry - target)) < tick * (1 - 1e-6)


def bar_end(ts, minutes):
    end = ts + timedelta(minutes=minutes)
    close = ts.normalize() + timedelta(minutes=REGULAR_CLOSE)
    return min(end, close) if ts < close else end


def square_off_of(cfg):
    """The time of day by which positions are closed: as set, else that of `intraday`."""
    return cfg["square_off"] or ("15:15" if cfg["product"] == "intraday" else None)


def square_off_time(entry_ts, cfg):
    """The square-off instant of the entry's session; None without square-off."""
    if square_off_of(cfg) is None:
        return None
    hour, minute = map(int, square_off_of(cfg).split(":"))
    return entry_ts.normalize() + timedelta(minutes=min(hour * 60 + minute, REGULAR_CLOSE))


def last_bar_before(ts, minutes, instant):
    """True if the bar ends by the instant and the next bar of the grid would not."""
    end = bar_end(ts, minutes)
    following = bar_end(end, minutes) if minute_of_day(end) != REGULAR_CLOSE else end + timedelta(days=1)
    return end <= instant < following


def barrier(bar, number, side, stop, target, square_off, cfg, minutes):
    """What watched bar `number` (from 1) does to the position: (reason, price) or None."""
    ts, o, h, l, c = bar
    if cfg["stop_fill"] == "market":
        if side * (o - stop) <= 0:
            return "stop_loss", o
        if side * (o - target) >= 0:
            return "take_profit", o
    if square_off is not None and bar_end(ts, minutes) > square_off:
        return "square_off", o  # bars were missing before the square-off; the first price after it
    worst, best = (l, h) if side > 0 else (h, l)
    if side * (worst - stop) <= 0:
        return "stop_loss", stop
    if side * (best - target) >= 0:
        return "take_profit", target
    if square_off is not None and last_bar_before(ts, minutes, square_off):
        return "square_off", c
    if number == cfg["time_stop_bars"]:
        return "time_stop", c
    return None


def bar_tuples(bars):
    return list(bars[["timestamp", "open", "high", "low", "close"]].itertuples(index=False, name=None))


def find_entry(rows, signal_bar, entry, cfg, minutes):
    """(entry bar, price, first watched bar), or the reason why there is none."""
    at_close = entry == "signal_close"
    if not at_close and signal_bar + 1 >= len(rows):
        return "no_next_bar"
    if square_off_of(cfg) is not None:
        # the first watched bar must end by the square-off of the signal's session; after an entry at a close
        # that is the next bar of the grid, whether or not it will come
        signal_ts = rows[signal_bar][0]
        first_watched = bar_end(signal_ts, minutes) if at_close else rows[signal_bar + 1][0]
        same_session = first_watched.date() == signal_ts.date()
        if not same_session or bar_end(first_watched, minutes) > square_off_time(signal_ts, cfg):
            return "session_end"
    if at_close:
        return signal_bar, rows[signal_bar][4], signal_bar + 1
    return signal_bar + 1, rows[signal_bar + 1][1], signal_bar + 1


# ---- labels ------------------------------------------------------------------------------------------------

HITS = {"data_hole": ("data_hole", 0), "stop_loss": ("sl", -1), "take_profit": ("tp", 1), "time_stop": ("time", 0), "square_off": ("square_off", 0)}


def label_horizon(rows, first, square_off, cfg, minutes):
    """Indices of the bars that a label may watch."""
    out = []
    for k in range(first, min(first + cfg["time_stop_bars"], len(rows))):
        out.append(k)
        if square_off is not None and (bar_end(rows[k][0], minutes) > square_off
                                       or last_bar_before(rows[k][0], minutes, square_off)):
            break
    return out


def excursions(rows, watched, exit_price, ended_at_close, entry, side):
    """(against, for) in price: earlier bars in full; of the last its open and the exit, or all of a time exit."""
    prices = []
    for k in watched[:-1]:
        prices += [rows[k][2], rows[k][3]]
    last = rows[watched[-1]]
    prices += [last[2], last[3]] if ended_at_close else [last[1], exit_price]
    moves = [side * (price - entry) for price in prices]
    return -min(moves), max(moves)


def label_event(rows, event, cfg, minutes, tick, ends_at_hole=False):
    """One label row; None in `reference` for an event that does not enter or is never watched."""
    reference = cfg["profile"] == "reference"
    side, a = (1 if event.side == "BUY" else -1), event.atr_at_event
    head = [event.timestamp, event.side, event.event_type]
    no_entry = None if reference else head + [NAN, NAN, "unresolved", pd.NaT] + [NAN] * 4 + [pd.NaT]
    found = find_entry(rows, event.bar, cfg["entry_labels"], cfg, minutes)
    if isinstance(found, str) or not a > 0:
        return no_entry
    entry_bar, entry, first = found
    if cfg["label_from"] == "bar_after_entry":
        first = entry_bar + 1
    stop, target = levels(entry, side, a, cfg, tick)
    if stop_below_tick(entry, stop, target, tick):
        return no_entry
    square_off = square_off_time(rows[entry_bar][0], cfg)
    horizon = label_horizon(rows, first, square_off, cfg, minutes)
    if reference and not horizon:
        return None
    exit_bar, reason, price = None, None, NAN
    for number, k in enumerate(horizon, 1):
        outcome = barrier(rows[k], number, side, stop, target, square_off, cfg, minutes)
        if outcome:
            exit_bar, (reason, price) = k, outcome
            break
    ts_end = rows[horizon[-1] if horizon else entry_bar][0]
    if reason is None and ends_at_hole:
        exit_bar, reason, price = len(rows) - 1, "data_hole", rows[-1][4]
    if reason is None and reference:
        exit_bar, reason, price = horizon[-1], "time_stop", rows[horizon[-1]][4]
    if reason is None:
        return head + [entry, NAN, "unresolved", pd.NaT] + [NAN] * 4 + [ts_end]
    hit, label = HITS[reason]
    risk = cfg["sl_mult"] * a
    if reference:
        mae, mfe = excursions(rows, horizon, NAN, True, entry, side)
    else:
        at_close = reason in ("time_stop", "data_hole") or (reason == "square_off" and last_bar_before(
            rows[exit_bar][0], minutes, square_off))
        mae, mfe = excursions(rows, range(horizon[0], exit_bar + 1), price, at_close, entry, side)
    return head + [entry, label, hit, rows[exit_bar][0], price, side * (price - entry) / risk, mae / risk,
                   mfe / risk, ts_end]


def labels(bars, event_frame, profile="honest", minutes=None, tick=0.0):
    """Labels of events on these bars; their end is the end of the window."""
    cfg, all_rows = config(profile), bar_tuples(bars)
    parts = stretch_of([row[0] for row in all_rows], cfg)
    assert minutes is not None or square_off_of(cfg) is None
    tick = level_tick(cfg, tick, "labels")
    out = []
    for event in event_frame.itertuples(index=False):
        end = parts[event.bar][1]
        out.append(label_event(all_rows[:end], event, cfg, minutes, tick, ends_at_hole=end < len(all_rows)))
    frame = pd.DataFrame([row for row in out if row is not None], columns=LABEL_COLUMNS)
    for name in ("exit_time", "ts_end"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


# ---- replay ------------------------------------------------------------------------------------------------

# What becomes of an event; `rejected_model` needs a model and stays 0 here.
FATES = ["executed", "superseded", "rejected_model", "product_no_short", "cooldown", "daily_limit", "in_position", "kill_switch",
         "stop_below_tick", "no_atr", "bad_horizon", "below_one_lot", "no_next_bar", "session_end"]
TRADE_COLUMNS = ["entry_ts", "exit_ts", "direction", "qty", "entry_price", "exit_price", "stop", "target", "pnl",
                 "fees", "pnl_net", "bars_held", "exit_reason", "event_type"]


# A lot is the decimal that it prints, and so is a quantity; of lot 0 any double is one.


def decimal(number):
    return Fraction(repr(float(number)))


def in_lots(count, lot):
    return float(count * decimal(lot))


def lots_of(quantity, lot):
    return max(math.floor(decimal(quantity) / decimal(lot)), 0)


def cut_to_lots(quantity, lot):
    return in_lots(lots_of(quantity, lot), lot) if lot else max(quantity, 0.0)


def most(limit, price, money, lot):
    """The most of at most `limit`, a quotient that may be rounded up, that costs no more than `money`."""
    quantity = cut_to_lots(limit, lot)
    while quantity > 0 and quantity * price > money:
        quantity = in_lots(lots_of(quantity, lot) - 1, lot) if lot else math.nextafter(quantity, 0)
    return quantity


class Replay:
    """One pass over the bars; each bar as SPEC section 8 orders it: fills, exits, signal, guards."""

    def __init__(self, bars, event_frame, cfg, minutes, tick, lot=1):
        self.rows, self.cfg, self.minutes = bar_tuples(bars), cfg, minutes
        self.tick, self.fill_tick = level_tick(cfg, tick, "replay"), tick
        self.parts = stretch_of([row[0] for row in self.rows], cfg)
        self.volumes, self.atrs = list(bars["volume"]), []
        for begin, end in stretches([row[0] for row in self.rows], cfg):
            self.atrs += true_range_average(self.rows[begin:end])
        self.events = list(event_frame.itertuples(index=False))
        self.fates = [None] * len(self.events)
        self.capped_by = [None] * len(self.events)  # what cut the quantity of each event that was sized
        self.cash = self.peak = cfg["capital"]
        self.position = self.pending = self.leaving = self.exit_bar = None
        self.killed, self.lot = False, lot
        self.entries = {}  # session date -> entries filled
        self.trades, self.equity = [], []

    def slip(self, i, price, side, qty):
        """A market fill on bar i, against the trade; where what the form asks for is not known, the price."""
        form, _, amount = self.cfg["slippage"].partition(":")
        if form == "none":
            form, amount = "bps", self.cfg["slippage_bps"]
        x = self.slippage_a_share(form, float(amount), i, price, qty)
        return price if math.isnan(x) else max(price + side * x, 0.0)

    def slippage_a_share(self, form, amount, i, price, qty):
        if form == "bps":
            return price * amount / 10000
        if form == "ticks":
            return amount * self.fill_tick
        begin = self.parts[i][0]
        if i == begin:
            return NAN
        if form == "range":
            return amount * (self.rows[i - 1][2] - self.rows[i - 1][3])
        assert form == "volume"
        before = self.volumes[max(begin, i - 20):i]
        usual = sum(before) / len(before)
        return amount * self.atrs[i - 1] * math.sqrt(qty / usual) if usual > 0 else NAN

    def equity_at(self, close):
        held = self.position["side"] * self.position["qty"] * close if self.position else 0.0
        return self.cash + held

    def fee(self, i, segment, side, qty, price):
        return fee(segment, side, qty, price, self.rows[i][0].normalize())

    def pay(self, amount):
        self.position["fees"] += amount
        self.cash -= amount

    def open_position(self, i, price, first_watched, number, qty):
        """Fills the entry of event `number`, unless the fill's own levels are too near."""
        event = self.events[number]
        side = 1 if event.side == "BUY" else -1
        entry = self.slip(i, price, side, qty)
        stop, target = levels(entry, side, event.atr_at_event, self.cfg, self.tick)
        if stop_below_tick(entry, stop, target, self.tick):
            self.fates[number] = "stop_below_tick"
            return
        qty = self.pay_in_full(i, number, side, entry, qty)
        if qty <= 0:
            self.fates[number] = "below_one_lot"
            return
        self.fates[number] = "executed"
        self.position = dict(
            side=side, qty=qty, entry=entry, stop=stop, target=target, entry_bar=i, watched=0, fees=0.0,
            first_watched=first_watched, event_type=event.event_type, segment=entry_segment(self.cfg),
            square_off=square_off_time(self.rows[i][0], self.cfg),
        )
        self.cash -= side * qty * entry
        self.pay(self.fee(i, self.position["segment"], side, qty, entry))
        session = self.rows[i][0].date()
        self.entries[session] = self.entries.get(session, 0) + 1

    def pay_in_full(self, i, number, side, entry, qty):
        """A delivery is cut to what the cash pays for, its fee included; `initial` equity asks for no cash."""
        segment, paid = entry_segment(self.cfg), qty
        if self.cfg["product"] != "delivery" or self.cfg["equity_cap"] == "initial":
            return qty
        if self.lot:
            while paid > 0 and paid * entry + self.fee(i, segment, side, paid, entry) > self.cash:
                paid = in_lots(lots_of(paid, self.lot) - 1, self.lot)
        elif paid * entry + self.fee(i, segment, side, paid, entry) > self.cash:
            low = 0.0
            for _ in range(200):  # to where two doubles have none between them
                middle = (low + paid) / 2
                pays = middle * entry + self.fee(i, segment, side, middle, entry) <= self.cash
                low, paid = (middle, paid) if pays else (low, middle)
            paid = low
        if paid < qty:
            self.capped_by[number] = "cash"
        return paid

    def close_position(self, i, price, reason):
        p = self.position
        exit_price = price if reason == "take_profit" else self.slip(i, price, -p["side"], p["qty"])
        self.cash += p["side"] * p["qty"] * exit_price
        self.pay(self.fee(i, p["segment"], -p["side"], p["qty"], exit_price))
        pnl = p["side"] * p["qty"] * (exit_price - p["entry"])
        self.trades.append([
            self.rows[p["entry_bar"]][0], self.rows[i][0], "long" if p["side"] > 0 else "short", p["qty"],
            p["entry"], exit_price, p["stop"], p["target"], pnl, p["fees"], pnl - p["fees"], p["watched"], reason,
            p["event_type"],
        ])
        self.position, self.exit_bar = None, i

    def convert_to_delivery(self, i):
        """Cash: on the first bar of a later session an intraday entry costs what delivery costs."""
        p = self.position
        if p["segment"] == "intraday" and self.rows[i][0].date() != self.rows[p["entry_bar"]][0].date():
            entry = (p["side"], p["qty"], p["entry"])
            self.pay(fee("delivery", *entry) - fee("intraday", *entry))
            p["segment"] = "delivery"

    def fill_scheduled(self, i, price):
        """What leaves goes first, then what enters; at an open the bar counts as watched by what leaves."""
        if self.leaving:
            self.position["watched"] += self.cfg["entry_replay"] == "next_open"
            self.close_position(i, price, self.leaving)
            self.leaving = None
        if self.pending:
            self.open_position(i, *self.pending)
            self.pending = None

    def cross_hole(self, i):
        """Bar i is the first one behind a hole: what was open has left at the last close before it."""
        if self.pending:
            self.fates[self.pending[2]] = "no_next_bar"
        self.pending = self.leaving = None
        if self.position:
            self.close_position(i - 1, self.rows[i - 1][4], "data_hole")
        self.exit_bar = None

    def watch(self, i):
        p = self.position
        if p is None or i < p["first_watched"]:
            return
        p["watched"] += 1
        outcome = barrier(self.rows[i], p["watched"], p["side"], p["stop"], p["target"], p["square_off"], self.cfg,
                          self.minutes)
        if outcome:
            self.close_position(i, outcome[1], outcome[0])

    def look_at_equity(self, i):
        equity = self.equity_at(self.rows[i][4])
        self.peak = max(self.peak, equity)
        if equity <= self.peak * (1 - self.cfg["max_drawdown_limit"]):
            self.killed = True

    def leave_when_killed(self):
        if self.killed and self.position:
            self.leaving = "kill_switch"

    def sized(self, i, a):
        """(quantity in whole lots, the cap that cut it or None)."""
        cfg, close = self.cfg, self.rows[i][4]
        initial = cfg["equity_cap"] == "initial"
        equity = cfg["capital"] if initial else self.equity_at(close)
        leverage = min(cfg["leverage"], 1.0) if cfg["product"] == "delivery" else cfg["leverage"]
        risk, money = cfg["risk_per_trade"], leverage * equity
        asked = risk / (cfg["sl_mult"] * a)
        lots = [(None, cut_to_lots(asked, self.lot) if self.lot else most(asked, cfg["sl_mult"] * a, risk, 0)),
                ("leverage", most(money / close, close, money, self.lot))]
        if cfg["max_position_size"] is not None:
            lots.append(("max_position_size", cut_to_lots(cfg["max_position_size"], self.lot)))
        if initial:
            lots.append(("equity_cap", cut_to_lots(1000, self.lot)))
        name, quantity = min(lots, key=lambda each: each[1])  # of equal ones the first
        return max(quantity, 0), name

    def quantity(self, i, a):
        return self.sized(i, a)[0]

    def guard(self, i, side, a):
        """The fate of a signal that the guards stop, in their order; None if it may be placed."""
        cfg = self.cfg
        if side < 0 and cfg["product"] == "delivery":
            return "product_no_short"
        if self.exit_bar is not None and i - self.exit_bar < cfg["cooldown_bars"]:
            return "cooldown"
        if self.entries.get(self.rows[i][0].date(), 0) >= cfg["max_daily_trades"]:
            return "daily_limit"
        reverses = cfg["on_opposite"] == "reverse" and self.position and side != self.position["side"]
        if self.position and not self.leaving and not reverses:
            return "in_position"
        if self.killed:
            return "kill_switch"
        if not a > 0:
            return "no_atr"
        if cfg["time_stop_bars"] < 1:
            return "bad_horizon"
        return "below_one_lot" if self.quantity(i, a) <= 0 else None

    def take_signal(self, i, number):
        """Schedules the entry, or records why not; an opposite signal may take the position out."""
        event = self.events[number]
        side, a = (1 if event.side == "BUY" else -1), event.atr_at_event
        stopped = self.guard(i, side, a)
        if stopped in (None, "below_one_lot"):
            self.capped_by[number] = self.sized(i, a)[1]
        against = self.position and side != self.position["side"]
        if against and self.cfg["on_opposite"] != "ignore":
            self.leaving = self.leaving or "exit_signal"
        found = stopped or find_entry(self.rows, i, self.cfg["entry_replay"], self.cfg, self.minutes)
        if isinstance(found, str):
            self.fates[number] = found
            return
        _, price, first_watched = found
        self.pending = (price, first_watched, number, self.quantity(i, a))

    def run(self):
        on_bar = {}
        for number, event in enumerate(self.events):
            on_bar.setdefault(event.bar, []).append(number)
        last = len(self.rows) - 1
        for i in range(len(self.rows)):
            if i > 0 and i == self.parts[i][0]:
                self.cross_hole(i)
            if self.position:
                self.convert_to_delivery(i)
            self.fill_scheduled(i, self.rows[i][1])
            self.watch(i)
            self.look_at_equity(i)
            self.leave_when_killed()
            for number in on_bar.get(i, [])[:1]:
                self.take_signal(i, number)
            for number in on_bar.get(i, [])[1:]:
                self.fates[number] = "superseded"
            if self.cfg["entry_replay"] == "signal_close":
                self.fill_scheduled(i, self.rows[i][4])
            self.look_at_equity(i)  # with what filled at this close
            if i == last and self.position:
                self.close_position(i, self.rows[i][4], "end_of_data")
            self.equity.append(self.equity_at(self.rows[i][4]))


def replay(bars, event_frame, profile="honest", minutes=None, tick=0.0, lot=1):
    """The replay of every event, without a meta-model. Returns trades, the fate of each event, counts and
    equity at every bar."""
    cfg = config(profile)
    assert minutes is not None or square_off_of(cfg) is None
    run = Replay(bars, event_frame, cfg, minutes, tick, lot)
    run.run()
    trades = pd.DataFrame(run.trades, columns=TRADE_COLUMNS).sort_values("entry_ts", kind="stable")
    counts = {fate: run.fates.count(fate) for fate in FATES}
    return dict(trades=trades.reset_index(drop=True), fates=run.fates, counts=counts, equity=run.equity,
                capped_by=run.capped_by)


if __name__ == "__main__":
    import cases

    sys.exit(cases.main())
