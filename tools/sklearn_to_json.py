#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a model of scikit-learn as JSON for `pixity models import`; docs/model.md has the format.

    sklearn_to_json.py MODEL.pkl MODEL.json [--inputs a,b,...] [--target CLASS]

MODEL.pkl is a pickle or a joblib file. Loading one runs whatever code it holds: open only your own. As a module:

    from sklearn_to_json import write
    write(model, "model.json")

Taken are fitted RandomForestClassifier, ExtraTreesClassifier, LogisticRegression (and ...CV), a Pipeline of SimpleImputer, StandardScaler,
MinMaxScaler, MaxAbsScaler and RobustScaler before one of them, and CalibratedClassifierCV (sigmoid or isotonic) of these, of the seven inputs
of an event or some of them. Columns are told apart by the names that the model was fitted with (a DataFrame's); without names they are taken to
stand in the order of INPUTS, or as --inputs says. The probability is that of class 1 (the label +1), or of --target.
"""
import argparse
import json
import math
import sys

INPUTS = ["vwap_dist", "ema_slope", "atr_pct", "adx", "hour", "minute", "vol_z"]
LARGEST = sys.float_info.max
FORESTS = ("RandomForestClassifier", "ExtraTreesClassifier")
LINEAR = ("LogisticRegression", "LogisticRegressionCV")
TAKEN = ", ".join((*FORESTS, *LINEAR, "Pipeline", "CalibratedClassifierCV"))


class ModelError(ValueError):
    """The object is no model that can be brought in; the message says why."""


ForestError = ModelError


def kind_of(model):
    return type(model).__name__


# ---- inputs and classes ----------------------------------------------------------------------------------------


def check_inputs(model):
    if getattr(model, "n_outputs_", 1) != 1:
        raise ModelError(f"the {kind_of(model)} has {model.n_outputs_} outputs, a meta-model has one")
    if model.n_features_in_ > len(INPUTS):
        raise ModelError(f"the {kind_of(model)} has {model.n_features_in_} inputs, an event has {len(INPUTS)}: {', '.join(INPUTS)}")


def names_of(model, inputs=None):
    """The inputs in the order of the model's columns."""
    fitted = getattr(model, "feature_names_in_", None)
    fitted = None if fitted is None else [str(name) for name in fitted]
    names = list(inputs) if inputs else fitted or INPUTS
    if len(names) != model.n_features_in_:
        raise ModelError(f"the model has {model.n_features_in_} inputs, not {len(names)}: name them with --inputs")
    if len(set(names)) < len(names) or not set(names) <= set(INPUTS):
        raise ModelError(f"the inputs are {', '.join(names)}; an event has {', '.join(INPUTS)}")
    if inputs and fitted and names != fitted:
        raise ModelError(f"the model was fitted with the inputs {', '.join(fitted)}, not {', '.join(names)}")
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
    raise ModelError(f"the model's classes are {', '.join(classes)}: name with --target which of them is a hit")


# ---- a tree ----------------------------------------------------------------------------------------------------


def probability_of(values, index, counts):
    """Share of a class in a node, as predict_proba has it, to the last bit; before scikit-learn 1.3 values are counts."""
    if index is None:
        return 0.0
    total = values.sum() if counts else 1.0
    return float(values[index] if total in (0.0, 1.0) else values[index] / total)


def tree_to_dict(tree, index):
    import sklearn

    counts = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) < (1, 3)
    leaves = tree.children_left == -1
    columns = {
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "input": [-1 if leaf else input for leaf, input in zip(leaves, tree.feature.tolist())],
        "threshold": [0.0 if leaf else min(max(value, -LARGEST), LARGEST)
                      for leaf, value in zip(leaves, tree.threshold.tolist())],
        "samples": tree.weighted_n_node_samples.tolist(),
        "probability": [probability_of(values, index, counts) for values in tree.value[:, 0, :]],
    }
    if getattr(tree, "missing_go_to_left", None) is not None:
        columns["missing_left"] = [bool(left) and not leaf for leaf, left in zip(leaves, tree.missing_go_to_left)]
    return columns


