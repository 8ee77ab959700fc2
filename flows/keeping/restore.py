"""A home brought back from a backup: every byte checked, whoever was erased since erased again, and built.

A backup that was taken before an erasure still holds the person. So the log of erasures is taken from every backup in
the folder, the later ones included, and from another home where one is named; it has hashes and no names, by which
those who were erased are found in what was brought back.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.records import Erasure
from flows.build import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.faults import UsageFault
from flows.keeping.backup import STATE
from flows.keeping.kept_files import Backup, KeptFile, backups_in, copy_hashed, path_of, wrong_bytes
from flows.keeping.recall import recall_state
from flows.people.erase import Erased, Request, erase_again
from flows.private_home import keep_private
from flows.settings import Settings
from warehouse.build.run import Built
from warehouse.landing.files import landed_files

MARK = ".restoring"  # in a home that is not whole yet: the name of the backup it comes from
_ERASURES = f"landing/{Erasure.TABLE}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back."""

    backup: Backup
    built: Built
    erased: Erased  # of those whose erasure is younger than the backup
    erasures_learnt: int  # files of the log that the backup itself had not
    not_known: list[str]  # of a state that the backup did not have


def restore(
    folder: Path,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    name: str | None = None,
    erased_in: Path | None = None,
    tell: Tell = say_nothing,
) -> Restored:
    """Bring the last backup of the folder, or the one of that name, into a home that is empty, and build it.

    One that was broken off goes on where it ended. `erased_in` is another home whose log of erasures counts as well.

    Raises:
        UsageFault: there is no such backup, its bytes are not what they were, or the home is not empty.
    """
    backups = backups_in(folder)
    backup = _chosen(folder, backups, name)
    home = settings.home
    _refuse_full(home, backup)
    tell("reading every byte of the backup")
    _refuse_wrong(folder, backup)
    keep_private(home, settings.readers)
    (home / MARK).write_text(backup.name, encoding="ascii")
    tell("copying")
    for path, kept in backup.files.items():
        _bring_back(folder, home / path, kept)
    os.sync()
    learnt = _learn_erasures(home, folder, backups, erased_in)
    not_known = recall_state(home, clock(), tell, is_wanted=False) if STATE not in backup.files else []
    tell("looking for whom an erasure after the backup concerns")
    erased = erase_again(settings, Request(asked_at=clock(), clock=clock, tell=tell))
    built = build_warehouse_once(home, clock(), tell=tell)
    (home / MARK).unlink()
    return Restored(backup=backup, built=built, erased=erased, erasures_learnt=learnt, not_known=not_known)


def _chosen(folder: Path, backups: list[Backup], name: str | None) -> Backup:
    if not backups:
        raise UsageFault(f"{folder}: no backup is here. Mend: name the folder that `afterdebate backup` wrote")
    if name is None:
        return backups[-1]
    found = [backup for backup in backups if backup.name == name]
    if not found:
        known = ", ".join(backup.name for backup in backups[-5:])
        raise UsageFault(f"{folder}: no backup {name}. Mend: one of {known}; or leave --at out for the last")
    return found[0]


def _refuse_full(home: Path, backup: Backup) -> None:
    mark = home / MARK
    if mark.is_file():
        begun = mark.read_text(encoding="ascii")
        if begun not in {"", backup.name}:
            raise UsageFault(
                f"{home}: a restore of {begun} was broken off here. Mend: --at {begun}, or an empty folder"
            )
    elif home.is_dir() and any(home.iterdir()):
        raise UsageFault(
            f"{home}: is not empty, and nothing in it is overwritten. Mend: name an empty folder with --home; "
            "or move this one away first"
        )


def _refuse_wrong(folder: Path, backup: Backup) -> None:
    wrong = set(wrong_bytes(folder, (kept.sha256 for kept in backup.files.values())))
    if wrong:
        lost = [path for path, kept in backup.files.items() if kept.sha256 in wrong]
        raise UsageFault(
            f"{folder}: {len(lost)} files of the backup {backup.name} are lost or not what they were: "
            f"{', '.join(lost[:5])}{' ...' if len(lost) > len(lost[:5]) else ''}. Nothing was restored. "
            "Mend: an earlier backup with --at, or another copy of the folder"
        )


def _bring_back(folder: Path, target: Path, kept: KeptFile) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.restoring")
    if copy_hashed(path_of(folder, kept.sha256), partial) != kept.sha256:
        partial.unlink()
        raise UsageFault(f"{path_of(folder, kept.sha256)}: changed while it was copied. Mend: try again")
    partial.replace(target)


def _learn_erasures(home: Path, folder: Path, backups: list[Backup], erased_in: Path | None) -> int:
    """Bring what is known of erasures into the home's own log; returns how many files it had not."""
    learnt = 0
    for backup in backups:
        for path, kept in backup.files.items():
            if path.startswith(_ERASURES) and not (home / path).exists() and not wrong_bytes(folder, [kept.sha256]):
                _bring_back(folder, home / path, kept)
                learnt += 1
    for log in landed_files(erased_in, Erasure.TABLE) if erased_in else ():
        target = home / _ERASURES / log.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_hashed(log, target)
            learnt += 1
    return learnt
