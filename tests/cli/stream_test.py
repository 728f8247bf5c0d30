# SPDX-License-Identifier: Apache-2.0
"""stream: what it prints is what batch verbs and backtests print, whatever comes in and in whatever pieces."""
import csv
import json
import os
import pathlib
import random
import signal
import socket
import subprocess

from harness import BIN, SOURCE, Skip, main, pixity, test
from lab import HEADER, fails, table, walk, write_bars
from stream_kit import as_csv, number, of_type, stream

TAKE_ALL = ["--symbol", "DEMO", "--skip-meta-model"]
BARE = [*TAKE_ALL, "--warmup-days", "0"]


def check_rows(rows, lines):
    """Every column of a batch verb's rows stands in the stream's lines, to the last bit."""
    assert len(rows) == len(lines) > 0, (len(rows), len(lines))
    for row, line in zip(rows, lines):
        for name, text in row.items():
            if name == "timestamp":
                assert line[name] == text.replace(" ", "T") + "+05:30"
            elif name in ("side", "event_type"):
                assert line[name] == text
            else:
                assert line[name] == number(text), (row, name, line[name])


def check_trades(run_id, lines):
    """The exits of a stream are the trades of a run, field by field; one that ended with the data has none."""
    trades = [t for t in table("runs", "trades", run_id) if t["exit_reason"] != "end_of_data"]
    exits = of_type(lines, "exit")
    assert len(trades) == len(exits) > 0
    for trade, line in zip(trades, exits):
        assert line["timestamp"][:19].replace("T", " ") == trade["exit_ts"]
        assert line["entry_ts"][:19].replace("T", " ") == trade["entry_ts"]
        for name, column in [("quantity", "qty"), ("entry_price", "entry_price"), ("exit_price", "exit_price"),
                             ("stop", "stop"), ("target", "target"), ("pnl_gross", "pnl"), ("fees", "fees"),
                             ("pnl_net", "pnl_net"), ("bars_held", "bars_held"), ("probability", "probability")]:
            assert line[name] == number(trade[column]), (trade, name)
        assert line["direction"] == trade["direction"] and line["exit_reason"] == trade["exit_reason"]
        assert (line["event_type"] or "") == trade["event_type"]
    return len(trades)


def check_signals(run_id, lines):
    """Fate, quantity and cap as each candidate was told last are those of the run; returns how many were told twice."""
    last = {(line["timestamp"][:19].replace("T", " "), line["side"], line["event_type"]): line for line in lines}
    rows = [row for row in table("runs", "events", run_id) if row["fate"] != "no_next_bar"]
    pixity("runs", "export", run_id, "--out", run_id)
    with open(f"{run_id}/signals.csv", encoding="utf-8") as file:
        caps = {(row["ts"], row["side"], row["event_type"]): row["capped_by"] for row in csv.DictReader(file)}
    for row in rows:
        key = row["ts"], row["side"], row["event_type"]
        assert (row["fate"], number(row["quantity"])) == (last[key]["fate"], last[key]["quantity"]), (row, last[key])
        assert caps[key] == (last[key]["capped_by"] or ""), (key, last[key])
    return len(lines) - len(last)


# ---- the same as batch ---------------------------------------------------------------------------------------


@test
def bars_features_and_events_are_those_of_the_batch_verbs():
    text = as_csv(walk(12, seed=3))
    pathlib.Path("bars.csv").write_text(text)
    for timeframe in ("1m", "5m", "15m", "1h", "1d"):
        lines = stream(text, *BARE, "--timeframe", timeframe)
        source = ["--input", "bars.csv", "--symbol", "DEMO", "--timeframe", timeframe]
        check_rows(table("resample", *source), of_type(lines, "bar"))
        check_rows(table("features", *source), of_type(lines, "feature"))
        if timeframe != "1d" and timeframe != "1h":
            check_rows(table("events", *source), of_type(lines, "event"))


@test
def trades_are_those_of_the_backtest():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 60, "--seed", 4, "--start", "2022-01-03")
    minutes = pixity("data", "export", "--symbol", "DEMO", "--start", "2022-02-01", "--csv").stdout
    settings = [[], ["--set", "entry=signal_close"], ["--set", "product=intraday"], ["--set", "detail=1m"],
                ["--set", "on_opposite=reverse", "--set", "cooldown_bars=0"], ["--set", "slippage_bps=5"]]
    for i, extra in enumerate(settings):
        pixity("backtest", "--strategy", "pixityAI_meta", *TAKE_ALL, "--timeframe", "5m", "--start", "2022-02-01",
               "--run-id", f"r{i}", *extra)
        assert check_trades(f"r{i}", stream(minutes, *TAKE_ALL, "--timeframe", "5m", *extra)) > 20
    for strategy in ("ema_cross", "ehma_pivot", "confluence"):
        pixity("backtest", "--strategy", strategy, "--symbol", "DEMO", "--timeframe", "15m", "--start", "2022-02-01",
               "--run-id", strategy)
        check_trades(strategy, stream(minutes, "--symbol", "DEMO", "--timeframe", "15m", "--strategy", strategy))


