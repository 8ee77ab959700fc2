"""Rows of `poll_change`: support before and after each event of a campaign that has polls.

A campaign's rows are made again where polls, events, analysis or code differ from what they rest on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.effects.polls.change import Change, measure_change
from warehouse.effects.polls.quiet import Judged, judge, quiet_changes
from warehouse.effects.polls.verdicts import poll_verdict, pool_changes
from warehouse.effects.polls.windows import Polls
from warehouse.effects.spec import Spec
from warehouse.estimates.campaigns import TouchedCampaign, touched_campaigns
from warehouse.estimates.event_effects import event_flags
from warehouse.estimates.inputs_hash import is_due
from warehouse.estimates.spec_versions import spec_changed_at
from warehouse.series.events import CampaignEvent
from warehouse.series.polls import read_polls
from warehouse.series.read import read_events
from warehouse.tables.filling import Row, fill_table

POLL_CHANGE = "metrics.poll_change"
_FEWEST_TO_POOL = 2
_NO_EVENT_FOR_VOTERS = "deadline"  # of filing money: nobody votes by it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    event: CampaignEvent
    days: tuple[int, int]  # first and last, as ordinals
    change: Change
    judged: Judged | None
    n_placebo: int
    flags: tuple[str, ...]


def measure_polls(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill `poll_change` of the campaigns that were touched; returns the tables that changed."""
    changed: set[str] = set()
    for campaign in touched_campaigns(con):
        polls = read_polls(con, campaign.campaign_id)
        events = [
            event
            for event in read_events(con, campaign.campaign_id, campaign.zone)
            if event.event_kind != _NO_EVENT_FOR_VOTERS
        ]
        changed_at = spec_changed_at(con, campaign.campaign_id)
        inputs = (sorted(polls.items()), events, campaign.spec, changed_at)
        if is_due(con, "staging.poll_inputs", campaign.campaign_id, inputs if polls else None):
            tell(f"measuring the polls of {campaign.campaign_id}")
            rows = (row for name, own in polls.items() for row in _rows(name, own, events, changed_at, campaign))
            fill_table(con, POLL_CHANGE, rows, [campaign.campaign_id])
            changed.add(POLL_CHANGE)
    return changed


def _rows(
    name: str, polls: Polls, events: Sequence[CampaignEvent], changed_at: datetime | None, campaign: TouchedCampaign
) -> Iterator[Row]:
    spec = campaign.spec
    measured = list(_measured(polls, events, changed_at, spec))
    by_kind: dict[str, list[_Measured]] = defaultdict(list)
    for one in measured:
        if one.event.is_held:
            by_kind[one.event.event_kind].append(one)
        yield _row(campaign.campaign_id, name, one, spec)
    for kind, own in by_kind.items():
        if len(own) >= _FEWEST_TO_POOL:
            yield _pooled_row(campaign.campaign_id, name, kind, own, spec)


def _measured(
    polls: Polls, events: Sequence[CampaignEvent], changed_at: datetime | None, spec: Spec
) -> Iterator[_Measured]:
    days = {event.event_id: _days_of(event) for event in events}
    held = [event for event in events if event.is_held]
    quiet = quiet_changes(polls, [days[event.event_id] for event in held], spec)
    for event in events:
        first, last = days[event.event_id]
        near = [
            f"coincident={other.event_id}"
            for other in held
            if other.event_id != event.event_id and _are_near(days[other.event_id], (first, last), spec.poll_days)
        ]
        change = measure_change(polls, first, last, spec)
        flags = (*near, *(["drift_unknown"] if quiet.drift2 is None else []), *event_flags(event, changed_at))
        yield _Measured(
            event=event,
            days=(first, last),
            change=change,
            judged=judge(change, quiet, spec),
            n_placebo=len(quiet.changes),
            flags=flags,
        )


def _days_of(event: CampaignEvent) -> tuple[int, int]:
    """First and last local day; what ends in the small hours ended on the day before."""
    first = event.starts_on.toordinal()
    if event.ends_at is None:
        return first, first
    whole_days = int((event.ends_at - event.start_at).total_seconds() // 86_400)
    return first, first + whole_days


def _are_near(one: tuple[int, int], other: tuple[int, int], days: int) -> bool:
    return one[0] <= other[1] + days and one[1] >= other[0] - days


def _row(campaign_id: str, name: str, one: _Measured, spec: Spec) -> Row:
    has_polls = bool(one.change.n_before or one.change.n_after)
    return {
        "campaign_id": campaign_id,
        "candidate_id": name,
        "event_id": one.event.event_id,
        "event_kind": one.event.event_kind,
        "n_events": 1,
        "n_before": one.change.n_before,
        "n_after": one.change.n_after,
        "share_before": one.change.share_before,
        "share_after": one.change.share_after,
        **_numbers(one.judged, spec),
        "n_placebo": one.n_placebo,
        "coverage": None,
        "status": "ok" if one.judged else "insufficient_sample" if has_polls else "no_data",
        "flags": list(one.flags),
    }


def _pooled_row(campaign_id: str, name: str, kind: str, own: Sequence[_Measured], spec: Spec) -> Row:
    known = [one for one in own if one.judged]
    apart: list[_Measured] = []
    for one in known:
        if not any(_are_near(one.days, other.days, 2 * spec.poll_days) for other in apart):
            apart.append(one)
    pooled = pool_changes([one.judged for one in apart if one.judged], spec) if len(apart) >= _FEWEST_TO_POOL else None
    shares = [(one.change.share_before, one.change.share_after) for one in apart if one.judged]
    before, after = zip(*shares, strict=True) if pooled else ((), ())
    status = "ok" if pooled else "confounded_event" if len(known) >= _FEWEST_TO_POOL else "insufficient_sample"
    flags = ["some_not_estimated"] if pooled and len(apart) < len(own) else []
    return {
        "campaign_id": campaign_id,
        "candidate_id": name,
        "event_id": "ALL",
        "event_kind": kind,
        "n_events": len(apart) if pooled else 0,
        "n_before": sum(one.change.n_before for one in apart),
        "n_after": sum(one.change.n_after for one in apart),
        "share_before": _mean(before),
        "share_after": _mean(after),
        **_numbers(pooled, spec),
        "n_placebo": own[0].n_placebo,
        "coverage": None,
        "status": status,
        "flags": sorted(
            {*flags, *(flag for one in apart for flag in one.flags if flag in ("drift_unknown", "exploratory"))}
        ),
    }


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _numbers(judged: Judged | None, spec: Spec) -> dict[str, object]:
    return {
        "change": judged and judged.change,
        "ci_low": judged and judged.low,
        "ci_high": judged and judged.high,
        "p": judged and judged.p,
        "p_placebo": judged and judged.p_placebo,
        "verdict": poll_verdict(judged, spec),
    }
