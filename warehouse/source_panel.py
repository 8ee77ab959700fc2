"""The series of one source on one grid, and how the events of its campaign lie on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from warehouse.effects.grid import Grid
from warehouse.effects.panel import Occasion, Panel, fit_panel
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec

EVERYONE = "ALL"  # as a candidate: a series of a whole platform or party
CANCELLED = "cancelled"  # kind of an event that was not held: a control, never pooled with debates
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent:
    """One event as the estimator sees it."""

    event_id: str
    event_kind: str
    starts_on: date
    starts_at: datetime | None
    participants: frozenset[str]
    is_held: bool

    @property
    def kind(self) -> str:
        """Its kind among occasions: one that was cancelled is none of its kind."""
        return self.event_kind if self.is_held else CANCELLED

    def attends(self, names: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which of the series the event is about; all of them where it names nobody."""
        is_for_all = not self.participants or EVERYONE in self.participants
        return np.array([is_for_all or name == EVERYONE or name in self.participants for name in names], dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """What the series of one panel share."""

    outcome: str
    source_kind: str
    scope: str
    source_id: str
    precision: str
    interval_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePanel:
    """The series of one source on one grid."""

    key: SeriesKey
    grid: Grid
    names: tuple[str, ...]
    values: NDArray[np.float64]  # series x rows, in units
    coverage: NDArray[np.float64]  # NaN unknown, 0 unseen
    starts: NDArray[np.int64]  # of the rows: minutes since 1970, UTC
    unit: float  # what one count stands for
    is_synthetic: bool

    def start_row(self, event: CampaignEvent) -> int:
        """The row in which the event starts; may lie outside."""
        if self.grid.is_daily:
            return event.starts_on.toordinal() - int(self.grid.day[0])
        return (_minute(event) - int(self.starts[0])) // MINUTES_AN_HOUR

    def is_floored(self, event: CampaignEvent) -> bool:
        """Whether the event starts within a row, so that the row before its start is in the window."""
        return not self.grid.is_daily and (_minute(event) - int(self.starts[0])) % MINUTES_AN_HOUR != 0

    def start_at(self, row: int) -> datetime:
        """When a row starts, UTC; rows after the last one follow evenly."""
        beyond = max(row - (len(self.starts) - 1), 0) * self.key.interval_minutes
        return EPOCH + timedelta(minutes=int(self.starts[min(row, len(self.starts) - 1)]) + beyond)

    def window(self, event: CampaignEvent, horizon_minutes: int) -> tuple[datetime, datetime] | None:
        """Start and end of the event's window, UTC; None where its start is not known or before the first row."""
        if not self.grid.is_daily:
            start_at = event.starts_at
            return (start_at, start_at + timedelta(minutes=horizon_minutes)) if start_at else None
        row = self.start_row(event)
        return (self.start_at(row), self.start_at(row + horizon_minutes // MINUTES_A_DAY)) if row >= 0 else None

    def seen(self, series: int, event: CampaignEvent, horizon_minutes: int) -> tuple[float | None, float | None]:
        """What was counted in the window and its coverage; None where nobody looked, and where nobody knows."""
        if not self.grid.is_daily and event.starts_at is None:
            return None, None
        start, length = self.start_row(event), horizon_minutes // self.key.interval_minutes
        rows = slice(max(start, 0), max(start + length, 0))
        coverage = self.coverage[series, rows]
        if not (coverage != 0).any():
            return None, 0.0
        share = None if np.isnan(coverage).any() else float(coverage.sum()) / length
        return float(self.values[series, rows].sum()) * self.unit, share

    def fit(self, events: list[CampaignEvent], spec: Spec) -> Panel:
        """The panel with its baselines. Events without a time are left out of hour rows: nobody knows which hours."""
        timed = [event for event in events if self.grid.is_daily or event.starts_at is not None]
        deadlines = sorted(event.starts_on.toordinal() for event in events if event.event_kind == "deadline")
        return fit_panel(
            self.grid,
            self.values,
            self.coverage,
            names=self.names,
            occasions=tuple(
                Occasion(
                    event_id=event.event_id,
                    kind=event.kind,
                    start_row=self.start_row(event),
                    attends=event.attends(self.names),
                )
                for event in timed
                if event.event_kind != "deadline"
            ),
            deadline_days=np.array(deadlines, dtype=np.int64),
            spec=spec,
        )


def _minute(event: CampaignEvent) -> int:
    if event.starts_at is None:
        raise ValueError(f"{event.event_id}: only the day is known")
    return int((event.starts_at - EPOCH) // timedelta(minutes=1))
