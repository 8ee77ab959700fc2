"""FEC filings of 2007 and 2008: rows two cells longer than their header are read by their shape, or set aside whole."""

import csv
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.flows.imports.donation_campaign import NOON, with_fec
from warehouse.landing.files import read_landed

# The headers and the places as the FEC's files have them; the people are made up.
_RECEIPTS = (
    "form_type,filer_committee_id_number,transaction_id,back_reference_tran_id_number,back_reference_sched_name,"
    "entity_type,contributor_organization_name,contributor_last_name,contributor_first_name,contributor_middle_name,"
    "contributor_prefix,contributor_suffix,contributor_street_1,contributor_street_2,contributor_city,"
    "contributor_state,contributor_zip,election_code,election_other_description,contribution_date,"
    "contribution_amount,contribution_aggregate,contribution_purpose_descrip,contributor_employer,"
    "contributor_occupation,donor_committee_fec_id,donor_committee_name,donor_candidate_fec_id,"
    "donor_candidate_last_name,donor_candidate_first_name,donor_candidate_middle_name,donor_candidate_prefix,"
    "donor_candidate_suffix,donor_candidate_office,donor_candidate_state,donor_candidate_district,conduit_name,"
    "conduit_street1,conduit_street2,conduit_city,conduit_state,conduit_zip,memo_code,memo_text_description,"
    "reference_code"
)
_REFUNDS = (
    "form_type,filer_committee_id_number,transaction_id,back_reference_tran_id_number,back_reference_sched_name,"
    "entity_type,payee_organization_name,payee_last_name,payee_first_name,payee_middle_name,payee_prefix,payee_suffix,"
    "payee_street_1,payee_street_2,payee_city,payee_state,payee_zip,election_code,election_other_description,"
    "expenditure_date,expenditure_amount,semi_annual_refunded_bundled_amt,expenditure_purpose_descrip,category_code,"
    "beneficiary_committee_fec_id,beneficiary_committee_name,beneficiary_candidate_fec_id,"
    "beneficiary_candidate_last_name,beneficiary_candidate_first_name,beneficiary_candidate_middle_name,"
    "beneficiary_candidate_prefix,beneficiary_candidate_suffix,beneficiary_candidate_office,"
    "beneficiary_candidate_state,beneficiary_candidate_district,conduit_name,conduit_street_1,conduit_street_2,"
    "conduit_city,conduit_state,conduit_zip,memo_code,memo_text_description,reference_code"
)
RECEIPTS, REFUNDS = _RECEIPTS.split(","), _REFUNDS.split(",")
# Places, counted from 0, of the edition of 2007: a code stands before the purpose, a limit's code behind it.
GIVEN = {0: "SA17A", 1: "C00703975", 5: "IND", 7: "Doe", 8: "Jane", 15: "NY", 16: "10001", 19: "20200929"}
PURPOSE_CODE, EMPLOYER, CONDUIT, CONDUIT_STATE, CONDUIT_ZIP, MEMO, MEMO_TEXT = 22, 25, 38, 42, 43, 44, 45


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return with_fec(tmp_path / "us")


def row(width: int, cells: dict[int, str]) -> list[str]:
    return [cells.get(place, "") for place in range(width)]


def gift(transaction: str, width: int, cells: dict[int, str], *, amount: str = "25.00") -> list[str]:
    return row(width, GIVEN | {2: transaction, 20: amount, 21: amount} | cells)


def imported(campaign: Campaign, settings: Settings, header: list[str], *rows: list[str]) -> Collected:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    (campaign.folder / "fec" / "a.csv").write_text(written.getvalue(), encoding="utf-8")
    return import_donations_once(campaign, settings, NOON)


def told(settings: Settings) -> list[tuple[Any, ...]]:
    landed = sorted(read_landed(settings.home, "donations"), key=lambda found: found["line_number"])
    return [(found["donation_id"].split("/")[2], found["amount"], found["is_memo"]) for found in landed]


def test_a_memo_two_cells_to_the_right_is_a_memo(campaign: Campaign, settings: Settings) -> None:
    act_blue = {CONDUIT: "Act Blue", CONDUIT_STATE: "MA", CONDUIT_ZIP: "02238"}
    collected = imported(
        campaign,
        settings,
        RECEIPTS,
        gift("T1", 47, {PURPOSE_CODE: "15", EMPLOYER: "Acme"}),
        gift("T2", 47, {PURPOSE_CODE: "15", MEMO: "X"}),
        gift("T3", 47, {PURPOSE_CODE: "15", MEMO: "X", MEMO_TEXT: "REDESIGNATION TO GENERAL"}),
        gift("T4", 47, {PURPOSE_CODE: "15E"} | act_blue),
        gift("T5", 47, {MEMO_TEXT: "REDESIGNATION REQUESTED"}, amount="-5.00"),
    )
    assert told(settings) == [
        ("T1", Decimal(25), False),
        ("T2", Decimal(25), True),
        ("T3", Decimal(25), True),
        ("T4", Decimal(25), False),
        ("T5", Decimal(-5), False),
    ]
    assert collected.set_aside == Counter(fec=0)


