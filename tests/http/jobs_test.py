# SPDX-License-Identifier: Apache-2.0
"""Jobs: long work in processes of its own, whatever becomes of the server."""
import csv
import json
import os
import pathlib
import shutil
import signal
import time

from harness import main, pixity, test
from http_kit import Server
from jobs_kit import Held, QUICK, SLOW, fact, finish, folder, is_gone, processes, result_of, start, state, store, until


# ---- each kind, from request to result -----------------------------------------------------------------------


@test
def a_backtest_is_the_command_lines():
    store()
    want = json.loads(pixity("backtest", "--strategy", "ema_cross", "--symbol", "AAA", "--timeframe", "15m", "--end",
                             "2023-02-28", "--capital", "250000", "--profile", "honest", "--set", "slippage_bps=3",
                             "--run-id", "cli", "--json").stdout)
    with Server() as server:
        body = {**QUICK, "capital": 250000, "profile": "honest", "set": {"slippage_bps": 3}, "run_id": "web.1"}
        queued = start(server, body)
        assert queued["kind"] == "backtest" and queued["request"] == body and queued["created"]
        job = server.wait_for_job(queued["id"])
        assert (job["state"], job["exit_status"], job["error"]) == ("done", 0, None)
        assert job["result"] == {"run_id": "web.1"} and job["created"] <= job["started"] <= job["ended"]
        made = result_of(server, job)
        assert made["fingerprint"] == want["fingerprint"] and made["metrics"] == want["metrics"]
        assert server.get("/api/v1/jobs").json["items"][0] == job
        assert sorted(run["run_id"] for run in json.loads(pixity("runs", "list", "--json").stdout)) == ["cli", "web.1"]
        code, message = server.post("/api/v1/runs", body, status=409).error
        assert code == "conflict" and "web.1" in message


@test
def a_lot_may_be_a_fraction():
    store()
    pixity("data", "instruments", "AAA", "--lot", "0.25")
    with Server() as server:
        assert server.get("/api/v1/symbols?q=AAA").json["items"][0]["lot_size"] == 0.25
        for run_id, lot in (("own", None), ("thousandth", 0.001), ("any", 0), ("whole", 1)):
            finish(server, {**QUICK, "set": {} if lot is None else {"lot_size": lot}, "run_id": run_id})
            trades = server.get(f"/api/v1/runs/{run_id}/trades").json["items"]
            events = server.get(f"/api/v1/runs/{run_id}/events").json["items"]
            texts = [row["qty"] for row in csv.DictReader(pixity("runs", "trades", run_id, "--csv").stdout.splitlines())]
            assert texts and [trade["qty"] for trade in trades] == [json.loads(text) for text in texts]
            assert [event["quantity"] for event in events if event["fate"] == "executed"] == [trade["qty"] for trade in trades]
            places = max(len(text.partition(".")[2]) for text in texts)
            assert {"own": 1 <= places <= 2, "thousandth": places == 3, "any": places > 8, "whole": places == 0}[run_id], texts
            one = texts[0]
            assert server.get(f"/api/v1/runs/{run_id}/trades?qty={one}").json["total"] == texts.count(one)


@test
def training_audit_and_check():
    store()
    with Server() as server:
        job = finish(server, {"symbol": "AAA", "timeframe": "5m", "learner": "logistic", "name": "m1"}, "/api/v1/models")
        assert job["kind"] == "train" and job["result"] == {"model": "m1"} and job["progress"]["phase"] == "save"
        assert [row["name"] for row in json.loads(pixity("models", "list", "--json").stdout)] == ["m1"]
        run = finish(server, {"strategy": "pixityAI_meta", "symbol": "AAA", "timeframe": "5m", "model": "m1"})
        want = json.loads(pixity("backtest", "--strategy", "pixityAI_meta", "--symbol", "AAA", "--timeframe", "5m",
                                 "--model", "m1", "--json").stdout)
        assert result_of(server, run)["fingerprint"] == want["fingerprint"]
        job = finish(server, {"symbol": "AAA", "timeframe": "15m", "strategy": "ema_cross"}, "/api/v1/audits")
        checks = result_of(server, job)["checks"]
        want = json.loads(pixity("audit", "--symbol", "AAA", "--timeframe", "15m", "--strategy", "ema_cross", "--json",
                                 status=None).stdout)["checks"]
        assert [(c["check"], c["verdict"]) for c in checks] == [(c["check"], c["verdict"]) for c in want]
        job = finish(server, {"symbol": "AAA", "timeframe": "1m"}, "/api/v1/data/checks")
        assert [series["symbol"] for series in result_of(server, job)["series"]] == ["AAA"]
        job = finish(server, {}, "/api/v1/data/checks")
        assert [series["symbol"] for series in result_of(server, job)["series"]] == ["AAA", "LONG"]
        kinds = [job["kind"] for job in server.get("/api/v1/jobs?state=done").json["items"]]
        assert kinds == ["check", "check", "audit", "backtest", "train"]
        assert server.get("/api/v1/jobs?kind=check&limit=1&offset=1").json["total"] == 2


