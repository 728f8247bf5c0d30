# SPDX-License-Identifier: Apache-2.0
"""Writes models of other libraries with rows and what the library itself says of them, for test_foreign.c:

    foreign_models.py FOLDER KIND[,KIND...] [--rows N] [--small]

KIND: xgboost. Of every model NAME: the file, and NAME.rows with a line a row, the inputs and the library's probability
as doubles that read back exactly ("nan" = missing); half of the rows lie on thresholds or beside them. models.txt has a
line a model: name, file, how far probabilities may lie apart (0 = to the last bit). --small: few trees, for the files
that are kept in tests/unit/foreign.
"""
import argparse
import pathlib

import numpy as np

INPUTS = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
SIGMOID_OF_FLOATS = 1.2e-7  # a float's last bit, where exp is another machine's


def make_rows(rng, n):
    """Inputs like those of events: distances around 0, whole hours and minutes, a score that is often 0."""
    x = np.empty((n, 7))
    x[:, 0], x[:, 1] = rng.normal(0, 0.01, n), rng.normal(0, 5e-4, n)
    x[:, 2], x[:, 3] = rng.lognormal(-6, 0.5, n), 10 + rng.exponential(15, n)
    x[:, 4], x[:, 5] = rng.integers(9, 16, n), 15 * rng.integers(0, 4, n)
    x[:, 6] = np.where(rng.random(n) < 0.4, 0, rng.normal(0, 1.5, n))
    odds = 60 * x[:, 0] * np.where(x[:, 3] > 25, 1, -1) + 0.4 * (x[:, 4] - 12) + 0.5 * x[:, 6] - 0.5
    return x, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)


def near_thresholds(rng, n, splits, kind):
    """Rows whose inputs are thresholds, or the number before or after; splits: (input, threshold) pairs."""
    rows = make_rows(rng, n)[0]
    at = [np.array([t for k, t in splits if k == column], dtype=kind) for column in range(7)]
    for column, thresholds in enumerate(at):
        if len(thresholds):
            drawn = thresholds[rng.integers(len(thresholds), size=n)]
            beside = np.nextafter(drawn, rng.choice(np.array([-np.inf, np.inf], dtype=kind), n))
            chosen = np.where(rng.random(n) < 0.5, drawn, beside).astype(float)
            rows[:, column] = np.where(rng.random(n) < 0.6, chosen, rows[:, column])
    return rows


def with_missing(rng, rows, share=0.05):
    rows = rows.copy()
    rows[rng.random(rows.shape) < share] = np.nan
    return rows


class Writer:
    def __init__(self, folder, n_rows):
        self.folder, self.n_rows, self.lines = folder, n_rows, []

    def add(self, name, files, within, x, p):
        """x in the order of INPUTS."""
        assert len(x) == len(p) and np.isfinite(p).all()
        with open(self.folder / f"{name}.rows", "w", encoding="ascii") as out:
            for row, value in zip(x, p):
                out.write(" ".join(repr(float(v)) for v in [*row, value]) + "\n")
        self.lines += [f"{name} {file} {within!r}\n" for file in files]

    def rows(self, rng, splits, kind, missing=True):
        half = self.n_rows // 2
        rows = np.vstack([make_rows(rng, self.n_rows - half)[0], near_thresholds(rng, half, splits, kind)])
        return with_missing(rng, rows) if missing else rows


# ---- XGBoost -------------------------------------------------------------------------------------------------


def xgboost_splits(booster):
    """Of a dump: conditions of the trees, as the floats that they are."""
    import json

    found = []
    def walk(node):
        if "children" in node:
            name = node["split"]
            found.append((INPUTS.index(name) if name in INPUTS else int(name[1:]), np.float32(node["split_condition"])))
            for child in node["children"]:
                walk(child)
    for tree in booster.get_dump(dump_format="json"):
        walk(json.loads(tree))
    return found


def xgboost(out, small):
    import xgboost as xgb

    version = tuple(int(part) for part in xgb.__version__.split(".")[:2])
    rng = np.random.default_rng(11)
    x, y = make_rows(rng, 1500)
    x = with_missing(rng, x, 0.02)
    rounds = 5 if small else 120
    label = f"xgboost{version[0]}_{version[1]}"
    endings = [".json", ".ubj"] if version >= (1, 6) else [".json"]
    for name, settings, n in (
        ("boosted", {"objective": "binary:logistic", "max_depth": 4, "eta": 0.1}, rounds),
        ("forest", {"objective": "binary:logistic", "max_depth": 5, "eta": 1, "num_parallel_tree": rounds, "subsample": 0.6,
                    "colsample_bynode": 0.4, "base_score": 0.3}, 1),
        ("logistic", {"objective": "reg:logistic", "max_depth": 3, "base_score": 0.7, "tree_method": "exact"}, rounds),
    ):
        train = xgb.DMatrix(x, label=y, feature_names=INPUTS if name != "logistic" else None)
        booster = xgb.train({**settings, "nthread": 1, "seed": 3}, train, n)
        rows = out.rows(rng, xgboost_splits(booster), np.float32)
        p = booster.predict(xgb.DMatrix(rows, feature_names=train.feature_names))
        files = [f"{label}_{name}{ending}" for ending in endings]
        for file in files:
            booster.save_model(str(out.folder / file))
        out.add(f"{label}_{name}", files, SIGMOID_OF_FLOATS, rows, p)
    if version >= (1, 6) and not small:
        xgboost_early(out, xgb, rng, x, y)


def xgboost_early(out, xgb, rng, x, y):
    """A classifier that stopped early answers from its best round."""
    model = xgb.XGBClassifier(n_estimators=200, max_depth=6, learning_rate=0.3, early_stopping_rounds=5, n_jobs=1)
    model.fit(x[:1000], y[:1000], eval_set=[(x[1000:], y[1000:])], verbose=False)
    assert model.best_iteration < 150
    model.save_model(out.folder / "xgboost_early.json")
    rows = out.rows(rng, xgboost_splits(model.get_booster()), np.float32)
    out.add("xgboost_early", ["xgboost_early.json"], SIGMOID_OF_FLOATS, rows, model.predict_proba(rows)[:, 1])


KINDS = {"xgboost": xgboost}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("kinds")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    out = Writer(options.folder, options.rows)
    options.folder.mkdir(parents=True, exist_ok=True)
    for kind in options.kinds.split(","):
        KINDS[kind](out, options.small)
    with open(options.folder / "models.txt", "a", encoding="ascii") as index:
        index.writelines(out.lines)


main()
