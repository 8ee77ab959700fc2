"""Tables that describe rather than test: decay, timing, leads, own voice, makers, territories.

Each touched campaign is described again where anything differs from what its rows rest on.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from warehouse.effects.describe.decay import HORIZON_HOURS, Decay, measure_decay
from warehouse.effects.describe.timing import Timing, measure_timing
from warehouse.effects.estimate.paths import Path
from warehouse.effects.spec import Spec
from warehouse.estimates.campaigns import TouchedCampaign
from warehouse.estimates.divides import divide_rows, read_territories
from warehouse.estimates.event_effects import event_flags
from warehouse.estimates.inputs_hash import is_description_due
from warehouse.estimates.leads import lead_rows
from warehouse.estimates.own_hands import hand_rows, read_hands
from warehouse.estimates.scorecards import read_channels, scorecard_rows
from warehouse.estimates.shares import share_rows
from warehouse.estimates.spec_versions import spec_changed_at
from warehouse.estimates.voices import makers_rows, read_voices, voice_rows
from warehouse.series.events import CampaignEvent
from warehouse.series.fits import Fits
from warehouse.series.panel import SAMPLED
from warehouse.series.read import read_events, read_gifts, read_kinds
from warehouse.series.source import SourcePanel
from warehouse.series.study import SourceStudy
from warehouse.tables.filling import Row, fill_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One campaign with all that its descriptive rows rest on."""

    campaign_id: str
    zone: ZoneInfo
    spec: Spec
    roster: frozenset[str]
    events: list[CampaignEvent]
    spec_changed_at: datetime | None
    buzz: list[SourceStudy]
    gifts: list[SourceStudy]


def describe(
    con: duckdb.DuckDBPyConnection, campaign: TouchedCampaign, fits: Fits, tell: Callable[[str], None]
) -> set[str]:
    """Fill a campaign's descriptive tables from staging; returns those that changed. `fits`: what was fitted of it."""
    one = _read(con, campaign, fits)
    if not is_description_due(con, one.campaign_id, _inputs(con, one)):
        return set()
    tell(f"describing {one.campaign_id}")
    tables = _tables(con, one)
    for table, rows in tables.items():
        fill_table(con, table, ({"campaign_id": one.campaign_id, **row} for row in rows), [one.campaign_id])
    return set(tables)


def _inputs(con: duckdb.DuckDBPyConnection, one: Described) -> tuple[object, ...]:
    """All that the rows rest on: the panels, and of posts what voices and makers read."""
    panels = [source.panels for source in (*one.buzz, *one.gifts)]
    posts = read_voices(con, one.campaign_id), read_hands(con, one.campaign_id, one.spec)
    declared = read_territories(con, one.campaign_id), read_channels(con, one.campaign_id)
    return panels, one.roster, one.events, one.spec, one.spec_changed_at, posts, declared


def _tables(con: duckdb.DuckDBPyConnection, one: Described) -> dict[str, Iterator[Row]]:
    return {
        "metrics.buzz_decay": (row for source in one.buzz for row in _decays(source, one)),
        "metrics.donation_timing": (row for source in one.gifts for row in _timings(source, one)),
        "metrics.buzz_donation_lead_lag": lead_rows(one.buzz, one.gifts, one.zone, one.spec),
        "metrics.channel_scorecard": scorecard_rows(con, one.campaign_id, one.spec),
        "metrics.own_hand": hand_rows(con, one.campaign_id, one.spec),
        "metrics.own_voice": voice_rows(con, one.campaign_id, one.events, one.spec),
        "metrics.buzz_makers": makers_rows(con, one.campaign_id, one.buzz, one.events, one.spec),
        "metrics.territory_divide": divide_rows(con, one.campaign_id, one.spec),
        "staging.share_evidence": share_rows(one.buzz, one.roster, one.spec, one.spec_changed_at),
    }


def _read(con: duckdb.DuckDBPyConnection, campaign: TouchedCampaign, fits: Fits) -> Described:
    campaign_id, zone, spec = campaign
    events = read_events(con, campaign_id, zone)
    roster = con.execute("SELECT candidate_id FROM staging.candidates WHERE campaign_id = ?", [campaign_id]).fetchall()
    return Described(
        campaign_id=campaign_id,
        zone=zone,
        spec=spec,
        roster=frozenset(candidate_id for (candidate_id,) in roster),
        events=events,
        spec_changed_at=spec_changed_at(con, campaign_id),
        buzz=[SourceStudy(panels, events, spec, fits) for panels in read_kinds(con, campaign_id, zone)],
        gifts=[SourceStudy(panels, events, spec, fits) for panels in read_gifts(con, campaign_id, zone, fits.panels)],
    )


def _decays(source: SourceStudy, one: Described) -> Iterator[Row]:
    for name, event, panel in _debates(source):
        path, status, coverage = source.path(panel, name, event, HORIZON_HOURS)
        decay = measure_decay(path, one.spec) if path else Decay()
        status = decay.status if path else status
        if decay.excess_total is not None:
            total = decay.excess_total * panel.unit(name)
            decay = replace(decay, excess_total=None if panel.is_sampled else total)
        yield {
            "candidate_id": name,
            "source_kind": source.key.source_kind,
            "event_id": event.event_id,
            **_only_where_ok(asdict(decay), status),
            "coverage": None if panel.is_sampled else coverage,
            "flags": [*_flags(panel, event, one), *_unseen(path), *decay.flags],
        }


def _timings(source: SourceStudy, one: Described) -> Iterator[Row]:
    for name, event, panel in _debates(source):
        path, status, coverage = source.path(panel, name, event, HORIZON_HOURS)
        timing = measure_timing(path, one.spec) if path else Timing()
        yield {
            "candidate_id": name,
            "source_id": source.key.source_id,
            "event_id": event.event_id,
            **_only_where_ok(asdict(timing), timing.status if path else status),
            "coverage": coverage,
            "flags": [*_flags(panel, event, one), *_unseen(path), *timing.flags],
        }


def _debates(source: SourceStudy) -> Iterator[tuple[str, CampaignEvent, SourcePanel]]:
    """Each held debate with each series of those who took part."""
    for name in source.names:
        for event in source.events:
            panel = source.panel_of(name, event)
            if panel is not None and event.kind == "debate" and source.is_about(event, name):
                yield name, event, panel


def _only_where_ok(columns: dict[str, object], status: str) -> Row:
    """The columns, with no number beside a status that says there is none."""
    numbers = {name: value if status == "ok" else None for name, value in columns.items()}
    return {**numbers, "status": status}


def _unseen(path: Path | None) -> list[str]:
    """How many hours are told by those beside them."""
    return [f"hours_unseen={path.unseen}"] if path is not None and path.unseen else []


def _flags(panel: SourcePanel, event: CampaignEvent, one: Described) -> list[str]:
    is_floored = event.starts_at is not None and panel.is_floored(event)
    raised = {"start_floored": is_floored, "synthetic": panel.is_synthetic, SAMPLED: panel.is_sampled}
    return [*(flag for flag, is_raised in raised.items() if is_raised), *event_flags(event, one.spec_changed_at)]
