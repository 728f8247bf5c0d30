# SPDX-License-Identifier: Apache-2.0
"""Who uses the program needs no test library: make sets the build up without tests until tests are asked for."""
import json
import os
import pathlib
import shutil
import subprocess

from harness import BIN, SOURCE, main, test

BUILD = pathlib.Path(BIN).parent
# Finds everything but the test library.
PKG_CONFIG = '#!/bin/sh\nfor word; do [ "$word" != cmocka ] || exit 1; done\nexec {} "$@"\n'


def options_of(folder):
    listing = subprocess.run(["meson", "introspect", folder, "--buildoptions"], capture_output=True, check=True)
    return {option["name"]: option["value"] for option in json.loads(listing.stdout)}


def set_up(*options, status=0):
    pathlib.Path("bin").mkdir(exist_ok=True)
    stand_in = pathlib.Path("bin/pkg-config").resolve()
    stand_in.write_text(PKG_CONFIG.format(shutil.which("pkg-config")))
    stand_in.chmod(0o755)
    pathlib.Path("bin/cmake").symlink_to("/bin/false")  # which Meson asks next
    folders = [f"-D{name}={options_of(BUILD)[name]}" for name in ("duckdb_dir", "page_dir")]
    result = subprocess.run(
        ["meson", "setup", "out", SOURCE, *folders, *options], capture_output=True, text=True,
        env={**os.environ, "PATH": f"{stand_in.parent}:{os.environ['PATH']}", "CC": "cc", "CXX": "c++"})
    assert (result.returncode == 0) == (status == 0), result.stdout + result.stderr
    return result.stdout


@test
def without_tests_the_test_library_is_not_missed():
    set_up("-Dtests=false")
    listing = subprocess.run(["meson", "introspect", "out", "--tests"], capture_output=True, check=True)
    assert json.loads(listing.stdout) == []


@test
def with_tests_it_is():
    assert "cmocka" in set_up("-Dtests=true", status=1)


def make(*targets):
    """What make would do in a tree that was just cloned."""
    shutil.copy(SOURCE / "Makefile", ".")
    return subprocess.run(["make", "-n", *targets], capture_output=True, text=True, check=True).stdout


@test
def a_demo_asks_for_no_tests_and_testing_does():
    demo = make("demo")
    assert "bootstrap build" in demo and "-Dtests=false" in demo, demo
    assert "bootstrap test" not in demo and "-Dtests=true" not in demo, demo
    for target in ("quick", "test"):
        assert "bootstrap test" in make(target) and "-Dtests=true" in make(target)


main()
