"""What `claim` does: a printed figure beside what was seen."""

from pathlib import Path

import typer

from flows.commands.report import published_id
from flows.faults import UsageFault
from flows.inputs import settings_for
from flows.reports.ask import Asker
from flows.reports.campaign_facts import CampaignFacts, NoSuchCampaign, read_facts
from flows.reports.check_claim import Checked, Figure, NoFigure, check_figure, read_figure
from flows.reports.claim_words import answers_in_words
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
    return [
        line
        for one in answers_in_words(facts, figure, hours, checked)
        for line in (f"{one.who}{facts.say('list.colon')}{one.because}", "", *(f"  {line}" for line in one.lines), "")
    ]


def _refuse_unknown(facts: CampaignFacts, event_id: str, source_id: str | None) -> None:
    events = [event["event_id"] for event in facts.events if event["starts_at"] is not None]
    if event_id not in events:
        raise UsageFault(f"{event_id}: no event with a time of day. Mend: one of {', '.join(events) or 'none'}")
    sources = [row["source_id"] for row in facts.sources.rows if row["source_kind"] == "donations"]
    if source_id is not None and source_id not in sources:
        raise UsageFault(f"{source_id}: no donation source. Mend: one of {', '.join(sources) or 'none'}")
