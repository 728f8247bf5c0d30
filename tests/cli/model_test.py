# SPDX-License-Identifier: Apache-2.0
"""Meta-models: every learner from training to backtest, and a report whose numbers can be worked out again from the
labelled events that it wrote."""
import csv
import json
import math
import pathlib
import pickle
import subprocess
import sys

from harness import SOURCE, Skip, main, pixity, test
from lab import HOME, document, fails, table

INPUTS = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
TOOL = SOURCE / "tools" / "sklearn_forest_to_json.py"

BARS = ["--symbol", "DEMO", "--timeframe", "15m"]
TRAIN = [*BARS, "--end", "2022-08-31"]
LEARNERS = {"rf": ".ubj", "gbt": ".ubj", "logistic": ".model.json"}


def synth(days=240, seed=1):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", seed, "--start", "2022-01-03")


def labelled(name):
    """The out-of-fold rows of a model: dictionaries with numbers."""
    with open(HOME / "models" / f"{name}_events.csv") as file:
        rows = [row for row in csv.DictReader(file) if row["probability"]]
    for row in rows:
        row.update(p=float(row["probability"]), r=float(row["realized_R"]), hit=row["label"] == "1", fold=int(row["fold"]))
    return rows


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def close(a, b, within=1e-9):
    assert (a is None) == (b is None) and (a is None or abs(a - b) <= within), (a, b)


# ---- learners ------------------------------------------------------------------------------------------------


@test
def every_learner_goes_from_training_to_a_run():
    synth()
    for learner, ending in LEARNERS.items():
        report = document("train", *TRAIN, "--learner", learner, "--model-out", learner)
        assert report["learner"] == learner
        assert report["files"]["model"] == learner + ending
        assert (HOME / "models" / (learner + ending)).stat().st_size > 0
        card = document("models", "show", learner)
        assert card["learner"]["name"] == learner and card["model_file"]["name"] == learner + ending
        run = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--start", "2022-09-01", "--model", learner,
                       "--run-id", learner)
        assert run["model"]["name"] == learner and run["events"]["candidates"] > 10
        probabilities = [float(row["probability"]) for row in table("runs", "events", learner)]
        assert len(set(probabilities)) > 5 and all(0 <= p <= 1 for p in probabilities)
    assert {row["name"]: row["learner"] for row in table("models", "list")} == {name: name for name in LEARNERS}
    assert all(row["status"] == "ok" for row in table("models", "list"))


@test
def parameters_are_on_the_card_and_in_the_report():
    synth(120)
    expected = {
        "rf": {"trees": 100, "max_depth": 7, "inputs_per_node": 2, "seed": 42},
        "gbt": {"trees": 100, "max_depth": 3, "learning_rate": 0.03, "min_child_weight": 5.0, "lambda": 5.0, "seed": 42},
        "logistic": {"C": 1.0},
    }
    for learner, parameters in expected.items():
        report = document("train", *BARS, "--learner", learner, "--model-out", "m")
        (fit,) = (phase for phase in report["phases"] if phase["phase"] == "fit")
        assert fit["parameters"] == parameters
        assert document("models", "show", "m")["learner"] == {"name": learner, **parameters, "fold": None}
        text = pixity("train", *BARS, "--learner", learner, "--model-out", "m").stdout
        for name, value in parameters.items():
            assert f"{name} {value:g}" in text, text


@test
def a_logistic_model_can_be_applied_by_hand():
    synth()
    document("train", *TRAIN, "--learner", "logistic")
    model = json.loads((HOME / "models" / "DEMO_15m.model.json").read_text())
    document("backtest", "--strategy", "pixityAI_meta", *BARS, "--start", "2022-09-01", "--run-id", "r")
    events = table("events", *BARS, "--start", "2022-09-01")
    found = table("runs", "events", "r")
    assert len(events) == len(found) > 10
    for event, row in zip(events, found):
        odds = model["intercept"]
        for part in model["inputs"]:
            value = event[part["name"]]
            odds += part["coefficient"] * (float(value) - part["mean"]) / part["scale"] if value else 0
        close(1 / (1 + math.exp(-odds)), float(row["probability"]), 1e-5)  # the model's inputs are floats


