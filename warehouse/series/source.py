"""The series of one source on one grid, cut at breaks or added up to days."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from warehouse.effects.baseline.grid import day_grid
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR
from warehouse.series.events import CampaignEvent
from warehouse.series.panel import SeriesPanel, money_unit, rows_from
from warehouse.series.times import at_minute


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
class SourcePanel(SeriesPanel):
    """The series of one source on one grid, or what of them lies between two breaks."""

    key: SeriesKey
    anchor_minutes: int  # from the hour counted from local midnight to the rows' start
    is_synthetic: bool
    is_sampled: bool = False  # a constant part of all: `coverage` is assumed where nobody knows it
    is_cut_before: bool = False  # a break lies before the first row
    is_cut_after: bool = False
    broke_at: tuple[int, ...] = ()  # the breaks at which it was cut: minutes since 1970

    @property
    def units(self) -> tuple[float, ...]:
        """What one count of each series stands for."""
        return tuple(map(self.unit, self.names))

    def unit(self, name: str) -> float:
        """What one count of a series stands for: of money, whose unit must not matter, a part of its median row."""
        return money_unit(self.values[self.names.index(name)]) if self.key.outcome == "amount" else 1.0

    @property
    def case_id(self) -> str:
        """A name of its own among the panels of a campaign."""
        source = self.key.source_id or f"{self.key.source_kind}/{self.key.scope}"
        anchor = f"/+{self.anchor_minutes}min" if self.anchor_minutes else ""
        part = f"/since {self.start_at(0):%Y-%m-%d}" if self.is_cut_before else ""
        return f"{self.key.outcome}/{source}{anchor}{part}"

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
        _, starts = rows_from(first, last + 1, zone, is_daily=True)
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
