# SPDX-License-Identifier: Apache-2.0
"""The journal over HTTP: the same entries, changes and words as the program's; whole whenever the server dies."""
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal

from harness import main, pixity, reduced, test
from http_kit import Server
from jobs_kit import finish, result_of
from openapi_schema import check

HOME = pathlib.Path("home")
LOG, DAY = "/api/v1/data/log", 375
KILLED = {"LD_PRELOAD": os.environ["PIXITY_KILL_AT_LIBRARY"]}
FEWER = reduced("the server is killed at every ninth step of a change")


def make(days=4):
    """S of two imports; OTHER."""
    pixity("synth", "--symbol", "OTHER", "--days", days, "--seed", 2, "--start", "2022-01-03")
    head, *rows = pixity("data", "export", "--symbol", "OTHER", "--csv").stdout.splitlines()
    half = len(rows) // 2
    for name, part in (("a.csv", rows[:half]), ("b.csv", rows[half:])):
        pathlib.Path(name).write_text("\n".join([head, *part]) + "\n")
        pixity("import", name, "--symbol", "S")


def post(server, what, status=200, **body):
    """What it answers, as the description has it; of a refusal the words."""
    answer = server.post(f"/api/v1/data/{what}", body, status=status)
    if status != 200:
        return answer.error[1]
    document = server.get("/api/v1/openapi.json").json
    check(document, {"$ref": "#/components/schemas/" + {"undo": "Undone", "delete": "Removed", "rename": "Renamed"}[what]}, answer.json)
    return answer.json


def said(*args):
    """What the program says of the same, without its own name and verb."""
    return pixity(*args, status=2).stderr.strip().split(": ", 2)[2]


def bars(symbol="S"):
    return {row["timeframe"]: row["bars"] for row in json.loads(pixity("data", "list", "--json").stdout) if row["symbol"] == symbol}


def state():
    """All that is told of stored bars, and their bytes: what a commit has not yet put in its place counts."""
    files = {}
    for path in sorted(HOME.glob("candles/*/*/*.parquet")) + sorted(HOME.glob("candles/*/*/.commit/[12]*.parquet")):
        data = path.read_bytes()
        files[str(path).replace(".commit/", "")] = hashlib.sha256(data).hexdigest() if data else None
    return pixity("data", "list", "--csv").stdout, {name: digest for name, digest in files.items() if digest}


@test
def what_changed_is_listed_and_goes_back():
    make()
    with Server() as server:
        assert server.get(f"{LOG}?symbol=S").json == {
            "total": 2, "offset": 0, "items": json.loads(pixity("data", "log", "S", "--json").stdout)}
        assert server.get(f"{LOG}?symbol=NSE_EQ%7CS&kind=import&limit=1&sort=at&order=desc").json["items"][0]["file"] == "b.csv"
        assert [row["symbol"] for row in server.get(LOG).json["items"]] == ["OTHER", "S", "S"]
        assert server.get(f"{LOG}?symbol=S&format=csv").text == pixity("data", "log", "S", "--csv").stdout
        before = state()
        undone = post(server, "undo", symbol="S", entry=None)
        assert undone == {"symbol": "S", "timeframe": "1m", "entry": 2, "removed": 2 * DAY, "restored": 0}, undone
        assert bars() == {"1m": 2 * DAY} and server.get(f"{LOG}?symbol=S").json["items"][1]["undone"] is True
        assert post(server, "undo", symbol="s", entry=3)["restored"] == 2 * DAY and state() == before
        removed = post(server, "delete", symbol="S", start="2022-01-04", end="2022-01-04")
        assert removed == {"series": [{"symbol": "S", "timeframe": "1m", "removed": DAY}]} and bars() == {"1m": 3 * DAY}
        assert post(server, "undo", symbol="S", timeframe="1m")["restored"] == DAY and state() == before
        assert post(server, "rename", symbol="S", name="NEW", exchange="NSE") == {
            "from": "S", "symbol": "NEW", "instrument_key": "NSE_EQ|NEW"}
        kinds = [row["kind"] for row in server.get(f"{LOG}?symbol=NEW").json["items"]]
        assert kinds == ["import", "import", "undo", "undo", "delete", "undo", "rename"], kinds
        (entry,) = server.get(f"{LOG}?kind=rename").json["items"]
        assert (entry["symbol"], entry["from"], entry["to"]) == ("NEW", "NSE_EQ|S", "NSE_EQ|NEW"), entry


