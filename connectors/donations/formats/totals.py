"""Totals per span -> one record a row: what a source says came in from one time to another."""

from datetime import UTC, datetime

from connectors.donations.cells.columns import (
    Columns,
    Names,
    candidate_of,
    cell,
    find_columns,
    missing_columns,
    read_each,
    unknown_header,
)
from connectors.donations.cells.labels import territory_of
from connectors.donations.cells.tables import Row, read_table
from connectors.donations.cells.values import (
    ORDERS,
    BadCell,
    parse_count,
    parse_currency,
    parse_day,
    parse_instant,
    parse_sum,
)
from connectors.donations.source import DonationFile, DonationSource, ReadDonations
from connectors.records import DonationTotal

_NAMES: Names = {
    "interval_start_at": ("interval_start", "start", "date", "day", "contribution_date"),
    "interval_minutes": ("minutes",),
    "amount": ("sum", "total"),
    "count": ("gifts", "contributions"),
    "candidate": ("candidate_id",),
    "currency": (),
    "territory": ("state",),
}
_NEEDED = ("interval_start_at", "amount")
_DAY = 1440  # minutes; a local day is one of them also on a clock-change night
_LONGEST = 366 * _DAY


def read_totals(file: DonationFile, source: DonationSource) -> ReadDonations:
    """The totals of one file; a file without `interval_minutes` holds local days.

    Raises:
        SourceUnreadable: times without an offset, and the source declares no zone.
    """
    table = read_table(file.content)
    columns = find_columns(table, _NAMES, source)
    missing = missing_columns(columns, _NEEDED, source)
    if missing:
        return unknown_header(table, missing, source)
    sha256, rounded = file.sha256, list[int]()

    def read_total(row: Row) -> DonationTotal:
        minutes = _minutes_of(cell(row, columns, "interval_minutes"))
        amount, is_rounded = parse_sum(cell(row, columns, "amount"), has_decimal_comma=table.has_decimal_comma)
        rounded.extend([row.line_number] * is_rounded)
        return DonationTotal(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            candidate_id=candidate_of(cell(row, columns, "candidate"), source),
            interval_start_at=_start_of(row, columns, minutes, source),
            interval_minutes=minutes,
            amount=amount,
            gifts=parse_count(cell(row, columns, "count")),
            currency=parse_currency(cell(row, columns, "currency"), source),
            known_at=file.known_at,
            territory=territory_of(cell(row, columns, "territory"), source.territories),
        )

    return read_each(table, read_total)._replace(rounded=len(rounded))


def _minutes_of(told: str) -> int:
    minutes = parse_count(told)
    if minutes is None:
        return _DAY
    if not 1 <= minutes <= _LONGEST:
        raise BadCell(f"the interval is none of 1 to {_LONGEST} minutes, which are a year")
    return minutes


def _start_of(row: Row, columns: Columns, minutes: int, source: DonationSource) -> datetime:
    start = cell(row, columns, "interval_start_at")
    if minutes % _DAY or ":" in start:
        return parse_instant(start, source, ORDERS[source.dates])
    day = parse_day(start, source, ORDERS[source.dates])
    return datetime(day.year, day.month, day.day, tzinfo=source.campaign_timezone).astimezone(UTC)
