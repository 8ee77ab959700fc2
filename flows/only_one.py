"""One process of a home at a time: a lock that goes with the process that holds it, however that ends."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

_LOOKS_EVERY_S = 0.1
_TRIES = 3


class Holder(NamedTuple):
    """The process that holds a lock."""

    pid: int
    since: datetime
    told: dict[str, Any]  # what it says of itself


class AlreadyHeld(Exception):
    """Another process holds it; `holder` says which, None where it has not said so yet."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(f"held by process {holder.pid}" if holder else "held by another process")
        self.holder = holder


@contextmanager
def only_one(home: Path, what: str, *, waits: bool = False) -> Iterator[bool]:
    """Is this the only process of this home that does `what`? False where another is at it; or wait until it is not."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def up_lock(home: Path) -> Path:
    """The lock that the `up` of a home holds."""
    return home / "prefect" / "up.lock"


@contextmanager
def held_by_us(lock: Path, **told: Any) -> Iterator[None]:
    """Hold the lock within, and say so in it.

    Raises:
        AlreadyHeld: another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as file:
        if not _takes(file):
            raise AlreadyHeld(holder_of(lock))
        # A child that inherits the file would hold the lock after us.
        os.set_inheritable(file.fileno(), False)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(), **told}))
        file.flush()
        yield


def _takes(file: IO[str]) -> bool:
    """Whether the lock is ours; who only asks for the holder has it for an instant, and is waited for."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOKS_EVERY_S)
        else:
            return True
    return False


def holder_of(lock: Path) -> Holder | None:
    """The process that holds a lock; None where none does."""
    if not lock.is_file():
        return None
    with lock.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                told = json.loads(file.read())
                return Holder(told.pop("pid"), datetime.fromisoformat(told.pop("since")), told)
            except (ValueError, KeyError):  # it took the lock this instant
                return None
    return None


def is_held(lock: Path) -> bool:
    """Whether any process holds the lock."""
    if not lock.is_file():
        return False
    with lock.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def end_holder(lock: Path, *, within_s: float) -> int | None:
    """Wait until nobody holds the lock, then kill the group of who does; returns whom it killed."""
    ends_at = time.monotonic() + within_s
    while is_held(lock):
        holder = holder_of(lock)
        if holder and time.monotonic() > ends_at:
            os.killpg(holder.pid, signal.SIGKILL)
            return holder.pid
        time.sleep(_LOOKS_EVERY_S)
    return None


def locks_held(home: Path) -> list[str]:
    """What some process of this home does at this moment, as `only_one` calls it."""
    return [path.stem for path in sorted(home.glob("*.lock")) if is_held(path)]
