"""What the demo says on one screen of 80 columns: what was collected, a sentence a debate, and where to look."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from flows.collected import Collected
from flows.reports.ask import Asker, Row
from flows.reports.campaign_facts import CampaignFacts, read_facts, shortened
from flows.reports.pages.overview import money_lines
from flows.reports.pages.poll_lines import poll_shorts
from warehouse.build.run import Built
from warehouse.publish.reading import read_published

_WIDTH = 80
_WORDS = {
    "entries": "blog entries (synthetic)",
    "post_counts": "counts of posts on X",
    "ticker_readings": "readings of a donation ticker",
    "donation_totals": "sums of gifts",
    "polls": "polls",
}


def demo_screen(home: Path, campaign_id: str, collected: Mapping[str, Collected], built: Built) -> Iterator[str]:
    """The lines of the screen, but for where pages and database are."""
    with read_published(home) as answer:
        facts = read_facts(Asker(answer, campaign_id), "en")
        yield f"{facts.campaign['title']}: {facts.say.day(facts.campaign['start_on'])} to " + (
            f"{facts.say.day(facts.campaign['end_on'])}, replayed offline"
        )
        yield from wrap(f"Collected: {_collected(collected)}.", _WIDTH, subsequent_indent="  ")
        seconds = built.seconds_building + built.seconds_publishing
        yield f"Built: {len(built.tables_published)} tables in {seconds:.1f} s."
        for event in facts.events:
            if event["event_kind"] == "debate":
                yield from _told(facts, event)
        if facts.ask("event/polls", event_id="ALL").rows:
            told = "Polls: two weeks before against two after, within the same pollsters, 95 % interval. * other events"
            yield from wrap(f"{told} lie in these weeks: not this one's alone.", _WIDTH, subsequent_indent="  ")


def _collected(collected: Mapping[str, Collected]) -> str:
    landed = {table: rows for step in collected.values() for table, rows in step.landed.items()}
    aside = sum(step.set_aside.total() for step in collected.values())
    told = [f"{landed[table]:,} {words}" for table, words in _WORDS.items() if landed.get(table)]
    return ", ".join(told) + f"; {aside} set aside"


def _told(facts: CampaignFacts, event: Row) -> Iterator[str]:
    star = "" if event["is_held"] else " (a control)"
    yield shortened(f"{facts.say.day(event['at'])}  {event['title']}{star}", _WIDTH)
    polls = poll_shorts(facts, event)
    # Where polls tell something, a screen has no room for money that tells nothing; the event's page says both.
    money = [line for line in money_lines(facts, event)[:1] if not polls or line["verdict"] != "not_enough_data"]
    for line in money:
        said = line["sentence"]
        told = said if said.startswith(line["word"]) else f"{line['word']}. {said}"
        yield from wrap(told, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from (f"  {line}" for line in polls)
