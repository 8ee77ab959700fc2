"""Claim 2, by the slope of support on buzz: a debate may move the vote without the internet, and the reason says so."""

from warehouse.effects.describe.claim_rows import NOT_MEASURABLE, ClaimRow, ClaimVerdict
from warehouse.effects.describe.vote import VoteSlope
from warehouse.effects.spec import Spec

_CLAIM = "The internet does not necessarily change the vote"
_STATISTIC = "points of support for a doubling of mentions"


def judge_vote(slope: VoteSlope | None, pairs: int | None, spec: Spec) -> ClaimRow:
    """`pairs` with a change in polls and one in mentions; None: the campaign has no polls.

    Source: docs/methods.md, section 6.
    """
    if pairs is None:
        return _row("insufficient", f"{NOT_MEASURABLE}: no source of this campaign shows it")
    if slope is None:
        needed = f"{spec.min_vote_pairs} at 3 events or more are needed"
        return _row("insufficient", f"{pairs} pairs of a change in polls and one in mentions: {needed}")
    verdict: ClaimVerdict = "insufficient"
    if slope.low > 0:
        verdict = "contradicts"
    elif max(-slope.low, slope.high) <= spec.vote_margin:
        verdict = "supports"
    reason = f"{slope.n} pairs at {slope.events} events; a debate may move the vote without the internet"
    return _row(verdict, reason, estimate=slope.slope, ci_low=slope.low, ci_high=slope.high, p=slope.p)


def _row(verdict: ClaimVerdict, reason: str, **numbers: float) -> ClaimRow:
    return ClaimRow(claim_id="2", claim=_CLAIM, statistic=_STATISTIC, verdict=verdict, reason=reason, **numbers)
