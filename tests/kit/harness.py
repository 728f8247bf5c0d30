# SPDX-License-Identifier: Apache-2.0
"""Script tests in TAP. A test is a function marked @test that asserts; main() runs them all.

    from harness import main, pixity, test

    @test
    def unknown_verb_is_named():
        result = pixity("fly", status=2)
        assert "fly" in result.stderr

    main()

Each test runs in a temporary folder of its own, which is also PIXITY_HOME's parent.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

SOURCE = pathlib.Path(os.environ.get("PIXITY_SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
BIN = os.environ.get("PIXITY_BIN", str(SOURCE / "build" / "pixity"))
SANITIZER_EXIT = 99  # see tools/run-tests
_tests = []


class Skip(Exception):
    """Raise with the reason."""


def test(function):
    _tests.append(function)
    return function


def reduced(left_out):
    """Whether a part is enough, as in `make quick` and under a sanitizer; what it leaves out is told."""
    if "PIXITY_REDUCED" not in os.environ:
        return False
    print(f"# reduced: {left_out}", flush=True)
    return True


def in_full(reason):
    """Marks a test that is left out where a part is enough."""
    return lambda function: function if reduced(f"{function.__name__} left out, {reason}") else test(function)


def shared(*parts):
    """A path in the folder of shared data; skips the test where it is absent."""
    root = pathlib.Path(os.environ.get("PIXITY_SHARED", SOURCE.parent / "shared"))
    path = root.joinpath(*parts)
    if not path.exists():
        raise Skip(f"no {'/'.join(parts)} in the shared data (PIXITY_SHARED)")
    return path


def pixity(*args, status=0, stdin=None, env=None):
    """Runs the program with PIXITY_HOME ./home and checks its exit status (None: any of 0, 1, 2)."""
    result = subprocess.run(
        [BIN, *map(str, args)], input=stdin, capture_output=True, text=True,
        env={**os.environ, "PIXITY_HOME": "home", **(env or {})},
    )
    wanted = (0, 1, 2) if status is None else (status,)
    assert result.returncode in wanted and result.returncode != SANITIZER_EXIT, (
        f"pixity {' '.join(map(str, args))}: exit {result.returncode}, wanted {wanted}\n"
        f"{result.stdout[-2000:]}\n{result.stderr[-4000:]}"
    )
    return result


def main():
    failed = 0
    print(f"1..{len(_tests)}", flush=True)
    for number, function in enumerate(_tests, 1):
        name = function.__name__
        with tempfile.TemporaryDirectory(prefix="pixity-test-", ignore_cleanup_errors=True) as folder:
            os.chdir(folder)
            try:
                function()
                line = f"ok {number} - {name}"
            except Skip as reason:
                line = f"ok {number} - {name} # SKIP {reason}"
            except Exception:
                failed += 1
                details = traceback.format_exc().strip().replace("\n", "\n# ")
                line = f"not ok {number} - {name}\n# {details}"
            os.chdir("/")
        print(line, flush=True)
    sys.exit(1 if failed else 0)
