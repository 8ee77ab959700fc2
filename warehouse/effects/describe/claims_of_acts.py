"""Founding claims on what a campaign does itself: who writes, what is sent out, where money and hours go.

Source: docs/methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.effects.describe.claims import ClaimRow, ClaimVerdict
from warehouse.effects.describe.own_hand import OwnHand
from warehouse.effects.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class HandFound:
    """One row of `own_hand`, and whose it is."""

    whose: str  # candidate and kind of source
    hand: OwnHand


def judge_hand(found: Sequence[HandFound], spec: Spec) -> ClaimRow | None:
    """Claim 10, by the account with most posts to compare; None where no sign tells the hand of any post."""
    told = [one for one in found if one.hand.n_own or one.hand.n_staff]
    if not told:
        return None
    # Chosen by how much is known, without a look at the answer.
    chosen = max(told, key=lambda one: (min(one.hand.n_compared_own, one.hand.n_compared_staff), one.whose))
    hand, of = chosen.hand, f", the best known of {len(told)}" if len(told) > 1 else ""
    verdict: ClaimVerdict = "insufficient"
    if hand.ratio is None or hand.ci_low is None or hand.ci_high is None:
        reason = (
            f"{hand.n_compared_own} posts by own hand and {hand.n_compared_staff} of the staff stand beside each other "
            f"in a week, and {spec.min_hand_posts} of each are needed"
        )
    else:
        reason = (
            f"a post by own hand brings {hand.ratio:.2f} times the reactions of one by the staff in the same week, "
            f"{hand.ci_low:.2f} to {hand.ci_high:.2f}, of {hand.n_compared_own} and {hand.n_compared_staff} posts"
        )
        if hand.ci_low > spec.margin and hand.p_perm is not None and hand.p_perm <= spec.level:
            verdict = "supports"
        elif hand.ci_high < spec.margin:
            verdict = "contradicts"
    return ClaimRow(
        claim_id="10",
        claim="X matters only if the politician writes himself",
        statistic="reactions to own and staff posts",
        verdict=verdict,
        reason=f"{chosen.whose}{of}: {reason}",
        estimate=hand.ratio,
        ci_low=hand.ci_low,
        ci_high=hand.ci_high,
        p=hand.p_perm,
    )