@test
def products_and_rates_are_those_of_the_backtest():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 40, "--seed", 4, "--start", "2022-01-03")
    minutes = pixity("data", "export", "--symbol", "DEMO", "--start", "2022-02-01", "--csv").stdout
    pathlib.Path("mine.json").write_text(pixity("fees", "--json").stdout.replace('"gst_pct": 18.0', '"gst_pct": 99.0'))
    for product in ("delivery", "futures"):
        request = [*TAKE_ALL, "--timeframe", "5m", "--product", product, "--set", "fee_table=mine.json", "--set",
                   "on_opposite=reverse"]
        pixity("backtest", "--strategy", "pixityAI_meta", *request, "--start", "2022-02-01", "--run-id", product)
        lines = stream(minutes, *request)
        assert check_trades(product, lines) > 10
        check_signals(product, of_type(lines, "signal"))
        told = {s["fate"] for s in of_type(lines, "signal")}
        assert ("product_no_short" in told) == (product == "delivery"), told
    stream("", *BARE, "--timeframe", "5m", "--set", "fee_table=none.json", status=2)
    stream("", *BARE, "--timeframe", "5m", "--product", "intraday", "--set", "square_off=none", status=2)
    with open("mine.json", "a") as file:
        account = [*TAKE_ALL, "--timeframe", "5m", "--set", "fee_table=mine.json", "--account", "a"]
        stream(minutes, *account)
        file.write(" ")  # other bytes, the same rates
    stream("", *account)
    pathlib.Path("mine.json").write_text(pathlib.Path("mine.json").read_text().replace("99.0", "1.0"))
    fails("stream", *account, stdin="", words=["account a cannot go on"])


@test
def a_delivery_that_is_cut_at_its_fill_is_told_again():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 40, "--seed", 4, "--start", "2022-01-03")
    minutes = pixity("data", "export", "--symbol", "DEMO", "--start", "2022-02-01", "--csv").stdout
    request = [*TAKE_ALL, "--timeframe", "5m", "--product", "delivery", "--set", "risk_per_trade=50000"]
    pixity("backtest", "--strategy", "pixityAI_meta", *request, "--start", "2022-02-01", "--run-id", "cut")
    lines = of_type(stream(minutes, *request, "--account", "a"), "signal")
    assert check_signals("cut", lines) > 0
    assert {line["capped_by"] for line in lines} == {None, "leverage", "cash"}
    kept = table("account", "signals", "a")
    last = {(line["timestamp"][:19].replace("T", " "), line["side"]): line for line in lines}
    for row in kept:
        line = last[row["ts"], row["side"]]
        assert (number(row["quantity"]), row["capped_by"]) == (line["quantity"], line["capped_by"] or ""), (row, line)
    assert any(row["capped_by"] == "cash" for row in kept)


@test
def the_model_says_the_same():
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", 160, "--seed", 5, "--start", "2022-01-03")
    pixity("train", "--symbol", "DEMO", "--timeframe", "15m", "--end", "2022-05-31")
    pixity("backtest", "--strategy", "pixityAI_meta", "--symbol", "DEMO", "--timeframe", "15m", "--start", "2022-06-01",
           "--run-id", "model")
    minutes = pixity("data", "export", "--symbol", "DEMO", "--start", "2022-06-01", "--csv").stdout
    lines = stream(minutes, "--symbol", "DEMO", "--timeframe", "15m")
    check_trades("model", lines)
    events = table("runs", "events", "model")
    signals = of_type(lines, "signal")
    finals = {(s["timestamp"], s["side"], s["event_type"]): s for s in signals}  # the last word on each
    assert len(events) == len(finals) > 20
    for event in events:
        line = finals[event["ts"].replace(" ", "T") + "+05:30", event["side"], event["event_type"]]
        if event["fate"] != "no_next_bar":
            assert line["fate"] == event["fate"] and line["probability"] == number(event["probability"])


