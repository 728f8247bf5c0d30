# SPDX-License-Identifier: Apache-2.0
"""What `meson install` puts into a prefix works there, and after the prefix was moved: program, library, headers,
pkg-config file, manual page, completion; and the example of examples/c_api builds against it with pkg-config only."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from harness import BIN, SOURCE, Skip, main, test

BUILD = pathlib.Path(BIN).parent
VERSION = re.search(r'PX_VERSION "(.*)"', (SOURCE / "include/pixity/pixity.h").read_text())[1]
_folder = tempfile.TemporaryDirectory(prefix="pixity-install-")


def run(*command, status=0, env=None, **options):
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, env=env, **options)
    assert result.returncode == status, f"{command}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def installed():
    """The prefix, installed once and then moved to where nothing was configured for."""
    if not hasattr(installed, "prefix"):
        dest = pathlib.Path(_folder.name, "dest")
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", dest)
        (bin_folder,) = dest.rglob("bin")
        shutil.move(bin_folder.parent, pathlib.Path(_folder.name, "moved"))
        installed.prefix = pathlib.Path(_folder.name, "moved")
    return installed.prefix


def find(pattern):
    (path,) = installed().rglob(pattern)
    return path


def pkg_config(*args):
    """The prefix that the file was made for is not where it stands now."""
    return ["pkg-config", f"--define-variable=prefix={installed()}", *args]


def pkg_env():
    return {**os.environ, "PKG_CONFIG_PATH": str(find("pixity.pc").parent)}


def program(*args, status=0):
    """The installed program in an empty environment."""
    return run(installed() / "bin/pixity", *args, status=status, env={})


@test
def program_runs_in_an_empty_environment():
    assert program("--version") == f"pixity {VERSION}\n"
    program("synth", "--symbol", "S", "--days", "60", "--seed", "1", "--kind", "trend", "--start", "2022-01-03")
    run_json = json.loads(program("backtest", "--strategy", "pixityAI_meta", "--skip-meta-model", "--symbol", "S",
                                  "--timeframe", "15m", "--run-id", "r", "--json"))
    assert run_json["metrics"]["# Trades"] > 0
    program("runs", "export", "r", "--out", "r", "--format", "parquet")
    assert "ok" in program("doctor") and pathlib.Path("pixity-data/runs/r").is_dir()


def libraries_of(*args, status):
    """The files that the program and its libraries are loaded from."""
    result = subprocess.run([installed() / "bin/pixity", *args], env={"LD_DEBUG": "libs"}, capture_output=True, text=True)
    assert result.returncode == status, result.stderr
    return {os.path.normpath(path) for path in re.findall(r"calling init: (\S+)", result.stderr)}


@test
def large_libraries_are_loaded_when_they_are_used():
    def large(*args, status=0):
        names = " ".join(libraries_of(*args, status=status))
        return {word for word in ("duckdb", "xgboost", "cairo", "zmq", "microhttpd", "stdc++") if f"lib{word}." in names}

    program("synth", "--symbol", "L", "--days", "5", "--seed", "1", "--kind", "walk", "--start", "2022-01-03")
    assert large("--version") == large("runs", "list") == set()
    assert large("backtest", "--strategy", "ema_cross", "--symbol", "L", "--timeframe", "15m") == {"duckdb", "stdc++"}
    assert {"duckdb", "xgboost", "cairo", "microhttpd"} <= large("doctor")


@test
def a_library_that_is_missing_is_told_by_what_needs_it():
    library, away = find("libduckdb.so"), installed() / "away"
    library.rename(away)
    try:
        program("--version")
        command = [installed() / "bin/pixity", "synth", "--symbol", "M", "--days", "5", "--seed", "1", "--kind", "walk"]
        result = subprocess.run(command, env={}, capture_output=True, text=True)
        assert result.returncode == 1 and "cannot load libduckdb.so: " in result.stderr, result.stderr
        assert re.search(r"DuckDB +cannot be loaded; install", program("doctor", status=1))
    finally:
        away.rename(library)


@test
def library_has_a_version_and_finds_its_duckdb_beside_it():
    library = find(f"libpixity.so.{VERSION}")
    names = {path.name: os.readlink(path) for path in library.parent.glob("libpixity.so*") if path.is_symlink()}
    major = VERSION.split(".")[0]
    assert names == {"libpixity.so": f"libpixity.so.{major}", f"libpixity.so.{major}": library.name}
    dynamic = run("readelf", "-d", library)
    assert f"soname: [libpixity.so.{major}]" in dynamic and "[$ORIGIN/pixity]" in dynamic
    for path in (library, installed() / "bin/pixity"):
        loaded = run("ldd", path, env={})
        assert "not found" not in loaded, loaded
        dynamic = run("readelf", "-d", path)
        assert str(BUILD) not in dynamic and str(SOURCE) not in dynamic, "it would look in the build folder"
    assert str(find("libduckdb.so")) in libraries_of("doctor", status=0)


@test
def headers_compile_alone_as_c_and_as_cpp():
    include = find("pixity.h").parent.parent
    there = {path.name for path in (include / "pixity").iterdir()}
    assert there == {path.name for path in (SOURCE / "include/pixity").iterdir()}
    output = run(SOURCE / "tools/check-headers", include)
    assert output.count("\nok ") == 2 * len(there), output


@test
def pkg_config_tells_what_compiling_needs():
    assert run(*pkg_config("--modversion", "pixity"), env=pkg_env()) == f"{VERSION}\n"
    flags = run(*pkg_config("--cflags", "--libs", "pixity"), env=pkg_env()).split()
    assert sorted(flags) == sorted([f"-I{find('pixity.h').parent.parent}", f"-L{find('libpixity.so').parent}",
                                    "-lpixity"]), flags
    text = find("pixity.pc").read_text()
    assert str(SOURCE) not in text and str(BUILD) not in text


@test
def the_example_builds_with_pkg_config_only_and_runs():
    shutil.copytree(SOURCE / "examples/c_api", "c_api")
    make = ["make", "-s", "-C", "c_api", f"PKG_CONFIG={' '.join(pkg_config())}"]
    run(*make, "CFLAGS=-O1 -Wall -Wextra -Wpedantic -Werror", env=pkg_env())
    program("synth", "--symbol", "S", "--days", "60", "--seed", "1", "--kind", "trend", "--start", "2022-01-03")
    program("data", "export", "--symbol", "S", "--out", "S.csv")
    stored = json.loads(program("backtest", "--strategy", "pixityAI_meta", "--skip-meta-model", "--symbol", "S",
                                "--timeframe", "15m", "--json"))
    for arguments in (["S.csv", "15m"], ["pixity-data", "S", "15m"]):
        text = run("c_api/backtest", *arguments, env={})
        assert f"{stored['events']['candidates']} candidates, {stored['events']['executed']} executed" in text
        shown = re.search(r"^  # Trades +(\d+)$", text, re.M)
        assert int(shown[1]) == stored["metrics"]["# Trades"] and re.search(r"^  vwap +\d", text, re.M)
    assert run("c_api/backtest", "none.csv", "15m", status=2, env={}) == ""


@test
def a_cpp_program_links():
    pathlib.Path("a.cpp").write_text("#include <pixity/pixity.h>\n#include <cstdio>\n"
                                     "int main() { std::puts(px_version()); px_config c = px_config_default();\n"
                                     "return c.capital > 0 ? 0 : 1; }\n")
    flags = run(*pkg_config("--cflags", "--libs", "pixity"), env=pkg_env()).split()
    run("c++", "-Wall", "-Wextra", "-Werror", "a.cpp", "-o", "a", *flags, f"-Wl,-rpath,{find('libpixity.so').parent}")
    assert run("./a", env={}) == f"{VERSION}\n"


@test
def manual_page_renders():
    page = find("pixity.1")
    if not shutil.which("man"):
        raise Skip("man is not installed")
    result = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                            env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
    if "minimized" in result.stdout:
        raise Skip("man pages are left out of this system")
    assert result.returncode == 0 and result.stderr == "", result.stderr
    assert "pixity runs compare" in result.stdout and "EXIT STATUS" in result.stdout


@test
def manual_page_has_no_defect_that_mandoc_knows():
    if not shutil.which("mandoc"):
        raise Skip("mandoc is not installed")
    run("mandoc", "-T", "lint", "-W", "error", find("pixity.1"))


# ---- completion ---------------------------------------------------------------------------------------------

def bash_replies(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); $(complete -p pixity | '
              "sed 's/.*-F \\([^ ]*\\).*/\\1/') \"$1\"; printf '%s\\n' \"${COMPREPLY[@]}\"")
    path = find("pixity.bash")
    return run("bash", "--norc", "-c", script, "bash", path, installed() / "bin/pixity", *words,
               env={"PATH": os.environ["PATH"], "PIXITY_HOME": "home"}).split("\n")[:-1]


def prepare_home():
    for symbol in ("M&M", "S"):
        program("synth", "--home", "home", "--symbol", symbol, "--days", "60", "--seed", "1", "--start", "2022-01-03")
    for name in ("first", "second"):
        program("backtest", "--home", "home", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m",
                "--run-id", name)
    run(installed() / "bin/pixity", "stream", "--home", "home", "--account", "paper", "--strategy", "ema_cross",
        "--symbol", "S", "--timeframe", "15m", env={},
        input="timestamp,open,high,low,close,volume\n2022-06-01 09:15:00,1000,1001,999,1000,10\n")


CASES = {
    "verbs": (["back"], ["backtest"]),
    "families": (["run"], ["runs"]),
    "aliases": (["workf"], ["workflow"]),
    "verbs of a family": (["runs", "s"], ["show", "sql"]),
    "options": (["backtest", "--sk"], ["--skip-meta-model"]),
    "options of the program": (["--lo"], ["--log-level"]),
    "after options of the program": (["--quiet", "--home", "home", "runs", "exp"], ["export"]),
    "choices": (["import", "--on-conflict", ""], ["error", "skip", "replace"]),
    "choices in the value's name": (["import", "--stamp", "o"], ["open"]),
    "settings": (["config", "show", "--set", "stop_f"], ["stop_fill="]),
    "values of settings": (["config", "show", "--set", "stop_fill=l"], ["stop_fill=level"]),
    "settings that are options": (["backtest", "--profile", "h"], ["honest"]),
    "strategies": (["backtest", "--strategy", "ema"], ["ema_cross"]),
    "learners": (["train", "--learner", "g"], ["gbt"]),
    "runs": (["runs", "show", ""], ["first", "second"]),
    "more runs": (["runs", "compare", "first", "s"], ["second"]),
    "accounts": (["account", "show", "p"], ["paper"]),
    "accounts of an option": (["stream", "--account", ""], ["paper"]),
    "nothing": (["nonsense", "x"], []),
    "no verb inside": (["runs", "nonsense", "x"], []),
}


@test
def bash_completes():
    prepare_home()
    for name, (words, wanted) in CASES.items():
        assert sorted(bash_replies(*words)) == sorted(wanted or [""]), (name, bash_replies(*words))
    assert bash_replies("backtest", "--symbol", "M&") == ["M\\&M"]
    # bash splits words at "=" and replaces what comes behind it.
    assert bash_replies("config", "show", "--set", "stop_fill", "=", "l") == ["level"]
    assert bash_replies("backtest", "--strategy", "=", "ema") == ["ema_cross"]
    pathlib.Path("bars.csv").write_text("x")
    assert bash_replies("import", "ba") == ["bars.csv"]
    assert bash_replies("backtest", "--input", "=", "ba") == ["bars.csv"]
    assert bash_replies("--home", "ho") == ["home"]


@test
def completion_changes_nothing_and_tells_no_errors():
    for words in (["runs", "show", ""], ["backtest", "--symbol", ""], ["models", "show", ""]):
        bash_replies(*words)
    assert not pathlib.Path("home").exists()
    pathlib.Path("home").mkdir()
    assert bash_replies("runs", "show", "") == [""] and not list(pathlib.Path("home").iterdir())


@test
def zsh_completes():
    if not shutil.which("zsh"):
        raise Skip("zsh is not installed")
    path = find("_pixity")
    run("zsh", "-n", path)
    prepare_home()
    script = ("compdef() { : }; compset() { : }; _files() { print -r -- :files }\n"
              'compadd() { local a=${@[-1]}; print -rl -- ${(P)a} }\n'
              'source $1; words=("${@[2,-1]}"); CURRENT=$#words; _pixity')
    for name, (words, wanted) in CASES.items():
        result = subprocess.run(["zsh", "-fc", script, "zsh", path, installed() / "bin/pixity", *words],
                                capture_output=True, text=True, env={"PATH": os.environ["PATH"], "PIXITY_HOME": "home"})
        assert sorted(result.stdout.split("\n")[:-1]) == sorted(wanted) and not result.stderr, (name, result)


main()
