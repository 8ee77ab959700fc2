"""A user's fault, or a disk's: one clear message and an exit code, never a traceback."""

import errno
import sqlite3

_ON_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
_IN_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "may not be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk is full, or fails",
    sqlite3.SQLITE_BUSY: "another process has held it for half a minute",
    sqlite3.SQLITE_LOCKED: "another process has held it for half a minute",
}
_MEND = (
    "What landed stands. Mend: free space or make the disk writable (`afterdebate doctor` says what is wrong), "
    "then run the command again"
)


class UsageFault(Exception):
    """The command cannot be carried out as given; the message says what to do instead."""


def said_of_disk(error: BaseException) -> str | None:
    """What to say where the disk is full, fails or may not be written, or a lock is held; None of any other error.

    The warehouse's own errors have their words already, and are known by their names: who only shows help loads no
    DuckDB.
    """
    if type(error).__name__ in {"DiskFault", "StoreBroken"}:
        return str(error)
    if isinstance(error, OSError) and error.errno in _ON_DISK:
        return f"{error.filename or 'a file of the home'}: {error.strerror}. {_MEND}"
    if isinstance(error, sqlite3.Error):
        # Extended codes have the plain one in their last byte.
        why = _IN_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return why and f"state.sqlite: {why}. {_MEND}"
    return None
