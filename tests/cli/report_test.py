# SPDX-License-Identifier: Apache-2.0
"""What the program prints for people to go on with: commands that can be pasted, times, what is damaged."""
import os
import pathlib
import re
import shlex
import subprocess

from harness import BIN, main, pixity, test
from lab import HOME, fails, is_iso_time, is_local_time, document, table, walk, write_bars


def bars(symbol="NIFTY 50", days=150):
    return pixity("synth", "--symbol", symbol, "--days", days, "--seed", 3, "--kind", "trend", "--start", "2022-01-03")


def suggested(result):
    """The commands that a report ends with."""
    return [line.strip() for line in result.stdout.splitlines() if line.startswith("  pixity ")]


def paste(command):
    script = f'pixity() {{ {shlex.quote(BIN)} "$@"; }}; {command}'
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True,
                          env={**os.environ, "PIXITY_HOME": "home"})


def pasted(result):
    commands = suggested(result)
    for command in commands:
        ran = paste(command)
        assert ran.returncode == 0, f"{command}: {ran.stderr}"
    return commands


@test
def a_trained_model_can_be_backtested_as_suggested():
    bars()
    trained = pixity("train", "--symbol", "nifty 50", "--timeframe", "15m", "--end", "2022-06-30")
    (command,) = pasted(trained)
    assert "--model 'NIFTY 50_15m'" in command and "--start 2022-07-01" in command, command
    assert "; 0 of " in paste(command).stdout, "trades in sample"


@test
def suggestions_keep_settings_and_folder():
    bars("ABC")
    HOME.rename("it's a home")
    where = ["--home", "it's a home", "--symbol", "ABC", "--timeframe", "15m", "--profile", "reference",
             "--set", "sl_mult=1.5"]
    (command,) = pasted(pixity("train", *where, "--end", "2022-06-30"))
    assert "--profile reference" in command and "--set sl_mult=1.5" in command, command
    run = pixity("backtest", "--strategy", "ema_cross", *where)
    assert len(pasted(run)) == 3 and not HOME.exists()


@test
def suggestions_for_files_read_in_place():
    bars("ABC")
    pixity("data", "export", "--symbol", "ABC", "--out", "my bars.csv")
    (command,) = pasted(pixity("train", "--input", "my bars.csv", "--timeframe", "15m", "--end", "2022-06-30"))
    assert "--input 'my bars.csv'" in command, command
    run = pixity("backtest", "--strategy", "ema_cross", "--input", "my bars.csv", "--timeframe", "15m")
    assert re.search(r"^Run +ema_cross-my-bars-15m-", run.stdout, re.M), run.stdout


@test
def a_model_that_has_seen_all_bars_is_said_to():
    bars("ABC")
    trained = pixity("train", "--symbol", "ABC", "--timeframe", "15m")
    assert suggested(trained) == [] and "train with --end" in trained.stdout


@test
def nothing_is_suggested_under_json_and_csv():
    bars("ABC")
    for form in ("--json", "--csv"):
        run = pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "15m", form)
        assert "Look further" not in run.stdout and suggested(run) == []


@test
def times_of_csv_are_local_everywhere():
    bars("ABC")
    pixity("train", "--symbol", "ABC", "--timeframe", "15m", "--end", "2022-06-30")
    pixity("backtest", "--strategy", "pixityAI_meta", "--symbol", "ABC", "--timeframe", "15m", "--run-id", "r")
    (model,) = table("models", "list")
    assert model["train_start"] == "2022-01-03 09:15:00" and is_local_time(model["train_end"]), model
    (model,) = document("models", "list")
    assert is_iso_time(model["train_start"]) and is_iso_time(model["train_end"]), model
    (run,) = table("runs", "list")
    assert is_local_time(run["created"]), run
    (listed,) = document("runs", "list")
    assert is_iso_time(listed["created"]), listed
    rows = {row["key"]: row["value"] for row in table("runs", "show", "r")}
    assert rows["created"] == run["created"] and is_local_time(rows["model.train_end"]), rows
    assert rows["data.first_bar"] == "2022-01-03 09:15:00" and rows["start"] == "2022-01-03", rows


