"""A user's fault, or a disk's: one clear message and an exit code, never a traceback."""

import errno

from connectors.disk import is_of_the_disk, why_in_sqlite

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
    if why := why_in_sqlite(error):
        return f"state.sqlite: {why}. {_MEND}"
    if isinstance(error, OSError) and (is_of_the_disk(error) or error.errno == errno.EIO):
        return f"{error.filename or 'a file of the home'}: {error.strerror}. {_MEND}"
    return None
