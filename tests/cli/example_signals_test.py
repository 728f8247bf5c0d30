# SPDX-License-Identifier: Apache-2.0
"""examples/precomputed_signals: runs as it stands, its trades are the replay of its signals, and it notices signals
that look ahead."""
import pathlib
import subprocess
import sys

import pandas as pd
from harness import BIN, SOURCE, main, pixity, test
from lab import HOME, document, table

EXAMPLE = SOURCE / "examples" / "precomputed_signals" / "breakout.py"


def run_example(*arguments, script=EXAMPLE, status=0):
    command = [sys.executable, script, "--pixity", BIN, "--home", HOME, "--symbol", "DEMO", *arguments]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert result.returncode == status, result.stdout + result.stderr
    return result


def synth():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 60, "--seed", 5, "--start", "2022-01-03")


@test
def signals_become_a_run():
    synth()
    result = run_example("--start", "2022-02-01", "--run-id", "mine")
    signals = pd.read_csv("signals.csv")
    doc = document("runs", "show", "mine")
    assert doc["signals"]["rows"] == len(signals) > 100 and doc["signals"]["rejected"] == 0
    assert doc["signals"]["outside_window"] == (signals["timestamp"] < "2022-02-01").sum() > 0
    trades = table("runs", "trades", "mine", "--full")
    assert f"{len(signals)} signals" in result.stdout and f"in {len(trades)} trades" in result.stdout
    assert {trade["direction"] for trade in trades} == {"long", "short"}
    asked = signals.set_index("timestamp")
    closes = {bar["timestamp"]: bar for bar in table("resample", "--symbol", "DEMO", "--timeframe", "15m")}
    for trade in trades:
        signal = asked.loc[trade["signal_ts"]]
        assert trade["entry_ts"] > trade["signal_ts"] and trade["tag"] == "breakout"
        assert float(trade["entry_price"]) == float(closes[trade["entry_ts"]]["open"])
        distance = abs(float(trade["entry_price"]) - float(trade["stop"]))
        assert abs(distance - signal["stop_distance"]) <= 0.025 + 1e-9  # half a tick


@test
def look_ahead_is_noticed():
    synth()
    text = EXAMPLE.read_text()
    peeking = text.replace('frame["close"] > upper', 'frame["close"].shift(-1) > upper')
    assert peeking != text
    pathlib.Path("peeking.py").write_text(peeking)
    result = run_example(script="peeking.py", status=1)
    assert "look ahead" in result.stderr and not pathlib.Path("signals.csv").exists()


@test
def the_message_of_the_program_is_passed_on():
    synth()
    result = run_example("--timeframe", "7x", status=2)
    assert "7x" in result.stderr and "Traceback" not in result.stderr


main()
