# SPDX-License-Identifier: Apache-2.0
"""Products and fee tables as a user meets them: what each allows, what fills cost, and files of rates."""
import hashlib
import json
import pathlib

from harness import main, pixity, test
from lab import document, fails, table, walk, write_bars

BARS = ["--symbol", "DEMO", "--timeframe", "15m"]
META = ["--strategy", "pixityAI_meta", *BARS, "--skip-meta-model"]


def synth(days=80, start="2025-01-06"):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", 5, "--start", start)


def run(run_id, *args):
    doc = document("backtest", *META, "--run-id", run_id, *args)
    events = dict(doc["events"])
    candidates, _ = events.pop("candidates"), events.pop("approved")
    assert candidates == sum(events.values()) == len(table("runs", "events", run_id)), events
    return doc, table("runs", "trades", run_id)


def own_table(path="mine.json", **changes):
    """A copy of the built-in rates with numbers of each segment's last row changed: intraday={"stt_sell_pct": 1}."""
    rates = json.loads(pixity("fees", "--json").stdout)
    for segment, numbers in changes.items():
        rates["segments"][segment][-1].update(numbers)
    pathlib.Path(path).write_text(json.dumps(rates))
    return path


def day(time):
    return time[:10]


# ---- products ------------------------------------------------------------------------------------------------


@test
def intraday_is_squared_off_in_labels_and_replay():
    synth()
    labels = table("labels", *BARS, "--product", "intraday")
    assert {row["barrier_hit"] for row in labels} >= {"tp", "sl", "square_off"}
    entered = [row for row in labels if row["entry_price"] and row["exit_time"]]
    assert len(entered) > 60
    for row in entered:  # 15:00 is the bar that ends at 15:15
        assert day(row["timestamp"]) == day(row["exit_time"]) and row["exit_time"][11:] <= "15:00:00", row
    assert any(day(row["timestamp"]) != day(row["exit_time"]) for row in table("labels", *BARS) if row["exit_time"])
    doc, trades = run("intraday", "--product", "intraday")
    assert doc["events"]["session_end"] > 0 and any(t["exit_reason"] == "square_off" for t in trades)
    for trade in trades:
        assert day(trade["entry_ts"]) == day(trade["exit_ts"]) and trade["entry_ts"][11:] < "15:15:00"
        assert trade["exit_ts"][11:] <= "15:00:00"
    assert {"long", "short"} == {t["direction"] for t in trades}
    said, _ = run("said", "--set", "square_off=15:15")
    assert said["metrics"] == doc["metrics"]


@test
def sessions_that_break_off_are_told():
    """Bars end at 14:00: nobody can know that before, and the first price after the square-off is tomorrow's."""
    write_bars("bars.csv", walk(60, seed=3, minutes=285))
    base = ["backtest", "--strategy", "pixityAI_meta", "--input", "bars.csv", "--timeframe", "15m", "--skip-meta-model"]
    doc = document(*base, "--product", "intraday", "--run-id", "cut")
    crossed = [t for t in table("runs", "trades", "cut") if day(t["entry_ts"]) != day(t["exit_ts"])]
    assert crossed and all(t["exit_ts"][11:] == "09:15:00" for t in crossed)
    assert any(f"{len(crossed)} trades crossed into another session" in w for w in doc["warnings"]), doc["warnings"]
    for trade in crossed:
        qty, buy, prices = int(trade["qty"]), trade["direction"] == "long", (trade["entry_price"], trade["exit_price"])
        both = sum(cost("delivery", buys, qty, float(price)) for buys, price in zip((buy, not buy), prices))
        assert abs(both - float(trade["fees"])) < 1e-6, (trade, both)


