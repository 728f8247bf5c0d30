# SPDX-License-Identifier: Apache-2.0
"""Continuous futures: stored contracts joined as the same rules written here join them, in every verb that takes
bars; rolls and holes are findings, the run keeps its contracts, and what cannot be joined is refused."""
import datetime
import json
import pathlib
import random
import shutil

from harness import main, pixity, test
from lab import document, fails, rows_of, table, write_bars

HOLIDAYS = {"2024-01-22", "2024-01-26", "2024-03-08", "2024-03-25", "2024-03-29"}
JAN, FEB, MAR = "NIFTY25JAN24FUT", "NIFTY29FEB24FUT", "NIFTY28MAR24FUT"
EXPIRY = {JAN: "2024-01-25", FEB: "2024-02-29", MAR: "2024-03-28"}
LISTED = {JAN: "2023-11-01", FEB: "2023-12-01", MAR: "2024-01-02"}
FRONT = ("--symbol", "NIFTY", "--continuous", "front")


def sessions(first, last):
    day = datetime.date.fromisoformat(first)
    while day <= datetime.date.fromisoformat(last):
        if day.weekday() < 5 and str(day) not in HOLIDAYS:
            yield str(day)
        day += datetime.timedelta(days=1)


def contract(symbol, price, seed):
    """Rows of 15 minutes, prices in steps of 0.05."""
    rng, rows, ticks = random.Random(seed), [], round(price * 20)
    for day in sessions(LISTED[symbol], EXPIRY[symbol]):
        for bar in range(25):
            path = [ticks]
            for _ in range(4):
                path.append(path[-1] + rng.randint(-300, 300))
            ticks = path[-1]
            clock = datetime.datetime.fromisoformat(f"{day} 09:15:00") + datetime.timedelta(minutes=15 * bar)
            prices = [f"{value / 20:.2f}" for value in (path[0], max(path), min(path), path[-1])]
            rows.append([str(clock), *prices, str(rng.randint(1, 5000))])
    return rows


CHAIN = {JAN: contract(JAN, 21000, 1), FEB: contract(FEB, 21150, 2), MAR: contract(MAR, 21300, 3)}


def store(chain=None, name="bars.csv"):
    for symbol, rows in (CHAIN if chain is None else chain).items():
        write_bars(name, rows)
        pixity("import", name, "--symbol", symbol, "--on-conflict", "replace")


def joined(rank, adjust):
    """The series by the rules of docs/data.md: each contract from behind the one before on; closes of the last bar
    that both have tell what prices before are moved by."""
    order, ahead = ["2023-11-30", "2023-12-28", "2024-01-25", "2024-02-29", "2024-03-28"], rank == "next"
    held = {symbol: (order[i + 1 - ahead], order[i + 2 - ahead]) for i, symbol in enumerate((JAN, FEB, MAR))}
    parts = [[row for row in CHAIN[symbol] if after < row[0][:10] <= until] for symbol, (after, until) in held.items()]
    out, by = [], (1.0 if adjust == "ratio" else 0.0)
    for i in (2, 1, 0):
        if i < 2:
            old, new = ({row[0]: float(row[4]) for row in CHAIN[symbol]} for symbol in (JAN, FEB, MAR)[i:i + 2])
            last = max(time for time in old if time in new and time <= parts[i][-1][0])
            by = by * (new[last] / old[last]) if adjust == "ratio" else by + new[last] - old[last]
        move = {"ratio": lambda price, by=by: price * by, "difference": lambda price, by=by: price + by,
                "none": lambda price: price}[adjust]
        out = [[row[0], *(move(float(price)) for price in row[1:5]), float(row[5])] for row in parts[i]] + out
    return out


def exported(*args):
    return [[row[0], *map(float, row[1:])] for row in rows_of(pixity("data", "export", *args, "--timeframe", "15m", "--csv"))[1]]


def run(run_id, *more):
    return document("backtest", "--strategy", "ema_cross", *FRONT, "--timeframe", "15m", "--product", "futures",
                    "--capital", "10000000", "--run-id", run_id, *more)


def of_code(result, code):
    return [finding for finding in result["findings"] if finding["code"] == code]


