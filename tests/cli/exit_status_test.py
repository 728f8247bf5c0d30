# SPDX-License-Identifier: Apache-2.0
"""Wrong usage and bad input are exit 2, for every verb and kind of file; `pixity help`."""
import os
import pathlib

from harness import main, pixity, test
from lab import fails, walk, write_bars

BARS = ["--input", "ABC.csv", "--timeframe", "5m"]
BAD_FILES = ["nosuch.csv", "folder", "empty.csv", "words.csv", "bytes.csv", "nosuch/deep.csv", "ABC.csv/deep.csv"]

# verbs that read a file, whose name stands where FILE does
READERS = [
    ["import", "FILE", "--symbol", "X"],
    ["import", "FILE", "--symbol", "X", "--preview"],
    ["resample", "--timeframe", "5m", "--input", "FILE"],
    ["features", "--timeframe", "5m", "--input", "FILE"],
    ["events", "--timeframe", "5m", "--input", "FILE"],
    ["labels", "--timeframe", "5m", "--input", "FILE"],
    ["train", "--timeframe", "5m", "--input", "FILE"],
    ["audit", "--timeframe", "5m", "--input", "FILE"],
    ["backtest", "--strategy", "ema_cross", "--timeframe", "5m", "--input", "FILE"],
    ["data", "check", "--input", "FILE"],
    ["data", "adjust", "--symbol", "ABC", "--file", "FILE"],
    ["features", "--timeframe", "5m", "--symbol", "X", "--data-dir", "FILE"],
    ["features", *BARS, "--adjustments", "FILE"],
    ["features", *BARS, "--config", "FILE"],
    ["config", "show", "--config", "FILE"],
    ["features", "--timeframe", "5m", "--symbol", "@FILE"],
    ["backtest", "--strategy", "ema_cross", *BARS, "--set", "fee_table=FILE"],
    ["fees", "--set", "fee_table=FILE"],
    ["backtest", "--strategy", "precomputed", *BARS, "--signals", "FILE"],
    ["backtest", "--strategy", "pixityAI_meta", *BARS, "--model", "FILE"],
    ["models", "import", "FILE", "--name", "x", "--symbol", "ABC", "--timeframe", "5m"],
    ["models", "import-sklearn", "FILE", "--name", "x", "--symbol", "ABC", "--timeframe", "5m"],
]

