"""When a post of a CSV was made: as SQL for whole files, and the same rules for one cell.

A time is ISO 8601, seconds or milliseconds since 1970, X's own of version 1.1, or a day in the order that the campaign
declares. Nothing else is tried: a database that guesses reads 8/7/15 as the 15th of July in the year 8.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from connectors.archives.layouts import V1_TIME, sql_text
from connectors.archives.x_v1 import v1_instant
from connectors.records import DateOrder
from connectors.x.values import NotAPost

ORDERS: tuple[DateOrder, ...] = ("month-first", "day-first")
_SECONDS, _MILLISECONDS = r"\d{10}(\.\d+)?", r"\d{13}(\.0+)?"
_OFFSET = r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$"
_UTC = re.compile(r" ?(UTC|GMT)$")
# As CrowdTangle writes the zone of its exports; other abbreviations mean several zones.
_ZONES = {"EST": "-05:00", "EDT": "-04:00", "PST": "-08:00", "PDT": "-07:00"}
_ZONE = re.compile(rf" ({'|'.join(_ZONES)})$")
# Two numbers, a year of two or four digits, and the time of day.
_WRITTEN = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2}),?[ T]+(\d{1,2}:\d\d(?::\d\d)?) ?([AaPp][Mm])?"
# A month that is named leaves no question: 31-Mar-22 11:58 PM.
_NAMED = r"(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d{2}),?[ T]+(\d{1,2}:\d\d(?::\d\d)?) ?([AaPp][Mm])?"
_YEAR_ANYWHERE = r"\d{2}-\d{1,2}-\d{1,2}[ T].*"  # 15-08-01 is a day of 2015, or of 2001
_ORDERED = {"month-first": "%m/%d", "day-first": "%d/%m"}
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


def time_sql(cell: str, zone: str | None, dates: DateOrder) -> str:
    """SQL: the instant of a cell; NULL where it is none that these rules know."""
    iso = rf"regexp_matches({cell}, '^\d{{4}}-')"
    local = f"CASE WHEN {iso} THEN try_cast({cell} AS TIMESTAMP){_named_sql(cell)}{_in_order_sql(cell, dates)} END"
    placed = f"timezone({sql_text(zone)}, {local})" if zone else "CAST(NULL AS TIMESTAMPTZ)"
    return (
        rf"CASE WHEN regexp_full_match({cell}, '{_SECONDS}') THEN to_timestamp({cell}::DOUBLE)"
        rf" WHEN regexp_full_match({cell}, '{_MILLISECONDS}') THEN to_timestamp({cell}::DOUBLE / 1000)"
        rf" WHEN {iso} AND regexp_matches({cell}, '{_OFFSET}') AND contains({cell}, ':')"
        rf" THEN try_cast(regexp_replace({cell}, ' ?(UTC|GMT)$', 'Z') AS TIMESTAMPTZ)"
        rf" WHEN regexp_matches({cell}, '^[A-Z][a-z]{{2}} ') THEN try_strptime({cell}, '{V1_TIME}') ELSE {placed} END"
    )


def _named_sql(cell: str) -> str:
    return rf" WHEN regexp_full_match({cell}, '{_NAMED}') THEN {_by_year_sql(cell, _NAMED, '%d/%b')}"


def _in_order_sql(cell: str, dates: DateOrder) -> str:
    if dates == "iso":
        return ""
    return rf" WHEN regexp_full_match({cell}, '{_WRITTEN}') THEN {_by_year_sql(cell, _WRITTEN, _ORDERED[dates])}"


def _by_year_sql(cell: str, written: str, day: str) -> str:
    plain = rf"trim(regexp_replace({cell}, '^{written}$', '\1/\2/\3 \4 \5'))"
    by_year = [f"try_strptime({plain}, [{', '.join(map(sql_text, _layouts(day, year)))}])" for year in ("%Y", "%y")]
    is_whole = rf"regexp_matches({plain}, '/\d{{4}} ')"
    return f"CASE WHEN {is_whole} THEN {by_year[0]} ELSE {by_year[1]} END"


def _layouts(day: str, year: str) -> list[str]:
    return [f"{day}/{year} {clock}" for clock in _CLOCKS]


def read_time(text: str, zone: str | None, dates: DateOrder) -> datetime:
    """The UTC instant of a cell.

    Raises:
        NotAPost: it is none that these rules know, or a local time without a declared zone.
    """
    if re.fullmatch(rf"{_SECONDS}|{_MILLISECONDS}", text):
        whole = text.split(".", maxsplit=1)[0]
        return datetime.fromtimestamp(float(text) / (1 if len(whole) == len("1600000000") else 1000), UTC)
    instant = _told_time(text.strip(), dates)
    if instant.tzinfo is None:
        if zone is None:
            raise NotAPost("a time without an offset, and no timezone is declared")
        instant = instant.replace(tzinfo=ZoneInfo(zone))
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise NotAPost("a time beyond the calendar") from None


def _told_time(text: str, dates: DateOrder) -> datetime:
    with suppress(ValueError):
        return v1_instant(text) if text[:1].isalpha() else datetime.fromisoformat(_plain_zone(text))
    if (named := _read_written(_NAMED, text, "%d/%b")) is not None:
        return named
    if dates == "iso" and re.fullmatch(_YEAR_ANYWHERE, text):
        raise NotAPost(
            "a date of two digits each, whose year may stand first or last. Mend: write its years with four digits"
        )
    if not re.fullmatch(_WRITTEN, text):
        raise NotAPost("a time that is neither ISO 8601 nor seconds since 1970")
    if dates == "iso":
        raise NotAPost(
            "a time whose day and month may stand either way round. "
            'Mend: add dates = "month-first" or "day-first" to this [[archives]] table'
        )
    found = _in_order(text, dates)
    if found is None:
        raise NotAPost(f"a time that is none with its {dates.replace('-', ' ')}")
    return found


def _plain_zone(text: str) -> str:
    return _ZONE.sub(lambda found: _ZONES[found[1]], _UTC.sub("Z", text))


def _in_order(text: str, dates: DateOrder) -> datetime | None:
    return _read_written(_WRITTEN, text, _ORDERED[dates])


def _read_written(pattern: str, text: str, day: str) -> datetime | None:
    written = re.fullmatch(pattern, text)
    if written is None:
        return None
    first, second, year, clock, half = written.groups(default="")
    plain = f"{first}/{second}/{year} {clock} {half}".strip()
    for layout in _layouts(day, "%Y" if len(year) == len("2015") else "%y"):
        with suppress(ValueError):
            return datetime.strptime(plain, layout)  # noqa: DTZ007 - the zone is the caller's to add
    return None


def likely_orders(cells: Sequence[str], start: date, end: date) -> list[DateOrder]:
    """The orders of day and month that read most of the cells; of two that read as many, the one in the season.

    Where the year may stand first, as in 15-08-01, only the season tells.
    """
    scores = {}
    for order in ORDERS:
        read = [(cell, time) for cell in cells if (time := _in_order(cell.strip(), order)) is not None]
        is_in_season = [start <= time.date() <= end for _, time in read]
        found = [
            is_in or not re.fullmatch(_YEAR_ANYWHERE, cell.strip())
            for (cell, _), is_in in zip(read, is_in_season, strict=True)
        ]
        scores[order] = (sum(found), sum(is_in_season))
    best = max(scores.values())
    return [order for order, score in scores.items() if score == best and best[0]]
