# SPDX-License-Identifier: Apache-2.0
"""All scripts of this folder in one process, which reads pandas once. Each also runs by itself."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import lots_test
import oracle_test
import replay_test
import series_test
import strategies_test
from harness import main

assert all((lots_test, oracle_test, replay_test, series_test, strategies_test))  # importing them has told the harness their tests
main()
