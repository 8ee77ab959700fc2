"""Cells -> amounts, times and days. Every refusal says why without quoting the cell: it may hold a name."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from connectors.currencies import CURRENCIES
from connectors.donations.source import DonationSource
from connectors.errors import SourceUnreadable
from connectors.records import DateOrder

ISO = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H")
MONTH_FIRST = (*ISO, "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")
DAY_FIRST = (*ISO, "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y à %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")
_WORDED = ("%d-%b-%Y", "%d-%b-%y")
DAYS = {
    ISO: ("%Y-%m-%d", "%Y%m%d"),
    MONTH_FIRST: ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%m/%d/%y", "%m-%d-%Y", *_WORDED),
    DAY_FIRST: ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", *_WORDED),
}
ORDERS: Mapping[DateOrder, tuple[str, ...]] = {"iso": ISO, "month-first": MONTH_FIRST, "day-first": DAY_FIRST}
_IN_WHICH_ORDER = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_FIRST_UNIX, _LAST_UNIX = 631152000, 4102444800  # 1990 to 2100: any other number is no Unix time
_YEARS = range(1900, 2201)  # placeholders of exports (0001-01-01, 9999-12-31) and slips; a zone moves none out of time
_LARGEST = Decimal("1e15")
_CENT = Decimal("0.01")


class BadCell(ValueError):
    """A cell that is not what its column should hold; the text is the reason."""


def parse_amount(cell: str, *, has_decimal_comma: bool) -> Decimal:
    """The amount of a cell: `$1,234.50`, `1 234,50 €`, `(12.00)`, `-5`.

    Raises:
        BadCell: empty, no number, or one that could be read in two ways.
    """
    amount = _parse_number(cell, has_decimal_comma=has_decimal_comma)
    if amount != amount.quantize(_CENT):
        raise BadCell("the amount has more than two decimals")
    return amount.quantize(_CENT)


def parse_sum(cell: str, *, has_decimal_comma: bool) -> tuple[Decimal, bool]:
    """A sum to the cent, and whether it was rounded: tools that add up in floats write more decimals.

    Raises:
        BadCell: empty, no number, or one that could be read in two ways, as 1.234.
    """
    if re.fullmatch(r"\D*[1-9]\d{0,2}\.\d{3}\D*", cell):
        raise BadCell("the amount's point may be a decimal sign or a thousands sign")
    amount = _parse_number(cell, has_decimal_comma=has_decimal_comma)
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    return cents, cents != amount


def _parse_number(cell: str, *, has_decimal_comma: bool) -> Decimal:
    if not cell:
        raise BadCell("the amount is empty")
    digits = re.sub(r"[\s\u00a0\u202f'$€£]|\b[A-Z]{3}\b", "", cell)
    if digits.startswith("(") and digits.endswith(")"):
        digits = "-" + digits[1:-1]
    try:
        amount = Decimal(_with_decimal_point(digits, has_decimal_comma=has_decimal_comma))
    except InvalidOperation:
        raise BadCell(f"the amount is no number (it looks like {shape(cell)})") from None
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise BadCell("the amount is no money")
    return amount


def _with_decimal_point(digits: str, *, has_decimal_comma: bool) -> str:
    if not re.fullmatch(r"[-+]?[\d.,]*\d[\d.,]*", digits):
        raise BadCell(f"the amount is no number (it looks like {shape(digits)})")
    if "," not in digits:
        is_grouped = re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+", digits)
        if is_grouped and digits.count(".") > 1:
            return digits.replace(".", "")
        if is_grouped and has_decimal_comma:
            raise BadCell("the amount's point may be a decimal sign or a thousands sign")
        return digits
    if "." in digits:
        # The last of two signs is the decimal one: 1,234.50 and 1.234,50.
        if digits.rindex(",") > digits.rindex("."):
            return digits.replace(".", "").replace(",", ".")
        return digits.replace(",", "")
    if re.fullmatch(r"[-+]?\d*,\d{1,2}", digits):
        return digits.replace(",", ".")
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", digits):
        if has_decimal_comma:
            raise BadCell("the amount's comma may be a decimal sign or a thousands sign")
        return digits.replace(",", "")
    raise BadCell("the amount has a comma that is neither a decimal nor a thousands sign")


def parse_currency(cell: str, source: DonationSource) -> str:
    """The currency that a row names, else its source's."""
    if cell and cell.upper() not in CURRENCIES:
        raise BadCell("the currency is no code of three letters that ISO 4217 knows")
    return cell.upper() or source.currency


