# SPDX-License-Identifier: Apache-2.0
"""Who may talk to the server: hosts, origins, sessions, tokens, links, the password; what answers carry."""
import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import termios
import urllib.parse

from harness import BIN, Skip, main, pixity, test
from http_kit import Server

PASSWORD = "a long enough password & more+%41"


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@test
def the_link_works_once_and_leaves_the_address():
    with Server(sign_in=False) as server:
        answer, cookie = server.use_link(server.link)
        assert answer.status == 303 and answer.headers["Location"] == "/" and cookie
        flags = answer.headers["Set-Cookie"]
        assert "HttpOnly" in flags and "SameSite=Strict" in flags and "Path=/" in flags
        answer, none = server.use_link(server.link)
        assert answer.status == 403 and not none and "pixity serve" in answer.text
        assert server.get("/", session=cookie).headers["Content-Type"].startswith("text/html")
        assert server.request("GET", "/?token=x", session=cookie).status == 303  # signed in already


@test
def asking_for_the_head_of_a_link_does_not_use_it():
    with Server(sign_in=False) as server:
        path = "/" + server.link.split("/", 3)[3]
        head = server.request("HEAD", path)
        assert head.status == 303 and "Set-Cookie" not in head.headers
        answer, cookie = server.use_link(server.link)
        assert answer.status == 303 and cookie and "Secure" not in answer.headers["Set-Cookie"]


@test
def behind_a_proxy_with_tls_the_cookie_is_for_tls():
    with Server("--host", "bars.example", sign_in=False) as server:
        path = "/" + server.link.split("/", 3)[3]
        answer = server.request("GET", path, headers={"Host": "bars.example", "X-Forwarded-Proto": "https"})
        assert answer.status == 303 and answer.headers["Set-Cookie"].endswith("; Secure")


@test
def without_a_session_only_the_door_is_open():
    with Server() as server:
        for path in ("/api/v1/session", "/api/v1/jobs", "/api/v1/jobs/1", "/api/v1/stream"):
            assert server.get(path, 401, session=False).error[0] == "unauthorized"
        assert "pixity serve" in server.get("/", 401, session=False).text
        for wrong in ("x", "a.b.c", server.cookie.split("=")[1][:-1], server.cookie.split("=")[1][:-2] + "AA", "." * 200):
            name = server.cookie.split("=")[0]
            assert server.request("GET", "/api/v1/session", session=f"{name}={wrong}").status == 401, wrong


@test
def an_expired_session_cannot_be_stretched():
    with Server() as server:
        name, session = server.cookie.split("=")
        random, expiry, mac = session.split(".")
        later = f"{name}={random}.{int(expiry, 16) + 1000:x}.{mac}"
        assert server.request("GET", "/api/v1/session", session=later).status == 401


@test
def changes_need_the_token():
    with Server() as server:
        for token in (False, "x", server.token[:-1], server.token + "A"):
            answer = server.post("/api/v1/session/links", status=403, token=token)
            assert answer.error[0] == "forbidden" and "X-Pixity-Token" in answer.error[1]
        assert server.post("/api/v1/session/links", status=201).json["url"].startswith("http://127.0.0.1:")


@test
def a_further_link_opens_another_browser():
    with Server() as server:
        link = server.post("/api/v1/session/links", status=201).json["url"]
        answer, cookie = server.use_link(link)
        assert answer.status == 303 and cookie != server.cookie
        assert server.request("GET", "/api/v1/session", session=cookie).status == 200


@test
def other_hosts_are_refused():
    with Server("--host", "bars.example") as server:
        port = server.port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "bars.example", "bars.example:443"):
            assert server.request("GET", "/api/v1/session", headers={"Host": host}).status == 200, host
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1:{port + 1}", "127.0.0.1", "localhost",
                     f"127.0.0.1.evil.example:{port}", f"xbars.example", "bars.example.evil"):
            answer = server.request("GET", "/api/v1/session", headers={"Host": host})
            assert answer.status == 421 and answer.error[0] == "misdirected", host
        assert b" 4" in server.raw(b"GET / HTTP/1.1\r\n\r\n").split(b"\r\n")[0]


@test
def other_origins_are_refused():
    with Server() as server:
        port = server.port
        for origin in (f"http://127.0.0.1:{port}", f"http://localhost:{port}"):
            assert server.request("GET", "/api/v1/session", headers={"Origin": origin}).status == 200
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{port + 1}", f"file://127.0.0.1:{port}", ""):
            answer = server.request("POST", "/api/v1/session/links", headers={"Origin": origin})
            assert answer.status == 403 and answer.error[0] == "forbidden", origin