def test_refunds_of_2007_stand_two_cells_to_the_right_as_well(campaign: Campaign, settings: Settings) -> None:
    given = {0: "SB28A", 1: "C00703975", 7: "Doe", 8: "Jane", 19: "20201002", 20: "25.00"}
    coded = {21: "22Y", 22: "Contribution Refund", 23: "010"}
    imported(
        campaign,
        settings,
        REFUNDS,
        row(46, given | {2: "R1", 22: "VOID CHECK", 43: "X", 44: "Voiding check, written 2/29"}),
        row(46, given | {2: "R2", 22: "CONTRIBUTION REFUND"}),
        row(45, given | {2: "R3"} | coded),
        row(44, given | {2: "R4", 22: "Contribution Refund", 41: "X"}),
        row(45, given | {2: "R5", 21: "0.00", 23: "Contribution Refund"}),  # of 2011: one column more
        row(45, given | {2: "R6", 21: "0.00", 23: "Contribution Refund", 42: "X"}),
    )
    assert told(settings) == [
        ("R1", Decimal(-25), True),
        ("R2", Decimal(-25), False),
        ("R3", Decimal(-25), False),
        ("R4", Decimal(-25), True),
        ("R5", Decimal(-25), False),
        ("R6", Decimal(-25), True),
    ]


def test_rows_of_both_editions_stand_in_one_file(campaign: Campaign, settings: Settings) -> None:
    imported(
        campaign,
        settings,
        RECEIPTS,
        gift("T1", 45, {42: "X", 43: "OVF Transfer"}),
        gift("T2", 47, {MEMO: "X"}),
        gift("T3", 47, {42: "X"}),  # the header's own edition, with two delimiters too many
        gift("T4", 44, {}),
    )
    assert told(settings) == [(name, Decimal(25), name != "T4") for name in ("T1", "T2", "T3", "T4")]


SHIFTED = "the cells of this row are shifted"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ((45, {44: "X"}), f"the memo mark X stands in another column: {SHIFTED}"),
        ((45, {42: "MA"}), f"the memo mark is neither X nor empty: {SHIFTED}"),
        ((48, {46: "X"}), "48 cells where the header has 45, and no edition of the format fits"),
        ((47, {43: "X", 42: "5"}), "47 cells where the header has 45, and no edition of the format fits"),
        ((46, {44: "X", 45: "NOT ATTRIBUTED"}), None),
    ],
)
@pytest.mark.parametrize("beside", [45, 47])  # the first row decides whether the file is read at full speed
def test_a_row_of_no_edition_is_set_aside_whole(
    cells: tuple[int, dict[int, str]], reason: str | None, beside: int, campaign: Campaign, settings: Settings
) -> None:
    width, told_cells = cells
    collected = imported(campaign, settings, RECEIPTS, gift("T1", beside, {}), gift("T2", width, told_cells))
    assert [found[0] for found in told(settings) if not found[2]] == ["T1"]
    assert list(collected.aside) == ([("fec", reason)] if reason else [])


def test_a_shifted_row_under_another_header_counts_as_no_gift(campaign: Campaign, settings: Settings) -> None:
    header = [*RECEIPTS[:40], "conduit_country", *RECEIPTS[40:]]
    collected = imported(campaign, settings, header, gift("T1", 46, {}), gift("T2", 46, {45: "X"}))
    assert [name for name, _, _ in told(settings)] == ["T1"]
    assert collected.set_aside == Counter(fec=1)


def test_what_a_row_says_of_itself_does_not_hang_on_its_reference_code(campaign: Campaign, settings: Settings) -> None:
    """A row without an id is known by what it says; the reference is looked at only to find a mark that moved."""
    imported(campaign, settings, RECEIPTS, gift("", 45, {44: "SI"}))
    first = told(settings)
    imported(campaign, settings, RECEIPTS, gift("", 45, {44: "SL"}))
    assert {name for name, _, _ in told(settings)} == {first[0][0]}
