"""A folder of backups: each file once under the hash of its bytes, and a list for each backup.

    DIR/files/ab/ab12...        the bytes, by their SHA-256
    DIR/backups/<time>.json     which file of the home had which bytes

So a second backup adds what is new, any program that copies folders can take it elsewhere, and every byte can be
checked against its own name.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.faults import UsageFault

_LAYOUT = 1
_TIME = "%Y-%m-%dT%H%M%S.%fZ"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a home as it stood when it was copied."""

    sha256: str
    size: int
    changed_ns: int  # as the home had it: a file that did not change since is not read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup: the files of a home, by their paths in it."""

    taken_at: datetime
    version: str  # of afterdebate
    files: dict[str, KeptFile]

    @property
    def name(self) -> str:
        """What it is called on the command line: its time."""
        return f"{self.taken_at.astimezone(UTC):{_TIME}}"


def make_private_folder(folder: Path) -> None:
    """Make the folder of backups where there is none; it and what is put there is its owner's alone."""
    os.umask(0o077)
    for part in (folder, folder / "files", folder / "backups"):
        part.mkdir(parents=True, exist_ok=True)
        part.chmod(0o700)


def forget_half_files(folder: Path) -> None:
    """Remove what backups that were killed left half-written; the caller is the only one who writes there."""
    for part in (folder, folder / "files", folder / "backups"):
        for half in part.glob(".*.[0-9]*" if part != folder / "files" else ".[0-9]*"):
            half.unlink()


def backups_in(folder: Path) -> list[Backup]:
    """Every backup in the folder, the oldest first.

    Raises:
        UsageFault: the list of one cannot be read.
    """
    return [_read_list(path) for path in sorted((folder / "backups").glob("*.json"))]


def _read_list(path: Path) -> Backup:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["layout"] > _LAYOUT:
            raise UsageFault(f"{path}: made by a later version, {manifest['version']}. Mend: use that version")
        files = {name: KeptFile(**file) for name, file in manifest["files"].items()}
        return Backup(taken_at=datetime.fromisoformat(manifest["taken_at"]), version=manifest["version"], files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageFault(
            f"{path}: no list of a backup ({type(error).__name__}). Mend: bring it back, or remove it to do without it"
        ) from error


def write_list(folder: Path, backup: Backup) -> None:
    """Keep which files a backup has; from here on there is such a backup."""
    os.sync()  # its files first
    manifest = {"layout": _LAYOUT, "version": backup.version, "taken_at": backup.taken_at.isoformat()}
    manifest["files"] = {name: asdict(file) for name, file in sorted(backup.files.items())}
    target = folder / "backups" / f"{backup.name}.json"
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)


def path_of(folder: Path, sha256: str) -> Path:
    """Where bytes are kept, or would be."""
    return folder / "files" / sha256[:2] / sha256


def keep_bytes(folder: Path, source: Path) -> tuple[KeptFile, int]:
    """The file as it is kept now, and how many bytes were added for it: none where the folder had them."""
    status = source.stat()
    partial = folder / "files" / f".{os.getpid()}"
    sha256 = copy_hashed(source, partial)
    target = path_of(folder, sha256)
    size = partial.stat().st_size
    kept = KeptFile(sha256, size, status.st_mtime_ns)
    # One of another size is what a power cut left: it was not on disk yet.
    if target.exists() and target.stat().st_size == size:
        partial.unlink()
        return kept, 0
    target.parent.mkdir(exist_ok=True)
    partial.replace(target)
    return kept, size


def copy_hashed(source: Path, target: Path) -> str:
    """Copy a file, for its owner alone; returns the SHA-256 of the bytes that were written.

    They are on disk after `os.sync`: once for all of them, because a disk takes as long to flush one file as many.
    """
    hashed = hashlib.sha256()
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with source.open("rb") as read, os.fdopen(descriptor, "wb") as to:
            while piece := read.read(_PIECE):
                hashed.update(piece)
                to.write(piece)
    except OSError as error:
        target.unlink(missing_ok=True)
        # The system names no file where a write fails.
        raise OSError(error.errno, error.strerror, error.filename or str(target)) from error
    return hashed.hexdigest()


def forget_older(folder: Path, keep: int) -> tuple[int, int]:
    """Remove all backups but the last `keep`, and the bytes that none of these has; how many backups and bytes went."""
    known = backups_in(folder)
    old, young = known[:-keep], known[-keep:]
    for backup in old:
        (folder / "backups" / f"{backup.name}.json").unlink()
    wanted = {file.sha256 for backup in young for file in backup.files.values()}
    gone = 0
    for path in _all_kept(folder):
        if path.name not in wanted:
            gone += path.stat().st_size
            path.unlink()
    return len(old), gone


def wrong_bytes(folder: Path, hashes: Iterable[str]) -> list[str]:
    """Those of the hashes whose bytes are not there, or are others by now."""
    return [sha256 for sha256 in sorted(set(hashes)) if _hash_of(path_of(folder, sha256)) != sha256]


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _all_kept(folder: Path) -> list[Path]:
    return [path for path in sorted((folder / "files").glob("*/*")) if path.is_file()]
