"""Debates against other kinds of event.

Source: Hartung, Knapp 2001 (interval); Fisher 1935 (permutation); docs/methods.md, section 7.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
from scipy import stats

from warehouse.effects.arrays import Floats
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.spec import Spec

_MOST_EXACT = 20_000  # numerical tolerance: ways to deal the labels that are counted one by one
_CLOSE = 1e-12  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEffect:
    """One event's effect: its kind, log rate ratio and standard error. Several candidates of an event are one."""

    event_id: str
    kind: str
    log_rr: float
    se: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The columns of `event_contrast`; means and their difference are log rate ratios."""

    kind_a: str
    kind_b: str
    n_a: int
    n_b: int
    mean_a: float | None = None
    mean_b: float | None = None
    difference: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_perm: float | None = None
    status: Literal["ok", "insufficient_sample"] = "ok"


def contrast_kinds(effects: Sequence[KindEffect], kind_a: str, kind_b: str, spec: Spec) -> Contrast:
    """The difference of two kinds' means, with at least three events of each; candidates of one event are pooled.

    Source: Hartung, Knapp 2001; Fisher 1935 (permutation).
    """
    a, b = (_by_event([e for e in effects if e.kind == kind], spec) for kind in (kind_a, kind_b))
    if min(len(a), len(b)) < spec.min_contrast_events:
        return Contrast(kind_a=kind_a, kind_b=kind_b, n_a=len(a), n_b=len(b), status="insufficient_sample")
    pooled_a, pooled_b = (pool([y for y, _ in events], [se for _, se in events], spec) for events in (a, b))
    difference = pooled_a.mean - pooled_b.mean
    # Each of the two errors holds already what nobody knows of the spread.
    reach = float(stats.norm.ppf(1 - spec.level / 2)) * float(np.hypot(pooled_a.se, pooled_b.se))
    return Contrast(
        kind_a=kind_a,
        kind_b=kind_b,
        n_a=len(a),
        n_b=len(b),
        mean_a=pooled_a.mean,
        mean_b=pooled_b.mean,
        difference=difference,
        ci_low=difference - reach,
        ci_high=difference + reach,
        p_perm=_permutation_p(np.array([y for y, _ in a]), np.array([y for y, _ in b]), spec),
    )


def _by_event(effects: Sequence[KindEffect], spec: Spec) -> list[tuple[float, float]]:
    """Mean and standard error of each event: its candidates share the evening, so they are no separate events."""
    found = []
    for event_id in sorted({effect.event_id for effect in effects}):
        members = [effect for effect in effects if effect.event_id == event_id]
        mean = pool([m.log_rr for m in members], [m.se for m in members], spec).mean
        found.append((mean, float(np.mean([m.se for m in members]))))
    return found


def _permutation_p(a: Floats, b: Floats, spec: Spec) -> float:
    """Two-sided, over all ways to deal the labels where there are few enough, else over random ones."""
    both, n = np.concatenate([a, b]), len(a)
    seen = abs(a.mean() - b.mean()) - _CLOSE
    total = both.sum()

    def gap(sums: Floats) -> Floats:
        return np.asarray(np.abs(sums / n - (total - sums) / (len(both) - n)), dtype=np.float64)

    if comb(len(both), n) <= _MOST_EXACT:
        sums = np.array([both[list(chosen)].sum() for chosen in combinations(range(len(both)), n)])
        return float((gap(sums) >= seen).mean())
    rng = np.random.default_rng(spec.seed)
    sums = np.array([rng.permutation(both)[:n].sum() for _ in range(spec.draws)])
    return float((1 + (gap(sums) >= seen).sum()) / (spec.draws + 1))
