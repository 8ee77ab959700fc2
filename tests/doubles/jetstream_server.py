"""A Jetstream on loopback, written from its README: events by cursor, then live; cuts and refusals as a test says.

The account's feeds of Bluesky's public API are answered too: getAuthorFeed, newest first, by pages with a cursor.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

POSTS = "app.bsky.feed.post"


@dataclass
class FakeJetstream:
    """What the server keeps and was asked; `events` may grow while it runs."""

    port: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    kept_from_us: int = 0  # what is older is no more
    cut_after: list[int] = field(default_factory=list)  # of each connection in turn: messages until it is cut
    refuse: list[int] = field(default_factory=list)  # of each connection in turn: a status instead
    raw: list[str] = field(default_factory=list)  # sent to whoever connects before anything else
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # handle -> items, newest first
    feed_asked: list[dict[str, str]] = field(default_factory=list)
    feed_answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # statuses before the feed itself
    page: int = 100

    @property
    def stream_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/subscribe"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        self.asked.append({name: request.query.getall(name) for name in request.query})
        if self.refuse and (status := self.refuse.pop(0)):
            return web.Response(status=status)
        cut = self.cut_after.pop(0) if self.cut_after else None
        wanted = request.query.getall("wantedCollections", [])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        reading = asyncio.ensure_future(self._wait_for_close(socket))
        for text in self.raw:
            await socket.send_str(text)
        cursor = request.query.get("cursor")
        # Without a cursor: from the live tail on.
        place = 0 if cursor is not None else len(self.events)
        from_us, sent = max(int(cursor or 0), self.kept_from_us), 0
        while not socket.closed:
            while place < len(self.events):
                event = self.events[place]
                place += 1
                if event["time_us"] < from_us or not _is_wanted(event, wanted):
                    continue
                if cut is not None and sent >= cut:
                    assert request.transport is not None
                    request.transport.abort()
                    return socket
                await socket.send_str(json.dumps(event))
                sent += 1
            await asyncio.sleep(0.01)
        await reading
        return socket

    async def feed(self, request: web.Request) -> web.Response:
        self.feed_asked.append(dict(request.query))
        if self.feed_answers:
            status, headers = self.feed_answers.pop(0)
            return web.json_response({"error": "RateLimitExceeded"}, status=status, headers=headers)
        items = self.feeds.get(request.query["actor"])
        if items is None:
            return web.json_response({"error": "InvalidRequest", "message": "Profile not found"}, status=400)
        start = int(request.query.get("cursor", "0"))
        page = items[start : start + self.page]
        more = {"cursor": str(start + self.page)} if start + self.page < len(items) else {}
        return web.json_response({"feed": page} | more)

    @staticmethod
    async def _wait_for_close(socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.CLOSE:
                return


def _is_wanted(event: dict[str, Any], wanted: list[str]) -> bool:
    # Account and identity events come whatever was asked for.
    return event["kind"] != "commit" or not wanted or event["commit"]["collection"] in wanted


@contextmanager
def jetstream() -> Iterator[FakeJetstream]:
    """A running server; stopped at the end."""
    fake = FakeJetstream()
    with serving([web.get("/subscribe", fake.subscribe), web.get("/xrpc/app.bsky.feed.getAuthorFeed", fake.feed)]) as (
        port
    ):
        fake.port = port
        yield fake


@contextmanager
def serving(routes: list[web.RouteDef]) -> Iterator[int]:
    """The port of an aiohttp application that runs in a thread of its own."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def start() -> web.AppRunner:
        app = web.Application()
        app.add_routes(routes)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert runner.addresses
        ports.append(runner.addresses[0][1])
        ready.set()
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


def us(at: datetime) -> int:
    return round(at.timestamp()) * 1_000_000 + at.microsecond


def post(at: datetime, text: str, *, did: str = "did:plc:somebody", rkey: str = "r1", **more: Any) -> dict[str, Any]:
    """The commit by which a post was written."""
    record = {"$type": POSTS, "text": text, "createdAt": at.isoformat().replace("+00:00", "Z"), "langs": ["en"]}
    commit = {"rev": "3k", "operation": "create", "collection": POSTS, "rkey": rkey, "cid": "bafy"}
    heard_at = more.pop("heard_at", at + timedelta(seconds=1))
    commit["operation"] = more.pop("operation", "create")
    return {"did": did, "time_us": us(heard_at), "kind": "commit", "commit": {**commit, "record": record | more}}


def delete(at: datetime, *, did: str = "did:plc:somebody", rkey: str = "r1") -> dict[str, Any]:
    commit = {"rev": "3k", "operation": "delete", "collection": POSTS, "rkey": rkey}
    return {"did": did, "time_us": us(at), "kind": "commit", "commit": commit}


def account_gone(at: datetime, did: str, status: str = "deleted") -> dict[str, Any]:
    account = {"active": False, "did": did, "seq": 1, "status": status, "time": at.isoformat()}
    return {"did": did, "time_us": us(at), "kind": "account", "account": account}
