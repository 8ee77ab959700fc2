"""Series and events of one case as panels: one grid for the series that share its rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from flows.effects_csv.events import EventRow
from flows.effects_csv.timeline import PlacedSeries, in_hours
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR
from warehouse.series.events import EVERYONE
from warehouse.series.panel import SeriesPanel, rows_from

PanelKey = tuple[int, int, str]  # interval of the rows as given, minute at which an hour starts, zone


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePanel(SeriesPanel):
    """Series of a file that share their rows, and the events of their case."""

    own_units: tuple[float, ...]  # as the whole series gives them, whatever its rows were added up to
    events: tuple[EventRow, ...]

    @property
    def units(self) -> tuple[float, ...]:
        """What one count of each series stands for."""
        return self.own_units


def panel_key(one: PlacedSeries, start_minute: int) -> PanelKey:
    """The panel in which an event that starts then is looked at: finer rows add up from the event's own minute."""
    phase = one.phase
    if one.interval_minutes not in (MINUTES_A_DAY, MINUTES_AN_HOUR):
        phase = (start_minute - (start_minute - phase) % one.interval_minutes) % MINUTES_AN_HOUR
    return one.interval_minutes, phase, one.zone.key


def build_panels(
    series: Sequence[PlacedSeries], events: Iterable[EventRow], start_minutes: Iterable[int]
) -> dict[PanelKey, FilePanel]:
    """Panels by key; rows finer than an hour are added up once for each minute at which an event starts."""
    groups: dict[PanelKey, list[PlacedSeries]] = defaultdict(list)
    starts = sorted(set(start_minutes))
    for one in series:
        if one.interval_minutes in (MINUTES_A_DAY, MINUTES_AN_HOUR):
            groups[panel_key(one, 0)].append(one)
            continue
        for key in sorted({panel_key(one, start) for start in starts}):
            groups[key].append(in_hours(one, key[1]))
    placed = tuple(event for event in events if event.is_placed)
    return {key: _panel(members, placed) for key, members in groups.items()}


def _panel(members: list[PlacedSeries], events: tuple[EventRow, ...]) -> FilePanel:
    members = sorted(members, key=lambda one: one.candidate_id)
    is_daily = members[0].interval_minutes == MINUTES_A_DAY
    first, last = min(int(one.at[0]) for one in members), max(int(one.at[-1]) for one in members)
    grid, starts = rows_from(first, last, members[0].zone, is_daily=is_daily)
    values, coverage = np.zeros((len(members), grid.rows)), np.zeros((len(members), grid.rows))
    for i, one in enumerate(members):
        row = (one.at - first) // (1 if is_daily else MINUTES_AN_HOUR)
        values[i, row], coverage[i, row] = one.values, one.coverage
    return FilePanel(
        grid=grid,
        names=tuple(one.candidate_id for one in members),
        values=values,
        coverage=coverage,
        starts=starts,
        whose=frozenset[str]().union(*(one.whose for one in members if one.candidate_id == EVERYONE)),
        gift_sizes=tuple(one.gift_size for one in members),
        own_units=tuple(one.unit for one in members),
        events=events,
    )
