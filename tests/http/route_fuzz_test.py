# SPDX-License-Identifier: Apache-2.0
"""Random requests over every route of the OpenAPI document, and connections that misbehave. Whatever comes, the server
does not crash or hang, never answers 500, tells no secret and no path outside its home folder, and goes on serving.

The numbers of requests are reduced in `make test`; PIXITY_SOAK=1 runs many more, PIXITY_FUZZ_SEED another sequence.
"""
import atexit
import json
import os
import pathlib
import random
import struct
import threading

from fuzz_requests import Generator
from harness import main, pixity, reduced, test
from http_kit import Server
from wire import Broken, Wire

SOAK = bool(os.environ.get("PIXITY_SOAK"))
REQUESTS = 200_000 if SOAK else 1_000 if reduced("1000 of 4000 random requests") else 4_000
SEED = int(os.environ.get("PIXITY_FUZZ_SEED", "1"))
FINE = {200, 201, 202, 204, 206, 303, 304, 400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 417, 421, 422, 429, 431, 501, 503, 505}
BUSY = {429, 503}
MARK = "folder-above-the-home"

_victims = []
atexit.register(lambda: [victim.process.kill() for victim in _victims if victim.process])


class Victim(Server):
    """A server over a small store, spoken to in bytes."""

    def __init__(self, *options):
        os.makedirs(MARK)
        os.chdir(MARK)
        seed()
        super().__init__(*options, home=os.path.abspath("home"))
        self.start()
        _victims.append(self)
        self.secrets = [self.cookie.split("=")[1].encode(), self.token.encode()]

    def head(self, method, path, extra=""):
        return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
                f"X-Pixity-Token: {self.token}\r\n{extra}\r\n").encode()

    def ask(self, path):
        """A request of good manners on a connection of its own."""
        wire = Wire(self.port)
        wire.send(self.head("GET", path))
        answer = wire.answer("GET")
        wire.close()
        assert answer, f"{path}: no answer"
        return answer

    def serves(self):
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}\n{self.read_log()[-6000:]}"
        for path in ("/api/v1/session", "/api/v1/runs", "/"):
            answer = self.ask(path)
            assert answer.status == 200, f"{path}: {answer.status} {answer.body[:300]}\n{self.read_log()[-3000:]}"

    def end(self):
        """Jobs first: they outlive the server."""
        self.serves()
        jobs = [job["id"] for job in self.get("/api/v1/jobs?limit=1000").json["items"] if job["state"] in ("queued", "running")]
        for job in jobs:
            self.request("POST", f"/api/v1/jobs/{job}/cancel")
        for job in jobs:
            self.wait_for_job(job)
        status, log = self.stop(), self.read_log()
        assert status == 130, f"the server ended with {status}\n{log[-6000:]}"
        for word in ("ERROR: ", "WARNING: ThreadSanitizer", "runtime error:", "Assertion"):
            assert word not in log, log[-6000:]
        for secret in self.secrets:
            assert secret.decode() not in log, "a secret in the log"
        os.chdir("..")


RUNS = {"meta": ("pixityAI_meta", "RELIANCE"), "cross": ("ema_cross", "WALK"), "1": ("ehma_pivot", "RELIANCE")}


def backtest(run):
    strategy, symbol = RUNS[run]
    more = ["--set", "skip_meta_model=true"] if run == "meta" else []
    pixity("backtest", "--strategy", strategy, "--symbol", symbol, "--timeframe", "5m", "--run-id", run, *more)


SERIES = {"RELIANCE": "trend", "WALK": "walk", "NIFTY": "index"}
DAYS, DAY = 40, 375


def synth(symbol):
    pixity("synth", "--symbol", symbol, "--kind", SERIES[symbol], "--days", DAYS, "--seed", 1, "--start", "2022-01-03")


def restore(server):
    """What requests have deleted or renamed, so that the next ones find something."""
    bars = {row["symbol"]: row["bars"] for row in json.loads(server.ask("/api/v1/data?limit=1000&timeframe=1m").plain)["items"]}
    for symbol in SERIES:
        if bars.get(symbol) != DAYS * DAY:
            synth(symbol)
    for run in RUNS:
        if server.ask(f"/api/v1/runs/{run}").status == 404:
            backtest(run)


