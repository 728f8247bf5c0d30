# SPDX-License-Identifier: Apache-2.0
"""tools/run-tests counts what ran, and never takes silence for success."""
import contextlib
import importlib.machinery
import importlib.util
import io

from harness import SOURCE, main, test

loader = importlib.machinery.SourceFileLoader("run_tests", str(SOURCE / "tools/run-tests"))
run_tests = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
loader.exec_module(run_tests)


def count(output, status=0):
    result = run_tests.count_tap(output, status)
    return result.passed, result.failed, result.skipped


@test
def results_are_counted():
    assert count("1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no data\n", 1) == (1, 1, 1)


@test
def a_skip_as_cmocka_writes_it():
    assert count("1..2\nok 1 - a\nnot ok 2 # SKIP b\n# ok - group\n") == (1, 0, 1)


@test
def results_as_cmocka_2_writes_them():
    failed = "not ok 2 - b\n  ---\n  message: |-\n    1 != 2\n  severity: fail\n  ...\n"
    assert count("TAP version 14\n1..3\nok 1 - a\n" + failed + "ok 3 - c # SKIP\n", 1) == (1, 1, 1)


@test
def several_groups_in_one_program():
    assert count("1..1\nok 1 - a\n1..2\nok 1 - b\nok 2 - c\n") == (3, 0, 0)


@test
def tests_that_never_ran_are_failures():
    assert count("1..5\nok 1 - a\n", -11) == (1, 4, 0)


@test
def a_bad_exit_after_good_results_is_a_failure():
    assert count("1..1\nok 1 - a\n", 99) == (1, 1, 0)


@test
def silence_is_a_failure():
    assert count("") == (0, 1, 0)
    assert count("cannot open shared object\n", 127) == (0, 1, 0)


@test
def a_program_may_skip_as_a_whole():
    assert count("1..0 # SKIP no shared data\n") == (0, 0, 1)


@test
def nothing_but_skips_is_no_success():
    report = run_tests.Report()
    report.total += run_tests.Count(skipped=3)
    assert report.finish() == 1


@test
def what_was_reduced_is_said_once_with_its_tests():
    report, said = run_tests.Report(), io.StringIO()
    with contextlib.redirect_stdout(said):
        report.add("quick unit/a", run_tests.Count(passed=1), 0, "# reduced: 5 of 50 rounds\nok 1 - a\n")
        report.add("quick unit/b", run_tests.Count(passed=1), 0, "# reduced: 5 of 50 rounds\n# reduced: x left out\n")
        assert report.finish() == 0
    assert said.getvalue().splitlines()[-4:] == [
        "reduced: 5 of 50 rounds (a, b)", "reduced: x left out (b)", "", "2 passed, 0 failed, 0 skipped"]


@test
def suites_that_did_not_run_are_told_before_the_closing_line():
    run_tests.CHROMIUM = "/nowhere/chromium"
    report, said = run_tests.Report(), io.StringIO()
    with contextlib.redirect_stdout(said):
        report.add("gcc unit/a", run_tests.Count(passed=1), 0, "ok 1 - a\n")
        for name in ("b", "c"):
            report.add(f"gcc browser/{name}", *run_tests.run_test({"suite": ["pixity:browser"]}, {}))
        assert report.finish() == 0
    assert said.getvalue().splitlines()[-3:] == [
        "did not run: gcc browser (2 programs): no Chromium at /nowhere/chromium (PIXITY_CHROMIUM names another)", "",
        "1 passed, 0 failed, 2 skipped"]


@test
def one_build_of_all_runs_every_suite_in_full():
    assert "quick" in run_tests.NAMES and "quick" not in run_tests.ORDER
    assert run_tests.BUILDS["gcc"][4] is None
    reduced = [name for name, build in run_tests.BUILDS.items() if "PIXITY_REDUCED" in build[3]]
    assert reduced == ["quick", "clang", "sanitize", "scripts", "threads"]


@test
def what_is_left_to_make_sanitize_is_there_and_told():
    assert "scripts" in run_tests.NAMES and "scripts" not in run_tests.ORDER
    for name in run_tests.LEFT_TO_SANITIZE:
        assert (SOURCE / "tests" / name).is_file(), name
    listing = [{"name": name, "suite": [f"pixity:{suite}"]} for name, suite in
               (("journal_test.py", "cli"), ("journal_test.py", "http"), ("import_test.py", "cli"), ("test_a", "unit"))]
    real, run_tests.introspect = run_tests.introspect, lambda name, what: listing
    try:
        assert [run_tests.whole_name(test) for test in run_tests.tests_of("sanitize")] == [
            "http/journal_test.py", "cli/import_test.py", "unit/test_a"]
        assert [run_tests.whole_name(test) for test in run_tests.tests_of("scripts")] == ["cli/journal_test.py"]
    finally:
        run_tests.introspect = real


@test
def a_build_that_is_reduced_makes_what_its_tests_need():
    listing = {
        "tests": [{"name": "test_a", "suite": ["pixity:unit"], "depends": ["a"]},
                  {"name": "test_b", "suite": ["pixity:http"], "depends": ["b", "program"]}],
        "targets": [{"id": name, "filename": [str(run_tests.ROOT / folder / name)]}
                    for folder, name in (("build", "a"), ("build", "b"), ("build", "program"), ("build", "bench"))],
    }
    real, run_tests.introspect = run_tests.introspect, lambda name, what: listing[what]
    try:
        assert run_tests.targets("quick") == ["a"] and run_tests.targets("gcc") == []
        assert [test["name"] for test in run_tests.tests_of("gcc")] == ["test_a", "test_b"]
    finally:
        run_tests.introspect = real


@test
def the_longest_test_starts_first():
    tests = [{"name": name, "suite": [f"pixity:{suite}"]} for name, suite in
             (("short", "unit"), ("long", "cli"), ("new", "unit"), ("page", "browser"))]
    order = run_tests.longest_first(tests, {"short": 1.0, "long": 9.0})
    assert [test["name"] for test in order] == ["page", "new", "long", "short"]


main()
