# SPDX-License-Identifier: Apache-2.0
"""pixity report: one HTML file and a picture of a stored run."""
import base64
import hashlib
import html.parser
import json
import os
import pathlib
import re
import struct
import subprocess

from harness import BIN, Skip, main, pixity, test
from lab import document, fails, listing, table, walk, write_bars

# What a file may name: namespaces of SVG and XHTML and the licence of the charts, which nobody loads, and the link that
# this licence asks for.
URLS = ("http://www.w3.org/", "https://www.apache.org/licenses/LICENSE-2.0", "https://www.tradingview.com")
HOSTILE = ("</script><script>alert(1)</script><!-- \u2028 \u2029", "]]> &amp; \"' \\ <img src=x onerror=alert(2)>",
           "</noscript><iframe onload=alert(3)>", "</title><b>")


class Page(html.parser.HTMLParser):
    """The elements of a file, its scripts, and the text of noscript, which the parser reads as a browser without
    script does."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.metas = [], [], []
        self.inside, self.plain = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append([dict(attrs), ""])
        if tag == "meta":
            self.metas.append(dict(attrs))
        if tag in ("script", "style", "noscript"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if self.inside[-1:] == ["script"]:
            self.scripts[-1][1] += data
        elif "noscript" in self.inside:
            self.plain += data

    def data(self):
        (found,) = [text for attrs, text in self.scripts if attrs.get("id") == "pixity-data"]
        return json.loads(found)


def synth(days=60, symbol="S"):
    pixity("synth", "--symbol", symbol, "--kind", "trend", "--days", days, "--seed", 1, "--start", "2020-01-01")


def backtest(run_id, *args):
    pixity("backtest", "--strategy", "pixityAI_meta", "--set", "skip_meta_model=true", "--timeframe", "5m", "--run-id",
           run_id, *args)


def report(run_id, path="r.html", *args):
    pixity("report", run_id, "--out", path, *args)
    return pathlib.Path(path).read_text()


def columns(text):
    """Head and columns of the bytes that a report holds as base64."""
    data = base64.b64decode(text, validate=True)
    assert data[:4] == b"PXC1"
    length = struct.unpack_from("<I", data, 4)[0]
    head, at, found = json.loads(data[8:8 + length]), 8 + length, {}
    assert length % 4 == 0 and len(data) == at + 4 * head["rows"] * len(head["columns"])
    for column in head["columns"]:
        found[column["name"]] = struct.unpack_from(f"<{head['rows']}{'I' if column['type'] == 'u32' else 'f'}", data, at)
        at += 4 * head["rows"]
    return head, found


def documents(page, run_id):
    prefix = f"/api/v1/runs/{run_id}"
    return {key[len(prefix):] if key.startswith(prefix) else key: value for key, value in page.data().items()}


# ---- what is in it -------------------------------------------------------------------------------------------


@test
def a_file_holds_what_the_program_says():
    synth()
    backtest("a", "--symbol", "S")
    found = documents(Page(report("a")), "a")
    assert set(found) == {"", "/trades", "/events", "/equity", "/candles", "/candles?around=trades", "/months",
                          "/distributions", "/api/v1/metrics", "/api/v1/config/keys", "report"} - (
                              set() if columns(found["/candles"])[0]["bars_per_point"] > 1 else {"/candles?around=trades"})
    assert found[""] == document("runs", "show", "a")
    trades = json.loads(pixity("runs", "export", "a", "--table", "trades", "--format", "json").stdout)
    assert found["/trades"] == {"total": len(trades), "offset": 0,
                                "items": [{"n": n, **trade} for n, trade in enumerate(trades)]}
    events = json.loads(pixity("runs", "export", "a", "--table", "signals", "--format", "json").stdout)
    names = ["ts", "side", "event_type", "probability", "fate", "quantity", "entry_price_at_event", "atr_at_event",
             "capped_by", "tag"]
    assert found["/events"] == {"total": len(events), "offset": 0,
                                "items": [{name: event[name] for name in names} for event in events]}
    for told, key in zip(found["/api/v1/config/keys"], document("config", "keys"), strict=True):
        assert all(told[name] == key[name] for name in ("key", "honest", "reference", "meaning")), told
    assert [one["key"] for one in found["/api/v1/metrics"]] == list(found[""]["metrics"])
    assert found["report"]["run_id"] == "a"
    head, equity = columns(found["/equity"])
    rows = table("runs", "export", "a", "--table", "equity", "--format", "csv")
    assert head["total"] == len(rows) and head["rows"] <= 4000 and head["zone"] == "Asia/Kolkata"
    assert abs(equity["equity_net"][-1] / float(rows[-1]["equity_net"]) - 1) < 1e-6
    compounded = 1.0
    for year in found["/months"]["years"]:
        for month in year["months"]:
            compounded *= 1 + month["net_return_pct"] / 100
    assert abs((compounded - 1) * 100 - found[""]["metrics"]["Return [%]"]) < 1e-9
    assert sum(found["/distributions"]["r_net"]["counts"]) == len(trades)


@test
def a_month_without_bars_is_blank():
    rows = walk(110, minutes=30)
    write_bars("b.csv", [row for row in rows if row[0][:7] != "2022-03"])
    backtest("b", "--input", "b.csv", "--symbol", "B")
    page = Page(report("b"))
    (year,) = documents(page, "b")["/months"]["years"]
    assert [month["month"] for month in year["months"]] == [1, 2, 4, 5, 6]
    compounded = 1.0
    for month in year["months"]:
        compounded *= 1 + month["net_return_pct"] / 100
    run = document("runs", "show", "b")
    assert abs((compounded - 1) * 100 - run["metrics"]["Return [%]"]) < 1e-9
    assert run["not_annualised"] and f"Not annualised: {run['not_annualised']}." in page.plain


@test
def a_thousand_trades_take_less_than_two_megabytes():
    synth(days=350)
    backtest("big", "--symbol", "S")
    text = report("big")
    found = documents(Page(text), "big")
    n = found["/trades"]["total"]
    assert n >= 1000 and len(found["/trades"]["items"]) == n, n
    assert len(text.encode()) < 2_000_000, len(text.encode())
    head, _ = columns(found["/candles"])
    assert 1 < head["rows"] <= 4000 < head["total"] and head["same_data"] is True
    near, times = columns(found["/candles?around=trades"])
    assert near["bars_per_point"] == 1
    walls = set(times["time"])
    for trade in found["/trades"]["items"]:
        for key in ("entry_ts", "exit_ts"):
            wall = trade[key][:19]
            seconds = (int(wall[11:13]) * 60 + int(wall[14:16])) * 60 + day_number(wall[:10]) * 86400
            assert seconds in walls, trade
    events = found["/events"]
    if "left_out" in events:
        assert events["left_out"] + len(events["items"]) == events["total"]
        assert all(event["fate"] == "executed" for event in events["items"])
        assert any("not executed" in text for text in found["report"]["left_out"])


def day_number(date):
    import datetime
    return (datetime.date.fromisoformat(date) - datetime.date(1970, 1, 1)).days


@test
def readers_without_script_see_numbers_warnings_and_trades():
    synth()
    backtest("a", "--symbol", "S", "--profile", "reference")
    run, page = document("runs", "show", "a"), Page(report("a"))
    for warning in run["warnings"]:
        assert f"WARNING: {warning}" in page.plain, warning
    assert "gross" in page.plain and "net of fees" in page.plain and "short, net" in page.plain and "profile reference" in page.plain
    assert f"{run['metrics']['Return [%]']:.2f}" in page.plain.replace(",", "")
    for trade in table("runs", "trades", "a"):
        assert trade["entry_ts"] in page.plain
    assert "1,00,000.00 rupees" in page.plain  # Indian digit grouping


@test
def the_same_run_gives_the_same_bytes():
    synth()
    backtest("a", "--symbol", "S")
    first = report("a", "1.html", "--png", "1.png")
    second = report("a", "2.html", "--png", "2.png")
    assert first == second and pathlib.Path("1.png").read_bytes() == pathlib.Path("2.png").read_bytes()


# ---- safe to open --------------------------------------------------------------------------------------------


def hostile_run():
    """A run whose symbol and tags would end a script if they could."""
    write_bars("bars.csv", walk(30))
    rows = ["timestamp,side,stop_distance,target_distance,tag"]
    quoted = ['"' + tag.replace('"', '""') + '"' for tag in HOSTILE]
    rows += [f"2022-01-{day:02d} 10:00:00,BUY,20,30,{tag}" for day, tag in zip((4, 5, 6, 7), quoted)]
    pathlib.Path("s.csv").write_text("\n".join(rows) + "\n")
    pixity("backtest", "--strategy", "precomputed", "--signals", "s.csv", "--input", "bars.csv", "--symbol",
           "<b>&</title><script>x", "--timeframe", "15m", "--run-id", "h")


@test
def no_text_of_a_run_can_do_anything():
    synth()
    backtest("a", "--symbol", "S")
    hostile_run()
    tame, text = Page(report("a", "tame.html")), report("h")
    page = Page(text)
    assert [attrs for attrs, _ in page.scripts] == [attrs for attrs, _ in tame.scripts]
    assert not [attrs for tag, attrs in page.tags if tag in ("img", "iframe", "object", "b")]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    found = documents(page, "h")
    assert [event["tag"] for event in found["/events"]["items"]] == list(HOSTILE)
    assert found["/trades"]["items"][0]["tag"] == HOSTILE[0]
    assert found[""]["symbol"] == "<b>&</title><script>x"
    assert "<b>&</title><script>x" in page.plain
    (raw,) = re.findall(r'id="pixity-data">(.*?)</script>', text, re.S)
    assert not set("<>&\u2028\u2029") & set(raw)


@test
def only_its_own_script_may_run_and_nothing_is_loaded():
    synth()
    backtest("a", "--symbol", "S")
    text = report("a")
    page = Page(text)
    (policy,) = [meta["content"] for meta in page.metas if meta.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    scripts = [code for attrs, code in page.scripts if attrs.get("type") != "application/json"]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in scripts]
    assert rules["default-src"] == "'none'" and rules["script-src"].split() == hashes and len(hashes) >= 1
    assert "connect-src" not in rules and "http" not in policy
    assert page.tags[[tag for tag, _ in page.tags].index("head") + 1][0] == "meta"  # before anything could run
    for url in re.findall(r"https?://[^\s\"'`<>)\\]+", text):
        assert url.startswith(URLS), url
    for tag, attrs in page.tags:
        assert "src" not in attrs and tag != "link", (tag, attrs)
    assert "@import" not in text and not re.search(r"url\((?!['\"]?(data:|#))", text)


# ---- what goes wrong -----------------------------------------------------------------------------------------


@test
def bars_that_are_gone_are_told_in_the_file():
    write_bars("bars.csv", walk(40))
    backtest("a", "--input", "bars.csv", "--symbol", "S")
    assert columns(documents(Page(report("a", "1.html")), "a")["/candles"])[0]["same_data"] is True
    pathlib.Path("bars.csv").unlink()
    error = documents(Page(report("a", "2.html")), "a")["/candles"]["error"]
    assert (error["code"], error["status"]) == ("not_found", 404) and "bars.csv" in error["message"]
    write_bars("bars.csv", walk(40, seed=2))
    assert columns(documents(Page(report("a", "3.html")), "a")["/candles"])[0]["same_data"] is False


@test
def a_run_that_is_not_there_or_failed():
    synth(days=10)
    backtest("mine", "--symbol", "S")
    fails("report", "mien", "--out", "r.html", words=['"mien"', '"mine"'])
    next(pathlib.Path("home/candles").rglob("*.parquet")).write_bytes(b"no parquet")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "5m", "--run-id", "broken", status=1)
    fails("report", "broken", "--out", "r.html", words=["broken", "failed", "parquet"])
    fails("report", "broken", "--png", "r.png", words=["broken", "failed"])
    assert not list(pathlib.Path(".").glob("r.*"))


@test
def files_that_cannot_be_written():
    synth(days=20)
    backtest("a", "--symbol", "S")
    pathlib.Path("there.html").write_text("mine")
    fails("report", "a", "--out", "there.html", words=["there.html", "--force"])
    fails("report", "a", "--out", "new.html", "--png", "there.html", words=["--png", ".png"])
    pathlib.Path("there.png").write_text("mine")
    fails("report", "a", "--out", "new.html", "--png", "there.png", words=["there.png"])
    fails("report", "a", "--out", "no/new.html", words=["no/new.html"])
    pathlib.Path("folder.html").mkdir()
    fails("report", "a", "--out", "folder.html", "--force", words=["folder.html"])
    assert pathlib.Path("there.html").read_text() == "mine"
    assert sorted(path.name for path in pathlib.Path(".").iterdir()) == ["folder.html", "home", "there.html", "there.png"]
    pixity("report", "a", "--out", "there.html", "--png", "there.png", "--force")
    assert pathlib.Path("there.html").read_text().startswith("<!doctype html>")


@test
def wrong_usage():
    synth(days=20)
    backtest("a", "--symbol", "S")
    fails("report", "a", words=["--out", "--png"])
    fails("report", "--out", "r.html", words=["ID"])
    fails("report", "a", "--out", "r.png", words=["--png"])
    fails("report", "a", "--out", "r.txt", words=[".html"])
    fails("report", "a", "--out", "r.html", "--size", "10x10", words=["10x10", "320x240"])
    fails("report", "a", "--out", "r.html", "--size", "800x600", words=["--png"])


@test
def a_picture_alone():
    synth(days=20)
    backtest("a", "--symbol", "S")
    before = listing()
    told = document("report", "a", "--png", "a.png", "--size", "800x600")
    assert told == {"run_id": "a", "out": None, "png": "a.png"}
    picture = pathlib.Path("a.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", picture[16:24]) == (800, 600)
    assert listing() == before  # a report changes nothing in the data folder


def memory_of_report(run):
    """Most KiB that writing the report of a run takes."""
    command = [BIN, "report", run, "--out", f"{run}.html", "--png", f"{run}.png", "--home", "home", "--quiet"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, child.returncode, used = os.wait4(child.pid, 0)
    assert child.returncode == 0
    return used.ru_maxrss


@test
def a_report_holds_the_bars_of_a_long_run_and_no_table_of_as_many_rows():
    if b"__asan_init" in pathlib.Path(BIN).read_bytes() or b"__tsan_init" in pathlib.Path(BIN).read_bytes():
        raise Skip("sanitizers take memory of their own")
    sizes = {}
    for days in (40, 840):
        pixity("synth", "--symbol", f"D{days}", "--days", days, "--seed", 3, "--start", "2015-01-05")
        pixity("backtest", "--strategy", "ema_cross", "--symbol", f"D{days}", "--timeframe", "1m", "--run-id", f"d{days}")
        sizes[days] = memory_of_report(f"d{days}")
    more = 800 * 375  # bars of 48 bytes; features and equity of each would be 130 bytes more
    assert 1024 * (sizes[840] - sizes[40]) < 110 * more, sizes


main()