# (arguments, a word of the message)
WRONG = [
    ([], "say what to do"),
    (["fly"], "fly"),
    (["bcktest"], "backtest"),
    (["runs"], "list"),
    (["runs", "lst"], "list"),
    (["--nosuch"], "nosuch"),
    (["features", "--nosuch"], "nosuch"),
    (["features", "--timeframe"], "timeframe"),
    (["features", *BARS, "extra"], "extra"),
    (["features", "--input", "ABC.csv", "--timeframe", "7x"], "7x"),
    (["features", "--input", "ABC.csv", "--timeframe", "0m"], "0m"),
    (["features", *BARS, "--start", "2022-13-01"], "2022-13-01"),
    (["features", *BARS, "--start", "2022-02-01", "--end", "2022-01-01"], "after"),
    (["features", *BARS, "--csv", "--json"], "exclude"),
    (["features", *BARS, "--data-dir", "folder"], "exclude"),
    (["features", *BARS, "--set", "ema"], "key=value"),
    (["features", *BARS, "--set", "nosuch=1"], "nosuch"),
    (["features", *BARS, "--set", "adx_min=x"], "adx_min"),
    (["features", *BARS, "--profile", "honst"], "honest"),
    (["features", *BARS, "--exchange", "NSEE"], "NSEE"),
    (["features", *BARS, "--log-level", "loud"], "loud"),
    (["features", *BARS, "--progress", "maybe"], "maybe"),
    (["features", "--timeframe", "5m"], "--symbol"),
    (["features", "--timeframe", "5m", "--symbol", "NOSUCH"], "NOSUCH"),
    (["backtest", *BARS, "--strategy", "ema_crss"], "ema_cross"),
    (["backtest", *BARS, "--strategy", "ema_cross", "--capital", "-1"], "capital"),
    (["backtest", *BARS, "--strategy", "ema_cross", "--run-id", "a/b"], "a/b"),
    (["backtest", *BARS, "--strategy", "ema_cross", "--product", "swap"], "swap"),
    (["backtest", *BARS, "--strategy", "precomputed"], "--signals"),
    (["backtest", *BARS, "--strategy", "pixityAI_meta"], "model"),
    (["backtest", *BARS, "--strategy", "pixityAI_meta", "--model", "./bare.ubj"], "card"),
    (["backtest", *BARS, "--strategy", "pixityAI_meta", "--model", "./torn.ubj"], "torn"),
    (["train", *BARS, "--learner", "gtb"], "gbt"),
    (["train", *BARS, "--model-out", "a/b"], "a/b"),
    (["import", "ABC.csv", "--symbol", "X", "--tz", "Asia/Kolkatta"], "Kolkatta"),
    (["import"], "FILE"),
    (["synth", "--symbol", "X", "--days", "0", "--seed", "1"], "days"),
    (["synth", "--symbol", "X", "--days", "x", "--seed", "1"], "days"),
    (["synth", "--symbol", "X", "--days", "1", "--seed", "1", "--kind", "wlk"], "walk"),
    (["data", "export", "--symbol", "ABC", "--out", "nosuch/x.csv"], "nosuch"),
    (["data", "export", "--symbol", "ABC", "--out", "nosuch/x.parquet"], "nosuch"),
    (["data", "export", "--symbol", "ABC", "--out", "x.xlsx"], ".csv"),
    (["data", "export", "--symbol", "ABC", "--out", "ABC.csv"], "exists"),
    (["data", "export", "--symbol", "ABC", "--out", "ABC.csv/x.csv"], "ABC.csv"),
    (["data", "export", "--symbol", "ABC", "--start", "2040-01-01"], "window"),
    (["data", "instruments", "NOSUCH", "--tick", "1"], "NOSUCH"),
    (["data", "instruments", "--tick", "1"], "NAME"),
    (["data", "adjust", "--symbol", "ABC", "--ex-date", "2022-01-05", "--factor", "0"], "factor"),
    (["runs", "show", "nosuch"], "nosuch"),
    (["runs", "trades", "nosuch"], "nosuch"),
    (["runs", "events", "nosuch"], "nosuch"),
    (["runs", "delete", "nosuch"], "nosuch"),
    (["runs", "export", "nosuch"], "nosuch"),
    (["runs", "export", "r", "--out", "nosuch/x"], "nosuch"),
    (["runs", "export", "r", "--table", "trads", "--out", "t.csv"], "trades"),
    (["runs", "export", "r", "--table", "trades", "--out", "nosuch/t.parquet"], "nosuch"),
    (["runs", "compare", "r"], "ID"),
    (["runs", "compare", "r", "nosuch"], "nosuch"),
    (["runs", "sql", "SELEC 1"], "query"),
    (["runs", "sql", "SELECT * FROM nosuch"], "nosuch"),
    (["report", "nosuch", "--out", "x.html"], "nosuch"),
    (["report", "r", "--out", "nosuch/x.html"], "nosuch"),
    (["report", "r", "--out", "folder"], "folder"),
    (["models", "show", "nosuch"], "nosuch"),
    (["models", "delete", "nosuch"], "nosuch"),
    (["account", "show", "nosuch"], "nosuch"),
    (["account", "halt", "nosuch"], "nosuch"),
    (["stream", "--symbol", "ABC", "--timeframe", "5m", "--warmup-days", "0", "--strategy", "ema_cross", "--feed", "carrier"],
     "carrier"),
    (["serve", "--port", "99999"], "port"),
    (["serve", "--bind", "nowhere"], "nowhere"),
    (["serve", "--bind", "0.0.0.0", "--port", "0"], "password"),
    (["completion", "fish!"], "fish!"),
    (["--home", "ABC.csv", "runs", "list"], "ABC.csv"),
    (["--home", "ABC.csv", "synth", "--symbol", "X", "--days", "1", "--seed", "1"], "ABC.csv"),
    (["--home", "nosuch", "runs", "show", "r"], "nosuch"),
    (["help", "fly"], "fly"),
    (["help", "bcktest"], "backtest"),
    (["help", "runs", "lst"], "list"),
    (["help", "train", "show"], "show"),
    (["help", "runs", "list", "all"], "all"),
]


def lay_out():
    write_bars("ABC.csv", walk(4, seed=1))
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "r")
    os.mkdir("folder")
    pathlib.Path("empty.csv").write_bytes(b"")
    pathlib.Path("words.csv").write_text("these,are\nonly,words\n")
    pathlib.Path("bytes.csv").write_bytes(bytes(range(256)) * 4)
    pathlib.Path("bare.ubj").write_text("x")
    pathlib.Path("torn.ubj").write_text("x")
    pathlib.Path("torn.card.json").write_text("{")


@test
def files_that_are_none():
    lay_out()
    stood = []
    for reader in READERS:
        for bad in BAD_FILES:
            call = [word.replace("FILE", bad) for word in reader]
            result = pixity(*call, status=None)
            if result.returncode != 2 or bad.split("/")[0].split(".")[0] not in result.stderr:
                stood.append((result.returncode, " ".join(call), result.stderr[:200]))
    assert not stood, "\n".join(map(str, stood))


@test
def usage_that_is_wrong():
    lay_out()
    stood = []
    for call, word in WRONG:
        result = pixity(*call, status=None)
        if result.returncode != 2 or word not in result.stderr:
            stood.append((result.returncode, " ".join(call), word, result.stderr[:200]))
    assert not stood, "\n".join(map(str, stood))


@test
def help_of_a_verb():
    for words in (["train"], ["workflow"], ["runs", "list"], ["serve"], ["help"]):
        assert pixity("help", *words).stdout == pixity(*words, "--help").stdout != ""
    assert pixity("help").stdout == pixity("--help").stdout
    assert pixity("help", "runs").stdout == pixity("runs", "--help").stdout
    assert "help" in pixity("--help").stdout


main()
