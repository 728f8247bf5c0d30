# SPDX-License-Identifier: Apache-2.0
"""Requests that nobody thought of, over every route of the OpenAPI document. The same of each seed.

A request is mostly right, so that it comes far, and wrong in one or a few places.
"""
import json
import urllib.parse

NAMES = ["meta", "cross", "RELIANCE", "RELIANCE [FO]", "RELIANCE_15m", "NIFTY 50", "NSE_EQ|INE002A01018", "desk", "1", "2", "3"]
ODD_TEXTS = [
    "", " ", ".", "..", "../..", "../../../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2f", "....//....//",
    "/etc/passwd", "\\..\\..", "C:\\boot.ini", "file:///etc/passwd", "meta/../meta", "meta\0.json", "%00", "%", "%zz", "%c0%af",
    "'; DROP TABLE runs; --", "' OR '1'='1", "\" OR 1=1 --", "1); SELECT load_extension('x'); --", "read_csv('/etc/passwd')",
    "$(id)", "`id`", "; id", "| id", "--help", "-h", "--home=/", "@/etc/passwd", "~root", "$HOME", "{}", "[]", "null", "NaN", "-nan",
    "true", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\r\nSet-Cookie: a=b", "\n", "\t", "é", "रिलायंस",
    "\U0001f4c8", "\u202e", "\ufeff", "\ud7ff", "a" * 64, "a" * 65, "a" * 300, "a" * 5000, "A" * 20000, "%s%n%x", "0x10", "1e309",
]
ODD_NUMBERS = [
    0, 1, -1, 2, 1000, 1001, 2**31 - 1, 2**31, -2**31, 2**32, 2**53, 2**63 - 1, 2**63, -2**63, 2**64, 10**30, 0.5, -0.0, 1e308, 5e-324,
]
DATES = ["2022-01-03", "2023-01-01", "2023-12-31", "2022-02-30", "0000-00-00", "9999-12-31", "1970-01-01", "2023-1-1", "20230101", "-2022-01-03"]
BY_NAME = {
    "symbol": ["RELIANCE", "WALK", "RELIANCE [FO]", "NSE_EQ|INE002A01018", "NOSUCH", "@symbols.txt"], "exchange": ["NSE", "BSE", "XX"],
    "timeframe": ["1m", "5m", "15m", "1h", "1d", "7m", "0m", "-1m", "1000000000m"], "start": DATES, "end": DATES,
    "strategy": ["ema_cross", "pixityAI_meta", "ehma_pivot", "precomputed", "ema_cros"], "profile": ["honest", "reference", "best"],
    "product": ["any", "intraday", "futures", "x"], "points": ["1", "2", "100", "100000"], "limit": ["0", "1", "10", "1000", "1001"],
    "offset": ["0", "1", "10000000"], "order": ["asc", "desc", "up"], "sort": ["created", "PnL [Rs]", "Sharpe Ratio (gross)", "symbol", "entry_ts", "no"],
    "format": ["json", "csv", "parquet", "html", "png", "exe"], "part": ["trades", "events", "equity", "no"],
    "indicators": ["ema20,vwap", "ema20", "no", ",,,", "ema20," * 500], "ids": ["meta,cross", "meta", "meta,meta", "meta," * 400, ","],
    "capital": [100000, "100000", -1, 0, 1e300], "q": ["REL", "%", "_", "a b"], "token": ["A" * 43], "model": ["RELIANCE_15m", "no"],
    "learner": ["rf", "gbt", "logistic", "svm"], "upload": ["1", "0"], "tz": ["Asia/Kolkata", "+0530", "Mars"], "stamp": ["open", "close"],
    "on_conflict": ["error", "skip", "replace"], "name": ["bars.csv", "RELIANCE_15m", "x.exe"], "run_id": ["meta", "fuzz"], "preview": [True, False],
    "set": [{}, {"tp_mult": "3"}, {"fee_table": "/etc/passwd"}, {"model_path": "../../x"}, {"a": {"b": 1}}, {"capital": 1}], "reason": ["lunch"],
}
CONTENT_TYPES = ["application/json", "application/json; charset=utf-8", "text/plain", "text/csv", "application/x-www-form-urlencoded",
                 "multipart/form-data; boundary=x", "", "a" * 3000, "application/json\tx"]
