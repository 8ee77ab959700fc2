"""A home that only its owner can open; what is published may be lent to the members of one group."""

import grp
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from flows.faults import UsageFault

_OTHERS = 0o077


def keep_private(home: Path, readers: str | None = None) -> None:
    """Make the home where there is none, close what is in it, and let this process and its children write so.

    A home that is closed is not walked again. `readers` names the group whose members may read `published`.

    Raises:
        UsageFault: there is no such group, or it may not be given what is published.
    """
    os.umask(_OTHERS)
    home.mkdir(parents=True, exist_ok=True)
    group = None if readers is None else _group_id(readers)
    if _is_closed(home, group):
        return
    close_all(home, readers)


def close_all(home: Path, readers: str | None = None) -> None:
    """Close everything in a home, and the home itself, though it may look closed.

    Raises:
        UsageFault: as `keep_private` does.
    """
    group = None if readers is None else _group_id(readers)
    for folder, folders, files in os.walk(home):
        for name in [*folders, *files]:
            _close(Path(folder, name))
    if group is not None:
        _lend_published(home, group, readers)
    # The home comes last: what a crash left half done is done again.
    home.chmod(_home_mode(group))


def _is_closed(home: Path, group: int | None) -> bool:
    found = home.stat()
    return found.st_mode & 0o777 == _home_mode(group) and group in {None, found.st_gid}


def _home_mode(group: int | None) -> int:
    # Members pass through the home and cannot list it.
    return 0o700 if group is None else 0o710


def _close(path: Path) -> None:
    # A collector beside us may take its partial file away meanwhile.
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def _lend_published(home: Path, group: int, readers: str | None) -> None:
    published = home / "published"
    published.mkdir(exist_ok=True)
    try:
        for path in [home, published, *published.iterdir()]:
            shutil.chown(path, group=group)
    except PermissionError as error:
        raise UsageFault(
            f"AFTERDEBATE_READERS: {error.filename} cannot be given to the group {readers}. "
            "Mend: be a member of it, or of none"
        ) from error
    for file in published.iterdir():
        file.chmod(0o640)
    # Set-group-ID: what the next build puts there belongs to the group as well.
    published.chmod(0o2750)


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise UsageFault(f"AFTERDEBATE_READERS: there is no group {name}. Mend: name one of this machine") from None
