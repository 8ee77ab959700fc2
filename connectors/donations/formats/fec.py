"""Itemised receipts and refunds as the Federal Election Commission publishes them, in all their shapes.

Who gave is read for one keyed hash only: names and addresses from reports may not be sold or used to solicit
(52 U.S.C. 30111(a)(4), 11 CFR 104.15).

The rules, the same for every shape:
- a gift is a row above zero that is no memo, whatever its text or kind of giver;
- a memo (`X`) tells of money that another row counts, as the conduit's or the joint committee's entry does;
- a row below zero is a refund, a redesignation or a reattribution, and so is every refund line of Schedule B (20, 28);
- its other lines, which tell of money spent, are set aside;
- memo text only sets flags;
- what a conduit passed on (types 24I and 24T) repeats what came in to it, and is a memo; other types of money paid out
  (20 to 29, but for refunds) are no gifts and are set aside.

One transaction id may stand for a gift and, a quarter later, for a memo on it, and committees use ids again in
another report: day and memo are part of a row's own id.
"""

import re
from collections.abc import Mapping, Sequence

from connectors.donations.bulk.layout import (
    UNNAMED,
    BulkLayout,
    candidate_by_committee,
    day,
    literal,
    match_columns,
    money,
    words,
)
from connectors.donations.formats.fec_columns import BULK_FILE, COMMON, EDITIONS, RECEIPT, REFUND, UNSAID
from connectors.donations.source import MONEY_OUT, MONEY_SPENT, NOBODYS_COMMITTEE, DonationSource

