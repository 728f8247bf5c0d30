# SPDX-License-Identifier: Apache-2.0
"""data candles: the chart holds the bars that are stored and no other, and breaks exactly where bars are missing."""
import collections
import json
import pathlib
import random
import re
import struct
import xml.etree.ElementTree
import zlib

from harness import main, pixity, test
from lab import document, fails, rows_of, table, walk, weekdays, write_bars


def candles(*args):
    return document("data", "candles", *args)


def stored(rows, symbol="S", **options):
    write_bars(f"{symbol}.csv", rows)
    pixity("import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1m", **options)


def holes_of(rows, kept):
    """From whole sessions and the places that were kept: each run of missing bars before a kept one, unless it is
    fewer than five whole days."""
    found, missing = [], []
    place = -1
    for i, row in enumerate(rows):
        if i not in kept:
            missing.append(row[0][:10])
            continue
        place += 1
        if place:
            days = collections.Counter(missing)
            whole = [day for day, n in days.items() if n == 375]
            n = len(missing) - (375 * len(whole) if len(whole) < 5 else 0)
            if n:
                found.append([place, n])
        missing = []
    return found


@test
def the_rows_are_the_bars_that_are_stored():
    rows = walk(5)
    stored(rows)
    header, lines = rows_of(pixity("data", "candles", "S", "--start", "2022-01-04", "--end", "2022-01-05", "--csv"))
    assert header == ["timestamp", "open", "high", "low", "close", "volume"]
    assert [[line[0], *map(float, line[1:])] for line in lines] == [
        [row[0], *map(float, row[1:])] for row in rows[375:1125]
    ]
    header, lines = rows_of(pixity("data", "candles", "S", "--csv"))
    assert [line[0] for line in lines] == [row[0] for row in rows[-240:]]
    header, lines = rows_of(pixity("data", "candles", "S", "--timeframe", "15m", "--points", "7", "--csv"))
    assert len(lines) == 7 and lines[-1][0] == "2022-01-07 15:15:00"
    whole = candles("S", "--start", "2022-01-03")
    assert (whole["rows"], whole["bars_per_point"], whole["holes"]) == (1875, 1, [])
    merged = candles("S", "--start", "2022-01-03", "--points", "100")
    assert (merged["rows"], merged["total"], merged["bars_per_point"]) == (99, 1875, 19)
    assert sum(merged["columns"]["volume"]) == sum(int(row[5]) for row in rows)


@test
def it_breaks_exactly_where_bars_are_missing():
    rows = walk(20)
    rng = random.Random(5)
    for case in range(12):
        gone = set()
        for _ in range(rng.randint(1, 8)):
            begin = rng.randrange(1, len(rows) - 1)
            gone |= set(range(begin, min(begin + rng.choice((1, 2, 40, 375, 400, 900, 2600)), len(rows) - 1)))
        kept = [i for i in range(len(rows)) if i not in gone]
        stored([rows[i] for i in kept], f"S{case}")
        told = candles(f"S{case}", "--start", "2022-01-03", "--points", "100000")
        assert told["rows"] == len(kept)
        assert told["holes"] == holes_of(rows, set(kept)), (case, told["holes"], holes_of(rows, set(kept)))


@test
def nights_weekends_and_evening_sessions_are_no_holes():
    days = [str(day) for day in weekdays(8)]
    rows = walk(8)
    evening = [[row[0].replace(" 09:", " 18:"), *row[1:]] for row in rows if row[0].startswith(days[4] + " 09:")]
    stored([row for row in rows if row[0][:10] < days[4]] + evening + [row for row in rows if row[0][:10] > days[4]])
    assert candles("S", "--start", days[0])["holes"] == []
    assert candles("S", "--start", days[0], "--timeframe", "1d")["holes"] == []


