"""Few counts are exact: a test and an interval by a negative binomial with the placebo windows' own dispersion.

Where a window holds a handful, the logarithm of a count is no normal thing. A count's place among all that could have
been (half of its own chance below it) is turned into a normal score, of the event and of each placebo window alike; how
far those of the placebo windows scatter says how far the event's may, as it does where counts are large.

Source: Lancaster 1961 (mid-p); McCullagh, Nelder 1989, chapter 6 (negative binomial); docs/methods.md, section 4.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betainc, betaincinv, ndtri, stdtr, stdtrit

from warehouse.effects.arrays import Floats
from warehouse.effects.estimate.inference import Evidence, scale_of
from warehouse.effects.spec import Spec

# Numerical tolerances.
_LEAST_VARIANCE = 1e-6  # of a mean: below, the negative binomial is Poisson's
_LEAST_CHANCE = 1e-12
_HALVINGS = 40
_FURTHEST_LOG = 12.0
_LEAST_MEAN = 1e-9
_MEANS_AHEAD, _COUNTS_AHEAD = 20, 200  # how far counts are looked through

_HALF = 0.5  # definition: a count, as for larger sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Counts and what was expected of them, level and all: of the placebo windows, and of the event's."""

    observed: Floats
    expected: Floats
    own_observed: float
    own_expected: float
    fit_variance: float  # of a placebo window's log mean, from the coefficients: the dispersion is at least that
    more_variance: float  # of the event's log mean, beyond it


def of_few_counts(evidence: Evidence, means: Means, *, nearness: Floats, independent: float, spec: Spec) -> Evidence:
    """The evidence, with test, interval and what could be detected by counts themselves.

    No bound is told below half a count.

    Source: docs/methods.md, section 4.
    """
    share = float(means.observed.sum()) / max(float(means.expected.sum()), _LEAST_MEAN)
    expected, own = means.expected * share, means.own_expected * share
    beyond = float(((means.observed - expected) ** 2 - expected).sum() / (expected**2).sum())
    variance = max(beyond, means.fit_variance, _LEAST_VARIANCE)
    z = _score(means.observed, expected, variance)
    scale = scale_of(z, nearness, independent, spec.least_scale)
    own_variance = variance + means.more_variance
    seen = np.array([means.own_observed])
    z_event = float(_score(seen, np.array([own]), own_variance)[0]) / scale
    reach = float(stdtrit(evidence.freedom, 1 - spec.level / 2))
    low, high = (_log_ratio(seen, own, own_variance, side * reach * scale) for side in (1.0, -1.0))
    return replace(
        evidence,
        # No count at all is compatible with any small ratio, and one with nearly any: half a count is the least told.
        low=max(low, float(np.log(_HALF / (own + _HALF)))),
        high=high,
        p=float(2 * stdtr(evidence.freedom, -abs(z_event))),
        p_placebo=float((1 + (np.abs(z / scale) >= abs(z_event)).sum()) / (len(z) + 1)),
        mde80=_detectable(own, own_variance, reach * scale, spec.power),
        z_event=z_event,
        z_placebo=z / scale,
    )


def _below(counts: Floats, mean: Floats, variance: float) -> Floats:
    """The chance of at most so many, under a negative binomial whose mean has that squared spread."""
    shape = 1 / variance
    at_most = betainc(shape, np.maximum(counts + 1, _LEAST_CHANCE), shape / (shape + mean))
    return np.where(counts < 0, 0.0, at_most)


def _score(counts: Floats, mean: Floats, variance: float) -> Floats:
    """The normal score of each count."""
    middle = (_below(counts, mean, variance) + _below(counts - 1, mean, variance)) / 2
    return np.asarray(ndtri(np.clip(middle, _LEAST_CHANCE, 1 - _LEAST_CHANCE)), dtype=np.float64)


def _log_ratio(seen: Floats, mean: float, variance: float, wanted: float) -> float:
    """The log rate ratio at which what was seen has that score: the score falls as the ratio grows."""
    first, last = -_FURTHEST_LOG, _FURTHEST_LOG
    for _ in range(_HALVINGS):
        middle = (first + last) / 2
        is_above = _score(seen, np.array([mean * np.exp(middle)]), variance)[0] > wanted
        first, last = (middle, last) if is_above else (first, middle)
    return (first + last) / 2


def _detectable(mean: float, variance: float, reach: float, power: float) -> float:
    """The least rate ratio at which so many counts as would stand out come with that chance."""
    counts = np.arange(0.0, _MEANS_AHEAD * mean + _COUNTS_AHEAD)
    # The first count that stands out; none at all does not, whatever the level.
    fewest = float(np.argmax(_score(counts, np.full(len(counts), mean), variance) >= reach)) or float(counts[-1])
    shape = 1 / variance
    part = float(betaincinv(shape, fewest, 1 - power))  # of the shape in shape and mean
    return max(shape * (1 - part) / part / mean, 1.0)
