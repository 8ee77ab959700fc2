"""The names that columns of the FEC's files go by: our word -> headers, in order of preference."""

COMMON = {
    "committee": ("filer_committee_id_number", "committee_id", "cmte_id", "filer_committee_id"),
    "transaction": ("transaction_id", "tran_id", "transaction_id_number"),
    "form": ("form_type", "form_tp", "line_number_label", "schedule_type", "line_number"),
    "memo": ("memo_code", "memo_cd"),
    "memo_text": ("memo_text_description", "memo_text"),
    "version": ("file_num", "file_number"),
    "report": ("report_type", "rpt_tp"),
    "kind": ("transaction_tp", "receipt_type"),
}
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
