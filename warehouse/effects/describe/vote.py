"""Whether support follows the buzz: the change in polls against the rise of mentions, at the same events.

Source: Knapp, Hartung 2003 (random-effects meta-regression); docs/methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from warehouse.effects.spec import Spec

_TERMS = 2  # a level and a slope
_LEAST_WEIGHT = 1e-12  # numerical tolerances
_LEAST_SPREAD = 1e-6  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What one event did to one candidate; the change and its error in percentage points."""

    event_id: str
    change: float
    se: float
    doublings: float  # log2 of the rate ratio of mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteSlope:
    """Points of support for a doubling of mentions."""

    n: int
    events: int
    slope: float
    low: float
    high: float
    p: float


def vote_slope(pairs: Sequence[Pair], spec: Spec) -> VoteSlope | None:
    """The slope over the pairs; None where they are too few, of too few events, or mentions rose alike at all of them.

    What one candidate wins the others lose, so that the pairs of one event are hardly more than one: the freedom is
    that of the events.

    Source: Knapp, Hartung 2003.
    """
    events = len({pair.event_id for pair in pairs})
    x = np.array([pair.doublings for pair in pairs], dtype=np.float64)
    if len(pairs) < spec.min_vote_pairs or events <= _TERMS or float(np.ptp(x)) < _LEAST_SPREAD:
        return None
    y = np.array([pair.change for pair in pairs], dtype=np.float64)
    variance = np.array([pair.se for pair in pairs], dtype=np.float64) ** 2
    freedom = float(min(len(pairs), events) - _TERMS)
    weight = 1 / variance
    misfit, _, _, hat = _solve(x, y, weight)
    beyond = (misfit - (len(pairs) - _TERMS)) / max(float(weight.sum()) - hat, _LEAST_WEIGHT)
    misfit, slope, known, _ = _solve(x, y, 1 / (variance + max(0.0, beyond)))
    # Never surer than if the polls' own errors were all there is.
    se = float(np.sqrt(known * max(misfit / (len(pairs) - _TERMS), 1.0)))
    reach = float(stdtrit(freedom, 1 - spec.level / 2)) * se
    return VoteSlope(
        n=len(pairs),
        events=events,
        slope=slope,
        low=slope - reach,
        high=slope + reach,
        p=float(2 * stdtr(freedom, -abs(slope) / se)),
    )


def _solve(
    x: np.ndarray[tuple[int], np.dtype[np.float64]],
    y: np.ndarray[tuple[int], np.dtype[np.float64]],
    weight: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> tuple[float, float, float, float]:
    """Weighted squared error, slope, its variance at known weights, and the trace that DerSimonian-Laird takes."""
    design = np.column_stack([np.ones(len(x)), x])
    weighted = design * weight[:, None]
    inverse = np.linalg.inv(weighted.T @ design)
    beta = inverse @ (weighted.T @ y)
    misfit = float((weight * (y - design @ beta) ** 2).sum())
    return misfit, float(beta[1]), float(inverse[1, 1]), float(np.trace(inverse @ (weighted.T @ weighted)))
