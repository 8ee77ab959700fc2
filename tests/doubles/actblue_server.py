"""ActBlue's CSV API on loopback: makes an export, is asked until it is ready, and gives it at a secret address."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CREDENTIALS = "Basic dXVpZDpzZWNyZXQ="  # uuid:secret
HIDDEN = "bearer-of-the-address"


@dataclass
class ActBlue:
    """What it gives and what it was asked for."""

    exports: dict[str, str] = field(default_factory=dict)  # csv_type -> CSV
    port: int = 0
    status: int = 200  # of every answer but the export itself
    download_status: int = 200
    asks_until_ready: int = 2
    wishes: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def days_asked(self) -> list[tuple[str, str, str]]:
        return [(wish["csv_type"], wish["date_range_start"], wish["date_range_end"]) for wish in self.wishes]


@contextmanager
def actblue_served() -> Iterator[ActBlue]:
    """A running API; stopped at the end."""
    actblue = ActBlue()
    asks: dict[str, int] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] == CREDENTIALS:
                actblue.wishes.append(wish)
                self._answer(json.dumps({"id": str(len(actblue.wishes))}), actblue.status)
            else:
                self._answer("{}", 401)

        def do_GET(self) -> None:
            number = self.path.rsplit("/", maxsplit=1)[1]
            if self.path.startswith("/files/"):
                assert "Authorization" not in self.headers
                wish = actblue.wishes[int(number.split("?")[0]) - 1]
                self._answer(actblue.exports.get(wish["csv_type"], ""), actblue.download_status)
                return
            asks[number] = asks.get(number, 0) + 1
            is_ready = asks[number] >= actblue.asks_until_ready
            address = f"http://127.0.0.1:{actblue.port}/files/{number}?signature={HIDDEN}"
            self._answer(json.dumps({"status": "done", "download_url": address if is_ready else None}), actblue.status)

        def _answer(self, body: str, status: int) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    actblue.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield actblue
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
