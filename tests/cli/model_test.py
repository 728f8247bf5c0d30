# SPDX-License-Identifier: Apache-2.0
"""Meta-models: every learner from training to backtest, and a report whose numbers can be worked out again from the
labelled events that it wrote."""
import csv
import json
import math
import pathlib

from harness import main, pixity, test
from lab import HOME, document, fails, table

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


def check_judgement(judgement, rows, thresholds):
    close(judgement["take_every_event"]["mean_R_gross"], mean(row["r"] for row in rows))
    assert judgement["events"] == len(rows)
    for found in judgement["thresholds"]:
        taken = [row for row in rows if row["p"] >= found["threshold"]]
        assert found["events"] == len(taken)
        close(found["mean_R_gross"], mean(row["r"] for row in taken))
        close(found["hit_rate"], mean(row["hit"] for row in taken))
    for found in judgement["as_configured"]:
        taken = [row for row in rows if row["p"] >= thresholds[row["side"]] and found["side"] in ("both", row["side"])]
        assert found["threshold"] == thresholds.get(found["side"]) and found["events"] == len(taken), found
        close(found["mean_R_gross"], mean(row["r"] for row in taken))
        close(found["hit_rate"], mean(row["hit"] for row in taken))
    bins = [[row for row in rows if min(int(row["p"] * 10), 9) == k] for k in range(10)]
    assert [found["events"] for found in judgement["calibration"]] == [len(rows_in) for rows_in in bins]
    gap = [abs(mean(row["p"] for row in b) - mean(row["hit"] for row in b)) * len(b) for b in bins if b]
    close(judgement["calibration_error"], sum(gap) / len(rows))
    close(judgement["brier"], mean((row["p"] - row["hit"]) ** 2 for row in rows))
    parts = judgement["brier_decomposition"]
    close(parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["inside_bins"], judgement["brier"])


@test
def every_number_of_the_report_is_that_of_its_events():
    synth()
    thresholds = {"BUY": 0.35, "SELL": 0.4}
    for learner in LEARNERS:
        report = document("train", *BARS, "--learner", learner, "--model-out", "m", "--set", "long_threshold=0.35",
                          "--set", "short_threshold=0.4")
        rows = labelled("m")
        assert len(rows) > 100
        check_judgement(report["out_of_fold"], rows, thresholds)
        for fold in report["folds_out_of_fold"]:
            check_judgement(fold["test"], [row for row in rows if row["fold"] == fold["fold"]], thresholds)


@test
def both_importances_are_named_as_what_they_are():
    synth()
    for learner, measure in (("rf", "share of gain"), ("gbt", "share of gain"),
                             ("logistic", "share of absolute standardised coefficients")):
        report = document("train", *BARS, "--learner", learner, "--model-out", "m")
        inputs = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
        assert report["importance_measure"] == measure
        assert list(report["importance_in_sample"]) == inputs
        close(sum(report["importance_in_sample"].values()), 1.0)
        permuted = report["permutation_importance_out_of_fold"]
        folds = [fold["permutation_importance_of_test_events"] for fold in report["folds_out_of_fold"]]
        assert list(permuted) == inputs and any(drop["auc_drop"] for drop in permuted.values())
        for name in inputs:
            for key in ("auc_drop", "log_loss_rise"):
                close(permuted[name][key], mean(fold[name][key] for fold in folds))
        text = pixity("train", *BARS, "--learner", learner, "--model-out", "m").stdout
        assert measure in text and "AUC drop" in text and "log loss rise" in text
        for name in inputs:
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


main()
