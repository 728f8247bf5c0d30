# SPDX-License-Identifier: Apache-2.0
"""Quantities in fractions: a coin of 60,000 that is traded round the clock with an account of 10,000."""
import datetime
import json
import math
import random
from fractions import Fraction

from harness import main, pixity, test
from lab import document, fails, rows_of, table, write_bars
from stream_kit import as_csv, of_type, stream

CAPITAL, LEVERAGE, RISK = 10000.0, 5.0, 50.0
BARS = ["--symbol", "BTCUSDT", "--exchange", "24x7", "--timeframe", "15m"]
RULES = ["--skip-meta-model", *(word for setting in [f"capital={CAPITAL}", f"risk_per_trade={RISK}", "fees=none", "slippage_bps=1"]
                                for word in ("--set", setting))]


def coin(days=8, seed=1, step=40.0):
    """Minutes of days without a night, as texts; trends, so that there are events."""
    rng, price, drift, rows = random.Random(seed), 60000.0, 0.0, []
    start = datetime.datetime(2024, 3, 1)
    for minute in range(days * 1440):
        if minute % 180 == 0:
            drift = rng.uniform(-6, 6)
        path = [price]
        for _ in range(3):
            path.append(round(path[-1] + drift + rng.uniform(-step, step), 2))
        price = path[-1]
        prices = [f"{value:.2f}" for value in (path[0], max(path), min(path), path[-1])]
        rows.append([str(start + datetime.timedelta(minutes=minute)), *prices, f"{rng.uniform(0.01, 9):.4f}"])
    return rows


def imported(days=8):
    rows = coin(days)
    pixity("import", write_bars("BTCUSDT.csv", rows), "--exchange", "24x7", "--tz", "UTC")
    return rows


def run(run_id, *args):
    return document("backtest", "--strategy", "pixityAI_meta", *BARS, *RULES, "--run-id", run_id, *args)


def quantities(run_id):
    return [trade["qty"] for trade in table("runs", "trades", run_id)]


def cut(quantity, lot):
    lots = Fraction(repr(quantity)) / Fraction(lot) if lot != "0" else None
    return quantity if lots is None else float(math.floor(lots) * Fraction(lot))


def check_sizes(run_id, lot):
    """What an event was sized at: by its risk or, as it sees the account's first equity, by leverage at most."""
    events = [row for row in table("runs", "events", run_id) if row["fate"] == "executed"]
    assert len(events) > 5
    for row in events:
        close, risk = float(row["entry_price_at_event"]), float(row["atr_at_event"])
        quantity, asked = float(row["quantity"]), RISK / risk
        assert quantity == cut(asked, lot) or (lot == "0" and math.isclose(quantity, asked, rel_tol=1e-15)), row
        assert quantity * risk <= RISK * (1 + 4e-16) and quantity * close <= LEVERAGE * CAPITAL * 1.1, row
    assert quantities(run_id) == [row["quantity"] for row in events]


def check_money(run_id):
    """Trades, fills and equity tell of the same cash, kept here as fractions."""
    fills, equity = table("runs", "export", run_id, "--table", "fills"), table("runs", "export", run_id, "--table", "equity")
    cash, position = Fraction(int(CAPITAL)), Fraction(0)
    for fill in fills:
        side = 1 if fill["side"] == "BUY" else -1
        cash -= side * Fraction(fill["qty"]) * Fraction(fill["price"]) + Fraction(fill["fees"])
        position += side * Fraction(fill["qty"])
    assert position == 0 and len(fills) % 2 == 0
    assert abs(float(cash) - float(equity[-1]["equity_net"])) < 1e-7 and equity[-1]["position"] == "0"
    held = {row["position"].lstrip("-") for row in equity} - {"0"}
    assert held <= {fill["qty"] for fill in fills}, held


# ---- lots ------------------------------------------------------------------------------------------------------