@test
def what_lost_all_its_bars_comes_back_unless_it_was_forgotten():
    make()
    with Server() as server:
        before = state()
        assert post(server, "delete", symbol="S") == {"series": [{"symbol": "S", "timeframe": "1m", "removed": 4 * DAY}]}
        assert bars() == {} and [row["kind"] for row in server.get(f"{LOG}?q=delete").json["items"]] == ["delete"]
        post(server, "undo", symbol="S")
        assert state() == before
        post(server, "delete", symbol="S", forget=True)
        assert post(server, "undo", 404, symbol="S") == said("data", "undo", "S")
        assert [row["kind"] for row in server.get(f"{LOG}?symbol=S").json["items"]].count("delete") == 2


@test
def errors_are_those_of_the_program_and_change_nothing():
    make()
    before = state()
    with Server() as server:
        assert post(server, "undo", 404, symbol="S", entry=9) == said("data", "undo", "S", "9")
        assert post(server, "rename", 404, symbol="T", name="X").removeprefix("symbol: ") == said("data", "rename", "T", "X")
        assert post(server, "rename", 400, symbol="S", name="s") == said("data", "rename", "S", "s")
        assert post(server, "rename", 409, symbol="S", name="OTHER") == said("data", "rename", "S", "OTHER")
        assert post(server, "delete", 404, symbol="S", start="2023-01-05") == said("data", "delete", "S", "--start", "2023-01-05")
        for entry in (0, -1, "1", 1.5, True, 3 << 31, [1]):
            assert post(server, "undo", 400, symbol="S", entry=entry).startswith("entry: "), entry
        assert post(server, "undo", 400) == "symbol is missing"
        assert post(server, "verify", 400, exchange="NSE").startswith("exchange goes with a symbol")
        assert server.get(f"{LOG}?exchange=NSE", status=400).error[1].startswith("exchange goes with a symbol")
        assert 'did you mean "entry"' in post(server, "undo", 400, symbol="S", entri=1)
        assert post(server, "undo", 404, symbol="S", exchange="NSF").removeprefix("symbol: ") == said("data", "undo", "S", "--exchange", "NSF")
        assert post(server, "delete", 400, symbol="S", timeframe="7x").startswith("timeframe: ")
        assert post(server, "delete", 400, symbol="S", start="2022-01-05", end="2022-01-04").startswith("start: ")
        assert post(server, "delete", 400, symbol="S", forget="yes").startswith("forget: ")
        assert post(server, "rename", 400, symbol="S") == "name is missing"
        assert post(server, "rename", 400, symbol="S", name="a\tb").startswith("name: ")
        assert '"T"' in server.get(f"{LOG}?symbol=T", status=404).error[1]
        assert server.get(f"{LOG}?symbol=", status=404).error[1]
        assert 'did you mean "symbol"' in server.get(f"{LOG}?symbo=S", status=400).error[1]
        for what in ("undo", "delete", "rename", "verify"):
            path, body = f"/api/v1/data/{what}", {"symbol": "S"} | ({"name": "X"} if what == "rename" else {})
            assert server.post(path, body, 403, token=False).error[0] == "forbidden"
            assert server.post(path, body, 401, session=False).error[0] == "unauthorized"
            assert server.post(path, body, 403, headers={"Origin": "http://other.example"}).error[0] == "forbidden"
            server.post(path + "?symbol=S", body, 400)
            server.get(path, 405)
    assert state() == before and len(json.loads(pixity("data", "log", "S", "--json").stdout)) == 2


