# SPDX-License-Identifier: Apache-2.0
"""import, data list|export|instruments, synth: bars in, told apart, and out again."""
import gzip
import json
import pathlib
import subprocess

from harness import main, pixity, shared, test
from lab import HEADER, HOME, document, fails, is_iso_time, listing, rows_of, table, walk, write_bars


def report(*args, status=0):
    result = pixity("import", *args, "--json", status=status)
    return json.loads(result.stdout)


def exported(symbol, *args):
    return pixity("data", "export", "--symbol", symbol, *args).stdout


def counts(doc):
    return [doc[name] for name in ("read", "stored", "duplicate", "rejected")]


@test
def an_empty_store():
    assert document("data", "list") == []
    assert document("runs", "list") == []
    assert document("models", "list") == []
    assert pixity("data", "list", "--csv").stdout == (
        "symbol,instrument_key,exchange,timeframe,first,last,bars,status\n")


@test
def bars_come_out_as_they_went_in():
    rows = walk(3)
    write_bars("ABC.csv", rows)
    result = pixity("import", "ABC.csv")
    assert "1125 rows read, 1125 stored, 0 duplicate, 0 rejected" in result.stdout and result.stderr == ""
    header, out = rows_of(pixity("data", "export", "--symbol", "ABC"))
    assert ",".join(header) == HEADER
    assert [row[0] for row in out] == [row[0] for row in rows]
    assert [[float(x) for x in row[1:]] for row in out] == [[float(x) for x in row[1:]] for row in rows]
    (listed,) = table("data", "list")
    assert (listed["symbol"], listed["timeframe"], listed["bars"]) == ("ABC", "1m", "1125")
    assert (listed["first"], listed["last"]) == ("2022-01-03 09:15:00", "2022-01-05 15:29:00")
    (listed,) = document("data", "list")
    assert is_iso_time(listed["first"]) and listed["bars"] == 1125


@test
def importing_again_stores_nothing_new():
    write_bars("ABC.csv", walk(2))
    pixity("import", "ABC.csv")
    before = exported("ABC")
    assert counts(report("ABC.csv")) == [750, 0, 750, 0]
    assert exported("ABC") == before


@test
def files_add_to_what_is_there():
    rows = walk(4)
    write_bars("a.csv", rows[:800])
    write_bars("b.csv", rows[700:])
    assert counts(report("a.csv", "b.csv", "--symbol", "ABC")) == [1600, 1500, 100, 0]
    assert len(table("data", "export", "--symbol", "ABC")) == 1500
    both = report("a.csv", "b.csv", "--symbol", "ABC")
    assert [file["file"] for file in both["files"]] == ["a.csv", "b.csv"]
    assert counts(both) == [1600, 0, 1600, 0]


@test
def order_of_rows_does_not_matter():
    rows = walk(2)
    write_bars("up.csv", rows)
    write_bars("down.csv", rows[::-1])
    pixity("import", "up.csv", "down.csv")
    assert exported("up") == exported("down")


@test
def gzip_columns_and_names():
    rows = walk(2)
    text = "\n".join(["Extra,DATE,O,h,Low,C,v", *(",".join(["x", *row]) for row in rows)]) + "\n"
    with gzip.open("GZ.csv.gz", "wt") as file:
        file.write(text)
    write_bars("PLAIN.csv", rows)
    pixity("import", "GZ.csv.gz", "PLAIN.csv")
    assert exported("GZ") == exported("PLAIN")


