# SPDX-License-Identifier: Apache-2.0
"""What is known to be wrong stands on every result that it touches, in the same words and the same order."""
import json

from harness import main, pixity, test
from lab import document, fails, walk, write_bars
from stream_kit import as_csv, stream

DAY = 375
BARS = ["--symbol", "ABC", "--timeframe", "5m"]
ACCEPT = ["--accept", "bad_price"]


def another_level(rows, day):
    """Two hours of another instrument's prices."""
    for i in range(day * DAY + 60, day * DAY + 180):
        rows[i] = [rows[i][0], *(f"{float(price) / 12:.2f}" for price in rows[i][1:5]), rows[i][5]]
    return rows


def of_bars(findings):
    """Those that are about the bars, which whoever reads the same bars has too."""
    return [one for one in findings if one["code"] in {"bad_price", "gap", "partial_session", "out_of_session", "spike"}]


def stored(*, days=30, hole=True):
    rows = another_level(walk(days), 3)
    if hole:
        del rows[5 * DAY + 100 : 5 * DAY + 130]
    write_bars("abc.csv", rows)
    pixity("import", "abc.csv", "--symbol", "ABC", "--on-conflict", "replace")
    return document("backtest", *BARS, "--strategy", "ema_cross", *ACCEPT, "--run-id", "whole")


@test
def training_refuses_errors_and_keeps_what_was_accepted():
    run = stored()
    fails("train", *BARS, "--learner", "logistic", words=["bad_price: ", "--accept bad_price"])
    fails("train", *BARS, "--learner", "logistic", "--accept", "bad_prize", words=['"bad_prize"', "bad_price"])
    report = document("train", *BARS, "--learner", "logistic", *ACCEPT)
    assert of_bars(report["findings"]) == of_bars(run["findings"]) and of_bars(report["findings"])[0]["accepted"] is True
    assert [found["code"] for found in report["findings"]][0] == "bad_price"
    assert all(found["what"] in text for found, text in zip(report["findings"], report["warnings"], strict=True))
    text = pixity("train", *BARS, "--learner", "logistic", *ACCEPT).stdout
    assert text.startswith("ACCEPTED  bad_price: ") and "\nWARNING   gap: " in text, text[:400]
    card = document("models", "show", "ABC_5m")
    assert card["findings"] == report["findings"]
    assert "accepted" in pixity("models", "show", "ABC_5m").stdout
    # a run by that model, over bars that have no error themselves
    model = document("backtest", *BARS, "--strategy", "pixityAI_meta", "--start", "2022-01-24", "--set", "warmup_days=5")
    (told,) = [one for one in model["findings"] if one["code"] == "trained_over_error"]
    assert "bad_price" in told["what"] and told["severity"] == "warning"


@test
def a_training_on_several_symbols_tells_each_and_refuses_for_all():
    write_bars("a.csv", another_level(walk(12), 3))
    write_bars("b.csv", another_level(walk(12, seed=2), 5))
    write_bars("c.csv", walk(12, seed=3))
    for name in "abc":
        pixity("import", f"{name}.csv", "--symbol", name.upper(), "--on-conflict", "replace")
    pool = ["train", "--symbol", "A,B,C", "--timeframe", "5m", "--learner", "logistic", "--model-out", "pool"]
    fails(*pool, words=["bad_price: A: ", "and of 1 more instrument", "--accept bad_price"])
    report = document(*pool, *ACCEPT)
    found = {one["code"]: one for one in report["findings"]}
    assert found["bad_price"]["count"] == 240 and found["bad_price"]["accepted"] is True
    codes = [[one["code"] for one in instrument["findings"]] for instrument in report["instruments"]]
    assert ["bad_price" in of for of in codes] == [True, True, False], codes


@test
def a_comparison_has_the_findings_of_its_runs():
    run = stored()
    pixity("backtest", *BARS, "--strategy", "ema_cross", *ACCEPT, "--set", "fees=none", "--run-id", "part")
    both = document("runs", "compare", "whole", "part")["runs"]
    assert both[0]["findings"] == run["findings"] and both[0]["warnings"] == run["warnings"]
    text = pixity("runs", "compare", "whole", "part").stdout
    assert text.startswith("ACCEPTED        whole: bad_price: "), text[:200]
    assert json.loads(pixity("runs", "show", "whole", "--json").stdout)["findings"] == run["findings"]


