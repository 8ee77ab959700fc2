"""Exports of other shapes: the campaign names their headers, and the giver still leaves as a key only."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.donations.formats.generic import read_generic
from connectors.donations.formats.totals import read_totals
from connectors.donations.source import ReadDonations
from connectors.records import Donation
from tests.connectors.donations.given import a_file, a_source, key_of

GIVER = ("Quillfeather", "Zebediah")
# Made by hand after the headers of the states' own exports; nobody in them exists.
CALIFORNIA = (
    "FILING_ID\tAMEND_ID\tLINE_ITEM\tTRAN_ID\tCTRIB_NAML\tCTRIB_NAMF\tCTRIB_ZIP4\tRCPT_DATE\tAMOUNT\tMEMO_CODE\n"
    '2412345\t0\t1\tA1\tQuillfeather\tZebediah "Zeb\t94110\t9/29/2020 12:00:00 AM\t250.5\t\n'
    "2412345\t0\t2\tA2\tRoe\tJoan\t94111\t10/1/2020 12:00:00 AM\t-25\t\n"
)
TEXAS = (
    '"recordType","filerIdent","contributionInfoId","contributionDt","contributionAmount","contributorNameLast",'
    '"contributorNameFirst","contributorStreetPostalCode"\n'
    '"RCPT","00080000","101","20200929","1,250.00","Quillfeather","Zebediah","78701"\n'
    '"RCPT","00099999","102","20200930","10.00","Roe","Joan","78702"\n'
)
FLORIDA = (
    "Candidate/Committee\tDate\tAmount\tTyp\tContributor Name\tAddress\tCity State Zip\tOccupation\n"
    "Biden, Joe\t09/29/2020\t25.00\tCHE\tQuillfeather Zebediah\tWobblemoor Lane\tMiami, FL 33101\tCEO\t\n"
)


def read(content: str, *, columns: Mapping[str, Sequence[str]], **said: object) -> ReadDonations:
    return read_generic(
        a_file(content), a_source(precision="day", dates="month-first", columns=columns, **said), key_of
    )


def gifts(found: ReadDonations) -> list[Donation]:
    assert not [name for name in GIVER for part in (found.records, found.set_aside) if name in str(part)]
    return [row for row in found.records if isinstance(row, Donation)]


def test_california_writes_tabs_stray_quotes_and_midnights() -> None:
    columns = {
        "occurred_at": ("RCPT_DATE",),
        "amount": ("AMOUNT",),
        "donation_id": ("FILING_ID", "TRAN_ID"),
        "donor": ("CTRIB_NAML", "CTRIB_NAMF", "CTRIB_ZIP4"),
    }
    assert [
        (gift.donation_id, gift.occurred_on, gift.amount, gift.donor_key)
        for gift in gifts(read(CALIFORNIA, columns=columns))
    ] == [
        ("2412345 A1", date(2020, 9, 29), Decimal("250.50"), key_of('Quillfeather Zebediah "Zeb 94110')),
        ("2412345 A2", date(2020, 10, 1), Decimal("-25.00"), key_of("Roe Joan 94111")),
    ]


def test_texas_tells_whose_gift_it_is_by_the_filers_number() -> None:
    columns = {
        "occurred_at": ("contributionDt",),
        "amount": ("contributionAmount",),
        "donation_id": ("contributionInfoId",),
        "candidate": ("filerIdent",),
    }
    found = read(TEXAS, columns=columns, candidate_id=None, committees={"00080000": "biden"})
    assert [(gift.candidate_id, gift.amount) for gift in gifts(found)] == [("biden", Decimal("1250.00"))]
    assert [(row.line_number, row.reason) for row in found.set_aside] == [
        (3, "the candidate is not one of the campaign's")
    ]


def test_florida_ends_its_rows_with_a_tab_and_names_no_id() -> None:
    columns = {"occurred_at": ("Date",), "amount": ("Amount",), "donor": ("Contributor Name", "City State Zip")}
    [gift] = gifts(read(FLORIDA, columns=columns))
    again = gifts(read(FLORIDA.replace("25.00", "25").replace("\t", ";"), columns=columns))
    assert (gift.occurred_on, gift.amount) == (date(2020, 9, 29), Decimal("25.00"))
    assert [gift.donation_id] == [each.donation_id for each in again]  # though it is written otherwise


def test_date_and_time_may_stand_in_two_columns() -> None:
    columns = {"occurred_at": ("Day", "Time"), "amount": ("Sum",)}
    content = "Day;Time;Sum\n29.09.2020;21:05;1.234,50 €\n"
    source = a_source(precision="minute", dates="day-first", columns=columns)
    [gift] = gifts(read_generic(a_file(content), source, key_of))
    assert (gift.occurred_at, gift.amount) == (datetime(2020, 9, 30, 1, 5, tzinfo=UTC), Decimal("1234.50"))


def test_totals_of_another_shape_are_read_as_well() -> None:
    columns = {"interval_start_at": ("Jour",), "amount": ("Montant",)}
    source = a_source(format="totals", precision="interval", dates="day-first", columns=columns)
    assert [
        str(row)
        for row in read_totals(a_file("Jour;Montant\n29/09/2020;1234,50\n"), source).records
        if "1234.50" in str(row)
    ]


def test_a_header_that_the_campaign_names_and_the_file_has_not_is_told_with_those_it_has() -> None:
    found = read(TEXAS, columns={"occurred_at": ("Date",), "amount": ("contributionAmount",)})
    assert found.records == []
    assert {row.reason for row in found.set_aside} == {
        "the header is not one that the format generic knows: it has no column Date; none of its 8 columns is named "
        'by a word that we know. Mend: name its headers in this [[donations]] table: columns = { occurred_at = "..." }'
    }


def test_an_unknown_header_is_told_in_words_that_are_nobodys() -> None:
    found = read("Date Received,Contribution Amt,Zebediah\n09/29/2020,25,x\n", columns={})
    [row] = found.set_aside
    assert "it has date_received, contribution_amt and 1 other columns. Mend:" in row.reason


def test_what_is_left_of_a_file_that_was_cut_is_no_header_to_be_told() -> None:
    for tail in ("ather,Zebediah,Wobblemoor Lane\n1,2,3\n", "Quillfeather,25.00\nRoe,5\n"):
        assert not [name for name in GIVER for row in read(tail, columns={}).set_aside if name.lower() in row.reason]


@pytest.mark.parametrize("written", ["09/10/2020", "9/10/20", "09.10.2020", "09-10-2020 21:05"])
def test_a_day_that_could_be_a_month_is_set_aside_until_the_campaign_says(written: str) -> None:
    found = read_generic(a_file(f"occurred_at,amount\n{written},25\n"), a_source(precision="day"), key_of)
    assert (found.records, 'dates = "month-first" or "day-first"' in found.set_aside[0].reason) == ([], True)
