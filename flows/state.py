"""What collectors must know before they act: one small SQLite file, which can be rebuilt from the landing zone."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flows.only_one import only_one

_NAME = "state.sqlite"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 30, 0.01
_UNREADABLE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_OF_THE_DISK = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL}
# Without room SQLite cannot make what it keeps beside the file, not even to read.
_NO_ROOM = {
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
}


def open_state(home: Path, schema: str) -> sqlite3.Connection:
    """A connection to `state.sqlite` in which the tables of `schema` exist (CREATE TABLE IF NOT EXISTS ...).

    A column that a table of an earlier version lacks is added to it, empty.
    Write-ahead log and a busy timeout let several collectors share the file. One that SQLite cannot read is set aside.
    """
    home.mkdir(parents=True, exist_ok=True)
    set_aside_unreadable(home)
    state = sqlite3.connect(home / _NAME, timeout=_PATIENCE_SECONDS, isolation_level=None)
    _write_ahead(state)
    state.executescript(schema)
    if _missing_columns(state, schema):
        with in_one_transaction(state):
            for table, column in _missing_columns(state, schema):  # again: another process may have added them
                state.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    return state


def _missing_columns(state: sqlite3.Connection, schema: str) -> list[tuple[str, str]]:
    """Table and column, by name and type."""
    columns = "SELECT m.name, trim(c.name || ' ' || c.type) FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(schema)
        wanted = fresh.execute(f"{columns} WHERE m.type = 'table'").fetchall()
    there = set(state.execute(columns))
    return [one for one in wanted if one not in there]


def set_aside_unreadable(home: Path) -> None:
    """Rename a state that SQLite cannot read, and say so: each collector recalls from the landing zone what it held."""
    file = home / _NAME
    if _is_readable(file):
        return
    with only_one(home, "state", waits=True):
        if _is_readable(file):  # another process was at it
            return
        set_state_aside(home, "unreadable")
    logging.getLogger(__name__).warning(
        "%s cannot be read and lies beside as %s.unreadable; what it held is recalled from the landing zone",
        file,
        _NAME,
    )


def has_readable_state(home: Path) -> bool:
    """Is there a state, and can SQLite read it?"""
    return (home / _NAME).is_file() and _is_readable(home / _NAME)


def state_fault(home: Path) -> str | None:
    """What is wrong with the state: "locked", or in words why it cannot be used; None where nothing is.

    One that is not there is a fault where collectors have landed something.
    """
    file = home / _NAME
    if not file.exists():
        return "is gone" if (home / "landing").is_dir() else None
    try:
        with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as state:
            [said] = state.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                return f"is damaged ({said})"
            state.execute("BEGIN IMMEDIATE")
            state.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return "locked"
        if code in _OF_THE_DISK or error.sqlite_errorcode in _NO_ROOM:
            return None  # of the disk, and said of it: nothing is lost
        return f"cannot be used ({error})"
    return None


def set_state_aside(home: Path, why: str) -> None:
    """Rename the state to `state.sqlite.<why>`, with what SQLite keeps beside it."""
    for part in ("-wal", "-shm", ""):
        if (whole := home / f"{_NAME}{part}").exists():
            whole.replace(home / f"{_NAME}.{why}{part}")


def _is_readable(file: Path) -> bool:
    if not file.exists():
        return True
    try:
        with _open_to_read(file) as state:
            state.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode not in _UNREADABLE
    return True


@contextmanager
def read_state(home: Path, table: str) -> Iterator[sqlite3.Connection | None]:
    """`state.sqlite`, open to read only; None where it is not there or lacks the table: nothing was kept yet."""
    file = home / _NAME
    if not file.is_file():
        yield None
        return
    with _open_to_read(file) as state:
        has_table = state.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone()
        yield state if has_table else None


@contextmanager
def _open_to_read(file: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_SECONDS)) as state:
        yield state


def copy_state(home: Path, target: Path) -> bool:
    """Copy `state.sqlite` as it stands at one moment, whoever writes it meanwhile; False where there is none.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
    """
    if not (home / _NAME).is_file():
        return False
    with _open_to_read(home / _NAME) as state, closing(sqlite3.connect(target)) as copy:
        state.backup(copy)
        # One file, that can be read where no log beside it may be written.
        copy.execute("PRAGMA journal_mode = DELETE")
    return True


@contextmanager
def in_one_transaction(state: sqlite3.Connection) -> Iterator[None]:
    """All of what is written within, or nothing."""
    state.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        state.execute("ROLLBACK")
        raise
    state.execute("COMMIT")


def _write_ahead(state: sqlite3.Connection) -> None:
    # Where several open a file that nobody opened before, SQLite refuses all but one at once: no timeout holds here.
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            state.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
