"""The builds of a home, in `state.sqlite`: what each saw, how it ended, how long it took; what waits for the next."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flows.state import open_state, read_state
from warehouse.landing.files import landed_files
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed

_SCHEMA = """
-- What earlier versions kept the same in.
DROP TABLE IF EXISTS last_build;
DROP TABLE IF EXISTS builds_noted;
CREATE TABLE IF NOT EXISTS builds (
    number INTEGER PRIMARY KEY, -- in the order of beginning: a clock may be set back
    began_at TEXT NOT NULL,
    pid INTEGER NOT NULL,
    ended_at TEXT,              -- NULL: it runs, or its process was killed
    fault TEXT,                 -- NULL where it ended well, and published
    landed_hash TEXT NOT NULL,  -- of what lay in the landing zone when it began
    files INTEGER NOT NULL,     -- of them, those that had landed since the last build that ended well began
    oldest_at TEXT,             -- when the first of those landed
    seconds TEXT NOT NULL       -- by phase of the build, JSON
);
"""
_KEPT = 10_000
_AGAIN_AFTER = timedelta(minutes=15)  # what failed fails again at once


class Landed(NamedTuple):
    """What lies in the landing zone: a hash of all of it, and when each file landed."""

    hash: str
    at: list[datetime]


class NotedBuild(NamedTuple):
    """The last build that began in this home."""

    began_at: datetime
    ended_at: datetime | None
    fault: str | None
    is_running: bool

    @property
    def failure(self) -> str | None:
        """Why nothing came of it; None where it ended well or runs."""
        if self.ended_at is None and not self.is_running:
            return "its process ended before it did"
        return self.fault


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


@contextmanager
def build_noted(home: Path, now: datetime, clock: Callable[[], datetime]) -> Iterator[dict[str, float]]:
    """Note that a build begins, and how it ends; one that gives way to another program is none.

    Yields the seconds by phase, for the build to fill. Whoever calls this holds the lock of builds.
    """
    landed = landed_now(home)
    with closing(open_state(home, _SCHEMA)) as state:
        number = _begin(state, landed, now)
        seconds: dict[str, float] = {}
        fault: str | None = None
        try:
            yield seconds
        except StoreBusy:
            state.execute("DELETE FROM builds WHERE number = ?", [number])
            raise
        except BaseException as error:
            # Only our own words: others may quote a cell.
            fault = str(error) if isinstance(error, ChecksFailed) else type(error).__name__
            raise
        finally:
            told = [clock().isoformat(), fault, json.dumps(seconds), number]
            state.execute("UPDATE builds SET (ended_at, fault, seconds) = (?, ?, ?) WHERE number = ?", told)


def _begin(state: sqlite3.Connection, landed: Landed, now: datetime) -> int | None:
    last_well = "SELECT began_at FROM builds WHERE ended_at IS NOT NULL AND fault IS NULL ORDER BY number DESC LIMIT 1"
    since = state.execute(last_well).fetchone()
    new = [at for at in landed.at if not since or at > datetime.fromisoformat(since[0])]
    number = state.execute(
        "INSERT INTO builds (began_at, pid, landed_hash, files, oldest_at, seconds) VALUES (?, ?, ?, ?, ?, '{}')",
        [now.isoformat(), os.getpid(), landed.hash, len(new), min(new).isoformat() if new else None],
    ).lastrowid
    state.execute("DELETE FROM builds WHERE number <= (SELECT max(number) FROM builds) - ?", [_KEPT])
    return number


def is_waiting(home: Path, landed: Landed, now: datetime) -> bool:
    """Whether the last build did not see what lies there, or was killed; one that failed on it is tried in a while."""
    if not landed.at:
        return False
    with read_state(home, "builds") as state:
        last = _last(state, "landed_hash, began_at, ended_at, fault") if state else None
    if last is None:
        return True
    landed_hash, began_at, ended_at, fault = last
    if landed_hash != landed.hash or ended_at is None:
        return True
    began = datetime.fromisoformat(began_at)
    return fault is not None and not began <= now < began + _AGAIN_AFTER


def last_build_noted(home: Path) -> NotedBuild | None:
    """The last build that began; None where none did since `state.sqlite` was made."""
    with read_state(home, "builds") as state:
        last = _last(state, "began_at, pid, ended_at, fault") if state else None
    if last is None:
        return None
    began_at, pid, ended_at, fault = last
    return NotedBuild(
        began_at=datetime.fromisoformat(began_at),
        ended_at=ended_at and datetime.fromisoformat(ended_at),
        fault=fault,
        is_running=ended_at is None and _lives(pid),
    )


def lags_since(home: Path, since: datetime) -> list[Lag]:
    """The lag of each build that published something since an instant, in their order; only reads."""
    with read_state(home, "builds") as state:
        if state is None:
            return []
        rows = state.execute(
            "SELECT began_at, ended_at, oldest_at, seconds, files FROM builds"
            " WHERE ended_at > ? AND fault IS NULL AND oldest_at IS NOT NULL ORDER BY ended_at",
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


def _last(state: sqlite3.Connection, columns: str) -> tuple[Any, ...] | None:
    last: tuple[Any, ...] | None = state.execute(
        f"SELECT {columns} FROM builds ORDER BY number DESC LIMIT 1"  # our own names
    ).fetchone()
    return last


def _lives(pid: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
