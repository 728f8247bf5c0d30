# SPDX-License-Identifier: Apache-2.0
"""Stored runs: beside each other, and out of the house."""
import json
import pathlib

from harness import main, pixity, test
from lab import HOME, document, fails, is_iso_time, is_local_time, listing, rows_of


def backtest(run_id, *args):
    return pixity("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", run_id,
                  *args)


def bars(symbol="S", days=60):
    pixity("synth", "--symbol", symbol, "--days", days, "--seed", 1, "--kind", "trend", "--start", "2022-01-03")


def lines_with(result, word):
    return [line for line in result.stdout.splitlines() if line.startswith(word)]


@test
def the_same_request_gives_identical_results():
    bars()
    backtest("a")
    backtest("b")
    text = pixity("runs", "compare", "a", "b")
    (line,) = lines_with(text, "IDENTICAL")
    assert "identical results: a, b" in line
    assert not lines_with(text, "NOT COMPARABLE") and "Nothing differs" in text.stdout
    both = document("runs", "compare", "a", "b")
    assert both["identical"] == [["a", "b"]] and both["config"] == {} and both["not_comparable"] == {}


@test
def numbers_are_those_of_the_runs_and_only_differences_are_listed():
    bars()
    backtest("a")
    backtest("b", "--set", "slippage_bps=5", "--set", "allow_short=true", "--capital", 50000)
    runs = {name: document("runs", "show", name) for name in "ab"}
    both = document("runs", "compare", "b", "a")
    assert [run["run_id"] for run in both["runs"]] == ["b", "a"]
    for name in "ab":
        assert {key: values[name] for key, values in both["metrics"].items()} == runs[name]["metrics"]
    assert both["config"] == {"slippage_bps": {"b": 5.0, "a": 0.0}, "allow_short": {"b": True, "a": False},
                              "capital": {"b": 50000.0, "a": 100000.0}}
    for key in ("n", "deflated_sharpe"):
        assert both["trials"][key] == {name: runs[name]["trials"][key] for name in "ba"}
    header, rows = rows_of(pixity("runs", "compare", "b", "a", "--csv"))
    assert header == ["metric", "b", "a"] and [row[0] for row in rows] == list(both["metrics"])
    for name, b, a in rows:
        assert [float(text) if text else None for text in (b, a)] == list(both["metrics"][name].values()), name
    text = pixity("runs", "compare", "b", "a").stdout
    assert "PnL [Rs] (gross) " in text and "PnL [Rs] (net) " in text and "# Trials in this store" in text
    assert "slippage_bps" in text and "sl_mult" not in text


@test
def what_forbids_comparing_comes_first():
    bars()
    bars("T")
    backtest("a")
    backtest("b", "--profile", "reference", "--start", "2022-02-01")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "T", "--timeframe", "15m", "--run-id", "c")
    result = pixity("runs", "compare", "a", "b", "c")
    notes = result.stdout.split("\n\n")[0].splitlines()
    assert any(line.startswith("WARNING") and " b: look-ahead" in line for line in notes), notes
    differ = [line for line in notes if line.startswith("NOT COMPARABLE")]
    assert ["symbol: a S, b S, c T" in differ[0], "window: a 2022-01-03" in differ[1],
            "profile: a honest, b reference, c honest" in differ[2]] == [True] * 3, differ
    csv = pixity("runs", "compare", "a", "b", "c", "--csv")
    assert csv.stderr.count("not comparable") == 3 and "b: look-ahead" in csv.stderr
    assert csv.stdout.startswith("metric,a,b,c\n")
    assert set(document("runs", "compare", "a", "b", "c")["not_comparable"]) == {"symbol", "window", "profile"}


@test
def in_sample_trades_are_told_first():
    bars(days=150)
    pixity("train", "--symbol", "S", "--timeframe", "15m", "--end", "2022-06-30", "--model-out", "m")
    for name, start in (("seen", "2022-03-01"), ("new", "2022-07-01")):
        pixity("backtest", "--strategy", "pixityAI_meta", "--model", "m", "--symbol", "S", "--timeframe", "15m",
               "--start", start, "--run-id", name)
    first = pixity("runs", "compare", "seen", "new").stdout.split("\n\n")[0]
    assert "seen: in sample: " in first and "new: in sample" not in first, first


