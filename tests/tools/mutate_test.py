# SPDX-License-Identifier: Apache-2.0
"""tools/mutate: what it changes in C, what it leaves, and how it counts."""
import contextlib
import importlib.machinery
import importlib.util
import io
import sys

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
def only_killed_and_survived_count():
    with contextlib.redirect_stdout(io.StringIO()) as said:
        mutate.report({"killed": 3, "survived": 1, "unbuildable": 4, "equal": 5}, ["src/a.c:1: x"])
    assert said.getvalue().endswith("src/a.c:1: x\n\n3 killed, 1 survived, 4 do not build, 5 change nothing; rate 75.0 %\n")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        mutate.report(dict.fromkeys(("killed", "survived", "unbuildable", "equal"), 0), [])
    assert "rate none" in said.getvalue()


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
