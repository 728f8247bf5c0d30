# SPDX-License-Identifier: Apache-2.0
"""One of each kind that docs/adding.md shows, and the indicator and the strategy of their documents, are added to a copy of
the tree, as it says there and all at once, and found in the program, the HTTP API and the documents. Models that were stored
before are used as they were."""
import atexit
import csv
import functools
import http.cookiejar
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.request

from harness import BIN, SOURCE, main, pixity, test

BUILD = pathlib.Path(BIN).parent
PARTS = ("cli", "docs", "include", "server", "src", "tools", "web/src", "LICENSE", "meson.build", "meson_options.txt")
TABLE = re.compile(r"^#define \w+\(X\) .*\n|^(?:static )?const (?:px_metric|pxi_exchange|pxi_profile|server_route) \w+\[\] = \{\n", re.M)


# ---- adding ----------------------------------------------------------------------------------------------------


DOCUMENTS = {"adding.md": "# Adding one of a kind", "features.md": "## Adding one", "strategies.md": "## Adding one in C"}


def sections():
    """What the documents say of adding, from its heading to the next one that is as high."""
    for name, heading in DOCUMENTS.items():
        text = (SOURCE / "docs" / name).read_text()
        begin = text.index(f"{heading}\n")
        end = text.find("\n## ", begin + 1) if heading.startswith("##") else -1
        yield text[begin:end if end > 0 else len(text)]


def additions():
    """Of each block of the documents what it is, its file, and the text. The paragraph in front of it says so."""
    for section in sections():
        yield from additions_of(section)


def additions_of(section):
    for fenced in re.finditer(r"^```(\w*)\n(.*?)^```$", section, re.M | re.S):
        language, block = fenced.groups()
        if language not in ("c", "json"):
            continue
        said = " ".join(section[:fenced.start()].strip().split("\n\n")[-1].split())
        paths = re.findall(r"`([\w/]+/\w+\.\w+)`", said)
        how = ("line" if said.startswith("Line of") else "description" if "description" in said
               else "function" if "in front of the table" in said else "file")
        yield how, paths[-1] if how == "file" else paths[0], block


def name_in_build(tree, path):
    """The line of meson.build that every new C file needs."""
    folder = next(folder for folder in path.parents if (tree / folder / "meson.build").exists())
    build = tree / folder / "meson.build"
    text, name = build.read_text(), path.relative_to(folder)
    assert text.count("files(") == 1, build
    build.write_text(text.replace("files(", f"files('{name}', "))


def add(tree, how, path, text):
    file = tree / path
    if how == "file":
        assert not file.exists(), path
        file.write_text(text)
        return name_in_build(tree, pathlib.Path(path))
    before = file.read_text()
    if how == "description":
        at = before.index('    "/api/v1/metrics": {')
    elif how == "line":
        at = TABLE.search(before).end()
    else:
        at = before.find("/* ---- the table")
        at = at if at >= 0 else TABLE.search(before).start()
    file.write_text(before[:at] + text + ("\n" if how == "function" else "") + before[at:])


def options_of(folder):
    listing = subprocess.run(["meson", "introspect", folder, "--buildoptions"], capture_output=True, check=True)
    return {option["name"]: option["value"] for option in json.loads(listing.stdout)}


