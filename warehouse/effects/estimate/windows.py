"""The counterfactual of a window by a baseline that never saw the window."""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.asked import Asked
from warehouse.effects.baseline.left_out import DayFits, LeftOut
from warehouse.effects.baseline.one_step import correction, rows_of, weighted_sums
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.spec import DAYS_A_WEEK

_FIRST_DAY = {True: 14, False: 5}  # definition: before, there is too little to tell a level from
_HOURS_A_DAY = 24  # definition
_LEAST_MASS = 1e-9  # numerical tolerance


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
        """How many windows usually share a row."""
        # The median: a clock change brings two of them an hour nearer.
        later = np.searchsorted(self.starts, self.starts + self.length) - np.arange(len(self.starts))
        return float(np.median(later)) if len(later) else 1.0


def placebo_days(panel: Panel) -> Ints:
    """The first rows of the local days on which windows may start: of a long season, as many as are enough.

    Source: docs/methods.md, section 3.
    """
    grid, most = panel.grid, panel.spec.max_placebo
    _, firsts = np.unique(grid.day, return_index=True)
    firsts = firsts[_FIRST_DAY[grid.is_daily] :]
    every = max(1, -(-len(firsts) // most))
    every += every % DAYS_A_WEEK == 0  # whole weeks would show one weekday only
    return np.asarray(firsts[::every], dtype=np.int64)


def placebo_starts(panel: Panel, asked: Asked, reach: int = 0) -> Ints:
    """Start rows that windows may have: on hour rows one a day, at the hour of the window asked about.

    `reach` adds so many hours to either side.

    Source: docs/methods.md, section 3.
    """
    grid, days = panel.grid, placebo_days(panel)
    if grid.is_daily:
        return days
    apart = np.abs((grid.hour - grid.hour[asked.start] + _HOURS_A_DAY // 2) % _HOURS_A_DAY - _HOURS_A_DAY // 2)
    rows = np.flatnonzero((apart <= reach) & np.isin(grid.day, grid.day[days]))
    # The hour that a clock change repeats is taken once.
    _, once = np.unique(grid.day[rows] * _HOURS_A_DAY + grid.hour[rows], return_index=True)
    return np.asarray(rows[once], dtype=np.int64)


def window_rows(panel: Panel, series: int, left: LeftOut, length: int) -> tuple[Floats, Floats]:
    """Counts and left-out expectations (starts x length), row by row; 0 outside the grid and where unseen.

    Source: docs/methods.md, section 2.5.
    """
    rows, inside = rows_of(left.starts, length, panel.grid.rows)
    expected = np.where(inside, panel.expected[series][rows], 0.0)
    return (
        np.where(inside, panel.counts[series][rows], 0.0),
        expected * correction(panel.design.columns, rows, left.shift),
    )


def measure_windows(
    panel: Panel, series: int, left: LeftOut, length: int, *, fits: DayFits, log_lift: Floats | None = None
) -> Windows:
    """Sums over `[start, start + length)` under the left-out baseline; `log_lift` is added to it, row by row.

    Source: docs/methods.md, section 3 and 4.
    """
    fit = panel.fits[series]
    dispersion = 1.0 if fit is None else fit.dispersion
    rows, _ = rows_of(left.starts, length, panel.grid.rows)
    counts, expected = window_rows(panel, series, left, length)
    if log_lift is not None:
        expected = expected * np.exp(log_lift[rows])
    total = expected.sum(axis=1)
    observed = counts.sum(axis=1)
    mean_x = weighted_sums(panel.design.columns, rows, expected) / np.maximum(total, _LEAST_MASS)[:, None]
    spread = fits.spread[fits.of(panel, left.starts)]
    return Windows(
        starts=left.starts,
        length=length,
        observed=observed,
        expected=total,
        log_ratio=np.log((observed + panel.halves[series]) / (total + panel.halves[series])),
        fit_variance=dispersion * (np.matmul(mean_x[:, None, :], spread)[:, 0] * mean_x).sum(axis=1),
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