@test
def bars_are_those_of_the_rules():
    store()
    for rank in ("front", "next"):
        for adjust in ("difference", "ratio", "none"):
            got = exported("--symbol", "NIFTY", "--continuous", rank, "--back-adjust", adjust)
            want = joined(rank, adjust)
            assert [row[0] for row in got] == [row[0] for row in want], (rank, adjust, got[0], want[0], len(got), len(want))
            for one, two in zip(got, want, strict=True):
                assert all(abs(a - b) < 1e-6 for a, b in zip(one[1:], two[1:], strict=True)), (rank, adjust, one, two)
    assert exported(*FRONT) == exported(*FRONT, "--roll", "expiry", "--back-adjust", "difference")
    assert exported("--symbol", "nifty [FO]", "--continuous", "front") == exported(*FRONT)
    assert exported(*FRONT, "--start", "2024-03-01") == exported(*FRONT)[-len(exported(*FRONT, "--start", "2024-03-01")):]
    texts = [row[4] for row in rows_of(pixity("data", "export", *FRONT, "--timeframe", "15m", "--csv"))[1]]
    assert all(len(text.partition(".")[2]) <= 2 for text in texts), "a difference of decimals is a decimal"


@test
def rolls_are_findings_and_the_run_keeps_its_contracts():
    store()
    result = run("r")
    rolls = of_code(result, "roll")
    assert [roll["where"] for roll in rolls] == ["2024-01-29 09:15", "2024-03-01 09:15"]
    closes = [float(next(row for row in CHAIN[symbol] if row[0] == "2024-01-25 15:15:00")[4]) for symbol in (JAN, FEB)]
    for part in (JAN, FEB, "2024-01-25 15:15", *(f"{close:.10g}" for close in closes), f"difference {closes[1] - closes[0]:.10g}"):
        assert part in rolls[0]["what"], (part, rolls[0])
    assert {roll["severity"] for roll in rolls} == {"info"} and of_code(result, "back_adjusted")[0]["count"] == 2
    assert not of_code(result, "missing_contract") and not of_code(result, "roll_gap") and not of_code(result, "data_hole")
    stored = document("runs", "show", "r")
    assert stored["symbol"] == "NIFTY-I" and stored["data"]["lot_size"] == 50 and stored["data"]["tick"] == 0.05
    assert [stored["request"][name] for name in ("symbol", "continuous", "roll", "back_adjust")] == ["NIFTY", "front", "expiry", "difference"]
    contracts = stored["data"]["contracts"]
    assert [(one["symbol"], one["expiry"], one["first"], one["last"]) for one in contracts] == [
        (JAN, "2024-01-25", "2023-12-29", "2024-01-25"), (FEB, "2024-02-29", "2024-01-29", "2024-02-29"),
        (MAR, "2024-03-28", "2024-03-01", "2024-03-28")]
    assert sum(one["bars"] for one in contracts) == len(joined("front", "none")) == stored["data"]["source_bars"]
    assert all(len(one["sha256"]) == 64 for one in contracts)
    assert all(float(row["qty"]) % 50 == 0 for row in table("runs", "trades", "r")) and table("runs", "trades", "r")
    assert run("again")["fingerprint"] == result["fingerprint"]
    assert [roll["where"] for roll in of_code(run("late", "--start", "2024-02-05"), "roll")] == ["2024-03-01 09:15"]
    assert of_code(run("raw", "--back-adjust", "none"), "roll_gap")[0]["severity"] == "warning"


@test
def trades_fill_at_the_joined_bars():
    store()
    run("r")
    pixity("report", "r", "--out", "r.html")
    assert "NIFTY-I" in pathlib.Path("r.html").read_text()
    trades = table("runs", "trades", "r")
    bars = {row[0]: row for row in joined("front", "difference")}
    assert all(abs(bars[row["entry_ts"]][1] - float(row["entry_price"])) < 1e-6 for row in trades)


@test
def a_contract_that_is_not_stored_is_a_hole():
    store({JAN: CHAIN[JAN], MAR: CHAIN[MAR]})
    result = run("r")
    missing = of_code(result, "missing_contract")
    n = len(list(sessions("2024-01-29", "2024-02-29")))
    assert [(one["count"], one["where"], one["severity"]) for one in missing] == [(n, "2024-01-29", "warning")], missing
    assert FEB in missing[0]["what"] and "is not stored" in missing[0]["what"]
    assert of_code(result, "data_hole") and len(of_code(result, "roll")) == 1
    assert [one["symbol"] for one in document("runs", "show", "r")["data"]["contracts"]] == [JAN, MAR]


