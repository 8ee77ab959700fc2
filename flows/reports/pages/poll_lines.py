"""What an event did to support in polls, a sentence a candidate: for its page, and for the screen of the demo."""

from typing import Any

from flows.reports.ask import Row
from flows.reports.campaign_facts import CampaignFacts

Context = dict[str, Any]


def poll_lines(facts: CampaignFacts, event: Row) -> list[Context]:
    """One line for each candidate; none where the campaign has no polls."""
    rows = facts.ask("event/polls", event_id=event["event_id"]).rows
    return [
        {
            "verdict": row["verdict"], "word": facts.say(f"verdict.{row['verdict']}"), "others": [],
            "sentence": _sentence(facts, row),
        }
        for row in rows
    ]  # fmt: skip


def poll_shorts(facts: CampaignFacts, event: Row) -> list[str]:
    """The same in a line of a screen; a candidate whose polls say nothing is left out. * other events are near."""
    rows = [row for row in facts.ask("event/polls", event_id=event["event_id"]).rows if row["change"] is not None]
    return [
        facts.say(
            "poll.short",
            word=facts.say(f"verdict.{row['verdict']}"),
            who=facts.who(row["candidate_id"]),
            change=_signed(facts, row["change"]),
            low=_signed(facts, row["ci_low"]),
            high=_signed(facts, row["ci_high"]),
            star="*" if any(flag.startswith("coincident=") for flag in row["flags"]) else "",
        )
        for row in rows
    ]


def _sentence(facts: CampaignFacts, row: Row) -> str:
    say = facts.say
    who = facts.who(row["candidate_id"])
    if row["change"] is None:
        return say("poll.none", who=who, why=say(f"status.{row['status']}"))
    told = say(
        "poll.moved",
        who=who,
        before=say.share(row["share_before"]),
        after=say.share(row["share_after"]),
        change=_signed(facts, row["change"]),
        low=_signed(facts, row["ci_low"]),
        high=_signed(facts, row["ci_high"]),
        n_before=say.number(row["n_before"]),
        n_after=say.number(row["n_after"]),
    )
    is_crowded = any(flag.startswith("coincident=") for flag in row["flags"])
    return f"{told} {say('poll.near')}" if is_crowded else told


def _signed(facts: CampaignFacts, points: float) -> str:
    return f"{'+' if points > 0 else ''}{facts.say.number(points, 1)}"