def seed():
    for symbol in SERIES:
        synth(symbol)
    pixity("train", "--symbol", "RELIANCE", "--timeframe", "5m", "--model-out", "RELIANCE_15m")
    for run in RUNS:
        backtest(run)
    bars = pixity("data", "export", "--symbol", "RELIANCE", "--start", "2022-02-14", "--csv").stdout
    pixity("stream", "--symbol", "RELIANCE", "--timeframe", "5m", "--skip-meta-model", "--account", "desk", stdin=bars)


def resolve(document, thing):
    while "$ref" in thing:
        node = document
        for key in thing["$ref"].lstrip("#/").split("/"):
            node = node[key]
        thing = node
    return thing


def members_of(document, schema):
    schema = resolve(document, schema)
    names = list(schema.get("properties", {}))
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, []):
            names += members_of(document, part)
    return names


def routes_of(server):
    """Every operation of the served document, and the page's own paths."""
    answer = server.ask("/api/v1/openapi.json")
    assert answer.status == 200
    document = json.loads(answer.plain)
    base = document["servers"][0]["url"] if document.get("servers") and not next(iter(document["paths"])).startswith("/api") else ""
    routes = [("GET", "/", ["token"], []), ("GET", "/login", [], []), ("GET", "/icon.svg", [], []), ("GET", "/assets/{name}", [], [])]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "delete", "patch"):
                continue
            parameters = [resolve(document, one) for one in [*item.get("parameters", []), *operation.get("parameters", [])]]
            query = [one["name"] for one in parameters if one["in"] == "query"]
            content = resolve(document, operation.get("requestBody", {})).get("content", {})
            members = [name for one in content.values() for name in members_of(document, one.get("schema", {}))]
            routes.append((method.upper(), base + path, query, members))
    return routes


# ---- what holds of every answer ------------------------------------------------------------------------


def check_secrets(server, request, answer):
    """Who is signed in may be told where the home folder is; nobody is told of what lies beside it."""
    told = answer.plain + b"".join(f"{key}: {value}\n".encode("latin-1") for key, value in answer.headers if key != "set-cookie")
    path = request.path.split("?")[0]
    for secret in server.secrets:
        if path != "/api/v1/session":
            assert secret not in told or secret in request.data.partition(b"\r\n")[0], "a secret is told"
    if f"Cookie: {server.cookie}\r\n".encode() in request.data:
        told = told.replace(server.home.encode(), b"")
    assert MARK.encode() not in told, f"a path outside of the home folder is told: {told[:600]!r}"


def check_error(answer):
    assert answer.plain.startswith(b"{"), (answer.status, answer.headers, answer.body)
    document = json.loads(answer.plain)
    assert set(document) == {"error"} and set(document["error"]) >= {"code", "message", "status"}, document
    assert document["error"]["status"] == answer.status and document["error"]["message"], document


def check_columns(body):
    assert body[:4] == b"PXC1", body[:20]
    (length,) = struct.unpack_from("<I", body, 4)
    head = json.loads(body[8:8 + length])
    assert (8 + length) % 4 == 0 and len(body) == 8 + length + 4 * head["rows"] * len(head["columns"]), head


def check_answer(server, request, answer):
    assert answer.status in FINE, f"status {answer.status}: {answer.body[:500]!r}"
    if not answer.header("x-content-type-options"):
        # Refused by the library below, before the request was one.
        assert answer.status >= 400, f"{answer.status} without the guarding headers"
        return
    assert "default-src 'none'" in (answer.header("content-security-policy") or ""), answer.headers
    check_secrets(server, request, answer)
    if request.method == "HEAD" or answer.streaming:
        return
    if answer.status >= 400 and answer.content_type == "application/json":
        check_error(answer)
    elif answer.status < 300 and answer.content_type.endswith("json") and answer.body:
        json.loads(answer.plain)
    elif answer.status == 200 and answer.content_type == "application/vnd.pixity.columns":
        check_columns(answer.plain)