@test
def a_session_without_bars_of_its_contract_is_told():
    store({**CHAIN, FEB: [row for row in CHAIN[FEB] if row[0][:10] not in ("2024-02-06", "2024-02-14")]})
    missing = of_code(run("r"), "missing_contract")
    assert [(one["count"], one["where"]) for one in missing] == [(2, "2024-02-06")] and f"{FEB} has no bars in 2 sessions" in missing[0]["what"]


@test
def what_cannot_be_joined_is_refused():
    base = ("backtest", "--strategy", "ema_cross", "--timeframe", "15m")
    pixity("synth", "--symbol", "NIFTY", "--days", "5", "--seed", "1")  # the index has bars, no future has
    fails(*base, *FRONT, words=["no futures of \"NIFTY\" are stored", "import"])
    store({JAN: CHAIN[JAN], FEB: [row for row in CHAIN[FEB] if row[0] > "2024-01-26"], MAR: CHAIN[MAR]})
    fails(*base, "--symbol", "BANKNIFTY", "--continuous", "front", words=["no futures of \"BANKNIFTY\"", "there are those of NIFTY"])
    for symbol in (JAN, "NIFTY-I", "NIFTY25JAN2421000CE"):
        fails(*base, "--symbol", symbol, "--continuous", "front", words=["is no root of futures", "as NIFTY"])
    fails(*base, "--symbol", "NIFTY", "--roll", "expiry", words=["--roll goes with --continuous"])
    for verb in (base, ("features", "--timeframe", "15m"), ("data", "export"), ("data", "check")):
        fails(*verb, "--symbol", "NIFTY", "--back-adjust", "ratio", words=["--back-adjust goes with --continuous"])
    fails("data", "candles", "NIFTY", "--back-adjust", "ratio", words=["--back-adjust goes with --continuous"])
    fails(*base, "--symbol", "NIFTY", "--continuous", "frnt", words=["frnt", "front"])
    fails(*base, *FRONT, "--roll", "oi", words=["open interest", "stored bars have none", "roll by expiry"])
    fails(*base, "--input", "bars.csv", "--continuous", "front", words=["joins stored contracts"])
    fails("stream", *FRONT, "--timeframe", "15m", stdin="", words=["--continuous"])
    fails(*base, *FRONT, "--start", "2022-01-01", "--end", "2022-12-31", words=["no stored future of NIFTY", JAN, MAR])
    for more in (("--set", "detail=1m"), ()):
        fails(*base[:-1], "15m" if more else "5m", *FRONT, *more, words=["make 1m bars" if more else "make 5m bars", "bars of them are 15m"])
    words = [JAN, FEB, "no bar at one time on 2024-01-25", "begin on 2024-01-29 or later", "--back-adjust none"]
    for adjust in ("difference", "ratio"):
        fails(*base, *FRONT, "--back-adjust", adjust, words=words)
    raw = run("raw", "--back-adjust", "none")
    assert "no bar at one time" in of_code(raw, "roll")[0]["what"]
    run("r", "--start", "2024-01-29")  # warm-up begins behind it
    stored = document("runs", "show", "r")
    assert stored["data"]["warmup_bars"] == 0 and "from 2024-01-29 on" in stored["data"]["source"]
    assert len(document("runs", "show", "raw")["data"]["contracts"]) == 3


@test
def a_day_of_expiry_that_is_not_known_is_asked_for():
    write_bars("c.csv", CHAIN[MAR])
    pixity("import", "c.csv", "--symbol", "CRUDEOIL24APRFUT")
    fails("data", "export", "--symbol", "CRUDEOIL", "--continuous", "front", words=["CRUDEOIL24APRFUT expires is not known", "rename"])


