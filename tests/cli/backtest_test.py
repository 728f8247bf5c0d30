# SPDX-License-Identifier: Apache-2.0
"""train, backtest, runs, models, strategies, doctor: what they print and store, and that it repeats."""
import json
import pathlib
import re
import shutil

from harness import main, pixity, test
from lab import HOME, document, fails, is_iso_time, is_local_time, listing, rows_of, table, walk, write_bars

TRADES = ("entry_ts,exit_ts,direction,qty,entry_price,exit_price,stop,target,pnl,fees,pnl_net,bars_held,exit_reason,"
          "event_type,probability,in_sample")
REASONS = {"stop_loss", "take_profit", "time_stop", "square_off", "exit_signal", "kill_switch", "end_of_data"}
BARS = ["--symbol", "DEMO", "--timeframe", "15m"]
TRAIN = [*BARS, "--end", "2022-06-30"]
TEST = [*BARS, "--start", "2022-07-01"]


def synth(days=200, seed=1):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", seed, "--start", "2022-01-03")


def run(run_id, *args, strategy="pixityAI_meta"):
    return document("backtest", "--strategy", strategy, *TEST, "--run-id", run_id, *args)


def check_run(doc, strategy, run_id):
    assert doc["run_id"] == run_id and doc["profile"] == "honest" and doc["strategy"] == strategy
    assert re.fullmatch(r"[0-9a-f]{64}", doc["fingerprint"])
    events = dict(doc["events"])
    candidates, _ = events.pop("candidates"), events.pop("approved")
    assert candidates == sum(events.values()), events
    assert doc["metrics"]["# Trades"] == events["executed"]
    assert isinstance(doc["warnings"], list)
    header, rows = rows_of(pixity("runs", "trades", run_id, "--csv"))
    assert ",".join(header) == TRADES
    assert len(rows) == doc["metrics"]["# Trades"] > 0
    trades = table("runs", "trades", run_id)
    assert [t["entry_ts"] for t in trades] == sorted(t["entry_ts"] for t in trades)
    for trade in trades:
        assert is_local_time(trade["entry_ts"]) and is_local_time(trade["exit_ts"])
        assert trade["direction"] in ("long", "short") and trade["exit_reason"] in REASONS
        assert int(trade["qty"]) > 0 and int(trade["bars_held"]) >= 0
        assert abs(float(trade["pnl"]) - float(trade["fees"]) - float(trade["pnl_net"])) < 1e-6
        sign = 1 if trade["direction"] == "long" else -1
        moved = (float(trade["exit_price"]) - float(trade["entry_price"])) * sign * int(trade["qty"])
        assert abs(moved - float(trade["pnl"])) < 1e-6
    assert abs(sum(float(t["pnl_net"]) for t in trades) - doc["metrics"]["PnL [Rs]"]) < 1e-6
    assert len(table("runs", "events", run_id)) == candidates
    return trades


# ---- the way through -----------------------------------------------------------------------------------------


@test
def train_then_backtest():
    synth()
    report = document("train", *TRAIN)
    assert isinstance(report, dict) and report
    (model,) = table("models", "list")
    assert (model["name"], model["symbol"], model["timeframe"]) == ("DEMO_15m", "DEMO", "15m")
    card = document("models", "show", "DEMO_15m")
    assert model["model_sha256"] in json.dumps(card)
    doc = run("r1")
    trades = check_run(doc, "pixityAI_meta", "r1")
    assert doc["in_sample_trades"] == 0 and {t["in_sample"] for t in trades} == {"0"}
    assert all(0 <= float(t["probability"]) <= 1 for t in trades)
    inside = document("backtest", "--strategy", "pixityAI_meta", *TRAIN, "--run-id", "r2")
    assert inside["in_sample_trades"] == inside["metrics"]["# Trades"] > 0
    assert any("training window" in warning for warning in inside["warnings"])
    assert document("runs", "show", "r1") == doc


@test
def workflow_is_train():
    synth(120)
    reports = {}
    for verb, name in (("train", "FIRST"), ("workflow", "SECOND")):
        reports[verb] = json.dumps(document(verb, *BARS, "--model-out", name)).replace(name, "NAME")
    assert reports["train"] == reports["workflow"]
    files = listing()
    assert files["models/FIRST.ubj"] == files["models/SECOND.ubj"]


