"""What the published effect rows of a campaign rest on: the series, events and questions of the estimator."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from warehouse.effects.spec import Spec, spec_with
from warehouse.series.events import CampaignEvent
from warehouse.series.read import read_events, read_panels
from warehouse.series.source import SourcePanel
from warehouse.series.study import SourceStudy, not_asked
from warehouse.store import open_to_read

Question = tuple[str, str, int]  # candidate, event, horizon in minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInput:
    """One panel and the questions that were answered on it."""

    panel: SourcePanel
    asks: list[Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectInputs:
    """All that the effect rows of one campaign are computed from."""

    zone: ZoneInfo
    overrides: dict[str, Any]  # of the pre-specified analysis
    events: list[CampaignEvent]
    cases: list[CaseInput]


def read_inputs(home: Path, campaign_id: str) -> EffectInputs | None:
    """The inputs of the last build; None where it built nothing of the campaign.

    Raises:
        StoreBusy: a build is writing.
    """
    file = home / "warehouse.duckdb"
    if not file.is_file():
        return None
    with open_to_read(file) as con:
        try:
            found = con.execute(
                "SELECT timezone, spec FROM staging.campaigns WHERE campaign_id = ?", [campaign_id]
            ).fetchone()
        except duckdb.CatalogException:
            return None
        if found is None:
            return None
        zone, overrides = ZoneInfo(found[0]), json.loads(found[1])
        events = read_events(con, campaign_id, zone)
        spec = spec_with(overrides)
        cases = [
            case
            for panels in read_panels(con, campaign_id, zone)
            for case in _cases(SourceStudy(panels, events, spec), spec)
        ]
    return EffectInputs(zone=zone, overrides=overrides, events=events, cases=cases)


def _cases(source: SourceStudy, spec: Spec) -> list[CaseInput]:
    """One case a panel on which anything is asked; what may not be estimated is not handed out as a question."""
    asks: dict[int, list[Question]] = {}
    for name in source.names:
        for event in source.events:
            panel = source.panel_of(name, event)
            if panel is None or event.is_deadline or not source.is_about(event, name):
                continue
            for horizon in spec.asked_minutes(source.key.interval_minutes):
                refusal = not_asked(source.key, event, horizon)
                if refusal is None or (refusal != "not_permitted" and horizon > 0):
                    asks.setdefault(id(panel), []).append((name, event.event_id, horizon))
    return [CaseInput(panel=panel, asks=asks[id(panel)]) for panel in source.panels if id(panel) in asks]
