# SPDX-License-Identifier: Apache-2.0
"""How the program is called: help, version, options, exit statuses, streams, signals."""
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import time

from harness import BIN, main, pixity, Skip, SOURCE, test
from lab import HOME, fails, walk, write_bars

VERBS = [
    "import", "data list", "data check", "data export", "data instruments", "synth", "resample", "features", "events", "labels",
    "train", "backtest", "runs list", "runs show", "runs trades", "runs events", "runs delete", "strategies",
    "models list", "models show", "models delete", "models import", "models import-sklearn", "doctor", "config show", "config keys", "config schema",
    "fees",
]


@test
def help_lists_every_verb():
    text = pixity("--help").stdout
    for verb in VERBS:
        assert re.search(rf"^  {verb}\b", text, re.M), verb


@test
def every_verb_has_help_and_version():
    for verb in VERBS:
        text = pixity(*verb.split(), "--help").stdout
        assert text.startswith(f"Usage: pixity {verb}"), verb
        assert "--json" in text and "--home" in text, verb
        assert pixity(*verb.split(), "--version").stdout == pixity("--version").stdout, verb
    assert not HOME.exists(), "help made a data folder"


@test
def help_wins_over_mistakes():
    assert pixity("train", "--help", "--bogus").stdout.startswith("Usage: pixity train")
    assert pixity("runs", "show", "--help").stdout.startswith("Usage: pixity runs show")


@test
def help_of_a_family():
    text = pixity("runs", "--help").stdout
    assert "runs trades" in text and "import FILE" not in text


@test
def version_is_the_headers():
    header = (SOURCE / "include/pixity/pixity.h").read_text() + (SOURCE / "include/pixity/status.h").read_text()
    assert pixity("--version").stdout == f"pixity {re.search(r'PX_VERSION .([0-9.]+)', header)[1]}\n"


@test
def documents_are_what_the_program_says():
    result = subprocess.run([SOURCE / "tools/make-docs", "--check"], capture_output=True, text=True,
                            env={**os.environ, "PIXITY_BIN": BIN})
    assert (result.returncode, result.stdout) == (0, ""), result


@test
def manual_page_is_clean_roff():
    page = pixity("manual").stdout
    for verb in VERBS:
        assert f".SS pixity {verb} " in page, verb
    for line in page.splitlines():
        assert not re.match(r"\.[a-z]", line), f"unknown request: {line}"


@test
def no_verb():
    fails(words=["say what to do"])


@test
def unknown_verb_names_the_nearest():
    fails("bactest", words=['unknown verb "bactest"', '"backtest"'])
    fails("runs", "lst", words=['unknown verb "lst"', '"list"'])
    fails("qqqqqqqq", words=['unknown verb "qqqqqqqq"'])


@test
def a_family_alone_says_what_there_is():
    fails("runs", words=["runs: say what", "list, show, trades, events, compare", "delete"])


@test
def unknown_option_names_the_nearest():
    fails("train", "--timefrmae", "15m", words=["train: unknown option --timefrmae", "--timeframe"])
    fails("train", "--timefrmae=15m", words=["unknown option --timefrmae", "--timeframe"])
    fails("data", "list", "-x", words=["unknown option -x"])
    fails("data", "list", "-vx", words=["unknown option -x"])
    fails("--hom", "a", "--jsn", words=["unknown option --jsn"])


@test
def shortened_options_work_where_they_mean_one():
    assert pixity("config", "show", "--prof", "reference").stdout != pixity("config", "show").stdout
    fails("features", "--input-time", words=["--input-timeframe needs a value"])
    fails("features", "--in", "x", words=["--input", "--input-timeframe"])


@test
def option_values():
    fails("train", "--symbol", words=["--symbol needs a value"])
    fails("train", "--symbol", "", words=["--symbol", "empty"])
    fails("config", "keys", "--json=1", words=["--json takes no value"])
    fails("config", "keys", "--json", "--csv", words=["--json", "--csv"])
    fails("features", "--timeframe", "15x", words=["--timeframe", "15x"])
    fails("features", "--start", "2022-13-01", words=["--start", "2022-13-01"])
    fails("features", "--end", "yesterday", words=["--end", "yesterday"])
    fails("synth", "--days", "0", words=["--days", '"0"'])
    fails("synth", "--days", "-3", words=["--days", '"-3"'])
    fails("synth", "--days", "1e3", words=["--days", '"1e3"'])
    fails("synth", "--seed", "x", words=["--seed", '"x"'])
    fails("synth", "--seed", "99999999999999999999", words=["--seed", "99999999999999999999"])
    fails("synth", "--kind", "wlak", words=["--kind", "wlak", "walk"])
    fails("import", "x.csv", "--on-conflict", "replac", words=["--on-conflict", "replac", '"replace"'])
    fails("import", "x.csv", "--stamp", "clos", words=["--stamp", '"close"'])
    fails("config", "show", "--log-level", "loud", words=["--log-level", "loud"])
    fails("config", "show", "--progress", "jsn", words=["--progress", '"json"'])


