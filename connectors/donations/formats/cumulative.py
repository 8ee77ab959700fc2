"""A public ticker's file -> one reading a row: how much money it showed since its own beginning.

Readings are landed as they were. Which of them are bogus (below the running maximum, or far above what follows) is
decided in staging, where the neighbours of a reading are known across files.
"""

from connectors.donations.cells.columns import Names, cell, find_columns, missing_columns, read_each, unknown_header
from connectors.donations.cells.tables import Row, read_table
from connectors.donations.cells.values import ORDERS, parse_instant, parse_sum
from connectors.donations.source import DonationFile, DonationSource, ReadDonations
from connectors.records import TickerReading

_NAMES: Names = {
    "observed_at": ("timestamp", "time", "datetime", "date", "fetched_at"),
    "total": ("amount", "raised", "total_raised", "cumulative"),
}


def read_cumulative(file: DonationFile, source: DonationSource) -> ReadDonations:
    """The readings of one file, in its order, and the rows that are none.

    Raises:
        SourceUnreadable: times without an offset, and the source declares no zone.
    """
    table = read_table(file.content)
    columns = find_columns(table, _NAMES, source)
    missing = missing_columns(columns, list(_NAMES), source)
    if missing:
        return unknown_header(table, missing, source)
    sha256, rounded = file.sha256, list[int]()

    def read_reading(row: Row) -> TickerReading:
        total, is_rounded = parse_sum(cell(row, columns, "total"), has_decimal_comma=table.has_decimal_comma)
        rounded.extend([row.line_number] * is_rounded)
        return TickerReading(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            candidate_id=source.candidate_id,
            observed_at=parse_instant(cell(row, columns, "observed_at"), source, ORDERS[source.dates]),
            total=total,
            currency=source.currency,
            known_at=file.known_at,
        )

    return read_each(table, read_reading)._replace(rounded=len(rounded))
