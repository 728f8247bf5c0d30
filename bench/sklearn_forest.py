#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The work of bench_forest with scikit-learn, on one core."""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from partner import measure
from sklearn.ensemble import RandomForestClassifier

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "rows")
    subprocess.run([sys.argv[1], "--write-rows", path], check=True)
    rows = np.fromfile(path, dtype=np.float32).reshape(-1, 8)

x, y = np.ascontiguousarray(rows[:, :7]), rows[:, 7].astype(int)
forest = RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42, n_jobs=1)
measure("sklearn_forest_fit", "row", len(rows), lambda: forest.fit(x, y), runs=2)
measure("sklearn_forest_predict", "row", len(rows), lambda: forest.predict_proba(x))
