"""What was counted in a window, whatever can be estimated of it."""

from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.estimate.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The sum of a window; None where nobody looked. Its coverage; None where nobody knows."""

    observed: float | None
    coverage: float | None


def seen_in(counts: Floats, coverage: Floats, start: int, length: int) -> Seen:
    """What one series shows of `[start, start + length)`; coverage is NaN where unknown, 0 where unseen.

    A `length` below zero is of the rows before `start`.

    Source: docs/methods.md, section 4.
    """
    first, length = start + min(length, 0), abs(length)
    rows = slice(max(first, 0), max(first + length, 0))
    share = coverage[rows]
    if not (share != 0).any():
        return Seen(observed=None, coverage=0.0)
    known = None if np.isnan(share).any() else float(share.sum()) / length
    return Seen(observed=float(np.nansum(counts[rows])), coverage=known)


def told_apart(effect: Effect, observed: float | None) -> Effect:
    """The effect, with what nobody knows told apart from what is not there: an estimator can use neither.

    Source: docs/methods.md, section 4.
    """
    if effect.status == "no_data" and observed is not None:
        return replace(effect, status="insufficient_coverage")
    return effect
