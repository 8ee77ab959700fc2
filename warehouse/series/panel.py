"""Series on one grid, and how events lie on it: all that a fit needs, whether the store or a file gave it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.baseline.grid import Grid, day_grid, hour_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel
from warehouse.effects.estimate.observed import Seen, seen_in
from warehouse.effects.spec import MINUTES_AN_HOUR, Spec
from warehouse.series.events import CampaignEvent
from warehouse.series.times import at_minute, midnight, minute_of

SAMPLED = "constant_sampling"  # a flag: ratios hold if the sample is a constant part of all; sums are its own
_MONEY_ROWS_TO = 1000.0  # the median row of money becomes this many counts


def money_unit(sums: Floats) -> float:
    """What one count of a series of money stands for, a part of its median row: the unit of money must not matter.

    Continuity terms of half a unit then vanish.
    """
    above = sums[sums > 0]
    return float(np.median(above)) / _MONEY_ROWS_TO if len(above) else 1.0


def rows_from(first: int, last: int, zone: ZoneInfo, *, is_daily: bool) -> tuple[Grid, Ints]:
    """The rows from the first to the last, and the minute since 1970 at which each starts.

    `first` and `last` are ordinals of local days, or the minutes since 1970 at which an hour starts.
    """
    rows = (last - first) // (1 if is_daily else MINUTES_AN_HOUR) + 1
    if not is_daily:
        return hour_grid(at_minute(first), rows, zone), first + MINUTES_AN_HOUR * np.arange(rows, dtype=np.int64)
    starts = [minute_of(midnight(date.fromordinal(first + row), zone)) for row in range(rows)]
    return day_grid(first, rows), np.array(starts, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPanel:
    """Series that share their rows."""

    grid: Grid
    names: tuple[str, ...]
    values: Floats  # series x rows, as counted
    coverage: Floats  # NaN unknown, 0 unseen
    starts: Ints  # of the rows: minutes since 1970, UTC
    whose: frozenset[str] = frozenset()  # candidates to whom the series of everyone belongs; empty: nobody says
    gift_sizes: tuple[float, ...] = ()  # of series of money: the mean gift, NaN unknown; 1 of counts; empty: all 1

    @property
    def units(self) -> tuple[float, ...]:
        """What one count of each series stands for."""
        return (1.0,) * len(self.names)

    def start_row(self, event: CampaignEvent) -> int:
        """The row in which the event starts; may lie outside."""
        if self.grid.is_daily:
            return event.starts_on.toordinal() - int(self.grid.day[0])
        return (event.minute - int(self.starts[0])) // MINUTES_AN_HOUR

    def is_floored(self, event: CampaignEvent) -> bool:
        """Whether the event starts within a row, so that the row before its start is in the window."""
        return not self.grid.is_daily and (event.minute - int(self.starts[0])) % MINUTES_AN_HOUR != 0

    def seen(self, name: str, event: CampaignEvent, rows: int) -> Seen:
        """What was counted in the window and its coverage; unknown where the rows are too coarse for the window."""
        if not rows or (not self.grid.is_daily and event.starts_at is None):
            return Seen(observed=None, coverage=None)
        i = self.names.index(name)
        return seen_in(self.values[i], self.coverage[i], self.start_row(event), rows)

    def fit(self, events: Sequence[CampaignEvent], spec: Spec) -> Panel:
        """The panel with its baselines; an event of which only the day is known guards its rows from midnight on."""
        units = np.array(self.units)
        deadlines = sorted(event.starts_on.toordinal() for event in events if event.is_deadline)
        return fit_panel(
            self.grid,
            self.values / units[:, None],
            self.coverage,
            names=self.names,
            occasions=tuple(
                Occasion(
                    event_id=event.event_id,
                    kind=event.kind,
                    start_row=self.start_row(event),
                    attends=np.array([event.concerns(name, self.whose) for name in self.names], dtype=np.bool_),
                )
                for event in events
                if not event.is_deadline
            ),
            deadline_days=np.array(deadlines, dtype=np.int64),
            spec=spec,
            pieces=np.array(self.gift_sizes) / units if self.gift_sizes else None,
        )
