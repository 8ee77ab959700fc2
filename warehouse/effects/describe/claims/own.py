"""Claims that a campaign states itself, judged by the rules of the founding ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from warehouse.effects.describe.claims.claim_rows import (
    Chosen,
    ClaimRow,
    ClaimVerdict,
    by_effect,
    told_effect,
)
from warehouse.effects.describe.claims.divide import Territories, judge_divide
from warehouse.effects.spec import Spec

WHAT = {"mentions": "mentions", "gifts": "gifts", "amount": "amounts given", "new_donors": "new donors"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnClaim:
    """One claim as the campaign states it."""

    claim_id: str
    claim: str
    statistic: str
    candidate: str | None
    kind: str
    horizon: int
    direction: str  # up, down, none
    source: str | None


def judge_own_effect(own: OwnClaim, chosen: Chosen | None, spec: Spec) -> ClaimRow:
    """The general rule in the claim's direction: up as for the founding claims, down its mirror, none its absence.

    Source: docs/methods.md, section 6.
    """
    statistic = f"pooled effect of events of kind {own.kind} on {WHAT[own.statistic]}"
    row = by_effect(own.claim_id, own.claim, statistic, chosen, WHAT[own.statistic], spec)
    step = "more events of that kind, or data that cover them"
    if row.verdict == "insufficient":
        row = replace(row, next_step=step, horizon_minutes=own.horizon)
    if own.direction == "up" or row.estimate is None or chosen is None:
        return row
    verdict, said = _against_rise(own.direction, chosen, spec)
    return replace(
        row,
        verdict=verdict,
        reason=f"{told_effect(chosen, WHAT[own.statistic])}, {said}",
        horizon_minutes=own.horizon,
        next_step=step if verdict == "insufficient" else None,
    )


def _against_rise(direction: str, chosen: Chosen, spec: Spec) -> tuple[ClaimVerdict, str]:
    low, high, p = chosen.row.rr_low or 0.0, chosen.row.rr_high or float("inf"), chosen.row.p
    is_clear = p is not None and p <= spec.level
    if direction == "down":
        if high < 1 and is_clear:
            return "supports", f"fewer than chance would leave (p is {p:.2g})."
        if low > 1 / spec.margin:
            return "contradicts", f"and the whole interval lies above {1 / spec.margin:.2f}: no fall that matters."
    elif low > 1 / spec.null_margin and high < spec.null_margin:
        return "supports", f"and the whole interval lies within {1 / spec.null_margin:.2f} and {spec.null_margin:.2f}."
    elif (low > 1 or high < 1) and is_clear:
        return "contradicts", f"more than chance would bring (p is {p:.2g})."
    return "insufficient", "which leaves open whether there is any effect."


def judge_own_divide(own: OwnClaim, divides: Sequence[Territories], spec: Spec, *, has_territories: bool) -> ClaimRow:
    """Claim 7's rule on the series that the claim names; with direction none or down its verdict the other way.

    Source: docs/methods.md, section 6.
    """
    wanted = [
        one for one in divides if own.candidate in (None, one.candidate_id) and own.source in (None, one.source_id)
    ]
    row = judge_divide(wanted, spec, has_territories=has_territories)
    verdict: ClaimVerdict = row.verdict
    if own.direction != "up" and verdict in ("supports", "contradicts"):
        is_fall = row.ci_high is not None and row.ci_high < 1
        holds = is_fall if own.direction == "down" else (verdict == "contradicts" and not is_fall)
        verdict = "supports" if holds else "contradicts"
    return replace(row, claim_id=own.claim_id, claim=own.claim, verdict=verdict)
