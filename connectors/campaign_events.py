"""Reads `events.csv`: one row an event, times local or with an offset, a date alone where only the day is known."""

import csv
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from connectors.campaign_times import read_time
from connectors.records import Event

COLUMNS = (
    "event_id",
    "event_kind",
    "title",
    "starts_at",
    "ends_at",
    "timezone",
    "channels",
    "participants",
    "audience_millions",
    "scope",
    "territory",
    "held",
    "source_url",
)


def read_events(text: str, campaign_id: str, timezone: str) -> Iterator[Event]:
    """Yield the events of one file; `timezone` holds where a row names none. Their `campaign_hash` is still empty."""
    for row in csv.DictReader(io.StringIO(text)):
        yield _read_event({key: value.strip() for key, value in row.items()}, campaign_id, timezone)


def _read_event(row: dict[str, str], campaign_id: str, timezone: str) -> Event:
    zone = ZoneInfo(row["timezone"] or timezone)
    starts_on, starts_at = read_time(row["starts_at"], zone)
    ends_at = read_time(row["ends_at"], zone)[1] if row["ends_at"] else None
    return Event(
        campaign_id=campaign_id,
        campaign_hash="",
        event_id=row["event_id"],
        event_kind=row["event_kind"],  # type: ignore[arg-type]
        title=row["title"],
        starts_on=starts_on,
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=zone.key,
        channels=_listed(row["channels"]),
        participants=_listed(row["participants"]),
        audience_millions=float(row["audience_millions"]) if row["audience_millions"] else None,
        scope=row["scope"] or None,
        territory=row["territory"] or None,
        is_held=row["held"].lower() != "false",
        source_url=row["source_url"] or None,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
