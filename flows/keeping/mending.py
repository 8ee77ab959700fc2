"""What mends itself: rights, leftovers, a state that is lost, a warehouse that is broken, what a backup still has.

Nothing is thrown away that could be wanted: what cannot be read is set aside beside, unless it can be made anew whole.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.build import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.keeping.doctor import examine
from flows.keeping.finding import Finding, Way
from flows.keeping.kept_files import backups_in, copy_hashed, path_of
from flows.keeping.rebuild import rebuild_home
from flows.keeping.recall import recall_state
from flows.private_home import close_all
from flows.settings import Settings
from flows.state import set_aside_unreadable
from warehouse.landing.erasing import half_files


def mend(
    settings: Settings,
    found: Sequence[Finding],
    now: datetime,
    *,
    backups: Path | None = None,
    tell: Tell = say_nothing,
) -> list[Finding]:
    """Mend what is safe to mend, then look again: what was found and is gone is mended, and what is new is shown.

    Raises:
        StoreBusy: a build is running.
    """
    home, ways = settings.home, {finding.way for finding in found}
    if "rights" in ways:
        tell("closing the home")
        close_all(home, settings.readers)
    if "remove" in ways:
        for path in half_files(home):
            path.unlink(missing_ok=True)
    if "backup" in ways and backups is not None:
        tell("looking for whole copies in the backups")
        for finding in found:
            if finding.way == "backup":
                _bring_back(home, backups, finding.subject)
    if "state" in ways:
        set_aside_unreadable(home)
        recall_state(home, now, tell, is_wanted=False)
    if "rebuild" in ways:
        rebuild_home(home, now, tell=tell)
    elif ways & _BUILT:
        build_warehouse_once(home, now, tell=tell)
    left = examine(settings, now, tell=tell)
    still = {(finding.subject, finding.fault) for finding in left}
    return [replace(one, is_mended=True) for one in found if (one.subject, one.fault) not in still] + left


_BUILT: set[Way] = {"build", "backup"}


def _bring_back(home: Path, backups: Path, subject: str) -> None:
    """Put the youngest whole copy of a file in its place; the one there becomes `.<name>.unreadable`."""
    target = home / subject
    for backup in reversed(backups_in(backups)):
        kept = backup.files.get(subject)
        if kept is None or not path_of(backups, kept.sha256).is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.restoring")
        if copy_hashed(path_of(backups, kept.sha256), partial) != kept.sha256:
            partial.unlink()
            continue
        if target.exists():
            target.replace(target.with_name(f".{target.name}.unreadable"))
        partial.replace(target)
        return
