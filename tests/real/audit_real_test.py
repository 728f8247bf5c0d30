# SPDX-License-Identifier: Apache-2.0
"""audit on real bars: the honest rules pass, the original's fail where they look ahead."""
import gzip
import json
import pathlib

from harness import main, pixity, shared, test


def audit(*args, status=0):
    report = json.loads(pixity("audit", *args, "--json", status=status).stdout)
    return {check["check"]: check for check in report["checks"]}


def nifty(years):
    """The bars of NIFTY 50 of some years."""
    with gzip.open(shared("data", "nse_1m", "NIFTY50_2012_2021.csv.gz"), "rt") as lines:
        header = next(lines)
        rows = [line for line in lines if line[:4] in years]
    pathlib.Path("nifty.csv").write_text(header + "".join(rows))
    return ["--input", "nifty.csv", "--symbol", "NIFTY", "--timeframe", "15m", "--product", "index"]


@test
def honest_rules_pass_on_nifty():
    checks = audit(*nifty({"2019", "2020"}))
    assert len(checks) == 15
    for name, check in checks.items():
        assert check["verdict"] in ("pass", "shown", "skipped"), check
        assert check["verdict"] != "pass" or (check["cases"] > 0 and check["mismatches"] == 0), check
    assert {n for n, c in checks.items() if c["verdict"] == "skipped"} == {"train = serve", "corporate actions", "seed"}


@test
def the_originals_rules_fail_on_nifty():
    checks = audit(*nifty({"2019"}), "--profile", "reference", status=1)
    failed = {name for name, check in checks.items() if check["verdict"] == "fail"}
    assert {"prefix", "label = exit", "martingale"} <= failed, failed
    assert "5 bars ahead" in checks["prefix"]["detail"]


main()
