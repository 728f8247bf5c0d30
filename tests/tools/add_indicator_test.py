# SPDX-License-Identifier: Apache-2.0
"""The indicator that docs/features.md shows is added as it says: its file and its line in the table. A strategy that names
a column of it is then given its values, and a wrong name or number is told."""
import csv
import io
import pathlib
import subprocess

from harness import SOURCE, main, pixity, test
from rebuild import blocks, rebuild, with_line

TABLE = "src/indicators/indicator_table.c"
CROSS = "src/strategies/ema_cross.c"


def build_with_indicator(folder, column):
    """ema_cross with this column in the place of its fast average."""
    code, line = blocks("docs/features.md", 2)
    assert code.startswith("// SPDX") and line.count("\n") == 1
    cross = (SOURCE / CROSS).read_text()
    assert cross.count('"ema(fast)"') == 1
    folder.mkdir()
    return rebuild(folder, {
        "highest": (TABLE, code),
        "table": (TABLE, with_line(TABLE, line)),
        "cross": (CROSS, cross.replace('"ema(fast)"', f'"{column}"')),
    })


def run(program, *arguments):
    return subprocess.run([program, "--home", "home", *arguments], capture_output=True, text=True)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def crossings(bars):
    """Where the highest close of three bars comes above EMA(50)."""
    closes, found, average, before = [], [], None, False
    for i, bar in enumerate(bars):
        closes.append(float(bar["close"]))
        average = closes[0] if i == 0 else average + 2 / 51 * (closes[i] - average)
        if i < 2:
            continue
        highest = max(closes[i - 2:])
        if before and highest > average:
            found.append(bar["timestamp"])
        before = highest <= average
    return found


@test
def the_documented_indicator_is_added_and_seen_by_a_strategy():
    program = build_with_indicator(pathlib.Path.cwd() / "highest", "highest(3)")
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 60, "--seed", 3, "--start", "2022-01-03")
    result = run(program, "backtest", "--strategy", "ema_cross", "--symbol", "DEMO", "--timeframe", "5m", "--run-id", "a")
    assert result.returncode == 0, result.stderr
    events = rows_of(run(program, "runs", "events", "a", "--csv").stdout)
    bars = rows_of(pixity("resample", "--symbol", "DEMO", "--timeframe", "5m").stdout)
    expected = crossings(bars)
    assert len(expected) > 20 and [event["ts"] for event in events] == expected


@test
def a_wrong_column_of_it_is_told():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 3, "--seed", 3, "--start", "2022-01-03")
    for column, said in (("highst(3)", 'did you mean "highest"?'), ("highest(0)", "a whole number from 1 to 10000"),
                         ("highest(3,4)", "highest takes 1 parameter (period), not 2")):
        folder = pathlib.Path.cwd() / column.translate({ord(c): "_" for c in "(),"})
        result = run(build_with_indicator(folder, column), "backtest", "--strategy", "ema_cross", "--symbol", "DEMO",
                     "--timeframe", "5m", "--run-id", "b")
        assert result.returncode == 2 and said in result.stderr and column in result.stderr, result.stderr


main()