@test
def an_audit_refuses_errors_and_has_the_findings_of_the_backtest():
    run = stored()
    audit = ["audit", *BARS, "--strategy", "ema_cross"]
    fails(*audit, words=["bad_price: ", "--accept bad_price"])
    result = pixity(*audit, *ACCEPT, "--json", status=1)
    told = json.loads(result.stdout)
    assert told["findings"] == run["findings"] and told["warnings"] == run["warnings"]
    verdicts = {check["check"]: (check["verdict"], check["plain"]) for check in told["checks"]}
    assert verdicts["data"][0] == "fail" and "not believable" in verdicts["data"][1], verdicts["data"]
    assert verdicts["fills"][0] == verdicts["sessions"][0] == "pass", verdicts
    assert verdicts["seed"] == ("skipped", None)
    text = pixity(*audit, *ACCEPT, status=1).stdout
    assert text.startswith("ACCEPTED  bad_price: ")
    assert "What you may believe\nNO       data\n" in text and "\nunknown  seed\n" in text


def by_kind(lines):
    return {line["kind"]: line for line in lines if line["type"] == "warning" and "severity" in line}


@test
def a_stream_says_first_what_is_wrong_with_its_history():
    rows = another_level(walk(12), 3)
    write_bars("abc.csv", rows[: 10 * DAY])
    pixity("import", "abc.csv", "--symbol", "ABC", "--on-conflict", "replace")
    live = as_csv(rows[10 * DAY : 11 * DAY])
    args = [*BARS, "--skip-meta-model", "--account", "paper"]
    refused = pixity("stream", *args, stdin=live, status=2)
    assert "bad_price: " in refused.stderr and "--accept bad_price" in refused.stderr and not refused.stdout
    lines = stream(live, *args, *ACCEPT)
    run = document("backtest", *BARS, "--strategy", "pixityAI_meta", "--set", "skip_meta_model=true", *ACCEPT, "--run-id", "before")
    first = lines[: len(by_kind(lines))]
    assert [line["type"] for line in first] == ["warning"] * len(first), "they stand before the first bar"
    assert list(by_kind(lines))[0] == "bad_price" and "stale_history" not in by_kind(lines)
    told = {one["code"]: one for one in run["findings"]}
    for code in ("bad_price", "no_slippage"):
        line = by_kind(lines)[code]
        assert line["message"] in run["warnings"], line
        assert (line["effect"], line["remedy"]) == (told[code]["effect"], told[code]["remedy"])
    assert by_kind(lines)["bad_price"]["accepted"] is True
    account = document("account", "show", "paper")
    assert account["accept"] == "bad_price"
    assert [one["code"] for one in account["findings"]] == list(by_kind(lines))
    assert account["warnings"] == [line["message"] for line in by_kind(lines).values()]
    # it goes on over what it was begun over, and says nothing twice
    more = stream(as_csv(rows[11 * DAY :]), *args)
    assert by_kind(more) == {} and [line for line in more if line["type"] == "bar"]
    assert document("account", "show", "paper")["findings"] == account["findings"]
    assert "ACCEPTED" not in pixity("account", "show", "paper").stdout


@test
def a_stream_waits_where_sessions_are_missing():
    rows = walk(14)
    write_bars("abc.csv", rows[: 10 * DAY])
    pixity("import", "abc.csv", "--symbol", "WAIT", "--on-conflict", "replace")
    args = ["--symbol", "WAIT", "--timeframe", "15m", "--skip-meta-model"]
    whole = stream(as_csv(rows[10 * DAY :]), *args)
    assert "stale_history" not in by_kind(whole)
    late = stream(as_csv(rows[12 * DAY :]), *args)  # two sessions later
    found = by_kind(late)["stale_history"]
    assert found["count"] == 2 and found["severity"] == "warning", found
    bars = [line["timestamp"] for line in late if line["type"] == "bar"]
    signals = [line for line in late if line["type"] == "signal"]
    held = [line for line in signals if line["timestamp"] < bars[49]]
    assert held and {line["fate"] for line in held} == {"stale_history"}, held
    assert not any(line["fate"] == "stale_history" for line in signals if line["timestamp"] >= bars[49])
    # a weekend is no missing session, and without a store there is no history
    assert "stale_history" not in by_kind(stream(as_csv(rows[12 * DAY :]), *args, "--warmup-days", "0"))


main()
