# SPDX-License-Identifier: Apache-2.0
"""The reading half of the API: what a path gives is what the command line prints, in pages, columns and files."""
import array
import csv
import io
import json
import math
import os
import shutil
import sqlite3
import struct
import urllib.parse

from api_lab import SYMBOL, rows, seed
from harness import main, pixity, test
from http_kit import Server

BINARY = {"Accept": "application/vnd.pixity.columns"}


def api(server, path, **kwargs):
    return server.get("/api/v1" + path, **kwargs).json


def refused(server, path, status=400, **kwargs):
    return server.get("/api/v1" + path, status=status, **kwargs).error[1]


def read_columns(body):
    """Header, and name -> values, of the binary form."""
    assert body[:4] == b"PXC1"
    length = struct.unpack("<I", body[4:8])[0]
    header, at, columns = json.loads(body[8:8 + length]), 8 + length, {}
    assert at % 4 == 0
    for column in header["columns"]:
        values = array.array("I" if column["type"] == "u32" else "f")
        values.frombytes(body[at:at + 4 * header["rows"]])
        columns[column["name"]] = list(values)
        at += 4 * header["rows"]
    assert at == len(body)
    return header, columns


def as_float32(value):
    return math.nan if value is None else struct.unpack("<f", struct.pack("<f", value))[0]


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


# ---- lists ---------------------------------------------------------------------------------------------------


@test
def lists_come_in_pages():
    seed()
    with Server() as server:
        whole = api(server, "/runs/r1/trades?limit=1000")
        assert whole["total"] == len(whole["items"]) > 8 and whole["offset"] == 0
        assert [row["n"] for row in whole["items"]] == list(range(whole["total"]))
        page = api(server, "/runs/r1/trades?limit=3&offset=2")
        assert page == {"total": whole["total"], "offset": 2, "items": whole["items"][2:5]}
        assert api(server, "/runs/r1/trades?limit=0")["items"] == []
        assert api(server, "/runs/r1/trades?offset=100000")["items"] == []
        for wrong in ("limit=1001", "limit=-1", "limit=", "limit=x", "offset=-1", "offset=1e3", "limit=99999999999999999999"):
            assert wrong.split("=")[0] in refused(server, f"/runs/r1/trades?{wrong}")


@test
def lists_sort_with_undefined_last_and_equal_rows_in_order():
    seed()
    with Server() as server:
        events = api(server, "/runs/meta/events?limit=1000")["items"]
        assert len({event["fate"] for event in events}) > 1
        for order in ("asc", "desc"):
            back = order == "desc"
            got = api(server, f"/runs/meta/events?limit=1000&sort=fate&order={order}")["items"]
            assert got == sorted(events, key=lambda row: row["fate"], reverse=back) != events
            got = api(server, f"/runs/meta/events?limit=1000&sort=quantity&order={order}")["items"]
            defined = sorted((row for row in events if row["quantity"] is not None), key=lambda row: row["quantity"], reverse=back)
            assert defined and len(defined) < len(events)
            assert got == defined + [row for row in events if row["quantity"] is None]
        assert api(server, "/runs/r1/trades?order=desc")["items"] == api(server, "/runs/r1/trades")["items"][::-1]
        assert '"pnl_net"' in refused(server, "/runs/r1/trades?sort=pnl_nett")
        assert "order" in refused(server, "/runs/r1/trades?order=up")


@test
def lists_are_filtered():
    seed()
    with Server() as server:
        events = api(server, "/runs/meta/events?limit=1000")["items"]

        def filtered(query):
            return api(server, f"/runs/meta/events?limit=1000&{query}")["items"]

        buys = filtered("side=BUY")
        assert buys == [row for row in events if row["side"] == "BUY"] and 0 < len(buys) < len(events)
        assert filtered("side=BUY&side=SELL") == events
        assert filtered("side=BUY&fate=executed") == [row for row in buys if row["fate"] == "executed"]
        assert filtered("quantity=") == [row for row in events if row["quantity"] is None]
        quantity = next(row["quantity"] for row in events if row["quantity"])
        assert filtered(f"quantity={quantity}.0") == [row for row in events if row["quantity"] == quantity]
        day = events[0]["ts"][:10]
        assert filtered(f"ts={day}") == [row for row in events if row["ts"].startswith(day)]
        assert filtered("q=REVERS") == [row for row in events if row["event_type"] == "REVERSION"]
        assert filtered("q=" + urllib.parse.quote("' OR 1=1 --")) == []
        assert filtered("side=" + urllib.parse.quote("BUY' OR '1'='1")) == []
        assert "numbers" in refused(server, "/runs/meta/events?quantity=many")
        assert '"side"' in refused(server, "/runs/meta/events?sid=BUY")
        assert refused(server, "/runs/meta/events?" + "&".join(["side=BUY"] * 40))


