# SPDX-License-Identifier: Apache-2.0
"""import --preview: what columns, times and rows were taken for, and what the import would then do."""
import json
import pathlib

from harness import main, pixity, test
from lab import HEADER, HOME, document, fails, is_iso_time, listing, table, walk, write_bars


def preview(*args, status=0):
    """The document; nothing of the data folder may change."""
    before, existed = listing(), HOME.exists()
    result = pixity("import", "--preview", *args, "--json", status=status)
    assert listing() == before and HOME.exists() == existed, "a preview changed the data folder"
    return json.loads(result.stdout)


def sums(doc):
    return [doc[name] for name in ("read", "rejected", "new", "duplicate", "conflict")]


def meanings(file):
    return [(column["name"], column["meaning"]) for column in file["columns"]]


def imported(*args):
    return json.loads(pixity("import", *args, "--json").stdout)


@test
def columns_are_told():
    rows = walk(1)
    text = ["Extra,DATE,O,h,Low,C,v,NAME", *(",".join(["x", *row, "n"]) for row in rows)]
    pathlib.Path("A.csv").write_text("\n".join(text) + "\n")
    (file,) = preview("A.csv")["files"]
    assert meanings(file) == [("Extra", None), ("DATE", "time"), ("O", "open"), ("h", "high"), ("Low", "low"),
                              ("C", "close"), ("v", "volume"), ("NAME", "symbol")]
    text = ["Date;Time;open;high;low;close;symbol", *(";".join([*row[0].split(), *row[1:5], "ABC"]) for row in rows)]
    pathlib.Path("B.csv").write_text("\n".join(text) + "\n")
    (file,) = preview("B.csv")["files"]
    assert meanings(file) == [("Date", "date"), ("Time", "time of day"), ("open", "open"), ("high", "high"),
                              ("low", "low"), ("close", "close"), ("symbol", "symbol")]
    assert file["time"] == {"text": "2022-01-03 09:15:00", "form": "local", "read_as": "2022-01-03T09:15:00+05:30"}
    assert [series["symbol"] for series in file["series"]] == ["ABC"]


@test
def a_preview_makes_no_data_folder():
    write_bars("ABC.csv", walk(2))
    doc = preview("ABC.csv")
    assert not HOME.exists()
    assert sums(doc) == [750, 0, 750, 0, 0] and doc["problem"] is None and doc["preview"] is True
    assert (doc["exchange"], doc["zone"], doc["zone_from"], doc["stamp"], doc["timeframe"], doc["on_conflict"]) == (
        "NSE", "Asia/Kolkata", "exchange", "open", "1m", "error")
    (series,) = doc["files"][0]["series"]
    assert series["instrument_key"] is None and series["likely_timeframe"] == "1m"
    pixity("import", "ABC.csv")
    (series,) = preview("ABC.csv")["files"][0]["series"]
    assert series["instrument_key"] == "NSE_EQ|ABC"


@test
def first_and_last_bars_are_those_that_would_be_stored():
    rows = walk(2)
    write_bars("ABC.csv", rows[::-1])
    (series,) = preview("ABC.csv")["files"][0]["series"]
    pixity("import", "ABC.csv")
    stored = document("data", "export", "--symbol", "ABC")
    for edge, wanted in (("head", stored[:5]), ("tail", stored[-5:])):
        assert len(series[edge]) == 5
        for bar, row in zip(series[edge], wanted):
            assert bar["time"] == row["timestamp"] and is_iso_time(bar["time"])
            assert [bar[name] for name in HEADER.split(",")[1:]] == [row[name] for name in HEADER.split(",")[1:]]
    assert (series["first"], series["last"]) == (stored[0]["timestamp"], stored[-1]["timestamp"])
    for n, wanted in ((3, (3, 0)), (5, (5, 0)), (7, (5, 2)), (10, (5, 5))):
        write_bars("few.csv", rows[:n])
        (series,) = preview("few.csv")["files"][0]["series"]
        assert (len(series["head"]), len(series["tail"])) == wanted
        assert [bar["time"][11:16] for bar in series["head"] + series["tail"]] == [row[0][11:16] for row in rows[:n]]