@test
def unknown_learners_are_named_with_the_known():
    synth(60)
    fails("train", *BARS, "--learner", "logistics", words=["logistics", 'did you mean "logistic"', "rf, gbt, logistic"])


# ---- report --------------------------------------------------------------------------------------------------


def check_scores(scores, rows, thresholds):
    close(scores["take_every_event"]["mean_R_gross"], mean(row["r"] for row in rows))
    assert scores["events"] == len(rows)
    for found in scores["thresholds"]:
        taken = [row for row in rows if row["p"] >= found["threshold"]]
        assert found["events"] == len(taken)
        close(found["mean_R_gross"], mean(row["r"] for row in taken))
        close(found["hit_rate"], mean(row["hit"] for row in taken))
    for found in scores["as_configured"]:
        taken = [row for row in rows if row["p"] >= thresholds[row["side"]] and found["side"] in ("both", row["side"])]
        assert found["threshold"] == thresholds.get(found["side"]) and found["events"] == len(taken), found
        close(found["mean_R_gross"], mean(row["r"] for row in taken))
        close(found["hit_rate"], mean(row["hit"] for row in taken))
    bins = [[row for row in rows if min(int(row["p"] * 10), 9) == k] for k in range(10)]
    assert [found["events"] for found in scores["calibration"]] == [len(rows_in) for rows_in in bins]
    gap = [abs(mean(row["p"] for row in b) - mean(row["hit"] for row in b)) * len(b) for b in bins if b]
    close(scores["calibration_error"], sum(gap) / len(rows))
    close(scores["brier"], mean((row["p"] - row["hit"]) ** 2 for row in rows))
    parts = scores["brier_decomposition"]
    close(parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["inside_bins"], scores["brier"])


@test
def every_number_of_the_report_is_that_of_its_events():
    synth()
    thresholds = {"BUY": 0.35, "SELL": 0.4}
    for learner in LEARNERS:
        report = document("train", *BARS, "--learner", learner, "--model-out", "m", "--set", "long_threshold=0.35",
                          "--set", "short_threshold=0.4")
        rows = labelled("m")
        assert len(rows) > 100
        check_scores(report["out_of_fold"], rows, thresholds)
        for fold in report["folds_out_of_fold"]:
            check_scores(fold["test"], [row for row in rows if row["fold"] == fold["fold"]], thresholds)


@test
def both_importances_are_named_as_what_they_are():
    synth()
    for learner, measure in (("rf", "share of gain"), ("gbt", "share of gain"),
                             ("logistic", "share of absolute standardised coefficients")):
        report = document("train", *BARS, "--learner", learner, "--model-out", "m")
        assert report["importance_measure"] == measure
        assert list(report["importance_in_sample"]) == INPUTS
        close(sum(report["importance_in_sample"].values()), 1.0)
        permuted = report["permutation_importance_out_of_fold"]
        folds = [fold["permutation_importance_of_test_events"] for fold in report["folds_out_of_fold"]]
        assert list(permuted) == INPUTS and any(drop["auc_drop"] for drop in permuted.values())
        for name in INPUTS:
            for key in ("auc_drop", "log_loss_rise"):
                close(permuted[name][key], mean(fold[name][key] for fold in folds))
        text = pixity("train", *BARS, "--learner", learner, "--model-out", "m").stdout
        assert measure in text and "AUC drop" in text and "log loss rise" in text
        for name in INPUTS:
            assert f"\n  {name} " in text


@test
def the_text_has_calibration_and_configured_thresholds():
    synth()
    report = document("train", *BARS, "--model-out", "m")
    text = pixity("train", *BARS, "--model-out", "m").stdout
    assert f"calibration error {report['out_of_fold']['calibration_error']:.3f}" in text
    for found in report["out_of_fold"]["calibration"]:
        line = f"  {found['from']:.1f} .. {found['to']:.1f} "
        assert (line in text) == (found["events"] > 0), line
    assert "as configured, BUY p >= 0.45" in text and "as configured, SELL p >= 0.45" in text
    assert "Fold 1," not in text
    full = pixity("train", *BARS, "--model-out", "m", "--folds").stdout
    assert full.startswith(text[:text.index("\nSaved as")])
    for fold in report["folds_out_of_fold"]:
        assert f"\nFold {fold['fold']}, {fold['test_first'][:10]} .. {fold['test_last'][:10]}" in full
    assert full.count("take every event") == 6