@test
def lists_are_files_as_the_command_line_writes_them():
    seed()
    with Server() as server:
        answer = server.get("/api/v1/runs/r1/trades?format=csv")
        assert answer.headers["Content-Type"].startswith("text/csv") and "trades.csv" in answer.headers["Content-Disposition"]
        wanted = list(csv.reader(io.StringIO(pixity("runs", "trades", "r1", "--full", "--csv").stdout)))
        got = list(csv.reader(io.StringIO(answer.text)))
        assert [row[1:] for row in got] == wanted and got[0][0] == "n"
        assert len(server.get("/api/v1/runs/r1/fills?format=csv&limit=2").text.splitlines()) == 3
        assert "format" in refused(server, "/runs/r1/trades?format=xls")


@test
def files_hold_no_formulas():
    """A name of an older home that a spreadsheet would run has an apostrophe in front, unless it is asked for bare."""
    seed()
    with sqlite3.connect("home/pixity.db") as home:
        home.execute("UPDATE instruments SET symbol = '=cmd' WHERE symbol = ?", (SYMBOL,))
    with Server() as server:
        def symbols(query):
            return {row["symbol"] for row in csv.DictReader(io.StringIO(server.get(f"/api/v1/data?format=csv{query}").text))}

        assert "'=cmd" in symbols("") and "'=cmd" in symbols("&formulas=escape") and "=cmd" in symbols("&formulas=keep")
        assert any(row["symbol"] == "=cmd" for row in api(server, "/data")["items"])
        assert "escape or keep" in refused(server, "/data?format=csv&formulas=run")
        path = "/api/v1/runs/r1/export?format=csv&part=trades"
        assert server.get(path).text == server.get(path + "&formulas=keep").text  # losses are numbers
        assert ",-" in server.get(path).text
        assert "escape or keep" in refused(server, "/runs/r1/export?format=csv&part=trades&formulas=run")


# ---- runs ----------------------------------------------------------------------------------------------------


@test
def the_index_is_newest_first_and_follows_every_change():
    seed()
    with Server() as server:
        index = api(server, "/runs")["items"]
        listed = rows("runs list")
        key = lambda row: row["run_id"]  # noqa: E731
        for shown, stored in zip(sorted(index, key=key), sorted(listed, key=key), strict=True):
            assert shown == {name: stored[name] for name in shown}
        assert len(index) == 5 and "Sharpe Ratio" in index[0] and "SQN" not in index[0]
        asked = api(server, "/runs?column=SQN&column=Session%20Skewness&sort=Calmar%20Ratio&where=Sharpe%20Ratio%3E-100")["items"]
        assert [row["run_id"] for row in asked] == [row["run_id"] for row in rows(
            "runs list --asc --where", "Sharpe Ratio > -100", "--sort", "Calmar Ratio")]
        assert {"SQN", "Session Skewness", "Calmar Ratio"} <= set(asked[0]) and "broken" not in str(asked)
        assert api(server, f"/runs?SQN={asked[0]['SQN']}")["total"] >= 1
        assert "Sharpe Ratio" in server.get("/api/v1/runs?sort=Sharpe%20Rato", status=400).error[1]
        server.get("/api/v1/runs?where=Sharpe", status=400)
        created = [row["created"] for row in index]
        assert created == sorted(created, reverse=True)
        assert {row["run_id"]: row["status"] for row in index}["broken"] == "failed"
        tag = server.get("/api/v1/runs").headers["ETag"]
        assert server.get("/api/v1/runs").headers["ETag"] == tag
        # by another process, by hand, by the server itself
        pixity("backtest", "--strategy", "ema_cross", "--symbol", SYMBOL, "--timeframe", "15m", "--run-id", "later")
        assert api(server, "/runs")["items"][0]["run_id"] == "later"
        shutil.rmtree("home/runs/later")
        assert api(server, "/runs")["items"] == index
        assert server.get("/api/v1/runs").headers["ETag"] == tag
        server.delete("/api/v1/runs/r2")
        assert {row["run_id"] for row in api(server, "/runs")["items"]} == {"r1", "r3", "meta", "broken"}
        assert server.request("DELETE", "/api/v1/runs/r2").error[0] == "not_found"
        pixity("runs", "delete", "r3")
        assert api(server, "/runs")["total"] == 3
        assert api(server, "/runs?sort=PnL%20%5BRs%5D&limit=1")["total"] == 3


