"""The names that columns of the FEC's files go by: our word -> headers, in order of preference."""

from connectors.donations.cells.editions import Edition, Editions

COMMON = {
    "committee": ("filer_committee_id_number", "committee_id", "cmte_id", "filer_committee_id"),
    "transaction": ("transaction_id", "tran_id", "transaction_id_number"),
    "form": ("form_type", "form_tp", "line_number_label", "schedule_type", "line_number"),
    "memo": ("memo_code", "memo_cd"),
    "memo_text": ("memo_text_description", "memo_text"),
    "version": ("file_num", "file_number"),
    "report": ("report_type", "rpt_tp"),
    "kind": ("transaction_tp", "receipt_type"),
    "reference": ("reference_code",),
}
UNSAID = frozenset({"reference"})  # looked at for a memo's mark that left its column, and no part of what a row says
RECEIPT = {
    "organization": ("contributor_organization_name",),
    "last": ("contributor_last_name", "contributor_name", "contbr_nm", "name"),
    "first": ("contributor_first_name",),
    "zip": ("contributor_zip", "contributor_zip_code", "contbr_zip", "zip_code"),
    "state": ("contributor_state", "contbr_st", "state"),
    "received": (
        "contribution_date",
        "contribution_receipt_date",
        "contb_receipt_dt",
        "receipt_date",
        "transaction_dt",
    ),
    "money": (
        "contribution_amount",
        "contribution_receipt_amount",
        "contb_receipt_amt",
        "contribution_amount_f3l",
        "transaction_amt",
    ),
    "purpose": ("contribution_purpose_descrip", "receipt_desc", "receipt_type_full", "receipt_type_description"),
}
REFUND = {
    "form": ("form_type", "form_tp", "line_number", "line_number_label", "schedule_type"),
    "organization": ("payee_organization_name",),
    "last": ("payee_last_name", "recipient_name"),
    "first": ("payee_first_name",),
    "zip": ("payee_zip", "payee_zip_code", "recipient_zip"),
    "state": ("payee_state", "recipient_state"),
    "received": ("expenditure_date", "disbursement_date"),
    "money": ("expenditure_amount", "disbursement_amount"),
    "purpose": ("expenditure_purpose_descrip", "disbursement_description"),
}
BULK_FILE = (
    *("committee", "amendment", "report", "election", "image", "kind", "entity", "last", "city", "state", "zip"),
    *("employer", "occupation", "received", "money", "other", "transaction", "version", "memo", "memo_text", "sub"),
)

_FILER = ("form_type", "filer_committee_id_number", "transaction_id", "back_reference_tran_id_number")
_DONOR_CANDIDATE = tuple(
    f"candidate_{word}"
    for word in (
        *("fec_id", "last_name", "first_name", "middle_name", "prefix", "suffix", "office", "state", "district"),
    )
)
_MEMO = ("memo_code", "memo_text_description", "reference_code")


def _person(who: str) -> tuple[str, ...]:
    words = ("organization_name", "last_name", "first_name", "middle_name", "prefix", "suffix")
    place = ("street_1", "street_2", "city", "state", "zip")
    return tuple(f"{who}_{word}" for word in (*words, *place))


def _conduit(street: str) -> tuple[str, ...]:
    return (
        "conduit_name",
        *(f"conduit_{street}{number}" for number in (1, 2)),
        *("conduit_city", "conduit_state", "conduit_zip"),
    )


def _whole(who: str, money: tuple[str, ...], of: str, street: str) -> tuple[str, ...]:
    """Every column of an e-filing's schedule, in its order."""
    return (
        *_FILER,
        *("back_reference_sched_name", "entity_type"),
        *_person(who),
        *("election_code", "election_other_description"),
        *money,
        *(f"{of}_{word}" for word in ("committee_fec_id", "committee_name", *_DONOR_CANDIDATE)),
        *_conduit(street),
        *_MEMO,
    )


_GIVEN = ("contribution_date", "contribution_amount", "contribution_aggregate")
_WORK = ("contributor_employer", "contributor_occupation")
_SPENT = ("expenditure_date", "expenditure_amount")
_RECEIPTS = _whole("contributor", (*_GIVEN, "contribution_purpose_descrip", *_WORK), "donor", "street")
_RECEIPTS_2007 = _whole(
    "contributor",
    (*_GIVEN, "contribution_purpose_code", "contribution_purpose_descrip", "increased_limit_code", *_WORK),
    "donor",
    "street",
)
_REFUNDS = _whole(
    "payee",
    (*_SPENT, "semi_annual_refunded_bundled_amt", "expenditure_purpose_descrip", "category_code"),
    "beneficiary",
    "street_",
)
_REFUNDS_2007 = _whole(
    "payee",
    (
        *(*_SPENT, "expenditure_purpose_code", "expenditure_purpose_descrip", "category_code"),
        *("refund_or_disposal_of_excess", "communication_date"),
    ),
    "beneficiary",
    "street_",
)
_REFUNDS_2011 = _whole(
    "payee",
    (
        *(*_SPENT, "semi_annual_refunded_bundled_amt", "expenditure_purpose_code", "expenditure_purpose_descrip"),
        "category_code",
    ),
    "beneficiary",
    "street_",
)
# Only what tells the editions apart: no free text, and nothing that stands at the same place in both.
_SHAPES = {
    "memo_code": "[Xx]",
    "reference_code": "(?![Xx]$).*",
    "conduit_state": "[A-Za-z]{2}",
    "donor_committee_fec_id": "[Cc][0-9]{8}",
    "beneficiary_committee_fec_id": "[Cc][0-9]{8}",
    "donor_candidate_fec_id": "[HPShps][0-9][0-9A-Za-z]{7}",
    "beneficiary_candidate_fec_id": "[HPShps][0-9][0-9A-Za-z]{7}",
    "contribution_purpose_code": "[0-9]{2}[A-Z]?",
    "contribution_purpose_descrip": "(?![0-9]{2}[A-Z]?$).*",
    "expenditure_purpose_code": "[0-9]{2}[A-Z]?",
    "semi_annual_refunded_bundled_amt": r"-?[0-9]*[.][0-9]+|0",
    "category_code": "[0-9]{3}",
}
EDITIONS = Editions(
    known=(
        Edition(_RECEIPTS, _RECEIPTS_2007),
        Edition(_REFUNDS, _REFUNDS_2007),
        Edition(_REFUNDS, _REFUNDS_2011),
    ),
    shapes=_SHAPES,
)
