"""What a filing deadline does, shared between candidates by empirical Bayes.

Source: DerSimonian, Laird 1986; docs/methods.md, section 2.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats

# Definition: bounds of a prior variance.
_LEAST_SPREAD = 0.02
_MOST_SPREAD = 4.0
_SPREAD_OF_ONE = 0.1  # a single candidate tells nothing about how candidates differ
_LEAST_WEIGHT = 1e-9  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePrior:
    """Mean and variance of each deadline part over candidates; `is_known`: some clean row of someone shows it."""

    mean: Floats
    spread: Floats
    is_known: Bools


def pool_deadlines(estimates: Sequence[Floats], variances: Sequence[Floats], parts: int) -> DeadlinePrior:
    """The prior that the candidates' own estimates make; an unseen part has an infinite variance.

    Source: DerSimonian, Laird 1986.
    """
    mean, spread, known = np.zeros(parts), np.ones(parts), np.zeros(parts, dtype=bool)
    if not estimates:
        return DeadlinePrior(mean=mean, spread=spread, is_known=known)
    own, var = np.array(estimates), np.array(variances)
    for part in range(parts):
        seen = np.isfinite(var[:, part])
        if not seen.any():
            continue
        known[part] = True
        mean[part], spread[part] = _shrunk_mean(own[seen, part], var[seen, part])
    return DeadlinePrior(mean=mean, spread=spread, is_known=known)


def _shrunk_mean(own: Floats, var: Floats) -> tuple[float, float]:
    weight = 1 / var
    tau2 = _SPREAD_OF_ONE
    if len(own) > 1:
        centre = (weight * own).sum() / weight.sum()
        excess = (weight * (own - centre) ** 2).sum() - (len(own) - 1)
        tau2 = max(excess / max(weight.sum() - (weight**2).sum() / weight.sum(), _LEAST_WEIGHT), _LEAST_SPREAD)
    weight = 1 / (var + tau2)
    return float((weight * own).sum() / weight.sum()), float(min(tau2 + 1 / weight.sum(), _MOST_SPREAD))
