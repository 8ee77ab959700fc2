"""The demo's loopback server: synthetic feeds that grow with an injected clock, and X's full-archive counts.

The counts are the campaign's real minute counts; buckets exist only inside the span that the data have.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.campaign.models import Campaign
from connectors.x.queries import candidate_queries
from flows.demo.blogs import BLOGS, Blog, Piece, feed_at, pieces

_PAGE = timedelta(days=31)  # of the real endpoint, at most
_MINUTE = timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteCounts:
    """Posts that name a candidate, by minute: zero inside the covered span where no row is, unknown outside."""

    covers_from: datetime
    covers_to: datetime
    posts: Mapping[str, Mapping[datetime, int]]  # candidate -> minute -> posts


NO_COUNTS = MinuteCounts(covers_from=_NEVER, covers_to=_NEVER, posts={})  # of a campaign without X


@dataclass(kw_only=True)
class Replay:
    """What the server answers from; `now` is moved on by the demo."""

    now: datetime
    blogs: Mapping[str, tuple[Blog, list[Piece]]]  # by host
    counts: MinuteCounts
    candidate_of: Mapping[str, str]  # X query -> candidate
    address: tuple[str, int] = field(default=("127.0.0.1", 0))

    @property
    def url(self) -> str:
        """Where X's endpoints are."""
        return f"http://{self.address[0]}:{self.address[1]}"

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Where to connect to instead of each synthetic host."""
        return dict.fromkeys(self.blogs, self.address)


@contextmanager
def serve_replay(campaign: Campaign, now: datetime) -> Iterator[Replay]:
    """A server on a free loopback port, as long as the block runs."""
    replay = Replay(
        now=now,
        blogs={blog.host: (blog, pieces(blog, campaign)) for blog in BLOGS} if campaign.feeds else {},
        counts=read_minute_counts(campaign.folder / "x-counts") if campaign.x else NO_COUNTS,
        candidate_of={query.text: c.id for c in campaign.candidates for query in candidate_queries(c)},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"replay": replay}))
    server.daemon_threads = True
    replay.address = ("127.0.0.1", server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def read_minute_counts(folder: Path) -> MinuteCounts:
    """The campaign's real minute counts."""
    span = _rows(folder / "covered-span.csv")[0]
    rows = sorted(_rows(folder / "minute-counts.csv"), key=lambda row: row["candidate"])
    return MinuteCounts(
        covers_from=datetime.fromisoformat(span["covers_from"]),
        covers_to=datetime.fromisoformat(span["covers_to"]),
        posts={
            candidate: {datetime.fromisoformat(row["interval_start_at"]): int(row["posts"]) for row in group}
            for candidate, group in groupby(rows, key=lambda row: row["candidate"])
        },
    )


def count_page(replay: Replay, asked: Mapping[str, str]) -> dict[str, Any]:
    """One page of counts as X answers it: the newest 31 days first, and a token for what is older."""
    start_at = datetime.fromisoformat(asked["start_time"])
    end_at = datetime.fromisoformat(asked.get("next_token", asked["end_time"]).replace("before-", ""))
    page_from = max(start_at, end_at - _PAGE)
    data = list(_buckets(replay, replay.candidate_of[asked["query"]], page_from, end_at))
    meta = {"total_tweet_count": sum(bucket["tweet_count"] for bucket in data)}
    further = {"next_token": f"before-{page_from.strftime(_TIME)}"} if page_from > start_at else {}
    return {"data": data, "meta": {**meta, **further}}


def _buckets(replay: Replay, candidate_id: str, start_at: datetime, end_at: datetime) -> Iterator[dict[str, Any]]:
    posts = replay.counts.posts[candidate_id]
    minute = max(start_at, replay.counts.covers_from)
    while minute < min(end_at, replay.counts.covers_to, replay.now):
        ends = minute + _MINUTE
        yield {"start": minute.strftime(_TIME), "end": ends.strftime(_TIME), "tweet_count": posts.get(minute, 0)}
        minute = ends


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Handler(BaseHTTPRequestHandler):
    replay: Replay
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = self.headers.get("Host", "").partition(":")[0]
        if host in self.replay.blogs:
            self._answer_feed(*self.replay.blogs[host])
        elif url.path == "/2/tweets/counts/all":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self._send(200, "application/json", json.dumps(count_page(self.replay, asked)).encode(), {})
        else:
            self._send(404, "text/plain", b"not replayed", {})

    def _answer_feed(self, blog: Blog, written: list[Piece]) -> None:
        document = feed_at(blog, written, self.replay.now)
        etag = f'"{hashlib.sha256(document).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, "application/xml", b"", {"ETag": etag})
        else:
            self._send(200, "application/xml", document, {"ETag": etag})

    def _send(self, status: int, content_type: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the screen is the demo's."""