def send_one(server, wire, request):
    """Sends it, checks the answer; gives the connection where it can be used again."""
    sent = wire.send(request.data)
    if not request.whole:
        wire.finish()
    try:
        answer = wire.answer(request.method)
    except Broken:
        if request.whole or not wire.ended:
            raise
        return None, False  # the library below writes its head twice where it refuses a length
    assert answer or not request.whole or not sent, "no answer to a well-formed request"
    if answer:
        check_answer(server, request, answer)
    again = request.whole and sent and answer and not answer.streaming and answer.header("connection") != "close"
    return answer, again


# ---- tests ---------------------------------------------------------------------------------------------


@test
def random_requests():
    server = Victim("--jobs", "1", "--queue", "2")
    routes = routes_of(server)
    assert len(routes) > 30, routes
    rng = random.Random(SEED)
    generator = Generator(rng, routes, server.port, server.cookie, server.token)
    wire, seen = None, {}
    for number in range(REQUESTS):
        request = generator.request()
        try:
            wire = wire or Wire(server.port)
            answer, again = send_one(server, wire, request)
        except (AssertionError, Broken, ValueError, KeyError, OSError) as error:
            raise AssertionError(f"request {number}: {error}\n{request!r}\n{server.read_log()[-6000:]}") from error
        seen[answer.status if answer else None] = seen.get(answer.status if answer else None, 0) + 1
        if not again or rng.random() < 0.1:
            wire.close()
            wire = None
        if number % 500 == 0:
            server.serves()
            restore(server)
    print(f"# seed {SEED}, {len(routes)} routes, answers {dict(sorted(seen.items(), key=lambda one: str(one[0])))}")
    assert seen.get(200, 0) > 0.15 * sum(seen.values()), f"few requests came far: {seen}"
    assert seen.get(None, 0) < 0.2 * sum(seen.values()), f"many were not answered: {seen}"
    server.end()


@test
def requests_in_one_piece_are_answered_in_order():
    server = Victim()
    rng = random.Random(SEED)
    paths = ["/api/v1/session", "/api/v1/runs", "/api/v1/runs/meta", "/api/v1/nothing", "/api/v1/runs/meta/trades?limit=3", "/login"]
    for _ in range(200 if SOAK else 20):
        chosen = [rng.choice(paths) for _ in range(rng.randrange(2, 40))]
        alone = [server.ask(path) for path in chosen]
        wire = Wire(server.port)
        wire.send(b"".join(server.head("GET", path) for path in chosen))
        for path, single in zip(chosen, alone):
            answer = wire.answer("GET")
            assert answer and (answer.status, answer.body) == (single.status, single.body), path
            if answer.header("connection") == "close":
                break  # refused from its head alone: what follows is not looked at
        wire.close()
    server.end()


@test
def a_body_is_never_taken_for_a_request():
    server = Victim()
    reason = b'{"reason": "smuggled"}'
    inner = server.head("POST", "/api/v1/accounts/desk/halt", f"Content-Type: application/json\r\nContent-Length: {len(reason)}\r\n") + reason
    smuggled = [
        f"Content-Length: {len(inner)}\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding : chunked\r\n", "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding:\tx\r\n",
        "Content-Length: 0\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 0\r\n", "Content-Length: +0\r\n", "Content-Length: 0x0\r\n",
    ]
    for fields in smuggled:
        for body in (inner, b"0\r\n\r\n" + inner):
            wire = Wire(server.port)
            wire.send(server.head("POST", "/api/v1/session/links", fields) + body)
            wire.finish()
            told = wire.rest()
            wire.close()
            assert told.startswith(b"HTTP/1.1 4"), f"{fields!r}: {told[:200]!r}"
        assert json.loads(server.ask("/api/v1/accounts/desk").plain)["halted"] is None, fields
    server.end()


