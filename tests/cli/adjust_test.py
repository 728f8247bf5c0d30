# SPDX-License-Identifier: Apache-2.0
"""Splits and bonuses through the program: added, listed, removed, and seen by every verb that reads bars."""
import json
import os
import pathlib
import subprocess

from harness import BIN, main, pixity, test
from lab import HOME, document, fails, listing, rows_of, table, walk, write_bars

EX = "2022-01-17"  # the eleventh session
STORED = HOME / "candles" / "NSE_EQ%7CABC" / "adjustments.csv"


def split(rows, factor, ex_date=EX):
    """As they would have been traded: a share of later dates is one factor-th of an earlier one."""
    return [row if row[0][:10] < ex_date else
            [row[0], *(repr(float(x) / factor) for x in row[1:5]), repr(float(row[5]) * factor)] for row in rows]


def adjusted(rows, factor, ex_date=EX):
    """What bars are to be in today's shares."""
    return [row if row[0][:10] >= ex_date else
            [row[0], *(repr(float(x) / factor) for x in row[1:5]), repr(float(row[5]) * factor)] for row in rows]


def stored(days=20, factor=2, symbol="ABC"):
    rows = split(walk(days), factor)
    write_bars(f"{symbol}.csv", rows)
    pixity("import", f"{symbol}.csv")
    return rows


def adjust(*args, **options):
    return pixity("data", "adjust", "--symbol", "ABC", *args, **options)


def exported(*args):
    return rows_of(pixity("data", "export", "--symbol", "ABC", *args))[1]


def numbers(rows):
    return [[row[0], *map(float, row[1:])] for row in rows]


@test
def added_and_shown():
    rows = stored()
    result = adjust("--ex-date", EX, "--factor", "2", "--note", "bonus 1:1")
    assert "1 added, 0 replaced, 0 there already" in result.stdout and result.stderr == ""
    (row,) = table("data", "adjust", "--symbol", "ABC")
    assert row == {"ex_date": EX, "factor": "2", "note": "bonus 1:1"}
    assert document("data", "adjust", "--symbol", "abc", "--list") == [
        {"ex_date": EX, "factor": 2, "note": "bonus 1:1"}]
    assert STORED.read_text() == f"ex_date,factor,note\n{EX},2,bonus 1:1\n"
    before, after = [r for r in rows if r[0][:10] < EX][-1], next(r for r in rows if r[0][:10] >= EX)
    (effect,) = table("data", "adjust", "--symbol", "ABC", "--ex-date", EX, "--factor", "2")
    assert (effect["bar_before"], effect["bar_after"]) == (before[0], after[0])
    assert float(effect["close_before"]) == float(before[4]) and float(effect["open_after"]) == float(after[1])
    assert float(effect["ratio_raw"]) == float(after[1]) / float(before[4])
    assert float(effect["ratio_adjusted"]) == float(after[1]) / (float(before[4]) / 2)
    assert effect["verdict"] == "fits"


@test
def a_factor_that_is_the_wrong_way_round():
    stored()
    result = adjust("--ex-date", EX, "--factor", "0.5")
    (line,) = result.stderr.splitlines()
    assert "warning" in line and "wrong way round" in line and "--factor 2 --replace" in line, line
    adjust("--ex-date", EX, "--factor", "2", "--replace")
    assert table("data", "adjust", "--symbol", "ABC")[0]["factor"] == "2"
    result = adjust("--ex-date", "2022-01-11", "--factor", "10", "--json")
    assert "adjusted already" in result.stderr
    assert [row["verdict"] for row in json.loads(result.stdout)] == ["no_jump"]


@test
def ex_dates_outside_the_bars_are_noted():
    stored()
    result = adjust("--ex-date", "2020-01-01", "--factor", "2")
    assert "note: 2020-01-01 lies before the stored bars" in result.stdout and result.stderr == ""
    result = adjust("--ex-date", "2023-01-02", "--factor", "5")
    assert "note: 2023-01-02 lies after the stored bars: all of them are divided by 5" in result.stdout
    assert numbers(exported("--adjusted"))[0][1] == float(exported()[0][1]) / 5
    result = pixity("data", "adjust", "--symbol", "RELIANCE", "--ex-date", "2017-09-07", "--factor", "2")
    assert "no bars are stored yet" in result.stdout