@test
def every_verb_takes_the_same_bars():
    store()
    want = joined("front", "difference")
    got = rows_of(pixity("resample", *FRONT, "--timeframe", "15m", "--csv"))[1]
    assert [row[0] for row in got] == [row[0] for row in want]
    hourly = rows_of(pixity("resample", *FRONT, "--timeframe", "1h", "--csv"))[1]
    assert len(hourly) == 7 * len({row[0][:10] for row in want})
    for verb in ("features", "events", "labels"):
        assert len(rows_of(pixity(verb, *FRONT, "--timeframe", "15m", "--csv"))[1]) > 10, verb
    report = document("data", "check", *FRONT)["series"][0]
    assert report["symbol"] == "NIFTY-I" and report["timeframe"] == "15m" and report["bars"] == len(want)
    assert [one["check"] for one in report["chain"]] == ["back_adjusted", "roll", "roll"]
    assert [row["check"] for row in table("data", "check", *FRONT)][-2:] == ["roll", "roll"]
    assert "roll 2024-01-29 09:15" in pixity("data", "check", *FRONT).stdout
    candles = rows_of(pixity("data", "candles", "NIFTY", "--continuous", "front", "--start", "2024-01-25", "--end", "2024-01-29", "--csv"))[1]
    whole = {row[0]: row for row in want}
    last = [row for row in want if row[0][:10] in ("2024-01-25", "2024-01-29")]
    assert [row[0] for row in candles] == [row[0] for row in last]
    assert len({round(float(row[4]) - whole[row[0]][4], 6) for row in candles}) == 1, "adjusted as of the last date asked for"
    assert "NIFTY front future on NSE" in pixity("data", "candles", "NIFTY", "--continuous", "front").stdout
    for window in ((), ("--start", "2024-01-10", "--end", "2024-02-15")):  # the next roll lies behind its end
        checks = document("audit", *FRONT, "--timeframe", "15m", "--strategy", "ema_cross", *window)["checks"]
        assert {one["verdict"] for one in checks} <= {"pass", "skipped", "shown"}, (window, checks)
        assert {one["check"] for one in checks if one["verdict"] == "pass"} >= {"batch = stream", "prefix", "end extension"}


@test
def a_model_is_of_one_way_to_join():
    store()
    pixity("train", *FRONT, "--timeframe", "15m", "--learner", "logistic", "--end", "2024-02-29")
    card = document("models", "show", "NIFTY-I_15m")
    assert "NSE_FUT|NIFTY-I expiry difference" in json.dumps(card)
    use = ("backtest", "--strategy", "pixityAI_meta", *FRONT, "--timeframe", "15m", "--start", "2024-03-01")
    assert document(*use)["in_sample_trades"] == 0
    fails(*use, "--back-adjust", "ratio", words=["NSE_FUT|NIFTY-I expiry ratio"])
    printed = pixity("train", *FRONT, "--timeframe", "15m", "--learner", "logistic", "--end", "2024-02-29", "--back-adjust", "ratio").stdout
    assert "--symbol NIFTY --continuous front --back-adjust ratio --timeframe 15m" in printed, printed[-400:]


@test
def a_lot_that_is_not_known_is_recorded_by_contract():
    for symbol, rows in ((JAN, CHAIN[JAN]), (FEB, CHAIN[FEB])):
        write_bars("share.csv", rows)
        pixity("import", "share.csv", "--symbol", symbol.replace("NIFTY", "SBIN"))
    options = ("--strategy", "ema_cross", "--symbol", "SBIN", "--continuous", "front", "--timeframe", "15m", "--product", "futures")
    share = document("backtest", *options)
    assert "the lot of SBIN25JAN24FUT is not known" in of_code(share, "unknown_lot")[0]["what"]
    for symbol, lot in (("SBIN25JAN24FUT", "25"), ("SBIN29FEB24FUT", "40")):
        pixity("data", "instruments", symbol, "--lot", lot)
    share = document("backtest", *options, "--capital", "10000000", "--run-id", "lots")
    assert not of_code(share, "unknown_lot")
    trades = table("runs", "trades", "lots")
    assert trades and all(float(row["qty"]) % (25 if row["entry_ts"] < "2024-01-26" else 40) == 0 for row in trades), trades


