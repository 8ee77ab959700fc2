"""FEC files on their way into the landing zone: every shape, nothing lost, nobody named."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.imports.donations import import_donations_once
from flows.people.keys import keyed_hash
from flows.settings import Settings
from tests.flows.imports.donation_campaign import NOON, with_fec
from warehouse.landing.files import read_landed

A = (
    "form_type,filer_committee_id_number,transaction_id,entity_type,contributor_last_name,contributor_first_name,"
    "contributor_street_1,contributor_state,contributor_zip,contribution_date,contribution_amount,"
    "contribution_purpose_descrip,contributor_employer,memo_code,memo_text_description,reference_code\n"
)
GIFT = "SA17A,C00703975,T1,IND,Doe,Jane,1 Elm St,NY,100011234,20200929,25.00,,Acme,,,\n"
MEMO = "SA17A,C00703975,T1,IND,Doe,Jane,1 Elm St,NY,100011234,20200929,25.00,,Acme,X,Best Efforts,\n"
REDESIGNATED = "SA17A,C00703975,T2,IND,Roe,John,2 Oak St,CA,90001,20200930,-10.00,,,X,REDESIGNATION TO GENERAL,\n"
B = (
    "form_type,filer_committee_id_number,transaction_id,payee_last_name,payee_first_name,payee_state,payee_zip,"
    "expenditure_date,expenditure_amount,expenditure_purpose_descrip,memo_code,memo_text_description\n"
    "SB28A,C00703975,R1,Doe,Jane,NY,10001,20201002,25.00,Contribution Refund,,\n"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return with_fec(tmp_path / "us")


def imported(campaign: Campaign, settings: Settings, **files: str | bytes) -> Collected:
    for name, content in files.items():
        path = campaign.folder / "fec" / f"{name}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_donations_once(campaign, settings, NOON)


def rows(settings: Settings, *columns: str) -> list[Any]:
    landed = sorted(read_landed(settings.home, "donations"), key=lambda row: (row["file_sha256"], row["line_number"]))
    return [row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns) for row in landed]


def test_a_gift_is_a_row_above_zero_that_is_no_memo(campaign: Campaign, settings: Settings) -> None:
    imported(campaign, settings, a=A + GIFT + MEMO + REDESIGNATED)
    assert rows(settings, "donation_id", "occurred_on", "amount", "is_memo", "flags", "territory", "line_number") == [
        ("C00703975/A/T1/20200929", date(2020, 9, 29), Decimal("25.00"), False, [], "NY", 2),
        ("C00703975/A/T1/20200929/memo", date(2020, 9, 29), Decimal("25.00"), True, [], "NY", 3),
        ("C00703975/A/T2/20200930/memo", date(2020, 9, 30), Decimal("-10.00"), True, ["redesignated"], "CA", 4),
    ]


def test_a_refund_of_schedule_b_lies_below_zero(campaign: Campaign, settings: Settings) -> None:
    imported(campaign, settings, b=B)
    assert rows(settings, "donation_id", "amount", "flags") == [
        ("C00703975/B/R1/20201002", Decimal("-25.00"), ["refund"])
    ]


def test_money_spent_that_schedule_b_tells_of_is_no_refund(campaign: Campaign, settings: Settings) -> None:
    spent = B.replace("SB28A", "SB23").replace("R1", "R2") + B.splitlines()[1].replace("SB28A", "SB20A") + "\n"
    collected = imported(campaign, settings, b=spent)
    assert rows(settings, "donation_id", "amount") == [("C00703975/B/R1/20201002", Decimal("-25.00"))]
    assert collected.aside == {("fec", "money paid out, and no refund of a gift"): (1, "b.csv, line 2")}


def test_a_day_may_be_written_as_a_midnight_with_its_offset(campaign: Campaign, settings: Settings) -> None:
    imported(campaign, settings, a=A + GIFT.replace("20200929", "2020-09-29 00:00:00-04:00"))
    assert rows(settings, "occurred_on") == [date(2020, 9, 29)]


def test_the_giver_is_one_key_in_receipts_and_refunds_that_python_computes_too(
    campaign: Campaign, settings: Settings
) -> None:
    imported(campaign, settings, a=A + GIFT, b=B)
    [key] = set(rows(settings, "donor_key"))
    assert key == keyed_hash(b"secret", "us-2020")("doe jane 10001")


ODD_WAYS = {
    "gzipped": gzip.compress((A + GIFT + MEMO).encode()),
    "with a byte order mark": b"\xef\xbb\xbf" + (A + GIFT + MEMO).encode(),
    "with lines that end in CR": (A + GIFT + MEMO).replace("\n", "\r").encode(),
    "with lines that end in CR LF": (A + GIFT + MEMO).replace("\n", "\r\n").encode(),
    "in UTF-16": (A + GIFT + MEMO).encode("utf-16"),
    "in Latin-1": (A + GIFT.replace("Elm", "Élm") + MEMO).encode("latin-1"),
    "with semicolons": (A + GIFT + MEMO).replace(",", ";").encode(),
    "with a second pair of quotes": (A + GIFT.replace(",Doe,", ',"""Doe""",') + MEMO).encode(),
    "with a quote inside a name": (A + GIFT.replace(",Jane,", ',"Jane "JD"",') + MEMO).encode(),
    "with a line break inside a name": (A + GIFT.replace(",Jane,", ',"Ja\nne",') + MEMO).encode(),
    "without the last, optional cell": (A + (GIFT + MEMO).replace(",\n", "\n")).encode(),
    "with a delimiter too many": (A + (GIFT + MEMO).replace("\n", ",\n")).encode(),
    "with blank lines": (A + GIFT + "\n\n" + MEMO).encode(),
    "without a last line end": (A + GIFT + MEMO).removesuffix("\n").encode(),
}


@pytest.mark.parametrize("content", ODD_WAYS.values(), ids=ODD_WAYS.keys())
def test_the_same_two_rows_however_they_are_written(content: bytes, campaign: Campaign, settings: Settings) -> None:
    collected = imported(campaign, settings, a=content)
    assert (collected.failed, collected.set_aside) == ({}, Counter(fec=0))
    assert rows(settings, "donation_id", "amount", "is_memo") == [
        ("C00703975/A/T1/20200929", Decimal("25.00"), False),
        ("C00703975/A/T1/20200929/memo", Decimal("25.00"), True),
    ]


def test_columns_may_stand_in_any_order(campaign: Campaign, settings: Settings) -> None:
    lines = [",".join(reversed(line.split(","))) for line in (A + GIFT).splitlines()]
    imported(campaign, settings, a="\n".join(lines) + "\n")
    assert rows(settings, "donation_id") == ["C00703975/A/T1/20200929"]


def test_rows_that_are_none_are_set_aside_with_their_line_and_nobodys_name(
    campaign: Campaign, settings: Settings
) -> None:
    shifted = GIFT.replace(",20200929,25.00,", ",25.00,20200929,")
    nothing = GIFT.replace(",25.00,", ",Jane Doe,")
    collected = imported(campaign, settings, a=A + GIFT + shifted + nothing + GIFT.replace("T1", "T3")[:60])
    assert collected.set_aside == Counter(fec=3)
    rejects = sorted((row["line_number"], row["reason"]) for row in read_landed(settings.home, "rejects"))
    assert rejects == [
        (3, "the date is empty or none that this format knows"),
        (4, "the amount is empty or no amount of money"),
        (5, "the last line is torn: the file ends inside it"),
    ]


def test_a_file_cut_in_half_and_then_whole_counts_each_gift_once(campaign: Campaign, settings: Settings) -> None:
    gifts = [GIFT.replace("T1", f"T{number}") for number in range(40)]
    whole = (A + "".join(gifts)).encode()
    imported(campaign, settings, a=whole[: len(whole) // 2])
    imported(campaign, settings, a=whole)
    assert set(rows(settings, "donation_id")) == {f"C00703975/A/T{number}/20200929" for number in range(40)}


def test_an_unknown_header_sets_every_row_aside(campaign: Campaign, settings: Settings) -> None:
    collected = imported(campaign, settings, a="who,what\nJane Doe,5\nJohn Roe,6\n")
    assert (collected.read, collected.set_aside) == (Counter(fec=2), Counter(fec=2))


def test_a_header_alone_is_a_file_without_rows(campaign: Campaign, settings: Settings) -> None:
    assert imported(campaign, settings, a=A).read == Counter(fec=0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (gzip.compress(b""), "the file is empty"),
        (gzip.compress((A + GIFT).encode())[:9], "the compressed file is cut or broken at its start: copy it again"),
        (b"\x1f\x8b no gzip", "the compressed file is cut or broken at its start: copy it again"),
    ],
)
def test_a_file_with_nothing_in_it_says_so(content: bytes, reason: str, campaign: Campaign, settings: Settings) -> None:
    assert imported(campaign, settings, a=content).aside == {("fec", reason): (1, "a.csv, line 1")}


def test_the_bulk_file_of_all_committees_has_no_header(campaign: Campaign, settings: Settings) -> None:
    line = "C00703975|{}|Q3|P|2020|{}|IND|DOE, JANE|NEW YORK|NY|100011234|ACME|CEO|09292020|{}||T{}|{}|{}|{}|40{}\n"
    gift = line.format("N", "15E", 25, 1, 111, "", "* EARMARKED CONTRIBUTION: SEE BELOW", 1)
    amended = line.format("A", "15E", 30, 1, 222, "", "", 2)
    refund = line.format("N", "22Y", 5, 2, 111, "", "", 3)
    imported(campaign, settings, a=gift + amended + refund)
    assert rows(settings, "donation_id", "amount", "flags", "version", "line_number") == [
        ("C00703975/A/T1/Q3-2020", Decimal("25.00"), ["earmarked"], 111, 1),
        ("C00703975/A/T1/Q3-2020", Decimal("30.00"), [], 222, 2),
        ("C00703975/B/T2/Q3-2020", Decimal("-5.00"), ["refund"], 111, 3),
    ]


@pytest.mark.parametrize(
    "sent",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: ("\n" + text).encode(),
    ],
    ids=["mark", "utf-16", "cr", "no last line break", "blank line"],
)
def test_the_bulk_file_is_read_line_by_line_where_it_is_not_plain(
    campaign: Campaign, settings: Settings, sent: Callable[[str], bytes]
) -> None:
    line = "C00703975|N|Q3|P|2020|15E|IND|DOE, JANE|NEW YORK|NY|100011234|ACME|CEO|09292020|25||T{}|111|||40{}\n"
    imported(campaign, settings, a=sent(line.format(1, 1) + line.format(2, 2)))
    assert rows(settings, "donation_id") == ["C00703975/A/T1/Q3-2020", "C00703975/A/T2/Q3-2020"]


def test_the_bulk_file_may_have_a_header_and_tells_what_a_conduit_passed_on(
    campaign: Campaign, settings: Settings
) -> None:
    header = "CMTE_ID,AMNDT_IND,RPT_TP,TRANSACTION_TP,NAME,STATE,ZIP_CODE,TRANSACTION_DT,TRANSACTION_AMT,"
    header += "TRAN_ID,FILE_NUM,MEMO_CD\n"
    row = 'C00703975,N,Q3,{},"DOE, JANE",NY,10001,{},25,T{},111,\n'
    given = row.format("15E", "09292020", 1) + row.format("15", "2020-09-30", 2)
    paid = row.format("24T", "09292020", 3) + row.format("24K", "09292020", 4) + row.format("22Y", "09302020", 5)
    collected = imported(campaign, settings, a=header + given + paid)
    assert rows(settings, "donation_id", "amount", "is_memo") == [
        ("C00703975/A/T1/Q3-2020", Decimal("25.00"), False),
        ("C00703975/A/T2/Q3-2020", Decimal("25.00"), False),
        ("C00703975/A/T3/Q3-2020/memo", Decimal("25.00"), True),
        ("C00703975/B/T5/Q3-2020", Decimal("-25.00"), False),
    ]
    assert collected.set_aside == Counter(fec=1)


@pytest.mark.parametrize("column", ["T1", "C00703975"])
def test_a_name_that_slipped_into_a_column_that_is_kept_is_not_kept(
    campaign: Campaign, settings: Settings, column: str
) -> None:
    imported(campaign, settings, a=A + GIFT.replace(column, "Quillfeather"))
    everything = [str(read_landed(settings.home, table)) for table in ("donations", "rejects")]
    assert not [text for text in everything if "quillfeather" in text.lower()]


def test_the_presidential_export_by_state_ends_its_lines_with_a_comma(campaign: Campaign, settings: Settings) -> None:
    header = "cmte_id,cand_id,cand_nm,contbr_nm,contbr_city,contbr_st,contbr_zip,contbr_employer,contbr_occupation,"
    header += "contb_receipt_amt,contb_receipt_dt,receipt_desc,memo_cd,memo_text,form_tp,file_num,tran_id,election_tp\n"
    line = 'C00703975,P8,"Biden, Joe","DOE, JANE",NYC,NY,10001,ACME,CEO,{},29-SEP-20,,,,{},12,T{},P2020,\n'
    imported(campaign, settings, a=header + line.format(25, "SA17A", 1) + line.format(-5, "SB28A", 2))
    assert rows(settings, "donation_id", "occurred_on", "amount", "flags") == [
        ("C00703975/A/T1/20200929", date(2020, 9, 29), Decimal("25.00"), []),
        ("C00703975/B/T2/20200929", date(2020, 9, 29), Decimal("-5.00"), ["refund"]),
    ]


def test_the_api_gives_json_pages(campaign: Campaign, settings: Settings) -> None:
    gift = {
        "committee_id": "C00703975",
        "transaction_id": "T1",
        "contributor_name": "DOE, JANE",
        "contributor_zip": "10001",
        "contributor_state": "NY",
        "contribution_receipt_date": "2020-09-29T00:00:00",
        "contribution_receipt_amount": 25.0,
        "report_type": "Q3",
        "file_number": 12,
        "memo_code": None,
        "committee": {"name": "BIDEN FOR PRESIDENT"},
    }
    imported(campaign, settings, a=json.dumps({"results": [gift], "pagination": {"count": 1}}))
    assert rows(settings, "donation_id", "amount", "is_memo") == [("C00703975/A/T1/Q3-2020", Decimal("25.00"), False)]


def test_json_that_breaks_off_is_named_and_the_other_files_are_read(campaign: Campaign, settings: Settings) -> None:
    collected = imported(campaign, settings, a=A + GIFT, b='{"results": [{"committee_id": ')
    assert "b.csv: the JSON breaks off" in collected.failed["fec"]
    assert collected.landed == Counter(donations=1)


def test_json_that_was_cut_is_read_as_far_as_it_goes(campaign: Campaign, settings: Settings) -> None:
    gift = {"committee_id": "C00703975", "contribution_receipt_date": "2020-09-29", "contribution_receipt_amount": 5}
    pages = json.dumps({"results": [gift | {"transaction_id": name} for name in ("T1", "T2", "T3")]})
    collected = imported(campaign, settings, a=pages[:-40])
    assert (collected.read["fec"], collected.told_anew["fec"], collected.failed) == (3, 2, {})
    again = imported(campaign, settings, b=pages)
    assert (again.told_anew["fec"], len(set(rows(settings, "donation_id")))) == (1, 3)


def test_equal_rows_without_an_id_stay_two_and_come_back_as_the_same_two(
    campaign: Campaign, settings: Settings
) -> None:
    unnamed = GIFT.replace(",T1,", ",,")
    imported(campaign, settings, a=A + unnamed + unnamed, b=A + unnamed + unnamed + GIFT)
    assert len(set(rows(settings, "donation_id"))) == 3


def test_committees_that_candidates_declare_tell_whose_gift_it_is(tmp_path: Path, settings: Settings) -> None:
    campaign = with_fec(tmp_path / "us", committees=True)
    imported(campaign, settings, a=A + GIFT + GIFT.replace("C00703975", "C00999999"))
    assert rows(settings, "candidate_id") == ["biden"]
    [reject] = read_landed(settings.home, "rejects")
    assert reject["reason"] == "the committee is no candidate's of this campaign"


def test_nobody_is_named_anywhere_in_the_home(campaign: Campaign, settings: Settings) -> None:
    imported(campaign, settings, a=A + GIFT + REDESIGNATED + GIFT.replace("25.00", "Jane"), b=B)
    told = [
        str(row) for table in ("donations", "rejects", "imported_files") for row in read_landed(settings.home, table)
    ]
    assert not [name for name in ("Jane", "Doe", "Elm", "Acme", "10001") for text in told if name in text]


def test_every_row_read_is_landed_set_aside_or_a_duplicate(campaign: Campaign, settings: Settings) -> None:
    torn = GIFT.replace("T1", "T3")[:60]
    collected = imported(
        campaign, settings, a=A + GIFT + GIFT, b=A + GIFT + GIFT.replace("T1", "T2") + torn, c=A + GIFT + GIFT
    )
    counts = (collected.read, collected.told_anew, collected.set_aside, collected.duplicates)
    assert [count["fec"] for count in counts] == [7, 2, 1, 4]


@pytest.mark.parametrize(
    ("written", "amount"), [("(25.00)", "-25"), ("$25", "25"), ('"1,234.50"', "1234.50"), (".5", "0.50"), ("0", "0")]
)
def test_an_amount_is_read_as_people_write_it(
    campaign: Campaign, settings: Settings, written: str, amount: str
) -> None:
    imported(campaign, settings, a=A + GIFT.replace("25.00", written))
    assert rows(settings, "amount") == [Decimal(amount)]


@pytest.mark.parametrize("written", ["NaN", "1e5", "25.005", "99999999999999999", "Infinity"])
def test_what_is_no_amount_is_set_aside(campaign: Campaign, settings: Settings, written: str) -> None:
    assert imported(campaign, settings, a=A + GIFT.replace("25.00", written)).set_aside == Counter(fec=1)


REPORT = "C00703975-SA17A-from-2020-07-01-to-2020-09-30"


def filed(campaign: Campaign, settings: Settings, name: str, content: str, *, hours: int) -> Collected:
    (campaign.folder / "fec" / f"{name}.csv").write_text(content, encoding="utf-8")
    return import_donations_once(campaign, settings, NOON + timedelta(hours=hours))


def standing_days(settings: Settings) -> list[tuple[str, date]]:
    """What stands: rows of files that were not taken back since."""
    withdrawn = {row["file_sha256"] for row in read_landed(settings.home, "withdrawals")}
    told = {
        (row["donation_id"].split("/")[2], row["occurred_on"])
        for row in read_landed(settings.home, "donations")
        if row["file_sha256"] not in withdrawn
    }
    return sorted(told)


def test_a_report_filed_again_replaces_its_earlier_version(campaign: Campaign, settings: Settings) -> None:
    second = GIFT.replace("T1", "T2")
    filed(campaign, settings, REPORT, A + GIFT + second, hours=0)
    amended = filed(campaign, settings, REPORT, A + GIFT.replace("20200929", "20200928") + second, hours=1)
    assert standing_days(settings) == [("T1", date(2020, 9, 28)), ("T2", date(2020, 9, 29))]
    assert (amended.told_anew["fec"], amended.duplicates["fec"]) == (1, 1)
    assert amended.notes == [f"fec: {REPORT}.csv replaces the earlier version of its report"]


def test_a_copy_that_was_cut_short_replaces_no_report(campaign: Campaign, settings: Settings) -> None:
    whole = A + "".join(GIFT.replace("T1", f"T{number}") for number in range(10))
    filed(campaign, settings, REPORT, whole, hours=0)
    filed(campaign, settings, REPORT, whole[: len(whole) // 2], hours=1)
    assert len(standing_days(settings)) == 10


def test_a_report_of_another_period_replaces_nothing(campaign: Campaign, settings: Settings) -> None:
    filed(campaign, settings, REPORT, A + GIFT, hours=0)
    filed(campaign, settings, REPORT.replace("07-01", "08-01"), A + GIFT.replace("T1", "T2"), hours=1)
    assert len(standing_days(settings)) == 2


def test_two_versions_imported_at_once_both_count(campaign: Campaign, settings: Settings) -> None:
    imported(campaign, settings, **{REPORT: A + GIFT, f"{REPORT} (1)": A + GIFT.replace("20200929", "20200928")})
    assert len(standing_days(settings)) == 2


@pytest.mark.parametrize("slipped", ["555-0199", "QZNAME1"])
def test_a_phone_or_employer_in_place_of_an_id_is_the_same_hash_in_every_version(
    campaign: Campaign, settings: Settings, slipped: str
) -> None:
    gift = GIFT.replace("T1", slipped)
    imported(campaign, settings, a=A + gift, b=A + gift.replace("25.00", "26.00"), c=A + "\n" + gift.rstrip("\n"))
    key = keyed_hash(b"secret", campaign.id)(f"id|{slipped}")[:32]
    assert set(rows(settings, "donation_id")) == {f"C00703975/A/{key}/20200929"}


def test_a_postal_code_stands_for_the_state_only_where_the_campaign_declares_it(
    tmp_path: Path, settings: Settings
) -> None:
    folder = with_fec(tmp_path / "us").folder
    declared = "territory,name,population\n10001,Chelsea,27000\n"
    (folder / "territories.csv").write_text(declared, encoding="utf-8")
    imported(read_campaign(folder), settings, a=A + GIFT + GIFT.replace("T1", "T9").replace("10001", "10002"))
    assert sorted(rows(settings, "territory")) == ["10001", "NY"]
