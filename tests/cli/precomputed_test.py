# SPDX-License-Identifier: Apache-2.0
"""backtest --strategy precomputed: a user's own signals, good and bad, and the same trades as the strategy that made
them."""
import csv
import gzip
import pathlib
import shutil

from harness import main, pixity, test
from lab import HOME, document, fails, listing, table, walk, write_bars

BARS = ["--symbol", "DEMO", "--timeframe", "15m"]
DAY = "2022-01-03"


def synth(days=60):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", 3, "--start", DAY)


def write(path, *lines):
    pathlib.Path(path).write_text("\n".join(lines) + "\n")
    return path


def write_rows(path, columns, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def replay(path, *args, bars=BARS, run_id="mine"):
    return document("backtest", "--strategy", "precomputed", "--signals", path, *bars, "--run-id", run_id, *args)


def refused(path, *words, bars=BARS):
    return fails("backtest", "--strategy", "precomputed", "--signals", path, *bars, words=words)


# ---- a run ---------------------------------------------------------------------------------------------------


@test
def signals_become_trades():
    synth()
    write("s.csv", "Timestamp,Side,stop_distance,target_distance,h_bars,quantity,probability,tag,remark",
          f"{DAY} 10:00:00,BUY,1000,1000,4,10,0.625,first,a", f"{DAY} 10:15:00,SELL,,,,,,,b",
          f"{DAY}T12:00:00+05:30,short,,,,,,second,c", f"{DAY} 13:00:00,exit,,,,,,,d",
          "2022-01-04 10:00:00,buy,,,,,,,", "2022-01-04 10:00:00,BUY,,,,,,,", "2022-01-04 10:00:00,EXIT,,,,,,,")
    doc = replay("s.csv")
    assert doc["signals"] == {
        "path": "s.csv", "sha256": doc["signals"]["sha256"], "rows": 7, "used": 7, "rejected": 0, "outside_window": 0,
        "other_symbols": 0, "rejections": []}
    assert len(doc["signals"]["sha256"]) == 64 and doc["request"]["signals"] == "s.csv" and doc["model"] is None
    assert any("look ahead" in warning for warning in doc["warnings"])
    assert any("remark" in warning for warning in doc["warnings"])
    events = table("runs", "events", "mine", "--full")
    assert [event["fate"] for event in events] == ["executed", "in_position", "executed", "executed", "duplicate"]
    assert [event["tag"] for event in events] == ["first", "", "second", "", ""]
    assert doc["events"]["candidates"] == 5 and doc["events"]["executed"] == doc["metrics"]["# Trades"] == 3
    first, second, third = table("runs", "trades", "mine", "--full")
    assert (first["direction"], first["qty"], first["tag"], first["probability"]) == ("long", "10", "first", "0.625")
    assert (first["entry_ts"], first["exit_ts"]) == (f"{DAY} 10:15:00", f"{DAY} 11:00:00")
    assert first["exit_reason"] == "time_stop" and first["event_type"] == "" and first["in_sample"] == ""
    entry = float(first["entry_price"])
    assert abs(entry - 1000 - float(first["stop"])) < 1e-9 and abs(entry + 1000 - float(first["target"])) < 1e-9
    assert (second["direction"], second["exit_ts"], second["exit_reason"]) == (
        "short", f"{DAY} 13:15:00", "exit_signal")
    assert second["stop"] == second["target"] == second["probability"] == second["r"] == ""
    assert third["entry_ts"] == "2022-01-04 10:15:00" and third["exit_reason"] == "end_of_data"
    text = pixity("runs", "show", "mine").stdout
    assert "Signals   s.csv" in text and "7 rows, 7 used" in text


@test
def levels_as_prices():
    synth()
    closes = {bar["timestamp"]: float(bar["close"]) for bar in table("resample", *BARS)}
    close = closes[f"{DAY} 10:00:00"]
    write("s.csv", "ts,side,stop,target,h_bars", f"{DAY} 10:00:00,BUY,{close - 8},{close + 400},4",
          f"2022-01-05 10:00:00,SELL,{closes['2022-01-05 10:00:00'] - 1},,")
    replay("s.csv", "--set", "leverage=1000", "--set", "fees=none")
    (trade,) = table("runs", "trades", "mine", "--full")
    assert abs(float(trade["stop"]) - (close - 8)) < 1e-9 and trade["qty"] == "62", trade
    assert abs(float(trade["r"]) - float(trade["pnl"]) / (8 * int(trade["qty"]))) < 1e-9
    assert table("runs", "events", "mine")[1]["fate"] == "bad_levels"


@test
def rejected_rows_are_told():
    synth()
    write("s.csv", "timestamp,side,stop", f"{DAY} 10:00:00,BUY,", f"{DAY} 10:07:00,BUY,", f"{DAY} 11:00:00,HOLD,",
          f"{DAY} 11:00:00,BUY,low", f"{DAY},BUY", "2021-12-31 10:00:00,BUY,", "2023-01-02 10:00:00,BUY,")
    result = pixity("backtest", "--strategy", "precomputed", "--signals", "s.csv", *BARS, "--run-id", "mine")
    assert result.stderr.splitlines() == ["pixity: backtest: warning: s.csv: 4 of 7 rows rejected"]
    signals = document("runs", "show", "mine")["signals"]
    assert (signals["rows"], signals["used"], signals["rejected"], signals["outside_window"]) == (7, 1, 4, 2)
    reasons = {row["line"]: row["reason"] for row in signals["rejections"]}
    assert reasons == {3: f"no 15m bar starts at {DAY} 10:07:00", 4: 'side is "HOLD", not BUY, SELL or EXIT',
                       5: 'stop is "low", not a number above 0', 6: "2 fields, the header has 3"}
    for line, reason in reasons.items():
        assert f"line {line}: {reason}" in result.stdout
    write("many.csv", "timestamp,side", f"{DAY} 10:00:00,BUY", *[f"{DAY} 10:00:00,HOLD"] * 30)
    signals = replay("many.csv", run_id="many")["signals"]
    assert signals["rejected"] == 30 and len(signals["rejections"]) == 20
    assert "and 10 more" in pixity("runs", "show", "many").stdout


@test
def a_window_takes_its_part():
    synth()
    days = sorted({bar["timestamp"][:10] for bar in table("resample", *BARS)})
    write_rows("s.csv", ["timestamp", "side", "h_bars"], [[f"{day} 11:00:00", "BUY", 3] for day in days])
    doc = replay("s.csv", "--start", days[10], "--end", days[19])
    assert (doc["signals"]["used"], doc["signals"]["outside_window"]) == (10, len(days) - 10)
    assert doc["data"]["warmup_bars"] > 0 and doc["metrics"]["# Trades"] == 10
    assert {trade["entry_ts"][11:] for trade in table("runs", "trades", "mine")} == {"11:15:00"}


@test
def the_content_is_the_identity():
    synth()
    rows = [[f"{DAY} {hour}:00:00", side, 12.5, "t"] for hour, side in ((10, "BUY"), (11, "EXIT"), (12, "SELL"))]
    columns = ["timestamp", "side", "stop_distance", "tag"]
    write_rows("s.csv", columns, rows)
    pathlib.Path("other").mkdir()
    write_rows("other/reordered.csv", columns, rows[::-1])
    with gzip.open("s.csv.gz", "wt") as file:
        file.write(pathlib.Path("s.csv").read_text().replace(",", ";"))
    prints = {replay(path, run_id=f"r{i}")["fingerprint"]
              for i, path in enumerate(["s.csv", "other/reordered.csv", "s.csv.gz"])}
    assert len(prints) == 1
    rows[2][2] = 12.55
    assert replay(write_rows("s.csv", columns, rows), run_id="changed")["fingerprint"] not in prints


@test
def rows_of_one_symbol_of_many():
    synth()
    write("s.csv", "symbol,timestamp,side", f"OTHER,{DAY} 10:00:00,BUY", f"demo,{DAY} 10:15:00,BUY",
          f"NSE_EQ|DEMO,{DAY} 11:00:00,EXIT", f"OTHER,{DAY} 11:30:00,HOLD")
    doc = replay("s.csv")
    assert (doc["signals"]["used"], doc["signals"]["other_symbols"], doc["signals"]["rejected"]) == (2, 2, 0)
    (trade,) = table("runs", "trades", "mine")
    assert (trade["entry_ts"], trade["exit_ts"]) == (f"{DAY} 10:30:00", f"{DAY} 11:15:00")


@test
def few_bars_are_enough():
    write_bars("ABC.csv", walk(12))
    write("s.csv", "date,side,tag", "2022-01-04,BUY,a", "2022-01-07,EXIT,")
    doc = replay("s.csv", bars=["--input", "ABC.csv", "--timeframe", "1d"])
    assert doc["data"]["bars"] == 12
    (trade,) = table("runs", "trades", "mine")
    assert (trade["entry_ts"][:10], trade["exit_ts"][:10]) == ("2022-01-05", "2022-01-10")


# ---- the signals of a run, once more ---------------------------------------------------------------------------


def executed_by_meta(*args):
    """The events of a run that reached the guards, with its trades."""
    document("backtest", "--strategy", "pixityAI_meta", *BARS, "--skip-meta-model", "--run-id", "meta", *args)
    events = [e for e in table("runs", "events", "meta", "--full") if e["fate"] != "superseded"]
    return events, table("runs", "trades", "meta", "--full")


def assert_same(events, trades, maker_knows=("event_type",)):
    """The run `mine` has these fates and trades; of what only the maker of the signals knew nothing is asked."""
    again = table("runs", "events", "mine", "--full")
    assert [(e["ts"], e["side"], e["fate"], e["quantity"]) for e in again] == [
        (e["ts"], e["side"], e["fate"], e["quantity"]) for e in events]
    mine = table("runs", "trades", "mine", "--full")
    assert len(mine) == len(trades) > 30
    for one, other in zip(mine, trades):
        assert {k: v for k, v in one.items() if k not in maker_knows} == {
            k: v for k, v in other.items() if k not in maker_knows}


@test
def distances_give_the_trades_of_the_strategy():
    synth(120)
    settings = ["--set", "sl_mult=1.25", "--set", "tp_mult=2.5", "--set", "slippage_bps=2", "--set", "square_off=15:15"]
    events, trades = executed_by_meta(*settings)
    write_rows("s.csv", ["timestamp", "side", "stop_distance", "target_distance", "h_bars"],
               [[e["ts"], e["side"], 1.25 * float(e["atr_at_event"]), 2.5 * float(e["atr_at_event"]), 12]
                for e in events])
    replay("s.csv", *settings)
    assert_same(events, trades)


@test
def prices_from_the_close_give_the_trades_of_entries_at_the_close():
    synth(120)
    settings = ["--set", "entry=signal_close"]
    events, trades = executed_by_meta(*settings)
    rows = []
    for e in events:
        side, close, atr = (1 if e["side"] == "BUY" else -1), float(e["entry_price_at_event"]), float(e["atr_at_event"])
        rows.append([e["ts"], e["side"], close - side * atr, close + side * 2 * atr, 12, e["quantity"]])
    write_rows("s.csv", ["timestamp", "side", "stop", "target", "h_bars", "quantity"], rows)
    replay("s.csv", *settings)
    # A distance that went through a price has lost its last bits: R is compared in test_signals.c.
    assert_same(events, trades, maker_knows=("event_type", "r", "r_net", "mae_r", "mfe_r"))


@test
def levels_of_the_trades_table_give_its_trades():
    synth(120)
    _, trades = executed_by_meta("--set", "entry=next_open")
    write_rows("s.csv", ["timestamp", "side", "stop", "target", "h_bars", "quantity", "tag"],
               [[t["signal_ts"], {"long": "BUY", "short": "SELL"}[t["direction"]], t["stop"], t["target"], 12, t["qty"],
                 t["event_type"]] for t in trades])
    replay("s.csv")
    mine = table("runs", "trades", "mine", "--full")
    same = ["entry_ts", "exit_ts", "direction", "qty", "entry_price", "exit_price", "stop", "target", "pnl", "fees",
            "bars_held", "exit_reason"]
    assert [[t[k] for k in same] for t in mine] == [[t[k] for k in same] for t in trades]
    assert [t["tag"] for t in mine] == [t["event_type"] for t in trades]


@test
def a_stored_signals_table_is_a_file_of_signals():
    synth()
    document("backtest", "--strategy", "confluence", *BARS, "--run-id", "r")
    shutil.copy(HOME / "runs" / "r" / "signals.parquet", "signals.parquet")
    events = table("runs", "events", "r", "--full")
    doc = replay("signals.parquet", run_id="parquet")
    assert doc["signals"]["used"] == len(events) > 10
    write_rows("s.csv", ["ts", "side", "quantity"], [[e["ts"], e["side"], e["quantity"]] for e in events])
    assert replay("s.csv", run_id="csv")["fingerprint"] == doc["fingerprint"]


# ---- what is refused -------------------------------------------------------------------------------------------


@test
def wrong_usage():
    synth(10)
    write("s.csv", "timestamp,side", f"{DAY} 10:00:00,BUY")
    command = ["backtest", *BARS]
    fails(*command, "--strategy", "precomputed", words=["--signals is missing"])
    fails(*command, "--strategy", "ema_cross", "--signals", "s.csv", words=["--signals s.csv", "ema_cross"])
    fails(*command, "--strategy", "precomputed", "--signals", "s.csv", "--model", "m", words=["--model m", "no model"])
    fails(*command, "--strategy", "precomputed", "--signals", "s.csv", "--skip-meta-model",
          words=["--skip-meta-model", "no model"])
    fails(*command, "--strategy", "precomputed", "--signals", "", words=["--signals"])


@test
def files_that_hold_no_signals():
    synth(10)
    refused("absent.csv", "no such file: absent.csv")
    refused(".", "is a folder")
    refused(write("s.csv"), "s.csv")
    pathlib.Path("empty.csv").write_text("")
    refused("empty.csv", "empty.csv is empty")
    refused(write("header.csv", "timestamp,side"), "no rows")
    refused(write("other.csv", "when,what", "1,2"), 'no column "timestamp"', "h_bars")
    refused(write("twice.csv", "ts,timestamp,side", "1,1,BUY"), "ts", "timestamp", "mean the same")
    refused(write("bad.csv", "ts,side", f"{DAY} 10:00:00,WAIT"), "no row is a signal", "line 2", "WAIT")
    refused(write("off.csv", "ts,side", f"{DAY} 10:00:30,BUY"), "none of its 1 signals", "15m bar of DEMO", "10:00:30")
    refused(write("sym.csv", "ts,side,symbol", f"{DAY} 10:00:00,BUY,TCS"), "none of its 1 rows is of DEMO")
    with gzip.open("cut.csv.gz", "wt") as file:
        file.write("ts,side\n" + "".join(f"{DAY} 10:00:{i % 60:02},BUY\n" for i in range(5000)))
    pathlib.Path("cut.csv.gz").write_bytes(pathlib.Path("cut.csv.gz").read_bytes()[:-20])
    refused("cut.csv.gz", "cut.csv.gz")
    pathlib.Path("binary.csv").write_bytes(bytes(range(256)))
    refused("binary.csv", "binary")
    write("named.parquet", "timestamp,side")
    refused("named.parquet", "no Parquet file")
    pathlib.Path("damaged.parquet").write_bytes(b"PAR1" + b"x" * 400 + b"PAR1")
    refused("damaged.parquet", "damaged.parquet")
    assert not any(name.startswith("runs/") for name in listing())


main()