def trees_of(forest, index):
    return [tree_to_dict(estimator.tree_, index) for estimator in forest.estimators_]


# ---- linear models and what stands before them -----------------------------------------------------------------


def linear_to_dict(model, index, calibrated):
    if len(model.classes_) != 2 or model.coef_.shape[0] != 1:
        raise ModelError(f"the {kind_of(model)} has {len(model.classes_)} classes, a hit or not is two")
    sign = 1.0 if index == 1 else -1.0
    part = {
        "kind": "margin" if calibrated else "logistic",
        "coefficients": [sign * value for value in model.coef_[0].tolist()],
        "intercept": sign * float(model.intercept_[0]),
    }
    if getattr(model, "multi_class", None) == "multinomial" and not calibrated:
        part["slope"] = 2.0  # a softmax of the margin and its negative
    return part


def ones(model):
    return [1.0] * model.n_features_in_


def imputer_to_step(imputer):
    values = imputer.statistics_.tolist()
    if imputer.add_indicator or not all(isinstance(value, (int, float)) and math.isfinite(value) for value in values):
        raise ModelError("the SimpleImputer adds indicators, or has a column without any value")
    if not (isinstance(imputer.missing_values, float) and math.isnan(imputer.missing_values)):
        raise ModelError(f"the SimpleImputer fills {imputer.missing_values!r}; what is missing of an event is NaN")
    return [{"kind": "fill", "values": [float(value) for value in values]}]


def scaler_to_step(scaler):
    kind, ones_ = kind_of(scaler), ones(scaler)
    zeros = [0.0] * len(ones_)
    if kind == "MinMaxScaler":
        if scaler.clip:
            raise ModelError("the MinMaxScaler clips, which is not taken")
        return [{"kind": "scale", "multiply": scaler.scale_.tolist(), "add": scaler.min_.tolist()}]
    center = {"StandardScaler": "mean_", "RobustScaler": "center_"}.get(kind)
    wanted = center and getattr(scaler, "with_mean" if kind == "StandardScaler" else "with_centering")
    subtract = getattr(scaler, center).tolist() if wanted else zeros
    divide = scaler.scale_.tolist() if scaler.scale_ is not None else ones_
    return [{"kind": "center", "subtract": subtract, "divide": divide}]


STEPS = {"SimpleImputer": imputer_to_step, "StandardScaler": scaler_to_step, "MinMaxScaler": scaler_to_step,
         "MaxAbsScaler": scaler_to_step, "RobustScaler": scaler_to_step}


def pipeline_to_dict(pipeline, index, calibrated):
    steps = []
    for _, step in pipeline.steps[:-1]:
        if step is None or step == "passthrough":
            continue
        if kind_of(step) not in STEPS:
            raise ModelError(f"the pipeline has a {kind_of(step)}; taken are {', '.join(STEPS)}")
        steps += STEPS[kind_of(step)](step)
    return {"kind": "pipeline", "steps": steps, "model": node_of(pipeline.steps[-1][1], index, calibrated)}


# ---- calibration -----------------------------------------------------------------------------------------------


def calibration_to_dict(calibrator):
    if kind_of(calibrator) == "_SigmoidCalibration":
        return {"kind": "sigmoid", "a": float(calibrator.a_), "b": float(calibrator.b_)}
    if kind_of(calibrator) == "IsotonicRegression":
        return {"kind": "isotonic", "x": calibrator.X_thresholds_.tolist(), "y": calibrator.y_thresholds_.tolist()}
    raise ModelError(f"the calibration is {kind_of(calibrator)}; taken are sigmoid and isotonic")


