"""Feed documents as plain fields: read fast where they are plain RSS 2.0 or Atom 1.0, by feedparser where not."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import struct_time
from typing import Any

import feedparser


@dataclass(slots=True, kw_only=True)
class RawEntry:
    """What one entry says, as sent: texts may hold markup, addresses may be relative."""

    guid: str = ""
    link: str = ""
    title: str = ""
    author: str = ""
    summary: str = ""
    published: str = ""
    updated: str = ""
    created: str = ""
    parsed: Mapping[str, struct_time] = field(default_factory=dict)  # dates as feedparser reads them, by field


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """What one document says."""

    entries: list[RawEntry] = field(default_factory=list)
    ttl: str = ""
    update_period: str = ""
    update_frequency: str = ""


def read_with_feedparser(document: bytes, content_type: str | None) -> RawFeed | str:
    """The feed that feedparser finds in any bytes, or in words what it found instead."""
    # Both passes rewrite HTML that we do not keep, and one of them is quadratic on hostile text. No location
    # either: feedparser would resolve a guid like "12" against it, and a move would change every guid.
    feed = feedparser.parse(
        io.BytesIO(document),
        response_headers={"content-type": content_type} if content_type else None,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    # Not `bozo`: it is set for harmless faults, and unset for an empty page.
    if not feed.get("version") and not feed.entries:
        return str(feed.get("bozo_exception", "no feed element"))
    return RawFeed(
        entries=[_entry(entry) for entry in feed.entries],
        ttl=_text(feed.feed, "ttl"),
        update_period=_text(feed.feed, "sy_updateperiod"),
        update_frequency=_text(feed.feed, "sy_updatefrequency"),
    )


def _entry(entry: dict[str, Any]) -> RawEntry:
    contents = dict.get(entry, "content")
    dates = {name: dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created")}
    return RawEntry(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        # The detail is the name alone; "author" is composed with the address.
        author=_text(dict.get(entry, "author_detail") or {}, "name") or _text(entry, "author"),
        summary=_text(entry, "summary") or (str(contents[0].get("value") or "") if contents else ""),
        published=_text(entry, "published"),
        updated=_text(entry, "updated"),
        created=_text(entry, "created"),
        parsed={name: parsed for name, parsed in dates.items() if isinstance(parsed, struct_time)},
    )


def _text(fields: dict[str, Any], name: str) -> str:
    """One field. feedparser's own `get` lets one field stand in for another, with a warning."""
    return str(dict.get(fields, name) or "")