@functools.cache
def build():
    """What went wrong, and the copy with all additions, and its program in `out`; without optimisation, which the numbers do not depend on."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pixity-added-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in PARTS:
        copy = shutil.copytree if (SOURCE / part).is_dir() else shutil.copy
        copy(SOURCE / part, folder / part)
    (folder / ".deps").symlink_to(SOURCE / ".deps")
    added = [(how, path) for how, path, text in additions() if add(folder, how, path, text) is None]
    assert len(added) == 22 and {how for how, _ in added} == {"file", "line", "function", "description"}, added
    folders = [f"-D{name}={options_of(BUILD)[name]}" for name in ("duckdb_dir", "page_dir")]
    for command in (["meson", "setup", "out", ".", "-Dtests=false", "-Doptimization=0", "-Ddebug=false",
                     "-Dwerror=false", *folders],
                    ["ninja", "-C", "out", "pixity"]):
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if result.returncode:
            return result.stdout[-6000:] + result.stderr[-2000:], folder
    return None, folder


def tree():
    problem, folder = build()
    assert problem is None, problem
    return folder


# Its own library, not the one that is tested beside it.
ALONE = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}


def added(*arguments, status=0):
    """The program with the additions."""
    result = subprocess.run([tree() / "out/pixity", "--home", "home", *map(str, arguments)], capture_output=True, text=True,
                            env=ALONE)
    assert result.returncode == status, f"{arguments}: {result.stdout[-2000:]}{result.stderr[-2000:]}"
    return result


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


def synth(days=90):
    pixity("synth", "--symbol", "DEMO", "--kind", "trend", "--days", days, "--seed", 3, "--start", "2022-01-03")


BARS = ("--symbol", "DEMO", "--timeframe", "5m")


# ---- events and inputs -----------------------------------------------------------------------------------------


def rsi_of(closes, n=14):
    """From the definition: Wilder's means of rises and falls."""
    found, gain, loss = [None], None, None
    for i in range(1, len(closes)):
        change = closes[i] - closes[i - 1]
        rise, fall = max(change, 0.0), max(-change, 0.0)
        gain = rise if gain is None else gain + (rise - gain) / n
        loss = fall if loss is None else loss + (fall - loss) / n
        found.append(100 * gain / (gain + loss) if i >= n and gain + loss else None)
    return found


@test
def an_event_type_of_a_column_beyond_the_frame_is_found_by_its_rule():
    synth()
    bars = rows_of(pixity("resample", *BARS))
    rsi = dict(zip((bar["timestamp"] for bar in bars), rsi_of([float(bar["close"]) for bar in bars])))
    times = list(rsi)
    expected = []
    for i in range(50, len(bars)):
        before, now = rsi[times[i - 1]], rsi[times[i]]
        expected += [(times[i], "BUY")] if before <= 30 < now else [(times[i], "SELL")] if before >= 70 > now else []
    events, known = rows_of(added("events", *BARS, "--csv")), rows_of(pixity("events", *BARS, "--csv"))
    found = [(event["timestamp"], event["side"]) for event in events if event["event_type"] == "RSI_TURN"]
    assert len(found) > 50 and found == expected, (len(found), len(expected))
    others = [{name: value for name, value in event.items() if name != "rsi"} for event in events
              if event["event_type"] != "RSI_TURN"]
    assert others == known
    for event in events:
        assert abs(float(event["rsi"]) - rsi[event["timestamp"]]) < 1e-7, event


@test
def the_stream_finds_what_the_batch_finds():
    synth(20)
    result = added("audit", *BARS, "--set", "skip_meta_model=true", "--json")
    verdicts = {check["check"]: check["verdict"] for check in json.loads(result.stdout)["checks"]}
    assert verdicts["batch = stream"] == "pass" and verdicts["prefix"] == "pass", verdicts


@test
def an_input_is_learnt_and_refuses_no_stored_model():
    synth()
    added("train", *BARS, "--learner", "logistic", "--model-out", "new")
    card = json.loads(added("models", "show", "new", "--json").stdout)
    assert {"name": "rsi", "columns": ["rsi(14)"]} in card["inputs"] and len(card["inputs"]) == 8, card["inputs"]
    assert "RSI_TURN" in [event_type["name"] for event_type in card["event_types"]]
    run = ("backtest", "--strategy", "pixityAI_meta", *BARS)
    added(*run, "--model", "new", "--run-id", "new")
    assert {"RSI_TURN", "TREND"} <= {event["event_type"] for event in rows_of(added("runs", "events", "new", "--csv"))}
    refused = pixity(*run, "--model", "new", status=2).stderr
    assert 'input "rsi", which this program does not know' in refused, refused
    for name in ("version_1_rf.ubj", "version_1_logistic.model.json"):
        model = SOURCE / "tests/unit/models" / name
        pixity(*run, "--model", model, "--run-id", f"before-{name}")
        added(*run, "--model", model, "--run-id", f"after-{name}")
        before = rows_of(pixity("runs", "events", f"before-{name}", "--full", "--csv"))
        after = rows_of(added("runs", "events", f"after-{name}", "--full", "--csv"))
        assert len(before) > 50 and len({event["probability"] for event in before}) > 2
        assert [{key: event[key] for key in before[0]} for event in after] == before