@test
def a_coin_in_lots_of_a_thousandth():
    imported()
    run("set", "--set", "lot_size=0.001")
    for qty in quantities("set"):
        assert len(qty) <= 5 and Fraction(qty) % Fraction("0.001") == 0 and Fraction(qty) > 0, qty
    check_sizes("set", "0.001")
    check_money("set")
    pixity("data", "instruments", "BTCUSDT", "--lot", "0.001")
    stored = run("stored")
    assert quantities("stored") == quantities("set") and stored["data"]["lot_size"] == 0.001
    assert run("again", "--set", "lot_size=0.001")["fingerprint"] != stored["fingerprint"], "other requests"
    assert not any(finding["code"] == "below_one_lot" for finding in stored["findings"])


@test
def a_coin_in_any_fraction():
    imported()
    whole = run("any", "--set", "lot_size=0")
    check_sizes("any", "0")
    check_money("any")
    assert any(len(qty) > 8 for qty in quantities("any")) and whole["data"]["lot_size"] == 0
    pixity("data", "instruments", "BTCUSDT", "--lot", "0")
    run("stored")
    assert quantities("stored") == quantities("any")
    shown = [row for row in table("data", "instruments") if row["symbol"] == "BTCUSDT"]
    assert [row["lot_size"] for row in shown] == ["0"]


@test
def a_coin_in_whole_ones_says_why_nothing_is_traded():
    imported()
    done = run("whole")
    n = done["events"]["below_one_lot"]
    assert n > 5 and done["events"]["executed"] == 0 and done["metrics"]["# Trades"] == 0
    found = [finding for finding in done["findings"] if finding["code"] == "below_one_lot"]
    assert len(found) == 1 and found[0]["severity"] == "warning" and found[0]["count"] == n, done["findings"]
    assert f"{n} of {n} quantities came to less than one lot of BTCUSDT, which is 1" in found[0]["what"]
    assert "lot_size" in found[0]["remedy"] and "--lot" in found[0]["remedy"]
    printed = pixity("backtest", "--strategy", "pixityAI_meta", *BARS, *RULES)
    assert "less than one lot of BTCUSDT" in printed.stdout + printed.stderr, printed


@test
def a_strategy_without_stops_and_a_file_of_signals():
    rows = imported()
    args = [*BARS, "--set", f"capital={CAPITAL}", "--set", "fees=none", "--set", "lot_size=0.001"]
    document("backtest", "--strategy", "ema_cross", "--param", "fast=5", "--param", "slow=20", *args, "--run-id", "cross")
    first = table("runs", "events", "cross")[0]
    assert first["quantity"] == f"{math.floor(950000 * CAPITAL / 1000 / float(first['entry_price_at_event'])) / 1000:.3f}"
    signals = [[rows[at * 15][0], side, "500", "5", quantity] for at, side, quantity in
               ((60, "BUY", "0.3"), (100, "BUY", "0.0019"), (140, "SELL", "0.0009"), (180, "BUY", "7"))]
    write_bars("s.csv", signals, "timestamp,side,stop_distance,h_bars,quantity")
    document("backtest", "--strategy", "precomputed", "--signals", "s.csv", *args, "--run-id", "file")
    told = [(row["quantity"], row["fate"]) for row in table("runs", "events", "file")]
    most = f"{math.floor(1000 * LEVERAGE * CAPITAL / float(rows[180 * 15 + 14][4])) / 1000:.3f}"
    assert told[:3] == [("0.3", "executed"), ("0.001", "executed"), ("0", "below_one_lot")], told
    assert told[3][1] == "executed" and abs(float(told[3][0]) - float(most)) < 0.02, (told, most)


@test
def deliveries_are_cut_to_what_the_cash_pays():
    imported()
    for lot in ("0.001", "0"):
        name = f"cash{lot[-1]}"
        document("backtest", "--strategy", "ema_cross", "--param", "fast=5", "--param", "slow=20", *BARS, "--set", f"capital={CAPITAL}",
                 "--set", "product=delivery", "--set", "size_fraction=1", "--set", f"lot_size={lot}", "--run-id", name)
        fills = table("runs", "export", name, "--table", "fills")
        spent = Fraction(int(CAPITAL))
        for fill in fills:
            value = Fraction(fill["qty"]) * Fraction(fill["price"])
            spent -= (value if fill["side"] == "BUY" else -value) + Fraction(fill["fees"])
            assert spent >= Fraction(-1, 10**9), fill
        assert len(fills) > 4
        assert any(row["capped_by"] == "cash" for row in table("runs", "events", name, "--full")), lot


