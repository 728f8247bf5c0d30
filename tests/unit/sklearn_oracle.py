# SPDX-License-Identifier: Apache-2.0
"""What scikit-learn makes of a file of rows; test_sklearn.c compares.

    sklearn_oracle.py scores FILE   rows p,y:            prints auc log_loss brier
    sklearn_oracle.py forest FILE   rows test,x1..x7,y:  prints auc brier of the test rows
    sklearn_oracle.py logistic FILE rows test,x1..x7,y, missing = nan: prints the intercept, 7 coefficients of
                                    standardised inputs and the probabilities of the test rows
"""
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rows = np.loadtxt(sys.argv[2], delimiter=",")
y = rows[:, -1].astype(int)
if sys.argv[1] == "scores":
    p = rows[:, 0]
    found = roc_auc_score(y, p), log_loss(y, p, eps=1e-15), brier_score_loss(y, p)
elif sys.argv[1] == "logistic":
    test, x = rows[:, 0] == 1, rows[:, 1:-1]
    regression = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10)
    pipeline = make_pipeline(SimpleImputer(), StandardScaler(), regression).fit(x[~test], y[~test])
    found = *regression.intercept_, *regression.coef_[0], *pipeline.predict_proba(x[test])[:, 1]
else:
    test, x = rows[:, 0] == 1, rows[:, 1:-1]
    forest = RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42)
    p = forest.fit(x[~test], y[~test]).predict_proba(x[test])[:, 1]
    found = roc_auc_score(y[test], p), brier_score_loss(y[test], p)
print(*(repr(float(value)) for value in found))
