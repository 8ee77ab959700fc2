"""The series of one source on one grid, and how the events of its campaign lie on it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from warehouse.effects.baseline.grid import Grid, day_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec
from warehouse.series.times import at_minute, midnight, minute_of

EVERYONE = "ALL"  # as a candidate: a series of a whole platform or party
CANCELLED = "cancelled"  # kind of an event that was not held: a control, never pooled with debates
_MONEY_ROWS_TO = 1000.0  # the median row of money becomes this many counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent:
    """One event as the estimator sees it."""

    event_id: str
    event_kind: str
    starts_on: date
    starts_at: datetime | None
    ends_at: datetime | None = None
    zone: ZoneInfo
    participants: frozenset[str]
    is_held: bool

    @property
    def kind(self) -> str:
        """Its kind among occasions: one that was cancelled is none of its kind."""
        return self.event_kind if self.is_held else CANCELLED

    @property
    def start_at(self) -> datetime:
        """Its start; its local midnight where only the day is known."""
        return self.starts_at or midnight(self.starts_on, self.zone)

    @property
    def minute(self) -> int:
        """Minutes since 1970 of its start."""
        return minute_of(self.start_at)

    def attends(self, names: tuple[str, ...], whose: frozenset[str] = frozenset()) -> NDArray[np.bool_]:
        """Which of the series the event is about; all of them where it names nobody.

        `whose` are those whom the series of everyone belongs to; none given: every event reaches it.
        """
        is_for_all = not self.participants or EVERYONE in self.participants
        reaches_all = is_for_all or not whose or not self.participants.isdisjoint(whose)
        about = [reaches_all if name == EVERYONE else is_for_all or name in self.participants for name in names]
        return np.array(about, dtype=np.bool_)


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
    """The series of one source on one grid, or what of them lies between two breaks."""

    key: SeriesKey
    anchor_minutes: int  # from the hour counted from local midnight to the rows' start
    grid: Grid
    names: tuple[str, ...]
    values: NDArray[np.float64]  # series x rows, as counted
    coverage: NDArray[np.float64]  # NaN unknown, 0 unseen
    starts: NDArray[np.int64]  # of the rows: minutes since 1970, UTC
    is_synthetic: bool
    is_sampled: bool = False  # a constant part of all: `coverage` is assumed where nobody knows it
    whose: frozenset[str] = frozenset()  # candidates to whom the series of everyone belongs; empty: nobody says
    gift_sizes: tuple[float, ...] = ()  # of series of money: the mean gift; NaN where the source tells no counts
    is_cut_before: bool = False  # a break lies before the first row
    is_cut_after: bool = False
    broke_at: tuple[int, ...] = ()  # the breaks at which it was cut: minutes since 1970

    @property
    def units(self) -> tuple[float, ...]:
        """What one count of each series stands for."""
        return tuple(map(self.unit, self.names))

    def unit(self, name: str) -> float:
        """What one count of a series stands for: of money, whose unit must not matter, a part of its median row."""
        own = self.values[self.names.index(name)]
        above = own[own > 0] if self.key.outcome == "amount" else own[:0]
        return float(np.median(above)) / _MONEY_ROWS_TO if len(above) else 1.0

    @property
    def case_id(self) -> str:
        """A name of its own among the panels of a campaign."""
        source = self.key.source_id or f"{self.key.source_kind}/{self.key.scope}"
        anchor = f"/+{self.anchor_minutes}min" if self.anchor_minutes else ""
        part = f"/since {self.start_at(0):%Y-%m-%d}" if self.is_cut_before else ""
        return f"{self.key.outcome}/{source}{anchor}{part}"

    def start_row(self, event: CampaignEvent) -> int:
        """The row in which the event starts; may lie outside."""
        if self.grid.is_daily:
            return event.starts_on.toordinal() - int(self.grid.day[0])
        return (event.minute - int(self.starts[0])) // MINUTES_AN_HOUR

    def is_floored(self, event: CampaignEvent) -> bool:
        """Whether the event starts within a row, so that the row before its start is in the window."""
        return not self.grid.is_daily and (event.minute - int(self.starts[0])) % MINUTES_AN_HOUR != 0

    def start_at(self, row: int) -> datetime:
        """When a row starts, UTC; rows outside follow evenly."""
        inside = min(max(row, 0), len(self.starts) - 1)
        return at_minute(int(self.starts[inside]) + (row - inside) * self.key.interval_minutes)

    def window(self, event: CampaignEvent, rows: int) -> tuple[datetime, datetime] | None:
        """Start and end of the event's window, UTC, or of so many rows before it; None where its hour is not known."""
        if not self.grid.is_daily and event.starts_at is None:
            return None
        row = self.start_row(event)
        return self.start_at(row + min(rows, 0)), self.start_at(row + max(rows, 0))

    def cut(self, broke_at: list[int]) -> "list[SourcePanel]":
        """What lies between breaks, which are minutes since 1970; a row in which one falls is in no part."""
        inside = [at for at in sorted(set(broke_at)) if self.starts[0] < at <= self.starts[-1]]
        ends = [int(np.searchsorted(self.starts, at - self.key.interval_minutes, side="right")) for at in inside]
        firsts = [int(np.searchsorted(self.starts, at)) for at in inside]
        spans = zip([0, *firsts], [*ends, len(self.starts)], strict=True)
        return [
            replace(
                self._rows(slice(a, b)), broke_at=tuple(inside), is_cut_before=a > 0, is_cut_after=b < len(self.starts)
            )
            for a, b in spans
            if a < b
        ]

    def _rows(self, span: slice) -> "SourcePanel":
        """The rows of a span, without those before the first and after the last that anybody saw."""
        seen = np.flatnonzero((self.coverage[:, span] != 0).any(axis=0))
        if len(seen):
            span = slice(span.start + int(seen[0]), span.start + int(seen[-1]) + 1)
        grid = replace(self.grid, day=self.grid.day[span], weekday=self.grid.weekday[span], hour=self.grid.hour[span])
        return replace(
            self,
            grid=grid,
            values=self.values[:, span],
            coverage=self.coverage[:, span],
            starts=self.starts[span],
        )

    def in_days(self, zone: ZoneInfo) -> "SourcePanel":
        """Hours added up to local days; a day of which an hour is unknown is unknown, and one unseen counts less."""
        first, last = int(self.grid.day[0]), int(self.grid.day[-1])
        counts, seen = (np.zeros((len(self.names), last - first + 1)) for _ in range(2))
        for i in range(len(self.names)):
            np.add.at(counts[i], self.grid.day - first, self.values[i])
            np.add.at(seen[i], self.grid.day - first, self.coverage[i])
        days = (date.fromordinal(day) for day in range(first, last + 2))
        starts = np.array([minute_of(midnight(day, zone)) for day in days], dtype=np.int64)
        return replace(
            self,
            key=replace(self.key, interval_minutes=MINUTES_A_DAY),
            grid=day_grid(first, last - first + 1),
            values=counts,
            coverage=seen * MINUTES_AN_HOUR / np.diff(starts),
            starts=starts[:-1],
        )

    def share_known(self, name: str) -> float | None:
        """How much of all rows was seen of a series; None where anything is unknown."""
        share = self.coverage[self.names.index(name)]
        return None if self.is_sampled or np.isnan(share).any() else float(share.mean())

    def fit(self, events: list[CampaignEvent], spec: Spec) -> Panel:
        """The panel with its baselines; an event of which only the day is known guards its rows from midnight on."""
        units = np.array(self.units)
        deadlines = sorted(event.starts_on.toordinal() for event in events if event.event_kind == "deadline")
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
                    attends=event.attends(self.names, self.whose),
                )
                for event in events
                if event.event_kind != "deadline"
            ),
            deadline_days=np.array(deadlines, dtype=np.int64),
            spec=spec,
            pieces=np.array(self.gift_sizes) / units if self.gift_sizes else None,
        )