@test
def times_in_every_form_are_told():
    import datetime
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    rows = walk(1)
    moment = datetime.datetime.fromisoformat(rows[0][0]).replace(tzinfo=zone)
    seconds = int(moment.timestamp())
    forms = {
        "local": rows[0][0], "offset": moment.isoformat(), "seconds": str(seconds),
        "milliseconds": str(seconds * 10**3), "microseconds": str(seconds * 10**6), "nanoseconds": str(seconds * 10**9),
    }
    for form, text in forms.items():
        write_bars("A.csv", [[text, *rows[0][1:]]])
        (file,) = preview("A.csv")["files"]
        assert file["time"] == {"text": text, "form": form, "read_as": "2022-01-03T09:15:00+05:30"}, form
        out = pixity("import", "--preview", "A.csv").stdout
        assert text in out and "2022-01-03T09:15:00+05:30" in out
    write_bars("A.csv", rows)
    doc = preview("A.csv", "--tz", "UTC", "--stamp", "close")
    assert (doc["zone"], doc["zone_from"], doc["stamp"]) == ("UTC", "--tz", "close")
    assert doc["files"][0]["time"]["read_as"] == "2022-01-03T14:45:00+05:30"
    write_bars("A.csv", rows[1:])
    (file,) = preview("A.csv", "--stamp", "close")["files"]
    assert file["time"]["read_as"] == "2022-01-03T09:16:00+05:30"
    assert file["series"][0]["first"] == "2022-01-03T09:15:00+05:30"


@test
def databases_too():
    rows = walk(1)
    write_bars("A.csv", rows)
    pixity("import", "A.csv")
    pixity("data", "export", "--symbol", "A", "--out", "B.parquet")
    (file,) = preview("B.parquet", "--symbol", "A")["files"]
    assert dict(meanings(file))["timestamp"] == "time" and dict(meanings(file))["close"] == "close"
    assert file["time"]["read_as"] == "2022-01-03T09:15:00+05:30"
    (series,) = file["series"]
    assert (series["new"], series["duplicate"], series["conflict"]) == (0, 375, 0)


@test
def what_is_there_already_and_what_disagrees():
    rows = walk(3)
    write_bars("first.csv", rows[:700])
    pixity("import", "first.csv", "--symbol", "ABC")
    other = [list(row) for row in rows]
    other[10][5] = "123456"
    other[20][5] = "123456"
    write_bars("second.csv", other)
    doc = preview("second.csv", "--symbol", "ABC")
    assert sums(doc) == [1125, 0, 425, 698, 2]
    (series,) = doc["files"][0]["series"]
    assert series["first_conflict"] == "2022-01-03T09:25:00+05:30"
    assert "09:25:00" in doc["problem"] and doc["problem"] == doc["files"][0]["problem"]
    fails("import", "second.csv", "--symbol", "ABC", words=["09:25:00"])
    assert doc["problem"] in fails("import", "second.csv", "--symbol", "ABC")
    for way, name in (("skip", "skipped"), ("replace", "replaced")):
        doc = preview("second.csv", "--symbol", "ABC", "--on-conflict", way)
        assert doc["problem"] is None and doc["conflict"] == 2 and doc["on_conflict"] == way
    done = imported("second.csv", "--symbol", "ABC", "--on-conflict", "replace")
    assert (done["stored"], done["duplicate"], done["replaced"]) == (doc["new"], doc["duplicate"], doc["conflict"])


@test
def files_meet_each_other():
    rows = walk(2)
    write_bars("a.csv", rows[:500])
    write_bars("b.csv", rows[400:])
    doc = preview("a.csv", "b.csv", "--symbol", "ABC")
    assert sums(doc) == [850, 0, 750, 100, 0] and doc["problem"] is None
    done = imported("a.csv", "b.csv", "--symbol", "ABC")
    assert (done["stored"], done["duplicate"]) == (750, 100)
    rows[450][5] = "7"
    write_bars("b.csv", rows[400:])
    doc = preview("a.csv", "b.csv", "--symbol", "XYZ")
    assert doc["files"][0]["problem"] is None and "b.csv" in doc["files"][1]["problem"]