@test
def missing_options_are_named():
    fails("synth", words=["--symbol is missing"])
    fails("synth", "--symbol", "A", words=["--days is missing"])
    fails("synth", "--symbol", "A", "--days", "2", words=["--seed is missing"])
    fails("import", words=["FILE... is missing"])
    fails("runs", "show", words=["ID is missing"])
    fails("models", "show", words=["NAME is missing"])
    fails("features", "--timeframe", "15m", words=["--symbol is missing"])
    fails("features", "--symbol", "A", words=["--timeframe is missing"])
    fails("backtest", "--symbol", "A", "--timeframe", "15m", words=["--strategy is missing"])
    fails("data", "export", words=["--symbol is missing"])
    fails("features", "--data-dir", ".", "--timeframe", "15m", words=["--symbol is missing"])


@test
def surplus_arguments():
    fails("runs", "show", "a", "b", words=['unexpected argument "b"'])
    fails("features", "a.csv", words=['unexpected argument "a.csv"'])


@test
def contradicting_options():
    fails("features", "--input", "a.csv", "--data-dir", ".", "--timeframe", "15m", words=["--input", "--data-dir"])
    fails("features", "--symbol", "A", "--input-timeframe", "1m", "--timeframe", "15m", words=["--input-timeframe"])


@test
def home_by_option_and_environment():
    pixity("--home", "one", "data", "list")
    pixity("data", "list", "--home", "two")
    pixity("data", "list", env={"PIXITY_HOME": "three"})
    pixity("data", "list", env={"PIXITY_HOME": ""})
    for name in ("one", "two", "three", "pixity-data"):
        assert pathlib.Path(name, "pixity.db").exists(), name
    assert not HOME.exists()


@test
def reading_makes_no_home():
    for command in (["features", "--symbol", "A", "--timeframe", "15m"], ["runs", "show", "a"],
                    ["backtest", "--strategy", "ema_cross", "--symbol", "A", "--timeframe", "15m"]):
        fails(*command, words=["no data folder home"])
        assert not HOME.exists(), command


# ---- settings ------------------------------------------------------------------------------------------------


def settings(*args):
    return json.loads(pixity("config", "show", *args).stdout)


@test
def the_schema_knows_every_key():
    schema = json.loads(pixity("config", "schema").stdout)
    keys = [key["key"] for key in json.loads(pixity("config", "keys", "--json").stdout)]
    assert len(keys) > 30 and sorted(schema["properties"]) == sorted(keys)
    assert schema["additionalProperties"] is False


@test
def settings_read_back():
    text = pixity("config", "show", "--profile", "reference", "--set", "square_off=15:15").stdout
    pathlib.Path("c.json").write_text(text)
    assert pixity("config", "show", "--config", "c.json").stdout == text
    assert pixity("config", "show", "--json").stdout == pixity("config", "show").stdout
    assert "swing,confirmed" in pixity("config", "show", "--csv").stdout.splitlines()


@test
def settings_in_order_of_precedence():
    pathlib.Path("c.json").write_text('{"swing_period": 7, "sl_mult": 3, "swing": "centered"}')
    base = settings("--config", "c.json")
    assert (base["swing_period"], base["sl_mult"], base["swing"]) == (7, 3, "centered")
    profile = settings("--config", "c.json", "--profile", "honest")
    assert (profile["swing_period"], profile["swing"]) == (7, "confirmed")
    final = settings("--set", "swing=centered", "--profile", "honest", "--config", "c.json", "--set", "sl_mult=4")
    assert (final["swing_period"], final["swing"], final["sl_mult"]) == (7, "centered", 4)
    assert settings("--set", "sl_mult=1", "--set", "sl_mult=2")["sl_mult"] == 2


@test
def settings_that_are_wrong():
    fails("config", "show", "--profile", "honst", words=['unknown profile "honst"', '"honest"'])
    fails("config", "show", "--set", "swng=confirmed", words=["swng", '"swing"'])
    fails("config", "show", "--set", "swing=confrmed", words=["swing", "confrmed"])
    fails("config", "show", "--set", "sl_mult", words=["sl_mult", "key=value"])
    fails("config", "show", "--set", "=1", words=["key=value"])
    fails("config", "show", "--set", "sl_mult=-1", words=["sl_mult"])
    fails("config", "show", "--set", "sl_mult=nan", words=["sl_mult"])
    fails("config", "show", "--set", "time_stop_bars=1.5", words=["time_stop_bars"])