@test
def the_store_and_the_stream_join_without_a_seam():
    rows = walk(10, seed=6)
    whole = stream(as_csv(rows), *BARE, "--timeframe", "15m")
    for cut in (375 * 6, 375 * 6 + 7, 375 * 6 + 15, 375 * 7 - 1):  # at a session, inside a bar, at a bar, before the last
        home = f"home{cut}"
        write_bars("warm.csv", rows[:cut])
        pixity("import", "warm.csv", "--symbol", "DEMO", "--home", home)
        joined = stream(as_csv(rows[cut:]), *TAKE_ALL, "--timeframe", "15m", "--home", home)
        features = of_type(joined, "bar", "feature")
        assert features == of_type(whole, "bar", "feature")[-len(features):] and features
        pixity("import", write_bars("all.csv", rows), "--symbol", "DEMO", "--home", home)  # what is stored later
        assert stream(as_csv(rows[cut:]), *TAKE_ALL, "--timeframe", "15m", "--home", home) == joined


@test
def warm_up_may_be_of_the_timeframe():
    rows = walk(10, seed=7)
    pathlib.Path("all.csv").write_text(as_csv(rows[: 375 * 6]))
    pathlib.Path("15m.csv").write_text(
        pixity("resample", "--input", "all.csv", "--symbol", "DEMO", "--timeframe", "15m", "--csv").stdout)
    pixity("import", "15m.csv", "--symbol", "DEMO", "--timeframe", "15m")
    whole = of_type(stream(as_csv(rows), *BARE, "--timeframe", "15m"), "feature")
    joined = of_type(stream(as_csv(rows[375 * 6:]), *TAKE_ALL, "--timeframe", "15m"), "feature")
    assert joined == whole[-len(joined):] and len(joined) == 100


# ---- what comes in -------------------------------------------------------------------------------------------


@test
def json_and_ticks_make_the_same_bars():
    rows = walk(2, seed=8)
    names = HEADER.split(",")
    objects = "".join(
        json.dumps({n: v if n == "timestamp" else float(v) for n, v in zip(names, row)}) + "\n" for row in rows)
    bars = stream(as_csv(rows), *BARE, "--timeframe", "5m")
    assert stream(objects, *BARE, "--timeframe", "5m") == bars
    ticks = ["ts,price,volume"]
    for stamp, o, h, l, c, v in rows:
        for second, price, volume in ((1, o, v), (20, h, 0), (40, l, 0), (59, c, 0)):
            ticks.append(f"{stamp[:17]}{second:02d},{price},{volume}")
    assert stream("\n".join(ticks) + "\n", *BARE, "--timeframe", "5m") == bars
    objects = [json.dumps({"ts": t, "price": float(p), "volume": float(v)})
               for t, p, v in (tick.split(",") for tick in ticks[1:])]
    assert stream("\n".join(objects), *BARE, "--timeframe", "5m") == bars


