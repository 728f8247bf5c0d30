# SPDX-License-Identifier: Apache-2.0
"""Parameters of strategies and learners on the command line: runs, audits, streams, accounts, trainings, completion."""
import pathlib

from harness import main, pixity, test
from lab import document, fails, table
from stream_kit import of_type, stream

BARS = ["--symbol", "DEMO", "--timeframe", "5m"]
PREMIUM = ["--strategy", "premium_tp_sl", *BARS]


def synth(days=60):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", 7, "--start", "2022-01-03")


def backtest(run_id, *args):
    return document("backtest", *PREMIUM, "--run-id", run_id, *args)


def without_name(run):
    return {name: value for name, value in run.items() if name not in ("run_id", "created", "trials")}


@test
def a_usual_value_changes_nothing_and_another_one_all():
    synth()
    plain = backtest("plain")
    assert "parameters" not in plain["request"]
    told = backtest("told", "--param", "stop_atrs=1.50", "--param", "hold_bars=20,target=3")
    assert without_name(told) == without_name(plain)
    wide = backtest("wide", "--param", "stop=2.5", "--param", "hold_bars=40")
    assert wide["request"]["parameters"] == {"stop_atrs": 2.5, "hold_bars": 40}
    assert wide["fingerprint"] != plain["fingerprint"] and wide["config"] == plain["config"]
    def first(run):
        trade = table("runs", "trades", run)[0]
        return trade["entry_ts"], abs(float(trade["entry_price"]) - float(trade["stop"]))
    (at, near), (also_at, far) = first("plain"), first("wide")
    assert at == also_at and abs(far / near - 2.5 / 1.5) < 0.02, (near, far)  # rounded to ticks
    assert max(int(t["bars_held"]) for t in table("runs", "trades", "wide")) > 20
    assert "Params    stop_atrs 2.5, hold_bars 40\n" in pixity("runs", "show", "wide").stdout
    assert "Params" not in pixity("runs", "show", "told").stdout
    compared = document("runs", "compare", "plain", "told", "wide")
    assert compared["config"] == {"stop_atrs": {"plain": 1.5, "told": 1.5, "wide": 2.5},
                                  "hold_bars": {"plain": 20, "told": 20, "wide": 40}}
    assert compared["identical"] == [["plain", "told"]]
    assert document("runs", "show", "wide")["trials"]["n"] == 2
    pixity("report", "wide", "--out", "wide.html")
    assert "premium_tp_sl (stop_atrs 2.5, hold_bars 40)" in open("wide.html").read()


@test
def what_is_wrong_is_named_and_runs_nothing():
    synth(5)
    for args, words in (
            (["--param", "stop_atr=2"], ['no parameter "stop_atr"', 'did you mean "stop_atrs"?', "hold_bars"]),
            (["--param", "stop_atrs=20.5"], ["stop_atrs of strategy premium_tp_sl is 20.5", "from 0.1 to 20 ATRs", "step 0.1", "usually 1.5"]),
            (["--param", "hold_bars=2.5"], ["hold_bars", "a whole number from 1 to 10000 bars"]),
            (["--param", "stop_atrs=far"], ['stop_atrs of strategy premium_tp_sl is "far"']),
            (["--param", "stop_atrs=2", "--param", "stop=2"], ["stop_atrs of strategy premium_tp_sl is named twice"]),
            (["--param", "stop_atrs"], ['"stop_atrs" is no NAME=VALUE']),
            (["--param", ""], ["--param", "empty"]),
            (["--param"], ["--param needs a value: --param NAME=VALUE"]),
            (["--param", "rsi_from=70"], ["rsi_from has to be below rsi_to"]),
            (["--param", "x" * 2000 + "=1"], ["--param", "longer than"]),
            (["--strategy", "pixityAI_meta", "--param", "stop_atrs=2"], ["strategy pixityAI_meta has no parameters"])):
        for verb in ("backtest", "audit", "stream"):
            fails(verb, *PREMIUM, *args, words=words)
    assert document("runs", "list") == []


@test
def every_strategy_says_what_it_takes():
    listed = {row["id"]: row["parameters"] for row in document("strategies")}
    known = {row["id"]: row["parameters"] for row in table("strategies")}
    text = pixity("strategies").stdout
    assert set(listed) == set(known)
    for strategy, parameters in listed.items():
        usual = ",".join(f"{p['name']}={p['usual']:g}" for p in parameters)
        assert known[strategy] == usual, (strategy, known[strategy])
        assert (f"Parameters of {strategy} (--param NAME=VALUE)" in text) == bool(parameters)
        for p in parameters:
            assert p["minimum"] <= p["usual"] <= p["maximum"] and p["step"] > 0 and p["help"] and p["title"]
            assert f"  {p['name']:<16} {p['help']}: a " in text
    assert {"stop_atrs", "target_atrs", "hold_bars"} <= {p["name"] for p in listed["premium_tp_sl"]}
    assert listed["precomputed"] == []


