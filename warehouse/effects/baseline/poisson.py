"""A quasi-Poisson regression with a ridge: the baseline's engine.

Source: McCullagh, Nelder 1989, chapter 9 (quasi-likelihood).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.design import Design

# Numerical tolerances.
_MAX_STEP = 3.0
_MAX_LOG = 50.0  # far beyond any count, well inside a double
_ROUNDS = 60
_TOLERANCE = 1e-5  # steps shrink by squares: the error left is far smaller
_LEAST_STEP = 1e-12
_LEAST_TOTAL = 0.5  # of a series without any count, where the search begins
_LEAST_FREEDOM = 5.0
_LEAST_MEAN = 0.25  # a Pearson residual over a vanishing mean is no evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One series' baseline. `rate` is the mean at full coverage in every row, used rows or not."""

    coefficients: Floats
    rate: Floats
    information: Floats  # X'WX + penalty over the rows used
    dispersion: float  # at least 1


def fit_poisson(
    design: Design,
    counts: Floats,
    coverage: Floats,
    used: Bools,
    *,
    penalty: Floats,
    towards: Floats,
    begin: Floats | None = None,
) -> Fit:
    """The penalised fit over the rows `used`, with coverage as exposure; the ridge pulls `towards` a prior.

    `begin` are coefficients near the answer; without them the search begins at the mean rate.

    Source: McCullagh, Nelder 1989, chapter 9.
    """
    rows = _Rows(design, used)
    y, exposure = counts[used], coverage[used]
    mean_rate = max(float(y.sum()), _LEAST_TOTAL) / float(exposure.sum())
    beta = design.flat * np.log(mean_rate) if begin is None else begin
    log_exposure = np.log(exposure)
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(rows.times(beta) + log_exposure, -_MAX_LOG, _MAX_LOG))
        slope = rows.score(y - mean) - penalty * (beta - towards)
        step = np.linalg.solve(rows.information(mean) + np.diag(penalty), slope)
        largest = float(np.abs(step).max())
        beta = beta + step * min(1.0, _MAX_STEP / max(largest, _LEAST_STEP))
        if largest < _TOLERANCE:
            break
    rate = np.exp(np.clip(design.times(beta), -_MAX_LOG, _MAX_LOG))
    mean = rate[used] * exposure
    information = rows.information(mean) + np.diag(penalty)
    freedom = float(np.trace(np.linalg.solve(information, information - np.diag(penalty))))
    pearson = float(((y - mean) ** 2 / np.maximum(mean, _LEAST_MEAN)).sum())
    return Fit(
        coefficients=beta,
        rate=rate,
        information=information,
        dispersion=max(1.0, pearson / max(len(y) - freedom, _LEAST_FREEDOM)),
    )


class _Rows:
    """The design over the rows used: dense, or of a long season by what its columns are made of."""

    def __init__(self, design: Design, used: Bools) -> None:
        self._design, self._used = design, used
        self._dense = design.columns[:0] if design.long else design.columns[used]

    def times(self, coefficients: Floats) -> Floats:
        """X times the coefficients."""
        if self._design.long:
            return self._design.long.times(coefficients)[self._used]
        return np.asarray(self._dense @ coefficients, dtype=np.float64)

    def score(self, values: Floats) -> Floats:
        """X' times the values."""
        if self._design.long:
            return self._design.long.score(self._spread(values))
        return np.asarray(self._dense.T @ values, dtype=np.float64)

    def information(self, weights: Floats) -> Floats:
        """X'WX."""
        if self._design.long:
            return self._design.long.information(self._spread(weights))
        root = self._dense * np.sqrt(weights)[:, None]
        return np.asarray(root.T @ root, dtype=np.float64)  # of one array: half the work

    def _spread(self, values: Floats) -> Floats:
        """On all rows; 0 where one is not used."""
        everywhere = np.zeros(len(self._used))
        everywhere[self._used] = values
        return everywhere
