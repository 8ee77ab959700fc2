"""Which phase of an event it is: the calendar alone decides how often sources are asked. Pure functions."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectors.campaign.times import midnight
from connectors.records import Event

Phase = Literal["calm", "opening", "live", "after"]

OPENS_BEFORE = timedelta(hours=24)
CLOSES_AFTER = timedelta(hours=24)  # after the end
LIVE_BEFORE = timedelta(minutes=15)
LIVE_AFTER = timedelta(hours=1)  # after the end: what was said is still being answered
USUAL_LENGTH = timedelta(hours=3)  # of an event whose end nobody gives
_DAY = timedelta(days=1)
# From the most eventful on: where two events overlap, the busier one sets the pace.
_BY_PACE: tuple[Phase, ...] = ("live", "opening", "after")


class PhaseSpan(NamedTuple):
    """One phase of one event: from `from_at` up to, not including, `to_at`."""

    phase: Phase
    from_at: datetime
    to_at: datetime


def phase(now: datetime, events: Iterable[Event]) -> Phase:
    """The phase that the busiest event is in at an instant; `calm` where none is near."""
    on = {span.phase for event in events for span in phase_spans(event) if span.from_at <= now < span.to_at}
    return next((one for one in _BY_PACE if one in on), "calm")


def next_change(now: datetime, events: Iterable[Event]) -> datetime | None:
    """The next instant at which a phase of any event begins or ends; None where nothing is to come."""
    edges = (edge for event in events for span in phase_spans(event) for edge in (span.from_at, span.to_at))
    return min((edge for edge in edges if edge > now), default=None)


def live_spans(events: Iterable[Event]) -> list[PhaseSpan]:
    """The live phases of all events, in their order."""
    return sorted(span for event in events for span in phase_spans(event) if span.phase == "live")


def phase_spans(event: Event) -> list[PhaseSpan]:
    """The phases of one event: none of a cancelled one, and no live one where only the day is known."""
    if not event.is_held:
        return []
    start_at, end_at = event_span(event)
    if event.starts_at is None:
        to_at = end_at or start_at + _DAY
        return [
            PhaseSpan("opening", start_at - OPENS_BEFORE, to_at),
            PhaseSpan("after", to_at, to_at + CLOSES_AFTER),
        ]
    ends_at = end_at or start_at + USUAL_LENGTH
    live_from, live_to = start_at - LIVE_BEFORE, ends_at + LIVE_AFTER
    return [
        PhaseSpan("opening", start_at - OPENS_BEFORE, live_from),
        PhaseSpan("live", live_from, live_to),
        PhaseSpan("after", live_to, ends_at + CLOSES_AFTER),
    ]


def event_span(event: Event) -> tuple[datetime, datetime | None]:
    """Start and end of an event; of one that has only a date, the local day, which two nights a year make longer."""
    if event.starts_at is not None:
        return event.starts_at, event.ends_at
    zone = ZoneInfo(event.timezone)
    return midnight(event.starts_on, zone), midnight(event.starts_on + _DAY, zone)


def watched(events: Iterable[Event], *, but: Collection[str] = ("deadline",)) -> list[Event]:
    """The events that people watch: a filing deadline brings no minute worth asking for."""
    return [event for event in events if event.event_kind not in but]