@test
def train_tells_people_what_happened():
    synth(120)
    text = pixity("train", *BARS, "--model-out", "m").stdout
    for word in ("events", "TREND", "REVERSION", "fold", "AUC", "every event", "R"):
        assert word in text, f"{word!r} is not in\n{text}"
    for name in ("m.ubj", "m.card.json", "m_config.json", "m_events.csv"):
        assert pathlib.Path(HOME, "models", name).stat().st_size > 0, name


@test
def without_a_model():
    synth(60)
    doc = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--skip-meta-model", "--run-id", "r")
    trades = check_run(doc, "pixityAI_meta", "r")
    assert doc["in_sample_trades"] is None and {t["in_sample"] for t in trades} == {""}
    assert doc["events"]["approved"] == doc["events"]["candidates"]


@test
def standard_strategies():
    synth(60)
    ids = [row["id"] for row in table("strategies")]
    assert {"pixityAI_meta", "ehma_pivot", "ema_cross"} <= set(ids)
    for strategy in ("ehma_pivot", "ema_cross"):
        doc = document("backtest", "--strategy", strategy, *BARS, "--run-id", strategy)
        trades = check_run(doc, strategy, strategy)
        assert {t["direction"] for t in trades} == {"long"}
        assert all(t["stop"] == t["target"] == "" for t in trades)
    short = document("backtest", "--strategy", "ema_cross", *BARS, "--set", "allow_short=true", "--run-id", "short")
    assert {t["direction"] for t in check_run(short, "ema_cross", "short")} == {"long", "short"}


@test
def straight_from_a_file():
    write_bars("ABC.csv", walk(40))
    command = ["backtest", "--strategy", "ema_cross", "--timeframe", "15m"]
    direct = document(*command, "--input", "ABC.csv", "--run-id", "direct")
    check_run(direct, "ema_cross", "direct")
    assert document("data", "list") == []
    pixity("import", "ABC.csv")
    stored = document(*command, "--symbol", "ABC", "--run-id", "stored")
    assert direct["metrics"] == stored["metrics"] and direct["events"] == stored["events"]


@test
def exits_inside_the_minutes():
    synth()
    coarse = run("coarse", "--skip-meta-model", "--set", "fees=none")
    fine = run("fine", "--skip-meta-model", "--set", "fees=none", "--set", "detail=1m")
    assert fine["config"]["detail"] == "1m" and fine["fingerprint"] != coarse["fingerprint"]
    assert fine["metrics"]["# Ambiguous Bars"] <= coarse["metrics"]["# Ambiguous Bars"]
    labels = {(r["timestamp"], r["side"]): r for r in table("labels", *TEST, "--set", "detail=1m")}
    compared = 0
    for trade in table("runs", "trades", "fine", "--full"):
        label = labels[trade["signal_ts"], {"long": "BUY", "short": "SELL"}[trade["direction"]]]
        if trade["exit_reason"] != "end_of_data":
            assert (label["exit_time"], label["exit_price"]) == (trade["exit_ts"], trade["exit_price"])
            compared += 1
    assert compared > 50

    # A model that was trained on other exits does not fit.
    pixity("train", *TRAIN, "--model-out", "coarse")
    fails("backtest", "--strategy", "pixityAI_meta", *TEST, "--model", "coarse", "--set", "detail=1m",
          words=["detail", "none", "1m"])
    pathlib.Path("five.csv").write_text(pixity("resample", "--symbol", "DEMO", "--timeframe", "5m", "--csv").stdout)
    fails("labels", "--input", "five.csv", "--input-timeframe", "5m", "--timeframe", "15m", "--set", "detail=1m",
          words=["detail=1m", "one-minute", "5m"])


@test
def the_second_identical_run_is_not_blocked():
    synth(60)
    one, two = (document("backtest", "--strategy", "pixityAI_meta", *BARS, "--skip-meta-model", "--run-id", name)
                for name in ("one", "two"))
    assert one["metrics"]["# Trades"] > 0
    assert one["fingerprint"] == two["fingerprint"]
    trades = [pixity("runs", "trades", name, "--csv", "--full").stdout for name in ("one", "two")]
    assert trades[0] == trades[1]
    other = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--skip-meta-model", "--run-id", "three",
                     "--set", "sl_mult=2")
    assert other["fingerprint"] != one["fingerprint"]