@test
def a_print_outside_the_session_decides_no_roll():
    """After the close each contract has a print far from its prices, as of a block deal."""
    store({symbol: sorted([*rows, *([f"{day} 15:45:00", *[str(20000 if symbol == JAN else 20900)] * 4, "1"] for day in
                                    sessions(LISTED[symbol], EXPIRY[symbol]))]) for symbol, rows in CHAIN.items()})
    for adjust in ("difference", "ratio"):
        got, want = exported(*FRONT, "--back-adjust", adjust), joined("front", adjust)
        assert [row[0] for row in got] == [row[0] for row in want]
        assert all(abs(a - b) < 1e-6 for one, two in zip(got, want, strict=True) for a, b in zip(one[1:], two[1:], strict=True)), adjust
    days = {day for day in sessions("2023-12-29", "2024-03-28")}
    result = run("r")
    (told,) = of_code(result, "out_of_session")
    data = document("runs", "show", "r")["data"]
    assert told["count"] == data["excluded_bars"] == len(days), (told, len(days))
    assert data["source_bars"] == len(joined("front", "none")) + len(days)
    assert sum(one["bars"] for one in data["contracts"]) == len(joined("front", "none"))


@test
def splits_are_those_that_change_bars_of_the_series():
    def adjust(symbol, date, factor):
        pixity("data", "adjust", "--symbol", symbol, "--ex-date", date, "--factor", factor)

    def data(run_id, *more):
        run(run_id, "--accept", "split,bad_price", *more)
        return document("runs", "show", run_id)["data"]

    store()
    plain = data("plain")
    adjust(MAR, "2024-02-12", 2)  # it takes over on 2024-03-01
    same = data("same")
    assert not same["adjustments"] and same["fingerprint"] == plain["fingerprint"], same
    adjust(FEB, "2024-02-12", 1.05)  # one day, two factors, of which one changes nothing
    split = data("split")
    assert [(one["ex_date"], one["factor"]) for one in split["adjustments"]] == [("2024-02-12", 1.05)]
    pixity("data", "adjust", "--symbol", MAR, "--ex-date", "2024-02-12", "--remove")
    adjust(MAR, "2024-03-01", 1.01)  # the first day of the series' own: it divides the price at the roll
    dates = {way: [one["ex_date"] for one in data(way, "--back-adjust", way)["adjustments"]] for way in ("difference", "ratio", "none")}
    assert dates == {"difference": ["2024-02-12", "2024-03-01"], "ratio": ["2024-02-12", "2024-03-01"], "none": ["2024-02-12"]}, dates
    adjust(MAR, "2024-03-05", 1.03)
    adjust(FEB, "2024-03-05", 1.02)
    fails("data", "export", *FRONT, "--timeframe", "15m", words=[f"splits and bonuses of {MAR} and of other contracts", "2024-03-05"])


@test
def splits_that_changed_are_told():
    def told(run_id="r"):
        return document("runs", "show", run_id).get("data_changed")

    def adjust(symbol, date, *more):
        pixity("data", "adjust", "--symbol", symbol, "--ex-date", date, *more)

    store()
    run("r")
    adjust(MAR, "2024-02-12", "--factor", 2)
    assert told() is None, "it divides no bar of the run"
    adjust(JAN, "2024-04-10", "--factor", 2)  # behind its last bar: it divides all of them
    assert told() == f"the splits and bonuses of {JAN} are others"
    run("late")
    assert told("late") is None
    adjust(JAN, "2024-04-10", "--remove")
    assert told() is None and told("late") == "none of its contracts has the split or bonus of 2024-04-10 by 2 any more"
    adjust(MAR, "2024-03-01", "--factor", 2)  # at the roll
    assert told() == f"the splits and bonuses of {MAR} are others"


@test
def a_series_that_nobody_knows_is_not_the_front_one():
    store()
    run("r")
    path = pathlib.Path("home/runs/r/run.json")
    text = path.read_text()
    assert text.count('"front"') == 1
    path.write_text(text.replace('"front"', '"third"'))
    assert "run r is damaged" in pixity("report", "r", "--out", "r.html", status=1).stderr


