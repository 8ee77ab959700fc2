"""Follow X's stream through the event that is on: from an hour before its start to an hour after its end."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.campaign.models import Campaign
from flows.collected import Collected, Tell, say_nothing
from flows.settings import Settings
from flows.x.follow import stream_x_once
from flows.x.slices import streamed_spans


def stream_event_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    tell: Tell = say_nothing,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """What the stream brought until the event's span was over; at once where none is on, or none is wanted.

    A run that begins late or again, after a crash, follows what is left of the span.
    """
    if campaign.x is None or not campaign.x.stream:
        return Collected(notes=["X stream: none is wanted (`stream = true` under [x] asks for one)"])
    until_at = max((span.to_at for span in streamed_spans(campaign) if span.from_at <= now < span.to_at), default=None)
    if until_at is None:
        return Collected(notes=["X stream: no event is on"])
    return stream_x_once(campaign, settings, until_at, clock, tell=tell, pause=pause)
