# SPDX-License-Identifier: Apache-2.0
"""--parquet: the table of --csv in a Parquet file."""
import os
import pathlib
import resource
import subprocess

from harness import BIN, main, pixity, test
from lab import fails, walk, write_bars

BARS = ["--input", "ABC.csv", "--symbol", "ABC", "--timeframe", "5m"]


@test
def bars_come_back_as_they_were():
    write_bars("ABC.csv", walk(4, seed=1))
    for verb in ("resample", "features"):
        told = pixity(verb, *BARS, "--parquet", f"{verb}.parquet")
        assert told.stdout == "" and told.stderr == "", told
        data = pathlib.Path(f"{verb}.parquet").read_bytes()
        assert data[:4] == data[-4:] == b"PAR1" and b"Asia/Kolkata" in data and b"pixity" in data
    minutes = [*BARS[:4], "--timeframe", "1m"]
    pixity("resample", *minutes, "--parquet", "minutes.parquet")
    again = pixity("resample", "--input", "minutes.parquet", *minutes[2:], "--csv").stdout
    assert again == pixity("resample", *minutes, "--csv").stdout
    before = pathlib.Path("resample.parquet").read_bytes()
    pixity("resample", *BARS, "--parquet", "resample.parquet")
    assert pathlib.Path("resample.parquet").read_bytes() == before
    assert sorted(os.listdir()) == ["ABC.csv", "features.parquet", "minutes.parquet", "resample.parquet"], os.listdir()


@test
def every_verb_with_a_table():
    write_bars("ABC.csv", walk(8, seed=2))
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "5m", "--run-id", "r")
    stored = ["--symbol", "ABC", "--timeframe", "5m"]
    for i, words in enumerate([
            ["data", "list"], ["data", "instruments"], ["data", "export", "--symbol", "ABC"], ["events", *stored],
            ["data", "check", "--symbol", "ABC", "--timeframe", "1m"], ["labels", *stored], ["runs", "list"],
            ["runs", "trades", "r"], ["runs", "events", "r"], ["runs", "show", "r"], ["runs", "sql", "SELECT 1 AS x"],
            ["strategies"], ["fees"], ["models", "list"], ["config", "keys"], ["doctor"]]):
        told = pixity(*words, "--parquet", f"{i}.parquet")
        assert told.stdout == "", (words, told.stdout)
        assert pathlib.Path(f"{i}.parquet").read_bytes()[:4] == b"PAR1", words


@test
def what_cannot_be_written():
    write_bars("ABC.csv", walk(4, seed=1))
    fails("resample", *BARS, "--parquet", "x.parquet", "--json", words=["--json"])
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "5m", "--run-id", "r")
    none = pixity("runs", "export", "r", "--format", "json", "--parquet", "x.parquet", status=2)
    assert "no table" in none.stderr and "x.parquet" in none.stderr, none.stderr
    fails("resample", *BARS, "--parquet", "nowhere/x.parquet", words=["nowhere/x.parquet"])
    fails("resample", *BARS, "--parquet", "home", words=["home"])
    pathlib.Path("x.parquet").write_text("old")
    full = subprocess.run([BIN, "features", *BARS, "--parquet", "x.parquet"], capture_output=True, text=True, restore_signals=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    assert full.returncode != 0 and pathlib.Path("x.parquet").read_text() == "old", full
    assert not [name for name in os.listdir() if "tmp" in name], os.listdir()


main()
