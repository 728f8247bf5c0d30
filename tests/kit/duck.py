# SPDX-License-Identifier: Apache-2.0
"""DuckDB files as others make them: the library that the program uses, unsealed."""
import ctypes
import os
import subprocess

from harness import SOURCE

LIBRARY = os.environ.get("PIXITY_DUCKDB") or subprocess.run(
    [SOURCE / "tools/get-duckdb", "--where"], capture_output=True, text=True, check=True).stdout.strip() + "/libduckdb.so"
ROW = "10.5 AS open, 11 AS high, 9.25 AS low, 10 AS close, 7 AS volume"
FIRST = 1660621500  # 2022-08-16 09:15 in India


class Result(ctypes.Structure):
    _fields_ = [("numbers", ctypes.c_uint64 * 3), ("pointers", ctypes.c_void_p * 3)]


def run(path, *statements):
    """Runs statements in a database file, or in memory (None)."""
    duck = ctypes.CDLL(LIBRARY)
    duck.duckdb_result_error.restype = ctypes.c_char_p
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert duck.duckdb_open(str(path).encode() if path else None, ctypes.byref(database)) == 0, path
    assert duck.duckdb_connect(database, ctypes.byref(connection)) == 0
    for statement in statements:
        result = Result()
        failed = duck.duckdb_query(connection, statement.encode(), ctypes.byref(result))
        assert not failed, duck.duckdb_result_error(ctypes.byref(result)).decode()
        duck.duckdb_destroy_result(ctypes.byref(result))
    duck.duckdb_disconnect(ctypes.byref(connection))
    duck.duckdb_close(ctypes.byref(database))


def bars(n, times="{first} + 60 * i", more=""):
    """A SELECT of n one-minute bars."""
    return f"SELECT {times.format(first=FIRST)} AS ts, {ROW}{more} FROM range({n}) r(i)"