@test
def a_run_is_what_the_command_line_shows():
    seed()
    with Server() as server:
        for run in ("r1", "meta", "broken"):
            assert api(server, f"/runs/{run}") == rows("runs show", run)
        trades = api(server, "/runs/r1/trades")["items"]
        assert [{k: v for k, v in row.items() if k != "n"} for row in trades] == rows("runs trades", "r1", "--full")
        for events, run in ((api(server, f"/runs/{run}/events?limit=1000")["items"], run) for run in ("r1", "meta")):
            assert [{k: v for k, v in row.items() if k not in ("capped_by", "tag")} for row in events] == rows("runs events", run)
            assert api(server, f"/runs/{run}/signals?limit=1000")["items"] == rows("runs events", run, "--full")
        stored = json.loads(server.get("/api/v1/runs/r1/export").text)["tables"]
        for part in ("orders", "fills"):
            assert api(server, f"/runs/r1/{part}?limit=1000")["items"] == stored[part]
        assert api(server, "/runs/compare?ids=r1,r2,meta") == rows("runs compare", "r1", "r2", "meta")


@test
def a_run_without_results_says_why():
    seed()
    with Server() as server:
        for part in ("trades", "events", "signals", "orders", "fills", "equity", "candles", "months", "distributions", "export",
                     "report"):
            assert "out of memory" in refused(server, f"/runs/broken/{part}", 409)
            assert refused(server, f"/runs/none/{part}", 404)
            assert "bogus" in refused(server, f"/runs/r1/{part}?bogus=1")
        assert '"r1"' in refused(server, "/runs/r11", 404)
        for ids in ("", "ids=", "ids=r1", "ids=r1,r1", "ids=r1,../x", "ids=" + ",".join(["r1"] * 21)):
            assert refused(server, f"/runs/compare?{ids}")
        assert refused(server, "/runs/compare?ids=r1,none", 404)


@test
def hostile_names_are_no_paths():
    seed()
    with Server() as server:
        for name in ("..", ".", "%2e%2e", "..%2f..%2fetc", "%2fetc%2fpasswd", "r1%2f..%2fr2", ".lock", "x" * 65, "r1%20", "r1'--", "%ff"):
            for kind in ("runs", "models", "accounts"):
                for part in ("", "/trades") if kind != "models" else ("",):
                    answer = server.request("GET", f"/api/v1/{kind}/{name}{part}")
                    assert answer.status in (400, 404) and answer.error[1], (kind, name, answer.status)
                answer = server.request("DELETE", f"/api/v1/{kind}/{name}")
                assert answer.status in (400, 404), (kind, name, answer.status)
        shutil.copy("home/models/S_15m.ubj", "near.ubj")  # beside the server, as a file of another's may be
        shutil.copy("home/models/S_15m.card.json", "near.card.json")
        assert "path" in refused(server, "/models/near.ubj")
        assert server.request("GET", "/api/v1/runs/r1%00").status in (400, 404)
        assert server.request("GET", "/api/v1/runs/r1%zz").status in (400, 404)
        for path in ("/data/coverage?symbol=..%2f..&timeframe=1m", "/candles?symbol=..%2f..%2fx&timeframe=1m",
                     "/candles?symbol=%40file&timeframe=1m", "/candles?symbol=S&exchange=..%2f&timeframe=1m"):
            assert server.request("GET", f"/api/v1{path}").status in (400, 404), path
        assert api(server, "/runs")["total"] == 5


# ---- columns -------------------------------------------------------------------------------------------------


