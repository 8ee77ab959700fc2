"""How far X was counted, in `state.sqlite`: what the next run asks begins there."""

import sqlite3
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from flows.x_windows import Progress

SCHEMA = """
CREATE TABLE IF NOT EXISTS x_counted (
    source_key TEXT NOT NULL,
    query_hash TEXT NOT NULL,      -- another query starts afresh
    granularity TEXT NOT NULL,
    counted_to_at TEXT NOT NULL,   -- every bucket that ends at or before it was asked for
    asked_at TEXT NOT NULL,
    PRIMARY KEY (source_key, query_hash, granularity)
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


def _text(instant: datetime) -> str:
    # Seconds and one zone, so that text compares as time.
    return instant.astimezone(UTC).isoformat(timespec="seconds")
