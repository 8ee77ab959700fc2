"""What `claim` does: a printed figure beside what was seen."""

from pathlib import Path

import typer

from flows.commands.report import published_id
from flows.faults import UsageFault
from flows.inputs import settings_for
from flows.reports.ask import Asker, Row
from flows.reports.campaign_facts import CampaignFacts, NoSuchCampaign, read_facts
from flows.reports.check_claim import Checked, Figure, NoFigure, check_figure, read_figure
from warehouse.publish.reading import NothingPublished, read_published


def run_claim(
    name: str,
    home: Path | None,
    *,
    event_id: str,
    amount: str,
    hours: float,
    source_id: str | None,
    language: str | None,
) -> None:
    """Say what every definition of the figure gives, and a verdict in words.

    Raises:
        UsageFault: the amount cannot be read, or there is no such event or source, or nothing is published.
    """
    data = settings_for(home).home
    try:
        figure = read_figure(amount)
        with read_published(data) as answer:
            facts = read_facts(Asker(answer, published_id(data, name)), language)
            _refuse_unknown(facts, event_id, source_id)
            rows = facts.ask("claim", event_id=event_id, hours=str(hours)).rows
            checked = check_figure(figure, [r for r in rows if source_id in {None, r["source_id"]}])
            for line in claim_lines(facts, figure, hours, checked):
                typer.echo(line)
    except (NoFigure, NothingPublished, NoSuchCampaign) as error:
        raise UsageFault(str(error)) from error


def claim_lines(facts: CampaignFacts, figure: Figure, hours: float, checked: list[Checked]) -> list[str]:
    """The answer, line by line."""
    if not checked:
        return [facts.say("check.unseen_all")]
    return [line for one in checked for line in _told(facts, figure, hours, one)]


def _told(facts: CampaignFacts, figure: Figure, hours: float, one: Checked) -> list[str]:
    say = facts.say
    who = f"{one.source_id}, {facts.who(one.candidate_id)}"
    told = {
        "amount": figure.text,
        "seen": say.money(float(one.meant["amount"]), one.currency) if one.meant else "",
        "window": _window(facts, one.meant) if one.meant else "",
    }
    lines = [f"{who}: {say(f'check.{one.verdict}')}. {say(f'check.because_{one.because}', **told)}", ""]
    lines += [f"  {_line(facts, row, one.currency)}" for row in one.rows]
    if one.best_quiet is not None:
        best = say.money(float(one.best_quiet["amount"]), one.currency)
        lines.append(
            f"  {say('check.quiet', hours=say.hours(hours * 60), n=say.number(one.quiet), amount=best)} "
            f"{say.moment(one.best_quiet['from_at'])}"
        )
    return [*lines, ""]


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


def _refuse_unknown(facts: CampaignFacts, event_id: str, source_id: str | None) -> None:
    events = [event["event_id"] for event in facts.events if event["starts_at"] is not None]
    if event_id not in events:
        raise UsageFault(f"{event_id}: no event with a time of day. Mend: one of {', '.join(events) or 'none'}")
    sources = [row["source_id"] for row in facts.sources.rows if row["source_kind"] == "donations"]
    if source_id is not None and source_id not in sources:
        raise UsageFault(f"{source_id}: no donation source. Mend: one of {', '.join(sources) or 'none'}")