@test
def bytes_are_the_json_in_float32():
    seed()
    with Server() as server:
        for path in ("/runs/r1/equity", "/runs/r1/equity?points=50", "/runs/r1/candles?indicators=ema20,vwap,swing_high",
                     "/runs/r1/candles?points=40&indicators=adx", f"/candles?symbol={SYMBOL}&timeframe=1h"):
            plain, packed = api(server, path), server.get("/api/v1" + path, headers=BINARY)
            assert packed.headers["Content-Type"] == BINARY["Accept"]
            header, columns = read_columns(packed.body)
            assert list(columns) == list(plain["columns"]) and list(columns)[0] == "time"
            for name in ("rows", "total", "bars_per_point", "timeframe", "zone", "same_data"):
                assert header.get(name) == plain.get(name), name
            assert {column["name"]: column["unit"] for column in header["columns"]} == plain["units"]
            assert columns["time"] == plain["columns"]["time"]
            for name, values in columns.items():
                assert len(values) == len(plain["columns"][name]) == plain["rows"]
                assert name == "time" or all(map(same, values, map(as_float32, plain["columns"][name]))), name


@test
def candles_are_the_bars_that_the_run_was_made_on():
    seed()
    with Server() as server:
        bars = rows("resample", "--symbol", SYMBOL, "--timeframe", "15m")
        got = api(server, "/runs/r1/candles?indicators=ema20,vwap")
        assert got["same_data"] is True and got["rows"] == got["total"] == len(bars) and got["bars_per_point"] == 1
        for name in ("open", "high", "low", "close", "volume"):
            assert got["columns"][name] == [bar[name] for bar in bars]
        features = rows("features", "--symbol", SYMBOL, "--timeframe", "15m")
        for name in ("ema20", "vwap"):
            assert got["columns"][name] == [row[name] for row in features]
        day = bars[100]["timestamp"][:10]
        cut = api(server, f"/runs/r1/candles?start={day}&end={day}")
        wanted = [bar["close"] for bar in bars if bar["timestamp"].startswith(day)]
        assert cut["columns"]["close"] == wanted
        hours = api(server, "/runs/r1/candles?timeframe=1h")["columns"]["close"]
        assert hours == [bar["close"] for bar in rows("resample", "--symbol", SYMBOL, "--timeframe", "1h")]
        assert api(server, f"/candles?symbol={SYMBOL}&timeframe=1h")["columns"]["close"] == hours
        for wrong in ("timeframe=7x", "start=2023", "points=x", "indicators=ema21", "start=2023-02-01&end=2023-01-01"):
            assert refused(server, f"/runs/r1/candles?{wrong}")
        assert '"ema20"' in refused(server, "/runs/r1/candles?indicators=ema200")


@test
def changed_bars_are_told():
    seed()
    with Server() as server:
        bars = pixity("data", "export", "--symbol", SYMBOL, "--timeframe", "1m").stdout.splitlines()
        name, first = bars[0].split(","), bars[1].split(",")
        first[name.index("volume")] = "77"
        with open("one.csv", "w") as out:
            out.write("\n".join([bars[0], ",".join(first)]) + "\n")
        pixity("import", "one.csv", "--symbol", SYMBOL, "--on-conflict", "replace")
        assert api(server, "/runs/r1/candles")["same_data"] is False


@test
def merging_keeps_what_a_bar_is():
    seed()
    with Server() as server:
        whole, thin = api(server, "/runs/r1/candles?indicators=ema20"), api(server, "/runs/r1/candles?points=60&indicators=ema20")
        k, columns = thin["bars_per_point"], whole["columns"]
        assert k > 1 and thin["rows"] <= 60 and thin["total"] == whole["rows"] and thin["rows"] == math.ceil(whole["rows"] / k)
        for row in range(thin["rows"]):
            part = slice(row * k, (row + 1) * k)
            wanted = {"time": columns["time"][part][0], "open": columns["open"][part][0], "high": max(columns["high"][part]),
                      "low": min(columns["low"][part]), "close": columns["close"][part][-1],
                      "volume": sum(columns["volume"][part]), "ema20": columns["ema20"][part][-1]}
            assert {name: values[row] for name, values in thin["columns"].items()} == wanted


