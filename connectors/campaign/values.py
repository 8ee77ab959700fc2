"""The kinds of value in a campaign folder. A value that is refused says what to write instead.

A check raises `PydanticCustomError` with the mend in its context: models and the reader of `events.csv` share them.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationInfo
from pydantic_core import PydanticCustomError

from connectors.currencies import CURRENCIES

AnyDay = TypeVar("AnyDay", bound=date)  # a day, or a time of one


def refusal(fault: str, mend: str) -> PydanticCustomError:
    """The error to raise for a value: what is wrong with it and what to write instead."""
    return PydanticCustomError("refused", "{fault}", {"fault": fault, "mend": mend})


def as_written(value: object) -> str:
    """A value as a campaign file writes it, text in single quotes."""
    match value:
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(as_written, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {as_written(each)}' for key, each in value.items())} }}"
        case str():
            return repr(value)
    return str(value)


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """Up to two known words that `word` may be a slip for, the nearest first; case does not matter."""
    by_folded = {each.casefold(): each for each in known}
    return [by_folded[near] for near in get_close_matches(word.casefold(), by_folded, n=2, cutoff=0.7)]


def mend_from(word: str, known: Iterable[str]) -> str:
    """A mend that names the nearest known word, or all of them."""
    words = sorted(known)
    nearest = near_words(word, words)
    return f"did you mean {' or '.join(map(repr, nearest))}?" if nearest else f"write one of {', '.join(words)}"


def is_misspelt(word: str, slips: Iterable[str], known: Iterable[str]) -> bool:
    """Whether one of the unknown words may have been meant for `word`: then that slip says it all."""
    return any(word in near_words(slip, known) for slip in slips)


def check_id(value: str) -> str:
    """The id itself: it becomes part of file names, resource names and keys, so it is plain.

    Raises:
        PydanticCustomError: a letter that an id may not have, or the reserved word ALL.
    """
    if value == "ALL":
        raise refusal("'ALL' means a whole platform or party and cannot be an id", "give it a name of its own")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        unaccented = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
        plain = plain_id(unaccented)
        raise refusal(
            f"{value!r} cannot be an id: letters without accents, digits, '-', '_' and '.' only, no space",
            f"write {plain!r}" if value else "write a short name, as in 'joe-biden'",
        )
    return value


def plain_id(text: str) -> str:
    """An id made of any text: "blog.example/feed/" is "blog.example-feed"."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._") or "unnamed"


@cache
def zone_names() -> frozenset[str]:
    """Every zone of the tz database at hand."""
    return frozenset(available_timezones())


def check_zone(value: str) -> str:
    """The zone itself, if the tz database knows it.

    Raises:
        PydanticCustomError: it does not.
    """
    if value in zone_names():
        return value
    nearest = near_words(value, zone_names()) or [name for name in sorted(zone_names()) if value and value in name][:3]
    meant = (
        f"did you mean {' or '.join(map(repr, nearest))}?" if nearest else "write an IANA name, as in 'Europe/Paris'"
    )
    raise refusal(f"unknown time zone {value!r}", meant)


def without_user(url: str) -> str:
    """The URL without the user name and password that may stand before its host."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url, count=1)


def check_url(value: str) -> str:
    """The URL itself, if something can be fetched from it.

    Raises:
        PydanticCustomError: not http or https, no host, or a user name or password in it.
    """
    bare = without_user(value)
    if bare != value:
        fault = f"{bare!r} is written with a user name or password, which every table would show"
        raise refusal(fault, "write it without, or take the feed that needs no password")
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:  # urlsplit's word for half a bracket around an IPv6 host
        is_good = False
    if not is_good:
        raise refusal(f"{value!r} is not an http or https URL", "write it whole, as in 'https://example.org/feed/'")
    return value


def _check_money(value: Any) -> Any:
    # Decimal would read a quoted number, and bool is an int in Python.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise refusal(f"{as_written(value)} is not an amount", "write a number without quotes or currency, as in 20.0")
    if not math.isfinite(value) or value < 0:
        raise refusal(f"{value} is not an amount", "write a number, zero or more")
    return value


def _without_zeros(value: Decimal) -> Decimal:
    # 20 and 20.00 are one fact and must have one hash.
    return Decimal(format(value.normalize(), "f"))


def _check_handle(value: str) -> str:
    if not re.fullmatch(r"@?[A-Za-z0-9_.-]+(@[A-Za-z0-9.-]+(:\d+)?)?", value):
        mend = "write the handle alone, as in 'JoeBiden'; on Mastodon with its server, as in 'user@server'"
        raise refusal(f"{value!r} is not an account", mend)
    return value.removeprefix("@")


def _check_currency(value: str) -> str:
    if value not in CURRENCIES:
        raise refusal(f"{value!r} is not a currency", "write its three capital letters of ISO 4217, as in 'EUR'")
    return value


def check_year(day: AnyDay) -> AnyDay:
    """The day or time itself, if a campaign can be in its year.

    Raises:
        PydanticCustomError: it cannot; near the years 1 and 9999 no zone's clock is known either.
    """
    if not 1900 <= day.year <= 2200:  # noqa: PLR2004 - wide, and far from the ends of the calendar
        raise refusal(f"{day} is not in the years 1900 to 2200", "write the year with four digits, as in 2020-09-29")
    return day


def _check_text(value: str) -> str:
    if not value.strip():
        raise refusal("an empty text", "fill it in, or take the key out where it is optional")
    # Line breaks and tabs are text; the others break screens, files and paths.
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", value):
        raise refusal(f"{value!r} has a control character in it", "type the text anew, not copied")
    return value.strip()


def _check_horizons(horizons: tuple[int, ...]) -> tuple[int, ...]:
    if not horizons:
        raise refusal("an empty list", "name a horizon, or leave the key out")
    return horizons


Text = Annotated[str, AfterValidator(_check_text)]
Id = Annotated[str, AfterValidator(check_id)]
Zone = Annotated[str, AfterValidator(check_zone)]
Url = Annotated[str, AfterValidator(check_url)]
Currency = Annotated[str, AfterValidator(_check_currency)]
Handle = Annotated[str, AfterValidator(_check_handle)]
Money = Annotated[Decimal, BeforeValidator(_check_money), AfterValidator(_without_zeros)]
AS_LANDED = "as landed"  # the context in which a campaign is read from our own JSON, which has no dates


def _day_as_landed(value: object, info: ValidationInfo) -> object:
    # A table that pydantic changes beforehand is no JSON to it any more, and strict of what is in it.
    return date.fromisoformat(value) if info.context == AS_LANDED and isinstance(value, str) else value


# Strict: TOML has dates, numbers and booleans of its own, so a quoted one is a slip.
Count = Annotated[int, Strict(), Field(ge=0)]
Hours = Annotated[int, Strict(), Field(ge=0, lt=24)]
Minutes = Annotated[int, Strict(), Field(gt=0)]
Horizons = Annotated[tuple[Minutes, ...], AfterValidator(_check_horizons)]
Part = Annotated[float, Strict(), Field(gt=0, lt=1)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, Strict(), BeforeValidator(_day_as_landed), AfterValidator(check_year)]
