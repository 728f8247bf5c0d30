# SPDX-License-Identifier: Apache-2.0
"""Training one model on several symbols, and using it."""
import csv
import json
import pathlib

from harness import main, pixity, test
from lab import HOME, document, fails, is_local_time, listing, table

TIMEFRAME = ["--timeframe", "15m"]


def bars(*symbols, days=60):
    for seed, symbol in enumerate(symbols, 5):
        pixity("synth", "--symbol", symbol, "--days", days, "--seed", seed, "--kind", "trend", "--start", "2022-01-03")


def train(symbols, *more):
    return pixity("train", "--symbol", symbols, *TIMEFRAME, "--model-out", "pool", *more)


def models():
    return {name: content for name, content in listing().items() if name.startswith("models/")}


def labelled():
    with open(HOME / "models" / "pool_events.csv", newline="") as file:
        return list(csv.DictReader(file))


def check_labels(symbol, *source):
    """Pooled, an instrument has the labels that it has alone."""
    alone = table("labels", *source, *TIMEFRAME)
    assert [{key: row[key] for key in alone[0]} for row in labelled() if row["symbol"] == symbol] == alone


@test
def a_list_in_a_file_in_any_order_is_the_same_model():
    bars("AAA", "BBB", "CCC")
    train("AAA,BBB,CCC")
    first = models()
    pathlib.Path("list.txt").write_text("# all of them\nCCC\n aaa\nNSE_EQ|BBB\n")
    train("@list.txt")
    assert models() == first and len(first) == 5, first


@test
def the_report_tells_of_each():
    bars("AAA", "BBB", "CCC")
    text = train("AAA,BBB,CCC").stdout
    assert "Bars      3 instruments 15m, 2022-01-03 .. " in text and "\nInstruments: " in text, text
    report = json.loads(train("AAA,BBB,CCC", "--json").stdout)
    assert report["symbol"] is None and report["left_out"] == []
    assert [finding["code"] for finding in report["findings"]] == ["holiday"], report["findings"]  # walks trade on them
    assert [row["symbol"] for row in report["instruments"]] == ["AAA", "BBB", "CCC"]
    for row in report["instruments"]:
        line = next(line for line in text.splitlines() if line.startswith(f"  {row['symbol']} "))
        assert str(row["complete"]) in line.split(), line


@test
def labelled_events_name_their_instrument():
    bars("AAA", "BBB")
    report = json.loads(train("AAA,BBB", "--json").stdout)
    rows = labelled()
    assert {(row["instrument"], row["symbol"]) for row in rows} == {("NSE_EQ|AAA", "AAA"), ("NSE_EQ|BBB", "BBB")}
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)
    for symbol in ("AAA", "BBB"):
        check_labels(symbol, "--symbol", symbol)
    tested = [sum(row["fold"] == str(fold) for row in rows) for fold in range(1, 6)]
    assert tested == [fold["test_events"] for fold in report["folds_out_of_fold"]]


@test
def the_model_serves_each_of_its_instruments():
    bars("AAA", "BBB", "CCC")
    train("AAA,BBB", "--end", "2022-02-28")
    (model,) = table("models", "list")
    assert model["symbol"] == "AAA, BBB" and model["status"] == "ok" and is_local_time(model["train_end"]), model
    card = document("models", "show", "pool")
    assert [one["key"] for one in card["instruments"]] == ["NSE_EQ|AAA", "NSE_EQ|BBB"]
    assert sum(one["events"]["used"] for one in card["instruments"]) == card["events"]["used"]
    run = ["backtest", "--strategy", "pixityAI_meta", *TIMEFRAME, "--model", "pool", "--set", "long_threshold=0",
           "--set", "short_threshold=0", "--json"]
    inside = json.loads(pixity(*run, "--symbol", "BBB", "--end", "2022-02-28").stdout)
    assert inside["in_sample_trades"] == inside["metrics"]["# Trades"] > 0
    after = json.loads(pixity(*run, "--symbol", "AAA", "--start", "2022-03-01").stdout)
    assert after["in_sample_trades"] == 0 and not any("trained on" in text for text in after["warnings"])
    other = json.loads(pixity(*run, "--symbol", "CCC").stdout)
    assert any("trained on NSE_EQ|AAA, NSE_EQ|BBB" in text for text in other["warnings"]), other["warnings"]
    config = HOME / "models" / "pool_config.json"
    found = json.loads(pixity("backtest", "--config", config, "--symbol", "AAA", *TIMEFRAME, "--json").stdout)
    assert found["model"]["name"] == "pool", found["model"]


