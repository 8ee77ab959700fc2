"""The day that a date means, however it is written, and what of the text is left for its hour."""

import re
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from connectors.feeds.date_words import MONTHS

_ISO = re.compile(r"(\d{4})(?:-0?(\d{1,2})-(\d{1,2})|(\d{2})(\d{2}))(?:[t\s_]+(?:at\s+)?(?=\d)|$|(?=z|[+-]\d|\d{6}$))")
_WEEK = re.compile(r"(\d{4})-?w(\d{2})(?:-?([1-7]))?(?:[t\s]+(?=\d)|$)")
_DAY_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})(?:[t\s]+(?=\d)|$)")
_LONE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_MONTH_ALONE = re.compile(r"([^\W\d_]+)\.?,?\s+(\d{4})")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_BEFORE = re.compile(r"(?:^|\D)(\d{1,2})(?:er|st|nd|rd|th|o|a)?[\s.,/º°ª-]*(?:de\s+|of\s+)?$")
_YEAR_AFTER = re.compile(r"[\s.,/'’-]*(?:del?\s+)?(\d{4}|\d{2})(?![\d:h])")
_DAY_YEAR_AFTER = re.compile(r"[\s.,/-]*(\d{1,2})(?:st|nd|rd|th)?(?![\d:h])(?:[\s.,/-]+(\d{4})(?![\d:h]))?")
_YEAR_ALONE = re.compile(r"(?<![\d:+-])(\d{4})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./])(\d{1,2})\2(\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"US/|America/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Indiana|Boise|Anchorage)")


class FoundDay(NamedTuple):
    """A day, and the text around it."""

    day: date
    rest: str
    is_certain: bool = True  # it is certain which is the day and which the month
    is_whole: bool = True  # a month or a year alone is given as its first day


def find_day(text: str, zone: tzinfo) -> FoundDay | None:
    """The day that a date in lower case and without accents names; None where it names none."""
    iso = _ISO.match(text)
    if iso:
        return _day(iso[1], iso[2] or iso[4], iso[3] or iso[5], text[iso.end() :])
    for word in reversed(list(_WORD.finditer(text))):
        found = _day_beside_month(text, word) if word[0] in MONTHS else None
        if found:
            return found
    year_first = _YEAR_FIRST.search(text)
    if year_first:
        return _day(year_first[1], year_first[3], year_first[4], text[year_first.end() :])
    numeric = _NUMERIC.search(text)
    return _day_of_numbers(text, numeric, zone) if numeric else _day_counted(text)


def _day_counted(text: str) -> FoundDay | None:
    """The day of a week or of a year, or the first of a month or a year alone."""
    week, ordinal, lone = _WEEK.match(text), _DAY_OF_YEAR.match(text), _LONE.fullmatch(text)
    named = _MONTH_ALONE.fullmatch(text)
    try:
        if named:
            return FoundDay(date(int(named[2]), MONTHS[named[1]], 1), "", is_whole=False)
        if week:
            day = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return FoundDay(day, text[week.end() :], is_whole=bool(week[3]))
        if ordinal:
            day = date(int(ordinal[1]), 1, 1) + timedelta(days=int(ordinal[2]) - 1)
            return FoundDay(day, text[ordinal.end() :]) if day.year == int(ordinal[1]) else None
        return FoundDay(date(int(lone[1]), int(lone[2] or 1), 1), "", is_whole=False) if lone else None
    except (ValueError, OverflowError, KeyError):
        return None


def _day_beside_month(text: str, word: re.Match[str]) -> FoundDay | None:
    """The day written around the name of a month: "1er janvier 2025", "Jan 1, 2025", "Sun Jan 4 16:29:06 PST 2004"."""
    before, after, month = text[: word.start()], text[word.end() :], str(MONTHS[word[0]])
    day = _DAY_BEFORE.search(before)
    year = _YEAR_AFTER.match(after)
    if day and year:
        return _day(year[1], month, day[1], before[: day.start(1)] + " " + after[year.end() :])
    day_after = _DAY_YEAR_AFTER.match(after)
    if not day_after:
        return None
    rest = f"{before} {after[day_after.end() :]}"
    if day_after[2]:
        return _day(day_after[2], month, day_after[1], rest)
    last = _YEAR_ALONE.search(rest)
    if not last:
        return None
    return _day(last[1], month, day_after[1], rest[: last.start()] + rest[last.end() :])


def _day_of_numbers(text: str, found: re.Match[str], zone: tzinfo) -> FoundDay | None:
    """Dots mean day first; slashes too, but for zones of the United States."""
    first, second = int(found[1]), int(found[3])
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    is_certain = found[2] == "." or max(first, second) > 12 or first == second  # noqa: PLR2004 — months of a year
    is_month_first = found[2] != "." and bool(_MONTH_FIRST.match(str(zone)))
    if second > 12 or (is_month_first and first <= 12):  # noqa: PLR2004 — months of a year
        first, second = second, first
    day = _day(found[4], str(second), str(first), rest)
    return day and day._replace(is_certain=is_certain)


def _day(year: str, month: str, day: str, rest: str) -> FoundDay | None:
    full_year = int(year) if len(year) > 2 else int(year) + (2000 if int(year) < 70 else 1900)  # noqa: PLR2004
    try:
        return FoundDay(date(full_year, int(month), int(day)), rest)
    except ValueError:
        return None
