"""Which alerts the state of a home calls for; pure: facts in, alerts out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from connectors.campaign.models import Campaign
from connectors.records import Event
from flows.health.read import Health

_SOON = timedelta(hours=1)
_AN_EVENT_LASTS = timedelta(hours=3)  # where events.csv does not say until when


class Alert(NamedTuple):
    """One thing that a person must know. `cause` is the same as long as the thing is."""

    kind: str
    subject: str  # a source, an event, a candidate; empty for the whole home
    campaign_id: str | None
    text: str

    @property
    def cause(self) -> str:
        """By what an alert is known again."""
        return "|".join((self.kind, self.campaign_id or "", self.subject))


class Spike(NamedTuple):
    """An hour in which a candidate was named far more often than expected."""

    campaign_id: str
    candidate_id: str
    source_kind: str
    scope: str
    hour_at: datetime
    mentions: int
    expected: float
    z: float


class Seen(NamedTuple):
    """What share of the time since an event began was seen of a source."""

    campaign_id: str
    event_id: str
    source_id: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules rest on besides the health of the home."""

    spikes: list[Spike] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    least_share: float = 0.5
    has_x_token: bool = False


def alerts_for(health: Health, facts: Facts) -> list[Alert]:
    """Every alert that is due now, whether somebody heard of it before or not."""
    return [
        *_builds(health),
        *_tokens(health, facts),
        *_budgets(health),
        *_unseen(facts),
        *_silent(health),
        *_spikes(facts),
    ]


def live_events(health: Health) -> Iterator[tuple[Campaign, Event]]:
    """The events that are on, with their campaigns."""
    for campaign in health.campaigns:
        for event in campaign.events:
            if event.is_held and event.starts_at is not None:
                ends_at = event.ends_at or event.starts_at + _AN_EVENT_LASTS
                if event.starts_at <= health.now <= ends_at:
                    yield campaign, event


def _builds(health: Health) -> Iterator[Alert]:
    if health.build and health.build.failure:
        at = f"{health.build.began_at:%Y-%m-%d %H:%M} UTC"
        text = f"The build of {at} failed: {health.build.failure}. What was published before stands."
        yield Alert("build.failed", "", None, text)


def _tokens(health: Health, facts: Facts) -> Iterator[Alert]:
    for campaign in [] if facts.has_x_token else health.campaigns:
        for event in campaign.events if campaign.x else ():
            is_soon = event.starts_at is not None and health.now <= event.starts_at <= health.now + _SOON
            if event.is_held and event.event_kind == "debate" and is_soon:
                text = (
                    f"{event.title} begins at {event.starts_at:%H:%M} UTC, and X cannot be asked: there is no token. "
                    "Mend: set AFTERDEBATE_X_BEARER_TOKEN."
                )
                yield Alert("token.missing", event.event_id, campaign.id, text)


def _budgets(health: Health) -> Iterator[Alert]:
    refused = {source.campaign_id for source in health.sources if source.outcome == "budget_exhausted"}
    for spent in health.spent:
        is_spent = spent.budget_usd is not None and spent.spent_usd >= spent.budget_usd
        if spent.budget_usd is not None and (is_spent or spent.campaign_id in refused):
            text = (
                f"The budget on X for {spent.month} does not cover what is due: {spent.spent_usd:.2f} of "
                f"{spent.budget_usd:.2f} USD are spent. Mend: wait for next month, or raise x.budget_usd."
            )
            yield Alert("budget.exhausted", "", spent.campaign_id, text)


def _unseen(facts: Facts) -> Iterator[Alert]:
    for seen in facts.seen:
        if seen.share < facts.least_share:
            text = f"Only {seen.share:.0%} of the time since {seen.event_id} began was seen of {seen.source_id}."
            yield Alert("coverage.low", f"{seen.event_id}/{seen.source_id}", seen.campaign_id, text)


def _silent(health: Health) -> Iterator[Alert]:
    for source in health.sources:
        if source.is_silent and source.campaign_id is not None:
            yield Alert(
                "source.silent", source.source_id, source.campaign_id, f"{source.source_id} is {source.reason}."
            )


def _spikes(facts: Facts) -> Iterator[Alert]:
    for spike in facts.spikes:
        text = (
            f"{spike.candidate_id} was named {spike.mentions} times ({spike.source_kind}, {spike.scope}) in the hour "
            f"from {spike.hour_at:%Y-%m-%d %H:%M} UTC; {spike.expected:.0f} were expected."
        )
        yield Alert("buzz.spiked", f"{spike.candidate_id}/{spike.source_kind}/{spike.scope}", spike.campaign_id, text)
