"""Why two publications differ: each changed number with its causes, or `cannot tell`."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from flows.build import build_as_of_once
from flows.collected import Tell
from flows.faults import UsageFault
from warehouse.landing.between import ALL_CAMPAIGNS, ANY, BUZZ, MONEY, causes_between
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.publish.comparing import Change, NotComparable, Published, both_open, changes, run_of
from warehouse.publish.manifest import DATABASE
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import BadQuery, NothingPublished, query_published

CANNOT_TELL = "cannot tell"
_RUNS = "SELECT run_id, built_at FROM metrics.runs ORDER BY built_at DESC, run_id DESC"
_MOVED = {"buzz": (BUZZ,), "share": (BUZZ,), "own": (BUZZ,), "donation": (MONEY,), "debate_donation": (MONEY,),
          "debate_buzz": (BUZZ,)}  # fmt: skip


class Difference(NamedTuple):
    """Two builds and what differs between them."""

    before: Published
    after: Published
    changes: list[tuple[Change, str]]  # each with its cause, or the causes it may be


def find_difference(home: Path, before: str | None, after: str | None, *, now: datetime, tell: Tell) -> Difference:
    """What differs between two runs, folders or files; where none is named, between the last two runs.

    A run whose tables are no longer published is built again as of the time of that run, by this version.

    Raises:
        UsageFault: one of them is not known, or there is nothing to compare.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="afterdebate-diff-")))
        named = _named(home, before, after)
        files = [_file_of(home, name, scratch / str(n), now, tell) for n, name in enumerate(named)]
        try:
            con = stack.enter_context(both_open(*files))
            old, new = run_of(con, "before"), run_of(con, "after")
            landed = causes_between(home, old.built_at, new.built_at) if (home / "landing").is_dir() else {}
            found = [(change, cause_of(change, old, new, landed)) for change in changes(con)]
        except (NotComparable, LandedUnreadable) as error:
            raise UsageFault(str(error)) from error
    return Difference(old, new, found)


def cause_of(change: Change, before: Published, after: Published, landed: dict[tuple[str, str], set[str]]) -> str:
    """The cause of a change; several, joined by `or`, where each could have done it."""
    found = {
        "another version": before.version != after.version,
        "another [spec]": before.spec_hash != after.spec_hash,
        "campaign edited": before.campaign_hash != after.campaign_hash,
    }
    causes = {name for name, is_so in found.items() if is_so}
    for moved in (*_moved_by(change.table), ANY):
        for campaign_id in (change.campaign_id, ALL_CAMPAIGNS):
            causes |= landed.get((campaign_id, moved), set())
    # What was asked since shows in coverage alone, unless nothing else explains the number.
    asked = "what was asked since"
    if len(causes) > 1 and change.table != "coverage":
        causes.discard(asked)
    return " or ".join(sorted(causes)) or CANNOT_TELL


def _moved_by(table: str) -> tuple[str, ...]:
    by_length = sorted(_MOVED, key=len, reverse=True)
    return next((_MOVED[start] for start in by_length if table.startswith(start)), (MONEY, BUZZ))


def _named(home: Path, before: str | None, after: str | None) -> tuple[str, str]:
    if before is not None and after is not None:
        return before, after
    if before is not None:
        raise UsageFault("one run says nothing to compare it with. Mend: name two, or none for the last two")
    runs = [run_id for run_id, _ in _runs(home)]
    if len(runs) < 2:  # noqa: PLR2004 - a pair
        raise UsageFault(f"{home}: fewer than two builds are known. Mend: name two published folders")
    return runs[1], runs[0]


def _runs(home: Path) -> Iterator[tuple[str, datetime]]:
    try:
        rows = query_published(home, _RUNS).rows
    except (NothingPublished, BadQuery) as error:
        raise UsageFault(str(error)) from error
    for run_id, built_at in rows:
        assert isinstance(built_at, datetime)  # noqa: S101 - as the table says
        yield str(run_id), built_at.astimezone(UTC)


def _file_of(home: Path, name: str, scratch: Path, now: datetime, tell: Tell) -> Path:
    path = Path(name)
    for file in (path, path / DATABASE, published_file(path)):
        if file.is_file():
            return file
    runs = dict(_runs(home))
    if name not in runs:
        raise UsageFault(f"{name}: neither a run of {home} nor a published folder. Mend: `afterdebate sql 'FROM runs'`")
    if name == next(iter(runs)):
        return published_file(home)
    tell(f"{name} is published no more; it is built again as of {runs[name]:%Y-%m-%d %H:%M:%S} UTC")
    return build_as_of_once(home, runs[name], scratch, now=now, tell=tell).published
