"""One effect from several: a mean over events whose spread is hardly known, and a calendar placebo beside it.

Of a few events the spread between them cannot be told from their errors. So the interval is as wide as they are seen
to differ, but not much narrower than their own errors allow, and its length is set by what it must hold: the true mean
in as many cases as promised, over all spreads that events may have.

Source: Hartung, Knapp 2001; docs/methods.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, ndtr, stdtr, stdtrit

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.estimate.comparison import Estimate
from warehouse.effects.estimate.inference import MAX_LOG
from warehouse.effects.spec import Spec

# Numerical tolerances: grids of log rate ratios, and into how many equal parts a distribution is cut.
_SPREADS = np.concatenate([[0.0], np.geomspace(0.02, 2.0, 20)])
_PARTS_SEEN = 32
_PARTS_KNOWN = 7
_LOG_REACHES = (-3.0, 14.0)
_NORMAL = 1e9  # degrees of freedom
_CLOSE = 1e-5
_MIDDLE = 0.5  # of a part


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
    """The mean of at least one estimate, whatever the spread of events.

    `freedoms` are the degrees of freedom of the errors; none given: the errors are known. The events share the windows
    that tell how wrong they are, so that several are no surer of it than the least sure one. A single estimate is its
    own mean, with its own interval.

    Source: Hartung, Knapp 2001; docs/methods.md, section 5.
    """
    y, variance = np.array(estimates, dtype=np.float64), np.array(errors, dtype=np.float64) ** 2
    freedom = min(float(min(freedoms, default=_NORMAL)), _NORMAL)
    weights, tau2 = _weigh(y, variance, spec)
    mean = float(weights @ y)
    known = float(weights**2 @ variance)
    quantile = float(stdtrit(freedom, 1 - spec.level / 2))
    if len(y) == 1:
        unit = float(np.sqrt(known))
        reach, p = quantile * unit, float(2 * stdtr(freedom, -abs(mean) / unit))
    else:
        chance = _Chance.of(weights, variance, freedom, spec)
        least = float(stdtrit(freedom, (1 + spec.pool_least) / 2))
        reach = chance.reach(least, 1 - spec.level)
        # The same unit for test and interval, so that they agree.
        unit = float(np.sqrt(known * max((least / reach) ** 2, _spread_seen(y, weights, variance))))
        p, reach = 1 - chance.held(least / reach * abs(mean) / unit, abs(mean) / unit), reach * unit
    ahead = float(np.hypot(reach, quantile * np.sqrt(tau2)))
    return Pooled(
        n=len(y),
        mean=mean,
        se=reach / quantile,
        low=mean - reach,
        high=mean + reach,
        p=p,
        freedom=freedom,
        tau2=tau2,
        next_low=mean - ahead,
        next_high=mean + ahead,
    )


def _spread_seen(y: Floats, weights: Floats, variance: Floats) -> float:
    """How much the estimates differ, in what their known errors would make of it (squares)."""
    return float(weights @ (y - weights @ y) ** 2) / float((weights * (1 - weights)) @ variance)


@dataclass(frozen=True, slots=True)
class _Chance:
    """How often an interval about the mean holds the truth, over all spreads and over how well errors are known.

    Its half width, in known errors of the mean, is the larger of a least one and of so many times the spread seen.
    """

    seen: Floats  # (cases x parts) the spread seen, in that which known errors make
    error: Floats  # (cases x 1) the true error of the mean, in the known one
    chances: Floats  # of the cases

    @classmethod
    def of(cls, weights: Floats, variance: Floats, freedom: float, spec: Spec) -> "_Chance":
        """For these weights and errors."""
        # Windows tell the errors: the true ones are so many times larger, all of them together.
        larger = 1 / _equal_parts(freedom, _PARTS_KNOWN)
        spread2, apart = _SPREADS[:, None] ** 2, weights * (1 - weights)
        of_mean = larger + spread2 * float((weights**2).sum() / (weights**2 @ variance))
        of_spread = larger + spread2 * float(apart.sum() / (apart @ variance))
        return cls(
            seen=np.sqrt(of_spread.reshape(-1, 1) * _equal_parts(len(weights) - 1, _PARTS_SEEN)),
            error=np.sqrt(of_mean.reshape(-1, 1)),
            chances=np.repeat(_beforehand(spec) / _PARTS_KNOWN, _PARTS_KNOWN),
        )

    def held(self, least: float, times: float) -> float:
        """The chance that such an interval holds the truth."""
        half = np.maximum(least, times * self.seen)
        return float(self.chances @ (2 * ndtr(half / self.error) - 1).mean(axis=1))

    def reach(self, least: float, wanted: float) -> float:
        """So many times the spread seen, and the chance is the one wanted; or little where the least is enough."""

        def missing(log_times: float) -> float:
            return self.held(least, np.exp(log_times)) - wanted

        first, last = _LOG_REACHES
        return float(np.exp(first if missing(first) >= 0 else brentq(missing, first, last, xtol=_CLOSE)))


def _equal_parts(freedom: float, parts: int) -> Floats:
    """The middle of equal parts of a chi-squared distribution of mean 1."""
    middles = (np.arange(parts) + _MIDDLE) / parts
    return np.asarray(chdtri(freedom, 1 - middles) / freedom, dtype=np.float64)


def _weigh(y: Floats, variance: Floats, spec: Spec) -> tuple[Floats, float]:
    """Weights of the estimates, and the variance of what events do, averaged over spreads.

    A spread counts by how well it explains the estimates (restricted likelihood) and how likely it is beforehand.
    """
    each = variance[:, None] + _SPREADS**2
    weights = 1 / each
    total = weights.sum(axis=0)
    weights = weights / total
    misfit = ((y[:, None] - y @ weights) ** 2 / each).sum(axis=0)
    log_fit = -(np.log(each).sum(axis=0) + np.log(total) + misfit) / 2
    chances = _beforehand(spec) * np.exp(log_fit - log_fit.max())
    chances /= chances.sum()
    return weights @ chances, 0.0 if len(y) == 1 else float(chances @ _SPREADS**2)


def _beforehand(spec: Spec) -> Floats:
    """How likely each spread is before any event: none at all, or half-normal."""
    some = _SPREADS[1:]
    density = some * np.exp(-((some / spec.pool_spread) ** 2) / 2)  # the grid is even in logs
    return np.concatenate([[spec.pool_alike], (1 - spec.pool_alike) * density / density.sum()])


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
        drawn += rng.choice(same if len(same) >= spec.min_same_weekday else z, spec.draws)
    seen = sum(estimate.evidence.z_event for estimate in estimates)
    return float((1 + (np.abs(drawn) >= abs(seen)).sum()) / (spec.draws + 1))


def detectable(pooled: Pooled, spec: Spec) -> float:
    """The least rate ratio that the pooled test would find with the power of the spec.

    Source: docs/methods.md, section 4 and 5.
    """
    reach = float(stdtrit(pooled.freedom, 1 - spec.level / 2) + stdtrit(pooled.freedom, spec.power))
    return float(np.exp(min(reach * pooled.se, MAX_LOG)))
