# SPDX-License-Identifier: Apache-2.0
"""Writes models of other libraries with rows and what the library itself says of them, for test_foreign.c:

    foreign_models.py FOLDER KIND[,KIND...] [--rows N] [--small]

KIND: xgboost, lightgbm, sklearn, onnx. Of every model NAME: the file, and NAME.rows with a line a row, the inputs and the library's probability
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
    at = [np.array([t for k, t in splits if k == column and np.isfinite(t)], dtype=kind) for column in range(7)]
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


# ---- LightGBM ------------------------------------------------------------------------------------------------


def lightgbm_splits(booster):
    found = []
    def walk(node):
        if "split_feature" in node:
            found.append((node["split_feature"], node["threshold"]))
            walk(node["left_child"])
            walk(node["right_child"])
    for tree in booster.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    return found


def lightgbm(out, small):
    import lightgbm as lgb

    rng = np.random.default_rng(12)
    clean, y = make_rows(rng, 1500)
    missing = with_missing(rng, clean)
    rounds = 5 if small else 150
    for name, x, names, settings in (
        ("missing", missing, INPUTS, {}),
        ("no_missing", clean, "auto", {"num_leaves": 8}),
        ("zeros", missing, INPUTS, {"zero_as_missing": True}),
        ("not_used", missing, INPUTS, {"use_missing": False}),
        ("averaged", missing, INPUTS, {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "sigmoid": 0.7}),
        ("dart", clean, INPUTS, {"boosting": "dart", "objective": "cross_entropy"}),
    ):
        settings = {"objective": "binary", "num_leaves": 15, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 5, **settings}
        booster = lgb.train(settings, lgb.Dataset(x, label=y, feature_name=names), rounds)
        file = f"lightgbm_{name}.txt"
        booster.save_model(out.folder / file)
        rows = out.rows(rng, lightgbm_splits(booster), np.float64)
        out.add(f"lightgbm_{name}", [file], 0.0, rows, booster.predict(rows, num_threads=1))


# ---- scikit-learn --------------------------------------------------------------------------------------------


def forest_splits(forests):
    found = []
    for forest in forests:
        for tree in (estimator.tree_ for estimator in forest.estimators_):
            inner = np.flatnonzero(tree.children_left >= 0)
            found += zip(tree.feature[inner].tolist(), tree.threshold[inner].astype(np.float32))
    return found


def sklearn(out, small):
    import pathlib
    import sys

    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
    from sklearn_to_json import write

    rng = np.random.default_rng(13)
    x, y = make_rows(rng, 1500)
    trees, depth = (3, 3) if small else (100, 7)
    forest = lambda **settings: RandomForestClassifier(trees, max_depth=depth, random_state=1, **settings)
    logistic = lambda **settings: LogisticRegression(max_iter=2000, **settings)
    models = {
        "forest": forest(),
        "balanced": forest(class_weight="balanced", min_samples_leaf=5),
        "extra": ExtraTreesClassifier(trees, max_depth=depth, random_state=2),
        "scaled_forest": make_pipeline(StandardScaler(), forest()),
        "logistic": logistic(C=0.5),
        "logistic_cv": make_pipeline(StandardScaler(), LogisticRegressionCV(cv=3, max_iter=2000)),
        "standard": make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), logistic()),
        "min_max": make_pipeline(MinMaxScaler((-1, 1)), "passthrough", logistic()),
        "robust": make_pipeline(RobustScaler(), MaxAbsScaler(), logistic(solver="liblinear")),
        "no_mean": make_pipeline(StandardScaler(with_mean=False), logistic(class_weight="balanced")),
        "sigmoid": CalibratedClassifierCV(forest(), cv=3),
        "isotonic": CalibratedClassifierCV(forest(), method="isotonic", cv=3),
        "sigmoid_logistic": CalibratedClassifierCV(make_pipeline(StandardScaler(), logistic()), cv=4),
        "isotonic_logistic": CalibratedClassifierCV(logistic(), method="isotonic", cv=2, ensemble=False),
        "scaled_calibrated": make_pipeline(StandardScaler(), CalibratedClassifierCV(logistic(), cv=3)),
    }
    for name, model in models.items():
        model.fit(x, y)
        write(model, out.folder / f"sklearn_{name}.json")
        forests = [part for part in (model, getattr(model, "estimator", None)) if hasattr(part, "estimators_")]
        if hasattr(model, "calibrated_classifiers_"):
            forests = [c.estimator for c in model.calibrated_classifiers_ if hasattr(c.estimator, "estimators_")]
        rows = out.rows(rng, forest_splits(forests), np.float32, missing=name in ("forest", "standard"))
        exact = name in ("forest", "balanced", "extra", "scaled_forest")
        out.add(f"sklearn_{name}", [f"sklearn_{name}.json"], 0.0 if exact else 1e-12, rows, model.predict_proba(rows)[:, 1])


# ---- ONNX ----------------------------------------------------------------------------------------------------


def ask_runtime(model, rows):
    """What ONNX Runtime says with one thread: the probability of the second class."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    rows = rows.astype(np.float32)
    inputs = session.get_inputs()
    feeds = {inputs[0].name: rows} if len(inputs) == 1 else {i.name: rows[:, [INPUTS.index(i.name)]] for i in inputs}
    p = session.run(None, feeds)[1]
    return np.array([row[1] for row in p], dtype=float)


