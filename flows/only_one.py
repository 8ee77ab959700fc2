"""One process of a home at a time: a lock that goes with the process that holds it, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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


def locks_held(home: Path) -> list[str]:
    """What some process of this home does at this moment, as `only_one` calls it."""
    return [path.stem for path in sorted(home.glob("*.lock")) if _is_held(path)]


def _is_held(path: Path) -> bool:
    with path.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
