"""A web server and a mail server on loopback that keep what they are sent."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Web(HTTPServer):
    """Keeps the path and the JSON of every POST; answers with `status`."""

    def __init__(self, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.status = status
        self.posts: list[tuple[str, Any]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Web)
        told = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(told)))
        self.send_response(self.server.status)
        self.end_headers()
        # As a server might that shows what it got.
        self.wfile.write(self.path.encode())

    def log_message(self, *_args: Any) -> None:
        return


class Mail(socketserver.TCPServer):
    """Speaks as much SMTP as a client without TLS needs, and keeps each message."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Letter)
        self.messages: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Letter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Mail)
        self._say("220 loopback")
        while line := self.rfile.readline().decode():
            match line.split()[0].upper() if line.split() else "":
                case "QUIT":
                    self._say("221 bye")
                    return
                case "DATA":
                    self._say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                    self.server.messages.append("".join(lines))
                    self._say("250 kept")
                case _:
                    self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
