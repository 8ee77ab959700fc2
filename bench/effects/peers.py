"""What people use instead, on the same windows: each answers with log rate ratio, interval and two-sided p.

They see the counts as a user of the tool would have them: outages that the collector declared are left out,
other debates are not.
"""

import importlib.util
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


class Guess(NamedTuple):
    log_rr: float
    low: float
    high: float
    p: float


class Window(NamedTuple):
    """One series on day rows; NaN where the collector says that it saw little."""

    own: Floats
    absent: Floats  # other series x rows, those who sit the event out
    start: int
    length: int


def before_after_welch(w: Window) -> Guess:
    """Mean of the window against the 28 days before, on logs."""
    inside, before = _logs(w.own[w.start : w.start + w.length]), _logs(w.own[w.start - 28 : w.start])
    found = stats.ttest_ind(inside, before, equal_var=False)
    interval = found.confidence_interval(0.95)
    return Guess(float(inside.mean() - before.mean()), interval.low, interval.high, float(found.pvalue))


def z_score_on_week(w: Window) -> Guess:
    """The window's mean in standard deviations of the seven days before."""
    before = w.own[w.start - 7 : w.start]
    mean, sd = float(np.nanmean(before)), float(np.nanstd(before, ddof=1))
    inside = float(np.nanmean(w.own[w.start : w.start + w.length]))
    se = sd / np.sqrt(w.length) / max(mean, 0.5)
    log_rr = float(np.log((inside + 0.5) / (mean + 0.5)))
    return _normal(log_rr, se)


def poisson_rate_ratio(w: Window) -> Guess:
    """Counts of the window against those of the 14 days before, taken as Poisson."""
    inside, before = w.own[w.start : w.start + w.length], w.own[w.start - 14 : w.start]
    a, b = float(np.nansum(inside)) + 0.5, float(np.nansum(before)) + 0.5
    rate = np.isfinite(inside).sum() / max(np.isfinite(before).sum(), 1)
    return _normal(float(np.log(a / b / rate)), float(np.sqrt(1 / a + 1 / b)))


def difference_in_differences(w: Window) -> Guess:
    """Change against the 28 days before, less the change of those who sat it out, on logs."""
    if not len(w.absent):
        return before_after_welch(w)
    with np.errstate(invalid="ignore"):
        gap = np.log(w.own + 0.5) - np.nanmean(np.log(w.absent + 0.5), axis=0)
    inside, before = gap[w.start : w.start + w.length], gap[w.start - 28 : w.start]
    found = stats.ttest_ind(inside, before, equal_var=True, nan_policy="omit")
    interval = found.confidence_interval(0.95)
    return Guess(
        float(np.nanmean(inside) - np.nanmean(before)), float(interval.low), float(interval.high), float(found.pvalue)
    )


def causal_impact(w: Window) -> Guess:
    """Local level, a weekly season, those who sat it out as covariates; p doubled, since it is of one tail."""
    from causal_impact import CausalImpact  # noqa: PLC0415 - takes part where it is installed

    first = max(0, w.start - 120)
    columns = np.column_stack([w.own, *w.absent])[first : w.start + w.length]
    seen = np.isfinite(columns).all(axis=1)
    before, inside = seen[: w.start - first], seen[w.start - first :]
    if not inside.all() or before.sum() < 30:
        return Guess(np.nan, np.nan, np.nan, np.nan)
    data, n = columns[seen], int(before.sum())
    options = {"niter": 400, "nwarmup": 200, "nseasons": 7, "season_duration": 1}
    found = CausalImpact(data, [0, n - 1], [n, len(data) - 1], model_args=options)._results
    total = float(found.actual.sum()) + 0.5
    expected = [found.predictions_mean.sum(), found.cumulative_prediction_upper, found.cumulative_prediction_lower]
    log_rr, low, high = (float(np.log(total / max(float(value), 0.5))) for value in expected)
    return Guess(log_rr, low, high, min(1.0, 2 * float(found.p_value)))


def peers() -> dict[str, Callable[[Window], Guess]]:
    found: dict[str, Callable[[Window], Guess]] = {
        "before/after, Welch": before_after_welch,
        "z-score on 7-day mean": z_score_on_week,
        "Poisson rate ratio": poisson_rate_ratio,
        "difference in differences": difference_in_differences,
    }
    if importlib.util.find_spec("causal_impact"):
        found["CausalImpact (bsts-causalimpact)"] = causal_impact
    return found


def _logs(values: Floats) -> Floats:
    return np.log(values[np.isfinite(values)] + 0.5)


def _normal(log_rr: float, se: float) -> Guess:
    half = 1.96 * se
    return Guess(log_rr, log_rr - half, log_rr + half, float(2 * stats.norm.sf(abs(log_rr) / max(se, 1e-9))))
