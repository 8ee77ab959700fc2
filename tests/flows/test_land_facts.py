from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.commands.new import write_new_campaign
from flows.settings import Settings
from flows.steps import land_facts

NOON = datetime(2027, 4, 1, 12, tzinfo=UTC)
LATER = datetime(2027, 4, 1, 13, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return read_campaign(write_new_campaign("fr-2027", tmp_path))


def titled(campaign: Campaign, title: str, campaign_hash: str) -> Campaign:
    return campaign.model_copy(update={"title": title, "campaign_hash": campaign_hash})


def test_a_campaign_lands_its_roster_aliases_and_events(campaign: Campaign, tmp_path: Path) -> None:
    collected = land_facts(campaign, Settings(home=tmp_path), NOON)

    assert collected.landed == {"campaigns": 1, "candidates": 2, "aliases": 4, "events": 1}
    landed = duckdb.read_parquet(str(tmp_path / "landing" / "campaigns" / "*.parquet"))
    assert landed.project("campaign_id").fetchall() == [("fr-2027",)]


def test_a_folder_that_did_not_change_lands_once(campaign: Campaign, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    land_facts(campaign, settings, NOON)

    assert land_facts(campaign, settings, LATER).files == []


def test_a_folder_changed_and_changed_back_lands_again(campaign: Campaign, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    land_facts(campaign, settings, NOON)
    land_facts(titled(campaign, "Renamed", "another"), settings, NOON)

    assert land_facts(campaign, settings, LATER).landed["campaigns"] == 1


def test_facts_land_again_where_the_landing_zone_was_emptied(campaign: Campaign, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for file in land_facts(campaign, settings, NOON).files:
        file.unlink()

    assert land_facts(campaign, settings, LATER).landed["campaigns"] == 1


def test_facts_that_land_after_the_clock_was_set_back_hold_all_the_same(campaign: Campaign, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    land_facts(campaign, settings, LATER)
    land_facts(titled(campaign, "Renamed", "another"), settings, NOON)

    landed = duckdb.read_parquet(str(tmp_path / "landing" / "campaigns" / "*.parquet"))
    assert landed.order("landed_at DESC").project("title").fetchone() == ("Renamed",)
