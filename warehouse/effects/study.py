"""A panel with what its estimates share, so that each is computed once."""

from dataclasses import dataclass, field

from warehouse.effects.carry_over import estimate_decay_rows
from warehouse.effects.panel import Panel
from warehouse.effects.windows import (
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
    """The decay constant of the panel, and the left-out fits of one series at a time: they are large."""

    panel: Panel
    decay_rows: float = field(init=False)
    _left: dict[tuple[int, int], LeftOut] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.decay_rows = estimate_decay_rows(self.panel)

    def span(self, length: int) -> int:
        """Rows from a window's start that its baseline must not have seen."""
        return max(self.panel.guard_rows, length)

    def placebo_windows(self, series: int, start: int, length: int) -> Windows:
        """Windows free of every own event and of the window asked about, and seen well enough."""
        return measure_windows(self.panel, series, self.placebo_fits(series, start, length), length)

    def placebo_fits(self, series: int, start: int, length: int) -> LeftOut:
        """The left-out fits behind those windows."""
        panel, span = self.panel, self.span(length)
        left = self._left_out(series, span)
        busy = panel.guarded[series].copy()
        busy[max(start, 0) : max(start + span, 0)] = True
        fits_in = is_free(busy, left.starts, length)
        fits_in &= share_seen(panel, series, left.starts, length) >= panel.spec.min_window_seen
        return left.only(fits_in)

    def _left_out(self, series: int, span: int) -> LeftOut:
        if (series, span) not in self._left:
            if any(kept != series for kept, _ in self._left):
                self._left.clear()
            self._left[series, span] = leave_out(self.panel, series, placebo_starts(self.panel), span)
        return self._left[series, span]
