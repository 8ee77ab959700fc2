"""The page of one event."""

from datetime import timedelta
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.figure import Figure
from flows.reports.pages.buzz_figures import buzz_figures, minute_figures
from flows.reports.pages.cells import effect_cells
from flows.reports.pages.effect_figures import cumulative_figure, forest_figure, share_figures
from flows.reports.pages.money_figures import money_figures
from flows.reports.pages.overview import awaited_lines, story
from flows.reports.pages.placebo_figure import placebo_figure
from flows.reports.sentences import flag_words

Context = dict[str, Any]
_WINDOW = timedelta(hours=3)
_REFRESH_S = 60


def event_page(facts: CampaignFacts, event: Row) -> Context:
    """What the template of an event needs."""
    rows = [row for row in facts.effects.rows if row["event_id"] == event["event_id"]]
    before = [row for row in facts.awaited if row["event_id"] == event["event_id"]]
    shown = [row for row in rows if row["series"] != "ALL" and (row["outcome"] == "buzz" or row["metric"] == "amount")]
    return {
        "event": event,
        **_live(facts, event),
        "participants": ", ".join(facts.who(who) for who in event["participants"] or []),
        "channels": ", ".join(event["channels"] or []),
        "story": story(facts, event),
        "forest": forest_figure(facts, shown, name=f"{event['event_id']}-effects", title=""),
        "placebo": placebo_figure(facts, event),
        "awaited": list(awaited_lines(facts, event)),
        "money": list(money_figures(facts, event)),
        "buzz": list(buzz_figures(facts, event)),
        "minutes": list(minute_figures(facts, event)),
        "cumulative": _cumulative(facts, event),
        "share": share_figures(facts, event),
        "voices": [_voice(facts, row) for row in facts.ask("event/voices", event_id=event["event_id"]).rows],
        "own": [_own(facts, row) for row in facts.ask("event/own_voice", event_id=event["event_id"]).rows],
        "near": [_near(facts, row) for row in facts.ask("event/near", event_id=event["event_id"]).rows],
        "table": [effect_cells(facts, row) for row in (*rows, *before)],
        "sql": facts.effects.sql,
    }  # fmt: skip


def _live(facts: CampaignFacts, event: Row) -> Context:
    """While the event is on, and for the three hours after its start: how old the newest of each source is."""
    say, built_at = facts.say, facts.run["built_at"]
    start_at = event["starts_at"]
    if start_at is None or not start_at <= built_at < max(event["ends_at"] or start_at, start_at + _WINDOW):
        return {"live": "", "refresh_s": None}
    seen = [row for row in facts.sources.rows if row["last_seen_at"] is not None]
    told = [
        say("live.source", source=row["source_id"],
            minutes=say.count("minutes", max(round((built_at - row["last_seen_at"]).total_seconds() / 60), 0)))
        for row in seen
    ]  # fmt: skip
    newest = say("list.join").join(told) or say("cell.na")
    return {"live": say("live.note", at=say.clock(built_at), newest=newest), "refresh_s": _REFRESH_S}


def _cumulative(facts: CampaignFacts, event: Row) -> list[Figure]:
    hours = facts.ask("event/hours", event_id=event["event_id"], outcome="money")
    series = dict.fromkeys((row["series"], row["candidate_id"]) for row in hours.rows)
    found = [cumulative_figure(facts, event, hours, source, candidate) for source, candidate in series]
    return [figure for figure in found if figure]


def _voice(facts: CampaignFacts, row: Row) -> Context:
    say = facts.say

    def told(name: str, digits: int = 0) -> str:
        return say("cell.na") if row[name] is None else say.number(row[name], digits)

    half = told("authors_for_half")
    if row["authors_for_half"] is not None and row["authors_for_half_ci_low"] is not None:
        half = say("cell.range", value=half, low=told("authors_for_half_ci_low"), high=told("authors_for_half_ci_high"))
    return {
        "who": facts.who(row["candidate_id"]), "series": facts.series("buzz", row["source_kind"]),
        "items": told("n_items"), "authors": told("n_authors"), "half": half,
        "usual_half": told("placebo_authors_for_half"),
        "top": say("cell.na") if row["top1_share"] is None else say.share(row["top1_share"]),
        "status": "" if row["status"] == "ok" else say.either("status", row["status"]),
        "flags": flag_words(row["flags"] or [], say),
    }  # fmt: skip


def _own(facts: CampaignFacts, row: Row) -> Context:
    say = facts.say
    return {
        "who": facts.who(row["candidate_id"]),
        "posts": say("cell.na") if row["posts"] is None else say.number(row["posts"]),
        "per_day": say("cell.na") if row["per_day"] is None else say.number(row["per_day"], 1),
        "on_air": say("cell.na") if row["on_air_share"] is None else say.share(row["on_air_share"]),
        "from": say.day(row["period_start_at"]), "to": say.day(row["period_end_at"]),
        "regime": row["regime"] or say.either("status", row["status"]),
    }  # fmt: skip


def _near(facts: CampaignFacts, row: Row) -> Context:
    days = row["days_after"]
    key = "near.same" if days == 0 else "near.after" if days > 0 else "near.before"
    return {
        "title": row["title"], "kind": facts.say.either("event", row["event_kind"]), "is_held": row["is_held"],
        "when": facts.say(key, days=facts.say.count("days", abs(days))), "event_id": row["event_id"],
    }  # fmt: skip
