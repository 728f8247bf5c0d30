# SPDX-License-Identifier: Apache-2.0
"""data check: what it says of stored series and of files, in every form; and what imports say of the same bars."""
import json
import pathlib

from harness import main, pixity, test
from lab import HEADER, document, fails, is_iso_time, is_local_time, table, walk, write_bars

DAY = 375


def scaled(row, factor):
    return [row[0], *(f"{float(price) * factor:.2f}" for price in row[1:5]), row[5]]


def trouble():
    """Twelve days: on the fifth prices of another instrument from 10:00 on, on the ninth a bonus of 1:1."""
    rows = walk(12)
    for i, row in enumerate(rows):
        if 4 * DAY + 45 <= i < 5 * DAY:
            rows[i] = scaled(row, 0.08)
        elif i >= 8 * DAY:
            rows[i] = scaled(row, 0.5)
    del rows[DAY + 100:DAY + 103]
    return write_bars("BAD.csv", rows)


def findings(*args):
    return [(row["check"], row["severity"], row["timestamp"][:10], row["count"]) for row in table("data", "check", *args)]


EXPECTED = [
    ("bad_price", "error", "2022-01-07", "330"),
    ("split", "error", "2022-01-13", "1"),
    ("gap", "warning", "2022-01-04", "3"),
]


@test
def clean_bars_in_every_form():
    write_bars("ABC.csv", walk(3))
    text = pixity("data", "check", "--input", "ABC.csv").stdout
    assert text == "ABC 1m: 1125 bars of 3 sessions, 2022-01-03 .. 2022-01-05: nothing found\n", text
    assert pixity("data", "check", "--input", "ABC.csv", "--csv").stdout == (
        "symbol,timeframe,check,severity,timestamp,count,detail\n")
    (series,) = document("data", "check", "--input", "ABC.csv")["series"]
    assert (series["symbol"], series["instrument_key"], series["timeframe"], series["bars"]) == ("ABC", None, "1m", 1125)
    assert series["findings"] == [] and series["quality"]["sessions"] == 3 and is_iso_time(series["first"])


@test
def trouble_in_a_file():
    trouble()
    assert findings("--input", "BAD.csv") == EXPECTED
    rows = table("data", "check", "--input", "BAD.csv")
    assert all(is_local_time(row["timestamp"]) and row["detail"] and row["symbol"] == "BAD" for row in rows)
    assert rows[0]["timestamp"] == "2022-01-07 10:00:00" and "near 1/2" in rows[1]["detail"]
    (series,) = document("data", "check", "--input", "BAD.csv")["series"]
    assert [(f["check"], f["severity"], f["timestamp"][:10], str(f["count"])) for f in series["findings"]] == EXPECTED
    assert series["quality"]["bad_price"]["dates"] == ["2022-01-07"]
    text = pixity("data", "check", "--input", "BAD.csv").stdout.splitlines()
    assert [line.split()[1] for line in text[1::2]] == [check for check, *_ in EXPECTED], text


@test
def a_window_limits_what_is_looked_at():
    trouble()
    assert findings("--input", "BAD.csv", "--start", "2022-01-10") == EXPECTED[1:2]
    pixity("import", "BAD.csv")
    assert findings("--end", "2022-01-06") == EXPECTED[2:]
    fails("data", "check", "--input", "BAD.csv", "--start", "2023-01-01", words=["BAD.csv", "no bars in the window"])
    fails("data", "check", "--symbol", "BAD", "--start", "2023-01-01", words=["BAD", "window"])
    fails("data", "check", "--start", "2022-01-10", "--end", "2022-01-09", words=["2022-01-10", "2022-01-09"])


@test
def stored_series():
    trouble()
    rows = walk(3, seed=2)
    write_bars("ABC.csv", rows)
    write_bars("FIVE.csv", rows[::5])
    pixity("import", "BAD.csv", "ABC.csv")
    pixity("import", "FIVE.csv", "--symbol", "ABC", "--timeframe", "5m")
    assert findings() == findings("--symbol", "BAD") == EXPECTED
    assert findings("--symbol", "ABC") == []
    everything = document("data", "check")["series"]
    assert [(s["symbol"], s["timeframe"]) for s in everything] == [("ABC", "1m"), ("ABC", "5m"), ("BAD", "1m")]
    assert everything[0]["instrument_key"] == "NSE_EQ|ABC"
    text = pixity("data", "check").stdout
    assert "3 series: 1 with errors, 0 with warnings, 0 with notes, 2 with nothing found" in text
    listed = [s["timeframe"] for s in document("data", "check", "--timeframe", "5m")["series"]]
    assert listed == ["5m"]
    pathlib.Path("mine.txt").write_text("# mine\nNSE_EQ|ABC\n\nBAD [FO]\n")
    both = document("data", "check", "--symbol", "@mine.txt", "--timeframe", "1m")["series"]
    assert [s["symbol"] for s in both] == ["ABC", "BAD"]
    assert document("data", "check", "--symbol", "bad,ABC")["series"] == everything


