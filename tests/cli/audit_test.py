# SPDX-License-Identifier: Apache-2.0
"""audit: the document, exit status, and what it refuses."""
import json

from harness import main, pixity, test
from lab import HOME, fails, rows_of, walk, write_bars

DIRECT = ["--input", "ABC.csv", "--timeframe", "5m"]
KEYS = ["check", "compared", "cases", "mismatches", "verdict", "detail", "proves", "series", "first", "plain"]
PROOFS = {"batch = stream", "prefix", "warm-up", "end extension", "determinism"}


@test
def every_proof_holds():
    write_bars("ABC.csv", walk(12))
    document = json.loads(pixity("audit", *DIRECT, "--start", "2022-01-10", "--end", "2022-01-14", "--json").stdout)
    assert list(document) == ["checks", "findings", "warnings"]
    checks = {check["check"]: check for check in document["checks"]}
    assert all(list(check) == KEYS for check in checks.values()) and PROOFS <= set(checks)
    for name in PROOFS:
        assert checks[name]["verdict"] == "pass" and checks[name]["cases"] > 0, checks[name]
        assert checks[name]["mismatches"] == 0
        assert checks[name]["series"] is None and checks[name]["first"] is None and checks[name]["proves"]
    assert not HOME.exists()


@test
def looking_ahead_fails_with_status_1():
    write_bars("ABC.csv", walk(12))
    result = pixity("audit", *DIRECT, "--set", "swing=centered", "--csv", status=1)
    header, rows = rows_of(result)
    verdicts = {row[0]: row[4] for row in rows}
    assert header == KEYS and verdicts["prefix"] == "fail" and verdicts["determinism"] == "pass"
    assert "checks failed" in result.stderr and "prefix" in result.stderr
    prefix = dict(zip(KEYS, next(row for row in rows if row[0] == "prefix")))
    assert f"The first: {prefix['series']} at {prefix['first']} changes" in prefix["detail"], prefix
    document = json.loads(pixity("audit", *DIRECT, "--set", "swing=centered", "--json", status=1).stdout)
    checks = {check["check"]: check for check in document["checks"]}
    first = checks["prefix"]["first"]
    assert first.endswith("+05:30") and first[:19].replace("T", " ") == prefix["first"][:19], (first, prefix)
    assert checks["determinism"]["first"] is None
    assert any("swing_high looks 5 bars ahead" in row[5] for row in rows if row[0] == "prefix")


@test
def a_short_warm_up_fails():
    write_bars("ABC.csv", walk(12))
    rows = rows_of(pixity("audit", *DIRECT, "--start", "2022-01-14", "--set", "warmup_days=0", "--csv", status=1))[1]
    assert [row[4] for row in rows if row[0] == "warm-up"] == ["fail"]


@test
def wrong_requests_are_refused():
    write_bars("ABC.csv", walk(2))
    fails("audit", "--timeframe", "5m", words=["--symbol is missing"])
    fails("audit", *DIRECT, "--strategy", "precomputed", words=["precomputed", "cannot be audited"])
    fails("audit", *DIRECT, "--start", "2023-01-01", words=["no bars from 2023-01-01"])
    fails("audit", "--input", "ABC.csv", "--timeframe", "1d", words=["too few"])


main()
