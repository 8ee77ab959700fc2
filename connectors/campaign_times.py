"""Local times of an event made into instants; the two nights a year on which a clock lies are told, not guessed."""

from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

_Day = TypeVar("_Day", date, datetime)


def instants_of(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The UTC instants at which the clocks of `zone` show `local`: none, one or two of them, earliest first."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(zone).replace(tzinfo=None) == local)


def read_time(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """The local day of `text`, and its UTC instant unless it is a date alone.

    Raises:
        ValueError: not a date or time, or a time that the zone's clocks skip or show twice; the message is the
            fault, and its second argument the mend.
    """
    if "T" not in text and " " not in text:
        return _parsed(date, text), None
    stated = _parsed(datetime, text)
    if stated.tzinfo is not None:
        return stated.astimezone(zone).date(), stated.astimezone(UTC)
    instants = instants_of(stated, zone)
    if not instants:
        raise ValueError(
            f"{text} does not exist in {zone.key}: the clocks go forward over it",
            f"write the time that the clocks showed, or an offset, as in {_with_offset(stated, zone, 0)}",
        )
    if len(instants) > 1:
        raise ValueError(
            f"{text} is ambiguous in {zone.key}: the clocks show it twice",
            f"write the offset: {_with_offset(stated, zone, 0)} or {_with_offset(stated, zone, 1)}",
        )
    return stated.date(), instants[0]


def _with_offset(local: datetime, zone: ZoneInfo, fold: int) -> str:
    return local.replace(tzinfo=zone, fold=fold).isoformat(timespec="minutes")


def _parsed(kind: type[_Day], text: str) -> _Day:
    try:
        return kind.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is not a date or time", "write 2020-09-29T21:00, or 2020-09-29 where only the day is known"
        ) from error