@test
def elsewhere_the_rates_are_foreign_and_half_days_end_early():
    """New York closed at 13:00 on 2022-11-25, the day after Thanksgiving."""
    rows = [row for row in walk(14, seed=7, start="2022-11-14") if row[0][:10] != "2022-11-24"]
    write_bars("bars.csv", rows)
    source = ["--input", "bars.csv", "--exchange", "XNYS", "--timeframe", "5m", "--product", "intraday"]
    doc = document("backtest", "--strategy", "pixityAI_meta", *source, "--skip-meta-model", "--run-id", "ny")
    assert any("fees are those of NSE, the bars are of XNYS" in w for w in doc["warnings"]), doc["warnings"]
    own = document("backtest", "--strategy", "pixityAI_meta", *source, "--skip-meta-model", "--run-id", "own", "--set",
                   f"fee_table={own_table()}")
    assert not any("NSE" in warning for warning in own["warnings"]), own["warnings"]
    last = {}
    wide = ["reversion_k=1", "sl_mult=50", "tp_mult=50", "time_stop_bars=100"]
    for row in table("labels", *source, *(word for setting in wide for word in ("--set", setting))):
        if row["barrier_hit"] == "square_off":
            last.setdefault(day(row["timestamp"]), set()).add(row["exit_time"])
    assert last.pop("2022-11-25") == {"2022-11-25 12:55:00"}
    assert last and all({time[11:] for time in times} == {"15:10:00"} for times in last.values()), last


@test
def a_set_square_off_holds_and_none_contradicts():
    synth(40)
    _, trades = run("early", "--product", "intraday", "--set", "square_off=12:00")
    assert trades and max(t["exit_ts"][11:] for t in trades) <= "11:45:00"
    for verb in (["labels", *BARS], ["train", *BARS], ["backtest", *META], ["config", "show"], ["events", *BARS]):
        fails(*verb, "--product", "intraday", "--set", "square_off=none", words=["square_off none", "intraday"])
    shown = json.loads(pixity("config", "show", "--product", "intraday").stdout)
    assert shown["product"] == "intraday" and shown["square_off"] is None
    pathlib.Path("c.json").write_text(json.dumps(shown))
    assert run("config", "--config", "c.json")[0]["metrics"] == run("option", "--product", "intraday")[0]["metrics"]
    fails("config", "show", "--product", "intrady", words=["--product", "intrady", "intraday", "futures"])


@test
def a_model_belongs_to_its_square_off():
    synth(160)
    pixity("train", *BARS, "--end", "2025-06-30", "--product", "intraday", "--model-out", "day")
    test_bars = ["backtest", "--strategy", "pixityAI_meta", *BARS, "--start", "2025-07-01", "--model", "day"]
    for product in ("any", "delivery", "futures"):
        fails(*test_bars, "--product", product, words=["day does not fit", 'square_off is "15:15" in the model'])
    pixity(*test_bars, "--product", "intraday")
    pixity(*test_bars, "--product", "futures", "--set", "square_off=15:15")
    fails(*test_bars, "--product", "intraday", "--set", "square_off=15:00", words=['"15:15" in the model', '"15:00"'])


@test
def delivery_is_long_only_without_leverage():
    synth()
    doc, trades = run("delivery", "--product", "delivery", "--set", "risk_per_trade=50000", "--set",
                      "on_opposite=reverse")
    assert trades and {t["direction"] for t in trades} == {"long"}
    assert doc["events"]["product_no_short"] > 0 and any(t["exit_reason"] == "exit_signal" for t in trades)
    events = table("runs", "events", "delivery")
    assert all((event["fate"] == "product_no_short") == (event["side"] == "SELL") for event in events
               if event["fate"] != "superseded")
    for trade in trades:  # bought at the open after the close that it was sized at
        assert int(trade["qty"]) * float(trade["entry_price"]) < 1.02 * 100000
    assert not any("overnight" in warning for warning in doc["warnings"])
    standard = document("backtest", "--strategy", "ema_cross", *BARS, "--product", "delivery", "--set",
                        "allow_short=true", "--run-id", "cross")
    assert standard["events"]["product_no_short"] > 0


