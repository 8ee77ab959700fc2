"""What is said of a claim: its verdict, a sentence that can be printed, what it rests on and what would settle it.

General rule: an effect supports a claim where its interval lies above 1, its p-value (q where it is in a family) is at
most the level and an effect of two would have shown; it contradicts where the whole interval lies under the margin that
matters.
Source: docs/methods.md, section 6.
"""

from dataclasses import dataclass
from typing import Literal

from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec

ClaimVerdict = Literal["supports", "contradicts", "insufficient", "not_measurable"]
ClaimStatus = Literal["ok", "insufficient_sample", "no_data"]
RATE_RATIO = "ratio to the usual"
_IN_HOURS = 3 * MINUTES_A_DAY  # definition: up to this a span is told in hours

# What would settle a claim; a judge who knows more says it instead.
NEXT_STEPS = {
    "1": "three events of another kind beside the debates",
    "2": "polls before and after six debates or more, and counts of mentions",
    "3": "national and local sources of the same kind",
    "4a": "posts or entries with their authors: 50 in a debate's window",
    "4b": "counts of posts on X through the debates, and their coverage",
    "5": "an export of posts on Facebook",
    "6": "sign-ups, and events of kind push with calls_for: three for a meeting, three others",
    "7": "gifts by territory, and its internet access",
    "8": "channels.csv with what the network and others cost, and gifts or sign-ups that carry their channel",
    "9": "channels.csv with hours in the field and online, and sign-ups that carry their channel",
    "10": "posts told apart by a signature or an app (signature, staff_clients in campaign.toml), 30 of each hand",
    "11": "posts of his own account",
    "12": "gifts with their donors",
    "13": "two debates more whose 24 hours hold no deadline",
    "14": "six debates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """The columns of `claims`; `status` stands beside the verdict."""

    claim_id: str
    claim: str
    statistic: str
    verdict: ClaimVerdict
    reason: str
    status: ClaimStatus = "ok"
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    unit: str | None = None  # of the estimate and its interval
    horizon_minutes: int | None = None
    n_events: int | None = None
    rests_on: str | None = None  # the rows, as SQL on the published tables
    next_step: str | None = None  # what would settle it; None where it is settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A pooled effect that stands for a campaign: the best known of several, chosen without a look at the effect."""

    row: EffectRow
    whose: str  # candidate and source
    of: int  # how many there were
    horizon_minutes: int | None = None
    kind: str = "debate"  # of the events
    where: str = ""  # SQL: the series
    rests_on: str | None = None  # SQL: the row


def claim_row(
    claim_id: str,
    claim: str,
    statistic: str,
    verdict: ClaimVerdict,
    reason: str,
    *,
    status: ClaimStatus | None = None,
    estimate: float | None = None,
    ci_low: float | None = None,
    ci_high: float | None = None,
    p: float | None = None,
    unit: str | None = None,
    horizon_minutes: int | None = None,
    n_events: int | None = None,
    rests_on: str | None = None,
    next_step: str | None = None,
) -> ClaimRow:
    """A row whose status follows from it, unless it is said: `ok` where there is an estimate or a verdict.

    Source: docs/methods.md, section 6.
    """
    is_open = verdict in ("insufficient", "not_measurable")
    if status is None:
        status = "ok" if estimate is not None or not is_open else "insufficient_sample"
    return ClaimRow(
        claim_id=claim_id,
        claim=claim,
        statistic=statistic,
        verdict=verdict,
        reason=reason,
        status=status,
        estimate=estimate,
        ci_low=ci_low,
        ci_high=ci_high,
        p=p,
        unit=unit if estimate is not None else None,
        horizon_minutes=horizon_minutes,
        n_events=n_events,
        rests_on=rests_on,
        next_step=(next_step or NEXT_STEPS.get(claim_id)) if is_open else None,
    )


def not_measurable(claim_id: str, claim: str, statistic: str) -> ClaimRow:
    """No source of the campaign can show it; `next_step` names one that would.

    Source: docs/methods.md, section 6.
    """
    reason = "No source of this campaign can show it: it needs a source of yours."
    return claim_row(claim_id, claim, statistic, "not_measurable", reason, status="no_data")


def by_effect(  # noqa: PLR0917 - each is of another meaning
    claim_id: str, claim: str, statistic: str, chosen: Chosen | None, what: str, spec: Spec
) -> ClaimRow:
    """The general rule, on one pooled effect, which the reason names; `what` was counted.

    Source: docs/methods.md, section 6.
    """
    row = None if chosen is None else chosen.row
    if chosen is None or row is None or row.rr is None or row.rr_low is None or row.rr_high is None:
        reason = "There is no estimate: there are no data, or too few."
        return claim_row(claim_id, claim, statistic, "insufficient", reason)
    name, p = ("p", row.p) if row.q_bh is None else ("q", row.q_bh)
    verdict: ClaimVerdict = "insufficient"
    said = "which leaves open whether there is any effect."
    if row.rr_low > 1 and p is not None and p <= spec.level:
        verdict, said = "supports", f"more than chance would bring ({name} is {p:.2g})."
        if row.mde80 is not None and row.mde80 > spec.mde_seen:
            verdict = "insufficient"
            said = f"clear of chance, but only effects of {row.mde80:.1f} could be seen, so it is likely too large."
    elif row.rr_high < spec.margin:
        verdict, said = "contradicts", f"and the whole interval lies under {spec.margin:.2f}: no rise that matters."
    return claim_row(
        claim_id,
        claim,
        statistic,
        verdict,
        f"{told_effect(chosen, what)}, {said}",
        estimate=row.rr,
        ci_low=row.rr_low,
        ci_high=row.rr_high,
        p=row.p,
        unit=RATE_RATIO,
        horizon_minutes=chosen.horizon_minutes,
        n_events=row.n_events,
        rests_on=chosen.rests_on,
    )


def told_effect(chosen: Chosen, what: str) -> str:
    """The beginning of a sentence: when, what, whose, how much.

    Source: docs/methods.md, section 6.
    """
    row = chosen.row
    of = f", the best known of {chosen.of} series" if chosen.of > 1 else ""
    events = "debates" if chosen.kind == "debate" else f"events of kind {chosen.kind}"
    span = span_told(chosen.horizon_minutes or MINUTES_A_DAY)
    return (
        f"In the {span} after {row.n_events} {events}, {what} ({chosen.whose}{of}) were {row.rr:.2f} times the "
        f"usual, between {row.rr_low:.2f} and {row.rr_high:.2f}"
    )


def span_told(minutes: int) -> str:
    """A horizon in words: hours up to three days, then days.

    Source: docs/methods.md, section 6.
    """
    if minutes <= _IN_HOURS and minutes % MINUTES_AN_HOUR == 0:
        return f"{minutes // MINUTES_AN_HOUR} hours"
    return f"{minutes / MINUTES_A_DAY:g} days"
