# SPDX-License-Identifier: Apache-2.0
"""What the program writes is what the newest pandas, polars, pyarrow and DuckDB read, in an environment that
tools/get-readers makes: cells bit for bit, types, times of the exchange's zone, counts under filters, joins with the store."""
import pathlib
import subprocess

from harness import SOURCE, Skip, main, pixity, test

PYTHON = SOURCE / ".deps/readers/bin/python"
FORMATS = ("parquet", "arrow", "jsonl")


def write(name, *arguments):
    """A table in every format, and its CSV."""
    (pathlib.Path("out") / f"{name}.csv").write_text(pixity(*arguments, "--csv").stdout)
    for ending in FORMATS:
        said = pixity(*arguments, f"--{ending}", f"out/{name}.{ending}")
        assert said.stdout == "", said.stdout


def read_back():
    if not (SOURCE / ".deps/readers/installed").exists():
        raise Skip("no environment of readers (tools/get-readers)")
    (stored,) = pathlib.Path("home").glob("candles/*ABC*/1m/*.parquet")
    result = subprocess.run([PYTHON, SOURCE / "tests/cli/readers/read_back.py", "out", stored], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr[-6000:]
    for line in result.stdout.splitlines():
        print(line)


@test
def every_table_is_read_as_it_was_meant():
    pathlib.Path("out").mkdir()
    pixity("synth", "--symbol", "ABC", "--kind", "trend", "--days", 20, "--seed", 5, "--start", "2023-01-02")
    bars = ["--symbol", "ABC", "--timeframe", "5m"]
    write("bars", "data", "export", "--symbol", "ABC")
    write("features", "features", *bars)
    write("events", "events", *bars)
    write("labels", "labels", *bars)
    lines = [f"2023-01-02 09:{15 + i}:00,{100 + i},{101 + i},99,{100 + i},-0.0" for i in range(8)]
    pathlib.Path("NIL.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
    pixity("import", "NIL.csv", "--symbol", "NIL")
    write("zeroes", "data", "export", "--symbol", "NIL")
    pixity("backtest", *bars, "--strategy", "precomputed", "--signals", signals(), "--run-id", "r")
    for table in ("trades", "events"):
        write(table, "runs", table, "r", *(["--full"] if table == "trades" else []))
    pixity("backtest", *bars, "--strategy", "precomputed", "--signals", "signals.csv", "--run-id", "f", "--set", "lot_size=0.001")
    write("fractions", "runs", "trades", "f", "--full")
    assert "-0" not in pathlib.Path("out/zeroes.csv").read_text().replace("2023-01-02", "")
    assert '"volume": 0}' in pathlib.Path("out/zeroes.jsonl").read_text()
    read_back()


def signals():
    """Entries on events of the bars, whatever they are."""
    lines = ["timestamp,side"]
    for line in pathlib.Path("out/events.csv").read_text().splitlines()[1::3]:
        lines.append(",".join(line.split(",")[:2]))
    pathlib.Path("signals.csv").write_text("\n".join(lines) + "\n")
    return "signals.csv"


main()
