"""X on loopback: a real HTTP server that speaks the v2 API as its own description says, and breaks on demand.

Written from the OpenAPI file of 2026-08-22. `faults` are answered first, one a request; then the posts it holds.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
PROBLEMS = "https://api.x.com/2/problems/"
COUNT_PARAMETERS = {
    "query", "start_time", "end_time", "since_id", "until_id", "next_token", "pagination_token", "granularity",
    "search_count.fields",
}  # fmt: skip


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    params: dict[str, str]
    authorization: str | None


@dataclass
class Answer:
    """One answer: a JSON value, or bytes as they are."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang_s: float = 0  # before the status line
    drip_s: float = 0  # between two bytes of the body


@dataclass
class FakeX:
    """What the server knows and what it saw."""

    now: datetime
    posted_at: dict[str, list[datetime]] = field(default_factory=dict)  # query -> times of matching posts
    holds_from: datetime | None = None  # counts are given for this span only
    holds_to: datetime | None = None
    spelling: str = "tweet_count"
    buckets_a_page: int = 44_640
    faults: deque[Answer] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> Answer:
        if self.faults:
            return self.faults.popleft()
        known: dict[str, Callable[[Asked], Answer]] = {
            "/2/tweets/counts/recent": self._count_recent,
            "/2/tweets/counts/all": self._count,
        }
        if asked.path not in known:
            return problem(404, "resource-not-found", "no such path")
        return known[asked.path](asked)

    def _count_recent(self, asked: Asked) -> Answer:
        start = asked.params.get("start_time")
        if start and instant(start) < self.now - timedelta(days=7):
            return invalid("start_time", start, "must be on or after 7 days ago")
        return self._count(asked)

    def _count(self, asked: Asked) -> Answer:
        for name in asked.params.keys() - COUNT_PARAMETERS:
            return invalid(name, asked.params[name], "is not one of the parameters")
        if not 0 < len(asked.params["query"]) <= 512:
            return invalid("query", asked.params["query"], "must be at most 512 characters")
        step = STEPS[asked.params.get("granularity", "hour")]
        starts = list(self._bucket_starts(instant(asked.params["start_time"]), instant(asked.params["end_time"]), step))
        # Newest page first, oldest bucket first within it.
        last = int(asked.params.get("next_token", len(starts)))
        first = max(0, last - self.buckets_a_page)
        posted = self.posted_at.get(asked.params["query"], [])
        data = [
            {"start": stamp(at), "end": stamp(at + step), self.spelling: sum(at <= post < at + step for post in posted)}
            for at in starts[first:last]
        ]
        meta: dict[str, Any] = {f"total_{self.spelling}": sum(row[self.spelling] for row in data)}
        return Answer({"data": data, "meta": meta | ({"next_token": str(first)} if first else {})})

    def _bucket_starts(self, start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
        at = max(start, self.holds_from or start)
        while at < min(end, self.holds_to or end):
            yield at
            at += step


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def problem(status: int, kind: str, detail: str, **more: Any) -> Answer:
    return Answer({"title": kind, "detail": detail, "type": PROBLEMS + kind, "status": status, **more}, status)


def invalid(parameter: str, value: str, what: str) -> Answer:
    error = {"parameters": {parameter: [value]}, "message": f"The `{parameter}` query parameter value {what}"}
    return problem(400, "invalid-request", "One or more parameters to your request was invalid.", errors=[error])


def rate_limited(reset_at: datetime) -> Answer:
    answer = problem(429, "rate-limit-exceeded", "Too Many Requests")
    answer.headers["x-rate-limit-reset"] = str(int(reset_at.timestamp()))
    return answer


@contextmanager
def running(x: FakeX) -> Iterator[FakeX]:
    """The server on a free port of loopback, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), self.headers.get("Authorization"))
            x.asked.append(asked)
            answer = x.answer(asked)
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            time.sleep(answer.hang_s)
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for start in range(0, len(body), 1 if answer.drip_s else len(body) or 1):
                self.wfile.write(body[start : start + 1] if answer.drip_s else body)
                time.sleep(answer.drip_s)

        def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
            return x.now.strftime("%a, %d %b %Y %H:%M:%S GMT")

        def log_message(self, *_: object) -> None:
            """Say nothing: tests read `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that left is no news
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    x.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield x
    finally:
        server.shutdown()
        server.server_close()
