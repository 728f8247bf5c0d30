# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 as bytes on a socket, for requests that no client library would send.

    wire = Wire(port)
    wire.send(b"GET / HTTP/1.1\r\nHost: ...\r\n\r\n")
    answer = wire.answer("GET")        # None: the server closed the connection without an answer
"""
import gzip
import socket

PATIENCE_S = 120  # ends a hang; nothing waits for it
MOST_HEAD = 1 << 20


class Broken(Exception):
    """The server answered with bytes that are no HTTP, or with nothing at all."""


class Answer:
    def __init__(self, status, headers, body, streaming):
        self.status, self.headers, self.body, self.streaming = status, headers, body, streaming

    def header(self, name):
        values = [value for key, value in self.headers if key == name]
        return values[0] if values else None

    @property
    def content_type(self):
        return (self.header("content-type") or "").split(";")[0]

    @property
    def plain(self):
        """The body as it was before compression."""
        return gzip.decompress(self.body) if self.header("content-encoding") == "gzip" and self.body else self.body


class Wire:
    """One connection. `port` on this machine."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left, self.ended = b"", False

    def close(self):
        self.socket.close()

    def reset(self):
        """Ends the connection as a crashed client would: with a reset, in the middle of anything."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def send(self, data):
        """False where the server has closed already; what it answered can still be read."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def finish(self):
        """Says that nothing more comes, so that the server does not wait for the rest of something short."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has closed

    def _more(self):
        try:
            data = self.socket.recv(1 << 16)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        except socket.timeout:
            raise Broken(f"no answer in {PATIENCE_S} s after {self.left[:100]!r}") from None
        self.left += data
        self.ended = self.ended or not data
        return bool(data)

    def _until(self, mark):
        while mark not in self.left:
            if len(self.left) > MOST_HEAD or not self._more():
                return None
        line, _, self.left = self.left.partition(mark)
        return line

    def _exactly(self, length):
        while len(self.left) < length:
            if not self._more():
                raise Broken(f"{len(self.left)} bytes of a body of {length}")
        body, self.left = self.left[:length], self.left[length:]
        return body

    def _chunks(self):
        body = b""
        while True:
            size = self._until(b"\r\n")
            if size is None:
                raise Broken("the connection ended between chunks")
            length = int(size.split(b";")[0], 16)
            body += self._exactly(length)
            if self._exactly(2) != b"\r\n":
                raise Broken("a chunk without an end")
            if length == 0:
                return body

    def rest(self):
        """Everything until the server closes."""
        while self._more():
            pass
        body, self.left = self.left, b""
        return body

    def _body(self, method, status, fields):
        if method == "HEAD" or status in (204, 304):
            return b""
        if fields.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        if "content-length" in fields:
            return self._exactly(int(fields["content-length"]))
        return self.rest()

    def answer(self, method):
        """The next answer; streams are left with their head read."""
        while True:
            head = self._until(b"\r\n\r\n")
            if head is None:
                if self.left:
                    raise Broken(f"half an answer: {self.left[:200]!r}")
                return None
            first, *lines = head.decode("latin-1").split("\r\n")
            version, _, rest = first.partition(" ")
            if version not in ("HTTP/1.1", "HTTP/1.0") or not rest[:3].isdigit():
                raise Broken(f"no status line: {first[:200]!r}")
            status = int(rest[:3])
            if status != 100:
                break
        pairs = [(key.strip().lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines)]
        streaming = any(key == "content-type" and value.startswith("text/event-stream") for key, value in pairs)
        body = b"" if streaming else self._body(method, status, dict(pairs))
        return Answer(status, pairs, body, streaming)
