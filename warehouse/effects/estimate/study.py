"""A panel with what its estimates share, so that each is computed once."""

from dataclasses import dataclass, field

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.asked import Asked
from warehouse.effects.baseline.left_out import DayFits, LeftOut, day_of, leave_days_out, leave_out
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.estimate.carry_over import estimate_decay_rows
from warehouse.effects.estimate.controls import Running
from warehouse.effects.estimate.windows import (
    Windows,
    is_free,
    measure_windows,
    placebo_days,
    placebo_starts,
    share_seen,
)

_LEAST_MEAN = 0.25  # numerical tolerance: a Pearson residual over a vanishing mean is no evidence
_Key = tuple[int, int, int, int]  # hour, rows before, length, reach


@dataclass(slots=True)
class Study:
    """The decay constant of the panel, and what the placebo windows of one series at a time show: they are large."""

    panel: Panel
    decay_rows: float = field(init=False)
    # By series, rows after the start, length and events: what a kind of event usually does, and its variance.
    usual: dict[tuple[int, int, int, tuple[str, ...]], tuple[float, float] | None] = field(
        init=False, default_factory=dict
    )
    _running: Running | None = field(init=False, default=None)
    _series: int = field(init=False, default=-1)
    _fits: dict[int, DayFits] = field(init=False, default_factory=dict)  # by span
    _event_fits: dict[tuple[int, int], DayFits] = field(init=False, default_factory=dict)  # by first row and span
    _clumping: dict[int, float] = field(init=False, default_factory=dict)  # by series
    _windows: dict[_Key, tuple[Windows, LeftOut]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.decay_rows = estimate_decay_rows(self.panel)

    def span(self, length: int) -> int:
        """Rows from a window's start that its baseline must not have seen."""
        return max(self.panel.guard_rows, length)

    def running(self) -> Running:
        """Running sums of all series, from which the absent of each window are pooled."""
        if self._running is None:
            self._running = Running(self.panel)
        return self._running

    def clumping(self, series: int) -> float:
        """How many times surer a series seems of its coefficients than it is, because neighbours err together."""
        if series not in self._clumping:
            self._clumping[series] = _clumping(self.panel, series)
        return self._clumping[series]

    def placebo(self, series: int, asked: Asked, least_reach: int = 0) -> tuple[Windows, LeftOut]:
        """Windows free of every own event and of the window asked about, and seen well enough; and their fits.

        They start at its hour of the day, or near it where the season has too few days; within `least_reach` hours
        of it always.
        """
        for reach in self._reaches(least_reach):
            windows, fits = self._measured(series, asked, reach)
            apart = self._is_apart(windows.starts, asked)
            if apart.sum() >= self.panel.spec.min_placebo:
                break
        return windows.only(apart), fits.only(apart)

    def event(self, series: int, asked: Asked, log_lift: Floats) -> tuple[Windows, LeftOut]:
        """The window asked about, as one, and its fit; `log_lift` is what earlier and other events add to its rows."""
        self._of(series)
        start, span = np.array([asked.start]), self.span(asked.length)
        first = day_of(self.panel, start)
        key = int(first[0]), span
        if key not in self._event_fits:
            self._event_fits[key] = leave_days_out(self.panel, series, first, span)
        fits = self._event_fits[key]
        left = leave_out(self.panel, series, start, before=asked.before, fits=fits)
        return measure_windows(self.panel, series, left, asked.length, fits=fits, log_lift=log_lift), left

    def _reaches(self, least: int) -> range:
        """Hours to either side: of a short season one hour shows too few days."""
        most = 0 if self.panel.grid.is_daily else max(self.panel.spec.placebo_reach_hours, least)
        return range(min(least, most), most + 1)

    def _is_apart(self, starts: Ints, asked: Asked) -> Bools:
        is_before = starts + asked.length <= asked.start - asked.before
        return np.asarray(is_before | (starts >= asked.start + self.span(asked.length)), dtype=np.bool_)

    def _measured(self, series: int, asked: Asked, reach: int) -> tuple[Windows, LeftOut]:
        """All windows of one hour and length that are free of own events and seen well enough, and their fits."""
        self._of(series)
        panel, length = self.panel, asked.length
        key = int(panel.grid.hour[asked.start]), asked.before, length, reach
        if key not in self._windows:
            starts = placebo_starts(panel, asked, reach)
            is_sound = is_free(panel.guarded[series], starts, length)
            is_sound &= share_seen(panel, series, starts, length) >= panel.spec.min_window_seen
            fits = self._days(series, self.span(length))
            left = leave_out(panel, series, starts[is_sound], before=asked.before, fits=fits)
            self._windows[key] = measure_windows(panel, series, left, length, fits=fits), left
        return self._windows[key]

    def _days(self, series: int, span: int) -> DayFits:
        """The fits without each day on which a window may start, whatever its hour."""
        if span not in self._fits:
            firsts = np.unique(day_of(self.panel, placebo_days(self.panel)))
            self._fits[span] = leave_days_out(self.panel, series, firsts, span)
        return self._fits[span]

    def _of(self, series: int) -> None:
        """Forget what was kept of another series."""
        if series != self._series:
            self._series, self._fits, self._event_fits, self._windows = series, {}, {}, {}


def _clumping(panel: Panel, series: int) -> float:
    """The dispersion of blocks of half a guard over that of single rows, at least 1."""
    fit, block = panel.fits[series], max(1, panel.guard_rows // 2)
    first = panel.grid.rows % block
    is_clean = panel.clean[series][first:].reshape(-1, block).all(axis=1)
    if fit is None or not is_clean.any():
        return 1.0
    seen, mass = (
        values[series][first:].reshape(-1, block)[is_clean].sum(axis=1) for values in (panel.counts, panel.expected)
    )
    return max(1.0, float(np.mean((seen - mass) ** 2 / np.maximum(mass, _LEAST_MEAN))) / fit.dispersion)
