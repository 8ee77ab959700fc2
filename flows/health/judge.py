"""Is a home well, degraded or broken? Each reason in words; pure."""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from flows.health.read import Health

_LONGEST_LAG_S = 3600
OF_ANOTHER_VERSION = "Published by another version. Mend: `afterdebate build` makes the tables of this one"


class Level(IntEnum):
    """How bad it is; also the exit code of `status --check`."""

    WELL = 0
    DEGRADED = 1
    BROKEN = 2


class Reason(NamedTuple):
    """One thing that is not well."""

    level: Level
    what: str


def reasons(health: Health) -> list[Reason]:
    """All that is not well, the worst first."""
    found = [*_of_builds(health), *_of_sources(health), *_of_money(health)]
    found += [Reason(Level.DEGRADED, f"{trouble.subject}: {trouble.reason}") for trouble in health.troubles]
    return sorted(found, key=lambda reason: -reason.level)


def level_of(found: list[Reason]) -> Level:
    """The worst of the reasons."""
    return max((reason.level for reason in found), default=Level.WELL)


def _of_builds(health: Health) -> Iterator[Reason]:
    if health.unreadable:
        yield Reason(Level.BROKEN, health.unreadable)
    if health.build and health.build.failure:
        at = f"{health.build.began_at:%Y-%m-%d %H:%M} UTC"
        yield Reason(Level.BROKEN, f"the build of {at} failed: {health.build.failure}. Mend: `afterdebate build`")
    if health.is_of_another_version:
        yield Reason(Level.DEGRADED, OF_ANOTHER_VERSION)
    elif health.run is None and not health.unreadable:
        yield Reason(Level.DEGRADED, "nothing is published. Mend: `afterdebate build`")
    elif health.lag_s > _LONGEST_LAG_S:
        waited = f"{health.lag_s / 3600:.0f} h"
        yield Reason(
            Level.DEGRADED, f"{health.waiting} landed files wait, the oldest for {waited}. Mend: `afterdebate build`"
        )


def _of_sources(health: Health) -> Iterator[Reason]:
    for source in health.sources:
        if source.campaign_id is None and health.run is not None:
            continue  # a feed that the campaign dropped
        if source.is_failing:
            words = f"{source.outcome} x {source.failures}: {source.reason or '?'}"
            yield Reason(Level.DEGRADED, f"{source.source_id}: {words}")
        elif source.is_set_aside_whole:
            words = f"not a row of its last file could be read; {source.set_aside} set aside: {source.set_aside_mostly}"
            yield Reason(Level.DEGRADED, f"{source.source_id}: {words}")
        elif source.is_silent:
            yield Reason(Level.DEGRADED, f"{source.source_id}: {source.reason}")


def _of_money(health: Health) -> Iterator[Reason]:
    for spent in health.spent:
        if spent.budget_usd is not None and spent.spent_usd >= spent.budget_usd:
            words = f"{spent.spent_usd:.2f} of {spent.budget_usd:.2f} USD for {spent.month}"
            yield Reason(Level.DEGRADED, f"{spent.campaign_id}: the budget on X is spent, {words}")
