# SPDX-License-Identifier: Apache-2.0
"""Forests of every shape for test_sklearn_forest.c:

    sklearn_forests.py FOLDER

writes NAME.json by tools/sklearn_forest_to_json.py and NAME.rows, native doubles: the seven inputs in pixity's order
and predict_proba, 1,000 rows of data and as many that lie on thresholds, or one float beside them. Prints the names, or "absent" where there is no
scikit-learn. With PIXITY_REDUCED only every eighth shape is made.
"""
import os
import pathlib
import sys

try:
    import numpy as np
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
except ImportError:
    print("absent")
    sys.exit()

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from sklearn_forest_to_json import INPUTS, write  # noqa: E402

N = 1000


def make_rows(rng, n):
    """Inputs like those of events: distances around 0, whole hours and minutes, a score that is often 0."""
    x = np.empty((n, 7))
    x[:, 0], x[:, 1] = rng.normal(0, 0.01, n), rng.normal(0, 5e-4, n)
    x[:, 2], x[:, 3] = rng.lognormal(-6, 0.5, n), 10 + rng.exponential(15, n)
    x[:, 4], x[:, 5] = rng.integers(9, 16, n), 15 * rng.integers(0, 4, n)
    x[:, 6] = np.where(rng.random(n) < 0.4, 0, rng.normal(0, 1.5, n))
    odds = 60 * x[:, 0] * np.where(x[:, 3] > 25, 1, -1) + 0.4 * (x[:, 4] - 12) + 0.5 * x[:, 6] - 0.5
    return x, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)


def on_thresholds(rng, forest, x):
    """Rows whose inputs are thresholds of the forest as floats, or their neighbours."""
    rows = x[rng.integers(0, len(x), N)].astype(np.float32)
    splits = []
    for tree in (estimator.tree_ for estimator in forest.estimators_):
        nodes = np.flatnonzero(tree.children_left >= 0)[:40]
        splits.append((tree.feature[nodes], tree.threshold[nodes].astype(np.float32)))
    for i in range(N):
        inputs, thresholds = splits[rng.integers(len(splits))]
        chosen = rng.random(len(inputs)) < 0.3
        near = thresholds[chosen]
        beside = np.nextafter(near, rng.choice(np.array([-np.inf, np.inf], dtype=np.float32), len(near)))
        rows[i, inputs[chosen]] = np.where(rng.random(len(near)) < 1 / 3, near, beside)
    return rows.astype(np.float64)


def hit_column(forest):
    """Column of class 1 in predict_proba; None where the forest has not seen it."""
    classes = [int(value) for value in forest.classes_]
    return classes.index(1) if 1 in classes else None


def save(folder, name, forest, rng, x, inputs=None, columns=None):
    write(forest, folder / f"{name}.json", inputs)
    columns = columns or list(range(7))
    fresh = np.vstack([make_rows(rng, N)[0][:, columns], on_thresholds(rng, forest, x)])
    column = hit_column(forest)
    p = forest.predict_proba(fresh)[:, column] if column is not None else np.zeros(len(fresh))
    rows = np.empty((len(fresh), 8))
    rows[:, columns] = fresh
    rows[:, 7] = p
    rows.tofile(folder / f"{name}.rows")
    print(name)


def main(folder):
    rng = np.random.default_rng(7)
    x, y = make_rows(rng, 1500)
    rare = (rng.random(len(y)) < 0.04).astype(int)
    three = np.where(rng.random(len(y)) < 0.2, 0, 2 * y - 1)
    forest = lambda **settings: RandomForestClassifier(**{"n_estimators": 50, "random_state": 42, **settings})
    shapes = {
        "default": (forest(n_estimators=100, max_depth=7), y),
        "deep": (forest(), y),
        "shallow": (forest(max_depth=3), y),
        "stumps": (forest(max_depth=1), y),
        "one_tree": (forest(n_estimators=1), y),
        "many_unbalanced": (forest(n_estimators=600, max_depth=5, class_weight="balanced"), rare),
        "no_bootstrap": (forest(bootstrap=False, max_features=3), y),
        "entropy": (forest(criterion="entropy", max_depth=6), y),
        "few_leaves": (forest(max_leaf_nodes=20), y),
        "large_leaves": (forest(min_samples_leaf=40, max_samples=0.3), y),
        "three_classes": (forest(max_depth=6), three),
        "booleans": (forest(max_depth=4), y == 1),
        "only_hits": (forest(n_estimators=5), np.ones_like(y)),
        "no_hits": (forest(n_estimators=5), np.zeros_like(y)),
        "rare": (forest(n_estimators=30), rare),
        "extra_trees": (ExtraTreesClassifier(40, max_depth=8, random_state=42), y),
    }
    for name, (made, classes) in list(shapes.items())[:: 8 if "PIXITY_REDUCED" in os.environ else 1]:
        save(folder, name, made.fit(x, classes), rng, x)
    columns = [6, 3, 0, 5, 1, 4, 2]
    made = forest(max_depth=6).fit(x[:, columns], y)
    save(folder, "other_order", made, rng, x[:, columns], [INPUTS[k] for k in columns], columns)
    tiny = np.where(x == 0, 0, np.copysign(1e-40, x))  # thresholds among the smallest floats, and 0
    tiny[:, 4:6] = x[:, 4:6] - 12
    save(folder, "smallest_floats", forest(max_depth=6).fit(tiny, y), rng, tiny)


main(pathlib.Path(sys.argv[1]))
