"""Feed documents as plain fields: read fast where they are plain RSS 2.0 or Atom 1.0, by feedparser where not."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import feedparser

MOST_ENTRIES = 5_000  # of one document; the others are counted
_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


@dataclass(slots=True, kw_only=True)
class RawEntry:
    """What one entry says, as sent: texts may hold markup, addresses may be relative."""

    guid: str = ""
    link: str = ""
    title: str = ""
    author: str = ""
    summary: str = ""  # the content where there is none
    content: str = ""
    published: str = ""
    updated: str = ""
    created: str = ""
    is_title_html: bool = True  # or text, as only Atom can say
    is_summary_html: bool = True
    is_content_html: bool = True


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """What one document says."""

    entries: list[RawEntry] = field(default_factory=list)
    ttl: str = ""
    update_period: str = ""
    update_frequency: str = ""
    left_out: int = 0  # entries behind the first MOST_ENTRIES

    @property
    def period_s(self) -> float | None:
        """Seconds between two changes as the feed claims, the longest of its claims."""
        periods = []
        ttl = self.ttl.strip()
        if ttl.isdecimal() and len(ttl) < 7:  # noqa: PLR2004 — minutes of two years
            periods.append(float(ttl) * 60)
        period_s = _PERIODS_S.get(self.update_period.strip().lower())
        if period_s is not None:
            times = self.update_frequency.strip()
            periods.append(period_s / max(1, int(times) if times.isdecimal() and len(times) < 5 else 1))  # noqa: PLR2004
        return max(periods, default=None)


def read_with_feedparser(document: bytes, content_type: str | None) -> RawFeed | str:
    """The feed that feedparser finds in any bytes, or in words what it found instead."""
    # Both passes rewrite HTML that we do not keep, and one of them is quadratic on hostile text. No location
    # either: feedparser would resolve a guid like "12" against it, and a move would change every guid.
    try:
        feed = feedparser.parse(
            io.BytesIO(document),
            response_headers={"content-type": content_type} if content_type else None,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Elements in an order that it does not expect, mostly: an end without a beginning, a reference to nothing.
        return f"feedparser gives it up with {type(error).__name__}"
    # Not `bozo`: it is set for harmless faults, and unset for an empty page.
    if not feed.get("version") and not feed.entries:
        return str(feed.get("bozo_exception", "no feed element"))
    return RawFeed(
        entries=[_entry(entry, is_atom=feed.get("version", "").startswith("atom")) for entry in feed.entries],
        ttl=_text(feed.feed, "ttl"),
        update_period=_text(feed.feed, "sy_updateperiod"),
        update_frequency=_text(feed.feed, "sy_updatefrequency"),
    )


def _entry(entry: dict[str, Any], *, is_atom: bool) -> RawEntry:
    contents: Sequence[dict[str, Any]] = dict.get(entry, "content") or ({},)
    content = contents[0]  # stands in for a missing summary
    summary = _text(entry, "summary") or _text(content, "value")
    summary_detail = dict.get(entry, "summary_detail") or content
    return RawEntry(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        # The detail is the name alone; "author" is composed with the address.
        author=_text(dict.get(entry, "author_detail") or {}, "name") or _text(entry, "author"),
        summary=summary,
        content=_text(content, "value"),
        published=_text(entry, "published"),
        updated=_text(entry, "updated"),
        created=_text(entry, "created"),
        is_title_html=not (is_atom and _text(dict.get(entry, "title_detail") or {}, "type") == "text/plain"),
        is_summary_html=not (is_atom and _text(summary_detail, "type") == "text/plain"),
        is_content_html=not (is_atom and _text(content, "type") == "text/plain"),
    )


def _text(fields: dict[str, Any], name: str) -> str:
    """One field. feedparser's own `get` lets one field stand in for another, with a warning."""
    return str(dict.get(fields, name) or "")
