"""What the data say of each founding claim; "insufficient" with its reason is a good answer.

General rule: an effect supports a claim where its interval lies above 1, its p-value (q where it is in a family) is at
most the level and an effect of two would have shown; it contradicts where the whole interval lies under the margin that
matters.
Source: docs/methods.md, section 6.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.describe.cadence import SECONDS_A_DAY, OwnVoice
from warehouse.effects.describe.claim_rows import NOT_MEASURABLE, ClaimRow, ClaimVerdict
from warehouse.effects.describe.concentration import MIN_AUTHORS, BuzzMakers
from warehouse.effects.describe.contrast import Contrast
from warehouse.effects.describe.lead_lag import LeadLag
from warehouse.effects.describe.timing import Timing
from warehouse.effects.describe.vote import VoteSlope
from warehouse.effects.describe.vote_claim import judge_vote
from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.estimate.pooling import Pooled
from warehouse.effects.spec import DAYS_A_WEEK, Spec

_OUTCOMES = frozenset({"buzz", "donations"})
_MOST = 0.5  # definition: most of them
_PER_CENT = 100  # definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A pooled effect that stands for a campaign: the best known of several, chosen without a look at the effect."""

    row: EffectRow
    whose: str  # candidate and source
    of: int  # how many there were


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a campaign's metric tables hold that claims can rest on; None or empty where there is nothing."""

    contrasts: tuple[Contrast, ...] = ()  # debates as kind_a
    outcomes: frozenset[str] = frozenset()  # of which there is a contrast: buzz, donations
    has_scopes: bool = False  # national and local sources of one kind are declared
    scopes: Pooled | None = None  # log ratio of national to local effects, paired by debate
    makers: tuple[BuzzMakers, ...] = ()  # blogs, in debate windows
    buzz_on_x: Chosen | None = None  # pooled over debates
    x_leads_blogs: LeadLag | None = None
    voice: tuple[OwnVoice, ...] = ()  # of one account, by time
    gifts: Chosen | None = None  # pooled over debates, count, 24 h or 3 days
    are_gifts_counted: bool = True  # else `gifts` is of amounts
    gift_timing: Timing | None = None  # hourly data only
    is_gift_data_daily: bool = True
    new_donors: Chosen | None = None
    vote: VoteSlope | None = None
    vote_pairs: int | None = None  # events and candidates with a change in polls and one in mentions; None: no polls
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
        _not_measurable("5", "Facebook is of no use", "pooled effect on Facebook"),
        _not_measurable("6", "No mobilising value, except for meetings", "sign-ups after online pushes"),
        _not_measurable("7", "The digital divide: territory matters", "donors against internet access"),
        _not_measurable("8", "The local network did not return its cost", "cost and sign-ups"),
        _not_measurable("9", "Door to door and markets work best", "field events against online pushes"),
        _not_measurable("10", "X matters only if the politician writes himself", "reactions to own and staff posts"),
        _was_addicted(findings, spec),
        _by_effect(
            "12", "The internet is useful for raising money", "new donors after debates", findings.new_donors, spec
        ),
        _gifts_after_debates(findings, spec),
        _growing(findings, spec),
    ]


def _row(
    claim_id: str, claim: str, statistic: str, verdict: ClaimVerdict, reason: str, **numbers: float | None
) -> ClaimRow:
    return ClaimRow(claim_id=claim_id, claim=claim, statistic=statistic, verdict=verdict, reason=reason, **numbers)


def _not_measurable(claim_id: str, claim: str, statistic: str) -> ClaimRow:
    return _row(claim_id, claim, statistic, "insufficient", f"{NOT_MEASURABLE}: no source of this campaign shows it")


