# SPDX-License-Identifier: Apache-2.0
"""What the measurements work on, made anew for each run in a folder that goes with it: synthetic, from fixed seeds.
The long series is NIFTY's minutes where the shared data are there, as many synthetic ones elsewhere."""
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile

from table import MINUTES, WALK

SEED = 20260816
SHARED = "nse_1m/NIFTY50_2012_2021.csv.gz"


class Data:
    def __init__(self, build, wanted, say):
        self.here = pathlib.Path(__file__).resolve().parent
        self.build, self.pixity, self.say = build, build / "pixity", say
        self.temporary = tempfile.TemporaryDirectory(prefix="bench-", dir=build)
        self.folder = pathlib.Path(self.temporary.name)
        at = lambda name: self.folder / name
        self.home, self.fresh, self.csv, self.minutes = at("home"), at("fresh"), at("minutes.csv"), at("minutes")
        self.million, self.events, self.rows, self.forest = at("million"), at("events"), at("rows"), at("forest")
        self.walk, self.five = at("walk"), [at(f"walk{k}") for k in range(5)]
        nifty = pathlib.Path(os.environ.get("PIXITY_SHARED", self.here.parent.parent / "shared"), "data", SHARED)
        self.source = "nifty" if wanted != "synthetic" and nifty.exists() else "synthetic"
        self.symbol = "NIFTY" if self.source == "nifty" else "SYNTHETIC"
        self.nifty = nifty

    def close(self):
        self.temporary.cleanup()

    # ---- making ----

    def run(self, *words, **more):
        return subprocess.run([str(word) for word in (self.pixity, *words)], check=True, stdout=subprocess.PIPE,
                              env={**os.environ, "PIXITY_HOME": str(self.home)}, **more).stdout

    def make(self):
        self.say("making data: stored bars")
        if self.source == "nifty":
            with gzip.open(self.nifty) as packed, open(self.csv, "wb") as out:
                shutil.copyfileobj(packed, out)
        else:
            self.run("synth", "--symbol", self.symbol, "--days", 2050, "--seed", 1, "--quiet")
            lines = self.run("data", "export", "--symbol", self.symbol, "--csv").splitlines(keepends=True)
            self.csv.write_bytes(b"".join(lines[:MINUTES + 1]))
            shutil.rmtree(self.home)
        self.run("import", self.csv, "--symbol", self.symbol, "--quiet")
        self.run("synth", "--symbol", "MILLION", "--days", 2740, "--seed", 1, "--quiet")
        self.writes_parquet = b"--parquet" in self.run("features", "--help")
        self.parquet = self.folder / "million.parquet"
        self.run("data", "export", "--symbol", "MILLION", "--out", self.parquet, "--quiet")
        self.say("making data: a model and a run")
        self.run("train", "--symbol", self.symbol, "--timeframe", "1m", "--model-out", "bench", "--quiet")
        self.run("backtest", "--strategy", "ema_cross", "--symbol", "MILLION", "--timeframe", "1m", "--run-id", "million",
                 "--quiet")
        self.say("making data: columns, events, rows, a forest")
        self.series("columns", self.csv, self.minutes)
        make = self.build / "bench" / "bench_make"
        for what in ("bars", "events", "rows", "forest"):
            subprocess.run([make, what, {"bars": self.million}.get(what, self.folder / what)], check=True)
        self.say("making data: walks")
        self.series("walk", WALK, self.walk)
        for k, path in enumerate(self.five):
            self.series("walk", 1_000_000, path, SEED + 1000 * k)

    def series(self, *words):
        """In a process of its own: the peak memory of a program is at least that of the process that starts it."""
        subprocess.run(["/usr/bin/python3", str(self.here / "series.py"), *map(str, words)], check=True)

    # ---- before a sample ----

    def make_large(self):
        """A run of ten million bars: half a minute of work, for a row that has to be asked for."""
        if (self.home / "runs" / "large").exists():
            return
        self.run("synth", "--symbol", "LARGE", "--days", 27_740, "--seed", 1, "--quiet")
        self.run("backtest", "--strategy", "ema_cross", "--symbol", "LARGE", "--timeframe", "1m", "--run-id", "large", "--quiet")

    def forget_run(self):
        shutil.rmtree(self.home / "runs" / "bench", ignore_errors=True)

    def forget_fresh(self):
        shutil.rmtree(self.fresh, ignore_errors=True)

    def forget_model(self):
        for path in (self.home / "models").glob("timed*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def forget_parquet(self):
        (self.folder / "features.parquet").unlink(missing_ok=True)

