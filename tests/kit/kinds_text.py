# SPDX-License-Identifier: Apache-2.0
"""Text files of any make: how a table of bars is spelled, drawn at random."""
import datetime
import gzip

from kinds import DAY, EXCHANGES, UTC, Member, length_of, starts, thin, walk

# ---- times -------------------------------------------------------------------------------------------------

# (strftime, plain): a form that is plain needs no --date-format.
DATES = {
    "year": [("%Y-%m-%d", True), ("%Y/%m/%d", True), ("%Y.%m.%d", True), ("%Y%m%d", True)],
    "name": [("%d-%b-%Y", True), ("%d %b %Y", True), ("%d-%b-%y", True), ("%b %d, %Y", True), ("%d %B %Y", True), ("%B %d, %Y", True),
             ("%Y-%b-%d", True), ("%d-%B-%Y", True), ("%a, %d %b %Y", True)],
    "day": [("%d/%m/%Y", False), ("%d-%m-%Y", False), ("%d.%m.%Y", False), ("%d/%m/%y", False), ("%d-%m-%y", False), ("%d.%m.%y", False)],
    "month": [("%m/%d/%Y", False), ("%m-%d-%Y", False), ("%m/%d/%y", False), ("%m.%d.%Y", False)],
}
CLOCKS = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.000", "%I:%M%p", "%H%M", "%H%M%S"]


def unpadded(text):
    """Numbers without leading zeros, as spreadsheets write them: 1/2/2024 9:15."""
    out, before = [], ""
    for i, c in enumerate(text):
        follows = i + 1 < len(text) and text[i + 1].isdigit()
        if c == "0" and not before.isdigit() and before not in ":." and follows:
            before = " "
            continue
        out.append(c)
        before = c
    return "".join(out)


class Spelling:
    """How times are written: `text(time)` gives one cell, or two where date and time of day stand apart."""

    def __init__(self, rng, zone, daily, unit=None):
        self.zone, self.apart, self.loose, self.upper, self.offset = zone, False, False, False, ""
        self.more, self.format, self.number = None, None, unit
        if not unit and rng.random() < 0.2:
            self.number = rng.choice(["s", "ms", "us", "ns", "serial", "compact"])
        if daily and self.number in ("compact",):
            self.number = None
        if self.number:
            return
        order = rng.choice(["year", "year", "name", "day", "month"])
        date, plain = rng.choice(DATES[order])
        self.clock = None if daily and rng.random() < 0.7 else rng.choice(CLOCKS)
        if daily and self.clock in ("%H%M", "%H%M%S"):
            self.clock = "%H:%M:%S"
        self.apart = bool(self.clock) and not daily and rng.random() < 0.3
        if self.clock in ("%H%M", "%H%M%S") and not self.apart and date != "%Y%m%d":
            self.clock = "%H:%M"
        self.loose = order in ("day", "month") and rng.random() < 0.3 and self.clock not in ("%H%M", "%H%M%S")
        self.upper = order == "name" and rng.random() < 0.4
        divider = " " if date == "%Y%m%d" or self.clock in ("%H%M", "%H%M%S") else rng.choice([" ", "T"]) if order == "year" else rng.choice([" ", " ", ", "])
        if date == "%Y%m%d" and self.clock and self.clock.startswith("%I"):
            self.clock = "%H:%M"
        self.date = date
        self.format = date + (divider + self.clock if self.clock and not self.apart else "")
        if self.clock and not self.apart and order == "year" and "%p" not in self.clock and rng.random() < 0.3:
            self.offset = rng.choice(["+0530", "colon", "Z", " UTC", "short"])
        if not plain:
            self.more = {"date-format": date if self.apart else self.format.replace("%S.000", "%S.%f")}

    def local(self, time):
        return time.astimezone(UTC if self.offset in ("Z", " UTC") else self.zone)

    def written(self, form, time):
        text = time.strftime(form)
        return text.upper() if self.upper else unpadded(text) if self.loose else text

    def cells(self, time):
        if self.number:
            return [self.as_number(time)]
        local = self.local(time)
        if self.apart:
            return [self.written(self.date, local), self.written(self.clock, local)]
        text = self.written(self.format, local)
        if self.offset in ("Z", " UTC"):
            return [text + self.offset]
        if self.offset:
            offset = local.strftime("%z")
            text += {"+0530": offset, "colon": offset[:3] + ":" + offset[3:],
                     "short": offset[:3] if offset[3:] == "00" else offset}[self.offset]
        return [text]

    def as_number(self, time):
        if self.number == "serial":
            wall = time.astimezone(self.zone).replace(tzinfo=None)
            return repr((wall - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1))
        if self.number == "compact":
            return time.astimezone(self.zone).strftime("%Y%m%d%H%M%S")
        return str(round(time.timestamp()) * {"s": 1, "ms": 10 ** 3, "us": 10 ** 6, "ns": 10 ** 9}[self.number])

    def __str__(self):
        return self.number or f"{self.date} {self.clock}{' apart' if self.apart else ''}{self.offset}{' loose' if self.loose else ''}"


