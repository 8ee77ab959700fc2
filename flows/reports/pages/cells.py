"""A row of an effect table as cells to read."""

from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.sentences import amount_short, flag_words, ratio_words, verdict_of, why


def effect_cells(facts: CampaignFacts, row: Row) -> dict[str, Any]:
    """Every number of the row in the page's language; what there is no number for says why."""
    say, currency = facts.say, facts.currency
    is_told = row["status"] == "ok" and row["rr"] is not None
    event = next((event for event in facts.events if event["event_id"] == row["event_id"]), None)

    def told(name: str) -> str:
        return amount_short(row[name], row, say, currency)

    def small(name: str) -> str:
        return "" if row[name] is None else say.number(row[name], 4)

    return {
        "event": say("event.pooled") if event is None else facts.event_label(event),
        "who": facts.who(row["candidate_id"]), "series": facts.series(row["outcome"], row["series"], row["scope"]),
        "metric": say.either("metric", row["metric"]),
        "window": say("hours.short", n=say.number(row["horizon_minutes"] / 60)),
        "observed": told("observed"), "expected": told("expected"),
        "excess": say("cell.range", value=told("excess"), low=told("excess_low"), high=told("excess_high"))
        if is_told and row["excess_low"] is not None else told("excess"),
        "ratio": say("forest.ratio", **ratio_words(row, say)) if is_told else "",
        "p": small("p"), "q": small("q_bh"), "placebo": small("p_placebo"),
        "mde": "" if row["mde80"] is None else say("cell.mde", n=say.ratio(row["mde80"])),
        "coverage": say("cell.unknown") if row["coverage"] is None else say.share(row["coverage"]),
        "verdict": verdict_of(row), "word": facts.verdict(row),
        "why": "" if is_told and verdict_of(row) != "not_enough_data" else why(row, say),
        "flags": flag_words(row["flags"] or [], say),
    }  # fmt: skip
