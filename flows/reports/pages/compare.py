"""Two effects beside each other: all that a reader may pick, as data that the page itself puts together."""

from itertools import groupby
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts, file_name, unseen_by_all
from flows.reports.charts import look
from flows.reports.charts.compare import AFTER_H, BEFORE_H, EDGES, SLOTS, compare_chart
from flows.reports.pages.around import within
from flows.reports.sentences import is_told, why
from flows.reports.tongue import catalogue

Context = dict[str, Any]
_LEFT = {look.WIDE: 96, look.NARROW: 78}
_FEWEST = 1.0  # mentions that are usual in three hours: of fewer a ratio jumps
_NEAR = 1.5  # ratios of ratios within it are alike, as in the verdict of an effect
_WINDOWS = (180, 1440, 4320)


def compare_page(facts: CampaignFacts) -> Context:
    """What the template needs, and the scripts that stand beside the page."""
    entries = _entries(facts)
    campaigns = [
        {"id": row["campaign_id"], "title": row["title"], "folder": file_name(row["campaign_id"])}
        for row in facts.ask("campaigns").rows
    ]
    words = {key.removeprefix("compare."): text for key, text in catalogue(facts.say.language).items()
             if key.startswith("compare.")}  # fmt: skip
    return {
        "has_entries": bool(entries),
        "sql": facts.ask("effects").sql,
        "setup": {"own": facts.campaign_id, "campaigns": campaigns, "words": words, "language": facts.say.language,
                  "near": _NEAR, "edges": EDGES, "windows": [_window(facts, minutes) for minutes in _WINDOWS]},
        "scripts": {
            "compare-data": {"kind": "campaign", "id": facts.campaign_id, "title": facts.campaign["title"],
                             "entries": entries},
            "compare-chart": {"kind": "chart", "slots": _slots(facts)},
        },
    }  # fmt: skip


def _entries(facts: CampaignFacts) -> list[Context]:
    """Each event, series and candidate that an effect was asked of, with its windows and its hours."""
    shown = [row for row in facts.effects.rows if row["series"] != "ALL" and row["metric"] in {"amount", "mentions"}]
    events = {event["event_id"]: event for event in facts.events}
    found = []
    for (outcome, series, scope, who, event_id), group in groupby(shown, key=_whose):
        rows = list(group)
        event = events.get(event_id)
        found.append({
            "event": event_id, "event_name": facts.say("event.pooled") if event is None else facts.event_label(event),
            "series": f"{series}/{scope}", "series_name": facts.series(outcome, series, scope),
            "who": who, "who_name": facts.who(who), "windows": [_told(facts, row) for row in rows],
            **(_hours(facts, event, outcome, (series, scope, who)) if event and any(map(is_told, rows)) else {}),
        })  # fmt: skip
    return sorted(found, key=lambda entry: [str(entry[key]) for key in ("event", "series", "who")])


def _whose(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("outcome", "series", "scope", "candidate_id", "event_id"))


def _told(facts: CampaignFacts, row: Row) -> Context:
    told = {"minutes": row["horizon_minutes"], "verdict": facts.verdict(row)}
    if not is_told(row):
        return told | {"why": why(row, facts.say), "short": why(row, facts.say, form="status_short")}
    return told | {"rr": row["rr"], "low": row["rr_low"], "high": row["rr_high"]}


def _hours(facts: CampaignFacts, event: Row, outcome: str, series: tuple[str, str, str]) -> Context:
    """Times the usual around each hour, with its interval, from what three hours hold; and what was seen."""
    rows = [
        row
        for row in facts.ask("event/hours", event_id=event["event_id"], outcome=outcome).rows
        if (row["series"], row["scope"], row["candidate_id"]) == series
    ]
    by_hour = {round((row["interval_start_at"] - event["at"]).total_seconds() / 3600): row for row in rows}
    curve = []
    for hour in range(-BEFORE_H, AFTER_H):
        three = [row for n in (hour - 1, hour, hour + 1) if (row := by_hour.get(n)) and row["expected"] is not None]
        expected = sum(row["expected"] for row in three)
        if len(three) < 3 or expected <= 0 or (outcome == "buzz" and expected < _FEWEST):  # noqa: PLR2004
            curve.append([hour, None, None, None])
            continue
        observed = sum(row["observed"] for row in three)
        ends = [sum(row[end] or 0 for row in three) for end in ("expected_high", "expected_low")]
        has_band = all(row["expected_low"] is not None for row in three) and min(ends) > 0
        low, high = (observed / ends[0], observed / ends[1]) if has_band else (None, None)
        curve.append([hour, *(None if n is None else round(n, 3) for n in (observed / expected, low, high))])
    return {"curve": curve, "states": _states(facts, event, outcome, series)}


def _states(facts: CampaignFacts, event: Row, outcome: str, series: tuple[str, str, str]) -> list[list[Any]]:
    name, scope, who = series
    of_it = {
        row["source_id"]
        for row in facts.sources.rows
        if (row["source_id"] == name if outcome == "money" else
            (row["source_kind"], row["scope"]) == (name, scope) and row["candidate_id"] in {None, "ALL", who})
    }  # fmt: skip
    spans = within(facts.gaps(of_it), *facts.around(event))
    if not spans:
        return []

    def hours(at: Any) -> float:
        return round(float((at - event["at"]).total_seconds()) / 3600, 2)

    seen = [[hours(min(s["from_at"] for s in spans)), hours(max(s["to_at"] for s in spans)), look.STATES["seen"]]]
    gaps = unseen_by_all(spans, of_it)
    return seen + [[hours(gap["from_at"]), hours(gap["to_at"]), look.STATES[gap["state"]]] for gap in gaps]


def _window(facts: CampaignFacts, minutes: int) -> Context:
    return {"minutes": minutes, "name": facts.say.hours(minutes),
            "short": facts.say("hours.short", n=facts.say.number(minutes / 60))}  # fmt: skip


def _slots(facts: CampaignFacts) -> Context:
    """The chart for either width, and where in it each set of rows goes."""
    windows = [_window(facts, minutes)["short"] for minutes in _WINDOWS]
    lines = "\n".join(f"{window}  {side}" for window in windows for side in ("A", "B", "A / B"))
    words = {"curve": facts.say("compare.curve"), "hours": facts.say("unit.hours_since"), "lines": lines}
    found: Context = {}
    for name, width in (("wide", look.WIDE), ("narrow", look.NARROW)):
        spec = look.looked(lambda wide: compare_chart(width=wide, left=_LEFT[wide], words=words), width)
        places = {rows[0].get("slot"): key for key, rows in spec["datasets"].items()}
        found[name] = {"spec": spec, "places": {slot: places[slot] for slot in SLOTS}}
    return found
