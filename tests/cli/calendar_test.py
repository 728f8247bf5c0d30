# SPDX-License-Identifier: Apache-2.0
"""Other exchanges through the program: New York with its half days and clock changes, markets that never close.
Python's zoneinfo and a rule of its own for half days are the second opinion."""
import collections
import datetime
import json
import zoneinfo

from harness import Skip, main, pixity, test
from lab import document, fails, rows_of, table, walk, write_bars

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


def new_york():
    try:
        return zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError as error:
        raise Skip("no zone files for Python") from error


def half_days(year):
    """Closings at 13:00 by rule, from 2013 on; written without a look at the table."""
    fourth, eve = datetime.date(year, 7, 4), datetime.date(year, 12, 24)
    november = datetime.date(year, 11, 1)
    thanksgiving = november + (3 - november.weekday()) % 7 * DAY + 21 * DAY
    days = {thanksgiving + DAY}
    if fourth.weekday() in (1, 2, 3, 4):
        days.add(fourth - DAY)
    if eve.weekday() < 4:
        days.add(eve)
    return days


def ny_walk(days, seed=1, start="2024-02-20"):
    """One-minute bars 09:30 to 15:59 as texts, local to New York."""
    rows = walk(days, seed=seed, start=start, price=150.0, minutes=390)
    return [[str(datetime.datetime.fromisoformat(row[0]) + 15 * MINUTE), *row[1:]] for row in rows]


def constant_bars(path, times):
    return write_bars(path, [[str(time), "100", "101", "99", "100", "10"] for time in times])


@test
def every_session_of_eighteen_years():
    """Half-hour bars of each weekday, in UTC: which ones are inside, and where they are in New York."""
    zone, utc = new_york(), datetime.timezone.utc
    local = []
    day = datetime.date(2013, 1, 1)
    while day.year <= 2030:
        if day.weekday() < 5:
            local += [datetime.datetime.combine(day, datetime.time(9)) + 30 * i * MINUTE for i in range(15)]
        day += DAY
    constant_bars("NY.csv", [time.replace(tzinfo=zone).astimezone(utc).isoformat() for time in local])
    inside = collections.defaultdict(list)
    halves = set().union(*(half_days(year) for year in range(2013, 2031)))
    for time in local:
        close = datetime.time(13) if time.date() in halves else datetime.time(16)
        if datetime.time(9, 30) <= time.time() < close:
            inside[time.date()].append(str(time))
    bars = ("--input", "NY.csv", "--input-timeframe", "30m", "--exchange", "XNYS")
    _, rows = rows_of(pixity("resample", *bars, "--timeframe", "30m"))
    assert [row[0] for row in rows] == [time for day in inside.values() for time in day]
    opens = [datetime.datetime.fromisoformat(row["timestamp"]) for row in document("resample", *bars, "--timeframe", "1d")]
    wanted = [datetime.datetime.combine(day, datetime.time(9, 30), zone) for day in inside]
    assert [t.isoformat() for t in opens] == [t.isoformat() for t in wanted]


@test
def times_are_the_exchanges_own():
    """Each series of the home folder in its zone; bars without an offset are local to the exchange."""
    write_bars("IN.csv", walk(1, start="2024-07-03"))
    write_bars("US.csv", ny_walk(1, start="2024-07-03"))
    constant_bars("BTC.csv", [datetime.datetime(2024, 7, 6) + i * MINUTE for i in range(1440)])
    pixity("import", "IN.csv")
    report = json.loads(pixity("import", "US.csv", "--exchange", "xnys", "--json").stdout)
    (series,) = report["files"][0]["series"]
    assert series["instrument_key"] == "XNYS_EQ|US" and series["first"] == "2024-07-03T09:30:00-04:00"
    assert series["quality"]["out_of_session"]["count"] == 180  # after 13:00 on a half day
    pixity("import", "BTC.csv", "--exchange", "24x7")
    listed = {row["instrument_key"]: (row["exchange"], row["first"], row["last"]) for row in table("data", "list")}
    assert listed == {
        "NSE_EQ|IN": ("NSE", "2024-07-03 09:15:00", "2024-07-03 15:29:00"),
        "XNYS_EQ|US": ("XNYS", "2024-07-03 09:30:00", "2024-07-03 15:59:00"),
        "24x7_EQ|BTC": ("24x7", "2024-07-06 00:00:00", "2024-07-06 23:59:00"),
    }
    firsts = {row["symbol"]: row["first"] for row in document("data", "list")}
    assert firsts == {"IN": "2024-07-03T09:15:00+05:30", "US": "2024-07-03T09:30:00-04:00",
                      "BTC": "2024-07-06T00:00:00+00:00"}
    assert len(table("data", "export", "--symbol", "US", "--start", "2024-07-03", "--end", "2024-07-03")) == 390
    assert len(table("resample", "--symbol", "US", "--exchange", "XNYS", "--timeframe", "1m")) == 210