@test
def a_file_of_several():
    stored()
    pathlib.Path("list.csv").write_text("note,EX_DATE,factor\nsplit,2021-06-01,10\n,%s,4/2\n" % EX)
    result = adjust("--file", "list.csv")
    assert "2 added" in result.stdout
    assert "2 there already" in adjust("list.csv").stdout
    assert [row["ex_date"] for row in table("data", "adjust", "--symbol", "ABC")] == ["2021-06-01", EX]
    pathlib.Path("back.csv").write_text(pixity("data", "adjust", "--symbol", "ABC", "--csv").stdout)
    write_bars("DEF.csv", walk(2))
    pixity("import", "DEF.csv")
    pixity("data", "adjust", "--symbol", "DEF", "--file", "back.csv")
    everything = table("data", "adjust")
    assert [(row["symbol"], row["ex_date"], row["factor"]) for row in everything] == [
        ("ABC", "2021-06-01", "10"), ("ABC", EX, "2"), ("DEF", "2021-06-01", "10"), ("DEF", EX, "2")]
    adjust("--remove", "--ex-date", EX)
    assert [row["ex_date"] for row in table("data", "adjust", "--symbol", "ABC")] == ["2021-06-01"]
    assert len(table("data", "adjust", "--symbol", "DEF")) == 2


@test
def what_is_wrong():
    stored()
    name = ("data", "adjust", "--symbol", "ABC")
    for factor in ("0", "-2", "nan", "inf", "two", "1", "1:1", "1e9", "1e-9", "1/0"):
        fails(*name, "--ex-date", EX, "--factor", factor, words=["--factor", f'"{factor}"'])
    fails(*name, "--ex-date", "2022-02-30", "--factor", "2", words=["--ex-date", "2022-02-30"])
    fails(*name, "--ex-date", EX, words=["--factor is missing"])
    fails(*name, "--factor", "2", words=["--ex-date is missing"])
    fails(*name, "--remove", words=["--ex-date is missing"])
    fails(*name, "--remove", "--ex-date", EX, "--factor", "2", words=["--ex-date alone"])
    fails(*name, "--remove", "--ex-date", EX, words=[EX, "there are: none"])
    fails(*name, "--replace", words=["--replace"])
    fails(*name, "--list", "--ex-date", EX, "--factor", "2", words=["--list"])
    fails(*name, "--ex-date", EX, "--factor", "2", "--note", "a\nb", words=["note"])
    fails(*name, "--ex-date", EX, "--factor", "2", "--note", "x" * 200, words=["note"])
    fails("data", "adjust", "--ex-date", EX, "--factor", "2", words=["--symbol is missing"])
    fails("data", "adjust", "--symbol", "ABD", "--ex-date", EX, "--factor", "2", words=["ABD", "ABC"])
    fails(*name, "--file", "none.csv", words=["none.csv"])
    files = {"": "empty", "ex_date\n": "factor", "ex_date,factor\n": "no rows", f"ex_date,factor\n{EX},2\n{EX},2\n": "line 3",
             f"ex_date,factor\n2021-01-01,2\n{EX},x\n": "line 3", f"ex_date,factor,symbol\n{EX},2,ABC\n": "symbol"}
    for text, word in files.items():
        pathlib.Path("bad.csv").write_text(text)
        fails(*name, "--file", "bad.csv", words=["bad.csv", word])
    fails(*name, "bad.csv", "--file", "bad.csv", words=["one file"])
    adjust("--ex-date", EX, "--factor", "2")
    fails(*name, "--ex-date", EX, "--factor", "3", words=["nothing stored", EX, "--replace"])
    pathlib.Path("two.csv").write_text(f"ex_date,factor\n2021-01-01,2\n{EX},3\n")
    fails(*name, "--file", "two.csv", words=["nothing stored", EX])
    assert len(table(*name)) == 1


@test
def a_damaged_file_is_named_by_all_who_read_it():
    stored()
    adjust("--ex-date", EX, "--factor", "2")
    STORED.write_text(f"ex_date,factor,note\n{EX},2,\n2023-01-01,zwei,\n")
    for command in (["data", "adjust", "--symbol", "ABC"], ["data", "adjust"],
                    ["data", "export", "--symbol", "ABC", "--adjusted"],
                    ["resample", "--symbol", "ABC", "--timeframe", "5m"],
                    ["data", "adjust", "--symbol", "ABC", "--ex-date", "2023-01-01", "--factor", "2"]):
        fails(*command, status=1, words=["adjustments.csv", "line 3", "zwei"])
    assert exported()  # as they were traded


