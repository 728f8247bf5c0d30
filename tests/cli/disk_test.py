# SPDX-License-Identifier: Apache-2.0
"""A full disk, a read-only disk: the command fails with 1, says so, and leaves nothing half-written."""
import contextlib
import os
import pathlib
import subprocess

from harness import Skip, main, pixity, test
from lab import document, listing, walk, write_bars


def mount(*args):
    if os.geteuid() != 0:
        raise Skip("mounting needs root")
    if subprocess.run(["mount", *args], capture_output=True).returncode:
        raise Skip("mounting is not allowed here")


@contextlib.contextmanager
def disk(size):
    """A small disk at ./disk."""
    pathlib.Path("disk").mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", "disk")
    try:
        yield pathlib.Path("disk")
    finally:
        subprocess.run(["umount", "-l", "disk"], check=True)


def remount(option):
    subprocess.run(["mount", "-o", f"remount,{option}", "disk"], check=True)


def fill(folder):
    """Takes all the space that is left."""
    with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            pass
    with contextlib.suppress(OSError), open(folder / "filler", "ab", buffering=0) as file:
        while file.write(b"x"):
            pass


def fails_on_disk(*args):
    """Exit 1 and one message; the home then holds what it held."""
    home = pathlib.Path("disk/home")
    before = listing(home)
    result = pixity(*args, "--home", home, status=1)
    lines = result.stderr.splitlines()
    assert result.stdout == "" and lines and all(line.startswith("pixity: ") for line in lines), result.stderr
    after = listing(home)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
               and not name.endswith(".lock")}
    database = {"pixity.db", "pixity.db-wal", "pixity.db-shm"}  # SQLite's own way to keep it whole
    assert changed <= database, f"{args}: changed {sorted(changed)}"
    return result.stderr


COMMANDS = {
    "import": ["import", "new.csv"],
    "more bars": ["import", "more.csv", "--symbol", "S"],
    "synth": ["synth", "--symbol", "T", "--days", "200", "--seed", "1"],
    "backtest": ["backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", "r"],
    "train": ["train", "--symbol", "S", "--timeframe", "5m"],
    "adjust": ["data", "adjust", "--symbol", "S", "--ex-date", "2022-03-01", "--factor", "2"],
}


READERS = {
    "data list": ["data", "list", "--csv"],
    "bars": ["data", "export", "--symbol", "S"],
    "runs list": ["runs", "list", "--csv"],
    "runs show": ["runs", "show", "there", "--json"],
    "runs trades": ["runs", "trades", "there", "--csv"],
    "runs compare": ["runs", "compare", "there", "too", "--csv", "--quiet"],
    "runs export": ["runs", "export", "there"],
    "instruments": ["data", "instruments", "--csv"],
    "models list": ["models", "list", "--csv"],
}


def prepare(home):
    rows = walk(80)
    write_bars("new.csv", walk(60, seed=5))
    write_bars("more.csv", rows)
    write_bars("S.csv", rows[: 60 * 375])
    pixity("import", "S.csv", "--home", home)
    for name in ("there", "too"):
        pixity(*COMMANDS["backtest"][:-1], name, "--home", home)


def looks(home, names=READERS):
    return {name: pixity(*READERS[name], "--home", home).stdout for name in names}


@test
def a_full_disk():
    with disk("24m") as folder:
        prepare(folder / "home")
        held = looks(folder / "home")
        fill(folder)
        for name, command in COMMANDS.items():
            message = fails_on_disk(*command)
            assert "space" in message or "full" in message or "write" in message, (name, message)
        assert looks(folder / "home") == held, "what is there cannot be read on a full disk"
        message = fails_on_disk("runs", "export", "there", "--out", folder / "out")
        assert "No space" in message and not any(folder.glob("out*")), message
        pixity("runs", "delete", "too", "--home", folder / "home")
        assert len(document("runs", "list", "--home", folder / "home")) == 1
        (folder / "filler").unlink()
        assert looks(folder / "home", READERS.keys() - {"runs list", "runs compare"}).items() <= held.items()
        for command in COMMANDS.values():
            pixity(*command, "--home", folder / "home")


@test
def a_read_only_disk():
    with disk("24m") as folder:
        prepare(folder / "home")
        held = looks(folder / "home")
        remount("ro")
        for name, command in COMMANDS.items():
            message = fails_on_disk(*command)
            assert "read-only" in message.lower() or "readonly" in message.lower(), (name, message)
        for command in (["runs", "delete", "there"], ["runs", "export", "there", "--out", folder / "out"]):
            assert "read-only" in fails_on_disk(*command).lower()
        assert looks(folder / "home") == held
        pixity("runs", "export", "there", "--out", "elsewhere", "--home", folder / "home")
        checks = {row["check"]: row for row in document_failing("doctor", "--home", folder / "home")}
        assert checks["write test"]["verdict"] == "failed"
        remount("rw")
        for command in COMMANDS.values():
            pixity(*command, "--home", folder / "home")


def document_failing(*args):
    import json
    return json.loads(pixity(*args, "--json", status=1).stdout)


@test
def a_home_that_cannot_be_made():
    pathlib.Path("file").write_text("x")
    result = pixity("data", "list", "--home", "file", status=None)
    assert result.returncode in (1, 2) and "file" in result.stderr
    result = pixity("synth", "--symbol", "S", "--days", "1", "--seed", "1", "--home", "file/below", status=None)
    assert result.returncode in (1, 2) and "file/below" in result.stderr
    assert pathlib.Path("file").read_text() == "x"


main()
