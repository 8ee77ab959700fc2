"""Whether effects grow from one event to the next.

Source: Knapp, Hartung 2003 (random-effects meta-regression).
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from warehouse.effects.estimate.pooling import Pooled
from warehouse.effects.spec import Spec

_LEAST_WEIGHT = 1e-12  # numerical tolerance


def find_trend(estimates: Sequence[float], errors: Sequence[float], spec: Spec) -> Pooled:
    """The change of the log rate ratio from one event to the next, over at least three events in order of time.

    Source: Knapp, Hartung 2003.
    """
    y, variance = np.array(estimates, dtype=np.float64), np.array(errors, dtype=np.float64) ** 2
    n = len(y)
    x = np.column_stack([np.ones(n), np.arange(n) - (n - 1) / 2])

    def solve(weight: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float, float]:
        """Slope, its variance at known weights, and the weighted squared error."""
        inverse = np.linalg.inv((x * weight[:, None]).T @ x)
        beta = inverse @ (x * weight[:, None]).T @ y
        return float(beta[1]), float(inverse[1, 1]), float((weight * (y - x @ beta) ** 2).sum())

    weight = 1 / variance
    _, _, misfit = solve(weight)
    hat = np.linalg.inv((x * weight[:, None]).T @ x) @ (x * weight[:, None] ** 2).T @ x
    tau2 = max(0.0, (misfit - (n - 2)) / max(float(weight.sum() - np.trace(hat)), _LEAST_WEIGHT))
    slope, known, misfit = solve(1 / (variance + tau2))
    # Never surer than if the events' own errors were all there is.
    se = float(np.sqrt(known * max(misfit / (n - 2), 1.0)))
    reach = float(stats.t.ppf(1 - spec.level / 2, n - 2))
    return Pooled(
        n=n,
        mean=slope,
        se=se,
        low=slope - reach * se,
        high=slope + reach * se,
        p=float(2 * stats.t.sf(abs(slope) / se, n - 2)),
        freedom=float(n - 2),
        tau2=tau2,
        next_low=slope - reach * se,
        next_high=slope + reach * se,
    )
