"""HelloAsso's payments -> one record a payment: the JSON of API version 5, or the CSV of its back office.

Source: the models of the published clients for JSON (amounts in cents, times with offset). The French column names
of the CSV are as exports show them and are not documented.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from connectors.donations.cells.columns import Columns, Names, cell, find_columns, read_each, unknown_header
from connectors.donations.cells.gifts import id_of, refund_time, when, with_id
from connectors.donations.cells.json_rows import read_entries, text_of
from connectors.donations.cells.labels import channel_of
from connectors.donations.cells.tables import Row, Table, decode, inflate, read_table
from connectors.donations.cells.values import DAY_FIRST, BadCell, parse_amount
from connectors.donations.formats.known_headers import is_own
from connectors.donations.source import NOT_RECEIVED, DonationFile, DonationSource, DonorKey, ReadDonations
from connectors.records import Donation, GiftKind

_NAMES: Names = {
    "id": ("reference_paiement", "reference_du_paiement", "id_paiement", "reference_commande", "numero"),
    "date": ("date_du_paiement", "date_de_paiement", "date_paiement", "date_de_la_commande"),
    "amount": ("montant_du_paiement", "montant_total", "montant"),
    "cents": (),
    "state": ("statut_du_paiement", "statut", "statut_de_la_commande"),
    "refund_date": ("date_de_remboursement", "date_du_remboursement"),
    "type": ("type_de_paiement", "type", "tarif"),
    "installment": ("numero_d_echeance", "echeance"),
    "means": ("moyen_de_paiement",),
    "email": ("email_payeur", "email_du_payeur", "email_acheteur"),
    "first": ("prenom_payeur", "prenom_acheteur", "prenom"),
    "last": ("nom_payeur", "nom_acheteur", "nom"),
    "zip": ("code_postal_payeur", "code_postal"),
}
_RECEIVED = ("", "authorized", "registered", "refunded", "refunding", "valide", "paye", "rembourse", "autorise")
_MONTHLY = ("monthlydonation", "mensuel", "don mensuel", "monthly")


def read_helloasso(file: DonationFile, source: DonationSource, donor_key: DonorKey) -> ReadDonations:
    """The payments of one file that brought money; one that was refused, cancelled or waits is set aside.

    Raises:
        SourceUnreadable: JSON that is none, or times without an offset and the source declares no zone.
    """
    content = inflate(file.content)[0]
    is_json = decode(content[:100]).lstrip()[:1] in ("{", "[")
    table = _payments(decode(content)) if is_json else read_table(content)
    columns = find_columns(table, _NAMES, source)
    is_foreign = not is_json and not is_own(table.columns, "helloasso")
    if is_foreign or "date" not in columns or not {"amount", "cents"} & set(columns):
        return unknown_header(table, ["date", "amount"], source)
    sha256 = file.sha256
    repeats: Counter[str] = Counter()

    def read_payment(row: Row) -> Donation:
        if _folded(cell(row, columns, "state")) not in _RECEIVED:
            raise BadCell(NOT_RECEIVED)
        occurred_at, occurred_on = when(cell(row, columns, "date"), source, DAY_FIRST)
        refund_date = cell(row, columns, "refund_date")
        person = _person(row, columns)
        payment = Donation(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            donation_id=id_of(cell(row, columns, "id"), donor_key),
            candidate_id=source.candidate_id,
            occurred_at=occurred_at,
            occurred_on=occurred_on,
            precision=source.precision,
            amount=_amount(row, columns, table),
            currency=source.currency,
            gift_kind=_kind(row, columns),
            is_memo=False,
            refunded_at=refund_time(refund_date, source, DAY_FIRST) if refund_date else None,
            channel=channel_of(cell(row, columns, "means")),
            scope=None,
            territory=None,
            donor_key=donor_key(person) if person else None,
            flags=(),
            version=0,
            known_at=file.known_at,
        )
        return with_id(payment, donor_key, repeats)

    return read_each(table, read_payment)


def _payments(text: str) -> Table:
    """The JSON's payments as rows; a row's number is its place in the list."""
    data, torn = read_entries(text, ("data",))
    columns = list(_NAMES)
    rows = [Row(number, _payment_cells(payment)) for number, payment in enumerate(data, start=1)]
    return Table([name for name in columns if name != "amount"], ",", rows, torn)


def _payment_cells(payment: Mapping[str, object]) -> dict[str, str]:
    payer = _inner(payment, "payer")
    refunds = payment.get("refundOperations")
    refund = refunds[0] if isinstance(refunds, list) and refunds and isinstance(refunds[0], dict) else {}
    items = payment.get("items")
    item = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
    cells = {
        "id": payment.get("id"),
        "date": payment.get("date"),
        "cents": payment.get("amount"),
        "state": payment.get("state"),
        "refund_date": _inner(refund, "meta").get("createdAt") or refund.get("creationDate"),
        "type": item.get("type") or payment.get("type"),
        "installment": payment.get("installmentNumber"),
        "means": payment.get("paymentMeans"),
        "email": payer.get("email"),
        "first": payer.get("firstName"),
        "last": payer.get("lastName"),
        "zip": payer.get("zipCode"),
    }
    return {name: text_of(value) for name, value in cells.items()}


def _inner(outer: Mapping[str, object], name: str) -> Mapping[str, object]:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}


def _amount(row: Row, columns: Columns, table: Table) -> Decimal:
    cents = cell(row, columns, "cents")
    if cents:
        if not cents.removeprefix("-").isascii() or not cents.removeprefix("-").isdigit():
            raise BadCell("the amount is no whole number of cents")
        return Decimal(cents) / 100
    return parse_amount(cell(row, columns, "amount"), has_decimal_comma=table.has_decimal_comma)


def _kind(row: Row, columns: Columns) -> GiftKind:
    if _folded(cell(row, columns, "type")) not in _MONTHLY:
        return "one_off"
    number = cell(row, columns, "installment")
    return "recurring" if number.isdigit() and int(number) > 1 else "first_recurring"


def _person(row: Row, columns: Columns) -> str:
    email = cell(row, columns, "email")
    return email or " ".join(filter(None, (cell(row, columns, name) for name in ("first", "last", "zip"))))


def _folded(text: str) -> str:
    return text.strip().lower().replace("é", "e")
