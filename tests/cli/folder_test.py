#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folders and several files: each is read by itself, a bad one is named and does not stop the others, and the number of
threads changes nothing."""
import json
import pathlib

from harness import main, pixity, test
from lab import HOME, document, fails, rows_of, walk, write_bars


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
        assert "E: 20 of 750 rows" in text and "E.csv: close is" in text, text
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


main()
