"""Series and events of one case as panels: one grid for the series that share its rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from flows.effects_csv.events import EventRow
from flows.effects_csv.inputs import MINUTES_A_DAY, MINUTES_AN_HOUR
from flows.effects_csv.timeline import EPOCH, PlacedSeries, in_hours
from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.grid import Grid, day_grid, hour_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel
from warehouse.effects.estimate.observed import seen_in
from warehouse.effects.spec import Spec

PanelKey = tuple[int, int, str]  # interval of the rows as given, minute at which an hour starts, zone


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelInput:
    """What `fit_panel` takes, and how an event finds its row."""

    grid: Grid
    first: int  # `at` of the first row
    names: tuple[str, ...]
    whose: tuple[frozenset[str], ...]
    units: tuple[float, ...]  # what one count of each series stands for
    is_money: tuple[bool, ...]  # sums of which nobody tells how many gifts they are
    counts: Floats
    coverage: Floats
    events: tuple[EventRow, ...]

    def start_row(self, event: EventRow) -> int:
        """The row in which the event starts; may lie outside."""
        return self.start_minute(event) // self.grid.interval_minutes

    def start_minute(self, event: EventRow) -> int:
        """Minutes from the first row to the event's start."""
        if self.grid.is_daily:
            return (event.on.toordinal() - self.first) * MINUTES_A_DAY
        return minute_of(event) - self.first

    def seen(self, series: int, event: EventRow, rows: int) -> float | None:
        """What was counted in the rows from the event's start on; None where nobody looked."""
        if not rows or (not self.grid.is_daily and event.at is None):
            return None
        return seen_in(self.counts[series], self.coverage[series], self.start_row(event), rows).observed

    def _attends(self, event: EventRow) -> Bools:
        concerned = [event.concerns(*one) for one in zip(self.names, self.whose, strict=True)]
        return np.array(concerned, dtype=np.bool_)

    def fit(self, spec: Spec) -> Panel:
        """The fitted panel."""
        occasions = tuple(
            Occasion(
                event_id=event.event_id,
                kind=event.kind,
                start_row=self.start_row(event),
                attends=self._attends(event),
            )
            for event in self.events
            if event.kind != "deadline"
        )
        deadlines = [event.on.toordinal() for event in self.events if event.kind == "deadline"]
        return fit_panel(
            self.grid,
            self.counts,
            self.coverage,
            names=self.names,
            occasions=occasions,
            deadline_days=np.array(sorted(deadlines), dtype=np.int64),
            spec=spec,
            pieces=np.where(self.is_money, np.nan, 1.0),
        )


def minute_of(event: EventRow) -> int:
    """Minutes since 1970 of the event's start; its local midnight where only the day is known."""
    midnight = datetime(event.on.year, event.on.month, event.on.day, tzinfo=event.zone)
    return int(((event.at or midnight) - EPOCH) // timedelta(minutes=1))


def panel_key(one: PlacedSeries, start_minute: int) -> PanelKey:
    """The panel in which an event that starts then is looked at: finer rows add up from the event's own minute."""
    phase = one.phase
    if one.interval_minutes not in (MINUTES_A_DAY, MINUTES_AN_HOUR):
        phase = (start_minute - (start_minute - phase) % one.interval_minutes) % MINUTES_AN_HOUR
    return one.interval_minutes, phase, one.zone.key


def build_inputs(
    series: Sequence[PlacedSeries], events: Iterable[EventRow], start_minutes: Iterable[int]
) -> dict[PanelKey, PanelInput]:
    """Panel inputs by key; rows finer than an hour are added up once for each minute at which an event starts."""
    groups: dict[PanelKey, list[PlacedSeries]] = defaultdict(list)
    starts = sorted(set(start_minutes))
    for one in series:
        if one.interval_minutes in (MINUTES_A_DAY, MINUTES_AN_HOUR):
            groups[panel_key(one, 0)].append(one)
            continue
        for key in sorted({panel_key(one, start) for start in starts}):
            groups[key].append(in_hours(one, key[1]))
    placed = tuple(event for event in events if event.is_placed)
    return {key: _panel_input(members, placed) for key, members in groups.items()}


def _panel_input(members: list[PlacedSeries], events: tuple[EventRow, ...]) -> PanelInput:
    members = sorted(members, key=lambda one: one.candidate_id)
    step = 1 if members[0].interval_minutes == MINUTES_A_DAY else MINUTES_AN_HOUR
    first, last = min(int(one.at[0]) for one in members), max(int(one.at[-1]) for one in members)
    rows = (last - first) // step + 1
    counts, coverage = np.zeros((len(members), rows)), np.zeros((len(members), rows))
    for i, one in enumerate(members):
        row = (one.at - first) // step
        counts[i, row], coverage[i, row] = one.counts, one.coverage
    zone = members[0].zone
    grid = day_grid(first, rows) if step == 1 else hour_grid(EPOCH + timedelta(minutes=first), rows, zone)
    return PanelInput(
        grid=grid,
        first=first,
        names=tuple(one.candidate_id for one in members),
        whose=tuple(one.whose for one in members),
        units=tuple(one.unit for one in members),
        is_money=tuple("amount_as_count" in one.flags for one in members),
        counts=counts,
        coverage=coverage,
        events=events,
    )