# ---- names -------------------------------------------------------------------------------------------------

TIME_NAMES = ["time", "timestamp", "datetime", "date", "Date", "Datetime", "Date Time", "Timestamp", "DATE", "Time", "date_time",
              "Bar Time", "trade_date", "ts", "Open Time", "Local time", ""]
PRICE_NAMES = [["open", "high", "low", "close"], ["Open", "High", "Low", "Close"], ["OPEN", "HIGH", "LOW", "CLOSE"],
               ["o", "h", "l", "c"], ["<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>"], ["Open Price", "High Price", "Low Price", "Close Price"],
               ["open_price", "high_price", "low_price", "close_price"], ["OPEN_PRICE", "HIGH_PRICE", "LOW_PRICE", "CLOSE_PRICE"],
               ["Open", "Max", "Min", "Close"], ["1. open", "2. high", "3. low", "4. close"], ["Open", "High", "Low", "Last"],
               ["Open", "High", "Low", "Close/Last"], ["Open", "High", "Low", "LTP"], ["Opening", "Highest", "Lowest", "Closing"]]
VOLUME_NAMES = ["volume", "Volume", "VOLUME", "vol", "Vol.", "v", "<VOL>", "Total Traded Quantity", "TOTTRDQTY", "Shares Traded",
                "5. volume", "Traded Volume", "tick_volume", "No. of Shares", "qty"]
# Beside the bars: (name, what it holds of a bar)
EXTRAS = [("Adj Close", lambda rng, b: f"{float(b.close) * 0.97:.4f}"), ("Prev Close", lambda rng, b: b.open),
          ("PREVCLOSE", lambda rng, b: b.open), ("VWAP", lambda rng, b: f"{(float(b.high) + float(b.low)) / 2:.4f}"),
          ("trades", lambda rng, b: str(rng.randint(1, 999))), ("Open Interest", lambda rng, b: str(rng.randint(0, 9999))),
          ("OI", lambda rng, b: str(rng.randint(0, 9999))), ("spread", lambda rng, b: str(rng.randint(0, 9))),
          ("Change %", lambda rng, b: f"{rng.uniform(-5, 5):.2f}%"), ("Turnover", lambda rng, b: f"{rng.uniform(1, 9e7):.2f}"),
          ("Quote asset volume", lambda rng, b: f"{rng.uniform(1, 9e7):.3f}"), ("EMA", lambda rng, b: b.close),
          ("Dividends", lambda rng, b: "0.0"), ("Stock Splits", lambda rng, b: "0.0"), ("note", lambda rng, b: "a;b"),
          ("52W High", lambda rng, b: f"{float(b.high) * 1.2:.2f}"), ("52W Low", lambda rng, b: f"{float(b.low) * 0.8:.2f}"),
          ("Deliverable Qty", lambda rng, b: str(rng.randint(0, 99))), ("Upper Band", lambda rng, b: b.high),
          ("%Gain", lambda rng, b: f"{rng.uniform(-5, 5):.2f}"), ("signal", lambda rng, b: rng.choice(["", "buy"])),
          ("number_of_trades", lambda rng, b: str(rng.randint(1, 99))), ("Average Price", lambda rng, b: b.close)]


def grouped(text, lakh):
    """1234567.50 as 1,234,567.50 or 12,34,567.50."""
    whole, point, rest = text.partition(".")
    head, tail = whole[:-3], whole[-3:]
    groups = [tail]
    while head:
        groups.insert(0, head[-(2 if lakh else 3):])
        head = head[:-(2 if lakh else 3)]
    return ",".join(g for g in groups if g) + point + rest


class Numbers:
    """How prices and volumes are written."""

    def __init__(self, rng, separator):
        self.comma = separator in ";\t|" and rng.random() < 0.35
        self.groups = rng.choice(["", "", "", "volume", "all"])
        self.lakh = rng.random() < 0.5
        self.strip = rng.random() < 0.3
        self.sign = rng.choice(["", "", "", "", "", "$", "₹", "Rs."])

    def price(self, text):
        if self.strip and "." in text:
            text = text.rstrip("0").rstrip(".")
        if self.groups == "all":
            text = grouped(text, self.lakh)
        return self.sign + self.turned(text)

    def volume(self, text):
        if self.strip and "." in text:
            text = text.rstrip("0").rstrip(".")
        return self.turned(grouped(text, self.lakh) if self.groups else text)

    def turned(self, text):
        return text.translate(str.maketrans(",.", ".,")) if self.comma else text

    def __str__(self):
        return f"{'decimal comma ' if self.comma else ''}{'groups of ' + self.groups if self.groups else ''}{' lakh' if self.lakh else ''} {self.sign}"


