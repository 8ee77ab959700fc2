"""Posts as X's version 1.1 told them, and what every archived post needs beside its own fields."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from connectors.handles import plain_author, plain_client
from connectors.records import Post, PostType
from connectors.x.counts import read_instant
from connectors.x.posts import Reading
from connectors.x.values import NotAPost, instant_of_id, read_id, read_text

_V1_TIME = "%a %b %d %H:%M:%S %z %Y"


def read_v1_post(row: Any, reading: Reading) -> Post:
    """One v1.1 status, compatible or extended. A repost's own text is cut; the reposted one is whole."""
    if "author_id" in row:
        raise NotAPost("a post of version 2; declare format x-v2")
    post_id = read_id(row.get("id_str") or row["id"])
    user = row.get("user") or {}
    reposted = row.get("retweeted_status")
    author_id = str(user.get("id_str") or user.get("id") or "")
    text = _v1_text(reposted) if reposted else None
    post_type: PostType = "repost" if reposted else "original"
    if not reposted:
        is_quote = bool(row.get("is_quote_status"))
        post_type = "reply" if row.get("in_reply_to_status_id_str") else "quote" if is_quote else "original"
    post = Post(
        post_id=post_id,
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(author_id) if author_id else "",
        account=None,
        posted_at=_posted_at(row.get("created_at"), post_id),
        post_type=post_type,
        text=read_text(text or _v1_text(row)),
        edit_of=None,
        like_count=whole_number(row.get("favorite_count")),
        repost_count=whole_number(row.get("retweet_count")),
        reply_count=whole_number(row.get("reply_count")),
        quote_count=whole_number(row.get("quote_count")),
        observed_at=reading.observed_at,
    )
    return named_where_declared(post, user.get("screen_name"), reading, client=row.get("source"))


def _v1_text(row: Mapping[str, Any]) -> str | None:
    extended = row.get("extended_tweet") or {}
    return extended.get("full_text") or row.get("full_text") or row.get("text")


def _posted_at(created_at: object, post_id: str) -> datetime:
    told = str(created_at)
    try:
        return read_instant(told) if told[:1].isdigit() else v1_instant(told)
    except ValueError:
        return instant_of_id(post_id)


def v1_instant(text: str) -> datetime:
    """The UTC instant of "Fri Oct 09 01:58:38 +0000 2020".

    Raises:
        ValueError: it is written otherwise.
    """
    return datetime.strptime(text, _V1_TIME).astimezone(UTC)


def named_where_declared(post: Post, handle: object, reading: Reading, client: object = None) -> Post:
    """The post with its author's handle, and the app it was sent by, where they are a declared public figure."""
    known = plain_author(str(handle or ""))
    if known not in reading.accounts.values() and post.account is None:
        return post
    account = known if known in reading.accounts.values() else post.account
    return replace(post, account=account, client=plain_client(client))


def whole_number(value: object) -> int | None:
    """The value as a number, where it is one."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None
