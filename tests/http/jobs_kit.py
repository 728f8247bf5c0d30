# SPDX-License-Identifier: Apache-2.0
"""A store for jobs, their folders and processes."""
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time

from harness import pixity
from http_kit import HANG_S

STORE = tempfile.TemporaryDirectory(prefix="pixity-store-")
QUICK = {"strategy": "ema_cross", "symbol": "AAA", "timeframe": "15m", "end": "2023-02-28"}
SLOW = {"symbol": "LONG", "timeframe": "1m"}  # a training of seconds


def store():
    """A home folder with AAA (60 days) and LONG (750 days), made once."""
    made = pathlib.Path(STORE.name, "home")
    if not made.exists():
        for symbol, days in (("AAA", 60), ("LONG", 750)):
            pixity("synth", "--symbol", symbol, "--days", days, "--seed", 7, "--kind", "trend", "--home", made)
    shutil.copytree(made, "home")


def until(what, found):
    """What the function gives once that is true."""
    end = time.monotonic() + HANG_S
    while not (value := found()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.005)
    return value


def folder(job):
    return pathlib.Path("home/jobs", str(job["id"]))


def fact(job, name):
    path = folder(job) / name
    return json.loads(path.read_text()) if path.exists() else None


def parent_of(pid):
    try:
        return int(pathlib.Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def processes(job):
    """Of a running job: its supervisor, and the verb's once it has become that."""
    supervisor = until("the supervisor", lambda: fact(job, "started.json"))["pid"]

    def verb():
        assert fact(job, "exit.json") is None, "the job was done before its verb was found"
        for name in os.listdir("/proc"):
            if name.isdigit() and parent_of(name) == supervisor:
                words = pathlib.Path("/proc", name, "cmdline").read_bytes().split(b"\0")
                return int(name) if b"run-job" not in words else None
    return supervisor, until("the verb's process", verb)


def is_gone(pid):
    try:
        return pathlib.Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


class Held:
    """A running job whose verb is held still, so that it cannot be done before it is let go."""

    def __init__(self, job, with_progress=False):
        self.supervisor, self.verb = processes(job)
        if with_progress:
            until("a line of progress", lambda: "\n" in (folder(job) / "progress.jsonl").read_text())
        os.kill(self.verb, signal.SIGSTOP)
        assert fact(job, "exit.json") is None, "the job was done before it could be held"

    def go_on(self):
        os.kill(self.verb, signal.SIGCONT)


def start(server, body, path="/api/v1/runs"):
    answer = server.post(path, body, status=202)
    job = answer.json
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    return job


def finish(server, body, path="/api/v1/runs", state="done"):
    job = server.wait_for_job(start(server, body, path)["id"])
    assert job["state"] == state, job
    return job


def result_of(server, job):
    return server.get(f"/api/v1/jobs/{job['id']}/result").json


def state(server, job):
    return server.get(f"/api/v1/jobs/{job['id']}").json["state"]
