# SPDX-License-Identifier: Apache-2.0
"""The strategy that docs/strategies.md shows is added as it says: its file and its line in the table, the rest of the
build as it is. It is then listed, runs, and trades by its rule."""
import json
import pathlib
import subprocess

from harness import main, pixity, test
from rebuild import blocks, rebuild, with_line

TABLE = "src/strategies/strategy_table.c"


def build_with_strategy(folder):
    code, line = blocks("docs/strategies.md", 2)
    assert code.startswith("// SPDX") and line.count("\n") == 1
    return rebuild(folder, {"rsi_swing": (TABLE, code), "table": (TABLE, with_line(TABLE, line))})


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
