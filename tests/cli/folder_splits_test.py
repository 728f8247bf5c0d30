#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder, and an archive, are the files in them named one by one: the same bars are stored, the same is told, with the same exit
status, however the bars of a series are split over files and whatever is wrong with some of these. PIXITY_SEED draws others."""
import json
import os
import pathlib
import random
import shutil

from harness import main, pixity, reduced, test
from lab import HEADER, moved, pack, rows_of, walk, write_bars

COUNTS = ("read", "stored", "duplicate", "rejected", "replaced", "skipped", "other_symbols")


def split(rng, rows, n):
    """Rows over files: day by day, in blocks, or one by one."""
    way = rng.choice(["days", "blocks", "rows"])
    if way == "rows":
        owner = [rng.randrange(n) for _ in rows]
    elif way == "days":
        days = {day: rng.randrange(n) for day in {row[0][:10] for row in rows}}
        owner = [days[row[0][:10]] for row in rows]
    else:
        edges = sorted(rng.randrange(len(rows)) for _ in range(n - 1))
        owner = [sum(i >= edge for edge in edges) for i in range(len(rows))]
    return [[row for row, of in zip(rows, owner) if of == i] for i in range(n)]


def close_of(row):
    return [*row[:4], row[2] if row[4] != row[2] else row[3], row[5]]


def blemish(rng, file, rows):
    """What may be wrong with one file."""
    kind = rng.choice(["nothing", "nothing", "order", "overlap", "conflict", "in_file", "zone", "ends", "rejects", "short", "empty",
                       "five", "sunday"])
    if kind == "order":
        file = rng.sample(file, len(file))
    elif kind in ("overlap", "conflict"):
        more = rng.sample(rows, min(len(rows), rng.randint(1, 20)))
        file = file + (more if kind == "overlap" else [close_of(row) for row in more])
    elif kind == "in_file" and file:
        file = file + [close_of(rng.choice(file))]
    elif kind == "zone":
        file = moved(file, -330)
    elif kind == "ends":
        file = moved(file, 1)
    elif kind == "rejects":
        share = rng.choice([0.002, 0.02, 1])
        file = [[*row[:4], "x", row[5]] if rng.random() < share else row for row in file]
    elif kind == "short":
        file = file[:rng.randint(1, 2)]
    elif kind == "five":
        file = [row for row in file if int(row[0][14:16]) % 5 == 0]
    elif kind == "sunday":
        file = file + moved(file[:60], 1440 * 6)
    else:
        file = [] if kind == "empty" else file
    return kind, file


def draw(rng, folder):
    """Several files of one or two symbols; gives back what was done to them."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    what = []
    symbols = rng.choice([[None], [None], ["S"], ["S", "T"]])
    n = rng.randint(2, 5)
    parts = [[] for _ in range(n)]
    for i, symbol in enumerate(symbols):
        rows = walk(rng.randint(1, 4), seed=rng.randrange(1000), minutes=rng.choice([375, 375, 120]))
        for k, file in enumerate(split(rng, rows, n)):
            kind, file = blemish(rng, file, rows) if rng.random() < 0.5 else ("nothing", file)
            what.append(kind)
            parts[k] += [[symbol, *row] if symbol else row for row in file]
    for k, file in enumerate(parts):
        write_bars(f"{folder}/{k}.csv", file, ("symbol," if symbols[0] else "") + HEADER)
    if rng.random() < 0.2:
        pathlib.Path(folder, "x.txt").write_text("no bars, at all\n1,2\n", encoding="utf-8")
        what.append("no table")
    return what, symbols


def has_rows(path):
    return len(pathlib.Path(path).read_text(encoding="utf-8").splitlines()) > 1 and path.endswith(".csv")


def options_of(rng, symbols):
    options = ["--on-conflict", rng.choice(["error", "error", "skip", "replace"])]
    if symbols[0] is None:
        options += ["--symbol", "S"]
    for option in ("--keep-good", "--strict", "--as-is"):
        if rng.random() < 0.2:
            options.append(option)
    return options


def outcome(home, files, options, before, told_as=None):
    """What is stored, told and counted."""
    shutil.rmtree(home, ignore_errors=True)
    if before:
        pixity("import", before, "--symbol", "S", "--home", home)
    result = pixity("import", *files, *options, "--json", "--home", home, status=None)
    bars = {}
    for row in json.loads(pixity("data", "list", "--json", "--home", home).stdout):
        export = ("data", "export", "--symbol", row["symbol"], "--timeframe", row["timeframe"], "--csv", "--home", home)
        bars[row["symbol"], row["timeframe"]] = rows_of(pixity(*export))[1]
    report = json.loads(result.stdout) if result.stdout else {}
    problems = [problem["reason"] for problem in report.get("problems", ())]
    told = (result.stderr, problems)
    if told_as:
        told = (result.stderr.replace(*told_as), [text.replace(*told_as) for text in problems])
    return {"status": result.returncode, "bars": bars, "counts": [report.get(name) for name in COUNTS], "told": told,
            "admission": sorted({(note["check"], note["verdict"]) for file in report.get("files", ()) for series in file["series"]
                                 for note in series["admission"]})}


@test
def a_folder_is_its_files():
    seed = os.environ.get("PIXITY_SEED", "1")
    seen = {"refused": 0, "problems": 0, "stored": 0}
    for i in range(6 if reduced("six random folders of 24") else 60 if "PIXITY_SOAK" in os.environ else 24):
        rng = random.Random(f"{seed} {i}")
        what, symbols = draw(rng, "bars")
        options = options_of(rng, symbols)
        before = write_bars("before.csv", [close_of(row) for row in walk(1, seed=rng.randrange(1000))]) if rng.random() < 0.3 else None
        files = sorted(f"bars/{name}" for name in os.listdir("bars"))
        named = outcome("named", files, options, before)
        note = f"seed {seed}, folder {i}: {what} {options}, {len(files)} files"
        same(outcome("whole", ["bars"], options, before), named, note)
        if len(files) > 1 and all(has_rows(path) for path in files):  # a member that is no table stops an archive
            same(outcome("packed", [pack("bars")], options, before, ("bars.zip", "bars")), named, f"{note}, packed")
        seen["refused"] += named["status"] == 2
        seen["problems"] += bool(named["told"][1])
        seen["stored"] += bool(named["bars"])
    assert all(seen.values()), seen


def same(found, wanted, note):
    for key, value in wanted.items():
        if key == "told" and isinstance(value, tuple):
            assert sorted(found[key][1]) == sorted(value[1]) and found[key][0] == value[0], f"{note}: {found[key]} {value}"
        else:
            assert found[key] == value, f"{note}: {key}: {str(found[key])[:600]} {str(value)[:600]}; told {found['told']} {wanted['told']}"


main()