@test
def pages_of_other_sites_cannot_ask():
    def fetch(site, how, purpose):
        return server.request("GET", "/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": how, "Sec-Fetch-Dest": purpose}).status

    with Server() as server:
        assert fetch("same-origin", "cors", "empty") == 200 and fetch("none", "navigate", "document") == 200
        assert fetch("cross-site", "navigate", "document") == 200  # a link or bookmark
        assert fetch("cross-site", "no-cors", "image") == 403 and fetch("cross-site", "navigate", "iframe") == 403
        assert fetch("same-site", "cors", "empty") == 403  # another port of this machine


@test
def every_answer_is_guarded():
    with Server() as server:
        answers = [server.get("/"), server.get("/api/v1/session"), server.get("/nothing", 404), server.get("/api/v1/session", 401, session=False)]
        for answer in answers:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")


@test
def methods_and_paths():
    with Server() as server:
        answer = server.request("PUT", "/api/v1/session")
        assert answer.status == 405 and answer.error[0] == "method_not_allowed"
        assert {"GET", "HEAD", "POST", "DELETE"} == set(answer.headers["Allow"].split(", "))
        head = server.request("HEAD", "/api/v1/session")
        assert head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 50
        for path in ("/api/v1", "/api/v2/runs", "/api/v1/runs/", "//api/v1/runs", "/api/v1/session/x", "/index.html"):
            assert server.get(path, 404).error[0] == "not_found", path
        for path in ("/assets/..%2f..%2fetc%2fpasswd", "/assets/%2e%2e", "/assets/.", "/assets/a%00b", "/assets/%zz", "/assets/"):
            assert server.get(path, 404).error[0] == "not_found", path
        assert server.get("/api/v1/session?a=%00", 400).error[0] == "bad_request"
        assert server.get("/api/v1/session?a=%zz", 400).error[0] == "bad_request"


@test
def a_parameter_that_a_path_does_not_know_is_named():
    with Server() as server:
        for method, path in (("GET", "/api/v1/session"), ("DELETE", "/api/v1/session"), ("POST", "/api/v1/session/links"),
                             ("GET", "/api/v1/stream"), ("DELETE", "/api/v1/runs/r"), ("POST", "/api/v1/jobs/1/cancel")):
            answer = server.request(method, path + "?limt=1")
            assert answer.status == 400 and '"limt"' in answer.error[1], (method, path, answer.body)


@test
def what_the_client_has_is_not_sent_again():
    with Server() as server:
        first = server.get("/")
        tag = first.headers["ETag"]
        again = server.get("/", 304, headers={"If-None-Match": tag})
        assert again.body == b"" and again.headers["ETag"] == tag
        assert server.get("/", 304, headers={"If-None-Match": f'"x", W/{tag}'}).body == b""
        assert server.get("/", headers={"If-None-Match": '"x"'}).body == first.body


@test
def large_texts_are_compressed_for_those_who_take_it():
    with Server() as server:
        page = server.get("/").text
        script = next(part.split('"')[0] for part in page.split('src="')[1:])
        plain, small = server.get(script), server.get(script, headers={"Accept-Encoding": "br, gzip"})
        assert "immutable" in plain.headers["Cache-Control"] and plain.headers["ETag"] != small.headers["ETag"]
        assert server.get("/assets/none.js", 404).headers["Cache-Control"] == "no-store"
        assert small.headers["Content-Encoding"] == "gzip" and len(small.body) < len(plain.body) / 2
        assert small.text == plain.text and "Accept-Encoding" in small.headers["Vary"]
        assert "Content-Encoding" not in server.get(script, headers={"Accept-Encoding": "gzip;q=0"}).headers


@test
def bodies_have_limits_and_must_be_json():
    with Server() as server:
        declared = server.request("POST", "/api/v1/session", headers={"Content-Length": str(2 << 20)}, body=b"")
        assert declared.status == 413 and declared.error[0] == "too_large"
        chunks = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(17)) + b"0\r\n\r\n"
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert b" 413 " in server.raw(head.encode() + chunks).split(b"\r\n")[0]
        for body, what in ((b"", "line 1"), (b"{", "line 1"), (b"[]", "object"), (b'{"a":1,"a":2}', "duplicate"),
                           (b"\xff", "0xff"), (b'{"password":1}', "password"), (b'{"x":' * 5000, "")):
            answer = server.request("POST", "/api/v1/session", body)
            assert answer.status == 400 and what in answer.error[1], (body[:20], answer.body)
        typed = server.request("POST", "/api/v1/session", b"{}", headers={"Content-Type": "text/plain"})
        assert typed.status == 400 and "application/json" in typed.error[1]
        assert server.get("/api/v1/session").status == 200


@test
def a_session_outlives_the_server_and_ends_when_it_is_told_to():
    with Server() as server:
        server.restart()
        assert server.get("/api/v1/session").json["token"] == server.token
        old = server.cookie
        server.post("/api/v1/session/revoke", status=204)
        assert server.request("GET", "/api/v1/session", session=old).status == 401
        server.restart()
        assert server.request("GET", "/api/v1/session", session=old).status == 401


