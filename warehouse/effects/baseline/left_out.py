"""Fits that have not seen a window: the coefficients without it, and the level before it by these coefficients.

In-sample residuals are too small: tests built on them reject a true null twice as often as they claim. So each
window, with its guard, is taken out of the fit by one Newton step, for placebo windows and the event alike.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.one_step import correction, held_by, leave_rows_out, rows_of, without
from warehouse.effects.baseline.panel import Panel

# Definitions: what the level before a window is.
_LEVEL_ROWS = {True: 21, False: 96}  # how far back the local level looks: 21 days, 96 hours
_HALF_LIVES = {True: (1.5, 6.0), False: (4.0, 30.0)}  # in rows
_LEVEL_SMOOTHING = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFits:
    """For some local days: how the coefficients move without the rows of a day and of what may follow it."""

    firsts: Ints  # first row of each day, rising
    shift: Floats  # days x columns, added to the fit's coefficients
    spread: Floats  # days x columns x columns: inverse information without those rows

    def of(self, panel: Panel, starts: Ints) -> Ints:
        """Which of the days each start lies in."""
        return np.asarray(np.searchsorted(self.firsts, day_of(panel, starts)), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """For each start row: how the coefficients move without the rows around it, and the level just before."""

    starts: Ints
    shift: Floats  # starts x columns
    level: Floats  # starts x 2: log residual ratio of the clean rows before, for two half-lives

    def only(self, keep: Bools) -> "LeftOut":
        """The starts that `keep` marks."""
        return LeftOut(starts=self.starts[keep], shift=self.shift[keep], level=self.level[keep])


def day_of(panel: Panel, starts: Ints) -> Ints:
    """The first row of the local day of each row.

    Source: docs/methods.md, section 2.5.
    """
    return np.asarray(np.searchsorted(panel.grid.day, panel.grid.day[starts]), dtype=np.int64)


def leave_days_out(panel: Panel, series: int, firsts: Ints, span: int) -> DayFits:
    """The series' fit without each day and those that `span` rows after its last row reach into.

    Windows of all hours of a day share it. On day rows it is the fit without `[first, first + span)`.

    Raises:
        ValueError: the series has no fit.

    Source: Pregibon 1981; docs/methods.md, section 2.5.
    """
    fit = panel.fits[series]
    if fit is None:
        raise ValueError(f"{panel.names[series]} has no baseline")
    clean, counts, expected = panel.clean[series], panel.counts[series], panel.expected[series]
    columns, a_day = panel.design.columns, panel.grid.rows_a_day
    days = span if panel.grid.is_daily else 1 + -(-span // a_day)
    if panel.grid.is_daily or len(firsts) == 1:
        rows, inside = rows_of(firsts, days * a_day, panel.grid.rows)
        used = inside & clean[rows]
        shift, spread = leave_rows_out(columns, fit, counts=counts, expected=expected, rows=rows, used=used)
        return DayFits(firsts=firsts, shift=shift, spread=spread)
    removed, lost = _held_by_days(panel, series, firsts, days)
    shift, spread = without(fit, removed, lost)
    return DayFits(firsts=firsts, shift=shift, spread=spread)


def _held_by_days(panel: Panel, series: int, firsts: Ints, days: int) -> tuple[Floats, Floats]:
    """What so many days from each first row hold of the information and of the score.

    Neighbouring windows leave most rows out together: what a day holds is summed up once.
    """
    clean, counts, expected = panel.clean[series], panel.counts[series], panel.expected[series]
    each = np.unique(day_of(panel, np.arange(panel.grid.rows)))
    rows, inside = rows_of(each, panel.grid.rows_a_day + 1, panel.grid.rows)
    used = inside & clean[rows] & (panel.grid.day[rows] == panel.grid.day[each][:, None])
    information, score = held_by(
        panel.design.columns,
        rows,
        weight=np.where(used, expected[rows], 0.0),
        score=np.where(used, counts[rows] - expected[rows], 0.0),
    )
    removed, lost = np.zeros((len(firsts), *information.shape[1:])), np.zeros((len(firsts), score.shape[1]))
    for i, first in enumerate(np.searchsorted(each, firsts)):
        # Window by window: to gather the days of all at once would copy every matrix for each of them.
        np.add.reduce(information[first : first + days], axis=0, out=removed[i])
        np.add.reduce(score[first : first + days], axis=0, out=lost[i])
    return removed, lost


def leave_out(panel: Panel, series: int, starts: Ints, *, before: int, fits: DayFits) -> LeftOut:
    """The fits without the windows that begin at `starts`, and the level ahead of the `before` rows before them.

    Source: docs/methods.md, section 2.5 and 3.
    """
    shift = fits.shift[fits.of(panel, starts)]
    return LeftOut(starts=starts, shift=shift, level=_level_before(panel, series, starts - before, shift))


def _level_before(panel: Panel, series: int, ends: Ints, shift: Floats) -> Floats:
    """Exponentially weighted log ratio of the clean rows before each end, by the same left-out baseline."""
    back = _LEVEL_ROWS[panel.grid.is_daily]
    rows, inside = rows_of(ends - back, back, panel.grid.rows)
    used = inside & panel.clean[series][rows]
    counts = np.where(used, panel.counts[series][rows], 0.0)
    expected = np.where(used, panel.expected[series][rows], 0.0) * correction(panel.design.columns, rows, shift)
    age = np.arange(back - 1, -1, -1)
    levels = []
    for half_life in _HALF_LIVES[panel.grid.is_daily]:
        weight = 2.0 ** (-age / half_life)
        levels.append(np.log((counts @ weight + _LEVEL_SMOOTHING) / (expected @ weight + _LEVEL_SMOOTHING)))
    return np.stack(levels, axis=1)
