"""How far the stream was heard, in `state.sqlite`: from there on it is asked for again after an outage."""

import sqlite3
from datetime import datetime

from connectors.bluesky.jetstream import cursor_of, instant_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS bluesky_stream (
    source_key TEXT PRIMARY KEY,
    heard_to_us INTEGER NOT NULL,  -- cursor: every event up to it was read, and what names the roster has landed
    is_event INTEGER NOT NULL      -- an event is of that time, and must come again; else nothing had come yet
);
"""


def read_heard_to(state: sqlite3.Connection, source_key: str) -> tuple[datetime | None, bool]:
    """Up to when the stream was heard, None: never; and whether an event is of that time."""
    query = "SELECT heard_to_us, is_event FROM bluesky_stream WHERE source_key = ?"
    row = state.execute(query, (source_key,)).fetchone()
    return (instant_of(row[0]), bool(row[1])) if row else (None, False)


def remember_heard_to(state: sqlite3.Connection, source_key: str, heard_to_at: datetime, *, is_event: bool) -> None:
    """Keep how far the stream was heard; call it when what was heard has landed."""
    row = (source_key, cursor_of(heard_to_at), is_event)
    state.execute("INSERT OR REPLACE INTO bluesky_stream VALUES (?, ?, ?)", row)
