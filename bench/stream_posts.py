"""A filtered stream at X's documented maximum, 250 posts a second, held for a while: how many land, and how late.

Run: python -m bench.stream_posts [seconds, default 60]. The server is ours, on loopback; the posts are made up.
"""

import json
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from connectors.campaign.folder import read_campaign
from flows.settings import Settings
from flows.x.stream.collect import stream_x_once
from warehouse.landing.files import read_landed_file

A_SECOND = 250
TOML = """
id = "bench"
title = "Bench"
timezone = "UTC"
currency = "USD"
start = 2026-01-01
end = 2027-12-31
candidates = [{ id = "ada", name = "Ada Quill", aliases = ["Quill"] }]
[x]
budget_usd = 100000
stream = true
"""


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seconds = 60
    sent = 0

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/2/tweets/search/stream/rules"):
            body = json.dumps({"data": [], "meta": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        began, is_first = time.monotonic(), Server.sent == 0
        for number in range(self.seconds * A_SECOND if is_first else 0):
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            post = {"id": str(2 * 10**18 + number), "text": "Quill " * 20, "author_id": "5", "created_at": at}
            line = json.dumps({"data": post, "matching_rules": [{"id": "1"}]}).encode() + b"\r\n"
            self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
            Server.sent += 1
        self.wfile.write(b"0\r\n\r\n")

    do_POST = do_GET  # noqa: N815  # the name that the standard library calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    Server.seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "campaign.toml").write_text(TOML)
        (Path(folder) / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
        home = Path(folder) / "home"
        address = f"http://127.0.0.1:{server.server_port}"
        settings = Settings(home=home, x_bearer_token="bench", x_api_url=address)  # noqa: S106
        until_at = datetime.now(UTC) + timedelta(seconds=Server.seconds + 3)
        stream_x_once(read_campaign(Path(folder)), settings, until_at, lambda: datetime.now(UTC))
        landed = {}
        for path in (home / "landing" / "posts").glob("*.parquet"):
            on_disk_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for row in read_landed_file(path):
                landed[row["post_id"]] = (on_disk_at - row["posted_at"]).total_seconds()
        print(f"{'sent':>8} {'landed':>8} {'lost':>6} {'median s to disk':>17} {'worst s':>8} {'limit s':>8}")
        delays = sorted(landed.values())
        print(
            f"{Server.sent:8} {len(landed):8} {Server.sent - len(landed):6} {delays[len(delays) // 2]:17.2f} "
            f"{delays[-1]:8.2f} {5:8}"
        )
    server.shutdown()


if __name__ == "__main__":
    main()