ACCEPTS = ["*/*", "application/json", "application/vnd.pixity.columns", "text/event-stream", "text/csv", "", "q=q;;;,,,", "a/b;q=" + "9" * 500]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "FOO", "G" * 200]
VERSIONS = ["HTTP/1.1"] * 60 + ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTTP/1.1.1", "http/1.1", "", "HTTP/1.10", "FTP/1.1"]


# What there is at first, by the piece of the path before.
THERE = {"runs": ["meta", "cross", "1"], "models": ["RELIANCE_15m"], "accounts": ["desk"], "jobs": ["1", "2", "3"], "uploads": ["1"]}


class Request:
    def __init__(self, method, path, data, whole):
        self.method, self.path, self.data = method, path, data
        self.whole = whole  # well-framed: the server must answer it

    def __repr__(self):
        return f"{self.method} {self.path[:300]}: {self.data[:1500]!r}"


class Generator:
    """`routes`: (method, path, names of query parameters, names of members of the body) of each operation."""

    def __init__(self, rng, routes, port, cookie, token):
        self.rng, self.routes, self.port, self.cookie, self.token = rng, routes, port, cookie, token

    def maybe(self, share):
        return self.rng.random() < share

    # ---- values

    def text(self):
        rng = self.rng
        kind = rng.randrange(4)
        if kind == 0:
            return rng.choice(ODD_TEXTS)
        if kind == 1:
            return str(rng.choice(ODD_NUMBERS))
        if kind == 2:
            return rng.choice(NAMES) + rng.choice(ODD_TEXTS)[:50]
        return "".join(chr(rng.choice([rng.randrange(1, 128), rng.randrange(1, 0xd800)])) for _ in range(rng.randrange(1, 40)))

    def value(self, name, odd):
        if odd or name not in BY_NAME:
            return self.text() if odd else self.rng.choice(NAMES)
        values = BY_NAME[name]
        return self.rng.choice(values[:(len(values) + 1) // 2] if self.maybe(0.7) else values)

    def json_value(self, depth=0):
        rng = self.rng
        kind = rng.randrange(9)
        if kind == 0:
            return rng.choice([None, True, False])
        if kind <= 2:
            return rng.choice(ODD_NUMBERS)
        if kind <= 4 or depth > 4:
            return self.text()
        if kind <= 6:
            return [self.json_value(depth + 1) for _ in range(rng.randrange(4))]
        return {self.text(): self.json_value(depth + 1) for _ in range(rng.randrange(4))}

    # ---- parts of a request

    def encode(self, text):
        raw = text.encode("utf-8", "surrogatepass")
        kind = self.rng.randrange(6)
        if kind == 0:
            return "".join(f"%{byte:02x}" for byte in raw)
        if kind == 1 and self.maybe(0.3):  # as it is, without what would end the line
            return "".join(chr(byte) for byte in raw if byte > 32) or "x"
        return urllib.parse.quote(raw, safe="")

    def path(self, method, pattern):
        pieces = []
        for piece in pattern.split("/"):
            if piece.startswith("{"):  # little is deleted, so that something is left to ask for
                known = THERE.get(pieces[-1], NAMES) if method != "DELETE" or self.maybe(0.03) else ["gone"]
                piece = self.encode(self.text() if self.maybe(0.2) else self.rng.choice(known))
            pieces.append(piece)
        path = "/".join(pieces)
        if self.maybe(0.03):
            path = self.rng.choice([path + "/", "/" + path, path + "/../..", path.replace("/", "//"), path.upper(), path + "%00", path + ";x=1",
                                    "/assets/../api/v1/session", "/assets/%2e%2e%2fserver.key", "/..%2fserver.key", "*", "http://evil.example" + path])
        return path

    def query(self, names):
        names = list(names)
        pairs = [(name, self.value(name, self.maybe(0.1))) for name in names if self.maybe(self.rng.choice([0.1, 0.3, 0.7]))]
        if self.maybe(0.1):
            pairs.append((self.text(), self.text()))
        if pairs and self.maybe(0.05):
            pairs.append(pairs[0])
        if self.maybe(0.01):
            pairs += [(f"p{i}", str(i)) for i in range(3000)]
        text = "&".join(f"{self.encode(str(name))}={self.encode(str(value))}" for name, value in pairs)
        if self.maybe(0.03):
            text += self.rng.choice(["%", "&%zz=1", "&&&&", "=", "&=", "?", "#x", "&a", "%00", "&a=%00"])
        return f"?{text}" if text else self.rng.choice(["", "", "", "?"])

    def body(self, names):
        rng = self.rng
        kind = rng.randrange(20)
        if kind == 0:
            return rng.choice([b"", b"{", b"[]", b"null", b"1", b"\"x\"", b"{}}", b"{\"a\":1,\"a\":2}", b"{'a':1}", b"\xff\xfe", b"[" * 100000,
                               b"{\"a\":" * 5000, b"{\"x\":\"\\ud800\"}", b"{\"x\":\"\\u0000\"}", b"1e999", b"{\"x\":1e999}", b"\xef\xbb\xbf{}"])
        if kind == 1:
            return bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
        if kind == 2:
            return b"timestamp,open,high,low,close,volume\n" + b"".join(
                f"2024-01-0{rng.randrange(1, 10)} 09:{rng.randrange(15, 60)}:00,{rng.choice(['1', '-1', 'x', '1e400', ''])},2,1,1,5\n".encode() for _ in range(rng.randrange(30)))
        members = {name: self.json_value() if self.maybe(0.15) else self.value(name, self.maybe(0.05)) for name in names if self.maybe(0.8)}
        if self.maybe(0.1):
            members[self.text()] = self.json_value()
        text = json.dumps(members, ensure_ascii=self.maybe(0.5), allow_nan=True)
        raw = text.encode("utf-8", "surrogatepass")
        if self.maybe(0.05) and raw:
            at = rng.randrange(len(raw))
            raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1:]
        return raw

    def headers(self):
        rng = self.rng
        fields = [("Host", f"127.0.0.1:{self.port}")]
        if self.maybe(0.02):
            fields[0] = ("Host", rng.choice(["evil.example", "", f"127.0.0.1:{self.port}, evil", "[::1]", "a" * 3000, f"127.0.0.1:{self.port + 1}"]))
        if not self.maybe(0.03):
            fields.append(("Cookie", self.cookie if not self.maybe(0.03) else rng.choice(["", "=;=;", self.cookie[:-3], "a=b; " * 500 + self.cookie, self.cookie + "x"])))
        if not self.maybe(0.05):
            fields.append(("X-Pixity-Token", self.token))
        fields.append(("Accept", rng.choice(ACCEPTS)))
        if self.maybe(0.4):
            fields.append(("Accept-Encoding", rng.choice(["gzip", "gzip;q=0", "*", "identity", "br, gzip;q=0.5", "gzip" * 100])))
        if self.maybe(0.2):
            fields.append(("If-None-Match", rng.choice(["*", "\"x\"", "W/\"x\"", "x", "\"" + "a" * 3000, ",,,", "\"a\", \"b\""])))
        if self.maybe(0.05):
            fields.append(rng.choice([("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Range", "bytes=0-10"),
                                      ("Last-Event-ID", "-1"), ("Last-Event-ID", "9" * 40), ("X-Forwarded-For", "1.2.3.4"), ("Upgrade", "websocket"),
                                      ("Content-Encoding", "gzip"), ("X-HTTP-Method-Override", "DELETE"), ("Authorization", "Basic AAAA")]))
        return fields

    # ---- requests

    def request(self):
        method, pattern, names, members = self.rng.choice(self.routes)
        if pattern.endswith("/session/revoke"):
            method = "GET"  # it would end the session that all others need
        if self.maybe(0.05):
            method = self.rng.choice(METHODS) if not pattern.endswith("/session/revoke") else "PUT"
        path = self.path(method, pattern) + self.query(names)
        fields, whole, body = self.headers(), True, b""
        if method not in ("GET", "HEAD") or self.maybe(0.03):
            body = self.body(members)
            if self.maybe(0.9):
                fields.append(("Content-Type", "application/json" if self.maybe(0.8) else self.rng.choice(CONTENT_TYPES)))
            fields, body, whole = self.frame(fields, body)
        version = self.rng.choice(VERSIONS)
        if self.maybe(0.01):
            fields += [(f"X-{i}", "y" * self.rng.choice([1, 100, 2000])) for i in range(self.rng.choice([50, 500, 3000]))]
        odd = self.rng.choice([("", "x"), ("A b", "x"), (" X", "y"), ("X", "\x01\x7f"), ("X\0", "y"), ("X", "a\rb")]) if self.maybe(0.02) else None
        fields += [odd] if odd else []
        text = f"{method} {path} {version}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
        # The library below ends connections whose heads it has no room for, or that are none; all others are answered.
        clean = version == "HTTP/1.1" and method in METHODS[:5] and len(text) < 8000 and text.count(";") < 60 and text.count("&") < 60 and odd is None
        return Request(method, path, text.encode("utf-8", "surrogatepass") + body, whole and clean)

    def frame(self, fields, body):
        """Content-Length or chunks, and now and then what is neither."""
        kind = self.rng.randrange(30)
        if kind == 0:
            wrong = self.rng.choice(["-1", "x", "0x10", "99999999999999999999", str(2**63), f"{len(body)}, {len(body)}", "", "+5", str(len(body) + 50)])
            return [*fields, ("Content-Length", wrong)], body, False
        if kind == 1:
            return [*fields, ("Content-Length", str(len(body))), ("Transfer-Encoding", "chunked")], body, False
        if kind == 2:
            bad = self.rng.choice([b"-1\r\nx\r\n", b"zz\r\n", b"ffffffffffffffffff\r\nx", b"5\r\nab", b"\r\n\r\n", b"1;" + b"e" * 9000 + b"\r\nx\r\n0\r\n\r\n", b"3\nabc\n0\n\n"])
            return [*fields, ("Transfer-Encoding", "chunked")], bad, False
        if kind == 3:
            return [*fields, ("Transfer-Encoding", self.rng.choice(["gzip", "chunked, chunked", "identity", "x"]))], body, False
        if kind <= 8:
            return [*fields, ("Transfer-Encoding", "chunked")], self.chunks(body), True
        if kind == 9:
            fields = [*fields, ("Expect", self.rng.choice(["100-continue", "x"]))]
            return [*fields, ("Content-Length", str(len(body)))], body, False
        return [*fields, ("Content-Length", str(len(body)))], body, True

    def chunks(self, body):
        out, at = b"", 0
        while at < len(body):
            n = self.rng.choice([1, 7, 100, 10000])
            piece = body[at:at + n]
            out += f"{len(piece):x}{self.rng.choice(['', '', ';x=y'])}\r\n".encode() + piece + b"\r\n"
            at += n
            if self.maybe(0.5) and len(out) > 2000:
                piece = body[at:]
                if piece:
                    out += f"{len(piece):X}\r\n".encode() + piece + b"\r\n"
                break
        return out + b"0\r\n" + self.rng.choice([b"", b"", b"X-Trailer: y\r\n"]) + b"\r\n"