@test
def names_that_are_wrong():
    write_bars("ABC.csv", walk(1))
    fails("data", "check", "--symbol", "ABC", words=["home"])  # there is no data folder
    pixity("import", "ABC.csv")
    fails("data", "check", "--symbol", "ABD", words=["ABD", '"ABC"'])
    fails("data", "check", "--symbol", "ABC,RELIANC", words=["RELIANC", '"RELIANCE"'])
    fails("data", "check", "--symbol", "NIFTY,NIFTY50", words=["NIFTY and NIFTY50", "NSE_INDEX|Nifty 50"])
    fails("data", "check", "--symbol", "RELIANCE", words=["no bars of RELIANCE are stored"])
    fails("data", "check", "--symbol", "ABC", "--timeframe", "5m", words=["no 5m bars of ABC"])
    fails("data", "check", "--timeframe", "5m", words=["no 5m bars of any symbol"])
    fails("data", "check", "--input", "none.csv", words=["none.csv"])
    fails("data", "check", "--input", "ABC.csv", "--data-dir", ".", words=["exclude"])
    fails("data", "check", "--input-timeframe", "5m", words=["--input-timeframe"])
    fails("data", "check", "--input", "ABC.csv", "--timeframe", "5m", words=["ABC.csv", "no 5m bars"])
    fails("data", "check", "--input", "ABC.csv", "--timeframe", "5m", "--input-timeframe", "1m", words=["--timeframe"])


@test
def rows_that_are_no_bars_are_findings():
    rows = walk(3)
    rows[5][2], rows[5][3] = rows[5][3], rows[5][2]  # high below low: line 7
    rows[8][1] = "0"
    rows[700][4] = "9999"
    rows[701][4] = "abc"
    write_bars("ABC.csv", rows)
    found = [row for row in table("data", "check", "--input", "ABC.csv") if row["check"] == "rejected_row"]
    assert [row["detail"] for row in found] == [
        "line 7: high below low", "line 10: price not above zero", "line 702: close outside low to high",
        'line 703: close is "abc", not a finite number']
    assert {row["severity"] for row in found} == {"warning"} and {row["timestamp"] for row in found} == {""}
    text = pixity("data", "check", "--input", "ABC.csv").stdout
    assert "rejected_row    4 rows" in text and "line 7: high below low" in text, text


@test
def a_file_without_a_bar():
    pathlib.Path("no.csv").write_text(HEADER + "\n" + "\n".join("2022-01-03 09:15:00,a,b,c,d,e" for _ in range(30)) + "\n")
    rows = table("data", "check", "--input", "no.csv")
    assert len(rows) == 21 and sum(int(row["count"]) for row in rows) == 30
    assert "no bars could be read" in pixity("data", "check", "--input", "no.csv").stdout


@test
def repeats_and_conflicts():
    rows = walk(3)
    rows.append(rows[10])
    rows.append([*rows[400][:5], "7"])
    write_bars("ABC.csv", rows)
    assert findings("--input", "ABC.csv") == [("conflict", "error", "2022-01-04", "1"),
                                              ("duplicate", "info", "2022-01-03", "1")]


@test
def bars_that_are_not_due_yet():
    write_bars("ABC.csv", walk(2, start="2150-01-05"))
    assert findings("--input", "ABC.csv")[0] == ("future", "error", "2150-01-05", "750")