@test
def days_are_told_as_days_and_merged_bars_break_at_holes_as_long_as_they_are():
    rows = walk(30)
    gone = set(range(375 * 10, 375 * 17)) | set(range(375 * 20 + 30, 375 * 20 + 33))
    stored([row for i, row in enumerate(rows) if i not in gone])
    daily = candles("S", "--start", "2022-01-03", "--timeframe", "1d")
    assert (daily["rows"], daily["holes"]) == (23, [[10, 7]])
    merged = candles("S", "--start", "2022-01-03", "--points", "200")
    step = merged["bars_per_point"]
    assert merged["holes"] == [[3750 // step, 7 * 375]]


@test
def merged_bars_have_one_break_for_all_that_is_missing_among_them():
    rows = walk(8)
    stored([row for i, row in enumerate(rows) if i % 7 < 2])
    single = candles("S", "--start", "2022-01-03", "--points", "1000")
    merged = candles("S", "--start", "2022-01-03", "--points", "215")
    assert (single["bars_per_point"], merged["bars_per_point"]) == (1, 4)
    places = [row for row, _ in merged["holes"]]
    assert len(places) > 200 and places == sorted(set(places)), places
    assert sum(n for _, n in merged["holes"]) == sum(n for _, n in single["holes"] if n >= 4)


@test
def in_the_terminal():
    rows = walk(2)
    stored([row for row in rows if not "12:00" <= row[0][11:16] < "12:40"])
    text = pixity("data", "candles", "S", "--start", "2022-01-04").stdout
    title, *lines = text.splitlines()
    assert title == (
        "S on NSE: 335 1m bars, 4 to a candle, 2022-01-04 09:15 to 2022-01-04 15:27 Asia/Kolkata; "
        "1 break, where 40 bars are missing"
    ), title
    chart = [line[12:] for line in lines if line[11:12] in "│┤"]
    assert len(chart) == 21 and {len(line) for line in chart} == {85}
    assert {line.index("┊") for line in chart} == {41}, "the break is one column"
    for column in range(85):
        assert column == 41 or any(line[column] in "░█▀▄│╵╷" for line in chart[:-1]), column
    assert "2022-01-04" in lines[-1]
    narrow = pixity("data", "candles", "S", "--points", "20").stdout.splitlines()
    assert len(narrow[1]) == 32 and "20 1m bars" in narrow[0]
    assert pixity("data", "candles", "S", "--start", "2022-01-04").stdout == text


def pixels(path):
    """Width, height and how many pixels there are of each colour of a PNG without alpha."""
    data = pathlib.Path(path).read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    assert len(zlib.decompress(packed)) == height * (1 + 3 * width)
    return width, height


@test
def as_pictures():
    stored([row for row in walk(3) if not row[0].startswith("2022-01-05 12:")])
    said = pixity("data", "candles", "S", "--png", "a.png", "--svg", "a.svg").stdout
    assert said == "S on NSE drawn to a.png and a.svg\n"
    pixity("data", "candles", "S", "--png", "b.png", "--svg", "b.svg", "--size", "800x450")
    assert pixels("a.png") == (1600, 900) and pixels("b.png") == (800, 450)
    tree = xml.etree.ElementTree.parse("a.svg").getroot()
    assert tree.tag.endswith("svg") and (tree.get("width"), tree.get("height")) == ("1600px", "900px"), tree.attrib
    dashed = re.findall(r"stroke-dasharray", pathlib.Path("a.svg").read_text())
    assert len(dashed) == 1, "one break is drawn, where the hour is missing"
    before = [pathlib.Path(name).read_bytes() for name in ("a.png", "a.svg")]
    fails("data", "candles", "S", "--png", "a.png", words=("a.png", "--force"))
    fails("data", "candles", "S", "--png", "c.png", "--svg", "a.svg", words=("a.svg", "--force"))
    assert not pathlib.Path("c.png").exists()
    pixity("data", "candles", "S", "--png", "a.png", "--svg", "a.svg", "--force")
    assert [pathlib.Path(name).read_bytes() for name in ("a.png", "a.svg")] == before


@test
def what_cannot_be_shown():
    stored(walk(2))
    fails("data", "candles", "SS", words=("SS",))
    fails("data", "candles", "S", "--start", "2023-01-01", words=("S", "2023-01-01"))
    fails("data", "candles", "S", "--start", "2022-01-05", "--end", "2022-01-04", words=("start",))
    fails("data", "candles", "S", "--timeframe", "7x", words=("7x",))
    fails("data", "candles", "S", "--png", "a.jpg", words=("--png", ".png", "a.jpg"))
    fails("data", "candles", "S", "--svg", "a.png", words=("--svg", ".svg", "a.png"))
    fails("data", "candles", "S", "--png", "no/a.png", words=("no/a.png",))
    fails("data", "candles", "S", "--png", "a.png", "--csv", words=("one at a time",))
    fails("data", "candles", "S", "--size", "800x600", words=("--png",))
    fails("data", "candles", "S", "--png", "a.png", "--size", "8x6", words=("8x6", "320x240"))
    fails("data", "candles", words=("SYMBOL",))
    pixity("data", "delete", "S")
    fails("data", "candles", "S", words=("S",))
    assert table("data", "list") == [] and json.loads(pixity("data", "list", "--json").stdout) == []


main()
