"""What the data say of each founding claim; "insufficient" with its reason is a good answer.

Source: docs/methods.md, section 6.
"""

from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.describe.cadence import SECONDS_A_DAY, OwnVoice
from warehouse.effects.describe.claims.acts import (
    FIELD,
    NETWORK,
    OWN_HAND,
    REACTIONS,
    RETURN_FOR_MONEY,
    SIGNUPS_AN_HOUR,
)
from warehouse.effects.describe.claims.claim_rows import (
    Chosen,
    ClaimRow,
    ClaimVerdict,
    by_effect,
    claim_row,
    not_measurable,
    told_effect,
)
from warehouse.effects.describe.claims.divide import Territories, judge_divide
from warehouse.effects.describe.claims.pushes import AFTER_PUSHES, FACEBOOK, ON_FACEBOOK, PUSHES
from warehouse.effects.describe.claims.vote import judge_vote
from warehouse.effects.describe.concentration import MIN_AUTHORS, BuzzMakers
from warehouse.effects.describe.contrast import Contrast
from warehouse.effects.describe.lead_lag import LeadLag
from warehouse.effects.describe.vote import VoteSlope
from warehouse.effects.estimate.pooling import Pooled
from warehouse.effects.spec import DAYS_A_WEEK, Spec

_OUTCOMES = frozenset({"buzz", "donations"})
_PER_CENT = 100  # definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a campaign's metric tables hold that claims can rest on; None or empty where there is nothing."""

    contrasts: tuple[Contrast, ...] = ()  # debates as kind_a
    contrast_minutes: int | None = None  # the window of the contrasts
    outcomes: frozenset[str] = frozenset()  # of which there is a contrast: buzz, donations
    has_scopes: bool = False  # national and local sources of one kind are declared
    scopes: Pooled | None = None  # log ratio of national to local effects, paired by debate
    makers: tuple[BuzzMakers, ...] = ()  # blogs, in debate windows
    buzz_on_x: Chosen | None = None  # pooled over debates
    x_leads_blogs: LeadLag | None = None
    voice: tuple[OwnVoice, ...] = ()  # of one account, by time
    gifts: Chosen | None = None  # pooled over debates: 3 hours where data are that fine, else 24 hours or 3 days
    gifts_in_a_day: Chosen | None = None  # the same series over 24 hours, beside those of 3
    are_gifts_counted: bool = True  # else `gifts` is of amounts
    new_donors: Chosen | None = None
    vote: VoteSlope | None = None
    vote_pairs: int | None = None  # events and candidates with a change in polls and one in mentions; None: no polls
    has_territories: bool = False  # the campaign says who lives where and who is online there
    divides: tuple[Territories, ...] = ()  # of each series that says where gifts come from
    trend: Pooled | None = None  # change of the log rate ratio from one debate to the next


def judge_claims(findings: Findings, spec: Spec) -> list[ClaimRow]:
    """One row for each claim, in their order.

    Source: docs/methods.md, section 6.
    """
    return [
        _debates_matter_most(findings, spec),
        judge_vote(findings.vote, findings.vote_pairs, spec),
        _national_and_local(findings, spec),
        _few_bloggers(findings, spec),
        _x_makes_the_buzz(findings, spec),
        not_measurable("5", FACEBOOK, ON_FACEBOOK),
        not_measurable("6", PUSHES, AFTER_PUSHES),
        judge_divide(findings.divides, spec, has_territories=findings.has_territories),
        not_measurable("8", NETWORK, RETURN_FOR_MONEY),
        not_measurable("9", FIELD, SIGNUPS_AN_HOUR),
        not_measurable("10", OWN_HAND, REACTIONS),
        _was_addicted(findings, spec),
        _money_online(findings, spec),
        _gifts_after_debates(findings, spec),
        _growing(findings, spec),
    ]


