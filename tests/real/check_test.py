# SPDX-License-Identifier: Apache-2.0
"""data check on real bars: it names what is known to be wrong with each file, and is quiet about the others."""
import collections
import csv
import io
import json

from harness import main, pixity, shared, test


def check(path, *args):
    """(check, date, detail) of every finding."""
    text = pixity("data", "check", "--input", shared("data", path), "--csv", *args).stdout
    return [(row["check"], row["timestamp"][:10], row["detail"]) for row in csv.DictReader(io.StringIO(text))]


@test
def both_bad_days_of_banknifty():
    rows = check("dirty/BANKNIFTY_2015_bad_prices.csv")
    assert [date for name, date, _ in rows if name == "bad_price"] == ["2015-03-30", "2015-06-24"], rows
    assert {name for name, *_ in rows} == {"bad_price", "gap", "no_volume"}
    text = pixity("data", "check", "--input", shared("data", "dirty/BANKNIFTY_2015_bad_prices.csv")).stdout
    assert "664 bars in 2 places: 2015-03-30, 2015-06-24" in text


@test
def nothing_on_clean_files():
    for path in ("nse_1m/RELIANCE_2022.csv", "nse_1m/RELIANCE_2016.csv"):
        assert pixity("data", "check", "--input", shared("data", path)).stdout.endswith(": nothing found\n"), path
        assert check(path) == [], path
    assert check("nse_5m/RELIANCE_2025_5m.csv", "--input-timeframe", "5m") == []


@test
def an_index_has_no_volume():
    (row,) = check("nse_1m/NIFTY50_2022.csv")
    assert row[0] == "no_volume" and "an index" in row[2]


@test
def nine_years_of_nifty():
    rows = check("nse_1m/NIFTY50_2012_2021.csv.gz")
    counts = collections.Counter(name for name, *_ in rows)
    assert set(counts) <= {"missing_days", "partial_session", "gap", "no_volume", "out_of_session"}, rows
    assert counts["out_of_session"] <= 1  # three bars of a special Saturday
    assert [date for name, date, _ in rows if name == "missing_days"] == ["2016-09-01", "2018-05-02"]  # the first of May is a holiday
    assert counts["partial_session"] + counts["gap"] < 20 and counts["no_volume"] < 10
    assert ("gap", "2020-03-23") in {row[:2] for row in rows}  # trading was halted


@test
def days_made_from_ticks():
    rows = check("nse_1m/RELIANCE_2021_partial_days.csv")
    assert {name for name, *_ in rows} == {"partial_session", "gap"}
    assert ("partial_session", "2021-04-07") in {row[:2] for row in rows}


@test
def repeated_rows():
    text = pixity("data", "check", "--json", "--input", shared("data", "dirty/RELIANCE_2022_exact_duplicates.csv")).stdout
    (series,) = json.loads(text)["series"]
    assert series["bars"] == 11625 and series["quality"]["duplicate"]["count"] == 7500
    assert {finding["check"] for finding in series["findings"]} == {"duplicate"}


@test
def a_panel_of_shares():
    """Of 178 shares two had a bonus in these weeks: HINDPETRO 2:1 and RECLTD 1:1."""
    folder = shared("data", "nse_1m_panel_2016")
    found = {}
    for name in ("HINDPETRO", "RECLTD", "HDIL", "MRF", "BEML", "ICIL", "IDBI", "RELCAPITAL", "PAGEIND", "ACC"):
        path = folder / f"{name}.csv.gz"
        if not path.exists():
            continue
        rows = check(f"nse_1m_panel_2016/{path.name}")
        found.update({name: detail for check_name, _, detail in rows if check_name == "split"})
        assert {row[0] for row in rows} <= {"split", "zero_volume"}, (name, rows)
    assert set(found) == {"HINDPETRO", "RECLTD"}, found
    assert "near 1/3" in found["HINDPETRO"] and "near 1/2" in found["RECLTD"], found


@test
def a_bonus_that_is_recorded():
    pixity("import", shared("data", "nse_1m_panel_2016", "HINDPETRO.csv.gz"))
    text = pixity("data", "check").stdout
    command = "data adjust --symbol HINDPETRO --ex-date 2016-09-30 --factor 3"
    assert command in text, text
    pixity(*command.split())
    assert pixity("data", "check").stdout.endswith(": nothing found\n")


@test
def five_minute_bars_are_no_one_minute_bars():
    path = shared("data", "nse_5m/RELIANCE_2025_5m.csv")
    result = pixity("import", path, "--symbol", "RELIANCE", "--timeframe", "1m", status=2)
    assert "these look like 5m bars: --timeframe 5m" in result.stderr
    pixity("features", "--input", path, "--input-timeframe", "1m", "--timeframe", "15m", status=2)
    assert " 5m: 5112 bars" in pixity("import", path, "--symbol", "RELIANCE").stdout  # seen from the bars
    seen, named = (pixity("features", "--input", path, *more, "--timeframe", "15m").stdout
                   for more in ([], ["--input-timeframe", "5m"]))
    assert seen == named
    text = pixity("resample", "--symbol", "RELIANCE", "--timeframe", "5m", "--csv").stdout
    evening = [line for line in text.splitlines() if line.startswith("2025-10-21")]
    assert len(evening) == 12 and evening[0].startswith("2025-10-21 13:45:00,1466.05,"), evening


main()
