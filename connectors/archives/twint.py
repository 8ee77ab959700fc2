"""Posts as twint wrote them, a JSON object or a row of CSV each: the text under `tweet`, the author beside it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.archives.x_v1 import named_where_declared, whole_number
from connectors.records import Post, PostType
from connectors.x.posts import Reading
from connectors.x.values import NotAPost, instant_of_id, read_id, read_text

_MILLISECONDS_FROM = 10**11


def is_twint(row: Mapping[str, Any]) -> bool:
    """Whether twint wrote the object: no version of X's own writes the text so."""
    return isinstance(row.get("tweet"), str) and "username" in row


def read_twint_post(row: Mapping[str, Any], reading: Reading) -> Post:
    """One post of twint's.

    Its clock is that of the machine it ran on, named by an abbreviation that may mean several zones; the id has the
    millisecond, and is believed.
    """
    post_id = read_id(row.get("id"))
    author_id = str(row.get("user_id") or "")
    post = Post(
        post_id=post_id,
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(author_id) if author_id else "",
        account=None,
        posted_at=_posted_at(row, post_id),
        post_type=_type_of(row),
        text=read_text(row["tweet"]),
        edit_of=None,
        like_count=whole_number(row.get("likes_count", row.get("nlikes"))),
        repost_count=whole_number(row.get("retweets_count", row.get("nretweets"))),
        reply_count=whole_number(row.get("replies_count", row.get("nreplies"))),
        quote_count=None,
        observed_at=reading.observed_at,
    )
    return named_where_declared(post, row.get("username"), reading, client=row.get("source"))


def _posted_at(row: Mapping[str, Any], post_id: str) -> datetime:
    try:
        return instant_of_id(post_id)
    except NotAPost:
        created = row.get("created_at")  # milliseconds since 1970, in twint's older files
        if isinstance(created, str) and re.fullmatch(r"\d{13}(\.0+)?", created, re.ASCII):
            created = float(created)
        if isinstance(created, int | float) and created > _MILLISECONDS_FROM:
            return datetime.fromtimestamp(created / 1000, UTC)
        raise


def _type_of(row: Mapping[str, Any]) -> PostType:
    if row.get("retweet") in (True, "True"):  # JSON says it in one way, CSV in the other
        return "repost"
    if str(row.get("conversation_id") or row.get("id")) != str(row.get("id")):
        return "reply"
    return "quote" if row.get("quote_url") else "original"
