"""The excess hour by hour, and how such paths wander where nothing happened."""

from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.carry_over import carry_over
from warehouse.effects.level import predict_level
from warehouse.effects.study import Study
from warehouse.effects.windows import leave_out, measure_windows, window_rows

_LEAST_EXPECTED = 1e-3
_SAME_TIME_HOURS = 2
_FEWEST_SAME_TIME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One event's window, row by row: counts, what was expected, and placebo errors in roots of the expected."""

    observed: Floats
    expected: Floats
    errors: Floats  # placebo windows x rows
    level_spread: float  # of the log level that the baseline gives a window

    @property
    def excess(self) -> Floats:
        """Counts beyond the expected."""
        return self.observed - self.expected

    def after(self, rows: int) -> "Path":
        """The path without its first rows."""
        return replace(self, observed=self.observed[rows:], expected=self.expected[rows:], errors=self.errors[:, rows:])

    def excess_z(self) -> float:
        """The whole excess in standard errors of placebo windows."""
        wander = (self.errors * np.sqrt(self.expected)).sum(axis=1)
        return float(self.excess.sum() / max(float(np.sqrt(np.mean(wander**2))), 1e-9))

    def resample(self, fitted: Floats, draws: int, rng: np.random.Generator) -> Floats:
        """Excess paths (draws x rows) as they might have been: `fitted` and a placebo path's errors, scaled to it.

        The errors carry over-dispersion and autocorrelation as the series has them. Like counts, a row lifted
        by the event wanders more: by the root of its mean.
        """
        chosen = self.errors[rng.integers(0, len(self.errors), draws)]
        sign = rng.choice([-1.0, 1.0], (draws, 1))
        mean = np.maximum(self.expected + fitted, _LEAST_EXPECTED)
        return np.asarray(fitted + sign * chosen * np.sqrt(mean), dtype=np.float64)


def trace_path(study: Study, series: int, start: int, length: int) -> Path | None:
    """The path of one window; None where there are too few placebo windows. The series must have a fit."""
    panel = study.panel
    fits = study.placebo_fits(series, start, length)
    if len(fits.starts) < panel.spec.min_placebo:
        return None
    windows = measure_windows(panel, series, fits, length)
    carried = carry_over(panel, series, start, study.decay_rows)
    left = leave_out(panel, series, np.array([start]), study.span(length))
    event = measure_windows(panel, series, left, length, carried.log_lift)
    level = predict_level(
        windows.log_ratio, windows.expected, windows.level, at_event=event.level[0], overlap=windows.overlap
    )
    counts, expected = window_rows(panel, series, fits, length)
    # What stage 2 predicts of each placebo window comes off it too: what is left is the error of prediction.
    predicted = expected * np.exp(windows.log_ratio - level.errors)[:, None]
    errors = (counts - predicted) / np.sqrt(np.maximum(predicted, _LEAST_EXPECTED))
    own_counts, own_expected = window_rows(panel, series, left, length)
    lifted = own_expected[0] * np.exp(carried.log_lift[start : start + length] + level.predicted)
    hour = panel.grid.hour
    apart = np.abs((hour[fits.starts] - hour[start] + 12) % 24 - 12)
    same_time = apart <= _SAME_TIME_HOURS
    chosen = errors[same_time] if same_time.sum() >= _FEWEST_SAME_TIME else errors
    return Path(
        observed=own_counts[0], expected=lifted, errors=chosen, level_spread=float(np.sqrt(np.mean(level.errors**2)))
    )
