"""Claim 2, by the slope of support on buzz: a debate may move the vote without the internet, and the reason says so."""

from warehouse.effects.describe.claims.claim_rows import ClaimRow, ClaimVerdict, claim_row, not_measurable
from warehouse.effects.describe.vote import VoteSlope
from warehouse.effects.spec import Spec

CLAIM_ID = "2"
_CLAIM = "The internet does not necessarily change the vote"
_STATISTIC = "points of support for a doubling of mentions"


def judge_vote(slope: VoteSlope | None, pairs: int | None, spec: Spec) -> ClaimRow:
    """`pairs` with a change in polls and one in mentions; None: the campaign has no polls.

    Source: docs/methods.md, section 6.
    """
    if pairs is None:
        return not_measurable(CLAIM_ID, _CLAIM, _STATISTIC)
    if slope is None:
        reason = (
            f"There are {pairs} pairs of a change in polls and one in mentions: {spec.min_vote_pairs} at 3 events "
            "or more are needed."
        )
        return claim_row(CLAIM_ID, _CLAIM, _STATISTIC, "insufficient", reason)
    verdict: ClaimVerdict = "insufficient"
    said = "which leaves open whether the vote follows"
    if slope.low > 0:
        verdict, said = "contradicts", f"more than chance would bring (p is {slope.p:.2g})"
    elif max(-slope.low, slope.high) <= spec.vote_margin:
        verdict, said = "supports", "which leaves no room for a change that matters"
    reason = (
        f"Over {slope.n} pairs at {slope.events} events a doubling of mentions went with {slope.slope:.2f} points of "
        f"support, between {slope.low:.2f} and {slope.high:.2f}, {said}. "
        "A debate may move the vote without the internet."
    )
    return claim_row(
        CLAIM_ID,
        _CLAIM,
        _STATISTIC,
        verdict,
        reason,
        estimate=slope.slope,
        ci_low=slope.low,
        ci_high=slope.high,
        p=slope.p,
        unit="points of support for a doubling of mentions",
        n_events=slope.events,
        rests_on="FROM poll_change INNER JOIN debate_buzz_effect USING (campaign_id, candidate_id, event_id)",
    )
