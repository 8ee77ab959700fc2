"""The digest of a morning: the overview's sentences of what has happened, as plain text for a message."""

from datetime import datetime

from flows.reports.campaign_facts import CampaignFacts
from flows.reports.pages.overview import Context, story


def digest(facts: CampaignFacts, now: datetime, page: str) -> tuple[str, str]:
    """Subject and text, in the language of the facts; the latest event comes first, and `page` closes it."""
    subject = facts.say("digest.subject", title=facts.campaign["title"], day=facts.say.day(now))
    happened = [e for e in facts.events if e["event_kind"] != "deadline" and e["at"] <= now]
    stories = [story(facts, event) for event in sorted(happened, key=lambda e: e["at"], reverse=True)]
    told = [_told(facts, one) for one in stories if one["money"] or one["buzz"]]
    return subject, "\n\n".join([*(told or [facts.say("digest.nothing")]), facts.say("digest.page", page=page)])


def _told(facts: CampaignFacts, one: Context) -> str:
    lines = [f"{line['word']}: {line['sentence']}" for line in [*one["money"], *one["buzz"]]]
    return "\n".join(filter(None, [facts.event_label(one["event"]), *lines, one["coverage"]]))