@test
def an_exchange_that_is_wrong():
    write_bars("US.csv", ny_walk(1))
    fails("import", "US.csv", "--exchange", "XNYC", words=["XNYC", "XNYS", "24x7"])
    fails("import", "US.csv", "--symbol", "XNYS_EQ|US", words=["XNYS_EQ|US", "not on NSE"])
    pixity("import", "US.csv", "--symbol", "XNYS_EQ|US", "--exchange", "XNYS")
    fails("resample", "--symbol", "US", "--timeframe", "5m", words=["XNYS", "not on NSE"])
    assert table("resample", "--symbol", "XNYS_EQ|US", "--exchange", "xnys", "--timeframe", "5m")


@test
def from_import_to_backtest_in_new_york():
    write_bars("US.csv", ny_walk(60))  # over the change of 2024-03-10
    pixity("import", "US.csv", "--exchange", "XNYS")
    bars = ("--symbol", "US", "--exchange", "XNYS", "--timeframe", "5m")
    times = [row["timestamp"] for row in table("features", *bars)]
    assert {time[11:] for time in times[:78]} == {time[11:] for time in times[-78:]}
    assert times[0].endswith("09:30:00") and times[-1].endswith("15:55:00") and len(times) == 60 * 78
    events = table("events", *bars)
    assert events and all((int(e["timestamp"][11:13]), int(e["timestamp"][14:16])) ==
                          (int(float(e["hour"])), int(float(e["minute"]))) for e in events)
    labels = table("labels", *bars, "--set", "square_off=15:15")
    assert labels and all("09:30:00" <= row["exit_time"][11:] <= "15:15:00" for row in labels if row["exit_time"])
    trained = pixity("train", *bars, "--end", "2024-04-12", "--model-out", "ny")
    assert "ny" in trained.stdout
    run = document("backtest", "--strategy", "pixityAI_meta", *bars, "--start", "2024-04-15", "--model", "ny",
                   "--set", "long_threshold=0.1", "--set", "short_threshold=0.1", "--run-id", "r")
    trades = table("runs", "trades", "r")
    assert trades and run["metrics"]["# Trades"] == len(trades)
    assert all("09:35:00" <= trade["entry_ts"][11:] <= "15:55:00" for trade in trades)
    assert any("fees are those of NSE" in warning and "XNYS" in warning for warning in run["warnings"])
    free = document("backtest", "--strategy", "ema_cross", *bars, "--set", "fees=none")
    assert not any("XNYS" in warning for warning in free["warnings"])


@test
def a_half_day_ends_trades_early():
    """Square-off is at 15:15 or at the close, whichever comes first."""
    rows = ny_walk(8, seed=3, start="2024-06-26")  # the last but one day is Wednesday, 3 July
    write_bars("US.csv", [row for row in rows if row[0][:10] != "2024-07-04"])
    labels = table("labels", "--input", "US.csv", "--exchange", "XNYS", "--timeframe", "5m", "--set",
                   "square_off=15:15", "--set", "time_stop_bars=200", "--set", "sl_mult=50", "--set", "tp_mult=50")
    exits = {row["timestamp"][:10]: row["exit_time"] for row in labels if row["barrier_hit"] == "square_off"}
    assert exits["2024-07-03"] == "2024-07-03 12:55:00" and exits["2024-07-02"] == "2024-07-02 15:10:00"