# ---- forests of scikit-learn -----------------------------------------------------------------------------------


def grow(rows, **settings):
    """A forest of scikit-learn fitted on labelled events; without settings like rf."""
    try:
        from sklearn.ensemble import RandomForestClassifier
    except ImportError:
        raise Skip("no scikit-learn (apt-get install python3-sklearn)")
    settings = {"n_estimators": 100, "max_depth": 7, "random_state": 42, **settings}
    x = [[float(row[name]) for name in INPUTS] for row in rows]
    return RandomForestClassifier(**settings).fit(x, [row["label"] == "1" for row in rows])


def training_rows():
    """Labelled events of the training window, as a training writes them."""
    pixity("train", *TRAIN, "--model-out", "rows")
    with open(HOME / "models" / "rows_events.csv") as file:
        rows = [row for row in csv.DictReader(file) if row["fold"]]
    pixity("models", "delete", "rows")
    return rows


def convert(forest, path="forest.json"):
    with open("forest.pkl", "wb") as file:
        pickle.dump(forest, file)
    subprocess.run([sys.executable, TOOL, "forest.pkl", path], check=True)
    return path


def import_forest(path, *args, name="DEMO_15m"):
    return document("models", "import-sklearn", path, "--name", name, *BARS, *args)


@test
def a_forest_of_scikit_learn_serves_its_own_probabilities():
    synth()
    forest = grow(training_rows())
    card = import_forest(convert(forest), "--train-start", "2022-01-03", "--train-end", "2022-08-31")
    assert card["learner"]["name"] == "sklearn" and card["learner"]["trees"] == 100
    assert card["learner"]["target"] == "1" and card["learner"]["parameters"]["max_depth"] == 7
    assert card["instruments"][0]["key"] == "NSE_EQ|DEMO" and card["rules"]["time_stop_bars"] == 12
    assert card["training_window"]["first_bar"] == "2022-01-03T00:00:00+05:30"
    (model,) = table("models", "list")
    assert (model["learner"], model["symbol"], model["status"]) == ("sklearn", "DEMO", "ok")
    assert (model["events"], model["auc"]) == ("", "") and model["train_end"] == "2022-08-31 00:00:00"
    run = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--run-id", "r")
    events, found = table("events", *BARS), table("runs", "events", "r")
    assert len(events) == len(found) > 200
    wanted = forest.predict_proba([[float(event[name]) for name in INPUTS] for event in events])[:, 1]
    for row, p in zip(found, wanted):
        close(float(row["probability"]), p, 1e-6)
    trades = table("runs", "trades", "r")
    inside = [trade["in_sample"] for trade in trades]
    assert inside == ["1" if trade["entry_ts"] < "2022-09-01" else "0" for trade in trades]
    assert run["in_sample_trades"] == inside.count("1") > 0 and "0" in inside


@test
def a_forest_of_unknown_window_says_so():
    synth(120)
    import_forest(convert(grow(training_rows(), n_estimators=5)))
    (model,) = table("models", "list")
    assert (model["train_start"], model["train_end"]) == ("", "")
    assert document("models", "show", "DEMO_15m")["training_window"] is None
    run = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--run-id", "r", "--set", "long_threshold=0.1")
    assert run["in_sample_trades"] is None and run["model"]["train_begin"] is None
    assert any("in sample: unknown" in warning for warning in run["warnings"]), run["warnings"]
    assert {trade["in_sample"] for trade in table("runs", "trades", "r")} == {""}
    assert "unknown" in pixity("runs", "show", "r").stdout