@test
def a_damaged_run_keeps_no_list_from_being_read():
    store()
    pixity("data", "adjust", "--symbol", FEB, "--ex-date", "2024-02-12", "--factor", 2)
    run("r", "--accept", "split")
    path = pathlib.Path("home/runs/r/run.json")
    whole = path.read_text()
    assert document("runs", "show", "r").get("data_changed") is None

    def places(value, to=()):
        if to:
            yield to
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            if to[:1] == ("data",) or key == "data":
                yield from places(inner, (*to, key))

    def damaged(to, value):
        document_ = json.loads(whole)
        at = document_
        for key in to[:-1]:
            at = at[key]
        at[to[-1]] = value
        path.write_text(json.dumps(document_))
        pixity("runs", "list")
        pixity("runs", "show", "r", status=None)

    for to in (*places(json.loads(whole)), ("symbol",), ("start",), ("created",), ("request",), ("config",), ("timeframe",)):
        if to[-1] != "data" and "findings" not in to:
            damaged(to, None)
    for value in (7, [], {}, "x", [None]):
        for to in (("data", "contracts"), ("data", "contracts", 1), ("data", "adjustments"), ("data", "adjustments", 0),
                   ("data", "contracts", 0, "first"), ("data", "contracts", 1, "last"), ("data", "contracts", 0, "symbol"),
                   ("data", "contracts", 2, "expiry"), ("data", "adjustments", 0, "ex_date"), ("symbol",)):
            damaged(to, value)


@test
def all_sessions_of_a_halt_are_counted():
    """On a day or two without any trade the exchange may have been closed; on more it was the bars that are missing."""
    for days, n in ((list(sessions("2024-02-05", "2024-02-09")), 5), (["2024-02-06", "2024-02-07"], 0), (["2024-02-06"], 0)):
        store({symbol: [row for row in rows if row[0][:10] not in days] for symbol, rows in CHAIN.items()})
        missing = of_code(run("r", "--start", "2024-01-29"), "missing_contract")
        assert [(one["count"], one["where"]) for one in missing] == ([(n, days[0])] if n else []), (days, missing)
        for symbol in CHAIN:
            pixity("data", "delete", symbol)
        pixity("runs", "delete", "r")


def beside(rows, before, difference):
    """The rows, so that their close differs by this from that of the contract before at its last bar."""
    (close,) = [float(row[4]) for row in rows if row[0] == before[-1][0]]
    by = float(before[-1][4]) + difference - close
    return [[row[0], *(f"{float(price) + by:.2f}" for price in row[1:5]), row[5]] for row in rows]


@test
def warm_up_begins_behind_what_has_no_price():
    """The next contract is far below the first, and the first was cheap once: a difference leaves it no price."""
    low = [[row[0], *["50"] * 4, row[5]] if row[0] < "2024-01-10" else row for row in CHAIN[JAN]]
    feb = beside(CHAIN[FEB], CHAIN[JAN], -300)
    store({JAN: low, FEB: feb, MAR: beside(CHAIN[MAR], feb, 10)})
    run("r", "--start", "2024-02-05", "--set", "warmup_days=60")
    data = document("runs", "show", "r")["data"]
    assert "from 2024-01-10 on: the difference leaves no price above zero before" in data["source"], data["source"]
    assert [(one["symbol"], one["first"]) for one in data["contracts"]] == [(JAN, "2024-01-10"), (FEB, "2024-01-29"), (MAR, "2024-03-01")]
    want = [row for row in CHAIN[JAN] + CHAIN[FEB] if "2024-01-10" <= row[0] < "2024-02-05" and (row in CHAIN[JAN] or row[0] > "2024-01-26")]
    assert data["warmup_bars"] == len(want), (data, len(want))
    for more in ((), ("--start", "2024-01-05", "--end", "2024-02-05")):
        fails("data", "export", *FRONT, "--timeframe", "15m", *more, words=["the low of 2024-01-09T15:15:00", "begin later, or adjust by ratio"])
    exported(*FRONT, "--back-adjust", "ratio")


@test
def folders_that_no_table_knows_yet_are_contracts_too():
    store()
    want = exported(*FRONT)
    shutil.move("home", "whole")
    store({JAN: CHAIN[JAN]})
    assert exported(*FRONT)[-1][0][:10] == "2024-01-25"
    shutil.copytree("whole/candles", "home/candles", dirs_exist_ok=True)
    assert exported(*FRONT) == want
    shutil.rmtree("home")
    pixity("data", "list")
    shutil.copytree("whole/candles", "home/candles", dirs_exist_ok=True)
    assert exported(*FRONT) == want


@test
def what_a_symbol_leaves_out_its_bars_tell():
    store({"NIFTY 25 JAN FUT": CHAIN[JAN], FEB: CHAIN[FEB], MAR: CHAIN[MAR]})
    assert exported(*FRONT) == exported_of_names()
    result = document("backtest", "--strategy", "ema_cross", *FRONT, "--timeframe", "15m", "--run-id", "r")
    assert not of_code(result, "missing_contract")
    assert [one["expiry"] for one in document("runs", "show", "r")["data"]["contracts"]] == list(EXPIRY.values())
    assert document("runs", "show", "r").get("data_changed") is None