# As in C00575795-SA17A-from-2015-04-01-to-2015-06-30.csv.gz: the rows themselves name no report.
_REPORT_NAME = re.compile(r"(C\d{8})[-_](S[AB]\w*)[-_]from[-_](\d{4}-\d\d-\d\d)[-_]to[-_](\d{4}-\d\d-\d\d)")
_DATES = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%d-%b-%y", "%m%d%Y")  # no day is one in two of them
_NEEDED = ("committee", "received", "money")
_REFUND_KINDS = "('20Y', '21Y', '22R', '22Y', '22Z')"  # the bulk file's codes of money given back
_PASSED_ON_KINDS = "('24I', '24T')"  # what a conduit passed on: the gift is its row of coming in
# Lines of Schedule B: refunds are 20 for congress, 28 for presidents and PACs.
_IS_SPENT = (
    "regexp_full_match(upper(form), '(SB)?[0-9]{2}[A-Z]?') AND NOT regexp_full_match(upper(form), '(SB)?(20|28)[A-D]?')"
)
_SHIFTS = (
    ("upper(memo) <> 'X'", "the memo mark is neither X nor empty: the cells of this row are shifted"),
    ("upper(reference) = 'X'", "the memo mark X stands in another column: the cells of this row are shifted"),
)
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
        _layout("schedule B", source, {**COMMON, **REFUND}, amount=f"-({money('money')})", is_refund="true"),
        _layout(
            "export by state",
            source,
            {**COMMON, **RECEIPT, "money": ("contb_receipt_amt",)},
            amount=exported,
            is_refund="starts_with(coalesce(form, ''), 'SB')",
        ),
        _layout(
            "schedule A",
            source,
            {**COMMON, **RECEIPT},
            amount=by_kind,
            is_refund=f"coalesce(kind, '') IN {_REFUND_KINDS}",
        ),
        _layout(
            "bulk file of individual contributions",
            source,
            {name: (name,) for name in (*COMMON, *RECEIPT)},
            amount=by_kind,
            is_refund=f"coalesce(kind, '') IN {_REFUND_KINDS}",
            unheaded=BULK_FILE,
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


def report_of_file(name: str) -> str | None:
    """Committee, schedule and period of the report that an e-filing's CSV holds, where its name tells; else None."""
    found = _REPORT_NAME.search(name)
    return found and "/".join(found.groups())


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
    known_report = "CASE WHEN regexp_full_match(report, '[A-Z0-9]{1,4}') THEN report END"
    report = f"coalesce({known_report} || '-' || year(occurred_on), strftime(occurred_on, '%Y%m%d'))"
    memo_mark = "CASE WHEN is_memo THEN '/memo' ELSE '' END"
    return BulkLayout(
        name=name,
        columns=columns,
        needed=_NEEDED,
        unheaded=unheaded,
        unsaid=UNSAID,
        doubts=frozenset(reason for _, reason in _SHIFTS),
        editions=EDITIONS,
        person=words("organization", "last", "first", "left(zip, 5)"),
        row={
            "is_memo": f"coalesce(upper(memo) = 'X', false) OR coalesce(kind, '') IN {_PASSED_ON_KINDS}",
            "occurred_on": day("received", *dates),
            "amount": amount,
            "donation_id": f"concat_ws('/', committee, {schedule}, coalesce({UNNAMED}, transaction), {report})"
            f" || {memo_mark}",
            "candidate_id": candidate_by_committee("committee", source),
            "occurred_at": "CAST(NULL AS TIMESTAMPTZ)",
            "precision": "'day'",
            "currency": literal(source.currency),
            "gift_kind": "'one_off'",
            "refunded_at": "CAST(NULL AS TIMESTAMPTZ)",
            "channel": "CAST(NULL AS VARCHAR)",
            "scope": "CAST(NULL AS VARCHAR)",
            "territory": _territory(source),
            "flags": _flags(is_refund),
            "version": "coalesce(try_cast(version AS BIGINT), 0)",
        },
        faults=(
            *_SHIFTS,
            ("occurred_on IS NULL", "the date is empty or none that this format knows"),
            ("occurred_on NOT BETWEEN DATE '1975-01-01' AND DATE '2099-12-31'", "the date lies outside 1975 to 2099"),
            ("amount IS NULL", "the amount is empty or no amount of money"),
            (
                "regexp_full_match(committee, '[A-Za-z][0-9]+') IS NOT TRUE",
                "the committee is empty or no committee's number",
            ),
            *([(_IS_SPENT, MONEY_SPENT)] if is_refund == "true" else []),
            (f"coalesce(kind, '') SIMILAR TO '2.+' AND kind NOT IN {_REFUND_KINDS} AND NOT is_memo", MONEY_OUT),
            *([("candidate_id IS NULL", NOBODYS_COMMITTEE)] if _by_row(source) else []),
        ),
    )


def _territory(source: DonationSource) -> str:
    """The giver's state, or its postal code where the campaign has declared that one as a territory."""
    state = "WHEN regexp_full_match(upper(state), '[A-Z]{2}') THEN upper(state)"
    codes = ", ".join(literal(code) for code in sorted(source.territories) if re.fullmatch(r"\d{5}", code))
    by_zip = f"WHEN left(zip, 5) IN ({codes}) THEN left(zip, 5) " if codes else ""
    return f"CASE {by_zip}{state} END"


def _by_row(source: DonationSource) -> bool:
    """Rows of committees that nobody declares are set aside only where candidates declare theirs."""
    return bool(source.committees) and source.candidate_id is None


def _flags(is_refund: str) -> str:
    text = "lower(concat_ws(' ', memo_text, purpose))"
    flags = [f"CASE WHEN {is_refund} THEN 'refund' END"]
    flags += [
        f"CASE WHEN regexp_matches({text}, {literal(word)}) THEN {literal(flag)} END" for flag, word in _FLAGS.items()
    ]
    found = f"list_filter([{', '.join(flags)}], lambda flag: flag IS NOT NULL)"
    # One look for any of the words first: nearly every row has none.
    has_word = f"regexp_matches({text}, {literal('|'.join(_FLAGS.values()))})"
    return f"CASE WHEN {is_refund} OR {has_word} THEN {found} ELSE CAST([] AS VARCHAR[]) END"