def _by_effect(claim_id: str, claim: str, statistic: str, chosen: Chosen | None, spec: Spec) -> ClaimRow:
    """The general rule, on one pooled effect, which the reason names."""
    row = None if chosen is None else chosen.row
    if chosen is None or row is None or row.rr is None or row.rr_low is None or row.rr_high is None:
        return _row(claim_id, claim, statistic, "insufficient", "no estimate: no data")
    of = f", the best known of {chosen.of}" if chosen.of > 1 else ""
    whose = f"{chosen.whose}{of}: "
    name, p = ("p", row.p) if row.q_bh is None else ("q", row.q_bh)
    verdict: ClaimVerdict = "insufficient"
    reason = f"{row.n_events} events leave {row.rr_low:.2f} to {row.rr_high:.2f} open"
    if row.rr_low > 1 and p is not None and p <= spec.level:
        verdict, reason = "supports", f"the interval of {row.n_events} events lies above 1 and {name} is {p:.2g}"
        if row.mde80 is not None and row.mde80 > spec.mde_seen:
            verdict, reason = (
                "insufficient",
                f"significant, but only effects of {row.mde80:.1f} could be: likely too large",
            )
    elif row.rr_high < spec.margin:
        verdict, reason = "contradicts", f"the whole interval lies under {spec.margin:.2f}"
    numbers = {"estimate": row.rr, "ci_low": row.rr_low, "ci_high": row.rr_high, "p": row.p}
    return _row(claim_id, claim, statistic, verdict, whose + reason, **numbers)