@test
def continuous_futures():
    days = [f"2024-{day}" for day in ("01-23", "01-24", "01-25", "01-29", "01-30", "01-31")]
    for symbol, price in (("NIFTY25JAN24FUT", 21000), ("NIFTY29FEB24FUT", 21100)):
        rows = [f"{day} {9 + (15 + k) // 60:02}:{(15 + k) % 60:02}:00,{price + k},{price + k + 1},{price + k - 1},{price + k},5"
                for day in days for k in range(0, 375, 5)]
        pathlib.Path("bars.csv").write_text("timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
        pixity("import", "bars.csv", "--symbol", symbol)
    pixity("synth", "--symbol", "AAA", "--days", "5", "--seed", "1")
    body = {"strategy": "ema_cross", "symbol": "NIFTY", "timeframe": "5m", "continuous": "front", "back_adjust": "ratio"}
    want = json.loads(pixity("backtest", "--strategy", "ema_cross", "--symbol", "NIFTY", "--timeframe", "5m",
                             "--continuous", "front", "--back-adjust", "ratio", "--json").stdout)
    with Server() as server:
        job = finish(server, body)
        assert "--continuous=front" in job["command"] and "--back-adjust=ratio" in job["command"], job["command"]
        run = result_of(server, job)
        assert run["fingerprint"] == want["fingerprint"] and run["symbol"] == "NIFTY-I"
        assert [one["symbol"] for one in run["data"]["contracts"]] == ["NIFTY25JAN24FUT", "NIFTY29FEB24FUT"]
        assert [one["where"] for one in run["findings"] if one["code"] == "roll"] == ["2024-01-29 09:15"]
        bars = server.get(f"/api/v1/runs/{run['run_id']}/candles?start=2024-01-23&end=2024-01-24").json
        assert abs(bars["columns"]["open"][0] - 21000 * (21100 + 370) / (21000 + 370)) < 1e-6, "a part of it is adjusted by the roll behind it"
        for way, first in (("difference", 21100), ("none", 21000)):
            run = result_of(server, finish(server, {**body, "back_adjust": way}))
            bars = server.get(f"/api/v1/runs/{run['run_id']}/candles?start=2024-01-23&end=2024-01-24").json
            assert bars["columns"]["open"][0] == first, (way, bars["columns"]["open"][0])
        chain = result_of(server, finish(server, {"symbol": "NIFTY", "continuous": "front"}, "/api/v1/data/checks"))["series"][0]["chain"]
        assert [one["check"] for one in chain] == ["back_adjusted", "roll"]
        for path, more, words in (("/api/v1/runs", {"continuous": "last"}, ["continuous: ", "front"]),
                                  ("/api/v1/runs", {"continuous": None}, ["continuous is missing"]),
                                  ("/api/v1/runs", {"symbol": "GOLD"}, ["symbol: no futures of", "there are those of NIFTY"]),
                                  ("/api/v1/runs", {"symbol": "NIFTY25JAN24FUT"}, ["symbol: ", "no root of futures"]),
                                  ("/api/v1/audits", {"back_adjust": "ratios"}, ["back_adjust: ", "ratio"])):
            _code, message = server.post(path, {**body, **more}, status=404 if "GOLD" in more.values() else 400).error
            assert all(word in message for word in words), (more, message)


@test
def parameters_of_strategies_and_learners():
    store()
    bars = {"symbol": "AAA", "timeframe": "5m"}
    premium = {**bars, "strategy": "premium_tp_sl"}
    with Server() as server:
        told = finish(server, {**premium, "parameters": {"stop_atrs": 2.5, "hold_bars": 40}})
        assert "--param=stop_atrs=2.5,hold_bars=40" in told["command"], told["command"]
        run = result_of(server, told)
        want = json.loads(pixity("backtest", "--strategy", "premium_tp_sl", "--symbol", "AAA", "--timeframe", "5m",
                                 "--param", "stop_atrs=2.5", "--param", "hold_bars=40", "--json").stdout)
        assert run["fingerprint"] == want["fingerprint"]
        assert run["request"]["parameters"] == {"stop_atrs": 2.5, "hold_bars": 40}
        usual = result_of(server, finish(server, {**premium, "parameters": {}}))
        assert usual["fingerprint"] == result_of(server, finish(server, premium))["fingerprint"] != run["fingerprint"]
        job = finish(server, {**premium, "parameters": {"min_adx": 10}}, "/api/v1/audits")
        assert "--param=min_adx=10" in job["command"] and result_of(server, job)["checks"]
        for learner in ({"learner": "rf:trees=20,depth=3"}, {"learner": "rf", "parameters": {"trees": 20, "depth": 3}},
                        {"parameters": {"max_depth": 3, "trees": 20}}):
            finish(server, {**bars, **learner, "name": "m"}, "/api/v1/models")
            card = json.loads(pixity("models", "show", "m", "--json").stdout)["learner"]
            assert (card["name"], card["trees"], card["max_depth"]) == ("rf", 20, 3), (learner, card)
        for path, body, words in (
                ("/api/v1/runs", {**premium, "parameters": {"stop_atr": 2}}, ["parameters: ", "did you mean", "stop_atrs"]),
                ("/api/v1/runs", {**premium, "parameters": {"stop_atrs": 200}}, ["parameters: stop_atrs of strategy premium_tp_sl is 200"]),
                ("/api/v1/runs", {**premium, "parameters": {"stop_atrs": "2"}}, ["parameters: an object is wanted"]),
                ("/api/v1/runs", {**premium, "parameters": {"stop_atrs=2,hold_bars": 2}}, ["parameters: "]),
                ("/api/v1/runs", {**premium, "parameters": {"stop": 2, "stop_atrs": 2}}, ["parameters: ", "named twice"]),
                ("/api/v1/runs", {**premium, "parameters": [2]}, ["parameters: an object is wanted"]),
                ("/api/v1/runs", {**premium, "parameters": {"rsi_from": 70}}, ["parameters: rsi_from is 70 and rsi_to 70"]),
                ("/api/v1/runs", {**premium, "strategy": "pixityAI_meta", "parameters": {"stop": 2}}, ["has no parameters"]),
                ("/api/v1/audits", {**bars, "parameters": {"stop": 2}}, ["strategy pixityAI_meta has no parameters"]),
                ("/api/v1/models", {**bars, "parameters": {"rate": 2}}, ["parameters: learner rf has no parameter"]),
                ("/api/v1/models", {**bars, "learner": "gbt", "parameters": {"rate": 2}}, ["learning_rate of learner gbt is 2"]),
                ("/api/v1/models", {**bars, "learner": "rf:trees=5", "parameters": {"trees": 2}}, ["behind the colon"]),
                ("/api/v1/models", {**bars, "learner": "rf:trees=x"}, ['learner: trees of learner rf is "x"'])):
            _code, message = server.post(path, body, status=400).error
            assert all(word in message for word in words), (body, message)


@test
def a_model_of_several_symbols():
    store()
    pixity("synth", "--symbol", "BBB", "--days", "60", "--seed", "3", "--kind", "trend")
    body = {"symbols": ["AAA", "BBB"], "timeframe": "5m", "learner": "logistic", "name": "both"}
    with Server() as server:
        assert finish(server, body, "/api/v1/models")["result"] == {"model": "both"}


def csv_of(symbol="AAA", **changes):
    text = pixity("data", "export", "--symbol", symbol, "--start", "2023-01-02", "--end", "2023-01-03").stdout
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


@test
def an_import_with_a_preview():
    store()
    content = csv_of()
    with Server() as server:
        upload = server.post("/api/v1/data/uploads?name=new%20file.csv", content, status=201).json
        assert upload["name"] == "new file.csv" and upload["bytes"] == len(content)
        request = {"upload": upload["id"], "symbol": "NEW", "timeframe": "1m"}
        job = finish(server, {**request, "preview": True}, "/api/v1/data/imports")
        preview = result_of(server, job)
        assert (preview["preview"], preview["new"], preview["problem"]) == (True, 750, None)
        assert [c["meaning"] for c in preview["files"][0]["columns"]] == [
            "time", "open", "high", "low", "close", "volume"]
        assert "NEW" not in pixity("data", "list", "--csv").stdout
        job = finish(server, {**request, "tz": "Asia/Kolkata", "stamp": "open", "on_conflict": "error"},
                     "/api/v1/data/imports")
        assert result_of(server, job)["stored"] == 750
        assert pixity("data", "export", "--symbol", "NEW").stdout.encode() == content
        assert not list(pathlib.Path("home/uploads").iterdir()), "what was imported is still there"
        code, message = server.post("/api/v1/data/imports", request, status=404).error
        assert "upload" in message and upload["id"] in message
        upload = server.post("/api/v1/data/uploads?name=x.csv", b"no,table\n1,2\n", status=201).json
        job = finish(server, {"upload": upload["id"], "symbol": "NEW"}, "/api/v1/data/imports", state="failed")
        assert "x.csv" in job["error"] and "no column for" in job["error"] and job["exit_status"] == 2
        server.delete(f"/api/v1/data/uploads/{upload['id']}")
        server.delete(f"/api/v1/data/uploads/{upload['id']}", status=404)
        assert not list(pathlib.Path("home/uploads").iterdir())


@test
def uploads_that_are_none():
    store()
    with Server() as server:
        for name in ("", "a", "a.exe", "../a.csv", "a/b.csv", ".csv", ".a.csv", "a%00.csv", "a%0A.csv", "a\\b.csv",
                     "x" * 200 + ".csv", "a%2Fb.csv", "%2E%2E%2Fa.csv", "a;b.csv", "a%22.csv"):
            answer = server.request("POST", f"/api/v1/data/uploads?name={name}", b"x")
            assert answer.status == 400, (name, answer.status)
        server.post("/api/v1/data/uploads", b"x", status=400)
        server.post("/api/v1/data/uploads?name=a.csv", b"", status=400)
        for name in ("0" * 16, "..", "%2E%2E", "ABCDEF0123456789", "../../x"):
            server.delete(f"/api/v1/data/uploads/{name}", status=404)
        uploads = pathlib.Path("home/uploads")
        assert not uploads.exists() or not list(uploads.iterdir()), list(uploads.iterdir())
        assert not pathlib.Path("home/a.csv").exists()


@test
def uploads_of_yesterday_go_at_the_start():
    store()
    with Server() as server:
        old, new = (server.post("/api/v1/data/uploads?name=a.csv", csv_of(), status=201).json for _ in range(2))
        past = time.time() - 2 * 24 * 3600
        os.utime(f"home/uploads/{old['id']}", (past, past))
        pathlib.Path("home/uploads/.body-left").write_text("half")
        pathlib.Path("home/uploads/.export-left").mkdir()  # of servers that were killed
        pathlib.Path("home/uploads/.export-left/file.json").write_text("half")
        empty = pathlib.Path("home/uploads/0123456789abcdef")
        empty.mkdir()
        os.utime(empty, (past, past))
        server.restart()
        assert [path.name for path in pathlib.Path("home/uploads").iterdir()] == [new["id"]]


# ---- requests that are none ----------------------------------------------------------------------------------


@test
def requests_are_checked_before_they_wait():
    store()
    cases = [
        ("/api/v1/runs", {**QUICK, "symbl": "AAA"}, 400, ['"symbl"', '"symbol"']),
        ("/api/v1/runs", {**QUICK, "strategy": "ema_crss"}, 400, ["strategy", "ema_cross"]),
        ("/api/v1/runs", {**QUICK, "strategy": 7}, 400, ["strategy", "text"]),
        ("/api/v1/runs", {**QUICK, "strategy": "precomputed"}, 400, ["strategy", "--signals"]),
        ("/api/v1/runs", {**QUICK, "symbol": "AAB"}, 404, ["AAB", "AAA"]),
        ("/api/v1/runs", {**QUICK, "symbol": "@/etc/passwd"}, 400, ["symbol", "@"]),
        ("/api/v1/runs", {**QUICK, "symbol": "AAA,LONG"}, 400, ["symbol", "comma"]),
        ("/api/v1/runs", {**QUICK, "symbol": "AAA\u0000x"}, 400, ["u0000"]),
        ("/api/v1/runs", {**QUICK, "symbol": ""}, 400, ["symbol"]),
        ("/api/v1/runs", {**QUICK, "symbol": ["AAA"]}, 400, ["symbol"]),
        ("/api/v1/runs", {**QUICK, "exchange": "NSEE"}, 404, ["NSEE", "NSE"]),
        ("/api/v1/data/checks", {"exchange": "NSEE"}, 400, ["exchange", "NSE"]),
        ("/api/v1/runs", {**QUICK, "timeframe": "15x"}, 400, ["timeframe", "15x"]),
        ("/api/v1/runs", {**QUICK, "timeframe": 15}, 400, ["timeframe"]),
        ("/api/v1/runs", {**QUICK, "start": "2022-13-01"}, 400, ["start", "month"]),
        ("/api/v1/runs", {**QUICK, "start": "2023-03-01"}, 400, ["start", "end", "2023-03-01"]),
        ("/api/v1/runs", {**QUICK, "profile": "honst"}, 400, ["profile", "honest"]),
        ("/api/v1/runs", {**QUICK, "product": "intrday"}, 400, ["product", "intraday"]),
        ("/api/v1/runs", {**QUICK, "capital": -1}, 400, ["capital"]),
        ("/api/v1/runs", {**QUICK, "capital": "much"}, 400, ["capital"]),
        ("/api/v1/runs", {**QUICK, "capital": [1]}, 400, ["capital"]),
        ("/api/v1/runs", {**QUICK, "model": "../../x"}, 400, ["model"]),
        ("/api/v1/runs", {**QUICK, "model": "nosuch"}, 404, ["model", "nosuch"]),
        ("/api/v1/runs", {**QUICK, "run_id": "a/b"}, 400, ["run_id"]),
        ("/api/v1/runs", {**QUICK, "run_id": "-x"}, 400, ["run_id"]),
        ("/api/v1/runs", {**QUICK, "set": {"slipage_bps": 1}}, 400, ["slipage_bps", "slippage_bps"]),
        ("/api/v1/runs", {**QUICK, "set": {"slippage_bps": "x"}}, 400, ["slippage_bps"]),
        ("/api/v1/runs", {**QUICK, "set": {"slippage_bps": {}}}, 400, ["slippage_bps"]),
        ("/api/v1/runs", {**QUICK, "set": {"lot_size": -0.5}}, 400, ["lot_size"]),
        ("/api/v1/runs", {**QUICK, "set": {"lot_size": 1e-12}}, 400, ["lot_size", "0, or a number from 1e-09"]),
        ("/api/v1/runs", {**QUICK, "set": {"fee_table": "/etc/passwd"}}, 400, ["fee_table", "file"]),
        ("/api/v1/runs", {**QUICK, "set": {"fee_table": "x.json"}}, 400, ["fee_table", "file"]),
        ("/api/v1/runs", {**QUICK, "set": {"model_path": "../x"}}, 400, ["model_path", "file"]),
        ("/api/v1/runs", {**QUICK, "set": {"a=b": 1}}, 400, ["a=b"]),
        ("/api/v1/runs", {**QUICK, "set": {"": 1}}, 400, []),
        ("/api/v1/runs", {**QUICK, "set": [1]}, 400, ["set", "object"]),
        ("/api/v1/runs", {"strategy": "ema_cross", "symbol": "AAA"}, 400, ["timeframe is missing"]),
        ("/api/v1/runs", {**QUICK, "symbol": None}, 400, ["symbol is missing"]),
        ("/api/v1/runs", {}, 400, ["missing"]),
        ("/api/v1/models", {"timeframe": "5m"}, 400, ["symbol"]),
        ("/api/v1/models", {"symbol": "AAA", "symbols": ["AAA"], "timeframe": "5m"}, 400, ["symbols"]),
        ("/api/v1/models", {"symbols": [], "timeframe": "5m"}, 400, ["symbols"]),
        ("/api/v1/models", {"symbols": ["AAA", "LONG"], "timeframe": "5m"}, 400, ["name"]),
        ("/api/v1/models", {"symbols": ["AAA", "@x"], "timeframe": "5m", "name": "m"}, 400, ["@"]),
        ("/api/v1/models", {"symbol": "AAA", "timeframe": "5m", "learner": "xgb"}, 400, ["learner"]),
        ("/api/v1/models", {"symbol": "AAA", "timeframe": "5m", "name": "../m"}, 400, ["name"]),
        ("/api/v1/audits", {"symbol": "AAA", "timeframe": "5m", "capital": 1}, 400, ["capital"]),
        ("/api/v1/data/checks", {"symbol": "ZZZZ"}, 404, ["ZZZZ"]),
        ("/api/v1/data/checks", {"strategy": "x"}, 400, ["strategy"]),
        ("/api/v1/data/imports", {}, 400, ["upload"]),
        ("/api/v1/data/imports", {"upload": "../../etc/passwd"}, 404, ["upload"]),
        ("/api/v1/data/imports", {"upload": "0" * 16}, 404, ["upload"]),
    ]
    with Server() as server:
        upload = server.post("/api/v1/data/uploads?name=a.csv", csv_of(), status=201).json["id"]
        for member, value, word in (("preview", "yes", "true"), ("stamp", "opn", "open"), ("tz", "Mars", "Mars"),
                                    ("on_conflict", "skp", "skip"), ("symbol", "@x", "@"), ("timeframe", "q", "q")):
            cases.append(("/api/v1/data/imports", {"upload": upload, member: value}, 400, [member, word]))
        for path, body, status, words in cases:
            answer = server.request("POST", path, body)
            assert answer.status == status, (path, body, answer.status, answer.body)
            code, message = answer.error
            assert code == ("bad_request" if status == 400 else "not_found"), code
            for word in words:
                assert word in message, (body, word, message)
        for body in (b"", b"{", b"[]", b"7", b'"x"', b"null", b"{}x", b'{"a":1,}', b"\xff", b'{"symbol": "\xff"}',
                     b"[" * 100000, b'{"strategy": NaN}', b'{"strategy": 1e999}'):
            answer = server.request("POST", "/api/v1/runs", body)
            assert answer.status == 400 and answer.error[0] == "bad_request", (body[:40], answer.status)
        assert server.get("/api/v1/jobs").json == {"total": 0, "offset": 0, "items": []}
        for path in ("/api/v1/jobs/0", "/api/v1/jobs/1", "/api/v1/jobs/x", "/api/v1/jobs/-1", "/api/v1/jobs/1e3",
                     "/api/v1/jobs/99999999999999999999", "/api/v1/jobs/1/result", "/api/v1/jobs/1/stream"):
            server.get(path, status=404)
        server.post("/api/v1/jobs/1/cancel", status=404)


# ---- failing, cancelled, refused -----------------------------------------------------------------------------


@test
def a_failing_run_says_why():
    store()
    with Server() as server:
        body = {**QUICK, "timeframe": "1d", "run_id": "short"}
        job = finish(server, body, state="failed")
        told = pixity("backtest", "--strategy", "ema_cross", "--symbol", "AAA", "--timeframe", "1d", "--end",
                      "2023-02-28", status=2).stderr.strip()
        assert job["exit_status"] == 2 and told == f"pixity: backtest: {job['error']}", (job, told)
        assert job["result"] is None
        server.get(f"/api/v1/jobs/{job['id']}/result", status=404)
        assert "short" not in pixity("runs", "list").stdout


@test
def cancelled_while_it_runs():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        supervisor, verb = processes(job)
        assert server.post(f"/api/v1/jobs/{job['id']}/cancel", status=202).json["id"] == job["id"]
        ended = server.wait_for_job(job["id"])
        assert ended["state"] == "cancelled" and ended["error"] is None and ended["ended"], ended
        assert ended["exit_status"] in (130, 143), ended
        assert is_gone(verb) and until("the supervisor's end", lambda: is_gone(supervisor))
        assert json.loads(pixity("models", "list", "--json").stdout) == []
        code, message = server.post(f"/api/v1/jobs/{job['id']}/cancel", status=409).error
        assert code == "conflict" and "ended" in message
        done = finish(server, QUICK)
        server.post(f"/api/v1/jobs/{done['id']}/cancel", status=409)
        assert state(server, done) == "done"


@test
def cancelled_at_once():
    """Whatever the moment: between the request, the supervisor and the verb nothing is lost."""
    store()
    with Server("--jobs", "4") as server:
        for wait in range(12):
            job = start(server, SLOW, "/api/v1/models")
            time.sleep(wait * 0.003)  # which moment it meets is not to be known; all must do
            server.post(f"/api/v1/jobs/{job['id']}/cancel", status=202)
            ended = server.wait_for_job(job["id"])
            assert ended["state"] == "cancelled", ended
        assert json.loads(pixity("models", "list", "--json").stdout) == []


@test
def cancelled_twice_is_killed():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        held = Held(job)  # it hears no SIGTERM
        server.post(f"/api/v1/jobs/{job['id']}/cancel", status=202)
        assert state(server, job) == "running"
        server.post(f"/api/v1/jobs/{job['id']}/cancel", status=202)
        assert server.wait_for_job(job["id"])["state"] == "cancelled" and until("its end", lambda: is_gone(held.verb))


@test
def the_queue_is_first_in_first_out_and_bounded():
    store()
    with Server("--jobs", "1", "--queue", "2") as server:
        running = start(server, SLOW, "/api/v1/models")
        held = Held(running)
        first, second = (start(server, {**QUICK, "run_id": name}) for name in ("one", "two"))
        assert [job["state"] for job in server.get("/api/v1/jobs").json["items"]] == ["queued", "queued", "running"]
        refused = server.post("/api/v1/runs", QUICK, status=429)
        assert refused.error[0] == "too_many_requests" and int(refused.headers["Retry-After"]) > 0
        assert server.post(f"/api/v1/jobs/{first['id']}/cancel", status=202).json["state"] == "cancelled"
        third = start(server, {**QUICK, "run_id": "three"})
        server.post("/api/v1/runs", QUICK, status=429)
        held.go_on()
        ended = [server.wait_for_job(job["id"]) for job in (running, first, second, third)]
        assert [job["state"] for job in ended] == ["done", "cancelled", "done", "done"]
        assert ended[1]["started"] is None and ended[1]["exit_status"] is None and ended[1]["ended"]
        assert ended[0]["ended"] <= ended[2]["started"] and ended[2]["ended"] <= ended[3]["started"]


# ---- whatever becomes of the processes -----------------------------------------------------------------------


@test
def a_run_outlives_a_killed_server():
    store()
    with Server("--jobs", "1") as server:
        running = start(server, SLOW, "/api/v1/models")
        held = Held(running)
        queued = start(server, {**QUICK, "run_id": "later"})
        server.kill()
        assert not is_gone(held.verb) and not is_gone(held.supervisor)
        server.restart()
        assert state(server, running) == "running" and state(server, queued) == "queued"
        held.go_on()
        assert server.wait_for_job(running["id"])["result"] == {"model": "LONG_1m"}
        assert server.wait_for_job(queued["id"])["result"] == {"run_id": "later"}


@test
def a_run_ends_while_there_is_no_server():
    store()
    with Server() as server:
        running = start(server, SLOW, "/api/v1/models")
        held = Held(running)
        assert server.stop() == 130
        assert "1 running job" in pathlib.Path("serve.log").read_text()
        held.go_on()
        until("the end of the job", lambda: fact(running, "exit.json"))
        server.restart()
        job = server.get(f"/api/v1/jobs/{running['id']}").json
        assert job["state"] == "done" and job["result"] == {"model": "LONG_1m"} and job["ended"]


@test
def cancelled_by_the_next_server():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        held = Held(job)
        server.kill()
        server.restart()
        server.post(f"/api/v1/jobs/{job['id']}/cancel", status=202)
        held.go_on()
        assert server.wait_for_job(job["id"])["state"] == "cancelled"


@test
def the_next_server_may_stand_elsewhere():
    store()
    with Server("--jobs", "1") as server:
        held = Held(start(server, SLOW, "/api/v1/models"))
        queued = start(server, {**QUICK, "run_id": "later"})
        server.kill()
        server.home = os.path.abspath("home")
        os.mkdir("elsewhere")
        os.chdir("elsewhere")
        try:
            server.restart()
            held.go_on()
            assert server.wait_for_job(queued["id"])["state"] == "done"
        finally:
            server.stop()
            os.chdir("..")
    assert not pathlib.Path("elsewhere/home").exists()


@test
def killed_processes_are_told():
    store()
    with Server("--jobs", "3") as server:
        for victims in (("supervisor", "verb"), ("verb",), ("supervisor",)):
            job = start(server, SLOW, "/api/v1/models")
            held = Held(job)
            for victim in victims:
                os.kill(getattr(held, victim), signal.SIGKILL)
            ended = server.wait_for_job(job["id"])
            assert ended["state"] == "failed" and "killed" in ended["error"] and ended["ended"], (victims, ended)
            assert ended["exit_status"] == (137 if victims == ("verb",) else None), ended
            assert until("the verb's end", lambda: is_gone(held.verb))  # with its supervisor, though it stands still
        assert json.loads(pixity("models", "list", "--json").stdout) == []
        before = server.get("/api/v1/jobs").json
        server.restart()
        assert server.get("/api/v1/jobs").json == before


@test
def servers_killed_at_any_moment_leave_no_broken_run():
    store()
    server = Server("--jobs", "2", "--queue", "100")
    asked = set()
    with server:
        for moment in range(8):
            for n in range(2):
                asked.add(start(server, {**QUICK, "run_id": f"r{moment}.{n}"})["id"])
            time.sleep(moment * 0.02)  # which moment it meets is not to be known; all must do
            server.kill()
            server.restart()
        jobs = [server.wait_for_job(job) for job in sorted(asked)]
        assert [job["state"] for job in jobs] == ["done"] * len(asked), jobs
        runs = json.loads(pixity("runs", "list", "--json").stdout)
        assert len(runs) == len(asked)
        assert len({json.loads(pixity("runs", "show", job["result"]["run_id"], "--json").stdout)["fingerprint"]
                    for job in jobs}) == 1


@test
def a_server_stays_where_a_folder_goes():
    store()
    with Server() as server:
        job = finish(server, QUICK)
        running = start(server, SLOW, "/api/v1/models")
        held = Held(running)
        shutil.rmtree(folder(job))
        shutil.rmtree(folder(running))
        pathlib.Path("home/jobs/77").mkdir()
        assert server.get(f"/api/v1/jobs/{job['id']}").json["state"] == "done"
        os.kill(held.verb, signal.SIGKILL)
        finish(server, QUICK)
        server.restart()
        assert server.get("/api/v1/jobs").json["total"] == 1


@test
def one_server_a_home():
    store()
    with Server():
        result = pixity("serve", "--port", "0", status=2)
        assert "another pixity serve" in result.stderr and result.stdout == ""
    with Server():
        pass


@test
def what_is_asked_of_jobs_is_checked():
    store()
    with Server() as server:
        finish(server, QUICK)
        for path in ("jobs?state=runing", "jobs?kind=x", "jobs/1?x=1", "jobs/1/result?x=1", "jobs/1/stream?x=1"):
            assert server.get(f"/api/v1/{path}", status=400).error[0] == "bad_request", path
        assert server.get("/api/v1/jobs?state=done&kind=backtest").json["total"] == 1


@test
def a_server_without_its_port_begins_nothing():
    store()
    with Server() as server:
        first = finish(server, QUICK)
    waiting = pathlib.Path("home/jobs/77")
    waiting.mkdir()
    (waiting / "request.json").write_text(json.dumps({**fact(first, "request.json")}))
    with Server(home="other") as server:
        assert "in use" in pixity("serve", "--port", server.port, status=2).stderr
    assert sorted(path.name for path in waiting.iterdir()) == ["request.json"]


@test
def old_jobs_go():
    store()
    for number in range(1, 231):
        made = pathlib.Path("home/jobs", str(number))
        made.mkdir(parents=True)
        (made / "request.json").write_text(json.dumps(
            {"kind": "check", "created": "2023-01-01T00:00:00+00:00", "request": {}, "argv": ["data", "check"]}))
        (made / "exit.json").write_text(json.dumps({"status": 0, "at": "2023-01-01T00:00:01+00:00"}))
        (made / "result.json").write_text("{}")
    with Server() as server:
        job = finish(server, QUICK)
        assert job["id"] == 231
        listed = until("the old to go", lambda: (all := server.get("/api/v1/jobs?limit=1000").json)["total"] == 200 and all)
        assert [each["id"] for each in listed["items"]] == list(range(231, 31, -1))
        assert sorted(int(path.name) for path in pathlib.Path("home/jobs").iterdir() if path.name.isdigit()) == list(
            range(32, 232))


@test
def the_supervisor_is_no_verb_for_people():
    store()
    assert "run-job" not in pixity("--help").stdout and "run-job" not in pixity("manual").stdout
    pixity("run-job", "nowhere", status=2)
    pathlib.Path("empty").mkdir()
    assert "request.json" in pixity("run-job", "empty", status=2).stderr
    with Server() as server:
        job = finish(server, QUICK)
        ended = fact(job, "exit.json")
        pixity("run-job", folder(job))  # it was done already
        assert fact(job, "exit.json") == ended and len(json.loads(pixity("runs", "list", "--json").stdout)) == 1


main()