@test
def a_conflict_inside_a_file_is_a_problem():
    rows = walk(1)
    rows.insert(6, [*rows[5][:5], "77"])
    rows.insert(9, list(rows[8]))
    write_bars("ABC.csv", rows)
    doc = preview("ABC.csv")
    (series,) = doc["files"][0]["series"]
    assert (series["conflict_in_file"], series["duplicate"], series["bars"]) == (1, 1, 375)
    assert "09:20:00" in doc["problem"]
    assert preview("ABC.csv", "--on-conflict", "skip")["problem"] is None


@test
def rows_that_are_no_bars():
    rows = walk(1)
    for row in rows[:33]:
        row[1] = "x"
    write_bars("ABC.csv", rows)
    doc = preview("ABC.csv")
    (file,) = doc["files"]
    assert sums(doc) == [375, 33, 342, 0, 0] and len(file["rejections"]) == 20
    assert file["rejections"][0]["line"] == 2 and "open" in file["rejections"][0]["reason"]
    assert file["time"]["text"] == rows[33][0]
    write_bars("BAD.csv", rows[:33])
    doc = preview("BAD.csv")
    assert doc["files"][0]["series"] == [] and doc["files"][0]["time"] is None
    assert doc["problem"] in fails("import", "BAD.csv")
    doc = preview("BAD.csv", "--symbol", "ABC")
    assert "no row is a bar" in doc["problem"] and meanings(doc["files"][0])[0] == ("timestamp", "time")


@test
def another_timeframe_is_a_problem():
    rows = walk(2)[::5]
    write_bars("ABC.csv", rows)
    seen = preview("ABC.csv")
    assert seen["problem"] is None and seen["files"][0]["series"][0]["timeframe"] == "5m"
    assert "5m bars, as the steps between them show" in seen["files"][0]["decisions"]
    doc = preview("ABC.csv", "--timeframe", "1m")
    assert "--timeframe 5m" in doc["problem"] and doc["files"][0]["series"][0]["likely_timeframe"] == "5m"
    assert doc["problem"] in fails("import", "ABC.csv", "--timeframe", "1m")
    assert preview("ABC.csv", "--timeframe", "5m")["problem"] is None


@test
def several_symbols():
    a, b = walk(1), walk(1, seed=2)
    text = [HEADER + ",symbol", *(",".join([*row, "AAA"]) for row in a), *(",".join([*row, "BBB"]) for row in b)]
    pathlib.Path("both.csv").write_text("\n".join(text) + "\n")
    (file,) = preview("both.csv")["files"]
    assert [series["symbol"] for series in file["series"]] == ["AAA", "BBB"]
    (file,) = preview("both.csv", "--symbol", "BBB")["files"]
    assert [series["symbol"] for series in file["series"]] == ["BBB"] and file["other_symbols"] == 375
    fails("import", "--preview", "both.csv", "--symbol", "CCC", words=["CCC", "AAA"])


@test
def names_that_are_no_utf8():
    rows = walk(1)
    text = (HEADER + ",caf\xe9\n").encode("latin-1")
    text += "".join(",".join([*row, "caf\xe9"]) + "\n" for row in rows[:9]).encode("latin-1")
    text += "2022-01-03 10:00:00,caf\xe9,1,1,1,1,x\n".encode("latin-1")
    pathlib.Path("A.csv").write_bytes(text)
    (file,) = preview("A.csv")["files"]
    assert file["columns"][-1] == {"name": "caf?", "meaning": None}
    assert [row["line"] for row in file["rejections"]] == [11]
    pixity("import", "--preview", "A.csv")


@test
def files_that_are_no_tables_are_errors():
    pathlib.Path("noprice.csv").write_text("timestamp,open,high,low\n2022-01-03 09:15:00,1,1,1\n")
    fails("import", "--preview", "noprice.csv", words=["noprice.csv", "close"])
    fails("import", "--preview", "none.csv", words=["none.csv"])
    fails("import", "--preview", "A.csv", "--preview=yes", words=["preview"])


@test
def for_people_the_same():
    rows = walk(2)
    write_bars("ABC.csv", rows)
    result = pixity("import", "--preview", "ABC.csv")
    assert result.stderr == "" and result.stdout.endswith("Nothing was stored.\n")
    for word in ("column timestamp        time", "750 would be new", "a new instrument", "Asia/Kolkata", "..."):
        assert word in result.stdout, word
    assert table("data", "list") == []


main()
