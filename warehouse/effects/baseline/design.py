"""Columns of the baseline: trend, season, filing deadlines.

Source: Lopez Bernal, Cummins, Gasparrini 2017 (interrupted time series); docs/methods.md, section 2.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.baseline.grid import Grid
from warehouse.effects.baseline.long_seasons import LongSeason, long_season
from warehouse.effects.spec import DAYS_A_WEEK, Spec

DEADLINE_PARTS = 4  # definition: the day itself, the two days before, the four before those, the day after
_NEAREST_TO_END = 1 - 1e-9  # numerical tolerance
# Definitions: the shape of the baseline.
_TREND_PENALTY = 1e-3
_SEASON_PENALTY = 0.1
_DEADLINE_PENALTY = 1.0
_DEGREE = 3
_WEEKEND_HARMONICS = (1, 2, 3)
_LONG_BEFORE_DEADLINE = (3, 6)  # days, both of them too
# Definitions: the calendar.
_SATURDAY = 5
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The columns (rows x columns), the ridge of each, and which of them are deadlines."""

    columns: Floats
    penalty: Floats
    bend: Floats  # how much of the trend's squared second differences a column carries; 0 where it is no trend
    flat: Floats  # the coefficients that add up to 1 in every row
    deadline: slice
    long: LongSeason | None = None  # of many rows: what the columns are made of

    def times(self, coefficients: Floats) -> Floats:
        """The columns times the coefficients, in every row.

        Source: Lopez Bernal, Cummins, Gasparrini 2017.
        """
        if self.long:
            return self.long.times(coefficients)
        return np.asarray(self.columns @ coefficients, dtype=np.float64)


def build_design(grid: Grid, deadline_days: Ints, spec: Spec) -> Design:
    """Columns for every row of the grid; deadlines are given on the grid's own day count.

    Source: Lopez Bernal, Cummins, Gasparrini 2017.
    """
    splines = spline_columns(grid.rows, spec.knot_days(grid.interval_minutes) * grid.rows_a_day)
    bend, axes = _axes_of_bend(splines.shape[1])
    trend = splines @ axes
    season = weekday_columns(grid) if grid.is_daily else hour_columns(grid)
    deadline = deadline_columns(grid.day, deadline_days)
    widths = (trend.shape[1], season.shape[1], DEADLINE_PARTS)
    return Design(
        columns=np.hstack([trend, season, deadline]),
        long=long_season(splines, axes, np.hstack([season, deadline]), _DEGREE),
        penalty=np.repeat([_TREND_PENALTY, _SEASON_PENALTY, _DEADLINE_PENALTY], widths),
        bend=np.concatenate([bend, np.zeros(sum(widths[1:]))]),
        flat=np.concatenate([axes.sum(axis=0), np.zeros(sum(widths[1:]))]),
        deadline=slice(widths[0] + widths[1], sum(widths)),
    )


def spline_columns(rows: int, rows_a_knot: float) -> Floats:
    """Cubic B-splines that sum to one in each row, so the intercept is among them.

    Source: Eilers, Marx 1996.
    """
    pieces = max(2, round(rows / rows_a_knot))
    knots = np.concatenate([[0.0] * _DEGREE, np.linspace(0, 1, pieces + 1), [1.0] * _DEGREE])
    if not rows:
        return np.zeros((0, pieces + _DEGREE))
    # The last basis function is right-open at 1.
    at = np.clip(np.linspace(0, 1, rows), 0, _NEAREST_TO_END)
    return np.asarray(BSpline.design_matrix(at, knots, _DEGREE).toarray(), dtype=np.float64)


def _axes_of_bend(splines: int) -> tuple[Floats, Floats]:
    """Squared second differences along their own axes, and these axes: there a penalty on bends is a plain ridge.

    Source: Eilers, Marx 1996 (P-splines).
    """
    second = np.diff(np.eye(splines), 2, axis=0)
    bend, axes = np.linalg.eigh(second.T @ second)
    return np.maximum(bend, 0.0), np.asarray(axes, dtype=np.float64)


def weekday_columns(grid: Grid) -> Floats:
    """Six contrasts of the seven weekdays, each summing to zero over a week.

    Source: docs/methods.md, section 2.1.
    """
    return _contrasts(grid.weekday, DAYS_A_WEEK)


def hour_columns(grid: Grid) -> Floats:
    """Hour of the local day, weekday, and a second daily rhythm for weekends.

    Source: docs/methods.md, section 2.1.
    """
    angle = 2 * np.pi * grid.hour[:, None] * np.array(_WEEKEND_HARMONICS) / _HOURS_A_DAY
    weekend = ((grid.weekday >= _SATURDAY) - 2 / DAYS_A_WEEK)[:, None]
    rhythm = np.hstack([np.cos(angle), np.sin(angle)]) * weekend
    return np.hstack([_contrasts(grid.hour, _HOURS_A_DAY), _contrasts(grid.weekday, DAYS_A_WEEK), rhythm])


def deadline_columns(days: Ints, deadline_days: Ints) -> Floats:
    """One 0/1 column for each part of the run-up to a deadline, shared by all deadlines.

    Source: docs/methods.md, section 2.3.
    """
    columns, (first, last) = np.zeros((len(days), DEADLINE_PARTS)), _LONG_BEFORE_DEADLINE
    for deadline in deadline_days:
        left = deadline - days
        columns[left == 0, 0] = 1
        columns[(left == 1) | (left == 2), 1] = 1  # noqa: PLR2004
        columns[(left >= first) & (left <= last), 2] = 1
        columns[left == -1, -1] = 1
    return columns


def _contrasts(classes: Ints, count: int) -> Floats:
    one_hot = np.eye(count)[classes]
    return np.asarray(one_hot[:, 1:] - one_hot[:, [0]], dtype=np.float64)