def _debates_matter_most(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "TV debates had the most impact", "debates less every other kind of event"
    sound = [c for c in findings.contrasts if c.difference is not None]
    if not sound:
        return _row(
            "1",
            claim,
            statistic,
            "insufficient",
            f"fewer than {spec.min_contrast_events} events of another kind, or of debates",
        )
    # The kind that comes nearest to debates decides.
    hardest = min(sound, key=lambda c: c.difference or 0.0)
    verdict: ClaimVerdict = "insufficient"
    missing = ", ".join(sorted(_OUTCOMES - findings.outcomes))
    reason = f"against {hardest.kind_b}, {hardest.n_a} events and {hardest.n_b}"
    if missing:
        reason += f"; nothing on {missing}"
    if all((c.ci_low or 0.0) > 0 for c in sound) and not missing:
        verdict = "supports"
    elif any((c.ci_high or 0.0) < 0 for c in sound):
        verdict = "contradicts"
    return _row(
        "1",
        claim,
        statistic,
        verdict,
        f"against {hardest.kind_b}, {hardest.n_a} events and {hardest.n_b}"
        + (f"; nothing on {missing}" if missing else ""),
        estimate=hardest.difference,
        ci_low=hardest.ci_low,
        ci_high=hardest.ci_high,
        p=hardest.p_perm,
    )


def _national_and_local(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic, found = "National and local impact differ", "national effect over local, paired", findings.scopes
    if found is None and findings.has_scopes:
        reason = "national and local sources, and no debate with an estimate on both"
        return _row("3", claim, statistic, "insufficient", reason)
    if found is None:
        return _not_measurable("3", claim, statistic)
    ratio, low, high = (float(np.exp(log)) for log in (found.mean, found.low, found.high))
    verdict: ClaimVerdict = "insufficient"
    if found.p <= spec.level and max(ratio, 1 / ratio) >= spec.scope_ratio:
        verdict = "supports"
    elif low > 1 / spec.scope_ratio and high < spec.scope_ratio:
        verdict = "contradicts"
    reason = f"{found.n} pairs of effects"
    return _row("3", claim, statistic, verdict, reason, estimate=ratio, ci_low=low, ci_high=high, p=found.p)


def _few_bloggers(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "A few bloggers make the buzz", "authors who write half of a debate's items"
    sound = [m for m in findings.makers if m.authors_for_half is not None and m.n_authors]
    if not sound:
        return _row(
            "4a", claim, statistic, "insufficient", f"no debate with {spec.min_items} items of {MIN_AUTHORS} authors"
        )
    median = sorted(sound, key=lambda m: m.authors_for_half or 0)[len(sound) // 2]
    half, authors = median.authors_for_half or 0, median.n_authors or 1
    high, low = median.authors_for_half_ci_high or half, median.authors_for_half_ci_low or half
    verdict: ClaimVerdict = "insufficient"
    is_unusual = median.p_concentrated is not None and median.p_concentrated <= spec.level
    if (high <= spec.few_authors or high <= spec.few_authors_share * authors) and is_unusual:
        verdict = "supports"
    elif low > spec.many_authors_share * authors:
        verdict = "contradicts"
    reason = f"{half} of {authors} authors" + ("" if is_unusual else ", not fewer than in quiet windows of that size")
    return _row(
        "4a",
        claim,
        statistic,
        verdict,
        reason,
        estimate=float(half),
        ci_low=float(low),
        ci_high=float(high),
        p=median.p_concentrated,
    )


def _x_makes_the_buzz(findings: Findings, spec: Spec) -> ClaimRow:
    row = _by_effect(
        "4b", "Twitter makes the buzz", "pooled debate effect on X, and X before blogs", findings.buzz_on_x, spec
    )
    leads = findings.x_leads_blogs
    if row.verdict == "supports" and (leads is None or leads.verdict != "buzz_leads"):
        why = (
            "whether X leads the blogs is not known" if leads is None else f"X does not lead the blogs: {leads.verdict}"
        )
        return _row(
            "4b",
            row.claim,
            row.statistic,
            "insufficient",
            why,
            estimate=row.estimate,
            ci_low=row.ci_low,
            ci_high=row.ci_high,
            p=row.p,
        )
    return row


def _was_addicted(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic = "He was addicted, then regulated himself", "posts a day, by regime"
    if not findings.voice or all(v.status == "no_data" for v in findings.voice):
        return _row("11", claim, statistic, "insufficient", "no posts of an own account")
    regimes = [v.regime for v in findings.voice]
    if "rise" in regimes and "fall" in regimes[regimes.index("rise") :]:
        return _row(
            "11",
            claim,
            statistic,
            "supports",
            f"a rise, then a fall by {spec.regime_fall * _PER_CENT:.0f} per cent or more",
        )
    if len(regimes) == 1 and findings.voice[0].status != "ok":
        return _row("11", claim, statistic, "insufficient", f"fewer than {spec.min_gaps + 1} posts")
    weeks = (findings.voice[-1].period_end_s - findings.voice[0].period_start_s) / (DAYS_A_WEEK * SECONDS_A_DAY)
    if weeks < 2 * spec.min_regime_weeks:
        reason = f"{weeks:.0f} weeks: a change of pace shows in {2 * spec.min_regime_weeks} at the least"
        return _row("11", claim, statistic, "insufficient", reason)
    return _row("11", claim, statistic, "contradicts", f"regimes: {', '.join(regimes)}")


def _gifts_after_debates(findings: Findings, spec: Spec) -> ClaimRow:
    statistic = "pooled effect on the number of gifts" if findings.are_gifts_counted else "pooled effect on amounts"
    row = _by_effect("13", "Donations came right after debates", statistic, findings.gifts, spec)
    if row.verdict != "supports" or findings.is_gift_data_daily:
        return row
    low = findings.gift_timing.net_share_24h_ci_low if findings.gift_timing else None
    if low is not None and low > _MOST:
        return row
    reason = f"more {'gifts' if findings.are_gifts_counted else 'money'}, but not surely most of them within a day"
    return _row(
        "13",
        row.claim,
        row.statistic,
        "insufficient",
        reason,
        estimate=row.estimate,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        p=row.p,
    )


def _growing(findings: Findings, spec: Spec) -> ClaimRow:
    claim, statistic, trend = "A new, growing trend", "change of the effect from debate to debate", findings.trend
    if trend is None or trend.n < spec.min_trend_events:
        return _row("14", claim, statistic, "insufficient", f"fewer than {spec.min_trend_events} debates")
    verdict: ClaimVerdict = "supports" if trend.low > 0 else "contradicts" if trend.high < 0 else "insufficient"
    return _row(
        "14",
        claim,
        statistic,
        verdict,
        f"{trend.n} debates",
        estimate=trend.mean,
        ci_low=trend.low,
        ci_high=trend.high,
        p=trend.p,
    )
