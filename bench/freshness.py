"""How fresh what is published is while a debate is live: from an entry or a gift being there to its row.

    python -m bench.freshness [watch | up [ROUNDS]]

A campaign with a debate that is on, four feeds on loopback (one of each kind), a file of gifts. In each round every
feed gets an entry and the file a gift; the published tables are read five times a second until both are in. `watch`
measures `afterdebate run --watch`, `up` the server with its worker. The wait for the next poll is told apart: "of us"
begins when the feed first served the entry.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from flows.builds_noted import lags_since
from flows.screen.status import told_of_lag
from warehouse.publish.reading import BadQuery, NothingPublished, query_published

KINDS = ("blog", "press", "party", "network")
_LOOKS_EVERY_S = 0.2
_GIVES_UP_AFTER_S = 600


class Feed:
    """One feed on a port of its own, which remembers when its last entry was first served."""

    def __init__(self, kind: str) -> None:
        self.kind, self.entries, self.served_at = kind, list[str](), dict[int, float]()
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                number = len(feed.entries)
                if self.headers.get("If-None-Match") == f'"{number}"':
                    self.send_response_only(304)
                    self.end_headers()
                    return
                body = feed.document()
                self.send_response_only(200)
                self.send_header("ETag", f'"{number}"')
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                feed.served_at.setdefault(number, time.time())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/feed"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self) -> None:
        number, now = len(self.entries), datetime.now(UTC)
        self.entries.append(
            f"<item><guid isPermaLink='false'>{self.kind}-{number}</guid><title>Ada Quill, {number}</title>"
            f"<pubDate>{now:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        )

    def document(self) -> bytes:
        head = "<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>"
        return f"{head}{''.join(reversed(self.entries))}</channel></rss>".encode()


def write_campaign(folder: Path, feeds: list[Feed]) -> None:
    """A campaign whose debate began half an hour ago."""
    now = datetime.now(UTC)
    tables = "".join(
        f'[[feeds]]\nid = "{feed.kind}"\nurl = "{feed.url}"\nsource_kind = "{feed.kind}"\n' for feed in feeds
    )
    (folder / "campaign.toml").write_text(
        'id = "fresh"\ntitle = "Fresh"\ntimezone = "UTC"\ncurrency = "USD"\n'
        f"start = {now - timedelta(days=30):%Y-%m-%d}\nend = {now + timedelta(days=5):%Y-%m-%d}\n"
        '[[candidates]]\nid = "ada"\nname = "Ada Quill"\naliases = ["Quill"]\n'
        f'{tables}[[donations]]\nid = "gifts"\nformat = "generic"\npath = "gifts.csv"\ncandidate = "ada"\n'
        'precision = "instant"\ntimezone = "UTC"\n'
        'columns = { donation_id = "id", occurred_at = "at", amount = "amount" }\n'
    )
    (folder / "events.csv").write_text(
        f"event_id,event_kind,title,starts_at\nd,debate,D,{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}:00Z\n"
    )
    (folder / "gifts.csv").write_text("id,at,amount\n")


def published(home: Path, query: str) -> dict[str, float]:
    with suppress(NothingPublished, BadQuery):
        return {str(key): float(str(value)) for key, value in query_published(home, query).rows}
    return {}


@contextmanager
def running(how: str, folder: Path, home: Path) -> Iterator[None]:
    words = ["run", str(folder), "--watch"] if how == "watch" else ["up", str(folder), "--port", "4299"]
    environment = os.environ | {"AFTERDEBATE_ALLOW_PRIVATE_HOSTS": "true"}
    with (home.parent / "said.log").open("wb") as log:
        command = [sys.executable, "-m", "flows.cli", *words, "--home", str(home)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def main(how: str, rounds: int) -> None:
    mentions = "SELECT source_kind, sum(mentions) FROM buzz_by_interval WHERE interval_minutes = 60 GROUP BY 1"
    gifts = "SELECT 'gift', sum(amount) FROM donation_by_interval WHERE interval_minutes = 60"
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "campaign", Path(name) / "home"
        folder.mkdir()
        feeds = [Feed(kind) for kind in KINDS]
        write_campaign(folder, feeds)
        whole: dict[str, list[float]] = {"entries": [], "gifts": []}
        of_us: list[float] = []
        with running(how, folder, home):
            for number in range(1, rounds + 1):
                for feed in feeds:
                    feed.add()
                with (folder / "gifts.csv").open("a") as file:
                    file.write(f"g{number},{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z,1.00\n")
                began, missing = time.time(), {*KINDS, "gift"}
                while missing and time.time() < began + _GIVES_UP_AFTER_S:
                    seen = published(home, mentions) | published(home, gifts)
                    now = time.time()
                    for key in [key for key in missing if seen.get(key, 0) >= number]:
                        missing.discard(key)
                        whole["gifts" if key == "gift" else "entries"].append(now - began)
                        if key != "gift":
                            served = next(feed.served_at for feed in feeds if feed.kind == key)
                            of_us.append(now - min(at for count, at in served.items() if count >= number))
                    time.sleep(_LOOKS_EVERY_S)
                if missing:
                    print((home.parent / "said.log").read_text())
                    raise SystemExit(f"not published in {_GIVES_UP_AFTER_S} s: {missing}")
                print(f"round {number} of {rounds}: all there after {time.time() - began:.1f} s", file=sys.stderr)
        where = list(told_of_lag(lags_since(home, datetime.now(UTC) - timedelta(days=1))))
        told = {"entries, from there to published": whole["entries"], "entries, of us": of_us, "gifts": whole["gifts"]}
        print(f"{how}, {rounds} rounds, the first with the start; load {os.getloadavg()[0]:.1f} on {os.cpu_count()}")
        for what, seconds in told.items():
            rest = sorted(seconds[len(seconds) // rounds :])
            p95 = rest[-(-95 * len(rest) // 100) - 1]
            print(f"  {what}: median {median(rest):.1f} s, p95 {p95:.1f} s, n {len(rest)}, first {seconds[0]:.1f} s")
        print("  " + "\n  ".join(where))
        print(json.dumps({what: [round(one, 1) for one in seconds] for what, seconds in told.items()}))


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "watch", int(sys.argv[2]) if sys.argv[2:] else 6)