@test
def an_imported_forest_is_for_its_bars_and_rules():
    synth(120)
    path = convert(grow(training_rows(), n_estimators=5))
    import_forest(path, "--set", "tp_mult=3", name="m")
    backtest = ["backtest", "--strategy", "pixityAI_meta", "--run-id", "r", "--model", "m"]
    fails(*backtest, *BARS, words=["tp_mult", "3.0 in the model", "2.0 here"])
    fails(*backtest, "--symbol", "DEMO", "--timeframe", "5m", "--set", "tp_mult=3", words=["timeframe", "15m"])
    pixity(*backtest, *BARS, "--set", "tp_mult=3")
    pixity("backtest", "--config", HOME / "models" / "m_config.json", "--run-id", "r2")
    text = pixity("models", "import-sklearn", path, "--name", "two", "--symbol", "DEMO,ELSEWHERE", "--timeframe", "1h").stdout
    assert "ELSEWHERE is not in the data folder" in text and "DEMO is not" not in text and "1h" in text
    (two,) = (row for row in table("models", "list") if row["name"] == "two")
    assert two["symbol"] == "DEMO, ELSEWHERE"


FOREIGN = SOURCE / "tests" / "unit" / "foreign"


@test
def a_model_of_xgboost_is_recognised_and_serves():
    synth(120)
    for file in ("xgboost3_2_boosted.json", "xgboost3_2_boosted.ubj"):
        card = document("models", "import", FOREIGN / file, "--name", "brought", *BARS)
        assert card["learner"]["name"] == "xgboost" and card["learner"]["made_by"] == "XGBoost 3.2.0"
        assert card["learner"]["trees"] == 5 and len(card["check"]) == 10 and card["training_window"] is None
        run = document("backtest", "--strategy", "pixityAI_meta", *BARS, "--model", "brought", "--set", "long_threshold=0.1")
        assert run["events"]["candidates"] > 10
    text = pixity("models", "import", FOREIGN / "xgboost1_0_forest.json", "--name", "old", *BARS).stdout
    assert "XGBoost 1.0" in text and "5 trees" in text
    fails("models", "import", FOREIGN / "xgboost3_2_boosted.json", "--name", "x", "--inputs", "adx", *BARS,
          words=["7 columns", "--inputs names 1"])


@test
def files_are_kept_as_they_came_and_checked_when_they_are_opened():
    synth(120)
    run = ["backtest", "--strategy", "pixityAI_meta", *BARS, "--model", "kept", "--set", "long_threshold=0.1"]
    for file, learner, ending in (("lightgbm_missing.txt", "lightgbm", ".lightgbm.txt"), ("onnx_forest.onnx", "onnx", ".onnx"),
                                  ("sklearn_sigmoid.json", "sklearn", ".model.json")):
        card = document("models", "import", FOREIGN / file, "--name", "kept", *BARS)
        assert card["learner"]["name"] == learner and card["learner"]["target"] == "1" and len(card["check"]) == 10
        stored = HOME / "models" / f"kept{ending}"
        assert stored.read_bytes() == (FOREIGN / file).read_bytes()
        assert sorted(path.name for path in (HOME / "models").iterdir() if path.name[0] != ".") == sorted(
            ["kept.card.json", "kept_config.json", stored.name])
        assert document(*run)["events"]["candidates"] > 10
        probabilities = {row["probability"] for row in table("runs", "events", table("runs", "list")[0]["run_id"])}
        assert len(probabilities) > 3
        stored.write_bytes(stored.read_bytes()[:-40])
        assert "does not match its card" in pixity(*run, status=None).stderr


@test
def a_file_that_is_no_model_is_named():
    for file, bytes_, words in (("m.pkl", pickle.dumps({}), ["Python pickle", "sklearn_to_json"]), ("m.bin", b"", ["empty"]),
                                ("m.json", b'{"a": 1}', ["no model that is known", "XGBoost"])):
        pathlib.Path(file).write_bytes(bytes_)
        fails("models", "import", file, "--name", "m", *BARS, words=[file, *words])
    assert not list(HOME.glob("models/m*"))


@test
def an_import_replaces_a_model_whole():
    synth(120)
    path = convert(grow(training_rows(), n_estimators=5))
    pixity("train", *BARS, "--learner", "logistic")
    import_forest(path)
    assert sorted(file.name for file in (HOME / "models").glob("DEMO*")) == [
        "DEMO_15m.card.json", "DEMO_15m.model.json", "DEMO_15m_config.json"]
    pixity("train", *BARS, "--learner", "logistic")
    assert sorted(file.name for file in (HOME / "models").glob("DEMO*")) == [
        "DEMO_15m.card.json", "DEMO_15m.model.json", "DEMO_15m_config.json", "DEMO_15m_events.csv"]
    pixity("models", "delete", "DEMO_15m")
    assert list((HOME / "models").glob("DEMO*")) == [] and table("models", "list") == []


