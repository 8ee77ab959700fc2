"""The scoreboard of claims: answered, open, and those that need a source of the campaign's own."""

from collections.abc import Sequence
from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts
from flows.reports.claim_reasons import reason_of_claim, statistic_of_claim
from flows.reports.pages.check import checker

Context = dict[str, Any]
_GROUPS = ("answered", "open", "needs")


def grouped_claims(facts: CampaignFacts) -> list[tuple[str, list[Context]]]:
    """Claims by what can be said of them, in the order in which they are worth reading."""
    rows = facts.ask("claims").rows
    told = [_claim(facts, row) for row in rows]
    return [
        (facts.say(f"claim_group.{group}"), mine)
        for group in _GROUPS
        if (mine := [claim for claim in told if claim["group"] == group])
    ]


def tally(facts: CampaignFacts) -> str:
    """The scoreboard in a sentence; empty where no claim was judged."""
    rows = facts.ask("claims").rows
    if not rows:
        return ""
    verdicts = [verdict_of_claim(row) for row in rows]
    return facts.say(
        "overview.claims_told", supports=verdicts.count("supports"), contradicts=verdicts.count("contradicts"),
        open=verdicts.count("insufficient"), needs=verdicts.count("not_measurable"),
    )  # fmt: skip


def claims_page(facts: CampaignFacts) -> Context:
    """What the template of the claims needs."""
    check = checker(facts)
    return {
        "claims": grouped_claims(facts), "tally": tally(facts), "sql": facts.ask("claims").sql, "check": check,
        "scripts": check.pop("scripts") if check else {},
    }  # fmt: skip


def verdict_of_claim(row: Row) -> str:
    """The verdict; what no source can show is told apart from what is open."""
    # A home of an earlier version says it in the reason.
    is_blind = row["verdict"] == "not_measurable" or str(row["reason"]).startswith("not_measurable")
    return "not_measurable" if is_blind else str(row["verdict"])


def _group(row: Row) -> str:
    verdict = verdict_of_claim(row)
    if verdict == "not_measurable":
        return "needs"
    return "open" if verdict == "insufficient" else "answered"


def _claim(facts: CampaignFacts, row: Row) -> Context:
    say, claim_id, verdict = facts.say, row["claim_id"], verdict_of_claim(row)
    key = f"claim.s_{claim_id}"
    needs = say(f"claim.n_{claim_id}") if say.knows(f"claim.n_{claim_id}") else ""
    if say.language == "en" and row.get("next_step"):
        needs = row["next_step"]
    return {
        "id": claim_id, "verdict": verdict, "word": say(f"verdict.{verdict}"), "group": _group(row),
        "claim": say(key) if say.knows(key) else row["claim"],
        "statistic": statistic_of_claim(claim_id, row["statistic"], facts),
        "reason": reason_of_claim(row["reason"], facts),
        "bare": row["reason"], "status": say.either("status", row["status"]),
        "interval": _interval(row, facts),
        "next": say("claim.needs" if verdict == "not_measurable" else "claim.next", what=needs) if needs else "",
        "is_answered": verdict in {"supports", "contradicts"},
        "bar": _bar(row),
    }  # fmt: skip


def _interval(row: Row, facts: CampaignFacts) -> str:
    if row["estimate"] is None or row["ci_low"] is None or row["ci_high"] is None:
        return ""
    numbers: Sequence[str] = [facts.say.number(row[name], 2) for name in ("estimate", "ci_low", "ci_high")]
    return facts.say("cell.range", value=numbers[0], low=numbers[1], high=numbers[2])


def _bar(row: Row) -> str:
    return "" if row["estimate"] is None else "has-estimate"