# ---- learner, metric, exchange, verb ---------------------------------------------------------------------------


@test
def a_learner_is_trained_and_used():
    synth()
    added("train", *BARS, "--learner", "share", "--model-out", "m")
    card = json.loads(added("models", "show", "m", "--json").stdout)
    assert card["learner"]["name"] == "share", card["learner"]
    added("backtest", "--strategy", "pixityAI_meta", *BARS, "--model", "m", "--run-id", "r")
    (p,) = {event["probability"] for event in rows_of(added("runs", "events", "r", "--csv"))}
    assert 0 < float(p) < 1
    assert "share" in added("train", *BARS, "--learner", "shares", status=2).stderr


@test
def a_metric_is_measured_listed_and_sorted_by():
    synth()
    added("backtest", "--strategy", "ema_cross", *BARS, "--run-id", "r")
    run = json.loads(added("runs", "show", "r", "--json").stdout)["metrics"]
    for basis in ("", " (gross)"):
        wanted = run[f"Return [%]{basis}"] / run["# Sessions"]
        assert abs(run[f"Return a Session [%]{basis}"] - wanted) < 1e-9
    assert "Return a Session [%]" in added("metrics").stdout
    listed = json.loads(added("runs", "list", "--sort", "Return a Session [%]", "--column", "Return a Session [%]", "--json").stdout)
    assert listed[0]["Return a Session [%]"] == run["Return a Session [%]"], listed


@test
def an_exchange_has_its_sessions():
    minutes = [f"2022-06-01 {minute // 60:02}:{minute % 60:02}:00,1,2,0.5,1,10" for minute in range(7 * 60, 18 * 60)]
    pathlib.Path("vod.csv").write_text("timestamp,open,high,low,close,volume\n" + "\n".join(minutes) + "\n")
    bars = rows_of(added("resample", "--input", "vod.csv", "--symbol", "VOD", "--exchange", "XLON", "--timeframe", "30m"))
    assert [bar["timestamp"] for bar in bars] == [f"2022-06-01 {half // 2:02}:{half % 2 * 30:02}:00" for half in range(16, 33)]
    assert {bar["volume"] for bar in bars} == {"300"}, bars
    assert "XLON" in added("complete", "--", "resample", "--exchange", "X").stdout


@test
def a_strategy_trades():
    synth()
    added("backtest", "--strategy", "rsi_swing", *BARS, "--run-id", "swing")
    trades = rows_of(added("runs", "trades", "swing", "--full", "--csv"))
    assert len(trades) > 10 and {trade["tag"] for trade in trades} == {"swing"}, trades
    assert "rsi_swing" in added("strategies").stdout
    assert "rsi_swing" in added("complete", "--", "backtest", "--strategy", "rsi").stdout
    assert "rsi_swing" in added("backtest", "--strategy", "rsi_swong", *BARS, status=2).stderr


def quayside(name, last_column):
    """Minutes of one day as that program writes them, with another name in the place of one that shows it."""
    ends = [f"2022-06-01T{minute // 60:02}:{minute % 60:02}:00" for minute in range(7 * 60 + 1, 15 * 60 + 31)]
    lines = [f"Timestamp,Open,High,Low,Close,Volume,{last_column}", *(f"{end},1,2,0.5,1,10,3" for end in ends)]
    pathlib.Path(name).write_text("\n".join(lines) + "\n")
    return name


