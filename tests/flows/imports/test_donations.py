"""Importing donation files: once by content, never by name, and back out again."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.imports.donations import import_donations_once, withdraw_file
from flows.settings import Settings
from tests.flows.imports.donation_campaign import GIFTS, NOON, TICKER, a_campaign, with_other_zone, without_zone
from warehouse.landing.files import read_landed


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return a_campaign(tmp_path / "us")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))


def drop(campaign: Campaign, name: str, content: str) -> Path:
    path = campaign.folder / name
    path.write_text(content, encoding="utf-8")
    return path


def landed(settings: Settings, table: str) -> list[dict[str, Any]]:
    return read_landed(settings.home, table)


def test_files_of_every_source_land_with_what_was_set_aside(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    drop(campaign, "ticker/1.csv", TICKER)
    collected = import_donations_once(campaign, settings, NOON)
    assert collected.read == Counter(gifts=2, ticker=3)
    assert collected.landed == Counter(donations=2, ticker_readings=2)
    assert collected.set_aside == Counter(ticker=1)
    [reject] = landed(settings, "rejects")
    assert (reject["source_key"], reject["what"], reject["line_number"]) == ("us-2020/ticker", "1.csv", 3)


def test_the_declared_span_is_kept_with_the_file(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    [file] = landed(settings, "imported_files")
    assert (file["span_from_at"], file["span_to_at"]) == (
        datetime(2020, 9, 29, 4, tzinfo=UTC),
        datetime(2020, 10, 1, 4, tzinfo=UTC),
    )


def test_the_same_content_is_a_duplicate_under_any_name(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    drop(campaign, "gifts/copy.csv", GIFTS)
    again = import_donations_once(campaign, settings, NOON + timedelta(hours=1))
    assert (again.read, again.landed, again.duplicates) == (Counter(gifts=4), Counter(), Counter(gifts=4))


def test_the_memory_is_rebuilt_from_the_landing_zone(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    (settings.home / "state.sqlite").unlink()
    assert import_donations_once(campaign, settings, NOON + timedelta(hours=1)).duplicates == Counter(gifts=2)


def test_rows_that_repeat_within_a_file_are_counted(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS + GIFTS.split("\n")[1] + "\n")
    assert import_donations_once(campaign, settings, NOON).duplicates == Counter(gifts=1)


def test_a_source_without_a_zone_is_refused_and_the_others_are_read(tmp_path: Path, settings: Settings) -> None:
    campaign = without_zone(tmp_path / "us")
    drop(campaign, "gifts/1.csv", GIFTS)
    drop(campaign, "ticker/1.csv", TICKER)
    collected = import_donations_once(campaign, settings, NOON)
    assert "Mend: add timezone" in collected.failed["gifts"]
    assert collected.landed == Counter(ticker_readings=2)
    mended = import_donations_once(a_campaign(tmp_path / "us"), settings, NOON + timedelta(hours=1))
    assert mended.landed == Counter(donations=2)


def test_a_file_taken_back_stays_out_until_it_is_named(campaign: Campaign, settings: Settings) -> None:
    path = drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    assert withdraw_file(campaign, settings, NOON + timedelta(hours=1), path).landed == Counter(withdrawals=1)
    assert import_donations_once(campaign, settings, NOON + timedelta(hours=2)).landed == Counter()
    named = import_donations_once(campaign, settings, NOON + timedelta(hours=3), [path])
    assert named.landed == Counter(donations=2)


def test_a_file_that_is_gone_is_taken_back_by_its_name(campaign: Campaign, settings: Settings) -> None:
    path = drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    path.unlink()
    assert withdraw_file(campaign, settings, NOON + timedelta(hours=1), path).landed == Counter(withdrawals=1)


def test_a_file_that_was_never_imported_cannot_be_taken_back(campaign: Campaign, settings: Settings) -> None:
    path = drop(campaign, "gifts/1.csv", GIFTS)
    assert list(withdraw_file(campaign, settings, NOON, path).failed) == [str(path)]


def test_a_source_declared_otherwise_is_read_anew(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    later = NOON + timedelta(hours=1)
    import_donations_once(with_other_zone(campaign.folder), settings, later)
    [withdrawal] = landed(settings, "withdrawals")
    hours = {row["known_at"]: row["occurred_at"].hour for row in landed(settings, "donations")}
    assert NOON < withdrawal["withdrawn_at"] < later
    assert hours == {NOON: 1, later: 2}


def test_a_given_file_that_no_source_finds_is_named_as_failed(campaign: Campaign, settings: Settings) -> None:
    stray = drop(campaign, "stray.csv", GIFTS)
    assert list(import_donations_once(campaign, settings, NOON, [stray]).failed) == [str(stray)]


def test_a_given_file_that_does_not_exist_is_named_as_failed(campaign: Campaign, settings: Settings) -> None:
    missing = campaign.folder / "gifts" / "missing.csv"
    assert import_donations_once(campaign, settings, NOON, [missing]).failed == {
        str(missing): f"{missing}: there is no such file"
    }


def test_a_file_that_somebody_may_still_be_writing_is_left_for_the_next_time(
    campaign: Campaign, settings: Settings
) -> None:
    path = drop(campaign, "gifts/1.csv", GIFTS)
    os.utime(path, (NOON.timestamp() - 5,) * 2)
    assert import_donations_once(campaign, settings, NOON, settle_s=30).read == Counter()
    later = NOON + timedelta(minutes=1)
    assert import_donations_once(campaign, settings, later, settle_s=30).read == Counter(gifts=2)


def test_names_of_unfinished_files_are_left_alone(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/.1.csv", GIFTS)
    assert import_donations_once(campaign, settings, NOON).read == Counter()


def test_a_giver_has_the_same_key_in_every_file_and_no_name(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    drop(campaign, "gifts/2.csv", "donation_id,occurred_at,amount,donor\nd3,2020-10-07 21:05,25, JANE  doe\n")
    import_donations_once(campaign, settings, NOON)
    keys = {row["donation_id"]: row["donor_key"] for row in landed(settings, "donations")}
    assert keys["d1"] == keys["d3"] != keys["d2"]
    everything = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"Jane" not in everything


def test_the_key_is_made_once_and_said(campaign: Campaign, tmp_path: Path) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    settings = Settings(home=tmp_path / "home", donor_key=None)
    said: list[str] = []
    import_donations_once(campaign, settings, NOON, tell=said.append)
    assert [line for line in said if str(settings.home / "keys" / "donor.key") in line]
    assert (settings.home / "keys" / "donor.key").stat().st_mode & 0o077 == 0


def test_a_campaign_without_donations_has_nothing_to_import(campaign: Campaign, settings: Settings) -> None:
    bare = campaign.model_copy(update={"donations": ()})
    assert isinstance(import_donations_once(bare, settings, NOON), Collected)


def test_overlapping_exports_tell_their_common_gifts_once(campaign: Campaign, settings: Settings) -> None:
    drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    drop(campaign, "gifts/2.csv", GIFTS + "d3,2020-09-29 21:07,50,Jane Doe\nd4,not a time,5,Jane Doe\n")
    again = import_donations_once(campaign, settings, NOON + timedelta(hours=1), [campaign.folder / "gifts" / "2.csv"])
    told = (again.read["gifts"], again.told_anew["gifts"], again.set_aside["gifts"], again.duplicates["gifts"])
    assert told == (4, 1, 1, 2)
    assert again.landed == Counter(donations=1)


def test_an_import_says_how_much_of_what_landed_lies_outside_the_season(campaign: Campaign, settings: Settings) -> None:
    early = "d3,2020-09-18 23:59,7,Jane Doe\nd4,2020-11-03 23:59,7,Jane Doe\n"
    drop(campaign, "gifts/1.csv", GIFTS + early)
    drop(campaign, "ticker/1.csv", TICKER + "2020-11-04T04:59Z,400\n2020-11-04T05:00Z,500\n")
    collected = import_donations_once(campaign, settings, NOON)
    said = "75% of them in the season 2020-09-19 to 2020-11-03; 1 outside: kept, counted in no interval"
    assert collected.outside == {"gifts": said, "ticker": said}
    assert import_donations_once(campaign, settings, NOON + timedelta(hours=1)).outside == {}


def test_what_is_taken_back_after_the_clock_was_set_back_is_out_all_the_same(
    campaign: Campaign, settings: Settings
) -> None:
    path = drop(campaign, "gifts/1.csv", GIFTS)
    import_donations_once(campaign, settings, NOON)
    withdraw_file(campaign, settings, NOON - timedelta(days=1), path)
    [withdrawal] = landed(settings, "withdrawals")
    assert withdrawal["withdrawn_at"] > NOON
    import_donations_once(campaign, settings, NOON - timedelta(days=1), [path])
    again = [file for file in landed(settings, "imported_files") if file["imported_at"] > withdrawal["withdrawn_at"]]
    assert len(again) == 1
