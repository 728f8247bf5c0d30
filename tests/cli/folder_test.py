#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folders and several files: each is read by itself, a bad one is named and does not stop the others, and the number of
threads changes nothing."""
import json
import pathlib

from harness import main, pixity, test
from lab import HOME, document, fails, moved, pack, rows_of, walk, write_bars


def put(path, rows):
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    return write_bars(path, rows)


def fill(folder, names="ABCDEF"):
    for i, name in enumerate(names):
        put(f"{folder}/{name}.csv", walk(2, seed=i + 1))


def stored(home=HOME):
    return {row["symbol"]: row["bars"] for row in document("data", "list", "--home", str(home))}


def spoil(folder):
    pathlib.Path(folder, "C.csv").write_text("no bars, at all\n1,2\n", encoding="utf-8")
    pathlib.Path(folder, "notes.txt").write_text("what I did\n", encoding="utf-8")
    rows = walk(2)
    put(f"{folder}/E.csv", [[*row[:4], "x", *row[5:]] if i < 20 else row for i, row in enumerate(rows)])


@test
def a_bad_file_does_not_stop_the_others():
    fill("bars")
    spoil("bars")
    result = pixity("import", "bars")
    for text in (result.stdout, result.stderr):
        assert "not stored: bars/C.csv: " in text and "not stored: bars/notes.txt: " in text, text
        assert "not stored: bars/E.csv: E: 20 of 750 rows" in text and "line 2: close is" in text, text
    assert stored() == dict.fromkeys("ABDF", 750), stored()
    report = document("import", "bars", "--on-conflict", "skip")
    assert len(report["problems"]) == 3 and report["stored"] == 0 and report["duplicate"] == 3000
    assert [problem["file"] for problem in report["problems"]] == ["bars"] * 3


@test
def strict_tells_by_the_exit_status():
    fill("bars")
    assert stored_after("good", "--strict") == 6
    spoil("bars")
    result = pixity("import", "bars", "--strict", status=2)
    assert "3 of the files" in result.stderr and "the others are" in result.stderr and "3000 stored" in result.stdout
    assert stored() == dict.fromkeys("ABDF", 750)


def stored_after(home, *more):
    pixity("import", "bars", "--home", home, *more)
    return len(stored(home))


@test
def files_that_are_named_are_held_to_the_same():
    fill("bars")
    spoil("bars")
    files = [f"bars/{name}.csv" for name in "ACE"]
    result = pixity("import", *files)
    assert "not stored: bars/C.csv" in result.stderr and "not stored: bars/E.csv: E: 20 of 750" in result.stderr
    assert stored() == {"A": 750}
    assert "2 of the files" in pixity("import", *files, "--on-conflict", "skip", "--strict", status=2).stderr
    fails("import", "bars/C.csv", words=("bars/C.csv",))
    fails("import", "bars/C.csv", "bars/notes.txt", words=("bars/C.csv",))
    fails("import", "bars/A.csv", "bars/none.csv", words=("no such file: bars/none.csv",))
    # A bar with other values asks a question; nothing is stored before it is answered.
    put("other/A.csv", [[*row[:5], "7"] for row in walk(2, seed=1)])
    put("other/Z.csv", walk(2, seed=9))
    fails("import", "other", words=("A bar", "--on-conflict"))
    assert "Z" not in stored()


def changed(rows, value):
    return [[*row[:5], value] for row in rows]


@test
def files_that_disagree_are_asked_about():
    rows = walk(3)
    put("bars/1.csv", rows[:500])
    put("bars/2.csv", changed(rows[480:490], "7") + rows[500:])
    for first, second, named in (("bars/1.csv", "bars/2.csv", ["bars"]), ("bars/1.csv", "bars/2.csv", ["bars/1.csv", "bars/2.csv"]),
                                 ("bars.zip/1.csv", "bars.zip/2.csv", [pack("bars")])):
        told = fails("import", *named, "--symbol", "S", words=(
            f"{second}: the S bar of {rows[480][0]} has other values than that of {first}; nothing stored", "--on-conflict skip"))
        assert not HOME.exists(), told
        preview = document("import", *named, "--symbol", "S", "--preview")
        assert f"than that of {first}" in preview["problem"] and preview["conflict"] == 10 and preview["new"] == 1125, preview
        series = preview["files"][-1]["series"][0]
        assert series["first_conflict"] == rows[480][0].replace(" ", "T") + "+05:30" and series["conflict_in_file"] == 0
        for way, counted, volume in (("skip", "skipped", rows[480][5]), ("replace", "replaced", "7")):
            home = f"{way}{len(named)}{len(named[0])}"
            report = document("import", *named, "--symbol", "S", "--on-conflict", way, "--home", home)
            assert report["stored"] == 1125 and report[counted] == 10 and report["duplicate"] == 0, report
            kept = rows_of(pixity("data", "export", "--symbol", "S", "--csv", "--home", home))[1]
            assert float(kept[480][5]) == float(volume), kept[480]
    put("stored/1.csv", changed(rows[:1], "9"))
    pixity("import", "stored", "--symbol", "S")
    fails("import", "bars/1.csv", "--symbol", "S", words=("bars/1.csv: the S bar of", rows[0][0], "than the stored one"))


@test
def each_file_is_judged_by_itself():
    """What is wrong with one file of four is seen, however much there is of the others."""
    rows = walk(8)
    fives = [[*rows[i][:2], *max_min(rows[i:i + 5]), rows[i + 4][4], "5"] for i in range(1125, 1500, 5)]
    for name, bad, words in (
            ("zone", moved(rows[1125:1500], -330), ("--tz UTC",)),
            ("ends", moved(rows[1125:1500], 1), ("--stamp close",)),
            ("rows", [[*row[:4], "x", row[5]] if i in (10, 110, 210, 310) else row for i, row in enumerate(rows[1125:1500])],
             ("4 of 375 rows", "--keep-good")),
            ("longer", fives, ("5m",))):
        for i, part in (("1", rows[:1125]), ("2", bad), ("3", rows[1500:])):
            pathlib.Path(name).mkdir(exist_ok=True)
            write_bars(f"{name}/{i}.csv", [["S", *row] for row in part], "symbol,timestamp,open,high,low,close,volume")
        timeframe = ("--timeframe", "1m") if name == "longer" else ()
        for files in ([name], [f"{name}/{i}.csv" for i in "123"], [pack(name)]):
            home = f"{name}{len(files)}{files[0][-1]}"
            report = pixity("import", *files, "--home", home, *timeframe)
            bad_file = f"{files[0]}/2.csv" if len(files) == 1 else f"{name}/2.csv"
            assert f"not stored: {bad_file}: " in report.stderr and all(word in report.stderr for word in words), report.stderr
            assert stored(home) == {"S": 2625}, (name, files, stored(home))
            assert "1 of the files" in pixity("import", *files, "--home", home, "--strict", *timeframe, status=2).stderr
        for path in (name, pack(name)):
            told = fails("backtest", "--input", path, "--symbol", "S", "--timeframe", "15m", "--strategy", "ema_cross",
                         *(("--input-timeframe", "1m") if timeframe else ()))
            assert f"{path}/2.csv: " in told and (name == "longer" or all(word in told for word in words)), told


def max_min(rows):
    return max((row[2] for row in rows), key=float), min((row[3] for row in rows), key=float)


@test
def limits_are_those_of_the_whole():
    fill("bars", "ABCD")
    for what in ("bars", pack("bars")):
        for option, most in (("--max-rows", "2900"), ("--max-bytes", "120000"), ("--max-memory", "120000")):
            told = fails("import", what, option, most, words=(option, "limit"))
            assert f" {what} " in told, told
        assert "3000 stored" in pixity("import", what, "--max-rows", "3000", "--max-bytes", "400000", "--home", f"{what}-home").stdout


@test
def files_too_short_to_show_a_timeframe_have_that_of_the_others():
    rows = walk(4)
    put("bars/1.csv", [row for row in rows if row[0][14:16] in ("15", "30", "45", "00")][:75])
    put("bars/2.csv", [row for row in rows if row[0][14:16] in ("15", "30", "45", "00")][75:77])
    for files in (["bars"], ["bars/1.csv", "bars/2.csv"], [pack("bars")]):
        home = f"{len(files)}{files[0][-1]}"
        pixity("import", *files, "--symbol", "S", "--home", home)
        assert [(row["timeframe"], row["bars"]) for row in document("data", "list", "--home", home)] == [("15m", 77)]


@test
def the_number_of_threads_changes_nothing():
    fill("bars", "ABCDEFGHIJ")
    spoil("bars")
    put("bars/2024/A.csv", walk(4, seed=1)[750:])
    put("bars/symbol=HIVE/part.csv", walk(2, seed=20))
    one = json.loads(pixity("import", "bars", "--threads", "1", "--json", "--home", "one").stdout)
    for threads in (2, 3, 7):
        home = f"many{threads}"
        assert json.loads(pixity("import", "bars", "--threads", str(threads), "--json", "--home", home).stdout) == one
        for symbol in stored("one"):
            export = ("data", "export", "--symbol", symbol, "--csv", "--home")
            assert rows_of(pixity(*export, home)) == rows_of(pixity(*export, "one")), symbol
    assert stored("one")["A"] == 1500 and stored("one")["HIVE"] == 750


@test
def each_file_has_its_own_forms():
    rows = walk(2, seed=1, start="2022-01-13")
    put("bars/1.csv", rows[:375])
    with open("bars/2.csv", "w", encoding="utf-8") as file:  # days first, semicolons, decimal commas
        file.write("Date;O;H;L;C;V\n")
        for row in rows[375:750]:
            when = f"{row[0][8:10]}.{row[0][5:7]}.{row[0][:4]} {row[0][11:]}"
            file.write(";".join([when, *(f"{float(value):.2f}".replace(".", ",") for value in row[1:5]), row[5]]) + "\n")
    report = pixity("import", "bars", "--symbol", "S")
    assert "750 stored" in report.stdout, report.stdout
    assert document("data", "list")[0]["bars"] == 750


@test
def a_preview_names_what_is_bad():
    fill("bars")
    spoil("bars")
    preview = document("import", "bars", "--preview")
    assert "bars/C.csv" in preview["problem"] and preview["read"] == 6 * 750 - 750
    assert not HOME.exists()


@test
def progress_counts_files():
    fill("bars")
    lines = [json.loads(line) for line in pixity("import", "bars", "--progress", "json").stderr.splitlines()]
    reads = [line for line in lines if line["phase"] == "read"]
    assert reads and {line["total"] for line in reads} == {6} and {"rate", "left_s"} <= set(reads[-1])


@test
def names_that_differ_in_case_are_one_series():
    rows = walk(4)
    for part, name, some in (("x", "tcs", rows[:700]), ("y", "TCS", rows[700:])):
        pathlib.Path("fold", part).mkdir(parents=True)
        write_bars(f"fold/{part}/{name}.csv", some)
    pixity("import", "fold")
    (entry,) = document("data", "log", "TCS")
    assert entry["stored"] == len(rows)
    pixity("data", "undo", "TCS")
    assert document("data", "list") == []


@test
def bars_of_other_symbols_are_counted():
    rows = walk(2)
    pathlib.Path("fold").mkdir()
    write_bars("fold/TCS.csv", rows)
    write_bars("fold/TCS_old.csv", rows[:3])
    said = pixity("import", "fold", "--symbol", "TCS").stdout
    assert "753 rows read, 750 stored" in said and "3 of other symbols" in said, said


@test
def names_of_one_instrument_are_one_series():
    rows = walk(4)
    other = [[*row[:5], str(int(row[5]) + 1)] for row in rows]
    pathlib.Path("fold").mkdir()
    for name, some in (("INFY", rows), ("INFOSYS", other), ("ZZ", rows)):
        write_bars(f"fold/{name}.csv", some)
    for _ in range(2):  # before there is a data folder, and with one
        fails("import", "fold", words=("fold/INFY.csv", "fold/INFOSYS.csv", "nothing stored"))
        assert document("data", "list") == []
    preview = document("import", "fold", "--preview")
    assert preview["conflict"] == len(rows), preview["conflict"]
    write_bars("fold/INFOSYS.csv", rows)
    pixity("import", "fold")
    assert [(one["symbol"], one["bars"]) for one in document("data", "list")] == [("INFY", 1500), ("ZZ", 1500)]


main()
