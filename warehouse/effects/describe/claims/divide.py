"""Claim 7: whether territories where more people are online give more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.effects.describe.claims.claim_rows import ClaimRow, ClaimVerdict, claim_row, not_measurable
from warehouse.effects.spec import Spec

CLAIM_ID = "7"
_CLAIM = "The digital divide: territory matters"
_STATISTIC = "donors against internet access"
_PER_CENT = 100  # definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Territories:
    """One row of `territory_divide`."""

    candidate_id: str
    source_id: str
    outcome: str
    n_territories: int
    n_small: int
    rate_ratio_per_10_points: float | None
    ci_low: float | None
    ci_high: float | None
    p_perm: float | None
    flags: list[str]


def judge_divide(divides: Sequence[Territories], spec: Spec, *, has_territories: bool) -> ClaimRow:
    """The rule on the series that is known best, which is chosen without a look at its slope.

    Source: docs/methods.md, section 6.
    """
    if not has_territories:
        return not_measurable(CLAIM_ID, _CLAIM, _STATISTIC)
    if not divides:
        reason = "No gift says from which of the territories it comes."
        return claim_row(CLAIM_ID, _CLAIM, _STATISTIC, "insufficient", reason, next_step="gifts with a territory")
    known = [one for one in divides if one.ci_low is not None and one.ci_high is not None]
    if known:
        return _judged(min(known, key=_width), len(known), spec)
    best = max(divides, key=lambda one: (one.n_territories - one.n_small, one.source_id))
    reason = (
        f"Only {best.n_territories - best.n_small} of {best.n_territories} territories have {spec.least_people} "
        f"{best.outcome}: {spec.min_territories} are needed, and at most "
        f"{spec.most_small_territories * _PER_CENT:.0f} per cent with fewer."
    )
    step = "gifts of a longer season, or larger territories"
    return claim_row(CLAIM_ID, _CLAIM, _STATISTIC, "insufficient", reason, next_step=step)


def _width(one: Territories) -> tuple[float, str, str]:
    return float(np.log((one.ci_high or 1.0) / (one.ci_low or 1.0))), one.source_id, one.candidate_id


def _judged(best: Territories, of: int, spec: Spec) -> ClaimRow:
    low, high, p = best.ci_low or 0.0, best.ci_high or float("inf"), best.p_perm or 1.0
    verdict: ClaimVerdict = "insufficient"
    said = "which leaves open whether there is a divide"
    if low > 1 and p <= spec.level:
        verdict, said = "supports", f"more than shares dealt at random would bring (p is {p:.2g})"
    elif low > 1 / spec.margin and high < spec.margin:
        verdict, said = "contradicts", "which leaves no room for a divide that matters"
    elif high < 1 and p <= spec.level:
        verdict, said = "contradicts", f"fewer, not more (p is {p:.2g})"
    of_several = f", the best known of {of} series" if of > 1 else ""
    not_held = "only the control given is" if "control_held_fixed" in best.flags else "income and density are not"
    reason = (
        f"Over {best.n_territories} territories, where {spec.divide_points * _PER_CENT:.0f} points more are online "
        f"{best.outcome} by inhabitant ({best.candidate_id} in {best.source_id}{of_several}) were "
        f"{best.rate_ratio_per_10_points:.2f} times as many, between {low:.2f} and {high:.2f}, {said}. "
        f"This compares territories, not people, and {not_held} held fixed."
    )
    return claim_row(
        CLAIM_ID,
        _CLAIM,
        _STATISTIC,
        verdict,
        reason,
        estimate=best.rate_ratio_per_10_points,
        ci_low=low,
        ci_high=high,
        p=best.p_perm,
        unit="ratio of rates for 10 points more online",
        rests_on=f"FROM territory_divide WHERE candidate_id = '{best.candidate_id}'"
        f" AND source_id = '{best.source_id}' AND outcome = '{best.outcome}'",
        next_step="more territories, or a longer season",
    )
