# SPDX-License-Identifier: Apache-2.0
"""Five-minute bars of RELIANCE, 2025-08-25 to 12-03, with one Muhurat session in the afternoon: stored, in place, longer
timeframes, trades. The second opinion is plain sums over the file's rows."""
import csv
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from harness import main, pixity, shared, test
from lab import document, fails, rows_of, table, write_bars

MUHURAT = "2025-10-21"
TIMEFRAMES = {"5m": 5, "15m": 15, "1h": 60, "1d": 1440}


def five():
    return shared("data", "nse_5m/RELIANCE_2025_5m.csv")


def source():
    """Rows as [local time, open, high, low, close, volume]."""
    with open(five()) as file:
        rows = list(csv.reader(file))[1:]
    return [[row[0][:19], *map(float, row[1:])] for row in rows]


def imported():
    return json.loads(pixity("import", five(), "--symbol", "RELIANCE", "--timeframe", "5m", "--json").stdout)


def minute_of(time):
    return 60 * int(time[11:13]) + int(time[14:16])


def bins(rows, minutes):
    """Counted from 09:15 of each date, also of the one that trades in the afternoon."""
    result = {}
    for time, o, h, l, c, v in rows:
        start = 555 + (minute_of(time) - 555) // minutes * minutes if minutes < 1440 else 555
        name = f"{time[:10]} {start // 60:02}:{start % 60:02}:00"
        old = result.get(name)
        result[name] = [old[0], max(old[1], h), min(old[2], l), c, old[4] + v] if old else [o, h, l, c, v]
    return result


def bars(*args):
    return {row[0]: [float(x) for x in row[1:]] for row in rows_of(pixity("resample", *args))[1]}


@test
def import_counts_what_there_is():
    report = imported()
    assert (report["read"], report["stored"], report["rejected"]) == (5112, 5112, 0)
    (series,) = report["files"][0]["series"]
    quality = series["quality"]
    assert series["timeframe"] == "5m" and quality["sessions"] == 69
    assert {name: found["count"] for name, found in quality.items() if name != "sessions" and found["count"]} == {}
    (listed,) = table("data", "list")
    assert (listed["first"], listed["last"], listed["bars"]) == ("2025-08-25 09:15:00", "2025-12-03 15:25:00", "5112")


@test
def longer_timeframes_stored_and_in_place():
    imported()
    rows = source()
    for timeframe, minutes in TIMEFRAMES.items():
        wanted = bins(rows, minutes)
        assert bars("--symbol", "RELIANCE", "--timeframe", timeframe) == wanted, timeframe
        assert bars("--input", five(), "--input-timeframe", "5m", "--timeframe", timeframe) == wanted, timeframe
    hours = [time for time in bins(rows, 60) if time.startswith(MUHURAT)]
    assert hours == [f"{MUHURAT} 13:15:00", f"{MUHURAT} 14:15:00"]  # named by their start, before the session's
    assert len(bars("--symbol", "RELIANCE", "--timeframe", "1d")) == 69


@test
def timeframes_that_five_minutes_do_not_make():
    imported()
    fails("resample", "--symbol", "RELIANCE", "--timeframe", "1m", words=["RELIANCE", "1m", "5m"])
    fails("resample", "--symbol", "RELIANCE", "--timeframe", "7m", words=["RELIANCE", "7m", "5m"])
    fails("resample", "--input", five(), "--input-timeframe", "5m", "--timeframe", "7m", words=["5m", "7m"])
    fails("resample", "--input", five(), "--input-timeframe", "15m", "--timeframe", "15m", words=["15m", "5"])


@test
def bars_outside_the_session_are_left_out_and_counted():
    """Before the open, after the close, and on the Muhurat date at the usual hours."""
    rows = source()
    stray = [[f"{day} {time}:00", 1400.0, 1401.0, 1399.0, 1400.0, 1.0]
             for day, time in (("2025-08-25", "09:10"), ("2025-08-26", "15:30"), ("2025-08-26", "15:55"),
                               (MUHURAT, "10:00"), (MUHURAT, "14:45"))]
    write_bars("stray.csv", [list(map(str, row)) for row in rows + stray])
    bare = ("--input-timeframe", "5m", "--timeframe", "15m")
    assert bars("--input", "stray.csv", *bare) == bars("--input", five(), *bare)
    log = pixity("resample", "--input", "stray.csv", *bare, "-v").stderr
    assert "read 5117 bars" in log and "5 outside sessions left out" in log
    report = json.loads(pixity("import", "stray.csv", "--timeframe", "5m", "--json").stdout)
    assert report["files"][0]["series"][0]["quality"]["out_of_session"]["count"] == 5
    pixity("backtest", "--strategy", "ema_cross", "--input", "stray.csv", *bare, "--run-id", "stray")
    run = document("runs", "show", "stray")
    assert (run["data"]["source_bars"], run["data"]["excluded_bars"]) == (5117, 5)
    assert any("5 of 5117 source bars lie outside the sessions" in warning for warning in run["warnings"])
    pixity("backtest", "--strategy", "ema_cross", "--input", five(), *bare, "--symbol", "stray", "--run-id", "clean")
    assert pixity("runs", "trades", "stray", "--csv").stdout == pixity("runs", "trades", "clean", "--csv").stdout


@test
def stamped_at_the_close_or_at_the_start():
    imported()
    for timeframe, minutes in TIMEFRAMES.items():
        rows = bars("--symbol", "RELIANCE", "--timeframe", timeframe)
        closes = []
        for time, values in rows.items():
            close = 885 if time.startswith(MUHURAT) else 930
            end = min(minute_of(time) + minutes, close)
            closes.append([f"{time[:10]} {end // 60:02}:{end % 60:02}:00", *map(repr, values)])
        write_bars("closes.csv", closes)
        assert bars("--input", "closes.csv", "--input-timeframe", timeframe, "--timeframe", timeframe, "--stamp",
                    "close") == rows, timeframe


@test
def backtests_stored_and_in_place():
    imported()
    for timeframe in ("5m", "15m", "1h"):
        name = f"s{timeframe}"
        pixity("backtest", "--strategy", "pixityAI_meta", "--symbol", "RELIANCE", "--timeframe", timeframe, "--set",
               "skip_meta_model=true", "--set", "square_off=15:15", "--run-id", name)
        trades = table("runs", "trades", name)
        prices = bars("--symbol", "RELIANCE", "--timeframe", timeframe)
        assert trades or timeframe == "1h"
        for trade in trades:
            assert trade["entry_ts"] in prices and trade["exit_ts"] in prices, trade
            assert trade["entry_ts"][:10] == trade["exit_ts"][:10], trade  # squared off
            low, high = prices[trade["exit_ts"]][2], prices[trade["exit_ts"]][1]
            assert low <= float(trade["exit_price"]) <= high, trade
            assert minute_of(trade["exit_ts"]) < 915, trade
    pixity("backtest", "--strategy", "ehma_pivot", "--symbol", "RELIANCE", "--timeframe", "15m", "--run-id", "stored")
    pixity("backtest", "--strategy", "ehma_pivot", "--input", five(), "--input-timeframe", "5m", "--timeframe", "15m",
           "--run-id", "direct")
    stored, direct = (pixity("runs", "trades", name, "--csv").stdout for name in ("stored", "direct"))
    assert stored == direct and stored.count("\n") > 10


main()
