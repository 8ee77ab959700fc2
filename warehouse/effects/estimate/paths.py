"""The excess hour by hour, and how such paths wander where nothing happened."""

from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.asked import ask_window
from warehouse.effects.estimate.carry_over import carry_over
from warehouse.effects.estimate.level import predict_level
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import window_rows

# Numerical tolerances.
_LEAST_EXPECTED = 1e-3
_LEAST_WANDER = 1e-9
_RIDGE = 1e-9

_POWER_OF_ERRORS = 1.5  # definition: squared errors scatter as their mean does
_HOURS_A_DAY = 24  # definition
_REACH_HOURS = 2  # definition: row by row there is less to learn from one window


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Variance of a row's count about a mean: `per_count * mean + square * mean**2`, as a negative binomial has it."""

    per_count: float
    square: float

    def variance(self, mean: Floats) -> Floats:
        """At the given means."""
        mean = np.maximum(mean, _LEAST_EXPECTED)
        return np.asarray(self.per_count * mean + self.square * mean**2, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One event's window, row by row: counts, what was expected, and placebo errors in standard deviations."""

    observed: Floats
    expected: Floats
    errors: Floats  # placebo windows x rows
    spread: Spread
    level_spread: float  # of the log level that the baseline gives a window
    days: int  # on which the placebo windows start
    unseen: int = 0  # rows that nobody saw: their excess is told by the hours beside them

    @property
    def excess(self) -> Floats:
        """Counts beyond the expected."""
        return self.observed - self.expected

    def after(self, rows: int) -> "Path":
        """The path without its first rows."""
        return replace(self, observed=self.observed[rows:], expected=self.expected[rows:], errors=self.errors[:, rows:])

    def wander(self, rows: int) -> float:
        """Standard error of the excess of the first rows, by placebo windows."""
        sums = (self.errors * np.sqrt(self.spread.variance(self.expected)))[:, :rows].sum(axis=1)
        independent = max(self.days / max(rows / _HOURS_A_DAY, 1.0), 2.0)
        return max(float(np.sqrt(np.mean(sums**2) * independent / (independent - 1))), _LEAST_WANDER)

    def excess_z(self, rows: int) -> float:
        """The excess of the first rows in its standard errors."""
        return float(self.excess[:rows].sum()) / self.wander(rows)

    def resample(self, fitted: Floats, draws: int, rng: np.random.Generator) -> Floats:
        """Excess paths (draws x rows) as they might have been: `fitted` and a placebo path's errors, scaled to it.

        The errors carry over-dispersion and autocorrelation as the series has them; a row that the event lifts
        wanders as much more as the spread says.
        """
        chosen = self.errors[rng.integers(0, len(self.errors), draws)]
        sign = rng.choice([-1.0, 1.0], (draws, 1))
        return np.asarray(
            fitted + sign * chosen * np.sqrt(self.spread.variance(self.expected + fitted)), dtype=np.float64
        )


def fit_spread(errors: Floats, mean: Floats) -> Spread:
    """Least squares of squared errors on mean and squared mean: at least Poisson, and no negative part.

    Source: McCullagh, Nelder 1989, chapter 6 (negative binomial variance).
    """
    mean, target = np.maximum(mean.ravel(), _LEAST_EXPECTED), errors.ravel() ** 2
    # Squared errors scatter as their own mean does: weigh by a guess of it.
    columns = np.column_stack([mean, mean**2]) / mean[:, None] ** _POWER_OF_ERRORS
    gram, moment = columns.T @ columns, columns.T @ (target / mean**_POWER_OF_ERRORS)
    # Where all means are equal the two columns are one: the tiny ridge shares it between them.
    per_count = max(float(np.linalg.solve(gram + np.diag(_RIDGE * np.diag(gram)), moment)[0]), 1.0)
    square = float((moment[1] - gram[0, 1] * per_count) / gram[1, 1])
    if square < 0:
        return Spread(per_count=max(float(moment[0] / gram[0, 0]), 1.0), square=0.0)
    return Spread(per_count=per_count, square=square)


def trace_path(study: Study, series: int, start: int, length: int) -> Path | None:
    """The path of one window; None where there are too few placebo windows. The series must have a fit.

    Source: docs/methods.md, section 7.1.
    """
    panel, asked = study.panel, ask_window(study.panel.grid, start, length, study.panel.spec)
    windows, fits = study.placebo(series, asked, _REACH_HOURS)
    if len(fits.starts) < panel.spec.min_placebo:
        return None
    carried = carry_over(panel, series, asked, study.decay_rows)
    event, left = study.event(series, asked, carried.log_lift)
    level = predict_level(
        windows.log_ratio, windows.expected, windows.level, at_event=event.level[0], overlap=windows.overlap
    )
    counts, expected = window_rows(panel, series, fits, length)
    # What stage 2 predicts of each placebo window comes off it too: what is left is the error of prediction.
    predicted = expected * np.exp(windows.log_ratio - level.errors)[:, None]
    spread = fit_spread(counts - predicted, predicted)
    errors = (counts - predicted) / np.sqrt(spread.variance(predicted))
    own_counts, own_expected = window_rows(panel, series, left, length)
    lifted = own_expected[0] * np.exp(carried.log_lift[start : start + length] + level.predicted)
    seen = panel.usable[series, start : start + length]
    observed, lifted = _as_beside(own_counts[0], lifted, seen, _whole(study, series, start, length, level.predicted))
    return Path(
        observed=observed,
        expected=lifted,
        errors=errors,
        spread=spread,
        level_spread=float(np.sqrt(np.mean(level.errors**2))),
        days=len(np.unique(panel.grid.day[fits.starts])),
        unseen=int((~seen).sum()),
    )


def _whole(study: Study, series: int, start: int, length: int, log_level: float) -> Floats:
    """What would be expected of each row had it been seen whole."""
    fit = study.panel.fits[series]
    return np.zeros(length) if fit is None else fit.rate[start : start + length] * np.exp(log_level)


def _as_beside(counts: Floats, expected: Floats, seen: Bools, whole: Floats) -> tuple[Floats, Floats]:
    """Counts and expectations with the few unseen rows as many times the usual as the rows beside them."""
    if seen.all() or not seen.any():
        return counts, expected
    rows = np.arange(len(seen))
    ratio = np.interp(rows, rows[seen], (counts / np.maximum(expected, _LEAST_EXPECTED))[seen])
    return np.where(seen, counts, whole * ratio), np.where(seen, expected, whole)
