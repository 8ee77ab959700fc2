"""How the number of givers follows internet access, from territory to territory.

A quasi-Poisson regression of counts with the population as exposure on the share of people online: an association
between places, not between people.

Sources: McCullagh, Nelder 1989, chapter 9 (quasi-likelihood); Breslow 1984 (extra-Poisson weights); MacKinnon,
White 1985 (HC3); Freedman, Lane 1983 (what is permuted where something is held fixed); docs/methods.md, section 7.10.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import optimize, stats

from warehouse.effects.arrays import Floats
from warehouse.effects.spec import Spec

DivideVerdict = Literal["effect", "no_detectable_effect", "not_enough_data"]

# Numerical tolerances.
_ROUNDS = 40
_TOLERANCE = 1e-8
_MAX_LOG = 50.0
_MAX_STEP = 2.0
_CLOSE = 1e-9
_MOST_SPREAD = 1e6
_ALL_ITS_OWN = 1 - 1e-6  # a territory that the line goes through whatever its count says nothing of the spread
_FEW_DIFFERENT = 1e-6  # shares that differ by less are one share


@dataclass(frozen=True, slots=True, kw_only=True)
class Divide:
    """The columns of `territory_divide`; the ratio is that of rates where 10 points more are online."""

    n_territories: int
    n_small: int
    rate_ratio_per_10_points: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_perm: float | None = None
    spread: float | None = None
    verdict: DivideVerdict = "not_enough_data"
    status: Literal["ok", "insufficient_sample"] = "ok"
    flags: tuple[str, ...] = ()


def measure_divide(
    counts: Floats, population: Floats, online_share: Floats, spec: Spec, *, control: Floats | None = None
) -> Divide:
    """The ratio of rates for 10 points more online, with its interval; one entry of each array a territory.

    `control` is held fixed by its logarithm.

    Sources: MacKinnon, White 1985; Freedman, Lane 1983.

    Source: docs/methods.md, section 7.10.
    """
    small = counts < spec.least_people
    flags = ("control_held_fixed",) if control is not None else ()
    unknown = Divide(n_territories=len(counts), n_small=int(small.sum()), status="insufficient_sample", flags=flags)
    are_few = (~small).sum() < spec.min_territories or small.mean() > spec.most_small_territories
    if are_few or np.ptp(online_share) < _FEW_DIFFERENT:
        return unknown
    held = [] if control is None else [np.log(control) - np.log(control).mean()]
    rest = np.column_stack([np.ones(len(counts)), *held])
    exposure = population / population.mean()
    share = online_share - np.average(online_share, weights=population)
    columns = np.column_stack([share, rest])
    weights, spread = even_weights(rest, counts, exposure)
    beta, error = fit_slopes(columns[None], counts[None], exposure, weights)
    if not np.isfinite(error[0]) or error[0] <= 0:
        return unknown
    reach = float(stats.t.ppf(1 - spec.level / 2, len(counts) - columns.shape[1])) * float(error[0])
    slope, points = float(beta[0]), spec.divide_points
    ratio, low, high = (float(np.exp(points * end)) for end in (slope, slope - reach, slope + reach))
    p = _permutation_p(rest, share, counts, exposure, weights, abs(slope) / float(error[0]), spec)
    return replace(
        unknown,
        status="ok",
        rate_ratio_per_10_points=ratio,
        ci_low=low,
        ci_high=high,
        p_perm=p,
        spread=float(np.sqrt(spread)),
        verdict=_verdict(low, high, p, spec),
    )


def _verdict(low: float, high: float, p: float, spec: Spec) -> DivideVerdict:
    if (low > 1 or high < 1) and p <= spec.level:
        return "effect"
    return "no_detectable_effect" if low > 1 / spec.margin and high < spec.margin else "not_enough_data"


def fit_slopes(columns: Floats, counts: Floats, exposure: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Slope and HC3 error of the first column of each of several regressions: (fits, territories, columns) at once.

    Sources: McCullagh, Nelder 1989, chapter 9; MacKinnon, White 1985.

    Source: docs/methods.md, section 7.10.
    """
    beta = np.zeros((len(columns), columns.shape[2]))
    beta[:, 1] = np.log(np.maximum(counts.sum(axis=1), 1.0) / exposure.sum())  # the second column is the level
    log_exposure = np.log(exposure)
    for _ in range(_ROUNDS):
        mean = _means(columns, beta, log_exposure)
        slope = np.einsum("fik,fi->fk", columns, weights * (counts - mean))
        step = np.linalg.solve(_information(columns, mean * weights), slope[..., None])[..., 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        beta = beta + step * np.minimum(1.0, _MAX_STEP / np.maximum(largest, _TOLERANCE))
        if largest.max() < _TOLERANCE:
            break
    mean = _means(columns, beta, log_exposure)
    inverse = np.linalg.inv(_information(columns, mean * weights))
    leverage = mean * weights * np.einsum("fik,fkl,fil->fi", columns, inverse, columns)
    residual = weights * (counts - mean) / (1 - np.minimum(leverage, _ALL_ITS_OWN))
    influence = np.einsum("fk,fik->fi", inverse[:, 0, :], columns) * residual
    return beta[:, 0], np.sqrt((influence**2).sum(axis=1))


def _means(columns: Floats, beta: Floats, log_exposure: Floats) -> Floats:
    logs = np.einsum("fik,fk->fi", columns, beta) + log_exposure
    return np.asarray(np.exp(np.clip(logs, -_MAX_LOG, _MAX_LOG)), dtype=np.float64)


def _information(columns: Floats, mean: Floats) -> Floats:
    return np.asarray(np.einsum("fik,fi,fil->fkl", columns, mean, columns), dtype=np.float64)


def even_weights(rest: Floats, counts: Floats, exposure: Floats) -> tuple[Floats, float]:
    """What each territory weighs where rates differ beyond chance, and by how much they do (squared, of the rates).

    A count says no more of the line than its own territory does: without these weights the largest would say it all.
    Both are told without the shares, so that they are the same however these are dealt.

    Source: Breslow 1984 (weights by the spread beyond chance, the spread by Pearson's chi-square).
    """
    mean = _level(rest, counts, exposure, np.ones(len(counts)))
    freedom = len(counts) - rest.shape[1]

    def surplus(spread: float) -> float:
        return float(((counts - mean) ** 2 / (mean + spread * mean**2)).sum() - freedom)

    spread = 0.0 if surplus(0.0) <= 0 else float(optimize.brentq(surplus, 0.0, _MOST_SPREAD))
    return np.asarray(1 / (1 + spread * mean), dtype=np.float64), spread


def _level(rest: Floats, counts: Floats, exposure: Floats, weights: Floats) -> Floats:
    """The means that what is held fixed tells, without the shares."""
    beta = np.zeros(rest.shape[1])
    beta[0] = np.log(max(counts.sum(), 1.0) / exposure.sum())
    log_exposure = np.log(exposure)
    mean = np.maximum(_means(rest[None], beta[None], log_exposure)[0], _TOLERANCE)
    for _ in range(_ROUNDS):
        step = np.linalg.solve(_information(rest[None], mean[None] * weights)[0], rest.T @ (weights * (counts - mean)))
        beta = beta + step * min(1.0, _MAX_STEP / max(float(np.abs(step).max()), _TOLERANCE))
        mean = np.maximum(_means(rest[None], beta[None], log_exposure)[0], _TOLERANCE)
    return np.asarray(mean, dtype=np.float64)


def _permutation_p(  # noqa: PLR0917 - each is of another meaning, and there is one caller
    rest: Floats, share: Floats, counts: Floats, exposure: Floats, weights: Floats, seen: float, spec: Spec
) -> float:
    """How often shares dealt at random among the territories give as clear a slope, by its own error.

    Where something is held fixed, what is dealt is the part of the shares that it does not tell.
    """
    told = rest @ np.linalg.lstsq(rest, share, rcond=None)[0]
    own = share - told
    rng = np.random.default_rng(spec.seed)
    as_extreme = 0
    for start in range(0, spec.permutations, spec.draws):
        deals = np.argsort(rng.random((min(spec.draws, spec.permutations - start), len(share))), axis=1)
        dealt = (told + own[deals])[..., None]
        columns = np.concatenate([dealt, np.broadcast_to(rest, (len(deals), *rest.shape))], axis=2)
        slopes, errors = fit_slopes(columns, np.broadcast_to(counts, (len(deals), len(counts))), exposure, weights)
        as_extreme += int((np.abs(slopes) / errors >= seen - _CLOSE).sum())
    return float((1 + as_extreme) / (1 + spec.permutations))
