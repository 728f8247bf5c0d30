# SPDX-License-Identifier: Apache-2.0
"""Paper accounts: an account goes on where it stopped, however it stopped, and trades what a backtest trades.

PIXITY_SOAK=1 delivers a year of bars and kills 200 times; otherwise a part of that.
"""
import csv
import io
import os
import pathlib
import random
import signal
import subprocess
import time

from harness import BIN, main, pixity, test
from lab import document, fails, table, walk, write_bars
from stream_kit import number, of_type, stream

SOAK = bool(os.environ.get("PIXITY_SOAK"))
PARTS = ["trades", "signals", "orders", "fills", "equity"]
REQUEST = ["--symbol", "DEMO", "--timeframe", "5m", "--skip-meta-model"]


def make(days, seed=1):
    """Stored warm-up, and the minutes that come after it as CSV lines."""
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days + 20, "--seed", seed, "--start", "2022-01-03")
    text = pixity("data", "export", "--symbol", "DEMO", "--start", "2022-01-31", "--csv").stdout
    return text.splitlines(keepends=True)


def ledger(name, *args):
    """Everything that an account holds, as printed, without its name."""
    shown = {k: v for k, v in document("account", "show", name, *args).items() if k != "account"}
    tables = {part: pixity("account", part, name, "--csv", *args).stdout for part in PARTS}
    tables["signals"] = "\n".join(line.rpartition(",")[0] for line in tables["signals"].splitlines())  # ids hold the name
    return shown, tables


