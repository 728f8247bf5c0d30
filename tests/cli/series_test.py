# SPDX-License-Identifier: Apache-2.0
"""resample, features, events, labels: columns, windows, formats, and what they refuse."""
import json

from harness import main, pixity, test
from lab import HOME, fails, is_iso_time, is_local_time, rows_of, table, walk, write_bars

COLUMNS = {
    "resample": "timestamp,open,high,low,close,volume",
    "features": "timestamp,ema20,ema50,atr,adx,vwap,vol_z,swing_high,swing_low",
    "events": "timestamp,side,event_type,vwap_dist,ema_slope,atr_pct,adx,hour,minute,vol_z,entry_price_at_event,"
              "atr_at_event",
    "labels": "timestamp,side,event_type,entry_price,label,barrier_hit,exit_time,exit_price,realized_R,mae,mfe,ts_end",
}
DIRECT = ["--input", "ABC.csv", "--timeframe", "5m"]
STORED = ["--symbol", "ABC", "--timeframe", "5m"]
WINDOW = ["--start", "2022-01-05", "--end", "2022-01-10"]


def make(days=8):
    write_bars("ABC.csv", walk(days))


@test
def columns_are_the_contract():
    make()
    for verb, columns in COLUMNS.items():
        for extra in ([], ["--csv"]):
            header, rows = rows_of(pixity(verb, *DIRECT, *extra))
            assert ",".join(header) == columns, verb
            assert rows and all(len(row) == len(header) for row in rows), verb
            assert all(is_local_time(row[0]) for row in rows), verb
    assert not HOME.exists()


@test
def json_says_the_same():
    make()
    for verb, columns in COLUMNS.items():
        header, rows = rows_of(pixity(verb, *DIRECT))
        objects = json.loads(pixity(verb, *DIRECT, "--json").stdout)
        assert len(objects) == len(rows)
        for row, item in zip(rows, objects):
            assert ",".join(item) == columns
            for name, cell in zip(header, row):
                value = item[name]
                if cell == "":
                    assert value is None, (verb, name)
                elif is_local_time(cell):
                    assert is_iso_time(value) and value[:19].replace("T", " ") == cell, (verb, name)
                elif isinstance(value, str):
                    assert value == cell, (verb, name)
                else:
                    assert float(cell) == value, (verb, name)


@test
def imported_and_read_in_place_are_one():
    make()
    pixity("import", "ABC.csv")
    for verb in COLUMNS:
        for window in ([], WINDOW):
            assert pixity(verb, *STORED, *window).stdout == pixity(verb, *DIRECT, *window).stdout, verb
    pixity("data", "export", "--symbol", "ABC", "--out", "o.parquet")
    for verb in COLUMNS:
        in_place = pixity(verb, "--input", "o.parquet", "--timeframe", "5m").stdout
        assert in_place == pixity(verb, *DIRECT).stdout, verb


@test
def windows_limit_what_is_printed_and_not_what_is_known():
    make()
    for verb in ("resample", "features", "events"):
        whole = rows_of(pixity(verb, *DIRECT))[1]
        inside = [row for row in whole if "2022-01-05" <= row[0][:10] <= "2022-01-10"]
        assert inside and rows_of(pixity(verb, *DIRECT, *WINDOW))[1] == inside, verb


@test
def labels_end_with_the_window():
    make()
    rows = table("labels", *DIRECT, *WINDOW)
    assert rows and all(row["ts_end"][:10] <= "2022-01-10" for row in rows)
    assert all("2022-01-05" <= row["timestamp"][:10] <= "2022-01-10" for row in rows)
    whole = {(r["timestamp"], r["side"], r["event_type"]): r for r in table("labels", *DIRECT)}
    for row in rows:
        full = whole[row["timestamp"], row["side"], row["event_type"]]
        if row["barrier_hit"] == "unresolved":
            assert (row["label"], row["realized_R"], row["exit_time"]) == ("", "", "")
        else:
            assert row == full
    for row in whole.values():
        assert row["barrier_hit"] in ("tp", "sl", "time", "square_off", "unresolved")
        assert row["label"] == {"tp": "1", "sl": "-1", "unresolved": ""}.get(row["barrier_hit"], "0")
        if row["exit_time"]:
            assert row["timestamp"] < row["exit_time"] <= row["ts_end"]


