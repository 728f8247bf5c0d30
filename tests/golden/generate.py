# SPDX-License-Identifier: Apache-2.0
"""Seeded one-minute bars for the synthetic cases, on a lattice of 0.05. Only integers are drawn, so the bars are
the same on every machine."""
from datetime import datetime, timedelta

import numpy as np

TICKS = 20  # of 0.05 in one rupee
OPEN = 9 * 60 + 15
SESSION_MINUTES = 375


def weekdays(first, count):
    day, out = datetime.fromisoformat(first), []
    while len(out) < count:
        if day.weekday() < 5:
            out.append(day)
        day += timedelta(days=1)
    return out


class Market:
    """A price in whole ticks that moves in small steps, with drifts that change. In a minute: `moves` steps of
    at most `step` ticks and, `drift` times out of 16 on average at most, one more in the drift's direction."""

    def __init__(self, seed, price, moves, step, drift, volume):
        self.rng = np.random.default_rng(seed)
        self.price, self.moves, self.step = price * TICKS, moves, step
        self.max_drift, self.base_volume = drift, volume
        self.drift, self.drift_left = 0, 0

    def integer(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def move(self, ticks):
        self.price = max(20, self.price + ticks)
        return self.price

    def minute(self):
        """One bar in ticks: open, high, low, close, volume."""
        if self.drift_left == 0:
            self.drift, self.drift_left = self.integer(-self.max_drift, self.max_drift), self.integer(20, 200)
        self.drift_left -= 1
        path = [self.price] + [self.move(self.integer(-self.step, self.step)) for _ in range(self.moves)]
        if self.integer(1, 16) <= abs(self.drift):
            path.append(self.move(self.step if self.drift > 0 else -self.step))
        volume = self.base_volume * self.integer(1, 20)
        return path[0], max(path), min(path), path[-1], volume

    def session(self, day, begin=OPEN, minutes=SESSION_MINUTES, gap=60):
        """Rows [time, open, high, low, close, volume] of a session."""
        self.move(self.integer(-gap, gap))
        return [[day + timedelta(minutes=begin + offset), *self.minute()] for offset in range(minutes)]


def drop(rng, rows, share):
    """Loses each row with a chance of share / 100."""
    return [row for row in rows if rng.integers(100) >= share]


def mute(rows, begin, end):
    """No volume in rows[begin:end]."""
    for row in rows[begin:end]:
        row[5] = 0
    return rows


def freeze(rows, begin, end):
    """The price stands still in rows[begin:end]."""
    for row in rows[begin:end]:
        row[1:5] = [rows[begin][1]] * 4
    return rows


def equity():
    """A liquid share with everything that goes wrong in one-minute data."""
    market, out = Market(107, price=1310, moves=8, step=5, drift=0, volume=137), []
    for number, day in enumerate(weekdays("2023-07-03", 19)):
        rows = market.session(day, gap=500 if number % 5 == 4 else 80)
        if number == 2:  # minutes before the open and after the close
            rows = market.session(day, begin=9 * 60, minutes=15, gap=0) + rows
            rows += market.session(day, begin=15 * 60 + 30, minutes=12, gap=0)
        elif number == 3:
            rows = mute(rows, 0, 37)  # the session starts without volume
        elif number == 4:
            rows = mute(rows, 90, 190)
        elif number == 6:
            rows = rows[47:]  # starts late, at 10:02
        elif number == 7:
            rows = rows[:262]  # ends early, at 13:36
        elif number == 8:
            rows = drop(market.rng, rows, 12)
        elif number == 9:
            rows = rows[:121] + rows[168:]  # 47 minutes missing: whole bins are absent
        elif number == 12:
            rows = mute(rows, 0, SESSION_MINUTES)
        elif number == 14:
            rows = freeze(rows, 60, 150)
        elif number == 16:
            rows = rows[:335] + rows[365:]  # nothing from 14:50 to 15:19
        out += rows
        if number == 9:
            out += market.session(datetime(2023, 7, 15), begin=18 * 60 + 17, minutes=56, gap=40)  # a Saturday evening
    return out


def index():
    """An index: no volume at all; a short Saturday session at noon."""
    market, out = Market(111, price=18500, moves=8, step=40, drift=0, volume=0), []
    for number, day in enumerate(weekdays("2023-06-05", 11)):
        out += market.session(day, gap=1200 if number % 4 == 3 else 200)
        if number == 4:
            out += market.session(datetime(2023, 6, 10), begin=11 * 60 + 17, minutes=83, gap=100)
    return out


def penny():
    """A cheap share: calm days when a tick is an ATR or more, lively days, missing minutes."""
    market, out = Market(268, price=14, moves=1, step=1, drift=0, volume=1009), []
    for number, day in enumerate(weekdays("2023-07-17", 8)):
        market.moves = 6 if number % 3 == 1 else 1
        out += drop(market.rng, market.session(day, gap=14 if number % 3 == 2 else 3), 3)
    return out


def thin():
    """A share that trades in one minute of five, for longer: enough hourly bars for hourly events."""
    market, out = Market(105, price=620, moves=8, step=7, drift=2, volume=31), []
    for number, day in enumerate(weekdays("2023-06-30", 50)):
        out += drop(market.rng, market.session(day, gap=400 if number % 6 == 5 else 60), 80)
    return out


def futures():
    """A future around the days on which its sales were taxed anew: October 2024 and, a jump later, April 2026."""
    market, out = Market(119, price=2480, moves=8, step=9, drift=4, volume=75), []
    days = ["2024-09-25", "2024-09-26", "2024-09-27", "2024-09-30", "2024-10-01", "2024-10-03", "2024-10-04",
            "2026-03-27", "2026-03-30", "2026-04-01", "2026-04-02", "2026-04-06"]
    for number, day in enumerate(days):
        out += drop(market.rng, market.session(datetime.fromisoformat(day), gap=900 if number % 4 == 3 else 120), 70)
    return out


def price_text(ticks):
    """Hundredths exactly: 26205 ticks are 1310.25."""
    rupees, rest = divmod(ticks * 5, 100)
    return f"{rupees}.{rest:02d}".rstrip("0").rstrip(".")


def csv_text(rows):
    lines = ["timestamp,open,high,low,close,volume"]
    for ts, *prices, volume in rows:
        lines.append(",".join([ts.strftime("%Y-%m-%d %H:%M:%S"), *map(price_text, prices), str(volume)]))
    return "\n".join(lines) + "\n"