def _debates_matter_most(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "TV debates had the most impact", "debates less every other kind of event"
    sound = [c for c in findings.contrasts if c.difference is not None]
    if not sound:
        least = spec.min_contrast_events
        reason = f"There are too few events to compare: fewer than {least} debates, or than {least} of another kind."
        return claim_row("1", claim, statistic, "insufficient", reason)
    # The kind that comes nearest to debates decides.
    hardest = min(sound, key=lambda c: c.difference or 0.0)
    verdict: ClaimVerdict = "insufficient"
    missing = ", ".join(sorted(_OUTCOMES - findings.outcomes))
    if all((c.ci_low or 0.0) > 0 for c in sound) and not missing:
        verdict = "supports"
    elif any((c.ci_high or 0.0) < 0 for c in sound):
        verdict = "contradicts"
    ratio, low, high = (float(np.exp(end or 0.0)) for end in (hardest.difference, hardest.ci_low, hardest.ci_high))
    reason = (
        f"The effect of {hardest.n_a} debates was {ratio:.2f} times that of {hardest.n_b} events of kind "
        f"{hardest.kind_b}, between {low:.2f} and {high:.2f}."
    )
    return claim_row(
        "1",
        claim,
        statistic,
        verdict,
        reason + (f" Nothing is known of {missing}." if missing else ""),
        estimate=hardest.difference,
        ci_low=hardest.ci_low,
        ci_high=hardest.ci_high,
        p=hardest.p_perm,
        unit="difference of log ratios",
        horizon_minutes=findings.contrast_minutes,
        n_events=hardest.n_a + hardest.n_b,
        rests_on=f"FROM event_contrast WHERE kind_a = 'debate' AND kind_b = '{hardest.kind_b}'"
        f" AND horizon_minutes = {findings.contrast_minutes}",
        next_step="gifts and mentions around events of each kind" if missing else None,
    )


def _national_and_local(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic, found = "National and local impact differ", "national effect over local, paired", findings.scopes
    if found is None and findings.has_scopes:
        reason = "There are national and local sources, but no debate with an estimate on both."
        return claim_row("3", claim, statistic, "insufficient", reason)
    if found is None:
        return not_measurable("3", claim, statistic)
    ratio, low, high = (float(np.exp(log)) for log in (found.mean, found.low, found.high))
    pairs = "pair" if found.n == 1 else "pairs"
    verdict: ClaimVerdict = "insufficient"
    if found.p <= spec.level and max(ratio, 1 / ratio) >= spec.scope_ratio:
        verdict = "supports"
    elif low > 1 / spec.scope_ratio and high < spec.scope_ratio:
        verdict = "contradicts"
    return claim_row(
        "3",
        claim,
        statistic,
        verdict,
        f"Over {found.n} {pairs} the effect in national sources was {ratio:.2f} times that in local ones, between "
        f"{low:.2f} and {high:.2f}.",
        estimate=ratio,
        ci_low=low,
        ci_high=high,
        p=found.p,
        unit="ratio of effects",
        n_events=found.n,
        rests_on="FROM debate_buzz_effect WHERE scope IN ('national', 'local') AND event_id != 'ALL'",
        next_step="more debates with national and local sources of one kind",
    )


def _few_bloggers(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "A few bloggers make the buzz", "authors who write half of a debate's items"
    sound = [m for m in findings.makers if m.authors_for_half is not None and m.n_authors]
    if not sound:
        reason = f"There is no debate with {spec.min_items} items by {MIN_AUTHORS} authors."
        return claim_row("4a", claim, statistic, "insufficient", reason)
    median = sorted(sound, key=lambda m: m.authors_for_half or 0)[len(sound) // 2]
    half, authors = median.authors_for_half or 0, median.n_authors or 1
    high, low = median.authors_for_half_ci_high or half, median.authors_for_half_ci_low or half
    verdict: ClaimVerdict = "insufficient"
    is_unusual = median.p_concentrated is not None and median.p_concentrated <= spec.level
    if (high <= spec.few_authors or high <= spec.few_authors_share * authors) and is_unusual:
        verdict = "supports"
    elif low > spec.many_authors_share * authors:
        verdict = "contradicts"
    usual = "" if is_unusual else ", which is not fewer than in quiet windows of that size"
    return claim_row(
        "4a",
        claim,
        statistic,
        verdict,
        f"Half of what blogs wrote after a debate came from {half} of {authors} authors{usual}.",
        estimate=float(half),
        ci_low=float(low),
        ci_high=float(high),
        p=median.p_concentrated,
        unit="authors",
        n_events=len(sound),
        rests_on="FROM buzz_makers WHERE source_kind = 'blog'",
    )


def _x_makes_the_buzz(findings: Findings, spec: Spec) -> ClaimRow:
    statistic = "pooled debate effect on X, and X before blogs"
    row = by_effect("4b", "Twitter makes the buzz", statistic, findings.buzz_on_x, "mentions", spec)
    leads = findings.x_leads_blogs
    if row.verdict != "supports" or (leads is not None and leads.verdict == "buzz_leads"):
        return row
    why = "Mentions on X rise after debates, but whether X comes before the blogs is not known."
    if leads is not None:
        why = f"Mentions on X rise after debates, but X does not come before the blogs: {leads.verdict}."
    return replace(row, verdict="insufficient", reason=why, next_step="blogs and X over a hundred days")


def _was_addicted(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "He was addicted, then regulated himself", "posts a day, by regime"
    if not findings.voice or all(v.status == "no_data" for v in findings.voice):
        return claim_row("11", claim, statistic, "insufficient", "There are no posts of an own account.")
    regimes = [v.regime for v in findings.voice]
    weeks = (findings.voice[-1].period_end_s - findings.voice[0].period_start_s) / (DAYS_A_WEEK * SECONDS_A_DAY)
    verdict: ClaimVerdict = "insufficient"
    if "rise" in regimes and "fall" in regimes[regimes.index("rise") :]:
        fall = spec.regime_fall * _PER_CENT
        verdict, reason = "supports", f"The pace of posts rose, and later fell by {fall:.0f} per cent or more."
    elif len(regimes) == 1 and findings.voice[0].status != "ok":
        reason = f"There are fewer than {spec.min_gaps + 1} posts of an own account."
    elif weeks < 2 * spec.min_regime_weeks:
        least = 2 * spec.min_regime_weeks
        reason = f"Only {weeks:.0f} weeks were seen: a change of pace shows in {least} at the least."
    else:
        verdict = "contradicts"
        reason = f"In {weeks:.0f} weeks the pace of posts did not rise and then fall: {', '.join(regimes)}."
    return claim_row("11", claim, statistic, verdict, reason, rests_on="FROM own_voice")


def _money_online(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "The internet is useful for raising money", "new donors after debates"
    return by_effect("12", claim, statistic, findings.new_donors, "new donors", spec)


def _gifts_after_debates(findings: Findings, spec: Spec) -> ClaimRow:
    claim = "Donations came right after debates"
    statistic = "pooled effect on the number of gifts" if findings.are_gifts_counted else "pooled effect on amounts"
    what = "gifts" if findings.are_gifts_counted else "amounts given"
    row = by_effect("13", claim, statistic, findings.gifts, what, spec)
    beside = findings.gifts_in_a_day
    if row.estimate is None or beside is None or beside.row.rr is None:
        return row
    return replace(row, reason=f"{row.reason} {told_effect(beside, what)}.")


def _growing(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic, trend = "A new, growing trend", "change of the effect from debate to debate", findings.trend
    if trend is None or trend.n < spec.min_trend_events:
        reason = f"There are fewer than {spec.min_trend_events} debates with an estimate."
        step = None if trend is None else f"{spec.min_trend_events - trend.n} more debates with an estimate"
        return claim_row("14", claim, statistic, "insufficient", reason, next_step=step)
    verdict: ClaimVerdict = "supports" if trend.low > 0 else "contradicts" if trend.high < 0 else "insufficient"
    ratio, low, high = (float(np.exp(log)) for log in (trend.mean, trend.low, trend.high))
    return claim_row(
        "14",
        claim,
        statistic,
        verdict,
        f"Over {trend.n} debates, each effect was {ratio:.2f} times the one before, between {low:.2f} and {high:.2f}.",
        estimate=trend.mean,
        ci_low=trend.low,
        ci_high=trend.high,
        p=trend.p,
        unit="change of the log ratio a debate",
        n_events=trend.n,
        rests_on="FROM debate_donation_effect WHERE event_kind = 'debate' AND event_id != 'ALL'",
        next_step="more debates",
    )
