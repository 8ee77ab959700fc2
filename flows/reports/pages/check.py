"""The checker of printed figures: its presets answered, and all that the page needs to answer any other."""

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.check_claim import check_figure, read_figure
from flows.reports.claim_words import answers_in_words
from flows.reports.tongue import catalogue

Context = dict[str, Any]
_PRINTED = Path(__file__).parents[1] / "printed_figures.csv"
_WORDS = (
    "check.", "list.colon", "money.million.", "money.billion.", "money.plain", "hours.one", "hours.other",
    "minutes.one", "minutes.other",
)  # fmt: skip


def checker(facts: CampaignFacts) -> Context | None:
    """What the form needs; None where no source tells money, or no event has a time of day."""
    events = [event for event in facts.events if event["starts_at"] is not None and event["event_kind"] != "deadline"]
    series = list(_series(facts))
    if not events or not series:
        return None
    return {
        "events": [{"id": event["event_id"], "name": facts.event_label(event)} for event in events],
        "sources": list(dict.fromkeys(one["source"] for one in series)),
        "candidates": list({one["who"]: one["who_name"] for one in series}.items()),
        "printed": list(_printed(facts, {event["event_id"] for event in events})),
        "sql": facts.ask("claim", event_id=events[0]["event_id"], hours="1").sql,
        "scripts": {"claim-data": {
            "series": series, "events": {event["event_id"]: _event(facts, event) for event in events},
            "words": {key: text for key, text in catalogue(facts.say.language).items() if key.startswith(_WORDS)},
            "language": facts.say.language, "zone": str(facts.zone), "share": facts.say.share(0.5).replace("50", "{n}"),
        }},
    }  # fmt: skip


def _series(facts: CampaignFacts) -> Iterator[Context]:
    """Each donation source and candidate with its hours that were seen whole: hour since 1970, amount, expected."""
    rows = facts.ask("claim_hours").rows
    for (source, who), group in groupby(rows, key=lambda row: (row["source_id"], row["candidate_id"])):
        hours = list(group)
        name, of = facts.say.currency(hours[0]["currency"])
        yield {
            "source": source, "who": who, "who_name": facts.who(who), "currency": {"name": name, "of": of},
            "hours": [[_seconds(row["interval_start_at"]), float(row["amount"]), row["expected"]] for row in hours],
        }  # fmt: skip


def _event(facts: CampaignFacts, event: Row) -> Context:
    """The windows of an event whose ends do not hang on the hours asked about; seconds since 1970."""
    rows = facts.ask("claim_quiet").rows
    quiet = [_seconds(row["from_at"]) for row in rows if row["event_id"] == event["event_id"]]
    day = event["starts_on"]
    return {
        "start": _seconds(event["starts_at"]), "end": _seconds(event["ends_at"] or event["starts_at"]),
        "day": [_seconds(facts.midnight(day)), _seconds(facts.midnight(day.fromordinal(day.toordinal() + 1)))],
        "quiet": quiet,
    }  # fmt: skip


def _printed(facts: CampaignFacts, events: set[str]) -> Iterator[Context]:
    """Figures that papers printed of this campaign, each with its answer."""
    with _PRINTED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["campaign_id"] != facts.campaign_id or row["event_id"] not in events:
                continue
            figure, hours = read_figure(row["amount"]), float(row["hours"])
            asked = facts.ask("claim", event_id=row["event_id"], hours=str(hours))
            says = facts.say("check.printed", amount=facts.say.money(figure.amount, facts.currency),
                             hours=facts.say.hours(hours * 60), source=row["source"])  # fmt: skip
            checked = check_figure(figure, asked.rows)
            yield {**row, "says": says, "answers": answers_in_words(facts, figure, hours, checked)}


def _seconds(at: datetime) -> int:
    return round(at.timestamp())
