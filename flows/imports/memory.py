"""Which donation files were imported, by their content: in `state.sqlite`, and rebuilt from the landing zone."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.records import ImportedFile
from flows.state import in_one_transaction, open_state
from warehouse.landing.files import read_landed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS donation_files (
    campaign_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    reading_hash TEXT NOT NULL,  -- how the source was declared when the file was read; empty: not known any more
    rows_read INTEGER NOT NULL,
    imported_at TEXT NOT NULL,
    withdrawn_at TEXT,
    PRIMARY KEY (campaign_id, source_id, file_sha256)
);
CREATE TABLE IF NOT EXISTS failed_files (  -- of those that were imported: what was said, to be said again
    campaign_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (campaign_id, source_id, file_sha256)
);
CREATE TABLE IF NOT EXISTS troubled_sources (  -- of whose files some could not be read, at the last import of all
    campaign_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (campaign_id, source_id)
);
CREATE TABLE IF NOT EXISTS told_attempts (  -- of those that brought nothing: a clock asks each minute
    campaign_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    said TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (campaign_id, source_id, said)
);
CREATE TABLE IF NOT EXISTS hashed_files (  -- a file that did not change is not hashed again
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);
"""


_TOLD_ANEW_AFTER = timedelta(hours=1)
_REMEMBERED = "source_id, file_sha256, file_name, reading_hash, rows_read, withdrawn_at IS NOT NULL"


class Remembered(NamedTuple):
    """One file that was imported."""

    source_id: str
    file_sha256: str
    file_name: str
    reading_hash: str
    rows_read: int
    is_withdrawn: bool


def open_memory(home: Path) -> sqlite3.Connection:
    """The state, in which every file of the landing zone is remembered."""
    state = open_state(home, _SCHEMA)
    if state.execute("SELECT count(*) FROM donation_files").fetchone() == (0,):
        _recall_landed(home, state)
    return state


def after_imports(state: sqlite3.Connection, now: datetime) -> datetime:
    """Now, or a moment after all that was imported and taken back, where the clock was set back since.

    What was done last is what holds, and that is told by these times.
    """
    [last] = state.execute("SELECT max(max(imported_at, coalesce(withdrawn_at, ''))) FROM donation_files").fetchone()
    # A file that is read again is taken back a moment before.
    return max(now, datetime.fromisoformat(last) + timedelta(microseconds=2)) if last else now


def remember(state: sqlite3.Connection, file: ImportedFile, reading_hash: str) -> None:
    """Keep that the file was imported, so that its content is not read again."""
    state.execute(
        "INSERT OR REPLACE INTO donation_files VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            file.campaign_id,
            file.source_id,
            file.file_sha256,
            file.file_name,
            reading_hash,
            file.rows_read,
            file.imported_at.astimezone(UTC).isoformat(),
        ),
    )


def remember_failure(state: sqlite3.Connection, file: ImportedFile, said: str | None) -> None:
    """Keep what was said of a file most of whose rows were set aside; None: it was read well."""
    key = (file.campaign_id, file.source_id, file.file_sha256)
    state.execute("DELETE FROM failed_files WHERE (campaign_id, source_id, file_sha256) = (?, ?, ?)", key)
    if said is not None:
        state.execute("INSERT INTO failed_files VALUES (?, ?, ?, ?)", (*key, said))


def is_news(state: sqlite3.Connection, campaign_id: str, source_id: str, said: str, now: datetime) -> bool:
    """Whether what an attempt that brought nothing says was not said within the last hour; it is kept where so."""
    key = (campaign_id, source_id, said)
    row = state.execute(
        "SELECT told_at FROM told_attempts WHERE (campaign_id, source_id, said) = (?, ?, ?)", key
    ).fetchone()
    if row and abs(now - datetime.fromisoformat(row[0])) < _TOLD_ANEW_AFTER:
        return False
    state.execute("INSERT OR REPLACE INTO told_attempts VALUES (?, ?, ?, ?)", (*key, now.isoformat()))
    return True


def forget_attempts(state: sqlite3.Connection, campaign_id: str, source_id: str) -> None:
    """What the source's attempts said is news again: something else was said of it since."""
    state.execute("DELETE FROM told_attempts WHERE (campaign_id, source_id) = (?, ?)", (campaign_id, source_id))


def failure_of(state: sqlite3.Connection, campaign_id: str, file: Remembered) -> str | None:
    """What was said of the file when it was imported, where most of its rows were set aside."""
    found = state.execute(
        "SELECT said FROM failed_files WHERE (campaign_id, source_id, file_sha256) = (?, ?, ?)",
        (campaign_id, file.source_id, file.file_sha256),
    ).fetchone()
    return found and str(found[0])


