"""The last build of a home, as `state.sqlite` has it: that it began, and how it ended, where it did."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flows.clock import RunClock
from flows.state import open_state, read_state
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS last_build (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    began_at TEXT NOT NULL,
    pid INTEGER NOT NULL,
    ended_at TEXT,                  -- NULL: it runs, or its process was killed
    fault TEXT                      -- NULL where it ended well
)
"""


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


@contextmanager
def build_noted(home: Path, now: datetime) -> Iterator[None]:
    """Note that a build begins, and how it ends; one that gives way to another build is none."""
    clock = RunClock(now=now)
    with closing(open_state(home, _SCHEMA)) as state:
        before = state.execute("SELECT * FROM last_build").fetchone()
        state.execute("INSERT OR REPLACE INTO last_build VALUES (1, ?, ?, NULL, NULL)", [now.isoformat(), os.getpid()])
        fault: str | None = None
        try:
            yield
        except StoreBusy:
            state.execute("DELETE FROM last_build")
            if before:
                state.execute("INSERT INTO last_build VALUES (?, ?, ?, ?, ?)", before)
            raise
        except BaseException as error:
            # Only our own words: others may quote a cell.
            fault = str(error) if isinstance(error, ChecksFailed) else type(error).__name__
            raise
        finally:
            ended = "UPDATE last_build SET ended_at = ?, fault = ? WHERE pid = ? AND ended_at IS NULL"
            state.execute(ended, [clock.instant().isoformat(), fault, os.getpid()])


def last_build_noted(home: Path) -> NotedBuild | None:
    """The last build that began; None where none did since `state.sqlite` was made."""
    with read_state(home, "last_build") as state:
        row = state and state.execute("SELECT began_at, pid, ended_at, fault FROM last_build").fetchone()
    if not row:
        return None
    began_at, pid, ended_at, fault = row
    return NotedBuild(
        began_at=datetime.fromisoformat(began_at),
        ended_at=ended_at and datetime.fromisoformat(ended_at),
        fault=fault,
        is_running=ended_at is None and lives(pid),
    )


def lives(pid: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
