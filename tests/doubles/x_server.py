"""X on loopback: a real HTTP server that speaks the v2 API as its own description says, and breaks on demand.

Written from the OpenAPI file of 2026-08-22. `faults` are answered first, one a request; then the posts it holds.
"""

import json
import re
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.doubles.x_matching import matches

STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
PROBLEMS = "https://api.x.com/2/problems/"
FIELDS = {
    "tweet": {"author_id", "created_at", "edit_history_tweet_ids", "note_tweet", "public_metrics", "referenced_tweets"},
    "post": {"author_id", "created_at", "edit_history_post_ids", "note_post", "public_metrics", "referenced_posts"},
}
LISTED_FIELDS = {"created_at", "note_post", "public_metrics", "text", "lang"}
SEARCH_PARAMETERS = {
    "query", "start_time", "end_time", "since_id", "until_id", "next_token", "pagination_token", "max_results",
    "sort_order", "expansions", "user.fields", "media.fields", "poll.fields", "place.fields",
}  # fmt: skip
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
    body: bytes = b""


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
    posts: list[dict[str, Any]] = field(default_factory=list)  # v2 posts as the API spells them, any order
    users: dict[str, str] = field(default_factory=dict)  # username -> id
    fields_word: str = "tweet"  # or "post": the only `*.fields` parameter that is understood
    has_only_listed_fields: bool = False  # as the official description lists them for `post.fields`
    billed: Decimal = Decimal(0)  # what a server like X would charge
    # One a connection: posts, None = keep-alive, an Event = silence until it is set; or a status; or a refusal.
    streams: deque[list[Any] | Answer] = field(default_factory=deque)
    rules: list[dict[str, str]] = field(default_factory=list)
    complaint: dict[str, Any] | None = None  # what the stream says before it ends
    no_rules: bool = False  # every rule is called invalid
    gone: dict[str, str] = field(default_factory=dict)  # post id -> why X wants it gone
    job_looks: int = 1  # how often a compliance job is looked at before it is complete
    uploaded: list[str] = field(default_factory=list)
    interrupted: Callable[[Asked], Answer | None] | None = None  # asked first: a fault for some requests
    faults: deque[Answer] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    usage: Answer | None = None  # what X says of its own count; None: it does not
    usage_asked: list[Asked] = field(default_factory=list)  # apart: whether it is asked is no one's business
    tells_date: bool = True  # in a header of each answer
    url: str = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/2/usage/tweets":
            return self.usage or problem(404, "resource-not-found", "no such path")
        if self.faults:
            return self.faults.popleft()
        if self.interrupted and (fault := self.interrupted(asked)):
            return fault
        known: dict[str, Callable[[Asked], Answer]] = {
            "/2/tweets/counts/recent": self._count_recent,
            "/2/tweets/counts/all": self._count,
            "/2/tweets/search/recent": self._search,
            "/2/tweets/search/all": self._search,
            "/2/users/by": self._users_by,
        }
        if asked.path in known:
            answer = known[asked.path](asked)
        elif asked.path == "/2/tweets/search/stream/rules":
            answer = self._rules(asked)
        elif asked.path.startswith("/2/compliance/jobs"):
            answer = self._compliance(asked)
        elif asked.path == "/upload":
            self.uploaded = asked.body.decode().split("\n")
            return Answer(b"")
        elif asked.path == "/download":
            gone = [{"id": i, "action": "delete", "reason": self.gone[i]} for i in self.uploaded if i in self.gone]
            return Answer("".join(f"{json.dumps(row)}\n" for row in gone).encode())
        elif timeline := re.fullmatch(r"/2/users/(\d+)/tweets", asked.path):
            mine = [post for post in self.posts if post["author_id"] == timeline[1]]
            answer = self._page_of_posts(asked, mine, 5, "pagination_token")
        else:
            answer = problem(404, "resource-not-found", "no such path")
        self.billed += price_of(asked.path, answer)
        return answer

    def _search(self, asked: Asked) -> Answer:
        found = [post for post in self.posts if matches(asked.params["query"], post["text"])]
        return self._page_of_posts(asked, found, 10, "next_token")

    def _page_of_posts(self, asked: Asked, found: list[dict[str, Any]], least: int, token: str) -> Answer:
        fields = f"{self.fields_word}.fields"
        for name in asked.params.keys() - SEARCH_PARAMETERS - {fields}:
            return invalid(name, asked.params[name], "is not one of the parameters")
        known = LISTED_FIELDS if self.has_only_listed_fields else FIELDS[self.fields_word]
        for name in set(asked.params.get(fields, "").split(",")) - known - {""}:
            return invalid(fields, name, "is not one of the fields")
        size = int(asked.params["max_results"])
        if not least <= size <= 100:
            return invalid("max_results", str(size), f"is not between {least} and 100")
        if refused := self._end_that_is_too_late(asked):
            return refused
        newer = [post for post in found if int(post["id"]) > int(asked.params.get("since_id", 0))]
        start = instant(asked.params.get("start_time", "2006-03-21T00:00:00Z"))
        end = min(self.now, instant(asked.params.get("end_time", "2100-01-01T00:00:00Z")))
        inside = [post for post in newer if start <= datetime.fromisoformat(post["created_at"]) < end]
        newest_first = sorted(inside, key=lambda post: -int(post["id"]))
        first = int(asked.params.get(token, 0))
        page = newest_first[first : first + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if first + size < len(newest_first):
            meta["next_token"] = str(first + size)
        return Answer({"data": page, "meta": meta} if page else {"meta": meta})

    def _end_that_is_too_late(self, asked: Asked) -> Answer | None:
        end = asked.params.get("end_time")
        if end and instant(end) > self.now - timedelta(seconds=10):
            return invalid("end_time", end, "must be a minimum of 10 seconds prior to the request time")
        return None

    def _rules(self, asked: Asked) -> Answer:
        change = json.loads(asked.body or b"{}")
        gone = change.get("delete", {}).get("ids", [])
        self.rules = [rule for rule in self.rules if rule["id"] not in gone]
        self.rules += [rule | {"id": str(len(self.rules) + n + 1)} for n, rule in enumerate(change.get("add", []))]
        errors = [{"title": "Invalid Rule", "value": rule["value"]} for rule in change.get("add", []) if self.no_rules]
        return Answer({"data": self.rules, "meta": {}} | ({"errors": errors} if errors else {}))

    def _compliance(self, asked: Asked) -> Answer:
        job: dict[str, Any] = {"id": "9", "type": "tweets", "status": "created", "upload_url": f"{self.url}/upload"}
        if asked.path.endswith("/9"):
            self.job_looks -= 1
            job["status"] = "in_progress" if self.job_looks >= 0 else "complete"
        return Answer({"data": job | {"download_url": f"{self.url}/download"}})

    def _users_by(self, asked: Asked) -> Answer:
        names = asked.params["usernames"].split(",")
        data = [{"id": self.users[name], "username": name, "name": name} for name in names if name in self.users]
        errors = [
            {"value": name, "detail": f"Could not find user with usernames: [{name}]."}
            for name in names
            if name not in self.users
        ]
        return Answer(({"data": data} if data else {}) | ({"errors": errors} if errors else {}))

    def _count_recent(self, asked: Asked) -> Answer:
        start = asked.params.get("start_time")
        if start and instant(start) < self.now - timedelta(days=7):
            return invalid("start_time", start, "must be on or after 7 days ago")
        return self._count(asked)

    def _count(self, asked: Asked) -> Answer:
        for name in asked.params.keys() - COUNT_PARAMETERS:
            return invalid(name, asked.params[name], "is not one of the parameters")
        if refused := self._end_that_is_too_late(asked):
            return refused
        if not 0 < len(asked.params["query"]) <= 512:
            return invalid("query", asked.params["query"], "must be at most 512 characters")
        step = STEPS[asked.params.get("granularity", "hour")]
        starts = list(self._bucket_starts(instant(asked.params["start_time"]), instant(asked.params["end_time"]), step))
        # Newest page first, oldest bucket first within it.
        last = int(asked.params.get("next_token", len(starts)))
        first = max(0, last - self.buckets_a_page)
        posted = Counter(floor(post, step) for post in self.posted_at.get(asked.params["query"], []))
        data = [{"start": stamp(at), "end": stamp(at + step), self.spelling: posted[at]} for at in starts[first:last]]
        meta: dict[str, Any] = {f"total_{self.spelling}": sum(row[self.spelling] for row in data)}
        return Answer({"data": data, "meta": meta | ({"next_token": str(first)} if first else {})})

    def _bucket_starts(self, start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
        at = max(start, self.holds_from or start)
        while at < min(end, self.holds_to or end):
            yield at
            at += step


def price_of(path: str, answer: Answer) -> Decimal:
    """What X says it charges for an answer."""
    data = answer.body.get("data") if answer.status == 200 and isinstance(answer.body, dict) else None
    if not data or path.endswith("/rules"):
        return Decimal(0)
    if path.startswith("/2/tweets/counts/"):
        return Decimal("0.010") if path.endswith("/all") else Decimal("0.005")
    return len(data) * (Decimal("0.010") if path == "/2/users/by" else Decimal("0.005"))


def floor(at: datetime, step: timedelta) -> datetime:
    return at - (at - datetime(2000, 1, 1, tzinfo=UTC)) % step


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
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), self.headers.get("Authorization"), sent)
            (x.usage_asked if asked.path == "/2/usage/tweets" else x.asked).append(asked)
            if asked.path == "/2/tweets/search/stream":
                stream = x.streams.popleft() if x.streams else Answer(b"", 503)
                if isinstance(stream, list):
                    self.stream(stream)
                else:
                    self.answer(stream)
            else:
                self.answer(x.answer(asked))

        def answer(self, answer: Answer) -> None:
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            time.sleep(answer.hang_s)
            if x.tells_date:
                self.send_response(answer.status)
            else:
                self.send_response_only(answer.status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for start in range(0, len(body), 1 if answer.drip_s else len(body) or 1):
                self.wfile.write(body[start : start + 1] if answer.drip_s else body)
                time.sleep(answer.drip_s)

        def stream(self, lines: list[Any]) -> None:
            # Posts are charged as they are written: what waits in a buffer of our own would not have been sent.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
            status = lines[0] if lines and isinstance(lines[0], int) else 200
            self.send_response(status)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in lines if status == 200 else []:
                if isinstance(line, Event):
                    line.wait()
                    continue
                text = b"\r\n" if line is None else json.dumps({"data": line}).encode() + b"\r\n"
                self.wfile.write(b"%x\r\n%b\r\n" % (len(text), text))
                x.billed += Decimal("0.005") if line else 0  # sent is charged, read or not
            if x.complaint:
                text = json.dumps(x.complaint).encode() + b"\r\n"
                self.wfile.write(b"%x\r\n%b\r\n" % (len(text), text))
            self.wfile.write(b"0\r\n\r\n")

        do_POST = do_PUT = do_GET  # noqa: N815  # names of the standard library

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