@test
def a_fingerprint_does_not_know_the_home():
    prints = set()
    for home in ("one", "elsewhere/two"):
        pathlib.Path(home).parent.mkdir(exist_ok=True)
        pixity("synth", "--symbol", "DEMO", "--days", "60", "--seed", "1", "--home", home)
        prints.add(document("backtest", "--strategy", "ema_cross", *BARS, "--home", home)["fingerprint"])
    assert len(prints) == 1


@test
def the_summary_is_for_people():
    synth(60)
    command = ["backtest", "--strategy", "pixityAI_meta", *BARS, "--profile", "reference", "--skip-meta-model"]
    text = pixity(*command, "--run-id", "r").stdout
    assert text.startswith("WARNING ") and "look-ahead" in text.splitlines()[0]
    for words in ("Profile   reference", "gross", "net of fees", "rupees", "R a trade", "candidates", "executed",
                  "fingerprint", "pixity runs trades r --csv"):
        assert words in text, f"{words!r} is not in\n{text}"
    assert len(text.splitlines()) <= 44
    assert all(len(line) <= 100 for line in text.splitlines() if not re.match("WARNING|Bars|Events", line)), text
    assert pixity("runs", "show", "r").stdout == text
    metrics = document("runs", "show", "r")["metrics"]
    for title, name, decimals in (
            ("Profit", "PnL [Rs]", 2), ("Return", "Return [%]", 2), ("Max drawdown", "Max. Drawdown [%]", 2),
            ("Sharpe", "Sharpe Ratio", 2), ("Win rate", "Win Rate [%]", 2), ("Profit factor", "Profit Factor", 3),
            ("Expectancy", "Expectancy [Rs]", 2), ("Average R", "Avg. R", 3), ("CAGR", "CAGR [%]", 2),
            ("Volatility", "Volatility (Ann.) [%]", 2), ("Sortino", "Sortino Ratio", 2),
            ("Calmar", "Calmar Ratio", 2), ("PSR", "Probabilistic Sharpe Ratio", 3), ("SQN", "SQN", 2),
            ("Kelly", "Kelly Criterion", 3), ("Longest drawdown", "Max. Drawdown Duration [sessions]", 0)):
        gross, net = (f"{metrics[key]:.{decimals}f}" for key in (f"{name} (gross)", name))
        assert re.search(rf"^  {title} +{re.escape(gross)} +{re.escape(net)}(  |$)", text, re.M), (title, gross, net)
    for title, name, decimals in (("Fees", "Commissions [Rs]", 2), ("Trades", "# Trades", 0), ("Sessions", "# Sessions", 0)):
        assert re.search(rf"^  {title} +{metrics[name]:.{decimals}f}  ", text, re.M), title
    for title, name, decimals in (("Profit", "PnL [Rs]", 2), ("Average R", "Avg. R", 3), ("Fees", "Commissions [Rs]", 2),
                                  ("Trades", "# Trades", 0), ("Bars held", "Avg. Bars Held", 1)):
        of_all, longs, shorts = (f"{metrics[name + side]:.{decimals}f}" for side in ("", " (long)", " (short)"))
        assert len({of_all, longs, shorts}) == 3
        assert re.search(rf"^  {title} .* {of_all} +{longs} +{shorts}  ", text, re.M), (title, of_all, longs, shorts)