def deliver(rows, name, rng, kills):
    """Pipes rows into a stream, kills it at random moments and starts it again some rows before its last one."""
    header, body = rows[0], rows[1:]
    stamps = [row[:19] for row in body]
    at = killed = 0
    while True:
        process = subprocess.Popen([BIN, "stream", *REQUEST, "--account", name], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, env={**os.environ, "PIXITY_HOME": "home"})
        until = min(len(body), at + rng.randint(1, 2 * len(body) // (kills + 1))) if killed < kills else len(body)
        process.stdin.write(header.encode())
        while at < until:
            n = rng.choice([1, 7, 60, 375])
            process.stdin.write("".join(body[at:at + n]).encode())
            process.stdin.flush()
            at += n
        if killed == kills:
            process.stdin.close()
            assert process.wait() == 0
            return
        time.sleep(rng.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        killed += 1
        accounts = document("account", "list")
        last = accounts[0]["last"] if accounts else None
        done = stamps.index(last[:19].replace("T", " ")) if last else 0
        at = max(0, done - rng.randint(0, 500))


@test
def a_killed_account_is_one_that_was_never_stopped():
    rows = make(245 if SOAK else 15)
    pixity("stream", *REQUEST, "--account", "whole", stdin="".join(rows))
    whole = ledger("whole")
    assert whole[0]["trades"] > 20
    pixity("account", "reset", "whole")
    deliver(rows, "killed", random.Random(1), 200 if SOAK else 20)
    assert ledger("killed") == whole


@test
def an_account_trades_what_the_backtest_trades():
    rows = make(20, seed=2)
    lines = stream("".join(rows), *REQUEST, "--account", "a")
    pixity("backtest", "--strategy", "pixityAI_meta", *REQUEST, "--start", "2022-01-31", "--run-id", "r")
    run, account = table("runs", "trades", "r"), table("account", "trades", "a")
    done = [trade for trade in run if trade["exit_reason"] != "end_of_data"]
    assert len(done) == len(account) == len(of_type(lines, "exit")) > 20
    for a, b in zip(done, account):
        assert {k: v for k, v in a.items() if k in b} == b, (a, b)
    equity = {row["ts"]: row for row in table("account", "equity", "a")}
    for row in document_table("r"):
        if row["ts"] in equity and row["ts"] != max(equity):  # the run closes its position on the last bar
            assert number(row["equity_net"]) == number(equity[row["ts"]]["equity_net"])
    fates = [(e["ts"], e["side"], e["event_type"], e["fate"]) for e in table("runs", "events", "r")
             if e["fate"] != "no_next_bar"]
    kept = [(e["ts"], e["side"], e["event_type"], e["fate"]) for e in table("account", "signals", "a")]
    assert sorted(set(fates)) == sorted(set(kept) & set(fates)) and len(kept) - len(fates) in (0, 1)


def document_table(run_id):
    """The stored equity of a run."""
    pixity("runs", "export", run_id, "--out", "exported")
    return list(csv.DictReader(io.StringIO(pathlib.Path("exported/equity.csv").read_text())))


@test
def a_fate_that_changes_after_its_order_is_changed_in_the_account():
    rows = make(10, seed=2)
    text = "".join(rows)
    events = [line for line in of_type(stream(text, *REQUEST), "signal") if line["fate"] == "executed"]
    clock = max(at for line in events if (at := line["timestamp"][11:16]) < "15:20")
    late = int(clock[:2]) * 60 + int(clock[3:]) + 5  # when the entry of that event would fill
    key = lambda row, ts: (row[ts][:19].replace("T", " "), row["side"], row["event_type"])  # noqa: E731
    for name, setting, fate in (("late", f"square_off={late // 60}:{late % 60:02}", "session_end"),
                                ("near", "sl_mult=0.001", "stop_below_tick")):
        told = {}
        for line in of_type(stream(text, *REQUEST, "--account", name, "--set", setting), "signal"):
            told.setdefault(key(line, "timestamp"), []).append(line["fate"])
        assert ["executed", fate] in told.values(), (name, told)
        kept = {key(row, "ts"): row["fate"] for row in table("account", "signals", name)}
        assert kept == {event: fates[-1] for event, fates in told.items()}, name


@test
def it_goes_on_only_as_it_began():
    rows = make(5, seed=3)
    pixity("stream", *REQUEST, "--account", "a", stdin="".join(rows[:900]))
    other = ["stream", "--symbol", "DEMO", "--skip-meta-model", "--account", "a"]
    fails(*other, "--timeframe", "15m", words=["account a", "timeframe", "15m", "5m"])
    fails(*other, "--timeframe", "5m", "--set", "sl_mult=2", words=["sl_mult", "1", "2"])
    fails(*other, "--timeframe", "5m", "--strategy", "ema_cross", words=["strategy", "ema_cross"])
    fails("stream", *REQUEST, "--account", "no/name", words=["no/name", "account"])
    before = pixity("account", "show", "a").stdout
    write_bars("early.csv", walk(3, seed=4, start="2021-12-01"))
    pixity("import", "early.csv", "--symbol", "DEMO")  # the warm-up would begin elsewhere
    fails("stream", *REQUEST, "--account", "a", words=["account a", "no longer"])
    assert pixity("account", "show", "a").stdout == before


@test
def one_stream_at_a_time():
    rows = make(3, seed=5)
    process = subprocess.Popen([BIN, "stream", *REQUEST, "--account", "a"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env={**os.environ, "PIXITY_HOME": "home"})
    process.stdin.write("".join(rows[:100]).encode())
    process.stdin.flush()
    process.stdout.readline()
    result = pixity("stream", *REQUEST, "--account", "a", stdin="", status=2)
    assert "in use" in result.stderr
    assert "in use" in pixity("account", "reset", "a", status=2).stderr
    process.stdin.close()
    process.wait()
    assert "deleted a" in pixity("account", "reset", "a").stdout
    fails("account", "show", "a", words=["no account", "a"])


@test
def a_halt_closes_and_stays():
    rows = make(15, seed=6)
    cut = where_open(rows)
    for way in ("command", "file"):
        pixity("stream", *REQUEST, "--account", way, stdin="".join(rows[:cut]))
        entries = len(table("account", "orders", way))
        if way == "command":
            pixity("account", "halt", way, "--reason", "lunch")
        else:
            pathlib.Path("home/STOP").write_text("")
        lines = stream("".join([rows[0], *rows[cut:]]), *REQUEST, "--account", way)
        assert [line["kind"] for line in of_type(lines, "warning")][0] == "halted"
        exits = of_type(lines, "exit")
        assert len(exits) == 1  # by the switch, or by a barrier on the bar that was open
        fates = {line["fate"] for line in of_type(lines, "signal")}
        assert "kill_switch" in fates and "executed" not in fates, fates
        shown = document("account", "show", way)
        assert shown["position"] == 0 and len(table("account", "orders", way)) <= entries + 1
        if way == "command":
            assert shown["halted"] == "lunch"
            pixity("account", "resume", way)
            assert document("account", "show", way)["halted"] is None
        else:
            assert "STOP" in pixity("account", "resume", way, status=2).stderr
    pathlib.Path("home/STOP").unlink()
    lines = stream("", *REQUEST, "--account", "command")  # its halt is part of what it repeats
    assert [line["kind"] for line in lines] == ["resumed"]
    lines = stream("".join(rows), *REQUEST, "--account", "never", "--set", "cooldown_bars=1")
    assert of_type(lines, "exit")
    pixity("account", "halt", "never")
    pathlib.Path("home/STOP").write_text("")
    assert {line["fate"] for line in of_type(stream("".join(rows), *REQUEST, "--account", "new"), "signal")} == {
        "kill_switch"}  # from its first bar on


def where_open(rows, least=2000):
    """How many of the rows come before a moment at the end of a bar at which the account holds a position."""
    stamps = [row[:16] for row in rows]
    fills = [{**line, "row": stamps.index(line["timestamp"][:16].replace("T", " "))}
             for line in of_type(stream("".join(rows), *REQUEST), "fill")]
    entry = next(entry for entry, after in zip(fills, fills[1:])
                 if entry["kind"] == "entry" and entry["row"] >= least and after["row"] > entry["row"] + 10)
    return entry["row"] + 5


@test
def unknown_accounts():
    pixity("synth", "--symbol", "DEMO", "--kind", "walk", "--days", 2, "--seed", 1)
    assert document("account", "list") == []
    rows = make(2, seed=7)
    pixity("stream", *REQUEST, "--account", "alpha", stdin="".join(rows))
    for verb in ("show", "halt", "resume", "reset", *PARTS):
        fails("account", verb, "alpah", words=["alpah", "alpha"])


main()