@test
def signing_out_takes_the_cookie_away():
    with Server() as server:
        answer = server.delete("/api/v1/session")
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


@test
def secrets_are_for_their_owner_and_in_no_log():
    with Server("--log-level", "debug") as server:
        token = server.link.split("=")[1]
        key = pathlib.Path("home/server.key")
        assert mode(key) == 0o600
        log = server.read_log()
        assert "GET / 303" in log and token not in log and server.token not in log and server.cookie.split("=")[1] not in log
        assert key.read_bytes().hex() not in log


@test
def a_log_line_is_one_line_of_plain_text():
    with Server("--log-level", "debug") as server:
        head = f"Host: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode()
        server.raw(b"GET /\x1b[2Jx\xc3\xa9?secret=1 HTTP/1.1\r\n" + head)
        server.raw(b"F\x1b[2JO /y HTTP/1.1\r\n" + head)
        log = server.read_log()
        assert "GET /?[2Jx?? 4" in log and "F?[2JO /y 4" in log, log
        assert "\x1b" not in log and "secret" not in log


@test
def what_is_too_large_or_no_http_is_answered():
    with Server() as server:
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        for text in (b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET / HTTP/1.1\r\n" + host + b"X-A: " + b"a" * 100000 + b"\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + host + b"".join(b"X-%d: y\r\n" % i for i in range(20000)) + b"\r\n",
                     b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
                     b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                     b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: x\r\n\r\n{}",
                     b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                     b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"):
            first = server.raw(text).split(b"\r\n")[0]
            assert first.startswith(b"HTTP/1.1 4"), (text[:60], first)
        assert server.get("/api/v1/session").status == 200


@test
def a_damaged_key_is_named():
    with Server():
        pass
    pathlib.Path("home/server.key").write_bytes(b"short")
    result = pixity("serve", "--port", "0", status=1)
    assert "home/server.key" in result.stderr and "remove it" in result.stderr


@test
def a_full_disk_signs_nobody_out():
    disk = pathlib.Path("disk")
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", "disk"]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        raise Skip("mounting needs root, and is not allowed here")
    try:
        with Server(home="disk/home") as server:
            with contextlib.suppress(OSError), open("disk/filler", "wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            server.restart()
            assert server.get("/api/v1/session").json["token"] == server.token
    finally:
        subprocess.run(["umount", "-l", "disk"], check=True)


@test
def a_password_that_is_not_told_leaves_the_terminal_as_it_was():
    own, terminal = os.openpty()
    process = subprocess.Popen([BIN, "serve", "--set-password"], stdin=terminal, stdout=terminal, stderr=terminal,
                               start_new_session=True)
    seen = b""
    while b"password:" not in seen:
        seen += os.read(own, 1000)
    assert not termios.tcgetattr(terminal)[3] & termios.ECHO
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    os.close(own)
    os.close(terminal)


@test
def other_machines_need_a_password():
    result = pixity("serve", "--port", "0", "--bind", "0.0.0.0", status=2)
    assert "--set-password" in result.stderr and result.stdout == ""
    assert "10 characters" in pixity("serve", "--set-password", stdin="short\n", status=2).stderr
    pixity("serve", "--set-password", stdin="", status=2)
    assert not pathlib.Path("home/server.password").exists()
    pixity("serve", "--set-password", stdin=PASSWORD + "\n")
    hashed = pathlib.Path("home/server.password").read_text()
    assert hashed.startswith("$argon2id$") and PASSWORD not in hashed and mode("home/server.password") == 0o600
    with Server("--bind", "0.0.0.0") as server:
        assert "TLS" in server.read_log()


@test
def the_password_opens_and_wrong_ones_wait():
    pixity("serve", "--set-password", stdin=PASSWORD + "\n")
    with Server("--log-level", "debug", sign_in=False) as server:
        assert server.get("/", 303).headers["Location"] == "/login"
        page = server.get("/login")
        assert 'type="password"' in page.text
        assert page.headers["Referrer-Policy"] == "same-origin"  # under no-referrer a browser's form has the Origin "null"
        answer = server.request("POST", "/api/v1/session", {"password": PASSWORD})
        assert answer.status == 204 and "HttpOnly" in answer.headers["Set-Cookie"]
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        assert server.request("GET", "/api/v1/session", session=cookie).json["password"] is True
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = server.request("POST", "/api/v1/session", b"password=" + urllib.parse.quote_plus(PASSWORD).encode(), headers=form)
        assert answer.status == 303 and answer.headers["Location"] == "/" and answer.headers["Set-Cookie"]
        answer = server.request("POST", "/api/v1/session", b"password=wrong", headers=form)
        assert answer.status == 303 and answer.headers["Location"] == "/login?wrong"
        statuses = [server.request("POST", "/api/v1/session", {"password": f"wrong {i}"}) for i in range(6)]
        assert [answer.status for answer in statuses][:2] == [401, 401] and statuses[-1].status == 429
        assert int(statuses[-1].headers["Retry-After"]) >= 1
        assert server.request("POST", "/api/v1/session", {"password": PASSWORD}).status == 429  # no guess gets through
        assert PASSWORD not in server.read_log() and "wrong 1" not in server.read_log()


@test
def one_server_a_home_and_a_port():
    with Server() as server:
        result = pixity("serve", "--port", "0", status=2)
        assert "another pixity serve" in result.stderr
        result = pixity("--home", "other", "serve", "--port", server.port, status=2)
        assert str(server.port) in result.stderr and "--port 0" in result.stderr and result.stdout == ""
    for arguments, what in ((["--port", "70000"], "65535"), (["--bind", "localhost"], "IP address"), (["--port", "x"], "x"),
                            (["--jobs", "0"], "jobs"), (["--host", ""], "no host"),
                            (["--host", "https://bars.example.org"], "no host")):
        assert what in pixity("serve", *arguments, status=2).stderr


@test
def it_ends_when_told_and_says_how():
    server = Server().start()
    assert server.stop() == 130


def ended(server, old):
    return server.request("GET", "/api/v1/session", session=old).status == 401


@test
def a_new_password_ends_every_session():
    with Server() as server:
        stream = server.open_raw(f"GET /api/v1/stream HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nCookie: {server.cookie}\r\n\r\n")
        assert b"200" in stream.recv(4096)
        old, key = server.cookie, open("home/server.key", "rb").read()
        unused = server.post("/api/v1/session/links", status=201).json["url"]
        server.get("/api/v1/session")
        pixity("serve", "--set-password", stdin=PASSWORD + "\n")
        assert open("home/server.key", "rb").read() != key and os.stat("home/server.key").st_mode & 0o777 == 0o600
        assert ended(server, old)
        query = urllib.parse.urlsplit(unused).query
        assert "Set-Cookie" not in server.request("GET", f"/?{query}", session=None).headers
        while stream.recv(4096):  # the stream of the old session ends by itself
            pass
        stream.close()
        answer = server.request("POST", "/api/v1/session", {"password": PASSWORD}, session=None)
        assert answer.status == 204
        new = answer.headers["Set-Cookie"].split(";")[0]
        assert server.request("GET", "/api/v1/session", session=new).status == 200
        pixity("serve", "--end-sessions")
        assert ended(server, new)
    pixity("serve", "--end-sessions")  # without a server too
    pixity("serve", "--end-sessions", "--set-password", status=2)
    pixity("--home", "none", "serve", "--end-sessions", status=2)


@test
def idle_connections_of_strangers_shut_nobody_out():
    with Server() as server:
        known = http.client.HTTPConnection(server.host, server.port)
        known.request("GET", "/api/v1/session", headers={"Cookie": server.cookie})
        assert known.getresponse().read()
        for kind in (b"", b"GET / HTTP/1.1\r\nHost: ", b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n"):
            idle = []
            for _ in range(200):
                idle.append(socket.create_connection((server.host, server.port)))
                try:
                    idle[-1].sendall(kind)
                except OSError:
                    pass
            for _ in range(5):
                server.get("/api/v1/session")
            known.request("GET", "/api/v1/session", headers={"Cookie": server.cookie})
            assert known.getresponse().read()  # on the connection that was there before
            for each in idle:
                each.close()


@test
def a_home_is_private():
    before = os.umask(0)
    try:
        pixity("synth", "--symbol", "ABC", "--days", "2", "--seed", "1")
        pixity("serve", "--set-password", stdin=PASSWORD + "\n")
    finally:
        os.umask(before)
    checks = lambda **kw: {r["check"]: r for r in json.loads(pixity("doctor", "--json", **kw).stdout)}
    folders = ["home", *(os.path.join("home", f) for f in os.listdir("home") if os.path.isdir(os.path.join("home", f)))]
    assert {os.stat(f).st_mode & 0o777 for f in folders} == {0o700}, folders
    assert all(os.stat(f"home/{f}").st_mode & 0o777 == 0o600 for f in ("server.key", "server.password"))
    assert checks()["privacy"]["verdict"] == "ok"
    for path, usual in (("home", 0o700), ("home/candles", 0o700), ("home/server.key", 0o600), ("home/server.password", 0o600)):
        os.chmod(path, 0o755)
        told = checks(status=1)["privacy"]
        assert told["verdict"] == "failed" and path in told["value"] and "chmod -R go= 'home'" in told["value"], told
        pixity("data", "list")  # as it did before
        os.system("chmod -R go= home")
        assert checks()["privacy"]["verdict"] == "ok"
        os.chmod(path, usual)


main()
