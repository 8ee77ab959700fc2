"""Founding claims on what a campaign does itself: who writes, what is sent out, where money and hours go.

Source: docs/methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.effects.describe.claims.claim_rows import ClaimRow, ClaimVerdict, claim_row
from warehouse.effects.describe.own_hand import OwnHand
from warehouse.effects.describe.scorecard import Rate
from warehouse.effects.spec import Spec

NETWORK = "The local network did not return its cost"
RETURN_FOR_MONEY = "return for money, network over all other channels"
FIELD, SIGNUPS_AN_HOUR = "Door to door and markets work best", "sign-ups an hour, field over online"
OWN_HAND, REACTIONS = "X matters only if the politician writes himself", "reactions to own and staff posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandFound:
    """One row of `own_hand`, and whose it is."""

    candidate_id: str
    source_kind: str
    hand: OwnHand


def judge_hand(found: Sequence[HandFound], spec: Spec) -> ClaimRow | None:
    """Claim 10, by the account with most posts to compare; None where no sign tells the hand of any post.

    Source: docs/methods.md, sections 6 and 7.8.
    """
    told = [one for one in found if one.hand.n_own or one.hand.n_staff]
    if not told:
        return None
    # Chosen by how much is known, without a look at the answer.
    chosen = max(
        told,
        key=lambda one: (min(one.hand.n_compared_own, one.hand.n_compared_staff), one.candidate_id, one.source_kind),
    )
    hand, of = chosen.hand, f", the best known of {len(told)} series" if len(told) > 1 else ""
    whose = f"({chosen.candidate_id} in {chosen.source_kind}{of})"
    verdict: ClaimVerdict = "insufficient"
    if hand.ratio is None or hand.ci_low is None or hand.ci_high is None:
        reason = (
            f"Within a week {hand.n_compared_own} posts by own hand and {hand.n_compared_staff} of the staff stand "
            f"beside each other {whose}: {spec.min_hand_posts} of each are needed."
        )
    else:
        reason = (
            f"Within a week, reactions to a post by own hand {whose} were {hand.ratio:.2f} times those to one of the "
            f"staff, between {hand.ci_low:.2f} and {hand.ci_high:.2f}, over {hand.n_compared_own} and "
            f"{hand.n_compared_staff} posts."
        )
        if hand.ci_low > spec.margin and hand.p_perm is not None and hand.p_perm <= spec.level:
            verdict = "supports"
        elif hand.ci_high < spec.margin:
            verdict = "contradicts"
    return claim_row(
        "10",
        OWN_HAND,
        REACTIONS,
        verdict,
        reason,
        estimate=hand.ratio,
        ci_low=hand.ci_low,
        ci_high=hand.ci_high,
        p=hand.p_perm,
        unit="ratio of reactions",
        rests_on=f"FROM own_hand WHERE candidate_id = '{chosen.candidate_id}' AND source_kind = '{chosen.source_kind}'",
        next_step=None if hand.ratio is None else "more posts of either hand in the same weeks",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFound:
    """What channels of one kind bring, over others in the same weeks."""

    rate: Rate
    came: str  # signups or amount


def judge_network(found: ReturnFound | None, spec: Spec) -> ClaimRow | None:
    """Claim 8: the network's return for money against all other channels; None where nothing was spent on one.

    Source: docs/methods.md, section 6.
    """
    if found is None:
        return None
    rate, verdict = found.rate, _verdict(found.rate, is_above=False)
    of = "sign-ups" if found.came == "signups" else "money given"
    return claim_row(
        "8",
        NETWORK,
        RETURN_FOR_MONEY,
        verdict,
        _few(rate, spec)
        or f"Over {rate.weeks} weeks the local network brought {rate.value:.2f} times the {of} of the "
        f"same money on other channels, between {rate.low:.2f} and {rate.high:.2f}.",
        estimate=rate.value,
        ci_low=rate.low,
        ci_high=rate.high,
        unit="ratio of returns for money",
        rests_on="FROM channel_scorecard WHERE spent IS NOT NULL",
        next_step=None if rate.value is None else "a longer season",
    )


def judge_field(found: ReturnFound | None, spec: Spec) -> ClaimRow | None:
    """Claim 9: sign-ups an hour in the field against those online; None without hours of both.

    Source: docs/methods.md, section 6.
    """
    if found is None:
        return None
    rate, verdict = found.rate, _verdict(found.rate, is_above=True)
    return claim_row(
        "9",
        FIELD,
        SIGNUPS_AN_HOUR,
        verdict,
        _few(rate, spec)
        or f"Over {rate.weeks} weeks an hour in the field brought {rate.value:.2f} times the sign-ups "
        f"of an hour online, between {rate.low:.2f} and {rate.high:.2f}.",
        estimate=rate.value,
        ci_low=rate.low,
        ci_high=rate.high,
        unit="ratio of sign-ups an hour",
        rests_on="FROM channel_scorecard WHERE channel_kind IN ('field', 'online')",
        next_step=None if rate.value is None else "a longer season",
    )


def _verdict(rate: Rate, *, is_above: bool) -> ClaimVerdict:
    """What the interval says of a claim that the ratio lies above 1, or below it."""
    if rate.low is not None and rate.low > 1:
        return "supports" if is_above else "contradicts"
    if rate.high is not None and rate.high < 1:
        return "contradicts" if is_above else "supports"
    return "insufficient"


def _few(rate: Rate, spec: Spec) -> str | None:
    """Why there is no ratio; None where there is one."""
    if rate.value is not None:
        return None
    return (
        f"In {rate.weeks} weeks something was laid out on both sides: {spec.min_channel_weeks} are needed, and "
        f"{spec.min_channel_returns} sign-ups or gifts on either side that name a channel."
    )
