"""Local times of an event made into instants; the two nights a year on which a clock lies are refused, not guessed."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from connectors.campaign.values import check_year, refusal

_DAY = r"\d{4}-\d\d-\d\d"
_TIME = r"[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def instants_of(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The UTC instants at which the clocks of `zone` show `local`: none, one or two of them, earliest first."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(zone).replace(tzinfo=None) == local)


def read_time(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """The local day of `text`, and its UTC instant unless it is a date alone.

    Raises:
        PydanticCustomError: not a date or time, or a time that the zone's clocks skip or show twice.
    """
    stated = check_year(_parsed(text))
    if re.fullmatch(_DAY, text):
        return stated.date(), None
    if stated.tzinfo is not None:
        return stated.astimezone(zone).date(), stated.astimezone(UTC)
    instants = instants_of(stated, zone)
    if not instants:
        raise refusal(
            f"{text} does not exist in {zone.key}: the clocks go forward over it",
            f"write the time that the clocks showed, or the offset: {_with_offset(stated, zone, 0)}",
        )
    if len(instants) > 1:
        raise refusal(
            f"{text} is ambiguous in {zone.key}: the clocks go back and show it twice",
            f"write the offset: {_with_offset(stated, zone, 0)} or {_with_offset(stated, zone, 1)}",
        )
    return stated.date(), instants[0]


def _with_offset(local: datetime, zone: ZoneInfo, fold: int) -> str:
    return local.replace(tzinfo=zone, fold=fold).isoformat(timespec="minutes")


def _parsed(text: str) -> datetime:
    # fromisoformat alone would also take week dates and bare digits.
    if re.fullmatch(f"{_DAY}({_TIME})?", text, re.ASCII):
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise refusal(f"{text!r} is not a date or time: {error}", "mend the day, hour or offset") from error
    raise refusal(
        f"{text!r} is not a date or time",
        "write 2020-09-29T21:00, or 2020-09-29 where only the day is known",
    )