@test
def each_instrument_is_in_sample_inside_its_own_window():
    bars("AAA", days=40)
    bars("BBB", days=60)
    train("AAA,BBB")
    windows = {one["symbol"]: one["training_window"] for one in document("models", "show", "pool")["instruments"]}
    assert windows["AAA"]["end_us"] < windows["BBB"]["end_us"], windows
    pixity("synth", "--symbol", "AAA", "--days", 60, "--seed", 99, "--kind", "trend", "--start", "2022-03-01")
    run = ["backtest", "--strategy", "pixityAI_meta", *TIMEFRAME, "--model", "pool", "--set", "long_threshold=0",
           "--set", "short_threshold=0", "--start", "2022-03-01", "--end", "2022-03-21", "--json",
           "--accept", "split"]  # where the second draw begins
    counts = {symbol: json.loads(pixity(*run, "--symbol", symbol).stdout) for symbol in windows}
    assert counts["AAA"]["in_sample_trades"] == 0 < counts["AAA"]["metrics"]["# Trades"]
    assert counts["BBB"]["in_sample_trades"] == counts["BBB"]["metrics"]["# Trades"] > 0


@test
def those_with_too_little_are_left_out():
    bars("AAA", "BBB")
    bars("TINY", days=1)
    result = train("AAA,TINY,BBB")
    assert "WARNING   TINY is left out of the training: " in result.stdout, result.stdout
    assert "make 25 bars of 15m up to the end of the window" in result.stdout, result.stdout
    report = json.loads(train("AAA,TINY,BBB", "--json").stdout)
    assert [row["symbol"] for row in report["left_out"]] == ["TINY"] and len(report["instruments"]) == 2
    fails("train", "--symbol", "AAA,BBB,TINY", *TIMEFRAME, "--model-out", "other", "--start", "2030-01-01",
          words=["none of the 3 symbols can be trained on", "AAA", "2030-01-01"])


@test
def lists_that_cannot_be_trained_on():
    bars("AAA", "BBB")
    fails("train", "--symbol", "AAA,BBB", *TIMEFRAME, words=["--model-out is missing", "2 symbols"])
    fails("train", "--symbol", "AAA,BBC", *TIMEFRAME, "--model-out", "m", words=["BBC", "BBB"])
    fails("train", "--symbol", "AAA,NSE_EQ|AAA", *TIMEFRAME, "--model-out", "m", words=["names of one instrument"])
    pixity("data", "export", "--symbol", "AAA", "--out", "a.csv")
    for symbols in ("AAB,AAA", "AAA,AAB"):
        fails("train", "--input", "a.csv", "--symbol", symbols, *TIMEFRAME, "--model-out", "m",
              words=["a.csv: there are no bars of AAB", 'did you mean "AAA"'])


    pathlib.Path("splits.csv").write_text("ex_date,factor\n2022-02-01,2\n")
    pixity("data", "export", "--symbol", "BBB", "--out", "b.csv")
    lines = pathlib.Path("a.csv").read_text() + pathlib.Path("b.csv").read_text().split("\n", 1)[1]
    pathlib.Path("ab.csv").write_text(lines)
    fails("train", "--input", "ab.csv", "--symbol", "AAA,BBB", *TIMEFRAME, "--model-out", "m", "--adjustments",
          "splits.csv", words=["splits.csv", "for one symbol, not for 2"])


@test
def a_file_of_several_symbols_is_read_in_place():
    bars("AAA", "BBB", "CCC")
    for symbol in ("AAA", "BBB", "CCC"):
        pixity("data", "export", "--symbol", symbol, "--out", f"{symbol}.csv")
    texts = {symbol: pathlib.Path(f"{symbol}.csv").read_text().splitlines() for symbol in ("CCC", "AAA", "BBB")}
    pathlib.Path("all.csv").write_text("\n".join([texts["AAA"][0], *(line for text in texts.values() for line in text[1:])]))
    pixity("train", "--input", "all.csv", "--symbol", "bbb,AAA", *TIMEFRAME, "--model-out", "pool")
    check_labels("AAA", "--input", "AAA.csv")
    check_labels("BBB", "--input", "BBB.csv")


main()