@test
def the_stored_bars_stay_as_they_were_traded():
    rows = stored()
    raw = exported()
    parquet = {name: digest for name, digest in listing().items() if name.endswith(".parquet")}
    adjust("--ex-date", EX, "--factor", "2")
    adjust("--ex-date", "2022-01-12", "--factor", "1.5")
    assert exported() == raw
    assert parquet == {name: digest for name, digest in listing().items() if name.endswith(".parquet")}
    wanted = [[row[0], *((x / (d := 3 if row[0] < "2022-01-12" else 2 if row[0] < EX else 1)) for x in row[1:5]), row[5] * d]
              for row in numbers(rows)]
    assert numbers(exported("--adjusted")) == wanted
    pixity("data", "export", "--symbol", "ABC", "--adjusted", "--out", "o.parquet")
    pixity("import", "o.parquet", "--symbol", "BACK")
    assert numbers(rows_of(pixity("data", "export", "--symbol", "BACK"))[1]) == wanted


@test
def every_verb_sees_adjusted_bars():
    """As if the bars had been stored in today's shares in the first place."""
    rows = stored(days=60)
    write_bars("HAND.csv", adjusted(rows, 2))
    pixity("import", "HAND.csv")
    adjust("--ex-date", EX, "--factor", "2")
    for verb in ("resample", "features", "events", "labels"):
        for timeframe in ("1m", "5m", "1h"):
            results = [pixity(verb, "--symbol", symbol, "--timeframe", timeframe).stdout for symbol in ("ABC", "HAND")]
            assert results[0] == results[1] and (results[0].count("\n") > 5 or timeframe == "1h"), (verb, timeframe)
    for symbol in ("ABC", "HAND"):
        pixity("backtest", "--strategy", "ehma_pivot", "--symbol", symbol, "--timeframe", "15m", "--run-id", symbol)
        pixity("train", "--symbol", symbol, "--timeframe", "5m", "--end", "2022-03-01", "--model-out", symbol)
    forests = [document("models", "show", symbol)["model_file"]["sha256"] for symbol in ("ABC", "HAND")]
    assert forests[0] == forests[1]
    trades = [pixity("runs", "trades", symbol, "--csv").stdout for symbol in ("ABC", "HAND")]
    assert trades[0] == trades[1] and trades[0].count("\n") > 5
    runs = [document("runs", "show", symbol) for symbol in ("ABC", "HAND")]
    assert [run["data"]["adjustments"] for run in runs] == [[{"ex_date": EX, "factor": 2}], []]
    assert f"adjusted: {EX} by 2" in runs[0]["data"]["source"]
    assert runs[0]["data"]["fingerprint"] != runs[1]["data"]["fingerprint"]


@test
def fingerprints_change_only_with_what_is_applied():
    stored()

    def run(name):
        pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "15m", "--run-id", name,
               "--accept", "split")
        shown = document("runs", "show", name)
        return shown["fingerprint"], shown["data"]["fingerprint"]

    raw = run("raw")
    adjust("--ex-date", "2020-01-01", "--factor", "2")
    assert run("early") == raw
    adjust("--ex-date", EX, "--factor", "2")
    two = run("two")
    assert two[0] != raw[0] and two[1] != raw[1]
    assert run("again") == two
    adjust("--ex-date", EX, "--remove")
    assert run("removed") == raw


@test
def bars_read_in_place():
    rows = stored()
    adjust("--ex-date", EX, "--factor", "2")
    pathlib.Path("list.csv").write_text(f"ex_date,factor\n{EX},2\n")
    where = ("--timeframe", "5m")
    direct = pixity("features", "--input", "ABC.csv", "--adjustments", "list.csv", *where).stdout
    assert direct == pixity("features", "--symbol", "ABC", *where).stdout
    assert direct != pixity("features", "--input", "ABC.csv", *where).stdout and rows
    fails("features", "--symbol", "ABC", "--adjustments", "list.csv", *where, words=["--adjustments", "data adjust"])
    fails("features", "--input", "ABC.csv", "--adjustments", "none.csv", *where, words=["none.csv"])
    pathlib.Path("list.csv").write_text(f"ex_date,factor\n{EX},0\n")
    fails("features", "--input", "ABC.csv", "--adjustments", "list.csv", *where, words=["list.csv", "line 2"])


@test
def writers_at_the_same_time():
    stored(days=1)
    env = {**os.environ, "PIXITY_HOME": "home"}
    years = range(2000, 2016)
    writers = [subprocess.Popen([BIN, "data", "adjust", "--symbol", "ABC", "--ex-date", f"{year}-01-03", "--factor", "2"],
                                env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for year in years]
    assert [writer.wait() for writer in writers] == [0] * len(writers)
    assert [row["ex_date"] for row in table("data", "adjust", "--symbol", "ABC")] == [f"{y}-01-03" for y in years]


main()
