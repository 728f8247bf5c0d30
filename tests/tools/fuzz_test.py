# SPDX-License-Identifier: Apache-2.0
"""tools/fuzz: what stands in tests/fuzz is built and has inputs, and a target that did not run through failed."""
import contextlib
import importlib.machinery
import importlib.util
import io
import re

from harness import SOURCE, main, test

FOLDER = SOURCE / "tests" / "fuzz"
loader = importlib.machinery.SourceFileLoader("fuzz", str(SOURCE / "tools" / "fuzz"))
fuzz = importlib.util.module_from_spec(importlib.util.spec_from_loader("fuzz", loader))
loader.exec_module(fuzz)


def report(status, log):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        failed = fuzz.report(1, "target", status, log)
    return failed, said.getvalue()


@test
def every_target_is_built_and_has_inputs():
    built = re.findall(r"^  '(\w+)': ", (FOLDER / "meson.build").read_text(), re.M)
    assert sorted(built) == fuzz.known_targets() and len(built) > 5, built
    for target in built:
        assert any((FOLDER / "corpus" / target).iterdir()), target
    for folder in ("corpus", "regressions"):
        assert {path.name for path in (FOLDER / folder).iterdir()} <= set(built)


@test
def a_target_that_stops_early_failed():
    done = "#2 INITED\nstat::number_of_executed_units: 10000\n"
    assert report(0, done) == (0, "ok 1 - target: 10000 inputs\n")
    failed, said = report(77, "#2 INITED\na.c:1: does not hold: x\n" + done)
    assert failed == 1 and said == "not ok 1 - target\n# a.c:1: does not hold: x\n# stat::number_of_executed_units: 10000\n"
    assert report(0, "")[0] == 1


main()
