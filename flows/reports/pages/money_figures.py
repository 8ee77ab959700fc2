"""Money around an event, one figure for each donation source and candidate."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts, file_name
from flows.reports.charts.hours import Panel
from flows.reports.figure import Figure
from flows.reports.pages.around import (
    badges,
    drawn_around,
    event_marks,
    hours_missing,
    part_of,
    placed_hour,
    rests_on,
    within,
)
from flows.reports.pages.units import MoneyUnit, money_unit
from flows.reports.sentences import effect_sentence, headline


def money_figures(facts: CampaignFacts, event: Row) -> Iterator[Figure]:
    """One figure for each donation source and candidate; one of which no hour was seen is all gap."""
    asked = facts.ask("event/hours", event_id=event["event_id"], outcome="money")
    by_series = {(source, who): list(group) for (source, _, who), group in groupby(asked.rows, key=_series)}
    seen = {source for source, _ in by_series}
    unseen: dict[tuple[str, str], list[Row]] = {
        (row["source_id"], row["candidate_id"] or "ALL"): []
        for row in facts.sources.rows
        if row["source_kind"] == "donations" and row["source_id"] not in seen
    }
    for (source, candidate), rows in (by_series | unseen).items():
        unit = money_unit([float(row["observed"]) for row in rows], facts.currency, facts.say)
        told = [placed_hour(row, unit.size) for row in rows]
        gaps = within(facts.gaps({source}), *facts.around(event))
        effects = [
            row
            for row in facts.effects_of(event["event_id"], "money", "amount")
            if (row["series"], row["candidate_id"]) == (source, candidate)
        ]
        panel = Panel(
            rows=told, gaps=gaps, marks=event_marks(facts, event), title="",
            unit=facts.say("unit.money_hour", unit=unit.name), badges=badges(rows, facts, effects),
        )  # fmt: skip
        told_first = headline(effects)
        sentence = (
            effect_sentence(told_first, facts.say, currency=facts.currency, who=facts.who(candidate), series=source)
            if told_first
            else ""
        )
        yield Figure(
            name=file_name(f"{event['event_id']}-money-by-hour-{source}-{candidate}"),
            title=f"{facts.who(candidate)}, {source}" if candidate != "ALL" else source,
            alt=_alt_money(facts, event, rows, unit, sentence),
            key=facts.say("figure.key_money"),
            caption=facts.caption(source),
            chart=drawn_around(facts, event, [panel], gaps, height=230),
            asked=part_of(asked, rows),
            rests_on=rests_on([panel], gaps),
        )


def _series(row: Row) -> tuple[str, str, str]:
    return row["series"], row["scope"], row["candidate_id"]


def _alt_money(facts: CampaignFacts, event: Row, rows: Sequence[Row], unit: MoneyUnit, sentence: str) -> str:
    if not rows:
        return facts.say("alt.money_none")
    top = max(rows, key=lambda row: row["observed"])
    from_at, to_at = facts.around(event)
    unseen = hours_missing(rows, from_at, to_at)
    return facts.say(
        "alt.money",
        from_at=facts.say.moment(from_at),
        to_at=facts.say.moment(to_at),
        top=facts.say.money(float(top["observed"]), unit.currency),
        top_at=facts.say.moment(top["interval_start_at"]),
        sentence=sentence,
        gaps=facts.say("alt.gaps", n=unseen) if unseen else facts.say("alt.no_gaps"),
    )
