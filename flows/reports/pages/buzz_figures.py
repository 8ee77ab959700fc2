"""Mentions around an event by hour, and every five minutes, one figure for each kind of source."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts, file_name, unseen_by_all
from flows.reports.charts import look
from flows.reports.charts.clock import HOUR, Axis
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
    stacked,
    within,
)


def buzz_figures(facts: CampaignFacts, event: Row) -> Iterator[Figure]:
    """One figure for each kind of source and scope: a panel a candidate who took part, else of everyone."""
    asked = facts.ask("event/hours", event_id=event["event_id"], outcome="buzz")
    from_at, to_at = facts.around(event)
    kinds = dict.fromkeys(
        (row["source_kind"], row["scope"])
        for row in facts.sources.rows
        if row["source_kind"] not in ("donations", "polls", "signups")
    )
    for kind, scope in kinds:
        rows = [row for row in asked.rows if (row["series"], row["scope"]) == (kind, scope)]
        of_kind = {
            row["source_id"] for row in facts.sources.rows if (row["source_kind"], row["scope"]) == (kind, scope)
        }
        spans = within(facts.gaps(of_kind), from_at, to_at)
        panels = [
            _buzz_panel(facts, event, (kind, scope), candidate, rows=_of(candidate, rows), spans=spans)
            for candidate in event["participants"] or sorted(facts.names)
        ]
        name = facts.series("buzz", kind, scope)
        yield Figure(
            name=file_name(f"{event['event_id']}-mentions-by-hour-{kind}-{scope}"),
            title=name,
            alt=_alt_buzz(facts, event, rows, name, spans),
            key=facts.say("figure.key_buzz"),
            caption=facts.caption(name),
            chart=drawn_around(facts, event, panels, spans, height=104),
            asked=part_of(asked, rows),
            rests_on=rests_on(panels, spans),
        )


def minute_figures(facts: CampaignFacts, event: Row) -> Iterator[Figure]:
    """Five-minute bins around a debate, for kinds of source that have enough to draw."""
    if event["starts_at"] is None:
        return
    asked = facts.ask("event/minutes", event_id=event["event_id"])
    for (kind, scope), group in groupby(asked.rows, key=lambda row: (row["series"], row["scope"])):
        rows = list(group)
        if sum(row["mentions"] for row in rows) < 100:  # noqa: PLR2004 - fewer are dots on a line
            continue
        of_kind = {
            row["source_id"] for row in facts.sources.rows if (row["source_kind"], row["scope"]) == (kind, scope)
        }
        from_at, to_at = event["at"] - HOUR, event["at"] + 4 * HOUR
        spans = within(facts.gaps(of_kind), from_at, to_at)
        name = facts.series("buzz", kind, scope)
        candidates = event["participants"] or sorted(facts.names)
        panels = [
            _minute_panel(facts, event, (kind, scope), candidate, rows=_of(candidate, rows), spans=spans)
            for candidate in candidates
        ]
        chart = partial(_bins_drawn, facts, panels, spans, (from_at, to_at))
        top = max(rows, key=lambda row: row["mentions"])
        yield Figure(
            name=file_name(f"{event['event_id']}-mentions-by-five-minutes-{kind}-{scope}"),
            title=name,
            alt=facts.say("alt.minutes", names=_and(facts, candidates), series=name, top=facts.say.number(
                top["mentions"]), top_at=facts.say.clock(top["bin_at"])),
            key=facts.say("figure.key_buzz"),
            caption=facts.caption(name),
            chart=chart,
            asked=part_of(asked, rows),
            rests_on=rests_on(panels, spans),
        )  # fmt: skip


def _buzz_panel(
    facts: CampaignFacts, event: Row, series: tuple[str, str], candidate: str, *, rows: Sequence[Row],
    spans: Sequence[Row],
) -> Panel:  # fmt: skip
    # Counts have a source of their own for each candidate.
    own = [span for span in spans if _is_about(facts, span["source_id"], candidate)]
    effects = [
        row
        for row in facts.effects_of(event["event_id"], "buzz")
        if (row["series"], row["scope"], row["candidate_id"]) == (*series, candidate)
    ]
    told = badges(rows, facts, effects)
    made_up = facts.say("badge.synthetic")
    return Panel(
        rows=[placed_hour(row, 1) for row in rows],
        gaps=unseen_by_all(own, {span["source_id"] for span in own}),
        marks=event_marks(facts, event),
        title=facts.who(candidate),
        unit=facts.say("unit.mentions_hour"),
        badges=told if series[0] not in facts.synthetic or made_up in told else [made_up, *told],
        is_counted=True,
    )


def _minute_panel(
    facts: CampaignFacts, event: Row, series: tuple[str, str], candidate: str, *, rows: Sequence[Row],
    spans: Sequence[Row],
) -> Panel:  # fmt: skip
    panel = _buzz_panel(facts, event, series, candidate, rows=[], spans=spans)
    placed = [
        {"at": row["bin_at"], "observed": float(row["mentions"]), "expected": None, "low": None, "high": None,
         "is_effect": False}
        for row in rows
    ]  # fmt: skip
    return Panel(
        rows=placed, gaps=panel.gaps, marks=panel.marks, title=panel.title, unit=facts.say("unit.mentions_five"),
        badges=panel.badges, is_counted=True,
    )  # fmt: skip


def _of(candidate: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["candidate_id"] == candidate]


def _is_about(facts: CampaignFacts, source_id: str, candidate: str) -> bool:
    source = next(row for row in facts.sources.rows if row["source_id"] == source_id)
    return source["candidate_id"] in {None, "ALL", candidate}


def _bins_drawn(
    facts: CampaignFacts, panels: Sequence[Panel], spans: Sequence[Row], stretch: tuple[datetime, datetime], width: int
) -> look.AnyChart:
    axis = Axis(from_at=stretch[0], to_at=stretch[1], zone=facts.zone, width=width)
    return stacked(panels, spans, axis, facts, height=104, length=timedelta(minutes=5))


def _alt_buzz(facts: CampaignFacts, event: Row, rows: Sequence[Row], name: str, spans: Sequence[Row]) -> str:
    say = facts.say
    from_at, to_at = facts.around(event)
    if any(span["state"] == "unknown" for span in spans):
        gaps = say("alt.gaps_unknown")
    else:
        missing = hours_missing({row["interval_start_at"]: row for row in rows}.values(), from_at, to_at)
        gaps = say("alt.gaps", n=missing) if missing else say("alt.no_gaps")
    if not rows:
        return say("alt.buzz_none", series=name, gaps=gaps)
    top = max(rows, key=lambda row: row["observed"])
    return say(
        "alt.buzz",
        names=_and(facts, dict.fromkeys(row["candidate_id"] for row in rows)),
        series=name,
        from_at=say.moment(from_at),
        to_at=say.moment(to_at),
        top=f"{facts.who(top['candidate_id'])} {say.number(top['observed'])}",
        top_at=say.moment(top["interval_start_at"]),
        gaps=gaps,
    )


def _and(facts: CampaignFacts, candidates: Any) -> str:
    return ", ".join(facts.who(candidate) for candidate in candidates)
