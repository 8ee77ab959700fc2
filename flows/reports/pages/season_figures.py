"""The season day by day, and the coverage of every source through it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import altair as alt

from flows.reports.ask import Asked, Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.charts import look
from flows.reports.charts.clock import Axis
from flows.reports.charts.hours import Panel
from flows.reports.charts.season import season
from flows.reports.charts.strip import strip
from flows.reports.figure import Figure
from flows.reports.pages.around import LEFT, badges
from flows.reports.pages.units import money_unit

_NEARLY = 0.95


def season_axis(facts: CampaignFacts, width: int) -> Axis:
    """The season on a time axis."""
    return Axis(
        from_at=facts.campaign["starts_at"], to_at=facts.campaign["ends_at"], zone=facts.zone, width=width
    )  # fmt: skip


def season_figure(facts: CampaignFacts, *, has_buzz: bool = True) -> Figure | None:
    """Money and mentions by day; None where no source is named."""
    money = facts.ask("season_money")
    buzz = facts.ask("season_buzz")
    panels = [*_money_panels(facts, money), *(_buzz_panels(facts, buzz) if has_buzz else [])]
    if not panels:
        return None
    told = " ".join(said for _, said in panels)
    spans = facts.gaps({
        row["source_id"] for row in facts.sources.rows
        if row["source_kind"] != "polls" and (has_buzz or row["source_kind"] == "donations")
    })  # fmt: skip
    states = {state: facts.say(f"state.{state}") for state in look.STATES}

    def chart(width: int) -> look.AnyChart:
        axis = season_axis(facts, width)
        days = season([panel for panel, _ in panels], axis, left=LEFT[width])
        starts = [event["at"] for event in facts.events]
        return alt.vconcat(days, strip(spans, axis, states, left=LEFT[width], starts=starts), spacing=12)

    return Figure(
        name="season-by-day" if has_buzz else "money-by-day", title="", alt=facts.say("alt.season", told=told),
        key=facts.say("figure.key_season"),
        caption=facts.caption(", ".join(panel.title for panel, _ in panels)),
        chart=chart, asked=_joined(money, buzz) if has_buzz else money,
        rests_on=[
            [[panel.title, panel.badges, [str(mark) for mark in panel.marks]] for panel, _ in panels],
            [[span["source"], span["from_at"], span["to_at"], span["state"]] for span in spans],
        ],
    )  # fmt: skip


def coverage_sentence(facts: CampaignFacts) -> str:
    """How many sources were seen nearly throughout, and how many never for certain; empty where none is named."""
    sources = facts.sources.rows
    if not sources:
        return ""
    return facts.say(
        "coverage.sentence", n=len(sources), whole=sum(_share_seen(row) >= _NEARLY for row in sources),
        never=sum(row["hours_whole"] + row["hours_partial"] == 0 for row in sources),
    )  # fmt: skip


def _share_seen(row: Row) -> float:
    hours = row["hours_whole"] + row["hours_partial"] + row["hours_unseen"] + row["hours_unknown"]
    return float(row["hours_whole"] / hours) if hours else 0.0


def coverage_figure(facts: CampaignFacts) -> Figure | None:
    """One line a source through the season; None where no source is named."""
    if not facts.sources.rows:
        return None
    spans = facts.gaps({row["source_id"] for row in facts.sources.rows})
    names = {state: facts.say(f"state.{state}") for state in look.STATES}
    told = " ".join(
        facts.say("alt.strip_row", source=row["source_id"], seen=row["hours_whole"], part=row["hours_partial"],
                  unseen=row["hours_unseen"], unknown=row["hours_unknown"])
        for row in facts.sources.rows
    )  # fmt: skip

    def chart(width: int) -> look.AnyChart:
        cut, left = (60, 178) if width == look.WIDE else (30, 92)
        starts = [event["at"] for event in facts.events]
        return strip(spans, season_axis(facts, width - cut), names, left=left, starts=starts)

    return Figure(
        name="coverage-by-source", title="", alt=facts.say("alt.strip", told=told), key=facts.say("figure.key_strip"),
        caption=facts.caption(facts.say.count("sources", len(facts.sources.rows))), chart=chart,
        asked=facts.spans,
    )  # fmt: skip


def _money_panels(facts: CampaignFacts, asked: Asked) -> Iterator[tuple[Panel, str]]:
    for (series, candidate), group in groupby(asked.rows, key=lambda row: (row["series"], row["candidate_id"])):
        rows = list(group)
        unit = money_unit(
            [float(row["amount"]) for row in rows if row["amount"] is not None], facts.currency, facts.say
        )
        days = [
            _day(facts, row, None if row["amount"] is None else float(row["amount"]) / unit.size,
                 "" if row["amount"] is None else facts.say.money(float(row["amount"]), facts.currency))
            for row in rows
        ]  # fmt: skip
        name = series if candidate in {None, "ALL"} else f"{series}, {facts.who(candidate)}"
        panel = Panel(
            rows=days, gaps=_unseen_days(facts, rows), marks=facts.marks(short=True), title=name,
            unit=facts.say("unit.money_day", unit=unit.name), badges=badges(rows, facts),
        )  # fmt: skip
        yield panel, _told(facts, name, days)


def _buzz_panels(facts: CampaignFacts, asked: Asked) -> Iterator[tuple[Panel, str]]:
    for kind, group in groupby(asked.rows, key=lambda row: row["series"]):
        rows = list(group)
        days = [
            _day(facts, row, None if row["mentions"] is None else float(row["mentions"]),
                 "" if row["mentions"] is None else facts.say.number(row["mentions"]))
            for row in rows
        ]  # fmt: skip
        name = facts.series("buzz", kind)
        panel = Panel(
            rows=days, gaps=_unseen_days(facts, rows), marks=facts.marks(short=True), title=name,
            unit=facts.say("unit.mentions_day"), badges=badges(rows, facts),
        )  # fmt: skip
        yield panel, _told(facts, name, days)


def _day(facts: CampaignFacts, row: Row, observed: float | None, told: str) -> Row:
    return {
        "at": facts.midnight(row["local_on"]), "observed": observed, "is_whole": row["coverage"] == 1,
        "coverage": row["coverage"], "told": told, "says": f"{facts.say.day(row['local_on'])}: {told}",
    }  # fmt: skip


def _unseen_days(facts: CampaignFacts, rows: Sequence[Row]) -> list[Row]:
    """Days that nobody saw, and days of which nobody knows how much was seen, runs of them as one."""
    found: list[Row] = []
    for row in rows:
        state = "unseen" if row["coverage"] == 0 else "unknown" if row["coverage"] is None else None
        if state is None:
            continue
        from_at = facts.midnight(row["local_on"])
        to_at = facts.midnight(row["local_on"].fromordinal(row["local_on"].toordinal() + 1))
        if found and found[-1]["to_at"] == from_at and found[-1]["state"] == state:
            found[-1]["to_at"] = to_at
        else:
            found.append({"from_at": from_at, "to_at": to_at, "state": state, "says": facts.say(f"state.{state}")})
    return found


def _told(facts: CampaignFacts, name: str, days: Sequence[Row]) -> str:
    seen = [day for day in days if day["observed"] is not None]
    if not seen:
        return facts.say("alt.season_none", series=name)
    top = max(seen, key=lambda day: day["observed"])
    return facts.say(
        "alt.season_row", series=name, day=facts.say.day(top["at"]), top=top["told"],
        n=sum(not day["is_whole"] for day in days),
    )  # fmt: skip


def _joined(money: Asked, buzz: Asked) -> Asked:
    """Both answers under one set of columns, and both questions."""
    columns = list(dict.fromkeys([*money.columns, *buzz.columns]))
    rows = [{name: row.get(name) for name in columns} for row in [*money.rows, *buzz.rows]]
    return Asked(sql=f"{money.sql};\n\n{buzz.sql}", columns=columns, rows=rows)
