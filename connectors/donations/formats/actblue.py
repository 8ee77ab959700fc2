"""ActBlue's CSV exports of contributions and of refunds -> one record a line item.

A refund is a row of its own below zero, under the id of its gift and "/refund": so a gift that both exports tell of is
refunded once. Source: the column names of the exports as integrations read them; the zone of `Date` is not
documented, and must be declared.
"""

from collections import Counter

from connectors.donations.cells.columns import Columns, Names, cell, find_columns, read_each, unknown_header
from connectors.donations.cells.gifts import id_of, refund_time, when, with_id
from connectors.donations.cells.tables import Row, read_table
from connectors.donations.cells.values import MONTH_FIRST, BadCell, parse_amount
from connectors.donations.source import NOBODYS_COMMITTEE, DonationFile, DonationSource, DonorKey, ReadDonations
from connectors.records import Donation, GiftKind

_NAMES: Names = {
    "lineitem": ("lineitem_id", "line_item_id", "contribution_id"),
    "receipt": ("receipt_id",),
    "date": ("paid_at", "contribution_date"),
    "amount": ("contribution_amount",),
    "refund_date": ("refunded_at",),
    "recurrence": ("recurrence_number",),
    "months": ("recurring_total_months",),
    "weekly": ("recur_weekly",),
    "mobile": (),
    "check": ("check_number",),
    "state": ("donor_state",),
    "committee": ("fec_id",),
    "email": ("donor_email",),
    "first": ("donor_first_name",),
    "last": ("donor_last_name",),
    "zip": ("donor_zip",),
}
_NEEDED = ("date", "amount")
_YES = ("true", "yes", "1", "t")


def read_actblue(file: DonationFile, source: DonationSource, donor_key: DonorKey) -> ReadDonations:
    """The line items of one export; a donor is known by their e-mail address, which leaves as a keyed hash.

    Raises:
        SourceUnreadable: the source declares no zone.
    """
    table = read_table(file.content)
    columns = find_columns(table, _NAMES, source)
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        return unknown_header(table, missing, source)
    # The export of refunds names a refund in every row; that of contributions in those that went back.
    refunds_only = "refund_date" in columns and all(cell(row, columns, "refund_date") for row in table.rows)
    is_refunds = refunds_only and ("refund_id" in table.columns or "refund" in file.name.lower())
    sha256 = file.sha256
    repeats: Counter[str] = Counter()

    def read_item(row: Row) -> Donation:
        amount = parse_amount(cell(row, columns, "amount"), has_decimal_comma=table.has_decimal_comma)
        refund_date = cell(row, columns, "refund_date")
        is_refund = is_refunds or amount < 0
        occurred_at, occurred_on = when(
            refund_date if is_refund and refund_date else cell(row, columns, "date"), source, MONTH_FIRST
        )
        person = _person(row, columns)
        item = id_of(cell(row, columns, "lineitem") or cell(row, columns, "receipt"), donor_key)
        gift = Donation(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            donation_id=f"{item}/refund" if is_refund and item else item,
            candidate_id=_candidate(row, columns, source),
            occurred_at=occurred_at,
            occurred_on=occurred_on,
            precision=source.precision,
            amount=-abs(amount) if is_refund else amount,
            currency=source.currency,
            gift_kind=_kind(row, columns),
            is_memo=False,
            refunded_at=refund_time(refund_date, source, MONTH_FIRST) if refund_date and not is_refund else None,
            channel=_channel(row, columns),
            scope=None,
            territory=_territory(row, columns, source),
            donor_key=donor_key(person) if person else None,
            flags=("refund",) if is_refund else (),
            version=0,
            known_at=file.known_at,
        )
        return with_id(gift, donor_key, repeats)

    return read_each(table, read_item)


def _person(row: Row, columns: Columns) -> str:
    email = cell(row, columns, "email")
    return email or " ".join(filter(None, (cell(row, columns, name) for name in ("first", "last", "zip"))))


def _candidate(row: Row, columns: Columns, source: DonationSource) -> str | None:
    if not source.committees:
        return source.candidate_id
    candidate = source.committees.get(cell(row, columns, "committee"), source.candidate_id)
    if candidate is None:
        raise BadCell(NOBODYS_COMMITTEE)
    return candidate


def _kind(row: Row, columns: Columns) -> GiftKind:
    number = cell(row, columns, "recurrence")
    if number.isdigit() and int(number) > 1:
        return "recurring"
    goes_on = cell(row, columns, "months").lower() not in ("", "0", "1", "no", "false")
    return "first_recurring" if goes_on or cell(row, columns, "weekly").lower() in _YES else "one_off"


def _channel(row: Row, columns: Columns) -> str | None:
    if cell(row, columns, "check"):
        return "check"
    if "mobile" not in columns:
        return None
    return "mobile" if cell(row, columns, "mobile").lower() in _YES else "web"


def _territory(row: Row, columns: Columns, source: DonationSource) -> str | None:
    """The giver's state, or his postal code where the campaign has declared that one as a territory."""
    code, state = cell(row, columns, "zip")[:5], cell(row, columns, "state").upper()
    if code in source.territories:
        return code
    return state if len(state) == len("NY") and state.isalpha() else None
