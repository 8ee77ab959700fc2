"""What the figures around an event share: its marks and badges, panels over one coverage strip, what they rest on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt

from flows.reports.ask import Asked, Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.charts import look
from flows.reports.charts.clock import HOUR, Axis
from flows.reports.charts.grounds import Mark
from flows.reports.charts.hours import Panel, panel_chart
from flows.reports.charts.strip import strip
from flows.reports.sentences import is_told

LEFT = {look.WIDE: 150, look.NARROW: 62}
_BADGES = ("synthetic", "exploratory", "so_far", "apportioned")


def event_marks(facts: CampaignFacts, event: Row) -> list[Mark]:
    """The hours in which it is awaited, the event itself, then the others of the calendar."""
    own = Mark(from_at=event["at"], to_at=event["ends_at"], label=facts.event_label(event))
    before = {
        (row["window_start_at"], row["window_end_at"])
        for row in facts.awaited
        if row["event_id"] == event["event_id"] and is_told(row)
    }
    word = facts.say("badge.awaited")
    awaited = [Mark(from_at=start, to_at=end, label=word, is_awaited=True) for start, end in sorted(before)[:1]]
    return [*awaited, own, *facts.marks(but=event["event_id"])]


def badges(rows: Sequence[Row], facts: CampaignFacts, effects: Sequence[Row] = ()) -> list[str]:
    """What a picture of these rows, and of the windows over them, must not lose."""
    flags = {flag.partition("=")[0] for row in (*rows, *effects) for flag in row["flags"] or []}
    flags |= {row["status"] for row in effects}
    return [facts.say(f"badge.{name}") for name in _BADGES if name in flags]


def placed_hour(row: Row, size: float) -> Row:
    """One hour as a panel draws it, in units of `size`."""

    def scaled(value: Any) -> float | None:
        return None if value is None else float(value) / size

    return {
        "at": row["interval_start_at"], "observed": scaled(row["observed"]), "expected": scaled(row["expected"]),
        "low": scaled(row["expected_low"]), "high": scaled(row["expected_high"]), "is_effect": row["is_effect"],
    }  # fmt: skip


def drawn_around(
    facts: CampaignFacts, event: Row, panels: Sequence[Panel], spans: Sequence[Row], *, height: int
) -> look.Maker:
    """What draws the panels over the stretch that an event's page shows, for a width."""
    from_at, to_at = facts.around(event)

    def drawn(width: int) -> look.AnyChart:
        axis = Axis(from_at=from_at, to_at=to_at, zone=facts.zone, width=width)
        return stacked(panels, spans, axis, facts, height=height)

    return drawn


def within(spans: Sequence[Row], from_at: datetime, to_at: datetime) -> list[Row]:
    """The spans that lie in the stretch, cut to it: what changes beyond it changes nothing here."""
    return [
        {**span, "from_at": max(span["from_at"], from_at), "to_at": min(span["to_at"], to_at)}
        for span in spans
        if span["to_at"] > from_at and span["from_at"] < to_at
    ]


def rests_on(panels: Sequence[Panel], spans: Sequence[Row]) -> Any:
    """What is drawn beside the rows: a figure changes where it does."""
    told = [[span["source"], span["from_at"], span["to_at"], span["state"], span["says"]] for span in spans]
    return [told, [[panel.title, panel.gaps, [str(mark) for mark in panel.marks], panel.badges] for panel in panels]]


def stacked(
    panels: Sequence[Panel], spans: Sequence[Row], axis: Axis, facts: CampaignFacts, *, height: int,
    length: timedelta = HOUR,
) -> alt.VConcatChart:  # fmt: skip
    """Panels under each other, and the coverage strip of the same axis at the foot."""
    left = LEFT[axis.width]
    states = {state: facts.say(f"state.{state}") for state in look.STATES}
    charts: list[Any] = [
        panel_chart(panel, axis, left=left, height=height, has_times=not spans and place == len(panels) - 1,
                    length=length)
        for place, panel in enumerate(panels)
    ]  # fmt: skip
    if spans:
        charts.append(strip(spans, axis, states, left=left))
    return alt.vconcat(*charts, spacing=12)


def part_of(asked: Asked, rows: list[Row]) -> Asked:
    """The answer with some of its rows."""
    return Asked(sql=asked.sql, columns=asked.columns, rows=rows)


def hours_missing(rows: Any, from_at: datetime, to_at: datetime) -> int:
    """Hours of the stretch that no row is about."""
    seen = {row["interval_start_at"] for row in rows if from_at <= row["interval_start_at"] < to_at}
    return max(round((to_at - from_at) / HOUR) - len(seen), 0)
