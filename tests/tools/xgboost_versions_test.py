# SPDX-License-Identifier: Apache-2.0
"""A model means the same under every version of XGBoost. Runs with the library that is installed and with those
that tools/fetch-xgboost has fetched; without one of these it says that it skips."""
import json
import os
import pathlib
import subprocess

from harness import BIN, SOURCE, Skip, main, pixity, test

TESTS = pathlib.Path(BIN).parent / "tests"
INSTALLED = "installed"


def fetched():
    """version -> folder of the library."""
    found = {path.parent.name.removeprefix("xgboost-"): str(path)
             for path in sorted(SOURCE.glob(".deps/xgboost-*/lib")) if (path / "libxgboost.so.0").exists()}
    if not found:
        raise Skip("no other XGBoost is there: tools/fetch-xgboost fetches some")
    return found


def beside(folder):
    """The environment in which the loader finds this library first."""
    path = os.environ.get("LD_LIBRARY_PATH")
    return {"LD_LIBRARY_PATH": f"{folder}:{path}" if path else folder}


def run(program, *args, env):
    result = subprocess.run([TESTS / program, *args], capture_output=True, text=True, env={**os.environ, **env})
    assert result.returncode == 0, f"{program} {args}: {result.stdout[-2000:]}{result.stderr[-2000:]}"
    return result.stdout + result.stderr


@test
def our_trees_answer_as_each_library():
    for version, folder in fetched().items():
        output = run("test_trees", env=beside(folder))
        assert f"beside XGBoost {version}\n" in output, output


@test
def each_library_grows_the_same_model_file():
    libraries = {INSTALLED: {}, **{version: beside(folder) for version, folder in fetched().items()}}
    for learner in ("rf", "gbt"):
        hashes = {version: run("test_learners", "--hash", learner, env=env) for version, env in libraries.items()}
        assert len(set(hashes.values())) == 1, hashes


BARS = ("--symbol", "KIT", "--timeframe", "5m")


def train(learner, name, env):
    report = json.loads(pixity("train", *BARS, "--learner", learner, "--model-out", name, "--json", env=env).stdout)
    assert report["out_of_fold"]["events"] > 100
    return report


def approve(name, env):
    run_id = f"{name}-{len(list(pathlib.Path('home/runs').glob('*')))}"
    return json.loads(pixity("backtest", "--strategy", "pixityAI_meta", "--model", name, *BARS, "--run-id", run_id, "--json",
                             env=env).stdout)["events"]


@test
def trained_with_one_used_with_another():
    libraries = {INSTALLED: {}, **{version: beside(folder) for version, folder in fetched().items()}}
    pixity("synth", "--symbol", "KIT", "--days", 60, "--seed", 1, "--kind", "trend")
    for learner in ("gbt", "rf"):
        reports, events = {}, {}
        for made, env in libraries.items():
            report = train(learner, f"{learner}_{made}", env)
            card = json.loads(pixity("models", "show", f"{learner}_{made}", "--json").stdout)
            if made != INSTALLED:
                assert card["versions"]["xgboost"] == made
            reports[made] = json.dumps([report["out_of_fold"], report["folds_out_of_fold"]])
            for used, other in libraries.items():
                events[made, used] = approve(f"{learner}_{made}", other)
        assert len(set(reports.values())) == 1
        assert 0 < events[INSTALLED, INSTALLED]["approved"] < events[INSTALLED, INSTALLED]["candidates"], events
        assert all(e == events[INSTALLED, INSTALLED] for e in events.values()), events


main()
