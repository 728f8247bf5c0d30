#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How many requests a second `pixity serve` answers, measured with wrk over eight connections.

    run.py [SECONDS]     of each measurement (default 5)

/api/v1/runs with 1,000 stored runs has a goal. It stands beside /api/v1/session, which reads nothing and is a few
hundred bytes, and beside a file of the page: what the machine and the HTTP library manage at the same time.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent / "tests"), str(HERE.parent.parent / "tests" / "http")]
from harness import BIN  # noqa: E402
from http_kit import Server  # noqa: E402

RUNS, CONNECTIONS, GOAL = 1000, 8, 10_000


def run(*args):
    subprocess.run([BIN, "--home", "home", *args], check=True, stdout=subprocess.DEVNULL)


def store_runs():
    """One run, then copies of its folder under other names: the index is made of the folders."""
    run("synth", "--symbol", "S", "--days", "60", "--seed", "3", "--kind", "trend")
    run("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", "run-0")
    first = pathlib.Path("home/runs/run-0")
    document = json.loads((first / "run.json").read_text())
    for number in range(1, RUNS):
        name = f"run-{number}"
        shutil.copytree(first, first.parent / name)
        (first.parent / name / "run.json").write_text(json.dumps({**document, "run_id": name}))


def measure(server, path, seconds, *headers):
    extra = [argument for header in (f"Cookie: {server.cookie}", *headers) for argument in ("-H", header)]
    address = f"http://{server.host}:{server.port}{path}"
    text = subprocess.run(["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *extra, address], check=True,
                          capture_output=True, text=True).stdout
    assert "Non-2xx" not in text and "Socket errors" not in text, text
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return rate, re.search(r"99%\s+(\S+)", text)[1], re.search(r"Transfer/sec:\s+(\S+)", text)[1]


def main(seconds):
    os.chdir(tempfile.mkdtemp(prefix="pixity-bench-"))
    try:
        store_runs()
        with Server() as server:
            assert server.get("/api/v1/runs").json["total"] == RUNS
            rows = [
                ("session", "/api/v1/session", ()),
                ("icon", "/icon.svg", ()),
                ("runs", "/api/v1/runs", ()),
                ("runs_gzip", "/api/v1/runs", ("Accept-Encoding: gzip",)),
                ("runs_1000_gzip", "/api/v1/runs?limit=1000", ("Accept-Encoding: gzip",)),
            ]
            before = server.resident_kb()
            rates = {}
            for name, path, headers in rows:
                rates[name], slow, bytes_s = measure(server, path, seconds, *headers)
                note = f"; goal {GOAL}" + (" MISSED" if rates[name] < GOAL else "") if name == "runs" else ""
                print(f"http_{name:20}{rates[name]:10.0f} requests/s  99% in {slow}, {bytes_s}/s, "
                      f"{rates[name] / rates['session']:.2f} times session's{note}", flush=True)
            print(f"resident memory {before} kB before, {server.resident_kb()} kB after")
    finally:
        shutil.rmtree(os.getcwd())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
