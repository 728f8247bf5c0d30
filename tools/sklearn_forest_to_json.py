#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The former name of sklearn_to_json.py, which writes forests as it always did, and further models beside them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from sklearn_to_json import INPUTS, ForestError, main, model_to_dict as forest_to_dict, write  # noqa: E402, F401

if __name__ == "__main__":
    main(sys.argv[1:], "sklearn_forest_to_json", __doc__)