@test
def pieces_make_no_difference():
    text = as_csv(walk(3, seed=9)).encode()
    whole = stream(text.decode(), *BARE, "--timeframe", "15m")
    rng = random.Random(1)
    process = subprocess.Popen([BIN, "stream", *BARE, "--timeframe", "15m"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env={**os.environ, "PIXITY_HOME": "home"})
    at = 0
    while at < len(text):
        n = rng.choice([1, 3, 7, 100, 4000])
        process.stdin.write(text[at:at + n])
        process.stdin.flush()
        at += n
    out, _ = process.communicate()
    assert process.returncode == 0 and [json.loads(line) for line in out.splitlines()] == whole


@test
def lines_come_as_they_are_known():
    rows = walk(1, seed=10)
    process = subprocess.Popen([BIN, "stream", *BARE, "--timeframe", "5m"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env={**os.environ, "PIXITY_HOME": "home"})
    process.stdin.write(as_csv(rows[:5]).encode())
    process.stdin.flush()
    told, bar, feature = (json.loads(process.stdout.readline()) for _ in range(3))
    assert told["kind"] == "no_slippage" and bar["type"] == "bar" and bar["timestamp"] == "2022-01-03T09:15:00+05:30" and feature["type"] == "feature"
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate()
    assert process.returncode == 130 and out == b""


@test
def odd_input_is_told_and_changes_nothing_else():
    rows = walk(3, seed=11)
    clean = stream(as_csv(rows), *BARE, "--timeframe", "15m")
    odd = [row[:] for row in rows]
    at = 400
    odd.insert(at, odd[at - 5])  # late
    odd.insert(at + 1, odd[at - 1])  # repeated
    odd.insert(at + 2, [*odd[at - 1][:4], odd[at - 1][1], "77"])  # conflict
    odd.insert(at + 3, [odd[at + 3][0], "1", "2", "3", "4", "5"])  # no bar
    odd.insert(at + 4, ["2022-01-03 99:99:00", "1", "1", "1", "1", "1"])
    odd.insert(0, ["2022-01-03 09:07:00", "1", "1", "1", "1", "1"])  # before the open
    odd.append(["2022-01-05 16:00:00", "1", "1", "1", "1", "1"])  # after the close
    lines = stream(as_csv(odd), *BARE, "--timeframe", "15m")
    of_input = [line for line in of_type(lines, "warning") if "severity" not in line]  # the others are findings
    assert [line for line in lines if line["type"] != "warning"] == [line for line in clean if line["type"] != "warning"]
    kinds = [line["kind"] for line in of_input]
    assert sorted(kinds) == sorted(["out_of_session", "late", "repeated", "conflict", "rejected", "rejected",
                                    "out_of_session"]), kinds

    holes = rows[:100] + rows[110:375] + rows[380:]  # inside a session, and at the next one's start
    lines = stream(as_csv(holes), *BARE, "--timeframe", "15m")
    missing = [line for line in of_type(lines, "warning") if "severity" not in line]
    assert [(w["kind"], w["minutes"], w["timestamp"][:16]) for w in missing] == [
        ("missing", 10, "2022-01-03T10:55"), ("missing", 5, "2022-01-04T09:15")]
    pathlib.Path("holes.csv").write_text(as_csv(holes))
    source = ["--input", "holes.csv", "--symbol", "DEMO", "--timeframe", "15m"]
    check_rows(table("features", *source), of_type(lines, "feature"))


@test
def dates_without_regular_trading_count_as_in_batch():
    rows = walk(4, seed=12)
    evening = [[row[0].replace(" 09:", " 18:").replace(" 10:", " 19:"), *row[1:]] for row in rows[375:435]]
    morning = [[row[0].replace(" 09:", " 08:"), *row[1:]] for row in rows[750:780]]
    text = as_csv(rows[:375] + evening + morning + rows[1125:])
    pathlib.Path("odd.csv").write_text(text)
    lines = stream(text, *BARE, "--timeframe", "15m")
    source = ["--input", "odd.csv", "--symbol", "DEMO", "--timeframe", "15m"]
    check_rows(table("resample", *source), of_type(lines, "bar"))
    check_rows(table("features", *source), of_type(lines, "feature"))


@test
def a_feed_brings_the_same():
    if subprocess.run(["/usr/bin/python3", "-c", "import zmq"], capture_output=True).returncode:
        raise Skip("python3-zmq is not installed")
    text = as_csv(walk(3, seed=13))
    pathlib.Path("bars.csv").write_text(text)
    with socket.socket() as probe:  # a port that is free
        probe.bind(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen([BIN, "stream", *BARE, "--timeframe", "5m", "--feed", url], stdout=subprocess.PIPE,
                               env={**os.environ, "PIXITY_HOME": "home"})
    subprocess.run(["/usr/bin/python3", SOURCE / "examples/feed/replay.py", "bars.csv", url], check=True)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert [json.loads(line) for line in out.splitlines()] == stream(text, *BARE, "--timeframe", "5m")
    fails("stream", *BARE, "--timeframe", "5m", "--feed", "nowhere", words=["nowhere", "tcp://127.0.0.1"])


# ---- what is refused -----------------------------------------------------------------------------------------


@test
def look_ahead_is_refused():
    fails("stream", *BARE, "--timeframe", "15m", "--profile", "reference", words=["look ahead", "swing"])
    fails("stream", *BARE, "--timeframe", "15m", "--set", "vwap_fallback=dataset", words=["look ahead"])


@test
def wrong_requests():
    fails("stream", "--symbol", "DEMO", "--timeframe", "15m", words=["no data folder"])
    fails("stream", *BARE, words=["--timeframe"])
    fails("stream", *BARE, "--timeframe", "15m", "--start", "2022-01-01", words=["--start"])
    fails("stream", *BARE, "--timeframe", "15m", "--warmup-days", "-3", words=["--warmup-days", "whole number"])
    fails("stream", *BARE, "--timeframe", "15m", "--strategy", "precomputed", words=["precomputed", "streamed"])
    fails("stream", *BARE, "--timeframe", "15m", stdin="this is,no header\n1,2\n", words=["first line"])
    fails("stream", "--symbol", "DEMO", "--timeframe", "15m", "--warmup-days", "0", words=["no meta-model"])
    pixity("synth", "--symbol", "DEMO", "--kind", "walk", "--days", 3, "--seed", 1, "--start", "2022-01-03")
    fails("stream", "--symbol", "DEMI", "--timeframe", "15m", "--skip-meta-model", words=["DEMI", "DEMO"])


@test
def nothing_in_nothing_out():
    assert stream("", *BARE, "--timeframe", "15m") == []
    assert stream(HEADER + "\n", *BARE, "--timeframe", "15m") == []


main()