# ---- lines -------------------------------------------------------------------------------------------------

def quoted(cell, separator, style):
    needs = separator in cell or '"' in cell
    return f'"{cell}"' if needs or style == "all" else cell


def join(cells, separator, style):
    if style == "padded":
        return (separator + " ").join(quoted(c, separator, "") if separator in c else c for c in cells)
    if style == "line":
        return '"' + separator.join(cells) + '"'
    return separator.join(quoted(c, separator, style) for c in cells)


def encode(rng, text, path):
    """Writes the text in one of the ways that files are encoded and packed; gives the path."""
    how = rng.choice(["utf-8"] * 5 + ["utf-8-sig", "utf-16", "gzip"])
    data = text.encode("utf-8" if how == "gzip" else how)
    if how == "gzip":
        path += ".gz"
        data = gzip.compress(data, 1)
    with open(path, "wb") as file:
        file.write(data)
    return path, how


def any_text(rng, name):
    """A table of bars with a header, spelled in any way."""
    exchange = EXCHANGES[rng.choice(["NSE", "NSE", "XNYS", "24x7"])]
    minutes = rng.choice([1, 1, 5, 15, 30, 60, DAY, DAY])
    volume = rng.choice(["whole", "whole", "fraction", "zeros", "none", "lots"])
    times = starts(rng, exchange, minutes, length_of(rng, exchange, minutes))[:rng.choice([40, 40, 60, 100, 400])]
    bars = walk(rng, times, exchange, volume=volume)
    if minutes == 1 and rng.random() < 0.3:
        bars = thin(rng, bars)
    separator = rng.choice([",", ",", ",", ";", "\t", "|"])
    zone, options, more = exchange.zone, {}, {}
    spelling = Spelling(rng, zone, minutes == DAY)
    if exchange.name != "NSE" or spelling.format and "." in spelling.format[:5]:
        options["exchange"] = exchange.name
    if minutes > 60 or rng.random() < 0.5:
        options["timeframe"] = "1d" if minutes == DAY else f"{minutes}m"
    numbers = Numbers(rng, separator)
    style = rng.choice(["", "", "", "all", "padded"])
    if separator == "\t" and style == "padded":
        style = ""
    names = list(rng.choice(PRICE_NAMES))
    has_volume = volume != "none" or rng.random() < 0.5
    columns = [("price", i, n) for i, n in enumerate(names)]
    if has_volume:
        columns.append(("volume", 0, rng.choice(VOLUME_NAMES)))
    for extra in rng.sample(EXTRAS, rng.choice([0, 0, 1, 2, 4])):
        columns.append(("extra", extra[1], extra[0]))
    if rng.random() < 0.4:
        rng.shuffle(columns)
    time_names = rng.choice([["Date", "Time"], ["date", "time"], ["<DATE>", "<TIME>"], ["TradeDate", "TradeTime"]]) if spelling.apart else [rng.choice(TIME_NAMES)]
    in_front = spelling.apart or not time_names[0] or rng.random() < 0.8
    place = 0 if in_front else rng.randrange(len(columns) + 1)
    columns[place:place] = [("time", i, n) for i, n in enumerate(time_names)]
    order = rng.choice(["up", "up", "up", "down"])
    lines = [] if rng.random() < 0.85 else rng.choice([["Report of the exchange"], ["Created by a program, 2024", ""], ["# bars"]])
    lines = [*lines, join([c[2] for c in columns], separator, style)]
    for b in bars if order == "up" else reversed(bars):
        spelled = spelling.cells(b.time)
        cells = []
        for kind, what, _ in columns:
            cells.append(spelled[what] if kind == "time" else numbers.price(b[1 + what]) if kind == "price"
                         else numbers.volume(b.volume) if kind == "volume" else what(rng, b))
        lines.append(join(cells, separator, style))
    ending = rng.choice(["\n", "\n", "\r\n"])
    text = ending.join(lines) + (ending if rng.random() < 0.9 else "")
    path, how = encode(rng, text, name + rng.choice([".csv", ".txt"]))
    if not has_volume:
        bars = [b._replace(volume="0") for b in bars]
    if spelling.more:
        more.update(spelling.more)
    note = f"{exchange.name} {minutes}m, {spelling}; {numbers}; {separator!r} {style} {how} {order} {[c[2] for c in columns]}"
    return Member(path, {(None, minutes): bars}, options, more or None, note)
