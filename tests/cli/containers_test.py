# SPDX-License-Identifier: Apache-2.0
"""The same bars under every wrapping and in every format that Python's own library writes: JSON in all its forms, zip,
gzip, SQLite, XLSX, and how what cannot be read is refused."""
import csv
import datetime
import gzip
import io
import itertools
import json
import pathlib
import random
import sqlite3
import zipfile

import duck
from harness import main, pixity, test

NAMES = ["time", "open", "high", "low", "close", "volume"]
IST = datetime.timezone(datetime.timedelta(hours=5.5))


def make_bars(n=40, seed=1):
    draw = random.Random(seed)
    start = datetime.datetime(2024, 5, 6, 9, 15)
    price, bars = 1000.0, []
    for i in range(n):
        o = price
        c = round(o + draw.randint(-20, 20) * 0.05, 2)
        h, low = round(max(o, c) + draw.randint(0, 5) * 0.05, 2), round(min(o, c) - draw.randint(0, 5) * 0.05, 2)
        bars.append((start + datetime.timedelta(minutes=i), o, h, low, c, draw.randint(1, 10**6)))
        price = c
    return bars


BARS = make_bars()


def text(bars=None, names=NAMES):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([(f"{t:%Y-%m-%d %H:%M:%S}", *rest) for t, *rest in bars or BARS])
    return out.getvalue()


fresh = itertools.count()


def stored(path, *options, symbol="ABC"):
    """Imports into a new folder and gives what is stored: {symbol: bars}."""
    home = {"PIXITY_HOME": f"home{next(fresh)}"}
    pixity("import", path, *(["--symbol", symbol] if symbol else []), *options, env=home)
    listed = json.loads(pixity("data", "list", "--json", env=home).stdout)
    found = {}
    for row in listed:
        name = row["symbol"]
        pixity("data", "export", "--symbol", name, "--timeframe", "1m", "--out", "out.csv", env=home)
        with open("out.csv") as lines:
            rows = list(csv.DictReader(lines))
        pathlib.Path("out.csv").unlink()
        found[name] = [(datetime.datetime.fromisoformat(r["timestamp"]), *(float(r[n]) for n in NAMES[1:])) for r in rows]
    return found


def same(path, *options, bars=None, symbol="ABC"):
    found = stored(path, *options, symbol=symbol)
    wanted = [(b[0], *map(float, b[1:])) for b in bars or BARS]
    assert list(found.values()) == [wanted], (path, found)


def refused(path, *words):
    result = pixity("import", path, status=2)
    for word in words:
        assert word in result.stderr, (path, word, result.stderr)
    assert not pathlib.Path("home").exists()
    return result.stderr


# ---- JSON --------------------------------------------------------------------------------------------------

def records(bars=BARS, time=str):
    return [dict(zip(NAMES, (time(b[0]), *b[1:]))) for b in bars]


def epoch_ms(t):
    return int(t.replace(tzinfo=IST).timestamp() * 1000)


def rows(time=str):
    return [[time(b[0]), *b[1:]] for b in BARS]