@test
def a_source_is_known_by_its_columns_or_by_its_name():
    """Its times are UTC and name the ends of bars; in June London is an hour ahead of it."""
    known = quayside("known.csv", "Trades in bar")
    assert "its columns are those of quayside" in added("import", "--preview", known, "--symbol", "K").stdout
    added("import", known, "--symbol", "K")
    added("import", quayside("named.csv", "Count"), "--symbol", "N", "--source", "quayside")
    for symbol in "KN":
        bars = rows_of(added("data", "export", "--symbol", symbol, "--csv"))
        assert (bars[0]["timestamp"], bars[-1]["timestamp"]) == ("2022-06-01 08:00:00", "2022-06-01 16:29:00"), bars[0]
    assert {row["exchange"] for row in rows_of(added("data", "list", "--csv"))} == {"XLON"}
    assert "quayside" in added("complete", "--", "import", "--source", "qu").stdout
    assert "quayside" in added("import", "named.csv", "--source", "quaysides", status=2).stderr


@test
def a_verb_is_run_and_helped_with():
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", added("xgboost").stdout)
    assert "xgboost" in added("help").stdout and "version of XGBoost" in added("xgboost", "--help").stdout


# ---- HTTP and documents ----------------------------------------------------------------------------------------


@test
def what_is_added_is_served():
    synth()
    added("import", quayside("known.csv", "Trades in bar"), "--symbol", "K")
    added("backtest", "--strategy", "rsi_swing", *BARS, "--run-id", "swing")
    added("backtest", "--strategy", "pixityAI_meta", *BARS, "--set", "skip_meta_model=true", "--run-id", "every")
    with subprocess.Popen([tree() / "out/pixity", "--home", "home", "serve", "--port", "0"], stdout=subprocess.PIPE,
                          text=True, env=ALONE) as serving:
        try:
            link = serving.stdout.readline().strip()
            jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
            opener = urllib.request.build_opener(jar)
            opener.open(link).read()
            read = lambda path: opener.open(re.match(r"http://[^/]+", link)[0] + "/api/v1" + path).read().decode()
            get = lambda path: json.loads(read(path))
            assert "share" in [learner["name"] for learner in get("/learners")]
            assert "Return a Session [%]" in [metric["key"] for metric in get("/metrics")]
            assert "rsi_swing" in [strategy["id"] for strategy in get("/strategies")]
            assert {event["event_type"] for event in get("/runs/every/events?limit=1000")["items"]} > {"RSI_TURN"}
            assert {row["symbol"]: row["exchange"] for row in get("/data")["items"]}["K"] == "XLON"
            assert read("/runs/swing/export?part=trades&format=markdown").startswith("|")
            assert get("/xgboost")["version"] == added("xgboost").stdout.strip()
            assert "/api/v1/xgboost" in get("/openapi.json")["paths"]
        finally:
            serving.terminate()


@test
def what_is_added_stands_in_the_documents():
    subprocess.run([tree() / "tools/make-docs"], check=True, env={**ALONE, "PIXITY_BIN": str(tree() / "out/pixity")})
    for document, word in (("metrics.md", "`Return a Session [%]`"), ("http.md", "/api/v1/xgboost"), ("pixity.1", "xgboost")):
        assert word in (tree() / "docs" / document).read_text(), document
        assert word not in (SOURCE / "docs" / document).read_text(), document


@test
def an_output_format_is_written_wherever_tables_are():
    pixity("synth", "--symbol", "TEN", "--days", 2, "--seed", 3)
    wanted = pixity("data", "export", "--symbol", "TEN", "--csv").stdout.splitlines()
    lines = ["|" + "".join(f"{cell} |" for cell in line.split(",")) for line in wanted]
    lines.insert(1, "|" + "---|" * 6)
    added("data", "export", "--symbol", "TEN", "--markdown", "rows.md")
    assert pathlib.Path("rows.md").read_text().splitlines() == lines
    added("data", "export", "--symbol", "TEN", "--out", "bars.md")
    assert pathlib.Path("bars.md").read_text().splitlines()[2].startswith("|" + wanted[1].replace(",", " |"))
    assert "csv|json|parquet|arrow|jsonl" not in added("runs", "export", "--help").stdout
    assert "markdown" in added("runs", "export", "x", "--format", "markdwn", status=2).stderr


main()
