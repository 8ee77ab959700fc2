"""How wrong the counterfactual usually is: the placebo windows' errors turned into p-values and intervals.

Source: docs/methods.md, section 4; Student's t for the headline, ranks beside it (Chernozhukov, Wüthrich, Zhu 2021).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.special import stdtr, stdtrit

from warehouse.effects.arrays import Floats
from warehouse.effects.spec import Spec

_LEAST_WINDOWS = 6.0  # definition: however much they overlap, windows are worth so many independent ones
_FURTHEST_LIFT = 2.0  # definition: a count is not held to be surer than that many logs of lift make it
_HALF = 0.5  # definition: added to a sum before its logarithm
MAX_LOG = 50.0  # numerical tolerance: far beyond any ratio, well inside a double


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the placebo windows say about one estimate; logs of rate ratios."""

    low: float
    high: float
    p: float
    p_placebo: float
    p_floor: float  # the least p_placebo that overlapping windows can honestly show
    mde80: float  # as a rate ratio
    se: float
    freedom: float
    is_heavy_tailed: bool
    z_event: float
    z_placebo: Floats  # studentised errors, in the order of the windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Error variance beyond the coefficients': `constant + per_count / expected`."""

    constant: float
    per_count: float

    def variance(self, expected: Floats) -> Floats:
        """At the given expected counts."""
        return self.constant + self.per_count / (expected + _HALF)


def fit_noise(errors: Floats, fit_variance: Floats, expected: Floats, weights: Floats) -> Noise:
    """Non-negative least squares of the squared errors; counting noise is never below Poisson.

    Source: Lawson, Hanson 1974 (non-negative least squares); docs/methods.md, section 4.
    """
    root = np.sqrt(weights)
    per_count = np.column_stack([np.ones_like(expected), 1 / (expected + _HALF)])
    target = np.maximum(errors**2 - fit_variance, 0)
    (_, slope), _ = nnls(per_count * root[:, None], target * root)
    slope = max(float(slope), 1.0)
    rest = float(np.average(errors**2 - fit_variance - slope / (expected + _HALF), weights=weights))
    return Noise(constant=max(rest, 0.0), per_count=slope)


def worth_counting(nearness: Floats, overlap: float) -> float:
    """How many independent windows the placebo windows are worth.

    Source: docs/methods.md, section 4.
    """
    return max(float(nearness.sum() ** 2 / (nearness**2).sum()) / overlap, _LEAST_WINDOWS)


def scale_of(z: Floats, nearness: Floats, independent: float, least: float) -> float:
    """How far the studentised errors scatter, `least` at the least.

    Source: docs/methods.md, section 4.
    """
    square = float(np.average(z**2, weights=nearness))
    return max(float(np.sqrt(square * independent / (independent - 1))), least)


def weigh_evidence(
    estimate: float,
    *,
    event_variance: float,
    event_expected: float,
    errors: Floats,
    fit_variance: Floats,
    expected: Floats,
    weights: Floats,
    overlap: float,
    nearness: Floats,
    spec: Spec,
) -> Evidence:
    """Studentise the event and the placebo windows alike, then compare.

    `event_variance` is what coefficients and carry-over add for the event; `nearness` is how much each placebo window
    is worth in telling how wrong a window like the event's is.

    Source: Chernozhukov, Wüthrich, Zhu 2021 (ranks of residuals); docs/methods.md, section 4.
    """
    noise = fit_noise(errors, fit_variance, expected, weights)
    z = errors / np.sqrt(fit_variance + noise.variance(expected))
    independent = worth_counting(nearness, overlap)
    scale = scale_of(z, nearness, independent, spec.least_scale)

    def sigma(lift: float) -> float:
        lifted = np.array([event_expected * np.exp(np.clip(lift, -_FURTHEST_LIFT, _FURTHEST_LIFT))])
        return float(np.sqrt(event_variance + noise.variance(lifted)[0]))

    # A larger count is known better, and a smaller one worse, than the count without the event: halfway to
    # the estimate above it, all the way below. Test and interval share it, so that they agree.
    own_sigma, null_sigma = sigma(estimate if estimate < 0 else estimate / 2), sigma(0.0)
    freedom, n = independent - 1, len(z)
    z_event = estimate / own_sigma
    p = float(2 * stdtr(freedom, -abs(z_event) / scale))
    p_placebo = float((1 + (np.abs(z) >= abs(z_event)).sum()) / (n + 1))
    reach = float(stdtrit(freedom, 1 - spec.level / 2))
    # Errors far below what counting alone makes are rounding: their tails say nothing.
    is_heavy = bool(
        independent >= spec.min_tail_windows
        and scale > spec.least_scale
        and np.mean((z**2) ** 2) > spec.heavy_tail * float(np.mean(z**2)) ** 2
    )
    detectable = (reach + float(stdtrit(freedom, spec.power))) * scale * null_sigma
    return Evidence(
        low=estimate - reach * scale * own_sigma,
        high=estimate + reach * scale * own_sigma,
        p=p,
        p_placebo=p_placebo,
        p_floor=max(1 / (n + 1), 1 / (n / overlap + 1)),
        mde80=float(np.exp(min(detectable, MAX_LOG))),
        se=scale * null_sigma,
        freedom=freedom,
        is_heavy_tailed=is_heavy,
        z_event=z_event / scale,
        z_placebo=z / scale,
    )
