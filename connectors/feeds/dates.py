"""Times as feeds write them, in any zone name and in seven languages, and how far each can be trusted."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from connectors.feeds.date_words import ZONES, fold
from connectors.feeds.days import find_day
from connectors.records import TimeQuality

_WORD = re.compile(r"[^\W\d_]+")
_TIME = re.compile(
    r"(?<![\d+-])(\d{1,2})\s*(?:(?:h|:|\.(?=\d\d(?:\D|$)))\s*(\d{2})(?:\s*(?::|\.|m|min)\s*(\d{2}))?(?:[.,]\d+)?"
    r"|\s*h(?=\W|$)|(?=\s*[ap]\.?m\b))\s*(?:([ap])\.?\s?m\b\.?)?"
)
_COMPACT_TIME = re.compile(r"^(\d{2})(?:(\d{2})(\d{2})?(?:[.,]\d+)?(?=\D|$)|()(?=z|[+-]\d))")
_OFFSET = re.compile(r"(?:gmt|utc?|z)?\s*([+\-−])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_PLACE = re.compile(r"[a-z]+/[a-z_]+(?:[/+-][a-z0-9_-]+)?")
_EPOCH = re.compile(r"\d{9,13}(\.\d+)?")
_FIRST_BELIEVABLE = datetime(1990, 1, 1, tzinfo=UTC)  # blogs are younger; older dates are zeros and defaults

_MOST_CHARS = 120  # no date is longer


class ReadTime(NamedTuple):
    """An instant and how far it can be trusted; `missing` has none."""

    at: datetime | None
    time_quality: TimeQuality
    is_midnight: bool = False  # written as 00:00:00: where all items of a feed are, only the day is known


_MISSING = ReadTime(None, "missing")


def read_time(text: str | None, zone: tzinfo) -> ReadTime:
    """The instant that a feed's date means; where it names no zone, its wall clock is that of `zone`.

    `exact`: an offset or a zone name says which instant. `assumed_zone`: a wall clock read in `zone`.
    `assumed_date`: a day without an hour, or two numbers of which custom says which is the month. `suspect`: before
    1990, or a month or a year alone, of which the first day is given.
    """
    if not text:
        return _MISSING
    text = fold(text[:_MOST_CHARS]).strip()
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    found = find_day(text, zone)
    if found is None:
        return _MISSING
    day = found.day
    if not found.is_whole:
        return _in_zone(day, time(), zone, "suspect")
    clock, rest = _find_clock(found.rest)
    if clock is None:
        return _in_zone(day, time(), zone, "assumed_date")
    offset = _find_offset(rest, datetime.combine(day, time()) + clock, zone)
    local = datetime.combine(day, time()) + clock
    if not isinstance(offset, timedelta):
        read = _in_zone(local.date(), local.time(), offset or zone, "assumed_zone" if offset is None else "exact")
    else:
        read = _believed(local.replace(tzinfo=timezone(offset)), "exact")
    is_midnight = clock == timedelta()
    quality: TimeQuality = read.time_quality if found.is_certain else "assumed_date"
    return ReadTime(read.at, quality, is_midnight)


def _from_epoch(number: float) -> ReadTime:
    seconds = number / 1000 if number >= 1e11 else number  # noqa: PLR2004 — above it the unit is milliseconds
    return _believed(datetime.fromtimestamp(seconds, UTC), "exact")


def _find_clock(text: str) -> tuple[timedelta | None, str]:
    """The time of day and the text after it. 24:00 is the next midnight; a leap second is the second before."""
    found = _COMPACT_TIME.match(text) or _TIME.search(text)
    if not found:
        return None, text
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = found[4] if found.re is _TIME else None
    if half and 1 <= hour <= 12:  # noqa: PLR2004 — hours of a half day
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 — no such time
        return None, text
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59)), text[found.end() :]


def _find_offset(text: str, local: datetime, zone: tzinfo) -> timedelta | tzinfo | None:
    """What the rest of the text says about the zone: an offset, a zone of the tz database, or None."""
    place = _PLACE.search(text)
    zone_name = _places().get(place[0]) if place else None
    if place and zone_name:  # "Etc/GMT-2" holds no offset
        text = text.replace(place[0], " ")
    offset = _OFFSET.search(text.replace("(", " "))
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours <= 14 and minutes <= 59:  # noqa: PLR2004 — no place is further from UTC
            span = timedelta(hours=hours, minutes=minutes)
            return span if offset[1] == "+" else -span
        return None
    if zone_name:
        return ZoneInfo(zone_name)
    for word in _WORD.findall(text):
        own = _own_abbreviation(word, local, zone)
        if own is not None:
            return own
        if word in ZONES:
            return ZONES[word]
    return None


def _own_abbreviation(word: str, local: datetime, zone: tzinfo) -> timedelta | None:
    """What an abbreviation means where the feed is at home: IST is +01:00 in Dublin and +05:30 in Kolkata."""
    for fold_ in (0, 1):
        placed = local.replace(tzinfo=zone, fold=fold_)
        if word == (placed.tzname() or "").casefold():
            return placed.utcoffset()
    return None


@cache
def _places() -> dict[str, str]:
    """The names of the tz database by themselves in lower case."""
    return {name.lower(): name for name in available_timezones()}


def _in_zone(day: date, clock: time, zone: tzinfo, quality: TimeQuality) -> ReadTime:
    """A wall clock placed in a zone: the first of two instants in the repeated hour, moved on in the skipped one."""
    local = datetime.combine(day, clock, tzinfo=zone)
    is_plain = local.utcoffset() == local.replace(fold=1).utcoffset()
    return _believed(local, quality if is_plain or quality != "exact" else "assumed_zone")


def _believed(moment: datetime, quality: TimeQuality) -> ReadTime:
    try:
        at = moment.astimezone(UTC)
    except OverflowError:
        return _MISSING
    return ReadTime(at, quality if at >= _FIRST_BELIEVABLE else "suspect")
