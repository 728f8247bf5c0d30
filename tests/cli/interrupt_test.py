# SPDX-License-Identifier: Apache-2.0
"""SIGINT and SIGTERM at any step of the work: exit status 130, nothing half-written, and the next command works."""
import json
import os
import pathlib
import shutil
import signal
import subprocess

from harness import BIN, main, pixity, reduced, test
from lab import HOME, walk, write_bars

ENV = {**os.environ, "PIXITY_HOME": "home"}


def files(home=HOME):
    """What stands there, but for the database, locks and the journal, which also tells of an import that brought nothing."""
    return {str(path.relative_to(home)): path.stat().st_size for path in home.rglob("*")
            if path.is_file() and not path.name.startswith(("pixity.db", ".lock")) and path.parent.name != "journal"}


def stopped_at(line, number, *args):
    """Sends the signal when so many lines of progress have come. Gives the exit status, what was read and the message."""
    process = subprocess.Popen([BIN, *args, "--progress", "json"], env=ENV, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    read = [process.stderr.readline() for _ in range(line)]
    process.send_signal(number)
    out, rest = process.communicate()
    return process.returncode, out, "".join(read) + rest


def check(*args, least=1, lines=range(1, 40, 6)):
    """Stops the command at several of its lines; then it is done, and what it leaves is what it leaves in an untouched
    home."""
    shutil.copytree(HOME, "before")
    result = pixity(*args, "--progress", "json")
    n_lines = len(result.stderr.splitlines())
    whole = files()
    n_stopped = 0
    stops = [line for line in lines if line <= n_lines]
    if reduced("every third step is stopped"):
        stops = stops[::3]
    for line in stops:
        for number in (signal.SIGINT, signal.SIGTERM):
            shutil.rmtree(HOME)
            shutil.copytree("before", HOME)
            status, out, err = stopped_at(line, number, *args)
            assert status in (0, 130), (args, line, status, err)
            if status == 130:
                n_stopped += 1
                assert out == "" and "interrupted" in err.splitlines()[-1], (args, line, out, err)
                pixity("doctor")
            pixity(*args)
            assert files() == whole, (args, line, sorted(set(files()) ^ set(whole)))
    assert n_stopped >= least, (args, n_lines)
    shutil.rmtree("before")


def bars(days=250):
    pixity("synth", "--symbol", "S", "--days", days, "--seed", "1", "--kind", "trend")


@test
def a_training():
    bars()
    check("train", "--symbol", "S", "--timeframe", "5m")


@test
def a_backtest():
    bars(500)
    check("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "1m", "--run-id", "r", lines=range(1, 6))


@test
def an_audit():
    bars()
    check("audit", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "5m")


@test
def an_import():
    pixity("synth", "--symbol", "Z", "--days", "2", "--seed", "1")
    for name in "ABC":
        write_bars(f"{name}.csv", walk(30, seed=ord(name)))
    check("import", "A.csv", "B.csv", "C.csv", lines=range(1, 4))


@test
def an_import_says_what_it_stored():
    for name in "ABCDEFGH":
        write_bars(f"{name}.csv", walk(30, seed=ord(name)))
    process = subprocess.Popen([BIN, "import", *(f"{name}.csv" for name in "ABCDEFGH"), "--progress", "json"], env=ENV,
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for line in process.stderr:
        if json.loads(line)["phase"] == "store":
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    stored = json.loads(pixity("data", "list", "--json").stdout)
    assert process.returncode in (0, 130)
    assert process.returncode == 0 or "interrupted" in err
    if "series are stored" in err:
        assert f"interrupted; {len(stored)} of 8 series are stored" in err, (err, len(stored))
    assert {row["bars"] for row in stored} <= {30 * 375}


@test
def a_check_of_stored_bars():
    for name in "ABCDEF":
        pixity("synth", "--symbol", name, "--days", "200", "--seed", ord(name))
    check("data", "check", lines=range(1, 3))


@test
def who_prints_ends_though_nobody_reads():
    """A command that waits for its reader ends too, and one that is asked twice."""
    bars()
    for verb in (["features"], ["labels"], ["events"], ["resample"], ["data", "export"]):
        timeframe = [] if verb[0] == "data" else ["--timeframe", "1m"]
        process = subprocess.Popen([BIN, *verb, "--symbol", "S", *timeframe], env=ENV, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        assert process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130, (verb, process.returncode)
        process.stdout.close()
        process.stderr.close()
    pixity("doctor")


@test
def who_waits_for_a_file_ends():
    os.mkfifo("slow.csv")
    process = subprocess.Popen([BIN, "import", "slow.csv"], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with open("slow.csv", "w", encoding="utf-8") as feed:
        feed.write("timestamp,open,high,low,close,volume\n")
        feed.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, "") and err.startswith("pixity: interrupted"), err
    assert not pathlib.Path(HOME).exists()


main()
