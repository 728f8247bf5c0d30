# SPDX-License-Identifier: Apache-2.0
"""What a small file may unfold to: rows, bytes and memory have limits that options raise, and a preview takes the
same memory however large the file is."""
import gzip
import json
import os
import pathlib
import shutil
import subprocess

import duck
from harness import BIN, Skip, main, pixity, test

KINDS = ["bars.csv.gz", "bars.parquet", "bars.duckdb"]


def write_each(n):
    """The same bars as each kind of file."""
    duck.run("bars.duckdb", f"CREATE TABLE candles AS {duck.bars(n)}")
    duck.run(None, f"COPY ({duck.bars(n)}) TO 'bars.csv.gz' (FORMAT csv, HEADER, COMPRESSION gzip)",
             f"COPY ({duck.bars(n)}) TO 'bars.parquet' (FORMAT parquet)")


@test
def each_limit_is_named_with_its_option():
    write_each(20000)
    for path in KINDS:
        for option, value, words in (("--max-rows", "19999", "more than 19999 rows"),
                                     ("--max-bytes", "400K", "unfolds to more than 409600 bytes"),
                                     ("--max-memory", "600K", "more than 614400 bytes of memory")):
            for command in (["import", path], ["features", "--timeframe", "1m", "--input", path],
                            ["data", "check", "--input", path]):
                result = pixity(*command, option, value, status=2)
                said = f"{option} raises this limit"
                # DuckDB itself may need more than so little to open a file: that is the same limit
                assert said in result.stderr and (words in result.stderr or option == "--max-memory"), result.stderr
            assert not pathlib.Path("home/candles").exists()
        assert "20000 rows read" in pixity("import", path, "--max-rows", 20000, "--max-bytes", "8M", "--max-memory",
                                           "64M", "--preview").stdout
    result = pixity("import", KINDS[0], "--max-bytes", "8X", status=2)
    assert "8X" in result.stderr and "512M" in result.stderr
    assert "at least 1" in pixity("import", KINDS[0], "--max-rows", "0", status=2).stderr
    result = pixity("features", "--symbol", "ABC", "--timeframe", "1m", "--max-rows", "5", status=2)
    assert "go with --input" in result.stderr


@test
def blank_lines_unfold_too():
    duck.run(None, f"COPY ({duck.bars(2)}) TO 'bars.csv' (FORMAT csv, HEADER)")
    text = pathlib.Path("bars.csv").read_bytes() + b"\n" * 2000000
    pathlib.Path("bars.csv.gz").write_bytes(gzip.compress(text))
    assert "--max-bytes raises" in pixity("import", "bars.csv.gz", "--max-bytes", "1M", status=2).stderr


@test
def files_beside_bars_have_the_limits_too():
    duck.run(None, f"COPY ({duck.bars(2000)}) TO 'bars.csv' (FORMAT csv, HEADER)")
    rows = "SELECT TIMESTAMP '2022-08-16 09:15:00' + INTERVAL (i) MINUTE AS ts, 'BUY' AS side FROM range(300) r(i)"
    dates = ("SELECT DATE '1990-01-01' + CAST(i AS INTEGER) AS ex_date, IF(i % 2 = 0, 2, 0.5) AS factor "
             "FROM range(300) r(i)")
    duck.run(None, f"COPY ({rows}) TO 's.csv.gz' (FORMAT csv, HEADER, COMPRESSION gzip)",
             f"COPY ({rows}) TO 's.parquet' (FORMAT parquet)",
             f"COPY ({dates}) TO 'a.csv.gz' (FORMAT csv, HEADER, COMPRESSION gzip)",
             f"COPY ({dates}) TO 'a.parquet' (FORMAT parquet)")
    pixity("import", "--symbol", "ABC", "bars.csv")
    for ending in ("csv.gz", "parquet"):
        commands = [["backtest", "--symbol", "ABC", "--timeframe", "1m", "--strategy", "precomputed", "--signals",
                     f"s.{ending}"],
                    ["data", "adjust", "--symbol", "ABC", "--file", f"a.{ending}"]]
        for command in commands:
            for option, value in (("--max-rows", "299"), ("--max-bytes", "2000"), ("--max-memory", "4K")):
                if option == "--max-memory" and ending != "parquet":
                    continue  # text is read line by line
                result = pixity(*command, option, value, status=2)
                assert f"{option} raises this limit" in result.stderr and command[-1] in result.stderr, result.stderr
            pixity(*command, "--max-rows", "300")
    assert "go with --file" in pixity("data", "adjust", "--symbol", "ABC", "--max-rows", "5", status=2).stderr


@test
def what_a_folder_takes_is_told_of_the_first_in_order():
    folder = pathlib.Path("folder")
    folder.mkdir()
    for name, n in (("A.csv", 300000), ("B.csv", 100000)):  # read together, B is at its end while A is not
        duck.run(None, f"COPY ({duck.bars(n)}) TO 'folder/{name}' (FORMAT csv, HEADER)")
    for option, value, words in (("--max-memory", 20000000, "A.csv takes more than 20000000 bytes"),
                                 ("--max-rows", 350000, "B.csv: folder has more than 350000 rows"),
                                 ("--max-bytes", 100000, "A.csv: folder unfolds to more than 100000 bytes")):
        said = set()
        for n in (1, 2, 2, 8):
            shutil.rmtree("home", ignore_errors=True)
            result = pixity("import", "folder", option, value, "--threads", n, status=None)
            said.add(result.stdout + result.stderr)
        assert len(said) == 1 and words in said.pop(), (option, value, said)


@test
def a_preview_takes_the_same_memory_however_large_the_file():
    if b"__asan_init" in pathlib.Path(BIN).read_bytes() or b"__tsan_init" in pathlib.Path(BIN).read_bytes():
        raise Skip("sanitizers take memory of their own")
    write_each(3000000)
    for path in KINDS:
        with open("out.json", "wb") as out:
            child = subprocess.Popen([BIN, "import", "--preview", "--json", path], stdout=out)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = status
        (file,) = json.loads(pathlib.Path("out.json").read_text())["files"]
        assert status == 0 and (file["read"], file["complete"]) == (250000, False), (path, file)
        assert used.ru_maxrss < 100 * 1024, f"{path}: {used.ru_maxrss} KiB"
    assert "it goes on, and only these rows were looked at" in pixity("import", "--preview", path).stdout


main()
