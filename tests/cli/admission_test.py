# SPDX-License-Identifier: Apache-2.0
"""Nothing is stored that another zone, end stamps or another date explain better, unless --as-is says so."""
import datetime
import os

from harness import main, pixity, test
from lab import HOME, document, fails, moved, rows_of, walk, write_bars


def stored(symbol, *more):
    return rows_of(pixity("data", "export", "--symbol", symbol, *more, "--csv"))[1]


@test
def times_of_another_zone_are_refused_with_the_option_that_mends_them():
    rows = walk(2)
    write_bars("UTC.csv", moved(rows, -330))
    fails("import", "UTC.csv", words=("UTC.csv: UTC", "lie outside the sessions of NSE", "--tz UTC", "nothing stored", "--as-is"))
    preview = document("import", "UTC.csv", "--preview")
    assert "--tz UTC" in preview["problem"]
    (note,) = preview["files"][0]["series"][0]["admission"]
    assert (note["check"], note["verdict"], note["option"], note["bars"]) == ("zone", "refused", "--tz UTC", 750)
    assert not HOME.exists()
    pixity("import", "UTC.csv", "--tz", "UTC")
    assert [row[0] for row in stored("UTC")] == [row[0] for row in rows]
    pixity("import", "UTC.csv", "--symbol", "ASIS", "--as-is")
    assert [row[0] for row in stored("ASIS")] == [row[0] for row in moved(rows, -330)]


@test
def times_of_ends_are_refused():
    rows = walk(2)
    write_bars("E.csv", moved(rows, 1))
    fails("import", "E.csv", words=("2 of 2 sessions", "--stamp close"))
    pixity("import", "E.csv", "--stamp", "close")
    assert [row[0] for row in stored("E")] == [row[0] for row in rows]


@test
def daily_bars_go_to_the_date_that_was_meant():
    days = [row for row in walk(15, minutes=1)]
    meant = [row[0][:10] for row in days]
    evenings = [[f"{datetime.date.fromisoformat(row[0][:10]) - datetime.timedelta(days=1)} 18:30:00", *row[1:]] for row in days]
    write_bars("D.csv", evenings)
    report = document("import", "D.csv", "--timeframe", "1d")
    (note,) = report["files"][0]["series"][0]["admission"]
    assert (note["check"], note["verdict"], note["bars"]) == ("days", "changed", 15), note
    assert [row[0][:10] for row in stored("D", "--timeframe", "1d")] == meant
    every_day = [[f"{datetime.date(2022, 1, 3) + datetime.timedelta(days=i)} 00:00:00", *row[1:]] for i, row in enumerate(days)]
    write_bars("W.csv", every_day)
    fails("import", "W.csv", "--timeframe", "1d", words=("4 of 15 daily bars are of days without trading", "--exchange 24x7"))


@test
def volume_of_the_day_so_far_becomes_the_bars():
    rows = walk(2)
    so_far, total, day = [], 0, None
    for row in rows:
        total = int(row[5]) + (total if row[0][:10] == day else 0)
        day = row[0][:10]
        so_far.append([*row[:5], str(total)])
    write_bars("C.csv", so_far)
    report = pixity("import", "C.csv")
    assert "cumulative_volume (changed)" in report.stdout and "--volume traded" in report.stdout
    assert [float(row[5]) for row in stored("C")] == [float(row[5]) for row in rows]
    pixity("import", "C.csv", "--symbol", "T", "--volume", "traded")
    assert [float(row[5]) for row in stored("T")] == [float(row[5]) for row in so_far]
    fails("import", "C.csv", "--volume", "trade", words=("trade", "traded"))


@test
def bars_of_the_clocks_grid_are_kept_and_make_no_longer_ones():
    rows = [row for row in walk(2, minutes=13)]
    grid = [[f"{row[0][:10]} {9 + i % 13 // 2:02d}:{30 * (i % 13 % 2):02d}:00", *row[1:]] for i, row in enumerate(rows)]
    write_bars("G.csv", grid)
    assert "clock_grid (said)" in pixity("import", "G.csv", "--timeframe", "30m").stdout
    assert [row[0] for row in stored("G", "--timeframe", "30m")] == [row[0] for row in grid]
    fails("resample", "--symbol", "G", "--timeframe", "1h", words=("30m bars make no 1h bars", "shorter timeframe"))
    assert len(rows_of(pixity("resample", "--symbol", "G", "--timeframe", "1d"))[1]) == 2


@test
def bars_in_place_are_held_to_the_same():
    rows = walk(3)
    write_bars("U.csv", moved(rows, -330))
    run = ["backtest", "--input", "U.csv", "--timeframe", "5m", "--strategy", "ema_cross"]
    fails(*run, words=("U.csv", "--tz UTC", "--as-is"))
    fails("backtest", "--symbol", "U", "--tz", "UTC", "--timeframe", "5m", "--strategy", "ema_cross", words=("--input or --data-dir",))
    right = write_bars("R.csv", rows)
    good = document(*run, "--tz", "UTC", "--run-id", "mended", "--symbol", "S")
    same = document("backtest", "--input", right, "--timeframe", "5m", "--strategy", "ema_cross", "--symbol", "S")
    assert good["metrics"] == same["metrics"] and good["fingerprint"] == same["fingerprint"]
    assert document("runs", "show", "mended")["request"]["tz"] == "UTC"
    assert pixity("report", "mended", "--out", "mended.html").stdout  # which reads the file again, as it was read
    total, day, so_far = 0, None, []
    for row in rows:
        total = int(row[5]) + (total if row[0][:10] == day else 0)
        day = row[0][:10]
        so_far.append([*row[:5], str(total)])
    write_bars("C.csv", so_far)
    told = document("backtest", "--input", "C.csv", "--timeframe", "5m", "--strategy", "ema_cross", "--symbol", "S")
    assert told["metrics"] == same["metrics"] and any("cumulative_volume" in text for text in told["warnings"])


@test
def the_last_bar_of_a_file_that_was_written_while_it_went_on_is_left_out():
    rows = walk(1)
    write_bars("L.csv", rows)
    last = datetime.datetime.fromisoformat(rows[-1][0] + "+05:30").timestamp()
    os.utime("L.csv", (last + 30, last + 30))
    report = document("import", "L.csv")
    (note,) = report["files"][0]["series"][0]["admission"]
    assert (note["check"], note["verdict"]) == ("unfinished", "changed") and report["stored"] == 374
    os.utime("L.csv", (last + 60, last + 60))
    assert document("import", "L.csv")["stored"] == 1


main()
