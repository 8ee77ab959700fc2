"""What is wrong with a home: everything is looked at, nothing is changed."""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.collected import Tell, say_nothing
from flows.faults import UsageFault
from flows.keeping.finding import Finding
from flows.keeping.restore import MARK
from flows.people.keys import Landed
from flows.settings import Settings
from flows.state import state_fault
from flows.x.price_list import IN_HOME, prices_for
from warehouse.landing.erasing import half_files, is_unfinished
from warehouse.landing.files import landed_files, landed_tables
from warehouse.landing.unreadable import LandedUnreadable, broken_files
from warehouse.publish.wholeness import WAREHOUSE, is_of_another_version, publication_faults, store_fault
from warehouse.store import StoreBusy

_LEAST_FREE = 100 << 20  # bytes; and as much as warehouse and published files take, which a build writes anew
_AHEAD = timedelta(minutes=2)
_NAMED = 5  # of many alike, so many are named


def examine(settings: Settings, now: datetime, *, tell: Tell = say_nothing) -> list[Finding]:
    """Everything that is found wrong with the home, in the order in which it is to be mended.

    Raises:
        UsageFault: there is no such home.
    """
    home = settings.home
    if not home.is_dir():
        raise UsageFault(f"{home}: no such home. Mend: name it with --home")
    looks: Sequence[tuple[str, Callable[[], Iterator[Finding]]]] = (
        ("the disk", lambda: _disk(home)),
        ("rights", lambda: _rights(home, has_readers=settings.readers is not None)),
        ("the clock", lambda: _clock(home, now)),
        ("what was broken off", lambda: _broken_off(home)),
        ("the landing zone", lambda: _landing(home)),
        ("keys", lambda: _keys(settings)),
        ("the state", lambda: _state(home)),
        ("the price list", lambda: _prices(settings)),
        ("the warehouse", lambda: _warehouse(home)),
        ("what is published", lambda: _published(home)),
    )
    found: list[Finding] = []
    for what, look in looks:
        tell(f"looking at {what}")
        found += look()
    return found


def _disk(home: Path) -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=home, prefix=".doctor-") as probe:
            probe.write(b"." * (64 << 10))
            probe.flush()
    except OSError as error:
        yield Finding(
            subject=str(home),
            fault=f"cannot be written ({error.strerror})",
            mend="free space, or make it writable: nothing can be collected or built before",
        )
        return
    stored = [home / WAREHOUSE, *(home / "published").glob("*")]
    needed = _LEAST_FREE + sum(path.stat().st_size for path in stored if path.is_file())
    free = shutil.disk_usage(home).free
    if free < needed:
        yield Finding(
            subject=str(home),
            fault=f"only {free / 1e6:.0f} MB are free, and a build that makes all anew may need {needed / 1e6:.0f} MB",
            mend="free space, or move the home to a larger disk (`afterdebate backup`, then `restore`)",
        )


def _rights(home: Path, *, has_readers: bool) -> Iterator[Finding]:
    open_to_others, links, foreign = [], [], []
    for path in [home, *_all_in(home)]:
        found = path.lstat()
        is_lent = has_readers and (path == home or path.is_relative_to(home / "published"))
        if stat.S_ISLNK(found.st_mode):
            links.append(path)
        elif stat.S_IMODE(found.st_mode) & (0o007 if is_lent else 0o077):
            open_to_others.append(path)
        if found.st_uid != os.geteuid():
            foreign.append(path)
    if open_to_others:
        yield Finding(
            subject=_some(home, open_to_others),
            fault=f"{len(open_to_others)} files or folders can be read by other accounts",
            mend="chmod -R go-rwx on the home",
            way="rights",
        )
    for link in links:
        yield Finding(
            subject=_in(home, link),
            fault=f"is a link to {link.readlink()}: no backup holds what is there, and no erasure or chmod reaches it",
            mend="put the thing itself in its place",
        )
    if foreign:
        yield Finding(
            subject=_some(home, foreign),
            fault=f"{len(foreign)} files or folders belong to another account",
            mend="chown -R them to the account that collects",
        )


def _clock(home: Path, now: datetime) -> Iterator[Finding]:
    files = landed_files(home)
    ahead = [path for path in files if datetime.fromtimestamp(path.lstat().st_mtime, UTC) > now + _AHEAD]
    if ahead:
        latest = max(datetime.fromtimestamp(path.lstat().st_mtime, UTC) for path in ahead)
        yield Finding(
            subject=_some(home, ahead),
            fault=f"{len(ahead)} files landed at a time that is still to come, the last {latest:%Y-%m-%d %H:%M} UTC: "
            f"the clock shows {now:%Y-%m-%d %H:%M} UTC, so it was ahead then or is behind now",
            mend="set the clock (timedatectl); feeds that were asked ahead of time are due at once",
        )