@test
def several_symbols_in_a_file():
    trouble()
    a = walk(12, seed=3)
    bad = [line.split(",") for line in pathlib.Path("BAD.csv").read_text().splitlines()[1:]]
    write_bars("mixed.csv", [[*row, name] for rows, name in ((a, "AAA"), (bad, "BBB")) for row in rows], HEADER + ",symbol")
    assert [s["symbol"] for s in document("data", "check", "--input", "mixed.csv")["series"]] == ["AAA", "BBB"]
    assert findings("--input", "mixed.csv", "--symbol", "AAA") == []
    assert findings("--input", "mixed.csv", "--symbol", "BBB") == EXPECTED
    fails("data", "check", "--input", "mixed.csv", "--symbol", "AAA,BBC", words=["mixed.csv", "BBC", '"BBB"'])
    with open("mixed.csv", "a") as file:
        file.write("2022-01-03 09:15:00,x,1,1,1,1,AAA\n")
    rows = table("data", "check", "--input", "mixed.csv", "--symbol", "AAA")
    assert [(row["symbol"], row["check"]) for row in rows] == [("mixed.csv", "rejected_row")]


def damage(symbol):
    (path,) = pathlib.Path("home/candles").glob(f"*{symbol}/1m/*.parquet")
    path.write_bytes(b"junk")
    return path


@test
def a_damaged_file_harms_no_other():
    for name in ("ABC", "DEF", "GHI"):
        write_bars(f"{name}.csv", walk(1))
    pixity("import", "ABC.csv", "DEF.csv", "GHI.csv")
    path = damage("DEF")
    rows = table("data", "list")
    assert [row["symbol"] for row in rows] == ["ABC", "DEF", "GHI"]
    assert [row["status"] for row in (rows[0], rows[2])] == ["ok", "ok"] and str(path.name) in rows[1]["status"]
    assert [row["bars"] for row in rows] == ["375", "", "375"]
    assert document("data", "list")[1]["bars"] is None
    (found,) = table("data", "check")
    assert (found["symbol"], found["check"], found["severity"]) == ("DEF", "unreadable", "error")
    assert "damaged" in found["detail"]
    assert "no bars could be read" in pixity("data", "check", "--symbol", "DEF").stdout


@test
def imports_tell_the_same():
    trouble()
    doc = json.loads(pixity("import", "BAD.csv", "--json").stdout)
    quality = doc["files"][0]["series"][0]["quality"]
    assert quality == document("data", "check", "--symbol", "BAD")["series"][0]["quality"]
    text = pixity("import", "BAD.csv").stdout
    checked = pixity("data", "check", "--input", "BAD.csv").stdout.splitlines()[1:]
    assert [line.strip() for line in text.splitlines()[2:-3]] == [line.strip() for line in checked]
    write_bars("ABC.csv", walk(1))
    assert "    nothing found\n" in pixity("import", "ABC.csv").stdout


@test
def a_split_that_is_recorded_is_found_no_more():
    trouble()
    command = "data adjust --symbol BAD --ex-date 2022-01-13 --factor 2"
    assert f"  pixity {command}\n" in pixity("import", "BAD.csv").stdout
    assert f"If it was a split or bonus, record it:\n  pixity {command}\n" in pixity("data", "check").stdout
    assert "data adjust" not in pixity("data", "check", "--input", "BAD.csv").stdout
    pixity(*command.split())
    assert findings() == [EXPECTED[0], EXPECTED[2]]
    assert "data adjust" not in pixity("data", "check").stdout + pixity("import", "BAD.csv").stdout
    pathlib.Path("splits.csv").write_text("ex_date,factor\n2022-01-13,2\n")
    assert findings("--input", "BAD.csv", "--adjustments", "splits.csv") == [EXPECTED[0], EXPECTED[2]]
    lines = pathlib.Path("BAD.csv").read_text().splitlines()
    pathlib.Path("DOWN.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert findings("--input", "DOWN.csv", "--adjustments", "splits.csv") == [EXPECTED[0], EXPECTED[2]]
    fails("data", "check", "--adjustments", "splits.csv", words=["--adjustments"])
    fails("data", "check", "--input", "BAD.csv", "--adjustments", "none.csv", words=["none.csv"])


@test
def bars_stamped_at_their_close():
    rows = walk(3)
    shifted = [[f"{row[0][:14]}{int(row[0][14:16]) + 1:02d}:00", *row[1:]] if row[0][14:16] != "59" else
               [f"{row[0][:11]}{int(row[0][11:13]) + 1:02d}:00:00", *row[1:]] for row in rows]
    write_bars("ABC.csv", shifted)
    assert findings("--input", "ABC.csv", "--stamp", "close") == []
    assert "out_of_session" in {row[0] for row in findings("--input", "ABC.csv")}


@test
def nothing_stored():
    pixity("data", "list")
    assert document("data", "check") == {"series": []}
    assert pixity("data", "check").stdout == "nothing is stored\n"
    assert table("data", "check") == []


main()
