"""A panel with what its estimates share, so that each is computed once."""

from dataclasses import dataclass, field

import numpy as np

from warehouse.effects.arrays import Bools, Ints
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.estimate.carry_over import estimate_decay_rows
from warehouse.effects.estimate.windows import (
    LeftOut,
    Windows,
    is_free,
    leave_out,
    measure_windows,
    placebo_starts,
    share_seen,
)


@dataclass(slots=True)
class Study:
    """The decay constant of the panel, and what the placebo windows of one series at a time show: they are large."""

    panel: Panel
    decay_rows: float = field(init=False)
    _series: int = field(init=False, default=-1)
    _left: dict[int, LeftOut] = field(init=False, default_factory=dict)  # by span
    _windows: dict[int, tuple[Windows, Bools]] = field(init=False, default_factory=dict)  # by length

    def __post_init__(self) -> None:
        self.decay_rows = estimate_decay_rows(self.panel)

    def span(self, length: int) -> int:
        """Rows from a window's start that its baseline must not have seen."""
        return max(self.panel.guard_rows, length)

    def placebo_windows(self, series: int, start: int, length: int) -> Windows:
        """Windows free of every own event and of the window asked about, and seen well enough."""
        windows, is_sound = self._measured(series, length)
        return windows.only(is_sound & self._is_apart(windows.starts, start, length))

    def placebo_fits(self, series: int, start: int, length: int) -> LeftOut:
        """The left-out fits behind those windows."""
        windows, is_sound = self._measured(series, length)
        return self._left[self.span(length)].only(is_sound & self._is_apart(windows.starts, start, length))

    def _is_apart(self, starts: Ints, start: int, length: int) -> Bools:
        return np.asarray((starts + length <= start) | (starts >= start + self.span(length)), dtype=np.bool_)

    def _measured(self, series: int, length: int) -> tuple[Windows, Bools]:
        """All windows of one length, and which of them are free of own events and seen well enough."""
        panel, span = self.panel, self.span(length)
        if series != self._series:
            self._series, self._left, self._windows = series, {}, {}
        if span not in self._left:
            self._left[span] = leave_out(panel, series, placebo_starts(panel), span)
        if length not in self._windows:
            left = self._left[span]
            is_sound = is_free(panel.guarded[series], left.starts, length)
            is_sound &= share_seen(panel, series, left.starts, length) >= panel.spec.min_window_seen
            self._windows[length] = measure_windows(panel, series, left, length), is_sound
        return self._windows[length]
