# SPDX-License-Identifier: Apache-2.0
"""The oracle against pinned outputs, its own committed cases, and numbers worked out by hand."""
import math
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import indicators_oracle
import oracle
import pandas as pd
from harness import in_full, main, shared, test


def run_oracle(*arguments):
    command = [sys.executable, str(cases.HERE / "oracle.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def bars_of(rows, start="2023-07-03 09:15:00", minutes=15):
    """Bars from (open, high, low, close) or (open, high, low, close, volume), one after another."""
    begin = pd.Timestamp(start)
    table = [[begin + pd.Timedelta(minutes=minutes * i), *row[:4], row[4] if len(row) > 4 else 1.0]
             for i, row in enumerate(rows)]
    return pd.DataFrame(table, columns=oracle.BAR_COLUMNS)


def event_at(bar, bars, side="BUY", atr=2.0, kind="TREND"):
    row = [bars["timestamp"][bar], side, kind, *[0.0] * 7, bars["close"][bar], atr, bar]
    return pd.DataFrame([row], columns=oracle.EVENT_COLUMNS + ["bar"])


def first(frame):
    return next(frame.itertuples(index=False))


# ---- whole cases -------------------------------------------------------------------------------------------


@in_full("it asks the oracle only")
def committed_cases_are_what_the_oracle_computes():
    result = run_oracle("--check")
    assert result.returncode == 0, result.stdout + result.stderr


@test
def check_notices_a_changed_a_missing_and_a_foreign_file():
    shutil.copytree(cases.HERE / "cases", "cases")
    changed = pathlib.Path("cases/equity/honest/labels_15m.csv")
    text = changed.read_text()
    changed.write_text(text.replace("sl", "tp", 1))
    pathlib.Path("cases/thin/reference/events_1h.csv").unlink()
    pathlib.Path("cases/thin/stray.csv").write_text("")
    lines, count = cases.compare_folders(cases.HERE / "cases", pathlib.Path("cases"))
    assert count > 200 and lines == [
        "thin/reference/events_1h.csv: missing", "thin/stray.csv: not written by the oracle",
        "equity/honest/labels_15m.csv: differs"], lines


@in_full("it asks the oracle only")
def reference_equals_the_pinned_outputs():
    result = run_oracle("--golden", shared("golden"))
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr


@in_full("it asks the oracle only")
def golden_notices_a_changed_number_and_a_lost_row():
    folder = pathlib.Path("golden/synthetic")
    shutil.copytree(shared("golden", "synthetic"), folder)
    folder.chmod(0o755)
    for name in ("features_1h.csv", "labels_1h.csv"):
        path = folder / name
        lines = path.read_text().splitlines()
        path.unlink()
        if name.startswith("features"):
            cells = lines[300].split(",")
            cells[3] = repr(float(cells[3]) * (1 + 2e-9))
            lines[300] = ",".join(cells)
        else:
            lines.pop()
        path.write_text("\n".join(lines) + "\n")
    result = run_oracle("--golden", "golden")
    assert result.returncode == 1
    assert result.stdout.count("\n") == 3, result.stdout
    assert "features_1h.csv: row 300, atr is" in result.stdout
    assert "labels_1h.csv: 14 rows, expected 13" in result.stdout


@test
def every_outcome_is_covered_by_the_cases():
    wanted = set(oracle.FATES) - {"rejected_model", "no_atr", "bad_horizon"}  # these cannot come from events
    reasons, fates, hits = set(), set(), set()
    for path in (cases.HERE / "cases").rglob("trades_*.csv"):
        reasons |= set(cases.read_text(path)["exit_reason"])
    for path in (cases.HERE / "cases").rglob("labels_*.csv"):
        hits |= set(cases.read_text(path)["barrier_hit"])
    for path in (cases.HERE / "cases").rglob("fates_*.json"):
        document = cases.json.loads(path.read_text())
        assert document["candidates"] == sum(document["fates"].values()) == len(document["of_each_event"])
        fates |= {name for name, count in document["fates"].items() if count}
    assert wanted <= fates, wanted - fates
    assert reasons == {"stop_loss", "take_profit", "time_stop", "square_off", "exit_signal", "kill_switch",
                       "end_of_data"}
    assert hits == {"tp", "sl", "time", "square_off", "unresolved"}


@test
def without_costs_a_label_is_the_exit_of_its_trade():
    hits = {reason: hit for reason, (hit, _) in oracle.HITS.items()}
    folder, compared = cases.HERE / "cases" / "no_costs" / "honest", 0
    for timeframe in ("5m", "15m"):
        trades = cases.read_text(folder / f"trades_{timeframe}.csv")
        labels = cases.read_text(folder / f"labels_{timeframe}.csv")
        fates = cases.json.loads((folder / f"fates_{timeframe}.json").read_text())["of_each_event"]
        executed = labels[[fate == "executed" for fate in fates]].reset_index(drop=True)
        assert len(executed) == len(trades)
        for label, trade in zip(executed.itertuples(), trades.itertuples()):
            if trade.exit_reason == "end_of_data":
                continue
            assert (label.barrier_hit, label.exit_time, label.exit_price, label.entry_price) == (
                hits[trade.exit_reason], trade.exit_ts, trade.exit_price, trade.entry_price)
            compared += 1
    assert compared > 40


# ---- by hand -----------------------------------------------------------------------------------------------


@test
def recurrences():
    assert oracle.ema([1.0, 2.0, 4.0], 3) == [1.0, 1.5, 2.75]
    nan = math.nan
    # n = 2: a = 1/2; after one missing input w = 1/4, so y = (1/4 * 8 + 1/2 * 2) / (3/4) = 4
    got = indicators_oracle.wilder([nan, 8.0, nan, 2.0, 6.0], 2)
    assert math.isnan(got[0]) and got[1:] == [8.0, 8.0, 4.0, 5.0], got


@test
def vwap_without_volume():
    ts = list(pd.date_range("2023-07-03 09:15", periods=3, freq="15min"))
    price, volume = [10.0, 13.0, 16.0], [0.0, 0.0, 5.0]
    assert oracle.vwap(ts, price, price, price, volume, "session", False) == [10.0, 11.5, 16.0]
    got = oracle.vwap(ts, price, price, price, volume, "dataset", False)
    assert math.isnan(got[0]) and math.isnan(got[1]) and got[2] == 16.0
    assert oracle.vwap(ts, price, price, price, [0.0] * 3, "dataset", False) == [10.0, 11.5, 13.0]


@test
def swings_are_known_late_or_at_their_own_bar():
    highs = [1.0, 2.0, 5.0, 2.0, 1.0, 0.0]
    confirmed, centered = (oracle.swings(highs, max, 2, rule) for rule in ("confirmed", "centered"))
    assert [i for i, x in enumerate(confirmed) if x == 5.0] == [4, 5]
    assert [i for i, x in enumerate(centered) if x == 5.0] == [2, 3, 4, 5]


@test
def session_filter_and_bins():
    times = ["2023-07-03 09:00", "2023-07-03 09:20", "2023-07-03 15:29", "2023-07-03 15:30", "2023-07-15 18:20"]
    bars = pd.DataFrame([[pd.Timestamp(t), 1.0, 2.0, 0.5, 1.5, 10.0] for t in times], columns=oracle.BAR_COLUMNS)
    kept, excluded = oracle.session_filter(bars)
    assert excluded == 2 and len(kept) == 3
    starts = [oracle.resample(kept, 120, profile)["timestamp"].dt.strftime("%H:%M").tolist()
              for profile in ("honest", "reference")]
    assert starts == [["09:15", "15:15", "17:15"], ["08:15", "14:15", "18:15"]], starts


@test
def fees():
    # a purchase of 100 at 1000: brokerage min(20, 30) = 20, exchange 3.07, SEBI 0.1, stamp 3, GST 18 % of 23.17
    close = lambda x, y: abs(x - y) < 1e-9
    assert close(oracle.fee("intraday", 1, 100, 1000.0), 20 + 3.07 + 0.1 + 3 + 0.18 * 23.17)
    assert close(oracle.fee("intraday", -1, 100, 1000.0), 20 + 25 + 3.07 + 0.1 + 0.18 * 23.17)
    assert close(oracle.fee("delivery", 1, 100, 1000.0), 100 + 3.07 + 0.1 + 15 + 0.18 * 3.17)
    assert close(oracle.fee("delivery", -1, 100, 1000.0), 100 + 3.07 + 0.1 + 0.18 * 3.17)
    assert close(oracle.fee("flat_sides", -1, 100, 1000.0), 20 + 3.45 + 0.1 + 25 + 3 + 0.18 * 23.55)
    assert oracle.fee("none", 1, 100, 1000.0) == 0.0
    # futures: exchange 1.83 a lakh, stamp 2 on purchases, STT on sales by date; 18 % of 20 + 1.83 + 0.1 is 3.9474
    for date, stt in (("2024-09-30", 10), ("2024-10-01", 20), ("2026-03-31", 20), ("2026-04-01", 50)):
        assert close(oracle.fee("futures", 1, 100, 1000.0, pd.Timestamp(date)), 25.8774 + 2)
        assert close(oracle.fee("futures", -1, 100, 1000.0, pd.Timestamp(date)), 25.8774 + stt)


@test
def barriers():
    """A long from 100 with A = 2: stop 98, target 104."""
    flat = (100, 101, 99, 100)
    expected = {
        (97, 99, 96, 98): (("sl", 97.0), ("sl", 98.0)),  # opens beyond the stop
        (105, 106, 103, 104): (("tp", 105.0), ("tp", 104.0)),  # opens beyond the target
        (100, 105, 97, 100): (("sl", 98.0), ("sl", 98.0)),  # both inside: the stop
        (100, 103, 98, 99): (("sl", 98.0), ("sl", 98.0)),  # touched is hit
    }
    for bar, outcomes in expected.items():
        bars = bars_of([flat, flat, flat, bar])
        for stop_fill, outcome in zip(("market", "level"), outcomes):
            label = first(oracle.labels(bars, event_at(0, bars), oracle.config("honest", stop_fill=stop_fill)))
            assert (label.barrier_hit, label.exit_price) == outcome, (bar, stop_fill, label)


@test
def excursions_stop_at_the_exit():
    bars = bars_of([(100, 100, 100, 100), (100, 101, 99.5, 100), (100, 103, 97, 99)])
    label = first(oracle.labels(bars, event_at(0, bars)))  # A = 2
    assert (label.label, label.mae, label.mfe) == (-1, 1.0, 0.5)
    short = first(oracle.labels(bars, event_at(0, bars, "SELL"), oracle.config("honest", time_stop_bars=1)))
    assert (short.barrier_hit, short.mae, short.mfe, short.realized_R) == ("time", 0.5, 0.25, 0.0)


@test
def horizons_that_the_data_cut():
    bars = bars_of([(100, 100.5, 99.5, 100)] * 4)
    honest = first(oracle.labels(bars, event_at(0, bars)))
    assert honest.barrier_hit == "unresolved" and honest.entry_price == 100 and math.isnan(honest.label)
    assert pd.isna(honest.exit_time) and honest.ts_end == bars["timestamp"][3]
    reference = first(oracle.labels(bars, event_at(0, bars), "reference"))
    assert (reference.barrier_hit, reference.label, reference.exit_time) == ("time", 0, bars["timestamp"][3])
    last = event_at(3, bars)
    assert first(oracle.labels(bars, last)).barrier_hit == "unresolved"
    assert len(oracle.labels(bars, last, "reference")) == 0
    assert len(oracle.labels(bars, event_at(2, bars), "reference")) == 0  # an entry bar, none to watch


@test
def stops_nearer_than_a_tick():
    bars = bars_of([(100, 100.5, 99.5, 100)] * 20)
    for atr, fate in ((0.02, "stop_below_tick"), (0.03, "executed")):  # rounds to 0 ticks, to 1 tick
        event = event_at(2, bars, atr=atr)
        assert oracle.replay(bars, event, "honest", 15, tick=0.05)["fates"] == [fate]
        entered = not math.isnan(first(oracle.labels(bars, event, "honest", 15, tick=0.05)).entry_price)
        assert entered == (fate == "executed")


@test
def square_off_at_the_close_or_after_a_gap():
    bars = bars_of([(100, 100.5, 99.5, 100.25)] * 8, start="2023-07-03 13:45:00")
    cfg = oracle.config("honest", square_off="15:15")
    label = first(oracle.labels(bars, event_at(0, bars), cfg, 15))
    assert (label.barrier_hit, label.exit_time, label.exit_price) == ("square_off", bars["timestamp"][5], 100.25)
    # without the bars of 14:45 and 15:00 the first price after the square-off is an open
    gap = bars.drop([4, 5, 6]).reset_index(drop=True)
    label = first(oracle.labels(gap, event_at(0, gap), cfg, 15))
    assert (label.barrier_hit, label.exit_time, label.exit_price) == ("square_off", gap["timestamp"][4], 100.0)
    assert oracle.replay(bars, event_at(6, bars), cfg, 15)["fates"] == ["session_end"]


@test
def products():
    """A long is open when a short is signalled, and a short of the last hour would be held overnight."""
    monday = bars_of([(100, 100.5, 99.5, 100)] * 25, start="2023-07-03 09:15:00")
    tuesday = bars_of([(100, 100.5, 99.5, 100)] * 25, start="2023-07-04 09:15:00")
    bars = pd.concat([monday, tuesday], ignore_index=True)
    events = pd.concat([event_at(2, bars), event_at(5, bars, "SELL"), event_at(21, bars, "SELL")], ignore_index=True)
    expected = {  # rule, product -> fates and (reason, exit bar) of each trade, by hand
        ("ignore", "any"): (["executed", "in_position", "executed"], [("time_stop", 14), ("time_stop", 33)]),
        ("close", "any"): (["executed", "in_position", "executed"], [("exit_signal", 6), ("time_stop", 33)]),
        ("reverse", "any"): (["executed", "executed", "executed"],
                             [("exit_signal", 6), ("time_stop", 17), ("time_stop", 33)]),
        ("reverse", "intraday"): (["executed", "executed", "executed"],
                                  [("exit_signal", 6), ("time_stop", 17), ("square_off", 23)]),
        ("reverse", "delivery"): (["executed", "product_no_short", "product_no_short"], [("exit_signal", 6)]),
        ("reverse", "futures"): (["executed", "executed", "executed"],
                                 [("exit_signal", 6), ("time_stop", 17), ("time_stop", 33)]),
    }
    for (rule, product), (fates, exits) in expected.items():
        cfg = oracle.config("honest", on_opposite=rule, product=product)
        result = oracle.replay(bars, events, cfg, 15)
        trades = result["trades"]
        got = [(trade.exit_reason, bars.index[bars["timestamp"] == trade.exit_ts][0]) for trade in trades.itertuples()]
        assert (result["fates"], got) == (fates, exits), (rule, product, result["fates"], got)
        assert trades["qty"][0] == 250, "delivery could pay for 1,000"


@test
def market_fills_and_stops_pay_slippage_and_targets_do_not():
    quiet = [(100, 101, 99, 100, 400.0)] * 30  # range and ATR are 2, 500 / 2 = 250 shares
    for form, paid in (("none", 0), ("ticks:3", 0.15), ("range:0.25", 0.5),
                       ("volume:0.4", 0.4 * 2 * math.sqrt(250 / 400))):
        for last, reason in (((100, 105, 99.5, 104), "take_profit"), ((100, 100.5, 95, 96), "stop_loss")):
            bars = bars_of([*quiet, (*last, 400.0)])
            cfg = oracle.config("honest", slippage=form)
            trade = first(oracle.replay(bars, event_at(25, bars), cfg, 15, tick=0.05)["trades"])
            level = oracle.nearest_tick(100 + paid + (4 if reason == "take_profit" else -2), 0.05)
            leaves = level if reason == "take_profit" else level - paid
            assert trade.exit_reason == reason
            assert abs(trade.entry_price - 100 - paid) < 1e-9 and abs(trade.exit_price - leaves) < 1e-9, (form, trade)


@test
def what_caps_a_quantity():
    bars = bars_of([(100, 100.5, 99.5, 100)] * 6)
    for settings, qty, cap in (
        (dict(), 250, None), (dict(risk_per_trade=1e5), 5000, "leverage"),
        (dict(max_position_size=20), 20, "max_position_size"), (dict(leverage=0.1), 100, "leverage"),
        (dict(profile="reference", risk_per_trade=1e5), 1000, "equity_cap"),
        (dict(product="delivery", risk_per_trade=1e5, fees="none"), 1000, "leverage"),
        (dict(product="delivery", risk_per_trade=1e5), 998, "cash"),  # 100,000 do not pay the fee of 1,000 shares
    ):
        result = oracle.replay(bars, event_at(0, bars), oracle.config(settings.pop("profile", "honest"), **settings), 15)
        assert (list(result["trades"]["qty"]), result["capped_by"]) == ([qty], [cap]), (qty, cap, result)


@test
def a_delivery_buys_what_its_cash_pays():
    for opens, fate in ((110, "executed"), (100100, "below_one_lot")):
        bars = bars_of([(100, 100.5, 99.5, 100), (opens, opens, opens, opens), (opens, opens, opens, opens)])
        cfg = oracle.config("honest", product="delivery", risk_per_trade=1e6)
        result = oracle.replay(bars, event_at(0, bars), cfg, 15)
        assert (result["fates"], result["capped_by"]) == ([fate], ["cash"])
        for qty in result["trades"]["qty"]:
            cost = [n * opens + oracle.fee("delivery", 1, n, opens) for n in (qty, qty + 1)]
            assert cost[0] <= 100000 < cost[1]


@test
def an_overnight_trade_pays_delivery():
    monday = bars_of([(100, 100.5, 99.5, 100)] * 2, start="2023-07-03 15:00:00")
    tuesday = bars_of([(100, 100.5, 99.5, 100)] * 2, start="2023-07-04 09:15:00")
    bars = pd.concat([monday, tuesday], ignore_index=True)
    cfg = oracle.config("honest", time_stop_bars=2)
    trade = first(oracle.replay(bars, event_at(0, bars), cfg, 15)["trades"])
    both_sides = oracle.fee("delivery", 1, 250, 100.0) + oracle.fee("delivery", -1, 250, 100.0)
    assert trade.qty == 250 and abs(trade.fees - both_sides) < 1e-9
    inside = first(oracle.replay(bars, event_at(0, bars), oracle.config(cfg, time_stop_bars=1), 15)["trades"])
    both_sides = oracle.fee("intraday", 1, 250, 100.0) + oracle.fee("intraday", -1, 250, 100.0)
    assert abs(inside.fees - both_sides) < 1e-9


if __name__ == "__main__":
    main()
