"""How far X was counted, sampled and followed, in `state.sqlite`: what the next run asks begins there."""

import sqlite3
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from flows.x.spans import EARLY, Progress

_LONGEST_REST = timedelta(hours=1)

SCHEMA = """
CREATE TABLE IF NOT EXISTS x_counted (
    source_key TEXT NOT NULL,
    query_hash TEXT NOT NULL,      -- another query starts afresh
    granularity TEXT NOT NULL,
    counted_to_at TEXT NOT NULL,   -- every bucket that ends at or before it was asked for
    asked_at TEXT NOT NULL,
    PRIMARY KEY (source_key, query_hash, granularity)
);
CREATE TABLE IF NOT EXISTS x_taken (
    source_key TEXT NOT NULL,
    event_id TEXT NOT NULL,
    slice_from_at TEXT NOT NULL,
    posts INTEGER NOT NULL,
    next_token TEXT,               -- of the page to ask for next; X's tokens do not expire
    is_done INTEGER NOT NULL,
    PRIMARY KEY (source_key, event_id, slice_from_at)
);
CREATE TABLE IF NOT EXISTS x_accounts (
    handle TEXT PRIMARY KEY,       -- of a declared public figure, lower case
    author_id TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS x_timelines (
    source_key TEXT NOT NULL,
    author_id TEXT NOT NULL,
    since_id TEXT,                 -- every post up to it has landed
    newest_id TEXT,                -- of the first page of a walk that has not ended
    next_token TEXT,               -- where that walk goes on
    read_to_at TEXT,               -- when the last whole walk began
    PRIMARY KEY (source_key, author_id)
);
CREATE TABLE IF NOT EXISTS x_failures (
    campaign_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,     -- runs in a row in which something failed
    rests_until TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS x_walked (
    source_key TEXT NOT NULL,
    author_id TEXT NOT NULL,
    posts INTEGER NOT NULL,        -- read in a walk that has not ended
    PRIMARY KEY (source_key, author_id)
);
"""


@dataclass(frozen=True, slots=True)
class CountKey:
    """One query of one source, at one granularity."""

    source_key: str
    query_hash: str
    granularity: str


def read_progress(state: sqlite3.Connection, key: CountKey) -> Progress | None:
    """How far this query was counted, and when it was last asked; None: never."""
    row = state.execute(
        "SELECT counted_to_at, asked_at FROM x_counted WHERE source_key = ? AND query_hash = ? AND granularity = ?",
        astuple(key),
    ).fetchone()
    return Progress(datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1])) if row else None


def remember_counted(state: sqlite3.Connection, key: CountKey, counted_to_at: datetime, now: datetime) -> None:
    """Keep the furthest instant counted."""
    state.execute(
        "INSERT INTO x_counted VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " counted_to_at = max(counted_to_at, excluded.counted_to_at), asked_at = excluded.asked_at",
        (*astuple(key), _text(counted_to_at), _text(now)),
    )


def rests_until(state: sqlite3.Connection, campaign_id: str) -> datetime | None:
    """Until when X is left alone after runs that failed; None where the last one went well."""
    row = state.execute("SELECT rests_until FROM x_failures WHERE campaign_id = ?", (campaign_id,)).fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def remember_failure(state: sqlite3.Connection, campaign_id: str, now: datetime, *, is_lasting: bool) -> None:
    """Rest for 2, 4, 8 ... minutes up to an hour; for an hour where only a person can mend it."""
    row = state.execute("SELECT failures FROM x_failures WHERE campaign_id = ?", (campaign_id,)).fetchone()
    failures = (row[0] if row else 0) + 1
    rest = _LONGEST_REST if is_lasting else min(_LONGEST_REST, timedelta(minutes=2 ** min(failures, 6)))
    state.execute(
        "INSERT OR REPLACE INTO x_failures VALUES (?, ?, ?)", (campaign_id, failures, _text(now + rest - EARLY))
    )


def forget_failures(state: sqlite3.Connection, campaign_id: str) -> None:
    """The last run went well."""
    state.execute("DELETE FROM x_failures WHERE campaign_id = ?", (campaign_id,))


@dataclass(frozen=True, slots=True)
class Taken:
    """How far one slice of a sample was taken."""

    posts: int
    next_token: str | None
    is_done: bool


def read_taken(state: sqlite3.Connection, source_key: str, event_id: str, slice_from_at: datetime) -> Taken:
    """How far this slice was taken; nothing yet where it is not known."""
    row = state.execute(
        "SELECT posts, next_token, is_done FROM x_taken WHERE source_key = ? AND event_id = ? AND slice_from_at = ?",
        (source_key, event_id, _text(slice_from_at)),
    ).fetchone()
    return Taken(row[0], row[1], bool(row[2])) if row else Taken(0, None, is_done=False)


def remember_taken(
    state: sqlite3.Connection, source_key: str, event_id: str, slice_from_at: datetime, taken: Taken
) -> None:
    """Keep how far the slice was taken; call it when the page has landed."""
    row = (source_key, event_id, _text(slice_from_at), taken.posts, taken.next_token, taken.is_done)
    state.execute("INSERT OR REPLACE INTO x_taken VALUES (?, ?, ?, ?, ?, ?)", row)


def read_accounts(state: sqlite3.Connection) -> dict[str, str]:
    """Handle by author id of every declared account that X has named to us."""
    return {author_id: handle for handle, author_id in state.execute("SELECT handle, author_id FROM x_accounts")}


def remember_account(state: sqlite3.Connection, handle: str, author_id: str) -> None:
    """Keep the author id of a declared account."""
    state.execute("INSERT OR REPLACE INTO x_accounts VALUES (?, ?)", (handle.casefold(), author_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far one account's timeline was read; a walk goes from its newest post back to `since_id`."""

    since_id: str | None = None
    newest_id: str | None = None
    next_token: str | None = None
    read_to_at: datetime | None = None
    posts: int = 0  # read in this walk: X reaches so many and no more


def read_walk(state: sqlite3.Connection, source_key: str, author_id: str) -> Walk:
    """How far this timeline was read; from nothing where it is not known."""
    row = state.execute(
        "SELECT since_id, newest_id, next_token, read_to_at, coalesce(posts, 0) FROM x_timelines"
        " LEFT JOIN x_walked USING (source_key, author_id) WHERE source_key = ? AND author_id = ?",
        (source_key, author_id),
    ).fetchone()
    if row is None:
        return Walk()
    read_to_at = datetime.fromisoformat(row[3]) if row[3] else None
    return Walk(since_id=row[0], newest_id=row[1], next_token=row[2], read_to_at=read_to_at, posts=row[4])


def remember_walk(state: sqlite3.Connection, source_key: str, author_id: str, walk: Walk) -> None:
    """Keep how far the timeline was read; call it when the page has landed."""
    read_to_at = _text(walk.read_to_at) if walk.read_to_at else None
    row = (source_key, author_id, walk.since_id, walk.newest_id, walk.next_token, read_to_at)
    state.execute("INSERT OR REPLACE INTO x_timelines VALUES (?, ?, ?, ?, ?, ?)", row)
    state.execute("INSERT OR REPLACE INTO x_walked VALUES (?, ?, ?)", (source_key, author_id, walk.posts))


def _text(instant: datetime) -> str:
    # Seconds and one zone, so that text compares as time.
    return instant.astimezone(UTC).isoformat(timespec="seconds")
