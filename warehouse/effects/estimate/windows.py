"""The counterfactual of a window by a baseline that never saw the window.

In-sample residuals are too small: tests built on them reject a true null twice as often as they claim. So each
window, with its guard, is taken out of the fit by one Newton step, for placebo windows and the event alike.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.one_step import correction, leave_rows_out, rows_of
from warehouse.effects.baseline.panel import Panel

_LEVEL_ROWS = {True: 21, False: 96}  # how far back the local level looks: 21 days, 96 hours
_HALF_LIVES = {True: (1.5, 6.0), False: (4.0, 30.0)}  # in rows
_SHARED_ROWS = {True: 1, False: 12}
_LEVEL_SMOOTHING = 2.0
_FIRST_DAY = {True: 14, False: 5}
_CONTINUITY = 0.5  # added to a window's sums before the logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """For each start row: how the coefficients move without the rows around it, and the level just before."""

    starts: Ints
    shift: Floats  # starts x columns, added to the fit's coefficients
    spread: Floats  # starts x columns x columns: inverse information without the window
    level: Floats  # starts x 2: log residual ratio of the clean rows before, for two half-lives

    def only(self, keep: Bools) -> "LeftOut":
        """The starts that `keep` marks."""
        return LeftOut(
            starts=self.starts[keep], shift=self.shift[keep], spread=self.spread[keep], level=self.level[keep]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Windows of `length` rows: what was counted, what the left-out baseline expected, and how wrong it may be."""

    starts: Ints
    length: int
    observed: Floats
    expected: Floats
    log_ratio: Floats
    fit_variance: Floats  # of log expected, from the coefficients
    level: Floats

    def only(self, keep: Bools) -> "Windows":
        """The windows that `keep` marks."""
        return Windows(
            starts=self.starts[keep],
            length=self.length,
            observed=self.observed[keep],
            expected=self.expected[keep],
            log_ratio=self.log_ratio[keep],
            fit_variance=self.fit_variance[keep],
            level=self.level[keep],
        )

    @property
    def overlap(self) -> float:
        """How many windows share a row."""
        every = int(np.diff(self.starts).min(initial=self.length))
        return max(1.0, self.length / max(every, 1))


def placebo_starts(panel: Panel) -> Ints:
    """Start rows that windows may have; hour rows are thinned evenly so that a long season costs no more.

    Source: docs/methods.md, section 4.
    """
    first = _FIRST_DAY[panel.grid.is_daily] * panel.grid.rows_a_day
    stride = max(1, -(-(panel.grid.rows - first) // panel.spec.max_placebo))
    return np.arange(first, panel.grid.rows, stride, dtype=np.int64)


def leave_out(panel: Panel, series: int, starts: Ints, span: int) -> LeftOut:
    """The series' fit without `[start, start + span)`, for each start.

    Raises:
        ValueError: the series has no fit.

    Source: Pregibon 1981; docs/methods.md, section 2.5.
    """
    fit = panel.fits[series]
    if fit is None:
        raise ValueError(f"{panel.names[series]} has no baseline")
    clean, counts, expected = panel.clean[series], panel.counts[series], panel.expected[series]
    # Hours that start within half a day leave the same rows out, those of all of them: one inversion serves them.
    _, first, which = np.unique(starts // _SHARED_ROWS[panel.grid.is_daily], return_index=True, return_inverse=True)
    shared = starts[first]
    span += int((starts - shared[which]).max(initial=0))
    rows, inside = rows_of(shared, span, panel.grid.rows)
    shift, spread = leave_rows_out(
        panel.design.columns, fit, counts=counts, expected=expected, rows=rows, used=inside & clean[rows]
    )
    shift, spread = shift[which], spread[which]
    return LeftOut(starts=starts, shift=shift, spread=spread, level=_level_before(panel, series, starts, shift))


def window_rows(panel: Panel, series: int, left: LeftOut, length: int) -> tuple[Floats, Floats]:
    """Counts and left-out expectations (starts x length), row by row; 0 outside the grid and where unseen.

    Source: docs/methods.md, section 2.5.
    """
    rows, inside = rows_of(left.starts, length, panel.grid.rows)
    expected = np.where(inside, panel.expected[series][rows], 0.0)
    return (
        np.where(inside, panel.counts[series][rows], 0.0),
        expected * correction(panel.design.columns[rows], left.shift),
    )


def measure_windows(panel: Panel, series: int, left: LeftOut, length: int, log_lift: Floats | None = None) -> Windows:
    """Sums over `[start, start + length)` under the left-out baseline; `log_lift` is added to it, row by row.

    Source: docs/methods.md, section 3 and 4.
    """
    fit = panel.fits[series]
    dispersion = 1.0 if fit is None else fit.dispersion
    rows, _ = rows_of(left.starts, length, panel.grid.rows)
    x = panel.design.columns[rows]
    counts, expected = window_rows(panel, series, left, length)
    if log_lift is not None:
        expected = expected * np.exp(log_lift[rows])
    total = expected.sum(axis=1)
    observed = counts.sum(axis=1)
    mean_x = np.einsum("sw,swp->sp", expected, x) / np.maximum(total, 1e-9)[:, None]
    return Windows(
        starts=left.starts,
        length=length,
        observed=observed,
        expected=total,
        log_ratio=np.log((observed + _CONTINUITY) / (total + _CONTINUITY)),
        fit_variance=dispersion * np.einsum("sp,spq,sq->s", mean_x, left.spread, mean_x, optimize=True),
        level=left.level,
    )


def share_seen(panel: Panel, series: int, starts: Ints, length: int) -> Floats:
    """Share of each window's expected mass that lies in usable rows; 0 where there is no baseline.

    Source: docs/methods.md, section 4.
    """
    fit = panel.fits[series]
    if fit is None:
        return np.zeros(len(starts))
    rows, inside = rows_of(starts, length, panel.grid.rows)
    mass = fit.rate[rows]
    return np.asarray((mass * (inside & panel.usable[series][rows])).sum(axis=1) / mass.sum(axis=1), dtype=np.float64)


def is_free(mask: Bools, starts: Ints, length: int) -> Bools:
    """Whether a window lies inside the grid and touches no row of the mask.

    Source: docs/methods.md, section 3.
    """
    rows, inside = rows_of(starts, length, len(mask))
    return np.asarray(inside.all(axis=1) & ~mask[rows].any(axis=1), dtype=np.bool_)


def _level_before(panel: Panel, series: int, starts: Ints, shift: Floats) -> Floats:
    """Exponentially weighted log ratio of the clean rows before each start, by the same left-out baseline."""
    back = _LEVEL_ROWS[panel.grid.is_daily]
    rows, inside = rows_of(starts - back, back, panel.grid.rows)
    used = inside & panel.clean[series][rows]
    counts = np.where(used, panel.counts[series][rows], 0.0)
    expected = np.where(used, panel.expected[series][rows], 0.0) * correction(panel.design.columns[rows], shift)
    age = np.arange(back - 1, -1, -1)
    levels = []
    for half_life in _HALF_LIVES[panel.grid.is_daily]:
        weight = 0.5 ** (age / half_life)
        levels.append(np.log((counts @ weight + _LEVEL_SMOOTHING) / (expected @ weight + _LEVEL_SMOOTHING)))
    return np.stack(levels, axis=1)
