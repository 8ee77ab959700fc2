"""What is read around an event: the slices of its bounded sample, with how many posts each may hold, and its stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.campaign.models import Campaign
from connectors.records import Event
from flows.networks.spans import Span

BEFORE = timedelta(hours=1)
NEAR = timedelta(hours=4)  # finely sliced up to here
FAR = timedelta(hours=24)
AFTER = timedelta(hours=1)  # after an end that the events file gives, the stream is still followed
STEPS_MINUTES = (15, 30, 60, 150, 300)  # each divides the five near hours, and four times it the twenty far ones
LEAST = 10  # X returns no smaller page of a search
NOT_SAMPLED = {
    "rally": "X's terms forbid monitoring rallies",
    "deadline": "a filing deadline is nothing people watch",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One span around one event from which at most `quota` posts are taken, newest first."""

    event_id: str
    candidate_id: str
    span: Span
    quota: int


def event_slices(campaign: Campaign, posts_per_event: int) -> list[Slice]:
    """The slices of every event that may be sampled: held, with a known hour, neither a rally nor a deadline."""
    return [
        piece
        for event in campaign.events
        if event.is_held and event.starts_at and event.event_kind not in NOT_SAMPLED
        for candidate_id in _named(campaign, event)
        for piece in _slices(event, event.starts_at, candidate_id, posts_per_event // len(_named(campaign, event)))
    ]


def streamed_spans(campaign: Campaign) -> list[Span]:
    """When the stream is followed: around each event that is held, has an hour, and may be watched on X."""
    return [
        Span(
            from_at=event.starts_at - BEFORE,
            to_at=max(event.starts_at + NEAR, event.ends_at + AFTER) if event.ends_at else event.starts_at + NEAR,
        )
        for event in campaign.events
        if event.is_held and event.starts_at and event.event_kind not in NOT_SAMPLED
    ]


def _named(campaign: Campaign, event: Event) -> list[str]:
    """Who is sampled: the event's participants, or everybody where the file names none."""
    return [c.id for c in campaign.candidates if not event.participants or c.id in event.participants]


def _slices(event: Event, starts_at: datetime, candidate_id: str, posts: int) -> Iterator[Slice]:
    """The finest slicing in which every slice may hold a page; none where not even two pages fit."""
    step = next((minutes for minutes in STEPS_MINUTES if posts // _number(minutes) >= LEAST), None)
    if step is None:
        return
    quota = posts // _number(step)
    for first, last, length in ((-BEFORE, NEAR, step), (NEAR, FAR, 4 * step)):
        at = starts_at + first
        while at < starts_at + last:
            span = Span(from_at=at, to_at=at + timedelta(minutes=length))
            yield Slice(event_id=event.event_id, candidate_id=candidate_id, span=span, quota=quota)
            at = span.to_at


def _number(step_minutes: int) -> int:
    near, far = (BEFORE + NEAR) // timedelta(minutes=step_minutes), (FAR - NEAR) // timedelta(minutes=4 * step_minutes)
    return near + far