@test
def forests_that_cannot_be_brought_in_are_refused():
    synth(60)
    base = ["models", "import-sklearn", "forest.json", "--name", "m", *BARS]
    fails(*base, words=["forest.json", "no such file"])
    good = json.dumps({"format": "pixity sklearn forest", "format_version": 1, "made_by": "hand", "parameters": {},
                       "classes": ["0", "1"], "target": "1", "inputs": INPUTS,
                       "trees": [{"left": [-1], "right": [-1], "input": [-1], "threshold": [0.0], "samples": [4.0],
                                  "probability": [0.25]}]})
    path = pathlib.Path("forest.json")
    for text, words in (("", ["forest.json", "JSON"]), (good[:-1], ["forest.json", "line", "JSON"]),
                        (good.replace("-1", "0"), ["tree 0", "node 0"]), (good.replace("adx", "rsi"), ["rsi"]),
                        (good.replace("0.25", "25"), ["probability", "25"]), ("[]", ["format"]), ("{}", ["format"])):
        path.write_text(text)
        fails(*base, words=words)
    path.write_text(good)
    fails(*base[:3], *BARS, words=["--name"])
    fails(*base[:5], "--symbol", "DEMO", words=["--timeframe"])
    fails(*base[:5], "--timeframe", "15m", words=["--symbol"])
    fails(*base, "--train-start", "2022-01-01", words=["--train-start", "--train-end", "together"])
    fails(*base, "--train-start", "2022-01-02", "--train-end", "2022-01-01", words=["ends before it starts"])
    fails(*base, "--train-start", "2022-13-01", "--train-end", "2022-12-31", words=["--train-start", "2022-13-01"])
    fails(*base, "--start", "2022-01-01", words=["--train-start"])
    fails(*base, "--name", "a/b", words=["a/b"])
    fails(*base, "--symbol", "DEMO,NSE_EQ|DEMO", words=["names of one instrument"])
    pixity(*base)
    assert document("models", "show", "m")["learner"]["trees"] == 1


@test
def the_tool_refuses_what_is_no_forest():
    forest = grow([{**{name: i % 5 for name in INPUTS}, "label": str(i % 2)} for i in range(40)], n_estimators=2)
    sys.path.insert(0, str(TOOL.parent))
    from sklearn_forest_to_json import ForestError, forest_to_dict
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    x, y = [[float(i + k) for k in range(7)] for i in range(20)], [i % 2 for i in range(20)]
    fit = lambda x, y: RandomForestClassifier(2).fit(x, y)
    for made, word in ((RandomForestRegressor(2).fit(x, y), "RandomForestRegressor"), (RandomForestClassifier(), "not fitted"),
                       (fit(x, [[a, 1 - a] for a in y]), "2 outputs"), (fit([row[:6] for row in x], y), "6 inputs"),
                       (fit(x, ["yes" if a else "no" for a in y]), "--target"), ({"a": 1}, "dict")):
        try:
            forest_to_dict(made)
        except ForestError as problem:
            assert word in str(problem), problem
        else:
            assert False, word
    assert forest_to_dict(fit(x, ["yes" if a else "no" for a in y]), target="yes")["target"] == "yes"
    assert forest_to_dict(fit([row[:2] for row in x], y), ["adx", "vol_z"])["inputs"] == ["adx", "vol_z"]
    for inputs in (INPUTS[:6], [*INPUTS[:6], "rsi"]):
        try:
            forest_to_dict(forest, inputs)
        except ForestError as problem:
            assert "inputs" in str(problem)
        else:
            assert False, inputs
    pathlib.Path("broken.pkl").write_bytes(b"no pickle")
    result = subprocess.run([sys.executable, TOOL, "broken.pkl", "out.json"], capture_output=True, text=True)
    assert result.returncode == 2 and "broken.pkl" in result.stderr and not pathlib.Path("out.json").exists()


main()
