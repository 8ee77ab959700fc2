"""Follow X's stream until a given time, or through the event that is on, from an hour before it to an hour after."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.campaign.models import Campaign
from flows.collected import Collected, Tell, say_nothing
from flows.only_one import only_one
from flows.settings import Settings
from flows.x.open import opened_run
from flows.x.reconcile import reconcile_usage
from flows.x.slices import streamed_spans
from flows.x.stream.follow import follow_stream


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


def stream_x_once(
    campaign: Campaign,
    settings: Settings,
    until_at: datetime,
    clock: Callable[[], datetime],
    *,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Follow the stream for one campaign until `until_at`, and say what landed."""
    with only_one(settings.home, "x-stream") as is_alone:
        if not is_alone:
            return Collected(notes=["X stream: another process of this home follows it; X gives one connection"])
        with opened_run(campaign, settings, clock(), clock=clock, tell=tell, pause=pause) as run:
            follow_stream(run, until_at, clock)
            reconcile_usage(run)
            return run.collected
