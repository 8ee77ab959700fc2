"""How far timelines of networks were read, and what they showed last, in `state.sqlite`."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

SCHEMA = """
CREATE TABLE IF NOT EXISTS network_walks (
    source_key TEXT NOT NULL,
    name TEXT NOT NULL,            -- of the timeline: an account, a hashtag
    read_to_at TEXT,               -- when the last whole walk began: what is older has landed
    began_at TEXT,                 -- of a walk that has not ended
    token TEXT,                    -- where that walk goes on
    shown TEXT NOT NULL,           -- [[post id, time], ...] of the newest posts, as JSON: one that is missing is gone
    PRIMARY KEY (source_key, name)
);
CREATE TABLE IF NOT EXISTS network_accounts (
    network TEXT NOT NULL,
    handle TEXT NOT NULL,          -- of a declared public figure
    account_id TEXT NOT NULL,
    PRIMARY KEY (network, handle)
);
"""
Shown = tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkState:
    """How far one timeline was read."""

    read_to_at: datetime | None = None
    began_at: datetime | None = None
    token: str | None = None
    shown: Shown = ()


def read_walk(state: sqlite3.Connection, source_key: str, name: str) -> WalkState:
    """How far this timeline was read; from nothing where it is not known."""
    row = state.execute(
        "SELECT read_to_at, began_at, token, shown FROM network_walks WHERE source_key = ? AND name = ?",
        (source_key, name),
    ).fetchone()
    if row is None:
        return WalkState()
    shown = tuple((post_id, datetime.fromisoformat(at)) for post_id, at in json.loads(row[3]))
    return WalkState(read_to_at=_instant(row[0]), began_at=_instant(row[1]), token=row[2], shown=shown)


def remember_walk(state: sqlite3.Connection, source_key: str, name: str, walk: WalkState) -> None:
    """Keep how far the timeline was read; call it when the page has landed."""
    shown = json.dumps([(post_id, _text(at)) for post_id, at in walk.shown])
    row = (source_key, name, _text(walk.read_to_at), _text(walk.began_at), walk.token, shown)
    state.execute("INSERT OR REPLACE INTO network_walks VALUES (?, ?, ?, ?, ?, ?)", row)


def read_accounts(state: sqlite3.Connection, network: str) -> dict[str, str]:
    """Handle by account id of the declared accounts that the network has named to us."""
    rows = state.execute("SELECT account_id, handle FROM network_accounts WHERE network = ?", (network,))
    return {str(account_id): str(handle) for account_id, handle in rows}


def remember_account(state: sqlite3.Connection, network: str, handle: str, account_id: str) -> None:
    """Keep the id of a declared account."""
    state.execute("INSERT OR REPLACE INTO network_accounts VALUES (?, ?, ?)", (network, handle, account_id))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None
