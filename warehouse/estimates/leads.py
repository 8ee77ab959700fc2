"""Whether the buzz of one source comes before the money, or the buzz, of another."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.describe.lead_lag import LeadLag, find_lead, log_residuals
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec
from warehouse.series.events import EVERYONE
from warehouse.series.panel import SAMPLED
from warehouse.series.source import SourcePanel
from warehouse.series.study import SourceStudy
from warehouse.tables.filling import Row

Grained = dict[int, SourceStudy]  # by length of rows


def lead_rows(buzz: Sequence[SourceStudy], gifts: Sequence[SourceStudy], zone: ZoneInfo, spec: Spec) -> Iterator[Row]:
    """Each candidate's buzz against his own gifts, or those of the whole platform; by hours and by local days."""
    # Rows of days are made once for each source, however many it is compared with.
    for talk, money in product([_by_grain(one, zone) for one in buzz], [_by_grain(one, zone) for one in gifts]):
        for minutes in (MINUTES_AN_HOUR, MINUTES_A_DAY):
            if minutes in talk and minutes in money:
                yield from _compared(talk[minutes], money[minutes], spec)


def lead_between(leader: SourceStudy, follower: SourceStudy, zone: ZoneInfo, spec: Spec) -> Iterator[LeadLag]:
    """For each candidate of both, whether his buzz in one source comes before that in the other, by local days."""
    talk, echo = _by_grain(leader, zone)[MINUTES_A_DAY], _by_grain(follower, zone)[MINUTES_A_DAY]
    for name in talk.names:
        found = _lead(talk, name, echo, name, spec) if name in echo.names else None
        if found is not None:
            yield found


def _by_grain(source: SourceStudy, zone: ZoneInfo) -> Grained:
    """The longest unbroken part of a source's rows, and the same by local days."""
    panels = [panel for panel in source.panels if panel.anchor_minutes == 0]
    longest = max(panels, key=lambda panel: panel.grid.rows)
    days = longest if longest.grid.is_daily else longest.in_days(zone)
    return {
        panel.key.interval_minutes: SourceStudy([panel], source.events, source.spec, source.fits)
        for panel in (longest, days)
    }


def _compared(talk: SourceStudy, money: SourceStudy, spec: Spec) -> Iterator[Row]:
    for name in talk.names:
        receiver = name if name in money.names else EVERYONE
        whose = money.panels[0].whose
        if receiver == EVERYONE and whose and name not in whose:
            continue
        found = _lead(talk, name, money, receiver, spec) if receiver in money.names else None
        if found is None:
            continue
        flags = ["synthetic"] if talk.panels[0].is_synthetic or money.panels[0].is_synthetic else []
        flags += [SAMPLED] if talk.panels[0].is_sampled else []
        coverages = [source.panels[0].share_known(who) for source, who in ((talk, name), (money, receiver))]
        known = [share for share in coverages if share is not None]
        yield {
            "candidate_id": name,
            "source_kind": talk.key.source_kind,
            "source_id": money.key.source_id,
            "coverage": min(known) if len(known) == len(coverages) else None,
            "flags": flags,
            **asdict(found),
        }


def _lead(talk: SourceStudy, name: str, money: SourceStudy, receiver: str, spec: Spec) -> LeadLag | None:
    """What the rows that both have say; None where they share none."""
    one, other = talk.panels[0], money.panels[0]
    starts, here, there = np.intersect1d(one.starts, other.starts, return_indices=True)
    if not len(starts):
        return None
    (buzz, quiet), (gifts, still) = _residuals(talk, one, name), _residuals(money, other, receiver)
    clean = quiet[here] & still[there]
    return find_lead(buzz[here], gifts[there], clean, interval_minutes=one.key.interval_minutes, spec=spec)


def _residuals(source: SourceStudy, panel: SourcePanel, name: str) -> tuple[Floats, Bools]:
    return log_residuals(source.study(panel).panel, panel.names.index(name))