@test
def times_in_every_form():
    rows = walk(1)
    write_bars("LOCAL.csv", rows)
    import datetime
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    moments = [datetime.datetime.fromisoformat(row[0]).replace(tzinfo=zone) for row in rows]
    forms = {
        "S": lambda t: str(int(t.timestamp())),
        "MS": lambda t: str(int(t.timestamp()) * 10**3),
        "US": lambda t: str(int(t.timestamp()) * 10**6),
        "NS": lambda t: str(int(t.timestamp()) * 10**9),
        "ISO": lambda t: t.isoformat(),
        "COMPACT": lambda t: t.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "UTC": lambda t: t.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    pixity("import", "LOCAL.csv")
    for name, form in forms.items():
        write_bars(f"{name}.csv", [[form(t), *row[1:]] for t, row in zip(moments, rows)])
        pixity("import", f"{name}.csv")
        assert exported(name) == exported("LOCAL"), name
    utc = [[t.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S"), *r[1:]] for t, r in zip(moments, rows)]
    write_bars("TZ.csv", utc)
    pixity("import", "TZ.csv", "--tz", "UTC")
    assert exported("TZ") == exported("LOCAL")
    closes = [[str((t + datetime.timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S")), *r[1:]]
              for t, r in zip(moments, rows)]
    write_bars("CLOSE.csv", closes)
    pixity("import", "CLOSE.csv", "--stamp", "close")
    assert exported("CLOSE") == exported("LOCAL")


@test
def a_symbol_column_makes_several_series():
    a, b = walk(1, seed=1), walk(1, seed=2)
    mixed = [[*row, name] for pair in zip(a, b) for row, name in zip(pair, ("AAA", "BBB"))]
    write_bars("mixed.csv", mixed, HEADER + ",symbol")
    pixity("import", "mixed.csv")
    assert [row["symbol"] for row in table("data", "list")] == ["AAA", "BBB"]
    write_bars("AONLY.csv", a)
    pixity("import", "AONLY.csv")
    assert exported("AONLY") == exported("AAA")


def mixed():
    series = {name: walk(1, seed=seed) for seed, name in enumerate(("AAA", "BBB", "CCC"), 1)}
    write_bars("mixed.csv", [[*rows[i], name] for i in range(375) for name, rows in series.items()], HEADER + ",symbol")
    return series


def stored_symbols():
    return [row["symbol"] for row in table("data", "list")]


@test
def symbols_choose_from_a_file():
    series = mixed()
    doc = report("mixed.csv", "--symbol", "AAA,ccc [FO]")
    assert stored_symbols() == ["AAA", "CCC"]
    assert counts(doc) == [1125, 750, 0, 0] and doc["other_symbols"] == 375
    assert [row["close"] for row in table("data", "export", "--symbol", "CCC")] == [
        f"{float(row[4]):g}" for row in series["CCC"]]
    pathlib.Path("list.txt").write_text("# new\nBBB\n")
    assert "750 of other symbols" in pixity("import", "mixed.csv", "--symbol", "@list.txt").stdout
    assert stored_symbols() == ["AAA", "BBB", "CCC"]


@test
def a_symbol_that_is_not_in_the_file():
    mixed()
    fails("import", "mixed.csv", "--symbol", "AAB", words=["mixed.csv", "no bars of AAB", '"AAA"', "BBB, CCC"])
    fails("import", "mixed.csv", "--symbol", "AAA,BBX", words=["no bars of BBX", '"BBB"'])
    fails("import", "mixed.csv", "--symbol", "@none.txt", words=["--symbol", "none.txt"])
    fails("import", "mixed.csv", "--symbol", "AAA,AAA", words=["twice"])
    assert not HOME.exists(), "nothing was stored, so there is no folder"


@test
def one_symbol_names_a_file_of_one():
    rows = walk(1)
    write_bars("plain.csv", rows)
    write_bars("named.csv", [[*row, "ZZZ"] for row in rows], HEADER + ",symbol")
    write_bars("blank.csv", [[*row, ""] for row in rows], HEADER + ",symbol")
    for name in ("plain", "named", "blank"):
        pixity("import", f"{name}.csv", "--symbol", name)
        assert exported(name) == exported("plain"), name
    fails("import", "blank.csv", words=["blank.csv", "symbol is empty"])
    fails("import", "plain.csv", "named.csv", "--symbol", "ONE,TWO", words=["no bars of ONE"])


@test
def symbols_choose_among_files():
    series = mixed()
    write_bars("DDD.csv", series["AAA"])
    write_bars("EEE.csv", series["AAA"])
    doc = report("mixed.csv", "DDD.csv", "EEE.csv", "--symbol", "BBB,DDD")
    assert stored_symbols() == ["BBB", "DDD"]
    assert [file["stored"] for file in doc["files"]] == [375, 375, 0]
    assert [file["other_symbols"] for file in doc["files"]] == [750, 0, 375]


@test
def bars_of_a_longer_timeframe_are_noticed():
    rows = walk(12)
    write_bars("FIVE.csv", rows[::5])
    fails("import", "FIVE.csv", "--timeframe", "1m", words=["FIVE.csv", "look like 5m bars: --timeframe 5m"])
    fails("features", "--input", "FIVE.csv", "--input-timeframe", "1m", "--timeframe", "15m", words=["FIVE.csv", "5m bars, not 1m"])
    write_bars("DAY.csv", [[row[0][:10], *row[1:]] for row in rows[::375]])
    fails("import", "DAY.csv", "--timeframe", "1m", words=["DAY.csv", "look like 1d bars: --timeframe 1d"])
    fails("data", "check", "--input", "DAY.csv", words=["DAY.csv", "1d bars, not 1m"])
    pixity("import", "DAY.csv", "--timeframe", "1d")
    write_bars("SPARSE.csv", [row for i, row in enumerate(rows) if i % 375 in (0, 8, 31, 33, 90, 202, 207, 300)])
    pixity("import", "SPARSE.csv")


@test
def other_timeframes():
    rows = walk(3)[::5]
    write_bars("FIVE.csv", rows)
    pixity("import", "FIVE.csv", "--timeframe", "5m")
    (listed,) = table("data", "list")
    assert listed["timeframe"] == "5m"
    assert len(table("data", "export", "--symbol", "FIVE", "--timeframe", "5m")) == len(rows)
    fails("data", "export", "--symbol", "FIVE", words=["FIVE"])


@test
def export_windows_and_files():
    write_bars("ABC.csv", walk(4))
    pixity("import", "ABC.csv")
    out = table("data", "export", "--symbol", "ABC", "--start", "2022-01-04", "--end", "2022-01-05")
    assert (len(out), out[0]["timestamp"], out[-1]["timestamp"]) == (
        750, "2022-01-04 09:15:00", "2022-01-05 15:29:00")
    for name in ("o.csv", "o.parquet"):
        pixity("data", "export", "--symbol", "ABC", "--out", name)
        pixity("import", name, "--symbol", f"BACK{name[-3:]}".upper())
        assert exported(f"BACK{name[-3:]}".upper()) == exported("ABC"), name
    fails("data", "export", "--symbol", "ABC", "--out", "o.csv", words=["o.csv"])
    fails("data", "export", "--symbol", "ABC", "--out", "o.txt", words=["o.txt"])
    assert not pathlib.Path("o.txt").exists()
    fails("data", "export", "--symbol", "ABC", "--out", "no/where.csv", words=["no/where.csv"])
    fails("data", "export", "--symbol", "ABC", "--start", "2022-01-05", "--end", "2022-01-04",
          words=["2022-01-05", "2022-01-04"])
    fails("data", "export", "--symbol", "ABC", "--start", "2023-01-05", words=["ABC"])
    fails("data", "export", "--symbol", "ABD", words=["ABD", "ABC"])


# ---- instruments ---------------------------------------------------------------------------------------------


@test
def instruments_have_names_ticks_and_lots():
    write_bars("ABC.csv", walk(1))
    pixity("import", "ABC.csv")
    header, _ = rows_of(pixity("data", "instruments", "--csv"))
    assert header == "key symbol exchange aliases from_date tick lot_size".split()
    pixity("data", "instruments", "ABC", "--tick", "0.05", "--lot", "25", "--from", "2022-01-01")
    pixity("data", "instruments", "ABC", "--lot", "50", "--from", "2023-01-01")
    rows = [row for row in table("data", "instruments") if row["symbol"] == "ABC" and row["from_date"]]
    assert [(r["from_date"], r["tick"], r["lot_size"]) for r in rows] == [
        ("2022-01-01", "0.05", "25"), ("2023-01-01", "0.05", "50")]
    key = rows[0]["key"]
    assert exported(key) == exported("ABC") == exported("abc")


@test
def instruments_that_are_wrong():
    write_bars("ABC.csv", walk(1))
    pixity("import", "ABC.csv")
    fails("data", "instruments", "ABCD", "--tick", "0.05", words=["ABCD", "ABC"])
    fails("data", "instruments", "ABC", words=["--tick"])
    fails("data", "instruments", "--tick", "0.05", words=["NAME is missing"])
    fails("data", "instruments", "ABC", "--tick", "0", words=["--tick", '"0"'])
    fails("data", "instruments", "ABC", "--tick", "-1", words=["--tick", '"-1"'])
    fails("data", "instruments", "ABC", "--tick", "nan", words=["--tick", '"nan"'])
    fails("data", "instruments", "ABC", "--lot", "-1", words=["--lot", '"-1"'])
    fails("data", "instruments", "ABC", "--lot", "1e-12", words=["--lot", "0 for any fraction"])


# ---- rows that are no bars -----------------------------------------------------------------------------------



def with_row(line, row):
    """A file whose line `line` (the header is line 1) is replaced."""
    rows = walk(1)
    rows[line - 2] = row(list(rows[line - 2]))
    return write_bars("ABC.csv", rows)


def put(column, value):
    def change(row):
        row[column] = value
        return row
    return change


@test
def bad_rows_are_rejected_with_line_and_reason():
    cases = {
        "text": put(1, "abc"), "nan": put(2, "nan"), "infinity": put(3, "inf"), "minus infinity": put(4, "-inf"),
        "empty number": put(1, ""), "negative price": put(3, "-5"), "zero price": put(1, "0"),
        "negative volume": put(5, "-2"), "high below low": lambda row: [row[0], *("10 5 9 7 1".split())],
        "open above high": put(1, "99999"), "bad time": put(0, "2022-02-30 09:15:00"), "no time": put(0, ""),
        "hexadecimal": put(1, "0x10"), "huge number": put(2, "1e999"), "short row": lambda row: row[:3],
    }
    for name, change in cases.items():
        with_row(7, change)
        folder = name.replace(" ", "-")
        result = pixity("import", "ABC.csv", "--json", "--home", folder)
        doc = json.loads(result.stdout)
        assert counts(doc) == [375, 374, 0, 1], (name, counts(doc))
        (rejection,) = doc["files"][0]["rejections"]
        assert rejection["line"] == 7 and rejection["reason"], name
        assert "1 of 375 rows rejected" in result.stderr and "line 7" in result.stderr, name


@test
def the_first_twenty_rejections_are_told():
    rows = walk(1)
    for row in rows[:33]:
        row[1] = "x"
    write_bars("ABC.csv", rows)
    result = pixity("import", "ABC.csv", "--keep-good")
    assert result.stdout.count("\n  line ") == 20 and "and 13 more" in result.stdout
    assert "33 of 375 rows rejected" in result.stderr
    assert "375 rows read, 342 stored, 0 duplicate, 33 rejected" in result.stdout


# ---- files that are no bars ----------------------------------------------------------------------------------


@test
def files_that_are_no_bars():
    good = write_bars("GOOD.csv", walk(1))
    pixity("import", good)
    plain = pathlib.Path(good).read_bytes()
    packed = gzip.compress(plain)
    broken = bytearray(packed)
    broken[len(broken) // 2] ^= 0xFF
    wrong_crc = bytearray(packed)
    wrong_crc[-8] ^= 0xFF
    files = {
        "empty.csv": b"",
        "blank.csv": b"\n\n\n",
        "header.csv": (HEADER + "\n").encode(),
        "binary.csv": bytes(range(256)) * 64,
        "noprice.csv": b"timestamp,open,high,low\n2022-01-03 09:15:00,1,1,1\n",
        "notime.csv": b"open,high,low,close,volume\n1,1,1,1,1\n",
        "twice.csv": b"timestamp,open,open,high,low,close,volume\n2022-01-03 09:15:00,1,1,1,1,1,1\n",
        "words.csv": b"this is\nno table\n",
        "bad.csv": (HEADER + "\n2022-01-03 09:15:00,a,b,c,d,e\n").encode(),
        "cut.csv.gz": packed[: len(packed) // 2],
        "broken.csv.gz": bytes(broken),
        "crc.csv.gz": bytes(wrong_crc),
        "notgz.csv.gz": b"\x1f\x8bnot gzip at all",
        "empty.parquet": b"",
        "cut.parquet": b"PAR1" + bytes(100),
        "fake.parquet": plain,
        "fake.duckdb": plain,
        "empty.duckdb": b"",
    }
    for name, content in files.items():
        pathlib.Path(name).write_bytes(content)
        fails("import", name, "--symbol", "NEW", words=[name])
        fails("import", name, name, "--symbol", "NEW", words=[name])
        fails("features", "--input", name, "--timeframe", "15m", words=[name])


@test
def files_that_are_not_there():
    write_bars("GOOD.csv", walk(1))
    pixity("import", "GOOD.csv")
    fails("import", "none.csv", words=["none.csv"])
    fails("import", "GOOD.csv", "none.csv", words=["none.csv"])
    pathlib.Path("folder").mkdir()
    fails("import", "folder", words=["folder"])
    fails("features", "--input", "none.csv", "--timeframe", "15m", words=["none.csv"])
    fails("features", "--data-dir", "nowhere", "--symbol", "A", "--timeframe", "15m", words=["nowhere"])
    fails("features", "--data-dir", "folder", "--symbol", "A", "--timeframe", "15m", words=["folder"])


@test
def nothing_valid_makes_no_home():
    pathlib.Path("bad.csv").write_text(HEADER + "\n2022-01-03 09:15:00,a,b,c,d,e\n")
    fails("import", "bad.csv", words=["bad.csv", "line 2"])
    assert not HOME.exists()


@test
def names_that_cannot_be_symbols():
    write_bars("a.csv", walk(1))
    fails("import", "a.csv", "--symbol", "A" * 300, words=["symbol"])
    fails("import", "a.csv", "--exchange", "NSEE", words=["NSEE", "NSE"])
    fails("import", "a.csv", "--tz", "Asia/Kolkatta", words=["Asia/Kolkatta"])


# ---- conflicts -----------------------------------------------------------------------------------------------


def conflicting():
    rows = walk(2)
    write_bars("first.csv", rows)
    other = [list(row) for row in rows]
    other[10][5] = "123456"
    write_bars("second.csv", other)
    return rows, other


@test
def a_conflict_stores_nothing():
    rows, _ = conflicting()
    write_bars("OTHER.csv", walk(1, seed=9))
    fails("import", "first.csv", "second.csv", "--symbol", "ABC", words=["second.csv", "2022-01-03 09:25:00"])
    pixity("import", "first.csv", "--symbol", "ABC")
    fails("import", "second.csv", "--symbol", "ABC", words=["second.csv", "2022-01-03 09:25:00", "--on-conflict"])
    pathlib.Path("both.csv").write_text(
        "\n".join([HEADER + ",symbol", *(",".join([*r, "NEW"]) for r in rows),
                   rows[10][0] + ",1,1,1,1,1,ABC"]) + "\n")
    fails("import", "OTHER.csv", "both.csv", words=["both.csv", "ABC"])
    assert [row["symbol"] for row in table("data", "list")] == ["ABC"]


@test
def a_conflict_between_files_beside_stored_bars():
    rows, other = conflicting()
    write_bars("tail.csv", rows[700:])
    pixity("import", "tail.csv", "--symbol", "ABC")
    fails("import", "first.csv", "second.csv", "--symbol", "ABC", words=["second.csv", "2022-01-03 09:25:00"])
    fails("import", "second.csv", "tail.csv", "first.csv", "--symbol", "ABC", words=["first.csv", "09:25:00"])


@test
def a_conflict_inside_a_file():
    rows = walk(1)
    rows.insert(6, [*rows[5][:5], "77"])
    write_bars("ABC.csv", rows)
    fails("import", "ABC.csv", words=["ABC.csv", "2022-01-03 09:20:00"])
    assert not HOME.exists()
    doc = report("ABC.csv", "--on-conflict", "skip")
    assert counts(doc) == [376, 375, 0, 0] and doc["skipped"] == 1
    assert table("data", "export", "--symbol", "ABC")[5]["volume"] == rows[5][5]


@test
def the_later_row_of_a_file_replaces():
    rows = walk(1)
    later = [rows[-1][0], "1", "2", "0.5", "1.5", "9"]
    write_bars("twice.csv", [*rows, later])
    fails("import", "twice.csv", "--symbol", "S", words=("15:29",))
    doc = report("twice.csv", "--symbol", "S", "--on-conflict", "replace")
    assert (doc["stored"], doc["replaced"], doc["skipped"]) == (375, 1, 0), doc
    last = table("data", "export", "--symbol", "S")[-1]
    assert [float(last[name]) for name in ("open", "high", "low", "close", "volume")] == [1, 2, 0.5, 1.5, 9], last
    doc = report("twice.csv", "--symbol", "T", "--on-conflict", "skip")
    assert (doc["stored"], doc["replaced"], doc["skipped"]) == (375, 0, 1), doc
    assert float(table("data", "export", "--symbol", "T")[-1]["close"]) == float(rows[-1][4])


@test
def conflicts_skipped_and_replaced():
    rows, other = conflicting()
    pixity("import", "first.csv", "--symbol", "ABC")
    doc = report("second.csv", "--symbol", "ABC", "--on-conflict", "skip")
    assert (doc["skipped"], doc["stored"], doc["duplicate"]) == (1, 0, 749)
    assert table("data", "export", "--symbol", "ABC")[10]["volume"] == rows[10][5]
    doc = report("second.csv", "--symbol", "ABC", "--on-conflict", "replace")
    assert (doc["replaced"], doc["stored"], doc["duplicate"]) == (1, 0, 749)
    assert table("data", "export", "--symbol", "ABC")[10]["volume"] == other[10][5]


# ---- synthetic bars ------------------------------------------------------------------------------------------


@test
def the_same_seed_makes_the_same_bytes():
    for kind in ("walk", "trend", "index"):
        for home in ("one", "two"):
            pixity("synth", "--symbol", "S", "--days", "5", "--seed", "7", "--kind", kind, "--home", f"{kind}{home}")
        candles = [{k: v for k, v in listing(f"{kind}{h}").items() if k.startswith("candles")} for h in ("one", "two")]
        assert candles[0] and candles[0] == candles[1], kind
        pixity("synth", "--symbol", "T", "--days", "5", "--seed", "8", "--kind", kind, "--home", f"{kind}one")
        out = [pixity("data", "export", "--symbol", s, "--home", f"{kind}one").stdout for s in "ST"]
        assert out[0] != out[1], kind


@test
def synthetic_bars_are_bars():
    pixity("synth", "--symbol", "S", "--days", "3", "--seed", "1", "--start", "2024-02-29")
    rows = table("data", "export", "--symbol", "S")
    assert len(rows) == 3 * 375
    assert (rows[0]["timestamp"], rows[-1]["timestamp"]) == ("2024-02-29 09:15:00", "2024-03-04 15:29:00")
    for row in rows:
        o, h, l, c = (float(row[name]) for name in ("open", "high", "low", "close"))
        assert l <= min(o, c) <= max(o, c) <= h and abs(round(c / 0.05) * 0.05 - c) < 1e-9
    assert any(row["symbol"] == "S" and row["tick"] == "0.05" for row in table("data", "instruments"))
    pixity("synth", "--symbol", "I", "--days", "2", "--seed", "1", "--kind", "index")
    assert {row["volume"] for row in table("data", "export", "--symbol", "I")} == {"0"}


@test
def synth_twice():
    pixity("synth", "--symbol", "S", "--days", "3", "--seed", "1")
    again = document("synth", "--symbol", "S", "--days", "3", "--seed", "1")
    assert (again["stored"], again["duplicate"]) == (0, 1125)
    fails("synth", "--symbol", "S", "--days", "3", "--seed", "2", words=["S already has other bars"])


@test
def a_first_row_of_equal_prices_is_no_second_line_of_names():
    days = [f"2025-05-{day:02}" for day in (5, 6, 7, 8, 9, 12)]
    for name, date, price in (("a", "{}", "Rs.{}.5"), ("b", "{}", "INR {}"), ("c", "Mon {}", "Rs.{}.5")):
        lines = ["Low\tLast\tVol.\tdate\tOpen\tHigh"]
        for i, day in enumerate(days):
            cell = price.format(1000 + i)
            lines.append("\t".join([cell, cell, "500", date.format(day) if name != "c" else day.replace("2025-05-", "May ") + " 2025", cell, cell]))
        pathlib.Path(f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        doc = report(f"{name}.tsv", "--timeframe", "1d", status=None)
        assert (doc["read"], doc["stored"]) == (6, 6), (name, doc)
    ticker = ["Date,Open,High,Low,Close,Volume", "Ticker" + ",A50.NS" * 5] + [f"{day},{10 + i},{10 + i},{10 + i},{10 + i},5" for i, day in enumerate(days)]
    pathlib.Path("d.csv").write_text("\n".join(ticker) + "\n", encoding="utf-8")
    assert counts(report("d.csv", "--timeframe", "1d")) == [6, 6, 0, 0]


# ---- real files ----------------------------------------------------------------------------------------------


@test
def exact_duplicates_are_reported_and_stored_once():
    doc = report(shared("data/dirty/RELIANCE_2022_exact_duplicates.csv"), "--symbol", "RELIANCE")
    assert doc["duplicate"] == 7500 and doc["rejected"] == 0
    assert doc["stored"] == doc["read"] - 7500
    names = ["RELIANCE", "NSE_EQ|INE002A01018"]
    assert len({exported(name) for name in names}) == 1


@test
def threads_change_nothing():
    """Files are read beside each other and stored in the order given; the first that is wrong is named."""
    names = [f"{name}.csv" for name in "ABCDEF"]
    for number, name in enumerate(names):
        write_bars(name, walk(3, seed=number + 1))
    seen = set()
    for threads in (1, 2, 3, 7):
        home = f"home-{threads}"
        report = pixity("--home", home, "import", *names, "--json", "--threads", threads).stdout
        stored = pixity("--home", home, "data", "list", "--csv").stdout
        seen.add((report, stored))
        result = pixity("--home", home, "import", "A.csv", "no1.csv", "B.csv", "no2.csv", "--threads", threads, status=2)
        assert "no1.csv" in result.stderr and "no2.csv" not in result.stderr, result.stderr
    assert len(seen) == 1


main()
