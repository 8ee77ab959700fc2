"""Posts of Bluesky as records: from the stream's commits and from an account's feed.

Source: the lexicons app.bsky.feed.post, app.bsky.feed.getAuthorFeed and app.bsky.feed.defs of the AT Protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.networks.reading import NetworkReading, NotAPost, judged_time, read_count, read_instant, read_words
from connectors.records import Post, PostType, TimeQuality

POSTS = "app.bsky.feed.post"
_NO_POST = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


def address_of(did: str, rkey: str) -> str:
    """The address by which a post is known in the network: it names its author."""
    return f"at://{did}/{POSTS}/{rkey}"


def read_record(did: str, address: str, record: Mapping[str, Any], heard_at: datetime, reading: NetworkReading) -> Post:
    """One post of the stream; `heard_at` is when the network heard of it.

    Raises:
        NotAPost: it has no text.
    """
    posted_at, quality = judged_time(record.get("createdAt"), heard_at)
    return _post(did, address, record, (posted_at, quality), reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of an account's feed, newest first."""

    posts: list[tuple[Post, datetime]]  # with the time when the network heard of each
    set_aside: list[str]
    cursor: str | None  # of the page to ask for next
    items: int


def parse_feed_page(answer: Any, handle: str, reading: NetworkReading) -> FeedPage:
    """Read one answer of getAuthorFeed; touches neither network nor clock.

    Raises:
        NotAPost: it is no such answer.
    """
    items = answer.get("feed") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise NotAPost("an answer without a feed")
    posts, set_aside = [], []
    for item in items:
        try:
            post, heard_at = _read_item(item, handle, reading)
        except _NO_POST as error:
            # Not the item's own words: rejects are not erased with the post.
            set_aside.append(f"item of the feed not understood: {type(error).__name__}")
        else:
            posts.append((post, heard_at))
    cursor = answer.get("cursor")
    return FeedPage(
        posts=posts,
        set_aside=set_aside,
        cursor=cursor if isinstance(cursor, str) and cursor else None,
        items=len(items),
    )


def _read_item(item: Mapping[str, Any], handle: str, reading: NetworkReading) -> tuple[Post, datetime]:
    view = item["post"]
    author, reason = view["author"], item.get("reason") or {}
    if str(reason.get("$type", "")).endswith("#reasonRepost"):
        by, heard_at = reason["by"], read_instant(reason["indexedAt"])
        # Another's post under the account's name: what is told is that it was passed on, and when.
        address = str(reason.get("uri") or f"{view['uri']} by {by['did']}")
        post = _post(str(by["did"]), address, view["record"], (heard_at, None), reading, handle=handle, is_repost=True)
        return post, heard_at
    heard_at = read_instant(view["indexedAt"])
    posted_at, quality = judged_time(view["record"].get("createdAt"), heard_at)
    post = _post(
        str(author["did"]),
        str(view["uri"]),
        view["record"],
        (posted_at, quality),
        reading,
        handle=handle,
        counts=[view.get(name) for name in ("likeCount", "repostCount", "replyCount", "quoteCount")],
    )
    return post, heard_at


def _post(
    did: str,
    address: str,
    record: Mapping[str, Any],
    when: tuple[datetime, TimeQuality | None],
    reading: NetworkReading,
    *,
    handle: str | None = None,
    is_repost: bool = False,
    counts: Sequence[object] = (None, None, None, None),
) -> Post:
    likes, reposts, replies, quotes = map(read_count, counts)
    return Post(
        post_id=reading.hash_post(address),
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(did),
        account=handle or reading.accounts.get(did),
        posted_at=when[0],
        post_type="repost" if is_repost else _type_of(record),
        text=read_words(record.get("text")),
        edit_of=None,
        like_count=likes,
        repost_count=reposts,
        reply_count=replies,
        quote_count=quotes,
        observed_at=reading.observed_at,
        network=reading.network,
        time_quality=when[1],
    )


def _type_of(record: Mapping[str, Any]) -> PostType:
    if record.get("reply"):
        return "reply"
    embed = record.get("embed")
    kind = str(embed.get("$type", "")) if isinstance(embed, dict) else ""
    return "quote" if kind.startswith("app.bsky.embed.record") else "original"
