"""One effect from several: a mean over events whose spread is hardly known, and a calendar placebo beside it.

Of a few events the spread between them cannot be told from their errors. So it is not estimated: the interval is
averaged over all spreads, each by how well it explains the estimates and how likely it is beforehand.

Source: Higgins, Thompson, Spiegelhalter 2009; Polson, Scott 2012 (half-Cauchy); docs/methods.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.estimate.comparison import Estimate
from warehouse.effects.spec import Spec

_SAME_WEEKDAY = 8  # fewer placebo windows of the event's weekday than this, and all weekdays serve
_SPREADS = np.concatenate([[0.0], np.geomspace(0.02, 3.0, 36)])  # of log rate ratios: a numerical grid
_BEYOND = 400.0  # standard deviations: no quantile lies there
_NORMAL = 1e9  # degrees of freedom


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A mean of log rate ratios. `next_low` and `next_high` are where the next event's effect is expected.

    `se` is that which makes the interval Student's with the `freedom` of the least known event.
    """

    n: int
    mean: float
    se: float
    low: float
    high: float
    p: float
    freedom: float
    tau2: float
    next_low: float
    next_high: float


def pool(estimates: Sequence[float], errors: Sequence[float], spec: Spec, freedoms: Sequence[float] = ()) -> Pooled:
    """The mean of at least one estimate over all spreads that events may have.

    `freedoms` are the degrees of freedom of the errors; none given: the errors are known. The events share the windows
    that tell how wrong they are, so that several are no surer of it than the least sure one. A single estimate is its
    own mean, with its own interval.

    Source: Higgins, Thompson, Spiegelhalter 2009; docs/methods.md, section 5.
    """
    y, variance = np.array(estimates, dtype=np.float64), np.array(errors, dtype=np.float64) ** 2
    freedom = float(min(freedoms, default=np.inf))
    chances, means, spreads = _by_spread(y, variance, spec)
    mixture = _Mixture(chances, means, spreads, freedom)
    ahead = _Mixture(chances, means, np.hypot(spreads, _SPREADS[: len(means)]), freedom)
    low, high = mixture.interval(spec.level)
    next_low, next_high = ahead.interval(spec.level)
    below = mixture.below(0.0)
    return Pooled(
        n=len(y),
        mean=float(chances @ means),
        se=(high - low) / 2 / _quantile(freedom, 1 - spec.level / 2),
        low=low,
        high=high,
        p=min(1.0, 2 * min(below, mixture.above(0.0))),
        freedom=freedom,
        tau2=float(chances @ _SPREADS[: len(means)] ** 2),
        next_low=next_low,
        next_high=next_high,
    )


@dataclass(frozen=True, slots=True)
class _Mixture:
    """Student's distributions, each with its chance."""

    chances: Floats
    means: Floats
    scales: Floats
    freedom: float

    def below(self, value: float) -> float:
        """The chance of less than that."""
        return float(self.chances @ _distribution(self.freedom, (value - self.means) / self.scales))

    def above(self, value: float) -> float:
        """The chance of more than that."""
        return float(self.chances @ _distribution(self.freedom, (self.means - value) / self.scales))

    def interval(self, level: float) -> tuple[float, float]:
        """What leaves half of `level` to either side."""
        first, last = self.means.min() - _BEYOND * self.scales.max(), self.means.max() + _BEYOND * self.scales.max()
        low = brentq(lambda value: self.below(value) - level / 2, first, last, xtol=1e-9)
        high = brentq(lambda value: self.above(value) - level / 2, first, last, xtol=1e-9)
        return float(low), float(high)


def _by_spread(y: Floats, variance: Floats, spec: Spec) -> tuple[Floats, Floats, Floats]:
    """For each spread: its chance, the mean under it and the mean's error. One estimate says nothing of spreads."""
    spreads = _SPREADS if len(y) > 1 else _SPREADS[:1]
    each = variance[:, None] + spreads**2
    total = (1 / each).sum(axis=0)
    means = (y[:, None] / each).sum(axis=0) / total
    misfit = ((y[:, None] - means) ** 2 / each).sum(axis=0)
    log_fit = -0.5 * (np.log(each).sum(axis=0) + np.log(total) + misfit)
    chances = _beforehand(spec)[: len(spreads)] * np.exp(log_fit - log_fit.max())
    return chances / chances.sum(), means, 1 / np.sqrt(total)


def _beforehand(spec: Spec) -> Floats:
    """How likely each spread is before any event: none at all, or half-Cauchy."""
    some = _SPREADS[1:]
    density = some / (1 + (some / spec.pool_spread) ** 2)  # the grid is even in logs
    return np.concatenate([[spec.pool_alike], (1 - spec.pool_alike) * density / density.sum()])


def _distribution(freedom: float, z: Floats) -> Floats:
    return np.asarray(stdtr(min(freedom, _NORMAL), z), dtype=np.float64)


def _quantile(freedom: float, part: float) -> float:
    return float(stdtrit(min(freedom, _NORMAL), part))


def calendar_p(estimates: Sequence[Estimate], weekdays: Ints, spec: Spec) -> float:
    """How often as many randomly dated windows, one for each event, would together stand out as much.

    A draw keeps the event's weekday where enough placebo windows share it.

    Source: docs/methods.md, section 5.
    """
    rng = np.random.default_rng(spec.seed)
    drawn = np.zeros(spec.draws)
    for estimate, weekday in zip(estimates, weekdays, strict=True):
        z: Floats = estimate.evidence.z_placebo
        same = z[estimate.placebo_weekdays == weekday]
        drawn += rng.choice(same if len(same) >= _SAME_WEEKDAY else z, spec.draws)
    seen = sum(estimate.evidence.z_event for estimate in estimates)
    return float((1 + (np.abs(drawn) >= abs(seen)).sum()) / (spec.draws + 1))


def detectable(pooled: Pooled, spec: Spec) -> float:
    """The least rate ratio that the pooled test would find with the power of the spec.

    Source: docs/methods.md, section 4 and 5.
    """
    reach = _quantile(pooled.freedom, 1 - spec.level / 2) + _quantile(pooled.freedom, spec.power)
    return float(np.exp(min(reach * pooled.se, 50.0)))
