# SPDX-License-Identifier: Apache-2.0
"""Random files of known bars, and what becomes of them: read as they are, or refused in words, never read as others.

A kind is a function that draws one member: known bars, written to a file in one of the ways that real files of the kind have.
Members are read by the program read_bars, many in one process, as `import` reads them."""
import collections
import dataclasses
import datetime
import os
import random
import struct
import subprocess
import zoneinfo

BAR = struct.Struct("<q5d")
IST, NEW_YORK, UTC = (zoneinfo.ZoneInfo(name) for name in ("Asia/Kolkata", "America/New_York", "UTC"))
Exchange = collections.namedtuple("Exchange", "name zone open minutes decimals step")
EXCHANGES = {"NSE": Exchange("NSE", IST, datetime.time(9, 15), 375, 2, 5),
             "XNYS": Exchange("XNYS", NEW_YORK, datetime.time(9, 30), 390, 2, 1),
             "24x7": Exchange("24x7", UTC, datetime.time(0), 1440, 5, 1)}
DAY = 1440
REFUSED = object()  # no option makes this read
Bar = collections.namedtuple("Bar", "time open high low close volume")  # prices and volume as texts


@dataclasses.dataclass
class Member:
    path: str
    bars: dict            # (symbol or None, minutes) -> [Bar]
    options: dict         # that a user gives who knows what he has
    more: dict = None     # that a refusal asks for; None = the file says all that is needed; REFUSED
    note: str = ""        # how it was written, for a failure
    rejects: int = 0      # rows that are none, and told


# ---- bars --------------------------------------------------------------------------------------------------

def quiet_day(rng, exchange):
    """A weekday with the exchange's usual hours, in 2015 to 2025, with New York's changes of clocks among them."""
    while True:
        year = rng.randint(2015, 2025)
        first, last = rng.choice([((3, 1), (6, 20)), ((8, 1), (10, 25) if exchange.name == "NSE" else (11, 12))])
        begin, end = datetime.date(year, *first), datetime.date(year, *last)
        day = begin + datetime.timedelta(days=rng.randrange((end - begin).days))
        if exchange.name == "24x7" or day.weekday() < 5:
            return day


def next_day(day, exchange):
    day += datetime.timedelta(days=1)
    while exchange.name != "24x7" and day.weekday() >= 5:
        day += datetime.timedelta(days=1)
    return day


def starts(rng, exchange, minutes, days, day=None):
    """Times at which bars start, zone-aware: whole sessions."""
    day = day or quiet_day(rng, exchange)
    found = []
    for _ in range(days):
        if minutes == DAY:
            found.append(datetime.datetime.combine(day, datetime.time(0), exchange.zone))
        else:
            opens = datetime.datetime.combine(day, exchange.open, exchange.zone)
            found += [opens + datetime.timedelta(minutes=k) for k in range(0, exchange.minutes, minutes)]
        day = next_day(day, exchange)
    return found


def text_of(ticks, decimals):
    return f"{ticks / 10 ** decimals:.{decimals}f}"


def walk(rng, times, exchange, decimals=None, volume="whole", level=None):
    """A bar for each time; prices are whole ticks, so that their texts are exact."""
    decimals = exchange.decimals if decimals is None else decimals
    step = exchange.step if decimals == exchange.decimals else 1
    ticks = level or rng.randint(400, 90000) * (20 if decimals == 2 else 3)
    ticks -= ticks % step
    bars = []
    for time in times:
        path = [ticks]
        for _ in range(4):
            path.append(max(path[-1] + rng.randint(-6, 6) * step, 20 * step))
        ticks = path[-1]
        count = {"whole": str(rng.randint(1, 3_000_000)), "zeros": str(rng.choice([0, 0, rng.randint(1, 900)])),
                 "fraction": f"{rng.randint(1, 10 ** 9) / 10 ** 5:.5f}", "none": "0",
                 "lots": str(rng.randint(1, 99) * 1000)}[volume]
        bars.append(Bar(time, *(text_of(t, decimals) for t in (path[0], max(path), min(path), path[-1])), count))
        if rng.random() < 0.1:  # a gap
            ticks += rng.randint(-9, 9) * step
            ticks = max(ticks, 20 * step)
    return bars


def length_of(rng, exchange, minutes):
    """Days: so many that the file has some ten to two hundred bars."""
    if minutes == DAY:
        return rng.randint(12, 60)
    return rng.randint(1, 2) if minutes < 5 else rng.randint(2, 5) if minutes <= 15 else rng.randint(5, 12)