def json_forms():
    columns = {n: [r[i] for r in rows()] for i, n in enumerate(NAMES)}
    keys = [str(epoch_ms(b[0])) for b in BARS]
    yield "records", records()
    yield "records-ms", records(time=epoch_ms)
    yield "lists", columns
    yield "split", {"columns": NAMES, "index": list(range(len(BARS))), "data": rows()}
    yield "split-index", {"columns": NAMES[1:], "index": [epoch_ms(b[0]) for b in BARS], "data": [r[1:] for r in rows()]}
    yield "index", {k: dict(zip(NAMES[1:], r[1:])) for k, r in zip(keys, rows())}
    yield "columns", {n: dict(zip(keys, (r[i] for r in rows()))) for i, n in enumerate(NAMES) if i}
    yield "columns-counted", {n: {str(k): r[i] for k, r in enumerate(rows())} for i, n in enumerate(NAMES)}
    yield "table", {"schema": {"fields": [{"name": n} for n in NAMES], "pandas_version": "1.4.0"}, "data": records()}
    yield "envelope", {"status": "success", "data": {"candles": records()}}
    yield "deep", {"a": {"b": [{"c": {"rows": records()}}]}, "count": 3}
    yield "numbered", {"Meta Data": {"1. Information": "x"},
                       "Time Series (1min)": {r[0]: {f"{i}. {n}": r[i] for i, n in enumerate(NAMES) if i} for r in rows()}}
    yield "strings", [{n: str(v) for n, v in r.items()} for r in records()]
    yield "extra", [{**r, "note": 'a "quoted, ; text"\nof lines', "nested": {"a": [1, 2]}, "none": None} for r in records()]
    yield "dates", [{**r, "time": {"$date": r["time"].replace(" ", "T") + "+05:30"}} for r in records()]
    yield "yahoo", {"chart": {"result": [{"meta": {"symbol": "ABC", "currency": "INR"},
                                          "timestamp": [epoch_ms(b[0]) // 1000 for b in BARS],
                                          "indicators": {"quote": [{n: columns[n] for n in NAMES[1:]}]}}], "error": None}}


@test
def every_form_of_json_gives_the_same_bars():
    for name, document in json_forms():
        for indent in (None, 1):
            path = pathlib.Path(f"{name}.json")
            path.write_text(json.dumps(document, indent=indent))
            same(path)


@test
def json_a_record_a_line_and_records_that_lack_members():
    path = pathlib.Path("a.jsonl")
    path.write_text("".join(json.dumps(r) + "\n" for r in records()))
    same(path)
    # The first record has neither all the keys nor their order.
    first, *rest = records()
    late = [dict(reversed(list(r.items()))) for r in rest]
    for r in late[3:]:
        r["later"] = "x"
    path.write_text("".join(json.dumps(r) + "\n\n" for r in [first, *late]))
    same(path)


@test
def a_document_of_several_instruments_is_told_apart_by_its_keys():
    pathlib.Path("two.json").write_text(json.dumps({"AAA": records(), "BBB": records(make_bars(seed=2))}))
    found = stored("two.json", symbol=None)
    assert sorted(found) == ["AAA", "BBB"] and found["AAA"] != found["BBB"], found.keys()


@test
def json_without_a_table_says_what_one_is():
    pathlib.Path("none.json").write_text('{"error": {"code": 403, "message": "token expired"}}')
    refused("none.json", "none.json", "without a table")
    pathlib.Path("cut.json").write_text(json.dumps(records())[:500])
    refused("cut.json", "cut.json", "line 1")
    pathlib.Path("twice.json").write_text('[{"time": "2024-05-06 09:15", "open": 1, "open": 2, "high": 2, "low": 1, "close": 1}]')
    refused("twice.json", "duplicate")


@test
def a_document_larger_than_memory_allows_is_refused():
    pathlib.Path("a.json").write_text(json.dumps(records()))
    result = pixity("import", "a.json", "--max-memory", "8000", status=2)
    assert "--max-memory" in result.stderr, result.stderr


# ---- archives ----------------------------------------------------------------------------------------------

def pack(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data, **options)
    return path


@test
def members_of_archives_are_read_whatever_they_are():
    same(pack("a.zip", {"ABC.csv": text()}), symbol=None)
    same(pack("b.zip", {"in/ABC.json": json.dumps(records())}), symbol=None)
    same(pack("c.zip", {"ABC.csv.gz": gzip.compress(text().encode())}), symbol=None)
    same(pack("d.zip", {"ABC.csv": text(), "README.txt": "words", "__MACOSX/._ABC.csv": b"\0\5\26\7", "x/": ""}), symbol=None)
    same(pack("e.zip", {"ABC.csv": text().encode("utf-16")}), symbol=None)
    same(pack("f.zip", {"AAA.csv": text(BARS[:20]), "BBB.csv": text(BARS[20:])}))


@test
def each_member_names_its_bars():
    found = stored(pack("two.zip", {"AAA.csv": text(), "BBB.csv": text(make_bars(seed=2))}), symbol=None)
    assert sorted(found) == ["AAA", "BBB"], found.keys()


@test
def archives_that_lead_out_or_unfold_without_end_are_refused():
    refused(pack("out.zip", {"../ABC.csv": text()}), "leads out")
    refused(pack("root.zip", {"/ABC.csv": text()}), "leads out")
    link = zipfile.ZipInfo("ABC.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile("link.zip", "w") as archive:
        archive.writestr(link, "other.csv")
    refused("link.zip", "a link")
    pack("large.zip", {"ABC.csv": text() + "\n" * 100_000_000})
    refused("large.zip", "unfolds to more than 500 times")
    result = pixity("import", "large.zip", "--max-bytes", "1000000", status=2)
    assert "--max-bytes" in result.stderr, result.stderr
    damaged = bytearray(pathlib.Path(pack("damaged.zip", {"ABC.csv": text()})).read_bytes())
    damaged[60] ^= 0x55
    pathlib.Path("damaged.zip").write_bytes(damaged)
    refused("damaged.zip", "damaged")
    refused(pack("bad.zip", {"AAA.csv": text(), "BBB.csv": "a,b\n1,2\n"}), "bad.zip/BBB.csv")
    refused(pack("empty.zip", {}), "without data")


# ---- SQLite ------------------------------------------------------------------------------------------------

def database(path, *statements, table="bars"):
    db = sqlite3.connect(path)
    db.execute(f'CREATE TABLE "{table}" (time TEXT, open REAL, high REAL, low REAL, close REAL, volume INTEGER)')
    db.executemany(f'INSERT INTO "{table}" VALUES (?, ?, ?, ?, ?, ?)', rows())
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()
    return path


@test
def the_table_of_an_sqlite_file():
    same(database("a.db"))
    same(database("a?b#c%d.db"))
    same(database("b.db", "CREATE TABLE other (x)", table="candles"))
    same(database("c.sqlite", "CREATE TABLE other (x)", "CREATE VIEW seen AS SELECT * FROM bars"), "--table", "bars")
    refused(database("d.db", "CREATE TABLE other (x)"), "several tables", "--table", "bars, other")
    wal = database("e.db")
    db = sqlite3.connect(wal)
    db.execute("PRAGMA journal_mode = wal")
    db.execute("DELETE FROM bars WHERE rowid > 39")
    db.commit()
    same(wal, bars=BARS[:39])
    db.close()


@test
def nothing_of_an_sqlite_file_is_run():
    view = database("view.db", "ALTER TABLE bars RENAME TO hidden", "CREATE VIEW candles AS SELECT * FROM hidden")
    result = pixity("import", view, "--table", "candles", status=2)
    assert "is a view" in result.stderr, result.stderr
    db = sqlite3.connect("computed.db")
    db.execute("CREATE TABLE bars (time TEXT, open REAL, high REAL, low REAL, close REAL AS (abs(open)))")
    db.execute("INSERT INTO bars (time, open, high, low) VALUES ('2024-05-06 09:15:00', 1, 1, 1)")
    db.commit()
    db.close()
    refused("computed.db", "computed column")
    before = sorted(path.name for path in pathlib.Path().iterdir())
    same(database("a.db"))
    after = {path.name for path in pathlib.Path().iterdir()} - set(before)
    assert not {name for name in after if name.startswith("a.db-")}, after


# ---- Excel -------------------------------------------------------------------------------------------------

def serial(t, since_1904=False):
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    return (t - start) / datetime.timedelta(days=1)


def workbook(path, sheets, since_1904=False, shared=False):
    """`sheets`: {name: rows of cells}; datetimes become serial numbers with a date format."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    strings = []

    def cell(place, value):
        if value is None:
            return ""
        if isinstance(value, datetime.datetime):
            return f'<c r="{place}" s="1"><v>{serial(value, since_1904)!r}</v></c>'
        if not isinstance(value, str):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        if shared:
            strings.append(value)
            return f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'

    members = {}
    for n, (name, lines) in enumerate(sheets.items(), 1):
        body = "".join(
            f'<row r="{r}">' + "".join(cell(f"{chr(65 + c)}{r}", v) for c, v in enumerate(line)) + "</row>"
            for r, line in lines)
        members[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {space}><sheetData>{body}</sheetData></worksheet>"
    members["xl/workbook.xml"] = (
        f'<workbook {space} {relations}><workbookPr date1904="{int(since_1904)}"/><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
        + "</sheets></workbook>")
    members["xl/_rels/workbook.xml.rels"] = "<Relationships>" + "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)) + "</Relationships>"
    members["xl/styles.xml"] = (f'<styleSheet {space}><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
                                '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
    members["xl/sharedStrings.xml"] = f"<sst {space}>" + "".join(
        f"<si><r><t>{s[:2]}</t></r><r><t>{s[2:]}</t></r><rPh><t>no</t></rPh></si>" for s in strings) + "</sst>"
    return pack(path, members)


def lines(first=1, header=True):
    found = [NAMES] * header + [list(b) for b in BARS]
    return list(enumerate(found, first))


@test
def sheets_of_workbooks():
    same(workbook("a.xlsx", {"Sheet1": lines()}))
    same(workbook("b.xlsx", {"Sheet1": lines()}, since_1904=True, shared=True))
    same(workbook("c.xlsx", {"Sheet1": [(1, ["Report of ABC"]), (2, []), *lines(5)], "Sheet2": []}, shared=True))
    two = workbook("d.xlsx", {"Data": lines(), "More": lines()})
    refused(two, "several sheets", "--sheet", "Data, More")
    same(two, "--sheet", "more")
    assert "Data, More" in pixity("import", two, "--sheet", "Third", status=2).stderr


@test
def a_workbook_defines_nothing():
    path = workbook("a.xlsx", {"Sheet1": lines()})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/sharedStrings.xml"] = b'<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'
    refused(pack("b.xlsx", members), "document type")


# ---- what is not read --------------------------------------------------------------------------------------

@test
def what_is_not_read_is_named_by_its_bytes():
    kinds = {
        b"\x89HDF\r\n\x1a\n": "HDF5", b"\x93NUMPY\1\0": "NumPy", b"\x80\x04\x95": "pickle", b"ORC\3": "ORC",
        b"Rar!\x1a\x07\1\0": "RAR", b"7z\xbc\xaf\x27\x1c": "7-Zip", b"\xfd7zXZ\0": "xz", b"BZh9": "bzip2",
        b"PARE\1\2": "encrypted", b"FEA1": "Feather file of version 1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old Excel",
        b"%PDF-1.7": "PDF", b"<!DOCTYPE html><html>": "web page", b"\n <html lang=en>": "web page", b"Obj\1": "Avro",
    }
    for start, words in kinds.items():
        for name in ("bars.csv", "bars.dat"):
            pathlib.Path(name).write_bytes(start + bytes(600))
            refused(name, name, words, "not read")
    pathlib.Path("bars.xlsx").write_text(text())
    refused("bars.xlsx", "no Excel workbook, though its name says so")
    refused(pack("arrays.npz", {"a.npy": b"\x93NUMPY"}), "NumPy")
    refused(pack("sheet.ods", {"META-INF/manifest.xml": "", "content.xml": ""}), "OpenDocument")


@test
def folders_that_are_one_table_are_named():
    for part, words in (("_delta_log", "a Delta table"), ("metadata", "an Iceberg table")):
        folder = pathlib.Path(f"of{part}")
        (folder / part).mkdir(parents=True)
        (folder / "part-0.parquet").write_bytes(b"PAR1")
        refused(folder, words, "only its log")


@test
def the_table_of_a_duckdb_file():
    more = ", 'ABC' AS symbol, '1m' AS interval"
    duck.run("a.duckdb", f"CREATE TABLE market_data AS {duck.bars(5, more=more)}", "CREATE TABLE watchlist (symbol TEXT)")
    assert len(stored("a.duckdb", symbol=None)["ABC"]) == 5
    duck.run("b.duckdb", f"CREATE TABLE first AS {duck.bars(5)}", f"CREATE TABLE second AS {duck.bars(3)}")
    refused("b.duckdb", "several tables", "--table", "first, second")
    assert len(stored("b.duckdb", "--table", "Second")["ABC"]) == 3
    result = pixity("import", "b.duckdb", "--table", "third", status=2)
    assert 'no table "third"' in result.stderr, result.stderr


@test
def folders_of_any_files_and_what_their_names_say():
    for place, seed in (("symbol=0050/year=2024", 1), ("symbol=M%26M/year=2024", 2), ("symbol=NAN", 3)):
        folder = pathlib.Path("hive", place)
        folder.mkdir(parents=True)
        (folder / "part-0.csv").write_text(text(make_bars(seed=seed)))
    pathlib.Path("hive/_SUCCESS").write_text("")
    found = stored("hive", symbol=None)
    assert sorted(found) == ["0050", "M&M", "NAN"], found.keys()
    assert found["M&M"] == [(b[0], *map(float, b[1:])) for b in make_bars(seed=2)]
    pathlib.Path("mixed/in").mkdir(parents=True)
    pathlib.Path("mixed/AAA.csv").write_text(text())
    pathlib.Path("mixed/in/BBB.json").write_text(json.dumps(records(make_bars(seed=2))))
    # Each file with its own types: whole prices in the first round nothing in the second.
    pack("mixed/CCC.zip", {"DDD.csv": text()})
    pathlib.Path("mixed/link.csv").symlink_to("AAA.csv")
    found = stored("mixed", symbol=None)
    assert sorted(found) == ["AAA", "BBB", "DDD"], found.keys()
    pathlib.Path("mixed/bad.csv").write_text("a,b\n1,2\n")
    result = pixity("import", "mixed", "--strict", "--home", "strict", status=2)
    assert "mixed/bad.csv" in result.stderr
    assert "mixed/bad.csv" in pixity("import", "mixed", "--home", "others").stderr
    pathlib.Path("none").mkdir()
    refused("none", "holds no files")


main()
