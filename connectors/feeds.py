"""Feed documents: bytes in, entries out, and what was set aside with its reason."""

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import struct_time
from typing import Any, NamedTuple
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from connectors.errors import SourceUnreadable
from connectors.feed_dates import ReadTime, read_parsed, read_time
from connectors.feed_keys import Identity, entry_keys
from connectors.feed_text import clean_address, plain_text
from connectors.records import Entry, Reject, TimeQuality

SUMMARY_CHARS = 500
_TITLE_CHARS = 500
_AUTHOR_CHARS = 200
_CLOCK_ERROR = timedelta(minutes=10)  # clocks of servers differ; a date beyond it has not come yet
_FEW = 3  # fewer dates at midnight may be chance
_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


class ParsedFeed(NamedTuple):
    """One document as records; the entries in the order of the document."""

    entries: list[Entry]
    rejects: list[Reject]  # what could not be read, with the reason
    period_s: float | None  # how often the feed says that it changes: `ttl`, `sy:updatePeriod`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    feed_url: str
    document_url: str
    fetched_at: datetime
    zone: ZoneInfo
    summary_chars: int


def parse_feed(
    document: bytes,
    feed_url: str,
    fetched_at: datetime,
    timezone: str = "UTC",
    *,
    document_url: str | None = None,
    content_type: str | None = None,
    summary_chars: int = SUMMARY_CHARS,
) -> ParsedFeed:
    """Read one feed document; touches neither network nor clock.

    `timezone` places dates that name no zone; `document_url` is where redirects ended, and relative links begin.

    Raises:
        SourceUnreadable: the document is not a feed.
    """
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
        raise SourceUnreadable(f"{feed_url}: not a feed ({_what_it_is(document, feed)})")
    origin = _Origin(
        feed_url=feed_url,
        document_url=document_url or feed_url,
        fetched_at=fetched_at,
        zone=ZoneInfo(timezone),
        summary_chars=summary_chars,
    )
    read = [(entry, _entry_time(entry, origin)) for entry in feed.entries]
    is_daily = len(read) >= _FEW and all(published.is_midnight for _, published in read)
    entries = [_entry(entry, _only_a_day(time) if is_daily else time, origin) for entry, time in read]
    kept = _with_keys([entry for entry in entries if entry is not None], feed_url)
    return ParsedFeed(kept, _rejects(read, len(entries) - len(kept), origin), _period_s(feed.feed))


def _entry(entry: dict[str, Any], published: ReadTime, origin: _Origin) -> Entry | None:
    """The entry as a record, or None where nothing tells it from another."""
    guid = clean_address(dict.get(entry, "id") or "") or None
    link = _link(clean_address(dict.get(entry, "link") or ""), guid, origin.document_url)
    title = plain_text(dict.get(entry, "title") or "", _TITLE_CHARS)
    summary = plain_text(_summary(entry), origin.summary_chars)
    if not (guid or link or title or summary):
        return None
    return Entry(
        entry_id="",  # what tells it apart shows only beside the others
        feed_url=origin.feed_url,
        guid=guid,
        link=link,
        title=title,
        author=plain_text(dict.get(entry, "author") or "", _AUTHOR_CHARS) or None,
        summary=summary,
        published_at=published.at,
        updated_at=read_time(dict.get(entry, "updated"), origin.zone).at,
        time_quality=published.time_quality,
        fetched_at=origin.fetched_at,
    )


def _with_keys(entries: list[Entry], feed_url: str) -> list[Entry]:
    keys = entry_keys(feed_url, [identity_of(entry) for entry in entries])
    return [replace(entry, entry_id=key) for entry, key in zip(entries, keys, strict=True)]


def _entry_time(entry: dict[str, Any], origin: _Origin) -> ReadTime:
    """When the entry says it was published; feeds that only say when it changed say that."""
    for name in ("published", "updated", "created"):
        text = dict.get(entry, name)
        if not text:
            continue
        read = read_time(text, origin.zone)
        parsed = dict.get(entry, f"{name}_parsed")
        if read.at is None and isinstance(parsed, struct_time):
            # Forms that only feedparser reads: weeks of a year, Greek, Hungarian and Korean dates.
            read = read_parsed(parsed)
        if read.at is not None:
            is_ahead = read.at > origin.fetched_at + _CLOCK_ERROR
            return read._replace(time_quality="suspect") if is_ahead else read
    return ReadTime(None, "missing")


def identity_of(entry: Entry) -> Identity:
    """What tells the entry from others; a summary stands in for a missing title."""
    return Identity(entry.guid, entry.link, entry.title or entry.summary, entry.published_at)


def _only_a_day(read: ReadTime) -> ReadTime:
    """Where every entry of a document was published at 00:00:00, the feed knows days and no hours."""
    quality: TimeQuality = "assumed_date" if read.time_quality in ("exact", "assumed_zone") else read.time_quality
    return read._replace(time_quality=quality)


def _link(link: str, guid: str | None, document_url: str) -> str | None:
    """The absolute link; a guid that feedparser takes for a link is none unless it is a web address."""
    if not link or (link == guid and not link.startswith(("http://", "https://"))):
        return None
    try:
        absolute = urljoin(document_url, link)
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None


def _summary(entry: dict[str, Any]) -> str:
    """The summary as sent, else the beginning of the content."""
    summary = dict.get(entry, "summary")
    contents = dict.get(entry, "content")
    return str(summary or (contents[0].get("value") if contents else "") or "")


def _rejects(read: list[tuple[dict[str, Any], ReadTime]], unnamed: int, origin: _Origin) -> list[Reject]:
    """One row for each kind of fault, with how often it came: a hostile document must not become a million rows."""
    unread = [
        str(entry[name])[:100]
        for entry, time in read
        if time.at is None
        for name in ("published", "updated")
        if dict.get(entry, name)
    ]
    reasons = []
    if unnamed:
        reasons.append(f"{unnamed} entries have neither guid, link, title nor summary")
    if unread:
        reasons.append(f"{len(unread)} dates could not be read, the first is {unread[0]!r}; their entries are kept")
    return [
        Reject(
            source_key=origin.feed_url,
            what=origin.document_url,
            line_number=None,
            reason=reason,
            seen_at=origin.fetched_at,
            file_sha256=None,
        )
        for reason in reasons
    ]


def _period_s(channel: dict[str, Any]) -> float | None:
    """Seconds between two changes as the feed claims, the longest of its claims."""
    periods = []
    ttl = str(dict.get(channel, "ttl") or "").strip()
    if ttl.isdecimal() and len(ttl) < 7:  # noqa: PLR2004 — minutes of two years
        periods.append(float(ttl) * 60)
    period = str(dict.get(channel, "sy_updateperiod") or "").strip().lower()
    if period in _PERIODS_S:
        times = str(dict.get(channel, "sy_updatefrequency") or "1").strip()
        periods.append(_PERIODS_S[period] / max(1, int(times) if times.isdecimal() and len(times) < 5 else 1))  # noqa: PLR2004
    return max(periods, default=None)


def _what_it_is(document: bytes, feed: dict[str, Any]) -> str:
    """For people: what came instead of a feed."""
    head = document[:2_000].lstrip().lower()
    if not head:
        return "an empty answer"
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return "a web page: a login, a notice, or the blog itself"
    return str(feed.get("bozo_exception", "no feed element"))[:200]
