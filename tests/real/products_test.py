# SPDX-License-Identifier: Apache-2.0
"""Products on real bars: without costs a label is the exit of its trade to the last digit, whatever the product, and
every trade keeps the product's rules.
"""
import collections
import csv
import io
import json
import tempfile

from harness import main, pixity, shared, test

FILES = {"NIFTY50": "nse_1m/NIFTY50_2012_2021.csv.gz", "RELIANCE": "nse_1m/RELIANCE_2022.csv"}
HITS = {"stop_loss": "sl", "take_profit": "tp", "time_stop": "time", "square_off": "square_off"}
NIFTY = ["--symbol", "NIFTY50", "--timeframe", "15m", "--start", "2019-01-01", "--end", "2019-12-31"]
RELIANCE = ["--symbol", "RELIANCE", "--timeframe", "5m"]
_homes = {}


def home_of(symbol):
    if symbol not in _homes:
        path = shared("data", FILES[symbol])
        _homes[symbol] = tempfile.TemporaryDirectory(prefix="pixity-real-")
        pixity("import", path, "--symbol", symbol, "--home", _homes[symbol].name)
    return ["--home", _homes[symbol].name]


def rows(*args):
    return list(csv.DictReader(io.StringIO(pixity(*args, "--csv").stdout)))


def backtest(bars, *args):
    home = home_of(bars[1])
    doc = json.loads(pixity("backtest", "--strategy", "pixityAI_meta", *bars, *home, "--skip-meta-model", *args,
                            "--json").stdout)
    events = dict(doc["events"])
    candidates, _ = events.pop("candidates"), events.pop("approved")
    assert candidates == sum(events.values()) > 0
    return doc, rows("runs", "trades", doc["run_id"], *home), rows("runs", "events", doc["run_id"], *home)


def is_short(event):
    return event["side"] == "SELL"


def check_label_is_exit(bars, product, *more):
    """Returns the exit reasons of the trades that were compared."""
    settings = ["--product", product, "--set", "fees=none", "--set", "cooldown_bars=0", *more]
    _, trades, events = backtest(bars, *settings)
    labels = rows("labels", *bars, *home_of(bars[1]), "--product", product, *more)
    assert len(labels) == len(events)
    executed = [label for label, event in zip(labels, events) if event["fate"] == "executed"]
    assert len(executed) == len(trades) > 50
    assert product != "delivery" or not any(map(is_short, executed))
    reasons = collections.Counter()
    for label, trade in zip(executed, trades):
        assert label["entry_price"] == trade["entry_price"], (label, trade)
        if trade["exit_reason"] == "end_of_data":
            assert label["barrier_hit"] == "unresolved", (label, trade)
            continue
        got = (trade["exit_ts"], trade["exit_price"], HITS[trade["exit_reason"]])
        assert got == (label["exit_time"], label["exit_price"], label["barrier_hit"]), (label, trade)
        reasons[trade["exit_reason"]] += 1
    for label, event in zip(labels, events):  # nothing enters that could not have been labelled
        assert label["entry_price"] or event["fate"] != "executed"
    return reasons


def check_products(bars, products, *more):
    for product in products:
        reasons = check_label_is_exit(bars, product, *more)
        assert (reasons["square_off"] > 0) == (product == "intraday"), (product, reasons)


@test
def label_is_exit_on_nifty():
    check_products(NIFTY, ("index", "intraday", "futures", "any"))


@test
def label_is_exit_on_reliance():
    check_products(RELIANCE, ("intraday", "delivery", "futures", "any"))


@test
def label_is_exit_with_one_minute_detail():
    check_products(RELIANCE, ("intraday", "delivery"), "--set", "detail=1m")


@test
def intraday_holds_nothing_overnight():
    for bars in (NIFTY, RELIANCE):
        doc, trades, _ = backtest(bars, "--product", "intraday")
        assert trades and doc["events"]["session_end"] > 0
        crossed = [t for t in trades if t["entry_ts"][:10] != t["exit_ts"][:10]]
        told = [warning for warning in doc["warnings"] if "crossed into another session" in warning]
        assert bool(crossed) == bool(told), (crossed, told)
        for trade in trades:
            assert trade["entry_ts"][11:] < "15:15:00"
            assert trade in crossed or trade["exit_ts"][11:] < "15:15:00", trade


@test
def delivery_costs_more_and_sells_nothing_short():
    _, intraday, _ = backtest(RELIANCE, "--product", "intraday")
    doc, delivery, events = backtest(RELIANCE, "--product", "delivery")
    assert {trade["direction"] for trade in delivery} == {"long"} < {trade["direction"] for trade in intraday}
    assert doc["events"]["product_no_short"] == sum(
        is_short(event) for event in events if event["fate"] != "superseded") > 0

    def share(trades):
        turnover = sum(int(t["qty"]) * (float(t["entry_price"]) + float(t["exit_price"])) for t in trades)
        return sum(float(t["fees"]) for t in trades) / turnover
    assert share(delivery) > 3 * share(intraday) > 0


main()
