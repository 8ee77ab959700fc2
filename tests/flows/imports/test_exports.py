"""ActBlue's CSV API, asked by `import` where the campaign says so."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.campaign.models import Campaign
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.doubles.actblue_server import HIDDEN, ActBlue, actblue_served
from tests.doubles.home_search import found_in_home
from tests.flows.imports.donation_campaign import a_campaign
from warehouse.landing.files import read_landed

NIGHT = datetime(2020, 9, 30, 2, tzinfo=UTC)  # 29 September, ten in the evening in New York
TOML = """
id = "us-2020"
title = "US 2020"
timezone = "America/New_York"
currency = "USD"
start = 2020-09-19
end = 2020-11-03
[[candidates]]
id = "biden"
name = "Joe Biden"
[[donations]]
id = "actblue"
format = "actblue"
api = true
path = "gifts/*.csv"
candidate = "biden"
precision = "instant"
timezone = "America/New_York"
"""
HEADER = "Receipt ID,Lineitem ID,Date,Amount,Donor Email,Donor Last Name\n"
PAID = HEADER + "A1,901,2020-09-29 21:05:09,25.00,zeb@quill.example,Quillfeather\n"
REFUNDED = (
    HEADER.replace("Donor Email", "Refund ID,Refund Date,Donor Email").replace("Date,Amount", "Date,Amount", 1)
    + "A1,901,2020-09-29 21:05:09,25.00,R1,2020-09-29 21:45:00,zeb@quill.example,Quillfeather\n"
)


@pytest.fixture
def actblue() -> Iterator[ActBlue]:
    with actblue_served() as served:
        served.exports = {"paid_contributions": PAID, "refunded_contributions": REFUNDED}
        yield served


@pytest.fixture
def settings(tmp_path: Path, actblue: ActBlue) -> Settings:
    return Settings(
        home=tmp_path / "home",
        donor_key=SecretStr("secret"),
        actblue_uuid=SecretStr("uuid"),
        actblue_secret=SecretStr("secret"),
        actblue_url=actblue.url,
    )


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return a_campaign(tmp_path / "us", TOML)


def test_gifts_and_refunds_of_the_season_are_fetched_up_to_tomorrow(
    campaign: Campaign, settings: Settings, actblue: ActBlue
) -> None:
    pauses: list[float] = []
    collected = import_donations_once(campaign, settings, NIGHT, pause=pauses.append)
    assert actblue.days_asked() == [
        ("paid_contributions", "2020-09-18", "2020-09-30"),
        ("refunded_contributions", "2020-09-18", "2020-09-30"),
    ]
    assert (collected.failed, collected.landed) == ({}, Counter(donations=2))
    assert len(pauses) == 2
    assert sorted(
        (row["donation_id"], row["occurred_at"].hour, row["amount"]) for row in read_landed(settings.home, "donations")
    ) == [("901", 1, 25), ("901/refund", 1, -25)]


def test_an_export_shows_its_days_whole_up_to_the_moment_it_was_asked_for(
    campaign: Campaign, settings: Settings
) -> None:
    import_donations_once(campaign, settings, NIGHT, pause=lambda _: None)
    spans = {
        row["file_name"]: (row["span_from_at"], row["span_to_at"])
        for row in read_landed(settings.home, "imported_files")
    }
    assert spans == {
        "paid_contributions 2020-09-18 to 2020-09-30": (datetime(2020, 9, 18, 4, tzinfo=UTC), NIGHT),
        "refunded_contributions 2020-09-18 to 2020-09-30": (None, None),
    }


def test_what_was_fetched_is_asked_for_again_from_its_last_two_days_on(
    campaign: Campaign, settings: Settings, actblue: ActBlue
) -> None:
    import_donations_once(campaign, settings, NIGHT, pause=lambda _: None)
    import_donations_once(campaign, settings, NIGHT + timedelta(minutes=5), pause=lambda _: None)
    assert len(actblue.wishes) == 2  # five minutes later there is nothing to ask
    actblue.exports["paid_contributions"] += PAID.splitlines()[1].replace("901", "902") + "\n"
    later = import_donations_once(campaign, settings, NIGHT + timedelta(days=1), pause=lambda _: None)
    assert actblue.days_asked()[2] == ("paid_contributions", "2020-09-28", "2020-10-01")
    assert (later.read["actblue"], later.told_anew["actblue"], later.duplicates["actblue"]) == (3, 1, 2)


def test_a_long_season_is_asked_for_in_pieces(campaign: Campaign, settings: Settings, actblue: ActBlue) -> None:
    import_donations_once(campaign, settings, datetime(2021, 1, 31, 12, tzinfo=UTC), pause=lambda _: None)
    assert [days for kind, *days in actblue.days_asked() if kind == "paid_contributions"] == [
        ["2020-09-18", "2020-12-17"],
        ["2020-12-17", "2021-02-01"],
    ]


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"status": 403}, "Mend: check the API credentials"),
        ({"status": 500}, "answered 500"),
        ({"download_status": 403}, "the address of the export does not hold any more"),
        ({"asks_until_ready": 1000}, "did not become ready"),
    ],
)
def test_a_failure_is_told_and_the_days_stay_due(
    campaign: Campaign, settings: Settings, actblue: ActBlue, slip: dict[str, int], told: str
) -> None:
    right = {name: getattr(actblue, name) for name in slip}
    for name, value in slip.items():
        setattr(actblue, name, value)
    assert told in import_donations_once(campaign, settings, NIGHT, pause=lambda _: None).failed["actblue"]
    for name, value in right.items():
        setattr(actblue, name, value)
    mended = import_donations_once(campaign, settings, NIGHT + timedelta(minutes=1), pause=lambda _: None)
    assert (mended.failed, mended.landed) == ({}, Counter(donations=2))


def test_without_credentials_nothing_is_asked_and_the_files_are_imported(
    campaign: Campaign, settings: Settings, actblue: ActBlue
) -> None:
    (campaign.folder / "gifts" / "1.csv").write_text(PAID, encoding="utf-8")
    bare = settings.model_copy(update={"actblue_secret": None})
    collected = import_donations_once(campaign, bare, NIGHT, pause=lambda _: None)
    assert (collected.landed, actblue.wishes) == (Counter(donations=1), [])
    assert "AFTERDEBATE_ACTBLUE_UUID" in collected.notes[0]


def test_neither_address_nor_credentials_nor_giver_is_kept_or_logged(
    campaign: Campaign, settings: Settings, actblue: ActBlue, tmp_path: Path
) -> None:
    log = logging.FileHandler(settings.home.parent / "debug.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        said: list[str] = []
        import_donations_once(campaign, settings, NIGHT, pause=lambda _: None, tell=said.append)
        actblue.download_status = 500
        failed = import_donations_once(campaign, settings, NIGHT + timedelta(days=1), pause=lambda _: None)
    finally:
        root.removeHandler(log)
        root.setLevel(level)
        log.close()
    told = (tmp_path / "debug.log").read_text(encoding="utf-8") + str(said) + str(failed)
    assert "/api/v1/csvs" in told  # the log was on
    planted = [HIDDEN, "dXVpZDpzZWNyZXQ", "Quillfeather", "zeb@quill.example"]
    assert [word for word in planted if word in told] == []
    assert found_in_home(settings.home, planted) == []
