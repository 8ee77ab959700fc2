"""A language of the pages: its words from a catalogue, its numbers and dates by Babel."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent, get_currency_name, get_currency_symbol

LANGUAGES = ("en", "fr")

_FOLDER = Path(__file__).parent / "words"
_LEAST = 0.0001  # of a probability that is written
_IN_FULL = 1e4  # amounts below it are short enough as they are
_REGIONS = {"en": "en_GB", "fr": "fr_FR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """Says words, numbers, amounts and times of one language, times on the campaign's clock."""

    language: str
    zone: ZoneInfo

    def __call__(self, key: str, **values: object) -> str:
        """The catalogue's words for `key`.

        Raises:
            KeyError: the catalogue has no such words.
        """
        return catalogue(self.language)[key].format(**values)

    def knows(self, key: str) -> bool:
        """Whether the catalogue has words for `key`."""
        return key in catalogue(self.language)

    def count(self, key: str, number: float, **values: object) -> str:
        """The words for so many: `key.one` or `key.other`, with `{n}` in them."""
        form = "one" if self._locale.plural_form(number) == "one" else "other"
        return self(f"{key}.{form}", n=self.number(number), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """The number, rounded to so many decimals, all of them shown."""
        return _number(float(value), digits, self.language)

    def probability(self, value: float) -> str:
        """A p or a q to four decimals; a smaller one is never written as nothing."""
        least = self.number(_LEAST, 4)
        return self.number(value, 4) if value >= _LEAST else f"< {least}"

    def ratio(self, value: float) -> str:
        """A ratio with as many digits as it is worth: 2.7, 0.85, 12."""
        return self.ratios(value)[0]

    def ratios(self, value: float, *others: float | None) -> list[str]:
        """A ratio and the ends of its interval, all with the digits of the ratio."""
        digits = 0 if value >= 20 else 1 if value >= 1.95 else 2  # noqa: PLR2004 - where digits end
        return ["" if one is None else self.number(one, digits) for one in (value, *others)]

    def share(self, value: float) -> str:
        """A share of one as a percentage."""
        return format_percent(value, format="#,##0 %" if self.language == "fr" else "#,##0%", locale=self._locale)

    def money(self, value: float, currency: str) -> str:
        """The amount in a sentence: 8.8 million dollars."""
        name, of = self.currency(currency)
        for size, key in ((1e9, "money.billion"), (1e6, "money.million")):
            if abs(value) >= size:
                n = value / size
                form = "one" if self._locale.plural_form(abs(round(n, 1))) == "one" else "other"
                return self(f"{key}.{form}", n=self.number(n, 1), name=name, of=of)
        return self("money.plain", n=self.number(value), name=name)

    def money_short(self, value: float, currency: str) -> str:
        """The amount in a table or on a chart: $8.8M."""
        if value < 0:
            return f"−{self.money_short(-value, currency)}"
        symbol = get_currency_symbol(currency, locale="en_US" if self.language == "en" else self._locale)
        symbol = symbol.removesuffix("US") if self.language == "fr" else symbol
        sizes = (("billion", 1e9, 1), ("million", 1e6, 1), ("thousand", 1e3, 0))
        for name, size, digits in sizes if value >= _IN_FULL else ():
            if value >= size:
                return self(f"money.short.{name}", n=self.number(value / size, digits), symbol=symbol)
        return self("money.short.plain", n=self.number(value), symbol=symbol)

    def day(self, value: date | datetime) -> str:
        """A day of the year: 22 Oct."""
        local = self._local(value)
        return _day(local.date() if isinstance(local, datetime) else local, self.language)

    def long_day(self, value: date | datetime) -> str:
        """A day with its weekday and year."""
        return _first(format_date(self._local(value), "full", locale=self._locale), self.language)

    def clock(self, value: datetime) -> str:
        """A time of day: 21:00."""
        return f"{value.astimezone(self.zone):%H:%M}"

    def moment(self, value: datetime) -> str:
        """A day and a time of day."""
        return f"{self.day(value)} {self.clock(value)}"

    def hours(self, minutes: float) -> str:
        """A length of time: 3 hours; three days are told as 72 hours, as everywhere."""
        return self.count("hours", minutes / 60) if minutes % 60 == 0 else self.count("minutes", minutes)

    def either(self, key: str, name: str) -> str:
        """The words for `key.name`, or the bare name where the catalogue has none: a newer table may know more."""
        full = f"{key}.{name}"
        return self(full) if self.knows(full) else name.replace("_", " ")

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)

    def _local(self, value: date | datetime) -> date | datetime:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def currency(self, currency: str) -> tuple[str, str]:
        """The currency's name, and how it follows a number of millions."""
        if self.knows(f"currency.{currency}.name"):
            return self(f"currency.{currency}.name"), self(f"currency.{currency}.of")
        name = get_currency_name(currency, count=2, locale=self._locale)
        return name, self("currency.of", name=name)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_REGIONS[language])


# Pages of a season say the same days and many of the same numbers thousands of times.
@lru_cache(maxsize=8192)
def _number(value: float, digits: int, language: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_locale(language)).replace("-", "−")


@lru_cache(maxsize=2048)
def _day(day: date, language: str) -> str:
    return _first(format_skeleton("MMMd", day, locale=_locale(language)), language)


def _first(day: str, language: str) -> str:
    """French counts the first of a month as such: 1er octobre."""
    return re.sub(r"(^|\s)1(?=\s)", r"\g<1>1er", day) if language == "fr" else day


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every word of a language by its dotted key."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file)))


def _flat(table: dict[str, object], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(value, f"{before}{key}.") if isinstance(value, dict) else [(f"{before}{key}", str(value))]
    return found
