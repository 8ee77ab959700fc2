"""The store that one builder writes: a DuckDB file now, opened by URL so that it can be a DuckLake catalog later.

For that door to stay open no table has a PRIMARY KEY, UNIQUE or index, and no statement ON CONFLICT: keys are
named in the SQL files and looked after by `checks`.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

import duckdb

from warehouse.sql_files import statement_of, table_files
from warehouse.sql_text import quoted

_NULLABLE = re.compile(
    r"^    (\w+) ([A-Z]+(?:\([\d, ]+\))?(?:\[\])?),?$", re.MULTILINE
)  # a column of a raw table that may be NULL
# Its dictionaries cost half of those of the oldest format, which is DuckDB's default.
_STORAGE = "v1.4.0"

_NAME = "warehouse.duckdb"

# What DuckDB says of a file that is none of its own, or not whole. Others (rights, a full disk) are no sign of that.
_BROKEN = re.compile("not a valid DuckDB database file|Could not read enough bytes|Corrupt database file|checksum")

_PATIENCE_SECONDS, _PAUSE_SECONDS = 5.0, 0.1


# What the disk says: DuckDB has no class for it.
_DISK = re.compile("No space left on device|Read-only file system|Disk quota|File too large|Input/output error")


class StoreBusy(Exception):
    """Another build holds the warehouse; the message says whose."""


class StoreBroken(Exception):
    """The warehouse was found broken while it was used, and is forgotten: the next build makes it anew."""


class DiskFault(Exception):
    """The disk is full, or may not be written, or fails; the message says which, and what to do."""


@contextmanager
def open_store(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a home, open for writing, with every raw table there; times are UTC.

    One that cannot be read is forgotten: the build makes it anew from the landing zone.

    Raises:
        StoreBusy: another process writes it, or reads it for longer than anyone should.
        StoreBroken: a page of it cannot be read; it is forgotten.
        DiskFault: what is built cannot be written.
    """
    home.mkdir(parents=True, exist_ok=True)
    file = home / _NAME
    try:
        con = _connect_patiently(file)
        try:
            prepare(con)
            yield con
        finally:
            con.close()
    except duckdb.Error as error:
        if _is_broken(file, error):
            _forget(file)
            raise StoreBroken(f"{file} cannot be read any more, and is made anew by the next build") from error
        if found := _DISK.search(str(error)):
            raise DiskFault(
                f"{file}: {found[0]}. What landed and what is published stand. "
                "Mend: free space or make the disk writable, then `afterdebate build`"
            ) from error
        raise


def _is_broken(file: Path, error: duckdb.Error) -> bool:
    # A landed file that is cut short is told in the same words, but for its name.
    return bool(_BROKEN.search(str(error))) and (file.name in str(error) or "Corrupt database file" in str(error))


def _forget(file: Path) -> None:
    for left in (file, file.with_name(f"{file.name}.wal")):
        left.unlink(missing_ok=True)


@contextmanager
def store_forgotten(home: Path) -> Iterator[None]:
    """Nobody builds within; afterwards the warehouse is gone, and the next build makes it from the landing zone.

    Raises:
        StoreBusy: a build is running; nothing was changed.
    """
    with open_store(home):
        yield
        (home / _NAME).unlink()
    for left in home.glob(f"{_NAME}*"):
        # DuckDB's folder for what memory does not hold stays behind where a build was killed.
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _connect_patiently(file: Path) -> duckdb.DuckDBPyConnection:
    # An export or a look at matches holds the file for less than a second: a reader must not fail a flow.
    for _ in range(round(_PATIENCE_SECONDS / _PAUSE_SECONDS)):
        with suppress(StoreBusy):
            return _connect(file)
        sleep(_PAUSE_SECONDS)
    return _connect(file)


def _connect(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(file, config={"storage_compatibility_version": _STORAGE})
    except duckdb.IOException as error:
        if _BROKEN.search(str(error)):
            _forget(file)
            return duckdb.connect(file, config={"storage_compatibility_version": _STORAGE})
        if "lock" not in str(error):
            raise
        raise StoreBusy(f"{file}: another build is running; wait for it and try again") from error


def make_macros(con: duckdb.DuckDBPyConnection) -> None:
    """The macros that our SQL uses; they are the session's own."""
    for path in table_files("macros"):
        con.execute(statement_of(path))


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Set the session to UTC and to rows without order; make sure that schemas, macros and raw tables exist."""
    con.execute("SET TimeZone = 'UTC'")
    # Rows have keys and no places: a load then writes its file once, not twice.
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET enable_progress_bar = false")  # the commands show progress in words of their own
    for schema in ("raw", "staging", "metrics"):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    make_macros(con)
    existing: dict[str, set[str]] = defaultdict(set)
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'raw'"
    ).fetchall():
        existing[table].add(column)
    for path in table_files("raw"):
        if path.stem not in existing:
            con.execute(statement_of(path))
            continue
        # A table of an earlier version gets the columns that have come since; its rows have NULL there.
        for column, kind in _NULLABLE.findall(statement_of(path)):
            if column not in existing[path.stem]:
                con.execute(f"ALTER TABLE raw.{path.stem} ADD COLUMN {column} {kind}")


@contextmanager
def open_to_read(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A stored database, open to read only; times are UTC.

    Raises:
        StoreBusy: a build is writing it.
    """
    try:
        con = duckdb.connect(file, read_only=True)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        raise StoreBusy(f"{file}: a build is running; wait for it and try again") from error
    with con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def attach_to_read(con: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Open a stored database beside others, to read only, under a name."""
    con.execute(f"ATTACH {quoted(file)} AS {name} (READ_ONLY)")


@contextmanager
def open_file(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that nobody else knows of yet, open for writing."""
    with duckdb.connect(file) as con:
        yield con


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commits at the end, rolls back on any error."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a full disk ends it at once: what ended it is to be told, not that it has ended
            con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