def onnx(out, small):
    import lightgbm as lgb
    import xgboost as xgb
    from onnxmltools import convert_lightgbm, convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType as OtherFloats
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(14)
    x, y = make_rows(rng, 1500)
    missing = with_missing(rng, x, 0.03)
    trees, depth = (3, 3) if small else (100, 7)
    whole, apart = [("X", FloatTensorType([None, 7]))], [(name, FloatTensorType([None, 1])) for name in INPUTS]
    forest = RandomForestClassifier(trees, max_depth=depth, random_state=1).fit(x, y)
    extra = ExtraTreesClassifier(trees, max_depth=depth, random_state=1).fit(x, y)
    scaled = make_pipeline(StandardScaler(), RandomForestClassifier(trees, max_depth=depth, random_state=2)).fit(x, y)
    logistic = LogisticRegression(max_iter=3000).fit(x, y)
    standard = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(missing, y)
    boosted = xgb.XGBClassifier(n_estimators=trees, max_depth=4, n_jobs=1).fit(missing, y)
    light = lgb.LGBMClassifier(n_estimators=trees, num_leaves=8, n_jobs=1, verbose=-1).fit(missing, y)
    floats, linear = SIGMOID_OF_FLOATS, 3e-7  # float sums of products differ by machine
    plain = {"zipmap": False}
    for name, model, splits, within, gaps in (
        ("forest", to_onnx(forest, initial_types=whole, options={id(forest): plain}), [forest], 0.0, False),
        ("extra", to_onnx(extra, initial_types=whole), [extra], 0.0, False),
        ("apart", to_onnx(scaled, initial_types=apart), [], 0.0, False),
        ("scaled", to_onnx(scaled, initial_types=whole), [], 0.0, False),
        ("logistic", to_onnx(logistic, initial_types=whole, options={id(logistic): plain}), [], linear, False),
        ("standard", to_onnx(standard, initial_types=whole), [], linear, True),
        ("xgboost", convert_xgboost(boosted, initial_types=[("input", OtherFloats([None, 7]))]), boosted, floats, True),
        ("lightgbm", convert_lightgbm(light, initial_types=[("input", OtherFloats([None, 7]))]), light, floats, True),
    ):
        splits = (xgboost_splits(boosted.get_booster()) if splits is boosted else lightgbm_splits(light.booster_) if splits is light
                  else forest_splits(splits))
        with open(out.folder / f"onnx_{name}.onnx", "wb") as file:
            file.write(model.SerializeToString())
        rows = out.rows(rng, splits, np.float32, missing=gaps)
        out.add(f"onnx_{name}", [f"onnx_{name}.onnx"], within, rows, ask_runtime(model, rows))


KINDS = {"xgboost": xgboost, "lightgbm": lightgbm, "sklearn": sklearn, "onnx": onnx}


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
