# SPDX-License-Identifier: Apache-2.0
"""tools/mutate: what it changes in C, what it leaves, and how it counts."""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import subprocess
import sys
import tempfile

from harness import SOURCE, main, test

loader = importlib.machinery.SourceFileLoader("mutate", str(SOURCE / "tools" / "mutate"))
mutate = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
sys.modules["mutate"] = mutate
loader.exec_module(mutate)


def changes(body):
    """What becomes of the lines of a function's body."""
    text = f"static int f(int a, int *b) {{\n{body}\n}}\n"
    found = list(mutate.places("f.c", text))
    for m in found:
        assert text.split("\n")[m.line - 1] == m.text and m.text[m.begin:m.end] == m.old
    return {(m.text[:m.begin] + m.new + m.text[m.end:]).strip() for m in found}


@test
def each_operator_is_changed_to_its_neighbour():
    assert changes("    return a < 3;") == {"return a <= 3;", "return a < 4;", "return a < 2;", "return 0;"}
    assert changes("    if (a >= b[0] && !c)\n") == {
        "if (a > b[0] && !c)", "if (a >= b[0] || !c)", "if (a >= b[0] && c)", "if (!(a >= b[0] && !c))"}
    assert changes("    total += x * y;") == {"total -= x * y;", "total += x / y;", "(void)0;"}
    assert changes("    while (f(a++) != true)") == {
        "while (f(a--) != true)", "while (f(a++) == true)", "while (f(a++) != false)"}
    assert changes("    const double k = 0.5;") == {"const double k = 1.5;"}
    assert changes("    mark(a);") == {"(void)0;"}


@test
def what_no_test_should_tell_is_left():
    for line in ("    /* a + b */", "    // a < 1", '    say("a < 1");'[:4], "    assert(a > 0);", "    char text[64];",
                 "    if (pthread_create(&a, 0, f, b) == 0)", "    pxi_unpin(&a);",
                 "    free(a);", "    px_home_close(&a);", "    int *pointer;", "    x = malloc(a + 1);",
                 "    if (!x)\n        return PX_ENOMEM;", "    px_thing thing = {0};", "#define X (1 + 2)"):
        assert changes(line) == set(), (line, changes(line))
    assert changes('    say("a < 1 && b");') == {"(void)0;"}
    assert changes('    return fails ? pxi_fail(err, PX_EIO, "a %d", b + 1) : PX_OK;') == {"return 0;"}


@test
def a_change_elsewhere_leaves_the_places():
    line = "    return a + b;"
    keys = lambda text: {m.key() for m in mutate.places("f.c", text) if m.text == line}  # noqa: E731
    one = keys(f"int f(int a, int b) {{\n{line}\n}}\n")
    assert len(one) == 2 and one == keys(f"/* moved */\n\nint f(int a, int b) {{\n    a++;\n{line}\n}}\n")
    assert len({m.key() for m in mutate.places("f.c", f"{{\n{line}\n{line}\n}}")}) == 4


@test
def what_is_no_change_does_not_count():
    counts = dict.fromkeys(mutate.VERDICTS, 0)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        mutate.report({"killed": 6, "survived": 1, "not executed": 1, "unbuildable": 4, "equal": 5}, ["src/a.c:1: x"])
    assert said.getvalue().endswith("src/a.c:1: x\n\n6 killed, 1 survived, 1 not executed, 4 do not build, "
                                    "5 change nothing; rate 75.0 %\n")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        mutate.report(counts, [])
    assert "rate none" in said.getvalue()


@test
def a_line_asks_the_tests_that_execute_it():
    text = "int f(int a)\n{\n    return a +\n        1;\n}\nint table[] = {\n    1 + 2};\nint g(void)\n{\n    f(0 + 1);\n}\n" \
           "static struct {\n    int a;\n} own[] = {\n    1 + 2};\n"
    coverage = mutate.Coverage.__new__(mutate.Coverage)
    coverage.tests = {("f.c", 1): {"one", "two"}, ("f.c", 3): {"one"}, ("f.c", 8): set(), ("f.c", 10): set()}
    with tempfile.TemporaryDirectory() as folder:
        mutate.TREE = pathlib.Path(folder)
        (mutate.TREE / "f.c").write_text(text)
        asked = {m.line: coverage.asked(m) for m in mutate.places("f.c", text)}
    assert asked == {3: {"one"}, 4: {"one"}, 7: None, 10: set(), 15: {"one", "two"}}, asked


@test
def short_tests_and_those_of_a_name_are_asked_first():
    judge = mutate.Judge.__new__(mutate.Judge)
    judge.times = {"test_time": 1, "test_zones": 2, "test_replay": 15, "test_base": 4}
    judge.tests = [{"name": name} for name in judge.times]
    mutant = next(mutate.places("src/backtest/replay.c", "{\n    a++;\n}"))
    ask = lambda names: [test["name"] for test in judge.asked(mutant, names)]  # noqa: E731
    assert ask(None) == ["test_time", "test_replay", "test_zones", "test_base"]
    assert ask({"test_base", "test_zones"}) == ["test_zones", "test_base"] and ask(set()) == []


@test
def gcov_tells_what_a_program_executed():
    with tempfile.TemporaryDirectory() as folder:
        mutate.TREE = pathlib.Path(folder).resolve()
        mutate.COVERED = mutate.TREE / "coverage"
        for made in (mutate.TREE / "src", mutate.COVERED):
            made.mkdir()
        (mutate.TREE / "src" / "a.c").write_text("int main(int n, char **v)\n{\n    (void)v;\n    if (n > 1)\n"
                                                 "        return 1;\n    return 0;\n}\n")
        subprocess.run(["gcc", "--coverage", "-O0", "-o", "a", "../src/a.c"], cwd=mutate.COVERED, check=True)
        for arguments, returned in (([], 6), (["x"], 5), ([], 6)):  # nothing of the call before
            executed = mutate.executed_lines({"cmd": [str(mutate.COVERED / "a"), *arguments], "env": {}})["src/a.c"]
            assert [line for line in ("4", "5", "6") if executed[line]] == ["4", str(returned)], executed


@test
def a_test_that_writes_outside_or_hangs_has_failed():
    runner = mutate.Runner()
    mutate.TREE = SOURCE
    quiet = {"name": "x", "env": {}, "suite": ["unit"]}
    try:
        assert runner.run({**quiet, "cmd": ["true"]}, 60)[0] is True
    except SystemExit as reason:
        assert "cannot be shut in" in str(reason)  # where namespaces are forbidden it runs nothing
        return
    assert runner.run({**quiet, "cmd": ["false"]}, 60)[0] is False
    assert runner.run({**quiet, "cmd": ["touch", f"{SOURCE}/.written"]}, 60)[0] is False
    assert not (SOURCE / ".written").exists()
    assert runner.run({**quiet, "cmd": ["sh", "-c", "while :; do :; done"]}, 1)[0] is False


main()