@test
def trials_are_counted_on_reading():
    synth(60)
    command = ["backtest", "--strategy", "pixityAI_meta", *BARS, "--skip-meta-model"]
    first = document(*command, "--run-id", "a")
    assert first["trials"]["n"] == 1 and first["trials"]["deflated_sharpe"] is None
    stored = pathlib.Path(HOME, "runs", "a", "run.json").read_text()
    assert "trials" not in json.loads(stored) and "deflated" not in stored
    again = document(*command, "--run-id", "again")
    assert again["trials"]["n"] == 1
    second = document(*command, "--run-id", "b", "--set", "sl_mult=2")["trials"]
    shown = document("runs", "show", "a")
    assert second["n"] == shown["trials"]["n"] == 2 and 0 < shown["trials"]["deflated_sharpe"] < 1
    assert "not stored" in shown["trials"]["basis"]
    assert {key: shown[key] for key in json.loads(stored)} == json.loads(stored)
    assert pathlib.Path(HOME, "runs", "a", "run.json").read_text() == stored
    deflated = f"{shown['trials']['deflated_sharpe']:.3f}"
    assert re.search(rf"^Trials +2 of .* deflated Sharpe {deflated}$", pixity("runs", "show", "a").stdout, re.M)


@test
def run_ids_are_made_unique_and_readable():
    synth(30)
    ids = {document("backtest", "--strategy", "ema_cross", *BARS)["run_id"] for _ in range(3)}
    assert len(ids) == 3
    for run_id in ids:
        assert re.fullmatch(r"ema_cross-DEMO-15m-\d{8}-\d{6}-[0-9a-f]{4}", run_id), run_id
    assert {row["run_id"] for row in table("runs", "list")} == ids


@test
def a_config_file_may_be_all_of_the_request():
    synth(30)
    pathlib.Path("c.json").write_text(json.dumps({
        "strategy_id": "ema_cross", "symbol": "DEMO", "symbols": ["DEMO"], "timeframe": "15m", "bar_minutes": 15,
        "preferred_timeframe": "15m", "lookback": 100, "swing_period": 5, "reversion_k": 2.0, "sl_mult": 1.0,
        "tp_mult": 2.0, "time_stop_bars": 12, "long_threshold": 0.45, "short_threshold": 0.45, "cooldown_bars": 3,
        "risk_per_trade": 500, "max_daily_trades": 10, "model_path": "models/x.pkl", "skip_meta_model": False,
        "notes": "kept as it was"}))
    doc = document("backtest", "--config", "c.json", "--run-id", "config")
    same = document("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "options")
    assert doc["metrics"] == same["metrics"] and doc["metrics"]["# Trades"] > 0
    other = document("backtest", "--config", "c.json", "--strategy", "ehma_pivot", "--run-id", "other")
    assert other["strategy"] == "ehma_pivot"


@test
def shortcuts_win_over_settings():
    synth(30)
    doc = document("backtest", "--strategy", "ema_cross", *BARS, "--set", "capital=5", "--capital", "50000",
                   "--product", "index", "--slippage-bps", "3")
    assert (doc["config"]["capital"], doc["config"]["product"], doc["config"]["slippage_bps"]) == (50000, "index", 3)
    assert doc["metrics"]["Commissions [Rs]"] == 0 and any("index" in warning for warning in doc["warnings"])
    base = ["backtest", "--strategy", "ema_cross", *BARS]
    fails(*base, "--capital", "much", words=["--capital", "much"])
    fails(*base, "--capital", "-5", words=["--capital", "-5"])
    fails(*base, "--product", "anny", words=["--product", "anny", "any"])


# ---- the run store -------------------------------------------------------------------------------------------


@test
def runs_are_listed_and_deleted():
    synth(30)
    for name in ("a", "b.2", "C-3_x"):
        pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", name)
    rows = table("runs", "list")
    assert [row["run_id"] for row in rows] == ["a", "b.2", "C-3_x"]
    metrics = document("runs", "show", "a")["metrics"]
    known = {row["key"]: row for row in document("metrics")}
    shown = [key for key in sorted(known, key=lambda key: known[key]["headline"])
             if known[key]["headline"] and known[key]["basis"] in ("net", "none")]
    facts = "run_id,created,status,strategy,symbol,timeframe,profile,start,end,fingerprint,message,data_changed"
    assert ",".join(rows[0]) == ",".join([facts, *shown])
    for key in shown:
        assert (float(rows[0][key]) if rows[0][key] else None) == metrics[key], key
    assert document("runs", "list", "--column", "Session Skewness")[0]["Session Skewness"] == metrics["Session Skewness"]
    pixity("runs", "delete", "b.2")
    assert [row["run_id"] for row in table("runs", "list")] == ["a", "C-3_x"]
    assert not pathlib.Path(HOME, "runs", "b.2").exists()
    fails("runs", "delete", "b.2", words=["b.2"])
    text = pixity("runs", "list").stdout
    assert "run_id" in text and len(text.splitlines()) == 3


@test
def runs_that_are_unknown():
    synth(30)
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "first")
    for verb in ("show", "trades", "events", "delete"):
        fails("runs", verb, "frist", words=["frist", "first"])
        fails("runs", verb, "../first", words=["../first"])


