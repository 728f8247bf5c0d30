# SPDX-License-Identifier: Apache-2.0
"""Containers, and tables that are odd in one way: drawn at random from known bars."""
import datetime
import json
import os
import sqlite3
import zipfile

import duck
from kinds import DAY, EXCHANGES, REFUSED, UTC, Member, starts, timeframe_text, walk
from kinds_sources import SYMBOLS, bare, draw, options_of, save

NSE, XNYS, ALL_DAY = EXCHANGES["NSE"], EXCHANGES["XNYS"], EXCHANGES["24x7"]
NAMES = ["time", "open", "high", "low", "close", "volume"]


def stamp(b):
    return f"{b.time:%Y-%m-%d %H:%M:%S}"


def table(bars):
    return [",".join(NAMES), *(",".join([stamp(b), *b[1:6]]) for b in bars)]


# ---- odd texts ---------------------------------------------------------------------------------------------

def footers(rng, name):
    """Lines that are no rows, below and between: told as rejected or passed over, never bars."""
    minutes = rng.choice([1, 5, 15])
    bars = draw(rng, NSE, minutes)
    lines = table(bars)
    odd = rng.choice(["Total,,,,,123456", "Source: a vendor", "-- end --", "", ",,,,,", "Average,1,2,0.5,1,7", "time,open,high,low,close,volume"])
    count = 0 if odd in ("", ",,,,,", "Total,,,,,123456") else 1  # without any price: passed over
    if rng.random() < 0.3 and odd != "Source: a vendor":
        at = rng.randrange(2, len(lines))
        lines.insert(at, odd)
        count *= 2
    lines.append(odd)
    many = {"keep-good": "yes"} if count > len(lines) // 100 else None  # more than a hundredth is refused without it
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(NSE, minutes, rng), many, repr(odd), count)


def noon_and_midnight(rng, name):
    """Hours of twelve, in all their spellings; minutes and seconds that lack; dots for colons are not read."""
    minutes = rng.choice([1, 5, 60])
    bars = draw(rng, ALL_DAY, minutes)
    form = rng.choice(["%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I-%p", "%I %p"] if minutes == 60 else ["%I:%M %p", "%I:%M:%S %p", "%I:%M%p"])
    lower, loose = rng.random() < 0.5, rng.random() < 0.5
    lines = ["Date;Open;High;Low;Close;Volume"]
    for b in bars:
        clock = b.time.strftime(form)
        clock = clock.lower() if lower else clock
        lines.append(";".join([f"{b.time:%Y-%m-%d} " + (clock.lstrip("0") if loose else clock), *b[1:6]]))
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(ALL_DAY, minutes, rng), None, f"{form} {lower} {loose}")


def changes_of_clocks(rng, name):
    """Days around New York's and London's changes of clocks, as wall times of New York, with offset, or of another zone."""
    day = rng.choice([datetime.date(2023, 3, 10), datetime.date(2023, 11, 3), datetime.date(2024, 3, 8), datetime.date(2024, 10, 25), datetime.date(2024, 11, 1)])
    minutes = rng.choice([5, 15, 30])
    bars = walk(rng, starts(rng, XNYS, minutes, 4, day), XNYS)
    form, options = rng.choice(["wall", "offset", "utc", "Europe/London", "Asia/Kolkata"]), options_of(XNYS, minutes, rng)
    import zoneinfo
    lines, more = [",".join(NAMES)], None
    for b in bars:
        if form == "wall":
            time = stamp(b)
        elif form == "offset":
            time = b.time.strftime("%Y-%m-%dT%H:%M:%S%z")
        elif form == "utc":
            time = b.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            time = b.time.astimezone(zoneinfo.ZoneInfo(form)).strftime("%Y-%m-%d %H:%M:%S")
            more = {"tz": form}
        lines.append(",".join([time, *b[1:6]]))
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options, more, f"{day} {form} {minutes}m")


def few_rows(rng, name):
    """Three to twenty rows of a longer timeframe that nobody names: read as that, or refused."""
    minutes = rng.choice([3, 5, 15, 30, 60])
    bars = draw(rng, rng.choice([NSE, ALL_DAY]), minutes)
    exchange = NSE if bars[0].time.tzinfo is NSE.zone else ALL_DAY
    bars = bars[:rng.randint(3, 20)]
    options = {} if exchange is NSE else {"exchange": "24x7"}
    return Member(save(name + ".csv", table(bars), rng), {(None, minutes): bars}, options, {"timeframe": timeframe_text(minutes)},
                  f"{exchange.name} {minutes}m, {len(bars)} rows")