@test
def thinned_equity_keeps_extremes_and_the_last_row():
    seed()
    with Server() as server:
        whole = api(server, "/runs/r1/equity")
        for points in (8, 50, 300):
            thin = api(server, f"/runs/r1/equity?points={points}")
            assert 0 < thin["rows"] <= points and thin["total"] == whole["rows"]
            for name in ("equity_net", "equity_gross"):
                assert max(thin["columns"][name]) == max(whole["columns"][name])
                assert min(thin["columns"][name]) == min(whole["columns"][name])
            for end in (0, -1):
                assert [values[end] for values in thin["columns"].values()] == [values[end] for values in whole["columns"].values()]
            there = set(zip(*whole["columns"].values()))
            assert set(zip(*thin["columns"].values())) <= there


@test
def ten_years_of_minutes_are_drawn_at_once():
    pixity("synth", "--symbol", "LONG", "--days", "2500", "--seed", "1", "--kind", "trend")
    with Server() as server:
        header, columns = read_columns(server.get("/api/v1/candles?symbol=LONG&timeframe=1m&points=2000", headers=BINARY).body)
        stored = sum(session["bars"] for session in api(server, "/data/coverage?symbol=LONG")["sessions"])
        assert header["total"] == stored > 900_000 and 1000 < header["rows"] <= 2000
        day = api(server, "/candles?symbol=LONG&timeframe=1d")
        assert day["total"] == 2500
        assert max(columns["high"]) == as_float32(max(day["columns"]["high"]))
        assert min(columns["low"]) == as_float32(min(day["columns"]["low"]))
        assert columns["close"][-1] == as_float32(day["columns"]["close"][-1])
        assert abs(sum(columns["volume"]) / sum(day["columns"]["volume"]) - 1) < 1e-6
        whole, _ = read_columns(server.get("/api/v1/candles?symbol=LONG&timeframe=1m", headers=BINARY).body)
        assert whole["rows"] == stored


# ---- documents and files --------------------------------------------------------------------------------------


@test
def months_and_distributions_add_up():
    seed()
    with Server() as server:
        run, trades = api(server, "/runs/r1"), api(server, "/runs/r1/trades?limit=1000")["items"]
        years = api(server, "/runs/r1/months")["years"]
        product = {"net": 1.0, "gross": 1.0}
        for year in years:
            for month in year["months"]:
                there = [row for row in trades if row["exit_ts"].startswith(f"{year['year']}-{month['month']:02}")]
                assert month["trades"] == len(there)
                for basis in product:
                    product[basis] *= 1 + month[f"{basis}_return_pct"] / 100
        assert math.isclose((product["net"] - 1) * 100, run["metrics"]["Return [%]"], rel_tol=1e-9)
        assert math.isclose((product["gross"] - 1) * 100, run["metrics"]["Return [%] (gross)"], rel_tol=1e-9)
        spread = api(server, "/runs/r1/distributions")
        for name, one in spread.items():
            assert len(one["edges"]) == len(one["counts"]) + 1 and one["edges"] == sorted(one["edges"])
            assert sum(one["counts"]) + one["undefined"] == len(trades), name


@test
def exports_are_files_of_the_command_line():
    seed()
    with Server() as server:
        pixity("runs", "export", "r1", "--out", "whole.json")
        answer = server.get("/api/v1/runs/r1/export")
        assert 'filename="r1.json"' in answer.headers["Content-Disposition"]
        assert answer.body == open("whole.json", "rb").read()
        text = server.get("/api/v1/runs/r1/export?format=csv&part=trades").text
        assert text == pixity("runs", "trades", "r1", "--full", "--csv").stdout
        assert server.get("/api/v1/runs/r1/export?format=parquet&part=equity").body[:4] == b"PAR1"
        assert json.loads(server.get("/api/v1/runs/r1/export?part=fills").text) == api(server, "/runs/r1/fills?limit=1000")["items"]
        assert '"trades"' in refused(server, "/runs/r1/export?format=csv&part=trade")
        assert "part" in refused(server, "/runs/r1/export?format=csv") and "part" in refused(server, "/runs/r1/export?part=..")
        assert "format" in refused(server, "/runs/r1/export?format=pdf")
        page = server.get("/api/v1/runs/r1/report")
        assert page.headers["Content-Type"].startswith("text/html") and 'filename="r1.html"' in page.headers["Content-Disposition"]
        pixity("report", "r1", "--out", "r1.html")
        assert page.text == open("r1.html").read()
        assert server.get("/api/v1/runs/r1/report?format=png").body[:8] == b"\x89PNG\r\n\x1a\n"
        assert refused(server, "/runs/r1/report?format=pdf")