@test
def runs_that_cannot_be_compared():
    bars()
    backtest("first")
    fails("runs", "compare", "first", words=["ID ID... is missing"])
    fails("runs", "compare", "first", "first", words=["first", "twice"])
    fails("runs", "compare", "first", "frist", words=["frist", 'did you mean "first"?'])


TABLES = {"equity", "fills", "orders", "signals", "trades"}


@test
def a_run_as_csv_is_what_the_verbs_print():
    bars()
    backtest("a")
    pixity("runs", "export", "a", "--out", "out")
    assert set(listing("out")) == {f"{name}.csv" for name in TABLES} | {"run.json"}
    for name, verb in (("trades", "trades"), ("signals", "events")):
        text = pathlib.Path("out", f"{name}.csv").read_text()
        assert text == pixity("runs", verb, "a", "--full", "--csv").stdout, name
        assert is_local_time(text.splitlines()[1][:19])
        pixity("runs", "export", "a", "--table", name, "--out", f"{name}.csv")
        assert pathlib.Path(f"{name}.csv").read_text() == text
        assert pixity("runs", "export", "a", "--table", name).stdout == text
    assert pathlib.Path("out/run.json").read_bytes() == (HOME / "runs/a/run.json").read_bytes()


@test
def a_run_as_parquet():
    bars()
    backtest("a")
    pixity("runs", "export", "a", "--out", "out", "--format", "parquet")
    assert set(listing("out")) == {f"{name}.parquet" for name in TABLES} | {"run.json"}
    pixity("runs", "export", "a", "--table", "trades", "--out", "trades.parquet")
    assert pathlib.Path("trades.parquet").read_bytes() == pathlib.Path("out/trades.parquet").read_bytes()
    assert pathlib.Path("trades.parquet").read_bytes()[:4] == b"PAR1"


@test
def a_run_as_one_document():
    bars()
    backtest("a")
    printed = pixity("runs", "export", "a").stdout
    pixity("runs", "export", "a", "--out", "a.json")
    assert pathlib.Path("a.json").read_text() == printed
    run = json.loads(printed)
    tables = run.pop("tables")
    assert run == json.loads((HOME / "runs/a/run.json").read_text()) and set(tables) == TABLES
    assert tables["trades"] == document("runs", "trades", "a", "--full")
    assert is_iso_time(tables["equity"][0]["ts"])
    report = json.loads(pixity("runs", "export", "a", "--table", "fills", "--out", "f.json", "--json").stdout)
    assert report == {"run_id": "a", "out": "f.json", "format": "json", "table": "fills"}
    assert json.loads(pathlib.Path("f.json").read_text()) == tables["fills"]


@test
def what_cannot_be_exported():
    bars()
    backtest("first")
    pathlib.Path("there").mkdir()
    for arguments, words in (
        (["frist", "--out", "x"], ["frist", 'did you mean "first"?']),
        (["first", "--out", "there"], ["there exists already"]),
        (["first", "--out", "x", "--table", "tades"], ["tades", 'did you mean "trades"?']),
        (["first", "--out", "x.csv"], ["x.csv", "--table"]),
        (["first", "--out", "x.csv", "--format", "json"], ["json", "x.csv", "disagree"]),
        (["first", "--out", "x", "--format", "jsno"], ["jsno", "json"]),
        (["first", "--csv"], ["--table"]),
        (["first", "--format", "parquet"], ["--out"]),
        (["first", "--out", ""], ["--out", "empty"]),
    ):
        fails("runs", "export", *arguments, words=words)
    fails("runs", "export", "first", "--out", "no/such/folder", words=["no/such/folder"])
    left = {path.name for path in pathlib.Path(".").iterdir()} - {HOME.name, "there"}
    assert not left, left


main()
