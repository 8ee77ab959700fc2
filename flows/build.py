"""Build: texts kept too long are reduced to the names in them; then load, build the models, check, publish."""

import secrets
from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from connectors.records import CampaignFacts, Erasure, Post
from flows.builds_noted import build_noted, is_waiting, landed_now
from flows.clock import RunClock
from flows.collected import Tell, say_nothing
from flows.faults import UsageFault
from flows.only_one import only_one
from flows.people.entry_authors import sign_landed_entries
from flows.state import set_aside_unreadable
from flows.troubles import note_troubles, troubles_known
from warehouse.build.as_of import TargetInUse, build_as_of
from warehouse.build.run import Built, build
from warehouse.landing.erasing import builder_kept_out, erasure_ended, is_unfinished
from warehouse.landing.expiring import expired_files, has_whole_texts, reduce_expired
from warehouse.landing.files import land, landed_files, read_landed
from warehouse.landing.known_by import NothingKnown
from warehouse.landing.reducing import open_reducer
from warehouse.landing.unreadable import LandedUnreadable, broken_files
from warehouse.publish.publishing import published_file


def build_what_waits(home: Path, clock: Callable[[], datetime], *, tell: Tell = say_nothing) -> Built | None:
    """Build where something landed, or changed, since the last build; None where nothing waits, or another call does.

    However many call it at once, one builds and one waits: the one that waits takes all that landed meanwhile.

    Raises:
        StoreBusy, ChecksFailed: as `build_warehouse_once`. What failed is tried again in a quarter of an hour, or when
            something else lands.
    """
    with ExitStack() as first_in_line:
        if not first_in_line.enter_context(only_one(home, "build-waits")):
            tell("another build waits already, and takes what landed")
            return None
        with only_one(home, "build", waits=True):
            first_in_line.close()
            now = clock()
            if not is_waiting(home, landed_now(home), now):
                return None
            return _build_alone(home, now, clock, tell)


def build_warehouse_once(home: Path, now: datetime, *, tell: Tell = say_nothing) -> Built:
    """Bring the published tables of a home up to date, without what may not be kept; a second call changes nothing.

    Where another build is at work, this one waits for its end.

    Raises:
        StoreBusy: another program has the warehouse open.
        ChecksFailed: a table would hold what must never be; nothing was kept.
    """
    with only_one(home, "build", waits=True):
        return _build_alone(home, now, RunClock(now=now).instant, tell)


def _build_alone(home: Path, now: datetime, clock: Callable[[], datetime], tell: Tell) -> Built:
    set_aside_unreadable(home)
    try:
        sign_landed_entries(home, tell)
    except LandedUnreadable as error:  # a torn file may hold a name as well; the next build looks again
        tell(f"warning: names of authors were not looked for: {error}")
    try:
        reduce_expired_texts(home, now, tell=tell)
    except LandedUnreadable as error:  # without every name on the roster a text would lose some
        tell(f"warning: texts were not looked at for their age: {error}")
    with build_noted(home, now, clock) as seconds:
        built = build(home, now, version("afterdebate"), tell)
        seconds.update(built.seconds)
    files = {str(path.relative_to(home)): reason for path, reason in built.unreadable.items()}
    note_troubles(home, "landed file", files, now)
    return built


def build_as_of_once(home: Path, as_of: datetime, into: Path, *, now: datetime, tell: Tell = say_nothing) -> Built:
    """Publish into a folder what the tables would have said at an instant; nothing of the home is written.

    Raises:
        UsageFault: nothing had landed by then, the instant is still to come, or the folder is in use.
        StoreBusy: something is being erased.
        ChecksFailed: a table would hold what must never be; nothing was published.
    """
    if as_of > now:
        raise UsageFault(f"{as_of:%Y-%m-%dT%H:%M:%SZ} is still to come. Mend: name an instant that has passed")
    try:
        return build_as_of(home, as_of, into, version("afterdebate"), tell)
    except (NothingKnown, TargetInUse, LandedUnreadable) as error:
        raise UsageFault(str(error)) from error


def reduce_expired_texts(home: Path, now: datetime, *, tell: Tell = say_nothing) -> int:
    """Reduce every text that is too old, and forget the warehouse where there was one; returns how many.

    Raises:
        StoreBusy: a build is running; nothing was changed.
        LandedUnreadable: how long texts are kept, or who is on a roster, cannot be read; nothing was changed.
    """
    landed = sorted(read_landed(home, CampaignFacts.TABLE), key=lambda row: row["landed_at"])
    before = {row["campaign_id"]: now - timedelta(days=row.get("retention_days") or 30) for row in landed}
    files = expired_files(home, before, left_out=_broken(home))
    if not files and not is_unfinished(home):
        return 0
    with open_reducer(home) as reduce:
        files = [path for path in files if has_whole_texts(path, before, reduce)]
        if not files and not is_unfinished(home):
            return 0
        tell("texts that are too old are reduced to the names in them; everything is built anew")
        with builder_kept_out(home):
            done = reduce_expired(files, before, reduce)
    erasure_ended(home)
    if done.rows:
        log = Erasure(
            erasure_id=secrets.token_hex(12),
            what="retention",
            reason=None,
            asked_at=now,
            erased_at=now,
            hours_elapsed=0,
            rows_changed=done.rows,
            files_rewritten=done.files,
            subject_hash=None,
        )
        land(home, [log])
    return done.rows


def _broken(home: Path) -> Collection[Path]:
    """The files of posts that cannot be read, of those that no build has read and those that the last one could not."""
    published = published_file(home)
    built_s = published.stat().st_mtime if published.is_file() else 0.0
    told = {home / trouble.subject for trouble in troubles_known(home)}
    return broken_files(
        path for path in landed_files(home, Post.TABLE) if path in told or path.stat().st_mtime > built_s
    )
