"""A copy of a home, taken while collectors run: what landed, what collectors know, and the keys.

The state is copied first and the landing zone after it. Collectors land rows before they note them, so everything that
the copied state knows of is in the copied landing zone; what landed meanwhile is read from there, as after a crash.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from stat import S_ISREG

from flows.collected import Tell, say_nothing
from flows.faults import UsageFault
from flows.keeping.kept_files import (
    Backup,
    KeptFile,
    backups_in,
    forget_half_files,
    forget_older,
    keep_bytes,
    make_private_folder,
    path_of,
    write_list,
    wrong_bytes,
)
from flows.only_one import only_one
from flows.state import copy_state
from warehouse.landing.erasing import is_unfinished
from warehouse.landing.files import landed_files

STATE = "state.sqlite"
# Keys after the landing zone: a key is made before the first row lands that was hashed with it.
_BESIDE_LANDING = ("rejects", "keys")
_SINGLE = ("prices.toml", "published/runs.parquet")
_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What one backup took."""

    backup: Backup
    files_added: int
    bytes_added: int
    has_keys: bool
    checked: int = 0  # files whose bytes were read again
    backups_removed: int = 0
    bytes_removed: int = 0


def back_up(
    home: Path,
    folder: Path,
    now: datetime,
    *,
    keep: int | None = None,
    is_checked: bool = False,
    tell: Tell = say_nothing,
) -> BackedUp:
    """Add a backup of the home to the folder; with `keep`, remove all but the last so many.

    What can be made from the rest is left out: warehouse, published files (but the list of runs), pages, Prefect's own
    database.

    Raises:
        UsageFault: nothing has landed, the folder lies in the home, another backup or an erasure is under way, or bytes
            kept before are not what they were.
    """
    _refuse(home, folder)
    make_private_folder(folder)
    with only_one(folder, "backup") as is_alone:
        if not is_alone:
            raise UsageFault(f"{folder}: another backup is under way. Mend: wait for it")
        forget_half_files(folder)
        earlier = backups_in(folder)
        taking = _Taking(home, folder, _still_whole(folder, earlier, is_checked=is_checked, tell=tell))
        taking.copy_state()
        tell("copying what landed")
        taking.copy_listed()
        for _ in range(_MOST_ROUNDS):
            if is_unfinished(home):
                raise UsageFault(
                    f"{home}: an erasure is under way. Mend: let it end (`afterdebate build`), then try again"
                )
            if not taking.copy_rewritten():
                break
        else:
            raise UsageFault(f"{home}: its landing zone was rewritten again and again. Mend: try again later")
        backup = Backup(taken_at=now, version=version("afterdebate"), files=taking.files)
        if earlier and earlier[-1].name >= backup.name:
            raise UsageFault(
                f"{folder}: the last backup there is of {earlier[-1].taken_at:%Y-%m-%d %H:%M} UTC, and the clock shows "
                f"{now:%Y-%m-%d %H:%M}. Mend: set the clock, or name another folder"
            )
        write_list(folder, backup)
        removed = forget_older(folder, keep) if keep else (0, 0)
    return BackedUp(
        backup=backup,
        files_added=taking.files_added,
        bytes_added=taking.bytes_added,
        has_keys=any(name.startswith("keys/") for name in backup.files),
        checked=len({file.sha256 for one in earlier for file in one.files.values()}) if is_checked else 0,
        backups_removed=removed[0],
        bytes_removed=removed[1],
    )


def _refuse(home: Path, folder: Path) -> None:
    if not (home / "landing").is_dir():
        raise UsageFault(
            f"{home}: nothing has landed here, so there is nothing to keep. Mend: name the home with --home"
        )
    if folder.resolve().is_relative_to(home.resolve()):
        raise UsageFault(
            f"{folder}: lies in the home that it is to keep. Mend: name a folder elsewhere, best on another disk"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageFault(f"{folder}: is a file. Mend: name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "backups").is_dir():
        raise UsageFault(f"{folder}: holds other things. Mend: name an empty folder, or one of backups")


def _still_whole(folder: Path, earlier: list[Backup], *, is_checked: bool, tell: Tell) -> dict[str, KeptFile]:
    """The last backup's files, by path: one that did not change since need not be read again.

    Raises:
        UsageFault: bytes are not what they were.
    """
    if is_checked:
        tell("reading again what was kept before")
        hashes = [file.sha256 for backup in earlier for file in backup.files.values()]
        if wrong := wrong_bytes(folder, hashes):
            for sha256 in wrong:
                (folder / "files" / sha256[:2] / sha256).unlink(missing_ok=True)
            names = sorted({name for one in earlier for name, file in one.files.items() if file.sha256 in wrong})
            raise UsageFault(
                f"{folder}: {len(wrong)} kept files are not what they were, and are removed: {', '.join(names[:5])} "
                "Mend: look at the disk; back up again, which takes what the home still has"
            )
    return dict(earlier[-1].files) if earlier else {}


class _Taking:
    """One backup under way: what it has copied so far."""

    def __init__(self, home: Path, folder: Path, last: dict[str, KeptFile]) -> None:
        self._home = home
        self._folder = folder
        self._last = last
        self.files: dict[str, KeptFile] = {}
        self.files_added = self.bytes_added = 0

    def copy_state(self) -> None:
        """Copy the state as it stands at one moment, whoever writes it."""
        partial = self._folder / f".{STATE}.{os.getpid()}"
        partial.unlink(missing_ok=True)
        if copy_state(self._home, partial):
            try:
                self._keep(STATE, partial)
            finally:
                partial.unlink()

    def copy_listed(self) -> None:
        """Copy every file that is there now; what lands later is for the next backup."""
        for name, path in _files_to_keep(self._home):
            known = self._last.get(name)
            with suppress(FileNotFoundError):  # an erasure or a cleaning took it away
                if known and _is_as_it_was(path, known) and path_of(self._folder, known.sha256).exists():
                    self.files[name] = known
                else:
                    self._keep(name, path)

    def copy_rewritten(self) -> int:
        """Copy again what was rewritten since it was copied, forget what is gone; returns how many that were."""
        differ = 0
        for name in self.files.keys() - {STATE}:
            path = self._home / name
            if not path.exists():
                del self.files[name]
                differ += 1
            elif not _is_as_it_was(path, self.files[name]):
                self._keep(name, path)
                differ += 1
        return differ

    def _keep(self, name: str, path: Path) -> None:
        kept, added = keep_bytes(self._folder, path)
        self.files[name] = kept
        self.files_added += added > 0
        self.bytes_added += added


def _is_as_it_was(path: Path, known: KeptFile) -> bool:
    status = path.stat()
    return (known.size, known.changed_ns) == (status.st_size, status.st_mtime_ns)


def _files_to_keep(home: Path) -> Iterator[tuple[str, Path]]:
    paths = landed_files(home)
    for folder in _BESIDE_LANDING:
        paths += [path for path in sorted((home / folder).rglob("*")) if not path.name.startswith(".")]
    paths += [home / name for name in _SINGLE]
    for path in paths:
        # A link could lead out of the home.
        if os.path.lexists(path) and S_ISREG(path.lstat().st_mode):
            yield path.relative_to(home).as_posix(), path