def thin(rng, bars):
    """Without some of the bars, as of a symbol that trades seldom; the first and last of the day stay."""
    return [b for i, b in enumerate(bars) if i in (0, len(bars) - 1) or rng.random() > 0.15]


# ---- reading -----------------------------------------------------------------------------------------------

def bytes_of(bars):
    rows = []
    for b in sorted(bars, key=lambda bar: bar.time):
        rows.append(BAR.pack(round(b.time.timestamp()) * 1_000_000, *map(float, b[1:])))
    return b"".join(rows)


class Reader:
    def __init__(self):
        program = os.environ.get("PIXITY_READ_BARS")
        assert program, "PIXITY_READ_BARS names no program"
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0, f"read_bars ended with {self.process.returncode}"

    def read(self, path, options):
        """A message, or (exchange, rejected, reason, {(symbol, timeframe): (bytes, notes)})."""
        words = [f"path={path}", *(f"{key}={value}" for key, value in options.items())]
        self.process.stdin.write(("\t".join(words) + "\n").encode())
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"read_bars ended at {path}"
        answer = line.decode().rstrip("\n").split("\t")
        if answer[0] == "refused":
            return answer[1]
        series = {}
        for _ in range(int(answer[1])):
            _, symbol, timeframe, n, notes = self.process.stdout.readline().decode().rstrip("\n").split("\t")
            series[symbol, timeframe] = self.process.stdout.read(int(n) * BAR.size), notes
        return answer[3], int(answer[2]), answer[4], series


def timeframe_text(minutes):
    return "1d" if minutes == DAY else f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def show(raw, n=3):
    return [(str(datetime.datetime.fromtimestamp(t / 1e6, UTC))[:19], *rest) for t, *rest in BAR.iter_unpack(raw)][:n]


def difference(member, answer):
    """What is wrong with what was read, or None."""
    exchange, rejected, reason, series = answer
    if rejected != member.rejects:
        return f"{rejected} rows rejected: {reason}"
    wanted = {(symbol, timeframe_text(minutes)): bytes_of(bars) for (symbol, minutes), bars in member.bars.items()}
    if len(wanted) == 1 and len(series) == 1 and next(iter(wanted))[0] is None:
        wanted = {(next(iter(series))[0], key[1]): raw for key, raw in wanted.items()}
    if wanted.keys() != series.keys():
        return f"series {sorted(series)}, not {sorted(wanted, key=str)}"
    for key, raw in wanted.items():
        have = series[key][0]
        if have != raw:
            same = [a for a in zip(BAR.iter_unpack(raw), BAR.iter_unpack(have)) if a[0] != a[1]]
            first = [(show(BAR.pack(*w)), show(BAR.pack(*h))) for w, h in same[:1]]
            return f"{key}: {len(have) // BAR.size} bars of {len(raw) // BAR.size}; wanted and read: {first}, {exchange}"
    return None


def judge(reader, member):
    """None, or in what way reading goes wrong. A member that needs an option is right or refused without it."""
    if member.more is REFUSED:
        answer = reader.read(member.path, member.options)
        return None if isinstance(answer, str) else f"read as {sorted(answer[3])}, and there are no such bars"
    for options, may_refuse in [(member.options, member.more is not None), ({**member.options, **(member.more or {})}, False)]:
        answer = reader.read(member.path, options)
        if isinstance(answer, str):
            if not may_refuse:
                return f"refused with {options}: {answer}"
        else:
            wrong = difference(member, answer)
            if wrong:
                return f"SILENTLY WRONG with {options}: {wrong}"
        if member.more is None:
            return None
    return None


def try_kind(kind, rounds, seed):
    """Draws and reads so many members; asserts that none is wrong. `kind` draws from a generator of random numbers."""
    reader, faults = Reader(), []
    for number in range(rounds):
        rng = random.Random(f"{kind.__name__} {seed} {number}")
        member = kind(rng, f"{kind.__name__}{number}")
        wrong = judge(reader, member)
        if wrong:
            faults.append(f"seed {seed}, member {number} of {kind.__name__} ({member.path}; {member.note}): {wrong}")
        elif os.path.isfile(member.path):
            os.unlink(member.path)
    reader.close()
    assert not faults, f"{len(faults)} of {rounds} go wrong\n" + "\n".join(faults[:12])
