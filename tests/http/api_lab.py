# SPDX-License-Identifier: Apache-2.0
"""A home folder with something of everything, made once and copied for each test."""
import json
import pathlib
import shutil
import subprocess
import tempfile

from harness import BIN, pixity

_made = None
SYMBOL, DAYS = "S", 60


def _run(folder, *args, stdin=None):
    result = subprocess.run([BIN, "--home", str(folder / "home"), *args], input=stdin, capture_output=True, text=True)
    assert result.returncode == 0, (args, result.stderr[-3000:])
    return result.stdout


def _make(folder):
    _run(folder, "synth", "--symbol", SYMBOL, "--days", str(DAYS), "--seed", "3", "--kind", "trend")
    _run(folder, "synth", "--symbol", "OTHER", "--days", "3", "--seed", "4")
    for number in (1, 2, 3):
        _run(folder, "backtest", "--strategy", "ema_cross", "--symbol", SYMBOL, "--timeframe", "15m", "--run-id", f"r{number}",
             "--set", f"capital={number}00000")
    _run(folder, "train", "--symbol", SYMBOL, "--timeframe", "15m")
    _run(folder, "backtest", "--strategy", "pixityAI_meta", "--symbol", SYMBOL, "--timeframe", "15m", "--run-id", "meta")
    bars = _run(folder, "data", "export", "--symbol", SYMBOL, "--timeframe", "1m").splitlines()
    _run(folder, "stream", "--symbol", SYMBOL, "--timeframe", "15m", "--strategy", "ema_cross", "--account", "acc",
         "--warmup-days", "0", stdin="\n".join(bars[:4000]) + "\n")
    _add_failed(folder / "home/runs")


def _add_failed(runs):
    """As a run is stored that failed in the work: its document alone, without results."""
    document = json.loads((runs / "r1/run.json").read_text())
    document |= {"run_id": "broken", "status": "failed", "message": "out of memory", "metrics": None, "fingerprint": None}
    (runs / "broken").mkdir()
    (runs / "broken/run.json").write_text(json.dumps(document))


def seed():
    """Copies the home folder to ./home: runs r1, r2, r3 and meta, a failed run `broken`, model S_15m, account acc."""
    global _made
    if _made is None:
        _made = tempfile.TemporaryDirectory(prefix="pixity-seed-")
        _make(pathlib.Path(_made.name))
    shutil.copytree(pathlib.Path(_made.name) / "home", "home")


def rows(verb, *args):
    """The JSON of the same on the command line."""
    return json.loads(pixity(*verb.split(), *args, "--json").stdout)
