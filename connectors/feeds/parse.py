"""Feed documents: bytes in, entries out, and what was set aside with its reason."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from connectors.errors import SourceUnreadable
from connectors.feeds.dates import ReadTime, read_time
from connectors.feeds.documents import MOST_ENTRIES, RawEntry
from connectors.feeds.entry_keys import Marks, entry_keys
from connectors.feeds.marks import identity, marks_of
from connectors.feeds.readers import read_document
from connectors.feeds.text import clean_address, plain_text, verbatim_text
from connectors.records import Entry, Reject, TimeQuality

_SUMMARY_CHARS = 500
_FULL_CHARS = 100_000
_TITLE_CHARS = 500
_AUTHOR_CHARS = 200
_CLOCK_ERROR = timedelta(minutes=10)  # clocks of servers differ; a date beyond it has not come yet
_FEW = 3  # fewer dates at midnight may be chance
_WEB = re.compile("https?://", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")  # an author's name is kept, their address is not


class ParsedFeed(NamedTuple):
    """One document as records; the entries in the order of the document."""

    entries: list[Entry]
    rejects: list[Reject]  # what could not be read, with the reason
    period_s: float | None  # how often the feed says that it changes: `ttl`, `sy:updatePeriod`
    marks: list[
        Marks
    ]  # of each entry, in the same order: the processor's work of recognising it is done beside the parsing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    feed_url: str
    document_url: str
    fetched_at: datetime
    zone: ZoneInfo
    full_text: bool


def parse_feed(
    document: bytes,
    feed_url: str,
    fetched_at: datetime,
    timezone: str = "UTC",
    *,
    document_url: str | None = None,
    content_type: str | None = None,
    full_text: bool = False,
) -> ParsedFeed:
    """Read one feed document; touches neither network nor clock.

    `timezone` places dates that name no zone; `document_url` is where redirects ended, and relative links begin.
    With `full_text` the summary is the whole text that the feed gives.

    Raises:
        SourceUnreadable: the document is not a feed.
    """
    feed = read_document(document, content_type)
    if isinstance(feed, str):
        raise SourceUnreadable(f"{feed_url}: not a feed ({feed})")
    origin = _Origin(
        feed_url=feed_url,
        document_url=document_url or feed_url,
        fetched_at=fetched_at,
        zone=ZoneInfo(timezone),
        full_text=full_text,
    )
    read = [(entry, _entry_time(entry, origin)) for entry in feed.entries]
    is_daily = len(read) >= _FEW and all(published.is_midnight for _, published in read)
    found = [_values(entry, _only_a_day(time) if is_daily else time, origin) for entry, time in read]
    entries = _with_keys([values for values in found if values is not None], feed_url)
    rejects = _rejects(read, len(found) - len(entries), feed.left_out, origin)
    return ParsedFeed(entries, rejects, feed.period_s, [marks_of(entry) for entry in entries])


def _values(entry: RawEntry, published: ReadTime, origin: _Origin) -> dict[str, Any] | None:
    """The fields of a record but for its key, or None where nothing tells the entry from another."""
    guid = clean_address(entry.guid) or None
    link = _link(clean_address(entry.link), guid, origin.document_url)
    title = (plain_text if entry.is_title_html else verbatim_text)(entry.title, _TITLE_CHARS)
    summary = _summary(entry, full_text=origin.full_text)
    if not (guid or link or title or summary or published.at):
        return None
    return {
        "feed_url": origin.feed_url,
        "guid": guid,
        "link": link,
        "title": title,
        "author": _EMAIL.sub("", plain_text(entry.author, _AUTHOR_CHARS)).strip(" ()<>,:") or None,
        "summary": summary,
        "published_at": published.at,
        "updated_at": read_time(entry.updated, origin.zone).at,
        "time_quality": published.time_quality,
        "fetched_at": origin.fetched_at,
    }


def _summary(entry: RawEntry, *, full_text: bool) -> str:
    if full_text and entry.content:
        return (plain_text if entry.is_content_html else verbatim_text)(entry.content, _FULL_CHARS)
    most_chars = _FULL_CHARS if full_text else _SUMMARY_CHARS
    return (plain_text if entry.is_summary_html else verbatim_text)(entry.summary, most_chars)


def _with_keys(found: list[dict[str, Any]], feed_url: str) -> list[Entry]:
    """The records; what tells an entry apart shows only beside the others."""
    identities = [identity(v["guid"], v["link"], v["title"], v["summary"], v["published_at"]) for v in found]
    keys = entry_keys(feed_url, identities)
    return [Entry(entry_id=key, **values) for key, values in zip(keys, found, strict=True)]


def _entry_time(entry: RawEntry, origin: _Origin) -> ReadTime:
    """When the entry says it was published, else made; feeds that only say when it changed say that."""
    for text in (entry.published, entry.created, entry.updated):
        read = read_time(text, origin.zone)
        if read.at is not None:
            is_ahead = read.at > origin.fetched_at + _CLOCK_ERROR
            return read._replace(time_quality="suspect") if is_ahead else read
    return ReadTime(None, "missing")


def _only_a_day(read: ReadTime) -> ReadTime:
    """Where every entry of a document was published at 00:00:00, the feed knows days and no hours."""
    quality: TimeQuality = "assumed_date" if read.time_quality in ("exact", "assumed_zone") else read.time_quality
    return read._replace(time_quality=quality)


def _link(link: str, guid: str | None, document_url: str) -> str | None:
    """The absolute link; a guid that feedparser takes for a link is none unless it is a web address or a path."""
    if not link or (link == guid and not (_WEB.match(link) or link.startswith("/"))):
        return None
    if _WEB.match(link):
        return link
    try:
        absolute = urljoin(document_url, link)
    except ValueError:
        return None
    return absolute if _WEB.match(absolute) else None


def _rejects(read: list[tuple[RawEntry, ReadTime]], unnamed: int, left_out: int, origin: _Origin) -> list[Reject]:
    """One row for each kind of fault, with how often it came: a hostile document must not become a million rows."""
    dates = [entry.published or entry.updated or entry.created for entry, time in read if time.at is None]
    unread = [text[:100] for text in dates if text]
    reasons = []
    if unnamed:
        reasons.append(f"{unnamed} entries have neither guid, link, title, summary nor date")
    if unread:
        reasons.append(f"{len(unread)} dates could not be read, the first is {unread[0]!r}; their entries are kept")
    if left_out:
        reasons.append(f"{MOST_ENTRIES + left_out} entries in one document; the first {MOST_ENTRIES} were read")
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
