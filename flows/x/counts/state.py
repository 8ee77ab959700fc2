"""A count that takes many requests, in `state.sqlite`: what was paid for is kept, and the next run goes on there.

X pages its counts, and a long alias list is several queries whose answers are summed. A page that failed must not cost
the pages before it, nor a query the other queries.
"""

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from connectors.x.counts import Bucket
from flows.networks.spans import Span
from flows.x.state import CountKey

SCHEMA = """
CREATE TABLE IF NOT EXISTS x_counting (
    source_key TEXT NOT NULL,
    query_hash TEXT NOT NULL,
    granularity TEXT NOT NULL,
    from_at TEXT NOT NULL,
    to_at TEXT NOT NULL,
    is_full_archive INTEGER NOT NULL,
    asked_at TEXT NOT NULL,        -- when it was begun
    PRIMARY KEY (source_key)       -- another query or granularity begins afresh
);
CREATE TABLE IF NOT EXISTS x_counted_pages (
    source_key TEXT NOT NULL,
    part INTEGER NOT NULL,         -- which of the queries, from 0
    page INTEGER NOT NULL,         -- which page of its answer, from 0
    buckets BLOB NOT NULL,         -- the whole ones: [[start, end, posts], ...] in seconds since 1970, JSON, deflated
    next_token TEXT,               -- of the page to ask for next; NULL: this was the last
    PRIMARY KEY (source_key, part, page)
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What a count that was begun asks for."""

    span: Span
    is_full_archive: bool
    asked_at: datetime  # when it was begun


@dataclass(frozen=True, slots=True)
class Kept:
    """The pages of one query that came so far."""

    pages: list[list[Bucket]]
    next_token: str | None

    @property
    def is_whole(self) -> bool:
        """Did the last page come?"""
        return bool(self.pages) and self.next_token is None


def read_counting(state: sqlite3.Connection, key: CountKey) -> Counting | None:
    """The count of this query that was begun and has not ended, or None."""
    row = state.execute(
        "SELECT from_at, to_at, is_full_archive, asked_at FROM x_counting"
        " WHERE source_key = ? AND query_hash = ? AND granularity = ?",
        astuple(key),
    ).fetchone()
    if row is None:
        return None
    span = Span(from_at=datetime.fromisoformat(row[0]), to_at=datetime.fromisoformat(row[1]))
    return Counting(span=span, is_full_archive=bool(row[2]), asked_at=datetime.fromisoformat(row[3]))


def begin_counting(state: sqlite3.Connection, key: CountKey, counting: Counting) -> None:
    """Keep what is asked for; nothing of another count of this source stays."""
    end_counting(state, key.source_key)
    span = (counting.span.from_at.isoformat(), counting.span.to_at.isoformat())
    state.execute(
        "INSERT INTO x_counting VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*astuple(key), *span, counting.is_full_archive, counting.asked_at.isoformat()),
    )


def end_counting(state: sqlite3.Connection, source_key: str) -> None:
    """Forget the count and its pages: it has landed, or leads nowhere."""
    state.execute("DELETE FROM x_counted_pages WHERE source_key = ?", (source_key,))
    state.execute("DELETE FROM x_counting WHERE source_key = ?", (source_key,))


def keep_page(
    state: sqlite3.Connection,
    source_key: str,
    part: int,
    buckets: Sequence[Bucket],
    *,
    page: int,
    next_token: str | None,
) -> None:
    """Keep one page that was paid for; call it when what can land of it has landed."""
    spans = [[bucket.start_at.timestamp(), bucket.end_at.timestamp(), bucket.posts] for bucket in buckets]
    packed = zlib.compress(json.dumps(spans).encode())
    state.execute(
        "INSERT OR REPLACE INTO x_counted_pages VALUES (?, ?, ?, ?, ?)", (source_key, part, page, packed, next_token)
    )


def forget_pages(state: sqlite3.Connection, source_key: str, part: int) -> None:
    """Forget the pages of one query: X does not know any more where they go on."""
    state.execute("DELETE FROM x_counted_pages WHERE source_key = ? AND part = ?", (source_key, part))


def kept_pages(state: sqlite3.Connection, source_key: str, part: int) -> Kept:
    """The pages of one query that came so far, and where it goes on."""
    rows = state.execute(
        "SELECT buckets, next_token FROM x_counted_pages WHERE source_key = ? AND part = ? ORDER BY page",
        (source_key, part),
    ).fetchall()
    return Kept([_buckets(packed) for packed, _ in rows], rows[-1][1] if rows else None)


def _buckets(packed: bytes) -> list[Bucket]:
    return [
        Bucket(start_at=datetime.fromtimestamp(start, UTC), end_at=datetime.fromtimestamp(end, UTC), posts=posts)
        for start, end, posts in json.loads(zlib.decompress(packed))
    ]
