# SPDX-License-Identifier: Apache-2.0
"""tools/get-clang-format: the version of tools/clang-format.txt with its sum, from a folder of packages in place of the
registry, and nothing of another sum."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import zipfile

from harness import SOURCE, main, test

VERSION = "9.9.9"
WHEEL = f"clang_format-{VERSION}-py3-none-any.whl"


def make_tree(sum_of_wheel=None):
    """A tree that asks for a package which stands ready in ./ready."""
    pathlib.Path("tree/tools").mkdir(parents=True)
    pathlib.Path("ready").mkdir()
    shutil.copy(SOURCE / "tools/get-clang-format", "tree/tools")
    info = f"clang_format-{VERSION}.dist-info"
    with zipfile.ZipFile(pathlib.Path("ready", WHEEL), "w") as wheel:
        program = zipfile.ZipInfo("clang_format/data/bin/clang-format")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, f"#!/bin/sh\necho formats {VERSION}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: clang-format\nVersion: {VERSION}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    digest = sum_of_wheel or hashlib.sha256(pathlib.Path("ready", WHEEL).read_bytes()).hexdigest()
    pathlib.Path("tree/tools/clang-format.txt").write_text(f"clang-format=={VERSION} \\\n    --hash=sha256:{digest}\n")


def get(status=0):
    env = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(pathlib.Path("ready").resolve()),
           "PIP_CONFIG_FILE": os.devnull}
    result = subprocess.run(["tree/tools/get-clang-format"], capture_output=True, text=True, env=env)
    assert result.returncode == status, (result.returncode, result.stderr)
    return result


def deps():
    return sorted(path.name for path in pathlib.Path("tree/.deps").glob("*"))


@test
def the_program_is_kept_and_asked_for_once():
    make_tree()
    program = get().stdout.strip()
    assert subprocess.run([program], capture_output=True, text=True).stdout == f"formats {VERSION}\n"
    assert deps() == [f"clang-format-{VERSION}"]
    pathlib.Path("ready", WHEEL).unlink()
    assert get().stdout.strip() == program


@test
def another_sum_is_refused_and_nothing_kept():
    make_tree("0" * 64)
    said = get(status=1).stderr
    assert "0" * 64 in said and f"could not install clang-format {VERSION}" in said, said
    assert deps() == []


main()
