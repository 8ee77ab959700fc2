"""What collectors must know before they act: one small SQLite file, which can be rebuilt from the landing zone."""

import sqlite3
from pathlib import Path


def open_state(home: Path, schema: str) -> sqlite3.Connection:
    """A connection to `state.sqlite` in which the tables of `schema` exist (CREATE TABLE IF NOT EXISTS ...).

    Write-ahead log and a busy timeout let several collectors share the file.
    """
    home.mkdir(parents=True, exist_ok=True)
    state = sqlite3.connect(home / "state.sqlite", timeout=30, isolation_level=None)
    state.execute("PRAGMA journal_mode = WAL")
    state.executescript(schema)
    return state
