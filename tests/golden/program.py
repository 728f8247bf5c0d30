# SPDX-License-Identifier: Apache-2.0
"""What the tests that run the program on the committed cases share."""
import io
import json

import cases
from harness import pixity, reduced, test


def read_document(name):
    return json.loads((cases.HERE / "cases" / name / "case.json").read_text())


def source_of(document):
    """Where the verbs take the bars: the file in place or, as only stored symbols have ticks, the home folder."""
    bars = cases.HERE / "cases" / document["bars"] / "bars_1m.csv"
    if not document["tick"]:
        return ["--input", bars, "--input-timeframe", "1m"]
    pixity("import", bars, "--symbol", "CASE", "--timeframe", "1m")
    pixity("data", "instruments", "CASE", "--tick", document["tick"], "--lot", document["lot_size"])
    return ["--symbol", "CASE"]


def runs_of(name):
    """For each profile and timeframe of a case: (folder, profile, timeframe, arguments of the verbs)."""
    document = read_document(name)
    source, settings = source_of(document), []
    for key, value in {**document["config"], "capital": document["capital"], "product": document["product"]}.items():
        settings += ["--set", f"{key}={value}"]
    for profile in cases.PROFILES:
        for timeframe in document["timeframes"]:
            arguments = [*source, "--timeframe", timeframe, "--profile", profile, *settings]
            yield cases.HERE / "cases" / name / profile, profile, timeframe, arguments


def table(*arguments):
    return cases.read_text(io.StringIO(pixity(*arguments, "--csv").stdout))


def add_tests(label, check):
    """One test a case: check(folder, profile, timeframe, arguments) returns differences as lines."""
    one_each = reduced("one profile and timeframe of each case only")
    for number, case in enumerate(cases.CASES):

        def run(name=case["name"], number=number):
            runs = list(runs_of(name))
            if one_each:  # the last timeframe, of the profiles by turns
                runs = runs[-1::-1][number % 2 * len(runs) // 2:][:1]
            lines = [line for each in runs for line in check(*each)]
            assert not lines, "\n".join(lines)

        run.__name__ = f"{label}_of_{case['name']}"
        test(run)
