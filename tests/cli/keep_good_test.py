#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of which many rows are no bars are refused, wherever they are read, unless --keep-good says otherwise."""
import json

from harness import main, pixity, test
from lab import HOME, document, fails, walk, write_bars

RUN = ("--timeframe", "5m", "--strategy", "ema_cross")


def spoil(rows, places):
    """The rows, of which some have no number for a close."""
    return [[*row[:4], "x", *row[5:]] if i in places else row for i, row in enumerate(rows)]


def interleave(*series):
    """symbol, row; in turn."""
    return [[symbol, *row] for rows in zip(*(rows for _, rows in series)) for (symbol, _), row in zip(series, rows)]


def write_symbols(name, rows):
    with open(name, "w", encoding="utf-8") as file:
        file.write("symbol,timestamp,open,high,low,close,volume\n")
        file.writelines(",".join(row) + "\n" for row in rows)


@test
def more_than_a_hundredth_is_refused():
    rows = walk(1)
    write_bars("A.csv", spoil(rows, {10, 110, 210, 310}))
    fails("import", "A.csv", words=("A.csv: A: 4 of 375 rows are no bars", "line 12", "close", "--keep-good", "nothing stored"))
    preview = document("import", "A.csv", "--preview")
    assert "--keep-good" in preview["problem"]
    (note,) = preview["files"][0]["series"][0]["admission"]
    assert (note["check"], note["verdict"], note["option"], note["bars"]) == ("rejected_row", "refused", "--keep-good", 4)
    assert not HOME.exists()
    fails("import", "A.csv", "--as-is", words=("--keep-good",))
    report = pixity("import", "A.csv", "--keep-good")
    assert "371 stored" in report.stdout and "4 of 375 rows rejected" in report.stderr
    (entry,) = document("data", "log", "A")
    assert json.loads(entry["options"])["keep_good"] is True and entry["rejected"] == 4
    assert [(found["check"], found["bars"]) for found in json.loads(entry["findings"])] == [("rejected_row", 4)]
    write_bars("B.csv", spoil(rows, {10, 110, 210}))
    assert "372 stored" in pixity("import", "B.csv").stdout


@test
def a_stretch_of_more_than_ten_is_refused():
    rows = walk(4)
    write_bars("A.csv", spoil(rows, range(700, 711)))
    fails("import", "A.csv", words=("11 of 1500 rows", "11 of them on end from line 702", "--keep-good"))
    write_bars("B.csv", spoil(rows, range(700, 710)))
    assert "1490 stored" in pixity("import", "B.csv").stdout
    write_bars("C.csv", spoil(rows, {*range(700, 707), *range(708, 714)}))
    assert "1487 stored" in pixity("import", "C.csv").stdout


@test
def each_series_of_a_file_has_stretches_of_its_own():
    good, bad = walk(8), spoil(walk(8), range(40, 51))
    write_symbols("two.csv", interleave(("GOOD", good), ("BAD", bad)))
    fails("import", "two.csv", words=("BAD", "11 of 3000 rows", "11 of them on end from line 83", "--keep-good"))
    assert not HOME.exists()
    assert "3000 stored" in pixity("import", "two.csv", "--symbol", "GOOD").stdout
    scattered = spoil(walk(8), range(40, 600, 14))
    write_symbols("many.csv", interleave(("A", good), ("B", good), ("C", good), ("HALF", scattered)))
    fails("import", "many.csv", words=("HALF", "40 of 3000 rows", "--keep-good"))


@test
def a_symbol_without_any_bar_is_not_lost_in_silence():
    rows = [["GONE", *row] for row in spoil(walk(1), range(375))][:20] + [["GOOD", *row] for row in walk(8)]
    write_symbols("lost.csv", rows)
    fails("import", "lost.csv", words=("20 of 3020 rows", "20 of them on end from line 2", "--keep-good"))
    assert "3000 stored" in pixity("import", "lost.csv", "--symbol", "GOOD").stdout
    # A day of an exchange has a row of each instrument: some that are no bars next to each other are no stretch.
    day = [[f"S{i}", *row] for i, row in enumerate(spoil([walk(1)[0]] * 2000, range(600, 615)))]
    write_symbols("day.csv", day)
    preview = document("import", "day.csv", "--timeframe", "1d", "--preview")
    assert (preview["new"], preview["rejected"], preview["problem"]) == (1985, 15, None)


@test
def bars_in_place_are_held_to_the_same():
    rows = spoil(walk(3), range(0, 1125, 3))
    write_bars("A.csv", rows)
    fails("backtest", "--input", "A.csv", *RUN, words=("A.csv: 375 of 1125 rows are no bars", "line 2", "--keep-good"))
    fails("resample", "--symbol", "A", "--keep-good", "--timeframe", "5m", words=("--input or --data-dir",))
    kept = document("backtest", "--input", "A.csv", *RUN, "--keep-good", "--symbol", "S", "--run-id", "kept")
    (told,) = [text for text in kept["warnings"] if "rejected_row" in text]
    assert "375 of 1125 rows" in told and "line 2" in told and '"x"' in told, told
    shown = document("runs", "show", "kept")
    assert shown["request"]["keep_good"] == "yes" and told in shown["warnings"]
    good = write_bars("G.csv", [row for row in rows if row[4] != "x"])
    same = document("backtest", "--input", good, *RUN, "--symbol", "S")
    assert same["metrics"] == kept["metrics"]
    assert pixity("report", "kept", "--out", "kept.html").stdout  # which reads the file again, as it was read


main()