def rows_twice(rng, name):
    """Rows that stand twice: the same are one; others are refused, or the first or the last counts."""
    minutes = rng.choice([1, 5, 15])
    bars = draw(rng, NSE, minutes)
    lines, how = table(bars), rng.choice(["same", "first", "last"])
    for k in sorted(rng.sample(range(len(bars)), rng.randint(1, 5)), reverse=True):
        b = bars[k]
        other = b if how == "same" else b._replace(high=f"{float(b.high) + 1:.2f}", volume="5")
        if how == "last":
            bars[k] = other
        lines.insert(rng.randint(k + 2, len(lines)), table([other])[1])
    more = {"same": None, "first": {"on-conflict": "skip"}, "last": {"on-conflict": "replace"}}[how]
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(NSE, minutes, rng), more, how)


def two_of_a_kind(rng, name):
    """Columns whose names are one but for case, or two of a role: refused, or one is named."""
    minutes = rng.choice([1, 5])
    bars = draw(rng, NSE, minutes)
    twin, place = rng.choice([("Close", 4), ("OPEN", 1), ("High", 2), ("Volume", 5), ("close_price", 4), ("Low Price", 3)])
    lines = [",".join([*NAMES, twin])]
    lines += [",".join([stamp(b), *b[1:6], bare(f"{float(b[place]) / 2:.4f}")]) for b in bars]
    if rng.random() < 0.5:  # the twin in front
        lines = [",".join([*line.split(",")[6:], *line.split(",")[:6]]) for line in lines]
    name_of = NAMES[place]
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(NSE, minutes, rng), {"columns": f"{name_of}={name_of}"}, twin)


def two_times(rng, name):
    """Two columns that give the time: the same, or refused."""
    minutes = rng.choice([1, 5, 15])
    bars = draw(rng, NSE, minutes)
    wrong = rng.random() < 0.3
    late = 3600 * 24 * 40 if wrong else 0
    other = rng.choice(["epoch", "date", "iso"])
    lines = [",".join(["datetime", {"epoch": "timestamp", "date": "date", "iso": "utc_time"}[other], *NAMES[1:]])]
    for b in bars:
        s = int(b.time.timestamp()) + late
        text = {"epoch": str(s * 1000), "date": f"{datetime.datetime.fromtimestamp(s, NSE.zone):%Y-%m-%d}",
                "iso": f"{datetime.datetime.fromtimestamp(s, UTC):%Y-%m-%dT%H:%M:%SZ}"}[other]
        lines.append(",".join([stamp(b), text, *b[1:6]]))
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(NSE, minutes, rng),
                  {"columns": "time=datetime"} if wrong else None, f"{other} wrong {wrong}")


def wide_yahoo(rng, name):
    """A download of several tickers, side by side: refused, or told apart; never one ticker's prices beside another's."""
    bars = {(n, DAY): walk(rng, starts(rng, NSE, DAY, 20, datetime.date(2024, 5, 6)), NSE) for n in ("TCS.NS", "INFY.NS")}
    place = {"Open": 1, "High": 2, "Low": 3, "Close": 4, "Volume": 5}
    by_name = rng.random() < 0.5
    pairs = [(p, n) for p in sorted(place) for n, _ in bars] if by_name else [(p, n) for n, _ in bars for p in sorted(place)]
    first, second = [p for p, _ in pairs], [n for _, n in pairs]
    if not by_name:
        first, second = second, first
    lines = [",".join([by_name and "Price" or "Ticker", *first]), ",".join([by_name and "Ticker" or "Price", *second]), "Date" + "," * len(pairs)]
    for k in range(20):
        lines.append(",".join([f"{bars['TCS.NS', DAY][k].time:%Y-%m-%d}", *(bars[n, DAY][k][place[p]] for p, n in pairs)]))
    return Member(save(name + ".csv", lines, rng), bars, {"timeframe": "1d"}, REFUSED, f"by {'price' if by_name else 'ticker'}")


