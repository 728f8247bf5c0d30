# SPDX-License-Identifier: Apache-2.0
"""What scikit-learn makes of files of rows; test_sklearn.c compares. Says "ready", or "absent" where there is no
scikit-learn, and then answers each line of its input with a line of numbers:

    scores FILE     rows p,y:            auc log_loss brier
    forest FILE     rows test,x1..x7,y:  auc brier of the test rows
    logistic FILE   rows test,x1..x7,y, missing = nan: the intercept, 7 coefficients of standardised inputs and the
                    probabilities of the test rows
"""
import sys

try:
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError:
    print("absent")
    sys.exit()


def scores(p, y):
    # A probability of 0 or 1 counts as one 1e-15 away from it; releases of scikit-learn differ here.
    inside = np.clip(p[:, 0], 1e-15, 1 - 1e-15)
    return roc_auc_score(y, p[:, 0]), log_loss(y, inside), brier_score_loss(y, p[:, 0])


def logistic(rows, y):
    test, x = rows[:, 0] == 1, rows[:, 1:]
    regression = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10)
    pipeline = make_pipeline(SimpleImputer(), StandardScaler(), regression).fit(x[~test], y[~test])
    return *regression.intercept_, *regression.coef_[0], *pipeline.predict_proba(x[test])[:, 1]


def forest(rows, y):
    test, x = rows[:, 0] == 1, rows[:, 1:]
    model = RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42)
    p = model.fit(x[~test], y[~test]).predict_proba(x[test])[:, 1]
    return roc_auc_score(y[test], p), brier_score_loss(y[test], p)


ORACLES = {"scores": scores, "logistic": logistic, "forest": forest}
print("ready", flush=True)
for line in sys.stdin:
    what, path = line.rstrip("\n").split(" ", 1)
    table = np.loadtxt(path, delimiter=",")
    found = ORACLES[what](table[:, :-1], table[:, -1].astype(int))
    print(*(repr(float(value)) for value in found), flush=True)