def exported_of_names():
    want = joined("front", "difference")
    return [[row[0], *(round(value, 2) for value in row[1:])] for row in want]


@test
def a_day_of_expiry_is_asked_for_only_where_it_matters():
    store({"CRUDEOIL25JAN24FUT": CHAIN[JAN], "CRUDEOIL29FEB24FUT": CHAIN[FEB], "CRUDEOIL24APRFUT": CHAIN[MAR]})
    crude = ("data", "export", "--symbol", "CRUDEOIL", "--continuous", "front", "--timeframe", "15m", "--csv")
    want = [row[0] for row in joined("front", "none") if row[0] < "2024-03-01"]
    got = [row[0] for row in rows_of(pixity(*crude, "--end", "2024-02-29"))[1]]
    assert got[-len(want):] == want[-len(got):]
    fails(*crude, "--end", "2024-03-01", words=["CRUDEOIL24APRFUT expires is not known"])
    fails(*crude, words=["CRUDEOIL24APRFUT expires is not known"])
    store({"CRUDEOIL24JANFUT": CHAIN[JAN], "CRUDEOIL28MAR24FUT": CHAIN[MAR]})
    fails(*crude, "--start", "2024-01-30", words=["CRUDEOIL24APRFUT"])
    pixity("data", "delete", "CRUDEOIL24APRFUT")
    assert rows_of(pixity(*crude, "--start", "2024-02-05"))[1][-1][0] == CHAIN[MAR][-1][0]
    fails(*crude, "--start", "2024-01-31", words=["CRUDEOIL24JANFUT"])


@test
def of_many_rolls_the_first_stand_in_the_summary():
    for i, month in enumerate(("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL")):
        days = list(sessions("2024-01-01" if i < 2 else f"2024-0{i - 1}-01", f"2024-0{i + 1}-31" if i % 2 == 0 else f"2024-0{i + 1}-29"))
        write_bars("m.csv", [[f"{day} 00:00:00", *[str(20000 + 100 * i + k)] * 4, "5"] for k, day in enumerate(days)])
        pixity("import", "m.csv", "--symbol", f"NIFTY24{month}FUT", "--timeframe", "1d", "--as-is")
    options = ("backtest", "--strategy", "ema_cross", *FRONT, "--timeframe", "1d")
    rolls = of_code(document(*options, "--run-id", "r"), "roll")
    assert len(rolls) == 6
    for printed in (pixity(*options).stdout, pixity("runs", "show", "r").stdout):
        notes = [line for line in printed.splitlines() if line.startswith("NOTE      roll: ")]
        assert [roll["what"] in line for roll, line in zip(rolls, notes[:3])] == [True] * 3 and notes[3:] == ["NOTE      roll: 3 more, which --json has"], notes


@test
def changes_of_its_contracts_are_told():
    store({JAN: CHAIN[JAN], MAR: CHAIN[MAR]})
    run("r")

    def told():
        shown = document("runs", "show", "r").get("data_changed")
        (row,) = [row for row in document("runs", "list") if row["run_id"] == "r"]
        assert row["data_changed"] is (shown is not None)
        return shown

    assert told() is None
    store({MAR: CHAIN[MAR]})  # the same again
    write_bars("other.csv", CHAIN[JAN])
    pixity("import", "other.csv", "--symbol", "BANKNIFTY24JANFUT")
    assert told() is None
    store({FEB: CHAIN[FEB]}, "feb.csv")
    assert told().startswith(f"15m bars of {FEB} were changed by entry 1 of `pixity data log {FEB}` (import of feb.csv"), told()
    pixity("data", "undo", FEB)
    assert told() is None
    changed = [[*row[:5], "7"] if row[0] == "2024-03-05 10:15:00" else row for row in CHAIN[MAR]]
    store({MAR: changed}, "mar.csv")
    assert f"bars of {MAR} were changed" in told() and "mar.csv" in told()
    pixity("data", "undo", MAR)
    assert told() is None
    pixity("data", "delete", JAN)
    assert told() is not None


main()
