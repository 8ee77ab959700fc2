"""The first page: what happened, how sure we are, and what nobody saw."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts, file_name
from flows.reports.figure import Figure
from flows.reports.pages.claims import grouped_claims, tally
from flows.reports.pages.effect_figures import forest_figure
from flows.reports.pages.poll_lines import poll_lines
from flows.reports.pages.season_figures import coverage_sentence, season_figure
from flows.reports.sentences import (
    awaited_sentence,
    capital,
    effect_sentence,
    headline,
    is_told,
    short_sentence,
    verdict_of,
    why,
)

Context = dict[str, Any]


def overview(facts: CampaignFacts, before: Mapping[str, str] | None) -> Context:
    """What the template of the overview needs; `before` are the answers that the page before told."""
    return {
        "stories": [story(facts, event) for event in facts.events if event["event_kind"] != "deadline"],
        "forests": [figure for figure in forests(facts) if figure],
        "season": season_figure(facts),
        "coverage": coverage_sentence(facts),
        "claims": grouped_claims(facts),
        "tally": tally(facts),
        "changes": changes(facts, before),
        "is_first": before is None,
        "has_sources": bool(facts.sources.rows),
    }


def story(facts: CampaignFacts, event: Row) -> Context:
    """One event in sentences: money first, then mentions, then polls."""
    return {
        "event": event,
        "href": f"events/{file_name(event['event_id'])}.html",
        "money": money_lines(facts, event),
        "buzz": buzz_lines(facts, event),
        "polls": poll_lines(facts, event),
        "coverage": _coverage_sentence(facts, event),
    }


def money_lines(facts: CampaignFacts, event: Row) -> list[Context]:
    """One line for each donation source and candidate, the other windows in short behind it."""
    rows = facts.effects_of(event["event_id"], "money", "amount") or facts.effects_of(
        event["event_id"], "money", "count"
    )
    lines = [] if rows else _unseen(facts, event, is_money=True)
    for (series, candidate), group in groupby(rows, key=lambda row: (row["series"], row["candidate_id"])):
        windows = list(group)
        first = headline(windows)
        if first is None:
            continue
        others = [row for row in windows if row is not first]
        if len({row["status"] for row in windows}) == 1 and not is_told(first):
            others = []  # one reason for all windows is said once
        lines.append(
            {
                "verdict": verdict_of(first),
                "word": facts.verdict(first),
                "sentence": effect_sentence(
                    first, facts.say, currency=facts.currency, who=facts.who(candidate), series=series
                ),
                "others": [
                    {"verdict": verdict_of(row), "word": facts.verdict(row),
                     "sentence": short_sentence(row, facts.say, facts.currency)}
                    for row in others
                ],
            }
        )  # fmt: skip
    return lines


def buzz_lines(facts: CampaignFacts, event: Row) -> list[Context]:
    """One line for each answer, and one for all that cannot be told."""
    rows = [row for row in facts.effects_of(event["event_id"], "buzz") if row["series"] != "ALL"]
    lines = [] if rows else _unseen(facts, event, is_money=False)
    unclear: list[str] = []
    for (kind, scope), group in groupby(rows, key=lambda row: (row["series"], row["scope"])):
        by_candidate = [
            found
            for _, mine in groupby(group, key=lambda row: row["candidate_id"])
            if (found := headline(list(mine))) is not None
        ]
        name = facts.series("buzz", kind, scope)
        told = [row for row in by_candidate if verdict_of(row) != "not_enough_data"]
        lines += [
            {"verdict": verdict_of(row), "word": facts.verdict(row), "others": [],
             "sentence": effect_sentence(row, facts.say, currency=facts.currency, who=facts.who(row["candidate_id"]),
                                         series=name)}
            for row in told
        ]  # fmt: skip
        reasons = dict.fromkeys(why(row, facts.say) for row in by_candidate if row not in told)
        if reasons:
            unclear.append(facts.say("sentence.group", label=name, why=", ".join(reasons)))
    if unclear:
        lines.append(
            {"verdict": "not_enough_data", "word": facts.say("verdict.not_enough_data"), "others": [],
             "sentence": f"{facts.say('sentence.mentions')} {facts.say('list.join').join(unclear)}."}
        )  # fmt: skip
    return lines


def awaited_lines(facts: CampaignFacts, event: Row) -> Iterator[Context]:
    """What came in the hours in which the event was awaited, where that can be told."""
    for row in facts.awaited:
        is_shown = row["metric"] in {"amount", "mentions"} and row["series"] != "ALL" and is_told(row)
        if row["event_id"] == event["event_id"] and is_shown:
            yield {
                "verdict": verdict_of(row), "word": facts.verdict(row), "others": [],
                "sentence": facts.say(
                    "sentence.awaited_of", who=capital(facts.who(row["candidate_id"])),
                    series=facts.series(row["outcome"], row["series"], row["scope"]),
                    sentence=awaited_sentence(row, facts.say, facts.currency),
                ),
            }  # fmt: skip


def _unseen(facts: CampaignFacts, event: Row, *, is_money: bool) -> list[Context]:
    """A line where there is a source that could have told, and nothing was ever seen of it."""
    kinds = {row["source_kind"] for row in facts.sources.rows} - {"polls"}
    has_source = any((kind == "donations") == is_money for kind in kinds)
    if not has_source or event["event_kind"] == "deadline":
        return []
    sentence = facts.say("sentence.money_unseen" if is_money else "sentence.buzz_unseen")
    word = facts.say("verdict.not_enough_data")
    return [{"verdict": "not_enough_data", "word": word, "others": [], "sentence": sentence}]


def forests(facts: CampaignFacts) -> list[Figure | None]:
    """Money by its amount (or count), and mentions of single kinds of source."""
    metric = "amount" if any(row["metric"] == "amount" for row in facts.effects.rows) else "count"
    money = [row for row in facts.effects.rows if row["outcome"] == "money" and row["metric"] == metric]
    buzz = [row for row in facts.effects.rows if row["outcome"] == "buzz" and row["series"] != "ALL"]
    return [
        forest_figure(facts, money, name="effects-on-money", title=facts.say("head.forest_money")),
        forest_figure(facts, _told_once(buzz), name="effects-on-mentions", title=facts.say("head.forest_buzz")),
    ]


def answers(facts: CampaignFacts) -> dict[str, str]:
    """Every answer in short, by its key, for the next page to compare."""
    found = {}
    for row in facts.effects.rows:
        key = "|".join(str(row[name]) for name in ("outcome", "series", "scope", "metric", "candidate_id", "event_id",
                                                   "horizon_minutes"))  # fmt: skip
        found[key] = f"{row['status']}|{row['verdict']}|{row['rr'] if row['rr'] is None else round(row['rr'], 2)}"
    return found


def changes(facts: CampaignFacts, before: Mapping[str, str] | None) -> list[str]:
    """Answers that are not what the page before told."""
    if before is None:
        return []
    told = []
    rows = dict(zip(answers(facts), facts.effects.rows, strict=True))
    for key, answer in answers(facts).items():
        if before.get(key) == answer:
            continue
        row = rows[key]
        event = next((e for e in facts.events if e["event_id"] == row["event_id"]), None)
        day = facts.say("event.pooled") if event is None else facts.event_label(event)
        what = f"{day}, {facts.series(row['outcome'], row['series'], row['scope'])}, {facts.who(row['candidate_id'])}"
        after = f"{short_sentence(row, facts.say, facts.currency)} {facts.verdict(row)}"
        told.append(f"{what}: {after}")
    return told


def _told_once(rows: list[Row]) -> list[Row]:
    """Without series that could not be answered anywhere: their reason stands in the sentences."""
    answered = {(row["series"], row["scope"], row["candidate_id"]) for row in rows if row["status"] == "ok"}
    kept = [row for row in rows if (row["series"], row["scope"], row["candidate_id"]) in answered]
    return kept or rows[:30]


def _coverage_sentence(facts: CampaignFacts, event: Row) -> str:
    if event["starts_at"] is None or not facts.sources.rows:
        return ""
    end = event["starts_at"] + timedelta(hours=3)
    whole = {
        span["source_id"]
        for span in facts.spans.rows
        if span["state"] == "seen" and span["from_at"] <= event["starts_at"] and span["to_at"] >= end
    }
    return facts.say("overview.coverage_sentence", k=len(whole), n=len(facts.sources.rows))
