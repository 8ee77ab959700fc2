"""The change of support between two sets of polls, within the same pollsters.

Weighted least squares with a term for each pollster (what a house always finds more or less) and for each kind of
people asked. A poll is as sure as its sample says, held under a quantile of all, and polls differ by more than that:
the variance between them is DerSimonian's and Laird's, and the error of the change is never less than the misfit says.

Source: DerSimonian, Laird 1986; Knapp, Hartung 2003 (random-effects meta-regression).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.polls.windows import Polls, around
from warehouse.effects.spec import Spec

POINTS = 100.0  # definition: percentage points of a share
_LEAST_WEIGHT = 1e-12  # numerical tolerances
_RANK_TOLERANCE = 1e-9  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What two sets of polls say; `change` and `se` in percentage points, None where the polls are too few."""

    n_before: int
    n_after: int
    share_before: float | None  # 0 to 1, of those asked
    share_after: float | None
    change: float | None = None
    se: float | None = None
    freedom: float | None = None  # degrees of freedom of `se`


def measure_change(polls: Polls, first: int, last: int, spec: Spec) -> Change:
    """The change from before the first day of an event to after its last one.

    Source: DerSimonian, Laird 1986; Knapp, Hartung 2003.
    """
    before, after = around(polls, first, last, spec)
    used = before | after
    share, sample, is_after = polls.share[used], polls.sample[used], after[used]
    counted = Change(
        n_before=int(before.sum()),
        n_after=int(after.sum()),
        share_before=_mean(share[~is_after], sample[~is_after]),
        share_after=_mean(share[is_after], sample[is_after]),
    )
    if not _are_enough(polls.pollster, before, after, spec):
        return counted
    fitted = _fit(share * POINTS, _variance(share, sample, spec), _design(polls, used, is_after), spec)
    if fitted is None:
        return counted
    change, se, freedom = fitted
    return Change(
        n_before=counted.n_before,
        n_after=counted.n_after,
        share_before=counted.share_before,
        share_after=counted.share_after,
        change=change,
        se=se,
        freedom=freedom,
    )


def _mean(share: Floats, sample: Floats) -> float | None:
    return float(share @ sample / sample.sum()) if len(share) else None


def _are_enough(pollster: Ints, before: Bools, after: Bools, spec: Spec) -> bool:
    """So many polls and pollsters on each side, and as many pollsters on both: the others say nothing of a change."""
    both = np.intersect1d(pollster[before], pollster[after])
    return min(before.sum(), after.sum()) >= spec.min_polls and len(both) >= spec.min_pollsters


def _variance(share: Floats, sample: Floats, spec: Spec) -> Floats:
    """Of sampling, in squared points. A common share: one that is far from the others is not the surer for it."""
    held = np.minimum(sample, np.quantile(sample, spec.poll_weight_cap))
    common = float(share @ held / held.sum())
    return np.asarray(common * (1 - common) / held * POINTS**2, dtype=np.float64)


def _design(polls: Polls, used: Bools, is_after: Bools) -> Floats:
    """The change, then a column for each pollster and for each kind of people asked but one."""
    pollsters, populations = np.unique(polls.pollster[used]), np.unique(polls.population[used])
    columns = [is_after.astype(np.float64)]
    columns += [(polls.pollster[used] == one).astype(np.float64) for one in pollsters]
    columns += [(polls.population[used] == one).astype(np.float64) for one in populations[1:]]
    return np.column_stack(columns)


def _fit(y: Floats, variance: Floats, x: Floats, spec: Spec) -> tuple[float, float, float] | None:
    """Change, its error and degrees of freedom; None where too little is left to tell the error by."""
    rank = int(np.linalg.matrix_rank(x))
    freedom = len(y) - rank
    if freedom < spec.min_poll_freedom or np.linalg.matrix_rank(x[:, 1:]) == rank:
        return None
    weight = 1 / variance
    _, _, misfit, hat = _solve(y, x, weight)
    tau2 = max(0.0, (misfit - freedom) / max(float(weight.sum()) - hat, _LEAST_WEIGHT))
    change, known, misfit, _ = _solve(y, x, 1 / (variance + tau2))
    # Never surer than if sampling and the variance between polls were all there is.
    return change, float(np.sqrt(known * max(misfit / freedom, 1.0))), float(freedom)


def _solve(y: Floats, x: Floats, weight: Floats) -> tuple[float, float, float, float]:
    """Change, its variance at known weights, the weighted squared error, and the trace that DerSimonian-Laird takes."""
    # A kind of people whom one pollster alone asks is no column of its own: the pseudo-inverse shares it out.
    weighted = x * weight[:, None]
    inverse = np.linalg.pinv(weighted.T @ x, rcond=_RANK_TOLERANCE)
    beta = inverse @ (weighted.T @ y)
    misfit = float((weight * (y - x @ beta) ** 2).sum())
    return float(beta[0]), float(inverse[0, 0]), misfit, float(np.trace(inverse @ (weighted.T @ weighted)))
