# SPDX-License-Identifier: Apache-2.0
"""Parquet as pandas 3.1.1 and pyarrow 26.0.1 write it (tests/cli/parquet): what DuckDB reads as something else than was
written is read right or refused in words that help."""
import csv
import io

from harness import SOURCE, main, pixity, test

FILES = SOURCE / "tests/cli/parquet"
OPEN = ["2648.95", "2650", "2651.05", "2649.4", "2648.1"]


def stored(name, symbol):
    pixity("import", FILES / f"{name}.parquet", *(["--symbol", symbol] if symbol == "ABC" else []))
    rows = list(csv.DictReader(io.StringIO(pixity("data", "export", "--symbol", symbol, "--csv").stdout)))
    assert [r["open"] for r in rows] == OPEN and [r["close"] for r in rows] == OPEN, rows
    assert [r["volume"] for r in rows] == ["5", "3", "9", "2", "7"], rows
    assert [r["timestamp"][11:16] for r in rows] == ["09:15", "09:16", "09:17", "09:18", "09:19"], rows


def refused(name, *words):
    result = pixity("import", FILES / f"{name}.parquet", status=2)
    for word in words:
        assert word in result.stderr, result.stderr
    assert pixity("data", "list", "--csv").stdout.count("\n") <= 1


@test
def numbers_that_are_not_what_was_meant_are_refused():
    refused("half", '"open"', "half floats")
    refused("decimal256", '"open"', "more than 38 digits")
    refused("twins", "close and Close")


@test
def thirty_two_bits_are_the_decimal_that_was_meant():
    stored("float32", "ABC")


@test
def periods_of_pandas_are_times():
    stored("period", "ABC")


@test
def names_of_two_levels_in_either_order():
    stored("levels", "ABC")
    stored("tickers", "A.NS")
    rows = pixity("data", "export", "--symbol", "B.NS", "--csv").stdout
    assert rows.count("\n") == 6, rows


@test
def a_day_of_bars_in_one_row_as_lists():
    stored("lists", "ABC")


@test
def and_as_a_list_of_structs():
    stored("structs", "ABC")


main()
