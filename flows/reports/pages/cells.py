"""A row of an effect table as cells to read."""

from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.sentences import amount_short, flag_words, is_apart, is_told, ratio_words, verdict_of, why
from flows.reports.tongue import Tongue


def window_short(horizon_minutes: int, say: Tongue) -> str:
    """The window in a few letters; one below zero lies before the event."""
    hours = say("hours.short", n=say.number(abs(horizon_minutes) / 60))
    return hours if horizon_minutes > 0 else say("hours.before", hours=hours)


def effect_cells(facts: CampaignFacts, row: Row) -> dict[str, Any]:
    """Every number of the row in the page's language; what there is no number for says why."""
    say, currency = facts.say, facts.currency
    has_numbers = is_told(row)
    event = next((event for event in facts.events if event["event_id"] == row["event_id"]), None)

    def told(name: str) -> str:
        return amount_short(row[name], row, say, currency)

    def small(name: str) -> str:
        return "" if row[name] is None else say.probability(row[name])

    return {
        "event": say("event.pooled") if event is None else facts.event_label(event),
        "who": facts.who(row["candidate_id"]), "series": facts.series(row["outcome"], row["series"], row["scope"]),
        "metric": say.either("metric", row["metric"]),
        "window": window_short(row["horizon_minutes"], say),
        "observed": told("observed"), "expected": told("expected"),
        "excess": say("cell.range", value=told("excess"), low=told("excess_low"), high=told("excess_high"))
        if has_numbers and row["excess_low"] is not None else told("excess"),
        "ratio": say("forest.ratio", **ratio_words(row, say)) if has_numbers else "",
        "p": small("p"), "q": small("q_bh"), "placebo": small("p_placebo"),
        "mde": "" if row["mde80"] is None else say("cell.mde", n=say.ratio(row["mde80"])),
        "coverage": say("cell.unknown") if row["coverage"] is None else say.share(row["coverage"]),
        "verdict": verdict_of(row), "word": facts.verdict(row),
        "why": "" if has_numbers and verdict_of(row) != "not_enough_data" else why(row, say),
        "flags": flag_words(row["flags"] or [], say) + ([say("sentence.half_count")] if is_apart(row) else []),
    }  # fmt: skip
