"""Forest plots of effects, and how the extra money of an event came in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt

from flows.reports.ask import Asked, Row
from flows.reports.campaign_facts import CampaignFacts, file_name, shortened
from flows.reports.charts import look
from flows.reports.charts.clock import Axis
from flows.reports.charts.cumulative import HOURS, cumulative
from flows.reports.charts.forest import forest
from flows.reports.charts.share import shares
from flows.reports.charts.strip import strip
from flows.reports.figure import Figure
from flows.reports.pages.around import LEFT, within
from flows.reports.pages.units import money_unit
from flows.reports.sentences import is_told, ratio_words, verdict_of, why
from flows.reports.tongue import Tongue

_MOST = 12  # lines of a forest plot; of more, those without a number are told in words


def forest_figure(facts: CampaignFacts, rows: Sequence[Row], *, name: str, title: str) -> Figure | None:
    """Every effect of these rows, one column a horizon; None where there is none."""
    if not rows:
        return None
    horizons = sorted({row["horizon_minutes"] for row in rows})
    ordered = _by_event(facts, rows)
    columns = [
        (facts.say.hours(h), [_bar(facts, row) for row in ordered if row["horizon_minutes"] == h]) for h in horizons
    ]
    told = " ".join(
        facts.say("alt.forest_row", label=bar["label"], hours=hours, says=bar["says"])
        for hours, bars in columns
        for bar in bars
    )
    columns, left_out = _worth_drawing(facts, columns)
    labelled = max(len(bar["label"]) for _, bars in columns for bar in bars)
    left = min(30 + 6 * labelled, 230)

    def drawn(width: int) -> look.AnyChart:
        is_wide = width == look.WIDE
        return forest(columns, width=width + 118 - left if is_wide else width + 46, left=left)

    return Figure(
        name=file_name(name), title=title, alt=facts.say("alt.forest", told=told),
        key=f"{facts.say('figure.key_forest')} {facts.say('forest.axis')}. {facts.say('forest.star')}.{left_out}",
        caption=facts.caption(", ".join(dict.fromkeys(_series_name(facts, row) for row in rows))),
        chart=drawn,
        asked=Asked(sql=facts.effects.sql, columns=facts.effects.columns, rows=list(rows)),
    )  # fmt: skip


def cumulative_figure(facts: CampaignFacts, event: Row, hours: Asked, source: str, candidate: str) -> Figure | None:
    """Observed less expected, added up from the start to the first gap; None where no window has a number."""
    effects = [
        row
        for row in facts.effects_of(event["event_id"], "money", "amount")
        if row["series"] == source and row["candidate_id"] == candidate and is_told(row)
    ]
    rows = [row for row in hours.rows if (row["series"], row["candidate_id"]) == (source, candidate)]
    if not effects or event["starts_at"] is None:
        return None
    line = _added_up(rows, event)
    if len(line) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    say = facts.say
    unit = money_unit([point["excess"] for point in line], facts.currency, say)
    whiskers = [
        {"hour": row["horizon_minutes"] / 60, "low": row["excess_low"] / unit.size,
         "high": row["excess_high"] / unit.size,
         "label": say("hours.short", n=say.number(row["horizon_minutes"] / 60))}
        for row in effects
    ]  # fmt: skip
    drawn = [{"hour": point["hour"], "excess": point["excess"] / unit.size} for point in line]
    told = "; ".join(
        say("alt.cumulative_row", hours=say.hours(row["horizon_minutes"]),
            excess=say.money(row["excess"], facts.currency), low=say.money(row["excess_low"], facts.currency),
            high=say.money(row["excess_high"], facts.currency))
        for row in effects
    )  # fmt: skip
    quantiles = _quantiles(facts, event, source, candidate, line)
    to_at = event["starts_at"] + timedelta(hours=HOURS)
    spans = within(facts.gaps({source}), event["starts_at"], to_at)
    gaps = [
        {"hour": _hours_after(event, span["from_at"]), "until": _hours_after(event, span["to_at"]),
         "state": span["state"]}
        for span in spans if span["state"] in {"unseen", "unknown"}
    ]  # fmt: skip
    unclear = "" if quantiles else _no_timing(facts, event, source, candidate)
    states = {state: say(f"state.{state}") for state in look.STATES}

    def chart(width: int) -> look.AnyChart:
        axis = Axis(from_at=event["starts_at"], to_at=to_at, zone=facts.zone, width=width)
        grown = cumulative(drawn, whiskers, quantiles, width=width, left=LEFT[width], unit=unit.name,
                           x_title=say("unit.hours_since"), gaps=gaps, unclear=unclear)  # fmt: skip
        return alt.vconcat(grown, strip(spans, axis, states, left=LEFT[width]), spacing=12)

    return Figure(
        name=file_name(f"{event['event_id']}-extra-money-{source}-{candidate}"),
        title=source if candidate == "ALL" else f"{facts.who(candidate)}, {source}",
        alt=say("alt.cumulative", told=told),
        key=say("figure.key_cumulative_unclear" if unclear else "figure.key_cumulative"), caption=facts.caption(source),
        chart=chart, asked=Asked(sql=hours.sql, columns=hours.columns, rows=rows),
        rests_on=[whiskers, quantiles, gaps, [[s["from_at"], s["to_at"], s["state"], s["says"]] for s in spans]],
    )  # fmt: skip


def share_figures(facts: CampaignFacts, event: Row) -> list[Figure]:
    """For each kind of source the shares before and after, over the shortest window that has them."""
    asked = facts.ask("event/share", event_id=event["event_id"])
    found = []
    for kind in dict.fromkeys(row["series"] for row in asked.rows):
        told = [row for row in asked.rows if row["series"] == kind and row["share"] is not None]
        if not told:
            continue
        shortest = min(row["horizon_minutes"] for row in told)
        rows = [row for row in told if row["horizon_minutes"] == shortest]
        found.append(_share_figure(facts, event, kind, rows, asked))
    return found


def _share_figure(facts: CampaignFacts, event: Row, kind: str, rows: list[Row], asked: Asked) -> Figure:
    say = facts.say
    drawn = [
        {"name": facts.who(row["candidate_id"]), "share_before": row["share_before"], "share": row["share"],
         "low": row["ci_low"], "high": row["ci_high"], "says": _share_words(row, say)}
        for row in rows
    ]  # fmt: skip
    told = "; ".join(f"{row['name']} {row['says']}" for row in drawn)

    def chart(width: int) -> look.AnyChart:
        is_wide = width == look.WIDE
        return shares(drawn, width=width - 60 if is_wide else width - 30, left=128 if is_wide else 96)

    name = facts.series("buzz", kind)
    return Figure(
        name=file_name(f"{event['event_id']}-share-of-voice-{kind}"), title=name,
        alt=say("alt.share", series=name, told=told),
        key=say("figure.key_share", hours=say.hours(rows[0]["horizon_minutes"])), caption=facts.caption(name),
        chart=chart, asked=Asked(sql=asked.sql, columns=asked.columns, rows=rows),
    )  # fmt: skip


def _share_words(row: Row, say: Tongue) -> str:
    share = say.share(row["share"])
    if row["ci_low"] is None:  # the window is not over in what is known
        after = say("share.alone", share=share)
    else:
        after = say("share.after", share=share, low=say.share(row["ci_low"]), high=say.share(row["ci_high"]))
    return (
        after if row["share_before"] is None else say("share.both", before=say.share(row["share_before"]), after=after)
    )


def _by_event(facts: CampaignFacts, rows: Sequence[Row]) -> list[Row]:
    order = {event["event_id"]: place for place, event in enumerate(facts.events)} | {"ALL": len(facts.events)}
    return sorted(rows, key=lambda row: (row["series"], row["scope"], row["metric"], order.get(row["event_id"], 0),
                                         row["candidate_id"]))  # fmt: skip


def _bar(facts: CampaignFacts, row: Row) -> Row:
    say = facts.say
    has_numbers = is_told(row)
    verdict = verdict_of(row)
    if has_numbers:
        said = say("forest.said", **ratio_words(row, say), verdict=facts.verdict(row))
    else:
        said = say("forest.cannot", why=why(row, say))
    told = said if has_numbers and verdict != "not_enough_data" else why(row, say, form="status_short")
    return {
        "label": _label(facts, row), "rr": row["rr"] if has_numbers else None, "low": row["rr_low"],
        "high": row["rr_high"],
        "why": told, "verdict": verdict, "says": said, "note": told if has_numbers else say("forest.cannot", why=told),
    }  # fmt: skip


def _worth_drawing(
    facts: CampaignFacts, columns: list[tuple[str, list[Row]]]
) -> tuple[list[tuple[str, list[Row]]], str]:
    """The columns without the lines that no window has a number of, where lines are many, and words that say so."""
    bars = [bar for _, column in columns for bar in column]
    told = {bar["label"] for bar in bars if bar["rr"] is not None}
    untold = {bar["label"]: bar["why"] for bar in reversed(bars) if bar["label"] not in told}
    if not told or len(told) + len(untold) <= _MOST:
        return columns, ""
    by_why: dict[str, list[str]] = {}
    for label, reason in reversed(untold.items()):
        by_why.setdefault(reason, []).append(label)
    groups = [f"{reason} ({', '.join(labels)})" for reason, labels in by_why.items()]
    kept = [(hours, [bar for bar in column if bar["label"] in told]) for hours, column in columns]
    return kept, " " + facts.say("forest.left_out", why=facts.say("list.join").join(groups))


def _label(facts: CampaignFacts, row: Row) -> str:
    event = next((event for event in facts.events if event["event_id"] == row["event_id"]), None)
    day = facts.say("event.all") if event is None else facts.say.day(event["at"])
    star = "" if event is None or event["is_held"] else "*"
    parts = [f"{day}{star}"]
    if row["candidate_id"] != "ALL":
        parts.append(facts.who(row["candidate_id"]).split()[-1])
    if row["outcome"] == "buzz":
        parts.append(facts.series("buzz", row["series"], row["scope"]))
    elif len({other["series"] for other in facts.effects.rows if other["outcome"] == "money"}) > 1:
        parts.append(row["series"])
    return shortened(" ".join(parts), 40)


def _series_name(facts: CampaignFacts, row: Row) -> str:
    return facts.series(row["outcome"], row["series"], row["scope"])


def _added_up(rows: Sequence[Row], event: Row) -> list[dict[str, float]]:
    """The excess from the start on, hour by hour, up to the first hour that nobody saw."""
    found = [{"hour": 0.0, "excess": 0.0}]
    for row in rows:
        hour = (row["interval_start_at"] - event["starts_at"]).total_seconds() / 3600 + 1
        if hour <= 0:
            continue
        # An hour before it is missing, or has no expectation: what came after cannot be added to it.
        if row["expected_low"] is None or hour - found[-1]["hour"] > 1.001:  # noqa: PLR2004
            break
        excess = float(row["observed"]) - row["expected"]
        part = min(hour, 1.0)  # of an hour that began before the start
        found.append({"hour": hour, "excess": found[-1]["excess"] + excess * part})
    return found


def _no_timing(facts: CampaignFacts, event: Row, source: str, candidate: str) -> str:
    """Why nothing is coloured: there is no number for the whole line, or chance alone can make one like it."""
    whole = next(
        (row for row in facts.effects_of(event["event_id"], "money", "amount")
         if (row["series"], row["candidate_id"], row["horizon_minutes"]) == (source, candidate, HOURS * 60)), None,
    )  # fmt: skip
    if whole is None or whole["status"] == "ok":
        return facts.say("timing.unclear")
    return facts.say("timing.no_number", why=why(whole, facts.say, form="status_short"))


def _quantiles(
    facts: CampaignFacts, event: Row, source: str, candidate: str, line: Sequence[dict[str, float]]
) -> list[dict[str, Any]]:
    """Half and 90 %, where the excess of 72 hours is clear; the line itself tells by when 90 % were in."""
    say = facts.say
    timing = next(
        (row for row in facts.ask("timing").rows
         if (row["event_id"], row["source_id"], row["candidate_id"]) == (event["event_id"], source, candidate)), None,
    )  # fmt: skip
    if timing is None or timing["status"] != "ok" or timing["median_net_h"] is None:
        return []
    found = [(timing["median_net_h"], "timing.half")]
    # Only a line without a gap ends at the whole.
    if line[-1]["hour"] >= HOURS - 1:
        whole = line[-1]["excess"]
        found += [(next(point["hour"] for point in line if point["excess"] >= 0.9 * whole), "timing.ninety")]
    return [
        {"hour": hour, "label": say(key, h=say("hours.short", n=say.number(hour, 1)))} for hour, key in found
    ]  # fmt: skip


def _hours_after(event: Row, at: datetime) -> float:
    return float((at - event["starts_at"]).total_seconds() / 3600)
