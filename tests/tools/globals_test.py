# SPDX-License-Identifier: Apache-2.0
"""The library has no mutable globals but for what loading other libraries needs, and exports what the public headers declare and nothing else."""
import pathlib
import re
import subprocess

from harness import BIN, SOURCE, main, test

BUILD = pathlib.Path(BIN).parent


def listing(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@test
def no_mutable_globals():
    symbols = listing("objdump", "-t", BUILD / "libpixity_core.a")
    objects = [line for line in symbols if re.search(r" O +\.", line)]
    assert any(" .rodata" in line for line in objects), "no constant found: is this the library?"
    mutable = [line.split()[-1] for line in objects if re.search(r" O +\.(data|bss|data\.rel|data\.rel\.local)\s", line)]
    tables = {"pxi_library_duckdb", "pxi_library_xgboost", "pxi_library_cairo", "pxi_library_zmq", "pxi_library_lock"}
    assert set(mutable) == tables, mutable


@test
def exports_are_the_public_functions():
    exported = {line.split()[-1] for line in listing("nm", "-D", "--defined-only", BUILD / "libpixity.so")}
    headers = "".join(path.read_text() for path in (SOURCE / "include/pixity").glob("*.h"))
    declared = set(re.findall(r"^PX_API [^;(]*?\b(px_\w+)\s*\(", headers, re.M))
    assert len(declared) > 50, sorted(declared)
    assert exported <= declared, f"exported but not declared: {sorted(exported - declared)}"
    assert declared <= exported, f"declared but not there: {sorted(declared - exported)}"


main()
