"""Itemised receipts and refunds as the Federal Election Commission publishes them, in all their shapes.

Who gave is read for one keyed hash only: names and addresses from reports may not be sold or used to solicit
(52 U.S.C. 30111(a)(4), 11 CFR 104.15).

The rules, the same for every shape:
- a gift is a row above zero that is no memo, whatever its text or kind of giver;
- a memo (`X`) tells of money that another row counts, as the conduit's or the joint committee's entry does;
- a row below zero is a refund, a redesignation or a reattribution, and so is every row of Schedule B;
- memo text only sets flags.

One transaction id may stand for a gift and, a quarter later, for a memo on it, and committees use ids again in
another report: day and memo are part of a row's own id.
"""

import re
from collections.abc import Mapping, Sequence

from connectors.donations.bulk import (
    UNNAMED,
    BulkLayout,
    candidate_by_committee,
    day,
    literal,
    match_columns,
    money,
    words,
)
from connectors.donations.source import DonationSource

_COMMON = {
    "committee": ("filer_committee_id_number", "committee_id", "cmte_id", "filer_committee_id"),
    "transaction": ("transaction_id", "tran_id", "transaction_id_number"),
    "form": ("form_type", "form_tp", "line_number_label", "schedule_type", "line_number"),
    "memo": ("memo_code", "memo_cd"),
    "memo_text": ("memo_text_description", "memo_text"),
    "version": ("file_num", "file_number"),
    "report": ("report_type", "rpt_tp"),
    "kind": ("transaction_tp", "receipt_type"),
}
_RECEIPT = {
    "organization": ("contributor_organization_name",),
    "last": ("contributor_last_name", "contributor_name", "contbr_nm"),
    "first": ("contributor_first_name",),
    "zip": ("contributor_zip", "contributor_zip_code", "contbr_zip"),
    "state": ("contributor_state", "contbr_st"),
    "received": ("contribution_date", "contribution_receipt_date", "contb_receipt_dt", "receipt_date"),
    "money": ("contribution_amount", "contribution_receipt_amount", "contb_receipt_amt", "contribution_amount_f3l"),
    "purpose": ("contribution_purpose_descrip", "receipt_desc", "receipt_type_full", "receipt_type_description"),
}
_REFUND = {
    "organization": ("payee_organization_name",),
    "last": ("payee_last_name", "recipient_name"),
    "first": ("payee_first_name",),
    "zip": ("payee_zip", "payee_zip_code", "recipient_zip"),
    "state": ("payee_state", "recipient_state"),
    "received": ("expenditure_date", "disbursement_date"),
    "money": ("expenditure_amount", "disbursement_amount"),
    "purpose": ("expenditure_purpose_descrip", "disbursement_description"),
}
_BULK_FILE = (
    *("committee", "amendment", "report", "election", "image", "kind", "entity", "last", "city", "state", "zip"),
    *("employer", "occupation", "received", "money", "other", "transaction", "version", "memo", "memo_text", "sub"),
)
_DATES = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%d-%b-%y")
_NEEDED = ("committee", "received", "money")
_REFUND_KINDS = "('20Y', '21Y', '22R', '22Y', '22Z')"  # the bulk file's codes of money given back
_FLAGS = {
    "earmarked": "earmark|earmk|ermk|conduit",
    "redesignated": "redesignat",
    "reattributed": "reattribut",
    "returned": "charge ?back|charged back|insufficient|returned by bank|nsf",
}


def fec_layouts(source: DonationSource) -> Sequence[BulkLayout]:
    """Every shape of FEC file, the more particular first."""
    signed = "CASE WHEN {refund} THEN -({money}) ELSE ({money}) END"
    by_kind = signed.format(refund=f"coalesce(kind, '') IN {_REFUND_KINDS}", money=money("money"))
    # The presidential export by state writes its refunds below zero already.
    exported = money("money")
    return (
        _layout("schedule B", source, {**_COMMON, **_REFUND}, amount=f"-({money('money')})", is_refund="true"),
        _layout(
            "export by state",
            source,
            {**_COMMON, **_RECEIPT, "money": ("contb_receipt_amt",)},
            amount=exported,
            is_refund="starts_with(coalesce(form, ''), 'SB')",
        ),
        _layout(
            "schedule A",
            source,
            {**_COMMON, **_RECEIPT},
            amount=by_kind,
            is_refund=f"coalesce(kind, '') IN {_REFUND_KINDS}",
        ),
        _layout(
            "bulk file of individual contributions",
            source,
            {name: (name,) for name in (*_COMMON, *_RECEIPT)},
            amount=by_kind,
            is_refund=f"coalesce(kind, '') IN {_REFUND_KINDS}",
            unheaded=_BULK_FILE,
            dates=("%m%d%Y",),
        ),
    )


