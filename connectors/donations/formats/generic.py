"""The contract's own donation CSV -> one record a row."""

from collections import Counter

from connectors.donations.cells.columns import (
    Names,
    candidate_of,
    cell,
    find_columns,
    missing_columns,
    read_each,
    unknown_header,
)
from connectors.donations.cells.gifts import gift_kind_of, id_of, refund_time, when, with_id
from connectors.donations.cells.labels import channel_of, scope_of, territory_of
from connectors.donations.cells.tables import Row, read_table
from connectors.donations.cells.values import ORDERS, parse_amount, parse_currency
from connectors.donations.source import DonationFile, DonationSource, DonorKey, ReadDonations
from connectors.records import Donation

_NAMES: Names = {
    "donation_id": ("id",),
    "occurred_at": ("occurred_on", "date"),
    "amount": (),
    "currency": (),
    "gift_kind": ("kind",),
    "refunded_at": (),
    "channel": (),
    "scope": (),
    "territory": (),
    "candidate": ("candidate_id",),
    "donor": (),
}
_NEEDED = ("occurred_at", "amount")


def read_generic(file: DonationFile, source: DonationSource, donor_key: DonorKey) -> ReadDonations:
    """The gifts of one file; the giver leaves this function as a keyed hash only.

    Raises:
        SourceUnreadable: times without an offset, and the source declares no zone.
    """
    table = read_table(file.content)
    columns = find_columns(table, _NAMES, source)
    missing = missing_columns(columns, _NEEDED, source)
    if missing:
        return unknown_header(table, missing, source)
    layouts = ORDERS[source.dates]
    sha256 = file.sha256
    repeats: Counter[str] = Counter()

    def read_gift(row: Row) -> Donation:
        amount = parse_amount(cell(row, columns, "amount"), has_decimal_comma=table.has_decimal_comma)
        occurred_at, occurred_on = when(cell(row, columns, "occurred_at"), source, layouts)
        refunded = cell(row, columns, "refunded_at")
        donor = cell(row, columns, "donor")
        gift = Donation(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            donation_id=id_of(cell(row, columns, "donation_id"), donor_key),
            candidate_id=candidate_of(cell(row, columns, "candidate"), source),
            occurred_at=occurred_at,
            occurred_on=occurred_on,
            precision=source.precision,
            amount=amount,
            currency=parse_currency(cell(row, columns, "currency"), source),
            gift_kind=gift_kind_of(cell(row, columns, "gift_kind")),
            is_memo=False,
            refunded_at=refund_time(refunded, source, layouts) if refunded else None,
            channel=channel_of(cell(row, columns, "channel"), source.channels),
            scope=scope_of(cell(row, columns, "scope")),
            territory=territory_of(cell(row, columns, "territory"), source.territories),
            donor_key=donor_key(donor) if donor else None,
            flags=(),
            version=0,
            known_at=file.known_at,
        )
        return with_id(gift, donor_key, repeats)

    return read_each(table, read_gift)
