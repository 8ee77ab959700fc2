"""`afterdebate effects --export`: the files from which `afterdebate effects` gives the published numbers again."""

import csv
import json
import shlex
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from connectors.campaign.folder import read_campaign
from flows.effects_csv.cells import UNKNOWN
from flows.effects_csv.inputs import ASK_COLUMNS
from flows.faults import UsageFault
from warehouse.series.events import EVERYONE, CampaignEvent
from warehouse.series.inputs import CaseInput, EffectInputs, read_inputs

_SERIES = (
    "case_id",
    "candidate_id",
    "start_local",
    "interval_minutes",
    "count",
    "amount",
    "coverage",
    "tz",
    "candidates",
    "mean_gift",
    "sampling",
)
_EVENTS = ("case_id", "event_id", "event_kind", "start_local", "tz", "participants")
Row = Iterable[object]


def export_effects(home: Path, campaign: Path, folder: Path) -> str:
    """Write series.csv, events.csv, asks.csv and, for a campaign with a spec of its own, spec.toml.

    Returns the command that gives the published numbers again.

    Raises:
        UsageFault: nothing was built of this campaign in this home.
        StoreBusy: a build is writing.
    """
    campaign_id = _id_of(campaign)
    inputs = read_inputs(home, campaign_id)
    if inputs is None:
        raise UsageFault(f"{home}: nothing was built of campaign {campaign_id}. Mend: name its --home, or build it")
    folder.mkdir(parents=True, exist_ok=True)
    series, events = export_inputs(inputs, folder)
    asked = folder / "asks.csv"
    _write(asked, ASK_COLUMNS, ((case.panel.case_id, *ask) for case in inputs.cases for ask in case.asks))
    spec = _write_spec(folder / "spec.toml", inputs)
    return shlex.join(["afterdebate", "effects", str(series), str(events), "--asks", str(asked), *spec])


def export_inputs(inputs: EffectInputs, folder: Path) -> tuple[Path, Path]:
    """Write series.csv and events.csv, and say where they are."""
    series, events = folder / "series.csv", folder / "events.csv"
    _write(series, _SERIES, (row for case in inputs.cases for row in _series_rows(case, inputs.zone)))
    _write(events, _EVENTS, (row for case in inputs.cases for row in _event_rows(case, inputs.events)))
    return series, events


def _id_of(campaign: Path) -> str:
    """A campaign is named by its folder, or by its id."""
    if (campaign / "campaign.toml").is_file():
        return read_campaign(campaign).id
    return campaign.name


def _series_rows(case: CaseInput, zone: ZoneInfo) -> Iterable[Row]:
    panel = case.panel
    for i, name in enumerate(panel.names):
        size = panel.gift_sizes[i] if panel.gift_sizes else np.nan
        for row in np.flatnonzero(panel.coverage[i] != 0):
            start = panel.start_at(int(row)).astimezone(zone)
            value, share = repr(float(panel.values[i, row])), float(panel.coverage[i, row])
            yield (
                panel.case_id,
                name,
                start.date().isoformat() if panel.grid.is_daily else start.isoformat(timespec="minutes"),
                panel.key.interval_minutes,
                "" if panel.key.outcome == "amount" else value,
                value if panel.key.outcome == "amount" else "",
                UNKNOWN if np.isnan(share) else repr(share),
                zone.key,
                "|".join(sorted(panel.whose)) if name == EVERYONE else "",
                "" if np.isnan(size) else repr(float(size)),
                "constant" if panel.is_sampled else "",
            )


def _event_rows(case: CaseInput, events: list[CampaignEvent]) -> Iterable[Row]:
    for event in events:
        start = event.starts_at.astimezone(event.zone).isoformat() if event.starts_at else event.starts_on.isoformat()
        names = "|".join(sorted(event.participants))
        yield case.panel.case_id, event.event_id, event.kind, start, event.zone.key, names


def _write_spec(path: Path, inputs: EffectInputs) -> list[str]:
    """The option that names the file; empty where the campaign overrides nothing."""
    if not inputs.overrides:
        path.unlink(missing_ok=True)
        return []
    # What JSON writes of numbers, words and lists of them is TOML as well.
    lines = [f"{key} = {json.dumps(value)}" for key, value in sorted(inputs.overrides.items())]
    path.write_text("\n".join(["[spec]", *lines, ""]), encoding="utf-8")
    return ["--spec", str(path)]


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
