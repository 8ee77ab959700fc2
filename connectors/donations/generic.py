"""The contract's own donation CSV -> one record a row."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import cast, get_args

from connectors.donations.columns import Names, candidate_of, cell, find_columns, read_each, unknown_header
from connectors.donations.source import DonationFile, DonationSource, DonorKey, ReadDonations
from connectors.donations.tables import Row, read_table
from connectors.donations.values import ISO, BadCell, floor_to, parse_amount, parse_day, parse_instant
from connectors.records import Donation, GiftKind

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
    columns = find_columns(table, _NAMES)
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        return unknown_header(table, missing, "generic")
    sha256 = file.sha256
    repeats: Counter[str] = Counter()

    def read_gift(row: Row) -> Donation:
        amount = parse_amount(cell(row, columns, "amount"), has_decimal_comma=table.has_decimal_comma)
        occurred_at, occurred_on = when(cell(row, columns, "occurred_at"), source)
        refunded = cell(row, columns, "refunded_at")
        donor = cell(row, columns, "donor")
        return Donation(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            donation_id=plain_id(cell(row, columns, "donation_id")) or id_of_content(row, donor_key, repeats),
            candidate_id=candidate_of(cell(row, columns, "candidate"), source),
            occurred_at=occurred_at,
            occurred_on=occurred_on,
            precision=source.precision,
            amount=amount,
            currency=cell(row, columns, "currency").upper() or source.currency,
            gift_kind=gift_kind_of(cell(row, columns, "gift_kind")),
            is_memo=False,
            refunded_at=refund_time(refunded, source) if refunded else None,
            channel=plain_label(cell(row, columns, "channel")),
            scope=plain_label(cell(row, columns, "scope")),
            territory=plain_label(cell(row, columns, "territory")),
            donor_key=donor_key(donor) if donor else None,
            flags=(),
            version=0,
            known_at=file.known_at,
        )

    return read_each(table, read_gift)


def when(time_cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> tuple[datetime | None, date]:
    """The instant (None where the source knows days only) and the local day of a gift."""
    if source.precision == "day":
        return None, parse_day(time_cell, source, layouts)
    occurred_at = floor_to(parse_instant(time_cell, source, layouts), source)
    return occurred_at, occurred_at.astimezone(source.campaign_timezone).date()


def refund_time(time_cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> datetime:
    """When a gift went back; a day alone is its first moment in the campaign's zone."""
    try:
        return parse_instant(time_cell, source, layouts)
    except BadCell:
        day = parse_day(time_cell, source, layouts)
        return datetime(day.year, day.month, day.day, tzinfo=source.campaign_timezone).astimezone(UTC)


def gift_kind_of(text: str) -> GiftKind:
    """The kind that a row says; a row that does not say is one-off."""
    kind = text.strip().lower().replace("-", "_").replace(" ", "_") or "one_off"
    if kind not in get_args(GiftKind):
        raise BadCell(f"the gift kind is none of {', '.join(get_args(GiftKind))}")
    return cast("GiftKind", kind)


def plain_label(text: str) -> str | None:
    """A short label as it stands; an e-mail address is nobody's label."""
    return None if not text or "@" in text else text


def plain_id(text: str) -> str:
    """A platform's id as it stands; one that is an e-mail address is none."""
    return text if "@" not in text else ""


def id_of_content(row: Row, donor_key: DonorKey, repeats: Counter[str]) -> str:
    """An id for a row that has none: the same row in an overlapping export gets the same one.

    Keyed, because the row's cells could be guessed. Equal rows of one file are told apart by their count.
    """
    content = "|".join(f"{name}={value}" for name, value in sorted(row.cells.items()))
    key = donor_key(f"row|{content}")[:32]
    repeats[key] += 1
    return f"{key}-{repeats[key]}"