def trouble_of(state: sqlite3.Connection, campaign_id: str, source_id: str) -> str | None:
    """What was said last of a source some of whose files could not be read; None where all could."""
    found = state.execute(
        "SELECT said FROM troubled_sources WHERE (campaign_id, source_id) = (?, ?)", (campaign_id, source_id)
    ).fetchone()
    return found and str(found[0])


def remember_trouble(state: sqlite3.Connection, campaign_id: str, source_id: str, said: str | None) -> None:
    """Keep what was said of a source some of whose files could not be read; None: all could."""
    state.execute("DELETE FROM troubled_sources WHERE (campaign_id, source_id) = (?, ?)", (campaign_id, source_id))
    if said is not None:
        state.execute("INSERT INTO troubled_sources VALUES (?, ?, ?)", (campaign_id, source_id, said))


def forget(state: sqlite3.Connection, campaign_id: str, file: Remembered, now: datetime) -> None:
    """Keep that the file was taken back; the same bytes may be imported again."""
    state.execute(
        "UPDATE donation_files SET withdrawn_at = ? WHERE campaign_id = ? AND source_id = ? AND file_sha256 = ?",
        (now.astimezone(UTC).isoformat(), campaign_id, file.source_id, file.file_sha256),
    )


def recall(state: sqlite3.Connection, campaign_id: str, source_id: str, sha256: str) -> Remembered | None:
    """The file with this content, if it was ever imported for this source."""
    row = state.execute(
        f"SELECT {_REMEMBERED} FROM donation_files WHERE campaign_id = ? AND source_id = ? AND file_sha256 = ?",
        (campaign_id, source_id, sha256),
    ).fetchone()
    return row and Remembered(*row)


def remembered_files(state: sqlite3.Connection, campaign_id: str) -> list[Remembered]:
    """The campaign's imported files, the latest first, those taken back among them."""
    rows = state.execute(
        f"SELECT {_REMEMBERED} FROM donation_files WHERE campaign_id = ? ORDER BY imported_at DESC, file_name",
        (campaign_id,),
    )
    return [Remembered(*row) for row in rows]


def standing_files(state: sqlite3.Connection, campaign_id: str, source_id: str) -> list[tuple[str, datetime]]:
    """The hash and the last import of each of a source's files that was not taken back."""
    rows = state.execute(
        "SELECT file_sha256, imported_at FROM donation_files"
        " WHERE campaign_id = ? AND source_id = ? AND withdrawn_at IS NULL",
        (campaign_id, source_id),
    )
    return [(sha256, datetime.fromisoformat(imported_at)) for sha256, imported_at in rows]


def hashes_known(state: sqlite3.Connection, paths: Sequence[Path]) -> dict[Path, str]:
    """The content hashes that were taken when the files were as they are; a file that is not in it must be hashed."""
    kept = dict(state.execute("SELECT path || '|' || size || '|' || changed_ns, sha256 FROM hashed_files"))
    return {path: kept[known] for path in paths if (known := "|".join(map(str, _as_it_is(path)))) in kept}


def remember_hashes(state: sqlite3.Connection, hashes: Mapping[Path, str]) -> None:
    """Keep the files' content hashes for as long as their sizes and times stay."""
    with in_one_transaction(state):
        state.executemany(
            "INSERT OR REPLACE INTO hashed_files VALUES (?, ?, ?, ?)",
            [(*_as_it_is(path), sha256) for path, sha256 in hashes.items()],
        )


def _as_it_is(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path.resolve()), status.st_size, status.st_mtime_ns


def _recall_landed(home: Path, state: sqlite3.Connection) -> None:
    for row in sorted(read_landed(home, "imported_files"), key=lambda landed: landed["imported_at"]):
        remember(state, ImportedFile(**row), reading_hash="")
    for row in sorted(read_landed(home, "withdrawals"), key=lambda landed: landed["withdrawn_at"]):
        state.execute(
            "UPDATE donation_files SET withdrawn_at = ?"
            " WHERE campaign_id = ? AND source_id = ? AND file_sha256 = ? AND imported_at <= ?",
            (
                row["withdrawn_at"].astimezone(UTC).isoformat(),
                row["campaign_id"],
                row["source_id"],
                row["file_sha256"],
                row["withdrawn_at"].astimezone(UTC).isoformat(),
            ),
        )