@test
def config_files_that_are_wrong():
    fails("config", "show", "--config", "none.json", words=["none.json"])
    for name, text, words in [
        ("empty.json", "", ["empty.json"]),
        ("cut.json", '{"swing": "conf', ["cut.json"]),
        ("list.json", "[1]", ["list.json"]),
        ("typo.json", '{"swing_perod": 5}', ["typo.json", "swing_perod", "swing_period"]),
        ("type.json", '{"sl_mult": "wide"}', ["type.json", "sl_mult"]),
        ("range.json", '{"long_threshold": 2}', ["range.json", "long_threshold"]),
        ("twice.json", '{"sl_mult": 1, "sl_mult": 2}', ["twice.json"]),
    ]:
        pathlib.Path(name).write_text(text)
        fails("config", "show", "--config", name, words=words)
    pathlib.Path("binary.json").write_bytes(bytes(range(256)))
    fails("config", "show", "--config", "binary.json", words=["binary.json"])
    pathlib.Path("folder.json").mkdir()
    result = pixity("config", "show", "--config", "folder.json", status=None)
    assert result.returncode and "folder.json" in result.stderr


@test
def a_config_may_name_the_request():
    write_bars("a.csv", walk(3))
    pathlib.Path("c.json").write_text('{"timeframe": "15m", "bar_minutes": 15, "symbol": "A"}')
    wanted = pixity("resample", "--input", "a.csv", "--timeframe", "15m").stdout
    assert pixity("resample", "--input", "a.csv", "--config", "c.json").stdout == wanted
    fails("resample", "--input", "a.csv", "--config", "c.json", "--timeframe", "5m",
          words=["timeframe", "15m", "5m"])
    fails("resample", "--input", "a.csv", "--timeframe", "15m", "--set", "bar_minutes=5",
          words=["bar_minutes", "5m", "15m"])
    fails("resample", "--input", "a.csv", "--set", "timeframe=15x", words=["timeframe", "15x"])


# ---- streams and signals -------------------------------------------------------------------------------------


def run(command, **streams):
    return subprocess.run(command, env={**os.environ, "PIXITY_HOME": "home"}, stderr=subprocess.PIPE, text=True,
                          **streams)


@test
def a_full_standard_output_is_a_failure():
    write_bars("a.csv", walk(10))
    for args in (["--help"], ["--version"], ["config", "schema"],
                 ["resample", "--input", "a.csv", "--timeframe", "1m"]):
        with open("/dev/full", "w") as full:
            result = run([BIN, *args], stdout=full)
        assert result.returncode == 1, (args, result)
        assert result.stderr.startswith("pixity: ") and "standard output" in result.stderr, result.stderr
        assert result.stderr.count("\n") == 1, result.stderr


@test
def a_closed_pipe_is_quiet():
    write_bars("a.csv", walk(20))
    read_end, write_end = os.pipe()
    os.close(read_end)
    result = run([BIN, "resample", "--input", "a.csv", "--timeframe", "1m"], stdout=write_end)
    os.close(write_end)
    assert (result.returncode, result.stderr) == (1, "")


def open_for(process, fifo):
    """The writing end of a pipe, as soon as the process has opened the other."""
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.001)
    raise AssertionError(f"ended with {process.returncode} before it read {fifo}")


@test
def interrupted_is_130():
    os.mkfifo("slow.csv")
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([BIN, "import", "slow.csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "PIXITY_HOME": "home"})
        feed = open_for(process, "slow.csv")
        os.write(feed, b"timestamp,open,high,low,close,volume\n")
        process.send_signal(number)
        out, _ = process.communicate()
        os.close(feed)
        assert (process.returncode, out) == (130, b""), process.returncode
    assert not HOME.exists()


@test
def progress_as_json_lines():
    write_bars("a.csv", walk(5))
    result = pixity("import", "a.csv", "--symbol", "A", "--progress", "json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert {line["phase"] for line in lines} >= {"read", "store"}
    for line in lines:
        assert set(line) == {"phase", "done", "total", "rate", "left_s"}


@test
def progress_as_a_bar_on_a_terminal():
    write_bars("a.csv", walk(2))
    write_bars("b.csv", walk(2, seed=2))
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        raise Skip(f"no terminal to be had: {error}")
    result = subprocess.run([BIN, "import", "a.csv", "b.csv"], stdout=subprocess.PIPE, stderr=theirs, text=True,
                            env={**os.environ, "PIXITY_HOME": "home"})
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert result.returncode == 0 and "2 files: 1500 rows read, 1500 stored" in result.stdout
    assert re.search(r"\rread|\x1b\[Kread", shown) and "store" in shown and " s left" in shown, shown
    assert shown.endswith("\r\x1b[K"), "the bar was not taken away"


@test
def no_progress_where_nobody_looks():
    write_bars("a.csv", walk(5))
    assert pixity("import", "a.csv", "--symbol", "A").stderr == ""


@test
def quiet_and_verbose():
    write_bars("a.csv", walk(5))
    base = ["events", "--input", "a.csv", "--timeframe", "15m", "--profile", "reference"]
    assert "look" in pixity(*base).stderr
    assert pixity(*base, "--quiet").stderr == ""
    assert "read 1875 bars" in pixity(*base, "-v").stderr


main()