def fec_layout_of(header: Sequence[str], source: DonationSource) -> BulkLayout | None:
    """The first shape that the header fits; the bulk file has none, and is known by its 21 cells and a committee id."""
    for layout in fec_layouts(source):
        if layout.unheaded:
            is_first_row = len(header) == len(layout.unheaded) and re.fullmatch(r"c\d{8}", header[0].lower())
            if is_first_row:
                return layout
        elif match_columns(layout, header) is not None:
            return layout
    return None


def _layout(
    name: str,
    source: DonationSource,
    columns: Mapping[str, Sequence[str]],
    *,
    amount: str,
    is_refund: str,
    unheaded: Sequence[str] = (),
    dates: Sequence[str] = _DATES,
) -> BulkLayout:
    schedule = f"CASE WHEN {is_refund} THEN 'B' ELSE 'A' END"
    # Within one report an id is used once, and an amendment may move the row's day.
    report = "coalesce(report || '-' || year(occurred_on), strftime(occurred_on, '%Y%m%d'))"
    memo_mark = "CASE WHEN is_memo THEN '/memo' ELSE '' END"
    return BulkLayout(
        name=name,
        columns=columns,
        needed=_NEEDED,
        unheaded=unheaded,
        person=words("organization", "last", "first", "left(zip, 5)"),
        row={
            "is_memo": "coalesce(upper(memo) = 'X', false)",
            "occurred_on": day("received", *dates),
            "amount": amount,
            "donation_id": f"concat_ws('/', committee, {schedule}, coalesce(transaction, {UNNAMED}), {report})"
            f" || {memo_mark}",
            "candidate_id": candidate_by_committee("committee", source),
            "occurred_at": "CAST(NULL AS TIMESTAMPTZ)",
            "precision": "'day'",
            "currency": literal(source.currency),
            "gift_kind": "'one_off'",
            "refunded_at": "CAST(NULL AS TIMESTAMPTZ)",
            "channel": "CAST(NULL AS VARCHAR)",
            "scope": "CAST(NULL AS VARCHAR)",
            "territory": "CASE WHEN regexp_full_match(upper(state), '[A-Z]{2}') THEN upper(state) END",
            "flags": _flags(is_refund),
            "version": "coalesce(try_cast(version AS BIGINT), 0)",
        },
        faults=(
            ("occurred_on IS NULL", "the date is empty or none that this format knows"),
            ("occurred_on NOT BETWEEN DATE '1975-01-01' AND DATE '2099-12-31'", "the date lies outside 1975 to 2099"),
            ("amount IS NULL", "the amount is empty or no amount of money"),
            ("committee IS NULL", "the committee is empty"),
            *(
                [("candidate_id IS NULL", "the committee is no candidate's of this campaign")]
                if _by_row(source)
                else []
            ),
        ),
    )


def _by_row(source: DonationSource) -> bool:
    """Rows of committees that nobody declares are set aside only where candidates declare theirs."""
    return bool(source.committees) and source.candidate_id is None


def _flags(is_refund: str) -> str:
    text = "lower(concat_ws(' ', memo_text, purpose))"
    flags = [f"CASE WHEN {is_refund} THEN 'refund' END"]
    # One look for any of the words first: nearly every row has no text.
    flags += [
        f"CASE WHEN regexp_matches({text}, {literal(word)}) THEN {literal(flag)} END" for flag, word in _FLAGS.items()
    ]
    return f"list_filter([{', '.join(flags)}], lambda flag: flag IS NOT NULL)"
