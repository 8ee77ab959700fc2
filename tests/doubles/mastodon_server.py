"""A server of Mastodon on loopback, written from docs.joinmastodon.org: pages newest first, limits told in headers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.doubles.jetstream_server import serving


@dataclass
class FakeMastodon:
    """Statuses by account and by hashtag, newest first, and what was asked."""

    port: int = 0
    accounts: dict[str, str] = field(default_factory=dict)  # user -> id
    own: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # account id -> statuses
    tags: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # hashtag in lower case -> statuses
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # statuses of HTTP before any other answer
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def lookup(self, request: web.Request) -> web.Response:
        account_id = self.accounts.get(request.query["acct"])
        if account_id is None:
            return web.json_response({"error": "Record not found"}, status=404)
        return web.json_response({"id": account_id, "acct": request.query["acct"]})

    async def statuses(self, request: web.Request) -> web.Response:
        return self._page(request, self.own.get(request.match_info["id"], []))

    async def tag(self, request: web.Request) -> web.Response:
        return self._page(request, self.tags.get(request.match_info["tag"].casefold(), []))

    def _page(self, request: web.Request, statuses: list[dict[str, Any]]) -> web.Response:
        self.asked.append(request.path_qs)
        if self.answers:
            code, headers = self.answers.pop(0)
            return web.json_response({"error": "Too many requests"}, status=code, headers=headers)
        found = [
            one
            for one in statuses
            if int(one["id"]) < int(request.query.get("max_id", 2**62))
            and int(one["id"]) > int(request.query.get("since_id", 0))
        ]
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "200"}
        return web.json_response(found[: int(request.query.get("limit", 20))], headers=limits)


@contextmanager
def mastodon() -> Iterator[FakeMastodon]:
    """A running server; stopped at the end."""
    fake = FakeMastodon()
    routes = [
        web.get("/api/v1/accounts/lookup", fake.lookup),
        web.get("/api/v1/accounts/{id}/statuses", fake.statuses),
        web.get("/api/v1/timelines/tag/{tag}", fake.tag),
    ]
    with serving(routes) as port:
        fake.port = port
        yield fake


def status(number: int, content: str, at: datetime, *, by: str = "somebody", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://home.example/users/{by}/statuses/{number}",
        "created_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "in_reply_to_id": None,
        "edited_at": None,
        "reblog": None,
        "spoiler_text": "",
        "content": f"<p>{content}</p>",
        "account": {"id": "9", "acct": by, "url": f"https://home.example/@{by}"},
        "favourites_count": 2,
        "reblogs_count": 1,
        "replies_count": 0,
    } | more