def parse_count(cell: str) -> int | None:
    """A number of gifts; None where the cell is empty."""
    if not cell:
        return None
    if not re.fullmatch(r"\d{1,12}(\.0+)?", cell):
        raise BadCell(f"the count is no whole number of zero or more (it looks like {shape(cell)})")
    return int(cell.split(".", maxsplit=1)[0])


def parse_instant(cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> datetime:
    """The UTC time of a cell: with an offset as it stands, Unix seconds, else local time of the declared zone.

    An hour that the clock shows twice is read as its first pass.

    Raises:
        BadCell: empty, a day only, no time, far from our years, or a time that the clock skipped.
        SourceUnreadable: the time has no offset and the source declares no zone.
    """
    naive_or_aware = _of_our_time(_any_time(cell, layouts))
    if naive_or_aware.tzinfo is not None:
        return naive_or_aware.astimezone(UTC)
    if source.timezone is None:
        raise SourceUnreadable(
            f"{source.source_id}: its times have no offset, and the source declares no zone, so nobody can say when a "
            f'gift came. Mend: add timezone = "{source.campaign_timezone.key}" (or the zone the platform writes in) '
            f"to this [[donations]] table; nothing of the file was taken"
        )
    return _placed(naive_or_aware, source.timezone)


def parse_day(cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> date:
    """The local day of a cell, in the campaign's zone where the cell is an instant."""
    if not cell:
        raise BadCell("the date is empty")
    for layout in DAYS[layouts]:
        # An export of days may still write midnight behind each of them.
        found = _strptime(re.sub(r"[ T]00:00(:00)?(\.0+)?$", "", cell), layout)
        if found is not None:
            return _of_our_time(found).date()
    found = _of_our_time(_any_time(cell, layouts))
    return found.date() if found.tzinfo is None else found.astimezone(source.campaign_timezone).date()


def floor_to(instant: datetime, source: DonationSource) -> datetime:
    """The instant at the precision that its source declares: digits beyond it are not knowledge."""
    if source.precision == "instant":
        return instant
    if source.precision == "minute":
        return instant.replace(second=0, microsecond=0)
    local = instant.astimezone(source.campaign_timezone)  # a zone's hour need not begin with UTC's
    return (local - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )


def shape(cell: str) -> str:
    """What a cell looks like, with every letter as A and every digit as 9."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "A", cell))[:20]


def _any_time(cell: str, layouts: tuple[str, ...]) -> datetime:
    if not cell:
        raise BadCell("the time is empty")
    if re.fullmatch(r"\d{9,10}(\.\d+)?", cell) and _FIRST_UNIX <= float(cell) < _LAST_UNIX:
        return datetime.fromtimestamp(float(cell), UTC)
    if re.fullmatch(r"\d{12,13}", cell) and _FIRST_UNIX <= int(cell) / 1000 < _LAST_UNIX:
        return datetime.fromtimestamp(int(cell) / 1000, UTC)
    if len(cell) > len("2020-09-29"):
        iso = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", cell.removesuffix("UTC").rstrip() + "Z" * cell.endswith("UTC"))
        with suppress(ValueError):
            return datetime.fromisoformat(iso)
    if any(_strptime(cell, layout) for layout in DAYS[layouts]):
        raise BadCell("a day without a time, where the source declares a finer precision")
    for layout in layouts:
        found = _strptime(cell.replace("T", " ", 1), layout)
        if found is not None:
            return found
    mend = ""
    if layouts is ISO and _IN_WHICH_ORDER.match(cell):
        mend = '. Mend: add dates = "month-first" or "day-first" to this [[donations]] table'
    raise BadCell(f"the time is none this format knows (it looks like {shape(cell)}){mend}")


def _of_our_time(told: datetime) -> datetime:
    if told.year not in _YEARS:
        raise BadCell(f"the time lies outside {_YEARS[0]} to {_YEARS[-1]}")
    return told


def _strptime(cell: str, layout: str) -> datetime | None:
    try:
        return datetime.strptime(cell, layout)  # noqa: DTZ007 - the zone is the caller's to add
    except ValueError:
        return None


def _placed(naive: datetime, zone: ZoneInfo) -> datetime:
    placed = naive.replace(tzinfo=zone).astimezone(UTC)
    if placed.astimezone(zone).replace(tzinfo=None) != naive:
        raise BadCell("a local time that the clock skipped on that night")
    return placed
