# SPDX-License-Identifier: Apache-2.0
"""A running `pixity serve` and a signed-in client of it.

    with Server() as server:                  # PIXITY_HOME ./home, a free port
        runs = server.get("/api/v1/runs").json
        job = server.post("/api/v1/runs", {"strategy": ...}, status=202).json
        server.wait_for_job(job["id"])
"""
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse

from harness import BIN, SANITIZER_EXIT

HANG_S = 180  # ends a test that would hang; nothing is judged by it


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        raw = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return raw.decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def error(self):
        """Code and message of the one shape of errors."""
        error = self.json["error"]
        assert set(error) == {"code", "message", "status"} and error["status"] == self.status, error
        return error["code"], error["message"]


class Server:
    def __init__(self, *options, home="home", sign_in=True, env=None):
        self.options, self.home, self.wants_session, self.env = options, home, sign_in, env
        self.cookie = self.token = self.process = None

    # ---- its life ----

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, port=0):
        self.log = open("serve.log", "a+")
        self.process = subprocess.Popen(
            [BIN, "--home", self.home, "serve", "--port", str(port), *self.options],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True,
            env={**os.environ, **(self.env or {})},
        )
        self.link = self.process.stdout.readline().strip()
        assert self.link.startswith("http://"), (self.link, self.read_log())
        where = urllib.parse.urlsplit(self.link)
        self.host, self.port = where.hostname, where.port
        if self.wants_session and not self.cookie:
            self.sign_in()
        return self

    def stop(self, how=signal.SIGTERM):
        """Ends it; its exit status, which is no finding of a sanitizer."""
        if self.process is None:
            return None
        self.process.send_signal(how)
        status = self.process.wait(HANG_S)
        self.process.stdout.close()
        log = self.read_log()
        self.log.close()
        self.process = None
        assert status != SANITIZER_EXIT, log
        return status

    def kill(self):
        return self.stop(signal.SIGKILL)

    def restart(self, port=None):
        """Stops it if it runs, and starts it on the same port, so that the session holds."""
        self.stop()
        return self.start(self.port if port is None else port)

    def read_log(self):
        if not self.log.closed:
            self.log.flush()
        with open("serve.log") as log:
            return log.read()

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    # ---- requests ----

    def request(self, method, path, body=None, headers=None, session=True, token=True):
        """As it is: any status. session, token: True = ours, False = none, a text = that."""
        headers = dict(headers or {})
        cookie = self.cookie if session is True else session
        if cookie:
            headers.setdefault("Cookie", cookie)
        if token and method not in ("GET", "HEAD") and self.token:
            headers.setdefault("X-Pixity-Token", self.token if token is True else token)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.host, self.port, timeout=HANG_S)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _expect(self, status, method, path, *args, **kwargs):
        answer = self.request(method, path, *args, **kwargs)
        assert answer.status == status, f"{method} {path}: {answer.status}, wanted {status}: {answer.body[:600]!r}"
        return answer

    def get(self, path, status=200, **kwargs):
        return self._expect(status, "GET", path, **kwargs)

    def post(self, path, body=None, status=200, **kwargs):
        return self._expect(status, "POST", path, body, **kwargs)

    def delete(self, path, status=204, **kwargs):
        return self._expect(status, "DELETE", path, **kwargs)

    def open_raw(self, text):
        """A connection on which a request was sent; the caller closes it."""
        connection = socket.create_connection((self.host, self.port), HANG_S)
        connection.sendall(text.encode())
        return connection

    def raw(self, data, read=True):
        """Bytes as they are on a connection of their own; what comes back until it is closed."""
        with socket.create_connection((self.host, self.port), HANG_S) as connection:
            answer = b""
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has answered and closed before it had read all
            try:
                while read and (piece := connection.recv(65536)):
                    answer += piece
            except ConnectionResetError:
                pass
            return answer

    # ---- sessions ----

    def use_link(self, link):
        """Opens a link; the answer, and the cookie that it set (None: none)."""
        where = urllib.parse.urlsplit(link)
        answer = self.request("GET", f"{where.path}?{where.query}", session=False)
        cookie = answer.headers.get("Set-Cookie")
        return answer, cookie and cookie.split(";")[0]

    def sign_in(self):
        answer, self.cookie = self.use_link(self.link)
        assert answer.status == 303 and self.cookie, (answer.status, answer.body)
        self.token = self.get("/api/v1/session").json["token"]

    # ---- jobs and events ----

    def wait_for_job(self, job_id, states=("done", "failed", "cancelled")):
        """Its document once it is in one of the states."""
        end = time.monotonic() + HANG_S
        while (job := self.get(f"/api/v1/jobs/{job_id}").json)["state"] not in states:
            assert time.monotonic() < end, job
            time.sleep(0.02)
        return job

    def events(self, path, last_id=None):
        """Generates (event, id, data) of a stream until it ends or is closed."""
        headers = {"Cookie": self.cookie, **({"Last-Event-ID": str(last_id)} if last_id is not None else {})}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=HANG_S)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        assert response.status == 200, (response.status, response.read())
        event, number, data = "message", None, []
        try:
            for line in response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if not name and data:
                    yield event, number, json.loads("\n".join(data))
                    event, data = "message", []
                elif name == "event":
                    event = value
                elif name == "id":
                    number = int(value)
                elif name == "data":
                    data.append(value)
        finally:
            connection.close()