@test
def of_changes_at_once_one_is_made():
    make()
    before = state()
    with Server() as server, concurrent.futures.ThreadPoolExecutor(4) as pool:
        def ask(what, body):
            return server.request("POST", f"/api/v1/data/{what}", body)
        answers = list(pool.map(lambda _: ask("undo", {"symbol": "S", "entry": 2}), range(4)))
        assert sorted(answer.status for answer in answers) == [200, 400, 400, 400], [answer.text for answer in answers]
        assert all("taken back already" in answer.error[1] for answer in answers if answer.status != 200)
        assert bars() == {"1m": 2 * DAY}
        post(server, "undo", symbol="S", entry=3)
        assert state() == before
        # Of a name and a deletion at once either comes first, and the other finds what that left.
        answers = list(pool.map(lambda asked: ask(*asked), [("rename", {"symbol": "S", "name": "N"}), ("delete", {"symbol": "S"})]))
        assert {answer.status for answer in answers} <= {200, 404} and 200 in {answer.status for answer in answers}
        assert bars("S") in ({}, {"1m": 4 * DAY}) and not (bars("S") and bars("N"))
        assert {row["status"] for row in json.loads(pixity("data", "verify", "--json").stdout)} == {"ok"}


@test
def every_file_is_verified_by_a_job():
    make()
    pixity("synth", "--symbol", "YEARS", "--days", 3, "--seed", 2, "--start", "2021-12-30")
    with Server() as server:
        job = finish(server, {}, "/api/v1/data/verify")
        assert result_of(server, job) == json.loads(pixity("data", "verify", "--json").stdout)
        told = [data for event, _, data in server.events(f"/api/v1/jobs/{job['id']}/stream") if event == "progress"]
        assert told and {(line["phase"], line["total"]) for line in told} == {("verify", 4)}, told
        (file,) = HOME.glob("candles/*%7CS/1m/2022.parquet")
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 4
        file.write_bytes(content)
        job = finish(server, {"symbol": "S"}, "/api/v1/data/verify")
        (row,) = result_of(server, job)
        assert row["checksum"] == "wrong" and "2022.parquet is damaged" in row["status"] and job["exit_status"] == 1, (row, job)
        assert server.post("/api/v1/data/verify", {"symbol": "T"}, 404).error[1].startswith("symbol: ")
        assert [one["kind"] for one in server.get("/api/v1/jobs?kind=verify").json["items"]] == ["verify", "verify"]
        assert 'did you mean "verify"' in server.get("/api/v1/jobs?kind=verfy", 400).error[1]


def killed(step, what, body):
    """Whether the server, that ends itself at this step of its life, died before it had answered."""
    server = Server(env={**KILLED, "PIXITY_KILL_AT": str(step)})
    try:
        server.start().post(f"/api/v1/data/{what}", body)
        died = False
    except (AssertionError, OSError, http.client.HTTPException):
        died = True
    status = server.stop()
    assert not died or status == -signal.SIGKILL, (step, status, server.read_log())
    return died


@test
def a_server_that_dies_leaves_changes_whole():
    make()
    with Server():
        pass  # its secrets are there
    for what, body in (("undo", {"symbol": "S"}), ("delete", {"symbol": "S"}), ("rename", {"symbol": "S", "name": "N"})):
        shutil.rmtree("before", ignore_errors=True)
        shutil.copytree(HOME, "before")
        before, seen, step = state(), [], 0
        while killed(step, what, body):
            seen.append(state())
            shutil.rmtree(HOME)
            shutil.copytree("before", HOME)
            step += 9 if FEWER else 2
        after = state()
        assert after != before and before in seen and all(one in (before, after) for one in seen), (what, len(seen))
        print(f"# {what}: {len(seen)} deaths, {sum(one == after for one in seen)} of them behind the commit")
        assert {row["status"] for row in json.loads(pixity("data", "verify", "--json").stdout)} <= {"ok"}
        shutil.rmtree(HOME)
        shutil.copytree("before", HOME)


main()
