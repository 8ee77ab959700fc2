"""Nobody who gave is named anywhere in a home, and who asks to be erased is gone for good."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from connectors.campaign.models import Campaign
from flows.build import build_warehouse_once
from flows.imports.donations import import_donations_once
from flows.people.erase import Request, erase_donor
from flows.people.keys import keyed_hash
from flows.settings import Settings
from flows.steps import land_facts
from tests.doubles.home_search import found_in_home
from tests.flows.imports.donation_campaign import NOON, with_every_format

PERSON = [
    "Quillfeather",
    "Zebediah",
    "Wobblemoor Lane",
    "Grumbleworks",
    "zeb@quill.example",
    "555-0199",
    "Get well soon",
]
LAST, FIRST, STREET, EMPLOYER, EMAIL, PHONE, COMMENT = PERSON

FEC = (
    "form_type,filer_committee_id_number,transaction_id,contributor_last_name,contributor_first_name,"
    "contributor_street_1,contributor_zip,contribution_date,contribution_amount,contributor_employer,memo_code,memo_text_description\n"
    f"SA17A,C00703975,T1,{LAST},{FIRST},{STREET},10001,20200929,25.00,{EMPLOYER},,{COMMENT}\n"
    f"SA17A,C00703975,T2,{LAST},{FIRST},{STREET},10001,{EMPLOYER},{LAST},{FIRST},,\n"
    f"SA17A,C00703975,,{LAST},{FIRST},{STREET},10001,20200930,15.00,{EMPLOYER},,\n"
    "SA17A,C00703975,T3,Roe,Joan,2 Oak St,10002,20200930,35.00,Acme,,\n"
)
GENERIC = (
    "donation_id,occurred_at,amount,gift_kind,channel,candidate,donor\n"
    f"{EMAIL},2020-09-29 21:05,25,,{EMAIL},,{FIRST} {LAST}\n"
    f"g2,{LAST},{FIRST},{EMPLOYER},,{COMMENT},{EMAIL}\n"
    f"g3,2020-09-29 21:05,10,,,,{EMAIL}\n"
    "g4,2020-09-29 21:07,7,,,,somebody else\n"
    f"{PHONE},2020-09-29 21:08,3,,,,somebody else\n"
)
ACTBLUE = (
    "Receipt ID,Lineitem ID,Date,Amount,Donor First Name,Donor Last Name,Donor Addr1,Donor State,Donor Employer,"
    "Donor Email,Donor Phone,Comments\n"
    f"A1,901,2020-09-29 21:05:09,25.00,{FIRST},{LAST},{STREET},NY,{EMPLOYER},{EMAIL},{PHONE},{COMMENT}\n"
    f"A2,902,{FIRST},{LAST},{STREET},NY,{EMPLOYER},{EMAIL},{PHONE},{COMMENT},,\n"
)
HELLOASSO = json.dumps(
    {
        "data": [
            {
                "id": 1,
                "amount": 1500,
                "date": "2020-09-29T21:00:00+02:00",
                "payer": {"email": EMAIL, "firstName": FIRST, "lastName": LAST},
            },
            {"id": 2, "amount": LAST, "date": COMMENT, "payer": {"email": EMAIL}},
        ]
    }
)
UNKNOWN = f"who,where,what\n{FIRST} {LAST},{STREET},{COMMENT}\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    campaign = with_every_format(tmp_path / "us")
    files = {"fec": FEC, "generic": GENERIC, "actblue": ACTBLUE, "helloasso": HELLOASSO}
    for name, content in files.items():
        (campaign.folder / name / "1.csv").write_text(content, encoding="utf-8")
        (campaign.folder / name / "2.csv").write_text(UNKNOWN, encoding="utf-8")
        (campaign.folder / name / "3.csv").write_text(content[: len(content) * 2 // 3], encoding="utf-8")
        (campaign.folder / name / "4.csv").write_text(content.replace(",", ";"), encoding="utf-8")
    return campaign


def built(campaign: Campaign, settings: Settings) -> None:
    land_facts(campaign, settings, NOON)
    said: list[str] = []
    collected = import_donations_once(campaign, settings, NOON, tell=said.append)
    build_warehouse_once(settings.home, NOON, tell=said.append)
    spoken = " ".join([*said, *collected.notes, *collected.failed.values()])
    assert [name for name in PERSON if name in spoken] == []


def total_of(settings: Settings, source_id: str) -> Decimal:
    with duckdb.connect(settings.home / "published" / "afterdebate.duckdb", read_only=True) as con:
        query = "SELECT sum(amount) FROM metrics.donation_by_interval WHERE interval_minutes = 1440 AND source_id = ?"
        [amount] = con.execute(query, [source_id]).fetchone() or (None,)
    return Decimal(amount)


def test_no_name_street_employer_or_address_is_anywhere_in_the_home(campaign: Campaign, settings: Settings) -> None:
    built(campaign, settings)
    assert found_in_home(settings.home, PERSON) == []
    assert total_of(settings, "fec") == Decimal(75)


def test_who_asks_to_be_erased_is_gone_and_does_not_come_back(campaign: Campaign, settings: Settings) -> None:
    built(campaign, settings)
    donor_key = keyed_hash(b"secret", campaign.id)
    keys = [donor_key(f"{LAST} {FIRST} 10001"), donor_key(EMAIL)]
    assert {key for key, _ in found_in_home(settings.home, keys)} == set(keys)
    later = NOON + timedelta(hours=4)
    for donor in (f"{LAST}, {FIRST} 10001", EMAIL):
        assert erase_donor(settings, donor, Request(asked_at=NOON, clock=lambda: later)).rows > 0
    assert found_in_home(settings.home, keys) == []
    for name in ("fec", "generic"):
        with (campaign.folder / name / "1.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
    assert import_donations_once(campaign, settings, later).duplicates["fec"] > 0
    build_warehouse_once(settings.home, later)
    assert found_in_home(settings.home, keys) == []
    assert total_of(settings, "fec") == Decimal(75)
