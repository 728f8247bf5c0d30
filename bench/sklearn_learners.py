#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The work of bench_learners with scikit-learn, on one core."""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from partner import measure
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "rows")
    subprocess.run([sys.argv[1], "--write-rows", path], check=True)
    rows = np.fromfile(path, dtype=np.float32).reshape(-1, 8)

x, y = np.ascontiguousarray(rows[:, :7]), rows[:, 7].astype(int)
learners = {
    "rf": RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42, n_jobs=1),
    "gbt": HistGradientBoostingClassifier(max_iter=100, max_depth=3, learning_rate=0.03, l2_regularization=5,
                                          early_stopping=False, random_state=42),
    "logistic": make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=1.0, tol=1e-10)),
}
for name, learner in learners.items():
    measure(f"sklearn_{name}_fit", "row", len(rows), lambda: learner.fit(x, y), runs=2)
    measure(f"sklearn_{name}_predict", "row", len(rows), lambda: learner.predict_proba(x))
