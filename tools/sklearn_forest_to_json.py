#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a random forest of scikit-learn as JSON for `pixity models import-sklearn`; docs/model.md has the format.

    sklearn_forest_to_json.py FOREST.pkl FOREST.json [--inputs a,b,...] [--target CLASS]

FOREST.pkl is a pickle or a joblib file. Loading one runs whatever code it holds: open only your own. As a module:

    from sklearn_forest_to_json import write
    write(forest, "forest.json")

The forest is a fitted RandomForestClassifier or ExtraTreesClassifier of the seven inputs of an event, or of some of them. Columns are
told apart by the names that the forest was fitted with (a DataFrame's); without names they are taken to stand in
the order of INPUTS, or as --inputs says. The probability is that of class 1 (the label +1), or of --target.
"""
import argparse
import json
import math
import sys

INPUTS = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
LARGEST = sys.float_info.max


class ForestError(ValueError):
    """The object is no forest that can be brought in; the message says why."""


# ---- the forest ------------------------------------------------------------------------------------------------


def check_forest(forest):
    kind = type(forest).__name__
    if kind not in ("RandomForestClassifier", "ExtraTreesClassifier"):
        raise ForestError(f"this is a {kind}, not a RandomForestClassifier or ExtraTreesClassifier")
    if not getattr(forest, "estimators_", None):
        raise ForestError("the forest is not fitted")
    if forest.n_outputs_ != 1:
        raise ForestError(f"the forest has {forest.n_outputs_} outputs, a meta-model has one")
    if forest.n_features_in_ > len(INPUTS):
        raise ForestError(f"the forest has {forest.n_features_in_} inputs, an event has {len(INPUTS)}: {', '.join(INPUTS)}")


def names_of(forest, inputs=None):
    """The inputs in the order of the forest's columns."""
    fitted = getattr(forest, "feature_names_in_", None)
    fitted = None if fitted is None else [str(name) for name in fitted]
    names = list(inputs) if inputs else fitted or INPUTS
    if len(names) != forest.n_features_in_:
        raise ForestError(f"the forest has {forest.n_features_in_} inputs, not {len(names)}: name them with --inputs")
    if len(set(names)) < len(names) or not set(names) <= set(INPUTS):
        raise ForestError(f"the inputs are {', '.join(names)}; an event has {', '.join(INPUTS)}")
    if inputs and fitted and names != fitted:
        raise ForestError(f"the forest was fitted with the inputs {', '.join(fitted)}, not {', '.join(names)}")
    return names


def text_of(value):
    """A class as text: 1, 1.0, True and "1" are all 1."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        value = int(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def find_target(classes, target):
    """Index of the class that reached its target; None for a forest that has only seen the other one."""
    if target in classes:
        return classes.index(target)
    if len(classes) == 1 and target == "1":
        return None
    raise ForestError(f"the forest's classes are {', '.join(classes)}: name with --target which of them is a hit")


# ---- a tree ----------------------------------------------------------------------------------------------------


def probability_of(values, index):
    """Share of a class in a node, as predict_proba has it; values are counts or shares, by version."""
    total = math.fsum(values)
    return 0.0 if index is None or total == 0 else min(max(values[index] / total, 0.0), 1.0)


def tree_to_dict(tree, index):
    leaves = tree.children_left == -1
    columns = {
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "input": [-1 if leaf else input for leaf, input in zip(leaves, tree.feature.tolist())],
        "threshold": [0.0 if leaf else min(max(value, -LARGEST), LARGEST)
                      for leaf, value in zip(leaves, tree.threshold.tolist())],
        "samples": tree.weighted_n_node_samples.tolist(),
        "probability": [probability_of(values, index) for values in tree.value[:, 0, :].tolist()],
    }
    if getattr(tree, "missing_go_to_left", None) is not None:
        columns["missing_left"] = [bool(left) and not leaf for leaf, left in zip(leaves, tree.missing_go_to_left)]
    return columns


# ---- the whole -------------------------------------------------------------------------------------------------


def forest_to_dict(forest, inputs=None, target=1):
    """The forest in the format of docs/model.md. Raises ForestError where it cannot be one."""
    import sklearn

    check_forest(forest)
    names, target = names_of(forest, inputs), text_of(target)
    classes = [text_of(value) for value in forest.classes_]
    index = find_target(classes, target)
    scalars = (bool, int, float, str, type(None))
    return {
        "format": "pixity sklearn forest",
        "format_version": 1,
        "made_by": f"{type(forest).__name__} of scikit-learn {sklearn.__version__}",
        "parameters": {key: value for key, value in forest.get_params().items() if isinstance(value, scalars)},
        "classes": classes,
        "target": target,
        "inputs": names,
        "trees": [tree_to_dict(estimator.tree_, index) for estimator in forest.estimators_],
    }


def write(forest, path, inputs=None, target=1):
    """Writes the forest as JSON; numbers read back exactly."""
    text = json.dumps(forest_to_dict(forest, inputs, target), allow_nan=False, separators=(",", ":"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forest", metavar="FOREST.pkl")
    parser.add_argument("out", metavar="FOREST.json")
    parser.add_argument("--inputs", help="names of the forest's columns, in their order, with commas between")
    parser.add_argument("--target", default="1", help="class whose probability is wanted (default: 1)")
    options = parser.parse_args(arguments)
    try:
        import joblib
    except ImportError:
        parser.exit(1, "sklearn_forest_to_json: this python3 has no scikit-learn; try /usr/bin/python3\n")
    try:
        forest = joblib.load(options.forest)
        write(forest, options.out, options.inputs.split(",") if options.inputs else None, options.target)
    except ForestError as problem:
        parser.exit(2, f"sklearn_forest_to_json: {options.forest}: {problem}\n")
    except Exception as problem:  # a pickle may fail in any way
        parser.exit(2, f"sklearn_forest_to_json: {options.forest}: {type(problem).__name__}: {problem}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