@test
def days_that_never_end():
    """24x7: sessions are UTC dates, weekends too; VWAP begins anew at midnight UTC."""
    start = datetime.datetime(2024, 3, 8, 20)  # a Friday evening
    rows = [[str(start + i * MINUTE), *row[1:]] for i, row in enumerate(walk(20, seed=5, minutes=375))]
    write_bars("BTC.csv", rows)
    pixity("import", "BTC.csv", "--exchange", "24x7")
    name = ("--symbol", "BTC", "--exchange", "24x7")
    assert [row["timestamp"] for row in table("resample", *name, "--timeframe", "1d")] == [
        f"2024-03-{day:02} 00:00:00" for day in range(8, 15)]
    sixes = [row["timestamp"][11:13] for row in table("resample", *name, "--timeframe", "6h")]
    assert sixes[:6] == ["18", "00", "06", "12", "18", "00"]
    bars = table("resample", *name, "--timeframe", "15m")
    vwap = {row["timestamp"]: float(row["vwap"]) for row in table("features", *name, "--timeframe", "15m")}
    assert len(bars) == len(vwap) == 500
    for bar in bars:
        if bar["timestamp"].endswith("00:00:00"):
            typical = (float(bar["high"]) + float(bar["low"]) + float(bar["close"])) / 3
            assert abs(vwap[bar["timestamp"]] - typical) < 1e-9, bar
    labels = table("labels", *name, "--timeframe", "5m", "--set", "square_off=23:30", "--set", "time_stop_bars=300",
                   "--set", "sl_mult=50", "--set", "tp_mult=50")
    exits = {row["exit_time"][11:] for row in labels if row["barrier_hit"] == "square_off"}
    assert exits == {"23:25:00"}
    run = document("backtest", "--strategy", "ema_cross", *name, "--timeframe", "15m", "--run-id", "r")
    assert table("runs", "trades", "r") and any("24x7" in warning for warning in run["warnings"])


# ---- times that name the end of a bar -------------------------------------------------------------------------


def closes(rows, minutes, close):
    """Bars under their end: a whole timeframe later, at most at the close of the date."""
    result = []
    for row in rows:
        start = datetime.datetime.fromisoformat(row[0])
        end = min(start + minutes * MINUTE, datetime.datetime.combine(start.date(), close(start.date())))
        result.append([str(end), *row[1:]])
    return result


@test
def stamped_at_the_close():
    ny_close = lambda day: datetime.time(13) if day in half_days(day.year) else datetime.time(16)
    exchanges = {
        "NSE": (walk(12, start="2022-08-16"), lambda day: datetime.time(15, 30)),
        "XNYS": (ny_walk(12, start="2024-06-24"), ny_close),
    }
    for exchange, (minutes, close) in exchanges.items():
        write_bars("m.csv", minutes)
        for timeframe, length in (("15m", 15), ("1h", 60), ("2h", 120), ("4h", 240), ("1d", 1440)):
            where = ("--exchange", exchange, "--timeframe", timeframe)
            wanted = pixity("resample", "--input", "m.csv", *where).stdout
            rows = rows_of(pixity("resample", "--input", "m.csv", *where))[1]
            write_bars("c.csv", closes(rows, length, close))
            name = f"{exchange}{timeframe}"
            pixity("import", "c.csv", "--symbol", name, *where, "--stamp", "close")
            assert pixity("resample", "--symbol", name, *where).stdout == wanted, name
            direct = ("--input", "c.csv", "--input-timeframe", timeframe, "--stamp", "close")
            assert pixity("resample", *direct, *where).stdout == wanted, name
    write_bars("c.csv", closes(rows_of(pixity("resample", "--input", "m.csv", "--timeframe", "5m", "--exchange", "XNYS"))[1],
                               5, ny_close))
    pixity("backtest", "--strategy", "ema_cross", "--input", "c.csv", "--exchange", "XNYS", "--timeframe", "15m",
           "--input-timeframe", "5m", "--stamp", "close", "--run-id", "r")
    run = document("runs", "show", "r")
    assert (run["request"]["stamp"], run["request"]["input_timeframe"]) == ("close", "5m")
    assert "close" in run["data"]["source"]


@test
def stamps_that_are_wrong():
    write_bars("ABC.csv", walk(1))
    fails("import", "ABC.csv", "--stamp", "end", words=["--stamp", '"end"', "open, close"])
    fails("resample", "--input", "ABC.csv", "--timeframe", "5m", "--stamp", "end", words=["--stamp", '"end"'])
    pixity("import", "ABC.csv")
    fails("resample", "--symbol", "ABC", "--timeframe", "5m", "--stamp", "close", words=["--stamp", "--input"])


main()
