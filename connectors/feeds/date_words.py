"""The words of dates: month names of seven languages and the abbreviations of time zones."""

import unicodedata
from collections import defaultdict
from datetime import timedelta, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_SHORT = {
    "mrz": 3,
    "mrt": 3,
    "maerz": 3,
    "jaenner": 1,
    "janner": 1,
    "jnr": 1,
    "setiembre": 9,
    "jui": 6,
    "jul": 7,
    "jly": 7,
}

# Hours from UTC. Abbreviations that several regions use (IST, AST, CST of China ...) mean what RFC 822 or
# European and North American custom says, unless the feed's own zone uses them otherwise.
_ZONE_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1,
    "cet": 1, "cest": 2, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3,
    "sast": 2, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13,
}  # fmt: skip
# Named the same in summer and in winter.
_PLACES = {
    "at": "America/Halifax",
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
ZONES: dict[str, timedelta | tzinfo] = {
    **{name: timedelta(hours=hours) for name, hours in _ZONE_HOURS.items()},
    **{name: ZoneInfo(place) for name, place in _PLACES.items()},
}


def fold(text: str) -> str:
    """The text in lower case and without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _months_by_word() -> dict[str, int]:
    """Every month name and every beginning of one, of three letters or more, that means one month only."""
    meanings: dict[str, set[int]] = defaultdict(set)
    for names in _MONTHS.values():
        for number, name in enumerate(names.split(), start=1):
            for length in range(3, len(name) + 1):
                meanings[name[:length]].add(number)
    return {word: min(numbers) for word, numbers in meanings.items() if len(numbers) == 1} | _SHORT


MONTHS = _months_by_word()
