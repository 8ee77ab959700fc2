"""Statuses of Mastodon as records: of an account, or under a hashtag.

Source: docs.joinmastodon.org: entities Status and Account; accounts/lookup, accounts/:id/statuses, timelines/tag.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3

from connectors.networks.reading import NetworkReading, NotAPost, judged_time, read_count, read_instant, read_words
from connectors.records import Post, PostType

_NO_STATUS = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """One page of statuses, newest first: each with the server's own id of it, by which pages are asked for."""

    posts: list[tuple[str, Post]]
    set_aside: list[str]
    oldest_id: str | None  # None: the page is empty
    items: int


def parse_statuses(answer: Any, reading: NetworkReading, *, handle: str | None = None) -> StatusPage:
    """Read one answer; touches neither network nor clock. `handle`: whose account it is, of a declared candidate.

    Raises:
        NotAPost: it is no list of statuses.
    """
    if not isinstance(answer, list):
        raise NotAPost("an answer that is no list of statuses")
    posts, set_aside, oldest = [], [], None
    for status in answer:
        try:
            oldest = str(status["id"])
            posts.append((oldest, _read_status(status, reading, handle)))
        except _NO_STATUS as error:
            set_aside.append(f"status not understood: {type(error).__name__}")
    return StatusPage(posts=posts, set_aside=set_aside, oldest_id=oldest, items=len(answer))


def _read_status(status: Mapping[str, Any], reading: NetworkReading, handle: str | None) -> Post:
    reblogged = status.get("reblog")
    told = reblogged or status
    made_at = read_instant(status["created_at"])
    # A server takes a status in when it hears of it, and says no second time: only the future can be denied.
    posted_at, quality = judged_time(status["created_at"], min(made_at, reading.observed_at))
    return Post(
        post_id=reading.hash_post(str(status["uri"])),  # the same on every server that has it
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(_author(status["account"])),
        account=handle,
        posted_at=posted_at,
        post_type=_type_of(status),
        text=plain_content(told["content"], told.get("spoiler_text")),
        edit_of=None,
        like_count=read_count(status.get("favourites_count")),
        repost_count=read_count(status.get("reblogs_count")),
        reply_count=read_count(status.get("replies_count")),
        quote_count=read_count(status.get("quotes_count")),
        observed_at=reading.observed_at,
        network=reading.network,
        time_quality=quality,
    )


def _author(account: Mapping[str, Any]) -> str:
    # `acct` is short on the account's own server and long elsewhere; the address is the same everywhere.
    return str(account["url"])


def _type_of(status: Mapping[str, Any]) -> PostType:
    if status.get("reblog"):
        return "repost"
    if status.get("in_reply_to_id"):
        return "reply"
    return "quote" if status.get("quote") or status.get("quote_id") else "original"


def plain_content(content: object, warning: object = None) -> str:
    """The words of a status, its content warning before them.

    Raises:
        NotAPost: there is no text.
    """
    words = _BREAK.sub("\n", read_words(content))
    text = html.unescape(nh3.clean(words, tags=set())).strip()
    return f"{warning}\n{text}".strip() if isinstance(warning, str) and warning else text
