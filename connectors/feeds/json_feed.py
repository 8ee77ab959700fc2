"""JSON Feed 1.0 and 1.1 as plain fields.

Source: https://www.jsonfeed.org/version/1.1/
"""

import json
from typing import Any

from connectors.feeds.documents import MOST_ENTRIES, RawEntry, RawFeed

_VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def read_json_feed(document: bytes) -> RawFeed | str | None:
    """What the document says, in words what it is where it is other JSON, or None where it is no JSON at all."""
    if document.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        return None
    try:
        feed = json.loads(document)
    except (ValueError, RecursionError) as error:
        return f"broken JSON: {error}"
    items = feed.get("items")
    if not _text(feed, "version").startswith(_VERSIONS) or not isinstance(items, list):
        return "JSON, and no JSON Feed"
    return RawFeed(
        entries=[_entry(item) for item in items[:MOST_ENTRIES] if isinstance(item, dict)],
        left_out=max(0, len(items) - MOST_ENTRIES),
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    content, content_text, summary = (_text(item, name) for name in ("content_html", "content_text", "summary"))
    return RawEntry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        author=_author(item),
        summary=summary or content or content_text,
        content=content or content_text,
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        is_title_html=False,
        is_summary_html=not summary and bool(content),
        is_content_html=bool(content),
    )


def _author(item: dict[str, Any]) -> str:
    """The first author; version 1.0 knows one only."""
    authors = item.get("authors")
    found = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _text(found, "name") if isinstance(found, dict) else ""


def _text(fields: dict[str, Any], name: str) -> str:
    """One field; numbers stand for their digits, as ids sometimes do."""
    value = fields.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
