"""Which errors are the disk's and no source's: it is full or may not be written, or a database on it is held."""

import errno
import sqlite3

# Errors of writing. An input that cannot be read to its end (EIO) is its source's own.
_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "may not be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk is full, or fails",
    sqlite3.SQLITE_BUSY: "another process has held it for half a minute",
    sqlite3.SQLITE_LOCKED: "another process has held it for half a minute",
}


def is_of_the_disk(error: BaseException) -> bool:
    """Whether the disk is at fault, or what holds a database on it: every source would meet it."""
    return (isinstance(error, OSError) and error.errno in _WRITING) or why_in_sqlite(error) is not None


def why_in_sqlite(error: BaseException) -> str | None:
    """What SQLite found, in words; None where it is another error, or one of the statement."""
    # Extended codes have the plain one in their last byte.
    return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF) if isinstance(error, sqlite3.Error) else None
