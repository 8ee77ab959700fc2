"""A faulty edit of a campaign folder does not stop its schedules: they go on with what landed last, and say so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.campaign.facts import campaign_facts, campaign_from_json
from connectors.campaign.folder import read_campaign
from connectors.errors import CampaignFault
from connectors.records import CampaignFacts
from flows.commands.new import write_new_campaign
from flows.deployed.last_good_campaign import campaign_or_last_good
from flows.settings import Settings
from flows.steps import land_facts
from tests.flows.commands.commands import afterdebate
from warehouse.landing.files import landed_files

NOON = datetime(2027, 4, 1, 12, tzinfo=UTC)
SHIPPED = sorted((Path(__file__).parents[3] / "campaigns").glob("*/campaign.toml"))
TYPO = "event_id,event_kind,title,starts_at\na,debate,A,2027-13-01T20:00\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_new_campaign("fr-2027", tmp_path)


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Path:
    """A home in which the campaign landed while its folder was in order."""
    land_facts(read_campaign(folder), Settings(home=tmp_path / "home", _env_file=None), NOON)
    return tmp_path / "home"


@pytest.mark.parametrize("toml", SHIPPED, ids=lambda path: path.parent.name)
def test_a_campaign_comes_back_from_what_landed_of_it(toml: Path) -> None:
    campaign = read_campaign(toml.parent)
    [landed] = [fact for fact in campaign_facts(campaign, NOON) if isinstance(fact, CampaignFacts)]
    assert landed.settings is not None
    assert campaign_from_json(landed.settings) == campaign


def test_a_campaign_with_archives_of_declared_days_comes_back_from_what_landed(folder: Path) -> None:
    (folder / "posts.csv").write_text("at,text\n")
    declared = """
[[archives]]
path = "posts.csv"
format = "csv"
timezone = "Europe/Paris"
columns = { posted_at = "at", text = "text" }
covers_from = 2027-01-02
covers_to = 2027-02-03
"""
    toml = folder / "campaign.toml"
    toml.write_text(toml.read_text() + declared)
    campaign = read_campaign(folder)
    [landed] = [fact for fact in campaign_facts(campaign, NOON) if isinstance(fact, CampaignFacts)]
    assert landed.settings is not None
    assert campaign_from_json(landed.settings) == campaign


@pytest.mark.parametrize("name", ["events.csv", "campaign.toml"])
def test_a_faulty_edit_leaves_the_campaign_as_it_landed(folder: Path, home: Path, name: str) -> None:
    whole = read_campaign(folder)
    (folder / name).write_text(TYPO)
    told: list[str] = []
    found = campaign_or_last_good(str(folder), home, NOON, told.append)
    assert found.campaign == whole
    assert name in str(found.fault)
    assert any(text.startswith("warning: ") and name in text for text in told)


def test_a_faulty_edit_is_shown_by_status_until_it_is_mended(folder: Path, home: Path) -> None:
    whole = (folder / "events.csv").read_text()
    (folder / "events.csv").write_text(TYPO)
    campaign_or_last_good(str(folder), home, NOON, print)
    shown = afterdebate("status", "--home", home).output
    assert "fr-2027, since 2027-04-01 12:00 UTC" in shown
    assert "events.csv:2" in shown
    (folder / "events.csv").write_text(whole)
    assert campaign_or_last_good(str(folder), home, NOON, print).fault is None
    assert "events.csv" not in afterdebate("status", "--home", home).output


def test_a_command_that_somebody_typed_refuses_the_edit(folder: Path, home: Path) -> None:
    (folder / "events.csv").write_text(TYPO)
    assert afterdebate("run", folder, "--home", home).exit_code == 2


def test_a_campaign_that_never_landed_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "events.csv").write_text(TYPO)
    with pytest.raises(CampaignFault, match=r"events\.csv"):
        campaign_or_last_good(str(folder), tmp_path / "empty", NOON, print)


def test_a_folder_that_is_gone_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(CampaignFault):
        campaign_or_last_good(str(tmp_path / "gone"), home, NOON, print)


@pytest.mark.parametrize("table", ["candidates", "campaigns", "aliases"])
def test_facts_that_cannot_be_read_land_again(folder: Path, home: Path, table: str) -> None:
    [path] = landed_files(home, table)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    land_facts(read_campaign(folder), Settings(home=home, _env_file=None), NOON)
    assert path.read_bytes() == whole


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_in_a_campaign_folder_raise_anything_but_its_faults(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    folder = write_new_campaign("fr-2027", tmp_path_factory.mktemp("campaigns"))
    for name in ("campaign.toml", "events.csv"):
        whole = (folder / name).read_bytes()
        place = len(whole) // 2
        (folder / name).write_bytes(whole[:place] + junk + whole[place:])
        try:
            read_campaign(folder)
        except CampaignFault as fault:
            assert "Mend:" in str(fault)
        (folder / name).write_bytes(whole)