@test
def events_say_what_they_are():
    make(20)
    rows = table("events", *DIRECT)
    assert {row["side"] for row in rows} == {"BUY", "SELL"}
    assert {row["event_type"] for row in rows} == {"TREND", "REVERSION"}
    close = {row["timestamp"]: row["close"] for row in table("resample", *DIRECT)}
    for row in rows:
        assert row["entry_price_at_event"] == close[row["timestamp"]]
        assert (int(row["hour"]), int(row["minute"])) == tuple(int(x) for x in row["timestamp"][11:16].split(":"))
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)


@test
def resampling_conserves():
    make(2)
    minutes, hours = table("resample", "--input", "ABC.csv", "--timeframe", "1m"), table(
        "resample", "--input", "ABC.csv", "--timeframe", "1h")
    assert len(minutes) == 750 and len(hours) == 14
    assert [row["timestamp"][11:] for row in hours[:7]] == [f"{h:02}:15:00" for h in range(9, 16)]
    assert sum(int(row["volume"]) for row in minutes) == sum(int(row["volume"]) for row in hours)
    assert hours[0]["open"] == minutes[0]["open"] and hours[-1]["close"] == minutes[-1]["close"]
    (day, _) = table("resample", "--input", "ABC.csv", "--timeframe", "1d")
    assert float(day["high"]) == max(float(row["high"]) for row in minutes[:375])


@test
def profiles_and_settings_reach_the_work():
    make()
    honest, reference = (pixity("features", *DIRECT, "--profile", name).stdout for name in ("honest", "reference"))
    assert honest == pixity("features", *DIRECT).stdout != reference
    assert pixity("features", *DIRECT, "--set", "swing_period=3").stdout != honest
    centered = pixity("features", *DIRECT, "--set", "swing=centered")
    assert "swing" in centered.stderr and "look" in centered.stderr
    assert pixity("features", *DIRECT).stderr == ""


@test
def symbols_that_are_unknown():
    make()
    pixity("import", "ABC.csv")
    for verb in COLUMNS:
        fails(verb, "--symbol", "ABD", "--timeframe", "5m", words=["ABD", "ABC"])
    fails("features", "--symbol", "ABC", "--exchange", "NSEE", "--timeframe", "5m", words=["NSEE"])
    assert pixity("features", *DIRECT, "--symbol", "WHATEVER").stdout == pixity("features", *DIRECT).stdout


@test
def timeframes_that_are_unknown():
    make()
    for text in ("15x", "0m", "-5m", "m", "1.5h", "99999999999m", "15 m"):
        fails("features", "--input", "ABC.csv", "--timeframe", text, words=["--timeframe", text])
    fails("resample", "--input", "ABC.csv", "--timeframe", "5m", "--input-timeframe", "15m", words=["5m", "15m"])
    fails("resample", "--input", "ABC.csv", "--timeframe", "5m", "--input-timeframe", "3m", words=["5m", "3m"])


@test
def windows_that_are_wrong():
    make()
    pixity("import", "ABC.csv")
    for source in (DIRECT, STORED):
        fails("features", *source, "--start", "2022-01-05", "--end", "2022-01-04", words=["2022-01-05", "2022-01-04"])
        fails("features", *source, "--start", "2023-01-05", words=["2023-01-05"])
        fails("features", *source, "--end", "2021-01-05", words=["2021-01-05"])
        fails("labels", *source, "--start", "2022-01-08", "--end", "2022-01-09", words=["2022-01-08"])


@test
def the_same_command_prints_the_same_bytes():
    make()
    for verb in COLUMNS:
        assert pixity(verb, *DIRECT).stdout == pixity(verb, *DIRECT).stdout


main()
