#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The page server: `serve.py PIXITY SECONDS`. From its start to the first page, and requests over eight connections by
wrk for so many seconds; CPU is the server's. Prints lines as bench.h says; n counts requests."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

PIXITY, SECONDS = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2])
os.environ["PIXITY_BIN"] = PIXITY
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests" / "kit"), str(HERE.parent / "tests" / "http")]
from http_kit import Server  # noqa: E402

RUNS, CONNECTIONS = 1000, 8
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def show(server, name, cpu, wall, n):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", status)[1])
    print(json.dumps({"name": name, "cpu": cpu, "wall": wall, "n": n, "result": [], "peak": peak}), flush=True)


def store_runs():
    """One run, then copies of its folder under other names: the index is made of the folders."""
    def run(*words):
        subprocess.run([PIXITY, "--home", "home", *words], check=True, stdout=subprocess.DEVNULL)

    run("synth", "--symbol", "S", "--days", "60", "--seed", "3", "--kind", "trend")
    run("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", "run-0")
    first = pathlib.Path("home/runs/run-0")
    document = json.loads((first / "run.json").read_text())
    for number in range(1, RUNS):
        name = f"run-{number}"
        shutil.copytree(first, first.parent / name)
        (first.parent / name / "run.json").write_text(json.dumps({**document, "run_id": name}))


def first_answer():
    began = time.perf_counter()
    server = Server(sign_in=False).start()
    try:
        server.get("/", status=401, session=False)  # the page that asks to sign in
        show(server, "serve_first_answer", cpu_of(server.process.pid), time.perf_counter() - began, 1)
    finally:
        server.stop()


def requests(server, name, path):
    server.get(path)
    before, began = cpu_of(server.process.pid), time.perf_counter()
    text = subprocess.run(["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Cookie: {server.cookie}",
                           f"http://{server.host}:{server.port}{path}"], check=True, capture_output=True, text=True).stdout
    wall = time.perf_counter() - began
    assert "Non-2xx" not in text and "Socket errors" not in text, text
    show(server, name, cpu_of(server.process.pid) - before, wall, int(re.search(r"(\d+) requests in", text)[1]))


with tempfile.TemporaryDirectory(prefix="pixity-bench-") as folder:
    os.chdir(folder)
    first_answer()
    store_runs()
    with Server() as running:
        assert running.get("/api/v1/runs").json["total"] == RUNS
        requests(running, "serve_session", "/api/v1/session")
        requests(running, "serve_runs", "/api/v1/runs")
    os.chdir("/")