@test
def an_audit_proves_the_run_with_them():
    synth(25)
    def audit(*args):
        return {row["check"]: row for row in document("audit", *PREMIUM, *args)["checks"]}
    plain, often = audit(), audit("--param", "min_adx=0", "--param", "rsi_from=50")
    assert {row["verdict"] for row in often.values()} <= {"pass", "skipped", "shown"}
    # a rule that agrees more often makes other trades, and more cases to compare
    assert often["batch = stream"]["cases"] > plain["batch = stream"]["cases"]


@test
def a_stream_trades_what_a_backtest_trades_and_an_account_remembers():
    synth()
    args = ["--param", "stop_atrs=2.5", "--param", "min_adx=15"]
    text = pixity("data", "export", "--symbol", "DEMO", "--csv").stdout
    pathlib.Path("demo.csv").write_text(text)
    lines = stream(text, *PREMIUM, "--warmup-days", 0, "--account", "desk", *args)
    pixity("backtest", "--input", "demo.csv", "--timeframe", "5m", "--strategy", "premium_tp_sl", "--run-id", "wide", *args)
    want = [(t["entry_price"], t["exit_price"], t["exit_reason"]) for t in table("runs", "trades", "wide")]
    have = [(t["entry_price"], t["exit_price"], t["exit_reason"]) for t in table("account", "trades", "desk")]
    # at the end of the data a backtest closes what is open, and a stream waits
    assert len(have) > 5 and have == want[:len(have)] and len(want) - len(have) <= 1
    assert len(of_type(lines, "exit")) == len(have)
    shown = document("account", "show", "desk")
    usual = {p["name"]: p["usual"] for row in document("strategies") if row["id"] == "premium_tp_sl" for p in row["parameters"]}
    assert shown["parameters"] == {**usual, "min_adx": 15.0, "stop_atrs": 2.5}
    again = [*PREMIUM, "--warmup-days", 0, "--account", "desk"]
    fails("stream", *again, stdin=text, words=["account desk cannot go on", "the choice of parameters is min_adx=15,stop_atrs=2.5 in the account and absent here"])
    fails("stream", *again, "--param", "stop_atrs=2.5", stdin=text, words=["min_adx=15,stop_atrs=2.5 in the account and stop_atrs=2.5 here"])
    assert stream(text, *again, "--param", "min_adx=15.0,stop=2.5") == []


@test
def learners_take_theirs():
    synth()
    def train(name, learner):
        phases = document("train", *BARS, "--learner", learner, "--model-out", name)["phases"]
        return next(phase for phase in phases if phase["phase"] == "fit")
    assert train("usual", "rf")["parameters"] == {"trees": 100, "max_depth": 7, "inputs_per_node": 2, "seed": 42}
    small = train("small", "rf:trees=20,depth=3")
    assert small["learner"] == "rf" and small["parameters"] == {"trees": 20, "max_depth": 3, "inputs_per_node": 2, "seed": 42}
    card = document("models", "show", "small")
    assert card["learner"]["trees"] == 20 and card["learner"]["max_depth"] == 3
    train("same", "rf:trees=100,max_depth=7")
    sums = {name: document("models", "show", name)["model_file"]["sha256"] for name in ("usual", "same", "small")}
    assert sums["usual"] == sums["same"] != sums["small"]
    run = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--model", "small", "--run-id", "r")
    assert run["model"]["name"] == "small"
    for learner, words in (("rf:tree=20", ['learner rf has no parameter "tree"', 'did you mean "trees"?']),
                           ("rf:trees=0", ["trees of learner rf is 0", "a whole number from 1 to 10000"]),
                           ("rf:trees=5,trees=6", ["named twice"]), ("rf:", ["no NAME=VALUE of learner rf"]),
                           ("logistic:C=1e9", ["C of learner logistic is 1000000000"]), ("fr:trees=5", ['unknown learner "fr"'])):
        fails("train", *BARS, "--learner", learner, "--model-out", "bad", words=words)
    assert "bad" not in [row["name"] for row in document("models", "list")]


def offered(*words):
    return [line.split("\t")[0] for line in pixity("complete", "--", *words).stdout.splitlines()]


@test
def words_are_completed():
    assert offered("backtest", "--strategy", "premium_tp_sl", "--param", "st") == ["stop_atrs="]
    assert {"rsi_from=", "min_adx="} <= set(offered("backtest", "--strategy=confluence", "--param", ""))
    assert "hold_bars=" not in offered("audit", "--strategy=confluence", "--param", "")
    assert offered("train", "--learner", "rf:trees=5,ma") == ["rf:trees=5,max_depth="]
    assert offered("train", "--learner", "rf", ":", "trees", "=", "5,ma") == ["5,max_depth="]  # as bash parts it
    assert {"gbt", "rf"} <= set(offered("train", "--learner", ""))


main()
