# SPDX-License-Identifier: Apache-2.0
"""Metrics of real runs equal those that NumPy makes of their tables."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from harness import main, pixity, shared, test
from metrics_check import check

NIFTY = "nse_1m/NIFTY50_2012_2021.csv.gz"


@test
def metrics_of_nifty():
    pixity("import", shared("data", NIFTY), "--symbol", "NIFTY50")
    for timeframe, arguments in (("1h", ["--product", "index"]), ("15m", ["--start", "2017-01-01"]),
                                 ("1h", ["--profile", "reference", "--start", "2019-02-01"])):
        check(f"{timeframe}-{len(arguments)}", "--symbol", "NIFTY50", "--timeframe", timeframe, *arguments)
    metrics = check("cross", "--symbol", "NIFTY50", "--timeframe", "1d", strategy="ema_cross")
    assert metrics["# Trades"] > 10


main()
