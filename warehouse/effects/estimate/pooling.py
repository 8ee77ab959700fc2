"""One effect from several: random effects over events, and a calendar placebo beside it.

Source: DerSimonian, Laird 1986; Hartung, Knapp 2001; docs/methods.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.estimate.comparison import Estimate
from warehouse.effects.spec import Spec

_SAME_WEEKDAY = 8  # fewer placebo windows of the event's weekday than this, and all weekdays serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A mean of log rate ratios. `next_low` and `next_high` are where the next event's effect is expected."""

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


def pool(estimates: Sequence[float], errors: Sequence[float], spec: Spec) -> Pooled:
    """The random-effects mean of at least one estimate, with the Hartung-Knapp interval.

    The standard error is never below that of the fixed-effect mean. A single estimate is its own mean, and its
    interval is that of a normal error.

    Source: DerSimonian, Laird 1986; Hartung, Knapp 2001.
    """
    y, variance = np.array(estimates, dtype=np.float64), np.array(errors, dtype=np.float64) ** 2
    n, weight = len(y), 1 / variance
    tau2 = 0.0
    if n > 1:
        spread = float((weight * (y - (weight * y).sum() / weight.sum()) ** 2).sum()) - (n - 1)
        tau2 = max(0.0, spread / max(float(weight.sum() - (weight**2).sum() / weight.sum()), 1e-12))
    pooled = 1 / (variance + tau2)
    mean = float((pooled * y).sum() / pooled.sum())
    se = float(1 / np.sqrt(weight.sum()))
    if n > 1:
        knapp = float((pooled * (y - mean) ** 2).sum() / ((n - 1) * pooled.sum()))
        se = max(se, float(np.sqrt(knapp)))
    freedom = float(n - 1) if n > 1 else float("inf")
    reach = float(stats.t.ppf(1 - spec.level / 2, freedom))
    ahead = reach * float(np.sqrt(tau2 + se**2))
    return Pooled(
        n=n,
        mean=mean,
        se=se,
        low=mean - reach * se,
        high=mean + reach * se,
        p=float(2 * stats.t.sf(abs(mean) / se, freedom)),
        freedom=freedom,
        tau2=tau2,
        next_low=mean - ahead,
        next_high=mean + ahead,
    )


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
    reach = float(stats.t.ppf(1 - spec.level / 2, pooled.freedom) + stats.t.ppf(spec.power, pooled.freedom))
    return float(np.exp(min(reach * pooled.se, 50.0)))
