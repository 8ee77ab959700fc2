"""The clock passes an event's opening, start, end or settling: said once, whoever asks and however late."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from connectors.campaign.models import Campaign
from flows.phases import OPENS_BEFORE, event_span
from flows.settings import Settings
from flows.state import open_state

MomentName = Literal["opening", "started", "ended", "settled"]

_LONGEST_HORIZON_MINUTES = 4320
# A machine that was off for longer does not announce what is long past.
_LATEST = timedelta(hours=24)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS moments_announced (
    campaign_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    moment TEXT NOT NULL,
    moment_at TEXT NOT NULL,  -- an event that was moved is announced at its other time as well
    PRIMARY KEY (campaign_id, event_id, moment, moment_at)
)
"""


class Moment(NamedTuple):
    """One moment of one event."""

    event_id: str
    name: MomentName
    at: datetime


def announce_events_once(
    campaign: Campaign, settings: Settings, now: datetime, announce: Callable[[Moment], None]
) -> list[Moment]:
    """The moments that were announced: those the clock passed within the last day, each once."""
    state = open_state(settings.home, _SCHEMA)
    try:
        announced = []
        for moment in moments(campaign):
            key = (campaign.id, moment.event_id, moment.name, moment.at.isoformat())
            is_known = state.execute(
                "SELECT 1 FROM moments_announced WHERE (campaign_id, event_id, moment, moment_at) = (?, ?, ?, ?)", key
            ).fetchone()
            if is_known or not now - _LATEST < moment.at <= now:
                continue
            # First said, then remembered: after a crash between the two it is said twice, never not at all.
            announce(moment)
            state.execute("INSERT OR IGNORE INTO moments_announced VALUES (?, ?, ?, ?)", key)
            announced.append(moment)
        return announced
    finally:
        state.close()


def moments(campaign: Campaign) -> Iterator[Moment]:
    """Every moment of the campaign's held events; an event whose end nobody gives has no `ended`."""
    horizons = campaign.spec.get("horizons", [_LONGEST_HORIZON_MINUTES])
    for event in campaign.events:
        if not event.is_held:
            continue
        start_at, end_at = event_span(event)
        yield Moment(event.event_id, "opening", start_at - OPENS_BEFORE)
        yield Moment(event.event_id, "started", start_at)
        if end_at is not None:
            yield Moment(event.event_id, "ended", end_at)
        yield Moment(event.event_id, "settled", start_at + timedelta(minutes=max(horizons)))