def _broken_off(home: Path) -> Iterator[Finding]:
    if (home / MARK).exists():
        name = (home / MARK).read_text(encoding="ascii", errors="replace")
        yield Finding(subject=MARK, fault=f"a restore of {name} was broken off", mend="give the same command again")
    if is_unfinished(home):
        yield Finding(
            subject=".erasing",
            fault="an erasure was begun and has not ended: who was to go may be here yet",
            mend="ask for the same erasure again",
        )
    if half := half_files(home):
        yield Finding(
            subject=_some(home, half),
            fault=f"{len(half)} half-written files of ended processes; nothing reads them, and they may hold people",
            mend="remove them",
            way="remove",
        )


def _landing(home: Path) -> Iterator[Finding]:
    if not (home / "landing").is_dir():
        yield Finding(
            subject="landing", fault="nothing has landed here", mend="`afterdebate run CAMPAIGN`, or `restore`"
        )
        return
    for table in sorted({path.parent.name for path in landed_files(home)} - landed_tables()):
        yield Finding(
            subject=f"landing/{table}",
            fault="this version knows no such table: what is in it is not built",
            mend="use the version that wrote it, or a later one",
        )
    for path, broken in broken_files(landed_files(home)).items():
        if path.parent.name in landed_tables():
            yield Finding(
                subject=_in(home, path),
                fault=f"cannot be read ({broken.fault}); its rows are missing, and the time they are of is unknown",
                mend="put a whole copy in its place: `afterdebate doctor --mend --from DIR` takes it from a backup",
                way="backup",
            )


def _keys(settings: Settings) -> Iterator[Finding]:
    for name, value, table, column in (
        ("donor", settings.donor_key, "donations", "donor_key"),
        ("author", settings.author_key, "posts", "author_key"),
    ):
        path = settings.home / "keys" / f"{name}.key"
        try:
            has_people = Landed(settings.home, table, column).has_people()
        except LandedUnreadable:  # named already
            continue
        is_there = path.is_file() and path.read_bytes().strip()
        if value is None and has_people and not is_there:
            yield Finding(
                subject=f"keys/{name}.key",
                fault=f"is {'empty' if path.is_file() else 'gone'}, and people in {table} were hashed with it: "
                "nobody is known again, and nobody can be erased by name",
                mend=f"take it from a backup (`--mend --from DIR`), or set AFTERDEBATE_{name.upper()}_KEY as it was",
                way="backup",
            )


def _state(home: Path) -> Iterator[Finding]:
    fault = state_fault(home)
    if fault == "locked":
        yield Finding(
            subject="state.sqlite",
            fault="a process has held it for longer than it should: collectors wait for it",
            mend="end the process that hangs (`fuser state.sqlite` names it)",
        )
    elif fault is not None:
        yield Finding(
            subject="state.sqlite",
            fault=f"{fault}: what collectors knew is lost",
            mend="`afterdebate rebuild` recalls it from the landing zone, and says what cannot be known",
            way="state",
        )


def _prices(settings: Settings) -> Iterator[Finding]:
    try:
        prices_for(settings)
    except UsageFault as fault:
        said, _, mend = str(fault).partition(". Mend: ")
        yield Finding(subject=IN_HOME, fault=said, mend=mend)


def _warehouse(home: Path) -> Iterator[Finding]:
    try:
        fault = store_fault(home / WAREHOUSE)
    except StoreBusy:  # a build has it open: that it works says enough
        return
    if fault is not None:
        yield Finding(
            subject=WAREHOUSE,
            fault=f"cannot be read whole ({fault})",
            mend="`afterdebate rebuild` makes it anew",
            way="rebuild",
        )
    for left in sorted(home.glob(f"{WAREHOUSE}.tmp*")):
        yield Finding(
            subject=_in(home, left),
            fault="was left by a build that was ended; it may hold people",
            mend="`afterdebate rebuild` removes it",
            way="rebuild",
        )


def _published(home: Path) -> Iterator[Finding]:
    for name, fault in publication_faults(home):
        is_ours = fault != "was not published by us"
        yield Finding(
            subject=f"published/{name}",
            fault=fault,
            mend="`afterdebate build` publishes it anew"
            if is_ours
            else "move it away: an analyst would take it for ours",
            way="build" if is_ours else "hand",
        )
    if is_of_another_version(home):
        yield Finding(
            subject="published",
            fault="was made by another version of afterdebate",
            mend="`afterdebate build` makes every table anew",
            way="build",
        )


def _all_in(home: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(home):
        yield from (Path(folder, name) for name in sorted([*folders, *files]))


def _some(home: Path, paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(_in(home, path) for path in paths[:_NAMED]) + more


def _in(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix() if path != home else str(home)
