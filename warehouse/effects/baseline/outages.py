"""Zeros that the baseline cannot believe: the collector was blind and did not say so."""

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.design import Design
from warehouse.effects.baseline.poisson import fit_poisson
from warehouse.effects.spec import Spec

_MIN_ROWS = 30  # definition: fewer that are not zero make no fit
_TOGETHER = 0.5  # definition: the share of series that are silent where the whole source is blind
_LEAST_EXTRA = 1e-3  # numerical tolerance: below, the negative binomial is Poisson's


def find_silent_outages(counts: Floats, coverage: Floats, usable: Bools, design: Design, spec: Spec) -> Bools:
    """Rows (series x rows) whose zero has a chance below `impossible_zero` under a negative binomial.

    Both where the zeros are left out of the fit and where they are taken for true: gifts of unlike size, few an hour,
    have many true zeros.

    Where half of the series (two at least) are silent together the whole source is taken as blind.

    Source: docs/methods.md, section 2.2.
    """
    silent = np.zeros(counts.shape, dtype=bool)
    for series in range(len(counts)):
        own = counts[series], coverage[series]
        seen = usable[series] & (counts[series] > 0)
        doubtful = usable[series] & (counts[series] == 0)
        if seen.sum() < _MIN_ROWS or not doubtful.any():
            continue
        # Without the zeros the mean of what comes in large pieces is too high; with them a collector's is too low.
        for used in (seen, usable[series]):
            if doubtful.any():
                doubtful = doubtful & _is_beyond_belief(design, *own, used, spec.impossible_zero)
        silent[series] = doubtful
    together = silent.sum(axis=0) >= max(2.0, _TOGETHER * len(counts))
    return np.asarray(silent | (usable & together), dtype=np.bool_)


def _is_beyond_belief(design: Design, counts: Floats, coverage: Floats, used: Bools, impossible: float) -> Bools:
    """Rows whose zero the fit over the rows `used` cannot explain."""
    fit = fit_poisson(design, counts, coverage, used, penalty=design.penalty, towards=np.zeros(len(design.penalty)))
    # Variance = dispersion * mean; a dispersion of 1 is the Poisson limit of the same formula.
    extra = max(fit.dispersion - 1.0, _LEAST_EXTRA)
    log_chance_of_zero = -fit.rate * coverage / extra * np.log1p(extra)
    return np.asarray(log_chance_of_zero < np.log(impossible), dtype=np.bool_)