@test
def an_existing_run_is_not_overwritten():
    synth(30)
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "r")
    fails("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "r", words=["r"])
    for name in ("", "-x", ".x", "a b", "a/b", "x" * 65, "é"):
        fails("backtest", "--strategy", "ema_cross", *BARS, "--run-id", name, words=["--run-id"])
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "x" * 64)


@test
def every_table_of_a_run_in_every_format():
    synth(30)
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "r")
    for verb in ("trades", "events"):
        header, rows = rows_of(pixity("runs", verb, "r", "--csv"))
        objects = document("runs", verb, "r")
        assert len(objects) == len(rows) and list(objects[0]) == header
        assert is_iso_time(objects[0][header[0]])
        full, _ = rows_of(pixity("runs", verb, "r", "--csv", "--full"))
        assert full[: len(header)] == header and len(full) > len(header)
    flat = {row["key"]: row["value"] for row in table("runs", "show", "r")}
    doc = document("runs", "show", "r")
    assert flat["fingerprint"] == doc["fingerprint"] and int(flat["metrics.# Trades"]) == doc["metrics"]["# Trades"]


@test
def damaged_runs_are_told():
    synth(30)
    for name in ("a", "b", "c"):
        pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", name)
    folder = pathlib.Path(HOME, "runs")
    trades = folder / "a" / "trades.parquet"
    trades.write_bytes(trades.read_bytes()[:100])
    fails("runs", "trades", "a", "--csv", status=1, words=["a"])
    (folder / "b" / "run.json").write_text("{")
    fails("runs", "show", "b", status=1, words=["b"])
    shutil.rmtree(folder / "c")
    assert "c" not in {row["run_id"] for row in table("runs", "list")}
    pixity("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "c")


# ---- what is refused -----------------------------------------------------------------------------------------


@test
def strategies_that_are_unknown():
    synth(30)
    fails("backtest", "--strategy", "ema_crss", *BARS, words=["ema_crss", '"ema_cross"'])
    fails("backtest", "--strategy", "", *BARS, words=["--strategy"])


@test
def models_that_are_missing_or_do_not_fit():
    synth(120)
    command = ["backtest", "--strategy", "pixityAI_meta", *BARS]
    fails(*command, words=["DEMO_15m"])
    pixity("train", *BARS)
    fails(*command, "--model", "DEMO_15n", words=["DEMO_15n", "DEMO_15m"])
    fails("models", "show", "DEMO_15n", words=["DEMO_15n", "DEMO_15m"])
    fails("models", "delete", "DEMO_15n", words=["DEMO_15n"])
    fails(*command, "--set", "swing_period=7", words=["DEMO_15m"])
    fails("backtest", "--strategy", "pixityAI_meta", "--symbol", "DEMO", "--timeframe", "30m", "--model", "DEMO_15m",
          words=["15m", "30m"])
    pixity("models", "delete", "DEMO_15m")
    assert document("models", "list") == [] and not list(pathlib.Path(HOME, "models").glob("DEMO_15m*"))


@test
def damaged_models_are_refused():
    synth(120)
    pixity("train", *BARS)
    models = pathlib.Path(HOME, "models")
    command = ["backtest", "--strategy", "pixityAI_meta", *BARS]
    good, card = (models / "DEMO_15m.ubj").read_bytes(), (models / "DEMO_15m.card.json").read_text()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    for i, content in enumerate((bytes(flipped), good[: len(good) // 2], b"")):
        (models / "DEMO_15m.ubj").write_bytes(content)
        result = pixity(*command, "--run-id", f"r{i}", status=1)
        assert "DEMO_15m" in result.stderr and result.stdout == "", result.stderr
        row = table("runs", "list")[i]
        assert (row["run_id"], row["status"]) == (f"r{i}", "failed") and "DEMO_15m" in row["message"]
    (models / "DEMO_15m.ubj").unlink()
    result = pixity(*command, status=None)
    assert result.returncode and "DEMO_15m" in result.stderr
    (models / "DEMO_15m.ubj").write_bytes(good)
    for text in ("", "{", "[]", "{}", card.replace('"15m"', '"5m"')):
        (models / "DEMO_15m.card.json").write_text(text)
        result = pixity(*command, status=None)
        assert result.returncode and "DEMO_15m" in result.stderr, text[:50]
    (models / "DEMO_15m.card.json").write_text(card)
    pixity(*command)


@test
def too_little_to_work_with():
    write_bars("few.csv", walk(1, minutes=45))
    write_bars("short.csv", walk(3))
    for verb in (["train"], ["backtest", "--strategy", "ema_cross"]):
        fails(*verb, "--input", "few.csv", "--timeframe", "1m", words=["45", "50"])
        fails(*verb, "--input", "few.csv", "--timeframe", "1m", "--start", "2023-01-01", words=["2023-01-01"])
        fails(*verb, "--input", "few.csv", "--timeframe", "1m", "--start", "2022-01-04", "--end", "2022-01-03",
              words=["2022-01-04", "2022-01-03"])
    fails("train", "--input", "short.csv", "--timeframe", "5m", words=["events"])


@test
def one_class_cannot_be_learnt():
    write_bars("ABC.csv", walk(60))
    fails("train", "--input", "ABC.csv", "--timeframe", "5m", "--set", "tp_mult=1000", words=["class"])


@test
def names_that_cannot_be_models():
    write_bars("ABC.csv", walk(60))
    for name in ("../m", "a/b", ".hidden", "x" * 200):
        fails("train", "--input", "ABC.csv", "--timeframe", "5m", "--model-out", name, words=["name"])
    fails("train", "--input", "ABC.csv", "--timeframe", "5m", "--learner", "svm", words=["svm", "rf"])


@test
def damaged_candles_are_told():
    synth(60)
    (file,) = pathlib.Path(HOME, "candles").rglob("2022.parquet")
    good = file.read_bytes()
    command = ["backtest", "--strategy", "ema_cross", *BARS, "--run-id", "broken"]
    for content in (good[: len(good) // 2], b"", b"PAR1 this is none PAR1"):
        file.write_bytes(content)
        result = pixity(*command, status=1)
        assert "2022.parquet" in result.stderr and result.stdout == "", result.stderr
        (row,) = table("runs", "list")
        assert (row["run_id"], row["status"]) == ("broken", "failed") and "2022.parquet" in row["message"]
        assert "FAILED" in pixity("runs", "show", "broken").stdout
        file.write_bytes(good)
        fails("runs", "trades", "broken", words=["broken", "failed"])
        pixity("runs", "delete", "broken")
    pixity(*command)


@test
def a_newer_home_is_refused():
    import sqlite3
    synth(5)
    with sqlite3.connect(HOME / "pixity.db") as db:
        db.execute("PRAGMA user_version = 9999")
    db.close()
    for command in (["data", "list"], ["features", *BARS], ["doctor"]):
        result = pixity(*command, status=2 if command != ["doctor"] else None)
        assert "9999" in result.stderr + result.stdout, command


# ---- doctor --------------------------------------------------------------------------------------------------


@test
def doctor_tells_the_state():
    checks = {row["check"]: row for row in document("doctor")}
    assert not HOME.exists()
    for name in ("pixity", "DuckDB", "SQLite", "XGBoost", "zlib", "jansson", "libcrypto", "libsodium", "home folder", "free disk",
                 "clock", "write test"):
        assert name in checks, name
        assert checks[name]["verdict"] in ("ok", "-", "failed"), checks[name]
    assert re.match(r"\d+\.\d+\.\d+$", checks["DuckDB"]["value"].lstrip("v"))
    synth(5)
    before = listing()
    checks = {row["check"]: row for row in document("doctor")}
    assert all(row["verdict"] == "ok" for row in checks.values()), checks
    assert "schema" in checks["home folder"]["value"] and listing() == before
    assert "write test" in pixity("doctor").stdout


main()
