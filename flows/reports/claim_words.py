"""What is said of a printed figure: on a screen and on a page the same lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.check_claim import Checked, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One series' answer: the verdict with its reason, and what it rests on, line by line."""

    verdict: str
    who: str
    because: str
    lines: Sequence[str]


def answers_in_words(facts: CampaignFacts, figure: Figure, hours: float, checked: Sequence[Checked]) -> list[Answered]:
    """The answer of each series."""
    return [_answered(facts, figure, hours, one) for one in checked]


def _answered(facts: CampaignFacts, figure: Figure, hours: float, one: Checked) -> Answered:
    say = facts.say
    told = {
        "amount": figure.text,
        "seen": say.money(float(one.meant["amount"]), one.currency) if one.meant else "",
        "window": _window(facts, one.meant) if one.meant else "",
    }
    lines = [_line(facts, row, one.currency) for row in one.rows]
    if one.best_quiet is not None:
        best = say.money(float(one.best_quiet["amount"]), one.currency)
        at = say.moment(one.best_quiet["from_at"])
        lines.append(
            f"{say('check.quiet', hours=say.hours(hours * 60), n=say.number(one.quiet), amount=best)} {at}"
        )  # fmt: skip
    return Answered(
        verdict=one.verdict, who=f"{one.source_id}, {facts.who(one.candidate_id)}",
        because=f"{say(f'check.{one.verdict}')}. {say(f'check.because_{one.because}', **told)}", lines=lines,
    )  # fmt: skip


def _line(facts: CampaignFacts, row: Row, currency: str) -> str:
    say = facts.say
    what = say(f"check.{row['definition']}", window=_window(facts, row))
    if row["coverage"] < 0.999:  # noqa: PLR2004 - sums of parts of hours are not exact
        return say("check.seen_in_part", what=what, share=say.share(row["coverage"]))
    if row["expected"] is None:
        return say("check.seen", what=what, amount=say.money(float(row["amount"]), currency))
    return say(
        "check.seen_expected",
        what=what,
        amount=say.money(float(row["amount"]), currency),
        expected=say.money(row["expected"], currency),
    )


def _window(facts: CampaignFacts, row: Row) -> str:
    return facts.say("check.window", start=facts.say.moment(row["from_at"]), end=facts.say.moment(row["to_at"]))
