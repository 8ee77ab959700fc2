"""What waits for a build, and how long what landed took until it was published: kept in `state.sqlite`."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from flows.state import open_state, read_state
from warehouse.landing.files import landed_files

_SCHEMA = """
CREATE TABLE IF NOT EXISTS builds_noted (
    began_at TEXT NOT NULL,
    published_at TEXT,        -- NULL: it failed
    landed_hash TEXT NOT NULL, -- of what lay in the landing zone when it began
    files INTEGER NOT NULL,   -- of them, those that had landed since the build before
    oldest_at TEXT,           -- when the first of those landed
    seconds TEXT NOT NULL,    -- by phase of the build, JSON
    PRIMARY KEY (began_at)
);
"""
_KEPT = 10_000
_AGAIN_AFTER = timedelta(minutes=15)  # what failed fails again at once


class Landed(NamedTuple):
    """What lies in the landing zone: a hash of all of it, and when each file landed."""

    hash: str
    at: list[datetime]


class Lag(NamedTuple):
    """How long it took from the landing of the oldest file of a build to its publication."""

    published_at: datetime
    landed_s: float  # from landing to publication
    build_s: float  # of that, the build itself
    seconds: dict[str, float]  # by phase of the build
    files: int


def landed_now(home: Path) -> Landed:
    """What lies in the landing zone at this moment; by name, size and time, so that a mended file counts as well."""
    found = [(path, path.stat()) for path in landed_files(home)]
    told = [(path.relative_to(home).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in found]
    at = [datetime.fromtimestamp(stat.st_mtime, UTC) for _, stat in found]
    return Landed(hashlib.sha256(repr(told).encode()).hexdigest(), at)


def landing_stamp(home: Path) -> tuple[tuple[str, int], ...]:
    """What changes whenever a file lands, and costs next to nothing to look at: the times of the folders."""
    return tuple(sorted((folder.name, folder.stat().st_mtime_ns) for folder in (home / "landing").glob("*/")))


def is_waiting(home: Path, landed: Landed, now: datetime) -> bool:
    """Whether the last build did not see what lies there; one that failed on the same is tried again in a while."""
    if not landed.at:
        return False
    with read_state(home, "builds_noted") as state:
        last = _last(state) if state else None
    if last is None or last.landed_hash != landed.hash:
        return True
    return last.published_at is None and not last.began_at <= now < last.began_at + _AGAIN_AFTER


def note_build(
    home: Path, landed: Landed, *, began_at: datetime, published_at: datetime | None, seconds: Mapping[str, float]
) -> None:
    """Keep what a build saw, and when it was published; None where it failed."""
    with closing(open_state(home, _SCHEMA)) as state:
        last = _last(state)
        since = last.began_at if last else datetime.min.replace(tzinfo=UTC)
        new = [at for at in landed.at if at > since]
        state.execute(
            "INSERT OR REPLACE INTO builds_noted VALUES (?, ?, ?, ?, ?, ?)",
            (
                began_at.isoformat(),
                published_at.isoformat() if published_at else None,
                landed.hash,
                len(new),
                min(new).isoformat() if new else None,
                json.dumps(dict(seconds)),
            ),
        )
        state.execute(
            "DELETE FROM builds_noted WHERE began_at NOT IN"
            " (SELECT began_at FROM builds_noted ORDER BY began_at DESC LIMIT ?)",
            [_KEPT],
        )


def lags_since(home: Path, since: datetime) -> list[Lag]:
    """The lag of each build that published something since an instant, in their order; only reads."""
    with read_state(home, "builds_noted") as state:
        if state is None:
            return []
        rows = state.execute(
            "SELECT began_at, published_at, oldest_at, seconds, files FROM builds_noted"
            " WHERE published_at > ? AND oldest_at IS NOT NULL ORDER BY published_at",
            [since.isoformat()],
        ).fetchall()
    return [_lag(*row) for row in rows]


def _lag(began_at: str, published_at: str, oldest_at: str, seconds: str, files: int) -> Lag:
    published = datetime.fromisoformat(published_at)
    return Lag(
        published,
        (published - datetime.fromisoformat(oldest_at)).total_seconds(),
        (published - datetime.fromisoformat(began_at)).total_seconds(),
        json.loads(seconds),
        files,
    )


class _Noted(NamedTuple):
    began_at: datetime
    published_at: str | None
    landed_hash: str


def _last(state: sqlite3.Connection) -> _Noted | None:
    # The last that was written: a clock may have been set back since.
    row = state.execute(
        "SELECT began_at, published_at, landed_hash FROM builds_noted ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    return _Noted(datetime.fromisoformat(row[0]), *row[1:]) if row else None
