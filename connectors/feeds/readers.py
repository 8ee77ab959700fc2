"""Which reader reads a document: the fast ones what they are sure of, feedparser all else."""

import re

from connectors.feeds.documents import MOST_ENTRIES, RawFeed, read_with_feedparser
from connectors.feeds.json_feed import read_json_feed
from connectors.feeds.mend_xml import mended
from connectors.feeds.plain_xml import read_plain_feed

# An entity that lies outside the document, or one made of others: no feed needs either, bombs do.
_HOSTILE_ENTITY = re.compile(
    rb"<!ENTITY\s+(?:[^\s<>%]+\s+SYSTEM\s"
    rb"|(?:%\s+)?[^\s<>]+\s+[\"'][^<>\"']{0,2000}?[&%](?!amp;|lt;|gt;|quot;|apos;)[A-Za-z_])"
)
_ENTRY_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_DECLARATIONS_BYTES = 20_000  # how far declarations are looked at; nothing behind them is resolved either


def read_document(document: bytes, content_type: str | None) -> RawFeed | str:
    """The feed that a document holds, or in words what it is instead."""
    feed = read_json_feed(document)
    if feed is None:
        kept, left_out = _first_entries(document)
        feed = read_plain_feed(kept, content_type) or _read_mended(kept, content_type)
        if isinstance(feed, RawFeed):
            feed.left_out = left_out
    return _what_it_is(document, feed) if isinstance(feed, str) else feed


def _first_entries(document: bytes) -> tuple[bytes, int]:
    """The document without the entries behind the first so many, and how many those are: no reader builds them."""
    if document.count(b"</") <= MOST_ENTRIES:
        return document, 0
    ends = [end.end() for end in _ENTRY_ENDS.finditer(document)]
    if len(ends) <= MOST_ENTRIES:
        return document, 0
    return document[: ends[MOST_ENTRIES - 1]] + document[ends[-1] :], len(ends) - MOST_ENTRIES


def _read_mended(document: bytes, content_type: str | None) -> RawFeed | str:
    if _HOSTILE_ENTITY.search(document, 0, _DECLARATIONS_BYTES):
        return "it declares entities that unfold into others or lie outside it"
    whole = mended(document)
    feed = read_plain_feed(whole, content_type) if whole != document else None
    return feed or read_with_feedparser(whole, content_type)


def _what_it_is(document: bytes, fault: str) -> str:
    """For people: what came instead of a feed."""
    head = document[:2_000].lstrip().lower()
    if not head:
        return "an empty answer"
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return "a web page: a login, a notice, or the blog itself"
    return fault[:200]
