"""The pages of donations, coverage, tables and methods."""

from pathlib import Path
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.pages.cells import effect_cells
from flows.reports.pages.effect_figures import cumulative_figure
from flows.reports.pages.overview import forests
from flows.reports.pages.season_figures import coverage_figure, coverage_sentence, season_figure
from flows.reports.sentences import reason_words
from flows.reports.tongue import catalogue
from flows.sql_examples import example_names, question_of

Context = dict[str, Any]
_SHOWN = 200  # spans on the page; all are in the CSV


def donations_page(facts: CampaignFacts) -> Context:
    """What the template of the donations needs."""
    rows = [row for row in facts.effects.rows if row["outcome"] == "money"]
    return {
        "has_money": any(row["source_kind"] == "donations" for row in facts.sources.rows),
        "forest": forests(facts)[0],
        "season": season_figure(facts, has_buzz=False),
        "cumulative": [figure for event in facts.events for figure in _cumulative(facts, event)],
        "timing": [_timing(facts, row) for row in facts.ask("timing").rows],
        "timing_sql": facts.ask("timing").sql,
        "table": [effect_cells(facts, row) for row in rows],
        "sql": facts.effects.sql,
    }


def coverage_page(facts: CampaignFacts) -> Context:
    """What the template of the coverage needs."""
    say = facts.say
    gaps = [row for row in facts.spans.rows if row["state"] != "seen"]
    sources = facts.sources.rows
    return {
        "figure": coverage_figure(facts),
        "sentence": coverage_sentence(facts),
        "gaps": [
            {**row, "word": say(f"state.{row['state']}"), "from": say.moment(row["from_at"]),
             "to": say.moment(row["to_at"]), "hours": say.number(row["hours"]),
             "says": reason_words(row["reason"], say)}
            for row in gaps[:_SHOWN]
        ],
        "more": say("coverage.more", n=say.number(len(gaps) - _SHOWN)) if len(gaps) > _SHOWN else "",
        "sources": [_health(facts, row) for row in sources],
        "sources_sql": facts.sources.sql,
        "gaps_sql": facts.spans.sql,
        "rejects": [{**row, "last": say.moment(row["last_seen_at"])} for row in facts.ask("rejects").rows],
        "rejects_sql": facts.ask("rejects").sql,
    }  # fmt: skip


def tables_page(facts: CampaignFacts, home: Path) -> Context:
    """What the template of the tables needs."""
    asked = facts.ask("tables")
    published = home / "published"
    return {
        "tables": [{**row, "tells": str(row["tells"] or "").partition(" Grain:")[0]} for row in asked.rows],
        "sql": asked.sql, "database": published / "afterdebate.duckdb", "folder": published, "home": home,
        "examples": [(name, question_of(name)) for name in example_names()],
    }  # fmt: skip


def methods_page(facts: CampaignFacts) -> Context:
    """What the template of the methods needs: the words for every verdict, status and flag."""
    words = catalogue(facts.say.language)

    def told(group: str) -> list[tuple[str, str]]:
        start = f"{group}."
        return [(key.removeprefix(start), text.replace("{value}", "…")) for key, text in words.items()
                if key.startswith(start)]  # fmt: skip

    return {
        "verdicts": [(facts.say(f"verdict.{key}"), key, text) for key, text in told("verdict_long")],
        "statuses": [(key, text) for key, text in told("status") if key != "ok"], "flags": told("flag"),
    }  # fmt: skip


def _cumulative(facts: CampaignFacts, event: Row) -> list[Any]:
    hours = facts.ask("event/hours", event_id=event["event_id"], outcome="money")
    series = dict.fromkeys((row["series"], row["candidate_id"]) for row in hours.rows)
    found = [(cumulative_figure(facts, event, hours, source, candidate)) for source, candidate in series]
    return [(facts.event_label(event), figure) for figure in found if figure]


def _timing(facts: CampaignFacts, row: Row) -> Context:
    say = facts.say
    event = next((event for event in facts.events if event["event_id"] == row["event_id"]), None)

    def told(name: str, unit: str) -> str:
        if row[name] is None:
            return ""
        values = [row[name], row[f"{name}_ci_low"], row[f"{name}_ci_high"]]
        words = ["" if v is None else say.share(v) if unit == "share" else say.number(v, 1) for v in values]
        return say("cell.range", value=words[0], low=words[1], high=words[2])

    return {
        "event": say("event.pooled") if event is None else facts.event_label(event),
        "who": facts.who(row["candidate_id"]), "series": row["source_id"],
        "half": told("median_net_h", "h"), "first_hour": told("net_share_1h", "share"),
        "first_day": told("net_share_24h", "share"), "half_life": told("half_life_h", "h"),
        "peak": told("peak_hour", "h"),
        "why": "" if row["status"] == "ok" else say("timing.none")
        if "excess_unclear" in (row["flags"] or []) else say.either("status", row["status"]),
    }  # fmt: skip


def _health(facts: CampaignFacts, row: Row) -> Context:
    say = facts.say
    return {
        **row, "kind": say.either("kind", row["source_kind"]),
        "last": "" if row["last_attempt_at"] is None else say.moment(row["last_attempt_at"]),
        "aside": say.number(row["set_aside"] or 0),
    }  # fmt: skip