@test
def futures_trade_lots_of_the_day_and_carry_shorts():
    synth()
    doc, _ = run("alone", "--product", "futures")
    assert any("lot of DEMO is not known" in warning for warning in doc["warnings"])
    pixity("data", "instruments", "DEMO", "--lot", "10")
    pixity("data", "instruments", "DEMO", "--lot", "25", "--from", "2025-04-01")
    doc, trades = run("futures", "--product", "futures", "--set", "risk_per_trade=100")
    assert doc["events"]["below_one_lot"] > 0
    assert not any("lot" in warning for warning in doc["warnings"]), doc["warnings"]
    for trade in trades:
        assert int(trade["qty"]) % (25 if trade["entry_ts"] > "2025-04-02" else 10) == 0, trade
    overnight = [t for t in trades if day(t["entry_ts"]) != day(t["exit_ts"])]
    assert {t["direction"] for t in overnight} == {"long", "short"}
    assert not any("overnight" in warning for warning in doc["warnings"])
    assert any("overnight" in warning for warning in run("any")[0]["warnings"])


@test
def index_costs_nothing():
    synth(40)
    doc, trades = run("index", "--product", "index")
    assert doc["metrics"]["Commissions [Rs]"] == 0 and all(float(t["fees"]) == 0 for t in trades)
    assert any("research without fees" in warning for warning in doc["warnings"])


# ---- what fills cost -----------------------------------------------------------------------------------------

# Percent: STT bought and sold, exchange, stamp bought; see docs/costs.md for the sources.
RATES = {"intraday": (0, 0.025, 0.00307, 0.003), "delivery": (0.1, 0.1, 0.00307, 0.015),
         "futures": (0, 0.02, 0.00183, 0.002)}


def cost(segment, buy, qty, price):
    stt_buy, stt_sell, exchange, stamp = RATES[segment]
    lakhs = qty * price / 100000
    brokerage = 0 if segment == "delivery" else min(20, 30 * lakhs)
    services = brokerage + (exchange * 1000 + 0.1) * lakhs
    return 1.18 * services + 1000 * (stt_buy + stamp if buy else stt_sell) * lakhs


@test
def fees_are_those_of_the_contract_note():
    synth()
    for product in ("any", "intraday", "delivery", "futures"):
        doc, trades = run(product, "--product", product)
        assert trades and not any("fees before" in warning for warning in doc["warnings"])
        for trade in trades:
            crossed = day(trade["entry_ts"]) != day(trade["exit_ts"])
            segment = product if product != "any" else "delivery" if crossed else "intraday"
            qty, buy = int(trade["qty"]), trade["direction"] == "long"
            both = cost(segment, buy, qty, float(trade["entry_price"])) + cost(
                segment, not buy, qty, float(trade["exit_price"]))
            assert abs(both - float(trade["fees"])) < 1e-6, (product, trade, both)
        assert doc["fees"] == {"table": "built in", "sha256": None,
                               "segment": "intraday" if product == "any" else product,
                               "segment_overnight": "futures" if product == "futures" else "delivery"}


@test
def rates_outside_their_dates_are_told():
    synth(30, start="2022-01-03")
    for product, words in (("any", "use the rates of that date"), ("futures", "not in force then")):
        doc, _ = run(product, "--product", product)
        assert any("fees before 2024-10-01" in w and words in w for w in doc["warnings"]), doc["warnings"]
    doc, _ = run("none", "--set", "fees=none")
    assert not any("2024-10-01" in warning for warning in doc["warnings"])
    doc, _ = run("flat", "--profile", "reference")
    assert not any("2024-10-01" in warning for warning in doc["warnings"])


# ---- tables of rates -----------------------------------------------------------------------------------------


