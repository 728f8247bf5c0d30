# SPDX-License-Identifier: Apache-2.0
"""The strategy that docs/strategies.md shows is added as it says: its file and its line in the table, the rest of the
build as it is. It is then listed, runs, and trades by its rule."""
import json
import os
import pathlib
import re
import shlex
import subprocess

from harness import BIN, SOURCE, main, pixity, test

BUILD = pathlib.Path(BIN).parent
TABLE = "src/strategies/strategy_table.c"


def blocks():
    """The blocks of C code in the document: the strategy's file and its line."""
    found = re.findall(r"^```c\n(.*?)^```$", (SOURCE / "docs/strategies.md").read_text(), re.M | re.S)
    assert len(found) == 2 and found[0].startswith("// SPDX") and found[1].count("\n") == 1, found
    return found


def compile_with_the_flags_of_the_build(source, like, output):
    """As the build compiles the file `like`, but for input and output."""
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    (command,) = [c["command"] for c in commands if c["file"].endswith(like) and "libpixity_core" in c["output"]]
    words = shlex.split(command)
    for option, value in (("-o", output), ("-c", source)):
        words[words.index(option) + 1] = str(value)
    for option in ("-MF", "-MQ"):
        words[words.index(option) + 1] = f"{output}.d"
    subprocess.run(words, cwd=BUILD, check=True)


def link(objects, output):
    """The program from its own objects, these and the library's, in which these come first."""
    rules = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "pixity"], capture_output=True, text=True,
                           check=True).stdout
    links = {words[words.index("-o") + 1]: words for words in map(shlex.split, rules.splitlines())
             if "-o" in words and "-c" not in words}
    program = links["pixity"]
    library = next(words for name, words in links.items() if name.startswith("libpixity.so"))
    own = [word for word in program if word.endswith(".o")]
    server = [word for word in program if re.search(r"\.(so|a)$", word)]
    parts = [word for word in library
             if re.search(r"\.(so|a)$", word) and "core" not in word or word.startswith(("-l", "-L", "-pthread"))]
    shared = [*(BUILD / part for part in parts if part.endswith(".so")), pathlib.Path(os.environ["PIXITY_DUCKDB"])]
    paths = [f"-Wl,-rpath,{part.resolve().parent}" for part in shared]
    command = [program[0], "-o", output, *own, *objects, *server, "libpixity_core.a", *parts, *paths]
    subprocess.run(command, cwd=BUILD, check=True)


def build_with_strategy(folder):
    code, line = blocks()
    table = (SOURCE / TABLE).read_text()
    first = re.search(r"^ +X\(pxi_pixityai_meta\) +\\\n", table, re.M)
    (folder / "rsi_swing.c").write_text(code)
    (folder / "table.c").write_text(table[:first.end()] + line + table[first.end():])
    for name in ("rsi_swing", "table"):
        compile_with_the_flags_of_the_build(folder / f"{name}.c", TABLE, folder / f"{name}.o")
    link([folder / "rsi_swing.o", folder / "table.o"], folder / "pixity")
    return folder / "pixity"


@test
def the_documented_strategy_is_added_and_trades():
    program = build_with_strategy(pathlib.Path.cwd())
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 90, "--seed", 3, "--start", "2022-01-03")

    def run(*arguments):
        result = subprocess.run([program, "--home", "home", *arguments], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout

    listed, known = run("strategies", "--csv"), pixity("strategies", "--csv").stdout
    assert [row for row in listed.splitlines() if not row.startswith("rsi_swing,")] == known.splitlines()
    assert len(listed.splitlines()) == len(known.splitlines()) + 1
    document = json.loads(run("backtest", "--strategy", "rsi_swing", "--symbol", "DEMO", "--timeframe", "5m",
                              "--run-id", "swing", "--json"))
    trades = json.loads(run("runs", "trades", "swing", "--full", "--json"))
    assert document["strategy"] == "rsi_swing" and document["metrics"]["# Trades"] == len(trades) > 10
    assert {trade["direction"] for trade in trades} == {"long"} and {trade["tag"] for trade in trades} == {"swing"}
    assert {"stop_loss", "exit_signal"} <= {trade["exit_reason"] for trade in trades}
    assert all(trade["target"] is None and trade["stop"] < trade["entry_price"] for trade in trades)
    assert max(trade["bars_held"] for trade in trades) <= 50


main()