@test
def connections_cut_in_the_middle():
    server = Victim()
    rng = random.Random(SEED)
    body = json.dumps({"symbol": "RELIANCE", "timeframe": "5m", "strategy": "ema_cros"}).encode()
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    whole = [
        server.head("POST", "/api/v1/runs", length) + body,
        server.head("POST", "/api/v1/data/uploads?name=x.csv", "Content-Length: 5000000\r\n") + b"x" * 1000000,
        server.head("POST", "/api/v1/runs", "Transfer-Encoding: chunked\r\n") + b"40\r\n" + b"x" * 64 + b"\r\n",
        server.head("GET", "/api/v1/runs/meta/events?limit=1000"),
        server.head("GET", "/api/v1/candles?symbol=RELIANCE&timeframe=1m"),
        server.head("GET", "/api/v1/stream"),
    ]
    for _ in range(3000 if SOAK else 150):
        data = rng.choice(whole)
        wire = Wire(server.port)
        wire.send(data[:rng.randrange(len(data) + 1)] if rng.random() < 0.7 else data)
        if rng.random() < 0.5:
            wire.reset()
        else:
            wire.close()
    server.serves()
    uploads = pathlib.Path(server.home, "uploads")
    while list(uploads.glob("*")):  # what was half there goes when the server sees that its connection has ended
        assert server.process.poll() is None
    server.end()


@test
def slow_and_idle_connections_take_no_one_else_s_place():
    server = Victim()
    slow = [Wire(server.port) for _ in range(40)]
    for i, wire in enumerate(slow):
        data = server.head("POST" if i % 2 else "GET", "/api/v1/runs", "Content-Length: 100\r\n" if i % 2 else "")
        wire.send(data[:len(data) - 1 - i % 7] if i % 3 else b"")
        server.serves() if i % 10 == 0 else None
    streams = [Wire(server.port) for _ in range(20)]
    for wire in streams:
        wire.send(server.head("GET", "/api/v1/stream"))
        answer = wire.answer("GET")
        assert answer.status == 200 and answer.streaming
    server.serves()
    for wire in slow + streams:
        wire.close()
    server.serves()
    server.end()


@test
def more_connections_than_there_is_room_for():
    server = Victim()
    crowd = []
    for _ in range(400):
        try:
            crowd.append(Wire(server.port))
            crowd[-1].send(b"G")
        except OSError:
            break
    assert server.process.poll() is None
    for wire in crowd:
        wire.close()
    while True:  # the server sees one after the other that they have gone
        wire = Wire(server.port)
        wire.send(server.head("GET", "/api/v1/session"))
        try:
            answer = wire.answer("GET")
        finally:
            wire.close()
        if answer and answer.status == 200:
            break
        assert answer is None or answer.status in BUSY, answer.status
    server.end()


@test
def many_at_once():
    server = Victim("--jobs", "1", "--queue", "2")
    routes = [route for route in routes_of(server) if route[0] in ("GET", "DELETE")]
    problems = []

    def client(seed):
        generator = Generator(random.Random(seed), routes, server.port, server.cookie, server.token)
        try:
            for _ in range(5000 if SOAK else 150):
                wire, request = Wire(server.port), generator.request()
                send_one(server, wire, request)
                wire.close()
        except Exception as error:  # all are shown at the end
            problems.append(f"{error}: {request!r}")

    threads = [threading.Thread(target=client, args=(SEED * 1000 + i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, f"{problems[:3]}\n{server.read_log()[-6000:]}"
    server.end()


@test
def bytes_that_are_no_http():
    server = Victim()
    rng = random.Random(SEED)
    hello = bytes.fromhex("1603010200010001fc0303") + bytes(range(200))
    kept = [hello, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 1000, b"\0" * 5000, b"GET", b"GET /" + b"a" * 200000, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20000,
            b"GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", b"GET\t/\tHTTP/1.1\r\n\r\n", b"\xff" * 3000 + b"\r\n\r\n", b"GET / HTTP/1.1\nHost: x\n\n"]
    for number in range(5000 if SOAK else 200):
        data = kept[number] if number < len(kept) else bytes(rng.choice(b"GET /POST\r\n\r\n: \0\xffHTTP/1.1") for _ in range(rng.randrange(2000)))
        wire = Wire(server.port)
        wire.send(data)
        wire.finish()
        answer = wire.answer("GET")
        assert answer is None or answer.status in FINE, (number, answer.status)
        wire.close()
    server.serves()
    server.end()


main()
