"""Zeros that the baseline cannot believe: the collector was blind and did not say so."""

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.design import Design
from warehouse.effects.baseline.poisson import fit_poisson

_IMPOSSIBLE = 1e-5
_MIN_ROWS = 30


def find_silent_outages(counts: Floats, coverage: Floats, usable: Bools, design: Design) -> Bools:
    """Rows (series x rows) whose zero has a chance below 1 in 100,000 under a negative binomial.

    Where half of the series (two at least) are silent together the whole source is taken as blind.

    Source: docs/methods.md, section 2.2.
    """
    silent = np.zeros(counts.shape, dtype=bool)
    flat = np.zeros(len(design.penalty))
    for series in range(len(counts)):
        seen = usable[series] & (counts[series] > 0)
        if seen.sum() < _MIN_ROWS or seen.sum() == usable[series].sum():
            continue
        fit = fit_poisson(design, counts[series], coverage[series], seen, penalty=design.penalty, towards=flat)
        mean = fit.rate * np.where(usable[series], coverage[series], 0.0)
        # Variance = dispersion * mean; a dispersion of 1 is the Poisson limit of the same formula.
        extra = max(fit.dispersion - 1.0, 1e-3)
        log_chance_of_zero = -mean / extra * np.log1p(extra)
        silent[series] = usable[series] & (counts[series] == 0) & (log_chance_of_zero < np.log(_IMPOSSIBLE))
    together = silent.sum(axis=0) >= max(2.0, 0.5 * len(counts))
    return np.asarray(silent | (usable & together), dtype=np.bool_)