# ---- where they are seen -----------------------------------------------------------------------------------------


@test
def files_of_all_runs_go_together():
    imported()
    run("part", "--set", "lot_size=0.001")
    run("all", "--set", "lot_size=1", "--set", "capital=1e8", "--set", "risk_per_trade=5000")
    for name, column in (("trades", "qty"), ("orders", "qty"), ("fills", "qty"), ("signals", "quantity"), ("equity", "position")):
        kinds = table("runs", "sql", f"SELECT DISTINCT typeof({column}) AS kind FROM {name}")
        assert kinds == [{"kind": "DOUBLE"}], (name, kinds)
    whole, part = quantities("all"), quantities("part")
    assert whole and all(qty.isdigit() for qty in whole) and not any(qty.isdigit() for qty in part)
    trades = json.loads(pixity("runs", "export", "part", "--table", "trades", "--json").stdout)
    assert [trade["qty"] for trade in trades] == [float(qty) for qty in part]
    printed = pixity("runs", "trades", "part").stdout
    assert all(f" {qty} " in printed for qty in part)


@test
def streams_and_accounts_trade_the_same_fractions():
    rows = imported(12)
    run("batch", "--set", "lot_size=0.001", "--start", "2024-03-06")
    live = [row for row in rows if row[0] >= "2024-03-06"]
    lines = stream(as_csv(live), "--symbol", "BTCUSDT", "--exchange", "24x7", "--timeframe", "15m", *RULES, "--set", "lot_size=0.001",
                   "--account", "coins")
    exits = [line["quantity"] for line in of_type(lines, "exit")]
    assert len(exits) > 5 and exits == [float(qty) for qty in quantities("batch")][:len(exits)]
    for part, column in (("trades", "qty"), ("orders", "qty"), ("fills", "qty"), ("signals", "quantity"), ("equity", "position")):
        cells = [row[column] for row in table("account", part, "coins")]
        assert any("." in cell for cell in cells) and all(Fraction(cell) % Fraction("0.001") == 0 for cell in cells if cell), (part, cells)
    assert [row["qty"] for row in table("account", "trades", "coins")] == quantities("batch")[:len(exits)]


@test
def an_account_keeps_its_lot():
    rows = imported(2)
    args = ["stream", "--symbol", "BTCUSDT", "--exchange", "24x7", "--timeframe", "15m", *RULES, "--account"]
    begun = as_csv(rows[:5])  # nothing is sized yet
    pixity(*args, "set", "--set", "lot_size=0.001", stdin=begun)
    fails(*args, "set", stdin=as_csv(rows[5:10]), words=["lot_size is 0.001 in the account and absent here"])
    pixity(*args, "unset", stdin=begun)
    fails(*args, "unset", "--set", "lot_size=0.001", stdin=as_csv(rows[5:10]), words=["lot_size is absent in the account and 0.001 here"])


# ---- what is no lot ------------------------------------------------------------------------------------------------


@test
def lots_that_are_none():
    imported(2)
    for value in ("-0.001", "2e9", "abc"):
        fails("backtest", "--strategy", "ema_cross", *BARS, "--set", f"lot_size={value}", words=["lot_size"])
    fails("backtest", "--strategy", "ema_cross", *BARS, "--set", "lot_size=1e-12", words=["lot_size", "0, or a number from 1e-09"])
    for value in ("-1", "x", "nan", "1e-12"):
        fails("data", "instruments", "BTCUSDT", "--lot", value, words=["--lot"])
    header, rows = rows_of(pixity("data", "instruments", "BTCUSDT", "--lot", "0.25", "--from", "2024-03-01", "--csv"))
    lots = [row[header.index("lot_size")] for row in rows if "BTCUSDT" in row]
    assert lots == ["0.25"]


if __name__ == "__main__":
    main()
