"""`afterdebate effects --power`: what could be seen on one's own series, before any event is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.collected import Tell
from flows.effects_csv.answer import place_all
from flows.effects_csv.events import EventRow, read_events
from flows.effects_csv.inputs import read_series
from flows.effects_csv.panels import FilePanel, build_panels
from warehouse.effects.estimate.self_test import null_effects
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, SHORTEST_ON_DAYS, Spec

_MOST_DAYS = 25  # a series, hour and window length


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Of one series, hour and horizon: what a window from that hour on holds, and the least ratio that shows."""

    case_id: str
    candidate_id: str
    hour: int | None  # None: day rows
    horizon_minutes: int
    expected: float  # in what the file counts
    least_ratio: float | None  # None: most windows get no estimate


def power(series_path: Path, events_path: Path, spec: Spec, tell: Tell) -> list[Visible]:
    """What could be seen on each series, at the hours at which its case has events.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
    """
    file, events = read_series(series_path), read_events(events_path)
    found: list[Visible] = []
    for case_id in file.cases:
        own = [event for event in events.get(case_id, []) if event.is_placed]
        placed, _ = place_all(case_id, file, own)
        tell(case_id)
        for panel in build_panels(list(placed.values()), own, [event.minute for event in own]).values():
            found += _of_panel(case_id, panel, own, spec)
    return found


def power_lines(found: list[Visible], spec: Spec) -> Iterator[str]:
    """One sentence a series, hour and horizon."""
    for one in found:
        hours = one.horizon_minutes // MINUTES_AN_HOUR
        at = f"{hours} h" if one.hour is None else f"{hours} h from {one.hour:02d}:00"
        head = f"{one.case_id} {one.candidate_id}, {at}: {one.expected:.3g} expected; "
        if one.least_ratio is None:
            yield f"{head}nothing can be estimated"
        else:
            times = f"under {one.least_ratio:.2g} times the usual"
            yield f"{head}an effect {times} would be missed more than {1 - spec.power:.0%} of the time"


def _of_panel(case_id: str, panel: FilePanel, events: list[EventRow], spec: Spec) -> Iterator[Visible]:
    grid = panel.grid
    # An event of which only the day is known, a vote say, has no hour from which a window could be counted.
    starts = [panel.start_row(event) for event in events if grid.is_daily or event.starts_at is not None]
    hours = sorted({int(grid.hour[row]) for row in starts if 0 <= row < grid.rows})
    if not hours:
        return
    study = Study(panel.fit(panel.events, spec))
    for series, name in enumerate(panel.names):
        for hour in (0,) if grid.is_daily else hours:
            for horizon in _horizons(grid.interval_minutes, spec):
                effects = null_effects(study, series, hour, horizon // grid.interval_minutes, _MOST_DAYS)
                known = [one.estimate for one in effects if one.estimate is not None]
                is_usual = 2 * len(known) > len(effects)  # most windows get an estimate
                unit = panel.units[series]
                yield Visible(
                    case_id=case_id,
                    candidate_id=name,
                    hour=None if grid.is_daily else hour,
                    horizon_minutes=horizon,
                    expected=_usual(study, series, hour, horizon // grid.interval_minutes) * unit,
                    least_ratio=float(np.median([one.evidence.mde80 for one in known])) if is_usual else None,
                )


def _usual(study: Study, series: int, hour: int, rows: int) -> float:
    """What so many rows from that hour on usually hold; 0 where the season is shorter."""
    grid = study.panel.grid
    running = np.concatenate([[0.0], np.cumsum(study.panel.expected[series])])
    starts = np.flatnonzero(grid.hour == hour)
    starts = starts[starts + rows <= grid.rows]
    return float(np.median(running[starts + rows] - running[starts])) if len(starts) else 0.0


def _horizons(interval: int, spec: Spec) -> list[int]:
    least = SHORTEST_ON_DAYS if interval == MINUTES_A_DAY else MINUTES_AN_HOUR
    return [horizon for horizon in spec.horizons if horizon % interval == 0 and horizon >= least]