@test
def fees_prints_what_reads_back():
    text = pixity("fees").stdout
    assert all(word in text for word in ("intraday", "futures", "2026-04-01", "stt_sell_pct", "0.00307")), text
    pathlib.Path("copy.json").write_text(pixity("fees", "--json").stdout)
    assert pixity("fees", "--json", "--set", "fee_table=copy.json").stdout == pathlib.Path("copy.json").read_text()
    rows = table("fees")
    assert [(row["segment"], row["from"], row["stt_sell_pct"]) for row in rows if row["segment"] == "futures"] == [
        ("futures", "2013-06-01", "0.01"), ("futures", "2024-10-01", "0.02"), ("futures", "2026-04-01", "0.05")]
    assert all(row["source"] for row in rows)
    own = own_table(futures={"brokerage_cap_rupees": None})
    assert "no cap" in pixity("fees", "--set", f"fee_table={own}").stdout


@test
def own_rates_are_used_and_named():
    synth(40)
    own = own_table(intraday={"stt_sell_pct": 1.0}, delivery={"stt_sell_pct": 1.0})
    plain, _ = run("plain")
    doc, trades = run("own", "--set", f"fee_table={own}")
    assert doc["metrics"]["Commissions [Rs]"] > 5 * plain["metrics"]["Commissions [Rs]"]
    digest = hashlib.sha256(pathlib.Path(own).read_bytes()).hexdigest()
    assert doc["fees"]["table"] == f"fees of {own}" and doc["fees"]["sha256"] == digest
    assert f"fees of {own}" in pixity("runs", "show", "own").stdout
    pathlib.Path("elsewhere").mkdir()
    moved = pathlib.Path(own).rename("elsewhere/other.json")
    again, _ = run("again", "--set", f"fee_table={moved}")
    assert again["fingerprint"] == doc["fingerprint"] != plain["fingerprint"]
    moved.write_text(moved.read_text() + "\n")  # the same rates, other bytes
    changed, same_trades = run("changed", "--set", f"fee_table={moved}")
    assert same_trades == trades and changed["fingerprint"] != doc["fingerprint"]


@test
def wrong_tables_are_refused_before_anything_is_done():
    synth(40)
    good = json.loads(pixity("fees", "--json").stdout)

    def refused(words, edit):
        rates = json.loads(json.dumps(good))
        edit(rates["segments"])
        pathlib.Path("bad.json").write_text(json.dumps(rates))
        for verb in (["fees"], ["backtest", *META]):
            fails(*verb, "--set", "fee_table=bad.json", words=["bad.json", *words])

    refused(["futures, row 2", "unknown key", "stt_sel_pct", "stt_sell_pct"],
            lambda s: s["futures"][1].update(stt_sel_pct=1))
    refused(["futures, row 2", "stt_sell_pct is missing"], lambda s: s["futures"][1].pop("stt_sell_pct"))
    refused(["delivery", "missing"], lambda s: s.pop("delivery"))
    refused(["segments", "optons"], lambda s: s.update(optons=[]))
    refused(["intraday, row 1", "gst_pct is -1"], lambda s: s["intraday"][0].update(gst_pct=-1))
    refused(["futures, row 3", "2026-02-30", "a date"], lambda s: s["futures"][2].update({"from": "2026-02-30"}))
    refused(["futures, row 2", "does not follow"], lambda s: s["futures"].reverse())
    refused(["futures, row 2", "does not follow"], lambda s: s["futures"].insert(0, s["futures"][0]))
    pathlib.Path("bad.json").write_text('{"format": ')
    fails("fees", "--set", "fee_table=bad.json", words=["bad.json", "not valid JSON"])
    pathlib.Path("bad.json").write_bytes(b"\xff\xfe\x00")
    fails("fees", "--set", "fee_table=bad.json", words=["bad.json", "not valid JSON"])
    fails("backtest", *META, "--set", "fee_table=none.json", words=["fee_table", "no such file", "none.json"])
    assert document("runs", "list") == []


main()
