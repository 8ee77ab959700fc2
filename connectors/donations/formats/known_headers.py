"""Whose export a header is: each platform has columns that no other has.

A layout that takes any file with a date and an amount takes the wrong platform's too, and credits it to whom its source
names.
"""

from collections.abc import Collection, Mapping

from connectors.donations.source import DonationSource
from connectors.errors import SourceUnreadable

_OWN: Mapping[str, frozenset[str]] = {
    "actblue": frozenset(
        {
            *("receipt_id", "lineitem_id", "line_item_id", "recurrence_number", "recurring_total_months"),
            *("recur_weekly", "donor_first_name", "donor_last_name", "donor_email", "donor_addr1", "donor_zip"),
            *("donor_state", "donor_employer", "donor_phone", "donor_occupation", "fundraising_page", "refunded_at"),
            *("contribution_id", "paid_at", "partner_name", "recipient_id", "recipient_committee", "check_number"),
        }
    ),
    "helloasso": frozenset(
        {
            *("reference_paiement", "reference_du_paiement", "id_paiement", "reference_commande"),
            *("date_du_paiement", "date_de_paiement", "date_paiement", "date_de_la_commande"),
            *("montant_du_paiement", "montant_total", "statut_du_paiement", "statut_de_la_commande"),
            *("moyen_de_paiement", "type_de_paiement", "numero_d_echeance", "date_de_remboursement"),
            *("email_payeur", "email_du_payeur", "email_acheteur", "nom_payeur", "prenom_payeur", "nom_acheteur"),
            *("prenom_acheteur", "code_postal_payeur"),
        }
    ),
    "fec-schedule-a": frozenset(
        {
            *("filer_committee_id_number", "cmte_id", "filer_committee_id", "back_reference_tran_id_number"),
            *("contributor_last_name", "contributor_zip", "contribution_receipt_date", "contribution_receipt_amount"),
            *("contb_receipt_amt", "contb_receipt_dt", "contbr_nm", "tran_id", "transaction_dt", "transaction_amt"),
            *("payee_last_name", "expenditure_date", "expenditure_amount", "memo_cd", "memo_code"),
        }
    ),
}
_ENOUGH = 2  # one may be anybody's


def format_of(columns: Collection[str]) -> str | None:
    """The format whose own columns the header has; None where it has too few of any."""
    known = {name: len(own.intersection(columns)) for name, own in _OWN.items()}
    best = max(known, key=lambda name: known[name])
    return best if known[best] >= _ENOUGH else None


def refuse_foreign(columns: Collection[str], source: DonationSource) -> None:
    """Nothing, where the header may be one of the source's format; what columns the campaign names is its own affair.

    Raises:
        SourceUnreadable: it is another platform's.
    """
    known = format_of(columns)
    if known is not None and known != source.format and not source.columns:
        raise SourceUnreadable(
            f"its header is that of the format {known}, not of {source.format}; nothing of it was taken. "
            f'Mend: say format = "{known}" in this [[donations]] table, or move the file to the source that it is of'
        )


def is_own(columns: Collection[str], name: str) -> bool:
    """Whether the header has a column that only this format has."""
    return not _OWN[name].isdisjoint(columns)
