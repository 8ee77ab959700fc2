"""Where a moment lies on the time line of the estimator: minutes since 1970, UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def minute_of(at: datetime) -> int:
    """Whole minutes since 1970."""
    return int((at - EPOCH) // timedelta(minutes=1))


def at_minute(minute: int) -> datetime:
    """The instant so many minutes after the start of 1970, UTC."""
    return EPOCH + timedelta(minutes=minute)
