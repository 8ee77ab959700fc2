"""Founding claims on what a campaign does itself: who writes, what is sent out, where money and hours go.

Source: docs/methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.effects.describe.claims import ClaimRow, ClaimVerdict
from warehouse.effects.describe.own_hand import OwnHand
from warehouse.effects.describe.scorecard import Rate
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFound:
    """What channels of one kind bring, over others in the same weeks."""

    rate: Rate
    came: str  # signups or amount


def judge_network(found: ReturnFound | None, spec: Spec) -> ClaimRow | None:
    """Claim 8: the network's return for money against all other channels; None where nothing was spent on one."""
    if found is None:
        return None
    reason = _reason("the local network brings", "of what the same money brought by other channels", found, spec)
    verdict: ClaimVerdict = "insufficient"
    if found.rate.high is not None and found.rate.high < 1:
        verdict = "supports"
    elif found.rate.low is not None and found.rate.low > 1:
        verdict = "contradicts"
    claim, statistic = "The local network did not return its cost", "return for money, network over all other channels"
    return _of_rate("8", claim, statistic, verdict, reason, found.rate)


def judge_field(found: ReturnFound | None, spec: Spec) -> ClaimRow | None:
    """Claim 9: sign-ups an hour in the field against those online; None without hours of both."""
    if found is None:
        return None
    reason = _reason("an hour in the field brings", "of what an hour online does", found, spec)
    verdict: ClaimVerdict = "insufficient"
    if found.rate.low is not None and found.rate.low > 1:
        verdict = "supports"
    elif found.rate.high is not None and found.rate.high < 1:
        verdict = "contradicts"
    claim, statistic = "Door to door and markets work best", "sign-ups an hour, field over online"
    return _of_rate("9", claim, statistic, verdict, reason, found.rate)


def _reason(subject: str, beside: str, found: ReturnFound, spec: Spec) -> str:
    rate = found.rate
    if rate.value is None or rate.low is None or rate.high is None:
        return (
            f"{rate.weeks} weeks in which both cost something: {spec.min_channel_weeks} are needed, and "
            f"{spec.min_channel_returns} sign-ups or gifts that name a channel on either side"
        )
    of = "sign-ups" if found.came == "signups" else "gifts in money"
    return (
        f"{subject} {rate.value:.2f} times the {of} {beside}, {rate.low:.2f} to {rate.high:.2f}, in {rate.weeks} weeks"
    )


def _of_rate(claim_id: str, claim: str, statistic: str, verdict: ClaimVerdict, reason: str, rate: Rate) -> ClaimRow:  # noqa: PLR0917 - as the columns stand
    return ClaimRow(
        claim_id=claim_id,
        claim=claim,
        statistic=statistic,
        verdict=verdict,
        reason=reason,
        estimate=rate.value,
        ci_low=rate.low,
        ci_high=rate.high,
    )