@test
def a_run_that_is_another_documents_is_damaged():
    bars("ABC")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "15m", "--run-id", "r")
    for text in ("{}", "[1]", '{"run_id": "other", "metrics": {}}', '{"run_id": 1}'):
        pathlib.Path("home/runs/r/run.json").write_text(text)
        for verb in ("show", "trades", "events"):
            fails("runs", verb, "r", status=1, words=["run r is damaged", "pixity runs delete r"])
    pixity("runs", "delete", "r")


@test
def symbols_that_cannot_be_stored_leave_all_out():
    rows = [[*row, name] for row, name in zip(walk(1), ("AAA", "B%00é"))]
    write_bars("two.csv", rows, "timestamp,open,high,low,close,volume,symbol")
    fails("import", "two.csv", words=["two.csv", "B%00é", "cannot be an instrument's name"])
    assert not HOME.exists()
    for name in ("a|b", "[FO]", "a\tb"):
        fails("import", "two.csv", "--symbol", name, words=["two.csv"])
    assert not HOME.exists()


@test
def one_symbol_in_two_cases_is_one_instrument():
    a, b = walk(1, seed=1), walk(1, seed=2)
    write_bars("a.csv", [[*row, "abc"] for row in a] + [[*row, "ABC"] for row in b],
               "timestamp,open,high,low,close,volume,symbol")
    fails("import", "a.csv", words=["a.csv", "ABC", "--on-conflict"])
    assert not HOME.exists()


@test
def a_path_that_is_no_text_is_refused():
    name = os.fsdecode(b"\xff.csv")
    write_bars(name, walk(1))
    result = subprocess.run([BIN, "import", name, "--symbol", "A"], capture_output=True,
                            env={**os.environ, "PIXITY_HOME": "home"})
    assert result.returncode == 2 and b"UTF-8" in result.stderr and not HOME.exists(), result

@test
def bars_of_a_shorter_timeframe_are_refused():
    write_bars("one.csv", walk(2))
    for command in (["import", "one.csv", "--timeframe", "15m"], ["import", "one.csv", "--timeframe", "1d"],
                    ["resample", "--input", "one.csv", "--input-timeframe", "15m", "--timeframe", "1h"]):
        fails(*command, words=["one.csv", "these are no", "down to 1 minutes"])
    assert not HOME.exists()
    cut = [row for row in walk(3) if row[0][14:16] == "15"] + [["2022-01-06 15:00:00", *walk(1)[0][1:]],
                                                               ["2022-01-06 15:15:00", *walk(1)[1][1:]]]
    write_bars("hours.csv", cut)
    pixity("import", "hours.csv", "--timeframe", "1h")


@test
def a_folder_of_other_databases_is_refused():
    bars("ABC", days=2)
    fails("import", "home", words=["home/pixity.db is no DuckDB file"])


@test
def a_model_that_nobody_would_use_is_refused():
    bars("ABC", days=5)
    base = ["--symbol", "ABC", "--timeframe", "15m", "--model", "M"]
    fails("backtest", "--strategy", "ema_cross", *base, words=["--model M", "ema_cross uses no model"])
    fails("backtest", "--strategy", "pixityAI_meta", "--skip-meta-model", *base, words=["--model M", "skip_meta_model"])


@test
def events_of_a_run_have_price_and_range():
    bars("ABC")
    pixity("backtest", "--strategy", "pixityAI_meta", "--skip-meta-model", "--symbol", "ABC", "--timeframe", "15m",
           "--run-id", "r")
    rows = table("runs", "events", "r")
    assert rows and all(float(row["entry_price_at_event"]) > 0 and float(row["atr_at_event"]) > 0 for row in rows)


@test
def an_error_is_one_line_whatever_the_names():
    pixity("data", "list")
    line = fails("runs", "show", "a\n\x1b[31mb")
    assert "a??[31mb" in line, line


main()