def longer_than_days(rng, name):
    """Weekly and monthly bars, which are refused."""
    day = starts(rng, NSE, DAY, 1)[0]
    weekly = rng.random() < 0.5
    times = [day + datetime.timedelta(days=7 * k) for k in range(30)] if weekly else [
        day.replace(day=1, year=2010 + k // 12, month=k % 12 + 1) for k in range(30)]
    lines = table(walk(rng, times, NSE))
    lines = [line.replace(" 00:00:00", "") for line in lines] if rng.random() < 0.7 else lines
    return Member(save(name + ".csv", lines, rng), {}, {"timeframe": "1d"} if rng.random() < 0.5 else {}, REFUSED, f"weekly {weekly}")


def investing(rng, name):
    """investing.com: Price is the close and stands first, newest first, volumes like 1.25M, English or German."""
    bars = draw(rng, XNYS, DAY)
    german = rng.random() < 0.4
    bars = [b._replace(volume=str(rng.randint(101, 99999) * 10_000)) for b in bars]
    lines = ['"Date","Price","Open","High","Low","Vol.","Change %"']
    for b in reversed(bars):
        millions = f"{int(b.volume) / 10 ** 6:.2f}M"
        prices = [f"{float(p):,.2f}" for p in (b.close, b.open, b.high, b.low)]
        change = "0.12%"
        if german:
            prices, millions, change = ([t.translate(str.maketrans(",.", ".,")) for t in (*prices, millions, change)][i] for i in (slice(0, 4), 4, 5))
        date = f"{b.time:%d.%m.%Y}" if german else f"{b.time:%m/%d/%Y}"
        lines.append(",".join(f'"{c}"' for c in [date, *prices, millions, change]))
    return Member(save(name + ".csv", lines, rng), {(None, DAY): bars}, {"exchange": "XNYS", "timeframe": "1d"},
                  {"date-format": "%d.%m.%Y" if german else "%m/%d/%Y"}, f"german {german}")


def stooq(rng, name):
    """Stooq's and MetaStock's tables: brackets, a period, dates and clocks as digits."""
    minutes = rng.choice([5, 60, DAY])
    exchange = XNYS
    bars = draw(rng, exchange, minutes)
    per = {5: "5", 60: "60", DAY: "D"}[minutes]
    lines = ["<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>"]
    lines += [f"ABC.US,{per},{b.time:%Y%m%d},{b.time:%H%M%S},{b.open},{b.high},{b.low},{b.close},{b.volume},0" for b in bars]
    return Member(save(name + ".txt", lines, rng), {("ABC.US", minutes): bars}, options_of(exchange, minutes, rng), None, per)


def no_header_adjusted(rng, name):
    """Rows alone with an adjusted close or an average between the close and the volume."""
    exchange = rng.choice([NSE, XNYS])
    bars = draw(rng, exchange, DAY)
    factor = rng.choice([0.5, 0.97, 1.0, 0.031])
    lines = [",".join([f"{b.time:%Y-%m-%d}", *b[1:5], f"{float(b.close) * factor:.6f}", b.volume]) for b in bars]
    return Member(save(name + ".csv", lines, rng), {(None, DAY): bars}, options_of(exchange, DAY, rng),
                  {"columns": "1=time,2=open,3=high,4=low,5=close,7=volume"}, f"factor {factor}")


# ---- containers --------------------------------------------------------------------------------------------

def archives(rng, name):
    """Zips of one or several tables, and of LEAN."""
    form = rng.choice(["one", "several", "lean"])
    path = name + ".zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if form == "lean":
            bars = walk(rng, starts(rng, XNYS, 1, 1), XNYS, volume="lots")
            day = bars[0].time.replace(hour=0, minute=0)
            rows = [",".join([str(int((b.time - day).total_seconds() * 1000)), *(str(round(float(p) * 10000)) for p in b[1:5]), b.volume]) for b in bars]
            archive.writestr(f"{day:%Y%m%d}_abc_minute_trade.csv", "\n".join(rows))
            return Member(path, {(None, 1): bars}, {"exchange": "XNYS", "symbol": "ABC"}, None, form)
        minutes = rng.choice([1, 15, DAY])
        names = rng.sample(SYMBOLS[:6], 1 if form == "one" else 3)
        bars = {(n, minutes): draw(rng, NSE, minutes) for n in names}
        for n in names:
            archive.writestr(f"{rng.choice(['', 'data/'])}{n}.csv", "\n".join(table(bars[n, minutes])))
    if form == "one":
        bars = {(None, minutes): next(iter(bars.values()))}
    return Member(path, bars, options_of(NSE, minutes, rng), None, form)


def sqlite_file(rng, name):
    """A table of SQLite with times as texts, epochs or days, beside other tables."""
    minutes = rng.choice([1, 5, DAY])
    bars = draw(rng, NSE, minutes)
    form = rng.choice(["text", "iso", "s", "ms"])
    path = name + rng.choice([".db", ".sqlite"])
    if os.path.exists(path):
        os.unlink(path)
    db = sqlite3.connect(path)
    types = rng.choice(["REAL", "TEXT", "NUMERIC"])
    db.execute(f"CREATE TABLE candles (id INTEGER, time {'TEXT' if form in ('text', 'iso') else 'INTEGER'}, open {types}, high {types}, low {types}, close {types}, volume INTEGER)")
    for i, b in enumerate(bars):
        time = {"text": stamp(b), "iso": b.time.isoformat(), "s": int(b.time.timestamp()), "ms": int(b.time.timestamp()) * 1000}[form]
        db.execute("INSERT INTO candles VALUES (?, ?, ?, ?, ?, ?, ?)", (i, time, *map(float if types == "REAL" else str, b[1:5]), int(b.volume)))
    if rng.random() < 0.5:
        db.execute("CREATE TABLE watchlist (symbol TEXT)")
    db.commit()
    db.close()
    return Member(path, {(None, minutes): bars}, options_of(NSE, minutes, rng), None, f"{form} {types}")


PARQUET_TIMES = {"wall": "TIMESTAMP '{wall}'", "instant": "TIMESTAMPTZ '{iso}'", "wall-ns": "TIMESTAMP_NS '{wall}'", "wall-s": "TIMESTAMP_S '{wall}'",
                 "text": "'{wall}'", "iso": "'{iso}'", "s": "{s}::BIGINT", "ms": "{s}000::BIGINT", "us": "{s}000000::BIGINT", "ns": "{s}000000000::BIGINT",
                 "double": "{s}::DOUBLE", "uint": "{s}::UINTEGER"}


def duck_rows(bars, form, prices, counts):
    rows = []
    for b in bars:
        time = PARQUET_TIMES[form].format(wall=stamp(b), iso=b.time.isoformat(sep=" "), s=int(b.time.timestamp()))
        rows.append(f"({time}, {', '.join(f'{p}::{prices}' for p in b[1:5])}, {b.volume}::{counts})")
    return rows


def parquet_file(rng, name):
    """Parquet with columns of many types."""
    exchange, minutes = rng.choice([NSE, XNYS]), rng.choice([1, 5, DAY])
    form = rng.choice(list(PARQUET_TIMES))
    prices, counts = rng.choice(["DOUBLE", "DOUBLE", "FLOAT", "DECIMAL(12,4)", "DECIMAL(30,6)", "VARCHAR"]), rng.choice(["BIGINT", "INTEGER", "DOUBLE", "UBIGINT", "HUGEINT", "VARCHAR"])
    times = starts(rng, exchange, minutes, 1 if minutes < DAY else 25)[:60]
    bars = walk(rng, times, exchange, level=rng.randint(2000, 60000) if prices == "FLOAT" else None)
    path = name + ".parquet"
    names = rng.choice([NAMES, ["Datetime", "Open", "High", "Low", "Close", "Volume"], ["ts", "o", "h", "l", "c", "v"]])
    rows = ", ".join(duck_rows(bars, form, prices, counts))
    columns = ", ".join(f'"{n}"' for n in names)
    codec = rng.choice(["snappy", "zstd", "gzip", "uncompressed"])
    duck.run(None, f"COPY (SELECT * FROM (VALUES {rows}) t({columns})) TO '{path}' (FORMAT parquet, COMPRESSION {codec})")
    return Member(path, {(None, minutes): bars}, options_of(exchange, minutes, rng), None, f"{exchange.name} {minutes}m {form} {prices} {counts} {codec} {names[0]}")


def duckdb_file(rng, name):
    """DuckDB files: one table, or OpenAlgo's market_data with its intervals."""
    minutes = rng.choice([1, 5, DAY])
    symbols = rng.sample(SYMBOLS[:6], 2)
    historify = rng.random() < 0.5
    path = name + ".duckdb"
    if os.path.exists(path):
        os.unlink(path)
    bars = {(s, minutes): walk(rng, starts(rng, NSE, minutes, 1 if minutes < DAY else 20)[:50], NSE) for s in symbols}
    word = {1: "1m", 5: "5m", DAY: "D"}[minutes]
    values = []
    for (s, _), list_ in bars.items():
        for b in list_:
            head = f"'{s}', 'NSE', '{word}', {int(b.time.timestamp())}::BIGINT" if historify else f"'{s}', TIMESTAMPTZ '{b.time.isoformat(sep=' ')}'"
            values.append(f"({head}, {', '.join(f'{p}::DOUBLE' for p in b[1:5])}, {b.volume}::BIGINT)")
    if historify:
        make = "CREATE TABLE market_data (symbol VARCHAR, exchange VARCHAR, interval VARCHAR, timestamp BIGINT, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume BIGINT)"
        tables = [make, "CREATE TABLE watchlist (symbol VARCHAR)", f"INSERT INTO market_data VALUES {', '.join(values)}"]
    else:
        make = "CREATE TABLE candles (symbol VARCHAR, ts TIMESTAMPTZ, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume BIGINT)"
        tables = [make, f"INSERT INTO candles VALUES {', '.join(values)}"]
    duck.run(path, *tables)
    return Member(path, bars, options_of(NSE, minutes, rng), None, f"historify {historify} {minutes}m")


def hive_folder(rng, name):
    """A folder of Parquet or CSV files whose folders name the instrument."""
    minutes = rng.choice([1, 5])
    symbols = rng.sample(["TCS", "INFY", "0050", "NAN", "M%26M"], 2)
    bars = {(s.replace("%26", "&"), minutes): walk(rng, starts(rng, NSE, minutes, 1)[:40], NSE) for s in symbols}
    year = rng.random() < 0.5
    for s, (key, list_) in zip(symbols, bars.items()):
        folder = f"{name}/symbol={s}" + (f"/year={list_[0].time.year}" if year else "")
        os.makedirs(folder, exist_ok=True)
        if rng.random() < 0.7:
            rows = ", ".join(duck_rows(list_, "wall", "DOUBLE", "BIGINT"))
            duck.run(None, f"COPY (SELECT * FROM (VALUES {rows}) t({', '.join(NAMES)})) TO '{folder}/part-0.parquet' (FORMAT parquet)")
        else:
            with open(f"{folder}/part-0.csv", "w") as file:
                file.write("\n".join(table(list_)))
    return Member(name, bars, options_of(NSE, minutes, rng), None, f"{symbols} year {year}")


def workbook(rng, name):
    """A sheet with dates as serial numbers or as texts, below a title now and then."""
    minutes = rng.choice([1, 5, DAY])
    bars = draw(rng, NSE, minutes)[:80]
    serial = rng.random() < 0.7
    rows, start = [], datetime.datetime(1899, 12, 30)

    def cell(place, value):
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        if isinstance(value, datetime.datetime):
            return f'<c r="{place}" s="1"><v>{(value - start) / datetime.timedelta(days=1)!r}</v></c>'
        return f'<c r="{place}"><v>{value!r}</v></c>'
    top = rng.choice([0, 0, 2])
    lines = [["Report of ABC"], []][:top] + [["Date", "Open", "High", "Low", "Close", "Volume"]]
    for b in bars:
        wall = b.time.replace(tzinfo=None)
        lines.append([wall if serial else stamp(b), *map(float, b[1:5]), int(b.volume)])
    for r, line in enumerate(lines, 1):
        rows.append(f'<row r="{r}">' + "".join(cell(f"{chr(65 + c)}{r}", v) for c, v in enumerate(line)) + "</row>")
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    path = name + ".xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook {space} {relations}><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>')
        archive.writestr("xl/styles.xml", f'<styleSheet {space}><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
                         '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{''.join(rows)}</sheetData></worksheet>")
    return Member(path, {(None, minutes): bars}, options_of(NSE, minutes, rng), None, f"serial {serial} top {top} {minutes}m")
