# SPDX-License-Identifier: Apache-2.0
"""Models of other libraries answer as the newest of these do, on 10,000 rows each, half of them on thresholds. Runs where
tools/fetch-model-libraries has fetched the libraries; else it says that it skips."""
import os
import pathlib
import subprocess

from harness import BIN, SOURCE, Skip, main, test

PYTHON = SOURCE / ".deps" / "model-libraries" / "bin" / "python"
TEST = pathlib.Path(BIN).parent / "tests" / "test_foreign"


def compare(kind):
    if not PYTHON.exists():
        raise Skip("the libraries are not there: tools/fetch-model-libraries fetches them")
    generator = SOURCE / "tests" / "unit" / "foreign_models.py"
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    made = subprocess.run([PYTHON, generator, "made", kind, "--rows", "10000"], capture_output=True, text=True, env=env)
    assert made.returncode == 0, made.stderr[-2000:]
    result = subprocess.run([TEST, "made"], capture_output=True, text=True)
    assert result.returncode == 0, f"{result.stdout[-3000:]}{result.stderr[-2000:]}"
    assert "10000 rows" in result.stdout + result.stderr


@test
def xgboost_answers_as_it_does():
    compare("xgboost")


@test
def lightgbm_answers_as_it_does():
    compare("lightgbm")


@test
def scikit_learn_answers_as_it_does():
    compare("sklearn")


@test
def onnx_runtime_answers_as_it_does():
    compare("onnx")


main()