@test
def nothing_is_left_behind_by_files():
    seed()
    with Server() as server:
        for _ in range(3):
            server.get("/api/v1/runs/r1/export?format=csv&part=trades")
        assert not [name for name in os.listdir("home/uploads") if name.startswith(".export")]


# ---- the rest ------------------------------------------------------------------------------------------------


@test
def symbols_are_found_best_first():
    seed()
    with Server() as server:
        found = lambda q: [row["symbol"] for row in api(server, f"/symbols?q={urllib.parse.quote(q)}")["items"]]  # noqa: E731
        assert found("RELIANCE")[0] == found("reliance")[0] == found("RELIANCE [FO]")[0] == found("INE002A01018")[0] == "RELIANCE"
        assert found("NSE_EQ|INE002A01018") == ["RELIANCE"]
        assert found("nifty")[0] == "NIFTY 50" and "BANKNIFTY" in found("nifty")
        assert found("s")[0] == SYMBOL and found("no such thing") == []
        everything = api(server, "/symbols")
        assert {row["symbol"] for row in everything["items"][:2]} == {SYMBOL, "OTHER"} and everything["total"] > 10
        assert api(server, "/symbols?limit=1&offset=1")["items"] == everything["items"][1:2]
        mine = api(server, f"/symbols?q={SYMBOL}")["items"][0]
        listed = next(row for row in rows("data list") if row["symbol"] == SYMBOL)
        assert mine["instrument_key"] == listed["instrument_key"] and mine["exchange"] == "NSE" and mine["tick"] > 0
        assert mine["series"] == [{name: listed[name] for name in ("timeframe", "first", "last", "bars")}]
        reliance = api(server, "/symbols?q=RELIANCE")["items"][0]
        assert reliance["series"] == [] and isinstance(reliance["aliases"], list)
        assert refused(server, "/symbols?sort=symbol")


@test
def data_and_coverage_tell_what_is_stored():
    seed()
    lines = pixity("data", "export", "--symbol", "OTHER", "--timeframe", "1m").stdout.splitlines()
    days = sorted({line[:10] for line in lines[1:]})
    kept = [line for line in lines if not line.startswith(days[1]) and not line.startswith(f"{days[2]} 10:")]
    with open("gaps.csv", "w") as out:
        out.write("\n".join(kept) + "\n")
    pixity("import", "gaps.csv", "--symbol", "GAPS")
    with Server() as server:
        assert api(server, "/data")["items"] == rows("data list")
        whole = api(server, "/data/coverage?symbol=OTHER&timeframe=1m")
        assert whole["zone"] == "Asia/Kolkata"
        assert whole["sessions"] == [{"date": day, "bars": 375, "expected": 375} for day in days]
        assert api(server, "/data/coverage?symbol=GAPS")["sessions"] == [
            {"date": days[0], "bars": 375, "expected": 375}, {"date": days[1], "bars": 0, "expected": None},
            {"date": days[2], "bars": 315, "expected": 375}]
        assert "symbol" in refused(server, "/data/coverage")
        assert refused(server, "/data/coverage?symbol=OTHER&timeframe=1h", 404)
        assert refused(server, "/data/coverage?symbol=NONE", 404)


@test
def what_the_program_knows_is_told():
    seed()
    with Server() as server:
        assert api(server, "/strategies") == rows("strategies")
        uses = {row["id"]: (row["uses_model"], row["reads_signals"]) for row in api(server, "/strategies")}
        assert uses["pixityAI_meta"] == (True, False) and uses["precomputed"] == (False, True)
        premium = {row["name"]: row for row in next(row for row in api(server, "/strategies") if row["id"] == "premium_tp_sl")["parameters"]}
        assert premium["stop_atrs"] == {"name": "stop_atrs", "alias": "stop", "title": "Stop", "unit": "ATRs", "whole": False, "usual": 1.5,
                                        "help": "from the fill to the stop", "minimum": 0.1, "maximum": 20.0, "step": 0.1}
        assert premium["hold_bars"]["whole"] is True and premium["hold_bars"]["usual"] == 20
        learners = {row["name"]: [p["name"] for p in row["parameters"]] for row in api(server, "/learners")}
        assert list(learners) == ["rf", "gbt", "logistic"] and learners["rf"] == ["trees", "max_depth", "inputs_per_node", "seed"]
        keys, listed = api(server, "/config/keys"), rows("config keys")
        assert [{**{name: row[name] for name in ("key", "honest", "reference", "meaning")}, "unit": row["unit"] or None,
                 "choices": row["choices"] and " or ".join(row["choices"])} for row in keys] == listed
        by_name = {row["key"]: row for row in keys}
        assert by_name["capital"]["unit"] == "rupees" and by_name["entry"]["choices"] == ["next_open", "signal_close", "split"]
        assert by_name["sl_mult"]["minimum"] > 0 and by_name["skip_meta_model"]["type"] == "switch"
        assert api(server, "/config/schema") == rows("config schema")
        metrics = {row["key"]: row for row in api(server, "/metrics")}
        assert set(metrics) == set(api(server, "/runs/r1")["metrics"])
        assert all(row["formula"] and row["meaning"] for row in metrics.values())
        assert metrics["PnL [Rs]"]["basis"] == "net" and metrics["PnL [Rs] (gross)"]["basis"] == "gross"
        assert metrics["PnL [Rs] (long)"]["basis"] == "long" and metrics["# Trades (short)"]["basis"] == "short"