def calibrated_to_dict(model, index):
    if len(model.classes_) != 2 or index != 1:
        raise ModelError("a calibrated classifier has two classes, and the second one is the hit")
    members = []
    for fold in model.calibrated_classifiers_:
        base = fold.estimator if hasattr(fold, "estimator") else fold.base_estimator
        if kind_of(base) == "FrozenEstimator":
            base = base.estimator
        calibrators = fold.calibrators if hasattr(fold, "calibrators") else fold.calibrators_
        members.append({"model": node_of(base, index, True), "calibration": calibration_to_dict(calibrators[0])})
    return {"kind": "calibrated", "members": members}


# ---- the whole -------------------------------------------------------------------------------------------------


def node_of(model, index, calibrated=False):
    """calibrated: a calibration follows, which takes the margin of what has one."""
    kind = kind_of(model)
    if kind in FORESTS:
        return {"kind": "forest", "trees": trees_of(model, index)}
    if kind in LINEAR:
        return linear_to_dict(model, index, calibrated)
    if kind == "Pipeline":
        return pipeline_to_dict(model, index, calibrated)
    if kind == "CalibratedClassifierCV":
        return calibrated_to_dict(model, index)
    raise ModelError(f"this is a {kind}; taken are {TAKEN}")


def check_fitted(model):
    if kind_of(model) not in (*FORESTS, *LINEAR, "Pipeline", "CalibratedClassifierCV"):
        raise ModelError(f"this is a {kind_of(model)}; taken are {TAKEN}")
    if kind_of(model) in FORESTS and not getattr(model, "estimators_", None):
        raise ModelError("the forest is not fitted")
    try:
        fitted = model.classes_ is not None and model.n_features_in_ > 0
    except AttributeError:
        fitted = False
    if not fitted:
        raise ModelError(f"the {kind_of(model)} is not fitted")


def parameters_of(model):
    scalars = (bool, int, float, str, type(None))
    return {key: value for key, value in model.get_params().items()
            if isinstance(value, scalars) and not (isinstance(value, float) and not math.isfinite(value))}


def model_to_dict(model, inputs=None, target=1):
    """The model in the format of docs/model.md. Raises ModelError where it cannot be one."""
    import sklearn

    check_fitted(model)
    check_inputs(model)
    names, target = names_of(model, inputs), text_of(target)
    classes = [text_of(value) for value in model.classes_]
    index = find_target(classes, target)
    forest = kind_of(model) in FORESTS
    document = {
        "format": "pixity sklearn forest" if forest else "pixity sklearn model",
        "format_version": 1,
        "made_by": f"{kind_of(model)} of scikit-learn {sklearn.__version__}",
        "parameters": parameters_of(model),
        "classes": classes,
        "target": target,
        "inputs": names,
    }
    if forest:
        document["trees"] = trees_of(model, index)
    else:
        document["model"] = node_of(model, index)
    return document


def write(model, path, inputs=None, target=1):
    """Writes the model as JSON; numbers read back exactly."""
    text = json.dumps(model_to_dict(model, inputs, target), allow_nan=False, separators=(",", ":"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def main(arguments, program="sklearn_to_json", description=__doc__):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL.pkl")
    parser.add_argument("out", metavar="MODEL.json")
    parser.add_argument("--inputs", help="names of the model's columns, in their order, with commas between")
    parser.add_argument("--target", default="1", help="class whose probability is wanted (default: 1)")
    options = parser.parse_args(arguments)
    try:
        import joblib
    except ImportError:
        parser.exit(1, f"{program}: this python3 has no scikit-learn; try /usr/bin/python3\n")
    try:
        model = joblib.load(options.model)
        write(model, options.out, options.inputs.split(",") if options.inputs else None, options.target)
    except ModelError as problem:
        parser.exit(2, f"{program}: {options.model}: {problem}\n")
    except Exception as problem:  # a pickle may fail in any way
        parser.exit(2, f"{program}: {options.model}: {type(problem).__name__}: {problem}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