@test
def models_are_listed_shown_and_deleted():
    seed()
    with Server() as server:
        assert api(server, "/models")["items"] == rows("models list")
        assert api(server, "/models/S_15m") == rows("models show", "S_15m")
        assert '"S_15m"' in refused(server, "/models/S_15", 404)
        server.delete("/api/v1/models/S_15m")
        assert api(server, "/models")["items"] == [] and rows("models list") == []
        assert server.request("DELETE", "/api/v1/models/S_15m").status == 404


@test
def accounts_are_shown_halted_resumed_and_reset():
    seed()
    with Server() as server:
        assert api(server, "/accounts")["items"] == rows("account list")
        assert api(server, "/accounts/acc") == rows("account show", "acc")
        for part in ("trades", "signals", "orders", "fills", "equity"):
            got = api(server, f"/accounts/acc/{part}?limit=1000")
            assert got["items"] == rows(f"account {part}", "acc") and got["total"] > 0
        halted = server.post("/api/v1/accounts/acc/halt", {"reason": "a look first"}).json
        assert halted["halted"] == "a look first" == rows("account show", "acc")["halted"]
        assert server.post("/api/v1/accounts/acc/resume").json["halted"] is None
        for body in ({}, {"reason": ""}, {"reason": 3}, {"reason": "x", "more": 1}, {"reason": "x" * 501}):
            assert server.request("POST", "/api/v1/accounts/acc/halt", body).error[0] == "bad_request"
        assert server.request("POST", "/api/v1/accounts/none/halt", {"reason": "x"}).status == 404
        server.delete("/api/v1/accounts/acc")
        assert rows("account list") == [] and refused(server, "/accounts/acc", 404)


@test
def answers_are_compressed_and_kept_by_the_client():
    seed()
    with Server() as server:
        for path in ("/runs", "/runs/r1", "/runs/meta/events?limit=1000", "/config/keys", "/openapi.json"):
            plain = server.get("/api/v1" + path)
            small = server.get("/api/v1" + path, headers={"Accept-Encoding": "gzip"})
            assert small.headers["Content-Encoding"] == "gzip" and len(small.body) < len(plain.body) and small.text == plain.text
            assert "Content-Encoding" not in plain.headers and "Accept-Encoding" in plain.headers["Vary"]
            tag = plain.headers["ETag"]
            for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
                answer = server.get("/api/v1" + path, status=304, headers={"If-None-Match": known})
                assert answer.body == b"" and answer.headers["ETag"] == tag
            assert server.get("/api/v1" + path, headers={"If-None-Match": '"other"'}).body == plain.body
            head = server.request("HEAD", "/api/v1" + path)
            assert head.status == 200 and head.body == b"" and head.headers["Content-Length"] == str(len(plain.body))
        binary = server.get("/api/v1/runs/r1/equity", headers={**BINARY, "Accept-Encoding": "gzip"})
        assert binary.headers["Content-Encoding"] == "gzip"


@test
def an_empty_home_answers():
    with Server() as server:
        for path in ("/runs", "/models", "/accounts", "/data"):
            assert api(server, path) == {"total": 0, "offset": 0, "items": []}
        assert refused(server, "/runs/r1", 404)


main()
